//! What holds for any keys: nothing panics, the cursor is in sight, the same input gives the same screen and requests.

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use super::fixture::{Change, numbered, orders};
use super::ledger::Ledger;
use super::stage::{Stage, list};
use crate::tui::action::Action;
use crate::tui::keymap::Keymap;
use crate::tui::message::Msg;

#[test]
fn every_action_can_be_run_on_a_fresh_screen_of_any_size() {
    for (columns, rows) in [(120, 40), (80, 24), (60, 15), (50, 10), (1, 1), (0, 0)] {
        for action in Action::ALL {
            for count in ["", "7", "9999999"] {
                let mut stage = Stage::new(columns, rows);
                let own = BTreeMap::from([(action.name().to_owned(), vec!["f5".to_owned()])]);
                stage.state.look.keymap = Keymap::new(&own).0;
                stage.keys(count);
                stage.send(Msg::Key(KeyEvent::new(KeyCode::F(5), KeyModifiers::NONE)));
                if columns > 0 {
                    stage.draw();
                }
            }
        }
    }
}

#[test]
fn every_action_can_be_run_before_anything_is_loaded_and_on_an_empty_change() {
    for action in Action::ALL {
        let mut unloaded = Stage::before_start(Ledger::new(orders(), vec![list()]), 80, 24);
        unloaded.loads_held = true;
        unloaded.hold().start();
        let mut empty = Stage::of(Change::named("nothing"), 80, 24);
        for stage in [&mut unloaded, &mut empty] {
            stage.keys(&format!(":{}<enter>", action.name()));
            stage.draw();
            stage
                .keys("<esc>")
                .keys(&format!("<tab>:{}<enter>", action.name()));
            stage.draw();
        }
    }
}

#[test]
fn colours_and_files_that_arrive_late_for_another_file_change_nothing() {
    let mut stage = Stage::before_start(Ledger::new(orders(), vec![list()]), 80, 24);
    stage.loads_held = true;
    stage.hold().start().keys("]f]f");
    assert!(stage.has("loading…"), "{}", stage.screen());
    stage.answer();
    assert!(stage.has("loading…"), "that was the first file");
    stage.answer_all();
    assert_eq!(stage.path(), "src/orders/report.py");
    assert!(stage.has("import csv"), "{}", stage.screen());
}

/// Keys that lead everywhere: motions, counts, forms and their text, search, lists, paste, sizes.
pub(super) fn step() -> impl Strategy<Value = Step> {
    let typed = prop::sample::select(vec![
        "j", "k", "h", "l", "0", "5", "12", "gg", "G", "zz", "zc", "<C-d>", "<C-u>", "<C-f>",
        "<C-b>", "]h", "[h", "]f", "[f", "]u", "[u", "J", "K", ".", "<tab>", "<s-tab>", "<enter>",
        "<esc>", "v", "m", "M", "a", "x", "w", "f", "e", "u", "c", "gf", "gr", "gc", "L", "S", "?",
        ":", "<C-p>", "/", "n", "N", "y", "o", "R", "<C-s>", "<C-e>", "<bs>", "<C-n>", "<up>",
        "<down>", "<left>", "<pgdn>", "<pgup>", "z", "]", "order", "<C-z>", "<C-l>", "<home>",
        "<end>", "<del>", "<space>", "y", "t", "zw", "zl", "zk", "zj", "zf", "za", "gd", "gt",
        "gl", "gl-", "t", "+", "gma", "'a", "<C-o>", "%", "g/", "gy", "gh",
    ]);
    let sizes = prop::sample::select(vec![
        (120, 40),
        (80, 24),
        (60, 15),
        (50, 10),
        (99, 30),
        (100, 16),
        (60, 70),
        (240, 67),
    ]);
    prop_oneof![
        20 => typed.prop_map(Step::Keys),
        1 => sizes.prop_map(|(columns, rows)| Step::Size(columns, rows)),
        3 => (0u8..4, 0u16..240, 0u16..67).prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        1 => Just(Step::Paste),
        1 => Just(Step::Wake),
        1 => any::<bool>().prop_map(Step::Disk),
    ]
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Keys(&'static str),
    Size(u16, u16),
    Mouse(u8, u16, u16),
    Paste,
    Wake,
    Disk(bool),
}

pub(super) fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Keys(keys) => drop(stage.keys(keys)),
        Step::Size(columns, rows) => drop(stage.resize(columns, rows)),
        Step::Mouse(kind, column, row) => {
            let kind = match kind {
                0 => MouseEventKind::ScrollDown,
                1 => MouseEventKind::ScrollUp,
                2 => MouseEventKind::Down(MouseButton::Left),
                _ => MouseEventKind::Drag(MouseButton::Left),
            };
            stage.send(Msg::Mouse(MouseEvent {
                kind,
                column,
                row,
                modifiers: KeyModifiers::NONE,
            }));
        }
        Step::Paste => drop(stage.send(Msg::Paste("pasted\n注文 text".to_owned()))),
        Step::Wake => {
            stage.waking = false;
            stage.send(Msg::Wake);
        }
        Step::Disk(full) => {
            stage.ledger.full = full.then(|| "no space left on the device.".to_owned());
        }
    }
}

pub(super) fn assert_sound(stage: &Stage) {
    let state = &stage.state;
    if let Some(document) = &state.code.document {
        assert!(state.code.cursor < document.len());
        assert!(state.code.top < document.len());
        if let Some((first, last)) = state.visible_rows() {
            assert!(
                (first..=last).contains(&state.code.cursor),
                "{first}..={last} hide {}",
                state.code.cursor
            );
        }
    }
    assert!(state.item < state.items.len());
    let once = stage.draw();
    assert_eq!(once, stage.draw(), "drawing changes nothing");
}

fn change() -> Change {
    let long = numbered(300, &[(40, "x = '注文'"), (41, ""), (150, "y"), (299, "")]);
    let old = numbered(300, &[]);
    orders().file("long.py", Some(old.as_bytes()), Some(long.as_bytes()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_keys_leave_the_cursor_in_sight_and_the_same_keys_ask_for_the_same(steps in prop::collection::vec(step(), 1..60)) {
        let mut one = Stage::of(change(), 80, 24);
        let mut two = Stage::of(change(), 80, 24);
        for step in steps {
            take(&mut one, step);
            take(&mut two, step);
            assert_sound(&one);
            two.draw();
            prop_assert_eq!(&one.effects, &two.effects);
        }
        prop_assert_eq!(one.draw(), two.draw());
        prop_assert_eq!(&one.acts, &two.acts);
    }
}
