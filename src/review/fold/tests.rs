//! The fold's promises, on entries made by hand.

use proptest::prelude::*;

use super::*;
use crate::model::{
    CommentTarget, DisplayedSpan, Disposition, Revision, Severity, SignoffVerdict, Visibility,
};
use crate::review::Outcome;
use crate::support::digest::sha256;

/// A world of writers that append and, when they sync, see what others have appended.
struct World {
    entries: Vec<Entry>,
    writers: Vec<Writer>,
}

#[derive(Default)]
struct Writer {
    /// Heads of other writers.
    seen: BTreeMap<WriterId, EntryId>,
    head: Option<EntryId>,
    seq: u64,
    lamport: u64,
}

fn review() -> ReviewId {
    "r0000000000000001".into()
}

fn writer_id(writer: usize) -> WriterId {
    WriterId(format!("{writer:016x}"))
}

/// Writers 0 and 1 are two devices of one person; each other one is a person of its own.
fn person(writer: usize) -> Person {
    let number = writer.saturating_sub(1);
    Person {
        name: format!("Person {number}"),
        email: format!("p{number}@example.org"),
    }
}

impl World {
    fn new(writers: usize) -> Self {
        let mut world = Self {
            entries: Vec::new(),
            writers: (0..writers).map(|_| Writer::default()).collect(),
        };
        for writer in 0..writers {
            world.act(
                writer,
                EntryBody::WriterEnrolled {
                    person: person(writer),
                    device: "d".into(),
                },
            );
        }
        world
    }

    fn act(&mut self, writer: usize, body: EntryBody) -> EntryId {
        let state = &mut self.writers[writer];
        state.seq += 1;
        state.lamport += 1;
        let id = EntryId(sha256(format!("{writer} {}", state.seq).as_bytes()));
        self.entries.push(Entry {
            id,
            review: review(),
            writer: writer_id(writer),
            seq: state.seq,
            prev: state.head.replace(id),
            lamport: state.lamport,
            seen: state.seen.clone(),
            at: "2026-11-21T06:30:00Z".parse().unwrap(),
            body,
        });
        id
    }

    /// Lets a writer see everything there is.
    fn sync(&mut self, writer: usize) {
        let highest = self.writers.iter().map(|other| other.lamport).max();
        let heads = self.writers.iter().enumerate();
        let heads = heads.filter(|&(other, _)| other != writer);
        let seen = heads.filter_map(|(other, state)| Some((writer_id(other), state.head?)));
        let seen = seen.collect();
        self.writers[writer].seen = seen;
        self.writers[writer].lamport = highest.unwrap();
    }

    fn fold(&self) -> Review {
        fold(&review(), &self.entries)
    }
}

fn accepted(item: &str) -> EntryBody {
    EntryBody::VerdictGiven {
        item: item.into(),
        verdict: Verdict::Accepted {
            reason: "Good.".into(),
        },
        finding: None,
        reference: None,
    }
}

fn not_applicable(item: &str) -> EntryBody {
    EntryBody::VerdictGiven {
        item: item.into(),
        verdict: Verdict::NotApplicable {
            reason: "No SQL.".into(),
        },
        finding: None,
        reference: None,
    }
}

fn flagged(item: &str, id: &str) -> EntryBody {
    EntryBody::VerdictGiven {
        item: item.into(),
        verdict: Verdict::Flagged,
        finding: Some(finding(item, id, "first")),
        reference: None,
    }
}

fn retracted(item: &str) -> EntryBody {
    EntryBody::VerdictRetracted { item: item.into() }
}

fn finding(item: &str, id: &str, title: &str) -> Finding {
    Finding {
        id: id.into(),
        item: item.into(),
        title: title.into(),
        severity: Severity::Major,
        disposition: Disposition::FixBeforeLaunch,
        note: String::new(),
        evidence: Vec::new(),
        mitigation: String::new(),
        effort: String::new(),
        owner: String::new(),
        due: None,
    }
}

fn comment(id: &str, text: &str) -> Comment {
    Comment {
        id: id.into(),
        target: CommentTarget::Review,
        visibility: Visibility::Client,
        text: text.into(),
    }
}

fn mark(hunk: u32) -> ReadMark {
    ReadMark {
        path: "a".into(),
        hunk,
        digest: Digest([1; 32]),
    }
}

