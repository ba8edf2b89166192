//! One file while rules look at it: its tree, the lines that the change added, its roles, and what is learned of it on
//! demand (names and what they were declared as, functions and whether they answer requests).

use std::cell::OnceCell;
use std::ops::Range;

use super::grammar::{self, Marks, field_of};
use super::kinds::{self, Kinds};
use super::lang::Root;
use super::memo::Memo;
use super::names::Names;
use super::role::Roles;
use super::tree::{Node, Tree};
use super::words::{self, Words};
use crate::model::{CodeSpan, RepoPath};
use crate::syntax::Language;

/// Calls that run their closure before they return, as part of the function they stand in.
const IN_PLACE: &[&str] = &[
    "then",
    "catch",
    "finally",
    "Promise",
    "transaction",
    "$transaction",
    "runInTransaction",
    "withTransaction",
    "sort",
    "toSorted",
    "from",
    "fromEntries",
    "limit",
    "retry",
    "pRetry",
    "run",
    "runExclusive",
    "withLock",
    "using",
    "nextTick",
    "setImmediate",
    "tx",
    "allSettled",
];

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
    marks: Marks,
    tree: &'a Tree,
    names: OnceCell<Names<'a>>,
    functions: OnceCell<Vec<u32>>,
    comments: OnceCell<Vec<Range<usize>>>,
    tests: OnceCell<Vec<Range<usize>>>,
    pub(super) memo: Memo<'a>,
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
        Self {
            path,
            language,
            roles,
            root,
            added,
            words,
            marks: grammar::marks(language),
            tree: root.root().get_doc().tree(),
            names: OnceCell::new(),
            functions: OnceCell::new(),
            comments: OnceCell::new(),
            tests: OnceCell::new(),
            memo: Memo::default(),
        }
    }

    /// Returns the whole text.
    pub fn text(&self) -> &'a str {
        self.root.root().get_doc().text()
    }

    /// Returns the kinds of this language.
    pub fn kinds(&self) -> &'static Kinds {
        kinds::of(self.language)
    }

    /// Tells whether a node is of some kinds, told by the marks of [`grammar`].
    pub fn is(&self, node: Node<'_>, marks: u16) -> bool {
        let mark = self.marks.get(node.kind_id() as usize);
        mark.is_some_and(|mark| mark & marks != 0)
    }

    /// Returns the tree.
    pub fn tree(&self) -> &'a Tree {
        self.tree
    }

    /// Returns the tree's root.
    pub fn top(&self) -> Node<'a> {
        self.tree.root()
    }

    /// Returns a node's text.
    pub fn text_of(&self, node: Node<'_>) -> &'a str {
        self.text().get(node.byte_range()).unwrap_or_default()
    }

    /// Returns the names of the file and what they were declared as.
    pub fn names(&self) -> &Names<'a> {
        self.names
            .get_or_init(|| Names::collect(self.tree, self.text()))
    }

    /// Returns every node, in the order of the text.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node<'a>> + ExactSizeIterator + Clone {
        self.tree.nodes()
    }

    /// Returns the nodes that begin at a byte or after it.
    pub fn nodes_from(&self, byte: usize) -> impl Iterator<Item = Node<'a>> {
        self.tree.nodes_from(byte)
    }

    /// Returns the node at a place of [`File::nodes`].
    pub fn node(&self, at: usize) -> Node<'a> {
        self.tree.node(at)
    }

    /// Returns where comments lie, in bytes, ascending.
    pub fn comments(&self) -> &[Range<usize>] {
        self.comments.get_or_init(|| {
            let comments = self
                .nodes()
                .filter(|node| self.is(*node, grammar::COMMENT) && node.is_extra());
            comments.map(Node::byte_range).collect()
        })
    }

    /// Tells whether a node stands in tests that the language keeps beside the code (Rust's `#[cfg(test)]`, `#[test]`).
    pub fn is_in_tests(&self, node: Node<'_>) -> bool {
        if self.language != Language::Rust {
            return false;
        }
        let tests = self.tests.get_or_init(|| {
            let marks = self.nodes().filter(|node| node.kind() == "attribute_item");
            marks
                .filter(|node| {
                    let text = self.text_of(*node);
                    text.contains("cfg(test)")
                        || text.contains("cfg(all(test")
                        || text.starts_with("#[test")
                        || text.contains("::test]")
                        || text.contains("::test(")
                })
                .filter_map(|node| {
                    let mut next = node.next_named_sibling()?;
                    while next.kind() == "attribute_item" {
                        next = next.next_named_sibling()?;
                    }
                    Some(next.byte_range())
                })
                .collect()
        });
        tests.iter().any(|range| range.contains(&node.start_byte()))
    }

    /// Returns where the functions stand among [`File::nodes`].
    pub fn functions(&self) -> &[u32] {
        self.functions.get_or_init(|| {
            let all = self.nodes().filter(|node| self.is_function(*node));
            all.map(|node| node.id() as u32).collect()
        })
    }

    /// Returns the innermost function around a node, or the node itself where it is one. See [`File::is_function`].
    pub fn function(&self, node: Node<'a>) -> Option<Node<'a>> {
        if self.is_function(node) {
            return Some(node);
        }
        // What decorates a function belongs to it.
        let decorated = match node.kind() {
            "decorated_definition" => Some(node),
            "decorator" => node
                .parent()
                .filter(|parent| parent.kind() == "decorated_definition"),
            _ => None,
        };
        if let Some(function) = decorated.and_then(|node| field_of(node, "definition"))
            && self.is_function(function)
        {
            return Some(function);
        }
        node.around().find(|node| self.is_function(*node))
    }

    /// Tells whether a node is a function: a named one, or a closure that stands for one because it is bound to a name or
    /// handed to something that keeps it (a route, a test), rather than being run in place.
    pub fn is_function(&self, node: Node<'_>) -> bool {
        self.is(node, grammar::FUNCTION)
            || (self.is(node, grammar::CLOSURE) && self.stands_alone(node))
    }

    fn stands_alone(&self, closure: Node<'_>) -> bool {
        let Some(parent) = closure.parent() else {
            return false;
        };
        let is_script = words::family(self.language) == "javascript";
        if is_script
            && matches!(
                parent.kind(),
                "variable_declarator"
                    | "assignment_expression"
                    | "pair"
                    | "public_field_definition"
                    | "field_definition"
                    | "export_statement"
                    | "return_statement"
            )
        {
            return true;
        }
        let handler = self.words.handler(self.language);
        let parameters = kinds::parameters(closure)
            .map(|node| self.text_of(node))
            .unwrap_or_default();
        if !is_script && handler.is_some_and(|handler| handler.parameters.is_match(parameters)) {
            return true;
        }
        let mut outer = Some(parent);
        for _ in 0..3 {
            let Some(node) = outer else { return false };
            if let Some(call) = kinds::call(self.language, node) {
                let name = call.name.map(|name| self.text_of(name)).unwrap_or_default();
                if is_script {
                    return !self.words.walks(self.language, name) && !IN_PLACE.contains(&name);
                }
                let callee = self.callee(&call);
                return handler.is_some_and(|handler| handler.calls.is_match(callee));
            }
            outer = node.parent();
        }
        false
    }

    /// Returns a function's own name, or the name that a closure is bound to.
    pub fn function_name(&self, function: Node<'_>) -> &'a str {
        let own = field_of(function, "name");
        let bound = || kinds::field(function.parent()?, &["name", "left", "key", "property"]);
        own.or_else(bound)
            .map(|name| self.text_of(name))
            .unwrap_or_default()
    }

    /// Returns the innermost class around a node.
    pub fn class(&self, node: Node<'a>) -> Option<Node<'a>> {
        let mut around = node.around();
        around.find(|node| self.is(*node, grammar::CLASS))
    }

    /// Returns the innermost function around a node with what decorates it; the whole file where there is none.
    pub fn scope(&self, node: Node<'a>) -> Node<'a> {
        let Some(function) = self.function(node) else {
            return self.top();
        };
        kinds::decorated(function)
    }

    /// Returns the call that a node is.
    pub fn call(&self, node: Node<'a>) -> Option<kinds::Call<'a>> {
        kinds::call(self.language, node)
    }

    /// Returns what a call calls, as it is spelled, without what it is called with.
    pub fn callee(&self, call: &kinds::Call<'_>) -> &'a str {
        let start = call.node.start_byte();
        let end = call
            .arguments
            .map_or(call.node.end_byte(), Node::start_byte);
        let text = self.text().get(start..end.max(start));
        text.unwrap_or_default().trim_end()
    }

    /// Returns a byte range as lines and columns.
    pub fn span(&self, range: Range<usize>) -> CodeSpan {
        let (start_line, start_column) = self.position(range.start);
        let (end_line, end_column) = self.position(range.end.max(range.start));
        CodeSpan {
            start_line,
            start_column,
            end_line,
            end_column,
        }
    }

    fn position(&self, byte: usize) -> (u32, u32) {
        let line = self
            .tree
            .starts()
            .partition_point(|&start| start as usize <= byte);
        let start = self.tree.starts()[line - 1] as usize;
        let before = self.text().get(start..byte).unwrap_or_default();
        (line as u32, before.chars().count() as u32 + 1)
    }

    /// Returns the 1-based line of a byte.
    pub fn line_of(&self, byte: usize) -> u32 {
        self.tree
            .starts()
            .partition_point(|&start| start as usize <= byte) as u32
    }

    /// Returns the text of some lines, 1-based, both ends included.
    pub fn lines(&self, first: u32, last: u32) -> &'a str {
        let at = |line: u32| {
            self.tree
                .starts()
                .get(line as usize)
                .map_or(self.text().len(), |&start| start as usize)
        };
        self.text()
            .get(at(first.saturating_sub(1))..at(last))
            .unwrap_or_default()
    }

    /// Returns how many lines there are.
    pub fn line_count(&self) -> u32 {
        self.tree.starts().len() as u32
    }
}
