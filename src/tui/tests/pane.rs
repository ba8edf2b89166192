//! The code pane as the reader wants it: side by side, wrapped, with more context, with what is rarely read folded; the ways
//! through it, and the mouse.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::fixture::{Change, numbered};
use super::stage::Stage;
use crate::tui::effect::Effect;
use crate::tui::message::Msg;
use crate::tui::state::ViewChoice;

fn service() -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]f");
    stage
}

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Msg {
    Msg::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    })
}

#[test]
fn side_by_side_shows_before_left_and_after_right_at_every_size() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40), (240, 67)] {
        let mut stage = Stage::new(columns, rows);
        stage.keys("]f]f]ft");
        let screen = stage.rows();
        let pair = screen
            .iter()
            .find(|row| row.contains('−') && row.contains('+') && row.contains('│'));
        assert!(pair.is_some(), "{columns}x{rows}\n{}", screen.join("\n"));
        stage.keys("zwt");
        assert!(!stage.state.view.split && stage.state.view.wrap);
    }
}

#[test]
fn how_the_code_is_shown_is_remembered() {
    let mut stage = service();
    stage.take_effects();
    stage.keys("t");
    let split = ViewChoice {
        split: true,
        ..ViewChoice::default()
    };
    assert!(stage.take_effects().contains(&Effect::Remember(split)));
}

#[test]
fn side_by_side_folds_the_list_where_there_is_no_room_for_three() {
    let mut stage = service();
    assert!(stage.has("Checklist"));
    stage.keys("t");
    assert!(!stage.has("Checklist"), "{}", stage.screen());
    stage.resize(240, 67);
    assert!(stage.has("Checklist"), "{}", stage.screen());
    stage.keys("zl");
    assert!(!stage.has("Checklist"), "{}", stage.screen());
}

