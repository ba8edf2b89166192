//! Verification of a bundle: one check per line, each with its reason in words.
//!
//! Owns the order of the checks and what they come to; refuses to open repositories or read journals itself. Nothing in
//! the bundle is trusted: not its instructions, not its names, not its links.

mod content;
mod repository;

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::allowed::AllowedSigners;
use super::parse::parse_record;
use super::sshsig::{SIGNATURE_LIMIT, SshSignature};
use super::statement::{Decision, Statement};
use super::text::visible_line;
use super::{NAMESPACE, RECORD_FILE, RECORD_LIMIT, SIGNATURE_FILE};
use crate::support::clock::stamp;
use content::{Found, read_file};
pub use repository::RepositoryFacts;

/// How far the signer's clock may run ahead of the reader's, in seconds.
const CLOCK_TOLERANCE: i64 = 300;

/// What a journal check found in one log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFacts {
    /// How many whole entries the log has.
    pub entries: u64,
    /// The id of the last one, as 64 hexadecimal digits.
    pub head: Option<String>,
    /// The review the entries belong to.
    pub review: Option<String>,
    /// What is wrong with the log, as sentences; empty means every entry commits to the one before it.
    pub problems: Vec<String>,
}

/// Reads one log's bytes.
pub type JournalCheck<'a> = &'a dyn Fn(&[u8]) -> LogFacts;

/// What to verify, and against what.
pub struct VerifyInput<'a> {
    /// The bundle.
    pub folder: &'a Path,
    /// The client's own list, or why it could not be read.
    pub allowed_signers: Result<&'a [u8], String>,
    /// Whom the client expects; `None` takes the record's principal, which the list must name all the same.
    pub principal: Option<&'a str>,
    /// The reader's clock.
    pub now: Timestamp,
    /// The zone of times in the list that do not end in `Z`.
    pub zone: &'a TimeZone,
    /// The repository, where the client has it; `Err` says why it could not be opened.
    pub repository: Option<Result<&'a dyn RepositoryFacts, String>>,
    /// Reads a log.
    pub journal_check: JournalCheck<'a>,
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// Something needed for it is missing or cannot be read.
    Unable,
    /// Not asked for, or without meaning here.
    Skipped,
    /// Authentic, but not to be relied on.
    Refused,
}

impl CheckOutcome {
    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unable => "could-not-check",
            Self::Skipped => "not-checked",
            Self::Refused => "refused",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its stable name, such as `signature` or `file report.md`.
    pub name: String,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// Why, as a sentence.
    pub words: String,
}

/// What all checks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyOutcome {
    /// Everything that was checked is as it should be.
    Valid,
    /// Something was changed, belongs to something else, or is signed by somebody else.
    Invalid,
    /// Something needed is missing.
    CouldNotCheck,
    /// Authentic, and the answer is no.
    RefusedByPolicy,
}

impl VerifyOutcome {
    /// Returns the exit code: 0 valid, 1 invalid, 2 could not check, 3 refused by policy.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::CouldNotCheck => 2,
            Self::RefusedByPolicy => 3,
        }
    }

    /// Returns the stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::CouldNotCheck => "could-not-check",
            Self::RefusedByPolicy => "refused-by-policy",
        }
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The checks, in order.
    pub checks: Vec<Check>,
    /// What a reader should know beside them, as sentences.
    pub notes: Vec<String>,
    /// What they come to.
    pub outcome: VerifyOutcome,
    /// The record, where it could be read; to be believed only as far as the checks go.
    pub record: Option<Box<Statement>>,
}

impl Verification {
    /// Returns the exit code of [`VerifyOutcome::exit_code`].
    pub fn exit_code(&self) -> u8 {
        self.outcome.exit_code()
    }
}

/// Verifies a bundle. Never fails: what cannot be checked is a check that says so.
pub fn verify(input: &VerifyInput<'_>) -> Verification {
    let mut run = Run::default();
    let record = run.read(input.folder, RECORD_FILE, RECORD_LIMIT);
    let armour = run.read(input.folder, SIGNATURE_FILE, SIGNATURE_LIMIT);
    let statement = record.as_deref().and_then(|bytes| run.record(bytes));
    let signature = armour.as_deref().and_then(|bytes| run.armour(bytes));
    if let (Some(record), Some(signature)) = (&record, &signature) {
        run.signature(signature, record);
    }
    if let (Some(statement), Some(signature)) = (&statement, &signature) {
        run.signer(input, statement, signature);
    }
    if let Some(statement) = &statement {
        content::check_files(&mut run, input, statement);
        if let (Some(record), Some(armour)) = (&record, &armour) {
            content::check_companions(&mut run, input.folder, statement, record, armour);
        }
        repository::check_repository(&mut run, input.repository.as_ref(), statement);
        run.policy(input.now, statement);
    }
    run.finish(statement)
}

