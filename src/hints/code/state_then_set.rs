//! A state is compared with a fixed value, then set in memory and saved, with nothing that keeps a second caller out
//! (check-then-act).

use super::Sight;
use super::check_then_act::{condition, is_choice};
use super::flow::{self, Flow};
use crate::hints::condition::without_comments;
use crate::hints::kinds::{decorated, field};
use crate::hints::role::Role;
use crate::hints::tree::Node;

/// Points at a state that is compared, and then set in memory and saved, with nothing that keeps a second caller out.
pub fn run<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    if file.roles.has(Role::Migration) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for function in flow::functions(file) {
        let saves = |at: usize| {
            code.has(function, |call| {
                call.node.start_byte() >= at && code.writes(call)
            })
        };
        if !saves(0) {
            continue;
        }
        let text = without_comments(file, decorated(function));
        if file.has_guard("lock", &text) {
            continue;
        }
        let mut compared: Vec<(String, Node<'a>)> = Vec::new();
        let mut told = false;
        flow::visit(file, function, |node| {
            if told {
                return;
            }
            if is_choice(node.kind()) {
                if let Some(condition) = condition(node) {
                    compared.extend(
                        compared_state(file.text_of(condition)).map(|state| (state, condition)),
                    );
                }
                return;
            }
            let (Some(left), Some(right)) = (field(node, &["left"]), field(node, &["right"]))
            else {
                return;
            };
            let is_assignment = node.kind().contains("assignment");
            let target = file.text_of(left).trim_start_matches('@');
            let Some((_, choice)) = compared.iter().find(|(state, _)| state == target) else {
                return;
            };
            if is_assignment && is_state_value(file.text_of(right)) && saves(node.start_byte()) {
                told = true;
                found.push(Sight {
                    node,
                    since: Some(*choice),
                    focus: None,
                    values: vec![
                        ("state", target.to_owned()),
                        ("line", file.line_of(node.start_byte()).to_string()),
                    ],
                });
            }
        });
    }
    found
}

/// Returns `order.status` of `order.status != "pending"`.
fn compared_state(condition: &str) -> Option<String> {
    let condition = condition.trim_matches(['(', ')', ' ', '!']);
    let operator = ["===", "!==", "==", "!="]
        .iter()
        .find(|operator| condition.contains(**operator))?;
    let (left, right) = condition.split_once(operator)?;
    let left = left.rsplit([' ', '(']).next().unwrap_or(left).trim();
    let left = if left.is_empty() {
        condition.split_once(operator)?.0.trim()
    } else {
        left
    };
    let last = left.rsplit(['.', '>']).next()?.to_lowercase();
    let is_state = [
        "status",
        "state",
        "paid",
        "used",
        "consumed",
        "redeemed",
        "claimed",
        "processed",
        "shipped",
        "refunded",
        "approved",
        "cancelled",
    ]
    .iter()
    .any(|word| last.contains(word));
    let is_path = left.contains('.') || left.contains("->");
    (is_state && is_path && is_state_value(right.trim()))
        .then(|| left.trim_start_matches('@').to_owned())
}

/// A literal, a constant or a member of an enumeration.
fn is_state_value(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['"', '\'', ':'])
        || matches!(
            text.split(|c: char| !c.is_alphanumeric()).next(),
            Some("true" | "false" | "True" | "False")
        )
        || text.starts_with(|c: char| c.is_ascii_uppercase())
}
