//! An open review: the change, the questions, the journal, and the one way to act on them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::begin::Beginning;
use super::{Act, Setting, resolve};
use crate::checklist;
use crate::git::{Content, OpenedSource};
use crate::journal::{Access, AppendError, Journal, drafts};
use crate::model::{
    ChangeSet, Checklist, Entry, EntryBody, Item, ItemId, Person, Profile, RepoPath, ReviewId,
};
use crate::profile::{self, Standing};
use crate::review::{
    Coverage, CriticalHunk, FileCoverage, Gate, HunkFacts, Kinds, Proposal, Review, Touch,
    coverage, coverage_after, fold, gate, inapplicable, proposals, touches,
};

/// Most gaps of a change that are told one by one.
const MOST_GAPS: usize = 5;

/// An open review.
pub struct Desk {
    pub(super) setting: Setting,
    pub(super) journal: Journal,
    pub(super) source: OpenedSource,
    /// The questions as their files have them.
    asked: Vec<Checklist>,
    /// The questions with the numbers of the profile in them.
    pub(super) checklists: Arc<Vec<Checklist>>,
    profile: Arc<Profile>,
    /// Items that cannot apply to the change, with the reasons.
    out: BTreeMap<ItemId, String>,
    pub(super) facts: BTreeMap<RepoPath, Vec<HunkFacts>>,
    /// What the counted hunks touch, by file and hunk; only those that touch something.
    critical: BTreeMap<(RepoPath, u32), Vec<Touch>>,
    review: Arc<Review>,
    notes: Vec<String>,
    /// The coverage of the last snapshot.
    last: Mutex<Arc<Coverage>>,
    /// What is still to be written before anything else is.
    pub(super) beginning: Option<Beginning>,
}

/// The review at one moment, for a reader.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The fold.
    pub review: Arc<Review>,
    /// The questions, with the numbers of the production profile.
    pub checklists: Arc<Vec<Checklist>>,
    /// The production profile; empty where none is set.
    pub profile: Arc<Profile>,
    /// What is proposed for undecided items, or what they wait for.
    pub proposals: Arc<BTreeMap<ItemId, Proposal>>,
    /// The hunks of critical surfaces among the files counted so far.
    pub critical: Arc<Vec<CriticalHunk>>,
    /// Against the files counted so far.
    pub coverage: Arc<Coverage>,
    /// What stands between it and a signature.
    pub gate: Gate,
    /// How many files were counted.
    pub counted: usize,
    /// Why nothing may be written here, where nothing may.
    pub read_only: Option<String>,
}

/// Why an act did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActFailure {
    /// It was checked and refused; nothing was written.
    #[error("{0}")]
    Refused(String),
    /// The disk did not take it; nothing was written, the act is still worth trying.
    #[error("not saved: {0} What was saved before stays; make room and do it again")]
    NotSaved(String),
}

impl ActFailure {
    /// Says why a review that begins could not be written.
    pub fn not_begun(error: anyhow::Error) -> Self {
        error
            .downcast::<Self>()
            .unwrap_or_else(|error| Self::NotSaved(format!("{error:#}.")))
    }

    /// Returns the reason alone.
    pub fn into_reason(self) -> String {
        match self {
            Self::Refused(reason) | Self::NotSaved(reason) => reason,
        }
    }
}

impl Desk {
    pub(super) fn assemble(
        setting: &Setting,
        journal: Journal,
        source: OpenedSource,
        checklists: Vec<Checklist>,
        mut notes: Vec<String>,
    ) -> Self {
        notes.extend(journal.problems().iter().cloned());
        let review = Arc::new(fold(journal.id(), journal.entries()));
        let out = inapplicable(&checklists, &Kinds::of(&source.change));
        let mut desk = Self {
            setting: setting.clone(),
            journal,
            source,
            asked: checklists,
            checklists: Arc::default(),
            profile: Arc::default(),
            out,
            facts: BTreeMap::new(),
            critical: BTreeMap::new(),
            review,
            notes,
            last: Mutex::default(),
            beginning: None,
        };
        desk.take_profile();
        desk
    }

    /// Puts the numbers of the review's profile into its questions.
    fn take_profile(&mut self) {
        let state = self.review.profile.as_ref();
        let profile = state.map(|state| profile::parse_recorded(&state.source));
        self.profile = Arc::new(profile.unwrap_or_default());
        self.checklists = Arc::new(checklist::filled(&self.asked, &self.profile));
        // The profile may name surfaces of its own.
        let facts = std::mem::take(&mut self.facts);
        self.critical.clear();
        self.add_facts(facts.into_iter().collect());
    }

