//! A change while rules look at all of it together: migrations, manifests, and the tree around them.

use std::cell::OnceCell;
use std::sync::Arc;

use super::code::SqlSeen;
use super::file::Added;
use super::role::Roles;
use crate::model::RepoPath;
use crate::syntax::Language;

/// A file of a change that rules may look at together with others.
#[derive(Debug)]
pub struct Member {
    /// Where it is.
    pub path: RepoPath,
    /// What it is written in.
    pub language: Option<Language>,
    /// What it is for.
    pub roles: Roles,
    /// Its text after the change.
    pub text: Arc<str>,
    /// The statements in its strings, where it is a migration in another language than SQL: its text with all else blanked.
    pub statements: Option<Arc<str>>,
    /// The lines that the change added.
    pub added: Added,
}

impl Member {
    /// Returns its SQL, at the places of its text.
    pub fn sql(&self) -> Option<&Arc<str>> {
        match self.language {
            Some(Language::Sql) => Some(&self.text),
            _ => self.statements.as_ref(),
        }
    }
}

/// All of a change.
pub struct Change<'a> {
    /// Files that were kept for rules on the whole: SQL, migrations, manifests and lock files, and what imports.
    pub files: &'a [Member],
    /// The rest of the tree after the change.
    pub tree: &'a dyn Tree,
    /// What its SQL comes to, once it was asked for.
    pub(super) sql: OnceCell<Vec<SqlSeen>>,
}

impl<'a> Change<'a> {
    /// Gathers a change.
    pub fn new(files: &'a [Member], tree: &'a dyn Tree) -> Self {
        Self {
            files,
            tree,
            sql: OnceCell::new(),
        }
    }
}

/// The tree after the change, for what the change does not hold.
pub trait Tree: Sync {
    /// Returns the text of a file; `None` where there is none.
    fn read(&self, path: &RepoPath) -> Option<Arc<str>>;
    /// Returns every path; empty where the tree is not known.
    fn paths(&self) -> &[RepoPath];
    /// Tells whether the files that are looked at came together, as those of a change do; those of a whole tree were written
    /// one after the other.
    fn is_change(&self) -> bool {
        true
    }
}

/// A tree of which nothing is known.
pub struct NoTree;

impl Tree for NoTree {
    fn read(&self, _: &RepoPath) -> Option<Arc<str>> {
        None
    }

    fn paths(&self) -> &[RepoPath] {
        &[]
    }
}
