//! Every kind of mistake, with its line and its remedy.

use proptest::prelude::*;

use super::*;
use crate::model::Severity;

/// Returns `line: message` of every mistake.
fn found(source: &str) -> Vec<String> {
    lint(source)
        .iter()
        .map(|mistake| format!("{}: {}", mistake.line, mistake.message))
        .collect()
}

/// Asserts that a change of the smallest list is the only mistake, with its line and a remedy that names a word.
#[track_caller]
fn assert_one(source: &str, expected: &str, remedy: &str) {
    assert_eq!(found(source), [expected]);
    let mistake = &lint(source)[0];
    assert!(
        mistake.remedy.contains(remedy),
        "the remedy is {:?}",
        mistake.remedy
    );
}

#[test]
fn a_file_without_mistakes_becomes_a_list_that_carries_its_exact_bytes() {
    assert_eq!(found(SMALLEST), Vec::<String>::new());
    let list = parse(SMALLEST, "smallest.toml").expect("no mistakes");
    assert_eq!(list.source.as_ref(), SMALLEST);
    assert_eq!(
        list.digest,
        crate::support::digest::sha256(SMALLEST.as_bytes())
    );
    assert_eq!(list.items[0].severity, Severity::Major);
    assert!(list.items[0].cwe.is_empty() && list.items[0].paths.is_empty());
}

#[test]
fn every_key_is_read_line_breaks_count_as_blanks_and_items_follow_their_categories() {
    let list = parse(TWO, "two-lists.toml").expect("no mistakes");
    assert_eq!(list.description, "A description over two lines.");
    let ids: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(
        ids,
        ["other", "lost-update"],
        "the category `later` comes first in the file"
    );
    let other = &list.items[0];
    assert_eq!(
        (other.severity, other.cwe.as_slice()),
        (Severity::Blocker, [89].as_slice())
    );
    assert_eq!(
        (other.languages[0].as_str(), other.languages[1].as_str()),
        ("c++", "python")
    );
    assert_eq!(
        (other.paths[0].as_str(), other.rules[0].as_str()),
        ("**/*.sql", "query-in-loop")
    );
    assert_eq!(other.sources, ["CWE-89"]);
}

#[test]
fn one_file_with_many_mistakes_reports_all_of_them_in_order() {
    assert_eq!(
        found(MANY),
        [
            "2: the list's id is `Many Mistakes`; only lower-case letters, digits and single hyphens fit",
            "3: the version is `1`; three numbers with dots are needed",
            "4: `title` of the file is empty",
            "6: the file has an unknown key `colour`",
            "12: the category `empty` has no items",
            "18: there is no category `onyl`",
            "20: `ask` of item `first` is not a question",
            "21: `generated` of item `first` holds a number; a text in quotes is needed",
            "23: item `first` lists 0 under `signals`; 1 to 6 fit",
            "24: item `first` has an unknown key `mitigation`",
            "26: item `first` has an unknown severity `majro`",
            "27: `cwe` of item `first` holds something else than a positive whole number",
            "28: `src/[a.rs` is not a path pattern: unclosed character class; missing ']'",
        ]
    );
    let report = parse(MANY, "many-mistakes.toml").expect_err("mistakes are refused");
    assert_eq!(report.mistakes, lint(MANY));
}

#[test]
fn broken_toml_is_reported_at_every_place_without_mistakes_that_only_follow_from_it() {
    let source = with("title = \"Smallest list\"", "title = \"Smallest list");
    let source = source.replacen("severity = \"major\"", "severity = major", 1);
    let lines: Vec<usize> = lint(&source).iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [5, 21], "{:#?}", lint(&source));
    assert!(
        lint(&source)
            .iter()
            .all(|mistake| mistake.message.starts_with("not valid TOML: "))
    );
}

