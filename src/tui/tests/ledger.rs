//! A journal in memory: acts become entries, entries are folded. Says no, or that the disk is full, when told to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fixture::Change;
use crate::diff;
use crate::model::Profile;
use crate::model::{
    ChangeSet, Checklist, Comment, CommentId, CommentTarget, Disposition, Entry, EntryBody,
    EntryId, Finding, FindingId, Item, ItemId, Person, ReadMark, RepoPath, ReviewId, Verdict,
    WriterId,
};
use crate::review::{CriticalHunk, Kinds, inapplicable, proposals, touches};
use crate::review::{HunkFacts, Review, coverage, fold, gate};
use crate::support::digest::sha256;
use crate::workbench::{Act, ActFailure, CommentSubject, FindingDraft, HunkRef, Place, Snapshot};

pub fn review_id() -> ReviewId {
    ReviewId::from("r0000000000000001")
}

pub fn me() -> Person {
    Person {
        name: "D. Levi".to_owned(),
        email: "d.levi@example.org".to_owned(),
    }
}

pub fn other() -> Person {
    Person {
        name: "R. Okafor".to_owned(),
        email: "r.okafor@example.org".to_owned(),
    }
}

pub fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 3, 2)
}

/// The entries of two writers, and the change they are about.
pub struct Ledger {
    pub change: Change,
    pub set: Arc<ChangeSet>,
    pub checklists: Arc<Vec<Checklist>>,
    pub entries: Vec<Entry>,
    heads: BTreeMap<String, (EntryId, u64)>,
    /// The next act but what was displayed is refused for this reason.
    pub refusal: Option<String>,
    /// Nothing can be written, for this reason.
    pub full: Option<String>,
    pub read_only: Option<String>,
    /// How many files the coverage knows; all where `None`.
    pub counted: Option<usize>,
    made: u32,
}

impl Ledger {
    pub fn new(change: Change, checklists: Vec<Checklist>) -> Self {
        let set = Arc::new(change.set());
        let mut ledger = Self {
            change,
            set,
            checklists: Arc::new(checklists),
            entries: Vec::new(),
            heads: BTreeMap::new(),
            refusal: None,
            full: None,
            read_only: None,
            counted: None,
            made: 0,
        };
        for person in [me(), other()] {
            let body = EntryBody::WriterEnrolled {
                person: person.clone(),
                device: "desk".to_owned(),
            };
            ledger.append(&person, body);
        }
        ledger
    }

    pub fn append(&mut self, person: &Person, body: EntryBody) {
        let writer = person.key();
        let (prev, seq) = match self.heads.get(&writer) {
            Some((id, seq)) => (Some(*id), seq + 1),
            None => (None, 1),
        };
        let id = EntryId(sha256(format!("{writer} {seq}").as_bytes()));
        let seen = self
            .heads
            .iter()
            .filter(|(other, _)| **other != writer)
            .map(|(other, (id, _))| (WriterId(other.clone()), *id))
            .collect();
        self.heads.insert(writer.clone(), (id, seq));
        self.entries.push(Entry {
            id,
            review: review_id(),
            writer: WriterId(writer),
            seq,
            prev,
            lamport: self.entries.len() as u64 + 1,
            seen,
            at: "2026-03-02T09:00:00Z".parse().unwrap(),
            body,
        });
    }

    pub fn review(&self) -> Review {
        fold(&review_id(), &self.entries)
    }

    pub fn snapshot(&self) -> Snapshot {
        let review = self.review();
        let counted = self.counted.unwrap_or(self.set.files.len());
        let facts: Vec<(RepoPath, Vec<HunkFacts>)> = self
            .set
            .files
            .iter()
            .take(counted)
            .map(|file| (file.path.clone(), HunkFacts::of(&self.change.diff(file))))
            .collect();
        let coverage = coverage(
            &review,
            facts.iter().map(|(path, facts)| (path, facts.as_slice())),
        );
        let source = review.profile.as_ref().map(|state| state.source.as_str());
        let out = inapplicable(&self.checklists, &Kinds::of(&self.set));
        let profile = crate::profile::parse_recorded(source.unwrap_or_default());
        let critical = critical(&review, &facts, &profile);
        let filled = crate::checklist::filled(&self.checklists, &profile);
        Snapshot {
            checklists: Arc::new(filled),
            proposals: Arc::new(proposals(&review, &self.checklists, &out)),
            profile: Arc::new(profile),
            critical: Arc::new(critical),
            gate: gate(&review, &self.checklists, &coverage, today()),
            review: Arc::new(review),
            coverage: Arc::new(coverage),
            counted,
            read_only: self.read_only.clone(),
        }
    }

