//! Colours of the lines that are on the screen, and of no others.

use std::cmp::Reverse;
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use tree_sitter::{QueryCursor, QueryCursorOptions, StreamingIterator as _};

use super::CodeRole;
use super::grammar::{self, Highlights, Paint};
use super::parse::{Parsed, Stretch};
use crate::model::{FileText, LineNo};

/// How much of a line is coloured, in bytes; the rest of a longer one is plain.
pub const LINE_LIMIT: usize = 16 << 10;

/// How long colouring one call's lines may take before the rest stays plain.
const TIME_LIMIT: Duration = Duration::from_millis(200);

/// How many unfinished matches a query may hold; hostile nesting would make it hold millions.
const MATCH_LIMIT: u32 = 1024;

/// A coloured part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its bytes, counted from the start of the line; never beyond the line's ending, never empty. May begin or end
    /// inside a character where the text is no UTF-8.
    pub range: Range<usize>,
    /// What it is.
    pub role: CodeRole,
}

/// Returns the colours of each line of a half-open range, in order; none for a line that is not known, or when the text
/// is not the one that was parsed. Spans of a line are sorted and do not overlap; code between them has no role.
pub fn spans(parsed: &Parsed, text: &FileText, lines: Range<LineNo>) -> Vec<Vec<Span>> {
    let numbers = lines.start.0..lines.end.0;
    let Some(highlights) = grammar::highlights(parsed.language).filter(|_| parsed.is_of(text))
    else {
        return numbers.map(|_| Vec::new()).collect();
    };
    // After the query is compiled, which may take longer than the limit the first time.
    let started = Instant::now();
    let shown: Vec<Option<Range<usize>>> = numbers
        .map(|line| coloured_range(text, LineNo(line)))
        .collect();
    let mut roles = Roles::default();
    for window in windows(&shown) {
        for stretch in &parsed.stretches {
            let start = window.start.max(stretch.range.start);
            let end = window.end.min(stretch.range.end);
            if start < end && started.elapsed() < TIME_LIMIT {
                roles.push(
                    start,
                    paint(highlights, parsed, stretch, start..end, started),
                );
            }
        }
    }
    shown
        .into_iter()
        .map(|line| line.map_or_else(Vec::new, |line| roles.spans(line)))
        .collect()
}

/// Returns the bytes of a line that are coloured: without its ending, and not beyond the limit.
fn coloured_range(text: &FileText, line: LineNo) -> Option<Range<usize>> {
    let start = text.range(line)?.start;
    let len = text.line(line)?.len().min(LINE_LIMIT);
    Some(start..start + len)
}

/// Joins lines into windows that are queried at once; a gap or a line cut short begins a new one.
fn windows(lines: &[Option<Range<usize>>]) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for line in lines.iter().flatten() {
        match windows.last_mut() {
            // Two bytes for a line ending.
            Some(last) if line.start <= last.end + 2 => last.end = line.end,
            Some(_) | None => windows.push(line.clone()),
        }
    }
    windows
}

/// A capture, in bytes of the text.
struct Capture {
    range: Range<usize>,
    paint: Paint,
    pattern: usize,
}

/// Returns the role of every byte of a window.
fn paint(
    highlights: &Highlights,
    parsed: &Parsed,
    stretch: &Stretch,
    window: Range<usize>,
    started: Instant,
) -> Vec<Option<CodeRole>> {
    let mut captures = captures(highlights, parsed, stretch, &window, started);
    captures.sort_by_key(|capture| {
        let Range { start, end } = capture.range;
        let is_own = capture.pattern >= highlights.own_from;
        (
            start,
            Reverse(end),
            is_own,
            capture.paint.rank,
            capture.pattern,
        )
    });
    let mut roles = vec![None; window.len()];
    for capture in captures {
        let start = capture.range.start.max(window.start) - window.start;
        let end = capture
            .range
            .end
            .min(window.end)
            .saturating_sub(window.start);
        if start < end {
            roles[start..end].fill(capture.paint.role);
        }
    }
    roles
}

fn captures(
    highlights: &Highlights,
    parsed: &Parsed,
    stretch: &Stretch,
    window: &Range<usize>,
    started: Instant,
) -> Vec<Capture> {
    let offset = stretch.range.start;
    let bytes = &parsed.bytes[stretch.range.clone()];
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(MATCH_LIMIT);
    cursor.set_byte_range(window.start - offset..window.end - offset);
    let mut give_up = |_: &tree_sitter::QueryCursorState| {
        if started.elapsed() > TIME_LIMIT {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let options = QueryCursorOptions::new().progress_callback(&mut give_up);
    let root = stretch.tree.root_node();
    let mut matches = cursor.matches_with_options(&highlights.query, root, bytes, options);
    let mut captures = Vec::new();
    while let Some(found) = matches.next() {
        for capture in found.captures() {
            let node = capture.node.byte_range();
            if let Some(paint) = highlights.paints[capture.index as usize] {
                captures.push(Capture {
                    range: node.start + offset..node.end + offset,
                    paint,
                    pattern: found.pattern_index,
                });
            }
        }
    }
    captures
}

/// The roles of the bytes of all windows.
#[derive(Default)]
struct Roles {
    windows: Vec<(usize, Vec<Option<CodeRole>>)>,
}

impl Roles {
    fn push(&mut self, start: usize, roles: Vec<Option<CodeRole>>) {
        self.windows.push((start, roles));
    }

    /// Returns the spans of a line given by its bytes in the text.
    fn spans(&self, line: Range<usize>) -> Vec<Span> {
        let after = self
            .windows
            .partition_point(|(start, _)| *start <= line.start);
        let Some((start, roles)) = after
            .checked_sub(1)
            .and_then(|index| self.windows.get(index))
        else {
            return Vec::new();
        };
        let from = (line.start - start).min(roles.len());
        let to = (line.end - start).min(roles.len());
        let mut at = 0;
        let mut spans = Vec::new();
        for run in roles[from..to].chunk_by(PartialEq::eq) {
            if let Some(role) = run[0] {
                spans.push(Span {
                    range: at..at + run.len(),
                    role,
                });
            }
            at += run.len();
        }
        spans
    }
}
