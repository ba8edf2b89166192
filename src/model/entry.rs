//! Acts, as recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    ChecklistId, Comment, CommentId, Digest, Endpoint, EntryId, Finding, FindingId, HintRef,
    ItemId, Person, RepoPath, ReviewId, SignoffVerdict, SourceKind, Verdict, WriterId,
};

/// One recorded act of one writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Digest of the stored bytes.
    pub id: EntryId,
    /// The review it belongs to.
    pub review: ReviewId,
    /// Who wrote it.
    pub writer: WriterId,
    /// Its place in the writer's log, from 1.
    pub seq: u64,
    /// The writer's previous entry; `None` for the first.
    pub prev: Option<EntryId>,
    /// Above everything the writer had seen.
    pub lamport: u64,
    /// The newest entries of other writers that had been seen.
    pub seen: BTreeMap<WriterId, EntryId>,
    /// The writer's clock, for display only.
    pub at: Timestamp,
    /// What was done.
    pub body: EntryBody,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryBody {
    /// The first entry of every log: which person, on which device.
    WriterEnrolled {
        /// Who.
        person: Person,
        /// The device's name, for display.
        device: String,
    },
    /// The review begins.
    ReviewOpened(Opened),
    /// The bytes under review.
    RevisionAdded(Revision),
    /// A decision.
    VerdictGiven {
        /// On what.
        item: ItemId,
        /// Which.
        verdict: Verdict,
        /// The finding a flag creates; one act, one entry.
        finding: Option<Finding>,
        /// What it rests on where that is not lines: a document, a link, who said so and when.
        reference: Option<String>,
    },
    /// A decision taken back; this person's findings on the item go with it.
    VerdictRetracted {
        /// On what.
        item: ItemId,
    },
    /// One more finding on an item this person has flagged.
    FindingAdded(Finding),
    /// A finding's new state, whole.
    FindingEdited(Finding),
    /// A finding taken back.
    FindingWithdrawn(FindingId),
    /// A remark.
    CommentAdded(Comment),
    /// A remark's new state, whole.
    CommentEdited(Comment),
    /// A remark taken back.
    CommentWithdrawn(CommentId),
    /// Rows that were on the screen.
    CodeDisplayed(Vec<DisplayedSpan>),
    /// Hunks the person says they have read.
    CodeRead(Vec<ReadMark>),
    /// Marks taken back.
    CodeUnread(Vec<ReadMark>),
    /// A hint was looked at and is no concern here; it decides nothing.
    HintDismissed {
        /// Which.
        hint: HintRef,
        /// Why.
        reason: String,
    },
    /// This person's dismissal of a hint, by its fingerprint, is taken back.
    HintRestored(Digest),
    /// A hint led to a finding.
    HintConfirmed {
        /// Which.
        hint: HintRef,
        /// The finding.
        finding: FindingId,
    },
    /// The production profile, whole, as the text of its file.
    ProfileSet {
        /// The text.
        source: String,
    },
    /// A record was signed.
    SignoffSigned(SignedRef),
    /// A signed record was withdrawn.
    SignoffWithdrawn {
        /// SHA-256 of the record.
        record: Digest,
        /// Why.
        reason: String,
    },
    /// A kind this version does not know: kept, relayed, never interpreted.
    Unknown {
        /// Its name.
        kind: String,
    },
}

impl EntryBody {
    /// Returns the stable name of the kind.
    pub fn kind(&self) -> &str {
        match self {
            Self::WriterEnrolled { .. } => "writer.enrolled",
            Self::ReviewOpened(_) => "review.opened",
            Self::RevisionAdded(_) => "revision.added",
            Self::VerdictGiven { .. } => "verdict.given",
            Self::VerdictRetracted { .. } => "verdict.retracted",
            Self::FindingAdded(_) => "finding.added",
            Self::FindingEdited(_) => "finding.edited",
            Self::FindingWithdrawn(_) => "finding.withdrawn",
            Self::CommentAdded(_) => "comment.added",
            Self::CommentEdited(_) => "comment.edited",
            Self::CommentWithdrawn(_) => "comment.withdrawn",
            Self::CodeDisplayed(_) => "code.displayed",
            Self::CodeRead(_) => "code.read",
            Self::CodeUnread(_) => "code.unread",
            Self::HintDismissed { .. } => "hint.dismissed",
            Self::HintRestored(_) => "hint.restored",
            Self::HintConfirmed { .. } => "hint.confirmed",
            Self::ProfileSet { .. } => "profile.set",
            Self::SignoffSigned(_) => "signoff.signed",
            Self::SignoffWithdrawn { .. } => "signoff.withdrawn",
            Self::Unknown { kind } => kind,
        }
    }
}

/// How a review began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The review's name for a reader.
    pub title: String,
    /// Where the code lives, as an absolute path at the time; `None` for a patch or folder without a repository.
    pub repository: Option<String>,
    /// The questions.
    pub checklists: Vec<ChecklistRef>,
    /// Random, so that two reviews of the same change differ.
    pub nonce: String,
}

/// A checklist as it was when the review began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistRef {
    /// Its id.
    pub id: ChecklistId,
    /// Its version.
    pub version: String,
    /// SHA-256 of its file, which the review's folder keeps under this name.
    pub digest: Digest,
}

/// The bytes under review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Where they come from.
    pub kind: SourceKind,
    /// As the reader named them.
    pub title: String,
    /// Before.
    pub base: Endpoint,
    /// After.
    pub head: Endpoint,
    /// What identifies the change: a digest over both ends and, where they are not commits, every path, mode and blob.
    pub change: Digest,
    /// How differences were computed, such as `context=3 renames=50`.
    pub parameters: String,
}

/// Rows of a hunk that were on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayedSpan {
    /// The file.
    pub path: RepoPath,
    /// The hunk, from 1.
    pub hunk: u32,
    /// First row, 0-based.
    pub first: u32,
    /// Last row, inclusive.
    pub last: u32,
}

/// A hunk that was marked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadMark {
    /// The file.
    pub path: RepoPath,
    /// The hunk, from 1.
    pub hunk: u32,
    /// The hunk's digest: the bytes that were read.
    pub digest: Digest,
}

/// A signature that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRef {
    /// SHA-256 of the record's bytes.
    pub record: Digest,
    /// What was decided.
    pub verdict: SignoffVerdict,
    /// Who signed, as the allowed-signers file names them.
    pub principal: String,
    /// The key's fingerprint (`SHA256:…`).
    pub fingerprint: String,
}
