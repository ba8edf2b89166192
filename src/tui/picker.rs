//! A list narrowed by a few typed letters: files and items, or actions.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::action::Action;

/// What choosing a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Go to a file, by its position in the change set.
    File(usize),
    /// Go to an item, by its position in the flat list.
    Item(usize),
    /// Do something.
    Action(Action),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// A short word on the left.
    pub tag: String,
    /// What is matched and shown; already made visible.
    pub text: String,
    /// What stands on the right.
    pub detail: String,
    /// What choosing it means.
    pub choice: Choice,
}

/// A picker's state.
pub struct Picker {
    /// Its name.
    pub title: &'static str,
    /// What was typed.
    pub query: String,
    /// Positions of the rows that match, best first, with the matched characters of the text.
    pub matches: Vec<(usize, Vec<usize>)>,
    /// Which of the matches is selected.
    pub selected: usize,
    candidates: Vec<Candidate>,
    matcher: SkimMatcherV2,
}

impl std::fmt::Debug for Picker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picker")
            .field("title", &self.title)
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl Picker {
    /// Builds a picker that shows all rows.
    pub fn new(title: &'static str, candidates: Vec<Candidate>) -> Self {
        let mut picker = Self {
            title,
            query: String::new(),
            matches: Vec::new(),
            selected: 0,
            candidates,
            matcher: SkimMatcherV2::default().smart_case(),
        };
        picker.narrow();
        picker
    }

    /// Returns a row of the matches.
    pub fn candidate(&self, index: usize) -> Option<&Candidate> {
        self.matches.get(index).map(|(at, _)| &self.candidates[*at])
    }

    /// Returns how many rows there are in all.
    pub fn total(&self) -> usize {
        self.candidates.len()
    }

    /// Returns the selected row's meaning.
    pub fn choice(&self) -> Option<Choice> {
        self.candidate(self.selected)
            .map(|candidate| candidate.choice)
    }

    /// Adds text to the query.
    pub fn insert(&mut self, text: &str) {
        self.query.extend(text.chars().filter(|c| !c.is_control()));
        self.narrow();
    }

    /// Takes the last character back.
    pub fn erase(&mut self) {
        self.query.pop();
        self.narrow();
    }

    /// Takes the whole query back.
    pub fn clear(&mut self) {
        self.query.clear();
        self.narrow();
    }

    /// Moves the selection, stopping at both ends.
    pub fn step(&mut self, by: isize) {
        let last = self.matches.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    fn narrow(&mut self) {
        self.selected = 0;
        if self.query.trim().is_empty() {
            self.matches = (0..self.candidates.len())
                .map(|at| (at, Vec::new()))
                .collect();
            return;
        }
        let mut scored: Vec<(i64, usize, Vec<usize>)> = self
            .candidates
            .iter()
            .enumerate()
            .filter_map(|(at, candidate)| {
                let (score, places) = self
                    .matcher
                    .fuzzy_indices(&candidate.text, self.query.trim())?;
                Some((score, at, places))
            })
            .collect();
        scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        self.matches = scored
            .into_iter()
            .map(|(_, at, places)| (at, places))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_find_the_file() {
        let row = |text: &str, at| Candidate {
            tag: String::new(),
            text: text.to_owned(),
            detail: String::new(),
            choice: Choice::File(at),
        };
        let mut picker = Picker::new(
            "Find",
            vec![row("src/a.py", 0), row("src/orders/service.py", 1)],
        );
        picker.insert("ordserv");
        assert_eq!(picker.choice(), Some(Choice::File(1)));
        picker.insert("zzz");
        assert_eq!(picker.choice(), None);
        picker.clear();
        picker.step(9);
        assert_eq!(picker.selected, 1);
    }
}
