//! Whole bundles: what is valid, and that nothing else is.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::super::record::Manifests;
use super::super::testing::{
    LOG, RecordFixture, head, seeded_key, sign_with, ssh_keygen_key, tempdir,
};
use super::super::{KeySource, Signer, SshKeygen};
use super::*;
use crate::model::{Endpoint, ObjectId, SignoffVerdict, SourceKind, Verdict};
use crate::support::digest::sha256;

const WHO: &str = "dana@levi.example";
static UTC: TimeZone = TimeZone::UTC;

fn list(seed: u8) -> String {
    format!(
        "{WHO} namespaces=\"{NAMESPACE}\" {}\n",
        seeded_key(seed).1.openssh
    )
}

/// Reads the log as the journal would.
fn journal(bytes: &[u8]) -> LogFacts {
    if bytes != LOG {
        return LogFacts {
            problems: vec!["entry 2 does not commit to entry 1".to_owned()],
            ..LogFacts::default()
        };
    }
    LogFacts {
        entries: 3,
        head: Some(head().to_string()),
        review: Some("r0123456789abcdef".to_owned()),
        problems: Vec::new(),
    }
}

fn input<'a>(folder: &'a Path, allowed: &'a str) -> VerifyInput<'a> {
    VerifyInput {
        folder,
        allowed_signers: Ok(allowed.as_bytes()),
        principal: Some(WHO),
        now: "2026-11-22T00:00:00Z".parse().unwrap(),
        zone: &UTC,
        repository: None,
        journal_check: &journal,
    }
}

fn check<'a>(result: &'a Verification, name: &str) -> &'a Check {
    let found = result.checks.iter().find(|check| check.name == name);
    found.unwrap_or_else(|| panic!("no check {name} in {:#?}", result.checks))
}

fn bundle(fixture: &RecordFixture) -> (tempfile::TempDir, PathBuf) {
    let dir = tempdir();
    let folder = fixture.bundle(dir.path(), 1);
    (dir, folder)
}

#[test]
fn an_untouched_bundle_is_valid_and_says_what_was_not_checked() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(result.outcome, VerifyOutcome::Valid, "{:#?}", result.checks);
    assert_eq!(result.exit_code(), 0);
    assert_eq!(check(&result, "repository").outcome, CheckOutcome::Skipped);
    assert_eq!(result.notes, Vec::<String>::new());
}

#[test]
fn what_is_valid_here_is_good_for_stock_ssh_keygen() {
    for kind in ["ed25519", "ecdsa"] {
        let dir = tempdir();
        let source = KeySource::File(ssh_keygen_key(dir.path(), kind));
        let signer = SshKeygen::locate().unwrap();
        let key = signer.public_key(&source).unwrap();
        let fixture = RecordFixture::by_commit();
        let record = fixture.build(&key);
        let signature = signer.sign(&source, &key, &record).unwrap();
        let folder = fixture.bundle_of(dir.path(), record, signature);
        let allowed = format!("{WHO} namespaces=\"{NAMESPACE}\" {}\n", key.openssh);
        let result = verify(&input(&folder, &allowed));
        assert_eq!(result.outcome, VerifyOutcome::Valid, "{:#?}", result.checks);
        fs::write(dir.path().join("allowed"), allowed).unwrap();
        let status = Command::new("ssh-keygen")
            .args(["-Y", "verify", "-I", WHO, "-n", NAMESPACE])
            .arg("-Overify-time=20261121063000Z")
            .arg("-f")
            .arg(dir.path().join("allowed"))
            .arg("-s")
            .arg(folder.join(SIGNATURE_FILE))
            .stdin(fs::File::open(folder.join(RECORD_FILE)).unwrap())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    }
}

#[test]
fn no_changed_byte_of_the_record_goes_unnoticed() {
    let (private, key) = seeded_key(1);
    let record = RecordFixture::by_manifest().build(&key);
    let signature = sign_with(&private, NAMESPACE, &record);
    let signature = SshSignature::parse(&signature, NAMESPACE).unwrap();
    let unnoticed = |at: &usize| {
        let mut other = record.clone();
        other[*at] ^= 1;
        parse_record(&other).is_ok() && signature.verify(NAMESPACE, &other).is_ok()
    };
    let places: Vec<usize> = (0..record.len()).collect();
    std::thread::scope(|scope| {
        for part in places.chunks(record.len().div_ceil(4)) {
            let unnoticed = &unnoticed;
            scope.spawn(move || assert_eq!(part.iter().find(|at| unnoticed(at)), None));
        }
    });
}

