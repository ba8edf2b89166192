//! What only the whole change shows.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::scan::number;
use crate::hints::change::{Change, Member};
use crate::hints::code::{News, Place, Run};
use crate::hints::condition::{Condition, Texts};
use crate::hints::rule::{Body, Once, Registry, Rule};
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
    spare_new_tables(change, registry, hints);
    for rule in registry.rules() {
        let Body::Code(code) = &rule.body else {
            continue;
        };
        let Run::Change(run) = &code.run else {
            continue;
        };
        match catch_unwind(AssertUnwindSafe(|| run(change, code.name))) {
            Ok(mut places) => {
                places.sort_by_key(|place| (place.file, place.range.start));
                let made = places
                    .iter()
                    .filter_map(|place| Some((place.file, hint(change, rule, place)?)));
                hints.extend(once(rule, made));
            }
            Err(_) => problems.push(format!(
                "rule {} panicked on the whole change and was stopped; the other rules went on",
                rule.id
            )),
        }
    }
    number_new(hints);
}

/// What is said of a table in use is not true of one that the change makes.
fn spare_new_tables(change: &Change<'_>, registry: &Registry, hints: &mut Vec<Hint>) {
    let spares = |hint: &Hint| {
        let rule = registry.rule(hint.rule.as_str());
        rule.is_some_and(|rule| rule.spares_new_tables)
    };
    if hints.iter().any(spares) {
        let news = News::of(change);
        let mut told = HashSet::new();
        hints.retain(|hint| {
            let Some(rule) = registry.rule(hint.rule.as_str()) else {
                return true;
            };
            !rule.spares_new_tables
                || !news.is_new(hint)
                    && (rule.once.is_none() || told.insert((rule.id.clone(), hint.path.clone())))
        });
    }
}

/// Keeps the first of each file, or of all, where a rule speaks once.
fn once(rule: &Rule, made: impl Iterator<Item = (usize, Hint)>) -> Vec<Hint> {
    let mut told = HashSet::new();
    made.filter(|(file, _)| match rule.once {
        Some(Once::Change) => told.insert(0),
        Some(Once::File | Once::Function) => told.insert(*file),
        None => true,
    })
    .map(|(_, hint)| hint)
    .collect()
}

/// Fingerprints of single files are finished; those of the whole change are told by their mark. Equal ones of a file are
/// counted together, so that no two hints have the same.
fn number_new(hints: &mut Vec<Hint>) {
    let (mut fresh, finished): (Vec<Hint>, Vec<Hint>) = std::mem::take(hints)
        .into_iter()
        .partition(|hint| hint.why.ends_with('\u{0}'));
    for hint in &mut fresh {
        hint.why.pop();
    }
    fresh.sort_by(|a, b| (&a.path, a.focus, &a.rule).cmp(&(&b.path, b.focus, &b.rule)));
    for of_file in fresh.chunk_by_mut(|a, b| a.path == b.path) {
        number(of_file);
    }
    hints.extend(finished);
    hints.extend(fresh);
}

fn hint(change: &Change<'_>, rule: &Rule, place: &Place) -> Option<Hint> {
    let member = change.files.get(place.file)?;
    let texts = texts(member, place);
    let holds =
        |condition: &Condition| condition.holds_of_text(&member.path, &texts) != Some(false);
    if !rule.speaks_in(member.roles) || !rule.conditions.iter().all(holds) {
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
    let text = texts.own.split_whitespace().collect::<Vec<_>>().join(" ");
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

fn texts<'m>(member: &'m Member, place: &Place) -> Texts<'m> {
    let file: &str = &member.text;
    let (start, end) = (place.range.start, place.range.end);
    let before = file.get(..start).unwrap_or_default();
    let after = file.get(end..).unwrap_or_default();
    let first = before.rfind('\n').map_or(0, |at| at + 1);
    let last = end + after.find('\n').unwrap_or(after.len());
    Texts {
        file,
        lines: file.get(first..last).unwrap_or_default(),
        own: file.get(start..end).unwrap_or_default(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RuleId, Strength};

    #[test]
    fn equal_places_of_one_file_have_fingerprints_of_their_own() {
        let hint = |line: u32, path: &str| {
            let span = CodeSpan {
                start_line: line,
                start_column: 1,
                end_line: line,
                end_column: 2,
            };
            Hint {
                rule: RuleId::from("r"),
                tool: None,
                items: Vec::new(),
                path: path.into(),
                span,
                focus: span,
                strength: Strength::B,
                message: String::new(),
                why: "w\u{0}".to_owned(),
                fingerprint: sha256(b"the same text"),
                folded: false,
            }
        };
        let mut hints = vec![hint(9, "a.sql"), hint(3, "a.sql"), hint(3, "b.sql")];
        number_new(&mut hints);
        let all: std::collections::BTreeSet<_> =
            hints.iter().map(|hint| hint.fingerprint).collect();
        assert_eq!(all.len(), 3);
        assert!(hints.iter().all(|hint| hint.why == "w"));
    }
}
