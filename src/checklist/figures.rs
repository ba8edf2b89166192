//! Arithmetic with the numbers of the production profile: what follows from them for a question, each input named.
//! Owns the calculations; refuses to guess. A calculation with an unknown input says which is unknown and gives no result.
//! What is no value of the profile (three attempts, half a cent) is named in the sentence as assumed.

use std::fmt::Write as _;

use crate::model::{Item, Profile, profile_key, span_words};
use crate::support::decimal::Decimal;
use crate::support::number::{count, grouped};

/// Seconds in a month of 30 days, the usual base of availability.
const MONTH: u64 = 30 * 86_400;
const DAY: u64 = 86_400;

/// A calculation.
struct Figure {
    /// As checklists spell it.
    name: &'static str,
    /// How it reads before the numbers are in.
    words: &'static str,
    /// The keys of the profile it cannot do without.
    inputs: &'static [&'static str],
    /// The sentence with its numbers; `None` where an input is unknown.
    work: fn(&Profile) -> Option<String>,
}

const FIGURES: [Figure; 13] = [
    Figure {
        name: "query-per-row",
        words: "one query per row × rows per page × requests/s",
        inputs: &["page_size", "peak_rps"],
        work: query_per_row,
    },
    Figure {
        name: "whole-table",
        words: "rows of the largest table × its growth per year",
        inputs: &["largest_rows", "growth_per_year"],
        work: whole_table,
    },
    Figure {
        name: "in-flight",
        words: "requests/s × p99 latency",
        inputs: &["peak_rps", "p99_ms"],
        work: in_flight,
    },
    Figure {
        name: "waiting",
        words: "requests/s × 30 s without an answer (assumed)",
        inputs: &["peak_rps"],
        work: waiting,
    },
    Figure {
        name: "retries",
        words: "3 attempts (assumed) × requests/s",
        inputs: &["peak_rps"],
        work: retries,
    },
    Figure {
        name: "call-per-request",
        words: "one metered call per request × requests/s × price of a call",
        inputs: &["peak_rps", "call_price"],
        work: call_per_request,
    },
    Figure {
        name: "call-per-row",
        words: "one metered call per row × rows per page × price of a call",
        inputs: &["page_size", "call_price"],
        work: call_per_row,
    },
    Figure {
        name: "row-per-request",
        words: "one row per request × requests/s × seconds of a day",
        inputs: &["peak_rps"],
        work: row_per_request,
    },
    Figure {
        name: "rounding",
        words: "half a cent per row (assumed) × rows of the largest table",
        inputs: &["largest_rows"],
        work: rounding,
    },
    Figure {
        name: "downtime",
        words: "(100 % − availability) × 30 days",
        inputs: &["availability"],
        work: downtime,
    },
    Figure {
        name: "chain",
        words: "services × (100 % − availability), if each keeps the same objective",
        inputs: &["services", "availability"],
        work: chain,
    },
    Figure {
        name: "lost-writes",
        words: "RPO × requests/s",
        inputs: &["rpo", "peak_rps"],
        work: lost_writes,
    },
    Figure {
        name: "deployments",
        words: "deployments per week × 52 weeks",
        inputs: &["deploys_per_week"],
        work: deployments,
    },
];

/// Returns the names of all calculations.
pub fn names() -> impl Iterator<Item = &'static str> {
    FIGURES.iter().map(|figure| figure.name)
}

/// Returns what follows from the profile for an item, a sentence for each calculation it names; nothing where nothing
/// at all is known of production.
pub fn worked(item: &Item, profile: &Profile) -> Vec<String> {
    if profile.is_empty() {
        return Vec::new();
    }
    let twins = item.twins.iter().flat_map(|twin| &twin.item.figures);
    let mut sentences: Vec<String> = Vec::new();
    for name in item.figures.iter().chain(twins) {
        let sentence = sentence(name, profile);
        sentences.extend(sentence.filter(|sentence| !sentences.contains(sentence)));
    }
    sentences
}

/// Returns every calculation whose inputs are all known.
pub fn all(profile: &Profile) -> Vec<String> {
    FIGURES
        .iter()
        .filter_map(|figure| (figure.work)(profile))
        .collect()
}

fn sentence(name: &str, profile: &Profile) -> Option<String> {
    let figure = FIGURES.iter().find(|figure| figure.name == name)?;
    Some((figure.work)(profile).unwrap_or_else(|| {
        let unknown: Vec<&str> = figure
            .inputs
            .iter()
            .filter(|key| profile.value(key).is_none())
            .filter_map(|key| profile_key(key).map(|key| key.label))
            .collect();
        let verb = if unknown.len() == 1 { "is" } else { "are" };
        format!(
            "{}: unknown, because {} {verb} not in the profile",
            figure.words,
            unknown.join(" and ")
        )
    }))
}

