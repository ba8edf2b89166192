//! What a profile may not say, and that what it says comes back.

use super::*;
use std::collections::BTreeMap;

use crate::model::{PROFILE_KEYS, ProfileValue};

fn found(source: &str) -> Vec<String> {
    let told = check(source);
    assert!(told.iter().all(|mistake| !mistake.remedy.is_empty()));
    told.iter()
        .map(|mistake| format!("{}: {}", mistake.line, mistake.message))
        .collect()
}

#[test]
fn every_example_of_the_template_is_a_value() {
    assert_eq!(check(&template()), []);
    assert!(parse(&template(), "t").expect("fits").is_empty());
    let full: String = template()
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(line) if line.contains(" = ") || line == "[[tables]]" => format!("{line}\n"),
            _ => String::new(),
        })
        .collect();
    let full = full.replace(
        "rows = 4_000_000\ngrowth_per_year = 120\n",
        "rows = 4_000_000\n",
    );
    let profile = parse(&full, "full.toml").expect("every example fits");
    assert_eq!(profile.values.len(), PROFILE_KEYS.len() - 1);
    assert_eq!(profile.tables.len(), 1);
    assert_eq!(parse(&written(&profile), "again").expect("fits"), profile);
}

#[test]
fn every_mistake_is_told_at_once_with_its_line() {
    let source = "\
users = -5
peak_rps = 1e9
page_size = 0
p99_ms = \"fast\"
availability = 100
rpo = \"soon\"
rto = \"-4 h\"
budget_month = 5000
growth_per_year = 12.5
uesrs = 3
data_classes = \"personal\"
regulation = [\"GDPR\", \"GDPR\"]
launch = \"yesterday\"
critical = [\"src/[\"]
largest_rows = 10
[[tables]]
name = \"orders\"
rows = 4000
[[tables]]
rows = -1
sizes = 2
";
    assert_eq!(
        found(source),
        [
            "1: `users` is `-5`, below zero",
            "2: `peak_rps` is `1e9`, which is no plain number",
            "3: `page_size` is 0, which is absurd; 1 to 1,000,000 make sense",
            "4: `p99_ms` holds a text; a number is needed",
            "5: `availability` is 100, which is absurd; 50 to 99.999999 make sense",
            "6: `rpo` is `soon`, which is no time span",
            "7: `rto` is `-4 h`, below zero",
            "8: `budget_month` is an amount of no currency",
            "9: `growth_per_year` is 12.5; a whole number is needed",
            "10: the profile has no key `uesrs`",
            "11: `data_classes` holds a text; a list is needed",
            "12: `regulation` names `GDPR` twice",
            "13: `launch` is `yesterday`, which is no day",
            "14: `src/[` is not a path pattern: unclosed character class; missing ']'",
            "15: `largest_rows` is 10, but the table `orders` has 4,000",
            "19: a table has no `name`",
            "20: `rows` is `-1`, below zero",
            "21: a table has no key `sizes`",
        ]
    );
    let unfinished = found("users = \nrto = \"4 h\"\n");
    assert_eq!(unfinished.len(), 1, "{unfinished:?}");
    assert!(
        unfinished[0].starts_with("1: not valid TOML"),
        "{unfinished:?}"
    );
}

#[test]
fn a_recorded_profile_keeps_what_this_version_understands() {
    let profile = parse_recorded("users = 800\nteleporters = 3\nrto = 7\n");
    assert_eq!(profile.count("users"), Some(800));
    assert_eq!(profile.span("rto"), None);
}

#[test]
fn what_is_entered_in_a_form_becomes_a_file_or_tells_every_field() {
    let fields = |pairs: &[(&'static str, &str)]| -> BTreeMap<&'static str, String> {
        pairs
            .iter()
            .map(|(key, text)| (*key, (*text).to_owned()))
            .collect()
    };
    let text = entered(
        &fields(&[
            ("users", "1,200"),
            ("availability", "99.9 %"),
            ("rto", "4 h"),
            ("services", "PostgreSQL, mail"),
            ("regulation", "none"),
            ("rpo", ""),
        ]),
        &Profile::default(),
    )
    .expect("fits");
    let profile = parse(&text, "entered").expect("fits");
    assert_eq!(profile.count("users"), Some(1_200));
    assert_eq!(
        profile.names("regulation"),
        Some(&[][..]),
        "none is known, not unknown"
    );
    assert_eq!(profile.values.get("rpo"), None);
    assert_eq!(profile.names("services").map(<[String]>::len), Some(2));
    assert!(matches!(
        profile.values.get("rto"),
        Some(ProfileValue::Span(14_400))
    ));
    let wrong = entered(
        &fields(&[("users", "-1"), ("p99_ms", "fast"), ("call_price", "0.1")]),
        &Profile::default(),
    )
    .expect_err("does not fit");
    let keys: Vec<&str> = wrong.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, ["users", "p99_ms", "call_price"]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered_without_a_panic(text in ".{0,200}") {
        for mistake in check(&text) {
            proptest::prop_assert!(mistake.line >= 1);
        }
    }

    #[test]
    fn any_entry_is_kept_or_told(text in ".{0,30}") {
        for key in &PROFILE_KEYS {
            let fields = BTreeMap::from([(key.name, text.clone()), ("currency", "EUR".to_owned())]);
            match entered(&fields, &Profile::default()) {
                Ok(written) => proptest::prop_assert_eq!(check(&written), []),
                Err(wrong) => proptest::prop_assert!(!wrong.is_empty()),
            }
        }
    }
}
