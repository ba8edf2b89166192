//! The code pane: visible rows of one file, with numbers, signs, colours, words that changed, and marks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::line::LineText;
use super::paint;
use crate::model::{CommentTarget, FileChange, FileStatus, LineNo, Row, RowKind, Side};
use crate::review::CriticalHunk;
use crate::support::text::{fit, fit_start, visible};
use crate::syntax::Symbol;
use crate::tui::document::{DocRow, Document};
use crate::tui::layout::Focus;
use crate::tui::marks;
use crate::tui::rows::Measure;
use crate::tui::search::Needle;
use crate::tui::state::State;
use crate::tui::sticky;
use crate::tui::theme::{Role, Theme};

/// Draws the line above the code: the file, what happened to it, where the cursor is.
pub fn draw_heading(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let rule = super::heading_rule(state, Focus::Code);
    let Some(file) = state.file() else {
        paint::heading(frame, area, &Line::raw(""), &Line::raw(""), rule);
        return;
    };
    let right = match (&state.code.document, state.lens()) {
        (_, Some(lens)) => super::lens::position(state, lens),
        (Some(document), None) => {
            let hunk = document.hunk_at(state.code.cursor);
            format!(
                " file {}/{} · hunk {}/{}{} ",
                state.code.file + 1,
                state.subject.change.files.len(),
                hunk + 1,
                document.diff.hunks.len(),
                hint_position(state)
            )
        }
        (None, None) => " loading… ".to_owned(),
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
    let mut left = left;
    let left_room = room.saturating_sub(left.width());
    if let Some(symbol) = name_around(state)
        && left_room >= 12
    {
        left.push_span(Span::styled(
            format!("› {} ", fit(&symbol.text, left_room.saturating_sub(4))),
            theme.style(Role::Text),
        ));
    }
    let right = Line::from(Span::styled(right, theme.style(Role::Dim)));
    paint::heading(frame, area, &left, &right, rule);
}

/// Which of the item's hints the cursor is on, and how many there are.
fn hint_position(state: &State) -> String {
    let listed = state.board.listed(state.item);
    if listed.is_empty() {
        return String::new();
    }
    let current = state.board.current_at();
    let at = current.and_then(|current| listed.iter().position(|&at| at == current));
    match at {
        Some(at) => format!(" · hint {}/{}", at + 1, listed.len()),
        None => format!(" · hint –/{}", listed.len()),
    }
}

/// The innermost name around the first line, where the pane has no row of its own for it.
fn name_around(state: &State) -> Option<&Symbol> {
    let document = state.code.document.as_ref()?;
    let pane = state.areas()?.code;
    if sticky::header_row(state, pane, state.code.top).is_some() {
        return None;
    }
    sticky::around(state, document, state.code.top)
        .last()
        .copied()
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
    let area = draw_header_row(frame, area, state);
    // The terminal may have shrunk since the state last heard of its size.
    let last = last.min((first + u32::from(area.height)).saturating_sub(1));
    if area.height == 0 {
        return;
    }
    let painter = Painter::new(state, document, area);
    let mut y = area.y;
    let mut index = first;
    // The row after the last whole one fills what is left of the pane.
    while y < area.bottom()
        && index <= last.saturating_add(1)
        && let Some(row) = document.row(index)
    {
        let height = painter.measure.height(index) as u16;
        let place = Rect {
            y,
            height: height.min(area.bottom() - y),
            ..area
        };
        painter.draw_row(frame, place, index, row);
        y += place.height;
        index += 1;
    }
}

/// Draws the names around the first line, and returns what is left of the pane.
fn draw_header_row(frame: &mut Frame<'_>, pane: Rect, state: &State) -> Rect {
    let Some(names) = sticky::header_row(state, pane, state.code.top) else {
        return pane;
    };
    let theme = &state.look.theme;
    let ground = theme.style(Role::Heading);
    let dim = paint::over(ground, theme.style(Role::Dim));
    let digits = state.code.document.as_ref().map_or(0, |document| {
        let geometry = state.measure(document, pane).geometry;
        match geometry.left {
            None => geometry.digits * 2 + 1,
            Some(_) => geometry.digits,
        }
    });
    let line = names
        .last()
        .map_or_else(String::new, |symbol| symbol.line.to_string());
    let mut spans = vec![Span::styled(format!("{line:>digits$}   "), dim)];
    for (at, symbol) in names.iter().enumerate() {
        if at > 0 {
            spans.push(Span::styled(" › ", dim));
        }
        spans.push(Span::styled(symbol.text.as_str(), ground));
    }
    let row = Rect { height: 1, ..pane };
    paint::ends(frame, row, &Line::from(spans), &Line::default(), ground);
    sticky::code_rows(state, pane, state.code.top)
}

/// What all rows of one frame share.
struct Painter<'a> {
    state: &'a State,
    theme: &'a Theme,
    document: &'a Document,
    /// The row below the pane.
    bottom: u16,
    measure: Measure<'a>,
    needle: Option<Needle>,
    selection: Option<(u32, u32)>,
}