    /// Reads the state anew from the journal.
    pub(super) fn refold(&mut self) {
        let before = self.review.profile.clone();
        self.review = Arc::new(fold(self.journal.id(), self.journal.entries()));
        if self.review.profile != before {
            self.take_profile();
        }
    }

    /// Returns the production profile; empty where none is set.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// Returns the review's id.
    pub fn id(&self) -> &ReviewId {
        self.journal.id()
    }

    /// Returns the review's folder.
    pub fn folder(&self) -> &std::path::Path {
        self.journal.folder()
    }

    /// Returns the folder of files the change was taken from, where there is one to edit.
    pub fn work_folder(&self) -> Option<PathBuf> {
        self.source.repository.clone()
    }

    /// Returns what is reviewed, and the way to its text.
    pub fn source(&self) -> &OpenedSource {
        &self.source
    }

    /// Returns the change.
    pub fn change(&self) -> &Arc<ChangeSet> {
        &self.source.change
    }

    /// Returns the way to the change's text.
    pub fn content(&self) -> &Arc<dyn Content> {
        &self.source.content
    }

    /// Returns the questions.
    pub fn checklists(&self) -> &Arc<Vec<Checklist>> {
        &self.checklists
    }

    /// Returns who acts here.
    pub fn person(&self) -> &Person {
        &self.setting.person
    }

    /// Returns the state.
    pub fn review(&self) -> &Arc<Review> {
        &self.review
    }

    /// Returns all entries, as read.
    pub fn entries(&self) -> &[Entry] {
        self.journal.entries()
    }

    /// Returns what a reader should know on opening, as sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns what of the change was left out or could not be read, as sentences: the first few, and how many more.
    pub fn gaps(&self) -> Vec<String> {
        let problems = &self.source.change.problems;
        let mut gaps: Vec<String> = problems
            .iter()
            .take(MOST_GAPS)
            .map(|problem| {
                format!(
                    "Not in the review: {}.",
                    problem.message.trim_end_matches('.')
                )
            })
            .collect();
        if problems.len() > MOST_GAPS {
            let more = problems.len() - MOST_GAPS;
            gaps.push(format!(
                "Not in the review: {more} more; the report names them."
            ));
        }
        gaps
    }

    /// Tells whether nothing may be written here.
    pub fn is_read_only(&self) -> bool {
        self.read_only().is_some()
    }

    /// Returns why nothing may be written here, as a sentence.
    pub fn read_only(&self) -> Option<&str> {
        match self.journal.access() {
            Access::Writer => None,
            Access::ReadOnly(reason) => Some(reason),
        }
    }

