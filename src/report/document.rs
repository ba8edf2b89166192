//! The report as a tree: what every format prints, in the order it prints it. Plain data; foreign text only as
//! [`Shown`] or [`Prose`]. Internal comments have no place here, so no format can let one out.

use jiff::Timestamp;
use jiff::civil::Date;

use super::shown::{Prose, Shown};
use crate::model::{Digest, Severity, Side, SignoffVerdict, SourceKind, VerdictKind};
use crate::review::Outcome;

/// A whole report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The review's name.
    pub title: Shown,
    /// The review's id.
    pub review: Shown,
    /// The name of the folder the code lives in; the path to it stays with the reviewer.
    pub repository: Option<Shown>,
    /// When the report was made.
    pub generated_at: Timestamp,
    /// The signature block; `None` makes the report a draft.
    pub signature: Option<Signature>,
    /// Everybody who took part, by name.
    pub reviewers: Vec<Reviewer>,
    /// The numbers.
    pub summary: Summary,
    /// What was reviewed, and how much of it.
    pub scope: Scope,
    /// Findings in three parts.
    pub findings: Parts,
    /// The model of production the code was judged against.
    pub profile: ProfileSection,
    /// Hunks of critical surfaces, with who read them.
    pub critical: Vec<CriticalEntry>,
    /// Every item with its decisions.
    pub checklists: Vec<ChecklistSection>,
    /// Risks carried until a date.
    pub waivers: Vec<Waiver>,
    /// Comments meant for the client.
    pub comments: Vec<Remark>,
    /// The hints; `None` where nobody looked for any.
    pub hints: Option<HintsSection>,
    /// How the document came to be.
    pub production: Production,
}

/// Who signs, for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was decided.
    pub verdict: SignoffVerdict,
    /// The name typed by hand.
    pub printed_name: Shown,
    /// The signer's role.
    pub role: Shown,
    /// The signer's organisation.
    pub organisation: Shown,
    /// The signer as the allowed-signers file names them.
    pub principal: Shown,
    /// The key's fingerprint.
    pub fingerprint: Shown,
    /// By the signer's clock.
    pub signed_at: Timestamp,
    /// What the signer adds.
    pub statement: Prose,
    /// The last day the sign-off holds.
    pub not_after: Option<Date>,
    /// What the signature means, as a sentence of responsibility.
    pub meaning: Prose,
}

/// A person who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub who: Who,
    /// Items on which a decision of theirs stands.
    pub items: u64,
    /// Findings of theirs that stand.
    pub findings: u64,
}

/// A person, as printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The name.
    pub name: Shown,
    /// The address.
    pub email: Shown,
}

/// The numbers at the front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Findings, most severe first; every severity is there.
    pub tally: Vec<Tally>,
    /// How many items ended how, most severe first; only outcomes that occur.
    pub outcomes: Vec<(Outcome, u64)>,
    /// Items in all checklists.
    pub items: u64,
    /// Items nobody has to decide any more.
    pub decided: u64,
}

/// Findings of one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How bad.
    pub severity: Severity,
    /// To be fixed before launch.
    pub now: u64,
    /// Which can wait.
    pub later: u64,
    /// Whose risk is accepted.
    pub accepted: u64,
}

/// What was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The kind of source.
    pub kind: SourceKind,
    /// As the reviewer named the change.
    pub change: Shown,
    /// Before.
    pub base: End,
    /// After.
    pub head: End,
    /// Files in the change.
    pub files: u64,
    /// Hunks in the change.
    pub hunks: u64,
    /// Hunks of which every row was on a screen.
    pub displayed: u64,
    /// Hunks marked as read.
    pub read: u64,
    /// Changed lines.
    pub lines: u64,
    /// Added lines.
    pub added: u64,
    /// Removed lines.
    pub removed: u64,
    /// Changed lines marked as read.
    pub lines_read: u64,
    /// The share read, in whole percent rounded down.
    pub percent: u8,
    /// Files with hunks not marked as read, most unread lines first.
    pub unread: Vec<UnreadFile>,
    /// Files of which no hunks are known, so that nobody can have read them.
    pub unopened: Vec<Shown>,
    /// Files that have no text to show, and why.
    pub unshown: Vec<Gap>,
    /// What else could not be read or was cut short.
    pub problems: Vec<Gap>,
}

/// One end of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// As the reviewer named it.
    pub label: Shown,
    /// The commit.
    pub commit: Option<Shown>,
    /// The tree.
    pub tree: Option<Shown>,
}

