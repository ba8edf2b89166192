//! Whole screens at the sizes that are promised, and what holds on each of them.

use std::sync::Arc;

use super::fixture::{Change, orders};
use super::ledger::Ledger;
use super::stage::{Stage, list};
use crate::tui::effect::Effect;
use crate::tui::update;

#[test]
fn at_120_by_40_list_code_and_item_stand_side_by_side() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]f");
    assert_eq!(stage.screen(), &"
 countersign  shop-api  main…agent/orders  4 files +10 −5                  D. Levi  items 0/22  flags 0  read 0%  saved
─Checklist───── 22 to decide ─│━src/orders/service.py ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ file 4/4 · hunk 1/2 ━
 Concurrency              0/3 │       ⋯ 8 unchanged lines
▸· Lost update                │ hunk 1 · lines 9–16 · +2 −2  step_8()
 · Check then act             │  9   9   step_9()
 · Shared state               │ 10  10   step_10()
 Data integrity           0/4 │ 11  11   step_11()
 · Missing transaction        │ 12    ▸− step_12()
 · Missing constraint         │ 13     − step_13()
 · Lossy values               │     12 +     for order in orders:
 · Destructive migration      │     13 +         order.items = items_of(order.id)
 Behaviour under load     0/3 │ 14  14   step_14()
 · N plus one                 │ 15  15   step_15()
 · Unbounded read             │ 16  16   step_16()
 · Slow request path          │       ⋯ 25 unchanged lines
 Security                 0/4 │ hunk 2 · lines 42–48 · +1 −1  step_41()
 · Untrusted input            │ 42  42   step_42()
 · Missing authorization      │ 43  43   step_43()
 · Secret exposure            │ 44  44   step_44()
 · Weak session crypto        │ 45     − step_45()
 Cost at scale            0/2 │     45 +     total = float(price) * count
 · Paid call fanout           │ 46  46   step_46()
 · Unbounded growth           │ 47  47   step_47()
 Recovery and failure m…  0/3 │ 48  48   step_48()
 · Missing timeout            │       ⋯ 12 unchanged lines
 · Unsafe retry               │─Read-modify-write without version or lock ───────────────────────── · undecided · 1/22 ─
 · Swallowed error            │ Ask        What does this row hold after two writers at once?
 Operability              0/3 │ Look       · A field computed from its own old value in memory and then saved: `x.count
 · Blind operation            │              += 1; x.save()`
 · Unrepeatable delivery      │            · An UPDATE whose SET value came from an earlier SELECT, with only the
 · Hollow tests               │              primary key in its WHERE
                              │            · A JSON, array or counter column read, changed in memory and written back
                              │              whole
                              │            · An edit form or PUT handler that writes every field and asks for no
                              │              version, ETag or `If-Match`
                              │            · Cache get, change, set: Redis `GET` then `SET` where `INCR`, `HINCRBY` or
                              │              a script does it in one step
                              │            · No `FOR UPDATE`, `UPDLOCK`, `@Version`, `rowversion`, `lock_version` or  ↓

 a accept  f flag  x n/a  w waive  ? help  m mark read  ]h hunk  J item  v select  c comment  ctrl-p find  L findings"[1..]);
}

#[test]
fn at_80_by_24_the_list_folds_to_one_line() {
    let mut stage = Stage::new(80, 24);
    stage.keys("]f]f]f");
    assert_eq!(
        stage.screen(),
        &"
 countersign  main…agent/…  4 files +10 −5  items 0/22  flags 0  read 0%  saved
 · Lost update  Concurrency 0/3                        item 1/22  Tab checklist
━src/orders/service.py ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ file 4/4 · hunk 1/2 ━
       ⋯ 8 unchanged lines
 hunk 1 · lines 9–16 · +2 −2  step_8()
  9   9   step_9()
 10  10   step_10()
 11  11   step_11()
 12    ▸− step_12()
 13     − step_13()
     12 +     for order in orders:
     13 +         order.items = items_of(order.id)
 14  14   step_14()
 15  15   step_15()
 16  16   step_16()
─Read-modify-write without version or lock ──────────────── · undecided · 1/22 ─
 Ask        What does this row hold after two writers at once?
 Look       · A field computed from its own old value in memory and then saved:
              `x.count += 1; x.save()`
            · An UPDATE whose SET value came from an earlier SELECT, with only
              the primary key in its WHERE
            · A JSON, array or counter column read, changed in memory and     ↓

 a accept  f flag  x n/a  w waive  ? help  m mark read  ]h hunk  J item"[1..]
    );
}

