//! The flat tree as ast-grep's matcher sees it.

use std::borrow::Cow;
use std::ops::Range;

use ast_grep_core::source::{Doc, Edit, SgNode};
use ast_grep_core::{Language as _, Position};

use super::{ERROR, MISSING, Node, Tree};
use crate::hints::lang::Lang;
use crate::syntax::Language;

fn position(tree: &Tree, byte: usize) -> Position {
    let starts = tree.starts();
    let line = starts.partition_point(|&start| start as usize <= byte) - 1;
    Position::new(line, byte - starts[line] as usize, byte)
}

/// What ast-grep asks of a node.
impl<'t> SgNode<'t> for Node<'t> {
    fn parent(&self) -> Option<Self> {
        Self::parent(*self)
    }

    fn ancestors(&self, _root: Self) -> impl Iterator<Item = Self> {
        self.around()
    }

    fn children(&self) -> impl ExactSizeIterator<Item = Self> {
        Self::children(*self)
    }

    fn dfs(&self) -> impl Iterator<Item = Self> {
        self.within()
    }

    fn child(&self, nth: usize) -> Option<Self> {
        Self::child(*self, nth as u32)
    }

    fn next(&self) -> Option<Self> {
        self.next_sibling()
    }

    fn prev(&self) -> Option<Self> {
        self.prev_sibling()
    }

    fn kind(&self) -> Cow<'_, str> {
        Cow::Borrowed(Self::kind(*self))
    }

    fn kind_id(&self) -> u16 {
        Self::kind_id(*self)
    }

    fn node_id(&self) -> usize {
        self.id()
    }

    fn range(&self) -> Range<usize> {
        self.byte_range()
    }

    fn start_pos(&self) -> Position {
        position(self.tree, self.start_byte())
    }

    fn end_pos(&self) -> Position {
        position(self.tree, self.end_byte())
    }

    fn is_named(&self) -> bool {
        Self::is_named(*self)
    }

    fn is_named_leaf(&self) -> bool {
        self.named_children().next().is_none()
    }

    fn is_leaf(&self) -> bool {
        !self.has_children()
    }

    fn is_missing(&self) -> bool {
        self.row().flags & MISSING != 0
    }

    fn is_error(&self) -> bool {
        self.row().kind == ERROR
    }

    fn is_extra(&self) -> bool {
        Self::is_extra(*self)
    }

    fn field(&self, name: &str) -> Option<Self> {
        let field = Lang(self.tree.language).field_to_id(name)?;
        Self::child_by_field_id(*self, field)
    }

    fn field_children(&self, field: Option<u16>) -> impl Iterator<Item = Self> {
        let field = field.filter(|field| *field != 0);
        self.children()
            .filter(move |child| Some(child.row().field) == field)
    }

    fn child_by_field_id(&self, field: u16) -> Option<Self> {
        Self::child_by_field_id(*self, field)
    }
}

/// A file's text and its tree, as ast-grep wants them.
#[derive(Clone)]
pub struct Source {
    lang: Lang,
    text: String,
    tree: Tree,
}

impl Source {
    /// Joins a text and what was parsed of it.
    pub fn new(language: Language, text: String, tree: &tree_sitter::Tree) -> Self {
        Self {
            lang: Lang(language),
            tree: Tree::new(language, &text, tree),
            text,
        }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
}

impl Doc for Source {
    type Source = String;
    type Lang = Lang;
    type Node<'r> = Node<'r>;

    fn get_lang(&self) -> &Lang {
        &self.lang
    }

    fn get_source(&self) -> &String {
        &self.text
    }

    fn do_edit(&mut self, _edit: &Edit<String>) -> Result<(), String> {
        Err("a file under rules is read only".into())
    }

    fn root_node(&self) -> Node<'_> {
        self.tree.root()
    }

    fn get_node_text<'a>(&'a self, node: &Node<'a>) -> Cow<'a, str> {
        Cow::Borrowed(self.text.get(node.byte_range()).unwrap_or_default())
    }
}
