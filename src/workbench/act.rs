//! What a person can ask for.

use jiff::civil::Date;

use crate::model::{
    CommentId, Digest, DisplayedSpan, Disposition, FindingId, HintRef, ItemId, RepoPath, Severity,
    Side, Visibility,
};

/// One request. It is checked before anything is written; what is refused writes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Finds an item good, for a reason.
    Accept {
        /// Which.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// Finds an item good on the strength of something that is not in the change.
    AcceptOn {
        /// Which.
        item: ItemId,
        /// Why.
        reason: String,
        /// A document, a link, who said so and when.
        reference: String,
    },
    /// Flags an item with a finding; on an item this person has flagged already, adds another.
    Flag {
        /// Which.
        item: ItemId,
        /// What is wrong.
        finding: FindingDraft,
    },
    /// Says that an item cannot occur here.
    NotApplicable {
        /// Which.
        item: ItemId,
        /// Why.
        reason: String,
    },
    /// Carries an item's risk until a date.
    Waive {
        /// Which.
        item: ItemId,
        /// Who carries it.
        by: String,
        /// Why.
        reason: String,
        /// The last day it holds.
        until: Date,
    },
    /// Takes one's own verdict back, and one's findings on the item with it.
    Retract {
        /// Which.
        item: ItemId,
    },
    /// Replaces a finding's contents.
    EditFinding {
        /// Which.
        id: FindingId,
        /// All of its new contents.
        finding: FindingDraft,
    },
    /// Takes a finding back; with the last one of an item its flag goes too.
    DeleteFinding(FindingId),
    /// Remarks on something.
    Comment {
        /// On what.
        on: CommentSubject,
        /// For whom.
        visibility: Visibility,
        /// The text.
        text: String,
    },
    /// Replaces a comment's text and visibility.
    EditComment {
        /// Which.
        id: CommentId,
        /// For whom.
        visibility: Visibility,
        /// The text.
        text: String,
    },
    /// Takes a comment back.
    DeleteComment(CommentId),
    /// Says that a hint is no concern here. Decides nothing.
    DismissHint {
        /// Which.
        hint: HintRef,
        /// Why.
        reason: String,
    },
    /// Takes one's own dismissal of a hint back.
    RestoreHint(Digest),
    /// Sets the production profile.
    SetProfile {
        /// The text of its file.
        source: String,
    },
    /// Marks hunks as read.
    MarkRead(Vec<HunkRef>),
    /// Takes marks back.
    MarkUnread(Vec<HunkRef>),
    /// Records what was on the screen.
    Displayed(Vec<DisplayedSpan>),
}

/// A finding before it is one. What is `None` is drafted from the item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingDraft {
    /// One line; the item's title when not given.
    pub title: Option<String>,
    /// The item's default when not given.
    pub severity: Option<Severity>,
    /// Before launch when not given.
    pub disposition: Option<Disposition>,
    /// What is wrong here.
    pub note: String,
    /// The places that show it.
    pub places: Vec<Place>,
    /// The item's first mitigation when not given.
    pub mitigation: Option<String>,
    /// In words.
    pub effort: String,
    /// Who deals with it.
    pub owner: String,
    /// The hint that led to it.
    pub hint: Option<HintRef>,
    /// The day by which it is to be dealt with.
    pub due: Option<Date>,
}

/// Lines of one side of one file, as a person points at them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: RepoPath,
    /// The side; for a deleted file always the old one.
    pub side: Side,
    /// First line, 1-based.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
}

/// A hunk, as a person points at it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HunkRef {
    /// The file.
    pub path: RepoPath,
    /// The hunk, from 1.
    pub hunk: u32,
}

/// What a comment is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentSubject {
    /// The review.
    Review,
    /// An item.
    Item(ItemId),
    /// A file.
    File(RepoPath),
    /// Lines.
    Lines(Place),
}
