//! Entries → [`Review`]. A pure function of the *set* of entries: duplicates are dropped and the rest is put into one
//! order, so arrival, batching and wall clocks change nothing.
//!
//! The rules:
//!
//! - **Verdicts.** Per person and item, a verdict or retraction is superseded by every act of the same person on the
//!   same item that had seen it. Of what is left, a retraction removes itself, and of equal verdicts the newest stays;
//!   different ones are contested. Nobody supersedes anybody else.
//! - **Findings.** A finding stands while its author holds a flag on its item, has not withdrawn it, and has not, having
//!   seen it, retracted the item or decided it otherwise.
//! - **Edits and withdrawals** count from the author alone; the newest edit is shown; a withdrawal wins over any edit.
//!   From anybody else they are counted among what has no effect ([`Review::unknown`]).
//! - **Hints.** Per person and hint the newest of dismissed and restored counts. A confirmation stands while its finding
//!   does. None of them touches a verdict.
//! - **Profile.** The newest one counts, whoever set it: it describes production, not an opinion.
//! - **Marks.** Per person and hunk the newest of read and unread counts.

mod authored;
mod causality;
mod decisions;
mod remarks;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use self::authored::{Authored, Made};
use self::causality::Pasts;
use self::decisions::Decisions;
use self::remarks::HintRemarks;
use super::{
    CommentState, Confirmation, Dismissal, FindingState, HintState, ProfileState, Review,
    SignoffState, Stamp,
};
use crate::model::{
    Comment, CommentId, Digest, Entry, EntryBody, EntryId, Finding, FindingId, ItemId, Person,
    ReadMark, ReviewId, SignedRef, Verdict, VerdictKind, WriterId,
};

/// Folds the entries of one review; entries of any other are passed over.
pub fn fold(id: &ReviewId, entries: &[Entry]) -> Review {
    let entries = in_order(id, entries);
    let mut fold = Fold::new(id, &entries);
    for (index, entry) in entries.iter().enumerate() {
        fold.take_in(index, entry);
    }
    fold.finish()
}

/// Returns each entry once, in the order of the clocks, which puts no entry before one its writer had seen.
fn in_order<'a>(id: &ReviewId, entries: &'a [Entry]) -> Vec<&'a Entry> {
    let mut known = HashSet::with_capacity(entries.len());
    let mut all: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.review == *id && known.insert(entry.id))
        .collect();
    all.sort_by(|a, b| {
        (a.lamport, &a.writer, a.seq, a.id).cmp(&(b.lamport, &b.writer, b.seq, b.id))
    });
    all
}

/// Returns the person behind each writer. A writer's first enrolment decides who it is; later ones may only change the
/// printed name.
fn people(entries: &[&Entry]) -> BTreeMap<WriterId, Person> {
    let mut people: BTreeMap<WriterId, Person> = BTreeMap::new();
    for entry in entries {
        if let EntryBody::WriterEnrolled { person, .. } = &entry.body {
            let known = people
                .entry(entry.writer.clone())
                .or_insert_with(|| person.clone());
            if known.key() == person.key() {
                known.clone_from(person);
            }
        }
    }
    people
}

/// A person within one fold.
type Who = usize;

