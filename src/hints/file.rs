//! One file while rules look at it: its tree, the lines that the change added, its roles, and what is learned of it on
//! demand (names and what they were declared as, functions and whether they answer requests).

use std::cell::OnceCell;
use std::ops::Range;

use tree_sitter::Node;

use super::kinds::{self, Kinds};
use super::lang::Root;
use super::names::Names;
use super::role::Roles;
use super::words::Words;
use crate::model::{CodeSpan, RepoPath};
use crate::syntax::Language;

/// A file under rules.
pub struct File<'a> {
    /// Where it is.
    pub path: &'a RepoPath,
    /// What it is written in.
    pub language: Language,
    /// What it is for.
    pub roles: Roles,
    /// Its text and tree.
    pub root: &'a Root,
    /// The lines that the change added.
    pub added: &'a Added,
    /// Vocabulary, ours and the repository's.
    pub words: &'a Words,
    starts: Vec<u32>,
    names: OnceCell<Names>,
}

/// The lines that a change added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// Every line.
    All,
    /// 1-based, half open, sorted.
    Lines(Vec<Range<u32>>),
}

impl Added {
    /// Tells whether any of some lines was added; both ends are included.
    pub fn touches(&self, first: u32, last: u32) -> bool {
        match self {
            Self::All => true,
            Self::Lines(runs) => {
                let at = runs.partition_point(|run| run.end <= first);
                runs.get(at).is_some_and(|run| run.start <= last)
            }
        }
    }

    /// Returns how many lines were added, of a file with `total`.
    pub fn count(&self, total: u32) -> u32 {
        match self {
            Self::All => total,
            Self::Lines(runs) => runs.iter().map(|run| run.end - run.start).sum(),
        }
    }
}

impl<'a> File<'a> {
    /// Gathers a parsed file.
    pub fn new(
        path: &'a RepoPath,
        language: Language,
        roles: Roles,
        root: &'a Root,
        added: &'a Added,
        words: &'a Words,
    ) -> Self {
        let text = root.get_text().as_bytes();
        let newlines = memchr::memchr_iter(b'\n', text).map(|at| at as u32 + 1);
        let starts = std::iter::once(0).chain(newlines).collect();
        Self { path, language, roles, root, added, words, starts, names: OnceCell::new() }
    }

    /// Returns the whole text.
    pub fn text(&self) -> &'a str {
        self.root.get_text()
    }

    /// Returns the kinds of this language.
    pub fn kinds(&self) -> &'static Kinds {
        kinds::of(self.language)
    }

    /// Returns the tree's root.
    pub fn top(&self) -> Node<'a> {
        self.root.root().get_inner_node()
    }

    /// Returns a node's text.
    pub fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text().get(node.byte_range()).unwrap_or_default()
    }

    /// Returns the names of the file and what they were declared as.
    pub fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::collect(self.top(), self.text()))
    }

    /// Returns the nodes around a node, the innermost first, without the node itself.
    pub fn around(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut path = Vec::new();
        let mut at = self.top();
        while at.id() != node.id() {
            path.push(at);
            match at.child_with_descendant(node) {
                Some(next) => at = next,
                None => break,
            }
        }
        path.reverse();
        path
    }

    /// Returns the innermost named function around a node, or the node itself where it is one.
    pub fn function(&self, node: Node<'a>) -> Option<Node<'a>> {
        let is_function = |node: &Node<'_>| self.kinds().functions.contains(&node.kind());
        if is_function(&node) {
            return Some(node);
        }
        self.around(node).into_iter().find(is_function)
    }

    /// Returns the innermost class around a node.
    pub fn class(&self, node: Node<'a>) -> Option<Node<'a>> {
        let mut around = self.around(node).into_iter();
        around.find(|node| self.kinds().classes.contains(&node.kind()))
    }

    /// Returns the innermost function around a node with what decorates it, closures that are no arguments of a loop
    /// included; the whole file where there is none.
    pub fn scope(&self, node: Node<'a>) -> Node<'a> {
        let Some(function) = self.function(node) else {
            let closure = self.around(node).into_iter().rfind(|node| self.kinds().closures.contains(&node.kind()));
            return closure.unwrap_or_else(|| self.top());
        };
        self.decorated(function)
    }

    /// Returns a declaration with the decorators that stand around it.
    pub fn decorated(&self, node: Node<'a>) -> Node<'a> {
        match self.around(node).first() {
            Some(parent) if matches!(parent.kind(), "decorated_definition" | "export_statement") => *parent,
            _ => node,
        }
    }

    /// Returns the call that a node is.
    pub fn call(&self, node: Node<'a>) -> Option<kinds::Call<'a>> {
        kinds::call(self.language, node)
    }

    /// Returns a byte range as lines and columns.
    pub fn span(&self, range: Range<usize>) -> CodeSpan {
        let (start_line, start_column) = self.position(range.start);
        let (end_line, end_column) = self.position(range.end.max(range.start));
        CodeSpan { start_line, start_column, end_line, end_column }
    }

    fn position(&self, byte: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start as usize <= byte);
        let start = self.starts[line - 1] as usize;
        let before = self.text().get(start..byte).unwrap_or_default();
        (line as u32, before.chars().count() as u32 + 1)
    }

    /// Returns the 1-based line of a byte.
    pub fn line_of(&self, byte: usize) -> u32 {
        self.starts.partition_point(|&start| start as usize <= byte) as u32
    }

    /// Returns the text of some lines, 1-based, both ends included.
    pub fn lines(&self, first: u32, last: u32) -> &'a str {
        let at = |line: u32| self.starts.get(line as usize).map_or(self.text().len(), |&start| start as usize);
        self.text().get(at(first.saturating_sub(1))..at(last)).unwrap_or_default()
    }

    /// Returns how many lines there are.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}
