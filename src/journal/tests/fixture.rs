//! Format 1 as it was written once. The files are kept for ever: a version that cannot read them cannot read what
//! clients hold.

use std::fs;

use super::*;
use crate::journal::record::{Next, next};
use crate::journal::{verify_log, wire};
use crate::model::{
    Anchor, BlobId, ChecklistRef, DisplayedSpan, Disposition, Finding, FindingId, Horizon, ItemId,
    LineNo, ObjectId, ReadMark, RepoPath, Severity, Side, SignedRef, SignoffVerdict, Verdict,
};
use crate::review::{Outcome, fold};

const REVIEW: &str = "r138540fddd0727d6";
const DANA: &str = "874d2145837b3b8a";
const DANA_HEAD: &str = "aadf56e4eea390e25ee44a6d6f71a3bf4b80a0e57d7bdc731934112cfaf2fab9";
const NOA: &str = "e5187d08d688d6c4";
const NOA_HEAD: &str = "4877e481dafe8113e47e3e00286a524e7fae638a5fb35860865c70c85bd76aad";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/journals/v1")
        .join(REVIEW)
}

fn anchor(side: Side) -> Anchor {
    Anchor {
        side,
        path: RepoPath::new(&b"src/caf\xe9 \"x\".py"[..]),
        blob: match side {
            Side::Old => BlobId::Git(ObjectId::new("ab".repeat(20))),
            Side::New => BlobId::Sha256(Digest([3; 32])),
        },
        start: LineNo(120),
        end: LineNo(121),
        content: Digest([4; 32]),
        before: Digest([5; 32]),
        after: Digest([6; 32]),
        excerpt: vec![
            "\tfor o in orders:\u{1b}[2J".into(),
            "\u{202e}q\u{200b} 漢 é".into(),
        ],
    }
}

fn finding(id: &str, disposition: Disposition) -> Finding {
    Finding {
        id: FindingId(id.into()),
        item: ItemId("n-plus-one".into()),
        title: "One query per order".into(),
        severity: Severity::Blocker,
        disposition,
        note: "800 users\nat once".into(),
        evidence: vec![anchor(Side::New), anchor(Side::Old)],
        mitigation: "Join.".into(),
        effort: "2 days".into(),
        owner: "Orders".into(),
        due: None,
    }
}

fn verdict(item: &str, verdict: Verdict, finding: Option<Finding>) -> EntryBody {
    EntryBody::VerdictGiven {
        item: item.into(),
        verdict,
        finding,
        reference: None,
    }
}

fn comment(id: &str, target: CommentTarget, visibility: Visibility) -> Comment {
    Comment {
        id: CommentId(id.into()),
        target,
        visibility,
        text: "Ask them.".into(),
    }
}

/// Every kind with every variant, as Dana writes them after the first three.
fn acts() -> Vec<EntryBody> {
    let mark = ReadMark {
        path: "src/a.py".into(),
        hunk: 2,
        digest: Digest([8; 32]),
    };
    let until = "2027-03-31".parse().unwrap();
    let milestone = Horizon::Milestone("10,000 users".into());
    let risk = |until| Disposition::AcceptedRisk {
        by: "CTO".into(),
        until,
    };
    let first = finding("f00000001", Disposition::FixBeforeLaunch);
    let record = Digest([9; 32]);
    let signed = |record, verdict| {
        EntryBody::SignoffSigned(SignedRef {
            record,
            verdict,
            principal: "dana@example.org".into(),
            fingerprint: "SHA256:abc".into(),
        })
    };
    let reason = || "Checked.".to_owned();
    vec![
        verdict("n-plus-one", Verdict::Flagged, Some(first.clone())),
        EntryBody::FindingAdded(finding(
            "f00000002",
            Disposition::CanWait {
                until: Horizon::Date(until),
            },
        )),
        EntryBody::FindingAdded(finding("f00000003", risk(None))),
        EntryBody::FindingEdited(Finding {
            severity: Severity::Minor,
            ..finding("f00000003", risk(Some(milestone)))
        }),
        EntryBody::FindingWithdrawn(FindingId("f00000002".into())),
        verdict("lost-update", Verdict::Accepted { reason: reason() }, None),
        verdict("sql", Verdict::NotApplicable { reason: reason() }, None),
        verdict(
            "timeouts",
            Verdict::Waived {
                by: "CTO".into(),
                reason: reason(),
                until,
            },
            None,
        ),
        verdict("secrets", Verdict::Flagged, None),
        EntryBody::VerdictRetracted {
            item: "secrets".into(),
        },
        EntryBody::CommentAdded(comment("c1", CommentTarget::Review, Visibility::Client)),
        EntryBody::CommentAdded(comment(
            "c2",
            CommentTarget::Item("sql".into()),
            Visibility::Internal,
        )),
        EntryBody::CommentAdded(comment(
            "c3",
            CommentTarget::File("src/a.py".into()),
            Visibility::Client,
        )),
        EntryBody::CommentEdited(comment(
            "c3",
            CommentTarget::Lines(anchor(Side::New)),
            Visibility::Internal,
        )),
        EntryBody::CommentWithdrawn(CommentId("c1".into())),
        EntryBody::CodeDisplayed(vec![DisplayedSpan {
            path: "src/a.py".into(),
            hunk: 2,
            first: 0,
            last: 17,
        }]),
        EntryBody::CodeRead(vec![mark.clone()]),
        EntryBody::CodeUnread(vec![mark.clone()]),
        EntryBody::CodeRead(vec![mark]),
        signed(record, SignoffVerdict::Rejected),
        signed(Digest([10; 32]), SignoffVerdict::ApprovedWithConditions),
        EntryBody::SignoffWithdrawn {
            record,
            reason: "Signed too early.".into(),
        },
    ]
}

