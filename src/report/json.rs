//! [`Report`] → JSON for programs. Owns the field names, which are stable: a name is never reused for something else, and
//! `version` rises when one goes away.
//!
//! The object at the top: `format` (`countersign-report`), `version` (1), `review`, `title`, `repository`,
//! `generated_at`, `verdict` (`draft`, `approved`, `approved-with-conditions`, `rejected`), `signature` (null for a
//! draft), `reviewers`, `summary`, `scope`, `findings` (three groups in a fixed order, each with `disposition` and
//! `findings`), `items`, `waivers`, `comments`, `hints` (where they were looked for; so in
//! each item), `profile` (what is known and what is not), `critical_surfaces`, `production`. Times are RFC 3339 in UTC,
//! days `YYYY-MM-DD`, digests
//! SHA-256 in lower-case hexadecimal, lines 1-based and inclusive. Strings that came from outside hold visible tokens
//! in place of control, bidi and invisible characters.

mod judged;

use serde::Serialize;

use super::document::{
    About, CodeLine, Decision, End, Evidence, FindingEntry, Gap, HintTally, HintWord, HintsSection,
    ItemEntry, ItemName, Remark, Report, Scope, Signature, Waiver, Who,
};
use super::shown::Shown;
use super::words;
use crate::model::Side;
use crate::support::clock::stamp;

/// Prints a report as JSON, indented, with a line break at the end.
pub fn json(report: &Report) -> String {
    let mut out =
        serde_json::to_string_pretty(&root(report)).expect("plain structs always serialise");
    out.push('\n');
    out
}

#[derive(Serialize)]
struct RootJson<'a> {
    format: &'static str,
    version: u32,
    review: &'a str,
    title: &'a str,
    repository: Option<&'a str>,
    generated_at: String,
    verdict: &'static str,
    signature: Option<SignatureJson<'a>>,
    reviewers: Vec<ReviewerJson<'a>>,
    summary: SummaryJson,
    scope: ScopeJson<'a>,
    findings: Vec<GroupJson<'a>>,
    items: Vec<ItemJson<'a>>,
    waivers: Vec<WaiverJson<'a>>,
    comments: Vec<CommentJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hints: Option<HintsJson<'a>>,
    profile: judged::ProfileJson<'a>,
    critical_surfaces: Vec<judged::CriticalJson<'a>>,
    production: ProductionJson<'a>,
}

#[derive(Serialize)]
struct SignatureJson<'a> {
    verdict: &'static str,
    printed_name: &'a str,
    role: &'a str,
    organisation: &'a str,
    principal: &'a str,
    fingerprint: &'a str,
    signed_at: String,
    not_after: Option<String>,
    statement: String,
    meaning: String,
}

#[derive(Serialize)]
struct PersonJson<'a> {
    name: &'a str,
    email: &'a str,
}

#[derive(Serialize)]
struct ReviewerJson<'a> {
    name: &'a str,
    email: &'a str,
    items: u64,
    findings: u64,
}

#[derive(Serialize)]
struct SummaryJson {
    items: u64,
    decided: u64,
    outcomes: Vec<OutcomeJson>,
    severities: Vec<TallyJson>,
}

#[derive(Serialize)]
struct OutcomeJson {
    outcome: &'static str,
    items: u64,
}

#[derive(Serialize)]
struct TallyJson {
    severity: &'static str,
    fix_before_launch: u64,
    can_wait: u64,
    accepted_risk: u64,
}

#[derive(Serialize)]
struct ScopeJson<'a> {
    source: &'static str,
    change: &'a str,
    base: EndJson<'a>,
    head: EndJson<'a>,
    files: u64,
    added: u64,
    removed: u64,
    coverage: CoverageJson,
    unread: Vec<UnreadJson<'a>>,
    never_opened: Vec<&'a str>,
    without_text: Vec<GapJson<'a>>,
    problems: Vec<GapJson<'a>>,
}

#[derive(Serialize)]
struct EndJson<'a> {
    label: &'a str,
    commit: Option<&'a str>,
    tree: Option<&'a str>,
}

#[derive(Serialize)]
struct CoverageJson {
    hunks: u64,
    displayed: u64,
    read: u64,
    lines: u64,
    lines_read: u64,
    percent: u8,
}

#[derive(Serialize)]
struct UnreadJson<'a> {
    path: &'a str,
    hunks: u32,
    unread: &'a [u32],
    lines: u64,
}

