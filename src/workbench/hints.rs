//! Hints of an open review: our rules over its change, and the findings of other tools that were brought in with it.
//! Owns how they stream; refuses to judge them.

use std::path::PathBuf;
use std::sync::Arc;

use super::Desk;
use super::foreign::ForeignPlace;
use super::scan::{Files, Gathered, Surroundings, languages_of, vocabulary};
use crate::git::OpenedSource;
use crate::hints::{self, Order, Provider, Registry};
use crate::model::Hint;

/// What was found since the last news.
#[derive(Debug, Clone)]
pub struct HintNews {
    /// Hints of files that were finished; the budget is applied at the end.
    pub fresh: Vec<Hint>,
    /// Files looked at.
    pub done: usize,
    /// Files to look at.
    pub total: usize,
    /// The rules that run.
    pub registry: Arc<Registry>,
}

/// What the whole change came to.
#[derive(Debug, Clone)]
pub struct HintsFound {
    /// All hints, by path and line; those beyond the budget are folded.
    pub hints: Vec<Hint>,
    /// What is wrong with the user's own rules and tables; may name folders of this machine.
    pub setup: Vec<String>,
    /// What was not read, rules that were stopped, other tools' findings that have no place here.
    pub problems: Vec<String>,
    /// Files looked at.
    pub files: usize,
    /// The rules that ran.
    pub registry: Arc<Registry>,
}

/// A scan of a review's change that has not begun.
pub struct HintScan {
    source: OpenedSource,
    rules: Vec<PathBuf>,
    foreign: ForeignPlace,
    order: Order,
}

impl Desk {
    /// Prepares the scan of this review's change.
    pub fn hint_scan(&self) -> HintScan {
        let own = self.setting.folders.rules();
        HintScan {
            source: self.source.clone(),
            rules: if own.is_dir() { vec![own] } else { Vec::new() },
            foreign: self.foreign(),
            order: Order::all(self.change().files.len()),
        }
    }

    /// Looks for hints in the whole change, and waits.
    pub fn hints(&self) -> HintsFound {
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        self.hint_scan().run(threads, |_| {})
    }
}

impl HintsFound {
    /// Returns everything a reader should know, as sentences.
    pub fn told(&self) -> Vec<String> {
        self.setup.iter().chain(&self.problems).cloned().collect()
    }
}

impl HintScan {
    /// Returns the files that wait, so that one of them can be put first.
    pub fn order(&self) -> Order {
        self.order.clone()
    }

    /// Runs on some threads and tells of every file as it is finished.
    pub fn run(self, threads: usize, mut on_news: impl FnMut(HintNews)) -> HintsFound {
        let languages = languages_of(&self.source.change);
        let (registry, broken) = hints::load_for(&self.rules, Some(&languages));
        let registry = Arc::new(registry);
        let (change, content) = (&self.source.change, &self.source.content);
        let total = change.files.len();
        let news = |fresh: Vec<Hint>, done: usize| HintNews {
            fresh,
            done,
            total,
            registry: Arc::clone(&registry),
        };
        let foreign = self.foreign.read().place(change, content);
        on_news(news(foreign.hints.clone(), 0));
        let files = Files::new(Arc::clone(change), Arc::clone(content), false);
        let provider: Arc<dyn Provider> = Arc::new(files);
        let words = vocabulary(&registry, content.as_ref(), change);
        let mut gathered = Gathered::default();
        let mut done = 0;
        hints::run(
            &provider,
            &registry,
            words,
            &self.order,
            threads,
            |scanned| {
                // A rule that was stopped is told without a file.
                done += usize::from(scanned.index < total);
                on_news(news(scanned.hints.clone(), done));
                gathered.take(scanned);
            },
        );
        gathered.add(foreign.hints);
        let outcome = gathered.finish(&registry, &Surroundings::of(&self.source));
        let mut all = outcome.hints;
        all.extend(foreign.elsewhere);
        all.sort_by(|a, b| (&a.path, a.focus, &a.rule).cmp(&(&b.path, b.focus, &b.rule)));
        let mut setup: Vec<String> = broken.iter().map(ToString::to_string).collect();
        setup.extend(foreign.setup);
        let mut problems = foreign.problems;
        problems.extend(outcome.problems);
        HintsFound {
            hints: all,
            setup,
            problems,
            files: outcome.files,
            registry,
        }
    }
}