#[test]
fn at_60_by_15_everything_is_still_there() {
    let mut stage = Stage::new(60, 15);
    stage.keys("]f]f]f");
    assert_eq!(
        stage.screen(),
        &"
 countersign  main…age… items 0/22  flags 0  read 0%  saved
 · Lost update  Concurrency 0/3    item 1/22  Tab checklist
━src/orders/service.py ━━━━━━━━━━━━━━━ file 4/4 · hunk 1/2 ━
  9   9   step_9()
 10  10   step_10()
 11  11   step_11()
 12    ▸− step_12()
 13     − step_13()
     12 +     for order in orders:
─Read-modify-write without version … ── · undecided · 1/22 ─
 Ask        What does this row hold after two writers at
            once?
 Look       · A field computed from its own old value in  ↓

 a accept  f flag  x n/a  w waive  ? help  m mark read"[1..]
    );
}

#[test]
fn tab_unfolds_the_list_in_place_of_the_code_and_enter_folds_it_again() {
    let mut stage = Stage::new(80, 24);
    let folded = stage.screen();
    stage.keys("<tab>");
    assert_eq!(
        stage.screen(),
        &"
 countersign  main…agent/…  4 files +10 −5  items 0/22  flags 0  read 0%  saved
━Checklist━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 22 to decide ━
 Concurrency                                                                0/3
▸· Lost update
 · Check then act
 · Shared state
 Data integrity                                                             0/4
 · Missing transaction
 · Missing constraint
 · Lossy values
 · Destructive migration
 Behaviour under load                                                       0/3
 · N plus one
 · Unbounded read
─Read-modify-write without version or lock ──────────────── · undecided · 1/22 ─
 Ask        What does this row hold after two writers at once?
 Look       · A field computed from its own old value in memory and then saved:
              `x.count += 1; x.save()`
            · An UPDATE whose SET value came from an earlier SELECT, with only
              the primary key in its WHERE
            · A JSON, array or counter column read, changed in memory and
              written back whole                                              ↓

 a accept  f flag  x n/a  w waive  ? help  tab next pane  . next undecided"[1..]
    );
    stage.keys("<enter>");
    assert_eq!(stage.screen(), folded);
}

#[test]
fn on_a_screen_too_small_one_sentence_says_so_and_keys_still_work() {
    let mut stage = Stage::new(50, 10);
    assert_eq!(
        stage.screen().trim_end(),
        "50x10: too small; countersign needs 60x15."
    );
    stage.keys("]fJv3j").resize(80, 24);
    assert_eq!(stage.path(), "legacy.py");
    assert_eq!(stage.item(), "check-then-act");
    stage.resize(20, 4);
    assert_eq!(
        stage.screen().trim_end(),
        "20x4: too small;\ncountersign needs\n60x15."
    );
}

#[test]
fn a_selection_and_its_keys_are_said_below_the_panes() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fvj");
    assert_eq!(
        stage.status(),
        " 2 lines selected: f flags, c comments, e adds evidence, y copies, v ends"
    );
}

#[test]
fn an_unfinished_command_lists_how_it_can_go_on() {
    let mut stage = Stage::new(120, 40);
    stage.keys("z");
    assert!(
        stage.status().starts_with(
            " z…  a expand-file  c context  f expand-function  h folded-hints  j expand-down"
        ),
        "{}",
        stage.status()
    );
    stage.keys("<esc>12");
    assert_eq!(stage.status(), " 12");
    stage.keys("<esc>Q");
    assert_eq!(stage.status(), " Q is not bound; ? lists the keys.");
}

#[test]
fn counts_of_lines_are_never_cut_in_the_title() {
    for columns in 60..130 {
        let stage = Stage::new(columns, 15);
        let title = stage.title();
        assert!(
            title.contains("4 files +10 −5 ") || !title.contains("+1"),
            "{columns}: {title}"
        );
        assert!(
            title.ends_with("items 0/22  flags 0  read 0%  saved"),
            "{columns}: {title}"
        );
    }
}

#[test]
fn a_long_title_is_cut_with_an_ellipsis_and_leaves_the_rest_alone() {
    let change = || {
        Change::named(&"feature/a-very-long-branch-name".repeat(9)).file(
            "a.py",
            Some(b"a\n"),
            Some(b"b\n"),
        )
    };
    for columns in [60, 80, 120] {
        let title = Stage::of(change(), columns, 24).title();
        assert!(title.contains('…'), "{title}");
        assert!(title.ends_with("saved"), "{title}");
    }
}

