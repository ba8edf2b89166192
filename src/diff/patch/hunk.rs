//! One hunk of a patch: its header, and as many rows as the header announces.

use std::borrow::Cow;

use super::{Cursor, shown, without_ending};
use crate::model::{RepoPath, RowKind, Run};

/// Largest line number taken seriously; leaves room to add rows without overflow.
const MAX_LINE: u32 = 1 << 30;

/// A first line and a count, as a hunk header gives them.
type Span = (u32, u32);

/// A hunk as read, before its lines are put into texts.
#[derive(Debug, Default)]
pub(super) struct RawHunk<'a> {
    pub(super) heading: String,
    pub(super) runs: Vec<Run>,
    /// Old lines shown: number and raw bytes.
    pub(super) old: Vec<(u32, Cow<'a, [u8]>)>,
    /// New lines shown.
    pub(super) new: Vec<(u32, Cow<'a, [u8]>)>,
    /// The header's first line and count before the change; a count of 0 means nothing was there.
    pub(super) old_range: Span,
    /// The same after it.
    pub(super) new_range: Span,
}

impl RawHunk<'_> {
    /// Returns the first old line after the hunk, and the first new one.
    pub(super) fn ends(&self) -> (u32, u32) {
        let next = |range: (u32, u32), lines: &[(u32, Cow<'_, [u8]>)]| {
            lines.last().map_or(first_line(range), |(line, _)| line + 1)
        };
        (
            next(self.old_range, &self.old),
            next(self.new_range, &self.new),
        )
    }

    /// Returns the first old line of the hunk, and the first new one.
    pub(super) fn starts(&self) -> (u32, u32) {
        (first_line(self.old_range), first_line(self.new_range))
    }
}

/// Returns the line at which a side of a hunk starts; an empty side names the line before.
fn first_line((start, count): (u32, u32)) -> u32 {
    if count == 0 { start + 1 } else { start.max(1) }
}

/// Reads a hunk at the cursor, which stands on a line starting with `@@`. A header that cannot be read is reported, and
/// its rows are passed over.
pub(super) fn read_hunk<'a>(
    cursor: &mut Cursor<'a>,
    path: Option<&RepoPath>,
) -> Option<RawHunk<'a>> {
    let line = cursor.peek()?;
    let crlf = cursor.raw().is_some_and(|raw| raw.ends_with(b"\r\n"));
    let Some((old_range, new_range, heading)) = parse_header(line) else {
        let message = format!(
            "cannot read the hunk header “{}”; its rows were left out",
            shown(line)
        );
        cursor.report(path, &message);
        cursor.advance();
        skip_rows(cursor);
        return None;
    };
    let header_line = cursor.line;
    if crlf {
        cursor.saw_crlf_headers.get_or_insert(header_line);
    }
    cursor.advance();
    let mut reader = RowReader {
        hunk: RawHunk {
            heading: String::from_utf8_lossy(heading).into_owned(),
            old_range,
            new_range,
            ..RawHunk::default()
        },
        old_next: first_line(old_range),
        new_next: first_line(new_range),
        old_left: old_range.1,
        new_left: new_range.1,
        crlf,
    };
    while reader.is_open() && reader.take_row(cursor) {}
    take_end_marker(cursor, &mut reader);
    if reader.is_open() {
        let message = format!(
            "the hunk announces {} old and {} new lines, but ends {} old and {} new lines early; what is there is kept",
            old_range.1, new_range.1, reader.old_left, reader.new_left
        );
        cursor.report_at(header_line, path, &message);
    } else {
        report_surplus(cursor, path);
    }
    Some(reader.hunk)
}

/// Reads `@@ -a,b +c,d @@ heading`.
fn parse_header(line: &[u8]) -> Option<(Span, Span, &[u8])> {
    let rest = line.strip_prefix(b"@@ -")?;
    let (old, rest) = parse_range(rest)?;
    let rest = rest.strip_prefix(b" +")?;
    let (new, rest) = parse_range(rest)?;
    let heading = rest.strip_prefix(b" @@")?;
    Some((old, new, heading.trim_ascii()))
}

fn parse_range(bytes: &[u8]) -> Option<(Span, &[u8])> {
    let (start, rest) = parse_number(bytes)?;
    match rest.strip_prefix(b",") {
        Some(rest) => {
            let (count, rest) = parse_number(rest)?;
            Some(((start, count), rest))
        }
        None => Some(((start, 1), rest)),
    }
}

fn parse_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let text = std::str::from_utf8(&bytes[..digits]).ok()?;
    let number: u32 = text.parse().ok().filter(|&number| number <= MAX_LINE)?;
    Some((number, &bytes[digits..]))
}

struct RowReader<'a> {
    hunk: RawHunk<'a>,
    old_next: u32,
    new_next: u32,
    old_left: u32,
    new_left: u32,
    /// The patch itself was converted to CR LF, rows included.
    crlf: bool,
}

