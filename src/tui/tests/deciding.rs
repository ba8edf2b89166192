//! Verdicts, findings and comments: from the key to the journal, and what happens where the journal says no.

use super::fixture::orders;
use super::ledger::{Ledger, me, other};
use super::stage::{Stage, list};
use crate::model::{EntryBody, Side, Verdict, VerdictKind};
use crate::review::Outcome;
use crate::tui::effect::Effect;
use crate::tui::halt::Pace;
use crate::tui::message::Msg;
use crate::tui::state::{Overlay, Saving};
use crate::workbench::{Act, Place};

fn stage() -> Stage {
    Stage::new(120, 40)
}

fn outcome(stage: &Stage, item: &str) -> Outcome {
    stage.state.snapshot.review.outcome(&item.into())
}

fn is_open(stage: &Stage) -> bool {
    matches!(stage.state.overlays.last(), Some(Overlay::Dialog(_)))
}

#[test]
fn accepting_needs_a_reason_and_is_saved_with_it() {
    let mut stage = stage();
    stage.keys("a");
    assert!(stage.has("┌ Accept ─"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(
        is_open(&stage) && stage.acts.is_empty(),
        "no reason, no verdict"
    );
    stage.keys("one writer per account<enter>");
    assert!(!is_open(&stage));
    let reason = "one writer per account".to_owned();
    let item = "lost-update".into();
    assert_eq!(stage.acts, [Act::Accept { item, reason }]);
    assert!(stage.has("✓ accepted · 1/22"), "{}", stage.screen());
    assert!(stage.has("Accepted   one writer per account (D. Levi)"));
    assert!(stage.row_with("Lost update").contains("✓ Lost update"));
    assert!(stage.row_with("Concurrency").contains("1/3"));
    assert!(stage.title().contains("items 1/22") && stage.title().ends_with("saved"));
    assert!(stage.drafts.is_empty(), "{:?}", stage.drafts);
}

#[test]
fn not_applicable_and_waived_are_verdicts_too() {
    let mut stage = stage();
    stage.keys("xno rows are changed<enter>J");
    assert_eq!(outcome(&stage, "lost-update"), Outcome::NotApplicable);
    stage.keys("w");
    assert!(stage.has("Waive"), "{}", stage.screen());
    stage.keys("R. Okafor<tab>the pilot has ten users<tab>2026-06-01<C-s>");
    assert!(!is_open(&stage), "{}", stage.screen());
    assert_eq!(outcome(&stage, "check-then-act"), Outcome::Waived);
    assert!(
        stage.has("carried by R. Okafor until 2026-06-01"),
        "{}",
        stage.screen()
    );
    assert!(
        stage
            .row_with("Check then act")
            .contains("~ Check then act")
    );
    assert!(stage.title().contains("items 2/22"));
}

#[test]
fn flagging_takes_the_selection_as_evidence_and_the_line_is_marked() {
    let mut stage = stage();
    stage.keys("]f]f]f2jvjf");
    assert!(
        stage.has("src/orders/service.py:12-13"),
        "{}",
        stage.screen()
    );
    stage.keys("<C-s>");
    let Some(Act::Flag { finding, .. }) = stage.acts.last() else {
        panic!("a flag is asked for: {:?}", stage.acts);
    };
    let place = |start, end| Place {
        path: "src/orders/service.py".into(),
        side: Side::New,
        start,
        end,
    };
    assert_eq!(finding.places, [place(12, 13)]);
    assert_eq!(stage.state.code.selection, None);
    assert_eq!(outcome(&stage, "lost-update"), Outcome::Flagged);
    assert!(
        stage.row_with("for order in orders").contains("+⚑"),
        "{}",
        stage.screen()
    );
    assert!(stage.row_with("order.items =").contains("+⚑"));
    assert!(stage.row_with("Lost update").contains("⚑1"));
    assert!(stage.title().contains("flags 1"));
    assert!(stage.has("Finding    "), "{}", stage.screen());
}

#[test]
fn a_removed_line_is_evidence_on_the_old_side() {
    let mut stage = stage();
    stage.keys("]f]f]ff<C-s>");
    let Some(Act::Flag { finding, .. }) = stage.acts.last() else {
        panic!("a flag is asked for");
    };
    assert_eq!(
        (finding.places[0].side, finding.places[0].start),
        (Side::Old, 12)
    );
    assert!(
        stage.row_with("step_12()").contains("−⚑"),
        "{}",
        stage.screen()
    );
    assert!(!stage.row_with("for order in").contains('⚑'));
}

#[test]
fn a_second_flag_adds_a_finding_and_evidence_goes_to_the_latest_own_one() {
    let mut stage = stage();
    stage.keys("]f]f]ff<C-s>");
    stage.keys("]hf<C-s>");
    assert_eq!(stage.ledger.review().findings.len(), 2);
    stage.keys("je");
    let review = stage.ledger.review();
    let places: Vec<Vec<String>> = review
        .findings
        .iter()
        .map(|state| {
            state
                .finding
                .evidence
                .iter()
                .map(crate::model::Anchor::place)
                .collect()
        })
        .collect();
    assert_eq!(
        places,
        [
            vec!["src/orders/service.py@old:12"],
            vec!["src/orders/service.py@old:45", "src/orders/service.py:45"],
        ]
    );
}

#[test]
fn evidence_without_a_finding_or_without_a_line_says_what_is_missing() {
    let mut stage = stage();
    stage.keys("]f]f]fe");
    assert_eq!(
        stage.status(),
        " You have no finding on this item yet; f makes one of these lines."
    );
    stage.keys("f<C-s>gge");
    assert_eq!(stage.status(), " There is no line here to add as evidence.");
    assert_eq!(stage.acts.len(), 1);
}

#[test]
fn deciding_twice_says_how_to_take_the_first_one_back() {
    let mut stage = stage();
    stage.keys("aok<enter>");
    for key in ["a", "x", "w", "f"] {
        stage.keys(key);
        assert!(!is_open(&stage), "{key}");
        assert_eq!(
            stage.status(),
            " You decided this item already (accepted); u takes that back first."
        );
    }
}

#[test]
fn u_asks_and_takes_the_verdict_back() {
    let mut stage = stage();
    stage.keys("u");
    assert_eq!(
        stage.status(),
        " You have no verdict on this item to take back."
    );
    stage.keys("aok<enter>u");
    assert!(
        stage.has("Take back “accepted” on Read-modify-write"),
        "{}",
        stage.screen()
    );
    stage.keys("<enter>");
    assert_eq!(
        outcome(&stage, "lost-update"),
        Outcome::Accepted,
        "no is the first answer"
    );
    stage.keys("uy");
    assert_eq!(outcome(&stage, "lost-update"), Outcome::Undecided);
    assert!(!is_open(&stage));
    stage.keys("aagain<enter>");
    assert_eq!(outcome(&stage, "lost-update"), Outcome::Accepted);
}

#[test]
fn taking_a_flag_back_counts_ones_own_findings_only() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    let finding = crate::model::Finding {
        id: "f99999999".into(),
        item: "lost-update".into(),
        title: "Theirs".to_owned(),
        severity: crate::model::Severity::Major,
        disposition: crate::model::Disposition::FixBeforeLaunch,
        note: "n".to_owned(),
        evidence: Vec::new(),
        mitigation: String::new(),
        effort: String::new(),
        owner: String::new(),
        due: None,
    };
    let body = EntryBody::VerdictGiven {
        item: "lost-update".into(),
        verdict: Verdict::Flagged,
        finding: Some(finding),
        reference: None,
    };
    ledger.append(&other(), body);
    let mut stage = Stage::with(ledger, 120, 40);
    stage.keys("e");
    assert!(
        stage.status().contains("You have no finding"),
        "theirs is not mine to edit"
    );
    stage.keys("]f]f]ff<C-s>u");
    assert!(stage.has("Its finding goes with it."), "{}", stage.screen());
    stage.keys("y");
    assert_eq!(
        outcome(&stage, "lost-update"),
        Outcome::Flagged,
        "theirs stands"
    );
    assert_eq!(stage.ledger.review().findings.len(), 1);
}

#[test]
fn another_persons_verdict_does_not_keep_me_from_mine() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    let verdict = Verdict::Accepted {
        reason: "looked".to_owned(),
    };
    let body = EntryBody::VerdictGiven {
        item: "lost-update".into(),
        verdict,
        finding: None,
        reference: None,
    };
    ledger.append(&other(), body);
    let mut stage = Stage::with(ledger, 120, 40);
    stage.keys("Kuxnot here<enter>");
    let review = stage.ledger.review();
    let mine = review.verdict_of(&"lost-update".into(), &me()).unwrap();
    assert_eq!(mine.verdict.kind(), VerdictKind::NotApplicable);
    assert!(
        stage.has("looked (R. Okafor)") && stage.has("not here (D. Levi)"),
        "{}",
        stage.screen()
    );
}