/// The state while entries are taken in, in order.
struct Fold<'a> {
    review: Review,
    entries: &'a [&'a Entry],
    pasts: Pasts,
    /// The persons' keys, by number. A writer that is not enrolled counts as a person of its own.
    keys: Vec<String>,
    authors: BTreeMap<&'a WriterId, Who>,
    decisions: Decisions<'a>,
    findings: Authored<'a, FindingId, Finding>,
    comments: Authored<'a, CommentId, Comment>,
    hints: HintRemarks<'a>,
    /// Whether the newest mark of a person on a hunk says read.
    marks: BTreeMap<(&'a ReadMark, Who), bool>,
    /// The newest profile.
    profile: Option<(usize, &'a str)>,
    signed: Vec<(usize, &'a SignedRef)>,
    /// The first withdrawal of each record by each person, with its reason.
    withdrawn: BTreeMap<(Digest, Who), &'a str>,
    newest: BTreeMap<&'a WriterId, (u64, EntryId)>,
}

impl<'a> Fold<'a> {
    fn new(id: &ReviewId, entries: &'a [&'a Entry]) -> Self {
        let people = people(entries);
        let mut numbers: BTreeMap<String, Who> = BTreeMap::new();
        let mut keys = Vec::new();
        let mut authors = BTreeMap::new();
        for entry in entries {
            authors.entry(&entry.writer).or_insert_with(|| {
                let key = person_of(&people, &entry.writer).key();
                *numbers.entry(key.clone()).or_insert_with(|| {
                    keys.push(key);
                    keys.len() - 1
                })
            });
        }
        Self {
            review: empty(id, people, entries.len() as u64),
            entries,
            pasts: Pasts::of(entries),
            keys,
            authors,
            decisions: Decisions::default(),
            findings: Authored::default(),
            comments: Authored::default(),
            hints: HintRemarks::default(),
            marks: BTreeMap::new(),
            profile: None,
            signed: Vec::new(),
            withdrawn: BTreeMap::new(),
            newest: BTreeMap::new(),
        }
    }

    fn take_in(&mut self, index: usize, entry: &'a Entry) {
        let who = self.authors[&entry.writer];
        let newest = (entry.seq, entry.id);
        let head = self.newest.entry(&entry.writer).or_insert(newest);
        *head = newest.max(*head);
        let effective = match &entry.body {
            EntryBody::WriterEnrolled { .. } => true,
            EntryBody::ReviewOpened(opened) => {
                self.review.opened.get_or_insert_with(|| opened.clone());
                true
            }
            EntryBody::RevisionAdded(revision) => {
                self.review.revision = Some(revision.clone());
                true
            }
            EntryBody::VerdictGiven {
                item,
                verdict,
                finding,
                reference: _,
            } => self.decide(index, who, item, verdict, finding.as_ref()),
            EntryBody::VerdictRetracted { item } => {
                self.decisions.add(&self.pasts, index, (item, who), None);
                true
            }
            EntryBody::FindingAdded(finding) => self.findings.add(index, who, &finding.id, finding),
            EntryBody::FindingEdited(finding) => {
                self.findings.edit(index, who, &finding.id, finding)
            }
            EntryBody::FindingWithdrawn(id) => self.findings.withdraw(who, id),
            EntryBody::CommentAdded(comment) => self.comments.add(index, who, &comment.id, comment),
            EntryBody::CommentEdited(comment) => {
                self.comments.edit(index, who, &comment.id, comment)
            }
            EntryBody::CommentWithdrawn(id) => self.comments.withdraw(who, id),
            EntryBody::CodeDisplayed(spans) => {
                for span in spans {
                    let place = (span.path.clone(), span.hunk);
                    let rows = self.review.displayed.entry(place).or_default();
                    rows.insert(span.first, span.last);
                }
                true
            }
            EntryBody::CodeRead(marks) => self.mark(who, marks, true),
            EntryBody::CodeUnread(marks) => self.mark(who, marks, false),
            EntryBody::HintDismissed { hint, reason } => {
                self.hints.dismiss(index, who, hint, reason);
                true
            }
            EntryBody::HintRestored(fingerprint) => self.hints.restore(who, *fingerprint),
            EntryBody::HintConfirmed { hint, finding } => {
                self.hints.confirm(index, hint, finding);
                true
            }
            EntryBody::ProfileSet { source } => {
                self.profile = Some((index, source));
                true
            }
            EntryBody::SignoffSigned(signed) => {
                self.signed.push((index, signed));
                true
            }
            EntryBody::SignoffWithdrawn { record, reason } => self.withdraw(who, *record, reason),
            EntryBody::Unknown { .. } => false,
        };
        if !effective {
            self.count_without_effect(&entry.body);
        }
    }

    fn decide(
        &mut self,
        index: usize,
        who: Who,
        item: &'a ItemId,
        verdict: &'a Verdict,
        finding: Option<&'a Finding>,
    ) -> bool {
        self.decisions
            .add(&self.pasts, index, (item, who), Some(verdict));
        match finding {
            None => true,
            Some(finding) if verdict.kind() == VerdictKind::Flagged && finding.item == *item => {
                self.findings.add(index, who, &finding.id, finding)
            }
            Some(_) => false,
        }
    }

    fn mark(&mut self, who: Who, marks: &'a [ReadMark], is_read: bool) -> bool {
        for mark in marks {
            self.marks.insert((mark, who), is_read);
        }
        true
    }

    /// Only who recorded a signature can withdraw it.
    fn withdraw(&mut self, who: Who, record: Digest, reason: &'a str) -> bool {
        let is_own = self
            .signed
            .iter()
            .any(|&(index, signed)| signed.record == record && self.author(index) == who);
        if is_own {
            self.withdrawn.entry((record, who)).or_insert(reason);
        }
        is_own
    }

    fn count_without_effect(&mut self, body: &EntryBody) {
        let name = match body {
            EntryBody::Unknown { kind } => kind.clone(),
            known => format!("{} without effect", known.kind()),
        };
        *self.review.unknown.entry(name).or_default() += 1;
    }

    fn finish(mut self) -> Review {
        self.review.findings = self.standing_findings();
        self.review.comments = self.standing_comments();
        self.review.hints = self.hints_spoken_of();
        self.review.profile = self.profile.map(|(index, source)| ProfileState {
            source: source.to_owned(),
            stamp: self.stamp(index),
        });
        self.review.signoffs = self.signoffs();
        for ((mark, who), is_read) in &self.marks {
            if *is_read {
                let readers = self.review.read.entry((*mark).clone()).or_default();
                readers.insert(self.keys[*who].clone());
            }
        }
        for ((item, who), verdicts) in self.decisions.standing() {
            let states = verdicts
                .into_iter()
                .map(|(index, verdict)| super::VerdictState {
                    verdict: verdict.clone(),
                    stamp: self.stamp(index),
                    reference: reference_of(&self.entries[index].body),
                });
            let states = states.collect();
            let state = self.review.items.entry(item.clone()).or_default();
            state.by_person.insert(self.keys[who].clone(), states);
        }
        let heads = self.newest.into_iter();
        self.review.heads = heads
            .map(|(writer, (_, id))| (writer.clone(), id))
            .collect();
        self.review
    }

    fn standing_findings(&self) -> Vec<FindingState> {
        let standing = self.findings.standing().filter(|made| {
            let of = (&made.first.item, made.who);
            self.decisions.holds_flag(of) && !self.decisions.has_closed(&self.pasts, of, made.index)
        });
        standing
            .map(|made| FindingState {
                finding: Finding {
                    // An edit changes what is said, never which question it answers.
                    item: made.first.item.clone(),
                    ..made.newest.clone()
                },
                made: self.stamp(made.index),
                edited: self.edited(made),
            })
            .collect()
    }

    fn standing_comments(&self) -> Vec<CommentState> {
        let standing = self.comments.standing();
        standing
            .map(|made| CommentState {
                comment: made.newest.clone(),
                made: self.stamp(made.index),
                edited: self.edited(made),
            })
            .collect()
    }

    fn hints_spoken_of(&self) -> BTreeMap<Digest, HintState> {
        let mut all: BTreeMap<Digest, HintState> = BTreeMap::new();
        for (who, index, hint, reason) in self.hints.dismissed() {
            let dismissal = Dismissal {
                hint: hint.clone(),
                reason: reason.to_owned(),
                stamp: self.stamp(index),
            };
            let state = all.entry(hint.fingerprint).or_default();
            state.dismissed.insert(self.keys[who].clone(), dismissal);
        }
        for &(index, hint, finding) in self.hints.confirmed() {
            if self.review.finding(finding).is_none() {
                continue;
            }
            let state = all.entry(hint.fingerprint).or_default();
            state.confirmed.push(Confirmation {
                hint: hint.clone(),
                finding: finding.clone(),
                stamp: self.stamp(index),
            });
        }
        all
    }

    fn signoffs(&self) -> Vec<SignoffState> {
        let signed = self.signed.iter();
        signed
            .map(|&(index, signed)| SignoffState {
                signed: signed.clone(),
                stamp: self.stamp(index),
                withdrawn: self
                    .withdrawn
                    .get(&(signed.record, self.author(index)))
                    .map(|&reason| reason.to_owned()),
            })
            .collect()
    }

    fn edited<T>(&self, made: &Made<'a, T>) -> Option<Stamp> {
        made.edited.map(|index| self.stamp(index))
    }

    fn author(&self, index: usize) -> Who {
        self.authors[&self.entries[index].writer]
    }

    fn stamp(&self, index: usize) -> Stamp {
        let entry = self.entries[index];
        Stamp {
            entry: entry.id,
            by: person_of(&self.review.people, &entry.writer),
            at: entry.at,
            lamport: entry.lamport,
        }
    }
}

fn reference_of(body: &EntryBody) -> Option<String> {
    match body {
        EntryBody::VerdictGiven { reference, .. } => reference.clone(),
        _ => None,
    }
}

/// Returns the person behind a writer; one of its own, named like the writer, where the enrolment has not arrived.
fn person_of(people: &BTreeMap<WriterId, Person>, writer: &WriterId) -> Person {
    people.get(writer).cloned().unwrap_or_else(|| Person {
        name: writer.0.clone(),
        email: writer.0.clone(),
    })
}

fn empty(id: &ReviewId, people: BTreeMap<WriterId, Person>, entries: u64) -> Review {
    Review {
        id: id.clone(),
        opened: None,
        revision: None,
        people,
        items: BTreeMap::new(),
        findings: Vec::new(),
        comments: Vec::new(),
        hints: BTreeMap::new(),
        displayed: BTreeMap::new(),
        read: BTreeMap::new(),
        profile: None,
        signoffs: Vec::new(),
        heads: BTreeMap::new(),
        entries,
        unknown: BTreeMap::new(),
    }
}
