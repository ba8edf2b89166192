//! Power cuts: the real process is killed at random moments, over and over, while acts are being made. Whatever it had
//! shown as saved is there afterwards, and the journal opens without damage. And disks that are full: what does not fit
//! is said to be not saved, and what was saved before stays.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use crate::support::{BINARY, Outcome, Stage};
use crate::terminal::{CTRL_S, Terminal};

/// Random moments that are the same in every run.
struct Moments(u64);

impl Moments {
    /// Returns a time below a bound (xorshift64).
    fn below(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_micros(self.0 % (most.as_micros() as u64).max(1))
    }
}

/// Returns the texts of all entries of a kind; fails where the journal is damaged.
#[track_caller]
fn entries_of(stage: &Stage, folder: &Path, kind: &str) -> Vec<String> {
    // A process that the killed one was about to start holds what it held until it has started.
    let until = Instant::now() + Duration::from_secs(5);
    let mut status = stage.json(folder, &["status"]);
    while !status["read_only"].is_null() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
        status = stage.json(folder, &["status"]);
    }
    let notes = status["notes"].to_string();
    assert!(!notes.contains("damaged"), "{notes}");
    assert!(status["read_only"].is_null(), "{status}");
    let log = stage.json(folder, &["log"])["entries"].clone();
    log.as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["kind"] == kind)
        .map(|entry| entry["text"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn a_verb_killed_at_any_moment_loses_nothing_it_had_printed() {
    const KILLS: usize = 250;
    /// Beyond this a machine is too uneven for the test to say anything.
    const MOST: usize = 1000;
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &["main...work"]);
    let begun = Instant::now();
    stage.must(&repository, &["comment", "The first"]);
    let mut window = begun.elapsed() * 2;
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15);
    let mut shown = BTreeSet::new();
    let mut cut = 0;
    for number in 0..MOST {
        if number >= KILLS && cut > KILLS / 5 && shown.len() > KILLS / 5 {
            break;
        }
        let mut verb = stage.verb(&repository, &["comment", &format!("Number {number}")]);
        let mut child = verb
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        let (told, ended) = channel();
        let reading = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stdout.read_to_string(&mut text);
            let _ = told.send(());
            text
        });
        if ended.recv_timeout(moments.below(window)).is_err() {
            cut += 1;
        }
        let _ = child.kill();
        child.wait().expect("it has ended");
        let text = reading.join().expect("a text");
        if let Some(id) = text
            .strip_prefix("Comment ")
            .and_then(|text| text.split(' ').next())
        {
            shown.insert(id.to_owned());
        }
        // How long a verb takes depends on what else the machine does: the window follows it.
        window = if shown.len() < cut {
            window.mul_f32(1.05)
        } else {
            window.mul_f32(0.96)
        };
        if number % 10 == 9 {
            let kept = entries_of(&stage, &repository, "comment.added");
            for id in &shown {
                assert!(
                    kept.iter().any(|text| text.starts_with(id)),
                    "{id} is lost: {kept:?}"
                );
            }
        }
    }
    assert!(cut > KILLS / 5, "only {cut} were cut short");
    assert!(shown.len() > KILLS / 5, "only {} were shown", shown.len());
}

#[test]
fn the_screen_killed_at_any_moment_loses_nothing_it_had_shown_as_saved() {
    const KILLS: usize = 80;
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &["main...work"]);
    let mut moments = Moments(0x2545_f491_4f6c_dd1d);
    let mut total = 0;
    for number in 0..KILLS {
        let before = entries_of(&stage, &repository, "comment.added").len();
        let mut screen = Terminal::start(&stage, &repository, &["review", "main...work"]);
        screen.shows("import store");
        // After that many comments were shown as saved and a little longer, the power goes.
        let whole = number % 4;
        for comment in 0..whole {
            write_comment(&mut screen, &format!("{number}.{comment}"));
            screen.hides("On the review as a whole");
            screen.shows(" saved ");
        }
        write_comment(&mut screen, &format!("{number}.last"));
        let moment = Instant::now() + moments.below(Duration::from_millis(30));
        screen.look_until(moment);
        let mut saved = whole;
        if !screen.screen().contains("On the review as a whole")
            && screen.screen().contains(" saved")
        {
            saved += 1;
        }
        screen.kill();
        let after = entries_of(&stage, &repository, "comment.added");
        assert!(
            after.len() >= before + saved,
            "{saved} shown as saved, {after:?}"
        );
        assert!(after.len() <= before + whole + 1, "{after:?}");
        total += after.len() - before;
    }
    assert!(total > KILLS, "only {total} comments were written");
}

fn write_comment(screen: &mut Terminal, text: &str) {
    screen.type_for("gr", "On the review as a whole");
    screen.keys(text);
    screen.shows(text);
    screen.keys(CTRL_S);
}

/// A small disk of the test's own, where the system lets us mount one.
struct Disk<'a> {
    stage: &'a Stage,
    folder: PathBuf,
}

impl<'a> Disk<'a> {
    fn mount(stage: &'a Stage) -> Option<Self> {
        let folder = stage.data();
        fs::create_dir_all(&folder).expect("a folder");
        let mut mount = stage.program("mount", stage.root());
        mount
            .args(["-t", "tmpfs", "-o", "size=128k", "tmpfs"])
            .arg(&folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self { stage, folder })
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let mut umount = self.stage.program("umount", self.stage.root());
        let _ = umount.arg("-l").arg(&self.folder).output();
    }
}