#[derive(Serialize)]
struct GapJson<'a> {
    path: Option<&'a str>,
    reason: &'a str,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    disposition: &'static str,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    number: usize,
    id: &'a str,
    item: &'a str,
    item_title: &'a str,
    category: &'a str,
    title: &'a str,
    severity: &'static str,
    until: Option<&'a str>,
    accepted_by: Option<&'a str>,
    note: String,
    evidence: Vec<EvidenceJson<'a>>,
    mitigation: String,
    effort: &'a str,
    effort_minutes: Option<u64>,
    owner: &'a str,
    due: Option<String>,
    lapsed: Option<&'a str>,
    by: PersonJson<'a>,
    at: String,
    edited_by: Option<PersonJson<'a>>,
    edited_at: Option<String>,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    path: &'a str,
    side: &'static str,
    start: u32,
    end: u32,
    blob: &'a str,
    content_sha256: String,
    lines: Vec<LineJson<'a>>,
    omitted: u32,
}

#[derive(Serialize)]
struct LineJson<'a> {
    number: u32,
    text: &'a str,
    cut: usize,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    id: &'a str,
    checklist: Option<&'a str>,
    category: &'a str,
    title: &'a str,
    ask: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_with: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    figures: Vec<&'a str>,
    outcome: &'static str,
    verdicts: Vec<VerdictJson<'a>>,
    findings: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hints: Option<TallyOfHintsJson<'a>>,
}

#[derive(Serialize)]
struct HintsJson<'a> {
    shown: u64,
    folded: u64,
    tools: Vec<ToolJson<'a>>,
    problems: Vec<&'a str>,
    note: &'static str,
}

#[derive(Serialize)]
struct ToolJson<'a> {
    name: &'a str,
    hints: u64,
}

#[derive(Serialize)]
struct TallyOfHintsJson<'a> {
    seen: u64,
    open: u64,
    dismissed: Vec<HintWordJson<'a>>,
    confirmed: Vec<HintWordJson<'a>>,
}

#[derive(Serialize)]
struct HintWordJson<'a> {
    place: &'a str,
    rule: &'a str,
    by: PersonJson<'a>,
    at: String,
    reason: String,
    finding: Option<usize>,
}

#[derive(Serialize)]
struct VerdictJson<'a> {
    verdict: &'static str,
    by: PersonJson<'a>,
    at: String,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    carried_by: Option<&'a str>,
    until: Option<String>,
}

#[derive(Serialize)]
struct WaiverJson<'a> {
    item: &'a str,
    carried_by: &'a str,
    until: String,
    lapsed: bool,
    reason: String,
    by: PersonJson<'a>,
    at: String,
}

#[derive(Serialize)]
struct CommentJson<'a> {
    id: &'a str,
    about: &'static str,
    item: Option<&'a str>,
    path: Option<&'a str>,
    lines: Option<EvidenceJson<'a>>,
    text: String,
    by: PersonJson<'a>,
    at: String,
}

#[derive(Serialize)]
struct ProductionJson<'a> {
    tool: &'a str,
    version: &'a str,
    parameters: &'a str,
    entries: u64,
    unknown_entries: u64,
    change_sha256: Option<String>,
    checklists: Vec<ChecklistJson<'a>>,
    manifests: Vec<DigestJson<'a>>,
    journals: Vec<DigestJson<'a>>,
    earlier_signatures: Vec<EarlierJson<'a>>,
    notes: Vec<&'static str>,
}

#[derive(Serialize)]
struct ChecklistJson<'a> {
    id: &'a str,
    version: &'a str,
    title: &'a str,
    sha256: String,
}

#[derive(Serialize)]
struct DigestJson<'a> {
    name: &'a str,
    sha256: String,
}

#[derive(Serialize)]
struct EarlierJson<'a> {
    record_sha256: String,
    verdict: &'static str,
    principal: &'a str,
    fingerprint: &'a str,
    at: String,
    withdrawn: Option<&'a str>,
}

fn root(report: &Report) -> RootJson<'_> {
    RootJson {
        format: "countersign-report",
        version: 1,
        review: report.review.as_str(),
        title: report.title.as_str(),
        repository: opt(report.repository.as_ref()),
        generated_at: stamp(report.generated_at),
        verdict: report.verdict().map_or("draft", |verdict| verdict.name()),
        signature: report.signature.as_ref().map(signature),
        reviewers: report
            .reviewers
            .iter()
            .map(|reviewer| ReviewerJson {
                name: reviewer.who.name.as_str(),
                email: reviewer.who.email.as_str(),
                items: reviewer.items,
                findings: reviewer.findings,
            })
            .collect(),
        summary: summary(report),
        scope: scope(&report.scope),
        findings: words::parts(&report.findings)
            .into_iter()
            .map(|(part, findings)| GroupJson {
                disposition: part.name,
                findings: findings.iter().map(finding).collect(),
            })
            .collect(),
        items: items(report),
        waivers: report.waivers.iter().map(waiver).collect(),
        comments: report.comments.iter().map(comment).collect(),
        hints: report.hints.as_ref().map(hints),
        profile: judged::profile(&report.profile),
        critical_surfaces: report.critical.iter().map(judged::critical).collect(),
        production: production(report),
    }
}