#[test]
fn a_changed_record_makes_its_bundle_invalid() {
    let (_dir, folder) = bundle(&RecordFixture::by_manifest());
    let record = fs::read(folder.join(RECORD_FILE)).unwrap();
    let allowed = list(1);
    for at in (0..record.len()).step_by(101) {
        let mut other = record.clone();
        other[at] ^= 1;
        fs::write(folder.join(RECORD_FILE), &other).unwrap();
        let result = verify(&input(&folder, &allowed));
        assert_eq!(result.outcome, VerifyOutcome::Invalid, "byte {at}");
    }
}

#[test]
fn a_changed_report_journal_or_checklist_is_named() {
    for name in [
        "report.md",
        "journal/00000000000000a1.log",
        "checklists/ai-preproduction.toml",
    ] {
        let (_dir, folder) = bundle(&RecordFixture::by_commit());
        let mut bytes = fs::read(folder.join(name)).unwrap();
        bytes[0] ^= 1;
        fs::write(folder.join(name), bytes).unwrap();
        let result = verify(&input(&folder, &list(1)));
        assert_eq!(result.exit_code(), 1);
        assert_eq!(
            check(&result, &format!("file {name}")).outcome,
            CheckOutcome::Failed
        );
    }
}

#[test]
fn a_log_that_is_not_the_record_s_is_named_even_where_its_digest_fits() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let allowed = list(1);
    let name = "journal journal/00000000000000a1.log";
    let cases: [(JournalCheck<'_>, &str); 4] = [
        (
            &|_| LogFacts {
                problems: vec!["torn".to_owned()],
                ..LogFacts::default()
            },
            "torn",
        ),
        (
            &|b| LogFacts {
                entries: 2,
                ..journal(b)
            },
            "2 entries",
        ),
        (
            &|b| LogFacts {
                head: None,
                ..journal(b)
            },
            "nothing",
        ),
        (
            &|b| LogFacts {
                review: Some("r0".to_owned()),
                ..journal(b)
            },
            "another review",
        ),
    ];
    for (journal_check, words) in cases {
        let result = verify(&VerifyInput {
            journal_check,
            ..input(&folder, &allowed)
        });
        assert_eq!(result.exit_code(), 1);
        assert!(check(&result, name).words.contains(words));
    }
}

#[test]
fn a_missing_file_or_a_link_is_could_not_check() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    fs::remove_file(folder.join("report.md")).unwrap();
    let allowed = list(1);
    assert_eq!(verify(&input(&folder, &allowed)).exit_code(), 2);
    fs::write(folder.join("elsewhere"), "# Report\n").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("elsewhere"), folder.join("report.md")).unwrap();
        let result = verify(&input(&folder, &allowed));
        assert_eq!(result.exit_code(), 2);
        assert!(check(&result, "file report.md").words.contains("is a link"));
    }
    fs::remove_file(folder.join(SIGNATURE_FILE)).unwrap();
    assert_eq!(verify(&input(&folder, &allowed)).exit_code(), 2);
    let nowhere = folder.join("nowhere");
    assert_eq!(verify(&input(&nowhere, &allowed)).exit_code(), 2);
}

#[test]
fn allowed_signers_that_cannot_be_read_are_could_not_check() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let result = verify(&VerifyInput {
        allowed_signers: Err("no such file".to_owned()),
        ..input(&folder, "")
    });
    assert_eq!(result.exit_code(), 2);
}

#[test]
fn a_file_the_record_does_not_name_is_noted() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    fs::write(folder.join("report-final.md"), "approved").unwrap();
    fs::write(folder.join("journal/x\x1b.log"), "approved").unwrap();
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(result.outcome, VerifyOutcome::Valid);
    assert_eq!(result.notes.len(), 2);
    assert!(result.notes.iter().any(|n| n.contains("report-final.md")));
    assert!(!result.notes.concat().contains('\u{1b}'));
}

