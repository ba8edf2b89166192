//! What typed keys lead to.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::world::*;
use crate::model::{
    Comment, CommentId, CommentTarget, Disposition, FindingId, Horizon, ItemId, Severity,
    SignoffVerdict, Visibility,
};
use crate::review::CommentState;
use crate::tui::dialog::typed::{screen, type_keys};
use crate::tui::dialog::*;
use crate::workbench::CommentSubject;

fn submitted(outcome: Outcome) -> Vec<Act> {
    match outcome {
        Outcome::Submit(acts) => acts,
        other => panic!("acts are asked for, not {other:?}"),
    }
}

fn flagged(acts: Vec<Act>) -> crate::workbench::FindingDraft {
    match acts.into_iter().next() {
        Some(Act::Flag { finding, .. } | Act::EditFinding { finding, .. }) => finding,
        other => panic!("a finding is asked for, not {other:?}"),
    }
}

#[test]
fn a_typed_reason_accepts_the_item() {
    let world = World::new();
    for typed in [
        "Looks<space>fine<C-s>",
        "Looks fine<enter>",
        "Looks fine <C-enter>",
    ] {
        let outcome = type_keys(&mut accept(&world), typed, &world.context());
        let expected = Act::Accept {
            item: ItemId::from("n-plus-one"),
            reason: "Looks fine".to_owned(),
        };
        assert_eq!(submitted(outcome), [expected], "{typed}");
    }
    let mut dialog = Dialog::Reason(ReasonForm::not_applicable(world.item(), ""));
    let acts = submitted(type_keys(
        &mut dialog,
        "No queries here<enter>",
        &world.context(),
    ));
    assert!(
        matches!(&acts[..], [Act::NotApplicable { reason, .. }] if reason == "No queries here")
    );
}

#[test]
fn a_blank_reason_is_refused_in_place() {
    let world = World::new();
    let mut dialog = accept(&world);
    let outcome = type_keys(&mut dialog, "  <A-enter> <C-s>", &world.context());
    assert!(matches!(outcome, Outcome::Stay));
    assert!(screen(&dialog, &world.context(), 80, 24).contains("a reason is needed"));
    type_keys(&mut dialog, "x", &world.context());
    assert!(!screen(&dialog, &world.context(), 80, 24).contains("a reason is needed"));
}

#[test]
fn up_recalls_ones_own_reasons_and_down_comes_back_to_what_was_typed() {
    let mut world = World::new();
    world.review.items = BTreeMap::from([
        accepted("a", "older", &levi(), 1),
        accepted("b", "newer", &levi(), 5),
        accepted("c", "not mine", &other_person(), 9),
    ]);
    for (typed, reason) in [
        ("mine<up>", "newer"),
        ("mine<up><up>", "older"),
        ("mine<up><up><up><up>", "older"),
        ("mine<up><up><down>", "newer"),
        ("mine<up><down>", "mine"),
        ("<up>!", "newer!"),
    ] {
        let mut dialog = accept(&world);
        let outcome = type_keys(&mut dialog, &format!("{typed}<C-s>"), &world.context());
        assert!(
            matches!(&submitted(outcome)[..], [Act::Accept { reason: given, .. }] if given == reason),
            "{typed}"
        );
    }
}

#[test]
fn a_waiver_needs_a_person_a_reason_and_a_day_to_come() {
    let world = World::new();
    let context = world.context();
    let mut dialog = Dialog::Waive(WaiveForm::new(world.item()));
    type_keys(&mut dialog, "<C-s>", &context);
    let shown = screen(&dialog, &context, 80, 24);
    for fault in [
        "a person is needed",
        "a reason is needed",
        "a date is needed",
    ] {
        assert!(shown.contains(fault), "{fault}\n{shown}");
    }
    let typed = "A. Client<enter>Small tables<tab>2026-11-20<C-s>";
    assert!(matches!(
        type_keys(&mut dialog, typed, &context),
        Outcome::Stay
    ));
    assert!(screen(&dialog, &context, 80, 24).contains("2026-11-20 is in the past"));
    let acts = submitted(type_keys(&mut dialog, "<C-u>+6w<enter>", &context));
    let expected = Act::Waive {
        item: ItemId::from("n-plus-one"),
        by: "A. Client".to_owned(),
        reason: "Small tables".to_owned(),
        until: date(2027, 1, 2),
    };
    assert_eq!(acts, [expected]);
}

