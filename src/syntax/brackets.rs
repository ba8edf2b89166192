//! Brackets that are brackets: tokens of the tree, so that those in strings and comments do not count.

use std::ops::Range;

use super::parse::Parsed;
use crate::model::{FileText, LineNo};

const PAIRS: [(u8, u8); 3] = [(b'(', b')'), (b'[', b']'), (b'{', b'}')];
/// Longest token that is taken for a bracket: `(`, `${`, `#[`.
const LONGEST: usize = 3;

/// A bracket of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bracket {
    at: usize,
    pair: usize,
    opens: bool,
}

/// Returns the line that holds the match of a line's bracket: of the last one that it opens and does not close, or else
/// of the first one that it closes and did not open. `None` where no bracket of the line has its match on another.
pub fn matching_line(parsed: &Parsed, text: &FileText, line: LineNo) -> Option<LineNo> {
    if !parsed.is_of(text) {
        return None;
    }
    let own = text.range(line)?;
    let brackets = brackets(parsed, own.clone(), text);
    let first = brackets.partition_point(|bracket| bracket.at < own.start);
    let end = brackets.partition_point(|bracket| bracket.at < own.end);
    let mut open: Vec<usize> = Vec::new();
    let mut unopened = None;
    for (index, bracket) in brackets.iter().enumerate().take(end).skip(first) {
        if bracket.opens {
            open.push(index);
        } else if open
            .last()
            .is_some_and(|&at| brackets[at].pair == bracket.pair)
        {
            open.pop();
        } else if unopened.is_none() {
            unopened = Some(index);
        }
    }
    let matched = match (open.pop(), unopened) {
        (Some(at), _) => closing(&brackets[at..], true),
        (None, Some(at)) => {
            let back: Vec<Bracket> = brackets[..=at].iter().rev().copied().collect();
            closing(&back, false)
        }
        (None, None) => None,
    }?;
    line_at(text, matched.at)
}

/// Returns where the first of some brackets is closed, or opened when they come from the end.
fn closing(brackets: &[Bracket], forward: bool) -> Option<Bracket> {
    let first = brackets.first()?;
    let mut depth = 0_u32;
    let same = brackets.iter().filter(|bracket| bracket.pair == first.pair);
    for bracket in same {
        if bracket.opens == forward {
            depth += 1;
        } else {
            depth -= 1;
            if depth == 0 {
                return Some(*bracket);
            }
        }
    }
    None
}

/// Lists the brackets of the stretch of known lines that some bytes are in, in order.
fn brackets(parsed: &Parsed, around: Range<usize>, text: &FileText) -> Vec<Bracket> {
    let mut found = Vec::new();
    let stretch = parsed
        .stretches
        .iter()
        .find(|stretch| stretch.range.contains(&around.start));
    let Some(stretch) = stretch else {
        return found;
    };
    let bytes = &text.bytes()[stretch.range.clone()];
    let mut cursor = stretch.tree.walk();
    loop {
        let node = cursor.node();
        if cursor.goto_first_child() {
            continue;
        }
        let token = node.byte_range();
        if !node.is_named() && token.len() <= LONGEST {
            let offset = stretch.range.start;
            found.extend(bracket(&bytes[token.clone()], token.start + offset));
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

/// Reads a token that ends with an opening bracket or begins with a closing one.
fn bracket(token: &[u8], at: usize) -> Option<Bracket> {
    let (first, last) = (*token.first()?, *token.last()?);
    PAIRS.iter().enumerate().find_map(|(pair, &(open, close))| {
        let opens = last == open;
        (opens || first == close).then_some(Bracket { at, pair, opens })
    })
}

/// Returns the line that a byte is in.
fn line_at(text: &FileText, byte: usize) -> Option<LineNo> {
    let numbers: Vec<LineNo> = text.line_numbers().collect();
    let after =
        numbers.partition_point(|line| text.range(*line).is_some_and(|range| range.start <= byte));
    numbers.get(after.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::syntax::{Language, Limits, parse};

    fn matches(language: Language, text: &str, line: u32) -> Option<u32> {
        let text = FileText::whole(Arc::from(text.as_bytes()));
        let parsed = parse(language, &text, Limits::default()).unwrap();
        matching_line(&parsed, &text, LineNo(line)).map(|line| line.0)
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let rust = "fn a() {\n    let x = \"}\"; // }\n    /* } */ b('}');\n    c(\n        \")\",\n    );\n}\n";
        assert_eq!(matches(Language::Rust, rust, 1), Some(7));
        assert_eq!(matches(Language::Rust, rust, 7), Some(1));
        assert_eq!(matches(Language::Rust, rust, 4), Some(6));
        assert_eq!(matches(Language::Rust, rust, 6), Some(4));
        assert_eq!(matches(Language::Rust, rust, 2), None);
        let python = "x = [  # ]\n    ']',\n    f\"{a[1]}]\",\n]\n";
        assert_eq!(matches(Language::Python, python, 1), Some(4));
        assert_eq!(matches(Language::Python, python, 4), Some(1));
        let script = "const a = `${b(\n  /\\)/,\n)}`;\n";
        assert_eq!(matches(Language::JavaScript, script, 1), Some(3));
    }

    #[test]
    fn the_last_bracket_left_open_counts_and_then_the_first_one_closed() {
        let go = "package a\nfunc f() {\n\tg(func() {\n\t})\n}\n";
        assert_eq!(matches(Language::Go, go, 3), Some(4));
        assert_eq!(matches(Language::Go, go, 4), Some(3));
        assert_eq!(matches(Language::Go, go, 2), Some(5));
        assert_eq!(matches(Language::Go, go, 1), None);
    }

    #[test]
    fn broken_code_still_has_brackets() {
        let rust = "fn a( {\n  let = ;\n}\n";
        assert_eq!(matches(Language::Rust, rust, 3), Some(1));
    }
}
