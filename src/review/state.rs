//! What the fold yields. Plain data; nothing here decides anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::RowSet;
use crate::model::{
    Comment, Digest, EntryId, Finding, FindingId, HintRef, ItemId, Opened, Person, ReadMark,
    RepoPath, ReviewId, Revision, SignedRef, Verdict, VerdictKind, WriterId,
};

/// Who did something, and when by their own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The entry.
    pub entry: EntryId,
    /// The person behind the writer.
    pub by: Person,
    /// For display only.
    pub at: Timestamp,
    /// The entry's Lamport clock: the order for display.
    pub lamport: u64,
}

/// A review as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// How it began; `None` while the opening entry has not arrived.
    pub opened: Option<Opened>,
    /// The bytes under review: the newest revision.
    pub revision: Option<Revision>,
    /// The writers and the persons behind them.
    pub people: BTreeMap<WriterId, Person>,
    /// Items that anybody has touched; an item that is absent is undecided.
    pub items: BTreeMap<ItemId, ItemState>,
    /// Findings that stand, in the order they were made.
    pub findings: Vec<FindingState>,
    /// Comments that stand, in the order they were made.
    pub comments: Vec<CommentState>,
    /// Hints that anybody dismissed or confirmed, by fingerprint.
    pub hints: BTreeMap<Digest, HintState>,
    /// Rows that were on a screen, by file and hunk (from 1).
    pub displayed: BTreeMap<(RepoPath, u32), RowSet>,
    /// Hunks that are marked as read, and by whom (person keys).
    pub read: BTreeMap<ReadMark, BTreeSet<String>>,
    /// The production profile: the one that was set last.
    pub profile: Option<ProfileState>,
    /// Signatures made, in order.
    pub signoffs: Vec<SignoffState>,
    /// The newest entry of each writer.
    pub heads: BTreeMap<WriterId, EntryId>,
    /// How many entries were folded.
    pub entries: u64,
    /// What has no effect, with how often it occurs: kinds this version does not know, by name; acts on what is not
    /// one's own or not there, as `finding.edited without effect`.
    pub unknown: BTreeMap<String, u64>,
}

impl Review {
    /// Returns the outcome of an item.
    pub fn outcome(&self, item: &ItemId) -> Outcome {
        self.items
            .get(item)
            .map_or(Outcome::Undecided, ItemState::outcome)
    }

    /// Returns the verdict a person holds on an item; `None` where there is none or it is contested.
    pub fn verdict_of(&self, item: &ItemId, person: &Person) -> Option<&VerdictState> {
        match self
            .items
            .get(item)?
            .by_person
            .get(&person.key())?
            .as_slice()
        {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Returns the findings of an item.
    pub fn findings_of<'a>(
        &'a self,
        item: &'a ItemId,
    ) -> impl Iterator<Item = &'a FindingState> + 'a {
        self.findings
            .iter()
            .filter(move |state| &state.finding.item == item)
    }

    /// Returns a finding by id.
    pub fn finding(&self, id: &FindingId) -> Option<&FindingState> {
        self.findings.iter().find(|state| &state.finding.id == id)
    }

    /// Tells whether a hunk is marked as read by anybody.
    pub fn is_read(&self, mark: &ReadMark) -> bool {
        self.read.get(mark).is_some_and(|who| !who.is_empty())
    }
}

/// One item's decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemState {
    /// Per person (by key) the decisions nobody has superseded: none, one, or several made on devices that had not
    /// seen each other.
    pub by_person: BTreeMap<String, Vec<VerdictState>>,
}

/// A decision that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictState {
    /// Which.
    pub verdict: Verdict,
    /// Whose.
    pub stamp: Stamp,
    /// What it rests on where that is not lines; foreign text.
    pub reference: Option<String>,
}

/// The production profile as somebody set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileState {
    /// The text of its file.
    pub source: String,
    /// Who set it, and when.
    pub stamp: Stamp,
}