    /// Carries an act of mine out.
    pub fn act(&mut self, act: &Act) -> Result<(), ActFailure> {
        let decides = !matches!(act, Act::Displayed(_));
        if decides && let Some(reason) = self.refusal.take() {
            return Err(ActFailure::Refused(reason));
        }
        if let Some(reason) = &self.full {
            return Err(ActFailure::NotSaved(reason.clone()));
        }
        let body = self.body(act).map_err(ActFailure::Refused)?;
        self.append(&me(), body);
        if let Act::Flag { finding, .. } = act
            && let Some(hint) = &finding.hint
        {
            let body = EntryBody::HintConfirmed {
                hint: hint.clone(),
                finding: FindingId(format!("f{:08}", self.made)),
            };
            self.append(&me(), body);
        }
        Ok(())
    }

    fn body(&mut self, act: &Act) -> Result<EntryBody, String> {
        Ok(match act {
            Act::SetProfile { source } => EntryBody::ProfileSet {
                source: source.clone(),
            },
            Act::AcceptOn {
                item,
                reason,
                reference,
            } => EntryBody::VerdictGiven {
                item: item.clone(),
                verdict: Verdict::Accepted {
                    reason: reason.clone(),
                },
                finding: None,
                reference: Some(reference.clone()),
            },
            Act::Accept { item, reason } => self.given(
                item,
                Verdict::Accepted {
                    reason: reason.clone(),
                },
            )?,
            Act::NotApplicable { item, reason } => self.given(
                item,
                Verdict::NotApplicable {
                    reason: reason.clone(),
                },
            )?,
            Act::Waive {
                item,
                by,
                reason,
                until,
            } => self.given(
                item,
                Verdict::Waived {
                    by: by.clone(),
                    reason: reason.clone(),
                    until: *until,
                },
            )?,
            Act::Flag { item, finding } => {
                self.made += 1;
                let id = FindingId(format!("f{:08}", self.made));
                let finding = self.finding(id, item, finding)?;
                let standing = self.review().verdict_of(item, &me()).is_some();
                if standing {
                    EntryBody::FindingAdded(finding)
                } else {
                    EntryBody::VerdictGiven {
                        item: item.clone(),
                        verdict: Verdict::Flagged,
                        finding: Some(finding),
                        reference: None,
                    }
                }
            }
            Act::Retract { item } => EntryBody::VerdictRetracted { item: item.clone() },
            Act::EditFinding { id, finding } => {
                let item = self.review().finding(id).unwrap().finding.item.clone();
                EntryBody::FindingEdited(self.finding(id.clone(), &item, finding)?)
            }
            Act::DeleteFinding(id) => EntryBody::FindingWithdrawn(id.clone()),
            Act::Comment {
                on,
                visibility,
                text,
            } => {
                self.made += 1;
                EntryBody::CommentAdded(Comment {
                    id: CommentId(format!("c{:08}", self.made)),
                    target: self.target(on)?,
                    visibility: *visibility,
                    text: text.clone(),
                })
            }
            Act::EditComment {
                id,
                visibility,
                text,
            } => {
                let review = self.review();
                let known = review.comments.iter().find(|state| state.comment.id == *id);
                EntryBody::CommentEdited(Comment {
                    visibility: *visibility,
                    text: text.clone(),
                    ..known.unwrap().comment.clone()
                })
            }
            Act::DeleteComment(id) => EntryBody::CommentWithdrawn(id.clone()),
            Act::DismissHint { hint, reason } => EntryBody::HintDismissed {
                hint: hint.clone(),
                reason: reason.clone(),
            },
            Act::RestoreHint(fingerprint) => EntryBody::HintRestored(*fingerprint),
            Act::MarkRead(hunks) => EntryBody::CodeRead(self.marks(hunks)),
            Act::MarkUnread(hunks) => EntryBody::CodeUnread(self.marks(hunks)),
            Act::Displayed(spans) => EntryBody::CodeDisplayed(spans.clone()),
        })
    }

