//! Any two texts in the code pane: both ways of showing them have the same lines, both texts can be put together again from
//! what is shown, and pairs go both ways. Whatever happens while a file loads, one ends up where one was headed.

use std::sync::Arc;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::fixture::{Change, numbered, orders};
use super::hostile::bytes;
use super::ledger::Ledger;
use super::stage::{Stage, list};
use super::steady::assert_sound;
use crate::diff::{pairing, words};
use crate::model::{FileDiff, Row, RowKind};
use crate::tui::document::{Columns, ContextLevel, Document, Plan};

fn diff(old: &[u8], new: &[u8]) -> Arc<FileDiff> {
    let change = Change::named("t").file("a.txt", Some(old), Some(new));
    let set = change.set();
    Arc::new(change.diff(&set.files[0]))
}

fn document(diff: &Arc<FileDiff>, level: ContextLevel, columns: Columns) -> Document {
    let plan = Plan {
        level,
        columns,
        ..Plan::default()
    };
    Document::new(diff, &plan)
}

fn rows(document: &Document) -> Vec<Row> {
    (0..document.len())
        .flat_map(|index| document.lines(index).collect::<Vec<_>>())
        .collect()
}

/// Texts that share most of their lines, and texts of any bytes.
fn texts() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let line = prop::sample::select(vec!["a\n", "b b\n", "\tc\r\n", "\n", "漢\n", "x"]);
    let text = prop::collection::vec(line, 0..40).prop_map(|lines| lines.concat().into_bytes());
    prop_oneof![(text.clone(), text), (bytes(), bytes())]
}

proptest! {
    #[test]
    fn both_columns_show_what_one_column_shows_and_both_texts_are_whole((old, new) in texts()) {
        let diff = diff(&old, &new);
        for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
            let one = rows(&document(&diff, level, Columns::Unified));
            let mut two = rows(&document(&diff, level, Columns::Split));
            let mut sorted = one.clone();
            let place = |row: &Row| (row.old, row.new);
            sorted.sort_by_key(place);
            two.sort_by_key(place);
            prop_assert_eq!(&sorted, &two);
            if level == ContextLevel::Whole && diff.hunks.iter().any(|hunk| hunk.rows() > 0) {
                let side = |left_out: RowKind| -> Vec<&[u8]> {
                    let kept = one.iter().filter(|row| row.kind != left_out);
                    kept.map(|row| diff.line_of(*row)).collect()
                };
                let lines = |text: &crate::model::FileText| -> Vec<Vec<u8>> {
                    let all = 1..=text.line_count();
                    all.filter_map(|line| text.line(crate::model::LineNo(line)))
                        .map(<[u8]>::to_vec)
                        .collect()
                };
                prop_assert_eq!(side(RowKind::Added), lines(&diff.old));
                prop_assert_eq!(side(RowKind::Removed), lines(&diff.new));
            }
        }
    }

    #[test]
    fn a_row_and_its_partner_are_each_others((old, new) in texts()) {
        let diff = diff(&old, &new);
        for hunk in &diff.hunks {
            for index in 0..hunk.rows() {
                let row = hunk.row(index).expect("in the hunk");
                let Some(other) = pairing::partner(hunk, index) else { continue };
                prop_assert_eq!(pairing::partner(hunk, other), Some(index));
                let other = hunk.row(other).expect("in the hunk");
                let kinds = [row.kind, other.kind];
                prop_assert!(kinds.contains(&RowKind::Removed) && kinds.contains(&RowKind::Added));
            }
        }
    }

    #[test]
    fn marked_words_never_cut_a_letter_and_what_is_left_is_the_same(old in "\\PC{0,40}", new in "\\PC{0,40}", same in "\\PC{0,20}") {
        let (old, new) = (format!("{same} {old}"), format!("{same} {new}"));
        let Some(changes) = words::word_changes(&old, &new) else { return Ok(()) };
        let left = |text: &str, ranges: &[std::ops::Range<usize>]| {
            let letters = text.grapheme_indices(true).filter(|(at, letter)| {
                !ranges.iter().any(|range| range.start <= *at && at + letter.len() <= range.end)
            });
            letters.map(|(_, letter)| letter).collect::<String>()
        };
        prop_assert_eq!(left(&old, &changes.old), left(&new, &changes.new));
        for (text, ranges) in [(&old, &changes.old), (&new, &changes.new)] {
            for range in ranges {
                prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            }
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}

/// What may happen while files load.
#[derive(Debug, Clone, Copy)]
enum Event {
    Keys(&'static str),
    Size(u16, u16),
    Answer,
}

fn event() -> impl Strategy<Value = Event> {
    let keys = prop::sample::select(vec![
        "]f", "[f", "v", "j", "5j", "k", "G", "gg", "/step_4", "<enter>", "<esc>", "n", "]/", "t",
        "zw", "za", "m", "gl", "t", "<C-o>", "<tab>",
    ]);
    let sizes = prop::sample::select(vec![(60, 15), (80, 24), (120, 40), (240, 67), (50, 9)]);
    prop_oneof![
        6 => keys.prop_map(Event::Keys),
        2 => sizes.prop_map(|(columns, rows)| Event::Size(columns, rows)),
        3 => Just(Event::Answer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn sizes_change_while_files_load_lines_are_selected_and_searches_run(events in prop::collection::vec(event(), 1..40)) {
        let (old, new) = (numbered(200, &[]), numbered(200, &[(40, "漢字"), (150, "")]));
        let change = orders().file("long.py", Some(old.as_bytes()), Some(new.as_bytes()));
        let mut stage = Stage::before_start(Ledger::new(change, vec![list()]), 80, 24);
        stage.loads_held = true;
        stage.hold().start();
        for event in events {
            match event {
                Event::Keys(keys) => drop(stage.keys(keys)),
                Event::Size(columns, rows) => drop(stage.resize(columns, rows)),
                Event::Answer if stage.held.as_ref().is_some_and(|held| !held.is_empty()) => {
                    stage.answer();
                }
                Event::Answer => {}
            }
            stage.draw();
        }
        let headed = stage.path();
        stage.loads_held = false;
        stage.answer_all();
        assert_sound(&stage);
        prop_assert!(stage.state.code.document.is_some(), "{headed} is shown");
    }
}