#[test]
fn a_long_line_wraps_beside_the_gutter_and_nothing_of_it_is_lost() {
    let words: Vec<String> = (0..60).map(|word| format!("word{word}")).collect();
    let text = format!("{}\nlast\n", words.join(" "));
    let change = Change::named("t").file("a.txt", None, Some(text.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    assert!(!stage.has("word59"), "{}", stage.screen());
    stage.keys("zw");
    let rows = stage.rows();
    let shown: String = rows
        .iter()
        .skip_while(|row| !row.contains("word0"))
        .take_while(|row| !row.contains("last"))
        .map(|row| row.chars().skip(10).collect::<String>())
        .collect();
    assert_eq!(shown.replace(' ', ""), words.concat(), "{}", stage.screen());
    stage.keys("G");
    assert_eq!(stage.at(), "+2");
}

fn long() -> Stage {
    let old = numbered(300, &[]);
    let new = numbered(300, &[(100, "changed 100"), (200, "changed 200")]);
    let change = Change::named("t").file("long.txt", Some(old.as_bytes()), Some(new.as_bytes()));
    Stage::of(change, 80, 40)
}

#[test]
fn context_grows_above_and_below_the_hunk_by_as_much_as_one_says() {
    let mut stage = long();
    let shown = |stage: &Stage, line| {
        let document = stage.state.code.document.as_ref().unwrap();
        let line = crate::model::LineNo(line);
        document
            .row_of_line(crate::model::Side::New, line)
            .is_some()
    };
    assert!(shown(&stage, 97) && !shown(&stage, 96) && !shown(&stage, 104));
    stage.keys("zk");
    assert!(shown(&stage, 87) && !shown(&stage, 86) && !shown(&stage, 104));
    stage.keys("2zj");
    assert!(shown(&stage, 105) && !shown(&stage, 106));
    assert_eq!(stage.at(), "−100", "the cursor keeps its line");
    stage.keys("za");
    assert!(shown(&stage, 1) && shown(&stage, 300));
    stage.keys("za");
    assert!(!shown(&stage, 1));
}

#[test]
fn enter_opens_the_lines_that_are_not_shown() {
    let mut stage = long();
    stage.keys("gg");
    assert_eq!(stage.at(), "gap 96");
    stage.keys("<enter>");
    assert!(stage.has("step_1()"), "{}", stage.screen());
}

#[test]
fn a_function_is_shown_from_its_first_line_to_its_last_and_named_above_the_code() {
    let body: Vec<String> = (0..40).map(|n| format!("    step({n})")).collect();
    let body = body.join("\n");
    let old = format!("import os\n\n\ndef long(order):\n{body}\n\n\nx = 1\n");
    let new = old.replace("step(20)", "stride(20)");
    let change = Change::named("t").file("a.py", Some(old.as_bytes()), Some(new.as_bytes()));
    let mut stage = Stage::of(change, 120, 40);
    assert!(!stage.has("step(0)"));
    stage.keys("zf");
    let document = stage.state.code.document.as_ref().unwrap();
    let shown = |line| {
        document
            .row_of_line(crate::model::Side::New, crate::model::LineNo(line))
            .is_some()
    };
    assert!((4..=44).all(shown), "{}", stage.screen());
    assert!(!shown(1), "{}", stage.screen());
}

#[test]
fn a_lock_file_is_one_line_that_says_why_until_it_is_opened() {
    let change = Change::named("t").file("Cargo.lock", None, Some(b"[[package]]\nname = \"a\"\n"));
    let mut stage = Stage::of(change, 80, 24);
    assert!(
        stage.has("Lock file, written by a package manager: +2 −0 lines."),
        "{}",
        stage.screen()
    );
    assert!(!stage.has("[[package]]"));
    assert!(
        stage.state.shown.rows.is_empty(),
        "nothing of it counts as displayed"
    );
    stage.keys("<enter>");
    assert!(stage.has("[[package]]"), "{}", stage.screen());
}

#[test]
fn a_jump_leaves_a_way_back_and_marks_are_kept() {
    let mut stage = service();
    let from = (stage.path(), stage.at());
    stage.keys("[f[f<C-o><C-o>");
    assert_eq!((stage.path(), stage.at()), from);
    stage.keys("gma[f'a");
    assert_eq!((stage.path(), stage.at()), from);
    stage.keys("'z");
    assert_eq!(stage.status(), " There is no mark z.");
}

#[test]
fn a_bracket_leads_to_its_match_and_back() {
    let change = Change::named("t").file(
        "a.rs",
        None,
        Some(b"fn a() {\n    if x {\n    }\n}\nfn b() {}\n"),
    );
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("%");
    assert_eq!(stage.at(), "+4");
    stage.keys("%");
    assert_eq!(stage.at(), "+1");
    stage.keys("j%");
    assert_eq!(stage.at(), "+3");
}

#[test]
fn a_bracket_in_a_string_or_a_comment_is_none() {
    let text = b"fn a() { // {\n    b(\"}\");\n    /* } */\n}\n";
    let change = Change::named("t").file("a.rs", None, Some(text));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("%");
    assert_eq!(stage.at(), "+4");
    stage.keys("<C-o>");
    assert_eq!(stage.at(), "+1");
    // Text in no known language is read as it is.
    let change = Change::named("t").file("a.unknown", None, Some(b"x {\n y\n}\n"));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("%");
    assert_eq!(stage.at(), "+3");
}

#[test]
fn the_finder_knows_functions_and_types_of_every_file_of_the_change() {
    let change = || {
        let shop = b"class Basket:\n    def total_of_all(self):\n        return 1\n";
        Change::named("t")
            .file("a.py", None, Some(b"x = 1\n"))
            .file("deep/shop.py", None, Some(shop))
    };
    for (columns, rows) in [(60, 15), (80, 24), (120, 40)] {
        let mut stage = Stage::of(change(), columns, rows);
        stage.hold().keys("<C-p>totalof");
        assert!(!stage.has("total_of_all"), "they come in the background");
        stage.answer_all();
        let row = stage.row_with("│▸");
        assert!(
            row.contains("def total_of_all(self):") && row.contains("deep/shop.py:2"),
            "{row}"
        );
        stage.keys("<enter>");
        assert_eq!(
            (stage.path(), stage.at()),
            ("deep/shop.py".to_owned(), "+2".to_owned())
        );
        stage.take_effects();
        stage.keys("<C-p>basket");
        assert!(stage.row_with("│▸").contains("class Basket:"));
        let again = |effect: &Effect| matches!(effect, Effect::Symbols(_));
        assert!(
            !stage.take_effects().iter().any(again),
            "they are listed once"
        );
    }
}

#[test]
fn a_name_leads_to_its_definition_in_another_file() {
    let change = Change::named("t")
        .file("a.py", None, Some(b"import b\n\nb.total(order)\n"))
        .file(
            "b.py",
            None,
            Some(b"x = 1\n\ndef total(order):\n    return 1\n"),
        );
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("Ggd");
    assert_eq!(
        (stage.path(), stage.at()),
        ("b.py".to_owned(), "+3".to_owned())
    );
    stage.keys("<C-o>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("a.py".to_owned(), "+3".to_owned())
    );
}

#[test]
fn a_search_counts_the_whole_change_and_lists_what_it_found() {
    let mut stage = service();
    stage.keys("/ord.r<enter>");
    let status = stage.status();
    assert!(
        status.contains(" lines in ") && status.contains(" files"),
        "{status}"
    );
    stage.keys("g/");
    assert!(stage.has("┌ Matches ─"), "{}", stage.screen());
    let row = stage.row_with("│▸");
    assert!(row.contains("rder"), "{row}");
    stage.keys("<enter>");
    assert!(stage.state.overlays.is_empty());
}

#[test]
fn a_place_and_a_hunk_are_sent_to_the_clipboard() {
    let mut stage = service();
    stage.take_effects();
    stage.keys("jgy");
    assert!(
        stage.status().contains("Sent src/orders/service.py:"),
        "{}",
        stage.status()
    );
    stage.keys("gh");
    let sent = stage
        .take_effects()
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Copy(text) if text.starts_with("--- a/") => Some(text),
            _ => None,
        });
    let patch = sent.expect("a patch was sent");
    assert!(
        crate::diff::parse_patch(patch.as_bytes())
            .problems
            .is_empty(),
        "{patch}"
    );
}

