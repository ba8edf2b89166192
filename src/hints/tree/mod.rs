//! A syntax tree laid out flat: every node of a file in one table, in the order of the text, made in one walk over what the
//! parser built. Rules ask for parents, siblings and children millions of times; here each is a step in a table, where the
//! parser's own tree is walked from its root. Trees are read only.

use std::num::NonZeroU16;
use std::ops::Range;
use std::sync::OnceLock;

use super::grammar;
use crate::syntax::{self, Language};

mod ast;
#[cfg(test)]
mod tests;

pub use ast::Source;

/// The parser's number for what it could not read.
const ERROR: u16 = u16::MAX;

const NAMED: u8 = 1;
const EXTRA: u8 = 1 << 1;
const MISSING: u8 = 1 << 2;

/// A node in the table.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// First byte.
    start: u32,
    /// Byte after the last.
    end: u32,
    /// The index of the parent; its own for the root.
    parent: u32,
    /// The index after the last descendant.
    after: u32,
    /// The number of the kind.
    kind: u16,
    /// The number of the field that the node has in its parent; 0 for none.
    field: u16,
    flags: u8,
}

/// All nodes of a file.
#[derive(Debug, Clone)]
pub struct Tree {
    language: Language,
    kinds: &'static Kinds,
    rows: Vec<Row>,
    /// The first byte of each line.
    starts: Vec<u32>,
    /// Kind → whether a node is of it.
    present: Vec<bool>,
}

impl Tree {
    /// Lays out what the parser built of a text.
    pub fn new(language: Language, text: &str, tree: &tree_sitter::Tree) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let kinds = kinds(language);
        let mut rows = lay_out(tree.root_node(), &kinds.named);
        await_outside(language, kinds, &mut rows);
        names_in_texts(language, kinds, text, &mut rows);
        let mut present = vec![false; kinds.names.len()];
        for row in &rows {
            if let Some(is_present) = present.get_mut(row.kind as usize) {
                *is_present = true;
            }
        }
        Self {
            language,
            kinds,
            rows,
            present,
            starts: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// Tells whether any node is of a kind, by its number.
    pub fn has_kind(&self, kind: u16) -> bool {
        self.present.get(kind as usize).is_some_and(|is| *is)
    }

    /// Returns the first byte of each line.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// Returns the node around everything.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, at: 0 }
    }

    /// Returns the node at a place of the table.
    pub fn node(&self, at: usize) -> Node<'_> {
        debug_assert!(at < self.rows.len());
        Node {
            tree: self,
            at: at as u32,
        }
    }

    /// Returns every node, in the order of the text.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node<'_>> + ExactSizeIterator + Clone {
        (0..self.rows.len() as u32).map(|at| Node { tree: self, at })
    }

    /// Returns the nodes that begin at a byte or after it, in the order of the text.
    pub fn nodes_from(&self, byte: usize) -> impl Iterator<Item = Node<'_>> {
        let first = self.rows.partition_point(|row| (row.start as usize) < byte);
        self.nodes().skip(first)
    }
}

fn lay_out(root: tree_sitter::Node<'_>, named: &[bool]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(root.descendant_count());
    let mut open: Vec<u32> = Vec::new();
    let mut cursor = root.walk();
    loop {
        let at = rows.len() as u32;
        let node = cursor.node();
        let kind = node.kind_id();
        let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
        let is_named = named.get(kind as usize).is_none_or(|is| *is);
        let mut flags = if is_named { NAMED } else { 0 };
        if node.is_extra() {
            flags |= EXTRA;
        }
        if start == end && node.is_missing() {
            flags |= MISSING;
        }
        rows.push(Row {
            start,
            end,
            parent: open.last().copied().unwrap_or_default(),
            after: at + 1,
            kind,
            field: cursor.field_id().map_or(0, NonZeroU16::get),
            flags,
        });
        if cursor.goto_first_child() {
            open.push(at);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return rows;
            }
            if let Some(closed) = open.pop() {
                rows[closed as usize].after = rows.len() as u32;
            }
        }
    }
}

/// TypeScript's grammar takes `await f<T>(x)` for a call of `await f`; what is awaited is the call.
fn await_outside(language: Language, kinds: &Kinds, rows: &mut [Row]) {
    if !matches!(language, Language::TypeScript | Language::Tsx) {
        return;
    }
    let (Some(call), Some(wait)) = (kinds.id("call_expression"), kinds.id("await_expression"))
    else {
        return;
    };
    for at in 0..rows.len().saturating_sub(3) {
        let (outer, inner, word) = (rows[at], rows[at + 1], rows[at + 2]);
        let operand = rows[at + 3];
        let is_wait = outer.kind == call
            && inner.kind == wait
            && word.after == at as u32 + 3
            && operand.after == inner.after
            && inner.after < outer.after;
        if !is_wait {
            continue;
        }
        let (first, third) = (at as u32, at as u32 + 2);
        rows[at] = Row {
            kind: wait,
            ..outer
        };
        rows[at + 1] = Row {
            parent: first,
            after: third,
            ..word
        };
        rows[at + 2] = Row {
            kind: call,
            start: operand.start,
            field: 0,
            parent: first,
            ..outer
        };
        rows[at + 3].field = inner.field;
        // What was beside the awaited name is in the call now.
        let mut child = at + 3;
        while child < outer.after as usize {
            rows[child].parent = third;
            child = rows[child].after as usize;
        }
    }
}