fn begun() -> (Opened, Revision) {
    let opened = Opened {
        checklists: vec![ChecklistRef {
            id: "ai-preproduction".into(),
            version: "1".into(),
            digest: crate::support::digest::sha256(CHECKLIST),
        }],
        ..opened()
    };
    let revision = Revision {
        base: Endpoint {
            label: "main".into(),
            commit: Some(ObjectId::new("11".repeat(20))),
            tree: Some(ObjectId::new("22".repeat(20))),
        },
        ..revision()
    };
    (opened, revision)
}

const CHECKLIST: &[u8] = b"id = \"ai-preproduction\"\n";

/// Everything in Dana's log.
fn all() -> Vec<EntryBody> {
    let (opened, revision) = begun();
    let mut all = vec![
        EntryBody::WriterEnrolled {
            person: dana(),
            device: "workstation".into(),
        },
        EntryBody::ReviewOpened(opened),
        EntryBody::RevisionAdded(revision),
    ];
    all.extend(acts());
    all.push(EntryBody::Unknown {
        kind: "hint.dismissed".into(),
    });
    all
}

#[test]
fn the_first_format_is_read_as_it_was_meant() {
    let data = scratch();
    let copy = data.path().join("reviews").join(REVIEW);
    fs::create_dir_all(&copy).unwrap();
    for file in fs::read_dir(folder()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let store = Store::new(data.path());
    let id = ReviewId(REVIEW.into());
    let journal = Journal::open_read_only(&store, &id, &dana(), clock()).unwrap();
    assert_eq!(journal.problems(), [""; 0]);
    let heads = journal.heads();
    assert_eq!(heads[&DANA.into()].to_string(), DANA_HEAD);
    assert_eq!(heads[&NOA.into()].to_string(), NOA_HEAD);
    let bodies: Vec<_> = journal.entries().iter().map(|entry| &entry.body).collect();
    let dana_wrote = all();
    assert_eq!(
        bodies[..dana_wrote.len()],
        dana_wrote.iter().collect::<Vec<_>>()
    );
    let [enrolled, remarked] = &journal.entries()[dana_wrote.len()..] else {
        panic!("two entries of another writer");
    };
    assert_eq!(enrolled.seen[&DANA.into()].to_string(), DANA_HEAD);
    assert_eq!(remarked.body, remark("Seen."));
    assert_eq!(remarked.at, clock().now());

    let review = fold(&id, journal.entries());
    assert_eq!(review.outcome(&"n-plus-one".into()), Outcome::Flagged);
    assert_eq!(review.outcome(&"secrets".into()), Outcome::Undecided);
    assert_eq!(review.findings.len(), 2);
    assert_eq!(review.findings[1].finding.severity, Severity::Minor);
    assert_eq!(review.comments.len(), 3);
    assert_eq!(review.read.len(), 1);
    assert_eq!(review.signoffs.len(), 2);
    assert_eq!(review.unknown["hint.dismissed"], 1);
}

#[test]
fn the_first_format_is_still_written_byte_for_byte() {
    let stored = fs::read(folder().join(format!("{DANA}.log"))).unwrap();
    assert_eq!(verify_log(&stored).problems, [""; 0]);
    assert!(
        !std::str::from_utf8(&stored)
            .unwrap()
            .chars()
            .any(|c| crate::journal::record::is_treacherous(c) && c != '\t' && c != '\n')
    );
    let mut rest = &stored[..];
    for act in all() {
        let Next::Record { body, length, .. } = next(rest) else {
            panic!("a whole record");
        };
        if let Some(written) = wire::encode(&act) {
            assert_eq!(
                String::from_utf8(written),
                String::from_utf8(body.to_vec()),
                "{}",
                act.kind()
            );
        }
        rest = &rest[length..];
    }
}

#[test]
fn a_body_that_cannot_be_understood_is_a_problem_of_its_record_alone() {
    for (kind, body) in [
        (
            "verdict.given",
            "{\"item\":\"a\",\"verdict\":{\"is\":\"great\"}}",
        ),
        (
            "verdict.given",
            "{\"item\":\"a\",\"verdict\":{\"is\":\"flagged\"},\"x\":1}",
        ),
        (
            "code.read",
            "{\"marks\":[{\"path\":\"\\\"\",\"hunk\":1,\"digest\":\"\"}]}",
        ),
        ("finding.withdrawn", "[[[[]]]]"),
        ("comment.withdrawn", ""),
    ] {
        assert!(
            wire::decode(kind, body.as_bytes()).is_err(),
            "{kind} {body}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(wire::decode("code.read", deep.as_bytes()).is_err());
}
