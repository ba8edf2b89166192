//! Truncation at every byte, and every byte flipped.

use std::fs;

use super::*;
use crate::journal::record::{Header, Next, frame, next, to_json};
use crate::journal::verify_log;

#[test]
fn a_log_cut_at_any_byte_reopens_to_the_acknowledged_records_and_keeps_the_torn_rest() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal = create(&store);
    let id = journal.id().clone();
    for text in ["one", "two\u{1b}[0m", "three"] {
        journal.append(remark(text)).unwrap();
    }
    let (log, all) = (log_of(&journal), ids(&journal));
    let folder = journal.folder().to_owned();
    drop(journal);
    let whole = fs::read(&log).unwrap();
    let ends = line_ends(&whole);
    assert_eq!(
        ends.len(),
        6,
        "enrolled, opened, revision and three remarks"
    );

    // Before the end of the third record no review was ever visible.
    for cut in ends[2]..=whole.len() {
        fs::write(&log, &whole[..cut]).unwrap();
        let complete = ends.iter().filter(|&&end| end <= cut).count();
        let durable = ends[complete - 1];

        let reader = Journal::open_read_only(&store, &id, &dana(), clock()).unwrap();
        assert_eq!(ids(&reader), all[..complete], "read, cut at {cut}");
        assert_eq!(reader.problems().is_empty(), cut == durable);
        assert_eq!(
            fs::read(&log).unwrap().len(),
            cut,
            "a reader changes nothing"
        );

        let mut journal = open(&store, &id);
        assert!(is_writer(&journal), "cut at {cut}: {:?}", journal.access());
        assert_eq!(ids(&journal), all[..complete], "cut at {cut}");
        assert_eq!(fs::read(&log).unwrap(), whole[..durable]);
        if cut > durable {
            let problem = &journal.problems()[0];
            assert!(problem.contains("set aside"), "{problem}");
            let kept = format!("quarantine/{}-{durable}-1.tail", journal.writer());
            assert!(problem.contains(&kept), "{problem}");
            assert_eq!(fs::read(folder.join(&kept)).unwrap(), whole[durable..cut]);
            fs::remove_dir_all(folder.join("quarantine")).unwrap();
        }
        journal.append(remark("after")).unwrap();
        assert_eq!(verify_log(&fs::read(&log).unwrap()).problems, [""; 0]);
    }
}

#[test]
fn a_log_cut_before_the_review_was_complete_is_left_alone() {
    let data = scratch();
    let store = Store::new(data.path());
    let journal = create(&store);
    let (id, log) = (journal.id().clone(), log_of(&journal));
    drop(journal);
    let whole = fs::read(&log).unwrap();
    for cut in 0..line_ends(&whole)[1] {
        fs::write(&log, &whole[..cut]).unwrap();
        let journal = open(&store, &id);
        assert!(read_only(&journal).contains("opened"), "cut at {cut}");
        assert_eq!(fs::read(&log).unwrap(), whole[..cut]);
    }
}

#[test]
fn every_flipped_byte_is_found_and_named_and_the_records_before_it_are_read() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal = create(&store);
    journal.append(remark("é")).unwrap();
    let (id, log, all) = (journal.id().clone(), log_of(&journal), ids(&journal));
    drop(journal);
    let whole = fs::read(&log).unwrap();
    let ends = line_ends(&whole);
    for at in 0..whole.len() {
        for mask in [0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= mask;
            let record = ends.iter().filter(|&&end| end <= at).count();
            let offset = record.checked_sub(1).map_or(0, |before| ends[before]);

            let check = verify_log(&bytes);
            let problem = &check.problems[0];
            let place = format!("record {} at byte {offset} ", record + 1);
            assert!(problem.contains(&place), "byte {at}: {problem}");
            assert_eq!(check.entries.len(), record, "byte {at}");

            fs::write(&log, &bytes).unwrap();
            let journal = open(&store, &id);
            assert_eq!(ids(&journal), all[..record], "byte {at}");
            let problem = &journal.problems()[0];
            assert!(problem.contains(&place), "byte {at}: {problem}");
            assert!(problem.contains(log.file_name().unwrap().to_str().unwrap()));
            assert!(read_only(&journal).contains(&place));
            assert_eq!(fs::read(&log).unwrap(), bytes, "damage is never repaired");
        }
    }
}