fn opt(text: Option<&Shown>) -> Option<&str> {
    text.map(Shown::as_str)
}

fn person(who: &Who) -> PersonJson<'_> {
    PersonJson {
        name: who.name.as_str(),
        email: who.email.as_str(),
    }
}

fn signature(signature: &Signature) -> SignatureJson<'_> {
    SignatureJson {
        verdict: signature.verdict.name(),
        printed_name: signature.printed_name.as_str(),
        role: signature.role.as_str(),
        organisation: signature.organisation.as_str(),
        principal: signature.principal.as_str(),
        fingerprint: signature.fingerprint.as_str(),
        signed_at: stamp(signature.signed_at),
        not_after: signature.not_after.map(|date| date.to_string()),
        statement: signature.statement.text(),
        meaning: signature.meaning.text(),
    }
}

fn summary(report: &Report) -> SummaryJson {
    let summary = &report.summary;
    SummaryJson {
        items: summary.items,
        decided: summary.decided,
        outcomes: summary
            .outcomes
            .iter()
            .map(|(outcome, items)| OutcomeJson {
                outcome: outcome.name(),
                items: *items,
            })
            .collect(),
        severities: summary
            .tally
            .iter()
            .map(|row| TallyJson {
                severity: row.severity.name(),
                fix_before_launch: row.now,
                can_wait: row.later,
                accepted_risk: row.accepted,
            })
            .collect(),
    }
}

fn scope(scope: &Scope) -> ScopeJson<'_> {
    ScopeJson {
        source: scope.kind.name(),
        change: scope.change.as_str(),
        base: end(&scope.base),
        head: end(&scope.head),
        files: scope.files,
        added: scope.added,
        removed: scope.removed,
        coverage: CoverageJson {
            hunks: scope.hunks,
            displayed: scope.displayed,
            read: scope.read,
            lines: scope.lines,
            lines_read: scope.lines_read,
            percent: scope.percent,
        },
        unread: scope
            .unread
            .iter()
            .map(|file| UnreadJson {
                path: file.path.as_str(),
                hunks: file.hunks,
                unread: &file.unread,
                lines: file.lines,
            })
            .collect(),
        never_opened: scope.unopened.iter().map(Shown::as_str).collect(),
        without_text: scope.unshown.iter().map(gap).collect(),
        problems: scope.problems.iter().map(gap).collect(),
    }
}

fn end(end: &End) -> EndJson<'_> {
    EndJson {
        label: end.label.as_str(),
        commit: opt(end.commit.as_ref()),
        tree: opt(end.tree.as_ref()),
    }
}

fn gap(gap: &Gap) -> GapJson<'_> {
    GapJson {
        path: opt(gap.path.as_ref()),
        reason: gap.why.as_str(),
    }
}

fn finding(finding: &FindingEntry) -> FindingJson<'_> {
    let ItemName {
        id,
        title,
        category,
    } = &finding.item;
    FindingJson {
        number: finding.number,
        id: finding.id.as_str(),
        item: id.as_str(),
        item_title: title.as_str(),
        category: category.as_str(),
        title: finding.title.as_str(),
        severity: finding.severity.name(),
        until: opt(finding.until.as_ref()),
        accepted_by: opt(finding.accepted_by.as_ref()),
        note: finding.note.text(),
        evidence: finding.evidence.iter().map(evidence).collect(),
        mitigation: finding.mitigation.text(),
        effort: finding.effort.as_str(),
        effort_minutes: finding.minutes,
        owner: finding.owner.as_str(),
        due: finding.due.map(|day| day.to_string()),
        lapsed: finding
            .standing
            .as_ref()
            .filter(|note| note.lapsed)
            .map(|note| note.why.as_str()),
        by: person(&finding.by),
        at: stamp(finding.at),
        edited_by: finding.edited.as_ref().map(|(who, _)| person(who)),
        edited_at: finding.edited.as_ref().map(|(_, at)| stamp(*at)),
    }
}

fn evidence(place: &Evidence) -> EvidenceJson<'_> {
    EvidenceJson {
        path: place.path.as_str(),
        side: match place.side {
            Side::Old => "old",
            Side::New => "new",
        },
        start: place.start,
        end: place.end,
        blob: place.blob.as_str(),
        content_sha256: place.content.to_string(),
        lines: place
            .lines
            .iter()
            .map(|CodeLine { number, text, cut }| LineJson {
                number: *number,
                text: text.as_str(),
                cut: *cut,
            })
            .collect(),
        omitted: place.omitted,
    }
}

fn items(report: &Report) -> Vec<ItemJson<'_>> {
    let mut items = Vec::new();
    for section in &report.checklists {
        let checklist = section.source.as_ref().map(|source| source.id.as_str());
        for category in &section.categories {
            for entry in &category.items {
                items.push(item(entry, checklist, category.title.as_str()));
            }
        }
    }
    items
}

