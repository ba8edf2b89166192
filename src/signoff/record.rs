//! From a review to the exact bytes that are signed. Owns which fact goes into which field; refuses what a reader could
//! misread, and decides nothing: whether a review may be signed is the gate's question.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::bundle::{checklist_file, journal_file};
use super::parse::{RecordFault, canonical, parse_record};
use super::statement::{
    Change, ChecklistFile, Condition, CoverageLine, Decision, End, Evidence, FindingLine,
    Independence, IntendedUse, ItemDecision, ItemLine, JournalLine, Meaning, Person, Predicate,
    ProblemLine, Problems, ProfileFile, ReportLine, SignerIdentity, Statement, Subject,
    SubjectDigest, Superseded, Tool, Unread, UnreadFile, Waiver,
};
use super::text::{
    TextFault, check_principal, signer_line, signer_statement, visible, visible_line,
};
use super::{KeyInfo, PREDICATE_TYPE, PROFILE_FILE, RECORD_LIMIT, STATEMENT_TYPE};
use crate::model::{
    Anchor, ChangeSet, Checklist, Digest, Disposition, Endpoint, EntryId, Finding, Item,
    ObjectFormat, RepoPath, Side, SignoffVerdict, Twin, Verdict, WriterId,
};
use crate::review::{Coverage, FileCoverage, Review, VerdictState};
use crate::support::clock::stamp;
use crate::support::digest::sha256;

/// The version of the sentence of responsibility.
const MEANING_VERSION: &str = "1";
/// How many unread files are named; the rest are counted.
const UNREAD_LIMIT: usize = 2_000;
/// How many bytes their paths may take together, so that long paths cannot fill the record.
const UNREAD_BYTES: usize = 200 << 10;
/// How many problems are named; the rest are counted.
const PROBLEM_LIMIT: usize = 500;

/// SHA-256 manifests of the content under review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manifests {
    /// Over every changed entry.
    pub change: Digest,
    /// Over every entry after the change; `None` where the source does not hold it (a patch).
    pub tree: Option<Digest>,
}

/// What the signer declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The printed name, typed by hand.
    pub name: String,
    /// As the allowed signers name them.
    pub principal: String,
    /// In which role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// The decision.
    pub verdict: SignoffVerdict,
    /// What the signer adds in their own words.
    pub statement: Option<String>,
    /// The last day the decision holds.
    pub not_after: Option<Date>,
    /// The signer's relation to the change, in their words.
    pub independence: Option<String>,
    /// How the key is kept, in their words.
    pub key_protection: Option<String>,
}

/// One writer's log, as it goes into the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalFile {
    /// The writer.
    pub writer: WriterId,
    /// SHA-256 of the log's bytes.
    pub sha256: Digest,
    /// How many entries it has.
    pub entries: u64,
    /// Its last entry.
    pub head: EntryId,
}

/// One readable form, as it goes into the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name in the bundle (`report.md`).
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// Everything a record states.
#[derive(Debug, Clone)]
pub struct RecordInput<'a> {
    /// Random, such as 16 bytes in hexadecimal.
    pub record_id: String,
    /// The review.
    pub review: &'a Review,
    /// The bytes under review.
    pub change: &'a ChangeSet,
    /// Their manifests.
    pub manifests: Manifests,
    /// The questions.
    pub checklists: &'a [Checklist],
    /// What was displayed and read.
    pub coverage: &'a Coverage,
    /// What the signer declares.
    pub declaration: &'a Declaration,
    /// The key that will sign.
    pub key: &'a KeyInfo,
    /// How many reviewed commits carry the signer as author; `None` where there are no commits to count.
    pub commits_by_signer: Option<u64>,
    /// The logs.
    pub journal: &'a [JournalFile],
    /// The readable forms.
    pub reports: &'a [ReportFile],
    /// SHA-256 of earlier records (and their signatures) this one replaces.
    pub supersedes: &'a [(Digest, Option<Digest>)],
    /// The signer's clock.
    pub signed_at: Timestamp,
    /// The version of this program.
    pub tool_version: &'a str,
}

/// Why a record cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Something the signer supplied.
    #[error(transparent)]
    Text(#[from] TextFault),
    /// More than a record can hold.
    #[error(
        "the record would have {bytes} bytes, at most {RECORD_LIMIT} are allowed; shorten the longest reasons, split the \
         review, or review by file groups with a smaller change each"
    )]
    Large {
        /// How many bytes it would have.
        bytes: usize,
    },
    /// A head that is a commit without its tree.
    #[error(
        "the tree of the commit under review is not known, so the record could not bind it; open the review again in its \
         repository"
    )]
    NoTree,
    /// Something no caller should produce.
    #[error("the record would not be readable again: {0}")]
    Unreadable(RecordFault),
}

