//! What is looked up in a grammar once instead of for every node: the numbers of fields, and what kinds of nodes are.

use std::cell::RefCell;
use std::num::NonZeroU16;
use std::sync::OnceLock;

use super::kinds;
use super::tree::Node;
use crate::syntax::{self, Language};

/// A named function or method.
pub const FUNCTION: u16 = 1;
/// A function without a name of its own, blocks included.
pub const CLOSURE: u16 = 1 << 1;
/// A class or what is like one.
pub const CLASS: u16 = 1 << 2;
/// A loop.
pub const LOOP: u16 = 1 << 3;
/// A call or the creation of an object.
pub const CALL: u16 = 1 << 4;
/// A name.
pub const IDENTIFIER: u16 = 1 << 5;
/// A whole string, quotes included.
pub const STRING: u16 = 1 << 6;
/// A collection written out.
pub const LITERAL: u16 = 1 << 7;
/// A comment.
pub const COMMENT: u16 = 1 << 8;
/// A block of statements.
pub const BLOCK: u16 = 1 << 9;
/// A choice between two branches.
pub const CHOICE: u16 = 1 << 10;

/// The names of blocks in all grammars.
const BLOCKS: &[&str] = &[
    "block",
    "statement_block",
    "compound_statement",
    "body_statement",
    "statement_list",
    "constructor_body",
];
/// The names of choices in all grammars.
const CHOICES: &[&str] = &["if_statement", "if", "if_expression", "unless"];

/// Number of a kind → what it is, as bits.
pub type Marks = &'static [u16];

/// Returns the marks of a language's kinds.
pub fn marks(language: Language) -> Marks {
    static ALL: [OnceLock<Vec<u16>>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    ALL[language as usize].get_or_init(|| gather(language))
}

fn gather(language: Language) -> Vec<u16> {
    let grammar = syntax::grammar(language);
    let kinds = kinds::of(language);
    let of_name = |name: &str| {
        let lists = [
            (kinds.functions, FUNCTION),
            (kinds.closures, CLOSURE),
            (kinds.classes, CLASS),
            (kinds.calls, CALL),
            (kinds.identifiers, IDENTIFIER),
            (kinds.strings, STRING),
            (kinds.literals, LITERAL),
            (BLOCKS, BLOCK),
            (CHOICES, CHOICE),
        ];
        let mut mark = lists
            .iter()
            .filter(|(list, _)| list.contains(&name))
            .fold(0, |all, (_, mark)| all | mark);
        if kinds.loops.iter().any(|(kind, _)| *kind == name) {
            mark |= LOOP;
        }
        if name.contains("comment") {
            mark |= COMMENT;
        }
        mark
    };
    (0..grammar.node_kind_count() as u16)
        .map(|id| match grammar.node_kind_for_id(id) {
            // `class` is also a word of the language, which is no class.
            Some(name) if grammar.node_kind_is_named(id) => of_name(name),
            _ => 0,
        })
        .collect()
}

/// The number of a field by the address of its name, which is one of the program's own.
type Slot = (usize, usize, Option<NonZeroU16>);

/// How many names a table of fields holds; a power of two, well above the number of names in this program.
const SLOTS: usize = 1024;

thread_local! {
    static FIELDS: RefCell<Vec<Vec<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// Returns a node's child by the name of its field.
pub fn field_of<'t>(node: Node<'t>, name: &'static str) -> Option<Node<'t>> {
    node.child_by_field_id(field_id(node.language(), name)?.get())
}

/// Returns the number of a field. Grammars compare a name with all of theirs each time; here that is done once.
pub fn field_id(language: Language, name: &'static str) -> Option<NonZeroU16> {
    FIELDS.with_borrow_mut(|all| {
        if all.is_empty() {
            all.resize(Language::ALL.len(), Vec::new());
        }
        let slots = &mut all[language as usize];
        if slots.is_empty() {
            slots.resize(SLOTS, (0, 0, None));
        }
        let address = name.as_ptr() as usize;
        let mut at = address.wrapping_mul(0x9E37_79B9) >> 7 & (SLOTS - 1);
        for _ in 0..8 {
            let (known, len, id) = slots[at];
            if known == address && len == name.len() {
                return id;
            }
            if known == 0 {
                let id = syntax::grammar(language).field_id_for_name(name);
                slots[at] = (address, name.len(), id);
                return id;
            }
            at = (at + 1) & (SLOTS - 1);
        }
        syntax::grammar(language).field_id_for_name(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::tree::Tree;

    #[test]
    fn a_child_is_found_by_the_name_of_its_field_in_any_grammar() {
        for (language, text) in [
            (Language::Python, "def f(a): pass"),
            (Language::Go, "package p\nfunc f() {}"),
            (Language::Ruby, "def f(a) = 1"),
        ] {
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&syntax::grammar(language)).unwrap();
            let parsed = parser.parse(text, None).unwrap();
            let root = parsed.root_node();
            let expected = root
                .named_child(root.named_child_count() as u32 - 1)
                .unwrap();
            let tree = Tree::new(language, text, &parsed);
            let function = tree.root().last_named_child().unwrap();
            for name in ["name", "body", "parameters", "no_such_field"] {
                let expected = expected.child_by_field_name(name);
                let expected = expected.map(|node| (node.kind(), node.byte_range()));
                for _ in 0..2 {
                    let found = field_of(function, name);
                    let found = found.map(|node| (node.kind(), node.byte_range()));
                    assert_eq!(found, expected, "{language:?} {name}");
                }
            }
            assert_ne!(
                marks(language)[function.kind_id() as usize] & FUNCTION,
                0,
                "{language:?}"
            );
        }
    }
}
