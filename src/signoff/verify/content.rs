//! The bundle's files against the record. Follows no link and reads no more than a cap.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use super::super::bundle::{ATTRIBUTES, ATTRIBUTES_FILE};
use super::super::instructions::verify_instructions;
use super::super::parse::bundled;
use super::super::statement::{JournalLine, Statement};
use super::super::text::visible_line;
use super::super::{INSTRUCTIONS_FILE, RECORD_FILE, SIGNATURE_FILE};
use super::{JournalCheck, Run, VerifyInput};
use crate::support::digest::sha256;

/// The most bytes a file of a bundle may have.
const FILE_LIMIT: u64 = 1 << 30;
/// How many extra files are named.
const EXTRA_LIMIT: usize = 20;

/// What was found under a name.
pub(super) enum Found {
    /// The whole file.
    Bytes(Vec<u8>),
    /// More than the cap.
    Large,
    /// Why it cannot be read, to follow the file's name, with what to do.
    Unreadable(String),
}

/// Reads a file of a bundle, following no link on the way.
pub(super) fn read_file(folder: &Path, name: &str, limit: u64) -> Found {
    if !folder.is_dir() {
        return Found::Unreadable(format!(
            "cannot be read, because {} is not a folder; name the bundle's folder, unpacked.",
            visible_line(&folder.display().to_string())
        ));
    }
    let mut path = folder.to_owned();
    for part in name.split('/') {
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(data) if data.file_type().is_symlink() => {
                return Found::Unreadable(
                    "is a link, and links in a bundle are not followed; ask for the bundle itself."
                        .to_owned(),
                );
            }
            Ok(_) => {}
            Err(error) => return unreadable(&error),
        }
    }
    if !path.is_file() {
        return Found::Unreadable("is not a file; ask for the whole bundle.".to_owned());
    }
    let mut bytes = Vec::new();
    match File::open(&path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)) {
        Ok(_) if bytes.len() as u64 > limit => Found::Large,
        Ok(_) => Found::Bytes(bytes),
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &std::io::Error) -> Found {
    Found::Unreadable(if error.kind() == std::io::ErrorKind::NotFound {
        "is not in the bundle; ask for the whole bundle.".to_owned()
    } else {
        format!("cannot be read ({error}); check its rights, or copy the bundle again.")
    })
}

/// Checks every file that the record names, then names the ones it does not.
pub(super) fn check_files(run: &mut Run, input: &VerifyInput<'_>, statement: &Statement) {
    for file in bundled(statement) {
        let name = format!("file {}", file.name);
        let log = statement
            .predicate
            .journal
            .iter()
            .find(|line| &line.name == file.name);
        match read_file(input.folder, file.name, FILE_LIMIT) {
            Found::Bytes(bytes) => {
                let digest = sha256(&bytes).to_string();
                if &digest == file.sha256 {
                    run.passed(name, "Its SHA-256 is the one in the record.");
                } else {
                    let words = format!(
                        "It was changed after signing: its SHA-256 is {digest}, the record has {}.",
                        file.sha256
                    );
                    run.failed(name, words);
                }
                if let Some(line) = log {
                    check_log(run, input.journal_check, statement, line, &bytes);
                }
            }
            Found::Large => run.unable(name, "It is larger than 1 GiB and was not read."),
            Found::Unreadable(why) => run.unable(name, format!("{} {why}", file.name)),
        }
    }
    note_extra_files(run, input.folder, statement);
}

/// Checks the files that no record can name, because they are written after it: they must be what this program writes
/// for exactly this record. Another version may word its instructions differently, which is only noted.
pub(super) fn check_companions(
    run: &mut Run,
    folder: &Path,
    statement: &Statement,
    record: &[u8],
    signature: &[u8],
) {
    let instructions = verify_instructions(statement, record, signature);
    let same_version = statement.predicate.tool.version == env!("CARGO_PKG_VERSION");
    for (name, expected) in [
        (INSTRUCTIONS_FILE, instructions.as_str()),
        (ATTRIBUTES_FILE, ATTRIBUTES),
    ] {
        let label = format!("file {name}");
        match read_file(folder, name, FILE_LIMIT) {
            Found::Bytes(bytes) if bytes == expected.as_bytes() => {
                run.passed(label, "It is what belongs to this record; it is not signed itself.");
            }
            Found::Bytes(_) if same_version => run.failed(
                label,
                "It was changed after signing: it is not what belongs to this record. Do not follow it.",
            ),
            Found::Bytes(_) => run.notes.push(format!(
                "{name} was written by another version and is not signed: compare it with one you trust before you \
                 follow it."
            )),
            // Left out on the way: nothing is missing from the record by that.
            Found::Large | Found::Unreadable(_) => {}
        }
    }
}

/// Checks a log's chain, and that it is the log the record means.
fn check_log(
    run: &mut Run,
    check: JournalCheck<'_>,
    statement: &Statement,
    line: &JournalLine,
    bytes: &[u8],
) {
    let name = format!("journal {}", line.name);
    let facts = check(bytes);
    if let Some(problem) = facts.problems.first() {
        let words = format!(
            "The log is not as it was written. {}",
            visible_line(problem)
        );
        return run.failed(name, words);
    }
    if facts.entries != line.entries || facts.head.as_ref() != Some(&line.head) {
        let words = format!(
            "The log has {} entries up to {}, the record has {} up to {}.",
            facts.entries,
            facts
                .head
                .as_deref()
                .map_or("nothing".to_owned(), visible_line),
            line.entries,
            line.head
        );
        return run.failed(name, words);
    }
    let review = &statement.predicate.review_id;
    if facts.review.as_ref().is_some_and(|found| found != review) {
        return run.failed(
            name,
            format!("The log belongs to another review than {review}."),
        );
    }
    run.passed(
        name,
        format!(
            "Each of its {} entries commits to the one before it, up to the one in the record.",
            facts.entries
        ),
    );
}

/// What the record does not name proves nothing; a reader must know which files these are.
fn note_extra_files(run: &mut Run, folder: &Path, statement: &Statement) {
    let mut known: BTreeSet<String> = bundled(statement).map(|file| file.name.clone()).collect();
    for name in [
        RECORD_FILE,
        SIGNATURE_FILE,
        INSTRUCTIONS_FILE,
        ATTRIBUTES_FILE,
    ] {
        known.insert(name.to_owned());
    }
    let extra: Vec<String> = list(folder)
        .into_iter()
        .filter(|name| !known.contains(name))
        .collect();
    for name in extra.iter().take(EXTRA_LIMIT) {
        run.notes.push(format!(
            "{} is in the folder but not in the record: the signature says nothing about it.",
            visible_line(name)
        ));
    }
    if extra.len() > EXTRA_LIMIT {
        let more = extra.len() - EXTRA_LIMIT;
        run.notes
            .push(format!("{more} more files are not in the record either."));
    }
}

/// Lists files two folders deep, which is as deep as a bundle goes; a folder below that is named as one.
fn list(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for (name, is_folder) in entries(folder) {
        if !is_folder {
            names.push(name);
            continue;
        }
        for (inner, _) in entries(&folder.join(&name)) {
            names.push(format!("{name}/{inner}"));
        }
    }
    names.sort();
    names
}

fn entries(folder: &Path) -> Vec<(String, bool)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .map(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            (entry.file_name().to_string_lossy().into_owned(), is_folder)
        })
        .collect()
}
