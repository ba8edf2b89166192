//! The stored form of the record: an in-toto Statement v1 with our own predicate.
//!
//! Owns the names and shapes of the fields and nothing else. Members that are `None` or empty lists marked so are
//! absent, never null. Every structure refuses unknown and repeated members. No floats; integers stay below 2^53.
//! Lines and hunks count from 1. Times are RFC 3339 in UTC with whole seconds, days are `YYYY-MM-DD`.

use serde::{Deserialize, Serialize};

/// The whole record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`super::STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What was signed for: one subject named `head`.
    pub subject: Vec<Subject>,
    /// [`super::PREDICATE_TYPE`].
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    /// What was decided about it.
    pub predicate: Predicate,
}

/// What was signed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Always `head`.
    pub name: String,
    /// All of them must match.
    pub digest: SubjectDigest,
}

/// The subject's digests: commit and tree, or, where there are no commits, the change manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectDigest {
    /// The commit after the change.
    #[serde(rename = "gitCommit", skip_serializing_if = "Option::is_none", default)]
    pub git_commit: Option<String>,
    /// Its tree.
    #[serde(rename = "gitTree", skip_serializing_if = "Option::is_none", default)]
    pub git_tree: Option<String>,
    /// The change manifest, where there is no commit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
}

/// What was decided, by whom, on what grounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Predicate {
    /// Random.
    pub record_id: String,
    /// The review it came from.
    pub review_id: String,
    /// The bytes that were reviewed.
    pub change: Change,
    /// The decision.
    pub decision: Decision,
    /// What the signature means.
    pub meaning: Meaning,
    /// Who signs.
    pub signer: SignerIdentity,
    /// The signer's relation to the change.
    pub independence: Independence,
    /// The signer's clock; a claim.
    pub signed_at: String,
    /// How far the decision reaches.
    pub intended_use: IntendedUse,
    /// The questions that were asked.
    pub checklists: Vec<ChecklistFile>,
    /// The production profile the code was judged against, by digest; absent where none was set.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub profile: Option<ProfileFile>,
    /// Every question with its answer.
    pub items: Vec<ItemLine>,
    /// Everything found.
    pub findings: Vec<FindingLine>,
    /// What is owed.
    pub conditions: Vec<Condition>,
    /// What was displayed and read, and what was not.
    pub coverage: CoverageLine,
    /// The log of every act, by digest.
    pub journal: Vec<JournalLine>,
    /// The readable forms, by digest.
    pub report: Vec<ReportLine>,
    /// Earlier records this one replaces.
    pub supersedes: Vec<Superseded>,
    /// What wrote the record.
    pub tool: Tool,
}

/// The bytes that were reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Change {
    /// The kind of source (`range`, `patch`, …).
    pub kind: String,
    /// As the reader named it.
    pub title: String,
    /// How the subject is bound to bytes, as a sentence.
    pub binding: String,
    /// `sha1` or `sha256`; absent where there is no repository.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub object_format: Option<String>,
    /// Before.
    pub base: End,
    /// After.
    pub head: End,
    /// SHA-256 of the change manifest.
    pub change_manifest: String,
    /// SHA-256 of the manifest of everything after the change; absent for a patch, which does not hold it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tree_manifest: Option<String>,
    /// Files in the change.
    pub files: u64,
    /// Lines added.
    pub added: u64,
    /// Lines removed.
    pub removed: u64,
}

/// One end of the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct End {
    /// As the reader called it.
    pub label: String,
    /// The commit, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub git_commit: Option<String>,
    /// The tree, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub git_tree: Option<String>,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// May go to production as it is.
    Approved,
    /// May go once the conditions are met.
    ApprovedWithConditions,
    /// Must not go.
    Rejected,
    /// An earlier record no longer holds.
    Withdrawn,
}

impl Decision {
    /// Returns the stable name, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedWithConditions => "approved-with-conditions",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What the signature means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Meaning {
    /// The sentence of responsibility.
    pub text: String,
    /// The version of its wording.
    pub version: String,
    /// What the signer adds in their own words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub statement: Option<String>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SignerIdentity {
    /// The name, typed by hand.
    pub printed_name: String,
    /// As the allowed signers name them; ASCII.
    pub principal: String,
    /// In which role.
    pub role: String,
    /// For which organisation.
    pub organisation: String,
    /// The key, as OpenSSH writes it, without a comment.
    pub public_key: String,
    /// Its fingerprint (`SHA256:…`).
    pub fingerprint: String,
    /// How the signer says the key is kept; a claim.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key_protection: Option<String>,
}

