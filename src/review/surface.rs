//! Critical surfaces: hunks that touch payment, authentication, authorisation or data consistency, and what the
//! production profile names besides. Owns how they are recognised (by path, import and symbol); refuses to judge them.
//!
//! Prose, styles, lock files and tests are no surface: what runs in production is.

use std::collections::BTreeSet;
use std::fmt;

use super::HunkFacts;
use crate::model::{Profile, ReadMark, RepoPath};

/// What a hunk touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Money that moves.
    Payment,
    /// Who somebody is.
    Authentication,
    /// What somebody may.
    Authorisation,
    /// What must stay true in stored data.
    DataConsistency,
    /// What the profile names.
    Named(String),
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payment => "payment",
            Self::Authentication => "authentication",
            Self::Authorisation => "authorisation",
            Self::DataConsistency => "data consistency",
            Self::Named(name) => name,
        })
    }
}

/// A surface that a hunk touches, and how it was recognised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// Which.
    pub surface: Surface,
    /// By what: `path orders/refund.py`, `import stripe`, `name refund`; foreign text only in a path.
    pub by: String,
}

/// A hunk of a critical surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalHunk {
    /// The hunk, by its mark.
    pub mark: ReadMark,
    /// Its first and last line after the change, or before it where nothing is left.
    pub lines: (u32, u32),
    /// What it touches; never empty.
    pub touches: Vec<Touch>,
    /// The persons (keys) who marked it as read.
    pub readers: BTreeSet<String>,
}

impl CriticalHunk {
    /// Returns what it touches, in words.
    pub fn surfaces(&self) -> String {
        let names: Vec<String> = self
            .touches
            .iter()
            .map(|touch| touch.surface.to_string())
            .collect();
        names.join(", ")
    }
}

/// What gives a surface away.
struct Signs {
    surface: Surface,
    /// Parts of paths.
    paths: &'static [&'static str],
    /// Packages that are imported.
    imports: &'static [&'static str],
    /// Words that names are made of, or whole names.
    names: &'static [&'static str],
}

const SIGNS: [Signs; 4] = [
    Signs {
        surface: Surface::Payment,
        paths: &[
            "payment", "payments", "billing", "checkout", "refund", "refunds", "payout", "payouts",
            "invoice", "invoices", "wallet",
        ],
        imports: &[
            "stripe",
            "paypal",
            "braintree",
            "adyen",
            "square",
            "mollie",
            "klarna",
            "gocardless",
        ],
        names: &[
            "payment",
            "payments",
            "refund",
            "refunds",
            "payout",
            "payouts",
            "charge",
            "charges",
            "charged",
            "capture_payment",
            "invoice",
            "billing",
            "iban",
            "cardnumber",
            "card_number",
            "paymentintent",
        ],
    },
    Signs {
        surface: Surface::Authentication,
        paths: &[
            "auth",
            "authentication",
            "login",
            "signin",
            "oauth",
            "sso",
            "password",
            "passwords",
            "session",
            "sessions",
        ],
        imports: &[
            "jwt",
            "jose",
            "passlib",
            "bcrypt",
            "argon2",
            "oauthlib",
            "authlib",
            "passport",
            "jsonwebtoken",
            "nextauth",
        ],
        names: &[
            "password",
            "passwords",
            "passwd",
            "authenticate",
            "authenticated",
            "authentication",
            "login",
            "logout",
            "signin",
            "bcrypt",
            "argon2",
            "jwt",
            "oauth",
            "totp",
            "mfa",
            "webauthn",
            "access_token",
            "refresh_token",
            "reset_token",
            "session_id",
            "sessionid",
            "set_cookie",
            "credentials",
            "current_user",
        ],
    },
    Signs {
        surface: Surface::Authorisation,
        paths: &[
            "permission",
            "permissions",
            "authorization",
            "authorisation",
            "acl",
            "rbac",
            "policies",
            "roles",
        ],
        imports: &["casbin", "oso", "cancancan", "pundit"],
        names: &[
            "permission",
            "permissions",
            "authorize",
            "authorise",
            "authorized",
            "authorised",
            "rbac",
            "acl",
            "is_admin",
            "isadmin",
            "is_staff",
            "has_role",
            "has_perm",
            "hasrole",
            "require_role",
            "requires_role",
            "owner_id",
            "tenant_id",
            "forbidden",
            "preauthorize",
        ],
    },
    Signs {
        surface: Surface::DataConsistency,
        paths: &["migration", "migrations", "schema", "ledger"],
        imports: &[],
        names: &[
            "transaction",
            "transactions",
            "transactional",
            "begin_nested",
            "savepoint",
            "rollback",
            "for_update",
            "with_for_update",
            "select_for_update",
            "on_conflict",
            "upsert",
            "idempotency_key",
            "idempotency",
            "idempotent",
            "isolation_level",
            "foreign_key",
            "foreignkey",
            "cascade",
            "ondelete",
            "unique_constraint",
            "uniqueconstraint",
            "optimistic",
            "version_id_col",
            "outbox",
            "alter_table",
            "drop_column",
            "drop_table",
            "add_column",
        ],
    },
];

