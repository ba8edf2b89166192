//! The hints as the screen knows them: where they are, whose they are, what became of each. Computed anew when hints or
//! the review change, so that a frame only looks things up.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::hints::Registry;
use crate::model::{Checklist, Digest, Hint, Item, RepoPath, Strength};
use crate::review::Review;

/// The name of the draft that remembers which hints were looked at.
pub const LOOKED: &str = "hints-looked-at";

/// What became of a hint, from a reader's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits to be looked at.
    Open,
    /// The cursor stood on its line.
    Looked,
    /// It is beyond the budget.
    Folded,
    /// This reader dismissed it.
    Dismissed,
    /// Only others dismissed it.
    DismissedByOthers,
    /// A finding came of it.
    Confirmed,
}

/// How far the search for hints is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files looked at.
    pub done: usize,
    /// Files to look at; 0 before it began.
    pub total: usize,
    /// Whether all are.
    pub finished: bool,
}

/// The hints of a review.
#[derive(Debug, Default)]
pub struct Board {
    /// All of them, by path and line.
    pub hints: Vec<Hint>,
    /// What became of each.
    pub standing: Vec<Standing>,
    /// The hint the cursor is on.
    pub current: Option<Digest>,
    /// Hints the cursor stood on.
    pub looked: BTreeSet<Digest>,
    /// Whether hints beyond the budget are shown.
    pub shows_folded: bool,
    /// How far the search is.
    pub progress: Progress,
    /// What was not read, and rules that were stopped.
    pub problems: Vec<String>,
    /// The rules that ran.
    pub registry: Option<Arc<Registry>>,
    files: HashMap<RepoPath, Range<usize>>,
    /// By item, in the order of the screen's list: its hints.
    items: Vec<Vec<usize>>,
    /// By item: how many of them wait, and how many are folded.
    counts: Vec<Counts>,
}

/// An item's hints in numbers.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    open: usize,
    folded: usize,
}

/// Which items names of items and rules lead to: a rule names items, and an item may name rules.
struct Index<'a> {
    by_item: HashMap<&'a str, Vec<usize>>,
    by_rule: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(items: &[&'a Item]) -> Self {
        let mut index = Self {
            by_item: HashMap::new(),
            by_rule: HashMap::new(),
        };
        for (at, item) in items.iter().enumerate() {
            // Where two checklists share a name, an item is called `checklist/item`.
            let id = item.id.as_str();
            let plain = id.rsplit('/').next().unwrap_or(id);
            for name in BTreeSet::from([id, plain]) {
                index.by_item.entry(name).or_default().push(at);
            }
            for rule in &item.rules {
                index.by_rule.entry(rule).or_default().push(at);
            }
        }
        index
    }

    fn items(&self, hint: &Hint) -> BTreeSet<usize> {
        let named = hint
            .items
            .iter()
            .filter_map(|id| self.by_item.get(id.as_str()));
        let rule = self.by_rule.get(hint.rule.as_str());
        named.chain(rule).flatten().copied().collect()
    }
}

impl Board {
    /// Adds hints of files that were finished; a question is asked once per change.
    pub fn add(&mut self, fresh: Vec<Hint>) {
        for hint in fresh {
            let is_question = hint.tool.is_none() && hint.strength == Strength::C;
            if !(is_question && self.hints.iter().any(|other| other.rule == hint.rule)) {
                self.hints.push(hint);
            }
        }
        self.hints
            .sort_by(|a, b| (&a.path, a.focus, &a.rule).cmp(&(&b.path, b.focus, &b.rule)));
    }

    /// Takes in what changed: which hints belong where, and what became of them.
    pub fn refresh(&mut self, items: &[&Item], review: &Review, me: &str) {
        self.files.clear();
        for (at, hint) in self.hints.iter().enumerate() {
            let range = self.files.entry(hint.path.clone()).or_insert(at..at);
            range.end = at + 1;
        }
        self.items = vec![Vec::new(); items.len()];
        let index = Index::of(items);
        for (at, hint) in self.hints.iter().enumerate() {
            for item in index.items(hint) {
                self.items[item].push(at);
            }
        }
        self.judge(review, me);
    }