/// The checks so far.
#[derive(Default)]
struct Run {
    checks: Vec<Check>,
    notes: Vec<String>,
}

impl Run {
    fn add(&mut self, name: impl Into<String>, outcome: CheckOutcome, words: impl Into<String>) {
        self.checks.push(Check {
            name: name.into(),
            outcome,
            words: words.into(),
        });
    }

    fn passed(&mut self, name: impl Into<String>, words: impl Into<String>) {
        self.add(name, CheckOutcome::Passed, words);
    }

    fn failed(&mut self, name: impl Into<String>, words: impl Into<String>) {
        self.add(name, CheckOutcome::Failed, words);
    }

    fn unable(&mut self, name: impl Into<String>, words: impl Into<String>) {
        self.add(name, CheckOutcome::Unable, words);
    }

    fn read(&mut self, folder: &Path, name: &str, limit: usize) -> Option<Vec<u8>> {
        match read_file(folder, name, limit as u64) {
            Found::Bytes(bytes) => Some(bytes),
            Found::Large => {
                let words = format!(
                    "{name} is larger than any is ({limit} bytes); ask for the original file."
                );
                self.failed(name, words);
                None
            }
            Found::Unreadable(why) => {
                self.unable(name, format!("{name} {why}"));
                None
            }
        }
    }

    fn record(&mut self, bytes: &[u8]) -> Option<Statement> {
        match parse_record(bytes) {
            Ok(statement) => {
                let id = &statement.predicate.record_id;
                self.passed(
                    "record",
                    format!("The record {id} is well formed and in canonical form."),
                );
                Some(statement)
            }
            Err(fault) => {
                self.failed("record", sentence(&fault));
                None
            }
        }
    }

    fn armour(&mut self, bytes: &[u8]) -> Option<SshSignature> {
        match SshSignature::parse(bytes, NAMESPACE) {
            Ok(signature) => {
                self.passed(
                    "signature form",
                    format!(
                        "The signature is a strict SSH signature for {NAMESPACE} by {}.",
                        signature.fingerprint
                    ),
                );
                Some(signature)
            }
            Err(fault) => {
                self.failed("signature form", sentence(&fault));
                None
            }
        }
    }

    fn signature(&mut self, signature: &SshSignature, record: &[u8]) {
        match signature.verify(NAMESPACE, record) {
            Ok(()) => self.passed("signature", "The signature fits the record, byte for byte."),
            Err(fault) => self.failed("signature", sentence(&fault)),
        }
    }

    fn signer(&mut self, input: &VerifyInput<'_>, statement: &Statement, sig: &SshSignature) {
        let signer = &statement.predicate.signer;
        if signer.public_key == sig.openssh && signer.fingerprint == sig.fingerprint {
            self.passed(
                "key",
                format!(
                    "The record names the key that signed it, {}.",
                    sig.fingerprint
                ),
            );
        } else {
            self.failed(
                "key",
                format!(
                    "The record names the key {}, but {} signed it.",
                    visible_line(&signer.fingerprint),
                    sig.fingerprint
                ),
            );
        }
        let principal = &signer.principal;
        match input.principal {
            Some(wanted) if wanted != principal => self.failed(
                "principal",
                format!(
                    "The record is signed as {principal}, not as {}.",
                    visible_line(wanted)
                ),
            ),
            Some(_) => self.passed("principal", format!("The record is signed as {principal}.")),
            None => self.passed(
                "principal",
                format!("The record says it is signed as {principal}; the allowed signers decide."),
            ),
        }
        self.pin(input, statement, sig);
    }