#[test]
fn an_untouched_finding_is_complete() {
    let world = World::new();
    let draft = flagged(submitted(type_keys(
        &mut flag(&world),
        "<C-s>",
        &world.context(),
    )));
    assert_eq!(draft.title.as_deref(), Some("N+1: a query or call per row"));
    assert_eq!(draft.severity, Some(Severity::Major));
    assert_eq!(draft.disposition, Some(Disposition::FixBeforeLaunch));
    assert_eq!(draft.places, [place("src/orders/service.py", 121, 123)]);
    assert_eq!(
        draft.mitigation.as_deref(),
        Some(world.item().mitigations[0].as_str())
    );
}

#[test]
fn a_finding_that_can_wait_says_until_when() {
    let world = World::new();
    let context = world.context();
    let mut dialog = flag(&world);
    let outcome = type_keys(&mut dialog, "<tab>b<tab>c<C-s>", &context);
    assert!(matches!(outcome, Outcome::Stay));
    assert!(screen(&dialog, &context, 80, 24).contains("say until when it can wait"));
    let draft = flagged(submitted(type_keys(
        &mut dialog,
        "10,000 users<C-s>",
        &context,
    )));
    assert_eq!(draft.severity, Some(Severity::Blocker));
    let until = Horizon::Milestone("10,000 users".to_owned());
    assert_eq!(draft.disposition, Some(Disposition::CanWait { until }));
}

#[test]
fn an_accepted_risk_names_who_accepts_it() {
    let world = World::new();
    let context = world.context();
    let mut dialog = flag(&world);
    let outcome = type_keys(&mut dialog, "<tab><tab>a<C-s>", &context);
    assert!(matches!(outcome, Outcome::Stay));
    assert!(screen(&dialog, &context, 80, 24).contains("name who accepts the risk"));
    let draft = flagged(submitted(type_keys(&mut dialog, "CTO<C-s>", &context)));
    let by = "CTO".to_owned();
    assert_eq!(
        draft.disposition,
        Some(Disposition::AcceptedRisk { by, until: None })
    );
}

#[test]
fn evidence_is_dropped_and_mitigations_are_gone_through_by_keyboard() {
    let world = World::new();
    let mut dialog = flag(&world);
    let typed = "<tab><tab><tab>Too slow<tab>x<tab><C-n><C-s>";
    let draft = flagged(submitted(type_keys(&mut dialog, typed, &world.context())));
    assert_eq!(draft.note, "Too slow");
    assert!(draft.places.is_empty());
    assert_eq!(
        draft.mitigation.as_deref(),
        Some("Batch the calls and cap the page.")
    );
}

#[test]
fn an_edit_starts_with_what_the_finding_says_and_keeps_a_day_that_went_by() {
    let mut world = World::new();
    let mut state = finding("f01", "Slow page", levi());
    let until = Horizon::Date(date(2026, 1, 31));
    state.finding.disposition = Disposition::CanWait { until };
    world.review.findings.push(state.clone());
    let mut dialog = Dialog::Finding(FindingForm::edit(&state, Some(world.item())));
    let acts = submitted(type_keys(&mut dialog, "!<C-s>", &world.context()));
    assert!(matches!(&acts[..], [Act::EditFinding { id, .. }] if id.as_str() == "f01"));
    let draft = flagged(acts);
    assert_eq!(draft.title.as_deref(), Some("Slow page!"));
    assert_eq!(draft.disposition, Some(state.finding.disposition));
    assert_eq!(draft.places, [place("src/orders/service.py", 121, 121)]);
    assert_eq!(draft.owner, "Orders team");
}