    /// Says anew what became of each hint.
    pub fn judge(&mut self, review: &Review, me: &str) {
        self.standing = self
            .hints
            .iter()
            .map(|hint| standing(hint, review, me, &self.looked))
            .collect();
        let count = |own: &Vec<usize>| {
            let with = |wanted: &[Standing]| {
                let fits = |at: &&usize| wanted.contains(&self.standing[**at]);
                own.iter().filter(fits).count()
            };
            Counts {
                open: with(&[Standing::Open, Standing::Looked]),
                folded: with(&[Standing::Folded]),
            }
        };
        self.counts = self.items.iter().map(count).collect();
    }

    /// Returns the hints of a file.
    pub fn of_file(&self, path: &RepoPath) -> Range<usize> {
        self.files.get(path).cloned().unwrap_or_default()
    }

    /// Returns the hints of a line, by position.
    pub fn of_line(&self, path: &RepoPath, line: u32) -> Range<usize> {
        let file = self.of_file(path);
        let hints = &self.hints[file.clone()];
        let first = hints.partition_point(|hint| hint.line() < line);
        let last = hints.partition_point(|hint| hint.line() <= line);
        file.start + first..file.start + last
    }

    /// Tells whether a hint is one of an item's.
    pub fn is_of(&self, at: usize, item: usize) -> bool {
        self.items
            .get(item)
            .is_some_and(|own| own.binary_search(&at).is_ok())
    }

    /// Returns an item's hints that are shown, in order.
    pub fn listed(&self, item: usize) -> Vec<usize> {
        let own = self.items.get(item).map_or(&[][..], Vec::as_slice);
        own.iter()
            .copied()
            .filter(|&at| self.is_shown(at))
            .collect()
    }

    /// Tells whether a hint is shown: one beyond the budget only where it was asked for.
    pub fn is_shown(&self, at: usize) -> bool {
        self.shows_folded || self.standing[at] != Standing::Folded
    }

    /// Returns how many of an item's hints are folded.
    pub fn folded(&self, item: usize) -> usize {
        self.counts.get(item).map_or(0, |counts| counts.folded)
    }

    /// Returns how many of an item's hints nobody has dealt with.
    pub fn open(&self, item: usize) -> usize {
        self.counts.get(item).map_or(0, |counts| counts.open)
    }

    /// Returns an item's hints that this reader has not looked at: what only others dismissed counts among them.
    pub fn not_looked_at(&self, item: usize) -> Vec<&Hint> {
        let own = self.items.get(item).map_or(&[][..], Vec::as_slice);
        own.iter()
            .filter(|&&at| match self.standing[at] {
                Standing::Open => true,
                Standing::DismissedByOthers => {
                    !self.looked.contains(&self.hints[at].fingerprint) && !self.hints[at].folded
                }
                Standing::Looked | Standing::Folded | Standing::Dismissed | Standing::Confirmed => {
                    false
                }
            })
            .map(|&at| &self.hints[at])
            .collect()
    }

    /// Returns the position of the current hint.
    pub fn current_at(&self) -> Option<usize> {
        let current = self.current?;
        self.hints
            .iter()
            .position(|hint| hint.fingerprint == current)
    }

    /// Returns the current hint.
    pub fn current_hint(&self) -> Option<&Hint> {
        self.current_at().map(|at| &self.hints[at])
    }

    /// Spells what was looked at, for a draft.
    pub fn looked_text(&self) -> String {
        let all: Vec<String> = self.looked.iter().map(ToString::to_string).collect();
        all.join("\n")
    }

    /// Reads what [`Board::looked_text`] writes.
    pub fn restore_looked(&mut self, text: &str) {
        self.looked
            .extend(text.lines().filter_map(|line| line.parse::<Digest>().ok()));
    }
}

fn standing(hint: &Hint, review: &Review, me: &str, looked: &BTreeSet<Digest>) -> Standing {
    if let Some(state) = review.hints.get(&hint.fingerprint) {
        if !state.confirmed.is_empty() {
            return Standing::Confirmed;
        }
        if state.dismissed.contains_key(me) {
            return Standing::Dismissed;
        }
        if !state.dismissed.is_empty() {
            return Standing::DismissedByOthers;
        }
    }
    if hint.folded {
        Standing::Folded
    } else if looked.contains(&hint.fingerprint) {
        Standing::Looked
    } else {
        Standing::Open
    }
}

/// Returns the items of all checklists in the order of the screen's list.
pub fn items(checklists: &[Checklist]) -> Vec<&Item> {
    checklists.iter().flat_map(|list| &list.items).collect()
}