fn titles(review: &Review) -> Vec<(&str, &str)> {
    let findings = review.findings.iter().map(|state| &state.finding);
    findings
        .map(|finding| (finding.id.as_str(), finding.title.as_str()))
        .collect()
}

#[test]
fn two_devices_of_one_person_that_decide_differently_are_contested_until_a_later_decision() {
    let mut world = World::new(2);
    world.act(0, accepted("a"));
    world.act(1, not_applicable("a"));
    let review = world.fold();
    assert_eq!(review.outcome(&"a".into()), Outcome::Contested);
    assert_eq!(review.items[&"a".into()].standing().len(), 2);
    assert_eq!(review.verdict_of(&"a".into(), &person(0)), None);
    world.sync(1);
    world.act(1, accepted("a"));
    let review = world.fold();
    assert_eq!(review.outcome(&"a".into()), Outcome::Accepted);
    assert!(review.verdict_of(&"a".into(), &person(0)).is_some());
}

#[test]
fn two_devices_that_decide_alike_are_not_contested_and_the_newest_is_kept() {
    let mut world = World::new(2);
    world.act(0, accepted("a"));
    world.act(1, accepted("b"));
    let newest = world.act(1, accepted("a"));
    let review = world.fold();
    let standing = review.verdict_of(&"a".into(), &person(1)).unwrap();
    assert_eq!(standing.stamp.entry, newest);
    assert_eq!(standing.stamp.by, person(1));
}

#[test]
fn seeing_travels_through_other_writers() {
    let mut world = World::new(3);
    world.act(0, accepted("a"));
    world.sync(2);
    let relay = world.act(2, accepted("b"));
    // Device 1 has only seen the relay, which had seen device 0.
    world.writers[1].seen = BTreeMap::from([(writer_id(2), relay)]);
    world.writers[1].lamport = world.writers[2].lamport;
    world.act(1, not_applicable("a"));
    assert_eq!(world.fold().outcome(&"a".into()), Outcome::NotApplicable);
}

#[test]
fn nobody_changes_what_another_person_decided_and_the_most_severe_counts() {
    let mut world = World::new(3);
    world.act(0, flagged("a", "f1"));
    let mine = world.fold().items[&"a".into()].by_person[&person(0).key()].clone();
    world.sync(2);
    for body in [
        accepted("a"),
        EntryBody::FindingEdited(finding("a", "f1", "hijacked")),
        EntryBody::FindingWithdrawn("f1".into()),
        retracted("a"),
        flagged("a", "f1"),
        retracted("a"),
        accepted("a"),
    ] {
        world.act(2, body);
        let review = world.fold();
        let state = &review.items[&"a".into()];
        assert_eq!(state.by_person[&person(0).key()], mine);
        assert_eq!(review.outcome(&"a".into()), Outcome::Flagged);
        assert_eq!(titles(&review)[0], ("f1", "first"));
        assert_eq!(review.findings[0].made.by, person(0));
    }
    let unknown = world.fold().unknown;
    assert_eq!(unknown["finding.edited without effect"], 1);
    assert_eq!(unknown["finding.withdrawn without effect"], 1);
}

#[test]
fn a_retraction_takes_the_verdict_and_the_findings_it_had_seen() {
    let mut world = World::new(2);
    world.act(0, flagged("a", "f1"));
    world.act(0, flagged("b", "f2"));
    world.act(0, retracted("a"));
    let review = world.fold();
    assert_eq!(review.outcome(&"a".into()), Outcome::Undecided);
    assert_eq!(titles(&review), [("f2", "first")]);
    world.act(0, flagged("a", "f3"));
    assert_eq!(titles(&world.fold()), [("f2", "first"), ("f3", "first")]);
    // The other device has not seen any of this: its retraction takes nothing.
    world.act(1, retracted("a"));
    assert_eq!(world.fold().outcome(&"a".into()), Outcome::Flagged);
    assert_eq!(world.fold().findings.len(), 2);
    world.sync(1);
    world.act(1, retracted("a"));
    assert_eq!(titles(&world.fold()), [("f2", "first")]);
}

