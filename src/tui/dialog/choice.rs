//! A field with a few answers, one of which is chosen. Answers that cannot be given are shown with the reason.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::field::FieldEvent;

/// How the answers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Beside each other; Up and Down leave the field.
    Row,
    /// Below each other; Up and Down choose and leave at the ends.
    Column,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its stable name.
    pub name: String,
    /// What the reader sees.
    pub label: String,
    /// Why it cannot be given; empty where it can.
    pub refused: Vec<String>,
}

impl Answer {
    /// Returns an answer that can be given.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            refused: Vec::new(),
        }
    }
}

/// A choice among answers.
#[derive(Debug, Clone)]
pub(super) struct ChoiceField {
    /// What can be answered.
    pub answers: Vec<Answer>,
    /// How they stand.
    pub layout: Layout,
    chosen: Option<usize>,
}

impl ChoiceField {
    /// Starts with an answer chosen by name, or with none.
    pub fn new(answers: Vec<Answer>, chosen: Option<&str>, layout: Layout) -> Self {
        let mut field = Self {
            answers,
            layout,
            chosen: None,
        };
        field.choose(chosen.unwrap_or_default());
        field
    }

    /// Returns the name of the chosen answer, or nothing.
    pub fn name(&self) -> &str {
        self.chosen
            .and_then(|at| self.answers.get(at))
            .map_or("", |answer| answer.name.as_str())
    }

    /// Returns the place of the chosen answer.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// Chooses by name; an unknown or refused name chooses nothing.
    pub fn choose(&mut self, name: &str) {
        self.chosen = self
            .answers
            .iter()
            .position(|answer| answer.name == name && answer.refused.is_empty());
    }

    /// Chooses by place, where that answer can be given; tells whether it was.
    pub fn choose_at(&mut self, at: usize) -> bool {
        let given = self.open().any(|open| open == at);
        if given {
            self.chosen = Some(at);
        }
        given
    }

    /// States anew which answers cannot be given; a choice that is refused now is dropped.
    pub fn refuse(&mut self, reasons: impl Fn(&str) -> Vec<String>) {
        for answer in &mut self.answers {
            answer.refused = reasons(&answer.name);
        }
        let name = self.name().to_owned();
        self.choose(&name);
    }

    /// Handles one key.
    pub fn on_key(&mut self, key: KeyEvent) -> FieldEvent {
        if key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            return match key.code {
                KeyCode::Char('n') => FieldEvent::Next,
                KeyCode::Char('p') => FieldEvent::Previous,
                _ => FieldEvent::Ignored,
            };
        }
        match (key.code, self.layout) {
            (KeyCode::Enter, _) => FieldEvent::Done,
            (KeyCode::Up | KeyCode::Char('k'), Layout::Column) => {
                self.walk(-1, FieldEvent::Previous)
            }
            (KeyCode::Down | KeyCode::Char('j'), Layout::Column) => self.walk(1, FieldEvent::Next),
            (KeyCode::Up, Layout::Row) => FieldEvent::Previous,
            (KeyCode::Down, Layout::Row) => FieldEvent::Next,
            (KeyCode::Left, _) => self.turn(-1),
            (KeyCode::Right | KeyCode::Char(' '), _) => self.turn(1),
            (KeyCode::Char(letter), _) => self.letter(letter),
            _ => FieldEvent::Ignored,
        }
    }

    /// Goes to the neighbouring answer that can be given; without one the field is left.
    fn walk(&mut self, by: isize, leave: FieldEvent) -> FieldEvent {
        let found = match (by < 0, self.chosen) {
            (true, None) => None,
            (true, Some(at)) => self.open().filter(|&other| other < at).last(),
            (false, None) => self.open().next(),
            (false, Some(at)) => self.open().find(|&other| other > at),
        };
        match found {
            Some(at) => {
                self.chosen = Some(at);
                FieldEvent::Changed
            }
            None => leave,
        }
    }

    /// Goes round among the answers that can be given.
    fn turn(&mut self, by: isize) -> FieldEvent {
        if self.walk(by, FieldEvent::Used) == FieldEvent::Used {
            self.chosen = if by < 0 {
                self.open().last()
            } else {
                self.open().next()
            };
        }
        FieldEvent::Changed
    }

    /// Chooses the next answer whose label begins with the letter; `h` and `l` turn where no label does.
    fn letter(&mut self, letter: char) -> FieldEvent {
        let begins = |at: &usize| {
            let first = self.answers[*at].label.chars().next();
            first.is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
        };
        let matching: Vec<usize> = self.open().filter(begins).collect();
        let next = matching
            .iter()
            .copied()
            .find(|&at| Some(at) > self.chosen)
            .or(matching.first().copied());
        match (next, letter) {
            (Some(at), _) => self.chosen = Some(at),
            (None, 'h') => return self.turn(-1),
            (None, 'l') => return self.turn(1),
            (None, _) => return FieldEvent::Ignored,
        }
        FieldEvent::Changed
    }

    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        let free = |(at, answer): (usize, &Answer)| answer.refused.is_empty().then_some(at);
        self.answers.iter().enumerate().filter_map(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::dialog::typed::keys;

    fn severity(typed: &str) -> String {
        let names = ["blocker", "major", "minor", "note"];
        let answers = names.map(|name| Answer::new(name, name)).to_vec();
        let mut field = ChoiceField::new(answers, Some("major"), Layout::Row);
        for key in keys(typed) {
            field.on_key(key);
        }
        field.name().to_owned()
    }

    #[test]
    fn arrows_blank_and_first_letters_choose() {
        for (typed, name) in [
            ("<right>", "minor"),
            ("<left><left>", "note"),
            ("<space><space><space>", "blocker"),
            ("m", "minor"),
            ("mm", "major"),
            ("B", "blocker"),
            ("l", "minor"),
            ("q", "major"),
        ] {
            assert_eq!(severity(typed), name, "{typed}");
        }
    }

    #[test]
    fn a_refused_answer_is_never_chosen() {
        let answers = ["a", "b", "c"].map(|name| Answer::new(name, name)).to_vec();
        let mut field = ChoiceField::new(answers, Some("b"), Layout::Column);
        field.refuse(|name| {
            if name == "b" {
                vec!["no".to_owned()]
            } else {
                Vec::new()
            }
        });
        assert_eq!(field.name(), "");
        for (typed, name) in [("<down>", "a"), ("<down>", "c"), ("b", "c"), ("<up>", "a")] {
            field.on_key(keys(typed)[0]);
            assert_eq!(field.name(), name, "{typed}");
        }
        assert_eq!(field.on_key(keys("<up>")[0]), FieldEvent::Previous);
    }
}
