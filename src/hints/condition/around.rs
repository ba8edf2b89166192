//! The text around a match, and what stands beside it.

use crate::hints::tree::Node;
use regex::Regex;
use serde::Deserialize;

use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds::{body_start, decorated, decorators_start};
use crate::hints::memo::Text;

/// How far around a match is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The match itself.
    Match,
    /// The lines it stands on.
    Line,
    /// The innermost block of statements.
    Block,
    /// The innermost function with its decorators; without one, the closure or the file.
    Function,
    /// The function's decorators, name, parameters and result.
    Signature,
    /// The innermost class; without one, the file.
    Class,
    /// The file.
    File,
}

/// Returns the text of a scope, comments left out.
pub fn text<'a>(file: &File<'a>, node: Node<'a>, scope: Scope) -> Text<'a> {
    match scope {
        Scope::Match => Text::Whole(file.text_of(node)),
        Scope::Line => {
            let first = file.line_of(node.start_byte());
            let last = file.line_of(node.end_byte().saturating_sub(1).max(node.start_byte()));
            Text::Whole(file.lines(first, last))
        }
        Scope::Block => {
            let block = node.around().find(|around| {
                let kind = around.kind();
                kind.contains("block") || kind.contains("body") || kind == "compound_statement"
            });
            without_comments(file, block.unwrap_or(node))
        }
        Scope::Function => {
            let scope = file.scope(node);
            let before = file
                .text()
                .get(decorators_start(scope)..scope.start_byte())
                .unwrap_or_default();
            if before.is_empty() {
                without_comments(file, scope)
            } else {
                let start = scope.start_byte() - before.len();
                file.made(start..scope.end_byte(), || {
                    format!("{before}{}", &*without_comments(file, scope))
                })
            }
        }
        Scope::Signature => Text::Whole(signature(file, node)),
        Scope::Class => without_comments(
            file,
            file.class(node)
                .map_or_else(|| file.top(), |class| decorated(class)),
        ),
        Scope::File => without_comments(file, file.top()),
    }
}

/// Returns the decorators, name, parameters and result of the function around a node.
pub fn signature<'a>(file: &File<'a>, node: Node<'a>) -> &'a str {
    let Some(function) = file.function(node) else {
        return "";
    };
    let scope = file.scope(node);
    let body = body_start(function);
    let start = decorators_start(scope).min(function.start_byte());
    file.text().get(start..body.max(start)).unwrap_or_default()
}

/// Returns a node's text with its comments replaced by blanks.
pub fn without_comments<'a>(file: &File<'a>, node: Node<'a>) -> Text<'a> {
    let text = file.text_of(node);
    let all = file.comments();
    let first = all.partition_point(|range| range.start < node.start_byte());
    let count = all[first..].partition_point(|range| range.end <= node.end_byte());
    let ranges = all[first..first + count].iter().cloned();
    if count == 0 {
        return Text::Whole(text);
    }
    file.made(node.byte_range(), || {
        let mut out = String::with_capacity(text.len());
        let mut at = node.start_byte();
        for range in ranges {
            out.push_str(file.text().get(at..range.start).unwrap_or_default());
            out.push(' ');
            at = range.end;
        }
        out.push_str(file.text().get(at..node.end_byte()).unwrap_or_default());
        out
    })
}

/// Returns the lines of a file that import something.
pub fn imports<'a>(file: &File<'a>) -> impl Iterator<Item = &'a str> {
    let mut in_group = false;
    file.text()
        .lines()
        .map(str::trim_start)
        .filter(move |line| {
            if in_group {
                if line.starts_with(')') || line.starts_with('}') {
                    in_group = false;
                }
                return true;
            }
            let is_import = [
                "import ",
                "import(",
                "from ",
                "use ",
                "using ",
                "require",
                "include",
                "extern crate",
            ]
            .iter()
            .any(|word| line.starts_with(word))
                || line.contains("require(")
                || line.contains("import(");
            in_group =
                line.starts_with("import (") || (is_import && line.trim_end().ends_with('{'));
            is_import
        })
}

/// Tells whether a node stands in the arguments of a call that matches, inside the same named function.
pub fn is_within_call<'a>(file: &File<'a>, node: Node<'a>, pattern: &Regex) -> bool {
    for around in node.around() {
        if file.is(around, grammar::FUNCTION) {
            return false;
        }
        if let Some(call) = file.call(around) {
            // `transaction { … }`: what is handed over stands behind the brackets, if there are any.
            let lambda = around
                .named_children()
                .find(|child| child.kind() == "annotated_lambda" && child.holds(node));
            let handed = lambda.or(call.arguments);
            let arguments = handed.map_or(around.end_byte(), Node::start_byte);
            let callee = file
                .text()
                .get(around.start_byte()..arguments)
                .unwrap_or_default();
            if arguments <= node.start_byte() && pattern.is_match(callee.trim_end()) {
                return true;
            }
        }
    }
    false
}

/// Tells whether a remark on the line where a node begins, or on those right above it, matches.
pub fn is_explained(file: &File<'_>, node: Node<'_>, pattern: &Regex) -> bool {
    const SIGNS: [&str; 7] = ["#", "//", "--", "/*", "*", "<!--", ";"];
    /// The most lines above that are looked at.
    const MOST: u32 = 12;
    let first = file.line_of(node.start_byte());
    let own = file.lines(first, first);
    let is_remark = |line: &str| SIGNS.iter().any(|sign| line.starts_with(sign));
    let behind = ["# ", "// ", "-- ", "/* "]
        .iter()
        .filter_map(|sign| own.find(sign))
        .min();
    if behind.is_some_and(|at| pattern.is_match(own[at..].trim_end())) {
        return true;
    }
    let above = (first.saturating_sub(MOST)..first)
        .rev()
        .filter(|line| *line > 0);
    above
        .map(|line| file.lines(line, line).trim())
        .take_while(|line| is_remark(line))
        .any(|line| pattern.is_match(line))
}

/// Tells whether enough other functions beside this one have a mark that this one lacks.
pub fn siblings_have<'a>(file: &File<'a>, node: Node<'a>, mark: &Regex, at_least: usize) -> bool {
    let Some(own) = file.function(node) else {
        return false;
    };
    let home = file.class(own).unwrap_or_else(|| file.top());
    if file.is_match(mark, &without_comments(file, decorated(own))) {
        return false;
    }
    let all = file.marked(mark, home, || {
        let of_home = outermost_functions(file, home).into_iter();
        of_home
            .map(|function| {
                let text = without_comments(file, decorated(function));
                (function.id(), file.is_match(mark, &text))
            })
            .collect()
    });
    let others = all.iter().filter(|(id, _)| *id != own.id());
    let having = others.clone().filter(|(_, has)| *has).count();
    having >= at_least && having * 2 > others.count()
}

fn outermost_functions<'a>(file: &File<'a>, home: Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut at = home.id() + 1;
    while at < home.after() {
        let node = file.node(at);
        if file.is(node, grammar::FUNCTION) {
            found.push(node);
            at = node.after();
        } else {
            at += 1;
        }
    }
    found
}