/// Returns the sentence of responsibility, as it will be signed and as it is shown before that.
pub fn meaning_sentence(
    declaration: &Declaration,
    change: &ChangeSet,
    manifests: Manifests,
    checklists: &[Checklist],
) -> Result<String, RecordError> {
    let name = signer_line("the printed name", &declaration.name)?;
    let role = signer_line("the role", &declaration.role)?;
    let organisation = signer_line("the organisation", &declaration.organisation)?;
    let subject = match (&change.base.commit, &change.head.commit) {
        (Some(base), Some(head)) => format!("the change from commit {base} to commit {head}"),
        (None, Some(head)) => format!("commit {head}"),
        (_, None) => format!(
            "the change with the SHA-256 content manifest {}",
            manifests.change
        ),
    };
    let lists: Vec<String> = checklists
        .iter()
        .map(|list| visible_line(&format!("{} {}", list.id, list.version)))
        .collect();
    let decision = match declaration.verdict {
        SignoffVerdict::Approved => "I approve it for production",
        SignoffVerdict::ApprovedWithConditions => {
            "I approve it for production on the conditions stated in this record"
        }
        SignoffVerdict::Rejected => "I reject it: it must not go to production as it is",
    };
    let until = declaration
        .not_after
        .map(|day| format!(" This holds until {day}."))
        .unwrap_or_default();
    Ok(format!(
        "I, {name}, {role}, {organisation}, have reviewed {subject} item by item against {}. {decision}. I take \
         responsibility for every verdict in this record, and it states what I did not read.{until}",
        lists.join(" and ")
    ))
}

/// Returns the bytes to sign: canonical, complete, and readable again.
pub fn build_record(input: &RecordInput<'_>) -> Result<Vec<u8>, RecordError> {
    let statement = Statement {
        statement_type: STATEMENT_TYPE.to_owned(),
        subject: vec![subject(input.change, input.manifests)?],
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: predicate(input)?,
    };
    let bytes = canonical(&statement);
    match parse_record(&bytes) {
        Ok(_) => Ok(bytes),
        Err(RecordFault::Large(bytes)) => Err(RecordError::Large { bytes }),
        Err(fault) => Err(RecordError::Unreadable(fault)),
    }
}

fn subject(change: &ChangeSet, manifests: Manifests) -> Result<Subject, RecordError> {
    let commit = change.head.commit.as_ref();
    let tree = change.head.tree.as_ref().filter(|_| commit.is_some());
    if commit.is_some() && tree.is_none() {
        return Err(RecordError::NoTree);
    }
    Ok(Subject {
        name: "head".to_owned(),
        digest: SubjectDigest {
            git_commit: commit.map(ToString::to_string),
            git_tree: tree.map(ToString::to_string),
            sha256: commit.is_none().then(|| manifests.change.to_string()),
        },
    })
}

fn predicate(input: &RecordInput<'_>) -> Result<Predicate, RecordError> {
    let declaration = input.declaration;
    let findings = || input.review.findings.iter().map(|state| &state.finding);
    Ok(Predicate {
        record_id: visible_line(&input.record_id),
        review_id: visible_line(input.review.id.as_str()),
        change: change_line(input),
        decision: decision(declaration.verdict),
        meaning: Meaning {
            text: meaning_sentence(declaration, input.change, input.manifests, input.checklists)?,
            version: MEANING_VERSION.to_owned(),
            statement: optional("the statement", declaration.statement.as_deref())?,
        },
        signer: signer(declaration, input.key)?,
        independence: Independence {
            declared: optional(
                "the declared independence",
                declaration.independence.as_deref(),
            )?,
            commits_authored_by_signer: input.commits_by_signer,
        },
        signed_at: stamp(input.signed_at),
        intended_use: IntendedUse {
            not_after: declaration.not_after.map(|day| day.to_string()),
        },
        checklists: input.checklists.iter().map(checklist_line).collect(),
        profile: input.review.profile.as_ref().map(|state| ProfileFile {
            name: PROFILE_FILE.to_owned(),
            sha256: sha256(state.source.as_bytes()).to_string(),
        }),
        items: item_lines(input.review, input.checklists),
        findings: findings().map(finding_line).collect(),
        conditions: match declaration.verdict {
            SignoffVerdict::ApprovedWithConditions => findings().filter_map(condition).collect(),
            SignoffVerdict::Approved | SignoffVerdict::Rejected => Vec::new(),
        },
        coverage: coverage_line(input.coverage, input.change),
        journal: input.journal.iter().map(journal_line).collect(),
        report: input.reports.iter().map(report_line).collect(),
        supersedes: input
            .supersedes
            .iter()
            .map(|(record, signature)| Superseded {
                record: record.to_string(),
                signature: signature.map(|digest| digest.to_string()),
            })
            .collect(),
        tool: Tool {
            name: "countersign".to_owned(),
            version: input.tool_version.to_owned(),
        },
    })
}

