//! Several processes and writers on one review; finding reviews.

use std::fs;

use super::*;
use crate::journal::{JournalError, verify_log};

#[test]
fn a_review_that_was_begun_is_there_with_everything_it_began_with() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal =
        Journal::create_with(&store, opened(), revision(), &dana(), clock(), |folder| {
            fs::write(folder.join("source"), b"x")
        })
        .unwrap();
    assert!(journal.folder().join("source").exists());
    let entry = journal.append(remark("first")).unwrap().clone();
    let (id, before) = (journal.id().clone(), journal.entries().to_vec());
    drop(journal);
    let journal = open(&store, &id);
    assert_eq!(journal.entries(), before);
    assert_eq!(journal.entries().last(), Some(&entry));
    let kinds: Vec<_> = before.iter().map(|entry| entry.body.kind()).collect();
    assert_eq!(
        kinds,
        [
            "writer.enrolled",
            "review.opened",
            "revision.added",
            "comment.added"
        ]
    );
    assert_eq!(journal.problems(), [""; 0]);
}

#[test]
fn a_second_process_reads_and_follows_and_says_who_holds_the_review() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut first = create(&store);
    let mut second = Journal::open(&store, first.id(), &noa(), clock()).unwrap();
    let reason = read_only(&second);
    assert!(reason.contains("Dana Levi <Dana@example.org>"), "{reason}");
    assert!(reason.contains(&format!("process {}", std::process::id())));
    assert!(reason.contains("since 2026-11-21T06:30:00Z"), "{reason}");
    assert!(second.append(remark("no")).is_err());

    assert!(!second.poll());
    first.append(remark("new")).unwrap();
    assert!(second.poll());
    assert_eq!(second.entries(), first.entries());
    assert!(!second.poll());

    let id = first.id().clone();
    drop(first);
    assert!(is_writer(&open(&store, &id)), "the lock is free again");
}

#[test]
fn a_follower_waits_for_the_rest_of_a_record_that_is_being_written() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut first = create(&store);
    let log = log_of(&first);
    let before = fs::read(&log).unwrap().len();
    first.append(remark("new")).unwrap();
    let whole = fs::read(&log).unwrap();
    fs::write(&log, &whole[..before]).unwrap();
    let mut second = Journal::open_read_only(&store, first.id(), &noa(), clock()).unwrap();
    for cut in before..whole.len() {
        fs::write(&log, &whole[..cut]).unwrap();
        assert!(!second.poll(), "cut at {cut}");
    }
    fs::write(&log, &whole).unwrap();
    assert!(second.poll());
    assert_eq!(ids(&second), ids(&first));
    assert_eq!(second.problems(), [""; 0]);
}

#[test]
fn a_follower_reports_a_review_that_was_deleted() {
    let data = scratch();
    let store = Store::new(data.path());
    let first = create(&store);
    let mut second = Journal::open(&store, first.id(), &noa(), clock()).unwrap();
    fs::remove_dir_all(first.folder()).unwrap();
    assert!(!second.poll());
    assert!(second.problems().join(" ").contains("Restore"));
    assert_eq!(second.entries().len(), 3, "what was read stays");
    let error = Journal::open(&store, first.id(), &noa(), clock())
        .err()
        .unwrap();
    assert!(error.to_string().contains("countersign list"), "{error}");
}

#[test]
fn a_lock_note_cannot_act_on_the_terminal_and_a_stale_one_blocks_nobody() {
    let data = scratch();
    let store = Store::new(data.path());
    let first = create(&store);
    let lock = first.folder().join("lock");
    let note = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, note.replace("Dana Levi", "Da\\u001b[2Jna\\u202e")).unwrap();
    let second = Journal::open(&store, first.id(), &noa(), clock()).unwrap();
    assert!(read_only(&second).contains("Da␛[2Jna⟦RLO⟧"));
    fs::write(&lock, b"\x1b[2J no note").unwrap();
    let second = Journal::open(&store, first.id(), &noa(), clock()).unwrap();
    assert!(read_only(&second).starts_with("Another process"));
    drop(first);
    assert!(is_writer(
        &Journal::open(&store, second.id(), &noa(), clock()).unwrap()
    ));
}

