//! One report, in several formats: what a client holds when the review is over.
//!
//! [`build()`] gathers a review into a [`Report`]; [`markdown()`], [`html()`] and [`json()`] print it. Nothing here reads
//! a file, a repository or a clock: the same input gives the same bytes.
//!
//! Two walls hold whatever the reviewed code, its paths or its reviewers' notes contain. Foreign text enters the tree
//! only as [`Shown`], in which control, bidi and invisible characters are visible tokens; and each format escapes its own
//! markup. Internal comments are left behind by [`build()`], before any format sees them.

mod build;
mod document;
mod effort;
mod html;
mod json;
mod markdown;
mod plan;
mod questions;
#[cfg(test)]
mod sample;
mod shown;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::{
    ChangeSet, Checklist, DiffBody, Digest, Hint, Profile, RepoPath, SignoffVerdict,
};
use crate::review::{Coverage, CriticalHunk, Review};

pub use build::build;
pub use document::{
    About, CategorySection, ChecklistSection, ChecklistSource, CodeLine, CriticalEntry, Decision,
    EarlierSignature, End, Evidence, FindingEntry, Gap, HintTally, HintWord, HintsSection,
    HorizonNote, ItemEntry, ItemName, Parts, Production, ProfileSection, Remark, Report, Reviewer,
    Scope, Signature, Summary, Tally, UnreadFile, Waiver, Who,
};
pub use html::{HtmlError, html};
pub use json::json;
pub use markdown::markdown;
pub use questions::{questions_html, questions_markdown};
pub use shown::{Block, Piece, Prose, Shown};

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The state of the review.
    pub review: &'a Review,
    /// The files under review.
    pub change: &'a ChangeSet,
    /// What there is to show of each file, as far as known: files without lines are named with the reason.
    pub bodies: &'a BTreeMap<RepoPath, DiffBody>,
    /// The production profile; empty where none is set.
    pub profile: &'a Profile,
    /// Hunks of critical surfaces.
    pub critical: &'a [CriticalHunk],
    /// The questions.
    pub checklists: &'a [Checklist],
    /// What was displayed and read. A file of the change that is absent here is reported as never opened.
    pub coverage: &'a Coverage,
    /// The hints of the change; `None` where nobody looked for any.
    pub hints: Option<SeenHints<'a>>,
    /// The signature about to be made; `None` makes a draft.
    pub signoff: Option<&'a SignoffBlock>,
    /// What the record binds.
    pub binding: &'a Binding,
    /// The program that makes the report.
    pub tool: Tool<'a>,
    /// The time on the report.
    pub generated_at: Timestamp,
}

/// The hints of a change.
#[derive(Debug, Clone, Copy)]
pub struct SeenHints<'a> {
    /// All of them; those beyond the budget are folded.
    pub hints: &'a [Hint],
    /// What was not read, and rules that were stopped, as sentences.
    pub problems: &'a [String],
}

/// The signature block of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignoffBlock {
    /// What is decided.
    pub verdict: SignoffVerdict,
    /// The name typed by hand.
    pub printed_name: String,
    /// The signer's role.
    pub role: String,
    /// The signer's organisation.
    pub organisation: String,
    /// The signer as the allowed-signers file names them.
    pub principal: String,
    /// The key's fingerprint (`SHA256:…`).
    pub fingerprint: String,
    /// By the signer's clock.
    pub signed_at: Timestamp,
    /// What the signer adds; may be empty.
    pub statement: String,
    /// The last day the sign-off holds, if not for good.
    pub not_after: Option<Date>,
    /// What the signature means: the sentence of responsibility.
    pub meaning: String,
}

/// Digests that the record binds and the report repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Binding {
    /// SHA-256 manifests of the content, by name (`head`, `base`).
    pub manifests: BTreeMap<String, Digest>,
    /// SHA-256 of the journals, by file name.
    pub journals: BTreeMap<String, Digest>,
}

/// The program that makes a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}
