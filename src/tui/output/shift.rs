//! Finds rows of the screen that moved up or down as one, so that the terminal can move them.

use std::hash::{Hash as _, Hasher};
use std::io::Write as _;

use ratatui::buffer::{Buffer, Cell};

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
}

impl Shift {
    /// Writes it: a scroll region, the scrolling, the whole screen again.
    pub fn write(self, bytes: &mut Vec<u8>) {
        let way = if self.up > 0 { 'S' } else { 'T' };
        let _ = write!(
            bytes,
            "\x1b[{};{}r\x1b[{}{way}\x1b[r",
            self.top + 1,
            self.bottom,
            self.up.unsigned_abs()
        );
    }

    /// Does to a buffer what the terminal does.
    pub fn apply(self, buffer: &mut Buffer) {
        let width = usize::from(buffer.area.width);
        let band =
            &mut buffer.content[usize::from(self.top) * width..usize::from(self.bottom) * width];
        let by = usize::from(self.up.unsigned_abs()) * width;
        let fresh = if self.up > 0 {
            band.rotate_left(by);
            band.len() - by..band.len()
        } else {
            band.rotate_right(by);
            0..by
        };
        band[fresh].iter_mut().for_each(Cell::reset);
    }
}

/// Returns the move that saves most, if one is worth it.
pub fn find(shown: &Buffer, wanted: &Buffer) -> Option<Shift> {
    let height = usize::from(wanted.area.height);
    if shown.area != wanted.area || height < 4 {
        return None;
    }
    let (old, new) = (Pieces::of(shown), Pieces::of(wanted));
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
    };
    Some((gain - lost, shift))
}

/// A screen as numbers that are equal where its cells are.
struct Pieces {
    hashes: Vec<(u64, bool)>,
    per_row: usize,
}

impl Pieces {
    fn of(buffer: &Buffer) -> Self {
        let width = usize::from(buffer.area.width);
        let hashes = buffer
            .content
            .chunks(width.max(1))
            .flat_map(|row| row.chunks(PIECE).map(piece))
            .collect();
        Self {
            hashes,
            per_row: width.div_ceil(PIECE),
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