#[test]
fn broken_toml_in_one_item_does_not_hide_a_mistake_in_another() {
    let source = TWO
        .replacen("severity = \"note\"", "severity = ", 1)
        .replacen("cwe = [89]", "cwe = [0]", 1);
    let found = found(&source);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("27: not valid TOML"), "{found:#?}");
    assert_eq!(
        found[1],
        "39: `cwe` of item `other` holds something else than a positive whole number"
    );
}

#[test]
fn a_header_cut_short_is_reported_where_it_stands() {
    let found = found(&with("[[item]]", "[[item]"));
    assert_eq!(
        found,
        ["12: not valid TOML: unclosed array table, expected `]`"]
    );
}

#[test]
fn a_text_that_never_closes_is_reported_where_it_opens_and_where_it_ends() {
    let found = found(&with("\"Only category\"", "\"\"\"Only category"));
    assert_eq!(
        found,
        [
            "10: `title` of category `only` has 284 characters; 60 fit on the screen and in a report",
            "22: not valid TOML: invalid multi-line basic string, expected `\"`",
        ]
    );
}

#[test]
fn a_key_given_twice_is_reported() {
    let found = found(&with(
        "id = \"smallest\"",
        "id = \"smallest\"\nid = \"again\"",
    ));
    assert_eq!(found, ["4: not valid TOML: duplicate key"]);
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    assert_one(
        &with("signals =", "signal = []\nsignals ="),
        "19: item `lost-update` has an unknown key `signal`",
        "did you mean `signals`?",
    );
    assert_one(
        &with("\n[[category]]", "zzz = 1\n\n[[category]]"),
        "7: the file has an unknown key `zzz`",
        "known keys are",
    );
}

#[test]
fn each_missing_key_is_reported_at_its_table_with_what_belongs_there() {
    assert_one(
        &with("ask = \"Who wins?\"\n", ""),
        "12: item `lost-update` has no `ask`",
        "question",
    );
    assert_one(
        &with("title = \"Only category\"\n", ""),
        "8: category `only` has no `title`",
        "name for a reader",
    );
    assert_one(
        &with("version = \"1.0.0\"\n", ""),
        "1: the file has no `version`",
        "1.0.0",
    );
    let all = found("");
    assert_eq!(all.len(), 7, "an empty file misses every key: {all:#?}");
}

#[test]
fn a_wrong_type_is_reported_where_it_stands() {
    assert_one(
        &with("\"Who wins?\"", "true"),
        "16: `ask` of item `lost-update` holds true or false; a text in quotes is needed",
        "question",
    );
    assert_one(
        &with(
            "[\"Add a version.\", \"Lock the row.\"]",
            "\"Add a version.\"",
        ),
        "20: `mitigations` of item `lost-update` holds a text; a list of texts in quotes is needed",
        "up to 5",
    );
    assert_one(
        &with("\"a change\"", "3"),
        "19: `signals` of item `lost-update` holds a number; a list of texts in quotes is needed",
        "up to 6",
    );
    assert_one(
        &with("format = 1", "format = \"1\""),
        "2: `format` of the file holds a text; a whole number is needed",
        "1",
    );
}

#[test]
fn an_id_used_twice_points_at_its_first_place() {
    let category = with(
        "[[item]]",
        "[[category]]\nid = \"only\"\ntitle = \"Again\"\n\n[[item]]",
    );
    assert_one(
        &category,
        "13: the category `only` stands on line 9 already",
        "another id",
    );
    let (_, item) = SMALLEST.split_once("[[item]]").expect("an item");
    assert_one(
        &format!("{SMALLEST}\n[[item]]{item}"),
        "24: the item `lost-update` stands on line 13 already",
        "another id",
    );
}