fn query_per_row(profile: &Profile) -> Option<String> {
    let (page, rate) = (profile.count("page_size")?, profile.number("peak_rps")?);
    let queries = Decimal::whole(page).times(rate);
    Some(format!(
        "one query per row × {} per page × {rate} requests/s = {queries} queries/s",
        count(page, "row")
    ))
}

fn whole_table(profile: &Profile) -> Option<String> {
    let (rows, growth) = (
        profile.count("largest_rows")?,
        profile.count("growth_per_year")?,
    );
    let factor = Decimal::whole(100 + growth).over(Decimal::whole(100))?;
    let after = |years: usize| {
        let rows = (0..years).fold(Decimal::whole(rows), |rows, _| rows.times(factor));
        grouped(rows.floor())
    };
    Some(format!(
        "{} in the largest table, growing by {growth} % a year = {} in one year, {} in three",
        count(rows, "row"),
        after(1),
        after(3)
    ))
}

fn in_flight(profile: &Profile) -> Option<String> {
    let (rate, p99) = (profile.number("peak_rps")?, profile.count("p99_ms")?);
    let at_once = rate
        .times(Decimal::whole(p99))
        .over(Decimal::whole(1_000))?;
    Some(format!(
        "{rate} requests/s × {} ms each (p99) = {} in flight at once",
        grouped(p99),
        at_once.rounded(1)
    ))
}

fn waiting(profile: &Profile) -> Option<String> {
    let rate = profile.number("peak_rps")?;
    Some(format!(
        "{rate} requests/s × 30 s without an answer (assumed) = {} requests waiting, each with its thread or connection",
        rate.times(Decimal::whole(30))
    ))
}

fn retries(profile: &Profile) -> Option<String> {
    let rate = profile.number("peak_rps")?;
    Some(format!(
        "3 attempts (assumed) × {rate} requests/s = {} requests/s on a dependency that is down",
        rate.times(Decimal::whole(3))
    ))
}

fn call_per_request(profile: &Profile) -> Option<String> {
    let (rate, price) = (profile.number("peak_rps")?, profile.number("call_price")?);
    let each_second = rate.times(price);
    let hour = each_second.times(Decimal::whole(3_600)).rounded(2);
    let currency = profile.currency();
    let mut text = format!(
        "one metered call per request × {rate} requests/s × {price} {currency} = {each_second} {currency}/s, {hour} {currency} in an hour at the peak"
    );
    if let Some(seconds) = profile
        .number("budget_month")
        .and_then(|budget| budget.over(each_second))
    {
        let budget = profile.number("budget_month").unwrap_or_default();
        let spent = span_words(seconds.floor());
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "; the budget of {budget} {currency} a month is spent after {spent} of it"
        );
    }
    Some(text)
}

fn call_per_row(profile: &Profile) -> Option<String> {
    let (page, price) = (profile.count("page_size")?, profile.number("call_price")?);
    let currency = profile.currency();
    Some(format!(
        "one metered call per row × {} per page × {price} {currency} = {} {currency} for one page",
        count(page, "row"),
        Decimal::whole(page).times(price)
    ))
}

fn row_per_request(profile: &Profile) -> Option<String> {
    let rate = profile.number("peak_rps")?;
    Some(format!(
        "one row per request × {rate} requests/s × 86,400 s = {} rows a day at the peak rate",
        rate.times(Decimal::whole(DAY))
    ))
}

fn rounding(profile: &Profile) -> Option<String> {
    let rows = profile.count("largest_rows")?;
    let off = Decimal::whole(rows).over(Decimal::whole(200))?.rounded(2);
    Some(format!(
        "up to half a cent per row (assumed) × {} = {off} {} at the worst",
        count(rows, "row"),
        profile.currency()
    ))
}

/// Returns how many seconds of a month something may be down at an availability.
fn down_seconds(availability: Decimal) -> Decimal {
    let share = Decimal::whole(100).less(availability);
    share
        .times(Decimal::whole(MONTH))
        .over(Decimal::whole(100))
        .unwrap_or_default()
}

fn downtime(profile: &Profile) -> Option<String> {
    let availability = profile.number("availability")?;
    let down = down_seconds(availability);
    let mut text = format!(
        "(100 − {availability}) % × 30 days = {} of downtime a month, planned and unplanned",
        span_words(down.rounded(0).floor())
    );
    if let Some(weekly) = profile
        .number("deploys_per_week")
        .filter(|weekly| weekly.0 > 0)
    {
        let monthly = weekly.times(Decimal::whole(30)).over(Decimal::whole(7))?;
        let each = down.over(monthly)?;
        let (count, each) = (monthly.rounded(1), span_words(each.floor()));
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "; over {count} deployments in that time, {each} for each"
        );
    }
    Some(text)
}