fn item<'a>(entry: &'a ItemEntry, checklist: Option<&'a str>, category: &'a str) -> ItemJson<'a> {
    ItemJson {
        id: entry.id.as_str(),
        checklist,
        category,
        title: entry.title.as_str(),
        ask: entry.ask.as_str(),
        answered_with: entry.answered_with.as_ref().map(Shown::as_str),
        figures: entry.figures.iter().map(Shown::as_str).collect(),
        outcome: entry.outcome.name(),
        verdicts: entry.decisions.iter().map(verdict).collect(),
        findings: entry.findings.iter().map(|(number, _)| *number).collect(),
        hints: entry.hints.as_ref().map(tally),
    }
}

fn hints(hints: &HintsSection) -> HintsJson<'_> {
    HintsJson {
        shown: hints.shown,
        folded: hints.folded,
        tools: hints
            .tools
            .iter()
            .map(|(tool, hints)| ToolJson {
                name: tool.as_str(),
                hints: *hints,
            })
            .collect(),
        problems: hints.problems.iter().map(Shown::as_str).collect(),
        note: words::HINTS,
    }
}

fn tally(hints: &HintTally) -> TallyOfHintsJson<'_> {
    TallyOfHintsJson {
        seen: hints.seen,
        open: hints.open,
        dismissed: hints.dismissed.iter().map(hint_word).collect(),
        confirmed: hints.confirmed.iter().map(hint_word).collect(),
    }
}

fn hint_word(word: &HintWord) -> HintWordJson<'_> {
    HintWordJson {
        place: word.place.as_str(),
        rule: word.rule.as_str(),
        by: person(&word.by),
        at: stamp(word.at),
        reason: word.reason.text(),
        finding: word.finding,
    }
}

fn verdict(decision: &Decision) -> VerdictJson<'_> {
    let waived = decision.waived.as_ref();
    VerdictJson {
        verdict: decision.verdict.name(),
        by: person(&decision.by),
        at: stamp(decision.at),
        reason: decision.reason.text(),
        reference: opt(decision.reference.as_ref()),
        carried_by: waived.map(|(by, _)| by.as_str()),
        until: waived.map(|(_, until)| until.to_string()),
    }
}

fn waiver(waiver: &Waiver) -> WaiverJson<'_> {
    WaiverJson {
        item: waiver.item.id.as_str(),
        carried_by: waiver.carried_by.as_str(),
        until: waiver.until.to_string(),
        lapsed: waiver.lapsed,
        reason: waiver.reason.text(),
        by: person(&waiver.by),
        at: stamp(waiver.at),
    }
}

fn comment(remark: &Remark) -> CommentJson<'_> {
    let (about, item, path, lines) = match &remark.about {
        About::Review => ("review", None, None, None),
        About::Item(item) => ("item", Some(item.id.as_str()), None, None),
        About::File(path) => ("file", None, Some(path.as_str()), None),
        About::Lines(place) => (
            "lines",
            None,
            Some(place.path.as_str()),
            Some(evidence(place)),
        ),
    };
    CommentJson {
        id: remark.id.as_str(),
        about,
        item,
        path,
        lines,
        text: remark.text.text(),
        by: person(&remark.by),
        at: stamp(remark.at),
    }
}

fn production(report: &Report) -> ProductionJson<'_> {
    let made = &report.production;
    ProductionJson {
        tool: made.tool.as_str(),
        version: made.version.as_str(),
        parameters: made.parameters.as_str(),
        entries: made.entries,
        unknown_entries: made.unknown,
        change_sha256: made.change.map(|digest| digest.to_string()),
        checklists: report
            .checklists
            .iter()
            .filter_map(|section| {
                let source = section.source.as_ref()?;
                Some(ChecklistJson {
                    id: source.id.as_str(),
                    version: source.version.as_str(),
                    title: section.title.as_str(),
                    sha256: source.digest.to_string(),
                })
            })
            .collect(),
        manifests: made.manifests.iter().map(digest).collect(),
        journals: made.journals.iter().map(digest).collect(),
        earlier_signatures: made
            .earlier
            .iter()
            .map(|earlier| EarlierJson {
                record_sha256: earlier.record.to_string(),
                verdict: earlier.verdict.name(),
                principal: earlier.principal.as_str(),
                fingerprint: earlier.fingerprint.as_str(),
                at: stamp(earlier.at),
                withdrawn: opt(earlier.withdrawn.as_ref()),
            })
            .collect(),
        notes: words::assurances(report),
    }
}

fn digest((name, digest): &(Shown, crate::model::Digest)) -> DigestJson<'_> {
    DigestJson {
        name: name.as_str(),
        sha256: digest.to_string(),
    }
}