    fn given(&self, item: &ItemId, verdict: Verdict) -> Result<EntryBody, String> {
        if self.review().verdict_of(item, &me()).is_some() {
            return Err(format!("{item} is decided already"));
        }
        Ok(EntryBody::VerdictGiven {
            item: item.clone(),
            verdict,
            finding: None,
            reference: None,
        })
    }

    fn item(&self, id: &ItemId) -> &Item {
        let mut items = self.checklists.iter().flat_map(|list| &list.items);
        items.find(|item| &item.id == id).unwrap()
    }

    fn finding(
        &self,
        id: FindingId,
        item: &ItemId,
        draft: &FindingDraft,
    ) -> Result<Finding, String> {
        let known = self.item(item);
        let evidence: Result<Vec<_>, _> = draft
            .places
            .iter()
            .map(|place| self.anchor(place))
            .collect();
        Ok(Finding {
            id,
            item: item.clone(),
            title: draft.title.clone().unwrap_or_else(|| known.title.clone()),
            severity: draft.severity.unwrap_or(known.severity),
            disposition: draft
                .disposition
                .clone()
                .unwrap_or(Disposition::FixBeforeLaunch),
            note: draft.note.clone(),
            evidence: evidence?,
            mitigation: draft.mitigation.clone().unwrap_or_default(),
            effort: draft.effort.clone(),
            owner: draft.owner.clone(),
            due: None,
        })
    }

    fn anchor(&self, place: &Place) -> Result<crate::model::Anchor, String> {
        let file = self.set.file(&place.path).unwrap();
        let diff = self.change.diff(file);
        diff::anchor(file, &diff, place.side, place.start, place.end)
            .map_err(|error| error.to_string())
    }

    fn target(&self, on: &CommentSubject) -> Result<CommentTarget, String> {
        Ok(match on {
            CommentSubject::Review => CommentTarget::Review,
            CommentSubject::Item(id) => CommentTarget::Item(id.clone()),
            CommentSubject::File(path) => CommentTarget::File(path.clone()),
            CommentSubject::Lines(place) => CommentTarget::Lines(self.anchor(place)?),
        })
    }

    pub fn marks(&self, hunks: &[HunkRef]) -> Vec<ReadMark> {
        hunks
            .iter()
            .map(|target| {
                let file = self.set.file(&target.path).unwrap();
                let facts = HunkFacts::of(&self.change.diff(file));
                facts[target.hunk as usize - 1].mark(&target.path, target.hunk)
            })
            .collect()
    }

    /// Returns the marks that stand, as `path#hunk`.
    pub fn read_marks(&self) -> BTreeSet<String> {
        let review = self.review();
        let standing = review.read.iter().filter(|(_, who)| !who.is_empty());
        standing
            .map(|(mark, _)| format!("{}#{}", mark.path, mark.hunk))
            .collect()
    }
}

/// The hunks of critical surfaces among what was counted.
fn critical(
    review: &Review,
    facts: &[(RepoPath, Vec<HunkFacts>)],
    profile: &Profile,
) -> Vec<CriticalHunk> {
    let hunks = facts
        .iter()
        .flat_map(|(path, hunks)| hunks.iter().zip(1..).map(move |hunk| (path, hunk)));
    hunks
        .map(|(path, (facts, number))| {
            let mark = facts.mark(path, number);
            CriticalHunk {
                readers: review.read.get(&mark).cloned().unwrap_or_default(),
                lines: facts.lines,
                touches: touches(path, facts, profile),
                mark,
            }
        })
        .filter(|hunk| !hunk.touches.is_empty())
        .collect()
}
