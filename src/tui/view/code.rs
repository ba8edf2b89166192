//! The code pane: visible rows of one file, with numbers, signs, colours, words that changed, and marks.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::layers::{Layers, skip_columns, split_piece};
use super::paint;
use crate::diff::{pairing, words};
use crate::model::{CommentTarget, FileChange, FileStatus, LineEnding, Row, RowKind, Side};
use crate::review::CriticalHunk;
use crate::support::text::{fit, fit_start, pieces, visible};
use crate::tui::document::{DocRow, Document};
use crate::tui::layout::Focus;
use crate::tui::search::Needle;
use crate::tui::state::State;
use crate::tui::theme::{Role, Theme};

/// The most bytes one column of text takes: a character of four, with eight marks of as many on it.
const BYTES_PER_COLUMN: usize = 36;

/// Draws the line above the code: the file, what happened to it, where the cursor is.
pub fn draw_heading(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let rule = super::heading_rule(state, Focus::Code);
    let Some(file) = state.file() else {
        paint::heading(frame, area, &Line::raw(""), &Line::raw(""), rule);
        return;
    };
    let right = match &state.code.document {
        Some(document) => {
            let hunk = document.hunk_at(state.code.cursor);
            format!(
                " file {}/{} · hunk {}/{} ",
                state.code.file + 1,
                state.subject.change.files.len(),
                hunk + 1,
                document.diff.hunks.len()
            )
        }
        None => " loading… ".to_owned(),
    };
    let room = usize::from(area.width).saturating_sub(right.chars().count() + 4);
    let note = status_note(file);
    let path_room = room.saturating_sub(note.chars().count() + 1).max(8);
    let path = visible(&file.path.quoted()).into_owned();
    let left = Line::from(vec![
        Span::styled(
            fit_start(&path, path_room).into_owned(),
            theme.style(super::heading_role(state, Focus::Code)),
        ),
        Span::styled(format!(" {note}"), theme.style(Role::Dim)),
    ]);
    let right = Line::from(Span::styled(right, theme.style(Role::Dim)));
    paint::heading(frame, area, &left, &right, rule);
}

fn status_note(file: &FileChange) -> String {
    let old = |file: &FileChange| {
        file.old_path
            .as_ref()
            .map_or_else(String::new, |path| visible(&path.quoted()).into_owned())
    };
    match file.status {
        FileStatus::Added => "added ".to_owned(),
        FileStatus::Deleted => "deleted ".to_owned(),
        FileStatus::Modified => match (&file.old, &file.new) {
            (Some(old), Some(new)) if old.mode != new.mode => {
                format!("mode {} → {} ", old.mode.octal(), new.mode.octal())
            }
            _ => String::new(),
        },
        FileStatus::Renamed => format!("← {} ", old(file)),
        FileStatus::Copied => format!("copy of {} ", old(file)),
        FileStatus::ModeChanged => match (&file.old, &file.new) {
            (Some(old), Some(new)) => format!("mode {} → {} ", old.mode.octal(), new.mode.octal()),
            _ => "mode changed ".to_owned(),
        },
        FileStatus::TypeChanged => "type changed ".to_owned(),
    }
}

/// Draws the visible rows.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let Some(document) = &state.code.document else {
        let text = if state.file().is_some() {
            "  Loading…"
        } else {
            "  Nothing to show."
        };
        frame.buffer_mut().set_stringn(
            area.x,
            area.y,
            text,
            usize::from(area.width),
            theme.style(Role::Dim),
        );
        return;
    };
    let Some((first, last)) = state.visible_rows() else {
        return;
    };
    let painter = Painter::new(state, document, area);
    for index in first..=last {
        let place = Rect {
            y: area.y + (index - first) as u16,
            height: 1,
            ..area
        };
        if let Some(row) = document.row(index) {
            painter.draw_row(frame, place, index, row);
        }
    }
}

/// What all rows of one frame share.
struct Painter<'a> {
    state: &'a State,
    theme: &'a Theme,
    document: &'a Document,
    /// The row below the pane.
    bottom: u16,
    /// Columns of a line number.
    digits: usize,
    needle: Option<Needle>,
    selection: Option<(u32, u32)>,
}

impl<'a> Painter<'a> {
    fn new(state: &'a State, document: &'a Document, pane: Rect) -> Self {
        let highest = document
            .diff
            .hunks
            .last()
            .map_or(0, |hunk| {
                let (old, new) = (hunk.old_span(), hunk.new_span());
                (old.0 + old.1).max(new.0 + new.1)
            })
            .max(document.diff.new.line_count());
        let digits = highest
            .to_string()
            .len()
            .max(if pane.width >= 90 { 4 } else { 3 });
        Self {
            state,
            theme: &state.look.theme,
            document,
            bottom: pane.bottom(),
            digits,
            needle: state
                .search
                .as_ref()
                .and_then(|search| Needle::new(&search.pattern)),
            selection: state.code.selection.map(|_| state.selected_rows()),
        }
    }

