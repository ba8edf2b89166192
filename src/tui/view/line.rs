//! The text of one line of code: colours, words that changed, matches, and where it goes on beyond the screen.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::layers::{Layers, skip_columns, split_piece};
use crate::diff::{pairing, words};
use crate::model::{LineEnding, Row, RowKind, Side};
use crate::support::text::pieces;
use crate::tui::document::Document;
use crate::tui::rows::BYTES_PER_COLUMN;
use crate::tui::search::Needle;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// A line to draw.
pub struct LineText<'a> {
    /// The screen.
    pub state: &'a State,
    /// The file.
    pub document: &'a Document,
    /// What is searched for.
    pub needle: Option<&'a Needle>,
    /// The hunk, and the row in it.
    pub place: Option<(usize, u32)>,
    /// The line.
    pub row: Row,
}

/// Returns the byte from which a line can be drawn as if it began there, `left` columns in: there is one where every byte
/// up to the right edge is a column of its own, as in most long lines.
fn plain_start(line: &[u8], left: usize, columns: usize) -> usize {
    /// Below this the whole beginning is looked at anyway.
    const FAR: usize = 1_024;
    let end = left.saturating_add(columns).min(line.len());
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    if left < FAR || left >= line.len() || !line[..end].iter().all(is_plain) {
        return 0;
    }
    left
}

/// What of a line is drawn: columns, and where.
struct Window {
    left: usize,
    /// The columns after it belong to another row of the screen.
    until: Option<usize>,
}

impl LineText<'_> {
    /// Draws the line in one row, scrolled by `left` columns.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, left: usize) {
        self.draw_window(frame, area, &Window { left, until: None });
    }

    /// Draws the line in as many rows as the area has, each from one of the breaks on.
    pub fn draw_wrapped(&self, frame: &mut Frame<'_>, area: Rect, breaks: &[usize]) {
        for (number, &left) in breaks.iter().enumerate() {
            let row = Rect {
                y: area.y + number as u16,
                height: 1,
                ..area
            };
            if row.y >= area.bottom() {
                return;
            }
            let until = breaks.get(number + 1).copied();
            self.draw_window(frame, row, &Window { left, until });
        }
    }

    fn draw_window(&self, frame: &mut Frame<'_>, area: Rect, window: &Window) {
        let whole = self.document.diff.line_of(self.row);
        let left = window.left;
        let columns = usize::from(area.width) + 16;
        let base = plain_start(whole, left, columns);
        // No more of a very long line is looked at than can be on the screen, however many bytes a column takes.
        let most = (left - base)
            .saturating_add(columns)
            .saturating_mul(BYTES_PER_COLUMN);
        let line = &whole[base..whole.len().min(base.saturating_add(most))];
        let layers = self.layers(line, base);
        let theme = &self.state.look.theme;
        let mut column = base;
        let mut x = area.x;
        for piece in pieces(line, self.state.look.tab) {
            if column > left + usize::from(area.width) {
                break;
            }
            for (text, source, columns) in split_piece(&piece, &layers) {
                let start = column;
                column += columns;
                if column <= left
                    || x >= area.right()
                    || window.until.is_some_and(|end| start >= end)
                {
                    continue;
                }
                let shown = if start < left {
                    skip_columns(&text, left - start)
                } else {
                    text
                };
                let style = layers.style(theme, &source, piece.kind);
                let end = window.until.unwrap_or(usize::MAX);
                let room = usize::from(area.right() - x).min(end - start.max(left));
                x = frame
                    .buffer_mut()
                    .set_stringn(x, area.y, &shown, room, style)
                    .0;
            }
        }
        let goes_on = column > left + usize::from(area.width) || base + line.len() < whole.len();
        if window.until.is_none() {
            // What is not there, or blank, is not missed.
            let is_missed = |byte: &u8| !byte.is_ascii_whitespace();
            let scrolled = !self.state.view.wrap && whole.iter().take(left).any(is_missed);
            self.draw_edges(frame, area, scrolled, goes_on, x);
        }
    }

    /// Says where a line goes on beyond the screen, and what its end is where that matters.
    fn draw_edges(&self, frame: &mut Frame<'_>, area: Rect, scrolled: bool, more: bool, end: u16) {
        let row = self.row;
        let style = self.state.look.theme.style(Role::Dim);
        let buffer = frame.buffer_mut();
        if scrolled && area.width > 0 {
            // The other half of a wide letter keeps its ground.
            let first = buffer[(area.x, area.y)].clone();
            if area.width > 1 && crate::support::text::width(first.symbol()) > 1 {
                buffer[(area.x + 1, area.y)].set_style(first.style());
            }
            buffer.set_string(area.x, area.y, "‹", style);
        }
        if more && area.width > 1 {
            let edge = area.right() - 1;
            // A wide letter that reaches into the last column would hide the mark.
            let before = &mut buffer[(edge - 1, area.y)];
            if crate::support::text::width(before.symbol()) > 1 {
                before.set_symbol(" ");
            }
            buffer.set_string(edge, area.y, "›", style);
            return;
        }
        let text = match row.kind {
            RowKind::Removed => row.old.and_then(|line| self.document.diff.old.ending(line)),
            RowKind::Context | RowKind::Added => {
                row.new.and_then(|line| self.document.diff.new.ending(line))
            }
        };
        let note = match text {
            Some(LineEnding::CrLf) if row.kind != RowKind::Context => "␍",
            Some(LineEnding::Missing) => " ⊘ no newline at the end",
            _ => return,
        };
        let room = usize::from(area.right().saturating_sub(end));
        buffer.set_stringn(end, area.y, note, room, style);
    }

    /// Returns what lies over a part of the line that begins at byte `base`.
    fn layers(&self, line: &[u8], base: usize) -> Layers {
        let within = |range: Range<usize>| {
            (range.end > base).then(|| range.start.saturating_sub(base)..range.end - base)
        };
        let row = self.row;
        let (side, number) = match row.kind {
            RowKind::Removed => (Side::Old, row.old),
            RowKind::Context | RowKind::Added => (Side::New, row.new),
        };
        let code = number
            .and_then(|line| self.state.code.colours.spans.get(&(side, line.0)))
            .cloned()
            .unwrap_or_default();
        let changed = match (row.kind, self.place) {
            (RowKind::Context, _) | (_, None) => Vec::new(),
            (_, Some((hunk, index))) => self.changed_words(hunk, index, row),
        };
        Layers {
            code: code
                .into_iter()
                .filter_map(|span| Some((within(span.range)?, span.role)))
                .collect(),
            changed: changed.into_iter().filter_map(within).collect(),
            changed_role: if row.kind == RowKind::Removed {
                Role::RemovedWord
            } else {
                Role::AddedWord
            },
            matches: self
                .needle
                .map_or_else(Vec::new, |needle| needle.ranges(line)),
        }
    }

    fn changed_words(&self, hunk: usize, index: u32, row: Row) -> Vec<Range<usize>> {
        let hunk = &self.document.diff.hunks[hunk];
        let Some(partner) = pairing::partner(hunk, index).and_then(|at| hunk.row(at)) else {
            return Vec::new();
        };
        let line = |row: Row| std::str::from_utf8(self.document.diff.line_of(row)).ok();
        let (Some(own), Some(other)) = (line(row), line(partner)) else {
            return Vec::new();
        };
        let changes = match row.kind {
            RowKind::Removed => words::word_changes(own, other).map(|changes| changes.old),
            RowKind::Added | RowKind::Context => {
                words::word_changes(other, own).map(|changes| changes.new)
            }
        };
        changes.unwrap_or_default()
    }
}