#[test]
fn what_was_typed_is_a_draft_from_the_first_letter_and_comes_back() {
    let mut stage = stage();
    stage.keys("ahalf a thou");
    assert!(
        stage.drafts["accepted-lost-update"].contains("half a thou"),
        "{:?}",
        stage.drafts
    );
    stage.keys("<esc>");
    assert_eq!(
        stage.status(),
        " What you typed is kept; the same key brings it back."
    );
    stage.keys("Ja");
    assert!(
        !stage.has("half a thou"),
        "another item has a draft of its own"
    );
    stage.keys("<esc>Ka");
    assert!(stage.has("half a thou"), "{}", stage.screen());
    stage.keys("ght<enter>");
    let item = "lost-update".into();
    let reason = "half a thought".to_owned();
    assert_eq!(stage.acts, [Act::Accept { item, reason }]);
    assert!(stage.drafts.is_empty() && stage.state.drafts.is_empty());
}

#[test]
fn every_form_brings_its_own_draft_back() {
    for (open, label) in [
        ("a", "accept"),
        ("x", "n/a"),
        ("w", "waive"),
        ("f", "flag"),
        ("c", "comment"),
    ] {
        let mut stage = stage();
        stage.keys(open).keys("zebra<esc>");
        assert!(!stage.has("zebra"), "{label}");
        stage.keys(open);
        assert!(stage.has("zebra"), "{label}: {}", stage.screen());
    }
}

