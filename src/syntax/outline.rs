//! The functions and types of a text, in order: what a header that stays in sight, a jump to a definition and the finder
//! read.

use tree_sitter::Node;

use super::enclosing::{NAME_LIMIT, named};
use super::parse::Parsed;
use crate::model::{FileText, LineNo};
use crate::support::text;

/// Most symbols of one text.
const MOST: usize = 20_000;
/// Deepest nesting that is walked.
const DEEPEST: usize = 400;

/// A function or type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, as written.
    pub name: String,
    /// The line that names it, without the blanks around it, safe to show.
    pub text: String,
    /// That line.
    pub line: LineNo,
    /// Its first line.
    pub first: LineNo,
    /// Its last line.
    pub last: LineNo,
}

/// The symbols of a text, by first line; those inside others come after them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// All of them.
    pub symbols: Vec<Symbol>,
}

impl Outline {
    /// Returns the innermost symbol that a line is part of.
    pub fn around(&self, line: u32) -> Option<&Symbol> {
        let upto = self
            .symbols
            .partition_point(|symbol| symbol.first.0 <= line);
        self.symbols[..upto]
            .iter()
            .rev()
            .find(|symbol| line <= symbol.last.0)
    }

    /// Returns every symbol that a line is part of, the outermost first.
    pub fn all_around(&self, line: u32) -> Vec<&Symbol> {
        let upto = self
            .symbols
            .partition_point(|symbol| symbol.first.0 <= line);
        self.symbols[..upto]
            .iter()
            .filter(|symbol| line <= symbol.last.0)
            .collect()
    }

    /// Returns the symbols of a name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Symbol> {
        self.symbols
            .iter()
            .filter(move |symbol| symbol.name == name)
    }
}

/// Lists the functions and types of a text.
pub fn outline(parsed: &Parsed, text: &FileText) -> Outline {
    let mut outline = Outline::default();
    if !parsed.is_of(text) {
        return outline;
    }
    for stretch in &parsed.stretches {
        let bytes = &text.bytes()[stretch.range.clone()];
        let mut cursor = stretch.tree.walk();
        let mut depth = 0;
        loop {
            let node = cursor.node();
            if let Some(name) = named(parsed.language, node)
                && outline.symbols.len() < MOST
            {
                outline
                    .symbols
                    .push(symbol(node, name, bytes, stretch.first.0, text));
            }
            if depth < DEEPEST && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    depth = usize::MAX;
                    break;
                }
                depth -= 1;
            }
            if depth == usize::MAX {
                break;
            }
        }
    }
    outline
        .symbols
        .sort_by_key(|symbol| (symbol.first, std::cmp::Reverse(symbol.last)));
    outline
}

fn symbol(node: Node<'_>, name: Node<'_>, bytes: &[u8], first: u32, text: &FileText) -> Symbol {
    let line = LineNo(first + name.start_position().row as u32);
    let end = node.end_position();
    let last = end.row as u32 - u32::from(end.column == 0 && end.row > node.start_position().row);
    let shown = text.line(line).unwrap_or_default().trim_ascii();
    let written = &bytes[name.byte_range()];
    let name: String = String::from_utf8_lossy(&written[..written.len().min(NAME_LIMIT)])
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    Symbol {
        name,
        text: text::visible_bytes(&shown[..shown.len().min(NAME_LIMIT)]),
        line,
        first: LineNo(first + node.start_position().row as u32),
        last: LineNo(first + last),
    }
}