/// Returns what a hunk touches, each surface once.
pub fn touches(path: &RepoPath, facts: &HunkFacts, profile: &Profile) -> Vec<Touch> {
    let shown = path.quoted();
    if is_apart(&shown) {
        return Vec::new();
    }
    let parts: BTreeSet<String> = parts_of(&shown).collect();
    let mut found = Vec::new();
    for signs in &SIGNS {
        let has = |word: &&&str| parts.contains(**word);
        let by = signs
            .paths
            .iter()
            .find(has)
            .map(|_| format!("path {shown}"));
        let by = by.or_else(|| named(&facts.imports, signs.imports, "import"));
        let by = by.or_else(|| named(&facts.words, signs.names, "name"));
        found.extend(by.map(|by| Touch {
            surface: signs.surface.clone(),
            by,
        }));
    }
    for name in profile.names("critical").unwrap_or_default() {
        let by = named_by_profile(name, &shown, &parts, facts);
        found.extend(by.map(|by| Touch {
            surface: Surface::Named(name.clone()),
            by,
        }));
    }
    found
}

fn named(words: &[u64], signs: &[&str], how: &str) -> Option<String> {
    let sign = signs
        .iter()
        .find(|sign| words.binary_search(&word_id(sign)).is_ok())?;
    Some(format!("{how} {sign}"))
}

/// A name with `/`, `*` or `.` is a pattern of paths; any other is a word in paths and names.
fn named_by_profile(
    name: &str,
    shown: &str,
    parts: &BTreeSet<String>,
    facts: &HunkFacts,
) -> Option<String> {
    if name.contains(['/', '*', '.']) {
        let pattern = globset::Glob::new(name).ok()?.compile_matcher();
        return pattern.is_match(shown).then(|| format!("path {shown}"));
    }
    let word = name.to_lowercase();
    if parts.contains(&word) {
        return Some(format!("path {shown}"));
    }
    named(&facts.words, &[&word], "name").or_else(|| named(&facts.imports, &[&word], "import"))
}

/// Prose, styles, lock files and tests do not run in production.
fn is_apart(path: &str) -> bool {
    const ENDINGS: [&str; 11] = [
        ".md", ".txt", ".rst", ".adoc", ".css", ".scss", ".svg", ".lock", ".sum", ".csv", ".snap",
    ];
    const FOLDERS: [&str; 7] = [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "docs",
        "fixtures",
    ];
    let lower = path.to_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = file.split('.').next().unwrap_or_default();
    ENDINGS.iter().any(|ending| file.ends_with(ending))
        || folders.split('/').any(|folder| FOLDERS.contains(&folder))
        || file.contains(".test.")
        || file.contains(".spec.")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || matches!(file, "package-lock.json" | "license" | "readme")
}

fn parts_of(path: &str) -> impl Iterator<Item = String> {
    let mut parts = BTreeSet::new();
    for name in path.split(|c: char| !c.is_alphanumeric() && c != '_') {
        each_word(name.as_bytes(), &mut |word| {
            parts.insert(String::from_utf8_lossy(word).into_owned());
        });
    }
    parts.into_iter()
}

/// The words of the changed lines of a hunk, as numbers: what names are made of, whole names, and what is imported.
#[derive(Debug, Default)]
pub(super) struct Words {
    all: Vec<u64>,
    imports: Vec<u64>,
    /// How many numbers there are when repeated ones are dropped next.
    tidy_at: usize,
}

impl Words {
    /// The least number gathered before repeated ones are dropped.
    const HELD: usize = 1 << 16;

    /// Takes in a changed line.
    pub(super) fn take(&mut self, line: &[u8]) {
        let is_import = imports(line);
        for name in line.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_') {
            if name.is_empty() || name.len() > 80 {
                continue;
            }
            let first = self.all.len();
            each_word(name, &mut |word| self.all.push(hash(word)));
            if is_import {
                self.imports.extend_from_slice(&self.all[first..]);
            }
        }
        if self.all.len() >= self.tidy_at.max(Self::HELD) {
            self.all.sort_unstable();
            self.all.dedup();
            // Twice what is left, so that sorting stays rare however many different words there are.
            self.tidy_at = self.all.len() * 2;
        }
    }

    /// Returns all words and the imported ones, ascending.
    pub(super) fn finish(self) -> (Box<[u64]>, Box<[u64]>) {
        let sorted = |mut words: Vec<u64>| {
            words.sort_unstable();
            words.dedup();
            words.into_boxed_slice()
        };
        (sorted(self.all), sorted(self.imports))
    }
}

