//! Rows of a laid-out file: all of them there, found again, the same in one column and in two.

use super::*;
use crate::model::{Digest, FileText, Hunk, LineNo, RepoPath, Side};

/// Forty lines of which the tenth is replaced by two and the thirtieth is removed.
fn sample() -> Arc<FileDiff> {
    let text = |count: u32| -> FileText {
        let body: Vec<String> = (1..=count).map(|n| format!("line {n}")).collect();
        FileText::whole(Arc::from(body.join("\n").as_bytes()))
    };
    let run = |kind, old, new, len| Run {
        kind,
        old,
        new,
        len,
    };
    let hunk = |runs| Hunk {
        heading: String::new(),
        runs,
        digest: Digest([0; 32]),
    };
    Arc::new(FileDiff {
        body: DiffBody::Text,
        old: text(40),
        new: text(40),
        hunks: vec![
            hunk(vec![
                run(RowKind::Context, 7, 7, 3),
                run(RowKind::Removed, 10, 10, 1),
                run(RowKind::Added, 11, 10, 2),
                run(RowKind::Context, 11, 12, 3),
            ]),
            hunk(vec![
                run(RowKind::Context, 27, 28, 3),
                run(RowKind::Removed, 30, 31, 1),
                run(RowKind::Context, 31, 31, 3),
            ]),
        ],
    })
}

fn plan(level: ContextLevel) -> Plan {
    Plan {
        level,
        ..Plan::default()
    }
}

#[test]
fn side_by_side_and_unified_show_the_same_lines() {
    for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
        let unified = Document::new(&sample(), &plan(level));
        let split = Document::new(
            &sample(),
            &Plan {
                columns: Columns::Split,
                ..plan(level)
            },
        );
        let lines = |document: &Document| {
            let mut lines: Vec<_> = (0..document.len())
                .flat_map(|index| document.lines(index).collect::<Vec<_>>())
                .map(|row| (row.old, row.new))
                .collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(lines(&unified), lines(&split));
        let rows = |document: &Document| {
            let mut rows = std::collections::BTreeSet::new();
            for span in document.displayed(&RepoPath::from("a"), 0, document.len() - 1) {
                rows.extend((span.first..=span.last).map(|row| (span.hunk, row)));
            }
            rows
        };
        assert_eq!(rows(&unified), rows(&split));
    }
}

#[test]
fn lines_are_revealed_from_either_end_of_a_gap() {
    let mut plan = plan(ContextLevel::Hunks);
    plan.revealed.insert(1, (2, 3));
    let document = Document::new(&sample(), &plan);
    let shown = |line| document.row_of_line(Side::New, LineNo(line)).is_some();
    assert!(shown(15) && shown(16) && !shown(17));
    assert!(!shown(24) && shown(25) && shown(27));
    plan.revealed.insert(1, (2, 900));
    let document = Document::new(&sample(), &plan);
    assert!((7..=33).all(|line| document.row_of_line(Side::New, LineNo(line)).is_some()));
}

#[test]
fn every_row_is_there_and_lines_are_found_again() {
    for level in [ContextLevel::Hunks, ContextLevel::More, ContextLevel::Whole] {
        let document = Document::new(&sample(), &plan(level));
        assert!(document.row(document.len()).is_none());
        for index in 0..document.len() {
            let row = document.row(index).expect("a row below the length");
            if let DocRow::Line { row, .. } = row {
                if let Some(line) = row.new {
                    assert_eq!(document.row_of_line(Side::New, line), Some(index));
                }
                if let Some(line) = row.old {
                    assert_eq!(document.row_of_line(Side::Old, line), Some(index));
                }
            }
        }
    }
}

#[test]
fn whole_file_context_shows_each_line_once_and_no_gap() {
    let document = Document::new(&sample(), &plan(ContextLevel::Whole));
    let rows: Vec<_> = (0..document.len())
        .filter_map(|i| document.row(i))
        .collect();
    assert!(!rows.iter().any(|row| matches!(row, DocRow::Gap(_))));
    let lines: Vec<u32> = rows
        .iter()
        .filter_map(|row| match row {
            DocRow::Line { row, .. } => row.new.map(|line| line.0),
            _ => None,
        })
        .collect();
    assert_eq!(lines, (1..=40).collect::<Vec<_>>());
}

#[test]
fn displayed_rows_name_the_hunk_and_the_rows_in_it() {
    let document = Document::new(&sample(), &plan(ContextLevel::Hunks));
    let path = RepoPath::from("a");
    let all = document.displayed(&path, 0, document.len() - 1);
    let spans: Vec<_> = all
        .iter()
        .map(|span| (span.hunk, span.first, span.last))
        .collect();
    assert_eq!(spans, [(1, 0, 8), (2, 0, 6)]);
    let some = document.displayed(&path, 3, 4);
    assert_eq!((some[0].first, some[0].last), (1, 2));
}

#[test]
fn going_to_a_hunk_lands_on_its_first_changed_line() {
    let document = Document::new(&sample(), &plan(ContextLevel::Hunks));
    let row = document.row(document.first_change(1));
    assert!(matches!(row, Some(DocRow::Line { row, .. }) if row.kind == RowKind::Removed));
    assert_eq!(document.hunk_at(document.first_change(1)), 1);
}
