//! Finds rows of the screen that moved up or down as one, so that the terminal can move them.

use std::hash::{Hash as _, Hasher};
use std::io::Write as _;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};

use crate::support::text::width;

/// Cells that are compared at once.
const PIECE: usize = 8;
/// Pieces that must be saved for a move to be worth its bytes and its risk of flicker.
const WORTH: i32 = 6;

/// A band of rows that moves: what `from_row + by` shows goes to `from_row`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// First row of the band.
    pub top: u16,
    /// The row after the band.
    pub bottom: u16,
    /// Rows up, or down where negative.
    pub up: i16,
    /// First column and the one after the last, where the rest of the rows stays.
    pub columns: Option<(u16, u16)>,
}

impl Shift {
    /// Writes it: a scroll region, the scrolling, the whole screen again.
    pub fn write(self, bytes: &mut Vec<u8>) {
        let _ = match self.columns {
            None => write!(bytes, "\x1b[{};{}r", self.top + 1, self.bottom),
            Some((left, right)) => write!(
                bytes,
                "\x1b[?69h\x1b[{};{}r\x1b[{};{right}s",
                self.top + 1,
                self.bottom,
                left + 1
            ),
        };
        let way = if self.up > 0 { 'S' } else { 'T' };
        let _ = match self.up.unsigned_abs() {
            1 => write!(bytes, "\x1b[{way}"),
            by => write!(bytes, "\x1b[{by}{way}"),
        };
        if self.columns.is_some() {
            // Taking the mode back takes the margins back.
            bytes.extend_from_slice(b"\x1b[?69l");
        }
        bytes.extend_from_slice(b"\x1b[r");
    }

    /// Does to a buffer what the terminal does.
    pub fn apply(self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width);
        let (left, right) = self.columns.unwrap_or((0, buffer.area.width));
        let columns = usize::from(left)..usize::from(right);
        let by = usize::from(self.up.unsigned_abs());
        let rows = usize::from(self.top)..usize::from(self.bottom);
        let place = |row: usize| row * width + columns.start..row * width + columns.end;
        let mut take = |row: usize, source: Option<usize>| match source {
            Some(source) => {
                for (to, from) in place(row).zip(place(source)) {
                    buffer.content[to] = buffer.content[from].clone();
                }
            }
            None => buffer.content[place(row)].iter_mut().for_each(Cell::reset),
        };
        if self.up > 0 {
            for row in rows.clone() {
                take(row, Some(row + by).filter(|source| *source < rows.end));
            }
        } else {
            for row in rows.clone().rev() {
                take(
                    row,
                    row.checked_sub(by).filter(|source| *source >= rows.start),
                );
            }
        }
    }

    /// Tells whether no character of a screen lies across a margin.
    fn cuts_nothing(self, screen: &Buffer) -> bool {
        let Some((left, right)) = self.columns else {
            return true;
        };
        (self.top..self.bottom).all(|y| {
            let whole = |x: u16| width(screen[(x, y)].symbol()) <= 1;
            (left == 0 || whole(left - 1)) && whole(right - 1)
        })
    }
}

/// Returns the moves that may be worth it: of whole rows, and, where the terminal can do that, of the columns that change.
pub fn find(shown: &Buffer, wanted: &Buffer, margins: bool) -> Vec<Shift> {
    if shown.area != wanted.area || wanted.area.height < 4 {
        return Vec::new();
    }
    let width = wanted.area.width;
    let columns = changed_columns(shown, wanted).filter(|_| margins);
    let part = columns
        .filter(|columns| *columns != (0, width))
        .and_then(|columns| {
            let (left, right) = (usize::from(columns.0), usize::from(columns.1));
            let shift = find_within(shown, wanted, left..right)?;
            Some(Shift {
                columns: Some(columns),
                ..shift
            })
        });
    let part = part.filter(|shift| shift.cuts_nothing(shown));
    let whole = find_within(shown, wanted, 0..usize::from(width));
    part.into_iter().chain(whole).collect()
}

/// Returns the columns, first and the one after the last, in which at least three rows differ.
fn changed_columns(shown: &Buffer, wanted: &Buffer) -> Option<(u16, u16)> {
    let width = usize::from(wanted.area.width);
    let mut rows = vec![0_u16; width];
    for (at, (old, new)) in shown.content.iter().zip(&wanted.content).enumerate() {
        rows[at % width] += u16::from(old != new);
    }
    let left = rows.iter().position(|count| *count >= 3)?;
    let right = rows.iter().rposition(|count| *count >= 3)?;
    Some((left as u16, right as u16 + 1))
}