    /// Returns an item by id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.checklists
            .iter()
            .flat_map(|list| &list.items)
            .find(|item| &item.id == id)
    }

    /// Carries an act out: checks it, writes its entries, and only then returns.
    pub fn act(&mut self, act: &Act) -> Result<(), ActFailure> {
        if let Some(reason) = self.read_only() {
            return Err(ActFailure::Refused(format!(
                "the review is read-only here: {reason}"
            )));
        }
        for body in resolve::bodies(self, act).map_err(ActFailure::Refused)? {
            self.append(body)?;
        }
        Ok(())
    }

    pub(super) fn append(&mut self, body: EntryBody) -> Result<(), ActFailure> {
        self.keep().map_err(ActFailure::not_begun)?;
        let result = self.journal.append(body).map(|_| ());
        self.refold();
        result.map_err(|error| match error {
            AppendError::Unstorable { .. } => ActFailure::Refused(error.to_string()),
            AppendError::ReadOnly { reason } | AppendError::NotSaved { reason } => {
                ActFailure::NotSaved(format!("{reason}."))
            }
        })
    }

    /// Looks for entries of other processes; tells whether there are new ones.
    pub fn follow(&mut self) -> bool {
        let news = self.journal.poll();
        if news {
            self.refold();
        }
        news
    }

    /// Takes what is known of files' hunks.
    pub fn add_facts(&mut self, facts: Vec<(RepoPath, Vec<HunkFacts>)>) {
        for (path, hunks) in facts {
            for (facts, number) in hunks.iter().zip(1..) {
                let touched = touches(&path, facts, &self.profile);
                if !touched.is_empty() {
                    self.critical.insert((path.clone(), number), touched);
                }
            }
            self.facts.insert(path, hunks);
        }
    }

    /// Tells whether every file was counted.
    pub fn is_counted(&self) -> bool {
        self.facts.len() >= self.source.change.files.len()
    }

    /// Returns what is proposed for undecided items, or what they wait for.
    pub fn proposals(&self) -> BTreeMap<ItemId, Proposal> {
        proposals(&self.review, &self.checklists, &self.out)
    }

    /// Returns the hunks of critical surfaces among the files counted so far, by path.
    pub fn critical(&self) -> Vec<CriticalHunk> {
        let hunk = |((path, number), touched): (&(RepoPath, u32), &Vec<Touch>)| {
            let facts = self.facts.get(path)?.get(*number as usize - 1)?;
            let mark = facts.mark(path, *number);
            Some(CriticalHunk {
                readers: self.review.read.get(&mark).cloned().unwrap_or_default(),
                lines: facts.lines,
                touches: touched.clone(),
                mark,
            })
        };
        self.critical.iter().filter_map(hunk).collect()
    }

    /// Reads every file of the change once, so that coverage is of all of it.
    pub fn count_all(&mut self) {
        let change = Arc::clone(&self.source.change);
        let content = Arc::clone(&self.source.content);
        let missing: Vec<_> = change
            .files
            .iter()
            .filter(|file| !self.facts.contains_key(&file.path))
            .collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = missing.len().div_ceil(threads).max(1);
        let counted: Vec<(RepoPath, Vec<HunkFacts>)> = std::thread::scope(|scope| {
            let handles: Vec<_> = missing
                .chunks(share)
                .map(|files| {
                    let content = &content;
                    scope.spawn(move || {
                        files
                            .iter()
                            .map(|file| (file.path.clone(), HunkFacts::of(&content.diff(file))))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            handles
                .into_iter()
                .flat_map(|handle| handle.join().unwrap_or_default())
                .collect()
        });
        self.add_facts(counted);
    }

    /// Returns the coverage of the files counted so far.
    pub fn coverage(&self) -> Coverage {
        coverage_after(
            &self.last(),
            &self.review,
            self.facts
                .iter()
                .map(|(path, facts)| (path, facts.as_slice())),
        )
    }

    fn last(&self) -> Arc<Coverage> {
        Arc::clone(&self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the coverage of one file, where it was counted.
    pub fn coverage_of(&self, path: &RepoPath) -> Option<Arc<FileCoverage>> {
        let (path, facts) = self.facts.get_key_value(path)?;
        coverage(&self.review, [(path, facts.as_slice())])
            .files
            .remove(path)
    }

    /// Returns the review at this moment.
    pub fn snapshot(&self) -> Snapshot {
        let coverage = Arc::new(self.coverage());
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&coverage);
        let today = self.setting.clock.today();
        let mut gate = gate(&self.review, &self.checklists, &coverage, today);
        let critical = self.critical();
        gate.require_read(&critical);
        for state in &self.review.findings {
            let horizon = state.finding.disposition.until();
            let standing = horizon.map(|horizon| profile::standing(horizon, &self.profile, today));
            if let Some(standing) = standing.filter(Standing::is_lapsed) {
                gate.take_lapsed(&state.finding, standing.text());
            }
        }
        gate.remarks.extend(self.gaps());
        Snapshot {
            proposals: Arc::new(self.proposals()),
            critical: Arc::new(critical),
            gate,
            checklists: Arc::clone(&self.checklists),
            profile: Arc::clone(&self.profile),
            review: Arc::clone(&self.review),
            coverage,
            counted: self.facts.len(),
            read_only: self.read_only().map(str::to_owned),
        }
    }

    /// Keeps a text that is being written; returns why it could not.
    pub fn save_draft(&mut self, name: &str, text: &str) -> Result<(), String> {
        if self.is_read_only() {
            return Ok(());
        }
        self.keep()
            .map_err(|error| ActFailure::not_begun(error).into_reason())?;
        drafts::save(self.journal.folder(), name, text).map_err(|error| error.to_string())
    }

    /// Keeps how the reader wants the code shown; returns why it could not.
    pub fn remember(&self, choice: crate::config::ScreenChoice) -> Result<(), String> {
        let folder = &self.setting.folders.data;
        choice.save(folder).map_err(|error| error.to_string())
    }

    /// Forgets a text that was being written.
    pub fn drop_draft(&self, name: &str) {
        if !self.is_read_only() && self.is_kept() {
            // A draft that stays is offered again; nothing is lost by it.
            let _ = drafts::remove(self.journal.folder(), name);
        }
    }

    /// Returns every text that was being written, by name.
    pub fn drafts(&self) -> BTreeMap<String, String> {
        let folder = self.journal.folder();
        drafts::list(folder)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|name| {
                let text = drafts::load(folder, &name).ok()??;
                Some((name, text))
            })
            .collect()
    }
}
