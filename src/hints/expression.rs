//! Regular expressions of rules, with `\w`, `\d`, `\s` and `\b` about ASCII alone: names in code are ASCII nearly always, and the
//! hundreds of ranges of Unicode's letters would be compiled, and kept, some thousand times.

use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexSet};
use serde_json::Value;

/// The key under which ast-grep's rules keep an expression.
const KEY: &str = "regex";

/// Expressions of the vocabulary, of which one must match. They are compiled when they are first asked: a change is in a
/// language or two, and the vocabulary is about all. What cannot be compiled matches nothing; see [`Expressions::check`].
#[derive(Debug, Clone, Default)]
pub struct Expressions(Arc<Lazy>);

#[derive(Debug, Default)]
struct Lazy {
    texts: Box<[String]>,
    set: OnceLock<RegexSet>,
    each: OnceLock<Vec<Regex>>,
}

impl Expressions {
    /// Keeps expressions as they are written.
    pub fn of(texts: impl IntoIterator<Item = String>) -> Self {
        Self(Arc::new(Lazy {
            texts: texts.into_iter().collect(),
            ..Lazy::default()
        }))
    }

    /// Compiles all of them, and says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let all = self.0.texts.iter();
        all.map(|text| Regex::new(&ascii(text)))
            .collect::<Result<Vec<_>, _>>()
            .map(drop)
            .map_err(|error| error.to_string())
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.texts.is_empty()
    }

    /// Tells whether any matches.
    pub fn is_match(&self, text: &str) -> bool {
        let set = self.0.set.get_or_init(|| {
            let all = self.0.texts.iter().map(|text| ascii(text));
            RegexSet::new(all).unwrap_or_default()
        });
        set.is_match(text)
    }

    /// Returns each, for what its groups hold.
    pub fn each(&self) -> &[Regex] {
        self.0.each.get_or_init(|| {
            let all = self.0.texts.iter();
            all.filter_map(|text| Regex::new(&ascii(text)).ok())
                .collect()
        })
    }
}

/// Returns an expression whose words, digits, blanks and word boundaries are ASCII's.
pub fn ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut depth = 0_usize;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let Some(escaped) = chars.next() else {
                    out.push('\\');
                    break;
                };
                let is_named = chars.peek() == Some(&'{');
                match (escaped, depth) {
                    ('w', 0) => out.push_str("[0-9A-Za-z_]"),
                    ('w', _) => out.push_str("0-9A-Za-z_"),
                    ('d', 0) => out.push_str("[0-9]"),
                    ('d', _) => out.push_str("0-9"),
                    ('s', 0) => out.push_str(r"[\t\n\x0b\x0c\r ]"),
                    ('s', _) => out.push_str(r"\t\n\x0b\x0c\r "),
                    ('b', 0) if !is_named => out.push_str(r"(?-u:\b)"),
                    _ => out.extend(['\\', escaped]),
                }
            }
            '[' => {
                depth += 1;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                // A bracket that closes nothing stands for itself.
                if chars.peek() == Some(&']') {
                    out.extend(chars.next());
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(']');
            }
            _ => out.push(c),
        }
    }
    out
}

/// Does the same to every expression of a rule object.
pub fn ascii_within(rule: Value) -> Value {
    match rule {
        Value::Array(all) => Value::Array(all.into_iter().map(ascii_within).collect()),
        Value::Object(keys) => Value::Object(
            keys.into_iter()
                .map(|(key, value)| match value {
                    Value::String(text) if key == KEY => (key, Value::String(ascii(&text))),
                    value => (key, ascii_within(value)),
                })
                .collect(),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_digits_and_boundaries_become_ascii_s_in_classes_and_outside() {
        for (written, expected) in [
            (r"\bget_\w+\(", r"(?-u:\b)get_[0-9A-Za-z_]+\("),
            (r"[\w.-]+[^\d\]]", r"[0-9A-Za-z_.-]+[^0-9\]]"),
            (r"[]\w]\d", r"[]0-9A-Za-z_][0-9]"),
            (r"a\s+[\s,]", r"a[\t\n\x0b\x0c\r ]+[\t\n\x0b\x0c\r ,]"),
            (r"[^]\w]\\w", r"[^]0-9A-Za-z_]\\w"),
            (r"[[:alpha:]\d]\d", r"[[:alpha:]0-9][0-9]"),
            (
                r"\b{start}\W\D\p{L}\[\w\]",
                r"\b{start}\W\D\p{L}\[[0-9A-Za-z_]\]",
            ),
        ] {
            assert_eq!(ascii(written), expected);
            regex_syntax::parse(written).unwrap();
            regex_syntax::parse(&ascii(written)).unwrap();
        }
    }

    #[test]
    fn it_matches_the_same_ascii() {
        let texts = ["get_user(1)", "x.y-z", "a]b", "12", "", "über_get_x("];
        for pattern in [r"\bget_\w+\(\d\)", r"^[\w.-]+$", r"[^\W\d]", r"\d{2}\b"] {
            let (one, other) = (
                regex::Regex::new(pattern).unwrap(),
                regex::Regex::new(&ascii(pattern)).unwrap(),
            );
            for text in texts.iter().filter(|text| text.is_ascii()) {
                assert_eq!(one.is_match(text), other.is_match(text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn only_expressions_of_a_rule_change() {
        let rule = serde_json::json!({"regex": r"\d", "any": [{"pattern": r"\d", "has": {"regex": r"\w"}}]});
        assert_eq!(
            ascii_within(rule),
            serde_json::json!({"regex": "[0-9]", "any": [{"pattern": r"\d", "has": {"regex": "[0-9A-Za-z_]"}}]})
        );
    }
}