    fn pin(&mut self, input: &VerifyInput<'_>, statement: &Statement, sig: &SshSignature) {
        let list = match &input.allowed_signers {
            Ok(bytes) => AllowedSigners::parse(bytes, input.zone),
            Err(why) => {
                let why = visible_line(why);
                self.unable(
                    "allowed signers",
                    format!("The allowed signers could not be read: {why}"),
                );
                return;
            }
        };
        self.notes
            .extend(list.notes.iter().map(ToString::to_string));
        let predicate = &statement.predicate;
        let principal = &predicate.signer.principal;
        let at = signed_at(statement);
        match list.pin(principal, &sig.openssh, &sig.fingerprint, NAMESPACE, at) {
            Ok(pinned) => {
                let line = pinned.line;
                self.passed(
                    "allowed signers",
                    format!(
                        "Line {line} of the allowed signers vouches for {principal} with this key, in this namespace, at \
                         {} (the signer's own clock).",
                        predicate.signed_at
                    ),
                );
                if pinned.valid_before.is_some_and(|until| input.now > until) {
                    self.notes.push(format!(
                        "The key is no longer valid today; that it was when the record was signed rests on the record's own \
                         time, {}.",
                        predicate.signed_at
                    ));
                }
            }
            Err(error) => self.failed("allowed signers", sentence(&error)),
        }
    }

    fn policy(&mut self, now: Timestamp, statement: &Statement) {
        let predicate = &statement.predicate;
        let decision = predicate.decision.name();
        let (outcome, words) = match predicate.decision {
            Decision::Approved => (CheckOutcome::Passed, "The decision is approved.".to_owned()),
            Decision::ApprovedWithConditions => (
                CheckOutcome::Passed,
                format!(
                    "The decision is approved with conditions; the record states {}.",
                    predicate.conditions.len()
                ),
            ),
            Decision::Rejected | Decision::Withdrawn => (
                CheckOutcome::Refused,
                format!("The decision is {decision}: this must not go to production."),
            ),
        };
        self.add("decision", outcome, words);
        let signed = signed_at(statement);
        if signed.as_second() > now.as_second() + CLOCK_TOLERANCE {
            let words = format!(
                "The record says it was signed at {}, which is later than this computer's time ({}); one clock is wrong.",
                predicate.signed_at,
                stamp(now)
            );
            self.add("signed at", CheckOutcome::Refused, words);
        }
        let today = now.to_zoned(TimeZone::UTC).date().to_string();
        self.lapse(&today, predicate.intended_use.not_after.as_deref());
        self.note_lapsed_waivers(&today, statement);
    }

    fn note_lapsed_waivers(&mut self, today: &str, statement: &Statement) {
        for item in &statement.predicate.items {
            let waiver = item.decision.as_ref().and_then(|d| d.waiver.as_ref());
            if let Some(waiver) = waiver.filter(|waiver| waiver.until.as_str() < today) {
                self.notes.push(format!(
                    "The waiver of {} by {} held until {}.",
                    item.id, waiver.by, waiver.until
                ));
            }
        }
    }

    /// The last day counts in full, in UTC.
    fn lapse(&mut self, today: &str, not_after: Option<&str>) {
        match not_after {
            None => self.passed("not after", "The decision has no last day."),
            // Days in this spelling sort as text.
            Some(day) if today <= day => {
                self.passed("not after", format!("The decision holds until {day}."));
            }
            Some(day) => self.add(
                "not after",
                CheckOutcome::Refused,
                format!("The decision held until {day} and has lapsed; ask for a new sign-off."),
            ),
        }
    }

    fn finish(self, record: Option<Statement>) -> Verification {
        let any = |outcome| self.checks.iter().any(|check| check.outcome == outcome);
        let outcome = if any(CheckOutcome::Failed) {
            VerifyOutcome::Invalid
        } else if any(CheckOutcome::Unable) {
            VerifyOutcome::CouldNotCheck
        } else if any(CheckOutcome::Refused) {
            VerifyOutcome::RefusedByPolicy
        } else {
            VerifyOutcome::Valid
        };
        Verification {
            checks: self.checks,
            notes: self.notes,
            outcome,
            record: record.map(Box::new),
        }
    }
}

/// Returns the signer's time; a record that could be read has one.
fn signed_at(statement: &Statement) -> Timestamp {
    statement
        .predicate
        .signed_at
        .parse()
        .expect("a record that was read has a time in its signedAt")
}

/// Makes a sentence of an error's fragment.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    format!(
        "{}{}.",
        first.map(String::from_iter).unwrap_or_default(),
        chars.as_str().trim_end_matches('.')
    )
}

#[cfg(test)]
mod tests;