#[test]
fn a_bad_slug_is_refused_in_every_id() {
    for bad in [
        "Lost-update",
        "lost_update",
        "-lost",
        "lost--update",
        "löst",
        "a/b",
        "a b",
    ] {
        let found = found(&with("id = \"lost-update\"", &format!("id = \"{bad}\"")));
        assert_eq!(found.len(), 1, "{bad}: {found:?}");
        assert!(found[0].starts_with("13: an item's id is "), "{found:?}");
    }
    let category = SMALLEST.replace("\"only\"", "\"Only\"");
    assert!(found(&category)[0].starts_with("9: a category's id is `Only`"));
}

#[test]
fn an_unknown_category_and_a_category_without_items_are_both_reported() {
    let found = found(&with("category = \"only\"", "category = \"olny\""));
    assert_eq!(
        found,
        [
            "8: the category `only` has no items",
            "14: there is no category `olny`"
        ]
    );
}

#[test]
fn an_unknown_severity_is_answered_with_the_four_there_are() {
    assert_one(
        &with("\"major\"", "\"critical\""),
        "21: item `lost-update` has an unknown severity `critical`",
        "`blocker`, `major`, `minor`, `note`",
    );
    assert_one(
        &with("\"major\"", "\"Major\""),
        "21: item `lost-update` has an unknown severity `Major`",
        "`major`",
    );
}

#[test]
fn texts_of_blanks_alone_are_empty_and_long_ones_are_measured() {
    assert_one(
        &with("\"Lost update\"", "\" \\n\\t\""),
        "15: `title` of item `lost-update` is empty",
        "write it",
    );
    assert_one(
        &with("\"a change\"", "\"\""),
        "19: an entry of `signals` of item `lost-update` is empty",
        "write it",
    );
    let long = format!("\"{}?\"", "ä".repeat(160));
    assert_one(
        &with("\"Who wins?\"", &long),
        "16: `ask` of item `lost-update` has 161 characters; 160 fit on the screen and in a report",
        "shorten",
    );
}

#[test]
fn too_few_and_too_many_signals_and_mitigations_are_counted() {
    let seven = "[\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\"]";
    let signals = "[\"a load\", \"a change\", \"a save\"]";
    let repairs = "[\"Add a version.\", \"Lock the row.\"]";
    assert_one(
        &with(signals, seven),
        "19: item `lost-update` lists 7 under `signals`; 1 to 6 fit",
        "split",
    );
    assert_one(
        &with(signals, "[]"),
        "19: item `lost-update` lists 0 under `signals`; 1 to 6 fit",
        "add",
    );
    assert_one(
        &with(repairs, seven),
        "20: item `lost-update` lists 7 under `mitigations`; 1 to 5 fit",
        "split",
    );
    assert_one(
        &with("\"a change\"", "\"a  load\""),
        "19: item `lost-update` has the same entry twice in `signals`",
        "remove",
    );
}

#[test]
fn patterns_numbers_languages_and_rules_are_checked() {
    let add = |line: &str| {
        with(
            "severity = \"major\"",
            &format!("severity = \"major\"\n{line}"),
        )
    };
    assert!(
        found(&add("paths = [\"src/{a\"]"))[0].starts_with("22: `src/{a` is not a path pattern: ")
    );
    assert_one(
        &add("paths = [\"/src/*.rs\"]"),
        "22: `/src/*.rs` can never match: paths start at the root without `/`",
        "leading",
    );
    for bad in ["0", "-362", "3.5", "\"CWE-362\"", "99999999999"] {
        assert_one(
            &add(&format!("cwe = [{bad}]")),
            "22: `cwe` of item `lost-update` holds something else than a positive whole number",
            "[362, 367]",
        );
    }
    assert_one(
        &add("cwe = [362, 367, 3_62]"),
        "22: item `lost-update` names 362 twice in `cwe`",
        "remove",
    );
    assert_one(
        &add("languages = [\"C Sharp\"]"),
        "22: `C Sharp` is not the name of a language",
        "lower case",
    );
    assert_one(
        &add("rules = [\"Query In Loop\"]"),
        "22: the id of a rule is `Query In Loop`; only lower-case letters, digits and single hyphens fit",
        "rename",
    );
}

