//! Without colours, signs, words and modifiers say the same.

use std::collections::BTreeSet;

use ratatui::style::Color;

use super::stage::Stage;
use crate::tui::theme::{ColorDepth, Theme};

/// The service on a terminal without colours.
fn stage(theme: &str) -> Stage {
    let mut stage = Stage::new(120, 40);
    let theme = Theme::builtin(theme).expect("a theme that comes with the program");
    stage.state.look.theme = theme.resolve(ColorDepth::None);
    stage.keys("]f]f]f");
    stage
}

fn each(check: impl Fn(&mut Stage)) {
    for name in Theme::names() {
        check(&mut stage(name));
    }
}

#[test]
fn no_cell_has_a_colour() {
    each(|stage| {
        for keys in [
            "",
            "vj",
            "/order<enter>",
            "?",
            "<esc><C-p>",
            "<esc>a",
            "<esc>f",
            "<esc>S",
        ] {
            stage.keys(keys);
            let (buffer, _) = stage.draw();
            for cell in &buffer.content {
                assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{keys}");
            }
        }
    });
}

#[test]
fn added_and_removed_lines_differ_by_their_sign() {
    each(|stage| {
        assert!(stage.row_with("step_13()").contains(" − step_13()"));
        assert!(stage.row_with("for order in").contains(" +     for order"));
        assert!(stage.row_with("step_14()").contains("14   step_14()"));
    });
}

#[test]
fn every_outcome_has_a_sign_and_a_word_of_its_own() {
    each(|stage| {
        let mut signs = BTreeSet::new();
        let mut words = BTreeSet::new();
        let decide = [
            "",
            "aok<enter>",
            "xno<enter>",
            "wme<tab>fine<tab>2026-06-01<C-s>",
            "f<C-s>",
        ];
        for (keys, item) in decide.iter().zip([
            "Lost update",
            "Check then act",
            "Shared state",
            "Missing transaction",
            "Missing constraint",
        ]) {
            stage.keys(keys);
            let row = stage.row_with(item);
            let sign = row.trim_start_matches(['▸', ' ']).chars().next().unwrap();
            assert!(
                signs.insert(sign),
                "{sign} stands for two outcomes\n{}",
                stage.screen()
            );
            let heading = stage.row_with("/22 ─");
            let words_there = heading
                .rsplit('─')
                .nth(1)
                .unwrap()
                .split('·')
                .next()
                .unwrap()
                .trim()
                .to_owned();
            assert!(words.insert(words_there), "{words:?}");
            stage.keys("J");
        }
    });
}

#[test]
fn saved_saving_and_not_saved_are_words() {
    each(|stage| {
        assert!(stage.title().ends_with("  saved"));
        stage.hold();
        stage.keys("m");
        assert!(stage.title().ends_with("  saving…"), "{}", stage.title());
        stage.ledger.full = Some("no space left on the device.".to_owned());
        stage.answer_all();
        assert!(stage.title().ends_with("  NOT SAVED"), "{}", stage.title());
        assert!(stage.status().starts_with(" Not saved: "));
    });
}

#[test]
fn the_cursor_and_selected_lines_have_signs_of_their_own() {
    each(|stage| {
        assert!(stage.row_with("step_12()").contains("▸− step_12()"));
        stage.keys("vjj");
        assert!(stage.row_with("step_12()").contains("┃− step_12()"));
        assert!(stage.row_with("step_13()").contains("┃− step_13()"));
        assert!(stage.row_with("for order in").contains("▸+     for order"));
        assert!(
            stage
                .row_with("order.items")
                .contains(" +         order.items")
        );
    });
}

#[test]
fn the_pane_that_has_the_keys_and_the_chosen_row_are_told_without_colour() {
    each(|stage| {
        for heading in ["src/orders/service.py", "Checklist", "Read-modify-write"] {
            assert!(stage.has(&format!("━{heading}")), "{}", stage.screen());
            let heavy = stage.rows().iter().filter(|row| row.contains('━')).count();
            assert_eq!(heavy, 1, "{}", stage.screen());
            stage.keys("<tab>");
        }
        assert!(stage.row_with("Lost update").contains("▸· Lost update"));
        stage.keys("<C-p>");
        assert!(stage.has("│▸ M assets/logo.png"));
    });
}

#[test]
fn a_match_stands_out_by_a_modifier() {
    each(|stage| {
        stage.keys("/price<enter>k");
        assert_ne!(
            stage.modifier("price"),
            stage.modifier("total ="),
            "{}",
            stage.state.look.theme.name
        );
    });
}

#[test]
fn changed_words_stand_out_by_a_modifier() {
    use super::fixture::Change;
    let change = Change::named("t").file(
        "a.txt",
        Some(b"one two three four\n"),
        Some(b"one two seven four\n"),
    );
    let mut stage = Stage::of(change, 120, 40);
    for name in Theme::names() {
        stage.state.look.theme = Theme::builtin(name).unwrap().resolve(ColorDepth::None);
        stage.keys("gg");
        assert_ne!(
            stage.modifier("seven"),
            stage.modifier("one two seven"),
            "{name}"
        );
        assert_ne!(
            stage.modifier("three"),
            stage.modifier("one two three"),
            "{name}"
        );
    }
}

#[test]
fn marks_of_findings_comments_and_reading_are_signs_and_words() {
    each(|stage| {
        stage.keys("2jf<C-s>jcwhy<C-s>m");
        assert!(
            stage.row_with("for order in").contains("+⚑"),
            "{}",
            stage.screen()
        );
        assert!(
            stage.row_with("order.items").contains("+✎"),
            "{}",
            stage.screen()
        );
        assert!(stage.row_with("hunk 1 ·").ends_with("✓ read"));
    });
}