#[test]
fn another_key_another_person_or_no_list_is_invalid() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    for allowed in [list(2), String::new(), list(1).replace(WHO, "*")] {
        let result = verify(&input(&folder, &allowed));
        assert_eq!(result.exit_code(), 1);
        assert_eq!(
            check(&result, "allowed signers").outcome,
            CheckOutcome::Failed
        );
    }
    let allowed = list(1);
    let result = verify(&VerifyInput {
        principal: Some("noa@levi.example"),
        ..input(&folder, &allowed)
    });
    assert_eq!(check(&result, "principal").outcome, CheckOutcome::Failed);
    let result = verify(&VerifyInput {
        principal: None,
        ..input(&folder, &allowed)
    });
    assert_eq!(result.outcome, VerifyOutcome::Valid);
}

#[test]
fn a_record_that_names_another_key_than_the_one_that_signed_is_invalid() {
    let dir = tempdir();
    let fixture = RecordFixture::by_commit();
    let record = fixture.build(&seeded_key(2).1);
    let signature = sign_with(&seeded_key(1).0, NAMESPACE, &record);
    let folder = fixture.bundle_of(dir.path(), record, signature);
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(check(&result, "signature").outcome, CheckOutcome::Passed);
    assert_eq!(check(&result, "key").outcome, CheckOutcome::Failed);
    assert_eq!(result.exit_code(), 1);
}

#[test]
fn a_signature_for_another_purpose_is_invalid() {
    let dir = tempdir();
    let fixture = RecordFixture::by_commit();
    let (private, key) = seeded_key(1);
    let record = fixture.build(&key);
    let signature = sign_with(&private, "git", &record);
    let folder = fixture.bundle_of(dir.path(), record, signature);
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(
        check(&result, "signature form").outcome,
        CheckOutcome::Failed
    );
    assert_eq!(result.exit_code(), 1);
}

#[test]
fn a_key_that_was_not_valid_at_the_signing_time_is_invalid_and_one_that_lapsed_since_is_noted() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let key = seeded_key(1).1.openssh;
    for option in ["valid-after=\"20261122Z\"", "valid-before=\"20261121Z\""] {
        let allowed = format!("{WHO} {option} {key}\n");
        assert_eq!(verify(&input(&folder, &allowed)).exit_code(), 1, "{option}");
    }
    let allowed = format!("{WHO} valid-before=\"202611211200Z\" {key}\n");
    let result = verify(&input(&folder, &allowed));
    assert_eq!(result.outcome, VerifyOutcome::Valid);
    assert!(result.notes[0].contains("no longer valid today"));
}

#[test]
fn a_rejection_is_authentic_and_refused() {
    let mut fixture = RecordFixture::by_commit();
    fixture.declaration.verdict = SignoffVerdict::Rejected;
    let (_dir, folder) = bundle(&fixture);
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(result.outcome, VerifyOutcome::RefusedByPolicy);
    assert_eq!(result.exit_code(), 3);
}

#[test]
fn a_sign_off_holds_to_the_end_of_its_last_day() {
    let mut fixture = RecordFixture::by_commit();
    fixture.declaration.not_after = Some("2026-11-22".parse().unwrap());
    let (_dir, folder) = bundle(&fixture);
    let allowed = list(1);
    let at = |now: &str| {
        let now = now.parse().unwrap();
        verify(&VerifyInput {
            now,
            ..input(&folder, &allowed)
        })
        .exit_code()
    };
    assert_eq!(at("2026-11-22T23:59:59Z"), 0);
    assert_eq!(at("2026-11-23T00:00:00Z"), 3);
    assert_eq!(at("2026-11-20T00:00:00Z"), 3, "signed in the future");
}

#[test]
fn a_waiver_that_lapsed_since_is_noted() {
    let mut fixture = RecordFixture::by_commit();
    let waived = Verdict::Waived {
        by: "Noa".to_owned(),
        reason: "Small table".to_owned(),
        until: "2026-11-21".parse().unwrap(),
    };
    let item = fixture.checklists[0].items[0].id.clone();
    let standing = fixture.review.items.get_mut(&item).unwrap();
    standing.by_person.values_mut().next().unwrap()[0].verdict = waived;
    let (_dir, folder) = bundle(&fixture);
    let result = verify(&input(&folder, &list(1)));
    assert_eq!(result.outcome, VerifyOutcome::Valid);
    assert_eq!(
        result.notes,
        ["The waiver of n-plus-one by Noa held until 2026-11-21."]
    );
}

/// A repository that says what it is told to, and remembers what it was asked.
struct Told {
    trees: Vec<(String, String)>,
    manifests: Result<Manifests, String>,
    head: Option<ObjectId>,
    asked: RefCell<Vec<SourceKind>>,
}