/// Kotlin's grammar takes `$name` in a text for two pieces of the text; it is a name that is put in. What follows the name
/// in its piece is in the text alone.
fn names_in_texts(language: Language, kinds: &Kinds, text: &str, rows: &mut [Row]) {
    if language != Language::Kotlin {
        return;
    }
    let ids = ["interpolation", "identifier"].map(|name| kinds.id(name));
    let [Some(interpolation), Some(identifier)] = ids else {
        return;
    };
    // More than one number has this name.
    let is_content = |row: Row| {
        let name = kinds.names.get(row.kind as usize);
        name.is_some_and(|name| **name == *"string_content")
    };
    for at in 0..rows.len().saturating_sub(1) {
        let (sign, piece) = (rows[at], rows[at + 1]);
        let is_pair = is_content(sign)
            && is_content(piece)
            && sign.end == piece.start
            && sign.parent == piece.parent
            && text.get(sign.start as usize..sign.end as usize) == Some("$");
        let rest = text
            .as_bytes()
            .get(piece.start as usize..piece.end as usize);
        let Some(rest) = rest.filter(|_| is_pair) else {
            continue;
        };
        let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let len = rest.iter().take_while(is_of_name).count() as u32;
        if len == 0 || rest[0].is_ascii_digit() {
            continue;
        }
        let end = piece.start + len;
        rows[at] = Row {
            kind: interpolation,
            end,
            after: at as u32 + 2,
            ..sign
        };
        rows[at + 1] = Row {
            kind: identifier,
            end,
            parent: at as u32,
            ..piece
        };
    }
}

/// The kinds of a language, by their numbers.
#[derive(Debug)]
struct Kinds {
    names: Vec<Box<str>>,
    named: Vec<bool>,
}

impl Kinds {
    fn id(&self, name: &str) -> Option<u16> {
        let mut all = self.names.iter().zip(&self.named);
        let at = all.position(|(own, is_named)| **own == *name && *is_named);
        at.map(|at| at as u16)
    }
}

fn kinds(language: Language) -> &'static Kinds {
    static ALL: [OnceLock<Kinds>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    ALL[language as usize].get_or_init(|| {
        let grammar = syntax::grammar(language);
        let all = 0..grammar.node_kind_count() as u16;
        let name = |id| grammar.node_kind_for_id(id).unwrap_or_default().into();
        Kinds {
            names: all.clone().map(name).collect(),
            named: all.map(|id| grammar.node_kind_is_named(id)).collect(),
        }
    })
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    at: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && std::ptr::eq(self.tree, other.tree)
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.kind(), self.byte_range())
    }
}