fn decision(verdict: SignoffVerdict) -> Decision {
    match verdict {
        SignoffVerdict::Approved => Decision::Approved,
        SignoffVerdict::ApprovedWithConditions => Decision::ApprovedWithConditions,
        SignoffVerdict::Rejected => Decision::Rejected,
    }
}

/// A text that may be left out; blank counts as left out.
fn optional(field: &'static str, text: Option<&str>) -> Result<Option<String>, RecordError> {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => Ok(Some(signer_statement(field, text)?)),
        None => Ok(None),
    }
}

fn signer(declaration: &Declaration, key: &KeyInfo) -> Result<SignerIdentity, RecordError> {
    check_principal(&declaration.principal)?;
    Ok(SignerIdentity {
        printed_name: signer_line("the printed name", &declaration.name)?,
        principal: declaration.principal.clone(),
        role: signer_line("the role", &declaration.role)?,
        organisation: signer_line("the organisation", &declaration.organisation)?,
        public_key: key.openssh.clone(),
        fingerprint: key.fingerprint.clone(),
        key_protection: optional(
            "the key's protection",
            declaration.key_protection.as_deref(),
        )?,
    })
}

fn change_line(input: &RecordInput<'_>) -> Change {
    let change = input.change;
    let binding = if change.head.commit.is_some() {
        "Bound by commit and tree, and by SHA-256 manifests of the content."
    } else {
        "Bound by content manifests, not by commits: the bytes reviewed belong to no commit."
    };
    Change {
        kind: change.kind.name().to_owned(),
        title: visible_line(&change.title),
        binding: binding.to_owned(),
        object_format: change.object_format.map(|format| {
            match format {
                ObjectFormat::Sha1 => "sha1",
                ObjectFormat::Sha256 => "sha256",
            }
            .to_owned()
        }),
        base: end(&change.base),
        head: end(&change.head),
        change_manifest: input.manifests.change.to_string(),
        tree_manifest: input.manifests.tree.map(|digest| digest.to_string()),
        files: change.files.len() as u64,
        added: input.coverage.added,
        removed: input.coverage.removed,
    }
}

fn end(endpoint: &Endpoint) -> End {
    End {
        label: visible_line(&endpoint.label),
        git_commit: endpoint.commit.as_ref().map(ToString::to_string),
        git_tree: endpoint.tree.as_ref().map(ToString::to_string),
    }
}

fn checklist_line(list: &Checklist) -> ChecklistFile {
    ChecklistFile {
        id: visible_line(list.id.as_str()),
        version: visible_line(&list.version),
        name: checklist_file(&list.id),
        sha256: list.digest.to_string(),
    }
}

/// Every question of every list in its place; one that was asked once for several lists stands in each of them.
fn item_lines(review: &Review, checklists: &[Checklist]) -> Vec<ItemLine> {
    let mut lines = Vec::new();
    for list in checklists {
        let own = list.items.iter();
        lines.extend(own.map(|item| item_line(review, list.id.as_str(), item)));
        let asked = checklists.iter().flat_map(|other| &other.items);
        for item in asked {
            let twins = item.twins.iter().filter(|twin| twin.list == list.id);
            lines.extend(twins.map(|twin| twin_line(review, item, twin)));
        }
    }
    lines
}

fn twin_line(review: &Review, item: &Item, twin: &Twin) -> ItemLine {
    ItemLine {
        id: visible_line(&format!("{}/{}", twin.list, twin.item.id)),
        category: visible_line(&twin.item.category),
        title: visible_line(&twin.item.title),
        answered_with: Some(visible_line(item.id.as_str())),
        ..item_line(review, twin.list.as_str(), item)
    }
}

fn item_line(review: &Review, list: &str, item: &Item) -> ItemLine {
    let state = review.items.get(&item.id);
    let leading = state.and_then(|state| state.leading());
    let others = state.map(|state| state.standing()).unwrap_or_default();
    ItemLine {
        id: visible_line(item.id.as_str()),
        checklist: visible_line(list),
        category: visible_line(&item.category),
        title: visible_line(&item.title),
        answered_with: None,
        verdict: review.outcome(&item.id).name().to_owned(),
        decision: leading.map(item_decision),
        others: others
            .into_iter()
            .filter(|other| Some(&other.stamp.entry) != leading.map(|lead| &lead.stamp.entry))
            .map(item_decision)
            .collect(),
    }
}

