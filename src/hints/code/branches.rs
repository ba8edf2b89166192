//! Code that cannot run, and branches that do the same (hollow-tests).

use crate::hints::tree::Node;

use super::Sight;
use super::flow::Flow;
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds::{field, is_comment};
use crate::syntax::Language;

/// Points at the first statement after one that always leaves.
pub fn unreachable<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    for block in in_functions(file, grammar::BLOCK) {
        let statements: Vec<Node<'a>> = block
            .named_children()
            .filter(|child| !is_comment(*child) && child.kind() != "heredoc_body")
            .collect();
        let dead = statements
            .windows(2)
            .position(|pair| is_jump(file, pair[0]) && !is_declaration(pair[1].kind()));
        // `throw …; return;` leaves twice out of habit, and hides nothing.
        let dead = dead.filter(|at| {
            // `#[cfg(unix)] return a;` is there on some machines only.
            let marked = at.checked_sub(1).map(|before| statements[before].kind());
            let marks = [marked, Some(statements[at + 1].kind())];
            if marks.contains(&Some("attribute_item")) {
                return false;
            }
            let text = |at: usize| file.text_of(statements[at]);
            at + 2 < statements.len() || !is_habit(file.language, text(*at), text(at + 1))
        });
        let dead = dead.map(|at| [statements[at], statements[at + 1]]);
        found.extend(dead.map(|pair| Sight {
            node: pair[1],
            since: None,
            focus: None,
            values: vec![
                ("jump", first_line(file, pair[0])),
                ("dead", first_line(file, pair[1])),
            ],
        }));
    }
    found
}

/// Tells whether a last statement after one that leaves is one that writers put there out of habit, and no mistake.
fn is_habit(language: Language, jump: &str, dead: &str) -> bool {
    let first = |text: &str| {
        let word = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next();
        word.unwrap_or_default().to_owned()
    };
    let leaves = |word: &str| matches!(word, "return" | "break" | "continue" | "exit" | "die");
    let bare = dead.trim_end_matches([';', ' ', '(', ')']);
    let throws = matches!(first(jump).as_str(), "throw" | "raise" | "exit" | "die");
    // A lone `yield` makes an empty generator.
    let is_php = language == Language::Php;
    leaves(bare) || bare == "yield" || is_php && throws && leaves(&first(dead))
}

/// Returns the nodes of some kinds that stand in functions.
fn in_functions<'a>(file: &File<'a>, marks: u16) -> impl Iterator<Item = Node<'a>> {
    let all = file.nodes();
    all.filter(move |node| file.is(*node, marks) && file.function(*node).is_some())
}

fn first_line(file: &File<'_>, node: Node<'_>) -> String {
    file.text_of(node)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn is_jump(file: &File<'_>, node: Node<'_>) -> bool {
    let is_plain = matches!(
        node.kind(),
        "return_statement"
            | "raise_statement"
            | "throw_statement"
            | "return"
            | "break_statement"
            | "continue_statement"
            | "jump_expression"
    ) || node.kind() == "expression_statement"
        && node.named_child(0).is_some_and(|inner| {
            matches!(
                inner.kind(),
                "return_expression"
                    | "throw_expression"
                    | "break_expression"
                    | "continue_expression"
            )
        });
    is_plain && !file.text_of(node).contains(" if ") && !file.text_of(node).contains(" unless ")
}

/// Clauses of what the block belongs to, and lines for the preprocessor, stand among statements in some grammars.
const CLAUSES: &[&str] = &["rescue", "ensure", "else", "catch", "finally", "preproc"];

/// Declarations after a return are hoisted or labels.
fn is_declaration(kind: &str) -> bool {
    kind.contains("function")
        || CLAUSES.iter().any(|clause| kind.contains(clause))
        || kind.contains("class")
        || kind.contains("label")
        || kind.contains("case")
        || kind.contains("declaration")
            && kind != "local_variable_declaration"
            && kind != "lexical_declaration"
        || kind.contains("empty")
        || kind == "method"
        || kind == "text"
        || kind.contains("default")
}

/// Points at a branch that does the same as the one before it.
pub fn equal<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let mut found = Vec::new();
    for node in in_functions(file, grammar::CHOICE) {
        found.extend(equal_branches(file, node));
    }
    found
}

fn equal_branches<'a>(file: &File<'a>, node: Node<'a>) -> Option<Sight<'a>> {
    let then = field(node, &["consequence", "body"])?;
    let other = field(node, &["alternative"])?;
    // `else if …` is a choice of its own.
    if matches!(
        other.kind(),
        "if_statement" | "elif_clause" | "elsif" | "else_if_clause"
    ) || contains_choice(other)
    {
        return None;
    }
    let other_body = field(other, &["body", "consequence"])
        .or_else(|| {
            other
                .named_child(0)
                .filter(|_| other.kind().contains("else"))
        })
        .unwrap_or(other);
    let (one, two) = (squeezed(file, then), squeezed(file, other_body));
    let condition = field(node, &["condition"])
        .map(|node| file.text_of(node).to_owned())
        .unwrap_or_default();
    (one.len() >= 12 && one == two).then(|| Sight {
        node: other,
        since: None,
        focus: None,
        values: vec![("condition", condition)],
    })
}

fn contains_choice(other: Node<'_>) -> bool {
    other.kind().contains("else")
        && other
            .named_child(0)
            .is_some_and(|inner| matches!(inner.kind(), "if_statement" | "if_expression"))
}

fn squeezed(file: &File<'_>, node: Node<'_>) -> String {
    let text = file.text_of(node).trim();
    let text = text.strip_prefix("else").unwrap_or(text).trim();
    let text = text.strip_prefix("then").unwrap_or(text);
    let text = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .unwrap_or(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