#[test]
fn a_comment_is_for_the_client_until_it_is_made_internal() {
    let world = World::new();
    let on = CommentSubject::Lines(place("a.rs", 3, 4));
    for (typed, visibility) in [
        ("Why?<C-s>", Visibility::Client),
        ("Why?<C-t><C-s>", Visibility::Internal),
        ("Why?<tab><down><C-s>", Visibility::Internal),
        ("Why?<tab>i<C-t><C-s>", Visibility::Client),
    ] {
        let mut dialog = Dialog::Comment(CommentForm::new(on.clone()));
        let acts = submitted(type_keys(&mut dialog, typed, &world.context()));
        let text = "Why?".to_owned();
        let on = on.clone();
        assert_eq!(
            acts,
            [Act::Comment {
                on,
                visibility,
                text
            }],
            "{typed}"
        );
    }
}

#[test]
fn drafts_come_back_as_they_were_typed() {
    let world = World::new();
    let context = world.context();
    let comment = || Dialog::Comment(CommentForm::new(CommentSubject::Review));
    let waive = || Dialog::Waive(WaiveForm::new(world.item()));
    let cases: [(&dyn Fn() -> Dialog, &str); 4] = [
        (&|| accept(&world), "Half a <A-enter>reason \"quoted\""),
        (
            &|| flag(&world),
            "!<tab>b<tab>a<tab>+3m<tab>CTO<tab>note<tab><tab>way<tab>1d<tab>me",
        ),
        (&comment, "To be<C-t>"),
        (&waive, "CTO<tab>because<tab>eom"),
    ];
    for (open, typed) in cases {
        let mut dialog = open();
        assert_eq!(dialog.draft(), None, "nothing is typed yet");
        type_keys(&mut dialog, typed, &context);
        let draft = dialog.draft().expect("typed text is a draft");
        let mut again = open();
        assert_eq!(again.draft_name().as_ref(), Some(&draft.name));
        again.restore(&draft.text);
        assert_eq!(again.draft(), Some(draft), "{typed}");
        let sent = type_keys(&mut dialog, "<C-s>", &context);
        let resent = type_keys(&mut again, "<C-s>", &context);
        assert_eq!(submitted(sent), submitted(resent), "{typed}");
    }
    let mut dialog = accept(&world);
    dialog.restore("{ not a draft");
    assert_eq!(dialog.draft(), None);
}

#[test]
fn a_restored_finding_has_the_places_of_before_and_of_now() {
    let world = World::new();
    let mut dialog = flag(&world);
    type_keys(&mut dialog, "!", &world.context());
    let draft = dialog.draft().expect("a draft").text;
    let mut more = evidence();
    more[0].place = place("src/other.py", 1, 1);
    let mut again = Dialog::Finding(FindingForm::new(world.item(), more));
    again.restore(&draft);
    let finding = flagged(submitted(type_keys(&mut again, "<C-s>", &world.context())));
    assert_eq!(
        finding.places,
        [
            place("src/other.py", 1, 1),
            place("src/orders/service.py", 121, 123)
        ]
    );
}

#[test]
fn a_refused_act_is_shown_and_the_text_is_kept() {
    let world = World::new();
    let mut dialog = accept(&world);
    type_keys(&mut dialog, "Fine<C-s>", &world.context());
    dialog.refused("not saved: the disk is full");
    let shown = screen(&dialog, &world.context(), 60, 15);
    assert!(shown.contains("not saved: the disk is full"), "{shown}");
    assert!(shown.contains("Fine"));
    assert_eq!(
        submitted(type_keys(&mut dialog, "<C-s>", &world.context())).len(),
        1
    );
}

