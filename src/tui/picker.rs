//! A list narrowed by a few typed letters: files and items, or actions.

use std::borrow::Cow;
use std::sync::Arc;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::action::Action;
use super::letters::Letters;
use crate::model::{ChangeSet, FileChange, LineNo, RepoPath, Side};
use crate::support::text::visible;

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

/// A row of a picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row<'a> {
    /// A file, by its position in the change set; what stands beside its name is for the view to say.
    File(usize),
    /// Any other.
    Other(&'a Candidate),
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
    /// The files that come before all other rows; their rows are made where they are drawn.
    change: Option<Arc<ChangeSet>>,
    candidates: Vec<Arc<Candidate>>,
    /// What `matches` are the matches of.
    narrowed: Letters,
    /// The matches by how well they roughly fit, each ascending.
    by_fit: [Vec<usize>; Letters::FITS],
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
        Self::of(title, None, candidates)
    }

    /// Builds a picker that shows the files of a change and all other rows.
    pub fn over_files(
        title: &'static str,
        change: Arc<ChangeSet>,
        candidates: Vec<Candidate>,
    ) -> Self {
        Self::of(title, Some(change), candidates)
    }

    fn of(title: &'static str, change: Option<Arc<ChangeSet>>, candidates: Vec<Candidate>) -> Self {
        let mut picker = Self {
            title,
            query: String::new(),
            matches: Vec::new(),
            selected: 0,
            change,
            candidates: candidates.into_iter().map(Arc::new).collect(),
            narrowed: Letters::default(),
            by_fit: Default::default(),
            matcher: SkimMatcherV2::default().smart_case(),
        };
        picker.narrow_all();
        picker
    }

    fn files(&self) -> &[FileChange] {
        self.change.as_ref().map_or(&[], |change| &change.files)
    }

    /// Returns a row of the matches.
    pub fn row(&self, index: usize) -> Option<Row<'_>> {
        let at = *self.matches.get(index)?;
        Some(match at.checked_sub(self.files().len()) {
            None => Row::File(at),
            Some(at) => Row::Other(&self.candidates[at]),
        })
    }

    /// Returns what is matched and shown of a row of the matches.
    pub fn text(&self, index: usize) -> Cow<'_, str> {
        let at = self.matches.get(index);
        at.map_or(Cow::Borrowed(""), |at| self.text_of(*at))
    }

    fn text_of(&self, at: usize) -> Cow<'_, str> {
        match self.files().get(at) {
            Some(file) => shown_path(&file.path),
            None => Cow::Borrowed(&self.candidates[at - self.files().len()].text),
        }
    }

    /// Returns how many rows there are in all.
    pub fn total(&self) -> usize {
        self.files().len() + self.candidates.len()
    }

    /// Returns the selected row's meaning.
    pub fn choice(&self) -> Option<Choice> {
        self.choice_of(self.selected)
    }

    /// Returns the meaning of a row of the matches.
    pub fn choice_of(&self, index: usize) -> Option<Choice> {
        Some(match self.row(index)? {
            Row::File(at) => Choice::File(at),
            Row::Other(candidate) => candidate.choice,
        })
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
        let known = self.total();
        self.candidates.extend(more);
        let all = known..self.total();
        if !all.is_empty() {
            // Only what is new is held against the query; which is best is found anew.
            self.take_fitting(all);
            self.arrange();
        }
        let place = |at: usize| self.matches.iter().position(|one| *one == at);
        self.selected = chosen.flatten().and_then(place).unwrap_or(0);
    }

    /// Returns which characters of a row matched; only rows on the screen are worth it.
    pub fn places(&self, index: usize) -> Vec<usize> {
        if self.narrowed.is_empty() {
            return Vec::new();
        }
        let found = self
            .matcher
            .fuzzy_indices(&self.text(index), &self.narrowed.text);
        found.map(|(_, places)| places).unwrap_or_default()
    }

    /// Narrows after the query has changed. A longer query matches nothing that a shorter one does not.
    fn narrow(&mut self) {
        let wanted = Letters::of(&self.query);
        if self.narrowed.is_empty() || !wanted.narrows(&self.narrowed) {
            return self.narrow_all();
        }
        let mut among = std::mem::take(&mut self.by_fit).concat();
        among.sort_unstable();
        self.narrowed = wanted;
        self.narrow_among(among);
    }

    fn narrow_all(&mut self) {
        self.narrowed = Letters::of(&self.query);
        self.narrow_among(0..self.total());
    }

    fn narrow_among(&mut self, among: impl IntoIterator<Item = usize>) {
        self.selected = 0;
        self.by_fit = Default::default();
        self.take_fitting(among);
        self.arrange();
    }

    /// Takes those of some rows, ascending, that hold the letters of the query in order.
    fn take_fitting(&mut self, among: impl IntoIterator<Item = usize>) {
        if self.narrowed.is_empty() {
            self.by_fit[0].extend(among);
            return;
        }
        for at in among {
            let fit = match self.files().get(at) {
                // Nearly every path is shown as it is.
                Some(file) => self.narrowed.fit(file.path.as_bytes()),
                None => self.narrowed.fit(self.text_of(at).as_bytes()),
            };
            if let Some(fit) = fit {
                self.by_fit[fit].push(at);
            }
        }
    }

    /// Puts rows in order, the best first. To say how well a row fits exactly takes a hundred times as long as to say
    /// roughly how: of many rows only those are looked at closely that fit best roughly.
    fn arrange(&mut self) {
        let mut rows = self.by_fit.concat();
        if self.narrowed.is_empty() {
            self.matches = rows;
            return;
        }
        let rest = rows.split_off(rows.len().min(RANKED));
        let score = |at: usize| {
            let score = self
                .matcher
                .fuzzy_match(&self.text_of(at), &self.narrowed.text);
            (std::cmp::Reverse(score), at)
        };
        let mut scored: Vec<_> = rows.into_iter().map(score).collect();
        scored.sort_unstable();
        self.matches = scored.into_iter().map(|(_, at)| at).chain(rest).collect();
    }
}

/// Most rows that are put in order of exactly how well they match.
const RANKED: usize = 500;

/// Returns a path as it is shown; most are borrowed.
pub fn shown_path(path: &RepoPath) -> Cow<'_, str> {
    let bytes = path.as_bytes();
    let is_plain =
        bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) && bytes.first() != Some(&b'"');
    match std::str::from_utf8(bytes) {
        Ok(text) if is_plain => Cow::Borrowed(text),
        _ => Cow::Owned(visible(&path.quoted()).into_owned()),
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
