//! Hints on the screen: marked, counted, walked, dismissed, confirmed. They never decide.

use std::sync::{Arc, OnceLock};

use super::ledger::{other, today};
use super::stage::Stage;
use crate::hints::{Registry, load_with};
use crate::model::{CodeSpan, EntryBody, Hint, RuleId, Side, Strength};
use crate::review::Outcome;
use crate::support::digest::sha256;
use crate::tui::effect::Effect;
use crate::tui::halt::Pace;
use crate::tui::message::Msg;
use crate::tui::state::Overlay;
use crate::workbench::{Act, HintNews, HintsFound, Place};

const REPORT: &str = "src/orders/report.py";
const SERVICE: &str = "src/orders/service.py";

fn registry() -> Arc<Registry> {
    static ALL: OnceLock<Arc<Registry>> = OnceLock::new();
    Arc::clone(ALL.get_or_init(|| Arc::new(load_with(&[]).0)))
}

fn hint(item: &str, path: &str, line: u32, strength: Strength) -> Hint {
    let span = CodeSpan {
        start_line: line,
        start_column: 5,
        end_line: line,
        end_column: 12,
    };
    Hint {
        rule: RuleId::from("python-query-in-loop"),
        tool: None,
        items: vec![item.into()],
        path: path.into(),
        span,
        focus: span,
        strength,
        message: format!("seen at {line}"),
        why: "one round trip per row".to_owned(),
        fingerprint: sha256(format!("{path} {line}").as_bytes()),
        folded: false,
    }
}

/// Two hints of N+1 within the budget, one beyond, and one of another item.
fn all() -> Vec<Hint> {
    let folded = Hint {
        folded: true,
        ..hint("n-plus-one", SERVICE, 12, Strength::C)
    };
    let foreign = Hint {
        tool: Some("semgrep".to_owned()),
        rule: RuleId::from("float-money"),
        ..hint("lossy-values", SERVICE, 45, Strength::A)
    };
    vec![
        hint("n-plus-one", REPORT, 6, Strength::B),
        folded,
        hint("n-plus-one", SERVICE, 13, Strength::A),
        foreign,
    ]
}

fn found(hints: Vec<Hint>, problems: &[&str]) -> Msg {
    Msg::HintsFound(Arc::new(HintsFound {
        hints,
        setup: Vec::new(),
        problems: problems.iter().map(ToString::to_string).collect(),
        files: 4,
        registry: registry(),
    }))
}

fn news(fresh: Vec<Hint>, done: usize) -> Msg {
    Msg::HintNews(HintNews {
        fresh,
        done,
        total: 4,
        registry: registry(),
    })
}

/// A screen with all hints, on the item about N+1.
fn stage(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::new(columns, rows);
    stage.send(news(Vec::new(), 0)).send(found(all(), &[]));
    stage.keys("7J");
    assert_eq!(stage.item(), "n-plus-one");
    stage
}

