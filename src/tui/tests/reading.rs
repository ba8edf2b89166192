//! Marks of what was read, and the record of what was on the screen.

use super::fixture::{Change, numbered, orders};
use super::ledger::{Ledger, other};
use super::stage::{Stage, list};
use crate::model::{EntryBody, RepoPath};
use crate::tui::effect::Effect;
use crate::workbench::{Act, HunkRef};

fn hunk(path: &str, hunk: u32) -> HunkRef {
    HunkRef {
        path: path.into(),
        hunk,
    }
}

#[test]
fn m_marks_the_hunk_and_goes_on_to_the_next_unread() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fm");
    assert_eq!(
        stage.acts.last(),
        Some(&Act::MarkRead(vec![hunk("src/orders/service.py", 1)]))
    );
    assert_eq!(stage.at(), "−45");
    assert!(
        stage.row_with("hunk 1 ·").ends_with("✓ read"),
        "{}",
        stage.screen()
    );
    assert!(!stage.row_with("hunk 2 ·").contains("✓ read"));
    assert!(stage.title().contains("read 26%"), "{}", stage.title());
    stage.keys("m");
    assert_eq!(
        stage.path(),
        "assets/logo.png",
        "round to what was passed over"
    );
}

#[test]
fn m_on_a_hunk_that_is_read_unmarks_it_and_stays() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fm[hm");
    assert_eq!(
        stage.acts.last(),
        Some(&Act::MarkUnread(vec![hunk("src/orders/service.py", 1)]))
    );
    assert_eq!(stage.at(), "−12");
    assert!(stage.ledger.read_marks().is_empty());
    assert!(stage.title().contains("read 0%"));
}

#[test]
fn big_m_marks_the_whole_file_and_again_unmarks_it() {
    let mut stage = Stage::new(120, 40);
    stage.keys("]f]f]fM");
    let marks: Vec<String> = stage.ledger.read_marks().into_iter().collect();
    assert_eq!(
        marks,
        ["src/orders/service.py#1", "src/orders/service.py#2"]
    );
    stage.keys("M");
    assert!(stage.ledger.read_marks().is_empty());
    stage.keys("mM");
    let last = Act::MarkRead(vec![hunk("src/orders/service.py", 2)]);
    assert_eq!(
        stage.acts.last(),
        Some(&last),
        "what is marked already is left alone"
    );
}

#[test]
fn the_last_mark_says_that_it_was_the_last() {
    let mut stage = Stage::new(120, 40);
    stage.keys("mmmm");
    assert_eq!(stage.at(), "−45");
    stage.keys("m");
    assert_eq!(stage.status(), " That was the last hunk known so far.");
    assert!(stage.title().contains("read 100%"), "{}", stage.title());
}

#[test]
fn what_another_person_read_is_marked_as_read_by_me_too_not_unmarked() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    let marks = ledger.marks(&[hunk("legacy.py", 1)]);
    ledger.append(&other(), EntryBody::CodeRead(marks));
    let mut stage = Stage::with(ledger, 120, 40);
    stage.keys("]fm");
    assert_eq!(
        stage.acts.last(),
        Some(&Act::MarkRead(vec![hunk("legacy.py", 1)]))
    );
    let review = stage.ledger.review();
    assert_eq!(review.read.values().next().unwrap().len(), 2);
    stage.keys("9[f[f[f[f]fM");
    assert_eq!(
        stage.acts.last(),
        Some(&Act::MarkUnread(vec![hunk("legacy.py", 1)]))
    );
    assert_eq!(stage.ledger.read_marks().len(), 1, "their mark is theirs");
}

/// What was recorded, as `path#hunk:first-last`.
fn recorded(stage: &Stage) -> Vec<String> {
    let spans = stage.shown.iter().flatten();
    spans
        .map(|span| format!("{}#{}:{}-{}", span.path, span.hunk, span.first, span.last))
        .collect()
}

fn long() -> Stage {
    let file = numbered(100, &[]);
    Stage::of(
        Change::named("t").file("a.py", None, Some(file.as_bytes())),
        80,
        24,
    )
}

#[test]
fn rows_on_the_screen_are_recorded_and_no_others() {
    let mut stage = long();
    let height = u32::from(stage.state.areas().unwrap().code.height);
    assert!(
        stage.shown.is_empty(),
        "not before they stood there for a while"
    );
    stage.wake();
    assert_eq!(
        recorded(&stage),
        [format!("a.py#1:0-{}", height - 2)],
        "one row is the heading"
    );
    stage.keys("G").wake();
    assert_eq!(recorded(&stage)[1], format!("a.py#1:{}-99", 100 - height));
}