#[test]
fn each_writer_has_a_log_and_sees_the_others() {
    let data = scratch();
    let store = Store::new(data.path());
    let first = create(&store);
    let (id, head) = (first.id().clone(), first.entries().last().unwrap().clone());
    drop(first);
    let mut second = Journal::open(&store, &id, &noa(), clock()).unwrap();
    assert_eq!(second.entries().last().unwrap().id, head.id);
    let remarked = second.append(remark("hers")).unwrap().clone();
    let enrolled = &second.entries()[second.entries().len() - 2];
    assert_eq!(enrolled.body.kind(), "writer.enrolled");
    assert_eq!(enrolled.seq, 1);
    assert_eq!(enrolled.lamport, head.lamport + 1);
    assert_eq!(enrolled.seen.get(&head.writer), Some(&head.id));
    assert_eq!(remarked.prev, Some(enrolled.id));
    assert_eq!(second.heads().len(), 2);
    let exported = second.export().unwrap();
    assert_eq!(exported.len(), 2);
    for (name, bytes) in exported {
        assert_eq!(fs::read(second.folder().join(&name)).unwrap(), bytes);
        let check = verify_log(&bytes);
        assert_eq!(check.problems, [""; 0]);
        let writer = &check.entries[0].writer;
        assert_eq!(name, format!("{writer}.log"));
        assert_eq!(check.head, second.heads().get(writer).copied());
    }
}

#[test]
fn whoever_only_looks_leaves_no_trace_in_the_journal() {
    let data = scratch();
    let store = Store::new(data.path());
    let first = create(&store);
    let id = first.id().clone();
    drop(first);
    let logs = |folder: &std::path::Path| {
        let names = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        names
            .filter(|path| path.extension().is_some_and(|end| end == "log"))
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = logs(&store.folder(&id));
    let second = Journal::open(&store, &id, &noa(), clock()).unwrap();
    assert!(is_writer(&second));
    assert_eq!(second.export().unwrap().len(), 1);
    drop(second);
    assert_eq!(logs(&store.folder(&id)), before);
}

#[test]
fn a_changed_printed_name_is_entered_and_an_unchanged_one_is_not() {
    let data = scratch();
    let store = Store::new(data.path());
    let id = create(&store).id().clone();
    assert_eq!(open(&store, &id).entries().len(), 3);
    let renamed = Person {
        name: "Dana Levi-Cohen".into(),
        email: "dana@example.org".into(),
    };
    let mut journal = Journal::open(&store, &id, &renamed, clock()).unwrap();
    journal.append(remark("under the new name")).unwrap();
    journal.append(remark("and again")).unwrap();
    assert_eq!(journal.entries().len(), 3 + 1 + 2);
    assert_eq!(store.summary(&id).unwrap().writers.len(), 1);
    assert_eq!(store.summary(&id).unwrap().writers[0].1, renamed);
}

#[test]
fn an_export_of_a_log_that_changed_since_is_refused() {
    let data = scratch();
    let store = Store::new(data.path());
    let journal = create(&store);
    let mut bytes = fs::read(log_of(&journal)).unwrap();
    bytes[40] ^= 1;
    fs::write(log_of(&journal), bytes).unwrap();
    assert!(matches!(
        journal.export(),
        Err(JournalError::Changed { .. })
    ));
}

#[test]
fn an_act_this_version_does_not_know_cannot_be_written() {
    let data = scratch();
    let mut journal = create(&Store::new(data.path()));
    let unknown = EntryBody::Unknown {
        kind: "hint.dismissed".into(),
    };
    assert!(journal.append(unknown).is_err());
    assert!(is_writer(&journal));
}

#[test]
fn reviews_are_listed_found_by_prefix_and_by_change_and_a_broken_one_hides_no_other() {
    let data = scratch();
    let store = Store::new(data.path());
    assert_eq!(store.reviews().unwrap(), []);
    let good = create(&store);
    let broken = Journal::create(
        &store,
        Opened {
            nonce: "2".into(),
            ..opened()
        },
        Revision {
            change: Digest([9; 32]),
            ..revision()
        },
        &noa(),
        clock(),
    )
    .unwrap();
    fs::write(log_of(&broken), b"nonsense\n").unwrap();
    fs::create_dir(data.path().join("reviews/.new-0011")).unwrap();
    fs::write(data.path().join("reviews/notes.txt"), b"").unwrap();

    let all = store.reviews().unwrap();
    assert_eq!(all.len(), 2);
    let of = |id: &ReviewId| all.iter().find(|review| review.id == *id).unwrap();
    let summary = of(good.id());
    assert_eq!(summary.title, "orders");
    assert_eq!(summary.repository.as_deref(), Some("/srv/shop"));
    assert_eq!(summary.revision, Some(revision()));
    assert_eq!(summary.writers, [(good.writer().clone(), dana())]);
    assert_eq!(summary.entries, 3);
    assert_eq!(summary.last, Some(clock().now()));
    assert_eq!(summary.problems, [""; 0]);
    assert!(of(broken.id()).problems[0].contains("record 1 at byte 0"));

    assert_eq!(store.find(good.id().as_str()).unwrap(), *good.id());
    assert_eq!(store.find(&good.id().as_str()[..8]).unwrap(), *good.id());
    let error = store.find("r").unwrap_err().to_string();
    assert!(error.contains(good.id().as_str()) && error.contains(broken.id().as_str()));
    for wrong in ["", "x", "../reviews", "rffffffffffffffff"] {
        assert!(store.find(wrong).is_err(), "{wrong}");
    }
    let found = store.by_change(&revision().change).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, *good.id());
}

