//! What the terminal shows, and the fewest bytes that make it show something else: text that moved is moved by the
//! terminal, styles are written where they change, and a frame is one write. Knows nothing of what is drawn.
//!
//! Over SSH the bytes of a frame are its speed. A frame that changes nothing writes nothing.

mod canvas;
mod joined;
mod row;
mod shift;
mod style;

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

use crate::support::text::width;
pub use canvas::Canvas;
use joined::Columns;
use style::{Look, write_style};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Cells that are written again rather than jumped over.
const BRIDGE: u16 = 4;
/// Blank cells at the end of a row that are erased rather than written.
const ERASE: usize = 5;

/// A terminal to draw on.
pub struct Output<W: Write> {
    out: W,
    /// What the terminal shows; nothing is known of it while this is empty.
    shown: Buffer,
    cursor: Option<Position>,
    bytes: Vec<u8>,
}

impl<W: Write> Output<W> {
    /// Draws on `out`; the cursor is hidden already.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::ZERO),
            cursor: None,
            bytes: Vec::new(),
        }
    }

    /// Forgets what the terminal shows, so that the next frame draws all of it.
    pub fn forget(&mut self) {
        self.shown = Buffer::empty(Rect::ZERO);
    }

    /// Returns what was written to.
    #[cfg(test)]
    pub fn written(&self) -> &W {
        &self.out
    }

    /// Makes the terminal show a frame, with the cursor at a place or hidden.
    pub fn show(&mut self, wanted: &Buffer, cursor: Option<Position>) -> io::Result<()> {
        if self.cursor == cursor && self.shown == *wanted {
            return Ok(());
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(BEGIN);
        self.write_frame(wanted);
        match cursor {
            Some(at) => {
                let _ = write!(self.bytes, "\x1b[{};{}H", at.y + 1, at.x + 1);
                if self.cursor.is_none() {
                    self.bytes.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.cursor.is_some() => self.bytes.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        self.cursor = cursor;
        self.bytes.extend_from_slice(END);
        self.out.write_all(&self.bytes)?;
        self.out.flush()
    }

    /// Writes what makes `shown` into `wanted`.
    fn write_frame(&mut self, wanted: &Buffer) {
        let mut pen = Pen::default();
        if self.shown.area != wanted.area {
            self.bytes.extend_from_slice(b"\x1b[0m\x1b[2J");
            self.shown = Buffer::empty(wanted.area);
            pen.look = Some(Look::PLAIN);
        }
        if let Some(shift) = shift::find(&self.shown, wanted) {
            // Rows that come in are filled with the background in force.
            pen.write_look(&mut self.bytes, Look::PLAIN);
            shift.write(&mut self.bytes);
            shift.apply(&mut self.shown);
        }
        let columns = usize::from(wanted.area.width).max(1);
        let rows = self.shown.content.chunks(columns);
        for ((old, new), y) in rows.zip(wanted.content.chunks(columns)).zip(0..) {
            if old != new {
                pen.write_row(&mut self.bytes, old, new, y);
            }
        }
        pen.write_look(&mut self.bytes, Look::PLAIN);
        self.shown.content.clone_from(&wanted.content);
    }
}

/// Returns the column from which a row is nothing but blanks on the terminal's own ground.
fn blank_from(row: &[Cell]) -> usize {
    let blank = |cell: &Cell| cell.symbol() == " " && Look::of(cell).is_plain_ground();
    row.len() - row.iter().rev().take_while(|cell| blank(cell)).count()
}

/// Where the terminal's cursor is while a frame is written, and in which style it writes.
#[derive(Default)]
struct Pen {
    at: Option<(u16, u16)>,
    look: Option<Look>,
}

impl Pen {
    fn write_row(&mut self, bytes: &mut Vec<u8>, old: &[Cell], new: &[Cell], y: u16) {
        let changed = row::changed(old, new);
        let blank = blank_from(new);
        let erased = changed.iter().filter(|column| **column >= blank).count() >= ERASE;
        for &column in &changed {
            let x = column as u16;
            self.go(bytes, new, x, y);
            if erased && column >= blank {
                self.write_look(bytes, Look::PLAIN);
                bytes.extend_from_slice(b"\x1b[K");
                return;
            }
            self.put(bytes, &new[column], x, y, new.len() as u16);
        }
    }

    fn go(&mut self, bytes: &mut Vec<u8>, row: &[Cell], x: u16, y: u16) {
        match self.at {
            Some(at) if at == (x, y) => {}
            Some((column, here)) if here == y && column < x => {
                self.go_right(bytes, &row[usize::from(column)..usize::from(x)]);
            }
            _ => {
                let _ = write!(bytes, "\x1b[{};{}H", y + 1, x + 1);
            }
        }
        self.at = Some((x, y));
    }

    /// Goes over some cells: a few in the same style by writing them again.
    fn go_right(&mut self, bytes: &mut Vec<u8>, over: &[Cell]) {
        let again = over.len() <= usize::from(BRIDGE)
            && over.iter().all(|cell| {
                cell.symbol().len() == 1 && self.look.as_ref() == Some(&Look::of(cell))
            });
        if again {
            for cell in over {
                bytes.extend_from_slice(cell.symbol().as_bytes());
            }
        } else {
            let _ = write!(bytes, "\x1b[{}C", over.len());
        }
    }

    fn put(&mut self, bytes: &mut Vec<u8>, cell: &Cell, x: u16, y: u16, columns: u16) {
        let look = Look::of(cell);
        let look = match cell.symbol() {
            " " => look.for_blank(self.look),
            _ => look,
        };
        self.write_look(bytes, look);
        if let Some(taken) = Columns::disputed(cell.symbol()) {
            put_disputed(bytes, cell.symbol(), taken, (x, y), columns);
            self.at = None;
            return;
        }
        bytes.extend_from_slice(cell.symbol().as_bytes());
        let next = x.saturating_add(width(cell.symbol()).max(1) as u16);
        // After the last column terminals differ on where the cursor is.
        self.at = (next < columns).then_some((next, y));
    }

    fn write_look(&mut self, bytes: &mut Vec<u8>, look: Look) {
        if self.look.as_ref() != Some(&look) {
            write_style(bytes, self.look.as_ref(), &look);
            self.look = Some(look);
        }
    }
}

/// Writes what a terminal may draw narrower or wider than it was counted. Whatever it takes, its own columns are cleared,
/// and it does not reach over the end of the row; where the cursor is then nobody knows.
fn put_disputed(bytes: &mut Vec<u8>, symbol: &str, taken: Columns, at: (u16, u16), columns: u16) {
    if taken.apart < taken.joined {
        bytes.resize(bytes.len() + taken.joined, b' ');
        let _ = write!(bytes, "\x1b[{};{}H", at.1 + 1, at.0 + 1);
    }
    let room = usize::from(columns.saturating_sub(at.0));
    let whole = taken.apart <= room;
    let first = symbol.chars().next().map_or(0, char::len_utf8);
    let shown = if whole { symbol } else { &symbol[..first] };
    bytes.extend_from_slice(shown.as_bytes());
}

#[cfg(test)]
mod tests;
