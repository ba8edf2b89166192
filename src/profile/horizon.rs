//! Until when a risk is accepted or a repair can wait, held against the profile: "holds to 10,000 users" has lapsed when
//! the profile has more; "until year two" when the second year after the launch has begun.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::model::{Horizon, Profile};
use crate::support::decimal::Decimal;

/// How a horizon stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It holds, and why, as a sentence.
    Holds(String),
    /// It has lapsed, and why, as a sentence.
    Lapsed(String),
    /// Nobody can tell, and why, as a sentence; empty where the words name nothing that can be checked.
    Unknown(String),
}

impl Standing {
    /// Tells whether the horizon has passed.
    pub fn is_lapsed(&self) -> bool {
        matches!(self, Self::Lapsed(_))
    }

    /// Returns the sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Holds(text) | Self::Lapsed(text) | Self::Unknown(text) => text,
        }
    }
}

/// What a milestone counts, with the words it goes by and the key it is held against.
const MEASURES: [(&str, &str, &[&str]); 4] = [
    ("users", "users", &["users", "user", "customers"]),
    (
        "peak_rps",
        "requests/s",
        &["requests/s", "rps", "req/s", "requests"],
    ),
    ("largest_rows", "rows", &["rows", "row", "records"]),
    (
        "deploys_per_week",
        "deployments a week",
        &["deployments", "deploys"],
    ),
];

/// Holds a horizon against a day and a profile.
pub fn standing(horizon: &Horizon, profile: &Profile, today: Date) -> Standing {
    match horizon {
        Horizon::Date(day) if *day < today => Standing::Lapsed(format!("{day} is over")),
        Horizon::Date(day) => Standing::Holds(format!("holds until {day}")),
        Horizon::Milestone(words) => milestone(words, profile, today),
    }
}

fn milestone(words: &str, profile: &Profile, today: Date) -> Standing {
    let words: Vec<String> = words
        .to_lowercase()
        .split_whitespace()
        .map(|word| word.trim_matches(['.', ';', '(', ')', '"']).to_owned())
        .collect();
    if let Some(year) = year(&words) {
        return in_year(year, profile, today);
    }
    for (at, word) in words.iter().enumerate() {
        let Some((mut limit, glued)) = amount(word) else {
            continue;
        };
        let mut rest = words[at + 1..].iter().map(String::as_str);
        let mut unit = if glued.is_empty() {
            rest.next()
        } else {
            Some(glued)
        };
        if let Some(factor) = unit.and_then(factor) {
            limit = limit.times(Decimal::whole(factor));
            unit = rest.next();
        }
        // "10,000 concurrent users", "120 peak requests/s"
        if unit.is_some_and(|unit| matches!(unit, "concurrent" | "peak" | "active")) {
            unit = rest.next();
        }
        let measured =
            |(_, _, names): &&(&str, &str, &[&str])| unit.is_some_and(|unit| names.contains(&unit));
        if let Some((key, noun, _)) = MEASURES.iter().find(measured) {
            return against(key, noun, limit, profile);
        }
    }
    Standing::Unknown(String::new())
}

fn against(key: &str, noun: &str, limit: Decimal, profile: &Profile) -> Standing {
    let Some(now) = profile.number(key) else {
        return Standing::Unknown(format!(
            "holds to {limit} {noun}; how many there are is not in the profile"
        ));
    };
    if now > limit {
        return Standing::Lapsed(format!("held to {limit} {noun}; the profile has {now}"));
    }
    let mut text = format!("holds to {limit} {noun}; the profile has {now}");
    if key == "largest_rows"
        && let Some(years) = years_to(now, limit, profile.count("growth_per_year"))
    {
        text.push_str(&years);
    }
    Standing::Holds(text)
}

/// Says in which year a growing table passes a limit, within twenty.
fn years_to(now: Decimal, limit: Decimal, growth: Option<u64>) -> Option<String> {
    let growth = growth.filter(|growth| *growth > 0)?;
    let factor = Decimal::whole(100 + growth).over(Decimal::whole(100))?;
    let mut rows = now;
    for year in 1..=20 {
        rows = rows.times(factor);
        if rows > limit {
            return Some(format!(
                " and, growing by {growth} % a year, passes that in year {year}"
            ));
        }
    }
    None
}