    fn draw_row(&self, frame: &mut Frame<'_>, area: Rect, index: u32, row: DocRow) {
        match row {
            DocRow::Heading(hunk) => self.draw_hunk_heading(frame, area, hunk),
            DocRow::Line { place, row } => self.draw_line(frame, area, index, place, row),
            DocRow::Gap(lines) => {
                let noun = if lines == 1 { "line" } else { "lines" };
                let text = format!("{:>1$} {lines} unchanged {noun}", "⋯", self.digits * 2 + 2);
                frame.buffer_mut().set_stringn(
                    area.x,
                    area.y,
                    text,
                    usize::from(area.width),
                    self.theme.style(Role::Dim),
                );
            }
            DocRow::Message => self.draw_message(frame, area),
        }
        if self.is_cursor(index) && !matches!(row, DocRow::Line { .. }) {
            let style = self.theme.style(Role::Cursor);
            frame.buffer_mut().set_style(area, style);
        }
    }

    fn is_cursor(&self, index: u32) -> bool {
        index == self.state.code.cursor && self.state.focus == Focus::Code
    }

    /// Says why a file has no lines, over as many rows as the pane has.
    fn draw_message(&self, frame: &mut Frame<'_>, area: Rect) {
        let text = format!("  {}", visible(&self.document.message()));
        let lines = crate::support::text::wrap(&text, usize::from(area.width.max(1)));
        for (line, y) in lines.iter().zip(area.y..self.bottom) {
            frame.buffer_mut().set_stringn(
                area.x,
                y,
                line,
                usize::from(area.width),
                self.theme.style(Role::Text),
            );
        }
    }

    fn draw_hunk_heading(&self, frame: &mut Frame<'_>, area: Rect, hunk: usize) {
        let facts = &self.document.diff.hunks[hunk];
        let path = self.state.file().map(|file| file.path.clone());
        let read = path.is_some_and(|path| {
            self.state.snapshot.review.is_read(&crate::model::ReadMark {
                path,
                hunk: hunk as u32 + 1,
                digest: facts.digest,
            })
        });
        let (first, count) = facts.new_span();
        let span = if count == 0 {
            let (first, count) = facts.old_span();
            format!("old lines {first}–{}", first + count.max(1) - 1)
        } else {
            format!("lines {first}–{}", first + count - 1)
        };
        let text = format!(
            " hunk {} · {span} · +{} −{}  ",
            hunk + 1,
            facts.count(RowKind::Added),
            facts.count(RowKind::Removed)
        );
        let critical = self
            .state
            .critical_here()
            .find(|critical| critical.mark.hunk as usize == hunk + 1)
            .map(CriticalHunk::surfaces);
        let mark = match (&critical, read) {
            (Some(surfaces), true) => format!(" ‼ {} ✓ read ", visible(surfaces)),
            (Some(surfaces), false) => format!(" ‼ {}: to be read ", visible(surfaces)),
            (None, true) => " ✓ read ".to_owned(),
            (None, false) => String::new(),
        };
        let ground = self.theme.style(Role::Heading);
        let room =
            usize::from(area.width).saturating_sub(text.chars().count() + mark.chars().count());
        let left = Line::from(vec![
            Span::styled(text, self.theme.style(Role::Heading)),
            Span::styled(
                fit(&visible(facts.heading.trim()), room).into_owned(),
                paint::over(ground, self.theme.style(Role::Dim)),
            ),
        ]);
        let role = if read { Role::Good } else { Role::Warn };
        let style = paint::over(ground, self.theme.style(role));
        let right = Line::from(Span::styled(mark, style));
        paint::ends(frame, area, &left, &right, ground);
    }

