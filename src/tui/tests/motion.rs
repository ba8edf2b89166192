//! Getting about: in the code, between files, hunks and items.

use super::fixture::{Change, numbered};
use super::stage::Stage;
use crate::model::Side;
use crate::workbench::Place;

/// On the service, at its first change: rows are gap, heading, 9 to 11, −12, −13, +12, +13, 14 to 16, gap, heading, …
fn service(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::new(columns, rows);
    stage.keys("]f]f]f");
    assert_eq!(stage.at(), "−12");
    stage
}

fn after(keys: &str) -> String {
    service(120, 40).keys(keys).at()
}

#[test]
fn lines_go_by_with_and_without_counts_and_stop_at_both_ends() {
    assert_eq!(after("j"), "−13");
    assert_eq!(after("2j"), "+12");
    assert_eq!(after("<down><down><up>"), "−13");
    assert_eq!(after("3k"), " 9");
    assert_eq!(after("999k"), "gap 8");
    assert_eq!(after("9999999j"), "gap 12");
    assert_eq!(
        after("10j"),
        " 43",
        "ten rows down, over a gap and a heading"
    );
    assert_eq!(after("gg"), "gap 8");
    assert_eq!(after("G"), "gap 12");
    assert_eq!(after("10gg"), after("10G"));
    assert_eq!(after("10gg"), " 10");
    assert_eq!(after("<end><home>"), "gap 8");
}

#[test]
fn a_count_before_g_goes_to_that_line_of_the_file_or_the_nearest_shown_above() {
    assert_eq!(after("12G"), "+12");
    assert_eq!(after("46G"), " 46");
    assert_eq!(after("30G"), " 16");
    assert_eq!(after("1G"), "gap 8");
    assert_eq!(after("9999999G"), " 48");
    assert_eq!(after("zc30G"), " 26");
    assert_eq!(after("zczc30G"), " 30");
}

