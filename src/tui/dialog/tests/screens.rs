//! What dialogs look like, and what never reaches the screen.

use jiff::civil::date;

use super::world::*;
use crate::model::{Comment, CommentId, CommentTarget, Disposition, Horizon, Severity, Visibility};
use crate::review::CommentState;
use crate::tui::dialog::typed::{cursor, keys, screen, type_keys};
use crate::tui::dialog::*;
use crate::workbench::CommentSubject;

fn typed(mut dialog: Dialog, text: &str, world: &World) -> Dialog {
    type_keys(&mut dialog, text, &world.context());
    dialog
}

#[test]
fn a_reason_stands_under_its_question() {
    let world = World::new();
    let dialog = typed(accept(&world), "Looks fine<C-u><C-s>", &world);
    insta::assert_snapshot!(screen(&dialog, &world.context(), 80, 24), @r"







    ┌ Accept ──────────────────────────────────────────────────────────────────────┐
    │ N+1: a query or call per row                                                 │
    │ How many round trips does the largest page of a customer take?               │
    │                                                                              │
    │ ▸ Reason                                                                     │
    │   │ why this is good here                                                    │
    │   │                                                                          │
    │   ✗ a reason is needed; say what you looked at                               │
    └──────────────────────────────────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(screen(&dialog, &world.context(), 60, 15), @r"


    ┌ Accept ──────────────────────────────────────────────────┐
    │ N+1: a query or call per row                             │
    │ How many round trips does the largest page of a customer │
    │ take?                                                    │
    │                                                          │
    │ ▸ Reason                                                 │
    │   │ why this is good here                                │
    │   │                                                      │
    │   ✗ a reason is needed; say what you looked at           │
    └──────────────────────────────────────────────────────────┘
    ");
}

#[test]
fn a_finding_shows_every_field_and_scrolls_where_there_is_no_room() {
    let world = World::new();
    let dialog = typed(flag(&world), "<tab><tab>c<tab>+3m", &world);
    insta::assert_snapshot!(screen(&dialog, &world.context(), 80, 24), @r"



    ┌ Flag: N+1: a query or call per row ──────────────────────────────────────────┐
    │ How many round trips does the largest page of a customer take?               │
    │   Title         N+1: a query or call per row                                 │
    │   Severity      ( ) blocker  (•) major  ( ) minor  ( ) note                  │
    │   Disposition   ( ) fix before launch  (•) can wait  ( ) accepted risk       │
    │ ▸ Until         +3m                                                          │
    │                 = Sunday, 21 February 2027                                   │
    │   Note                                                                       │
    │   │ what is wrong here and what follows                                      │
    │   │                                                                          │
    │   Evidence                                                                   │
    │     src/orders/service.py:121-123  o.items = db.query(Item).filter_by(order_ │
    │   Mitigation                                                                 │
    │   │ Load the children in one query with a join or an IN list.                │
    │   │                                                                          │
    │   Effort        in words, such as 2 days                                     │
    │   Owner         who deals with it                                            │
    └──────────────────────────────────────────────────────────────────────────────┘
    ");
    let dialog = typed(dialog, "<tab><tab><tab><tab>", &world);
    insta::assert_snapshot!(screen(&dialog, &world.context(), 60, 15), @r"
    ┌ Flag: N+1: a query or call per row ──────────────────────┐
    │   Disposition   ( ) fix before launch  (•) can wait      │
    │                 ( ) accepted risk                        │
    │   Until         +3m                                      │
    │                 = Sunday, 21 February 2027               │
    │   Note                                                   │
    │   │ what is wrong here and what follows                  │
    │   │                                                      │
    │   Evidence                                               │
    │     src/orders/service.py:121-123  o.items = db.query(It │
    │   Mitigation                                             │
    │   │ Load the children in one query with a join or an IN  │
    │   │ list.                                                │
    │ ▸ Effort        in words, such as 2 days                 │
    └─────────────────────────────────────────── ↑↓ 6–18 of 19 ┘
    ");
}

#[test]
fn findings_stand_by_what_is_to_be_done_about_them() {
    let mut world = World::new();
    world.review.findings = vec![
        finding("f01", "Slow order page", other_person()),
        finding("f02", "Slow report", levi()),
    ];
    world.review.findings[0].finding.severity = Severity::Blocker;
    let until = Horizon::Date(date(2027, 3, 31));
    world.review.findings[1].finding.disposition = Disposition::CanWait { until };
    let dialog = typed(Dialog::Findings(FindingsList::new()), "e", &world);
    insta::assert_snapshot!(screen(&dialog, &world.context(), 60, 15), @r"
    ┌ Findings: 2 ─────────────────────────────────────────────┐
    │ Fix before launch                                        │
    │ ▸ ■ blocker  Slow order page                             │
    │              src/orders/service.py:121                   │
    │              M. Okafor · N+1: a query or call per row    │
    │                                                          │
    │ Can wait                                                 │
    │   ▲ major    Slow report                                 │
    │              src/orders/service.py:121                   │
    │              D. Levi · until 2027-03-31 · N+1: a query … │
    │                                                          │
    │                                                          │
    │ ! M. Okafor made this finding; only they can change it.  │
    │   Flag the item yourself to add yours.                   │
    └──────────────────────────────────────────────────────────┘
    ");
}

#[test]
fn the_signoff_says_first_what_is_missing() {
    let mut world = World::new();
    world.gate.missing = vec!["1 item is undecided: n-plus-one.".to_owned()];
    let dialog = signoff(&world);
    insta::assert_snapshot!(screen(&dialog, &world.context(), 80, 40), @r"
    ┌ Sign-off ────────────────────────────────────────────────────────────────────┐
    │ 1  What is missing                                                           │
    │   ✗ 1 item is undecided: n-plus-one.                                         │
    │   · 12 of 47 hunks are marked as read: 310 of 3622 changed lines, 8 %. 30 of │
    │     47 hunks were on the screen in full.                                     │
    │                                                                              │
    │ 2  Verdict                                                                   │
    │ ▸ Verdict                                                                    │
    │     ( ) approved: may go to production as it is                              │
    │         not yet: 1 item is undecided: n-plus-one.                            │
    │     ( ) approved with conditions: may go once the findings are dealt with    │
    │         not yet: 1 item is undecided: n-plus-one.                            │
    │     ( ) rejected: must not go to production                                  │
    │                                                                              │
    │ 3  Statement and term                                                        │
    │   Statement                                                                  │
    │   │ in your own words, if any                                                │
    │   │                                                                          │
    │   Not after     no end; or 2027-03-31, +3m                                   │
    │                                                                              │
    │ 4  Who signs                                                                 │
    │   Role          Architect                                                    │
    │   Organisation  Firm                                                         │
    │   Principal     levi@firm.example                                            │
    │                                                                              │
    │   You sign this sentence:                                                    │
    │   │ I, D. Levi, Architect, say: ….                                           │
    │                                                                              │
    │ 5  Key                                                                       │
    │   Key                                                                        │
    │     (•) SHA256:abc  id_ed25519                                               │
    │     ( ) a key file, by its path                                              │
    │                                                                              │
    │ 6  Your name                                                                 │
    │   Type D. Levi by hand to sign.                                              │
    │   Name          —                                                            │
    │                                                                              │
    │ 7  Bundle                                                                    │
    │   Folder        signoff                                                      │
    └──────────────────────────────────────────────────────────────────────────────┘
    ");
    insta::assert_snapshot!(screen(&dialog, &world.context(), 60, 15), @r"
    ┌ Sign-off ────────────────────────────────────────────────┐
    │   ✗ 1 item is undecided: n-plus-one.                     │
    │   · 12 of 47 hunks are marked as read: 310 of 3622       │
    │     changed lines, 8 %. 30 of 47 hunks were on the       │
    │     screen in full.                                      │
    │                                                          │
    │ 2  Verdict                                               │
    │ ▸ Verdict                                                │
    │     ( ) approved: may go to production as it is          │
    │         not yet: 1 item is undecided: n-plus-one.        │
    │     ( ) approved with conditions: may go once the        │
    │         findings are dealt with                          │
    │         not yet: 1 item is undecided: n-plus-one.        │
    │     ( ) rejected: must not go to production              │
    └─────────────────────────────────────────── ↑↓ 2–14 of 40 ┘
    ");
}

#[test]
fn the_start_offers_reviews_to_resume_and_to_start() {
    let world = World::new();
    let mut damaged = resume("r1", "old-api", "2026-11-01T00:00:00Z");
    damaged.problems = vec!["damaged at entry 12; opens read-only".to_owned()];
    let rows = vec![damaged, resume("r2", "shop-api", "2026-11-20T00:00:00Z")];
    let dialog = Dialog::Start(StartScreen::new(rows, Some("shop-api".to_owned())));
    insta::assert_snapshot!(screen(&dialog, &world.context(), 80, 24), @r"
    ┌ countersign ─────────────────────────────────────────────────────────────────┐
    │ Resume a review                                                              │
    │ ▸ shop-api                                                                   │
    │   main…agent/orders                        items 9/22   2026-11-20 00:00 UTC │
    │   old-api                                                                    │
    │   main…agent/orders                        items 9/22   2026-11-01 00:00 UTC │
    │   ! damaged at entry 12; opens read-only                                     │
    │                                                                              │
    │ Start a new review of shop-api                                               │
    │   This branch   from where it left the upstream or main branch, to HEAD      │
    │   Staged        the index against HEAD                                       │
    │   Work tree     everything not committed, untracked files too                │
    │   Whole tree    all of HEAD, as in a review of code nobody has read          │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    │                                                                              │
    └──────────────────────────────────────────────────────────────────────────────┘
    ");
    let nothing = Dialog::Start(StartScreen::new(Vec::new(), None));
    insta::assert_snapshot!(screen(&nothing, &world.context(), 60, 15), @r"
    ┌ countersign ─────────────────────────────────────────────┐
    │ There is no review yet, and this folder is in no git     │
    │ repository.                                              │
    │                                                          │
    │ Go into a repository and run countersign again, or name  │
    │ what to review:                                          │
    │ countersign review --patch FILE   a patch                │
    │ countersign review --path DIR     a folder outside git   │
    │ countersign demo                  an example to try      │
    │                                                          │
    │                                                          │
    │                                                          │
    │                                                          │
    │                                                          │
    └──────────────────────────────────────────────────────────┘
    ");
}

#[test]
fn the_cursor_stands_where_the_next_letter_goes() {
    let world = World::new();
    let at = |typed: &str| {
        let mut dialog = accept(&world);
        type_keys(&mut dialog, typed, &world.context());
        cursor(&dialog, &world.context(), 80, 24)
    };
    let start = at("");
    assert_eq!(at("ab"), (start.0 + 2, start.1));
    assert_eq!(at("日本"), (start.0 + 4, start.1));
    assert_eq!(at("ab<A-enter>"), (start.0, start.1 + 1));
}

/// Every dialog there is, on data whose every foreign text tries something.
fn hostile_dialogs(world: &World) -> Vec<Dialog> {
    let bad = HOSTILE.to_owned();
    let mut row = resume("r1", HOSTILE, "2026-11-01T00:00:00Z");
    row.change.clone_from(&bad);
    row.problems = vec![bad.clone()];
    let mut places = evidence();
    places[0].place.path = HOSTILE.into();
    places[0].excerpt = Some(bad.clone());
    let mut refused = accept(world);
    refused.refused(HOSTILE);
    let mut pasted = accept(world);
    pasted.on_paste(HOSTILE);
    vec![
        refused,
        pasted,
        Dialog::Waive(WaiveForm::new(world.item())),
        Dialog::Finding(FindingForm::new(world.item(), places)),
        Dialog::Finding(FindingForm::edit(&world.review.findings[0], None)),
        Dialog::Comment(CommentForm::new(CommentSubject::File(HOSTILE.into()))),
        Dialog::Comment(CommentForm::edit(&world.review.comments[0])),
        Dialog::Findings(FindingsList::new()),
        Dialog::Comments(CommentsList::new()),
        signoff(world),
        Dialog::Confirm(Confirm::new(HOSTILE, HOSTILE, Outcome::Quit)),
        Dialog::Start(StartScreen::new(vec![row], Some(bad))),
    ]
}

const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}evil\u{200b}\r\n\tend";

fn hostile_world() -> World {
    let mut world = World::new();
    let item = &mut world.checklists[0].items[0];
    item.title = HOSTILE.to_owned();
    item.ask = HOSTILE.to_owned();
    item.mitigations = vec![HOSTILE.to_owned()];
    let mut state = finding("f01", HOSTILE, levi());
    state.finding.note = HOSTILE.to_owned();
    state.finding.evidence = vec![anchor(HOSTILE, 1)];
    state.finding.owner = HOSTILE.to_owned();
    state.made.by.name = HOSTILE.to_owned();
    world.review.findings.push(state);
    world.review.comments = vec![CommentState {
        comment: Comment {
            id: CommentId::from("c01"),
            target: CommentTarget::File(HOSTILE.into()),
            visibility: Visibility::Client,
            text: HOSTILE.to_owned(),
        },
        made: stamp(levi(), 1),
        edited: None,
    }];
    world.gate.missing = vec![HOSTILE.to_owned()];
    world.gate.remarks = vec![HOSTILE.to_owned()];
    world.read_only = Some(HOSTILE.to_owned());
    world
}

#[test]
fn foreign_text_reaches_the_screen_as_visible_tokens_only() {
    let world = hostile_world();
    for dialog in hostile_dialogs(&world) {
        for (cols, rows) in [(60, 15), (80, 24), (120, 40)] {
            let shown = screen(&dialog, &world.context(), cols, rows);
            let bad = |char: char| {
                (char.is_control() && char != '\n') || matches!(char, '\u{202e}' | '\u{200b}')
            };
            assert!(!shown.contains(bad), "{shown:?}");
            assert!(shown.contains("evil"), "{shown}");
        }
    }
}

#[test]
fn no_size_and_no_key_brings_a_dialog_down() {
    let world = hostile_world();
    let every = "x<tab><up><down><left><right><home><end><bs><del><pgdn><pgup><C-a><C-e><C-k><C-u>\
                 <C-w><C-n><C-p><A-b><A-f><enter>日<space>/g<s-tab><C-j>";
    for mut dialog in hostile_dialogs(&world) {
        for (cols, rows) in [(1, 1), (9, 4), (20, 5), (200, 3)] {
            for key in keys(every) {
                dialog.on_key(key, &world.context());
                screen(&dialog, &world.context(), cols, rows);
            }
        }
    }
}

#[test]
fn drawing_twice_gives_the_same_screen() {
    let world = hostile_world();
    for dialog in hostile_dialogs(&world) {
        let first = screen(&dialog, &world.context(), 60, 15);
        assert_eq!(first, screen(&dialog, &world.context(), 60, 15));
    }
}