#[test]
fn the_wheel_scrolls_a_press_goes_to_a_line_and_dragging_selects() {
    let mut stage = long();
    stage.keys("za");
    let top = stage.state.code.top;
    stage.send(mouse(MouseEventKind::ScrollDown, 40, 10));
    assert_eq!(stage.state.code.top, top + 3);
    let pane = stage.state.areas().unwrap().code;
    stage.send(mouse(
        MouseEventKind::Down(MouseButton::Left),
        20,
        pane.y + 5,
    ));
    assert_eq!(stage.state.code.cursor, stage.state.code.top + 5);
    stage.send(mouse(
        MouseEventKind::Drag(MouseButton::Left),
        20,
        pane.y + 8,
    ));
    let (first, last) = stage.state.selected_rows();
    assert_eq!(last - first, 3);
    assert!(stage.state.code.selection.is_some());
}

#[test]
fn a_resize_while_loading_selecting_and_searching_keeps_everything() {
    let mut stage = service();
    stage.loads_held = true;
    stage
        .hold()
        .keys("[f")
        .resize(60, 15)
        .resize(240, 67)
        .answer_all();
    assert!(stage.has("report.py"), "{}", stage.screen());
    stage.keys("vjj").resize(80, 24);
    assert!(stage.state.code.selection.is_some());
    stage.keys("<esc>/pri").resize(120, 40).keys("ce");
    assert!(stage.status().contains("/price"), "{}", stage.status());
}