fn item_decision(state: &VerdictState) -> ItemDecision {
    let waiver = match &state.verdict {
        Verdict::Waived { by, until, .. } => Some(Waiver {
            by: visible_line(by),
            until: until.to_string(),
        }),
        Verdict::Accepted { .. } | Verdict::Flagged | Verdict::NotApplicable { .. } => None,
    };
    ItemDecision {
        verdict: state.verdict.kind().name().to_owned(),
        reason: state.verdict.reason().map(visible),
        reference: state.reference.as_deref().map(visible_line),
        by: Person {
            name: visible_line(&state.stamp.by.name),
            email: visible_line(&state.stamp.by.email),
        },
        decided_at: stamp(state.stamp.at),
        waiver,
    }
}

fn finding_line(finding: &Finding) -> FindingLine {
    let accepted_by = match &finding.disposition {
        Disposition::AcceptedRisk { by, .. } => Some(visible_line(by)),
        Disposition::FixBeforeLaunch | Disposition::CanWait { .. } => None,
    };
    FindingLine {
        id: visible_line(finding.id.as_str()),
        item: visible_line(finding.item.as_str()),
        title: visible_line(&finding.title),
        severity: finding.severity.name().to_owned(),
        disposition: finding.disposition.name().to_owned(),
        until: finding
            .disposition
            .until()
            .map(|until| visible_line(&until.to_string())),
        due: finding.due.map(|day| day.to_string()),
        accepted_by,
        at: finding.evidence.iter().map(evidence).collect(),
    }
}

fn evidence(anchor: &Anchor) -> Evidence {
    Evidence {
        path: visible_line(&anchor.path.quoted()),
        side: match anchor.side {
            Side::Old => "old",
            Side::New => "new",
        }
        .to_owned(),
        start: u64::from(anchor.start.0),
        end: u64::from(anchor.end.0),
        blob: anchor.blob.to_string(),
        content_sha256: anchor.content.to_string(),
    }
}

fn condition(finding: &Finding) -> Option<Condition> {
    let title = visible_line(&finding.title);
    let text = match &finding.disposition {
        Disposition::FixBeforeLaunch => format!("Before launch: {title}"),
        Disposition::CanWait { until } => {
            format!("Until {}: {title}", visible_line(&until.to_string()))
        }
        Disposition::AcceptedRisk { .. } => return None,
    };
    Some(Condition {
        finding: visible_line(finding.id.as_str()),
        text,
    })
}

fn coverage_line(coverage: &Coverage, change: &ChangeSet) -> CoverageLine {
    let unread = coverage
        .files
        .iter()
        .filter(|(_, file)| !file.unread.is_empty());
    let count = unread.clone().count();
    let files = unread_files(unread);
    CoverageLine {
        hunks: coverage.hunks,
        displayed: coverage.displayed,
        read: coverage.read,
        lines: coverage.lines,
        lines_read: coverage.lines_read,
        unread: Unread {
            more_files: (count - files.len()) as u64,
            files,
        },
        not_reviewable: Problems {
            problems: change
                .problems
                .iter()
                .take(PROBLEM_LIMIT)
                .map(|problem| ProblemLine {
                    path: problem
                        .path
                        .as_ref()
                        .map(|path| visible_line(&path.quoted())),
                    message: visible(&problem.message),
                })
                .collect(),
            more_problems: change.problems.len().saturating_sub(PROBLEM_LIMIT) as u64,
        },
    }
}

/// Names unread files as far as there is room for their paths.
fn unread_files<'a>(
    unread: impl Iterator<Item = (&'a RepoPath, &'a Arc<FileCoverage>)>,
) -> Vec<UnreadFile> {
    let mut room = UNREAD_BYTES;
    let mut files = Vec::new();
    for (path, file) in unread.take(UNREAD_LIMIT) {
        let path = visible_line(&path.quoted());
        let Some(left) = room.checked_sub(path.len()) else {
            break;
        };
        room = left;
        files.push(UnreadFile {
            path,
            unread: file.unread.len() as u64,
            hunks: u64::from(file.hunks),
        });
    }
    files
}

fn journal_line(log: &JournalFile) -> JournalLine {
    JournalLine {
        name: journal_file(&log.writer),
        sha256: log.sha256.to_string(),
        entries: log.entries,
        head: log.head.to_string(),
    }
}

fn report_line(report: &ReportFile) -> ReportLine {
    ReportLine {
        name: report.name.clone(),
        media_type: report.media_type.clone(),
        sha256: report.sha256.to_string(),
    }
}

#[cfg(test)]
mod tests;
