//! What a record states.

use std::collections::BTreeMap;

use super::super::testing::{RecordFixture, decided, seeded_key};
use super::*;
use crate::model::{BlobId, FindingId, Horizon, ItemId, LineNo, Problem, RepoPath, Severity};
use crate::review::{FindingState, ItemState, Stamp};
use crate::support::digest::sha256;

fn read(fixture: &RecordFixture) -> Statement {
    parse_record(&fixture.build(&seeded_key(1).1)).unwrap()
}

fn finding(disposition: Disposition) -> FindingState {
    let anchor = Anchor {
        side: Side::New,
        path: RepoPath::new(&b"src/a\x1b[31m.py"[..]),
        blob: BlobId::Sha256(sha256(b"new")),
        start: LineNo(3),
        end: LineNo(5),
        content: sha256(b"lines"),
        before: sha256(b""),
        after: sha256(b""),
        excerpt: Vec::new(),
    };
    FindingState {
        finding: Finding {
            id: FindingId::from("f00000001"),
            item: ItemId::from("n-plus-one"),
            title: "One query\u{202e} per row".to_owned(),
            severity: Severity::Major,
            disposition,
            note: String::new(),
            evidence: vec![anchor],
            mitigation: String::new(),
            effort: String::new(),
            owner: String::new(),
            due: None,
        },
        made: Stamp {
            ..decided(Verdict::Flagged, "dana@levi.example").stamp
        },
        edited: None,
    }
}

#[test]
fn a_change_between_commits_is_bound_by_commit_and_tree() {
    let statement = read(&RecordFixture::by_commit());
    let digest = &statement.subject[0].digest;
    assert_eq!(digest.git_commit, Some("b".repeat(40)));
    assert_eq!(digest.git_tree, Some("b0".repeat(20)));
    assert_eq!(digest.sha256, None);
    assert_eq!(
        statement.predicate.change.object_format.as_deref(),
        Some("sha1")
    );
    assert!(statement.predicate.change.tree_manifest.is_some());
}

#[test]
fn a_change_without_commits_is_bound_by_its_manifest_and_says_so() {
    let statement = read(&RecordFixture::by_manifest());
    let change = &statement.predicate.change;
    assert_eq!(
        statement.subject[0].digest.sha256.as_ref(),
        Some(&change.change_manifest)
    );
    assert_eq!(change.object_format, None);
    assert!(
        change
            .binding
            .starts_with("Bound by content manifests, not by commits")
    );
    assert!(
        statement
            .predicate
            .meaning
            .text
            .contains(&change.change_manifest)
    );
}

#[test]
fn the_record_says_what_was_not_read_and_what_could_not_be() {
    let mut fixture = RecordFixture::by_commit();
    fixture.change.problems.push(Problem {
        path: Some(RepoPath::from("big.bin")),
        message: "too large to show".to_owned(),
    });
    let coverage = read(&fixture).predicate.coverage;
    assert_eq!((coverage.hunks, coverage.read), (2, 1));
    assert_eq!((coverage.lines, coverage.lines_read), (12, 7));
    assert_eq!(coverage.unread.files[0].path, "src/orders.py");
    assert_eq!(coverage.unread.files[0].unread, 1);
    assert_eq!(
        coverage.not_reviewable.problems[0].message,
        "too large to show"
    );
}

#[test]
fn unread_files_beyond_the_room_for_them_are_counted() {
    let mut fixture = RecordFixture::by_commit();
    let file = fixture.coverage.files.values().next().unwrap().clone();
    let files = (0..3_000).map(|n| {
        (
            RepoPath::from(format!("src/{n:05}.py").as_str()),
            file.clone(),
        )
    });
    fixture.coverage.files = files.collect();
    let unread = read(&fixture).predicate.coverage.unread;
    assert_eq!((unread.files.len(), unread.more_files), (2_000, 1_000));
    let long = |n: u32| RepoPath::from(format!("{n:05}{}", "x".repeat(4_000)).as_str());
    fixture.coverage.files = (0..3_000).map(|n| (long(n), file.clone())).collect();
    let unread = read(&fixture).predicate.coverage.unread;
    assert_eq!(unread.files.len() as u64 + unread.more_files, 3_000);
    assert!(!unread.files.is_empty());
}

