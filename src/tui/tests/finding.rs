//! Search, finder, palette, help.

use std::collections::BTreeMap;

use super::fixture::{Change, numbered};
use super::stage::Stage;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::message::Msg;
use crate::tui::symbols::SymbolNews;
use ratatui::style::Modifier;

fn service() -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fgg");
    stage
}

#[test]
fn typing_a_search_goes_to_the_first_match_from_where_it_began() {
    let mut stage = service();
    stage.keys("/order");
    assert_eq!(stage.at(), "+12");
    assert_eq!(stage.status(), " /order");
    stage.keys(".items");
    assert_eq!(stage.at(), "+13");
    stage.keys("<bs><bs><bs><bs><bs><bs>");
    assert_eq!(stage.at(), "+12");
    stage.keys("<C-u>");
    assert_eq!(
        stage.at(),
        "gap 8",
        "nothing is looked for: back to the origin"
    );
}

#[test]
fn n_goes_on_in_this_file_then_round_the_others() {
    let mut stage = service();
    stage.keys("/order<enter>");
    let mut seen = vec![format!("{} {}", stage.path(), stage.at())];
    for key in ["n", "n", "n", "n", "N"] {
        stage.keys(key);
        seen.push(format!("{} {}", stage.path(), stage.at()));
    }
    assert_eq!(
        seen,
        [
            "src/orders/service.py +12",
            "src/orders/service.py +13",
            "src/orders/report.py +4",
            "src/orders/report.py +6",
            "src/orders/report.py +7",
            "src/orders/report.py +6",
        ]
    );
    stage.keys("NN");
    assert_eq!(stage.path(), "src/orders/service.py");
    assert_eq!(
        stage.at(),
        "+13",
        "backwards one enters a file at its last match"
    );
}

#[test]
fn a_search_that_has_one_file_goes_round_in_it_and_says_so() {
    let mut stage = service();
    stage.keys("/float<enter>");
    assert_eq!(stage.at(), "+45");
    stage.keys("n");
    assert_eq!(stage.at(), "+45");
    assert_eq!(
        stage.status(),
        " Round the change: no match in any other file."
    );
    stage.keys("/nowhere at all<enter>");
    assert_eq!(
        stage.status(),
        " “nowhere at all” is nowhere in the change."
    );
    assert_eq!(stage.at(), "+45");
}

#[test]
fn an_answer_to_a_search_that_was_given_up_is_dropped() {
    let mut stage = service();
    stage.hold();
    stage.keys("/csv<enter>");
    assert_eq!(stage.status(), " Searching the other files…; esc gives up");
    stage.keys("<esc>").answer();
    assert_eq!(stage.path(), "src/orders/service.py");
}

#[test]
fn escape_gives_a_search_up_and_returns_to_where_it_began() {
    let mut stage = service();
    stage.keys("2j");
    let origin = (stage.at(), stage.state.code.top);
    stage.keys("/float");
    assert_eq!(stage.at(), "+45");
    stage.keys("<esc>");
    assert_eq!((stage.at(), stage.state.code.top), origin);
    assert_eq!(stage.state.search, None);
    stage.keys("n");
    assert_eq!(stage.status(), " Hints are not looked for yet.");
}

#[test]
fn small_letters_find_any_case_and_capitals_only_themselves() {
    let change = Change::named("t").file("a.txt", Some(b""), Some(b"alpha\nALPHA\nAlpha\n"));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("gg/alpha<enter>nn");
    assert_eq!(stage.at(), "+3");
    stage.keys("gg/Alpha<enter>");
    assert_eq!(stage.at(), "+3");
}

#[test]
fn matches_stand_out() {
    let mut stage = service();
    stage.keys("/price<enter>");
    let theme = &stage.state.look.theme;
    let matched = theme.style(crate::tui::theme::Role::Match);
    assert_eq!(stage.style("price").fg, matched.fg);
    assert_ne!(stage.style("total").fg, matched.fg);
}