/// Whether a line brings another package in.
fn imports(line: &[u8]) -> bool {
    const OPENINGS: [&[u8]; 8] = [
        b"import ",
        b"from ",
        b"use ",
        b"using ",
        b"require",
        b"#include",
        b"const ",
        b"gem ",
    ];
    let line = line.trim_ascii_start();
    let opening = OPENINGS.iter().find(|opening| line.starts_with(opening));
    match opening {
        Some(&b"const ") => line.windows(8).any(|part| part == b"require("),
        Some(_) => true,
        None => false,
    }
}

/// Hands out a name in lower case, whole, and each of its words where it has several: `isAdmin` is `isadmin`, `is_admin`,
/// `is`, `admin`.
fn each_word(name: &[u8], take: &mut impl FnMut(&[u8])) {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if name.iter().all(is_plain) {
        take(name);
        return;
    }
    let mut words: Vec<Vec<u8>> = vec![Vec::new()];
    let mut before = b'_';
    for &byte in name {
        let starts = byte == b'_' || (byte.is_ascii_uppercase() && !before.is_ascii_uppercase());
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(Vec::new());
        }
        if byte != b'_'
            && let Some(word) = words.last_mut()
        {
            word.push(byte.to_ascii_lowercase());
        }
        before = byte;
    }
    words.retain(|word| !word.is_empty());
    for word in &words {
        take(word);
    }
    if words.len() > 1 {
        take(&words.join(&b'_'));
        take(&words.concat());
    }
    // Two words in a row name a thing too: `select_for_update_rows` holds `for_update`.
    for pair in words.windows(2).filter(|_| words.len() > 2) {
        take(&pair.join(&b'_'));
    }
}

fn word_id(word: &str) -> u64 {
    hash(word.as_bytes())
}

/// FNV-1a, 64 bits: a word's number.
fn hash(bytes: &[u8]) -> u64 {
    let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, ProfileValue};

    fn facts(lines: &[&str]) -> HunkFacts {
        let mut words = Words::default();
        for line in lines {
            words.take(line.as_bytes());
        }
        let (words, imports) = words.finish();
        HunkFacts {
            digest: Digest([0; 32]),
            rows: 1,
            added: 1,
            removed: 0,
            lines: (1, 1),
            words,
            imports,
        }
    }

    fn of(path: &str, lines: &[&str]) -> Vec<String> {
        let touches = touches(&RepoPath::from(path), &facts(lines), &Profile::default());
        touches
            .iter()
            .map(|touch| format!("{}: {}", touch.surface, touch.by))
            .collect()
    }

    #[test]
    fn surfaces_are_recognised_by_path_import_and_name() {
        assert_eq!(
            of("shop/refunds.py", &["x = 1"]),
            ["payment: path shop/refunds.py"]
        );
        assert_eq!(
            of("shop/orders.py", &["import stripe"]),
            ["payment: import stripe"]
        );
        assert_eq!(
            of("a.ts", &["const jwt = require('jsonwebtoken')"]),
            ["authentication: import jwt"]
        );
        assert_eq!(
            of(
                "a.py",
                &["if user.isAdmin: session.query(Order).with_for_update()"]
            ),
            [
                "authorisation: name is_admin",
                "data consistency: name for_update"
            ]
        );
        assert_eq!(
            of("db/migrations/0002.sql", &["ALTER TABLE x"]),
            ["data consistency: path db/migrations/0002.sql"]
        );
    }

    #[test]
    fn prose_tests_and_ordinary_code_are_no_surface() {
        assert!(of("README.md", &["payment"]).is_empty());
        assert!(of("tests/test_payment.py", &["refund(1)"]).is_empty());
        assert!(of("src/payment.test.ts", &["refund(1)"]).is_empty());
        assert!(
            of(
                "shop/orders.py",
                &["for order in orders:", "    total += order.price"]
            )
            .is_empty()
        );
    }

    #[test]
    fn what_the_profile_names_is_a_surface_by_path_or_by_word() {
        let mut profile = Profile::default();
        let names = ["src/quota/**".to_owned(), "Loyalty".to_owned()];
        profile
            .values
            .insert("critical", ProfileValue::Names(names.to_vec()));
        let of = |path: &str, line: &str| {
            touches(&RepoPath::from(path), &facts(&[line]), &profile).len()
        };
        assert_eq!(of("src/quota/a.py", "x"), 1);
        assert_eq!(of("src/a.py", "loyalty_points = 3"), 1);
        assert_eq!(of("src/a.py", "points = 3"), 0);
    }
}