/// The signer's relation to the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Independence {
    /// In the signer's words; a claim.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub declared: Option<String>,
    /// How many reviewed commits carry the signer as author; absent where there are no commits to count.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commits_authored_by_signer: Option<u64>,
}

/// How far the decision reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IntendedUse {
    /// The last day it holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_after: Option<String>,
}

/// A checklist, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChecklistFile {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name in the bundle.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// The production profile, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProfileFile {
    /// Its name in the bundle.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// A question with its answer: the leading decision, and other persons' beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ItemLine {
    /// The item.
    pub id: String,
    /// Its checklist.
    pub checklist: String,
    /// Its category's id.
    pub category: String,
    /// Its name.
    pub title: String,
    /// The item of another list whose verdict answers this one too; absent where it was asked itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answered_with: Option<String>,
    /// What it comes to (`accepted`, `flagged`, `undecided`, …).
    pub verdict: String,
    /// The decision that leads; absent where nobody has decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub decision: Option<ItemDecision>,
    /// The decisions of others, most severe first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub others: Vec<ItemDecision>,
}

/// One person's decision on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ItemDecision {
    /// Which.
    pub verdict: String,
    /// Why; a flag's reasons are its findings.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// What it rests on where that is not lines of the change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<String>,
    /// Whose.
    pub by: Person,
    /// By their clock.
    pub decided_at: String,
    /// Who carries the risk, for a waiver.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiver: Option<Waiver>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Person {
    /// The printed name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A risk carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Waiver {
    /// By whom.
    pub by: String,
    /// The last day it holds.
    pub until: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FindingLine {
    /// Its id.
    pub id: String,
    /// The item it answers.
    pub item: String,
    /// One line.
    pub title: String,
    /// `blocker`, `major`, `minor` or `note`.
    pub severity: String,
    /// `fix-before-launch`, `can-wait` or `accepted-risk`.
    pub disposition: String,
    /// Until when that holds: a day or a milestone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<String>,
    /// The day by which it is to be dealt with, where one was agreed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<String>,
    /// Who carries an accepted risk.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accepted_by: Option<String>,
    /// The places that show it.
    pub at: Vec<Evidence>,
}

/// Lines that show a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Evidence {
    /// The file, in git's quoting where it is not plain.
    pub path: String,
    /// `old` or `new`.
    pub side: String,
    /// First line.
    pub start: u64,
    /// Last line, inclusive.
    pub end: u64,
    /// The version (`git:…` or `sha256:…`).
    pub blob: String,
    /// SHA-256 of the lines' bytes, endings included.
    pub content_sha256: String,
}

/// Something owed before or after going to production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Condition {
    /// The finding it comes from.
    pub finding: String,
    /// What is owed, as a sentence.
    pub text: String,
}

/// What was displayed and read. Lines are changed lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CoverageLine {
    /// Hunks in the change.
    pub hunks: u64,
    /// Hunks that were on the screen in full.
    pub displayed: u64,
    /// Hunks marked as read.
    pub read: u64,
    /// Changed lines.
    pub lines: u64,
    /// Changed lines in hunks marked as read.
    pub lines_read: u64,
    /// What was not marked as read.
    pub unread: Unread,
    /// What could not be reviewed, or not in full.
    pub not_reviewable: Problems,
}

/// What was not marked as read; files beyond the limit are counted, never dropped silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Unread {
    /// Files with hunks that are not marked as read.
    pub files: Vec<UnreadFile>,
    /// How many more such files there are.
    pub more_files: u64,
}

/// A file with unread hunks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UnreadFile {
    /// The file.
    pub path: String,
    /// How many of its hunks are not marked as read.
    pub unread: u64,
    /// How many it has.
    pub hunks: u64,
}

/// What could not be reviewed; those beyond the limit are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Problems {
    /// The problems.
    pub problems: Vec<ProblemLine>,
    /// How many more there are.
    pub more_problems: u64,
}

/// Something that could not be read or was cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProblemLine {
    /// The file, if one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<String>,
    /// What, and why.
    pub message: String,
}

/// One writer's log, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct JournalLine {
    /// Its name in the bundle.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many entries it has.
    pub entries: u64,
    /// The id of its last entry.
    pub head: String,
}

/// One readable form, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReportLine {
    /// Its name in the bundle.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// An earlier record and its signature, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Superseded {
    /// SHA-256 of the record.
    pub record: String,
    /// SHA-256 of the signature, where it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signature: Option<String>,
}

/// What wrote the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}