#[test]
fn another_verdict_takes_the_flag_and_its_findings_with_it() {
    let mut world = World::new(1);
    world.act(0, flagged("a", "f1"));
    world.act(0, EntryBody::FindingAdded(finding("a", "f2", "second")));
    assert_eq!(world.fold().findings.len(), 2);
    world.act(0, accepted("a"));
    assert_eq!(world.fold().findings, []);
    assert_eq!(world.fold().outcome(&"a".into()), Outcome::Accepted);
    world.act(0, EntryBody::FindingAdded(finding("a", "f3", "no flag")));
    assert_eq!(world.fold().findings, []);
    world.act(0, flagged("a", "f4"));
    assert_eq!(titles(&world.fold()), [("f3", "no flag"), ("f4", "first")]);
}

#[test]
fn a_finding_shows_its_newest_edit_and_a_withdrawal_wins_over_any() {
    let mut world = World::new(2);
    let made = world.act(0, flagged("a", "f1"));
    world.sync(1);
    let edit = world.act(1, EntryBody::FindingEdited(finding("b", "f1", "edited")));
    let review = world.fold();
    assert_eq!(titles(&review), [("f1", "edited")]);
    assert_eq!(review.findings[0].finding.item, "a".into());
    assert_eq!(review.findings[0].made.entry, made);
    assert_eq!(review.findings[0].edited.as_ref().unwrap().entry, edit);
    world.act(0, EntryBody::FindingWithdrawn("f1".into()));
    world.act(1, EntryBody::FindingEdited(finding("a", "f1", "again")));
    assert_eq!(world.fold().findings, []);
    assert_eq!(world.fold().outcome(&"a".into()), Outcome::Flagged);
}

#[test]
fn comments_follow_their_author_alone() {
    let mut world = World::new(3);
    world.act(0, EntryBody::CommentAdded(comment("c1", "first")));
    world.act(0, EntryBody::CommentAdded(comment("c2", "second")));
    world.sync(2);
    world.act(2, EntryBody::CommentEdited(comment("c1", "hijacked")));
    world.act(2, EntryBody::CommentWithdrawn("c1".into()));
    world.act(0, EntryBody::CommentEdited(comment("c1", "edited")));
    world.act(0, EntryBody::CommentWithdrawn("c2".into()));
    let review = world.fold();
    assert_eq!(review.comments.len(), 1);
    assert_eq!(review.comments[0].comment.text, "edited");
    assert_eq!(review.unknown.values().sum::<u64>(), 2);
}

#[test]
fn marks_are_counted_by_person_and_taken_back_by_who_made_them() {
    let mut world = World::new(3);
    world.act(0, EntryBody::CodeRead(vec![mark(1), mark(2)]));
    world.sync(2);
    world.act(2, EntryBody::CodeRead(vec![mark(1)]));
    world.act(2, EntryBody::CodeUnread(vec![mark(2)]));
    world.sync(1);
    world.act(1, EntryBody::CodeUnread(vec![mark(1)]));
    let review = world.fold();
    assert_eq!(review.read[&mark(1)], [person(2).key()].into());
    assert_eq!(review.read[&mark(2)], [person(0).key()].into());
    let other = ReadMark {
        digest: Digest([2; 32]),
        ..mark(2)
    };
    assert!(!review.is_read(&other), "other bytes were never read");
    world.act(2, EntryBody::CodeUnread(vec![mark(1)]));
    assert!(!world.fold().is_read(&mark(1)));
}

#[test]
fn displayed_rows_add_up() {
    let mut world = World::new(2);
    for (writer, first) in [(0, 5), (1, 0)] {
        let span = DisplayedSpan {
            path: "a".into(),
            hunk: 1,
            first,
            last: first + 4,
        };
        world.act(writer, EntryBody::CodeDisplayed(vec![span]));
    }
    let rows = &world.fold().displayed[&("a".into(), 1)];
    assert_eq!(rows.ranges(), [(0, 9)]);
}

#[test]
fn a_signature_is_withdrawn_by_who_recorded_it() {
    let mut world = World::new(3);
    let record = Digest([9; 32]);
    let withdrawn = |reason: &str| EntryBody::SignoffWithdrawn {
        record,
        reason: reason.into(),
    };
    world.act(
        0,
        EntryBody::SignoffSigned(SignedRef {
            record,
            verdict: SignoffVerdict::Approved,
            principal: "p".into(),
            fingerprint: "SHA256:x".into(),
        }),
    );
    world.sync(2);
    world.act(2, withdrawn("not mine"));
    assert_eq!(world.fold().signoffs[0].withdrawn, None);
    world.sync(1);
    world.act(1, withdrawn("too early"));
    let review = world.fold();
    assert_eq!(review.signoffs[0].withdrawn.as_deref(), Some("too early"));
    assert_eq!(review.signoffs[0].stamp.by, person(0));
}

