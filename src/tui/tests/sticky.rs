//! The name around the first line stays in sight, and takes its row from nobody: what it hides does not count as shown.

use super::fixture::Change;
use super::stage::Stage;

/// A class with two long methods, and something after it.
fn program(changed: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("import os\n\n\nclass Orders:\n    limit = 3\n\n");
    for name in ["first", "second"] {
        let _ = writeln!(text, "    def {name}(self, many):");
        for line in 0..40 {
            let _ = writeln!(text, "        self.step_{line}({changed})");
        }
        text.push('\n');
    }
    text.push_str("\ntotal = 1\n");
    for line in 0..60 {
        let _ = writeln!(text, "total += {line}");
    }
    text
}

/// The whole file is shown, with a change in most lines.
fn stage(columns: u16, rows: u16) -> Stage {
    let (old, new) = (program("1"), program("2"));
    let change = Change::named("t").file("orders.py", Some(old.as_bytes()), Some(new.as_bytes()));
    let mut stage = Stage::of(change, columns, rows);
    stage.keys("za");
    stage
}

/// The first row of the code pane, and the one below it.
fn head(stage: &Stage) -> (String, String) {
    let pane = stage.state.areas().unwrap().code;
    (stage.row(pane.y), stage.row(pane.y + 1))
}

#[test]
fn the_class_and_function_around_the_first_line_stay_above_it_while_one_scrolls() {
    for (columns, rows) in [(80, 24), (120, 40), (240, 67)] {
        for split in ["", "t"] {
            let mut stage = stage(columns, rows);
            stage.keys(split).keys("46Gzz");
            let (names, below) = head(&stage);
            assert!(
                names.contains("7   class Orders: › def first(self, many):"),
                "{columns}x{rows} {split}\n{}",
                stage.screen()
            );
            assert!(below.contains("self.step_"), "{below}");
            stage.keys("120Gzz");
            let (names, _) = head(&stage);
            assert!(!names.contains("def "), "{}", stage.screen());
        }
    }
}

#[test]
fn the_line_that_names_the_function_is_not_shown_twice() {
    let mut stage = stage(120, 40);
    stage.keys("48Gzz");
    for _ in 0..60 {
        stage.keys("j");
        let rows = stage.rows();
        let named = rows.iter().filter(|row| row.contains("def second")).count();
        assert!(named <= 1, "{}", stage.screen());
    }
}

#[test]
fn every_line_passes_the_cursor_one_by_one_in_both_directions() {
    let mut stage = stage(80, 24);
    stage.keys("gg");
    let rows = stage.state.code.document.as_ref().unwrap().len();
    for keys in ["j", "k"] {
        for _ in 0..rows {
            let before = stage.state.code.top;
            stage.keys(keys);
            let (first, last) = stage.state.visible_rows().unwrap();
            assert!((first..=last).contains(&stage.state.code.cursor));
            assert!(
                stage.state.code.top.abs_diff(before) <= 2,
                "{before} {first}"
            );
        }
    }
}

#[test]
fn a_row_under_the_name_does_not_count_as_shown() {
    let mut stage = stage(120, 40);
    stage.keys("40G");
    let areas = stage.state.areas().unwrap();
    let (first, last) = stage.state.visible_rows().unwrap();
    assert!(
        head(&stage).0.contains("class Orders:"),
        "{}",
        stage.screen()
    );
    assert_eq!(last - first + 1, u32::from(areas.code.height) - 1);
}

#[test]
fn a_small_pane_has_the_name_in_its_heading() {
    let mut stage = stage(60, 15);
    stage.keys("40G");
    let heading = stage.row_with("orders.py");
    assert!(heading.contains("› def first(s"), "{}", stage.screen());
}
