//! Cells of a frame that must be written, as runs in one style, and the order that costs the fewest bytes.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::joined::Columns;
use super::row;
use super::style::Look;
use crate::support::text::width;

/// Cells that are written again rather than jumped over.
const BRIDGE: usize = 4;
/// Blank cells at the end of a row that are erased rather than written.
const ERASE: usize = 5;

/// Cells beside each other in one row that are written in one style.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// The row.
    pub y: usize,
    /// The first column.
    pub x: usize,
    /// The column after the last.
    pub end: usize,
    /// The style.
    pub look: Look,
    /// Nothing but blanks, which look the same in every style with this ground.
    pub blank: bool,
    /// The rest of the row is erased in place of being written.
    pub erase: bool,
    /// Has a character that may be drawn over what follows it.
    pub disputed: bool,
}

/// Returns what must be written to make one screen into another, row by row. `tinted` says that what is erased takes the
/// ground in force.
pub fn between(shown: &Buffer, wanted: &Buffer, tinted: bool) -> Vec<Run> {
    let columns = usize::from(wanted.area.width).max(1);
    let mut runs = Vec::new();
    let rows = shown
        .content
        .chunks(columns)
        .zip(wanted.content.chunks(columns));
    for (y, (old, new)) in rows.enumerate() {
        if old != new {
            add_row(&mut runs, old, new, y, tinted);
        }
    }
    runs
}

fn add_row(runs: &mut Vec<Run>, old: &[Cell], new: &[Cell], y: usize, tinted: bool) {
    let first = runs.len();
    let changed = row::changed(old, new);
    let blank = blank_from(new, tinted);
    let erased = changed.iter().filter(|column| **column >= blank).count() >= ERASE;
    for x in changed {
        let look = Look::of(&new[x]);
        let is_blank = new[x].symbol() == " ";
        let end = x + width(new[x].symbol()).max(1);
        if erased && x >= blank {
            runs.push(Run {
                y,
                x,
                end: new.len(),
                look,
                blank: true,
                erase: true,
                disputed: false,
            });
            return;
        }
        let run = Run {
            y,
            x,
            end,
            look,
            blank: is_blank,
            erase: false,
            disputed: Columns::disputed(new[x].symbol()).is_some(),
        };
        match runs[first..].last_mut() {
            Some(last) if last.takes(&run, &new[last.end..x]) => {
                // Text that is jumped over no longer is: the style has to be its own too.
                let bridged = new[last.end..x].iter().all(|cell| cell.symbol() == " ");
                if last.blank {
                    last.look = look;
                }
                last.blank &= is_blank && bridged;
                last.disputed |= run.disputed;
                last.end = end;
            }
            _ => runs.push(run),
        }
    }
}

impl Run {
    /// Tells whether another run can be written as a part of this one, with the cells between them.
    fn takes(&self, next: &Self, between: &[Cell]) -> bool {
        if between.len() > BRIDGE {
            return false;
        }
        let joint = if self.blank { next.look } else { self.look };
        let fits = |look: Look, blank: bool| look == joint || (blank && look.is_ground_of(joint));
        fits(self.look, self.blank)
            && fits(next.look, next.blank)
            && between
                .iter()
                .all(|cell| cell.symbol().len() == 1 && fits(Look::of(cell), cell.symbol() == " "))
    }
}

/// Returns the column from which a row is nothing but blanks on one ground that erasing leaves behind.
fn blank_from(row: &[Cell], tinted: bool) -> usize {
    let Some(ground) = row.last().map(Look::of) else {
        return 0;
    };
    if !tinted && !ground.is_plain_ground() {
        return row.len();
    }
    let blank = |cell: &&Cell| cell.symbol() == " " && Look::of(cell).is_ground_of(ground);
    row.len() - row.iter().rev().take_while(blank).count()
}

/// Sorts runs so that those of one style follow each other, grounds first.
pub fn by_look(runs: &mut [Run]) {
    let mut grounds: Vec<Color> = Vec::new();
    let mut looks: Vec<Look> = Vec::new();
    for run in runs.iter().filter(|run| !run.blank) {
        rank(&mut grounds, run.look.ground());
        rank(&mut looks, run.look);
    }
    runs.sort_by_cached_key(|run| {
        let ground = rank(&mut grounds, run.look.ground());
        // Blanks go with whatever is written on their ground.
        let look = if run.blank {
            0
        } else {
            rank(&mut looks, run.look) + 1
        };
        (ground, look)
    });
}

/// Returns the place of a value in a list, which grows by it where it is new.
fn rank<T: PartialEq>(known: &mut Vec<T>, value: T) -> usize {
    known
        .iter()
        .position(|one| *one == value)
        .unwrap_or_else(|| {
            known.push(value);
            known.len() - 1
        })
}
