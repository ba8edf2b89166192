//! Reading a record back. Owns the rule that one record has one spelling: what is read must be the very bytes that would be
//! written, so that no two readers can disagree about what was signed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::statement::{Statement, SubjectDigest};
use super::text::{is_plain_principal, is_signable};
use super::{
    INSTRUCTIONS_FILE, PREDICATE_TYPE, RECORD_FILE, RECORD_LIMIT, SIGNATURE_FILE, STATEMENT_TYPE,
};
use crate::support::clock::stamp;
use crate::support::digest::Digest;

/// Why bytes are not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Larger than a record may be.
    #[error(
        "the record has {0} bytes, at most {RECORD_LIMIT} are allowed; ask for the original file"
    )]
    Large(usize),
    /// A byte order mark, which JSON does not have.
    #[error(
        "the record begins with a byte order mark, so it was saved by an editor; ask for the original file"
    )]
    Mark,
    /// Not the fields a record has.
    #[error(
        "the record is not a sign-off as this version writes it ({0}); use a newer countersign, or ask for the original file"
    )]
    Form(String),
    /// The right fields in another spelling.
    #[error(
        "the record is not in canonical form, so it was changed or rewritten after signing; ask for the original file"
    )]
    Spelling,
    /// A statement of another type.
    #[error(
        "the record is of type {found:?}, a sign-off is of type {wanted:?}; ask for the sign-off's record"
    )]
    Type {
        /// What it says.
        found: String,
        /// What it must say.
        wanted: &'static str,
    },
    /// A field with contents it cannot have.
    #[error(
        "the record's {field} {why}; no version of countersign writes that, ask for the original file"
    )]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Reads a record and checks everything that needs nothing else.
pub fn parse_record(bytes: &[u8]) -> Result<Statement, RecordFault> {
    if bytes.len() > RECORD_LIMIT {
        return Err(RecordFault::Large(bytes.len()));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(RecordFault::Mark);
    }
    let form =
        |error: serde_json::Error| RecordFault::Form(super::text::visible_line(&error.to_string()));
    let statement: Statement = serde_json::from_slice(bytes).map_err(form)?;
    if canonical(&statement) != bytes {
        return Err(RecordFault::Spelling);
    }
    check_types(&statement)?;
    let value: Value = serde_json::from_slice(bytes).map_err(form)?;
    check_values(&value)?;
    check_fields(&statement)?;
    Ok(statement)
}

/// Returns a record's one spelling (RFC 8785).
pub(super) fn canonical(statement: &Statement) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(statement).expect("a statement has text keys and no floats")
}

fn check_types(statement: &Statement) -> Result<(), RecordFault> {
    let pairs = [
        (&statement.statement_type, STATEMENT_TYPE),
        (&statement.predicate_type, PREDICATE_TYPE),
    ];
    for (found, wanted) in pairs {
        if found != wanted {
            let found = super::text::visible_line(found);
            return Err(RecordFault::Type { found, wanted });
        }
    }
    Ok(())
}

/// Every text must be visible as it is, every number exact in every reader.
fn check_values(value: &Value) -> Result<(), RecordFault> {
    match value {
        Value::String(text) if !is_signable(text) => Err(RecordFault::Field {
            field: "text",
            why: "holds invisible characters or is not in Unicode normal form C",
        }),
        Value::Number(number) if number.as_u64().is_none_or(|n| n >= 1 << 53) => {
            Err(RecordFault::Field {
                field: "numbers",
                why: "include one of 2^53 or more",
            })
        }
        Value::Array(values) => values.iter().try_for_each(check_values),
        Value::Object(members) => members.values().try_for_each(check_values),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => Ok(()),
    }
}

