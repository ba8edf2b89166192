//! Days as a person types them: `2027-03-31`, `+30d`, `+6w`, `+3m`, `+1y`, `today`, `eom`, `eoq`, `eoy`.

use jiff::Span;
use jiff::civil::{Date, date};

use crate::model::Horizon;

/// Text that names no usable day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// Nothing typed.
    #[error("a date is needed: 2027-03-31, +30d, +6w, +3m or eom")]
    Blank,
    /// Not one of the spellings.
    #[error("not a date; type one as 2027-03-31, +30d, +6w, +3m or eom")]
    Unknown,
    /// No such day in the calendar that is used.
    #[error("too far away; the last day that can be written is 9999-12-31")]
    TooFar,
    /// The day has gone by.
    #[error("{0} is in the past; type today or a later day")]
    Past(Date),
}

/// Reads a day; one before `today` is refused.
pub fn parse_when(text: &str, today: Date) -> Result<Date, WhenError> {
    let text = text.trim().to_lowercase();
    let day = match text.as_str() {
        "" => return Err(WhenError::Blank),
        "today" => today,
        "tomorrow" => add(today, Span::new().days(1))?,
        "eom" => today.last_of_month(),
        "eoq" => end_of_quarter(today),
        "eoy" => today.last_of_year(),
        text => match text.strip_prefix('+') {
            Some(distance) => add(today, parse_distance(distance)?)?,
            None => parse_day(text)?,
        },
    };
    if day < today {
        return Err(WhenError::Past(day));
    }
    Ok(day)
}

/// Reads a day or, where the text is not meant as one, a milestone in words; `None` for blank text.
pub fn parse_horizon(text: &str, today: Date) -> Result<Option<Horizon>, WhenError> {
    match parse_when(text, today) {
        Ok(day) => Ok(Some(Horizon::Date(day))),
        Err(WhenError::Blank) => Ok(None),
        Err(error) if looks_like_a_day(text.trim()) => Err(error),
        Err(_) => Ok(Some(Horizon::Milestone(text.trim().to_owned()))),
    }
}

/// Digits and separators alone are a mistyped date, never a milestone.
fn looks_like_a_day(text: &str) -> bool {
    let separators = text.matches(['-', '/', '.']).count();
    let numeric = text
        .chars()
        .all(|char| char.is_ascii_digit() || matches!(char, '-' | '/' | '.'));
    let distance = text
        .strip_prefix('+')
        .is_some_and(|rest| parse_distance(rest).is_ok());
    distance || (numeric && separators > 0)
}

fn parse_day(text: &str) -> Result<Date, WhenError> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return Err(WhenError::Unknown);
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return Err(WhenError::Unknown);
    }
    let number = |part: &str| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i16>().ok().filter(|_| digits)
    };
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return Err(WhenError::Unknown);
    };
    Date::new(year, month as i8, day as i8).map_err(|_| WhenError::Unknown)
}

fn parse_distance(text: &str) -> Result<Span, WhenError> {
    let unit = text.chars().next_back().ok_or(WhenError::Unknown)?;
    let digits = &text[..text.len() - unit.len_utf8()];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(WhenError::Unknown);
    }
    let count: i64 = digits.parse().map_err(|_| WhenError::TooFar)?;
    let span = match unit {
        'd' => Span::new().try_days(count),
        'w' => Span::new().try_weeks(count),
        'm' => Span::new().try_months(count),
        'y' => Span::new().try_years(count),
        _ => return Err(WhenError::Unknown),
    };
    span.map_err(|_| WhenError::TooFar)
}

fn add(today: Date, span: Span) -> Result<Date, WhenError> {
    today.checked_add(span).map_err(|_| WhenError::TooFar)
}

fn end_of_quarter(today: Date) -> Date {
    let month = (today.month() - 1) / 3 * 3 + 3;
    date(today.year(), month, 1).last_of_month()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_type_them() {
        let today = date(2026, 11, 21);
        for (text, day) in [
            ("2027-03-31", "2027-03-31"),
            ("2027-3-1", "2027-03-01"),
            (" 2026-11-21 ", "2026-11-21"),
            ("today", "2026-11-21"),
            ("Tomorrow", "2026-11-22"),
            ("+30d", "2026-12-21"),
            ("+6w", "2027-01-02"),
            ("+3m", "2027-02-21"),
            ("+1y", "2027-11-21"),
            ("+0d", "2026-11-21"),
            ("eom", "2026-11-30"),
            ("eoq", "2026-12-31"),
            ("EOY", "2026-12-31"),
        ] {
            let read = parse_when(text, today).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Ok(day), "{text}");
        }
        let january = date(2027, 1, 31);
        assert_eq!(parse_when("+1m", january), Ok(date(2027, 2, 28)));
        assert_eq!(parse_when("eoq", january), Ok(date(2027, 3, 31)));
    }

    #[test]
    fn what_is_no_usable_day_is_refused_with_the_reason() {
        let today = date(2026, 11, 21);
        for (text, error) in [
            ("", WhenError::Blank),
            ("soon", WhenError::Unknown),
            ("2027-02-29", WhenError::Unknown),
            ("2027-13-01", WhenError::Unknown),
            ("2027-257-01", WhenError::Unknown),
            ("27-01-01", WhenError::Unknown),
            ("+d", WhenError::Unknown),
            ("+3", WhenError::Unknown),
            ("+-3d", WhenError::Unknown),
            ("+3é", WhenError::Unknown),
            ("+99999999999999999999d", WhenError::TooFar),
            ("+9999y", WhenError::TooFar),
            ("2026-11-20", WhenError::Past(date(2026, 11, 20))),
        ] {
            assert_eq!(parse_when(text, today), Err(error), "{text}");
        }
    }

    #[test]
    fn a_horizon_is_a_day_or_a_milestone_but_never_a_mistyped_day() {
        let today = date(2026, 11, 21);
        let milestone = |text: &str| Ok(Some(Horizon::Milestone(text.to_owned())));
        assert_eq!(parse_horizon("  ", today), Ok(None));
        assert_eq!(
            parse_horizon("+6w", today),
            Ok(Some(Horizon::Date(date(2027, 1, 2))))
        );
        assert_eq!(
            parse_horizon("10,000 users", today),
            milestone("10,000 users")
        );
        assert_eq!(parse_horizon("release 2", today), milestone("release 2"));
        assert_eq!(parse_horizon("2027-02-30", today), Err(WhenError::Unknown));
        assert!(parse_horizon("31.12.2026", today).is_err());
        assert!(parse_horizon("2020-01-01", today).is_err());
    }
}
