//! The nouns of the product: what is reviewed, what is asked, what was decided.
//!
//! Plain data. No I/O, no serde, no terminal: stored and exchanged forms live where they are stored and exchanged.

mod anchor;
mod change;
mod checklist;
mod comment;
mod diff;
mod entry;
mod finding;
mod hint;
mod ids;
mod path;
mod person;
mod profile;
mod source;
mod verdict;

pub use anchor::Anchor;
pub use change::{
    BlobId, ChangeSet, Endpoint, FileChange, FileSide, FileStatus, Mode, ObjectFormat, ObjectId,
    Problem, Side,
};
pub use checklist::{AnsweredBy, Category, Checklist, EvidenceKind, Item, Stage, Twin};
pub use comment::{Comment, CommentTarget, Visibility};
pub use diff::{DiffBody, FileDiff, FileText, Hunk, LineEnding, LineNo, Row, RowKind, Run};
pub use entry::{
    ChecklistRef, DisplayedSpan, Entry, EntryBody, Opened, ReadMark, Revision, SignedRef,
};
pub use finding::{Disposition, Finding, Horizon, Severity};
pub use hint::{CodeSpan, Hint, RuleId, Strength};
pub use ids::{
    ChecklistId, CommentId, Digest, EntryId, FindingId, ItemId, ParseDigestError, ReviewId,
    WriterId,
};
pub use path::{ParsePathError, RepoPath};
pub use person::Person;
pub use profile::{
    PLACE, PROFILE_KEYS, Profile, ProfileKey, ProfileTable, ProfileValue, Shape, parse_span,
    profile_key, span_words,
};
pub use source::{SourceKind, SourceSpec};
pub use verdict::{SignoffVerdict, Verdict, VerdictKind};