/// Returns the move of some columns that saves most, if one is worth it.
fn find_within(shown: &Buffer, wanted: &Buffer, columns: Range<usize>) -> Option<Shift> {
    let height = usize::from(wanted.area.height);
    let (old, new) = (Pieces::of(shown, &columns), Pieces::of(wanted, &columns));
    let changed: Vec<usize> = (0..height)
        .filter(|row| old.row(*row) != new.row(*row))
        .collect();
    let (first, last) = (*changed.first()?, *changed.last()?);
    if changed.len() < 4 {
        return None;
    }
    let still: Vec<i32> = (0..height).map(|row| old.same(row, &new, row)).collect();
    let reach = (last - first) / 2;
    let mut best: Option<(i32, Shift)> = None;
    for by in 1..=reach {
        for up in [by as i16, -(by as i16)] {
            if let Some((gain, shift)) = band(&old, &new, &still, (first, last), up)
                && best.is_none_or(|(most, _)| gain > most)
            {
                best = Some((gain, shift));
            }
        }
    }
    best.filter(|(gain, _)| *gain >= WORTH)
        .map(|(_, shift)| shift)
}

/// Returns the band of rows that gains most by moving so far, and how many pieces it gains.
fn band(
    old: &Pieces,
    new: &Pieces,
    still: &[i32],
    (first, last): (usize, usize),
    up: i16,
) -> Option<(i32, Shift)> {
    let by = usize::from(up.unsigned_abs());
    let mut best: Option<(i32, usize, usize)> = None;
    let (mut sum, mut start) = (0, first);
    // Rows that are filled from inside the band: its end, or its start where it moves down, comes in blank.
    let (low, high) = if up > 0 {
        (first, last + 1 - by)
    } else {
        (first + by, last + 1)
    };
    start = start.max(low);
    for (row, kept) in still.iter().enumerate().take(high).skip(low) {
        let source = if up > 0 { row + by } else { row - by };
        sum += old.same(source, new, row) - kept;
        if best.is_none_or(|(most, ..)| sum > most) {
            best = Some((sum, start, row));
        }
        if sum <= 0 {
            sum = 0;
            start = row + 1;
        }
    }
    let (gain, from, to) = best?;
    let (top, bottom, fresh) = if up > 0 {
        (from, to + 1 + by, to + 1..to + 1 + by)
    } else {
        (from - by, to + 1, from - by..from)
    };
    let lost: i32 = still[fresh].iter().sum();
    let shift = Shift {
        top: top as u16,
        bottom: bottom as u16,
        up,
        columns: None,
    };
    Some((gain - lost, shift))
}

/// Columns of a screen as numbers that are equal where its cells are.
struct Pieces {
    hashes: Vec<(u64, bool)>,
    per_row: usize,
}

impl Pieces {
    fn of(buffer: &Buffer, columns: &Range<usize>) -> Self {
        let width = usize::from(buffer.area.width);
        let hashes = buffer
            .content
            .chunks(width.max(1))
            .flat_map(|row| row[columns.clone()].chunks(PIECE).map(piece))
            .collect();
        Self {
            hashes,
            per_row: columns.len().div_ceil(PIECE),
        }
    }

    fn row(&self, row: usize) -> &[(u64, bool)] {
        &self.hashes[row * self.per_row..(row + 1) * self.per_row]
    }

    /// Counts pieces of a row that are those of another screen's row; blank ones cost little to draw and do not count.
    fn same(&self, row: usize, other: &Self, other_row: usize) -> i32 {
        let pairs = self.row(row).iter().zip(other.row(other_row));
        pairs.filter(|(one, two)| one == two && !one.1).count() as i32
    }
}

fn piece(cells: &[Cell]) -> (u64, bool) {
    let mut hasher = Fold(0xcbf2_9ce4_8422_2325);
    let mut blank = true;
    for cell in cells {
        blank &= cell.symbol() == " ";
        hasher.write(cell.symbol().as_bytes());
        (cell.fg, cell.bg, cell.modifier.bits()).hash(&mut hasher);
    }
    (hasher.finish(), blank)
}

/// A hash for comparing two screens with each other; nobody chooses its input against us more than to lose a move.
struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