#[test]
fn a_review_that_is_held_elsewhere_takes_no_act_and_says_who_holds_it() {
    let mut world = World::new();
    world.read_only = Some("M. Okafor holds it on laptop-7".to_owned());
    world.review.findings.push(finding("f01", "Mine", levi()));
    let context = world.context();
    let comment = Dialog::Comment(CommentForm::new(CommentSubject::Review));
    let waive = Dialog::Waive(WaiveForm::new(world.item()));
    for (mut dialog, typed) in [
        (accept(&world), "Fine<C-s>"),
        (flag(&world), "<C-s>"),
        (comment, "Text<C-s>"),
        (waive, "Me<tab>So<tab>eom<C-s>"),
        (Dialog::Findings(FindingsList::new()), "d"),
        (Dialog::Findings(FindingsList::new()), "e"),
    ] {
        assert!(
            matches!(type_keys(&mut dialog, typed, &context), Outcome::Stay),
            "{typed}"
        );
        let shown = screen(&dialog, &context, 80, 24);
        assert!(shown.contains("M. Okafor holds it on laptop-7"), "{shown}");
    }
}

#[test]
fn an_editor_takes_the_text_and_gives_it_back() {
    let world = World::new();
    let context = world.context();
    let mut dialog = flag(&world);
    let outcome = type_keys(&mut dialog, "<tab><tab><tab>abc<C-e>", &context);
    assert!(matches!(outcome, Outcome::Editor { text } if text == "abc"));
    dialog.on_editor("one\r\ntwo\n\n");
    let draft = flagged(submitted(type_keys(&mut dialog, "<C-s>", &context)));
    assert_eq!(draft.note, "one\ntwo");
}

#[test]
fn the_findings_list_goes_to_code_edits_and_deletes_only_ones_own() {
    let mut world = World::new();
    world.review.findings = vec![
        finding("f01", "Mine", levi()),
        finding("f02", "Theirs", other_person()),
    ];
    let context = world.context();
    let list = || Dialog::Findings(FindingsList::new());
    let outcome = type_keys(&mut list(), "<enter>", &context);
    assert!(matches!(outcome, Outcome::Jump(at) if at == place("src/orders/service.py", 121, 121)));
    let outcome = type_keys(&mut list(), "e", &context);
    assert!(matches!(outcome, Outcome::Open(dialog) if matches!(*dialog, Dialog::Finding(_))));
    let Outcome::Open(mut confirm) = type_keys(&mut list(), "d", &context) else {
        panic!("a deletion asks first");
    };
    assert!(screen(&confirm, &context, 120, 40).contains("your flag goes with it"));
    assert!(matches!(
        type_keys(&mut confirm.clone(), "<enter>", &context),
        Outcome::Close
    ));
    let acts = submitted(type_keys(&mut confirm, "y", &context));
    assert_eq!(acts, [Act::DeleteFinding(FindingId::from("f01"))]);
    for key in ["e", "d", "x"] {
        let mut dialog = list();
        let outcome = type_keys(&mut dialog, &format!("j{key}"), &context);
        assert!(matches!(outcome, Outcome::Stay), "{key}");
        assert!(screen(&dialog, &context, 80, 24).contains("M. Okafor made this finding"));
    }
}

#[test]
fn lists_are_gone_through_and_filtered_as_a_vim_hand_expects() {
    let mut world = World::new();
    for number in 0..30 {
        let mut state = finding(
            &format!("f{number:02}"),
            &format!("Finding no{number:02}"),
            levi(),
        );
        state.finding.evidence = vec![anchor("a.py", number + 1)];
        world.review.findings.push(state);
    }
    for (typed, line) in [
        ("<enter>", 1),
        ("jjk<enter>", 2),
        ("G<enter>", 30),
        ("Ggg<enter>", 1),
        ("<end><up><enter>", 29),
        ("/finding NO17<enter><enter>", 18),
        ("/finding NO17<esc>j<enter>", 2),
        ("/Finding no1<down><enter><enter>", 12),
    ] {
        let mut dialog = Dialog::Findings(FindingsList::new());
        let outcome = type_keys(&mut dialog, typed, &world.context());
        assert!(
            matches!(&outcome, Outcome::Jump(at) if at.start == line),
            "{typed}: {outcome:?}"
        );
    }
    let mut dialog = Dialog::Findings(FindingsList::new());
    for _ in 0..29 {
        type_keys(&mut dialog, "j", &world.context());
        screen(&dialog, &world.context(), 60, 15);
    }
    assert!(screen(&dialog, &world.context(), 60, 15).contains("▸ ▲ major    Finding no29"));
}