/// Returns a number at the start of a word, and what is glued to it: `10k`, `10,000`.
fn amount(word: &str) -> Option<(Decimal, &str)> {
    let end = word
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.' | '_'))
        .unwrap_or(word.len());
    let (digits, glued) = word.split_at(end);
    let number = Decimal::parse(digits.trim_end_matches([',', '.'])).ok()?;
    Some((number, glued))
}

fn factor(word: &str) -> Option<u64> {
    match word {
        "k" | "thousand" => Some(1_000),
        "m" | "million" | "millions" => Some(1_000_000),
        "bn" | "billion" => Some(1_000_000_000),
        _ => None,
    }
}

fn year(words: &[String]) -> Option<i32> {
    const NAMES: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let pair = words.windows(2).find(|pair| pair[0] == "year")?;
    let name = pair[1].as_str();
    let spelled = NAMES.iter().position(|known| *known == name);
    let spelled = spelled.map(|at| at as i32 + 1);
    spelled
        .or_else(|| name.parse().ok())
        .filter(|year| (1..=50).contains(year))
}

/// A year begins on the launch's day: "until year two" holds through the first.
fn in_year(year: i32, profile: &Profile, today: Date) -> Standing {
    let Some(launch) = profile.day("launch") else {
        return Standing::Unknown(format!(
            "holds until year {year}; the day of the launch is not in the profile"
        ));
    };
    let begins = launch.saturating_add((year - 1).years());
    if today >= begins {
        Standing::Lapsed(format!("year {year} began on {begins}"))
    } else {
        Standing::Holds(format!("holds until year {year}, which begins on {begins}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProfileValue;

    fn profile() -> Profile {
        let mut profile = Profile::default();
        profile.values.insert("users", ProfileValue::Count(12_000));
        profile
            .values
            .insert("largest_rows", ProfileValue::Count(4_000_000));
        profile
            .values
            .insert("growth_per_year", ProfileValue::Count(120));
        let launch = "2026-03-01".parse().expect("a day");
        profile.values.insert("launch", ProfileValue::Day(launch));
        profile
    }

    fn of(text: &str) -> Standing {
        let today = "2026-11-25".parse().expect("a day");
        standing(&Horizon::parse(text).expect("a horizon"), &profile(), today)
    }

    #[test]
    fn milestones_are_held_against_the_profile() {
        assert_eq!(
            of("holds to 10,000 users"),
            Standing::Lapsed("held to 10,000 users; the profile has 12,000".to_owned())
        );
        for holds in [
            "20k users",
            "20 thousand concurrent users",
            "0.02m customers",
        ] {
            assert!(
                matches!(of(holds), Standing::Holds(_)),
                "{holds}: {:?}",
                of(holds)
            );
        }
        assert_eq!(
            of("50 million rows"),
            Standing::Holds(
                "holds to 50,000,000 rows; the profile has 4,000,000 and, growing by 120 % a year, passes that in year 4"
                    .to_owned()
            )
        );
    }

    #[test]
    fn years_begin_on_the_day_of_the_launch() {
        assert_eq!(
            of("until year two"),
            Standing::Holds("holds until year 2, which begins on 2027-03-01".to_owned())
        );
        assert!(of("year 1").is_lapsed());
    }

    #[test]
    fn days_lapse_and_what_cannot_be_checked_is_not_claimed() {
        assert!(of("2026-11-24").is_lapsed());
        assert!(!of("2026-11-25").is_lapsed());
        assert_eq!(of("the next audit"), Standing::Unknown(String::new()));
        assert_eq!(of("first 3 tenants"), Standing::Unknown(String::new()));
        assert!(
            matches!(of("500 rps"), Standing::Unknown(text) if text.contains("not in the profile"))
        );
    }
}