#[test]
fn every_person_s_verdict_is_stated_the_most_severe_first() {
    let mut fixture = RecordFixture::by_commit();
    let waived = Verdict::Waived {
        by: "Noa".to_owned(),
        reason: "Small table".to_owned(),
        until: "2027-01-31".parse().unwrap(),
    };
    let accepted = Verdict::Accepted {
        reason: "fine".to_owned(),
    };
    fixture.review.items.insert(
        ItemId::from("n-plus-one"),
        ItemState {
            by_person: BTreeMap::from([
                ("a".to_owned(), vec![decided(accepted, "a@x")]),
                ("b".to_owned(), vec![decided(waived, "b@x")]),
            ]),
        },
    );
    fixture.review.items.remove(&ItemId::from("unbounded-read"));
    let items = read(&fixture).predicate.items;
    assert_eq!(items[0].verdict, "waived");
    let lead = items[0].decision.as_ref().unwrap();
    assert_eq!(lead.waiver.as_ref().unwrap().until, "2027-01-31");
    assert_eq!(items[0].others.len(), 1);
    assert_eq!(items[0].others[0].by.email, "a@x");
    assert_eq!(items[1].verdict, "undecided");
    assert_eq!(items[1].decision, None);
}

#[test]
fn findings_become_conditions_only_of_a_conditional_approval() {
    let mut fixture = RecordFixture::by_commit();
    fixture.review.findings = vec![
        finding(Disposition::FixBeforeLaunch),
        finding(Disposition::CanWait {
            until: Horizon::Milestone("10,000 users".to_owned()),
        }),
        finding(Disposition::AcceptedRisk {
            by: "Noa".to_owned(),
            until: None,
        }),
    ];
    let predicate = read(&fixture).predicate;
    assert_eq!(predicate.findings.len(), 3);
    assert_eq!(predicate.findings[2].accepted_by.as_deref(), Some("Noa"));
    assert!(predicate.conditions.is_empty());
    fixture.declaration.verdict = SignoffVerdict::ApprovedWithConditions;
    let predicate = read(&fixture).predicate;
    assert_eq!(predicate.conditions.len(), 2);
    assert!(
        predicate.conditions[1]
            .text
            .starts_with("Until 10,000 users")
    );
    assert!(predicate.meaning.text.contains("on the conditions"));
}

#[test]
fn foreign_text_is_stated_visibly() {
    let mut fixture = RecordFixture::by_commit();
    fixture.review.findings = vec![finding(Disposition::FixBeforeLaunch)];
    fixture.change.title = "main\u{1b}]0;x\u{7}".to_owned();
    let predicate = read(&fixture).predicate;
    assert_eq!(predicate.findings[0].title, "One query⟦RLO⟧ per row");
    assert_eq!(predicate.findings[0].at[0].path, "\"src/a\\033[31m.py\"");
    assert!(!predicate.change.title.contains('\u{1b}'));
}

#[test]
fn what_the_signer_supplies_is_refused_when_it_is_not_plain() {
    let key = seeded_key(1).1;
    let mut fixture = RecordFixture::by_commit();
    fixture.declaration.name = "Dana\u{200b}Levi".to_owned();
    assert!(matches!(
        fixture.try_build(&key),
        Err(RecordError::Text(TextFault::Hidden { .. }))
    ));
    let mut fixture = RecordFixture::by_commit();
    fixture.declaration.principal = "*".to_owned();
    assert!(matches!(
        fixture.try_build(&key),
        Err(RecordError::Text(TextFault::Principal { .. }))
    ));
}

#[test]
fn a_record_that_is_too_large_is_refused_with_a_way_out() {
    let mut fixture = RecordFixture::by_commit();
    let long = Verdict::Accepted {
        reason: "x".repeat(RECORD_LIMIT),
    };
    fixture.review.items.insert(
        ItemId::from("n-plus-one"),
        ItemState {
            by_person: BTreeMap::from([("a".to_owned(), vec![decided(long, "a@x")])]),
        },
    );
    let error = fixture.try_build(&seeded_key(1).1).unwrap_err();
    assert!(matches!(error, RecordError::Large { .. }));
    assert!(error.to_string().contains("split the review"));
}

#[test]
fn a_commit_without_its_tree_cannot_be_signed() {
    let mut fixture = RecordFixture::by_commit();
    fixture.change.head.tree = None;
    assert_eq!(
        fixture.try_build(&seeded_key(1).1),
        Err(RecordError::NoTree)
    );
}
