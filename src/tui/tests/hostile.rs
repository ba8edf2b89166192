//! Foreign text on the screen: whatever it is, no cell holds anything a terminal would obey.

use proptest::prelude::*;

use super::fixture::Change;
use super::ledger::Ledger;
use super::stage::{Stage, list};
use crate::model::{DiffBody, Digest, FileDiff, RepoPath};
use crate::tui::message::{Msg, Notice};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (60, 15)];

/// Every trap in one text: escapes, bidi, zero width, tags, separators, lone marks, C1.
const TRAPS: &str = "\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\r\u{202e}evil\u{2066}\u{200b}\u{200f}\u{feff}\u{e0041}\u{2028}\u{301}\u{ad}\u{0}\u{8}x";

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}')
}

/// Fails where a cell holds what a terminal obeys, or a row is wider than the screen.
fn assert_tame(stage: &Stage) {
    let (buffer, _) = stage.draw();
    for (index, cell) in buffer.content.iter().enumerate() {
        let symbol = cell.symbol();
        assert!(
            !symbol.chars().any(is_obeyed),
            "cell {index} holds {symbol:?}\n{}",
            stage.screen()
        );
    }
    for row in stage.rows() {
        assert!(
            crate::support::text::width(&row) <= usize::from(stage.state.size.0),
            "{row:?}"
        );
    }
}

fn trapped(path: &[u8], code: &[u8]) -> Change {
    Change::named(TRAPS)
        .file(RepoPath::new(path), None, Some(code))
        .file("other.py", Some(b"a\n"), Some(b"b\n"))
}

#[test]
fn hostile_text_is_visible_and_harmless_wherever_it_stands() {
    let mut checklist = list();
    checklist.title = TRAPS.to_owned();
    checklist.categories[0].title = TRAPS.to_owned();
    let item = &mut checklist.items[0];
    for text in [&mut item.title, &mut item.ask, &mut item.generated] {
        TRAPS.clone_into(text);
    }
    for text in [&mut item.signals[0], &mut item.mitigations[0]] {
        TRAPS.clone_into(text);
    }
    for (columns, rows) in SIZES {
        let change = trapped(TRAPS.as_bytes(), TRAPS.as_bytes());
        let mut ledger = Ledger::new(change, vec![checklist.clone(), list()]);
        ledger.checklists = std::sync::Arc::new(vec![checklist.clone()]);
        let mut stage = Stage::with(ledger, columns, rows);
        stage.keys("]f");
        assert_tame(&stage);
        for keys in [
            "<tab>", "<tab>", "<tab>", "<C-p>", "<esc>:", "<esc>?", "<esc>c", "<esc>f", "<C-s>",
            "L", "<esc>gc", "<esc>S", "<esc>u", "<esc>w", "<esc>a",
        ] {
            stage.keys(keys);
            assert_tame(&stage);
        }
        stage.keys("<esc>").send(Msg::Notice(Notice::bad(TRAPS)));
        assert_tame(&stage);
        stage.send(Msg::Refused(TRAPS.to_owned()));
        assert_tame(&stage);
        stage.keys("/").send(Msg::Paste(TRAPS.to_owned()));
        assert_tame(&stage);
        stage.keys("<enter>");
        assert_tame(&stage);
        stage.keys("<esc><C-p>").send(Msg::Paste(TRAPS.to_owned()));
        assert_tame(&stage);
        for keys in ["<esc>a", "<esc>f", "<esc>c", "<esc>w"] {
            stage.keys(keys).send(Msg::Paste(TRAPS.to_owned()));
            assert_tame(&stage);
        }
    }
}

#[test]
fn hidden_characters_in_code_are_tokens_that_stand_out() {
    let code = "x = 1\nif admin\u{202e}: pass\n\u{1b}[31mred\n";
    let change = Change::named("t").file("a.py", None, Some(code.as_bytes()));
    let stage = Stage::of(change, 120, 40);
    assert!(stage.has("if admin⟦RLO⟧: pass"), "{}", stage.screen());
    assert!(stage.has("␛[31mred"), "{}", stage.screen());
    let token = stage.state.look.theme.style(crate::tui::theme::Role::Token);
    assert_eq!(stage.style("⟦RLO⟧").bg, token.bg);
    assert_ne!(stage.style("if admin").bg, token.bg);
}

#[test]
fn a_reason_why_a_file_is_not_shown_is_foreign_text_too() {
    let diff = FileDiff::without_rows(DiffBody::Unavailable(TRAPS.repeat(90)), Digest([0; 32]));
    for (columns, rows) in SIZES {
        let stage = Stage::of(
            Change::named("t").with_diff("a", diff.clone()),
            columns,
            rows,
        );
        assert_tame(&stage);
        assert!(stage.has("accept"), "{}", stage.screen());
    }
}

pub(super) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let trap = prop::sample::select(TRAPS.chars().collect::<Vec<_>>())
        .prop_map(|c| c.to_string().into_bytes());
    let noise = prop::collection::vec(any::<u8>(), 0..12);
    let letter = any::<char>().prop_map(|c| c.to_string().into_bytes());
    let part = prop_oneof![
        trap,
        noise,
        letter,
        Just(b"    plain text\n".to_vec()),
        Just(vec![b'\n'])
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

pub(super) fn path() -> impl Strategy<Value = Vec<u8>> {
    bytes().prop_map(|mut bytes| {
        bytes.retain(|byte| *byte != 0);
        bytes.insert(0, b'p');
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_in_code_or_names_reach_a_cell_unseen(path in path(), old in bytes(), new in bytes(), left in 0u32..6) {
        let change = Change::named(&String::from_utf8_lossy(&path))
            .file(RepoPath::new(path), Some(&old), Some(&new));
        let mut stage = Stage::of(change, 120, 40);
        stage.keys("zczc");
        for (columns, rows) in SIZES {
            stage.resize(columns, rows).keys("gg");
            if left > 0 {
                stage.keys(&format!("{left}l"));
            }
            assert_tame(&stage);
            stage.keys("G0<C-p>");
            assert_tame(&stage);
            stage.keys("<esc>c");
            assert_tame(&stage);
            stage.keys("<esc>");
        }
    }
}
