//! One hop beyond a function: what a function of the same file answers with, and what it is called with.

use std::cell::Cell;

use super::{MOST_STEPS, Parameters, Way, trace};
use crate::hints::file::File;
use crate::hints::grammar;
use crate::hints::kinds::{Call, parameters};
use crate::hints::own::called;
use crate::hints::tree::Node;

/// The most calls of a function that are looked at.
const MOST_CALLS: usize = 8;
/// How many assignments are followed in the function called.
const HOPS: u8 = 3;

/// What a function answers with.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it was called with may be in it.
    pub takes_parameters: bool,
    /// The part of a request that it reads.
    pub request: Option<String>,
}

/// Returns what a call of a function of this file is answered with; `None` for all other calls.
pub fn answer<'a>(file: &File<'a>, call: &Call<'a>) -> Option<Answer> {
    let function = called(file, call)?;
    Some(file.answer(function, || work_out(file, function)))
}

fn work_out<'a>(file: &File<'a>, function: Node<'a>) -> Answer {
    let answers = answers(file, function);
    if answers.is_empty() {
        // What is not understood is taken to hand on what it gets.
        return Answer {
            takes_parameters: true,
            request: None,
        };
    }
    let steps = Cell::new(MOST_STEPS);
    let plain = Way {
        file,
        home: function,
        parameters: Parameters::Handed,
        steps: &steps,
    };
    let open = Way {
        parameters: Parameters::All,
        ..plain
    };
    Answer {
        takes_parameters: answers
            .iter()
            .any(|node| trace(open, *node, HOPS).is_some()),
        request: answers.iter().find_map(|node| trace(plain, *node, HOPS)),
    }
}

/// Returns the expressions that a function returns.
fn answers<'a>(file: &File<'a>, function: Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut at = function.id() + 1;
    while at < function.after() {
        let node = file.node(at);
        if file.is_function(node) {
            at = node.after();
            continue;
        }
        let is_return = matches!(
            node.kind(),
            "return_statement" | "return" | "return_expression" | "jump_expression"
        );
        if is_return && node.is_named() {
            found.extend(node.named_children().next());
        }
        at += 1;
    }
    let body = grammar::field_of(function, "body");
    // An arrow's body is what it returns; of Ruby and Rust the last expression is.
    found.extend(body.and_then(|body| {
        let kind = body.kind();
        if kind == "statement_block" || kind == "compound_statement" {
            return None;
        }
        let is_block = matches!(kind, "block" | "body_statement" | "function_body");
        let ends = matches!(
            file.language,
            crate::syntax::Language::Ruby | crate::syntax::Language::Rust
        );
        match (is_block, ends) {
            (true, true) => body.last_named_child(),
            (true, false) => None,
            (false, _) => Some(body),
        }
    }));
    found
}

/// Returns where a parameter's value comes from in the calls of its function in this file.
pub fn handed_in(way: Way<'_, '_>, parameter: &str, hops: u8) -> Option<String> {
    let file = way.file;
    let function = file.function(way.home)?;
    let place = place_of(file, function, parameter)?;
    let calls = file.own().calls_of(file.function_name(function));
    calls.iter().take(MOST_CALLS).find_map(|&at| {
        let node = file.node(at);
        // A function that calls itself says nothing new.
        if function.holds(node) {
            return None;
        }
        let call = file.call(node)?;
        if called(file, &call)?.id() != function.id() {
            return None;
        }
        let value = argument(file, &call, place, parameter)?;
        let way = Way {
            home: node,
            parameters: Parameters::Handed,
            ..way
        };
        trace(way, value, hops)
    })
}

/// Returns the place of a parameter in a call: `self` is not handed in.
fn place_of(file: &File<'_>, function: Node<'_>, parameter: &str) -> Option<usize> {
    let list = parameters(function)?;
    if file.text_of(list) == parameter {
        return Some(0);
    }
    let all = list
        .named_children()
        .filter(|node| !file.is(*node, grammar::COMMENT));
    let mut all = all.filter(|node| {
        !matches!(
            file.text_of(*node),
            "self" | "cls" | "&self" | "&mut self" | "this"
        )
    });
    all.position(|node| {
        let name = grammar::field_of(node, "name")
            .or_else(|| grammar::field_of(node, "pattern"))
            .or_else(|| grammar::field_of(node, "left"));
        let text = name.map_or_else(|| file.text_of(node), |name| file.text_of(name));
        let first = text.split([':', ' ', '=']).next().unwrap_or(text);
        text == parameter || first == parameter
    })
}

fn argument<'a>(
    file: &File<'a>,
    call: &Call<'a>,
    place: usize,
    parameter: &str,
) -> Option<Node<'a>> {
    let arguments = call.arguments?;
    let by_name = arguments.named_children().find_map(|node| {
        let name = grammar::field_of(node, "name")?;
        (file.text_of(name) == parameter).then(|| grammar::field_of(node, "value"))?
    });
    by_name.or_else(|| {
        let mut all = arguments
            .named_children()
            .filter(|node| !file.is(*node, grammar::COMMENT));
        all.nth(place)
    })
}
