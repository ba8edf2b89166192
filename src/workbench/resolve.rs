//! Acts → entry bodies. Everything is checked here, before anything is written; a refusal is a sentence that says what,
//! why and what to do next.

use std::collections::BTreeSet;

use super::{Act, CommentSubject, Desk, FindingDraft, HunkRef, Place};
use crate::diff;
use crate::model::{
    Anchor, Comment, CommentId, CommentTarget, Digest, DisplayedSpan, Disposition, EntryBody,
    EvidenceKind, FileChange, Finding, FindingId, HintRef, Horizon, Item, ItemId, ReadMark,
    RepoPath, Verdict, VerdictKind,
};
use crate::profile;
use crate::review::{CommentState, Dismissal, FindingState, HunkFacts};
use crate::support::clock::stamp;
use crate::support::digest::random_hex;
use crate::support::number;
use crate::support::text::visible;

type Refusal = String;

/// What a verdict without lines may rest on.
const REFERENCES: &str = "a document, a link, a named person's statement, or a date";

/// Returns the entries an act comes to, in order. Marks that change nothing come to none.
pub fn bodies(desk: &mut Desk, act: &Act) -> Result<Vec<EntryBody>, Refusal> {
    match act {
        Act::Accept { item, reason } => {
            undecided(desk, item)?;
            if known_item(desk, item)?.evidence == EvidenceKind::Reference {
                return Err(format!(
                    "{item} is not answered by lines: name what the answer rests on (--reference): {REFERENCES}"
                ));
            }
            let reason = stated(
                reason,
                "accepting an item",
                "what you looked at and why it holds",
            )?;
            Ok(vec![given(item, Verdict::Accepted { reason })])
        }
        Act::AcceptOn {
            item,
            reason,
            reference,
        } => {
            undecided(desk, item)?;
            let reason = stated(
                reason,
                "accepting an item",
                "what was answered and why it holds",
            )?;
            let reference = stated(reference, "accepting an item by reference", REFERENCES)?;
            Ok(vec![EntryBody::VerdictGiven {
                item: item.clone(),
                verdict: Verdict::Accepted { reason },
                finding: None,
                reference: Some(reference),
            }])
        }
        Act::NotApplicable { item, reason } => {
            undecided(desk, item)?;
            let reason = stated(
                reason,
                "marking an item as not applicable",
                "why it cannot occur in this change",
            )?;
            Ok(vec![given(item, Verdict::NotApplicable { reason })])
        }
        Act::Waive {
            item,
            by,
            reason,
            until,
        } => {
            undecided(desk, item)?;
            let verdict = waived(desk, by, reason, *until)?;
            Ok(vec![given(item, verdict)])
        }
        Act::Flag { item, finding } => flag(desk, item, finding),
        Act::Retract { item } => retract(desk, item),
        Act::EditFinding { id, finding } => {
            let old = own_finding(desk, id)?.finding.clone();
            let item = known_item(desk, &old.item)?.clone();
            let new = build_finding(desk, &item, finding, id.clone(), &old.evidence)?;
            Ok(if new == old {
                Vec::new()
            } else {
                vec![EntryBody::FindingEdited(new)]
            })
        }
        Act::DeleteFinding(id) => delete_finding(desk, id),
        Act::Comment {
            on,
            visibility,
            text,
        } => {
            let comment = Comment {
                id: CommentId(format!("c{}", random_hex(4))),
                target: comment_target(desk, on)?,
                visibility: *visibility,
                text: stated(text, "a comment", "what the reader should know")?,
            };
            Ok(vec![EntryBody::CommentAdded(comment)])
        }
        Act::EditComment {
            id,
            visibility,
            text,
        } => {
            let comment = Comment {
                visibility: *visibility,
                text: stated(text, "a comment", "what the reader should know")?,
                ..own_comment(desk, id)?.comment.clone()
            };
            Ok(vec![EntryBody::CommentEdited(comment)])
        }
        Act::DeleteComment(id) => {
            own_comment(desk, id)?;
            Ok(vec![EntryBody::CommentWithdrawn(id.clone())])
        }
        Act::DismissHint { hint, reason } => dismiss_hint(desk, hint, reason),
        Act::RestoreHint(fingerprint) => restore_hint(desk, fingerprint),
        Act::SetProfile { source } => set_profile(desk, source),
        Act::MarkRead(hunks) => mark(desk, hunks, true),
        Act::MarkUnread(hunks) => mark(desk, hunks, false),
        Act::Displayed(spans) => Ok(displayed(desk, spans)),
    }
}

fn given(item: &ItemId, verdict: Verdict) -> EntryBody {
    EntryBody::VerdictGiven {
        item: item.clone(),
        verdict,
        finding: None,
        reference: None,
    }
}