#[test]
fn half_and_whole_screens_go_by() {
    let file = numbered(400, &[]);
    let change = Change::named("t").file("a.py", None, Some(file.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    let height = u32::from(stage.state.areas().unwrap().code.height);
    let cursor = |stage: &Stage| stage.state.code.cursor;
    let start = cursor(&stage);
    stage.keys("<C-d>");
    assert_eq!(cursor(&stage), start + height / 2);
    stage.keys("<C-f>");
    assert_eq!(cursor(&stage), start + height / 2 + height - 2);
    stage.keys("<C-b><C-u>");
    assert_eq!(cursor(&stage), start);
    stage.keys("3<C-d>");
    assert_eq!(cursor(&stage), start + height / 2 * 3);
    stage.keys("9999999<C-d>");
    assert_eq!(stage.at(), "+400");
    stage.keys("9999999<C-u>");
    assert_eq!(cursor(&stage), 0);
    stage.keys("<space>");
    assert_eq!(cursor(&stage), height - 2);
}

#[test]
fn half_a_tall_screen_times_a_large_count_is_no_overflow() {
    let mut stage = Stage::new(60, 65_000);
    stage.keys("]f]f]f9999999<C-d>9999999<C-f>9999999<C-u>9999999<C-b>");
    assert_eq!(stage.at(), "gap 8");
}

#[test]
fn hunks_follow_each_other_on_into_the_next_file_and_back() {
    let mut stage = Stage::new(120, 40);
    let mut steps = Vec::new();
    for key in ["]h", "]h", "]h", "]h", "}", "[h", "[h", "{", "[h", "[h"] {
        stage.keys(key);
        steps.push(format!("{} {}", stage.path(), stage.at()));
    }
    assert_eq!(
        steps,
        [
            "legacy.py −1",
            "src/orders/report.py +1",
            "src/orders/service.py −12",
            "src/orders/service.py −45",
            "src/orders/service.py −45",
            "src/orders/service.py −12",
            "src/orders/report.py +1",
            "legacy.py −1",
            "assets/logo.png message",
            "assets/logo.png message",
        ]
    );
    assert_eq!(stage.status(), " This is the first file of the change.");
}

#[test]
fn going_back_a_hunk_from_within_goes_to_its_own_first_change() {
    assert_eq!(after("]hj[h"), "−45");
    assert_eq!(after("]hj2[h"), "−12");
    assert_eq!(after("gg]h"), "−12");
}

#[test]
fn files_follow_each_other_and_one_comes_back_to_where_one_was() {
    let mut stage = service(120, 40);
    stage.keys("7j");
    let left = (stage.at(), stage.state.code.top);
    stage.keys("[f");
    assert_eq!(stage.path(), "src/orders/report.py");
    stage.keys("]f");
    assert_eq!((stage.at(), stage.state.code.top), left);
    stage.keys("]f");
    assert_eq!(stage.status(), " This is the last file of the change.");
    stage.keys("3[f");
    assert_eq!(stage.path(), "assets/logo.png");
    stage.keys("[f");
    assert_eq!(stage.status(), " This is the first file of the change.");
}

#[test]
fn unread_hunks_are_visited_round_the_whole_change() {
    let mut stage = Stage::new(120, 40);
    stage.keys("m");
    assert_eq!(stage.path(), "legacy.py");
    stage.keys("]u]u]u]u");
    assert_eq!(
        (stage.path(), stage.at()),
        ("legacy.py".to_owned(), "−1".to_owned())
    );
    stage.keys("[u");
    assert_eq!(stage.at(), "−45");
    stage.keys("[u");
    assert_eq!(stage.at(), "−12");
}

#[test]
fn the_only_unread_hunk_is_said_to_be_the_only_one() {
    let mut stage = Stage::new(120, 40);
    stage.keys("mmmm]u");
    assert_eq!(stage.at(), "−45");
    assert_eq!(stage.status(), " This is the only hunk left to read.");
    stage.keys("[u");
    assert_eq!(stage.status(), " This is the only hunk left to read.");
    stage.keys("m]u");
    assert_eq!(
        stage.status(),
        " Every hunk known so far is marked as read."
    );
}

#[test]
fn items_follow_each_other_and_undecided_ones_are_found_round_the_list() {
    let mut stage = Stage::new(120, 40);
    stage.keys("J");
    assert_eq!(stage.item(), "check-then-act");
    stage.keys("2]i");
    assert_eq!(stage.item(), "missing-transaction");
    stage.keys("K[i");
    assert_eq!(stage.item(), "check-then-act");
    stage.keys("99K");
    assert_eq!(stage.item(), "lost-update");
    stage.keys("99J");
    assert_eq!(stage.item(), "hollow-tests");
    stage.keys(".");
    assert_eq!(stage.item(), "lost-update");
    stage.keys("Jaok<enter>K.");
    assert_eq!(
        stage.item(),
        "shared-state",
        "the decided one is passed over"
    );
}

#[test]
fn when_everything_is_decided_the_way_to_the_signature_is_named() {
    let mut stage = Stage::new(120, 40);
    for _ in 0..22 {
        stage.keys("aok<enter>.");
    }
    assert_eq!(
        stage.status(),
        " Every item is decided; S leads to the sign-off."
    );
    assert!(stage.title().contains("items 22/22"));
    assert!(stage.has("all decided"));
}

#[test]
fn the_list_takes_the_same_keys_while_it_has_them() {
    let mut stage = Stage::new(120, 40);
    stage.keys("<tab>3j");
    assert_eq!(stage.item(), "missing-transaction");
    stage.keys("G");
    assert_eq!(stage.item(), "hollow-tests");
    stage.keys("ggk");
    assert_eq!(stage.item(), "lost-update");
    stage.keys("5gg");
    assert_eq!(stage.item(), "missing-constraint");
    assert_eq!(stage.at(), "message", "the code stays where it is");
}

#[test]
fn what_is_removed_is_pointed_at_on_the_old_side_and_everything_else_on_the_new() {
    let place = |side, start, end| {
        Some(Place {
            path: "src/orders/service.py".into(),
            side,
            start,
            end,
        })
    };
    let selected = |keys: &str| service(120, 40).keys(keys).state.selected_place();
    assert_eq!(selected(""), place(Side::Old, 12, 12));
    assert_eq!(selected("vj"), place(Side::Old, 12, 13));
    assert_eq!(selected("jvj"), place(Side::New, 12, 12));
    assert_eq!(selected("v3j"), place(Side::New, 12, 13));
    assert_eq!(selected("kvjj"), place(Side::New, 11, 11));
    assert_eq!(selected("2jvj"), place(Side::New, 12, 13));
    assert_eq!(selected("6jvkk"), place(Side::New, 14, 16));
    assert_eq!(selected("gg"), None, "a gap has no lines");
    assert_eq!(selected("gg2Vj"), None);
}

#[test]
fn a_selection_ends_with_its_key_with_escape_and_with_the_file() {
    let mut stage = service(120, 40);
    stage.keys("vjv");
    assert_eq!(stage.state.code.selection, None);
    stage.keys("vj12<esc>");
    assert!(stage.state.code.selection.is_some(), "the count goes first");
    stage.keys("<esc>");
    assert_eq!(stage.state.code.selection, None);
    stage.keys("v[f");
    assert_eq!(stage.state.code.selection, None);
}

#[test]
fn a_finished_selection_is_sent_to_the_clipboard_with_its_place() {
    let mut stage = service(120, 40);
    stage.keys("2jvjy");
    let copied = stage.effects.iter().find_map(|effect| match effect {
        crate::tui::effect::Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(
        copied.as_deref(),
        Some(
            "src/orders/service.py:12-13\n    for order in orders:\n        order.items = items_of(order.id)\n"
        )
    );
    assert_eq!(stage.status(), " Sent 2 lines to the terminal's clipboard.");
}

#[test]
fn focus_goes_round_the_panes_both_ways() {
    use crate::tui::layout::Focus::{Checklist, Code, Item};
    let mut stage = Stage::new(120, 40);
    let mut seen = Vec::new();
    for key in ["<tab>", "<tab>", "<tab>", "<s-tab>", "<s-tab>", "<s-tab>"] {
        stage.keys(key);
        seen.push(stage.state.focus);
    }
    assert_eq!(seen, [Checklist, Item, Code, Item, Checklist, Code]);
}

#[test]
fn going_to_code_brings_it_into_sight_where_the_checklist_stands_in_its_place() {
    for keys in ["]h", "]f", "]u", "m", "/order<enter>"] {
        let mut stage = Stage::new(80, 24);
        stage.keys("<tab>");
        assert!(stage.state.areas().unwrap().code_heading.is_empty());
        stage.keys(keys);
        assert!(
            !stage.state.areas().unwrap().code_heading.is_empty(),
            "{keys}\n{}",
            stage.screen()
        );
    }
    let mut wide = Stage::new(120, 40);
    wide.keys("<tab>]h");
    assert_eq!(wide.state.focus, crate::tui::layout::Focus::Checklist);
}