impl<'a> RowReader<'a> {
    fn is_open(&self) -> bool {
        self.old_left > 0 || self.new_left > 0
    }

    /// Takes the row at the cursor; tells whether there was one.
    fn take_row(&mut self, cursor: &mut Cursor<'a>) -> bool {
        let Some(raw) = cursor.raw() else {
            return false;
        };
        let taken = match raw[0] {
            b' ' if self.old_left > 0 && self.new_left > 0 => self.context(&raw[1..]),
            // Mailers strip the blank of an empty context line.
            b'\n' | b'\r' if without_ending(raw).is_empty() => {
                self.old_left > 0 && self.new_left > 0 && self.context(raw)
            }
            b'-' if self.old_left > 0 => self.removed(&raw[1..]),
            b'+' if self.new_left > 0 => self.added(&raw[1..]),
            b'\\' => self.end_without_newline(),
            _ => false,
        };
        if taken {
            cursor.advance();
        }
        taken
    }

    fn bytes(&self, raw: &'a [u8]) -> Cow<'a, [u8]> {
        match raw.strip_suffix(b"\n") {
            // The patch was cut off right here; its last row surely had an ending.
            None => Cow::Owned([raw, b"\n"].concat()),
            Some(line) if self.crlf => match line.strip_suffix(b"\r") {
                Some(line) => Cow::Owned([line, b"\n"].concat()),
                None => Cow::Borrowed(raw),
            },
            Some(_) => Cow::Borrowed(raw),
        }
    }

    fn context(&mut self, raw: &'a [u8]) -> bool {
        self.push(RowKind::Context);
        let bytes = self.bytes(raw);
        self.hunk.old.push((self.old_next, bytes.clone()));
        self.hunk.new.push((self.new_next, bytes));
        self.old_next += 1;
        self.new_next += 1;
        self.old_left -= 1;
        self.new_left -= 1;
        true
    }

    fn removed(&mut self, raw: &'a [u8]) -> bool {
        self.push(RowKind::Removed);
        self.hunk.old.push((self.old_next, self.bytes(raw)));
        self.old_next += 1;
        self.old_left -= 1;
        true
    }

    fn added(&mut self, raw: &'a [u8]) -> bool {
        self.push(RowKind::Added);
        self.hunk.new.push((self.new_next, self.bytes(raw)));
        self.new_next += 1;
        self.new_left -= 1;
        true
    }

    fn push(&mut self, kind: RowKind) {
        match self.hunk.runs.last_mut() {
            Some(run) if run.kind == kind => run.len += 1,
            _ => self.hunk.runs.push(Run {
                kind,
                old: self.old_next,
                new: self.new_next,
                len: 1,
            }),
        }
    }

    /// Takes the ending off the last row: `\ No newline at end of file`.
    fn end_without_newline(&mut self) -> bool {
        let Some(kind) = self.hunk.runs.last().map(|run| run.kind) else {
            return true;
        };
        if kind != RowKind::Added {
            strip_ending(&mut self.hunk.old);
        }
        if kind != RowKind::Removed {
            strip_ending(&mut self.hunk.new);
        }
        true
    }
}

fn strip_ending(lines: &mut [(u32, Cow<'_, [u8]>)]) {
    let Some((_, bytes)) = lines.last_mut() else {
        return;
    };
    match bytes {
        Cow::Borrowed(slice) => *slice = slice.strip_suffix(b"\n").unwrap_or(slice),
        Cow::Owned(owned) if owned.last() == Some(&b'\n') => {
            owned.pop();
        }
        Cow::Owned(_) => {}
    }
}

fn take_end_marker<'a>(cursor: &mut Cursor<'a>, reader: &mut RowReader<'a>) {
    if cursor.peek().is_some_and(|line| line.starts_with(b"\\")) {
        reader.end_without_newline();
        cursor.advance();
    }
}

/// Reports rows that stand after a hunk's announced end; the signature line of a mail is none.
fn report_surplus(cursor: &mut Cursor<'_>, path: Option<&RepoPath>) {
    let first = cursor.line;
    let mut count = 0;
    while let Some(line) = cursor.peek() {
        let header = line.starts_with(b"--- ") || line.starts_with(b"+++ ");
        let signature = line == b"-- " || line == b"--" || line == b"---";
        let row = line.starts_with(b"+") || line.starts_with(b"-");
        if !row || header || signature {
            break;
        }
        count += 1;
        cursor.advance();
    }
    if count > 0 {
        let message = format!(
            "the hunk goes on for {count} more changed lines than its header announces; they were left out"
        );
        cursor.report_at(first, path, &message);
    }
}

/// Passes over the rows of a hunk whose header cannot be read.
fn skip_rows(cursor: &mut Cursor<'_>) {
    while let Some(line) = cursor.peek() {
        let row = matches!(line.first(), Some(b' ' | b'+' | b'-' | b'\\'));
        if !row || line.starts_with(b"--- ") || line == b"-- " {
            return;
        }
        cursor.advance();
    }
}
