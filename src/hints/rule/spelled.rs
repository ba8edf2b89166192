//! The texts that any match of a regular expression holds, spelled out where they are few.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::need::Need;

/// The most texts that a choice is spelled out into.
const MOST: usize = 96;

/// Returns what any match of a regular expression holds.
pub fn of_regex(pattern: &str) -> Need {
    // Letters are compared without case anyway, and `(?i)` would multiply the texts.
    regex_syntax::parse(&without_case_flag(pattern)).map_or(Need::Nothing, |hir| of_hir(&hir))
}

/// Takes the letter `i` out of a pattern's flags.
fn without_case_flag(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find("(?") {
        let escaped = rest[..at].chars().rev().take_while(|&c| c == '\\').count() % 2 == 1;
        let flags = &rest[at + 2..];
        let len = flags.bytes().take_while(u8::is_ascii_lowercase).count();
        let (names, after) = flags.split_at(len);
        let is_flags = !escaped && names.contains('i') && after.starts_with([':', ')']);
        if !is_flags {
            out.push_str(&rest[..at + 2]);
            rest = flags;
            continue;
        }
        out.push_str(&rest[..at]);
        let kept = names.replace('i', "");
        match (kept.is_empty(), after.starts_with(')')) {
            (true, true) => rest = &after[1..],
            (true, false) => {
                out.push_str("(?");
                rest = after;
            }
            (false, _) => {
                out.push_str("(?");
                out.push_str(&kept);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn of_hir(hir: &Hir) -> Need {
    if let Some(texts) = spelled_out(hir) {
        return Need::texts(texts);
    }
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => of_hir(&repetition.sub),
        HirKind::Capture(capture) => of_hir(&capture.sub),
        HirKind::Alternation(all) => Need::one(all.iter().map(of_hir)),
        HirKind::Concat(all) => {
            // Neighbours that can be spelled out make longer texts together.
            let mut needs = Vec::new();
            let mut run = vec![String::new()];
            for part in all {
                let longer = spelled_out(part).and_then(|texts| joined(&run, &texts));
                if let Some(longer) = longer {
                    run = longer;
                    continue;
                }
                needs.push(Need::texts(std::mem::replace(
                    &mut run,
                    vec![String::new()],
                )));
                match spelled_out(part) {
                    Some(texts) => run = texts,
                    None => needs.push(of_hir(part)),
                }
            }
            needs.push(Need::texts(run));
            Need::all(needs)
        }
        _ => Need::Nothing,
    }
}

/// Returns all texts that an expression matches, in lower case, where they are few.
fn spelled_out(hir: &Hir) -> Option<Vec<String>> {
    let texts = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => {
            vec![std::str::from_utf8(&literal.0).ok()?.to_lowercase()]
        }
        HirKind::Class(Class::Unicode(class)) => {
            let count: u32 = class
                .ranges()
                .iter()
                .map(|range| range.end() as u32 - range.start() as u32 + 1)
                .sum();
            if count > 8 {
                return None;
            }
            let chars = class.ranges().iter();
            chars
                .flat_map(|range| range.start()..=range.end())
                .map(|c| c.to_lowercase().to_string())
                .collect()
        }
        HirKind::Capture(capture) => spelled_out(&capture.sub)?,
        HirKind::Repetition(repetition) if repetition.min == 0 && repetition.max == Some(1) => {
            let mut texts = spelled_out(&repetition.sub)?;
            texts.push(String::new());
            texts
        }
        HirKind::Alternation(all) => {
            let mut texts = Vec::new();
            for one in all {
                texts.extend(spelled_out(one)?);
            }
            texts
        }
        HirKind::Concat(all) => {
            let mut texts = vec![String::new()];
            for one in all {
                texts = joined(&texts, &spelled_out(one)?)?;
            }
            texts
        }
        _ => return None,
    };
    let mut texts = texts;
    texts.sort_unstable();
    texts.dedup();
    (texts.len() <= MOST).then_some(texts)
}

fn joined(before: &[String], after: &[String]) -> Option<Vec<String>> {
    (before.len() * after.len() <= MOST).then(|| {
        before
            .iter()
            .flat_map(|one| after.iter().map(move |other| format!("{one}{other}")))
            .collect()
    })
}