#[test]
fn a_device_keeps_its_id_and_tells_persons_apart() {
    let data = scratch();
    let store = Store::new(data.path().join("not/yet"));
    let device = store.device().unwrap();
    assert_eq!(store.device().unwrap(), device);
    let shouted = Person {
        name: "D.".into(),
        email: "DANA@EXAMPLE.ORG".into(),
    };
    assert_eq!(
        store.writer(&dana()).unwrap(),
        store.writer(&shouted).unwrap()
    );
    assert_ne!(
        store.writer(&dana()).unwrap(),
        store.writer(&noa()).unwrap()
    );
    let elsewhere = scratch();
    let other = Store::new(elsewhere.path());
    assert_ne!(
        store.writer(&dana()).unwrap(),
        other.writer(&dana()).unwrap()
    );
    fs::write(store.data_dir().join("device"), b"").unwrap();
    assert!(
        store
            .device()
            .unwrap_err()
            .to_string()
            .contains("remove it")
    );
}

#[test]
fn what_a_killed_creation_left_is_swept_away_later_and_a_running_one_is_not() {
    let data = scratch();
    let store = Store::new(data.path());
    let reviews = data.path().join("reviews");
    for (name, age) in [(".new-old", 7200), (".new-running", 60)] {
        fs::create_dir_all(reviews.join(name)).unwrap();
        let made = clock().now() - std::time::Duration::from_secs(age);
        let folder = fs::File::open(reviews.join(name)).unwrap();
        folder.set_modified(made.into()).unwrap();
    }
    assert_eq!(store.reviews().unwrap(), []);
    create(&store);
    assert!(!reviews.join(".new-old").exists());
    assert!(reviews.join(".new-running").exists());
}

#[test]
fn a_file_that_is_no_log_is_reported_and_left_alone() {
    let data = scratch();
    let store = Store::new(data.path());
    let journal = create(&store);
    let (id, stray) = (journal.id().clone(), journal.folder().join("copy of.log"));
    drop(journal);
    fs::write(&stray, b"x").unwrap();
    let journal = open(&store, &id);
    assert!(is_writer(&journal));
    assert!(journal.problems()[0].starts_with("copy of.log: "));
    assert_eq!(journal.export().unwrap().len(), 1);
}
