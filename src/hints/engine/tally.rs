//! What the rules on one file came to: keeps their hints within bounds, and stops a rule that panics, floods or takes its
//! time, so that it costs no other rule.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::watch::Watch;
use crate::hints::file::File;
use crate::hints::rule::{Once, Registry, Rule};
use crate::hints::tree::Node;
use crate::model::{Hint, RepoPath};

/// The longest time one rule may take in one file, in milliseconds.
const RULE_TIME: u64 = 1500;

/// What a file came to.
#[derive(Debug, Default)]
pub struct FileHints {
    /// What rules point at, in the order of the text.
    pub hints: Vec<Hint>,
    /// Rules that were stopped, as sentences.
    pub problems: Vec<String>,
}

/// The rules at work on one file.
pub struct Tally<'f> {
    registry: &'f Registry,
    watch: &'f Watch,
    path: &'f RepoPath,
    /// The most hints one rule may make.
    most: usize,
    out: FileHints,
    /// Milliseconds by rule, where there are any.
    spent: HashMap<u32, u64>,
    counts: HashMap<u32, usize>,
    stopped: HashSet<u32>,
    once: HashSet<(u32, usize)>,
}

impl<'f> Tally<'f> {
    /// Begins with nothing; a rule may make `most` hints.
    pub fn new(registry: &'f Registry, watch: &'f Watch, path: &'f RepoPath, most: usize) -> Self {
        Self {
            registry,
            watch,
            path,
            most,
            out: FileHints::default(),
            spent: HashMap::new(),
            counts: HashMap::new(),
            stopped: HashSet::new(),
            once: HashSet::new(),
        }
    }

    /// Tells whether a rule still runs here.
    pub fn runs(&self, index: u32) -> bool {
        !self.watch.is_banned(index) && (self.stopped.is_empty() || !self.stopped.contains(&index))
    }

    /// Lets a rule look at something; `None` where it found nothing or panicked.
    pub fn look<T>(&mut self, index: u32, look: impl FnOnce() -> Option<T>) -> Option<T> {
        let started = self.watch.now();
        self.watch.enter(index);
        let seen = catch_unwind(AssertUnwindSafe(look));
        self.watch.leave();
        let spent = self.watch.now().saturating_sub(started);
        if spent > 0 {
            let all = self.spent.entry(index).or_default();
            *all += spent;
            if *all > RULE_TIME {
                self.stop(index, "took longer than 1.5 s in one file");
            }
        }
        seen.unwrap_or_else(|_| {
            self.stop(index, "panicked");
            None
        })
    }

    /// Keeps a hint made at a node, unless the rule has spoken there, or too often.
    pub fn keep<'a>(&mut self, index: u32, hint: Hint, file: &File<'a>, node: Node<'a>) {
        let rule = self.rule(index);
        let once = if rule.spares_new_tables {
            // Which is the first is known when it is known which are spared.
            None
        } else {
            rule.once
        };
        let home = match once {
            Some(Once::Function) => Some(file.function(node).map_or(0, Node::id)),
            Some(Once::File | Once::Change) => Some(0),
            None => None,
        };
        if home.is_some_and(|home| !self.once.insert((index, home))) {
            return;
        }
        let count = self.counts.entry(index).or_default();
        *count += 1;
        if *count > self.most {
            let why = format!("matched more than {} times in one file", self.most);
            return self.stop(index, &why);
        }
        self.out.hints.push(hint);
    }

    fn rule(&self, index: u32) -> &'f Rule {
        &self.registry.rules()[index as usize]
    }

    fn stop(&mut self, index: u32, why: &str) {
        if self.stopped.insert(index) {
            self.out.problems.push(format!(
                "rule {} {why} ({}) and was stopped there; the other rules went on",
                self.rule(index).id,
                self.path
            ));
        }
    }

    /// Returns what was kept, in the order of the text, without what tells the same twice.
    pub fn into_hints(self, is_same: impl Fn(&Hint, &Hint) -> bool) -> FileHints {
        let mut out = self.out;
        out.hints
            .sort_by(|a, b| (a.focus, &a.rule).cmp(&(b.focus, &b.rule)));
        out.hints.dedup_by(|a, b| {
            a.rule == b.rule && a.focus.start_line == b.focus.start_line && is_same(a, b)
        });
        super::scan::number(&mut out.hints);
        out
    }
}