#[test]
fn wide_letters_and_emoji_keep_every_column_in_place() {
    let code = "x = \"注文の合計は千円です\"  # 👩‍💻 done\ny = 1\n";
    let change = || {
        Change::named("main…機能/注文").file(
            "src/注文/サービス.py",
            Some(b""),
            Some(code.as_bytes()),
        )
    };
    for (columns, rows) in [(120, 40), (80, 24), (60, 15)] {
        let stage = Stage::of(change(), columns, rows);
        assert!(stage.title().contains("main…機"), "{}", stage.title());
        assert!(stage.has("src/注文/サービス.py"), "{}", stage.screen());
        assert!(
            stage.has("      1▸+ x = \"注文の合計は千円です\"  # 👩‍💻 done"),
            "{}",
            stage.screen()
        );
        for row in stage.rows() {
            assert!(
                crate::support::text::width(&row) <= usize::from(columns),
                "{row}"
            );
        }
    }
}

#[test]
fn a_line_that_goes_on_beyond_the_screen_says_so_at_the_edge() {
    let change =
        || Change::named("t").file("a.txt", Some(b""), Some("0123456789".repeat(30).as_bytes()));
    let mut stage = Stage::of(change(), 80, 24);
    let row = stage.row_with("0123");
    assert!(row.ends_with('›'), "{row}");
    stage.keys("l");
    let row = stage.row_with("0123");
    assert!(row.contains("+ ‹9012") && row.ends_with('›'), "{row}");
    stage.keys("99l");
    assert!(!stage.has("0123"));
    stage.keys("0");
    assert!(stage.row_with("0123").contains("+ 0123"));
}

#[test]
fn a_wide_letter_at_the_edge_gives_way_to_the_mark_that_the_line_goes_on() {
    for blanks in ["", " "] {
        let line = format!("{blanks}{}", "漢".repeat(200));
        let change = Change::named("t").file("a.txt", Some(b""), Some(line.as_bytes()));
        let stage = Stage::of(change, 80, 24);
        let row = stage.row_with("漢");
        assert!(row.ends_with('›'), "{row}");
        assert_eq!(crate::support::text::width(&row), 80, "{row}");
    }
}

#[test]
fn a_file_without_lines_says_why_and_keeps_to_its_pane() {
    use crate::model::{DiffBody, Digest, FileDiff};
    let mut stage = Stage::new(80, 24);
    assert_eq!(
        stage.rows()[3..5].join("\n"),
        "  Binary file, not shown: 4 bytes before, 6 bytes after. Open it with another\n  tool before you mark it as read."
    );
    let reason = "the reason is a long one, ".repeat(200);
    let diff = FileDiff::without_rows(DiffBody::Unavailable(reason), Digest([0; 32]));
    let change = Change::named("t").with_diff("a.txt", diff);
    stage = Stage::of(change, 60, 15);
    assert!(stage.row(14).contains("accept"), "{}", stage.screen());
    assert!(stage.has("Read-modify-write"), "{}", stage.screen());
}

#[test]
fn context_grows_from_three_lines_to_the_whole_file_around_the_same_line() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]f]h");
    let (at, lines) = (
        stage.at(),
        stage.state.code.document.as_ref().unwrap().len(),
    );
    stage.keys("zc");
    assert_eq!(stage.at(), at);
    assert!(stage.state.code.document.as_ref().unwrap().len() > lines + 15);
    stage.keys("zc");
    assert_eq!(stage.at(), at);
    assert!(!stage.has("unchanged"));
    stage.keys("zc");
    assert_eq!(stage.at(), at);
    assert_eq!(stage.state.code.document.as_ref().unwrap().len(), lines);
}

#[test]
fn no_blank_rows_stand_below_a_long_file() {
    let mut stage = Stage::new(80, 24);
    stage.keys("]f]f]fzczcG");
    let item = stage
        .rows()
        .iter()
        .position(|row| row.contains("Read-modify"))
        .unwrap();
    assert!(
        stage.row(item as u16 - 1).contains("step_60()"),
        "{}",
        stage.screen()
    );
}

#[test]
fn the_words_of_the_item_stand_apart_from_its_text() {
    let mut stage = Stage::new(120, 40);
    stage.keys("<s-tab>");
    assert!(
        stage.has("Production Withdrawals of 10"),
        "{}",
        stage.screen()
    );
}