#[test]
fn hints_are_counted_marked_and_walked_across_files_and_round() {
    let mut stage = stage(120, 40);
    assert!(
        stage.row_with("N plus one").contains("●2"),
        "{}",
        stage.screen()
    );
    assert!(stage.row_with("Lossy values").contains("●1"));
    assert!(
        stage.row_with("file 1/4").contains("hint –/2"),
        "{}",
        stage.screen()
    );
    stage.keys("n");
    assert_eq!((stage.path().as_str(), stage.at().as_str()), (REPORT, "+6"));
    assert!(
        stage.row_with("file 3/4").contains("hint 1/2"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.row_with("writer.writerow").contains('▶')
            || stage.row_with("for order in orders").contains('▶')
    );
    assert!(stage.has("▶ Hint     seen at 6"), "{}", stage.screen());
    assert!(stage.has("one round trip per row"));
    assert!(
        stage.has("B (look here) · python-query-in-loop"),
        "{}",
        stage.screen()
    );
    assert!(stage.status().contains("▶ seen at 6"), "{}", stage.status());
    stage.keys("n");
    assert_eq!(
        (stage.path().as_str(), stage.at().as_str()),
        (SERVICE, "+13")
    );
    assert!(stage.row_with("file 4/4").contains("hint 2/2"));
    assert!(
        stage.has("Hints      ○ report.py:6 B seen at 6"),
        "{}",
        stage.screen()
    );
    assert!(stage.has("▶ service.py:13 A seen at 13"));
    stage.keys("n");
    assert_eq!(stage.path(), REPORT);
    assert!(
        stage.status().contains("Round the change"),
        "{}",
        stage.status()
    );
    stage.keys("N");
    assert_eq!(
        (stage.path().as_str(), stage.at().as_str()),
        (SERVICE, "+13")
    );
    assert!(stage.status().contains("Round the change"));
    assert!(
        stage.acts.is_empty(),
        "looking records nothing but what was displayed"
    );
}

#[test]
fn on_a_small_screen_the_same_hints_are_there() {
    let mut stage = stage(80, 24);
    assert!(
        stage.row_with("N plus one").contains("●2"),
        "{}",
        stage.screen()
    );
    stage.keys("nn");
    assert_eq!(stage.at(), "+13");
    assert!(
        stage.row_with("file 4/4").contains("hint 2/2"),
        "{}",
        stage.screen()
    );
    assert!(stage.row_with("order.items =").contains('▶'));
    assert!(stage.has("▶ Hint     seen at 13"), "{}", stage.screen());
}

#[test]
fn other_items_hints_are_marked_too_and_the_signs_tell_them_apart() {
    let mut stage = stage(120, 40);
    stage.keys("nngg");
    assert!(
        stage.row_with("order.items =").contains("+○"),
        "looked at: {}",
        stage.screen()
    );
    stage.keys("G");
    assert!(
        stage.row_with("total = float").contains("+●"),
        "{}",
        stage.screen()
    );
    assert!(
        !stage.row_with("12 +     for order in").contains('○'),
        "folded ones stay out of sight"
    );
}

#[test]
fn while_a_search_is_on_n_walks_its_matches_and_esc_gives_it_back_to_hints() {
    let mut stage = stage(120, 40);
    stage.keys("/step_<enter>");
    let before = stage.at();
    stage.keys("n");
    assert_ne!(stage.at(), before);
    assert_eq!(stage.path(), SERVICE);
    assert!(
        stage.at().starts_with(' ') || stage.at().starts_with('−'),
        "{}",
        stage.at()
    );
    stage.keys("<esc>n");
    assert!(
        stage.has("hint 2/2") || stage.has("hint 1/2"),
        "{}",
        stage.screen()
    );
}

#[test]
fn dismissing_needs_a_reason_shows_whose_it_is_decides_nothing_and_can_be_taken_back() {
    let mut stage = stage(120, 40);
    stage.keys("nd");
    assert!(stage.has("┌ Dismiss a hint"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(stage.acts.is_empty(), "no reason, no dismissal");
    stage.keys("three rows at most<enter>");
    let Some(Act::DismissHint { hint, reason }) = stage.acts.last() else {
        panic!("a dismissal is asked for: {:?}", stage.acts);
    };
    assert_eq!(
        (hint.place().as_str(), reason.as_str()),
        ("src/orders/report.py:6", "three rows at most")
    );
    assert!(
        stage.row_with("N plus one").contains("●1"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.has("Dismissed  three rows at most (D. Levi)"),
        "{}",
        stage.screen()
    );
    stage.keys("n");
    assert!(
        stage.has("✗ report.py:6 B (dismissed by D. Levi)"),
        "{}",
        stage.screen()
    );
    assert_eq!(
        stage.state.snapshot.review.outcome(&"n-plus-one".into()),
        Outcome::Undecided
    );
    // It is passed over, and come back to by its line.
    stage.keys("n");
    assert_eq!(stage.path(), SERVICE);
    stage.keys("[f6G");
    assert!(
        stage.row_with("file 3/4").contains("hint 1/2"),
        "{}",
        stage.screen()
    );
    stage.keys("d");
    assert!(matches!(stage.acts.last(), Some(Act::RestoreHint(_))));
    assert!(stage.row_with("N plus one").contains("●2"));
    stage.keys("dagain<enter>D");
    assert!(matches!(stage.acts.last(), Some(Act::RestoreHint(_))));
}

#[test]
fn another_persons_dismissal_shows_their_name_and_is_theirs_to_take_back() {
    let mut stage = stage(120, 40);
    let hint = all()[0].reference();
    let body = EntryBody::HintDismissed {
        hint,
        reason: "not on this path".to_owned(),
    };
    stage.ledger.append(&other(), body);
    stage.follow().keys("n[f6G");
    assert!(stage.has("(dismissed by R. Okafor)"), "{}", stage.screen());
    stage.keys("D");
    assert!(
        stage.status().contains("R. Okafor dismissed this hint"),
        "{}",
        stage.status()
    );
    assert!(stage.acts.is_empty());
}

#[test]
fn flagging_on_a_hint_takes_its_lines_and_words_and_records_that_it_led_there() {
    let mut stage = stage(120, 40);
    stage.keys("nnf");
    assert!(stage.has("src/orders/service.py:13"), "{}", stage.screen());
    stage.keys("<C-s>");
    let Some(Act::Flag { finding, .. }) = stage.acts.last() else {
        panic!("a flag is asked for: {:?}", stage.acts);
    };
    let place = Place {
        path: SERVICE.into(),
        side: Side::New,
        start: 13,
        end: 13,
    };
    assert_eq!(finding.places, [place]);
    assert_eq!(finding.note, "seen at 13");
    assert_eq!(finding.hint, Some(all()[2].reference()));
    let review = stage.ledger.review();
    let said = &review.hints[&all()[2].fingerprint];
    assert_eq!(said.confirmed[0].finding, review.findings[0].finding.id);
    assert!(
        stage.row_with("N plus one").contains("⚑1 ●1"),
        "{}",
        stage.screen()
    );
    // With the finding the confirmation goes.
    stage.keys("uy");
    assert!(stage.ledger.review().hints.is_empty());
}

#[test]
fn a_selection_goes_before_the_hint() {
    let mut stage = stage(120, 40);
    stage.keys("nnvkf<C-s>");
    let Some(Act::Flag { finding, .. }) = stage.acts.last() else {
        panic!("a flag is asked for: {:?}", stage.acts);
    };
    assert_eq!(finding.hint, None);
    assert_eq!((finding.places[0].start, finding.places[0].end), (12, 13));
}

#[test]
fn accepting_with_hints_not_looked_at_asks_for_one_reason_that_the_verdict_carries() {
    let mut stage = stage(120, 40);
    stage.keys("na");
    assert!(stage.has("1 hint was not looked at"), "{}", stage.screen());
    assert!(
        stage.has("● src/orders/service.py:13 seen at 13"),
        "{}",
        stage.screen()
    );
    stage.keys("joined in the query<C-s>");
    assert!(stage.acts.is_empty(), "the second reason is asked for");
    assert!(stage.has("say why they need no look"), "{}", stage.screen());
    stage.keys("the same loop<enter>");
    let reason = "joined in the query\n\n1 hint not looked at: the same loop".to_owned();
    let item = "n-plus-one".into();
    assert_eq!(
        stage.acts,
        [Act::Accept { item, reason }],
        "{}",
        stage.screen()
    );
}

#[test]
fn accepting_with_every_hint_looked_at_or_dismissed_asks_for_the_reason_alone() {
    let mut stage = stage(120, 40);
    stage.keys("nna");
    assert!(!stage.has("not looked at"), "{}", stage.screen());
    stage.keys("joined<enter>");
    assert!(matches!(stage.acts.last(), Some(Act::Accept { reason, .. }) if reason == "joined"));
}

#[test]
fn what_was_looked_at_is_known_when_the_review_is_resumed() {
    let mut first = stage(120, 40);
    first.keys("n");
    let drafts = first.drafts.clone();
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    let mut second = Stage::new(120, 40);
    second.state.drafts = drafts;
    second.send(news(Vec::new(), 0)).send(found(all(), &[]));
    second.keys("7Ja");
    assert!(
        second.has("1 hint was not looked at"),
        "{}",
        second.screen()
    );
}

#[test]
fn the_search_for_hints_is_stopped_and_goes_on_and_forms_say_which() {
    let mut stage = Stage::new(120, 40);
    stage.send(news(Vec::new(), 2));
    stage.take_effects();
    stage.keys("<esc>");
    assert!(
        stage
            .status()
            .contains("stopped at 2 of 4 files; gC goes on"),
        "{}",
        stage.status()
    );
    stage.keys("a");
    assert!(
        stage.has("The search for hints was stopped: 2 of 4 files"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>gC");
    assert!(
        stage.status().contains("Looking for hints: 2 of 4 files"),
        "{}",
        stage.status()
    );
    let asked = stage.take_effects().into_iter();
    let asked: Vec<Effect> = asked
        .filter(|effect| matches!(effect, Effect::LookForHints(_)))
        .collect();
    assert_eq!(asked, [Pace::Halted, Pace::Goes].map(Effect::LookForHints));
    // What has ended cannot be stopped.
    stage.send(found(all(), &[])).keys("<esc>");
    assert!(
        stage
            .take_effects()
            .iter()
            .all(|effect| !matches!(effect, Effect::LookForHints(_)))
    );
}

#[test]
fn hints_stream_in_with_progress_and_what_went_wrong_is_told_once() {
    let mut stage = Stage::new(120, 40);
    stage.send(news(Vec::new(), 0));
    assert!(
        stage.status().contains("Looking for hints: 0 of 4 files"),
        "{}",
        stage.status()
    );
    stage.send(news(vec![all()[2].clone()], 2)).keys("7J");
    assert!(
        stage.row_with("N plus one").contains("●1"),
        "{}",
        stage.screen()
    );
    assert!(stage.status().contains("Looking for hints: 2 of 4 files"));
    stage.keys("a");
    assert!(
        stage.has("Hints are still being looked for: 2 of 4 files so far."),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>");
    let problems = ["rule x panicked and was stopped", "big.sql is not read"];
    stage.send(found(all(), &problems));
    assert!(stage.row_with("N plus one").contains("●2"));
    assert!(
        stage
            .status()
            .contains("2 things to know (gP shows them), first: rule x"),
        "{}",
        stage.status()
    );
    stage.keys("j");
    assert!(!stage.status().contains("rule x"), "told once");
    stage.keys("gP");
    assert!(stage.has("big.sql is not read"), "{}", stage.screen());
}

#[test]
fn a_search_for_hints_that_fails_costs_the_hints_and_nothing_else() {
    let mut stage = Stage::new(120, 40);
    stage.send(news(Vec::new(), 1));
    stage.send(Msg::HintsFailed("it ended early".to_owned()));
    assert!(stage.status().contains("it ended early"));
    stage.keys("aone writer<enter>");
    assert_eq!(
        stage.state.snapshot.review.outcome(&"lost-update".into()),
        Outcome::Accepted
    );
}

#[test]
fn folded_hints_are_counted_and_shown_when_asked_for() {
    let mut stage = stage(120, 40);
    assert!(
        stage.has("1 more folded, beyond the budget; zh shows them"),
        "{}",
        stage.screen()
    );
    stage.keys("zh");
    assert!(
        stage.has("○ service.py:12 C seen at 12"),
        "{}",
        stage.screen()
    );
    stage.keys("nn");
    assert_eq!(stage.at(), "+12");
    assert!(stage.has("hint 2/3"));
    stage.keys("zh");
    assert!(!stage.has("hint 2/3"), "{}", stage.screen());
}

#[test]
fn the_page_of_a_rule_is_a_key_away_and_another_tools_says_whose_it_is() {
    let mut stage = stage(120, 40);
    stage.keys("ngw");
    assert!(stage.has("The rule behind the hint"), "{}", stage.screen());
    assert!(
        stage.has("python-query-in-loop") && stage.has("Strength"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>KK");
    assert_eq!(stage.item(), "lossy-values");
    stage.keys("n");
    assert_eq!(stage.at(), "+45");
    assert!(
        stage.has("float-money") && stage.has("from semgrep"),
        "{}",
        stage.screen()
    );
    assert!(stage.has("[semgrep] seen at 45"), "{}", stage.screen());
    stage.keys("gw");
    assert!(stage.has("A rule of semgrep"), "{}", stage.screen());
}

#[test]
fn without_a_hint_the_keys_say_so() {
    let mut stage = Stage::new(120, 40);
    stage.keys("n");
    assert!(
        stage.status().contains("Hints are not looked for yet"),
        "{}",
        stage.status()
    );
    stage.send(found(Vec::new(), &[])).keys("n");
    assert!(
        stage
            .status()
            .contains("No rule points at anything for this item"),
        "{}",
        stage.status()
    );
    stage.keys("d");
    assert!(
        stage.status().contains("There is no hint"),
        "{}",
        stage.status()
    );
    assert!(stage.acts.is_empty());
    assert!(
        stage
            .state
            .overlays
            .iter()
            .all(|overlay| !matches!(overlay, Overlay::Dialog(_)))
    );
    assert_eq!(stage.state.subject.today, today());
}

#[test]
fn a_frame_never_waits_for_hints() {
    let mut stage = stage(120, 40);
    stage.take_effects();
    stage.keys("n");
    let waits = |effect: &Effect| {
        !matches!(
            effect,
            Effect::SaveDraft { .. }
                | Effect::Load(_)
                | Effect::Outline(_)
                | Effect::Moves(_)
                | Effect::Colour { .. }
                | Effect::WakeIn(_)
        )
    };
    let effects = stage.take_effects();
    assert!(!effects.iter().any(waits), "{effects:?}");
}

#[test]
fn a_terminal_that_has_just_shrunk_is_drawn_as_small_as_it_is() {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    let mut stage = stage(120, 40);
    stage.keys("n");
    for (columns, rows) in [(60, 15), (80, 24), (100, 15), (59, 10), (1, 1)] {
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| crate::tui::view::draw(frame, &stage.state))
            .unwrap();
    }
}

#[test]
fn a_press_on_a_mark_leads_to_the_hint_and_to_its_item() {
    use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
    for (columns, rows) in [(120, 40), (80, 24)] {
        let mut stage = stage(columns, rows);
        stage.keys("]f]f]f");
        stage.keys("]h");
        let (buffer, _) = stage.draw();
        let pane = stage.state.areas().unwrap().code;
        let mark = (pane.top()..pane.bottom())
            .flat_map(|y| (pane.left()..pane.left() + 16).map(move |x| (x, y)))
            .rfind(|&(x, y)| buffer[(x, y)].symbol() == "●")
            .unwrap_or_else(|| panic!("no mark on\n{}", stage.screen()));
        stage.send(Msg::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: mark.0,
            row: mark.1,
            modifiers: KeyModifiers::NONE,
        }));
        assert_eq!(stage.item(), "lossy-values");
        assert_eq!(stage.at(), "+45");
        assert!(stage.has("seen at 45"), "{}", stage.screen());
    }
}
