//! Keys whose format says whose they are, in any file that is read (secret-exposure).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::RegexSet;

use super::{Flow, Sight};
use crate::hints::condition::entropy;
use crate::hints::expression::ascii;
use crate::hints::kinds::is_comment;
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

/// What every format begins with or holds: most files hold none of it.
const BEGINNINGS: &[&str] = &[
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "hooks.slack.com",
    "_live_",
    "AIza",
    "sk-",
    "SG.",
    "SK",
    "npm_",
    "pypi-",
    "-----BEGIN",
    "://",
    "eyJ",
];

static ANY: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(BEGINNINGS).expect("the beginnings are few"));

static SET: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(FORMATS.iter().map(|(_, format)| ascii(format)))
        .expect("the formats are regular expressions")
});

/// Points at keys.
pub fn run<'a>(code: &Flow<'_, 'a>) -> Vec<Sight<'a>> {
    let file = code.file;
    let text = file.text();
    if !ANY.is_match(text) || !SET.is_match(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for index in SET.matches(text) {
        let (issuer, format) = FORMATS[index];
        let Ok(format) = regex::Regex::new(format) else {
            continue;
        };
        for key in format.find_iter(text) {
            if is_placeholder(key.as_str()) {
                continue;
            }
            let node = file.top().descendant_for_byte_range(key.start(), key.end());
            let is_in_prose = |node: Node<'_>| {
                // A token in a comment shows what one looks like.
                let line = file.line_of(node.start_byte());
                let text = file.lines(line, line).trim_start();
                issuer == "JSON web token" && (is_comment(node) || text.starts_with("example:"))
            };
            if let Some(node) = node.filter(|node| !file.is_in_tests(*node) && !is_in_prose(*node))
            {
                let shown: String = key.as_str().chars().take(8).collect();
                found.push(Sight {
                    node,
                    focus: None,
                    values: vec![("issuer", issuer.to_owned()), ("start", shown)],
                });
            }
        }
    }
    found
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
    if named.iter().any(|word| lower.contains(word)) {
        return true;
    }
    !key.starts_with("-----") && entropy(key) < 2.8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_holds_one_of_the_beginnings() {
        for (issuer, format) in FORMATS {
            let hir = regex_syntax::parse(format).unwrap();
            let mut literals = regex_syntax::hir::literal::Extractor::new().extract(&hir);
            literals.optimize_for_prefix_by_preference();
            let all = literals.literals().map(|all| {
                all.iter().all(|one| {
                    let text = String::from_utf8_lossy(one.as_bytes());
                    BEGINNINGS
                        .iter()
                        .any(|known| text.contains(known) || known.starts_with(&*text))
                })
            });
            let is_address = format.contains("://");
            assert!(all == Some(true) || is_address, "{issuer}: {literals:?}");
        }
    }
}