impl<'t> Node<'t> {
    fn row(self) -> &'t Row {
        &self.tree.rows[self.at as usize]
    }

    fn at(self, at: u32) -> Self {
        Self {
            tree: self.tree,
            at,
        }
    }

    /// Returns where the node stands in the table, which also tells it from all others of its tree.
    pub fn id(self) -> usize {
        self.at as usize
    }

    /// Returns where the table goes on after what is in the node.
    pub fn after(self) -> usize {
        self.row().after as usize
    }

    /// Returns what the tree is written in.
    pub fn language(self) -> Language {
        self.tree.language
    }

    /// Returns the name of the node's kind.
    pub fn kind(self) -> &'static str {
        let name = self.tree.kinds.names.get(self.row().kind as usize);
        name.map_or("ERROR", |name| name)
    }

    /// Returns the number of the node's kind.
    pub fn kind_id(self) -> u16 {
        self.row().kind
    }

    /// Returns the first byte.
    pub fn start_byte(self) -> usize {
        self.row().start as usize
    }

    /// Returns the byte after the last.
    pub fn end_byte(self) -> usize {
        self.row().end as usize
    }

    /// Returns the bytes.
    pub fn byte_range(self) -> Range<usize> {
        let row = self.row();
        row.start as usize..row.end as usize
    }

    /// Tells whether the grammar has a name for it, as for all but single words and signs.
    pub fn is_named(self) -> bool {
        self.row().flags & NAMED != 0
    }

    /// Tells whether it may stand anywhere, as comments do.
    pub fn is_extra(self) -> bool {
        self.row().flags & EXTRA != 0
    }

    /// Tells whether any node is in it.
    pub fn has_children(self) -> bool {
        self.row().after > self.at + 1
    }

    /// Returns the node around it.
    pub fn parent(self) -> Option<Self> {
        (self.at > 0).then(|| self.at(self.row().parent))
    }

    /// Returns the nodes around it, the innermost first.
    pub fn around(self) -> impl Iterator<Item = Self> + Clone {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// Tells whether another node of the tree is in it.
    pub fn holds(self, other: Self) -> bool {
        self.at < other.at && other.at < self.row().after
    }

    /// Returns the nodes right in it.
    pub fn children(self) -> Children<'t> {
        Children {
            tree: self.tree,
            next: self.at + 1,
            end: self.row().after,
        }
    }

    /// Returns the named nodes right in it.
    pub fn named_children(self) -> impl Iterator<Item = Self> + Clone {
        self.children().filter(|child| child.is_named())
    }

    /// Returns a child by its place.
    pub fn child(self, nth: u32) -> Option<Self> {
        self.children().nth(nth as usize)
    }

    /// Returns a named child by its place among those.
    pub fn named_child(self, nth: u32) -> Option<Self> {
        self.named_children().nth(nth as usize)
    }

    /// Returns the last named child.
    pub fn last_named_child(self) -> Option<Self> {
        self.named_children().last()
    }

    /// Returns how many nodes are right in it.
    pub fn child_count(self) -> usize {
        self.children().count()
    }

    /// Returns how many named nodes are right in it.
    pub fn named_child_count(self) -> usize {
        self.named_children().count()
    }

    /// Returns the node and all in it, in the order of the text.
    pub fn within(self) -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
        (self.at..self.row().after).map(move |at| self.at(at))
    }

    /// Returns the first child with a field, by its number.
    pub fn child_by_field_id(self, field: u16) -> Option<Self> {
        self.children().find(|child| child.row().field == field)
    }

    /// Returns the children with a field, by its name.
    pub fn children_of_field(self, name: &'static str) -> impl Iterator<Item = Self> {
        let field = grammar::field_id(self.tree.language, name).map_or(u16::MAX, NonZeroU16::get);
        self.children()
            .filter(move |child| child.row().field == field)
    }

    /// Tells whether it has a field in its parent.
    pub fn has_field(self, name: &'static str) -> bool {
        let field = grammar::field_id(self.tree.language, name);
        field.is_some_and(|field| field.get() == self.row().field)
    }

    /// Returns the sibling after it.
    pub fn next_sibling(self) -> Option<Self> {
        let next = self.row().after;
        let end = self.parent()?.row().after;
        (next < end).then(|| self.at(next))
    }

    /// Returns the sibling before it.
    pub fn prev_sibling(self) -> Option<Self> {
        let parent = self.parent()?.at;
        let mut last = self.at - 1;
        if last == parent {
            return None;
        }
        // The node before in the text is the last one in the sibling, or that itself.
        loop {
            let row = &self.tree.rows[last as usize];
            if row.parent == parent {
                return Some(self.at(last));
            }
            last = row.parent;
        }
    }

    /// Returns the next sibling that is named.
    pub fn next_named_sibling(self) -> Option<Self> {
        std::iter::successors(self.next_sibling(), |node| node.next_sibling())
            .find(|node| node.is_named())
    }

    /// Returns the sibling before that is named.
    pub fn prev_named_sibling(self) -> Option<Self> {
        std::iter::successors(self.prev_sibling(), |node| node.prev_sibling())
            .find(|node| node.is_named())
    }

    /// Returns the smallest node in this one, or itself, around some bytes.
    pub fn descendant_for_byte_range(self, start: usize, end: usize) -> Option<Self> {
        self.smallest(start, end, |_| true)
    }

    /// Returns the smallest named node in this one, or itself, around some bytes.
    pub fn named_descendant_for_byte_range(self, start: usize, end: usize) -> Option<Self> {
        self.smallest(start, end, Self::is_named)
    }

    fn smallest(self, start: usize, end: usize, fits: impl Fn(Self) -> bool) -> Option<Self> {
        let mut found = fits(self).then_some(self);
        let mut at = self;
        loop {
            let holds = |child: &Self| child.start_byte() <= start && end <= child.end_byte();
            let is_before = |child: &Self| child.start_byte() <= start;
            let Some(inner) = at.children().take_while(is_before).find(holds) else {
                return found;
            };
            at = inner;
            if fits(at) {
                found = Some(at);
            }
        }
    }
}

/// The nodes right in a node.
#[derive(Clone)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node {
            tree: self.tree,
            at: self.next,
        };
        self.next = node.row().after;
        Some(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.clone().count();
        (len, Some(len))
    }

    fn count(self) -> usize {
        let mut count = 0;
        let mut next = self.next;
        while next < self.end {
            next = self.tree.rows[next as usize].after;
            count += 1;
        }
        count
    }
}

impl ExactSizeIterator for Children<'_> {}
