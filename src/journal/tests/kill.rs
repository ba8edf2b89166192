//! A process that is killed while it saves.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::*;
use crate::support::digest::random_hex;

const DATA: &str = "COUNTERSIGN_TEST_KILL_DATA";
const REVIEW: &str = "COUNTERSIGN_TEST_KILL_REVIEW";
const CHILD: &str = "journal::tests::kill::appends_until_it_is_killed";

/// The child's side: appends without end and acknowledges what is saved. Does nothing in an ordinary run.
#[test]
fn appends_until_it_is_killed() {
    let (Ok(data), Ok(review)) = (std::env::var(DATA), std::env::var(REVIEW)) else {
        return;
    };
    let store = Store::new(data);
    let mut journal = open(&store, &ReviewId(review));
    assert!(is_writer(&journal), "{:?}", journal.access());
    let mut out = std::io::stdout();
    for number in 0.. {
        let text = format!("{number} {}", "x".repeat(number * 137 % 3000));
        let id = journal.append(remark(&text)).unwrap().id;
        out.write_all(format!("\nack {id}\n").as_bytes()).unwrap();
        out.flush().unwrap();
    }
}

fn random(below: usize) -> usize {
    usize::from_str_radix(&random_hex(4), 16).unwrap() % below
}

fn spawn(store: &Store, review: &ReviewId) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--nocapture"])
        .env(DATA, store.data_dir())
        .env(REVIEW, review.as_str())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

/// Returns the entry a line of the child acknowledges; a line that the kill cut short acknowledges nothing.
fn acknowledged_by(line: &str) -> Option<String> {
    let id = line.strip_prefix("ack ")?;
    (id.len() == 64).then(|| id.to_owned())
}

/// Runs the child until it has acknowledged some entries, kills it at a random moment, and returns what it acknowledged.
fn run_and_kill(store: &Store, review: &ReviewId) -> Vec<String> {
    let (mut child, mut lines) = spawn(store, review);
    let mut acknowledged = Vec::new();
    let enough = 1 + random(12);
    while acknowledged.len() < enough {
        let line = lines.next().expect("the child runs until it is killed");
        acknowledged.extend(acknowledged_by(&line.unwrap()));
    }
    for _ in 0..random(200_000) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it could still say before it died counts as shown.
    acknowledged.extend(lines.filter_map(|line| acknowledged_by(&line.unwrap())));
    acknowledged
}

#[test]
fn while_another_process_writes_this_one_follows_and_after_its_death_this_one_writes() {
    let data = scratch();
    let store = Store::new(data.path());
    let id = create(&store).id().clone();
    let (mut child, mut lines) = spawn(&store, &id);
    let mut next = || {
        lines
            .find_map(|line| acknowledged_by(&line.unwrap()))
            .unwrap()
    };
    next();
    let mut journal = Journal::open(&store, &id, &noa(), clock()).unwrap();
    let holder = format!("Dana Levi <Dana@example.org> (process {}", child.id());
    assert!(read_only(&journal).starts_with(&holder));
    for _ in 0..20 {
        let acknowledged = next();
        journal.poll();
        let mut entries = journal.entries().iter();
        assert!(entries.any(|entry| entry.id.to_string() == acknowledged));
        assert!(journal.append(remark("no")).is_err());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_writer(
        &Journal::open(&store, &id, &noa(), clock()).unwrap()
    ));
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    for number in 0..20 {
        let data = scratch();
        let store = Store::new(data.path());
        let id = create(&store).id().clone();
        let mut acknowledged = Vec::new();
        for round in 0..5 {
            acknowledged.extend(run_and_kill(&store, &id));
            let reader = Journal::open_read_only(&store, &id, &dana(), clock()).unwrap();
            let stored = reader.entries().iter().map(|entry| entry.id.to_string());
            let mut stored: Vec<String> = stored.collect();
            let count = stored.len();
            stored.retain(|id| acknowledged.contains(id));
            assert_eq!(stored, acknowledged, "review {number}, round {round}");
            // The three it began with, and per kill at the most one that was saved and not yet acknowledged.
            assert!(count <= 3 + acknowledged.len() + round + 1);
        }
        assert!(is_writer(&open(&store, &id)));
    }
}
