//! The production profile: the model of production that code is judged against. Owns the names of its values and how
//! they read; refuses to know where they are kept and what follows from them.
//!
//! A value that nobody gave is unknown. Unknown is never zero and never a guess.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::support::decimal::Decimal;
use crate::support::number::grouped;

/// What kind of value a key holds, and within which bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A whole number.
    Count {
        /// The least that makes sense.
        least: u64,
        /// The most that makes sense.
        most: u64,
    },
    /// A number that may have a fraction.
    Number {
        /// The least that makes sense.
        least: Decimal,
        /// The most that makes sense.
        most: Decimal,
    },
    /// A time span such as `15 min`, of at most so many seconds.
    Span {
        /// The most that makes sense, in seconds.
        most: u64,
    },
    /// A list of names.
    Names,
    /// One word of at most so many characters.
    Word {
        /// In characters.
        longest: usize,
    },
    /// A day.
    Day,
}

/// A key of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileKey {
    /// As files, verbs and questions spell it.
    pub name: &'static str,
    /// For a reader.
    pub label: &'static str,
    /// What stands behind a number; empty for none.
    pub unit: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// What it means, as a fragment.
    pub meaning: &'static str,
    /// A value to copy.
    pub example: &'static str,
}

const fn key(
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    shape: Shape,
    meaning: &'static str,
    example: &'static str,
) -> ProfileKey {
    ProfileKey {
        name,
        label,
        unit,
        shape,
        meaning,
        example,
    }
}

const fn count(least: u64, most: u64) -> Shape {
    Shape::Count { least, most }
}

const fn number(least: u64, most: u64) -> Shape {
    Shape::Number {
        least: Decimal::whole(least),
        most: Decimal::whole(most),
    }
}

/// A price may be far below one, but not nothing.
const PRICE: Shape = Shape::Number {
    least: Decimal(1),
    most: Decimal::whole(1_000_000),
};

/// Nobody promises 100 per cent, and below half there is nothing to promise.
const AVAILABILITY: Shape = Shape::Number {
    least: Decimal::whole(50),
    most: Decimal(99_999_999),
};

const A_YEAR: u64 = 366 * 86_400;

/// Every key, in the order of files, forms and reports.
pub const PROFILE_KEYS: [ProfileKey; 18] = [
    key(
        "users",
        "Users at once",
        "",
        count(1, 10_000_000_000),
        "concurrent users at the busiest hour",
        "800",
    ),
    key(
        "peak_rps",
        "Peak load",
        "requests/s",
        number(0, 100_000_000),
        "requests per second at the peak",
        "120",
    ),
    key(
        "largest_rows",
        "Largest table",
        "rows",
        count(0, 1_000_000_000_000_000),
        "rows of the largest table today",
        "4_000_000",
    ),
    key(
        "growth_per_year",
        "Its growth",
        "% a year",
        count(0, 100_000),
        "growth of the largest table per year, in per cent",
        "120",
    ),
    key(
        "page_size",
        "Page size",
        "rows",
        count(1, 1_000_000),
        "rows on the largest page a user or a client asks for",
        "50",
    ),
    key(
        "p99_ms",
        "p99 latency",
        "ms",
        count(1, 3_600_000),
        "latency objective: 99 of 100 requests are answered within so many milliseconds",
        "300",
    ),
    key(
        "availability",
        "Availability",
        "%",
        AVAILABILITY,
        "availability objective in per cent",
        "99.9",
    ),
    key(
        "rpo",
        "RPO",
        "",
        Shape::Span { most: A_YEAR },
        "recovery point objective: so much written data may be lost",
        "\"15 min\"",
    ),
    key(
        "rto",
        "RTO",
        "",
        Shape::Span { most: A_YEAR },
        "recovery time objective: so long may a recovery take",
        "\"4 h\"",
    ),
    key(
        "deploys_per_week",
        "Deployments",
        "a week",
        number(0, 10_000),
        "deployments per week",
        "5",
    ),
    key(
        "data_classes",
        "Data classes",
        "",
        Shape::Names,
        "classes of data that are kept or pass through",
        "[\"personal data\", \"payment data\"]",
    ),
    key(
        "regulation",
        "Regulation",
        "",
        Shape::Names,
        "regulation that applies",
        "[\"GDPR\"]",
    ),
    key(
        "budget_month",
        "Budget",
        "a month",
        number(0, 1_000_000_000_000),
        "budget per month for running it, in the currency",
        "5_000",
    ),
    key(
        "call_price",
        "Metered call",
        "each",
        PRICE,
        "price of one metered call, in the currency",
        "0.002",
    ),
    key(
        "currency",
        "Currency",
        "",
        Shape::Word { longest: 3 },
        "three letters, for budget and price",
        "\"EUR\"",
    ),
    key(
        "services",
        "Depends on",
        "",
        Shape::Names,
        "services it depends on",
        "[\"PostgreSQL\", \"payment provider\"]",
    ),
    key(
        "launch",
        "Launch",
        "",
        Shape::Day,
        "the day it goes live; years are counted from it",
        "\"2027-03-01\"",
    ),
    key(
        "critical",
        "Critical",
        "",
        Shape::Names,
        "more critical surfaces: path patterns (with /, * or .) or words in names",
        "[\"src/ledger/**\", \"payout\"]",
    ),
];