impl<'a> Painter<'a> {
    fn new(state: &'a State, document: &'a Document, pane: Rect) -> Self {
        Self {
            state,
            theme: &state.look.theme,
            document,
            bottom: pane.bottom(),
            measure: state.measure(document, pane),
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
                let indent = self.measure.geometry.digits * 2 + 2;
                let text = format!("{:>indent$} {lines} unchanged {noun}", "⋯");
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
        let mut from = area.y;
        if let Some((critical, role)) = self.folded_surfaces() {
            let (style, columns) = (self.theme.style(role), usize::from(area.width));
            let buffer = frame.buffer_mut();
            buffer.set_stringn(area.x, from, critical, columns, style);
            from += 1;
        }
        for (line, y) in lines.iter().zip(from..self.bottom) {
            frame.buffer_mut().set_stringn(
                area.x,
                y,
                line,
                usize::from(area.width),
                self.theme.style(Role::Text),
            );
        }
    }

    /// Says which critical surfaces a folded file touches, and whether all their hunks are read.
    fn folded_surfaces(&self) -> Option<(String, Role)> {
        self.document.folded.as_ref()?;
        let hunks: Vec<&CriticalHunk> = self.state.critical_here().collect();
        let unread = hunks.iter().filter(|hunk| hunk.readers.is_empty()).count();
        let mut surfaces: Vec<String> = hunks.iter().map(|hunk| hunk.surfaces()).collect();
        surfaces.sort();
        surfaces.dedup();
        let surfaces = visible(&surfaces.join(", ")).into_owned();
        match (hunks.len(), unread) {
            (0, _) => None,
            (_, 0) => Some((format!("  ‼ {surfaces} ✓ read"), Role::Good)),
            (_, 1) => Some((format!("  ‼ {surfaces}: 1 hunk to be read"), Role::Warn)),
            (_, n) => Some((format!("  ‼ {surfaces}: {n} hunks to be read"), Role::Warn)),
        }
    }

    fn draw_hunk_heading(&self, frame: &mut Frame<'_>, area: Rect, hunk: usize) {
        let facts = &self.document.diff.hunks[hunk];
        let path = self.state.file().map(|file| file.path.clone());
        let number = self.state.hunk_in_change(hunk);
        let read = path.zip(number).is_some_and(|(path, hunk)| {
            self.state.snapshot.review.is_read(&crate::model::ReadMark {
                path,
                hunk,
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
            .find(|critical| Some(critical.mark.hunk) == number)
            .map(CriticalHunk::surfaces);
        let mark = match (&critical, read) {
            (Some(surfaces), true) => format!(" ‼ {} ✓ read ", visible(surfaces)),
            (Some(surfaces), false) => format!(" ‼ {}: to be read ", visible(surfaces)),
            (None, true) => " ✓ read ".to_owned(),
            (None, false) => String::new(),
        };
        let folded = if self.document.blank.contains(&hunk) {
            " only blanks, folded "
        } else {
            super::lens::hunk_note(self.state, hunk)
        };
        let mark = format!("{folded}{mark}");
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
        let geometry = self.measure.geometry;
        let beside = self.document.beside(index);
        let Some(left) = geometry.left else {
            return self.draw_side(frame, area, index, place, row);
        };
        let part = |column: Rect| Rect {
            x: column.x,
            width: column.width,
            ..area
        };
        super::paint::column(
            frame,
            Rect {
                x: left.right(),
                width: 1,
                ..area
            },
            self.theme.style(Role::Border),
        );
        let (left, right) = (part(left), part(geometry.main));
        match (row.kind, beside) {
            (RowKind::Removed, _) => {
                self.draw_side(frame, left, index, place, row);
                self.draw_absent(frame, right, index);
            }
            (RowKind::Added, None) => {
                self.draw_absent(frame, left, index);
                self.draw_side(frame, right, index, place, row);
            }
            (RowKind::Added, Some((at, removed))) => {
                let hunk = place.map(|(hunk, _)| (hunk, at));
                self.draw_side(frame, left, index, hunk, removed);
                self.draw_side(frame, right, index, place, row);
            }
            (RowKind::Context, _) => {
                self.draw_side(frame, left, index, place, row);
                self.draw_side(frame, right, index, place, row);
            }
        }
    }

    /// The side that has no line here.
    fn draw_absent(&self, frame: &mut Frame<'_>, area: Rect, index: u32) {
        self.draw_ground(frame, area, index, Role::Text);
    }

    fn is_selected(&self, index: u32) -> bool {
        self.selection
            .is_some_and(|(first, last)| (first..=last).contains(&index))
    }

    fn draw_ground(&self, frame: &mut Frame<'_>, area: Rect, index: u32, tint: Role) {
        let buffer = frame.buffer_mut();
        buffer.set_style(area, self.theme.style(tint));
        if self.is_selected(index) {
            buffer.set_style(area, self.theme.style(Role::Selection));
        }
        if self.is_cursor(index) {
            buffer.set_style(area, self.theme.style(Role::Cursor));
        }
    }

    /// Draws one line: numbers, sign, mark, text.
    fn draw_side(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        index: u32,
        place: Option<(usize, u32)>,
        row: Row,
    ) {
        let (sign, tint) = match row.kind {
            RowKind::Context => (" ", Role::Text),
            RowKind::Added if self.is_moved(row) => ("»", Role::Added),
            RowKind::Removed if self.is_moved(row) => ("«", Role::Removed),
            RowKind::Added => ("+", Role::Added),
            RowKind::Removed => ("−", Role::Removed),
        };
        self.draw_ground(frame, area, index, tint);
        // Without colours the cursor and the selection would look the same.
        let pointer = if self.is_cursor(index) {
            "▸"
        } else if self.is_selected(index) {
            "┃"
        } else {
            " "
        };
        let (mark, mark_role) = self.line_mark(row);
        let numbers = self.numbers(area, row);
        let gutter = Line::from(vec![
            Span::styled(
                format!("{numbers}{pointer}"),
                self.theme.style(Role::LineNumber),
            ),
            Span::styled(sign, self.sign_style(sign_role(row.kind))),
            Span::styled(mark, self.sign_style(mark_role)),
        ]);
        let used = self.measure.geometry.gutter.min(area.width);
        frame
            .buffer_mut()
            .set_line(area.x, area.y, &gutter, area.width);
        let text = Rect {
            x: area.x + used,
            width: area.width - used,
            ..area
        };
        let line = LineText {
            state: self.state,
            document: self.document,
            needle: self.needle.as_ref(),
            place,
            row,
        };
        if self.measure.wrap {
            let breaks = self.measure.breaks(row);
            self.draw_continued(frame, area, breaks.len() as u16);
            line.draw_wrapped(frame, text, &breaks);
        } else {
            line.draw(frame, text, self.state.code.left);
        }
    }

    /// A blank in place of a sign has the ground of its row.
    fn sign_style(&self, role: Role) -> Style {
        match role {
            Role::Text => Style::new(),
            role => self.theme.style(role),
        }
    }

    /// Marks the rows in which a wrapped line goes on, beside where its text begins.
    fn draw_continued(&self, frame: &mut Frame<'_>, area: Rect, rows: u16) {
        let style = self.theme.style(Role::Dim);
        let gutter = self.measure.geometry.gutter;
        for y in (area.y + 1..area.bottom()).take(usize::from(rows.saturating_sub(1))) {
            if gutter <= area.width {
                frame
                    .buffer_mut()
                    .set_string(area.x + gutter - 1, y, "›", style);
            }
        }
    }

    /// Whether the line was moved: it stands elsewhere in the change on the other side.
    fn is_moved(&self, row: Row) -> bool {
        self.state.moved_to(row).is_some()
    }

    /// The line's number on each side, or on the side it is drawn on.
    fn numbers(&self, area: Rect, row: Row) -> String {
        let digits = self.measure.geometry.digits;
        let number = |line: Option<LineNo>| line.map_or_else(String::new, |line| line.to_string());
        match self.measure.geometry.left {
            None => format!("{:>digits$} {:>digits$}", number(row.old), number(row.new)),
            Some(left) if left.x == area.x => format!("{:>digits$}", number(row.old)),
            Some(_) => format!("{:>digits$}", number(row.new)),
        }
    }

    /// The current hint, a finding's or a comment's place, or another hint is marked beside the sign.
    fn line_mark(&self, row: Row) -> (&'static str, Role) {
        let side = match row.kind {
            RowKind::Removed => Side::Old,
            RowKind::Added | RowKind::Context => Side::New,
        };
        let Some(file) = self.state.reviewed(side) else {
            return (" ", Role::Text);
        };
        let hint = self.hint_mark(file, row);
        if let Some(mark) = hint.filter(|mark| mark.0 == marks::CURRENT) {
            return mark;
        }
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
            hint.unwrap_or((" ", Role::Text))
        }
    }

    /// Of several hints on a line, one of the selected item's is marked, and of those the one that says most.
    fn hint_mark(&self, file: &FileChange, row: Row) -> Option<(&'static str, Role)> {
        let line = row.new.filter(|_| row.kind != RowKind::Removed)?;
        let board = &self.state.board;
        board
            .of_line(&file.path, line.0)
            .filter(|&at| board.is_shown(at))
            .min_by_key(|&at| (!board.is_of(at, self.state.item), marks::rank(board, at)))
            .map(|at| marks::of(board, at))
    }
}

fn sign_role(kind: RowKind) -> Role {
    match kind {
        RowKind::Context => Role::Text,
        RowKind::Added => Role::AddedSign,
        RowKind::Removed => Role::RemovedSign,
    }
}
