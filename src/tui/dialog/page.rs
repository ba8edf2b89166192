//! A scrolling page in a box: how every dialog is painted. All text becomes visible text here, in one place.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Widget as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::aim::{Drawn, Spot, Target};
use crate::support::text::{fit, visible, width, wrap};
use crate::tui::theme::{Role, Theme};

/// Boxes are no wider than this many columns, borders included: long lines of prose are hard to read.
const WIDEST: u16 = 100;

/// A piece of a row: text that can be drawn as it is, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    text: String,
    role: Role,
}

/// Makes a piece; control and hidden characters become tokens.
pub(super) fn piece(role: Role, text: impl AsRef<str>) -> Piece {
    Piece {
        text: visible(text.as_ref()).into_owned(),
        role,
    }
}

/// Makes a piece of exactly `cols` columns.
pub(super) fn column(role: Role, text: impl AsRef<str>, cols: usize) -> Piece {
    let mut text = fit(&visible(text.as_ref()), cols).into_owned();
    let used = width(&text);
    text.push_str(&" ".repeat(cols.saturating_sub(used)));
    Piece { text, role }
}

/// Makes a piece of at most `cols` columns.
pub(super) fn fitted(role: Role, text: impl AsRef<str>, cols: usize) -> Piece {
    Piece {
        text: fit(&visible(text.as_ref()), cols).into_owned(),
        role,
    }
}

/// Makes a piece of at most `cols` columns that keeps its end: the name and the line of a place tell more than its folder.
pub(super) fn tail_fitted(role: Role, text: impl AsRef<str>, cols: usize) -> Piece {
    let shown = visible(text.as_ref());
    if width(&shown) <= cols {
        return piece(role, shown);
    }
    let mut tail = String::new();
    for grapheme in shown.graphemes(true).rev() {
        if width(&tail) + width(grapheme) + 1 > cols {
            break;
        }
        tail.insert_str(0, grapheme);
    }
    piece(role, format!("\u{2026}{tail}"))
}

/// Breaks foreign text into rows; its own line ends are kept.
pub(super) fn wrap_visible(text: &str, cols: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let wrapped = wrap(&visible(line.trim_end_matches('\r')), cols.max(1));
        if wrapped.is_empty() {
            rows.push(String::new());
        }
        rows.extend(wrapped);
    }
    rows
}

struct Row {
    pieces: Vec<Piece>,
    fill: Option<Role>,
}

/// Rows of text, of which a window is shown.
pub(super) struct Page {
    /// Columns there are for text.
    pub width: usize,
    rows: Vec<Row>,
    focus: Option<Range<usize>>,
    cursor: Option<(usize, usize)>,
    spots: Vec<Spot>,
}

impl Page {
    /// Starts an empty page.
    pub fn new(width: usize) -> Self {
        Self {
            width,
            rows: Vec::new(),
            focus: None,
            cursor: None,
            spots: Vec::new(),
        }
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row.
    pub fn push(&mut self, pieces: Vec<Piece>) {
        self.rows.push(Row { pieces, fill: None });
    }

    /// Adds a row whose whole width has a role.
    pub fn push_filled(&mut self, fill: Role, pieces: Vec<Piece>) {
        self.rows.push(Row {
            pieces,
            fill: Some(fill),
        });
    }

    /// Adds an empty row.
    pub fn blank(&mut self) {
        self.push(Vec::new());
    }

    /// Adds wrapped text, indented.
    pub fn text(&mut self, role: Role, indent: usize, text: &str) {
        self.marked(role, indent, "", text);
    }

    /// Adds wrapped text behind a mark; further rows stand under the text.
    pub fn marked(&mut self, role: Role, indent: usize, mark: &str, text: &str) {
        let hang = indent + width(mark);
        for (number, row) in wrap_visible(text, self.width.saturating_sub(hang))
            .into_iter()
            .enumerate()
        {
            let (margin, mark) = if number == 0 {
                (indent, mark)
            } else {
                (hang, "")
            };
            self.push(vec![
                piece(Role::Text, " ".repeat(margin)),
                piece(role, mark),
                piece(role, row),
            ]);
        }
    }

    /// Says what a press on some rows is on.
    pub fn aim(&mut self, rows: Range<usize>, target: Target) {
        self.aim_columns(rows, 0..usize::MAX, target);
    }

    /// Says what a press on some columns of some rows is on.
    pub fn aim_columns(&mut self, rows: Range<usize>, columns: Range<usize>, target: Target) {
        self.spots.push(Spot {
            rows,
            columns,
            target,
        });
    }

    /// Says which rows have the keys.
    pub fn set_focus(&mut self, rows: Range<usize>) {
        self.focus = Some(rows);
    }

    /// Says where the terminal's cursor stands.
    pub fn set_cursor(&mut self, row: usize, column: usize) {
        self.cursor = Some((row, column));
    }
}

/// What the last drawing showed of a page, so that scrolling goes by what is seen. Never part of what a dialog means.
#[derive(Debug, Clone)]
pub(super) struct Viewport {
    top: Cell<usize>,
    height: Cell<usize>,
    follow: Cell<bool>,
    drawn: RefCell<Drawn>,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            top: Cell::new(0),
            height: Cell::new(10),
            follow: Cell::new(true),
            drawn: RefCell::default(),
        }
    }
}