/// A profile is recorded whole, when it differs from the one that counts.
fn set_profile(desk: &Desk, source: &str) -> Result<Vec<EntryBody>, Refusal> {
    profile::parse(source, "profile.toml").map_err(|mistakes| mistakes.to_string())?;
    let known = desk.review().profile.as_ref();
    if known.is_some_and(|state| state.source == source) {
        return Ok(Vec::new());
    }
    Ok(vec![EntryBody::ProfileSet {
        source: source.to_owned(),
    }])
}

fn known_item<'a>(desk: &'a Desk, id: &ItemId) -> Result<&'a Item, Refusal> {
    desk.item(id).ok_or_else(|| {
        let names: Vec<&str> = desk
            .checklists
            .iter()
            .flat_map(|list| &list.items)
            .map(|item| item.id.as_str())
            .collect();
        let near = nearest(id.as_str(), &names);
        format!(
            "no item is called {:?}{}; `countersign items` lists them",
            visible(id.as_str()),
            near.map_or_else(String::new, |name| format!(" (did you mean {name}?)"))
        )
    })
}

/// Returns the name most like a text, where one is like it at all.
fn nearest<'a>(text: &str, names: &[&'a str]) -> Option<&'a str> {
    /// Below this share of common letters a suggestion misleads.
    const ALIKE: f32 = 0.6;
    let likeness = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        let ratio = |other: &str| similar::TextDiff::from_chars(text, other).ratio();
        ratio(name).max(ratio(last))
    };
    names
        .iter()
        .map(|name| (likeness(name), *name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// A person decides once; another decision begins by taking the first one back.
fn undecided(desk: &Desk, id: &ItemId) -> Result<(), Refusal> {
    known_item(desk, id)?;
    let Some(standing) = desk.review().verdict_of(id, desk.person()) else {
        return Ok(());
    };
    Err(format!(
        "{id} is {} already, by you at {}; take that back first (`countersign retract {id}`, or u on the screen)",
        standing.verdict.kind().name(),
        stamp(standing.stamp.at)
    ))
}

fn stated(text: &str, what: &str, which: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{what} needs words: say {which}"));
    }
    Ok(text.to_owned())
}

fn waived(
    desk: &Desk,
    by: &str,
    reason: &str,
    until: jiff::civil::Date,
) -> Result<Verdict, Refusal> {
    let by = by.trim();
    if by.is_empty() {
        return Err("a waiver needs the person who carries the risk".to_owned());
    }
    let today = desk.setting.clock.today();
    if until < today {
        return Err(format!(
            "a waiver until {until} has lapsed already (today is {today}); give a day to come"
        ));
    }
    Ok(Verdict::Waived {
        by: by.to_owned(),
        reason: stated(reason, "a waiver", "why the risk can be carried until then")?,
        until,
    })
}

fn flag(desk: &mut Desk, id: &ItemId, draft: &FindingDraft) -> Result<Vec<EntryBody>, Refusal> {
    let item = known_item(desk, id)?.clone();
    let flagged = match desk.review().verdict_of(id, desk.person()) {
        Some(standing) if standing.verdict.kind() == VerdictKind::Flagged => true,
        Some(_) => {
            undecided(desk, id)?;
            false
        }
        None => false,
    };
    let fresh = FindingId(format!("f{}", random_hex(4)));
    let finding = build_finding(desk, &item, draft, fresh, &[])?;
    let me = desk.person().key();
    let same = |state: &&FindingState| {
        state.finding.title == finding.title && state.finding.evidence == finding.evidence
    };
    let known = desk.review().findings_of(id).find(same).filter(|_| flagged);
    if let (Some(known), Some(hint)) = (known, &draft.hint)
        && known.made.by.key() == me
        && !is_confirmed(desk, hint, &known.finding.id)
    {
        // The finding reached the disk and the word on its hint did not: only that is still to be written.
        return Ok(vec![confirmed(hint, known.finding.id.clone())]);
    }
    if known.is_some() {
        return Err(format!(
            "{id} has a finding with this title and these lines already; edit that one, or point at other lines"
        ));
    }
    let word = draft
        .hint
        .as_ref()
        .map(|hint| confirmed(hint, finding.id.clone()));
    let body = if flagged {
        EntryBody::FindingAdded(finding)
    } else {
        EntryBody::VerdictGiven {
            item: id.clone(),
            verdict: Verdict::Flagged,
            finding: Some(finding),
            reference: None,
        }
    };
    Ok(std::iter::once(body).chain(word).collect())
}

fn confirmed(hint: &HintRef, finding: FindingId) -> EntryBody {
    EntryBody::HintConfirmed {
        hint: hint.clone(),
        finding,
    }
}

fn is_confirmed(desk: &Desk, hint: &HintRef, finding: &FindingId) -> bool {
    let state = desk.review().hints.get(&hint.fingerprint);
    state.is_some_and(|state| state.confirmed.iter().any(|one| one.finding == *finding))
}

fn own_dismissal<'a>(desk: &'a Desk, fingerprint: &Digest) -> Option<&'a Dismissal> {
    let state = desk.review().hints.get(fingerprint)?;
    state.dismissed.get(&desk.person().key())
}