#[test]
fn a_moved_block_is_marked_on_both_sides_and_says_where_it_went() {
    let block = "    total = price * count\n    check_total(total)\n    return total\n";
    let change = Change::named("t")
        .file(
            "a.txt",
            Some(format!("one\n{block}").as_bytes()),
            Some(b"one\n"),
        )
        .file("b.txt", None, Some(block.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    assert!(stage.has("«     total = price"), "{}", stage.screen());
    assert_eq!(stage.status(), " Moved to b.txt:1");
    stage.keys("]f");
    assert!(stage.has("»     total = price"), "{}", stage.screen());
    assert_eq!(stage.status(), " Moved from a.txt:2");
}

#[test]
fn hunks_of_blanks_fold_to_their_headings() {
    let change = Change::named("t").file("a.txt", Some(b"if x:\n  y\n"), Some(b"if x:\n    y\n"));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("zs");
    assert!(stage.has("only blanks, folded"), "{}", stage.screen());
    assert!(!stage.has("if x:"), "{}", stage.screen());
    stage.keys("zs");
    assert!(stage.has("if x:"), "{}", stage.screen());
}

#[test]
fn a_column_far_to_the_right_of_a_long_line_is_drawn_like_one_at_its_start() {
    let text: String = (0..40_000)
        .map(|n| char::from(b'a' + (n % 26) as u8))
        .collect();
    let change = Change::named("t").file("a.txt", None, Some(format!("{text}\n").as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("1000l");
    let row = stage.row_with("▸+");
    assert!(row.contains(&text[8_001..8_040]), "{row}");
    let wide = format!("漢{text}\n");
    let change = Change::named("t").file("a.txt", None, Some(wide.as_bytes()));
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("1000l");
    assert!(
        stage.row_with("▸+").contains(&text[8_000..8_038]),
        "{}",
        stage.screen()
    );
}

#[test]
fn rows_in_which_a_wrapped_line_goes_on_are_marked_and_so_is_a_line_that_is_cut() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40), (240, 67)] {
        for split in ["", "t"] {
            let long = format!("begin {}end\n", "word ".repeat(120));
            let change = Change::named("t").file("a.txt", Some(b"x\n"), Some(long.as_bytes()));
            let mut stage = Stage::of(change, columns, rows);
            stage.keys(split);
            let cut = stage.row_with("begin word");
            assert!(cut.ends_with('›'), "{columns}x{rows}\n{}", stage.screen());
            stage.keys("l");
            assert!(stage.has("‹"), "{}", stage.screen());
            stage.keys("0zw");
            let screen = stage.rows();
            let first = screen.iter().position(|row| row.contains("begin word"));
            let (first, next) = (&screen[first.unwrap()], &screen[first.unwrap() + 1]);
            assert!(
                !first.contains('›') && next.contains('›') && !next.contains('+'),
                "{}",
                screen.join("\n")
            );
        }
    }
}

#[test]
fn a_press_chooses_an_item_focuses_a_pane_and_opens_what_is_folded() {
    let down = MouseEventKind::Down(MouseButton::Left);
    let mut stage = service();
    let row = |stage: &Stage, text: &str| {
        stage
            .rows()
            .iter()
            .position(|row| row.contains(text))
            .unwrap() as u16
    };
    let at = row(&stage, "Unbounded read");
    stage.send(mouse(down, 6, at));
    assert_eq!(stage.item(), "unbounded-read");
    assert_eq!(stage.state.focus, crate::tui::layout::Focus::Checklist);
    let areas = stage.state.areas().unwrap();
    stage.send(mouse(down, 60, areas.item.y + 1));
    assert_eq!(stage.state.focus, crate::tui::layout::Focus::Item);
    let gap = row(&stage, "⋯ 25 unchanged");
    stage.send(mouse(down, 60, gap));
    assert_eq!(stage.state.focus, crate::tui::layout::Focus::Code);
    stage.send(mouse(down, 60, gap));
    assert!(!stage.has("⋯ 25 unchanged"), "{}", stage.screen());
    stage.resize(80, 24);
    let folded = stage.state.areas().unwrap().checklist;
    stage.send(mouse(down, 6, folded.y));
    assert!(stage.has("Checklist"), "{}", stage.screen());
}

#[test]
fn the_wheel_moves_the_pane_under_it() {
    let mut stage = service();
    let areas = stage.state.areas().unwrap();
    let (cursor, item) = (stage.state.code.cursor, stage.state.item);
    stage.send(mouse(MouseEventKind::ScrollDown, 60, areas.item.y + 2));
    assert_eq!(stage.state.item_scroll, 3);
    stage.send(mouse(MouseEventKind::ScrollDown, 3, areas.checklist.y + 5));
    assert_eq!(stage.state.item, item + 1);
    assert_eq!(stage.state.code.cursor, cursor);
    stage.keys("?");
    stage.send(mouse(MouseEventKind::ScrollUp, 60, 10));
    assert!(stage.has("Moving"), "{}", stage.screen());
    stage.send(mouse(down_left(), 0, 10));
    assert!(
        stage.state.overlays.is_empty(),
        "a press beside it closes it"
    );
}

fn down_left() -> MouseEventKind {
    MouseEventKind::Down(MouseButton::Left)
}

#[test]
fn a_press_in_a_list_chooses_the_row() {
    let mut stage = service();
    stage.keys("<C-p>report");
    let row = stage
        .rows()
        .iter()
        .position(|row| row.contains("src/orders/report.py"));
    stage.send(mouse(down_left(), 60, row.unwrap() as u16));
    assert_eq!(stage.path(), "src/orders/report.py");
    assert!(stage.state.overlays.is_empty());
}

#[test]
fn only_lines_with_something_to_the_left_are_marked_as_scrolled() {
    let change = Change::named("t").file(
        "a.txt",
        None,
        Some(b"a long line of words\n\n          far\n"),
    );
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("l");
    assert!(
        stage.row_with("ne of words").contains('‹'),
        "{}",
        stage.screen()
    );
    assert!(!stage.row_with("far").contains('‹'), "{}", stage.screen());
    assert_eq!(
        stage.rows().iter().filter(|row| row.contains('‹')).count(),
        1
    );
}

#[test]
fn the_row_of_the_cursor_has_one_ground_from_edge_to_edge() {
    for keys in ["]f]f]f]h2j", "]f]f]f]h2jt"] {
        let mut stage = Stage::new(120, 40);
        stage.keys(keys);
        assert!(stage.at().starts_with(' '), "on context: {}", stage.at());
        let (buffer, _) = stage.draw();
        let pane = stage.state.areas().unwrap().code;
        let columns = pane.left()..pane.right();
        let y = (pane.top()..pane.bottom())
            .find(|y| columns.clone().any(|x| buffer[(x, *y)].symbol() == "▸"))
            .unwrap();
        let ground = stage
            .state
            .look
            .theme
            .style(crate::tui::theme::Role::Cursor)
            .bg;
        let other: Vec<u16> = columns
            .filter(|x| Some(buffer[(*x, y)].bg) != ground && buffer[(*x, y)].symbol() != "│")
            .collect();
        assert!(other.is_empty(), "{other:?}\n{}", stage.screen());
    }
}