#[test]
fn a_draft_from_disk_is_in_the_form_after_a_restart() {
    let mut first = stage();
    first.keys("asurvives");
    let mut second = stage();
    second.state.drafts = first.drafts.clone();
    second.keys("a");
    assert!(second.has("survives"), "{}", second.screen());
}

#[test]
fn the_form_stays_until_its_act_is_on_disk_and_takes_no_more_keys() {
    let mut stage = stage();
    stage.hold();
    stage.keys("aok<enter>");
    assert!(is_open(&stage));
    assert!(stage.title().contains("saving…"), "{}", stage.title());
    assert!(!stage.title().contains("items 1/22"));
    stage.keys("xyz<enter><esc>");
    assert!(is_open(&stage));
    stage.answer_all();
    assert!(!is_open(&stage));
    assert!(
        stage
            .title()
            .ends_with("items 1/22  flags 0  read 0%  saved"),
        "{}",
        stage.title()
    );
    assert_eq!(stage.acts.len(), 1);
}

#[test]
fn a_refusal_is_said_in_the_form_with_the_text_kept() {
    let mut stage = stage();
    stage.ledger.refusal = Some("the item was withdrawn from the checklist".to_owned());
    stage.keys("amy careful words<enter>");
    assert!(is_open(&stage));
    assert!(
        stage.has("the item was withdrawn from the checklist"),
        "{}",
        stage.screen()
    );
    assert!(stage.has("my careful words"));
    assert!(stage.title().ends_with("saved"), "{}", stage.title());
    assert_eq!(
        stage.drafts.len(),
        1,
        "the draft stays until the act is on disk"
    );
    stage.keys("<enter>");
    assert!(!is_open(&stage));
    assert!(stage.drafts.is_empty());
}

#[test]
fn lines_between_two_hunks_are_refused_in_the_form() {
    let mut stage = stage();
    stage.keys("]f]f]fv9jf<C-s>");
    assert!(is_open(&stage), "{}", stage.screen());
    assert!(stage.has("is not in this change"), "{}", stage.screen());
    assert!(stage.ledger.review().findings.is_empty());
}