#[test]
fn characters_that_deceive_the_eye_are_refused_raw_and_escaped() {
    assert_one(
        &with("Who wins?", "Who \u{202e}wins?"),
        "16: the character U+202E is invisible or changes the order of reading",
        "delete",
    );
    assert_one(
        &with("Who wins?", "Who \\u202Ewins?"),
        "16: `ask` of item `lost-update` hides the character U+202E behind an escape",
        "escape",
    );
    assert_one(
        &with("Who wins?", "Who \\u001b[2Jwins?"),
        "16: `ask` of item `lost-update` hides the character U+001B behind an escape",
        "escape",
    );
    assert_one(
        &with("One question", "One\u{200b} question"),
        "6: the character U+200B is invisible or changes the order of reading",
        "delete",
    );
    assert_one(
        &with("# The least", "# The\u{2066} least"),
        "1: the character U+2066 is invisible or changes the order of reading",
        "delete",
    );
    assert!(
        found(&format!("\u{feff}{SMALLEST}")).is_empty(),
        "a byte order mark may open the file"
    );
    assert!(
        found(&with("One question", "یک پرسش می\u{200c}پرسد")).is_empty(),
        "joiners belong to scripts"
    );
}

#[test]
fn hostile_keys_and_values_reach_no_message_unescaped() {
    let source = with("\n[[category]]", "\"evil\\u001b[31m\" = 1\n\n[[category]]");
    let source = source.replacen("\"major\"", "\"ma\\u202ejor\"", 1);
    let text = show::lint_text("a\u{1b}[2J.toml", &lint(&source));
    assert!(text.contains("a␛[2J.toml:7:1: "), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

#[test]
fn a_newer_format_is_the_only_thing_said_about_a_file() {
    let source = MANY.replacen("format = 1", "format = 2", 1);
    assert_one(
        &source,
        "1: the file has format 2; this program knows format 1",
        "newer countersign",
    );
    assert_one(
        &with("format = 1", "format = 0"),
        "2: the file has format 0; this program knows format 1",
        "`format = 1`",
    );
}

#[test]
fn a_line_of_ten_thousand_mistakes_gives_each_its_column() {
    let line = format!("severity = \"major\"\ncwe = [{}]", "0,".repeat(10_000));
    let mistakes = lint(&with("severity = \"major\"", &line));
    let columns: Vec<usize> = mistakes.iter().map(|mistake| mistake.column).collect();
    let expected: Vec<usize> = (0..10_000).map(|index| 8 + 2 * index).collect();
    assert_eq!(columns, expected);
}

#[test]
fn broken_toml_is_reported_once_per_line() {
    let headers = "[[item]\n".repeat(2_000);
    let lines: Vec<usize> = lint(&headers).iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, (1..=2_000).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn any_text_is_answered_without_a_panic(text in any::<String>()) {
        for mistake in lint(&text) {
            prop_assert!(mistake.line >= 1 && mistake.column >= 1);
        }
    }

    #[test]
    fn any_damage_to_a_good_file_is_answered_at_lines_it_has(at in 0..TWO.len(), cut in 0usize..80, put in "[\\[\\]\"'=\\\\#{}a-z0-9 \n\u{202e}ä]{0,6}") {
        let start = TWO.floor_char_boundary(at);
        let end = TWO.floor_char_boundary((at + cut).min(TWO.len())).max(start);
        let damaged = format!("{}{put}{}", &TWO[..start], &TWO[end..]);
        let lines = damaged.lines().count() + 1;
        for mistake in lint(&damaged) {
            prop_assert!((1..=lines).contains(&mistake.line));
            prop_assert!(!mistake.message.is_empty() && !mistake.remedy.is_empty());
        }
        prop_assert_eq!(parse(&damaged, "damaged.toml").is_ok(), lint(&damaged).is_empty());
    }
}
