//! A rule's page: what it looks for, why, a hit, a near miss, weaknesses and related checks.

use std::fmt::Write as _;

use include_dir::{Dir, include_dir};

use super::fixture::{Block, Case, parse};
use super::rule::Rule;
use crate::model::RepoPath;
use crate::support::text::visible_lines;
use crate::syntax::detect;

/// The fixtures of the rules that come with the program.
static FIXTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/fixtures/rules");

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing into a string cannot fail");
}

/// Returns a rule's page as text.
pub fn page(rule: &Rule) -> String {
    let languages: Vec<&str> = rule
        .languages
        .iter()
        .map(|language| language.name())
        .collect();
    let items: Vec<&str> = rule
        .items
        .iter()
        .map(crate::model::ItemId::as_str)
        .collect();
    let mut out = format!(
        "{}\n\nItems      {}\nLanguages  {}\nStrength   {} ({})\n",
        rule.id,
        items.join(", "),
        languages.join(", "),
        rule.strength.name(),
        rule.strength.meaning()
    );
    if rule.gone.is_some() {
        out.push_str("Side       before the change: what it removed\n");
    }
    if !rule.cwe.is_empty() {
        let numbers: Vec<String> = rule
            .cwe
            .iter()
            .map(|number| format!("CWE-{number}"))
            .collect();
        put(
            &mut out,
            format_args!("Weakness   {}\n", numbers.join(", ")),
        );
    }
    if !rule.related.is_empty() {
        put(
            &mut out,
            format_args!("Related    {}\n", rule.related.join(", ")),
        );
    }
    if !rule.look.is_empty() {
        put(&mut out, format_args!("\nLooks for: {}\n", rule.look));
    }
    put(
        &mut out,
        format_args!("Says: {}\nWhy: {}\n", rule.message, rule.why),
    );
    let cases = cases(rule.id.as_str());
    for (is_hit, heading) in [(true, "A hit"), (false, "A near miss")] {
        if let Some(case) = cases.iter().find(|case| case.is_hit == is_hit) {
            let title = case
                .title
                .split_once(':')
                .map_or("", |(_, title)| title.trim());
            put(
                &mut out,
                format_args!(
                    "\n{heading}{}{title}\n",
                    if title.is_empty() { "" } else { ": " }
                ),
            );
            for file in &case.files {
                let Block {
                    path, text, marks, ..
                } = file;
                if let Some(base) = &file.base {
                    put(&mut out, format_args!("  {path}, before the change\n"));
                    for line in base.lines() {
                        put(&mut out, format_args!("    {}\n", visible_lines(line)));
                    }
                    put(&mut out, format_args!("  {path}, after it\n"));
                } else {
                    put(&mut out, format_args!("  {path}\n"));
                }
                for (at, line) in text.lines().enumerate() {
                    let mark = if marks.contains(&(at as u32 + 1)) {
                        '▶'
                    } else {
                        ' '
                    };
                    put(&mut out, format_args!("  {mark} {}\n", visible_lines(line)));
                }
            }
        }
    }
    out
}

fn cases(rule: &str) -> Vec<Case> {
    let mut found = Vec::new();
    let mut folders = vec![&FIXTURES];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let Some(text) = file.contents_utf8() else {
                continue;
            };
            if text.contains(rule) {
                found.extend(parse(text).into_iter().filter(|case| case.rule == rule));
            }
        }
    }
    found
}

/// Returns the tree of a text as rules see it: kinds, fields, and the text of leaves.
pub fn tree_text(path: &RepoPath, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let language = detect(path, text.lines().next().unwrap_or_default().as_bytes())?;
    let tree = super::engine::parse(language, text.as_bytes())?;
    let mut out = String::new();
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        let node = cursor.node();
        if node.is_named() && !node.kind().ends_with("comment") {
            let field = cursor
                .field_name()
                .map(|name| format!("{name}: "))
                .unwrap_or_default();
            let leaf = if node.named_child_count() == 0 {
                let inside = text.get(node.byte_range()).unwrap_or_default();
                format!(
                    "  {}",
                    visible_lines(&inside.chars().take(60).collect::<String>()).replace('\n', "⏎")
                )
            } else {
                String::new()
            };
            put(
                &mut out,
                format_args!(
                    "{:>4} {}{field}{}{leaf}\n",
                    node.start_position().row + 1,
                    "  ".repeat(depth),
                    node.kind()
                ),
            );
        }
        if cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Some(out);
            }
            depth -= 1;
        }
    }
}