/// A file with hunks that nobody marked as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFile {
    /// Which.
    pub path: Shown,
    /// Hunks in the file.
    pub hunks: u32,
    /// Numbers (from 1) of the hunks not marked as read.
    pub unread: Vec<u32>,
    /// Changed lines in those hunks.
    pub lines: u64,
}

/// Something that was not seen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The file, if one.
    pub path: Option<Shown>,
    /// The reason.
    pub why: Shown,
}

/// Findings by what is to be done about them, each part by severity, then effort, then place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Fix before launch.
    pub now: Vec<FindingEntry>,
    /// Can wait.
    pub later: Vec<FindingEntry>,
    /// Accepted risk.
    pub accepted: Vec<FindingEntry>,
}

/// The production profile, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileSection {
    /// SHA-256 of its file, who set it and when; `None` where none was set.
    pub set: Option<(Digest, Who, Timestamp)>,
    /// What is known, by label.
    pub known: Vec<(Shown, Shown)>,
    /// What nobody knows, by label.
    pub unknown: Vec<Shown>,
}

/// A hunk of a critical surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalEntry {
    /// The file.
    pub path: Shown,
    /// The hunk, from 1.
    pub hunk: u32,
    /// First and last line.
    pub lines: (u32, u32),
    /// What it touches, and by what it was recognised.
    pub touches: Vec<(Shown, Shown)>,
    /// Who marked it as read.
    pub readers: Vec<Shown>,
}

/// How an acceptance or a time to wait stands against the profile and the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HorizonNote {
    /// Whether it is over.
    pub lapsed: bool,
    /// Why, as a fragment.
    pub why: Shown,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingEntry {
    /// Its number in this report, from 1 over all parts.
    pub number: usize,
    /// Its id in the review.
    pub id: Shown,
    /// One line.
    pub title: Shown,
    /// How bad.
    pub severity: Severity,
    /// The item it answers.
    pub item: ItemName,
    /// What is wrong.
    pub note: Prose,
    /// The places that show it.
    pub evidence: Vec<Evidence>,
    /// The way out.
    pub mitigation: Prose,
    /// The effort, in the reviewer's words; may be blank.
    pub effort: Shown,
    /// Who deals with it; may be blank.
    pub owner: Shown,
    /// The effort in working minutes, where the words say one.
    pub minutes: Option<u64>,
    /// The day by which it is to be dealt with: its own, or the launch's.
    pub due: Option<Date>,
    /// Until when it can wait or is accepted.
    pub until: Option<Shown>,
    /// How that stands; `None` where nothing can be said.
    pub standing: Option<HorizonNote>,
    /// Who accepted the risk.
    pub accepted_by: Option<Shown>,
    /// Who found it.
    pub by: Who,
    /// When.
    pub at: Timestamp,
    /// Who edited it last, and when.
    pub edited: Option<(Who, Timestamp)>,
}

/// An item, named for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemName {
    /// Its id.
    pub id: Shown,
    /// Its title, or its id again where no checklist knows it.
    pub title: Shown,
    /// Its category's title; blank where no checklist knows it.
    pub category: Shown,
}

/// A place in code, quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// `path:start-end`.
    pub place: Shown,
    /// Which side of the change.
    pub side: Side,
    /// The path.
    pub path: Shown,
    /// First line, 1-based.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// The version quoted.
    pub blob: Shown,
    /// SHA-256 of all lines of the place.
    pub content: Digest,
    /// The lines quoted.
    pub lines: Vec<CodeLine>,
    /// How many lines of the place are not quoted.
    pub omitted: u32,
}

/// A quoted line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLine {
    /// Its number, 1-based.
    pub number: u32,
    /// Its text.
    pub text: Shown,
    /// How many characters at its end are not quoted.
    pub cut: usize,
}

/// One checklist's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistSection {
    /// Its id, version and digest; `None` for items that no checklist at hand knows.
    pub source: Option<ChecklistSource>,
    /// Its name.
    pub title: Shown,
    /// Its categories, those without items left out.
    pub categories: Vec<CategorySection>,
}

/// Which checklist, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistSource {
    /// Its id.
    pub id: Shown,
    /// Its version.
    pub version: Shown,
    /// SHA-256 of its file.
    pub digest: Digest,
}

/// One category's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategorySection {
    /// Its name.
    pub title: Shown,
    /// Its items.
    pub items: Vec<ItemEntry>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemEntry {
    /// Its id.
    pub id: Shown,
    /// Its name.
    pub title: Shown,
    /// The question.
    pub ask: Shown,
    /// The item of another list whose verdict answers this question too.
    pub answered_with: Option<Shown>,
    /// What it comes to.
    pub outcome: Outcome,
    /// What follows for it from the numbers of the profile.
    pub figures: Vec<Shown>,
    /// Every standing decision, most severe first.
    pub decisions: Vec<Decision>,
    /// Numbers and titles of its findings.
    pub findings: Vec<(usize, Shown)>,
    /// Its hints; `None` where nobody looked for any.
    pub hints: Option<HintTally>,
}