impl Viewport {
    /// Scrolls by pages until the next key that follows the focus.
    pub fn scroll(&self, pages: isize) {
        let step = self.height.get().saturating_sub(1).max(1);
        self.scroll_rows(pages.saturating_mul(step.cast_signed()));
    }

    /// Scrolls by rows until the next key that follows the focus.
    pub fn scroll_rows(&self, rows: isize) {
        self.top.set(self.top.get().saturating_add_signed(rows));
        self.follow.set(false);
    }

    /// Returns what the last drawing has at a place of the screen.
    pub fn target(&self, at: Position) -> Option<Target> {
        self.drawn.borrow().at(at)
    }

    /// Keeps what has the keys in sight again.
    pub fn follow(&self) {
        self.follow.set(true);
    }

    /// Returns how many rows the last drawing showed.
    pub fn height(&self) -> usize {
        self.height.get()
    }

    fn settle(&self, page: &Page, height: usize) -> usize {
        self.height.set(height);
        let mut top = self.top.get();
        if self.follow.get() {
            if let Some(focus) = &page.focus {
                top = reveal(top, height, focus.clone());
            }
            if let Some((row, _)) = page.cursor {
                top = reveal(top, height, row..row + 1);
            }
        }
        let top = top.min(page.len().saturating_sub(height));
        self.top.set(top);
        top
    }
}

/// Returns the nearest top row from which the rows are in sight; of rows that are too many, the first ones.
fn reveal(top: usize, height: usize, rows: Range<usize>) -> usize {
    let lowest = rows.end.saturating_sub(height);
    top.max(lowest).min(rows.start)
}

/// How tall a box is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// As tall as its content, where there is room.
    Content,
    /// As tall as there is room.
    Full,
}

/// Returns the columns a dialog's text has in an area.
pub(super) fn text_width(area: Rect) -> usize {
    usize::from(box_width(area).saturating_sub(4))
}

fn box_width(area: Rect) -> u16 {
    if area.width < WIDEST + 4 {
        area.width
    } else {
        WIDEST
    }
}