#[test]
fn what_is_typed_stays_in_sight_however_long_it_is() {
    let mut stage = Stage::new(60, 15);
    stage
        .keys("/")
        .send(Msg::Paste(format!("{}end", "x".repeat(200))));
    assert!(stage.status().ends_with("xxend"), "{}", stage.status());
    stage
        .keys("<esc><C-p>")
        .send(Msg::Paste(format!("{}end", "x".repeat(200))));
    assert!(stage.row_with("> ").contains("xxend"), "{}", stage.screen());
}

#[test]
fn the_finder_goes_to_a_file() {
    let mut stage = Stage::new(120, 40);
    stage.keys("<C-p>");
    assert!(
        stage.has("┌ Go to a file, an item, a symbol, a finding, an action ─"),
        "{}",
        stage.screen()
    );
    assert!(stage.has("│▸ M assets/logo.png  "), "{}", stage.screen());
    stage.keys("ordserv");
    let row = stage.row_with("│▸ M");
    assert!(
        row.contains("src/orders/service.py") && row.contains("+3 −3  read 0/2"),
        "{row}"
    );
    stage.keys("<enter>");
    assert_eq!(stage.path(), "src/orders/service.py");
    assert!(stage.state.overlays.is_empty());
}

#[test]
fn the_finder_says_that_it_does_not_know_every_symbol() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let mut stage = Stage::new(columns, rows);
        stage.keys("<C-p>");
        assert!(!stage.has("symbols only"), "{}", stage.screen());
        let news = |cut| SymbolNews {
            rows: Vec::new(),
            done: 2,
            finished: true,
            cut,
        };
        stage.send(Msg::Symbols(news(true))).keys("ser");
        assert!(
            stage
                .row_with("> ser")
                .contains("first 100,000 symbols only"),
            "{}",
            stage.screen()
        );
        // Other lists know nothing of symbols.
        stage.keys("<esc>:");
        assert!(!stage.has("symbols only"), "{}", stage.screen());
    }
}

#[test]
fn the_finder_goes_to_an_item_and_leaves_the_code_alone() {
    let mut stage = service();
    let at = stage.at();
    stage.keys("<C-p>nplusone<enter>");
    assert_eq!(stage.item(), "n-plus-one");
    assert_eq!(
        (stage.path(), stage.at()),
        ("src/orders/service.py".to_owned(), at)
    );
}

#[test]
fn choosing_the_file_one_is_in_stays_where_one_is() {
    let mut stage = service();
    stage.keys("G[f]f4k");
    let at = stage.at();
    stage.keys("<C-p>ordserv<enter>");
    assert_eq!(stage.at(), at);
}

#[test]
fn a_finder_without_a_match_chooses_nothing_and_escape_leaves_it() {
    let mut stage = Stage::new(120, 40);
    stage.keys("<C-p>qqqqzzzz<enter>");
    assert_eq!(stage.state.overlays.len(), 1);
    // Four files, 22 items, one function.
    let rows = 27 + Action::ALL.len();
    assert!(stage.has(&format!("0/{rows}")), "{}", stage.screen());
    stage.keys("<esc>");
    assert!(stage.state.overlays.is_empty());
}

