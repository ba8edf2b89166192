//! A look through the review at something else: one commit of the range, or a file that the change leaves alone. It is
//! there to be read and decides nothing; only a hunk that is, line for line, a hunk of the whole change counts as that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::state::{CodePane, Files, Spot, State};
use crate::git::CommitFacts;
use crate::model::{ChangeSet, DisplayedSpan, FileChange, LineNo, RepoPath, Side};

/// One lens; what is loaded for it carries its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LensId(pub u64);

/// What a lens shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensOf {
    /// What one commit changed, against its first parent.
    Commit(CommitFacts),
    /// A file as it is after the change, which does not touch it; where to stand in it.
    File(RepoPath, LineNo),
}

impl LensOf {
    /// Returns what a reader calls it; holds foreign text.
    pub fn name(&self) -> String {
        match self {
            Self::Commit(commit) => format!("commit {}", commit.id),
            Self::File(path, _) => path.quoted(),
        }
    }
}

/// For each hunk of a file of the lens, the number of the same hunk in the whole change, where it is one.
pub type Twins = Vec<Option<u32>>;

/// An open lens.
#[derive(Debug)]
pub struct Lens {
    /// Which.
    pub id: LensId,
    /// What it shows.
    pub of: LensOf,
    /// What the code pane is of.
    pub change: Arc<ChangeSet>,
    /// The hunks of each loaded file that are hunks of the whole change.
    pub twins: BTreeMap<RepoPath, Twins>,
    /// What was on the screen before.
    pub(super) kept: Kept,
}

/// What comes back when a lens is left.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) code: CodePane,
    pub(super) files: Files,
    pub(super) jumps: Vec<Spot>,
    pub(super) spot: Spot,
    pub(super) split: bool,
}

impl State {
    /// Returns the lens that is looked through.
    pub fn lens(&self) -> Option<&Lens> {
        self.lenses.last()
    }

    /// Returns the commit that the view is restricted to.
    pub fn only_commit(&self) -> Option<&CommitFacts> {
        self.lenses.iter().rev().find_map(|lens| match &lens.of {
            LensOf::Commit(commit) => Some(commit),
            LensOf::File(..) => None,
        })
    }

    /// Returns the files that the code pane goes through.
    pub fn files_shown(&self) -> &[FileChange] {
        self.lens()
            .map_or(&self.subject.change.files, |lens| &lens.change.files)
    }

    /// Returns the files that lists name: those of the commit, or of the whole change.
    pub fn files_listed(&self) -> &[FileChange] {
        &self.change_listed().files
    }

    /// Returns what lists name the files of: a commit, or the whole change.
    pub fn change_listed(&self) -> &Arc<ChangeSet> {
        let commit = self.lenses.iter().rev().find(|lens| lens.is_of_commit());
        commit.map_or(&self.subject.change, |lens| &lens.change)
    }

    /// Returns which of the files that lists name is shown, or was before a file beside the change.
    pub fn file_listed(&self) -> usize {
        let beside = self.lenses.iter().find(|lens| !lens.is_of_commit());
        beside.map_or(self.code.file, |lens| lens.kept.code.file)
    }

    /// Returns the number that a hunk of the file shown, counted from 0, has in the whole change; `None` where it is no
    /// hunk of it.
    pub fn hunk_in_change(&self, hunk: usize) -> Option<u32> {
        let Some(lens) = self.lens() else {
            return Some(hunk as u32 + 1);
        };
        *lens.twins.get(&self.file()?.path)?.get(hunk)?
    }

    /// Returns the file of the whole change whose version on a side is the one shown; its lines are lines under review.
    pub fn reviewed(&self, side: Side) -> Option<&FileChange> {
        let shown = self.file()?;
        if self.lens().is_none() {
            return Some(shown);
        }
        let own = self.subject.change.file(&shown.path)?;
        let version = |file: &FileChange| match side {
            Side::Old => file.old.as_ref().map(|side| side.blob.clone()),
            Side::New => file.new.as_ref().map(|side| side.blob.clone()),
        };
        (version(own).is_some() && version(own) == version(shown)).then_some(own)
    }

    /// Returns what of displayed rows are rows of the whole change, under its numbers.
    pub fn displayed_of_change(&self, spans: Vec<DisplayedSpan>) -> Vec<DisplayedSpan> {
        spans
            .into_iter()
            .filter_map(|span| {
                let hunk = self.hunk_in_change(span.hunk as usize - 1)?;
                Some(DisplayedSpan { hunk, ..span })
            })
            .collect()
    }
}

impl Lens {
    /// Tells whether it shows a commit.
    pub fn is_of_commit(&self) -> bool {
        match self.of {
            LensOf::Commit(_) => true,
            LensOf::File(..) => false,
        }
    }
}