impl RepositoryFacts for Told {
    fn tree_of(&self, commit: &ObjectId) -> Result<Option<ObjectId>, String> {
        let found = self.trees.iter().find(|(id, _)| *id == commit.to_string());
        Ok(found.map(|(_, tree)| ObjectId::new(tree.clone())))
    }

    fn manifests(&self, kind: SourceKind, _: &Endpoint, _: &Endpoint) -> Result<Manifests, String> {
        self.asked.borrow_mut().push(kind);
        self.manifests.clone()
    }

    fn head(&self) -> Option<ObjectId> {
        self.head.clone()
    }
}

fn told() -> Told {
    Told {
        trees: vec![
            ("a".repeat(40), "a0".repeat(20)),
            ("b".repeat(40), "b0".repeat(20)),
        ],
        manifests: Ok(Manifests {
            change: sha256(b"change"),
            tree: Some(sha256(b"tree")),
        }),
        head: Some(ObjectId::new("b".repeat(40))),
        asked: RefCell::default(),
    }
}

#[test]
fn a_repository_is_compared_by_commit_tree_and_manifests() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let allowed = list(1);
    let ask = |told: &Told| {
        verify(&VerifyInput {
            repository: Some(Ok(told)),
            ..input(&folder, &allowed)
        })
    };
    let good = told();
    let result = ask(&good);
    assert_eq!(result.outcome, VerifyOutcome::Valid, "{:#?}", result.checks);
    assert_eq!(*good.asked.borrow(), [SourceKind::Range]);
    assert_eq!(result.notes, Vec::<String>::new());

    let mut shallow = told();
    shallow.trees.remove(0);
    let result = ask(&shallow);
    assert_eq!(result.exit_code(), 2);
    assert!(check(&result, "base commit").words.contains("--unshallow"));

    let mut other_tree = told();
    other_tree.trees[1].1 = "c0".repeat(20);
    let result = ask(&other_tree);
    assert_eq!(check(&result, "head commit").outcome, CheckOutcome::Failed);
    assert_eq!(result.exit_code(), 1);

    for (change, tree, name) in [
        (&b"x"[..], &b"tree"[..], "change manifest"),
        (b"change", b"x", "tree manifest"),
    ] {
        let mut other = told();
        other.manifests = Ok(Manifests {
            change: sha256(change),
            tree: Some(sha256(tree)),
        });
        let result = ask(&other);
        assert_eq!(check(&result, name).outcome, CheckOutcome::Failed);
        assert_eq!(result.exit_code(), 1);
    }

    let mut unable = told();
    unable.manifests = Err("a blob is missing; fetch it".to_owned());
    assert_eq!(ask(&unable).exit_code(), 2);

    let mut elsewhere = told();
    elsewhere.head = Some(ObjectId::new("d".repeat(40)));
    assert!(ask(&elsewhere).notes[0].contains("nothing else"));
}

#[test]
fn a_repository_that_cannot_be_opened_is_could_not_check() {
    let (_dir, folder) = bundle(&RecordFixture::by_commit());
    let allowed = list(1);
    let result = verify(&VerifyInput {
        repository: Some(Err("not a repository".to_owned())),
        ..input(&folder, &allowed)
    });
    assert_eq!(result.exit_code(), 2);
}

#[test]
fn a_record_without_commits_asks_nothing_of_a_repository() {
    let (_dir, folder) = bundle(&RecordFixture::by_manifest());
    let allowed = list(1);
    let told = told();
    let result = verify(&VerifyInput {
        repository: Some(Ok(&told)),
        ..input(&folder, &allowed)
    });
    assert_eq!(result.outcome, VerifyOutcome::Valid);
    assert!(check(&result, "repository").words.contains("manifests"));
    assert!(told.asked.borrow().is_empty());
}

/// Bundles of released versions verify for ever; this one was made when the format was new.
#[test]
fn the_first_bundle_ever_made_still_verifies() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/signoff/v1");
    let allowed = fs::read_to_string(folder.join("allowed_signers")).unwrap();
    let result = verify(&input(&folder.join("bundle"), &allowed));
    assert_eq!(result.outcome, VerifyOutcome::Valid, "{:#?}", result.checks);
    assert_eq!(result.notes, Vec::<String>::new());
    let record = result.record.unwrap();
    assert_eq!(record.predicate.signer.printed_name, "Dana Levi");
    assert_eq!(record.predicate.conditions.len(), 1);
}