#[test]
fn the_newest_revision_counts_and_unknown_kinds_are_counted() {
    let mut world = World::new(1);
    for title in ["one", "two"] {
        world.act(
            0,
            EntryBody::RevisionAdded(Revision {
                kind: crate::model::SourceKind::Range,
                title: title.into(),
                base: crate::model::Endpoint::named("a"),
                head: crate::model::Endpoint::named("b"),
                change: Digest([0; 32]),
                parameters: String::new(),
            }),
        );
    }
    let last = world.act(
        0,
        EntryBody::Unknown {
            kind: "hint.dismissed".into(),
        },
    );
    let review = world.fold();
    assert_eq!(review.revision.unwrap().title, "two");
    assert_eq!(review.unknown["hint.dismissed"], 1);
    assert_eq!(review.entries, 4);
    assert_eq!(review.heads[&writer_id(0)], last);
}

#[test]
fn a_writer_whose_enrolment_has_not_arrived_still_counts() {
    let mut world = World::new(2);
    world.act(0, accepted("a"));
    world.act(1, flagged("a", "f1"));
    world.entries.retain(|entry| entry.seq > 1);
    let review = world.fold();
    assert_eq!(review.outcome(&"a".into()), Outcome::Flagged);
    assert_eq!(review.findings[0].made.by.name, writer_id(1).0);
}

#[test]
fn entries_of_another_review_are_passed_over() {
    let mut world = World::new(1);
    world.act(0, accepted("a"));
    world.entries[1].review = "r0000000000000002".into();
    assert_eq!(world.fold().entries, 1);
    assert!(world.fold().items.is_empty());
}

/// One step of a random history: a writer acts, or sees everything there is.
type Step = (usize, Option<EntryBody>);

fn step() -> impl Strategy<Value = Step> {
    let item = prop_oneof![Just("a"), Just("b")];
    let id = prop_oneof![Just("1"), Just("2"), Just("3")];
    let body = (0u8..12, item, id).prop_map(|(kind, item, id)| match kind {
        0 => accepted(item),
        1 => not_applicable(item),
        2 | 3 => flagged(item, id),
        4 => retracted(item),
        5 => EntryBody::FindingAdded(finding(item, id, "added")),
        6 => EntryBody::FindingEdited(finding(item, id, "edited")),
        7 => EntryBody::FindingWithdrawn(id.into()),
        8 => EntryBody::CommentAdded(comment(id, item)),
        9 => EntryBody::CommentEdited(comment(id, item)),
        10 => EntryBody::CodeRead(vec![mark(1), mark(2)]),
        _ => EntryBody::CodeUnread(vec![mark(1)]),
    });
    prop_oneof![
        1 => (0usize..4).prop_map(|writer| (writer, None)),
        3 => ((0usize..4), body.prop_map(Some)),
    ]
}

fn world(steps: &[Step]) -> World {
    let mut world = World::new(4);
    for (writer, body) in steps {
        match body {
            None => world.sync(*writer),
            Some(body) => {
                world.act(*writer, body.clone());
            }
        }
    }
    world
}

/// What a person's own register and findings are, clocks and all.
fn of_person(review: &Review, key: &str) -> String {
    let items = review.items.iter();
    let verdicts: Vec<_> = items
        .filter_map(|(item, state)| Some((item, state.by_person.get(key)?)))
        .collect();
    let findings = review.findings.iter();
    let findings: Vec<_> = findings
        .filter(|state| state.made.by.key() == key)
        .collect();
    format!("{verdicts:?} {findings:?}")
}

