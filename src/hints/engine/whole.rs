//! What only the whole change shows.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::scan::number;
use crate::hints::change::{Change, Member};
use crate::hints::code::{Place, Run};
use crate::hints::rule::{Body, Registry, Rule};
use crate::model::{CodeSpan, Hint};
use crate::support::digest::sha256;
use crate::support::text::visible;

/// Runs the rules on the whole change. Hints and problems are added to what files came to.
pub fn scan_change(
    change: &Change<'_>,
    registry: &Registry,
    hints: &mut Vec<Hint>,
    problems: &mut Vec<String>,
) {
    for rule in registry.rules() {
        let Body::Code(code) = &rule.body else {
            continue;
        };
        let Run::Change(run) = &code.run else {
            continue;
        };
        match catch_unwind(AssertUnwindSafe(|| run(change, code.name))) {
            Ok(places) => hints.extend(
                places
                    .into_iter()
                    .filter_map(|place| hint(change, rule, &place)),
            ),
            Err(_) => problems.push(format!(
                "rule {} panicked on the whole change and was stopped; the other rules went on",
                rule.id
            )),
        }
    }
    number_new(hints);
}

/// Fingerprints of single files are finished; those of the whole change are told by their mark.
fn number_new(hints: &mut [Hint]) {
    let mut fresh: Vec<&mut Hint> = hints
        .iter_mut()
        .filter(|hint| hint.why.ends_with('\u{0}'))
        .collect();
    for hint in &mut fresh {
        hint.why.pop();
    }
    for hint in fresh {
        number(std::slice::from_mut(hint));
    }
}

fn hint(change: &Change<'_>, rule: &Rule, place: &Place) -> Option<Hint> {
    let member = change.files.get(place.file)?;
    if !rule.speaks_in(member.roles) {
        return None;
    }
    let span = span(member, place)?;
    if !member.added.touches(span.start_line, span.end_line) {
        return None;
    }
    let mut message = rule.message.clone();
    for (name, value) in &place.values {
        message = message.replace(&format!("{{{name}}}"), &visible(value));
    }
    let text = member.text.get(place.range.clone()).unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Hint {
        rule: rule.id.clone(),
        tool: None,
        items: rule.items.clone(),
        path: member.path.clone(),
        span,
        focus: span,
        strength: rule.strength,
        message,
        why: format!("{}\u{0}", rule.why),
        fingerprint: sha256(text.as_bytes()),
        folded: false,
    })
}

fn span(member: &Member, place: &Place) -> Option<CodeSpan> {
    let position = |byte: usize| {
        let before = member.text.get(..byte)?;
        let line = before.bytes().filter(|&byte| byte == b'\n').count() as u32 + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count() as u32
            + 1;
        Some((line, column))
    };
    let (start_line, start_column) = position(place.range.start)?;
    let (end_line, end_column) = position(place.range.end.max(place.range.start))?;
    Some(CodeSpan {
        start_line,
        start_column,
        end_line,
        end_column,
    })
}