fn chain(profile: &Profile) -> Option<String> {
    let services = profile.names("services")?.len() as u64;
    let availability = profile.number("availability")?;
    let share = Decimal::whole(100)
        .less(availability)
        .times(Decimal::whole(services));
    let down = down_seconds(availability).times(Decimal::whole(services));
    Some(format!(
        "{} × (100 − {availability}) %, if each keeps the same objective (assumed) = {share} %, {} a month in which one of them is down",
        count(services, "service"),
        span_words(down.rounded(0).floor())
    ))
}

fn lost_writes(profile: &Profile) -> Option<String> {
    let (rpo, rate) = (profile.span("rpo")?, profile.number("peak_rps")?);
    Some(format!(
        "RPO of {} × {rate} requests/s = up to {} requests whose writes a recovery may lose",
        span_words(rpo),
        rate.times(Decimal::whole(rpo))
    ))
}

fn deployments(profile: &Profile) -> Option<String> {
    let weekly = profile.number("deploys_per_week")?;
    Some(format!(
        "{weekly} deployments a week × 52 weeks = {} a year, each needing a way back",
        weekly.times(Decimal::whole(52))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProfileValue;

    fn profile() -> Profile {
        let number = |text: &str| ProfileValue::Number(Decimal::parse(text).expect("a number"));
        let mut profile = Profile::default();
        let values = [
            ("page_size", ProfileValue::Count(50)),
            ("peak_rps", number("120")),
            ("largest_rows", ProfileValue::Count(4_000_000)),
            ("growth_per_year", ProfileValue::Count(120)),
            ("p99_ms", ProfileValue::Count(300)),
            ("availability", number("99.9")),
            ("rpo", ProfileValue::Span(900)),
            ("deploys_per_week", number("5")),
            ("budget_month", number("5000")),
            ("call_price", number("0.002")),
            ("currency", ProfileValue::Word("EUR".to_owned())),
            (
                "services",
                ProfileValue::Names(vec!["a".to_owned(), "b".to_owned()]),
            ),
        ];
        profile.values.extend(values);
        profile
    }

    #[test]
    fn every_calculation_names_its_inputs_and_adds_up() {
        let all: Vec<String> = FIGURES
            .iter()
            .map(|figure| sentence(figure.name, &profile()).expect("known"))
            .collect();
        assert_eq!(
            all,
            [
                "one query per row × 50 rows per page × 120 requests/s = 6,000 queries/s",
                "4,000,000 rows in the largest table, growing by 120 % a year = 8,800,000 in one year, 42,592,000 in three",
                "120 requests/s × 300 ms each (p99) = 36 in flight at once",
                "120 requests/s × 30 s without an answer (assumed) = 3,600 requests waiting, each with its thread or connection",
                "3 attempts (assumed) × 120 requests/s = 360 requests/s on a dependency that is down",
                "one metered call per request × 120 requests/s × 0.002 EUR = 0.24 EUR/s, 864 EUR in an hour at the peak; the budget of 5,000 EUR a month is spent after 5 h 47 min of it",
                "one metered call per row × 50 rows per page × 0.002 EUR = 0.1 EUR for one page",
                "one row per request × 120 requests/s × 86,400 s = 10,368,000 rows a day at the peak rate",
                "up to half a cent per row (assumed) × 4,000,000 rows = 20,000 EUR at the worst",
                "(100 − 99.9) % × 30 days = 43 min 12 s of downtime a month, planned and unplanned; over 21.4 deployments in that time, 2 min for each",
                "2 services × (100 − 99.9) %, if each keeps the same objective (assumed) = 0.2 %, 1 h 26 min a month in which one of them is down",
                "RPO of 15 min × 120 requests/s = up to 108,000 requests whose writes a recovery may lose",
                "5 deployments a week × 52 weeks = 260 a year, each needing a way back",
            ]
        );
    }

    #[test]
    fn an_unknown_input_gives_no_result_and_says_which_it_is() {
        let mut profile = profile();
        profile.values.remove("peak_rps");
        let text = sentence("query-per-row", &profile).expect("known");
        assert_eq!(
            text,
            "one query per row × rows per page × requests/s: unknown, because Peak load is not in the profile"
        );
        for figure in &FIGURES {
            let mut without = Profile::default();
            without.tables.clear();
            assert_eq!((figure.work)(&without), None, "{} guesses", figure.name);
        }
    }

    #[test]
    fn a_review_without_a_profile_shows_no_figures() {
        let mut item = Item::asking("n-plus-one", "load", "N+1", "How many?");
        item.figures = vec!["query-per-row".to_owned()];
        assert!(worked(&item, &Profile::default()).is_empty());
        assert_eq!(worked(&item, &profile()).len(), 1);
    }
}