proptest! {
    #[test]
    fn order_of_arrival_duplicates_and_wall_clocks_change_nothing(
        steps in prop::collection::vec(step(), 0..40),
        order in prop::collection::vec(any::<u32>(), 44),
        twice in prop::collection::vec(any::<bool>(), 44),
    ) {
        let world = world(&steps);
        let expected = world.fold();
        let mut shuffled: Vec<_> = world.entries.iter().cloned().zip(order).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let mut arrived: Vec<Entry> = Vec::new();
        for ((entry, _), again) in shuffled.into_iter().zip(twice) {
            if again {
                arrived.insert(arrived.len() / 2, entry.clone());
            }
            arrived.push(entry);
        }
        prop_assert_eq!(&fold(&review(), &arrived), &expected);

        // Other clocks on the wall: nothing but the shown times is different.
        for (entry, years) in arrived.iter_mut().zip(1i64..) {
            entry.at = jiff::Timestamp::from_second(years * 31_536_000).unwrap();
        }
        let skewed = fold(&review(), &arrived);
        let mut reset: Vec<Entry> = arrived;
        for entry in &mut reset {
            entry.at = world.entries[0].at;
        }
        prop_assert_eq!(&fold(&review(), &reset), &expected);
        prop_assert_eq!(&skewed.read, &expected.read);
        for (item, state) in &expected.items {
            prop_assert_eq!(skewed.outcome(item), state.outcome());
        }
        prop_assert_eq!(skewed.findings.len(), expected.findings.len());
    }

    #[test]
    fn one_persons_acts_never_change_what_another_decided(
        steps in prop::collection::vec(step(), 0..40),
    ) {
        // Without the other persons' logs, the decisions and findings of one device's person are the same.
        let world = world(&steps);
        let all = world.fold();
        for writer in [2, 3] {
            let key = person(writer).key();
            let own = world.entries.iter().filter(|entry| entry.writer == writer_id(writer));
            let own: Vec<_> = own.cloned().collect();
            prop_assert_eq!(of_person(&fold(&review(), &own), &key), of_person(&all, &key));
        }
    }

    #[test]
    fn a_flag_nobody_took_back_is_never_outvoted(
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut world = world(&steps);
        world.sync(3);
        world.act(3, flagged("a", "9"));
        for (writer, body) in [(0, accepted("a")), (1, retracted("a")), (2, not_applicable("a"))] {
            world.sync(writer);
            world.act(writer, body);
            prop_assert_eq!(world.fold().outcome(&"a".into()), Outcome::Flagged);
        }
    }
}

fn hint_ref(code: &str) -> crate::model::HintRef {
    crate::model::HintRef {
        fingerprint: sha256(code.as_bytes()),
        rule: crate::model::RuleId::from("rule"),
        tool: None,
        items: vec!["a".into()],
        path: "a.py".into(),
        line: 3,
    }
}

fn dismissed(code: &str, reason: &str) -> EntryBody {
    EntryBody::HintDismissed {
        hint: hint_ref(code),
        reason: reason.into(),
    }
}

#[test]
fn each_persons_newest_word_on_a_hint_counts_and_none_decides_an_item() {
    let mut world = World::new(3);
    world.act(0, dismissed("x", "one row"));
    world.act(2, dismissed("x", "not here"));
    world.act(2, EntryBody::HintRestored(sha256(b"x")));
    world.act(2, EntryBody::HintRestored(sha256(b"never dismissed")));
    let review = world.fold();
    let said = &review.hints[&sha256(b"x")].dismissed;
    assert_eq!(said.len(), 1, "nobody takes back what another said");
    assert_eq!(said[&person(0).key()].reason, "one row");
    assert_eq!(review.unknown["hint.restored without effect"], 1);
    assert!(review.items.is_empty(), "no verdict came of it");
    assert_eq!(review.outcome(&"a".into()), Outcome::Undecided);
    let mut backwards = world.entries.clone();
    backwards.reverse();
    backwards.extend(world.entries.clone());
    assert_eq!(fold(&super::tests::review(), &backwards), review);
}

#[test]
fn a_confirmation_stands_as_long_as_its_finding_does() {
    let mut world = World::new(1);
    let confirmed = EntryBody::HintConfirmed {
        hint: hint_ref("x"),
        finding: "f1".into(),
    };
    world.act(0, flagged("a", "f1"));
    world.act(0, confirmed.clone());
    world.act(0, confirmed);
    let said = world.fold().hints[&sha256(b"x")].confirmed.clone();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].finding, "f1".into());
    world.act(0, retracted("a"));
    assert!(world.fold().hints.is_empty());
}