#[test]
fn a_record_that_was_taken_out_is_found() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal = create(&store);
    journal.append(remark("one")).unwrap();
    journal.append(remark("two")).unwrap();
    let whole = fs::read(log_of(&journal)).unwrap();
    let ends = line_ends(&whole);
    for lost in 1..4 {
        let mut bytes = whole.clone();
        bytes.drain(ends[lost - 1]..ends[lost]);
        let check = verify_log(&bytes);
        assert_eq!(check.entries.len(), lost);
        assert!(
            check.problems[0].contains("damaged"),
            "{:?}",
            check.problems
        );
    }
}

#[test]
fn a_log_under_another_name_or_in_another_review_is_refused() {
    let data = scratch();
    let store = Store::new(data.path());
    let first = create(&store);
    let second = Journal::create(
        &store,
        Opened {
            nonce: "other".into(),
            ..opened()
        },
        revision(),
        &dana(),
        clock(),
    )
    .unwrap();
    fs::copy(log_of(&first), first.folder().join("00000000000000aa.log")).unwrap();
    fs::copy(log_of(&first), second.folder().join("00000000000000aa.log")).unwrap();
    let problems = |journal: &Journal| {
        Journal::open_read_only(&store, journal.id(), &dana(), clock())
            .unwrap()
            .problems()
            .join("\n")
    };
    assert!(problems(&first).contains("another writer"));
    assert!(problems(&second).contains("another review"));
}

#[test]
fn a_log_that_lost_records_somebody_else_has_seen_is_not_written_to() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal = create(&store);
    journal.append(remark("mine")).unwrap();
    let (id, log) = (journal.id().clone(), log_of(&journal));
    drop(journal);
    let mut witness = Journal::open(&store, &id, &noa(), clock()).unwrap();
    witness.append(remark("hers")).unwrap();
    drop(witness);
    let whole = fs::read(&log).unwrap();
    fs::write(&log, &whole[..line_ends(&whole)[2]]).unwrap();
    let journal = open(&store, &id);
    assert!(read_only(&journal).contains("its end was lost"));
    let other = Journal::open(&store, &id, &noa(), clock()).unwrap();
    assert!(is_writer(&other), "the loss is another's");
    assert!(other.problems()[0].contains("its end was lost"));
}

#[test]
fn a_newer_format_opens_read_only_with_what_is_known() {
    let data = scratch();
    let store = Store::new(data.path());
    let journal = create(&store);
    let (id, log) = (journal.id().clone(), log_of(&journal));
    drop(journal);
    let mut bytes = fs::read(&log).unwrap();
    bytes.extend(crate::journal::record::frame(
        b"{\"v\":2,\"shape\":[]}",
        b"{}",
    ));
    fs::write(&log, &bytes).unwrap();
    let mut journal = open(&store, &id);
    assert_eq!(journal.entries().len(), 3);
    assert!(read_only(&journal).contains("newer countersign (format 2"));
    assert!(journal.append(remark("no")).is_err());
    assert_eq!(fs::read(&log).unwrap(), bytes);
}

/// Rewrites one record of a log with a right length and check sum, as a forger would.
fn forge(log: &[u8], record: usize, change: impl FnOnce(&mut Header, &mut Vec<u8>)) -> Vec<u8> {
    let mut ends = line_ends(log);
    ends.insert(0, 0);
    let Next::Record { header, body, .. } = next(&log[ends[record - 1]..]) else {
        panic!("a whole record");
    };
    let mut header: Header = serde_json::from_slice(header).unwrap();
    let mut body = body.to_vec();
    change(&mut header, &mut body);
    let mut forged = log[..ends[record - 1]].to_vec();
    forged.extend(frame(&to_json(&header), &body));
    forged.extend_from_slice(&log[ends[record]..]);
    forged
}

