//! A profile as text: the commented template, the canonical spelling of known values, and what a form's fields say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::checklist::Mistake;
use crate::model::{PROFILE_KEYS, Profile, ProfileKey, ProfileValue, Shape};

const HEAD: &str = "\
# The production profile: the model of production this review judges the code against.
# A value that nobody knows is left out; the report lists it among the assumptions. Ask the client, do not guess.
";

/// Returns a profile with every key explained and none given.
pub fn template() -> String {
    written(&Profile::default())
}

/// Writes a profile: known values as they are, the others as comments with an example.
pub fn written(profile: &Profile) -> String {
    let mut out = HEAD.to_owned();
    // Writing to a string cannot fail.
    for key in &PROFILE_KEYS {
        let unit = if key.unit.is_empty() {
            String::new()
        } else {
            format!(" ({})", key.unit)
        };
        let _ = writeln!(out, "\n# {}: {}{unit}", key.label, key.meaning);
        let _ = match profile.values.get(key.name) {
            Some(value) => writeln!(out, "{} = {}", key.name, spelled(value)),
            None => writeln!(out, "# {} = {}", key.name, key.example),
        };
    }
    out.push_str("\n# Tables worth naming, as many as there are; the largest stands in for `largest_rows` where that is left out.\n");
    if profile.tables.is_empty() {
        out.push_str(
            "# [[tables]]\n# name = \"orders\"\n# rows = 4_000_000\n# growth_per_year = 120\n",
        );
    }
    for table in &profile.tables {
        let _ = write!(
            out,
            "[[tables]]\nname = {}\nrows = {}\n",
            quoted(&table.name),
            table.rows
        );
        if let Some(growth) = table.growth_per_year {
            let _ = writeln!(out, "growth_per_year = {growth}");
        }
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn spelled(value: &ProfileValue) -> String {
    match value {
        ProfileValue::Count(n) => n.to_string(),
        ProfileValue::Number(n) => n.plain(),
        ProfileValue::Span(_) | ProfileValue::Word(_) | ProfileValue::Day(_) => {
            quoted(&value.to_string())
        }
        ProfileValue::Names(names) => {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

/// Reads what a person entered, by key, over a profile whose tables stay; empty means unknown. Returns the profile's
/// text, or every mistake with its key.
pub fn entered(
    fields: &BTreeMap<&'static str, String>,
    before: &Profile,
) -> Result<String, Vec<(&'static str, String)>> {
    let mut wrong = Vec::new();
    let mut lines = String::new();
    let mut keys: Vec<&'static str> = Vec::new();
    for key in &PROFILE_KEYS {
        let text = fields.get(key.name).map_or("", |text| text.trim());
        if text.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{} = {}", key.name, literal(key, text));
        keys.push(key.name);
    }
    let (values, mistakes) = super::read::examine(&lines);
    for Mistake {
        line,
        message,
        remedy,
        ..
    } in mistakes
    {
        let key = keys.get(line - 1).copied().unwrap_or("users");
        wrong.push((key, format!("{message}; {remedy}")));
    }
    let profile = Profile {
        tables: before.tables.clone(),
        ..values
    };
    let text = written(&profile);
    if wrong.is_empty() {
        // Tables stand against the values only now.
        let left = super::check(&text);
        wrong.extend(left.into_iter().map(|mistake| {
            (
                "largest_rows",
                format!("{}; {}", mistake.message, mistake.remedy),
            )
        }));
    }
    if wrong.is_empty() {
        Ok(text)
    } else {
        Err(wrong)
    }
}

/// Spells what was entered as TOML would, so that the file's own checks apply to it.
fn literal(key: &ProfileKey, text: &str) -> String {
    match key.shape {
        Shape::Count { .. } | Shape::Number { .. } => {
            let plain: String = text
                .chars()
                .filter(|c| !matches!(c, ',' | '_' | ' ' | '%'))
                .collect();
            let is_number = !plain.is_empty()
                && plain
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
                && !plain.starts_with("00")
                && plain.matches('.').count() <= 1
                && plain.rfind('-').is_none_or(|at| at == 0)
                && plain
                    .bytes()
                    .last()
                    .is_some_and(|byte| byte.is_ascii_digit())
                && plain
                    .trim_start_matches('-')
                    .starts_with(|c: char| c.is_ascii_digit());
            if is_number { plain } else { quoted(text) }
        }
        Shape::Names if matches!(text, "none" | "[]") => "[]".to_owned(),
        Shape::Names => {
            let parts = text
                .trim_start_matches('[')
                .trim_end_matches(']')
                .split(',');
            let parts = parts.map(|part| part.trim().trim_matches('"'));
            let names: Vec<String> = parts.filter(|part| !part.is_empty()).map(quoted).collect();
            format!("[{}]", names.join(", "))
        }
        Shape::Word { .. } => quoted(&text.to_uppercase()),
        Shape::Span { .. } | Shape::Day => quoted(text),
    }
}