#[test]
fn the_palette_lists_every_action_and_runs_one() {
    let mut stage = Stage::new(120, 40);
    stage.keys(":");
    assert!(
        stage.has(&format!("{0}/{0}", Action::ALL.len())),
        "{}",
        stage.screen()
    );
    stage.keys("next-file");
    assert!(stage.row_with("│▸").contains("]f"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(stage.path(), "legacy.py");
    stage.keys(":quit<enter>");
    assert!(stage.quit);
}

#[test]
fn the_help_lists_every_action_with_its_keys() {
    let mut stage = Stage::new(120, 40);
    let all = help_text(&mut stage);
    for action in Action::ALL {
        assert!(
            all.contains(&format!("({})", action.name())),
            "{} in\n{all}",
            action.name()
        );
        for key in action.default_keys() {
            assert!(all.contains(key), "{key}");
        }
    }
}

#[test]
fn the_help_the_bar_and_the_notices_show_keys_that_were_bound_anew() {
    let mut stage = Stage::new(120, 40);
    let own = BTreeMap::from([
        ("accept".to_owned(), vec!["ctrl-y".to_owned()]),
        ("take-back".to_owned(), vec!["f9".to_owned()]),
        ("help".to_owned(), vec!["f1".to_owned()]),
        ("flag".to_owned(), vec!["f7".to_owned()]),
    ]);
    stage.state.look.keymap = Keymap::new(&own).0;
    assert!(
        stage.row(39).starts_with(" ctrl-y accept  f7 flag"),
        "{}",
        stage.row(39)
    );
    stage.keys("u");
    assert_eq!(stage.status(), " u is not bound; f1 lists the keys.");
    stage.keys("<C-y>fine<enter><C-y>");
    assert_eq!(
        stage.status(),
        " You decided this item already (accepted); f9 takes that back first."
    );
    stage.keys("v");
    assert!(stage.status().contains("f7 flags"), "{}", stage.status());
    stage.keys("<esc>:help<enter>");
    let mut all = stage.screen();
    for _ in 0..8 {
        stage.keys("<space>");
        all.push_str(&stage.screen());
    }
    assert!(
        all.contains("ctrl-y                  accept the item"),
        "{all}"
    );
    assert!(
        !all.contains("  a                       accept the item"),
        "{all}"
    );
}

#[test]
fn the_help_scrolls_to_its_end_and_back_without_idle_keys() {
    for (columns, rows) in [(120, 40), (80, 24), (60, 15)] {
        let mut stage = Stage::new(columns, rows);
        stage.keys("?");
        let top = stage.screen();
        stage.keys("Gjjj");
        let end = stage.screen();
        assert!(end.contains("In a form"), "{end}");
        stage.keys("k");
        assert_ne!(stage.screen(), end);
        stage.keys("g");
        assert_eq!(stage.screen(), top);
        stage.keys("<esc>");
        assert!(stage.state.overlays.is_empty());
    }
}

/// Everything the help says, collected while scrolling.
fn help_text(stage: &mut Stage) -> String {
    stage.keys("?");
    let mut all = stage.screen();
    for _ in 0..20 {
        stage.keys("<C-d>");
        all.push_str(&stage.screen());
    }
    all
}

#[test]
fn letters_that_matched_stand_out_and_marks_stay_on_their_letters() {
    let change = Change::named("t").file("cafe\u{301}/menu.py", Some(b"a"), Some(b"b"));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("<C-p>menu");
    assert!(stage.has("cafe\u{301}/menu.py"), "{}", stage.screen());
}

#[test]
fn a_search_over_a_long_file_stops_at_its_end() {
    let text = numbered(3000, &[(2999, "needle")]);
    let change = Change::named("t").file("a.py", None, Some(text.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("/needle<enter>");
    assert_eq!(stage.at(), "+2999");
    assert!(stage.has("needle"));
    assert!(
        stage
            .take_effects()
            .iter()
            .all(|effect| !matches!(effect, Effect::Search(_)))
    );
    assert!(!stage.modifier("step_2998").contains(Modifier::REVERSED));
}

#[test]
fn a_match_far_to_the_right_is_scrolled_to_and_one_in_sight_is_not() {
    let line = format!(
        "{}NEEDLE{}\nNEEDLE\n",
        "abcd ".repeat(1_000),
        "x".repeat(500)
    );
    let change = Change::named("long").file("min.js", None, Some(line.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("/NEEDLE");
    assert_eq!(stage.at(), "+1");
    assert!(
        stage.row_with("+ ").contains("NEEDLExxx"),
        "{}",
        stage.screen()
    );
    stage.keys("<enter>n");
    assert_eq!(stage.at(), "+2");
    assert_eq!(stage.state.code.left, 0);
    stage.keys("N");
    assert!(stage.state.code.left > 4_900, "and back again");
}

#[test]
fn typing_looks_only_so_far_and_enter_looks_through_the_whole_file() {
    let text = numbered(150_000, &[(140_000, "far_away()")]);
    let change = Change::named("huge").file("big.py", None, Some(text.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    let begin = stage.at();
    stage.keys("/far_away");
    assert_eq!(stage.at(), begin);
    stage.keys("<enter>");
    assert_eq!(stage.at(), "+140000");
}