#[test]
fn what_was_recorded_is_not_recorded_again() {
    let mut stage = long();
    stage.wake();
    assert!(!stage.waking, "nothing is left to record");
    stage.keys("jkJK?<esc>");
    assert!(!stage.waking);
    assert_eq!(stage.shown.len(), 1);
}

#[test]
fn what_is_on_its_way_to_the_journal_is_not_recorded_again() {
    let mut stage = long();
    stage.hold();
    stage.send(crate::tui::message::Msg::Wake).keys("jkjk");
    let held = stage.held.as_ref().unwrap();
    assert_eq!(
        held.iter()
            .filter(|effect| matches!(effect, Effect::Show(_)))
            .count(),
        1
    );
    assert!(
        !held
            .iter()
            .any(|effect| matches!(effect, Effect::WakeIn(_))),
        "{held:?}"
    );
}

#[test]
fn what_could_not_be_recorded_is_recorded_later() {
    let mut stage = long();
    stage.ledger.full = Some("no space left on the device.".to_owned());
    stage.wake();
    stage.ledger.full = None;
    stage.follow().wake();
    assert_eq!(stage.shown.len(), 2);
    assert_eq!(stage.shown[0], stage.shown[1]);
    assert_eq!(stage.ledger.review().displayed.len(), 1);
}

#[test]
fn rows_behind_a_form_a_list_or_the_help_are_not_recorded() {
    for open in ["a", "f", "L", "?", ":", "<C-p>", "c"] {
        let mut ledger = Ledger::new(orders(), vec![list()]);
        ledger.counted = None;
        let mut stage = Stage::before_start(ledger, 120, 40);
        stage.loads_held = true;
        stage.hold();
        stage.start().keys(open);
        stage.answer_all();
        assert!(stage.state.code.document.is_some());
        assert!(stage.state.shown.rows.is_empty(), "{open}");
        stage.keys("<esc><esc>");
        assert!(stage.state.overlays.is_empty(), "{open}");
        assert!(!stage.state.shown.rows.is_empty(), "{open}");
    }
}

#[test]
fn rows_are_not_recorded_while_the_list_stands_in_their_place_or_the_screen_is_too_small() {
    let mut stage = Stage::new(80, 24);
    stage.keys("]f]f]f").wake();
    let before = stage.shown.len();
    stage.keys("<tab>").resize(80, 60);
    assert!(stage.state.shown.rows.is_empty());
    stage.resize(50, 10).keys("]f");
    assert!(stage.state.shown.rows.is_empty());
    assert_eq!(stage.shown.len(), before);
}

#[test]
fn nothing_is_recorded_when_read_only() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    ledger.read_only = Some("R. Okafor holds it on desk 2.".to_owned());
    let mut stage = Stage::with(ledger, 120, 40);
    stage
        .keys("]f]fjjj")
        .send(crate::tui::message::Msg::Wake)
        .keys("mMq");
    assert!(stage.shown.is_empty() && stage.acts.is_empty());
    assert!(stage.quit);
    assert!(stage.title().ends_with("read-only"), "{}", stage.title());
}

#[test]
fn what_was_on_the_screen_is_recorded_before_the_decision() {
    let mut stage = long();
    stage.keys("aok<enter>");
    let kinds: Vec<&str> = stage
        .ledger
        .entries
        .iter()
        .map(|entry| entry.body.kind())
        .filter(|kind| *kind != "writer.enrolled")
        .collect();
    assert_eq!(kinds, ["code.displayed", "verdict.given"]);
}

#[test]
fn leaving_and_marking_record_what_was_on_the_screen_first() {
    let mut stage = long();
    stage.keys("m");
    let order: Vec<&str> = stage
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Show(_) => Some("show"),
            Effect::Act(_) => Some("act"),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["show", "act"]);
    let mut stage = long();
    stage.keys("q");
    assert_eq!(stage.shown.len(), 1);
    assert!(matches!(stage.effects.last(), Some(Effect::Quit)));
}

#[test]
fn a_file_without_rows_counts_as_displayed_once_its_message_was() {
    let mut stage = Stage::new(120, 40);
    stage.wake();
    let review = stage.ledger.review();
    let key = (RepoPath::from("assets/logo.png"), 1);
    assert!(review.displayed[&key].covers(0, 0));
}