/// What an item comes to; ordered from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nobody has decided.
    Undecided,
    /// It cannot occur here.
    NotApplicable,
    /// Looked at and found good.
    Accepted,
    /// The risk is carried until a date.
    Waived,
    /// One person decided differently on two devices; only a new decision resolves it.
    Contested,
    /// Found wanting.
    Flagged,
}

impl Outcome {
    /// Returns the stable name used in stored and printed forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::NotApplicable => "not-applicable",
            Self::Accepted => "accepted",
            Self::Waived => "waived",
            Self::Contested => "contested",
            Self::Flagged => "flagged",
        }
    }

    /// Tells whether nothing more is needed before a signature.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Undecided | Self::Contested)
    }
}

impl From<VerdictKind> for Outcome {
    fn from(kind: VerdictKind) -> Self {
        match kind {
            VerdictKind::NotApplicable => Self::NotApplicable,
            VerdictKind::Accepted => Self::Accepted,
            VerdictKind::Waived => Self::Waived,
            VerdictKind::Flagged => Self::Flagged,
        }
    }
}

impl ItemState {
    /// Returns the most severe of all persons' decisions.
    pub fn outcome(&self) -> Outcome {
        self.by_person
            .values()
            .map(|standing| person_outcome(standing))
            .max()
            .unwrap_or(Outcome::Undecided)
    }

    /// Returns the decision to show for the item: the most severe, the newest of equals.
    pub fn leading(&self) -> Option<&VerdictState> {
        self.by_person
            .values()
            .flatten()
            .max_by_key(|state| (state.verdict.kind(), state.stamp.lamport, state.stamp.entry))
    }

    /// Returns every standing decision, most severe first.
    pub fn standing(&self) -> Vec<&VerdictState> {
        let mut all: Vec<_> = self.by_person.values().flatten().collect();
        all.sort_by_key(|state| {
            (
                std::cmp::Reverse(state.verdict.kind()),
                state.stamp.lamport,
                state.stamp.entry,
            )
        });
        all
    }
}

/// Several standing decisions of one person that differ are contested, unless one of them is a flag.
fn person_outcome(standing: &[VerdictState]) -> Outcome {
    let mut kinds = standing.iter().map(|state| state.verdict.kind());
    let Some(first) = kinds.next() else {
        return Outcome::Undecided;
    };
    let same = standing.iter().all(|state| state.verdict.kind() == first);
    let flagged = standing
        .iter()
        .any(|state| state.verdict.kind() == VerdictKind::Flagged);
    if flagged {
        Outcome::Flagged
    } else if same {
        first.into()
    } else {
        Outcome::Contested
    }
}

/// A finding that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingState {
    /// Its newest state.
    pub finding: Finding,
    /// Who made it, and when.
    pub made: Stamp,
    /// Who edited it last, where somebody did.
    pub edited: Option<Stamp>,
}

/// A comment that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentState {
    /// Its newest state.
    pub comment: Comment,
    /// Who made it, and when.
    pub made: Stamp,
    /// Who edited it last, where somebody did.
    pub edited: Option<Stamp>,
}

/// What people said of a hint. It never touches a verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HintState {
    /// Dismissals that stand, by person (key).
    pub dismissed: BTreeMap<String, Dismissal>,
    /// Findings it led to that stand, in order.
    pub confirmed: Vec<Confirmation>,
}

/// A hint that somebody dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissal {
    /// Which.
    pub hint: HintRef,
    /// Why.
    pub reason: String,
    /// Who, and when.
    pub stamp: Stamp,
}

/// A hint that led to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Which.
    pub hint: HintRef,
    /// The finding.
    pub finding: FindingId,
    /// Who, and when.
    pub stamp: Stamp,
}

/// A signature, and whether it was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignoffState {
    /// What was signed.
    pub signed: SignedRef,
    /// Who recorded it, and when.
    pub stamp: Stamp,
    /// The reason given for withdrawing it.
    pub withdrawn: Option<String>,
}