#[test]
fn the_comments_list_marks_internal_ones_and_edits_ones_own() {
    let mut world = World::new();
    world.review.comments = vec![CommentState {
        comment: Comment {
            id: CommentId::from("c01"),
            target: CommentTarget::Lines(anchor("a.py", 7)),
            visibility: Visibility::Internal,
            text: "Ask them\nmore".to_owned(),
        },
        made: stamp(levi(), 2),
        edited: None,
    }];
    let context = world.context();
    let mut dialog = Dialog::Comments(CommentsList::new());
    assert!(screen(&dialog, &context, 80, 24).contains("◆ internal Ask them"));
    let Outcome::Open(mut edit) = type_keys(&mut dialog, "e", &context) else {
        panic!("an edit opens");
    };
    let acts = submitted(type_keys(&mut edit, "!<C-s>", &context));
    assert!(
        matches!(&acts[..], [Act::EditComment { text, visibility: Visibility::Internal, .. }]
        if text == "Ask them\nmore!")
    );
    let outcome = type_keys(&mut dialog, "<enter>", &context);
    assert!(matches!(outcome, Outcome::Jump(at) if at.start == 7));
}

/// From the verdict to the printed name: statement, term, role, organisation, principal, key.
const TO_NAME: &str = "<tab><tab><tab><tab><tab><tab><tab>";

#[test]
fn a_complete_signoff_asks_for_a_signature() {
    let world = World::new();
    let typed = format!("<down>{TO_NAME}d.  LEVI<C-s>");
    let outcome = type_keys(&mut signoff(&world), &typed, &world.context());
    let Outcome::Sign(request) = outcome else {
        panic!("a signature is asked for, not {outcome:?}");
    };
    assert_eq!(request.verdict, Some(SignoffVerdict::Approved));
    assert_eq!(request.printed_name, "d. LEVI");
    assert_eq!(request.key, "/keys/id");
    assert_eq!(request.out, "signoff");
    assert_eq!(request.not_after, None);
}

#[test]
fn nothing_undecided_can_be_approved_but_a_rejection_can_be_signed() {
    let mut world = World::new();
    world.gate.missing = vec!["1 item is undecided: n-plus-one.".to_owned()];
    let context = world.context();
    let mut dialog = signoff(&world);
    type_keys(&mut dialog, "aaa<space>", &context);
    let typed = format!("{TO_NAME}D. Levi<C-s>");
    let outcome = type_keys(&mut dialog, &typed, &context);
    let verdict = match outcome {
        Outcome::Sign(request) => request.verdict,
        other => panic!("a rejection can be signed: {other:?}"),
    };
    assert_eq!(
        verdict,
        Some(SignoffVerdict::Rejected),
        "approvals are passed over"
    );

    let open = World::new();
    let mut stale = signoff(&open);
    type_keys(&mut stale, "<down>", &open.context());
    type_keys(&mut stale, &format!("{TO_NAME}D. Levi"), &context);
    assert!(matches!(
        type_keys(&mut stale, "<C-s>", &context),
        Outcome::Stay
    ));
}

#[test]
fn a_signoff_without_verdict_or_with_another_name_says_so_in_place() {
    let world = World::new();
    let context = world.context();
    let mut dialog = signoff(&world);
    let outcome = type_keys(&mut dialog, &format!("{TO_NAME}D. Levy<C-s>"), &context);
    assert!(matches!(outcome, Outcome::Stay));
    let shown = screen(&dialog, &context, 80, 60);
    assert!(shown.contains("choose a verdict"), "{shown}");
    assert!(
        shown.contains("type the name as it stands here: D. Levi"),
        "{shown}"
    );
}

