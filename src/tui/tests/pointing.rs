//! The mouse in dialogs: it goes to fields, answers and entries, scrolls, and sends, confirms, leaves and loses nothing.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::stage::Stage;
use crate::tui::message::Msg;
use crate::tui::state::Overlay;

fn mouse(stage: &mut Stage, kind: MouseEventKind, (column, row): (u16, u16)) {
    stage.send(Msg::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

/// Where a text begins on the screen.
fn place(stage: &Stage, text: &str) -> (u16, u16) {
    let rows = stage.rows();
    let found = rows.iter().enumerate().find_map(|(y, row)| {
        let at = row.find(text)?;
        Some((row[..at].chars().count() as u16, y as u16))
    });
    found.unwrap_or_else(|| panic!("no {text:?} on\n{}", rows.join("\n")))
}

fn press(stage: &mut Stage, text: &str) {
    let at = place(stage, text);
    mouse(stage, MouseEventKind::Down(MouseButton::Left), at);
    mouse(stage, MouseEventKind::Up(MouseButton::Left), at);
}

fn is_dialog(stage: &Stage) -> bool {
    matches!(stage.state.overlays.last(), Some(Overlay::Dialog(_)))
}

/// Two findings, at different lines.
fn flagged() -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fgg]hjf<C-s>");
    stage.keys("J]hjf<C-s>");
    assert_eq!(
        stage.state.snapshot.review.findings.len(),
        2,
        "{}",
        stage.screen()
    );
    stage
}

#[test]
fn a_press_on_a_finding_goes_to_it_and_the_next_one_goes_to_its_code() {
    let mut stage = flagged();
    let titles: Vec<String> = stage
        .state
        .snapshot
        .review
        .findings
        .iter()
        .map(|state| state.finding.title.clone())
        .collect();
    stage.keys("gg[f[f[fL");
    let marked = |stage: &Stage| stage.row_with("\u{25b8} ");
    let first = marked(&stage);
    let other = titles.iter().find(|title| !first.contains(*title)).unwrap();
    press(&mut stage, other);
    assert!(is_dialog(&stage));
    assert!(marked(&stage).contains(other), "{}", stage.screen());
    press(&mut stage, other);
    assert!(!is_dialog(&stage), "{}", stage.screen());
    assert_eq!(stage.path(), "src/orders/service.py");
}

#[test]
fn a_press_chooses_an_answer_and_a_field_and_sends_nothing() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fgg]hjf");
    press(&mut stage, "( ) minor");
    assert!(stage.has("(\u{2022}) minor"), "{}", stage.screen());
    press(&mut stage, "Owner");
    stage.keys("Ada");
    assert!(
        stage.row_with("Owner").contains("Ada"),
        "{}",
        stage.screen()
    );
    // What is written by mouse is a draft like what is typed.
    assert!(stage.drafts.values().any(|draft| draft.contains("minor")));
    assert!(stage.acts.is_empty() && is_dialog(&stage));
}

#[test]
fn a_press_beside_a_dialog_or_on_its_frame_loses_nothing() {
    let mut stage = Stage::new(120, 40);
    stage.keys("aRead it all");
    for at in [(0, 0), (119, 39), (60, 39), (0, 20)] {
        mouse(&mut stage, MouseEventKind::Down(MouseButton::Left), at);
        assert!(is_dialog(&stage), "{at:?}");
    }
    press(&mut stage, "\u{250c}");
    assert!(stage.has("Read it all"), "{}", stage.screen());
    assert!(stage.acts.is_empty());
}

#[test]
fn a_question_is_answered_by_keys_alone() {
    let mut stage = flagged();
    stage.keys("Ld");
    assert!(stage.has("[ Yes ]"), "{}", stage.screen());
    for answer in ["[ Yes ]", "[ No ]", "Delete the finding"] {
        press(&mut stage, answer);
        assert!(stage.has("[ Yes ]"), "{answer}");
    }
    assert_eq!(stage.state.snapshot.review.findings.len(), 2);
}

#[test]
fn the_wheel_scrolls_a_dialog_that_does_not_fit_and_a_key_comes_back_to_its_field() {
    let mut stage = Stage::new(80, 24);
    stage.keys("S");
    let top = stage.screen();
    assert!(top.contains("1  What is missing"), "{top}");
    for _ in 0..4 {
        mouse(&mut stage, MouseEventKind::ScrollDown, (40, 12));
        stage.screen();
    }
    assert!(!stage.has("1  What is missing"), "{}", stage.screen());
    for _ in 0..50 {
        mouse(&mut stage, MouseEventKind::ScrollDown, (40, 12));
        stage.screen();
    }
    assert!(stage.has("7  Bundle"), "{}", stage.screen());
    for _ in 0..50 {
        mouse(&mut stage, MouseEventKind::ScrollUp, (40, 12));
        stage.screen();
    }
    assert_eq!(stage.screen(), top);
}