fn dismiss_hint(desk: &Desk, hint: &HintRef, reason: &str) -> Result<Vec<EntryBody>, Refusal> {
    if let Some(standing) = own_dismissal(desk, &hint.fingerprint) {
        return Err(format!(
            "you dismissed this hint already at {}; take that back first (`countersign restore {}`, or D on the screen)",
            stamp(standing.stamp.at),
            hint.fingerprint.short()
        ));
    }
    let reason = stated(reason, "dismissing a hint", "why it is no concern here")?;
    Ok(vec![EntryBody::HintDismissed {
        hint: hint.clone(),
        reason,
    }])
}

fn restore_hint(desk: &Desk, fingerprint: &Digest) -> Result<Vec<EntryBody>, Refusal> {
    if own_dismissal(desk, fingerprint).is_none() {
        return Err(
            "you have not dismissed this hint; another person's dismissal is theirs to take back"
                .to_owned(),
        );
    }
    Ok(vec![EntryBody::HintRestored(*fingerprint)])
}

fn build_finding(
    desk: &Desk,
    item: &Item,
    draft: &FindingDraft,
    id: FindingId,
    known: &[Anchor],
) -> Result<Finding, Refusal> {
    let mut evidence = Vec::new();
    for place in &draft.places {
        let anchor = match known.iter().find(|anchor| is_at(anchor, place)) {
            Some(anchor) => anchor.clone(),
            None => anchor_at(desk, place)?,
        };
        if !evidence.contains(&anchor) {
            evidence.push(anchor);
        }
    }
    if evidence.is_empty() && draft.note.trim().is_empty() {
        return Err(
            "a finding needs evidence: point at lines (--at PATH:L1-L2), or, where something is missing altogether, \
             say so in a note"
                .to_owned(),
        );
    }
    let given = |text: &Option<String>| {
        text.as_ref()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let severity = draft.severity.unwrap_or(item.severity);
    Ok(Finding {
        id,
        item: item.id.clone(),
        title: given(&draft.title).unwrap_or_else(|| item.title.clone()),
        severity,
        disposition: disposition(desk, draft)?,
        note: draft.note.trim().to_owned(),
        evidence,
        mitigation: given(&draft.mitigation)
            .or_else(|| item.mitigations.first().cloned())
            .unwrap_or_default(),
        effort: draft.effort.trim().to_owned(),
        owner: draft.owner.trim().to_owned(),
        due: draft.due,
    })
}

fn disposition(desk: &Desk, draft: &FindingDraft) -> Result<Disposition, Refusal> {
    let disposition = draft
        .disposition
        .clone()
        .unwrap_or(Disposition::FixBeforeLaunch);
    let today = desk.setting.clock.today();
    if let Some(Horizon::Date(date)) = disposition.until()
        && *date < today
    {
        return Err(format!(
            "{} until {date} is over already (today is {today}); give a day to come",
            disposition.name()
        ));
    }
    if let Disposition::AcceptedRisk { by, .. } = &disposition
        && by.trim().is_empty()
    {
        return Err("an accepted risk needs the person who accepts it".to_owned());
    }
    Ok(disposition)
}

fn is_at(anchor: &Anchor, place: &Place) -> bool {
    anchor.path == place.path
        && anchor.side == place.side
        && anchor.start.0 == place.start
        && anchor.end.0 == place.end
}

fn known_file<'a>(desk: &'a Desk, path: &RepoPath) -> Result<&'a FileChange, Refusal> {
    let change = &desk.source.change;
    change.file(path).ok_or_else(|| {
        let names: Vec<String> = change.files.iter().map(|file| file.path.quoted()).collect();
        let refs: Vec<&str> = names.iter().map(String::as_str).collect();
        format!(
            "{} is not a file of this change{}",
            visible(&path.quoted()),
            nearest(&path.file_name(), &refs).map_or_else(String::new, |name| format!(
                " (did you mean {}?)",
                visible(name)
            ))
        )
    })
}

fn anchor_at(desk: &Desk, place: &Place) -> Result<Anchor, Refusal> {
    let file = known_file(desk, &place.path)?;
    let diff = desk.source.content.diff(file);
    diff::anchor(file, &diff, place.side, place.start, place.end).map_err(|error| error.to_string())
}