#[test]
fn the_items_text_scrolls_to_its_end_and_back_without_idle_keys() {
    let mut stage = Stage::new(80, 24);
    let first = {
        stage.keys("<s-tab>");
        stage.screen()
    };
    stage.keys("Gj");
    let end = stage.screen();
    assert!(!end.contains('↓'), "{end}");
    stage.keys("k");
    assert_ne!(stage.screen(), end);
    stage.keys("99999k");
    assert_eq!(stage.screen(), first);
    stage.keys("70000j");
    assert_eq!(stage.screen(), end);
    stage.keys("J");
    assert!(stage.has("Ask"), "another item begins at its top");
}

#[test]
fn the_usual_change_is_what_the_other_tests_think() {
    let paths: Vec<String> = orders()
        .set()
        .files
        .iter()
        .map(|file| file.path.to_string())
        .collect();
    assert_eq!(
        paths,
        [
            "assets/logo.png",
            "legacy.py",
            "src/orders/report.py",
            "src/orders/service.py"
        ]
    );
}

#[test]
fn every_conflict_of_the_keys_is_on_the_first_screen_and_a_key_puts_it_away() {
    let own = [
        ("accept", "f"),
        ("next-hunk", "n"),
        ("fly", "z"),
        ("help", "PgDn"),
    ];
    let own = own.map(|(name, key)| (name.to_owned(), vec![key.to_owned()]));
    let (keymap, complaints) = crate::tui::keymap::Keymap::new(&own.into());
    for size in [(120, 40), (80, 24), (60, 15)] {
        let mut stage = Stage::new(size.0, size.1);
        stage.state.look.keymap = keymap.clone();
        let notes = ["Resumed review r1.".to_owned()];
        stage.state.greet(&notes, &complaints);
        let mut seen = String::new();
        for _ in 0..complaints.len() * 4 {
            seen.push_str(&stage.screen());
            stage.keys("j");
        }
        for part in [
            "f is bound to both `accept` and `flag`",
            "n is bound to both",
            "\"fly\"",
            "\"PgDn\"",
        ] {
            assert!(seen.contains(part), "{part} at {size:?}\n{seen}");
        }
        stage.keys("<esc>");
        assert!(!stage.screen().contains("is bound to both"));
    }
}

#[test]
fn one_remark_stands_on_the_message_line_and_several_on_a_page() {
    let note = |text: &str| text.to_owned();
    let mut stage = Stage::new(120, 40);
    stage
        .state
        .greet(&[note("Resumed."), note("A torn tail was set aside.")], &[]);
    assert!(stage.screen().contains("A torn tail was set aside."));
    assert!(stage.state.overlays.is_empty());
    stage.state.greet(
        &[
            note("Resumed."),
            note("A torn tail."),
            note("HEAD is a merge."),
        ],
        &[],
    );
    let screen = stage.screen();
    assert!(screen.contains("A torn tail.") && screen.contains("HEAD is a merge."));
}

#[test]
fn the_title_bar_names_the_review_then_the_change_and_drops_the_name_where_there_is_no_room() {
    let mut stage = Stage::new(120, 40);
    let title = stage.screen().lines().next().unwrap().to_owned();
    let at = |part: &str| {
        title
            .find(part)
            .unwrap_or_else(|| panic!("{part}: {title}"))
    };
    let change = stage.state.subject.change.title.clone();
    let parts = [
        "countersign",
        "shop-api",
        &change,
        "files",
        "items",
        "flags",
        "read",
        "saved",
    ];
    assert!(parts.map(at).is_sorted(), "{title}");
    let narrow = Stage::new(80, 24);
    assert!(!narrow.screen().contains("shop-api"));
    stage.state.subject.title = format!("shop-api {change}");
    assert_eq!(stage.screen().lines().next().unwrap(), title);
}

#[test]
fn a_file_that_is_known_before_the_first_frame_is_in_it_and_is_not_asked_for() {
    let ledger = Ledger::new(orders(), vec![list()]);
    let mut stage = Stage::before_start(ledger, 120, 40);
    let path = stage.state.file().expect("a file comes first").path.clone();
    let diff = Arc::new(stage.diff(&path));
    stage.state.files.insert(path, diff);
    let effects = update::start(&mut stage.state);
    let asks = |effect: &Effect| matches!(effect, Effect::Load(_));
    assert!(!effects.iter().any(asks), "{effects:?}");
    assert!(!stage.has("Loading"), "{}", stage.screen());
    assert!(stage.state.code.document.is_some());
}
