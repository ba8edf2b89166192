//! To where a name is defined: in the change, in a file beside it, and the way back.

use super::fixture::{Change, numbered};
use super::stage::Stage;
use crate::tui::effect::Effect;
use crate::tui::state::Overlay;

/// A changed file that calls a function of another changed file, and two of a file beside the change.
fn calls(columns: u16, rows: u16) -> Stage {
    let change = Change::named("t")
        .file(
            "a.py",
            None,
            Some(b"import b\n\nb.total(order)\nprice(order)\nrate()\n"),
        )
        .file(
            "b.py",
            None,
            Some(b"x = 1\n\ndef total(order):\n    return 1\n"),
        );
    let mut stage = Stage::of(change, columns, rows);
    let filler = numbered(60, &[]);
    let shop =
        format!("{filler}def price(order):\n    return rate()\n\n\ndef rate():\n    return 2\n");
    stage.beside = vec![
        ("lib/shop.py".into(), shop),
        (
            "lib/tax.py".into(),
            "def rate():\n    return 3\n".to_owned(),
        ),
    ];
    stage
}

#[test]
fn a_name_leads_into_a_file_beside_the_change_and_back() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40)] {
        let mut stage = calls(columns, rows);
        stage.keys("4G");
        assert_eq!(stage.at(), "+4");
        stage.keys("gd");
        assert_eq!(
            (stage.path(), stage.at()),
            ("lib/shop.py".to_owned(), " 61".to_owned())
        );
        assert!(stage.title().contains("BESIDE"), "{}", stage.screen());
        assert!(stage.has("line 61/66"), "{}", stage.screen());
        assert!(stage.has("def price(order):"), "{}", stage.screen());
        let first = stage
            .state
            .code
            .colours
            .spans
            .get(&(crate::model::Side::New, 61));
        assert!(
            first.is_some_and(|spans| !spans.is_empty()),
            "it has colours"
        );
        stage.keys("<C-o>");
        assert_eq!(
            (stage.path(), stage.at()),
            ("a.py".to_owned(), "+4".to_owned())
        );
        assert!(!stage.title().contains("BESIDE"), "{}", stage.title());
    }
}

#[test]
fn several_definitions_are_listed_and_each_file_leads_back_to_the_one_before() {
    let mut stage = calls(120, 40);
    stage.keys("4Ggdjgd");
    assert!(
        stage.has("lib/shop.py:65") && stage.has("lib/tax.py:1"),
        "{}",
        stage.screen()
    );
    stage.keys("<down><enter>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("lib/tax.py".to_owned(), " 1".to_owned())
    );
    stage.keys("<C-o>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("lib/shop.py".to_owned(), " 62".to_owned())
    );
    // Within the same file the way back stays in it.
    stage.keys("gd<enter>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("lib/shop.py".to_owned(), " 65".to_owned())
    );
    stage.keys("<C-o>");
    assert_eq!(stage.at(), " 62");
    stage.keys("<C-o>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("a.py".to_owned(), "+4".to_owned())
    );
}

#[test]
fn nothing_of_a_file_beside_the_change_counts_as_read_or_as_evidence() {
    let mut stage = calls(120, 40);
    stage.keys("4G");
    if stage.waking {
        stage.wake();
    }
    stage.keys("gdjjkM");
    assert!(
        stage.status().contains("not part of the change"),
        "{}",
        stage.status()
    );
    stage.keys("m");
    assert!(stage.status().contains("Not marked"), "{}", stage.status());
    stage.keys("f");
    assert!(stage.state.overlays.is_empty(), "{}", stage.screen());
    stage.keys("gfe");
    assert!(stage.state.overlays.is_empty(), "{}", stage.screen());
    if stage.waking {
        stage.wake();
    }
    assert!(stage.acts.is_empty(), "{:?}", stage.acts);
    let other = |path: &crate::model::RepoPath| path.to_string().starts_with("lib/");
    assert!(!stage.shown.iter().flatten().any(|span| other(&span.path)));
    // The lists name the files of the change.
    stage.keys("gl");
    assert!(stage.has("b.py"), "{}", stage.screen());
    stage.keys("<down><enter>");
    assert_eq!(stage.path(), "b.py");
    assert!(stage.state.lens().is_none());
}

#[test]
fn an_answer_takes_nothing_away_from_a_reader_who_has_gone_on() {
    let mut stage = calls(120, 40);
    stage.keys("4G").hold().keys("gd");
    assert!(
        stage
            .status()
            .contains("Looking for definitions…; esc gives up"),
        "{}",
        stage.status()
    );
    stage.keys("kk").answer_all();
    assert_eq!(
        (stage.path(), stage.at()),
        ("a.py".to_owned(), "+2".to_owned())
    );
    assert_eq!(stage.status(), " Defined in lib/shop.py:61.");
    stage.keys("4G").hold().keys("gd:").answer_all();
    assert!(matches!(
        stage.state.overlays.last(),
        Some(Overlay::Picker(_))
    ));
    assert!(stage.state.lens().is_none());
}

#[test]
fn a_question_that_is_given_up_goes_nowhere() {
    let mut stage = calls(120, 40);
    stage.keys("4G").hold().keys("gd<esc>");
    assert_eq!(stage.status(), " Looking for definitions: given up.");
    let told = stage.take_effects();
    assert!(
        told.iter()
            .any(|effect| matches!(effect, Effect::GiveUp(_)))
    );
    stage.answer_all();
    assert_eq!(
        (stage.path(), stage.at()),
        ("a.py".to_owned(), "+4".to_owned())
    );
}