fn retract(desk: &Desk, id: &ItemId) -> Result<Vec<EntryBody>, Refusal> {
    known_item(desk, id)?;
    let mine = desk
        .review()
        .items
        .get(id)
        .and_then(|item| item.by_person.get(&desk.person().key()))
        .is_some_and(|standing| !standing.is_empty());
    if !mine {
        return Err(format!(
            "you have no verdict on {id} to take back; another person's verdict is theirs to retract"
        ));
    }
    Ok(vec![EntryBody::VerdictRetracted { item: id.clone() }])
}

fn own_finding<'a>(desk: &'a Desk, id: &FindingId) -> Result<&'a FindingState, Refusal> {
    let state = desk.review().finding(id).ok_or_else(|| {
        format!(
            "no finding is called {:?}; `countersign findings` lists them",
            visible(id.as_str())
        )
    })?;
    if state.made.by.key() != desk.person().key() {
        return Err(format!(
            "finding {id} is {}'s; only they can change it. Comment on it, or flag the item yourself",
            visible(&state.made.by.name)
        ));
    }
    Ok(state)
}

fn own_comment<'a>(desk: &'a Desk, id: &CommentId) -> Result<&'a CommentState, Refusal> {
    let state = desk
        .review()
        .comments
        .iter()
        .find(|state| &state.comment.id == id)
        .ok_or_else(|| format!("no comment is called {:?}", visible(id.as_str())))?;
    if state.made.by.key() != desk.person().key() {
        return Err(format!(
            "comment {id} is {}'s; only they can change it",
            visible(&state.made.by.name)
        ));
    }
    Ok(state)
}

/// With the last finding of a flag the flag itself goes, in one entry.
fn delete_finding(desk: &Desk, id: &FindingId) -> Result<Vec<EntryBody>, Refusal> {
    let item = own_finding(desk, id)?.finding.item.clone();
    let me = desk.person().key();
    let others = desk
        .review()
        .findings_of(&item)
        .any(|state| &state.finding.id != id && state.made.by.key() == me);
    Ok(vec![if others {
        EntryBody::FindingWithdrawn(id.clone())
    } else {
        EntryBody::VerdictRetracted { item }
    }])
}

fn comment_target(desk: &Desk, on: &CommentSubject) -> Result<CommentTarget, Refusal> {
    Ok(match on {
        CommentSubject::Review => CommentTarget::Review,
        CommentSubject::Item(id) => CommentTarget::Item(known_item(desk, id)?.id.clone()),
        CommentSubject::File(path) => CommentTarget::File(known_file(desk, path)?.path.clone()),
        CommentSubject::Lines(place) => CommentTarget::Lines(anchor_at(desk, place)?),
    })
}

fn facts<'a>(desk: &'a mut Desk, path: &RepoPath) -> Result<&'a [HunkFacts], Refusal> {
    let file = known_file(desk, path)?.clone();
    if !desk.facts.contains_key(path) {
        let facts = HunkFacts::of(&desk.source.content.diff(&file));
        desk.add_facts(vec![(path.clone(), facts)]);
    }
    Ok(&desk.facts[path])
}

fn mark(desk: &mut Desk, hunks: &[HunkRef], read: bool) -> Result<Vec<EntryBody>, Refusal> {
    let me = desk.person().key();
    let review = std::sync::Arc::clone(desk.review());
    let mut marks: Vec<ReadMark> = Vec::new();
    let mut seen = BTreeSet::new();
    for target in hunks {
        let facts = facts(desk, &target.path)?;
        let count = facts.len();
        let known = target
            .hunk
            .checked_sub(1)
            .and_then(|index| facts.get(index as usize))
            .ok_or_else(|| {
                format!(
                    "{} has {}, there is no hunk {}",
                    visible(&target.path.quoted()),
                    number::count(count as u64, "hunk"),
                    target.hunk
                )
            })?;
        let mark = known.mark(&target.path, target.hunk);
        let mine = review.read.get(&mark).is_some_and(|who| who.contains(&me));
        if mine != read && seen.insert(mark.clone()) {
            marks.push(mark);
        }
    }
    Ok(match (marks.is_empty(), read) {
        (true, _) => Vec::new(),
        (false, true) => vec![EntryBody::CodeRead(marks)],
        (false, false) => vec![EntryBody::CodeUnread(marks)],
    })
}

/// What was displayed is recorded as far as it exists.
fn displayed(desk: &Desk, spans: &[DisplayedSpan]) -> Vec<EntryBody> {
    let known: Vec<DisplayedSpan> = spans
        .iter()
        .filter(|span| desk.source.change.file(&span.path).is_some())
        .cloned()
        .collect();
    if known.is_empty() {
        return Vec::new();
    }
    vec![EntryBody::CodeDisplayed(known)]
}
