//! A list narrowed by a few typed letters: files and items, or actions.

use std::sync::Arc;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::action::Action;
use crate::model::{LineNo, Side};

/// What choosing a row means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Go to a file, by its position in the change set.
    File(usize),
    /// Go to an item, by its position in the flat list.
    Item(usize),
    /// Go to a line: the file's position, the side, the line.
    Line(usize, Side, LineNo),
    /// Go to a line of the whole change, whatever is looked at: the file's position, the side, the line.
    InChange(usize, Side, LineNo),
    /// Restrict the view to a commit, by its position in the list of commits.
    Commit(usize),
    /// Go to a definition, by its position in the list of those found.
    Definition(usize),
    /// Do something.
    Action(Action),
}

/// The name of the finder.
pub const FINDER: &str = "Go to a file, an item, a symbol, a finding, an action";

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
    /// Positions of the rows that match, best first.
    pub matches: Vec<usize>,
    /// Which of the matches is selected.
    pub selected: usize,
    candidates: Vec<Arc<Candidate>>,
    /// How well each of `matches` matches, where they are in that order.
    scores: Vec<i64>,
    /// What `matches` are the matches of.
    narrowed: String,
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
            candidates: candidates.into_iter().map(Arc::new).collect(),
            scores: Vec::new(),
            narrowed: String::new(),
            matcher: SkimMatcherV2::default().smart_case(),
        };
        picker.narrow_all();
        picker
    }

    /// Returns a row of the matches.
    pub fn candidate(&self, index: usize) -> Option<&Candidate> {
        self.matches.get(index).map(|at| &*self.candidates[*at])
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

    /// Returns the first row that is shown of `height` rows: the selected one is among them.
    pub fn top(&self, height: usize) -> usize {
        self.selected.saturating_sub(height.saturating_sub(1))
    }

    /// Takes other rows; what was typed and selected stays.
    pub fn replace(&mut self, candidates: Vec<Candidate>) {
        let selected = self.selected;
        self.candidates = candidates.into_iter().map(Arc::new).collect();
        self.narrow_all();
        self.selected = selected.min(self.matches.len().saturating_sub(1));
    }

    /// Takes more rows; what was typed stays, and the row that was chosen with it.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Arc<Candidate>>) {
        let chosen = (self.selected > 0).then(|| self.matches.get(self.selected).copied());
        let known = self.candidates.len();
        self.candidates.extend(more);
        let fresh = self.fitting((known..self.candidates.len()).collect());
        let count = self.matches.len() + fresh.len();
        let ranked = self.scores.len() == self.matches.len();
        if self.narrowed.is_empty() || count > RANKED || !ranked {
            self.scores.clear();
            self.matches.extend(fresh);
        } else {
            // Only what is new is held against the query; the rest is known.
            let known = self.scores.drain(..).zip(self.matches.drain(..));
            let mut scored: Vec<(i64, usize)> = known.collect();
            scored.extend(self.scored(fresh));
            self.rank(scored);
        }
        let place = |at: usize| self.matches.iter().position(|one| *one == at);
        self.selected = chosen.flatten().and_then(place).unwrap_or(0);
    }

    /// Returns which characters of a row matched; only rows on the screen are worth it.
    pub fn places(&self, index: usize) -> Vec<usize> {
        let query = self.query.trim();
        let found = self
            .candidate(index)
            .filter(|_| !query.is_empty())
            .and_then(|candidate| self.matcher.fuzzy_indices(&candidate.text, query));
        found.map(|(_, places)| places).unwrap_or_default()
    }

    /// Narrows after the query has changed. A longer query matches nothing that a shorter one does not.
    fn narrow(&mut self) {
        if !self.narrowed.is_empty() && self.query.trim().starts_with(&self.narrowed) {
            let among = std::mem::take(&mut self.matches);
            self.narrow_among(among);
        } else {
            self.narrow_all();
        }
    }

    fn narrow_all(&mut self) {
        self.narrow_among((0..self.candidates.len()).collect());
    }

    fn narrow_among(&mut self, mut among: Vec<usize>) {
        self.selected = 0;
        self.scores.clear();
        among.sort_unstable();
        self.narrowed = self.query.trim().to_owned();
        let fitting = self.fitting(among);
        // Nobody reads on in a list this long: its order is the change's until more is typed.
        if self.narrowed.is_empty() || fitting.len() > RANKED {
            self.matches = fitting;
            return;
        }
        let scored = self.scored(fitting);
        self.rank(scored);
    }

    /// Returns those rows that hold the letters of the query in order.
    fn fitting(&self, mut among: Vec<usize>) -> Vec<usize> {
        let letters: Vec<char> = self
            .narrowed
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        among.retain(|at| holds_in_order(&self.candidates[*at].text, &letters));
        among
    }

    /// Returns how well rows match the query; nothing of those that do not.
    fn scored(&self, among: Vec<usize>) -> Vec<(i64, usize)> {
        let score = |at: usize| {
            let text = &self.candidates[at].text;
            Some((self.matcher.fuzzy_match(text, &self.narrowed)?, at))
        };
        among.into_iter().filter_map(score).collect()
    }

    /// Puts the matches in order, the best first.
    fn rank(&mut self, mut scored: Vec<(i64, usize)>) {
        scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        (self.scores, self.matches) = scored.into_iter().unzip();
    }
}

/// Most rows that are put in order of how well they match: ordering takes a hundred times as long as finding.
const RANKED: usize = 20_000;

/// Tells whether a text holds some letters in order, in any case.
fn holds_in_order(text: &str, letters: &[char]) -> bool {
    let mut wanted = letters
        .iter()
        .flat_map(|letter| letter.to_lowercase())
        .peekable();
    for letter in text.chars() {
        let Some(next) = wanted.peek() else {
            return true;
        };
        if letter == *next || letter.to_lowercase().eq([*next]) {
            wanted.next();
        }
    }
    wanted.peek().is_none()
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

    #[test]
    fn rows_that_come_later_are_matched_too_and_the_chosen_one_stays_chosen() {
        let row = |text: &str, at| Candidate {
            tag: String::new(),
            text: text.to_owned(),
            detail: String::new(),
            choice: Choice::File(at),
        };
        let mut picker = Picker::new("Find", vec![row("src/total.py", 0), row("x/t/o/tal", 1)]);
        picker.insert("total");
        picker.step(1);
        assert_eq!(picker.choice(), Some(Choice::File(1)));
        picker.extend([row("total", 2), row("other", 3)].map(Arc::new));
        assert_eq!(picker.choice(), Some(Choice::File(1)), "it stays");
        assert_eq!((picker.matches.len(), picker.total()), (3, 4));
        picker.step(-9);
        assert_eq!(picker.choice(), Some(Choice::File(2)), "the best is first");
        picker.erase();
        picker.erase();
        picker.insert("her");
        assert_eq!(picker.choice(), None);
        picker.clear();
        assert_eq!(picker.matches.len(), 4);
    }
}
