//! Patch text → files, hunks and texts. Total: any bytes give a result, and what could not be read is said with the line
//! of the patch it stands on. Knows git's extended headers and plain unified diffs; owns neither blobs nor repositories.

mod assemble;
mod header;
mod hunk;
mod section;

use std::borrow::Cow;

use crate::model::{FileChange, FileDiff, Problem, RepoPath};
use section::Section;

/// Most problems that are listed one by one.
const MAX_PROBLEMS: usize = 100;
/// Largest patch that is read, in bytes: texts index their bytes with 32 bits.
pub const MAX_PATCH_BYTES: usize = 1 << 30;

/// A patch, read.
#[derive(Debug, Clone, Default)]
pub struct ParsedPatch {
    /// The files, by path; each path once.
    pub files: Vec<PatchFile>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// One file of a patch.
#[derive(Debug, Clone)]
pub struct PatchFile {
    /// What happened to it. A version is named by its full git id where the patch states one, otherwise by the SHA-256 of
    /// what the patch shows of it.
    pub change: FileChange,
    /// Its rows, over the lines the patch shows; an added or deleted file's text is whole.
    pub diff: FileDiff,
    /// The blob ids of the `index` line as written, old and new, perhaps abbreviated; lower-case hexadecimal digits.
    pub named: (Option<String>, Option<String>),
}

/// Reads a patch: git's or a plain unified one, with anything (mail headers, commit messages) around it.
pub fn parse_patch(bytes: &[u8]) -> ParsedPatch {
    if bytes.len() > MAX_PATCH_BYTES {
        let message = "the patch is larger than 1 GiB and was not read: review the commits or the folder instead";
        return ParsedPatch {
            files: Vec::new(),
            problems: vec![Problem {
                path: None,
                message: message.to_owned(),
            }],
        };
    }
    let mut cursor = Cursor::new(bytes);
    let mut sections: Vec<Section<'_>> = Vec::new();
    while let Some(line) = cursor.peek() {
        if line.starts_with(b"diff --git ") {
            sections.extend(section::read_git(&mut cursor));
        } else if line.starts_with(b"diff --cc ") || line.starts_with(b"diff --combined ") {
            section::skip_combined(&mut cursor);
        } else if section::is_plain_start(&cursor) {
            sections.extend(section::read_plain(&mut cursor));
        } else if let Some(binary) = section::read_plain_binary(&mut cursor) {
            sections.push(binary);
        } else if line.starts_with(b"Only in ") && sections.iter().all(|section| !section.git) {
            section::report_only_in(&mut cursor);
        } else if line.starts_with(b"@@ -") {
            let message =
                "this hunk has no file header (--- and +++ lines) before it and was left out";
            cursor.report(None, message);
            cursor.advance();
        } else if let Some(message) = section::unread_change(line) {
            // Every line of a coloured patch is one: said once.
            let is_new = |problem: &Problem| !problem.message.ends_with(message);
            if cursor.problems.last().is_none_or(is_new) {
                cursor.report(None, message);
            }
            cursor.advance();
        } else {
            cursor.advance();
        }
    }
    let crlf = cursor.saw_crlf_headers;
    let mut problems = std::mem::take(&mut cursor.problems);
    if let Some(line) = crlf {
        problems.push(Problem {
            path: None,
            message: format!(
                "line {line} of the patch: its own header lines end in CR LF, so the line endings of the files cannot be \
                 told; they are shown as LF"
            ),
        });
    }
    let files = assemble::assemble(sections, &mut problems);
    ParsedPatch {
        files,
        problems: cut(problems),
    }
}

fn cut(mut problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() > MAX_PROBLEMS {
        let more = problems.len() - MAX_PROBLEMS;
        problems.truncate(MAX_PROBLEMS);
        problems.push(Problem {
            path: None,
            message: format!("{more} more problems in the patch are not listed"),
        });
    }
    problems
}

/// The lines of the patch, and what was found wrong on the way.
struct Cursor<'a> {
    bytes: &'a [u8],
    /// Where the current line starts.
    at: usize,
    /// The number of the current line, from 1.
    line: usize,
    problems: Vec<Problem>,
    /// The line of the first file header that ends in CR LF: the patch itself was converted.
    saw_crlf_headers: Option<usize>,
}

impl<'a> Cursor<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
            problems: Vec::new(),
            saw_crlf_headers: None,
        }
    }

    /// Returns the bytes of the current line with its ending.
    fn raw(&self) -> Option<&'a [u8]> {
        line_at(self.bytes, self.at)
    }

    /// Returns the current line without its ending.
    fn peek(&self) -> Option<&'a [u8]> {
        self.raw().map(without_ending)
    }

    /// Returns the line `ahead` lines after the current one, without its ending.
    fn peek_ahead(&self, ahead: usize) -> Option<&'a [u8]> {
        let mut at = self.at;
        for _ in 0..ahead {
            at += line_at(self.bytes, at)?.len();
        }
        line_at(self.bytes, at).map(without_ending)
    }

    fn advance(&mut self) {
        if let Some(line) = self.raw() {
            self.at += line.len();
            self.line += 1;
        }
    }

    /// Reports a problem at the current line.
    fn report(&mut self, path: Option<&RepoPath>, message: &str) {
        self.report_at(self.line, path, message);
    }

    fn report_at(&mut self, line: usize, path: Option<&RepoPath>, message: &str) {
        self.problems.push(Problem {
            path: path.cloned(),
            message: format!("line {line} of the patch: {message}"),
        });
    }
}

fn line_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
    Some(&rest[..end])
}

fn without_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Makes a short piece of the patch fit for a message.
fn shown(bytes: &[u8]) -> String {
    let text: Cow<'_, str> = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]);
    text.escape_debug().to_string()
}

#[cfg(test)]
mod tests;