/// Returns a key by name.
pub fn profile_key(name: &str) -> Option<&'static ProfileKey> {
    PROFILE_KEYS.iter().find(|key| key.name == name)
}

/// A known value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileValue {
    /// A whole number.
    Count(u64),
    /// A number that may have a fraction.
    Number(Decimal),
    /// A time span in seconds.
    Span(u64),
    /// Names; an empty list says that there are none.
    Names(Vec<String>),
    /// A word.
    Word(String),
    /// A day.
    Day(Date),
}

/// A table of the database that is worth naming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileTable {
    /// Its name.
    pub name: String,
    /// Its rows today.
    pub rows: u64,
    /// Its growth per year in per cent, where it is known.
    pub growth_per_year: Option<u64>,
}

/// The model of production.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// What is known, by key.
    pub values: BTreeMap<&'static str, ProfileValue>,
    /// Tables by name, in the order of the file.
    pub tables: Vec<ProfileTable>,
}

impl Profile {
    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.tables.is_empty()
    }

    /// Returns a whole number; of the largest table where only tables are named.
    pub fn count(&self, key: &str) -> Option<u64> {
        match (self.values.get(key), key) {
            (Some(ProfileValue::Count(n)), _) => Some(*n),
            (None, "largest_rows") => self.largest().map(|table| table.rows),
            (None, "growth_per_year") => self.largest()?.growth_per_year,
            _ => None,
        }
    }

    /// Returns a number, whole or not.
    pub fn number(&self, key: &str) -> Option<Decimal> {
        match self.values.get(key) {
            Some(ProfileValue::Number(n)) => Some(*n),
            _ => self.count(key).map(Decimal::whole),
        }
    }

    /// Returns a time span in seconds.
    pub fn span(&self, key: &str) -> Option<u64> {
        match self.values.get(key) {
            Some(ProfileValue::Span(seconds)) => Some(*seconds),
            _ => None,
        }
    }

    /// Returns names; `None` where it is unknown whether there are any.
    pub fn names(&self, key: &str) -> Option<&[String]> {
        match self.values.get(key) {
            Some(ProfileValue::Names(names)) => Some(names),
            _ => None,
        }
    }

    /// Returns a day.
    pub fn day(&self, key: &str) -> Option<Date> {
        match self.values.get(key) {
            Some(ProfileValue::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Returns the currency, or a word that stands for it.
    pub fn currency(&self) -> &str {
        match self.values.get("currency") {
            Some(ProfileValue::Word(word)) => word,
            _ => "of the currency",
        }
    }

    fn largest(&self) -> Option<&ProfileTable> {
        self.tables.iter().max_by_key(|table| table.rows)
    }

    /// Returns a value as it reads in a sentence; `None` where it is unknown.
    pub fn value(&self, key: &str) -> Option<String> {
        let value = match self.values.get(key) {
            Some(value) => value.to_string(),
            None => grouped(self.count(key)?),
        };
        // A per cent without its sign misleads in a sentence.
        let is_share = matches!(key, "availability" | "growth_per_year");
        Some(if is_share {
            format!("{value} %")
        } else {
            value
        })
    }

    /// Returns a value with its unit, for a table.
    pub fn with_unit(&self, key: &ProfileKey) -> Option<String> {
        let value = self.value(key.name)?;
        let money = matches!(key.name, "budget_month" | "call_price");
        let unit = match (money, key.unit.trim_start_matches("% ")) {
            (true, unit) => format!(" {} {unit}", self.currency()),
            (false, "" | "%") => String::new(),
            (false, unit) => format!(" {unit}"),
        };
        Some(format!("{value}{unit}"))
    }

    /// Returns the keys nobody gave a value for.
    pub fn unknown(&self) -> impl Iterator<Item = &'static ProfileKey> {
        PROFILE_KEYS
            .iter()
            .filter(|key| key.name != "critical" && self.value(key.name).is_none())
    }

    /// Returns a text with its `{profile.KEY}` places filled; an unknown value reads "unknown".
    pub fn filled(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(PLACE) {
            out.push_str(&rest[..at]);
            let after = &rest[at + PLACE.len()..];
            match after.split_once('}') {
                Some((name, tail)) if profile_key(name).is_some() => {
                    out.push_str(&self.value(name).unwrap_or_else(|| "unknown".to_owned()));
                    rest = tail;
                }
                _ => {
                    out.push_str(PLACE);
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// What opens a place for a value in a question.
pub const PLACE: &str = "{profile.";

impl fmt::Display for ProfileValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(n) => f.write_str(&grouped(*n)),
            Self::Number(n) => n.fmt(f),
            Self::Span(seconds) => f.write_str(&span_words(*seconds)),
            Self::Names(names) if names.is_empty() => f.write_str("none"),
            Self::Names(names) => f.write_str(&names.join(", ")),
            Self::Word(word) => f.write_str(word),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// Units of a time span, the longest first, in seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

/// Returns a time span in its two largest units: `4 h`, `43 min 12 s`.
pub fn span_words(seconds: u64) -> String {
    if seconds == 0 {
        return "0 s".to_owned();
    }
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in UNITS {
        if rest >= length && parts.len() < 2 {
            parts.push(format!("{} {unit}", grouped(rest / length)));
            rest %= length;
        } else if !parts.is_empty() {
            break;
        }
    }
    parts.join(" ")
}

/// Reads a time span: numbers with `s`, `min`, `h`, `d`, as in `1 h 30 min`; in seconds.
pub fn parse_span(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount: u64 = rest.get(..digits)?.parse().ok()?;
        let tail = rest[digits..].trim_start();
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let seconds = match tail.get(..letters)?.to_ascii_lowercase().as_str() {
            "s" | "sec" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            _ => return None,
        };
        total = total.checked_add(amount.checked_mul(seconds)?)?;
        rest = tail[letters..].trim_start_matches([' ', ',']);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        let mut profile = Profile::default();
        profile.values.insert("users", ProfileValue::Count(12_000));
        profile.tables = vec![
            ProfileTable {
                name: "orders".to_owned(),
                rows: 4_000_000,
                growth_per_year: Some(120),
            },
            ProfileTable {
                name: "users".to_owned(),
                rows: 9_000,
                growth_per_year: None,
            },
        ];
        profile
    }

    #[test]
    fn questions_are_filled_and_what_is_unknown_says_so() {
        let filled = profile().filled(
            "Do {profile.users} users at {profile.peak_rps} requests/s fit {profile.largest_rows} rows?",
        );
        assert_eq!(
            filled,
            "Do 12,000 users at unknown requests/s fit 4,000,000 rows?"
        );
        assert_eq!(
            profile().filled("{profile.nonsense} {profile."),
            "{profile.nonsense} {profile."
        );
    }

    #[test]
    fn the_largest_table_stands_in_for_the_keys_of_its_size() {
        let profile = profile();
        assert_eq!(profile.count("growth_per_year"), Some(120));
        assert!(profile.unknown().all(|key| key.name != "largest_rows"));
        assert!(profile.unknown().any(|key| key.name == "rto"));
    }

    #[test]
    fn time_spans_are_read_and_written() {
        for (text, seconds) in [
            ("15 min", 900),
            ("4h", 14_400),
            ("1 h 30 min", 5_400),
            ("0 s", 0),
        ] {
            assert_eq!(parse_span(text), Some(seconds), "{text}");
            assert_eq!(parse_span(&span_words(seconds)), Some(seconds));
        }
        for bad in [
            "",
            "15",
            "min",
            "-3 h",
            "1 fortnight",
            "99999999999999999999 d",
        ] {
            assert_eq!(parse_span(bad), None, "{bad}");
        }
        assert_eq!(span_words(2_592), "43 min 12 s");
    }

    #[test]
    fn every_key_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            PROFILE_KEYS.iter().map(|key| key.name).collect();
        assert_eq!(names.len(), PROFILE_KEYS.len());
    }
}