/// Checks what binds: the subject against the change, digests, file names, the principal, the time.
pub(super) fn check_fields(statement: &Statement) -> Result<(), RecordFault> {
    let fault = |field, why| Err(RecordFault::Field { field, why });
    let predicate = &statement.predicate;
    let [subject] = statement.subject.as_slice() else {
        return fault("subject", "is not exactly one");
    };
    if subject.name != "head" {
        return fault("subject", "is not named head");
    }
    let head = &predicate.change.head;
    let bound = SubjectDigest {
        git_commit: head.git_commit.clone(),
        git_tree: head.git_tree.clone().filter(|_| head.git_commit.is_some()),
        sha256: head
            .git_commit
            .is_none()
            .then(|| predicate.change.change_manifest.clone()),
    };
    if subject.digest != bound || (head.git_commit.is_some() && head.git_tree.is_none()) {
        return fault("subject", "is not the change's head");
    }
    let ends = [&predicate.change.base, head];
    let ids = ends
        .iter()
        .flat_map(|end| end.git_commit.iter().chain(&end.git_tree));
    if !ids.clone().all(|id| is_object_id(id)) {
        return fault("commit or tree", "is not an object id");
    }
    if !digests(statement).all(|digest| digest.parse::<Digest>().is_ok()) {
        return fault("digests", "include one that is not SHA-256");
    }
    if !is_plain_principal(&predicate.signer.principal) {
        return fault("principal", "is not plain");
    }
    if !is_stamp(&predicate.signed_at) {
        return fault("signedAt", "is not a time in UTC with whole seconds");
    }
    let mut days = predicate.intended_use.not_after.iter();
    if !days.all(|day| is_day(day)) {
        return fault("notAfter", "is not a day");
    }
    check_names(statement)
}

fn is_stamp(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok_and(|at| stamp(at) == text)
}

fn is_day(text: &str) -> bool {
    text.parse::<Date>()
        .is_ok_and(|day| day.to_string() == text)
}

fn is_object_id(id: &str) -> bool {
    [40, 64].contains(&id.len()) && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn digests(statement: &Statement) -> impl Iterator<Item = &String> {
    let predicate = &statement.predicate;
    let change = &predicate.change;
    let evidence = predicate.findings.iter().flat_map(|finding| &finding.at);
    let earlier = predicate.supersedes.iter();
    std::iter::once(&change.change_manifest)
        .chain(&change.tree_manifest)
        .chain(bundled(statement).map(|file| file.sha256))
        .chain(predicate.journal.iter().map(|line| &line.head))
        .chain(evidence.map(|place| &place.content_sha256))
        .chain(earlier.flat_map(|old| std::iter::once(&old.record).chain(&old.signature)))
}

/// A file that the record names by digest.
pub(super) struct BundledFile<'a> {
    /// Its name in the bundle.
    pub(super) name: &'a String,
    /// Its SHA-256.
    pub(super) sha256: &'a String,
}

/// Returns every file that the record names by digest: reports, journals, checklists.
pub(super) fn bundled(statement: &Statement) -> impl Iterator<Item = BundledFile<'_>> {
    let predicate = &statement.predicate;
    let pairs = predicate
        .report
        .iter()
        .map(|line| (&line.name, &line.sha256))
        .chain(predicate.journal.iter().map(|l| (&l.name, &l.sha256)))
        .chain(predicate.checklists.iter().map(|l| (&l.name, &l.sha256)))
        .chain(predicate.profile.iter().map(|l| (&l.name, &l.sha256)));
    pairs.map(|(name, sha256)| BundledFile { name, sha256 })
}

fn check_names(statement: &Statement) -> Result<(), RecordFault> {
    let field = "file names";
    let mut seen = BTreeSet::from([RECORD_FILE, SIGNATURE_FILE, INSTRUCTIONS_FILE]);
    for file in bundled(statement) {
        if !is_bundle_name(file.name) {
            return Err(RecordFault::Field {
                field,
                why: "include one that could lead out of the bundle",
            });
        }
        if !seen.insert(file.name) {
            return Err(RecordFault::Field {
                field,
                why: "include one twice",
            });
        }
    }
    Ok(())
}

/// Tells whether a name is safe in every file system and shell: plain ASCII, at most one folder deep, nothing hidden.
pub(super) fn is_bundle_name(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() <= 120
            && !part.starts_with(['.', '-'])
            && !part.ends_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let parts: Vec<&str> = name.split('/').collect();
    parts.len() <= 2 && parts.into_iter().all(plain)
}

#[cfg(test)]
mod tests;
