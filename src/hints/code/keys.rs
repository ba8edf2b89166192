//! Keys whose format says whose they are, in any file that is read (secret-exposure).

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::{Flow, Sight};
use crate::hints::condition::entropy;
use crate::hints::expression::ascii;
use crate::hints::file::File;
use crate::hints::kinds::is_comment;
use crate::hints::role::Role;
use crate::hints::tree::Node;

/// Issuer and format. The formats are those the issuers publish for secret scanning.
const FORMATS: &[(&str, &str)] = &[
    ("AWS access key", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    (
        "GitHub token",
        r"\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b",
    ),
    ("GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{12,}"),
    (
        "Slack webhook",
        r"https://hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
    ),
    ("Stripe secret key", r"\b(?:sk|rk)_live_[A-Za-z0-9]{16,}"),
    ("Google API key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("OpenAI key", r"\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}\b"),
    ("Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{24,}"),
    (
        "SendGrid key",
        r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    ),
    ("Twilio key", r"\bSK[0-9a-f]{32}\b"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("PyPI token", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    (
        "private key",
        r"-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----",
    ),
    (
        "database password in an address",
        r#"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|mssql|mariadb)://[^\s:/@"'{}$<>]+:[^\s:/@"'{}$<>%]{4,}@[^\s"'/]+"#,
    ),
    (
        "JSON web token",
        r"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    ),
];

/// What anybody can make without asking.
const HOME_MADE: &[&str] = &[
    "private key",
    "database password in an address",
    "JSON web token",
];

/// What each format begins with or holds, by its place among [`FORMATS`]: most files hold none of it.
const MARKS: &[(&str, usize)] = &[
    ("AKIA", 0),
    ("ASIA", 0),
    ("ghp_", 1),
    ("gho_", 1),
    ("ghu_", 1),
    ("ghs_", 1),
    ("ghr_", 1),
    ("github_pat_", 1),
    ("glpat-", 2),
    ("xox", 3),
    ("hooks.slack.com", 4),
    ("_live_", 5),
    ("AIza", 6),
    ("sk-", 7),
    ("sk-ant-", 8),
    ("SG.", 9),
    ("SK", 10),
    ("npm_", 11),
    ("pypi-", 12),
    ("-----BEGIN", 13),
    ("://", 14),
    ("eyJ", 15),
];
/// How far before its mark a key may begin, and after it may end, in bytes.
const AROUND: (usize, usize) = (24, 4096);

/// The most marks of a file that are looked at: each costs a look around it.
const MOST_MARKS: usize = 10_000;

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(MARKS.iter().map(|(mark, _)| mark))
        .expect("the marks are few")
});

static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |format: &str| Regex::new(&ascii(format));
    FORMATS
        .iter()
        .map(|(_, format)| compile(format).expect("the formats are regular expressions"))
        .collect()
});

/// Returns where keys stand in a text, with the places of their formats, in the order of the text.
fn keys(text: &str) -> Vec<(usize, Range<usize>)> {
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for mark in FINDER.find_iter(text).take(MOST_MARKS) {
        let (_, format) = MARKS[mark.pattern().as_usize()];
        let from = text.floor_char_boundary(mark.start().saturating_sub(AROUND.0));
        let to = text.floor_char_boundary((mark.end() + AROUND.1).min(text.len()));
        let near = text.get(from..to).unwrap_or_default();
        let key = COMPILED[format]
            .find_iter(near)
            .map(|key| from + key.start()..from + key.end())
            .take_while(|key| key.start <= mark.start())
            .find(|key| mark.end() <= key.end);
        found.extend(key.map(|key| (format, key)));
    }
    found.sort_by_key(|(format, key)| (key.start, *format));
    found.dedup_by(|a, b| a.0 == b.0 && a.1.start == b.1.start);
    found
}

/// Points at keys.
pub fn run<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let text = file.text();
    // A test makes keys, tokens and databases of its own; what somebody issued opens a door there too.
    let is_sample = [Role::Test, Role::Example, Role::Seed]
        .into_iter()
        .any(|role| file.roles.has(role));
    let mut found = Vec::new();
    for (format, range) in keys(text) {
        let (issuer, _) = FORMATS[format];
        if is_sample && HOME_MADE.contains(&issuer) {
            continue;
        }
        let key = text.get(range.clone()).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default();
        let is_pattern = [".*", "[", "\\s", "(", "\\n?", "\\r"]
            .iter()
            .any(|sign| after.starts_with(sign));
        let is_head_alone = key.starts_with("-----BEGIN") && !begins_key(after);
        if is_placeholder(key) || is_pattern || is_head_alone || is_allowed(file, range.start) {
            continue;
        }
        let node = file.top().descendant_for_byte_range(range.start, range.end);
        let is_in_prose = |node: Node<'_>| {
            // A token in a comment shows what one looks like.
            let line = file.line_of(node.start_byte());
            let text = file.lines(line, line).trim_start();
            let is_remark = is_comment(node) || node.around().take(2).any(is_comment);
            issuer == "JSON web token" && (is_remark || text.starts_with("example:"))
        };
        if let Some(node) = node.filter(|node| !file.is_in_tests(*node) && !is_in_prose(*node)) {
            let shown: String = key.chars().take(8).collect();
            found.push(Sight {
                node,
                since: None,
                focus: None,
                values: vec![("issuer", issuer.to_owned()), ("start", shown)],
            });
        }
    }
    found
}