#[test]
fn a_forged_record_with_a_right_check_sum_is_found() {
    let data = scratch();
    let mut journal = create(&Store::new(data.path()));
    for text in ["one", "two", "three"] {
        journal.append(remark(text)).unwrap();
    }
    let log = fs::read(log_of(&journal)).unwrap();
    let found = |forged: Vec<u8>| verify_log(&forged).problems.join(" ");

    let body = forge(&log, 4, |_, body| body.retain(|&byte| byte != b'o'));
    assert!(found(body).contains("not the one its header commits to"));
    let both = forge(&log, 4, |header, body| {
        body.retain(|&byte| byte != b'o');
        header.body = crate::journal::record::body_digest(body).to_string();
    });
    assert!(
        found(both).contains("record 5 at byte"),
        "the chain breaks behind it"
    );
    let moved = forge(&log, 5, |header, _| {
        header.at = "2020-01-01T00:00:00Z".into();
    });
    assert!(found(moved).contains("record 6 at byte"));

    for (what, change) in [
        ("runs backwards", (|h| h.lamport = 5) as fn(&mut Header)),
        ("leaps", |h| h.lamport += 1_000_001),
        ("number", |h| h.seq = 9),
        ("another writer", |h| h.writer = "0".repeat(16)),
        ("another review", |h| {
            h.review = format!("r{}", "0".repeat(16));
        }),
        ("not an id", |h| h.writer = "../../etc".into()),
        ("not a name", |h| h.kind = "\u{1b}[2J".into()),
        ("not a time", |h| h.at = "yesterday".into()),
        ("no other writer", |h| {
            h.seen.insert(h.writer.clone(), "0".repeat(64));
        }),
        ("names no format", |h| h.v = 0),
    ] {
        let problem = found(forge(&log, 6, |header, _| change(header)));
        assert!(problem.contains(what), "{what}: {problem}");
    }
    let opening = forge(&log, 2, |header, body| {
        body.retain(|&byte| byte != b'o');
        header.body = crate::journal::record::body_digest(body).to_string();
    });
    assert!(found(opening).contains("it opens another review"));
}

#[test]
fn a_clock_that_leaps_away_from_what_was_seen_ends_the_writing() {
    let data = scratch();
    let store = Store::new(data.path());
    let id = create(&store).id().clone();
    let mut other = Journal::open(&store, &id, &noa(), clock()).unwrap();
    other.append(remark("hers")).unwrap();
    let log = log_of(&other);
    drop(other);
    let whole = fs::read(&log).unwrap();
    let sound = &whole[..line_ends(&whole)[0]];
    for lamport in [1, 2_000_000] {
        fs::write(&log, forge(sound, 1, |header, _| header.lamport = lamport)).unwrap();
        assert!(read_only(&open(&store, &id)).contains("does not follow what its writer had seen"));
    }
}

#[test]
fn a_body_of_no_meaning_is_reported_and_the_review_goes_on() {
    let data = scratch();
    let store = Store::new(data.path());
    let mut journal = create(&store);
    journal.append(remark("one")).unwrap();
    let (id, log) = (journal.id().clone(), log_of(&journal));
    drop(journal);
    let odd = forge(&fs::read(&log).unwrap(), 4, |header, body| {
        *body = b"{\"text\":\"no id\"}".to_vec();
        header.body = crate::journal::record::body_digest(body).to_string();
    });
    fs::write(&log, odd).unwrap();
    let mut journal = open(&store, &id);
    let problem = &journal.problems()[0];
    assert!(
        problem.contains("record 4") && problem.contains("cannot be understood"),
        "{problem}"
    );
    assert_eq!(journal.entries()[3].body.kind(), "comment.added");
    journal.append(remark("two")).unwrap();
}
