//! Which cells of a row must be written, where characters may take two columns and lie across each other.

use ratatui::buffer::Cell;

use super::joined::Columns;
use crate::support::text::width;

/// Returns the columns of the characters to write, ascending; what a wide one covers is not among them.
pub fn changed(old: &[Cell], new: &[Cell]) -> Vec<usize> {
    let (before, after) = (owners(old), owners(new));
    let columns = new.len();
    let mut dirty: Vec<bool> = (0..columns)
        .map(|at| before[at] != after[at] || old[before[at]] != new[after[at]])
        .collect();
    // To write half of a wide character is to write all of it, on either side.
    loop {
        let mut grew = spill(new, &after, &mut dirty);
        for at in 1..columns {
            for owners in [&before, &after] {
                if owners[at] == owners[at - 1] && dirty[at] != dirty[at - 1] {
                    (dirty[at], dirty[at - 1]) = (true, true);
                    grew = true;
                }
            }
        }
        if !grew {
            break;
        }
    }
    (0..columns)
        .filter(|at| dirty[*at] && after[*at] == *at)
        .collect()
}

/// What is written may be drawn over what follows it, where a terminal does not join its characters; that is written again.
fn spill(row: &[Cell], owners: &[usize], dirty: &mut [bool]) -> bool {
    let mut grew = false;
    for at in 0..row.len() {
        if !dirty[at] || owners[at] != at {
            continue;
        }
        let Some(taken) = Columns::disputed(row[at].symbol()) else {
            continue;
        };
        let next = (at + taken.joined).min(row.len());
        for after in &mut dirty[next..(next + taken.beyond()).min(row.len())] {
            grew |= !*after;
            *after = true;
        }
    }
    grew
}

/// Returns, for each column, the column of the character that covers it.
fn owners(row: &[Cell]) -> Vec<usize> {
    let mut owners = Vec::with_capacity(row.len());
    while owners.len() < row.len() {
        let at = owners.len();
        let columns = width(row[at].symbol()).clamp(1, row.len() - at);
        owners.extend(std::iter::repeat_n(at, columns));
    }
    owners
}