#[test]
fn the_answer_to_an_earlier_request_does_not_close_a_form() {
    let mut stage = stage();
    stage.hold();
    stage.keys("m");
    stage.keys("amine<enter>");
    let acts = |effect: &Effect| matches!(effect, Effect::Act(_));
    stage.held.as_mut().unwrap().retain(acts);
    stage.ledger.refusal = None;
    stage.answer();
    assert!(is_open(&stage), "that was the mark's answer");
    stage.ledger.refusal = Some("no such item".to_owned());
    stage.answer();
    assert!(
        is_open(&stage) && stage.has("no such item") && stage.has("mine"),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_refused_mark_is_said_below_and_not_in_the_form_in_front() {
    let mut stage = stage();
    stage.hold();
    stage.keys("m");
    stage
        .held
        .as_mut()
        .unwrap()
        .retain(|effect| matches!(effect, Effect::Act(_)));
    stage.keys("a");
    stage.ledger.refusal = Some("there is no hunk 1".to_owned());
    stage.answer();
    assert_eq!(stage.status(), " there is no hunk 1");
    assert!(!stage.row_with("┌ Accept").contains("hunk"));
    stage.keys("typing goes on");
    assert!(stage.has("typing goes on"));
}

#[test]
fn what_cannot_be_written_is_kept_said_and_tried_again_in_order() {
    let mut stage = stage();
    stage.ledger.full = Some("no space left on the device.".to_owned());
    stage.keys("afirst<enter>");
    assert!(!is_open(&stage));
    assert!(stage.title().ends_with("NOT SAVED"), "{}", stage.title());
    assert_eq!(
        stage.status(),
        " Not saved: no space left on the device. R tries again."
    );
    assert!(
        stage.title().contains("items 0/22"),
        "nothing shows as done that is not"
    );
    assert_eq!(stage.drafts.len(), 1, "the words stay on disk as a draft");
    stage.keys("Jxsecond<enter>");
    let Saving::NotSaved { acts, .. } = &stage.state.saving else {
        panic!("{:?}", stage.state.saving);
    };
    let items: Vec<&str> = acts.iter().map(item_of).collect();
    assert_eq!(items, ["lost-update", "check-then-act"]);
    stage.keys("R");
    assert!(stage.title().ends_with("NOT SAVED"));
    stage.ledger.full = None;
    stage.acts.clear();
    stage.keys("R");
    let items: Vec<&str> = stage.acts.iter().map(item_of).collect();
    assert_eq!(items, ["lost-update", "check-then-act"]);
    assert!(
        stage
            .title()
            .ends_with("items 2/22  flags 0  read 0%  saved"),
        "{}",
        stage.title()
    );
    assert!(stage.drafts.is_empty(), "{:?}", stage.drafts);
    stage.keys("R");
    assert_eq!(stage.status(), " Everything is saved.");
}

fn item_of(act: &Act) -> &str {
    match act {
        Act::Accept { item, .. } | Act::NotApplicable { item, .. } => item.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_kept_act_that_is_refused_later_takes_no_other_with_it_and_its_words_stay() {
    let mut stage = stage();
    stage.ledger.full = Some("no space left on the device.".to_owned());
    stage.keys("afirst<enter>Jxsecond<enter>");
    stage.ledger.full = None;
    stage.ledger.refusal = Some("refused this time".to_owned());
    stage.keys("R");
    assert_eq!(stage.status(), " refused this time");
    assert_eq!(outcome(&stage, "check-then-act"), Outcome::NotApplicable);
    stage.keys("K").keys("a");
    assert!(stage.has("first"), "{}", stage.screen());
}

#[test]
fn leaving_with_something_not_saved_asks_first() {
    let mut stage = stage();
    stage.ledger.full = Some("no space left on the device.".to_owned());
    stage.keys("afirst<enter>q");
    assert!(!stage.quit);
    assert!(
        stage.has("Leave, though 1 act is not saved?"),
        "{}",
        stage.screen()
    );
    stage.keys("n");
    assert!(!stage.quit && !is_open(&stage));
    stage.keys("mq");
    assert!(
        stage.has("Leave, though 2 acts are not saved?"),
        "{}",
        stage.screen()
    );
    stage.keys("y");
    assert!(stage.quit);
}

#[test]
fn leaving_while_something_is_being_saved_waits_for_the_answer() {
    let mut stage = stage();
    stage.hold();
    stage.keys("mq");
    assert!(!stage.effects.contains(&Effect::Quit));
    assert_eq!(stage.status(), " Saving… then leaving.");
    stage.answer_all();
    assert!(stage.quit);

    let mut stage = self::stage();
    stage.hold();
    stage.keys("mq");
    stage.ledger.full = Some("no space left on the device.".to_owned());
    stage.answer_all();
    assert!(!stage.quit, "what failed is said instead");
    assert!(stage.title().ends_with("NOT SAVED"));

    let mut stage = self::stage();
    stage.hold();
    stage.keys("mqq");
    assert!(
        stage.effects.contains(&Effect::Quit),
        "asked twice, one does not wait"
    );
}

#[test]
fn a_signal_leaves_at_once_and_records_what_was_shown() {
    let mut stage = stage();
    stage.keys("ahalf").send(Msg::Terminate);
    assert!(stage.quit);
    assert_eq!(stage.shown.len(), 1);
    assert!(stage.drafts.contains_key("accepted-lost-update"));
}

#[test]
fn read_only_refuses_with_who_holds_it_and_keeps_the_text() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    ledger.read_only = Some("R. Okafor holds it on desk 2.".to_owned());
    let mut stage = Stage::with(ledger, 120, 40);
    stage.keys("awords<enter>");
    assert!(
        is_open(&stage) && stage.has("R. Okafor holds it") && stage.has("words"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>m");
    assert_eq!(stage.status(), " Read-only: R. Okafor holds it on desk 2.");
    assert!(stage.acts.is_empty());
}

#[test]
fn comments_go_to_the_line_the_file_the_item_or_the_review() {
    let mut stage = stage();
    stage.keys("]f]f]fc");
    assert!(
        stage.has("src/orders/service.py@old:12"),
        "{}",
        stage.screen()
    );
    stage.keys("why?<C-s>");
    assert!(
        stage.row_with("step_12()").contains("−✎"),
        "{}",
        stage.screen()
    );
    stage.keys("ggc");
    assert!(
        stage.has("file src/orders/service.py"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc><tab>citem words<C-s>");
    assert!(
        stage.has("Comment    D. Levi: item words") || stage.has("Comment    [internal]"),
        "{}",
        stage.screen()
    );
    stage.keys("grall of it<C-s>");
    assert_eq!(stage.ledger.review().comments.len(), 3);
    assert!(!is_open(&stage));
}

#[test]
fn the_list_of_findings_leads_back_to_the_lines() {
    let mut stage = stage();
    stage.keys("]f]f]f]hjf<C-s>9[f[f[f[fL");
    assert!(stage.has("src/orders/service.py:45"), "{}", stage.screen());
    stage.keys("<enter>");
    assert_eq!(
        (stage.path(), stage.at()),
        ("src/orders/service.py".to_owned(), "+45".to_owned())
    );
    assert!(stage.state.overlays.is_empty());
}

#[test]
fn the_sign_off_waits_until_every_file_is_counted() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    ledger.counted = Some(2);
    let mut stage = Stage::with(ledger, 120, 40);
    assert_eq!(stage.status(), " Counting lines: 2 of 4 files");
    stage.keys("S");
    assert!(!is_open(&stage));
    assert!(
        stage.status().contains("2 of 4 files"),
        "{}",
        stage.status()
    );
    // Another key, and it is no longer waited for.
    stage.keys("j");
    stage.ledger.counted = None;
    stage.follow();
    assert!(!is_open(&stage));
    stage.keys("S");
    assert!(is_open(&stage));
    assert!(stage.has("22 items are undecided"), "{}", stage.screen());
}

#[test]
fn counting_is_stopped_and_goes_on_and_the_sign_off_says_which() {
    let mut ledger = Ledger::new(orders(), vec![list()]);
    ledger.counted = Some(2);
    let mut stage = Stage::with(ledger, 120, 40);
    stage.take_effects();
    // What is nearer to the reader is ended first.
    stage.keys("v<esc>");
    assert!(stage.status().contains("Counting lines"));
    stage.keys("<esc>");
    assert!(
        stage.status().contains("Counting stopped at 2 of 4 files")
            && stage.status().contains("gC"),
        "{}",
        stage.status()
    );
    stage.keys("S");
    assert!(!is_open(&stage));
    assert!(stage.status().contains("gC first"), "{}", stage.status());
    stage.keys("<esc>gC");
    assert_eq!(stage.status(), " Counting lines: 2 of 4 files");
    let counts: Vec<Effect> = stage
        .take_effects()
        .into_iter()
        .filter(|effect| matches!(effect, Effect::Count(_)))
        .collect();
    let wanted = [Pace::Halted, Pace::Goes].map(Effect::Count);
    assert_eq!(counts, wanted);
    stage.ledger.counted = None;
    stage.follow().keys("<esc>gC");
    assert_eq!(stage.status(), " Every line of the change is counted.");
}

#[test]
fn a_sign_off_asked_for_before_the_keys_are_known_opens_with_them() {
    let mut stage = stage();
    stage.state.subject.signer.keys = None;
    stage.keys("S");
    assert!(!is_open(&stage));
    stage.send(Msg::KeysFound(Vec::new()));
    assert!(is_open(&stage), "{}", stage.screen());
}

#[test]
fn an_editors_text_goes_into_the_field_it_came_from() {
    let mut stage = stage();
    stage.keys("adraft<C-e>");
    assert!(
        stage
            .effects
            .contains(&Effect::EditText("draft".to_owned()))
    );
    stage.send(Msg::Edited(Ok("from the editor".to_owned())));
    assert!(stage.has("from the editor"), "{}", stage.screen());
    assert!(stage.drafts["accepted-lost-update"].contains("from the editor"));
    stage.send(Msg::Edited(Err("the editor ended with 1".to_owned())));
    assert!(stage.has("the editor ended with 1") && stage.has("from the editor"));
}
