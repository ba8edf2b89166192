//! What the terminal shows, and the fewest bytes that make it show something else: text that moved is moved by the
//! terminal, styles are written where they change, and a frame is one write. Knows nothing of what is drawn.
//!
//! Over SSH the bytes of a frame are its speed. A frame that changes nothing writes nothing.

mod canvas;
mod joined;
mod row;
mod run;
mod shift;
mod style;

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

use crate::support::text::width;
pub use canvas::{Canvas, Cursor};
use joined::Columns;
use run::Run;
use shift::Shift;
use style::{Look, write_style};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What a terminal can do that not every one can; `probe` finds out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skills {
    /// Scrolls between a left and a right margin too.
    pub margins: bool,
    /// What it erases takes the ground in force.
    pub tinted: bool,
}

/// A terminal to draw on.
pub struct Output<W: Write> {
    out: W,
    /// What the terminal shows; nothing is known of it while this is empty.
    shown: Buffer,
    cursor: Option<Position>,
    bytes: Vec<u8>,
    skills: Skills,
}

impl<W: Write> Output<W> {
    /// Draws on `out`; the cursor is hidden already.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::ZERO),
            cursor: None,
            bytes: Vec::new(),
            skills: Skills::default(),
        }
    }

    /// Says what the terminal can do, from the next frame on.
    pub fn set_skills(&mut self, skills: Skills) {
        self.skills = skills;
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

    /// Writes what makes `shown` into `wanted`: the shortest of the ways there are.
    fn write_frame(&mut self, wanted: &Buffer) {
        if self.shown.area != wanted.area {
            self.bytes.extend_from_slice(b"\x1b[0m\x1b[2J");
            self.shown = Buffer::empty(wanted.area);
        }
        let mut best = draft(&self.shown, wanted, None, self.skills);
        for shift in shift::find(&self.shown, wanted, self.skills.margins) {
            let mut moved = self.shown.clone();
            shift.apply(&mut moved);
            let other = draft(&moved, wanted, Some(shift), self.skills);
            if other.len() < best.len() {
                best = other;
            }
        }
        self.bytes.extend_from_slice(&best);
        self.shown.content.clone_from(&wanted.content);
    }
}

/// Returns the bytes that make one screen into another after some rows were moved. They begin and end in the terminal's own
/// style.
fn draft(shown: &Buffer, wanted: &Buffer, shift: Option<Shift>, skills: Skills) -> Vec<u8> {
    let mut runs = run::between(shown, wanted, skills.tinted);
    let in_order = encode(&runs, wanted, shift);
    if runs.iter().any(|run| run.disputed) {
        // What it may be drawn over comes after it.
        return in_order;
    }
    run::by_look(&mut runs);
    let by_look = encode(&runs, wanted, shift);
    if by_look.len() < in_order.len() {
        by_look
    } else {
        in_order
    }
}

fn encode(runs: &[Run], wanted: &Buffer, shift: Option<Shift>) -> Vec<u8> {
    let mut pen = Pen {
        at: None,
        look: Look::PLAIN,
        bytes: Vec::new(),
    };
    if let Some(shift) = shift {
        // Rows that come in are filled with the ground in force, which is the terminal's own.
        shift.write(&mut pen.bytes);
    }
    let columns = usize::from(wanted.area.width).max(1);
    for run in runs {
        pen.write_run(run, &wanted.content[run.y * columns..][..columns]);
    }
    pen.write_look(Look::PLAIN);
    pen.bytes
}

/// Where the terminal's cursor is while a frame is written, in which style it writes, and what was written.
struct Pen {
    at: Option<(usize, usize)>,
    look: Look,
    bytes: Vec<u8>,
}

impl Pen {
    fn write_run(&mut self, run: &Run, row: &[Cell]) {
        self.go(run.x, run.y);
        self.write_look(if run.blank {
            run.look.for_blank(self.look)
        } else {
            run.look
        });
        if run.erase {
            self.bytes.extend_from_slice(b"\x1b[K");
            return;
        }
        let mut x = run.x;
        while x < run.end {
            let symbol = row[x].symbol();
            self.go(x, run.y);
            if let Some(taken) = Columns::disputed(symbol) {
                let at = (x as u16, run.y as u16);
                put_disputed(&mut self.bytes, symbol, taken, at, row.len() as u16);
                self.at = None;
                x += taken.joined;
                continue;
            }
            self.bytes.extend_from_slice(symbol.as_bytes());
            x += width(symbol).max(1);
            // After the last column terminals differ on where the cursor is.
            self.at = (x < row.len()).then_some((x, run.y));
        }
    }

    fn go(&mut self, x: usize, y: usize) {
        let to = (x, y);
        let (column, row) = (x + 1, y + 1);
        let bytes = &mut self.bytes;
        let _ = match self.at.replace(to) {
            Some(at) if at == to => Ok(()),
            Some((from, here)) if here == y && from + 1 == x => bytes.write_all(b"\x1b[C"),
            Some((from, here)) if here == y && from < x => write!(bytes, "\x1b[{}C", x - from),
            Some((_, here)) if here == y => write!(bytes, "\x1b[{column}G"),
            _ if x == 0 => write!(bytes, "\x1b[{row}H"),
            _ => write!(bytes, "\x1b[{row};{column}H"),
        };
    }

    fn write_look(&mut self, look: Look) {
        if self.look != look {
            write_style(&mut self.bytes, &self.look, &look);
            self.look = look;
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