/// The hints of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HintsSection {
    /// Hints within the budget.
    pub shown: u64,
    /// Hints beyond it.
    pub folded: u64,
    /// Other tools with results among them, and how many.
    pub tools: Vec<(Shown, u64)>,
    /// What was not read, and rules that were stopped.
    pub problems: Vec<Shown>,
}

/// The hints of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HintTally {
    /// Hints that were shown for it.
    pub seen: u64,
    /// Of them, those that nobody dismissed or confirmed.
    pub open: u64,
    /// Dismissals that stand, with their reasons.
    pub dismissed: Vec<HintWord>,
    /// Hints that led to findings.
    pub confirmed: Vec<HintWord>,
}

/// What one person said of one hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HintWord {
    /// `path:line`, at the time.
    pub place: Shown,
    /// The rule, after its tool where it is another's.
    pub rule: Shown,
    /// Whose word.
    pub by: Who,
    /// When.
    pub at: Timestamp,
    /// Why it was dismissed.
    pub reason: Prose,
    /// The finding it led to, by number in this report.
    pub finding: Option<usize>,
}

/// One person's decision on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub verdict: VerdictKind,
    /// Whose.
    pub by: Who,
    /// When.
    pub at: Timestamp,
    /// Why; empty for a flag, whose reasons are its findings.
    pub reason: Prose,
    /// What it rests on where that is not lines.
    pub reference: Option<Shown>,
    /// Who carries the risk, and the last day they do.
    pub waived: Option<(Shown, Date)>,
}

/// A waived item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Which item.
    pub item: ItemName,
    /// Who carries the risk.
    pub carried_by: Shown,
    /// The last day.
    pub until: Date,
    /// Whether that day had passed when the report was made.
    pub lapsed: bool,
    /// Why.
    pub reason: Prose,
    /// Who recorded it.
    pub by: Who,
    /// When.
    pub at: Timestamp,
}

/// A comment meant for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its id.
    pub id: Shown,
    /// What it is about.
    pub about: About,
    /// The text.
    pub text: Prose,
    /// Whose.
    pub by: Who,
    /// When.
    pub at: Timestamp,
}

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The review as a whole.
    Review,
    /// An item.
    Item(ItemName),
    /// A file.
    File(Shown),
    /// Lines.
    Lines(Evidence),
}

/// How the document came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Production {
    /// The program.
    pub tool: Shown,
    /// Its version.
    pub version: Shown,
    /// How differences were computed.
    pub parameters: Shown,
    /// What identifies the change.
    pub change: Option<Digest>,
    /// Manifests of the content, by name.
    pub manifests: Vec<(Shown, Digest)>,
    /// Journals, by file name.
    pub journals: Vec<(Shown, Digest)>,
    /// Recorded acts the report is made from.
    pub entries: u64,
    /// Recorded acts of kinds this version does not know.
    pub unknown: u64,
    /// Signatures recorded before this report was made.
    pub earlier: Vec<EarlierSignature>,
}

/// A signature recorded before this report was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierSignature {
    /// SHA-256 of the record.
    pub record: Digest,
    /// What was decided.
    pub verdict: SignoffVerdict,
    /// Who signed.
    pub principal: Shown,
    /// The key's fingerprint.
    pub fingerprint: Shown,
    /// When it was recorded.
    pub at: Timestamp,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<Shown>,
}

impl Report {
    /// Returns the verdict, or nothing for a draft.
    pub fn verdict(&self) -> Option<SignoffVerdict> {
        self.signature.as_ref().map(|signature| signature.verdict)
    }
}

impl Parts {
    /// Returns how many findings there are.
    pub fn len(&self) -> usize {
        self.now.len() + self.later.len() + self.accepted.len()
    }

    /// Tells whether there is no finding.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all findings in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &FindingEntry> {
        self.now.iter().chain(&self.later).chain(&self.accepted)
    }
}

impl Scope {
    /// Tells whether every hunk of every file is marked as read.
    pub fn is_all_read(&self) -> bool {
        self.unread.is_empty() && self.unopened.is_empty()
    }

    /// Returns how many changed lines nobody marked as read.
    pub fn lines_unread(&self) -> u64 {
        self.lines.saturating_sub(self.lines_read)
    }

    /// Returns how many hunks nobody marked as read.
    pub fn hunks_unread(&self) -> u64 {
        self.hunks.saturating_sub(self.read)
    }
}