/// Comments until the disk takes no more; every comment that was taken is there, and none that was not.
fn fill(stage: &Stage, repository: &Path, comment: impl Fn(&str) -> Outcome) {
    let long = "All of this has to fit. ".repeat(80);
    let mut taken = 0;
    let refused = loop {
        let outcome = comment(&format!("Number {taken}: {long}"));
        if outcome.code != 0 {
            break outcome;
        }
        taken += 1;
        assert!(taken < 1000, "the disk is never full");
    };
    assert!(taken > 2, "{refused:?}");
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.err.contains("not saved"), "{refused:?}");
    // Once more, now that it is full.
    assert_eq!(comment(&long).code, 4);
    let kept = entries_of(stage, repository, "comment.added");
    assert_eq!(kept.len(), taken);
    for (number, text) in kept.iter().enumerate() {
        assert!(text.contains(&format!("Number {number}: ")), "{text}");
    }
}

#[test]
fn a_full_disk_is_not_saved_with_exit_4_and_loses_nothing() {
    let stage = Stage::new();
    let repository = stage.small();
    let disk = Disk::mount(&stage);
    stage.open(&repository, &["main...work"]);
    if disk.is_some() {
        fill(&stage, &repository, |text| {
            stage.run(&repository, &["comment", text])
        });
    } else {
        fill(&stage, &repository, |text| {
            limited(&stage, &repository, text)
        });
    }
}

/// Comments with at most 64 blocks of 512 bytes to a file.
fn limited(stage: &Stage, repository: &Path, text: &str) -> Outcome {
    let mut shell = stage.program("sh", repository);
    shell.args([
        "-c",
        "ulimit -f 64; exec \"$0\" comment \"$1\"",
        BINARY,
        text,
    ]);
    Outcome::of(shell)
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk_too() {
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &["main...work"]);
    fill(&stage, &repository, |text| {
        limited(&stage, &repository, text)
    });
    stage.must(&repository, &["comment", "There is room again"]);
}

fn limit_files(pid: Pid, bytes: Option<u64>) {
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(Some(pid), Resource::Fsize, limit).expect("the limit is ours to set");
}

#[test]
fn the_screen_says_not_saved_keeps_the_act_and_saves_it_when_there_is_room() {
    let stage = Stage::new();
    let repository = stage.small();
    let mut screen = Terminal::start(&stage, &repository, &["review", "main...work"]);
    screen.shows("import store");
    screen.type_for("m", "read 14%");
    let size = stage.journals()[0].1.len() as u64;
    limit_files(screen.pid(), Some(size + 8));
    screen.type_for("a", "why this is good here");
    screen.keys("Checked");
    screen.shows("Checked");
    screen.type_for(CTRL_S, "NOT SAVED");
    screen.shows("items 0/22");
    // Leaving now would lose it, so it is said first.
    screen.keys("q");
    screen.shows("not saved");
    let log = stage.must(&repository, &["log"]);
    assert!(!log.contains("verdict.given"), "{log}");
    limit_files(screen.pid(), None);
    screen.keys("n");
    screen.type_for("R", "items 1/22");
    screen.hides("NOT SAVED");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
    assert_eq!(
        stage.json(&repository, &["items"])["items"][0]["reason"],
        "Checked"
    );
}

#[test]
fn a_torn_tail_is_set_aside_and_said_on_the_next_opening() {
    let stage = Stage::new();
    let repository = stage.small();
    let review = stage.open(&repository, &["main...work"]);
    stage.must(&repository, &["comment", "Kept"]);
    stage.must(&repository, &["comment", "Torn"]);
    let (journal, bytes) = stage.journals().remove(0);
    fs::write(&journal, &bytes[..bytes.len() - 7]).expect("a torn journal");
    let outcome = stage.run(&repository, &["comment", "After"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.err.contains("set aside"), "{outcome:?}");
    let kept = entries_of(&stage, &repository, "comment.added");
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept[0].contains("Kept") && kept[1].contains("After"),
        "{kept:?}"
    );
    let quarantine = stage.review_folder(&review).join("quarantine");
    assert_eq!(crate::support::entries(&quarantine).len(), 1);
}

#[test]
fn a_flipped_byte_in_a_journal_is_named_and_makes_it_read_only() {
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &["main...work"]);
    stage.must(&repository, &["comment", "First"]);
    stage.must(&repository, &["comment", "Second"]);
    let (journal, mut bytes) = stage.journals().remove(0);
    let first = bytes
        .windows(5)
        .position(|window| window == b"First")
        .expect("the text");
    bytes[first] ^= 1;
    fs::write(&journal, &bytes).expect("a journal");
    let message = stage.refused(&repository, &["comment", "Third"]);
    assert!(
        message.contains("damaged") && message.contains("record"),
        "{message}"
    );
    let status = stage.json(&repository, &["status"]);
    assert!(status["read_only"].is_string(), "{status}");
}

#[test]
fn a_lock_dies_with_its_process() {
    let stage = Stage::new();
    let repository = stage.small();
    let mut screen = Terminal::start(&stage, &repository, &["review", "main...work"]);
    screen.shows("import store");
    screen.shows(" saved ");
    assert_eq!(stage.run(&repository, &["comment", "x"]).code, 2);
    kill_process(screen.pid(), Signal::KILL).expect("the process is there");
    screen.ends();
    stage.must(&repository, &["comment", "x"]);
}
