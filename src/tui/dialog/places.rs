//! The evidence of a finding under edit: places that were pointed at in the code, of which some can be dropped here.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::field::FieldEvent;
use crate::model::{Anchor, RepoPath, Side};
use crate::workbench::Place;

/// One place and, where known, its first line of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// The first line as text; foreign.
    pub excerpt: Option<String>,
}

impl Evidence {
    /// Returns what an anchor points at.
    pub fn of(anchor: &Anchor) -> Self {
        Self {
            place: place_of(anchor),
            excerpt: anchor.excerpt.first().cloned(),
        }
    }
}

/// Returns the place of an anchor.
pub(super) fn place_of(anchor: &Anchor) -> Place {
    Place {
        path: anchor.path.clone(),
        side: anchor.side,
        start: anchor.start.0,
        end: anchor.end.0,
    }
}

/// Returns `path:start-end`, with `@old` after a path on the old side.
pub(super) fn place_text(place: &Place) -> String {
    let side = match place.side {
        Side::Old => "@old",
        Side::New => "",
    };
    let end = if place.end > place.start {
        format!("-{}", place.end)
    } else {
        String::new()
    };
    format!("{}{side}:{}{end}", place.path, place.start)
}

/// A list of places with a cursor.
#[derive(Debug, Clone, Default)]
pub(super) struct PlaceList {
    /// The places.
    pub rows: Vec<Evidence>,
    /// The row the keys act on.
    pub cursor: usize,
}

impl PlaceList {
    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent) -> FieldEvent {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return match key.code {
                KeyCode::Char('n') => FieldEvent::Next,
                KeyCode::Char('p') => FieldEvent::Previous,
                _ => FieldEvent::Ignored,
            };
        }
        match key.code {
            KeyCode::Up | KeyCode::Char('k') => match self.cursor.checked_sub(1) {
                Some(above) => self.go(above),
                None => FieldEvent::Previous,
            },
            KeyCode::Down | KeyCode::Char('j') if self.cursor + 1 < self.rows.len() => {
                self.go(self.cursor + 1)
            }
            KeyCode::Down | KeyCode::Char('j') => FieldEvent::Next,
            KeyCode::Enter => FieldEvent::Done,
            KeyCode::Delete | KeyCode::Backspace | KeyCode::Char('x' | 'd')
                if self.cursor < self.rows.len() =>
            {
                self.rows.remove(self.cursor);
                self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
                FieldEvent::Changed
            }
            _ => FieldEvent::Ignored,
        }
    }

    fn go(&mut self, row: usize) -> FieldEvent {
        self.cursor = row;
        FieldEvent::Used
    }

    /// Adds what is not in the list yet.
    pub fn join(&mut self, others: impl IntoIterator<Item = Evidence>) {
        for other in others {
            if self.rows.iter().all(|row| row.place != other.place) {
                self.rows.push(other);
            }
        }
    }

    /// Returns the places as lines of text that [`PlaceList::read`] reads back.
    pub fn written(&self) -> String {
        let lines: Vec<String> = self.rows.iter().map(write_place).collect();
        lines.join("\n")
    }

    /// Reads what [`PlaceList::written`] writes; lines that are none are skipped.
    pub fn read(text: &str) -> Vec<Evidence> {
        text.lines().filter_map(read_place).collect()
    }
}

fn write_place(row: &Evidence) -> String {
    let Place {
        path,
        side,
        start,
        end,
    } = &row.place;
    let side = match side {
        Side::Old => "old",
        Side::New => "new",
    };
    let excerpt: String = row
        .excerpt
        .as_deref()
        .unwrap_or_default()
        .chars()
        .filter(|char| !char.is_control())
        .collect();
    format!("{side}\t{start}\t{end}\t{path}\t{excerpt}")
}

fn read_place(line: &str) -> Option<Evidence> {
    let parts: Vec<&str> = line.splitn(5, '\t').collect();
    let [side, start, end, path, excerpt] = parts[..] else {
        return None;
    };
    let side = match side {
        "old" => Side::Old,
        "new" => Side::New,
        _ => return None,
    };
    Some(Evidence {
        place: Place {
            path: RepoPath::parse(path).ok()?,
            side,
            start: start.parse().ok()?,
            end: end.parse().ok()?,
        },
        excerpt: (!excerpt.is_empty()).then(|| excerpt.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_their_spelling_whatever_their_path() {
        let list = PlaceList {
            rows: vec![Evidence {
                place: Place {
                    path: RepoPath::new(&b"a\tb\n\xff.rs"[..]),
                    side: Side::Old,
                    start: 3,
                    end: 9,
                },
                excerpt: Some("let x = 1;".to_owned()),
            }],
            cursor: 0,
        };
        assert_eq!(PlaceList::read(&list.written()), list.rows);
        assert!(PlaceList::read("new\t1\nnonsense").is_empty());
    }
}
