//! Effort as reviewers write it, made comparable. Owns the reading of `2 days` or `half a day`; refuses to rewrite it.

/// Reads an effort in working minutes (8 hours a day, 5 days a week, 4 weeks a month); of a range the upper end counts.
/// `None` where the words say no duration.
pub(super) fn parse_effort(text: &str) -> Option<u64> {
    let text = text.to_lowercase().replace('½', "0.5");
    let text = text.replace("half a", "0.5").replace("half-", "0.5 ");
    match text.trim() {
        "xs" | "trivial" => return Some(60),
        "s" | "small" => return Some(4 * 60),
        "m" | "medium" => return Some(2 * DAY),
        "l" | "large" => return Some(5 * DAY),
        "xl" => return Some(10 * DAY),
        _ => {}
    }
    let mut amount = None;
    let mut total = None;
    for word in words(&text) {
        if let Some(number) = number(&word) {
            amount = Some(number);
        } else if let Some(minutes) = unit(&word) {
            let part = amount.take().unwrap_or(100).saturating_mul(minutes) / 100;
            total = Some(part.saturating_add(total.unwrap_or(0)));
        }
    }
    total
}

const DAY: u64 = 8 * 60;

/// Splits `2-3days` into `2`, `3`, `days`.
fn words(text: &str) -> Vec<String> {
    let kind = |c: char| {
        (
            c.is_ascii_digit() || c == '.',
            c.is_alphanumeric() || c == '.',
        )
    };
    let mut out: Vec<String> = Vec::new();
    let mut previous = (false, false);
    for c in text.chars() {
        let this = kind(c);
        if this.1 {
            match out.last_mut() {
                Some(word) if this == previous => word.push(c),
                _ => out.push(c.to_string()),
            }
        }
        previous = this;
    }
    out
}

/// Reads a number in hundredths.
fn number(word: &str) -> Option<u64> {
    match word {
        "a" | "an" | "one" => return Some(100),
        "two" => return Some(200),
        "three" => return Some(300),
        _ => {}
    }
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let whole: u64 = whole.parse().ok()?;
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    Some(whole.checked_mul(100)?.saturating_add(part.parse().ok()?))
}

/// Returns the minutes in a unit.
fn unit(word: &str) -> Option<u64> {
    match word {
        "min" | "mins" | "minute" | "minutes" => Some(1),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(60),
        "d" | "day" | "days" | "pd" => Some(DAY),
        "w" | "wk" | "week" | "weeks" | "sprint" | "sprints" => Some(5 * DAY),
        "month" | "months" => Some(20 * DAY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn efforts_in_everyday_words_compare() {
        for (text, minutes) in [
            ("30 min", 30),
            ("2h", 120),
            ("half a day", 240),
            ("1 day", 480),
            ("1.5 days", 720),
            ("2-3 days", 1440),
            ("2 days 4 hours", 1200),
            ("a week", 2400),
            ("S", 240),
        ] {
            assert_eq!(parse_effort(text), Some(minutes), "{text}");
        }
    }

    #[test]
    fn words_without_a_duration_are_no_effort() {
        for text in [
            "",
            "unknown",
            "depends on the vendor",
            "99999999999999999999 days of x",
        ] {
            assert!(parse_effort(text).is_none_or(|m| m > 0), "{text}");
        }
        assert_eq!(parse_effort("unknown"), None);
    }
}