#[test]
fn the_printed_name_is_neither_pasted_nor_kept() {
    let world = World::new();
    let context = world.context();
    let mut dialog = signoff(&world);
    type_keys(&mut dialog, &format!("<down>{TO_NAME}"), &context);
    dialog.on_paste("D. Levi");
    assert!(matches!(
        type_keys(&mut dialog, "<C-s>", &context),
        Outcome::Stay
    ));
    type_keys(&mut dialog, "D. Levi", &context);
    let draft = dialog.draft().expect("a verdict is chosen");
    assert!(!draft.text.contains("D. Levi"), "{}", draft.text);
    let mut again = signoff(&world);
    again.restore(&draft.text);
    assert!(matches!(
        type_keys(&mut again, "<C-s>", &context),
        Outcome::Stay
    ));
}

#[test]
fn the_sentence_of_responsibility_follows_the_fields() {
    let world = World::new();
    let context = world.context();
    let mut dialog = signoff(&world);
    assert!(screen(&dialog, &context, 80, 60).contains("I, D. Levi, Architect, say: …."));
    type_keys(&mut dialog, "r<tab><tab><tab> emeritus", &context);
    let shown = screen(&dialog, &context, 80, 60);
    assert!(
        shown.contains("I, D. Levi, Architect emeritus, say: rejected."),
        "{shown}"
    );
}

#[test]
fn a_key_file_is_named_by_its_path() {
    let world = World::new();
    let context = world.context();
    let mut dialog = signoff(&world);
    let typed = "<down><tab><tab><tab><tab><tab><tab>a<tab><tab>D. Levi<C-s>";
    assert!(matches!(
        type_keys(&mut dialog, typed, &context),
        Outcome::Stay
    ));
    assert!(screen(&dialog, &context, 80, 60).contains("give the path of a key file"));
    let Outcome::Sign(request) = type_keys(&mut dialog, "~/.ssh/k<C-s>", &context) else {
        panic!("a path is a key");
    };
    assert_eq!(request.key, "~/.ssh/k");
}

#[test]
fn the_start_resumes_the_newest_review_first_and_starts_new_ones() {
    let world = World::new();
    let rows = vec![
        resume("r1", "old-api", "2026-11-01T00:00:00Z"),
        resume("r2", "shop-api", "2026-11-20T00:00:00Z"),
    ];
    let start = || Dialog::Start(StartScreen::new(rows.clone(), Some("shop-api".to_owned())));
    let run = |typed: &str| type_keys(&mut start(), typed, &world.context());
    assert!(matches!(run("<enter>"), Outcome::Resume(id) if id.as_str() == "r2"));
    assert!(matches!(run("j<enter>"), Outcome::Resume(id) if id.as_str() == "r1"));
    assert!(matches!(run("/old<enter><enter>"), Outcome::Resume(id) if id.as_str() == "r1"));
    assert!(matches!(
        run("jj<enter>"),
        Outcome::StartReview(SourceSpec::Revisions(None))
    ));
    assert!(matches!(
        run("jjj<enter>"),
        Outcome::StartReview(SourceSpec::Staged)
    ));
    assert!(matches!(
        run("Gk<enter>"),
        Outcome::StartReview(SourceSpec::Worktree)
    ));
    assert!(matches!(
        run("G<enter>"),
        Outcome::StartReview(SourceSpec::Tree(None))
    ));
    assert!(matches!(run("q"), Outcome::Quit));
    let empty = Dialog::Start(StartScreen::new(Vec::new(), None));
    assert!(screen(&empty, &world.context(), 80, 24).contains("countersign review --patch FILE"));
}

#[test]
fn a_confirmation_starts_at_no() {
    let world = World::new();
    let ask = || Dialog::Confirm(Confirm::new("Leave?", "Nothing is lost.", Outcome::Quit));
    let run = |typed: &str| type_keys(&mut ask(), typed, &world.context());
    assert!(matches!(run("<enter>"), Outcome::Close));
    assert!(matches!(run("<tab><enter>"), Outcome::Quit));
    assert!(matches!(run("y"), Outcome::Quit));
    assert!(matches!(run("n"), Outcome::Close));
    assert!(matches!(run("<esc>"), Outcome::Close));
}