/// Tells whether what follows the head of a key is one: letters of Base64, in whatever quotes and lines.
fn begins_key(after: &str) -> bool {
    let near = after.get(..after.floor_char_boundary(200)).unwrap_or(after);
    let mut text = near;
    loop {
        let rest = text.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '+' | ',' | '|' | '-')
        });
        let rest = ["\\n", "\\r"]
            .iter()
            .find_map(|sign| rest.strip_prefix(sign))
            .unwrap_or(rest);
        if rest.len() == text.len() {
            break;
        }
        text = rest;
    }
    let is_letter = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.chars().take_while(is_letter).count() >= 16 || text.starts_with("Proc-Type")
}

/// Tells whether the line says that its key is meant to be there, as scanners for secrets are told.
fn is_allowed(file: &File<'_>, at: usize) -> bool {
    let line = file.line_of(at);
    let text = file.lines(line, line);
    [
        "trufflehog:ignore",
        "gitleaks:allow",
        "pragma: allowlist secret",
    ]
    .iter()
    .any(|mark| text.contains(mark))
}

/// `postgresql://DB_USER:DB_PASSWORD@DB_HOST/DB_NAME`: what goes there stands for itself.
fn names_itself(key: &str) -> bool {
    let rest = key.split_once("://").map(|(_, rest)| rest);
    let password = rest.and_then(|rest| rest.split_once('@')?.0.split_once(':'));
    password.is_some_and(|(_, word)| {
        let is_capital = |c: char| c.is_ascii_uppercase() || c == '_';
        word.len() > 3 && word.contains('_') && word.chars().all(is_capital)
    })
}

fn is_placeholder(key: &str) -> bool {
    let lower = key.to_lowercase();
    let named = [
        "example",
        "xxxx",
        "your",
        "placeholder",
        "changeme",
        "dummy",
        "1234567890abcdef1234",
        "fake",
        "sample",
        "redacted",
        "user:pass@",
        "username:password@",
        "user:password@",
        "root:root@",
        ":secret@",
        ":password@",
        ":pass@",
        "postgres:postgres@",
        "test:test@",
        "guest:guest@",
        "admin:admin@",
        "0000000",
        "...",
        "localhost",
        "127.0.0.1",
        "@db:",
        "@postgres:",
        "@mysql",
        "@redis",
        "@mongo",
    ];
    if named.iter().any(|word| lower.contains(word)) || names_itself(key) {
        return true;
    }
    !key.starts_with("-----") && entropy(key) < 2.8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_mark_wherever_it_stands() {
        let word = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1b2C3";
        let keys_of: [(&str, String); 16] = [
            ("AWS access key", "AKIAQ2W3E4R5T6Y7U7I2".to_owned()),
            ("GitHub token", format!("ghp_{word}")),
            ("GitLab token", format!("glpat-{word}")),
            ("Slack token", format!("xoxb-{word}")),
            (
                "Slack webhook",
                format!("https://hooks.slack.com/services/T0ABCDEF/B0ABCDEF/{word}"),
            ),
            ("Stripe secret key", format!("sk_live_{word}")),
            ("Google API key", format!("AIza{}", &word[..35])),
            ("OpenAI key", format!("sk-proj-{word}")),
            ("Anthropic key", format!("sk-ant-{word}")),
            ("SendGrid key", format!("SG.{word}.{word}")),
            (
                "Twilio key",
                "SK0123456789abcdef0123456789abcdee".to_owned(),
            ),
            ("npm token", format!("npm_{}", &word[..36])),
            ("PyPI token", format!("pypi-{word}{word}")),
            ("private key", "-----BEGIN RSA PRIVATE KEY-----".to_owned()),
            (
                "database password in an address",
                "postgresql+x://app:h4rdToGuess@db.prod/x".replace("+x", ""),
            ),
            ("JSON web token", format!("eyJ{word}.eyJ{word}.{word}")),
        ];
        for (at, (issuer, key)) in keys_of.iter().enumerate() {
            assert_eq!(FORMATS[at].0, *issuer);
            let text = format!("ä = \"{key}\" # SK eyJ ://");
            let found = keys(&text);
            assert!(
                found.iter().any(|(format, range)| *format == at
                    && text[range.clone()].starts_with(key.trim_end_matches("/x"))),
                "{issuer}: {found:?}"
            );
        }
        assert!(is_placeholder(
            "postgresql://DB_USER:DB_PASSWORD@DB_HOST/DB_NAME"
        ));
        assert!(!is_placeholder("postgresql://app:h4rdToGuess_@db.prod/x"));
        assert!(keys("sk-short eyJ.eyJ xoxo https://a.b/c SKIP").is_empty());
    }
}