    fn draw_line(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        index: u32,
        place: Option<(usize, u32)>,
        row: Row,
    ) {
        let selected = self
            .selection
            .is_some_and(|(first, last)| (first..=last).contains(&index));
        let (sign, tint) = match row.kind {
            RowKind::Context => (" ", Role::Text),
            RowKind::Added => ("+", Role::Added),
            RowKind::Removed => ("−", Role::Removed),
        };
        let buffer = frame.buffer_mut();
        buffer.set_style(area, self.theme.style(tint));
        if selected {
            buffer.set_style(area, self.theme.style(Role::Selection));
        }
        if self.is_cursor(index) {
            buffer.set_style(area, self.theme.style(Role::Cursor));
        }
        let number = |line: Option<crate::model::LineNo>| {
            line.map_or_else(String::new, |line| line.to_string())
        };
        let (mark, mark_role) = self.line_mark(row);
        // Without colours the cursor and the selection would look the same.
        let pointer = if self.is_cursor(index) {
            "▸"
        } else if selected {
            "┃"
        } else {
            " "
        };
        let gutter = Line::from(vec![
            Span::styled(
                format!(
                    "{:>3$} {:>3$}{}",
                    number(row.old),
                    number(row.new),
                    pointer,
                    self.digits
                ),
                self.theme.style(Role::LineNumber),
            ),
            Span::styled(sign, self.theme.style(sign_role(row.kind))),
            Span::styled(mark, self.theme.style(mark_role)),
        ]);
        let used = gutter.width() as u16;
        buffer.set_line(area.x, area.y, &gutter, area.width);
        let text = Rect {
            x: area.x + used.min(area.width),
            width: area.width.saturating_sub(used),
            ..area
        };
        self.draw_text(frame, text, place, row);
    }

    /// A finding's or a comment's place is marked beside the sign.
    fn line_mark(&self, row: Row) -> (&'static str, Role) {
        let Some(file) = self.state.file() else {
            return (" ", Role::Text);
        };
        let on_row = |anchor: &crate::model::Anchor| anchor.shows(&file.path, row);
        let review = &self.state.snapshot.review;
        if review
            .findings
            .iter()
            .any(|state| state.finding.evidence.iter().any(on_row))
        {
            return ("⚑", Role::Bad);
        }
        let commented = review
            .comments
            .iter()
            .any(|state| match &state.comment.target {
                CommentTarget::Lines(anchor) => on_row(anchor),
                CommentTarget::Review | CommentTarget::Item(_) | CommentTarget::File(_) => false,
            });
        if commented {
            ("✎", Role::Warn)
        } else {
            (" ", Role::Text)
        }
    }

    fn draw_text(&self, frame: &mut Frame<'_>, area: Rect, place: Option<(usize, u32)>, row: Row) {
        let whole = self.document.diff.line_of(row);
        let left = self.state.code.left;
        // No more of a very long line is looked at than can be on the screen, however many bytes a column takes.
        let most = left
            .saturating_add(usize::from(area.width) + 16)
            .saturating_mul(BYTES_PER_COLUMN);
        let line = &whole[..whole.len().min(most)];
        let layers = self.layers(line, place, row);
        let mut column = 0;
        let mut x = area.x;
        for piece in pieces(line, self.state.look.tab) {
            for (text, source, columns) in split_piece(&piece, &layers) {
                let start = column;
                column += columns;
                if column <= left || x >= area.right() {
                    continue;
                }
                let shown = if start < left {
                    skip_columns(&text, left - start)
                } else {
                    text
                };
                let style = layers.style(self.theme, &source, piece.kind);
                let room = usize::from(area.right() - x);
                x = frame
                    .buffer_mut()
                    .set_stringn(x, area.y, &shown, room, style)
                    .0;
            }
        }
        self.draw_edges(
            frame,
            area,
            row,
            left,
            column > left + usize::from(area.width) || line.len() < whole.len(),
            x,
        );
    }

    /// Says where a line goes on beyond the screen, and what its end is where that matters.
    fn draw_edges(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        row: Row,
        left: usize,
        more: bool,
        end: u16,
    ) {
        let style = self.theme.style(Role::Dim);
        let buffer = frame.buffer_mut();
        if left > 0 && area.width > 0 {
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

    fn layers(&self, line: &[u8], place: Option<(usize, u32)>, row: Row) -> Layers {
        let (side, number) = match row.kind {
            RowKind::Removed => (Side::Old, row.old),
            RowKind::Context | RowKind::Added => (Side::New, row.new),
        };
        let code = number
            .and_then(|line| self.state.code.colours.spans.get(&(side, line.0)))
            .cloned()
            .unwrap_or_default();
        let changed = match (row.kind, place) {
            (RowKind::Context, _) | (_, None) => Vec::new(),
            (_, Some((hunk, index))) => self.changed_words(hunk, index, row),
        };
        Layers {
            code: code
                .into_iter()
                .map(|span| (span.range, span.role))
                .collect(),
            changed,
            changed_role: if row.kind == RowKind::Removed {
                Role::RemovedWord
            } else {
                Role::AddedWord
            },
            matches: self
                .needle
                .as_ref()
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

fn sign_role(kind: RowKind) -> Role {
    match kind {
        RowKind::Context => Role::Text,
        RowKind::Added => Role::AddedSign,
        RowKind::Removed => Role::RemovedSign,
    }
}