/// Paints a page in a box, with rows below it that do not scroll.
pub(super) fn draw_sheet(
    frame: &mut Frame,
    area: Rect,
    theme: &Theme,
    sheet: &Sheet<'_>,
    page: &Page,
) {
    let area = area.intersection(frame.area());
    if area.width < 8 || area.height < 4 {
        return;
    }
    let outer = place_box(area, sheet.extent, page.len() + sheet.footer.len());
    crate::tui::windows::clear(frame.buffer_mut(), outer);
    let inner_height = usize::from(outer.height - 2);
    let footer = sheet.footer.len().min(inner_height.saturating_sub(1));
    let height = inner_height - footer;
    let top = sheet.view.settle(page, height);
    draw_border(frame, outer, theme, sheet.title, (top, height, page.len()));
    let inner = Rect::new(
        outer.x + 2,
        outer.y + 1,
        outer.width - 4,
        inner_height as u16,
    );
    sheet.view.drawn.replace(Drawn {
        area: Rect {
            height: height as u16,
            ..inner
        },
        top,
        spots: page.spots.clone(),
    });
    for (y, row) in (inner.y..).zip(page.rows.iter().skip(top).take(height)) {
        draw_row(frame, Rect::new(inner.x, y, inner.width, 1), theme, row);
    }
    let below = inner.y + height as u16;
    for (y, row) in (below..).zip(sheet.footer.rows.iter().take(footer)) {
        draw_row(frame, Rect::new(inner.x, y, inner.width, 1), theme, row);
    }
    let main = page
        .cursor
        .filter(|&(row, _)| (top..top + height).contains(&row))
        .map(|(row, column)| (row - top, column));
    let pinned = sheet
        .footer
        .cursor
        .filter(|&(row, _)| row < footer)
        .map(|(row, column)| (row + height, column));
    if let Some((row, column)) = pinned.or(main) {
        let x = inner.x + (column as u16).min(inner.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(x, inner.y + row as u16));
    }
}

/// What surrounds a page.
pub(super) struct Sheet<'a> {
    /// What the dialog is.
    pub title: &'a str,
    /// How tall it is.
    pub extent: Extent,
    /// Rows below that do not scroll.
    pub footer: Page,
    /// Where the page stands.
    pub view: &'a Viewport,
}

fn place_box(area: Rect, extent: Extent, rows: usize) -> Rect {
    let width = box_width(area);
    let wanted = u16::try_from(rows + 2).unwrap_or(u16::MAX);
    let height = match extent {
        Extent::Content => wanted.min(area.height),
        Extent::Full => area.height,
    };
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    )
}

fn draw_border(
    frame: &mut Frame,
    outer: Rect,
    theme: &Theme,
    title: &str,
    (top, height, rows): (usize, usize, usize),
) {
    let title = visible(title);
    let title = fit(&title, usize::from(outer.width.saturating_sub(6)));
    let mut block = Block::bordered()
        .border_type(BorderType::Plain)
        .border_style(theme.style(Role::Border))
        .title_top(Span::styled(format!(" {title} "), theme.style(Role::Focus)));
    if rows > height {
        let arrows = match (top > 0, top + height < rows) {
            (true, true) => "\u{2191}\u{2193}",
            (true, false) => "\u{2191}",
            (false, _) => "\u{2193}",
        };
        let place = format!(
            " {arrows} {}\u{2013}{} of {rows} ",
            top + 1,
            (top + height).min(rows)
        );
        block = block
            .title_bottom(Line::from(Span::styled(place, theme.style(Role::Dim))).right_aligned());
    }
    block.render(outer, frame.buffer_mut());
}

fn draw_row(frame: &mut Frame, place: Rect, theme: &Theme, row: &Row) {
    let buffer = frame.buffer_mut();
    let spans: Vec<Span> = row
        .pieces
        .iter()
        .map(|piece| Span::styled(piece.text.as_str(), theme.style(piece.role)))
        .collect();
    buffer.set_line(place.x, place.y, &Line::from(spans), place.width);
    if let Some(fill) = row.fill {
        buffer.set_style(place, theme.style(fill));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_keys_is_kept_in_sight_and_the_view_moves_no_further_than_needed() {
        assert_eq!(reveal(0, 10, 3..5), 0);
        assert_eq!(reveal(0, 10, 12..15), 5);
        assert_eq!(reveal(9, 10, 3..5), 3);
        assert_eq!(
            reveal(0, 4, 2..20),
            2,
            "of too many rows the first ones show"
        );
    }

    #[test]
    fn foreign_text_keeps_its_lines_and_loses_its_controls() {
        let rows = wrap_visible("one\r\ntwo \u{1b}[31m", 40);
        assert_eq!(rows.len(), 2);
        assert!(!rows.concat().chars().any(char::is_control));
    }
}
