//! What goes wrong on an ordinary day: repositories that move, journals that are damaged, files that cannot be read,
//! names that look like something else. There is a sentence for it, and a way on.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::{Outcome, Stage, entries, write};

#[test]
fn a_repository_that_moved_is_found_in_the_folder_one_stands_in() {
    let stage = Stage::new();
    let repository = stage.small();
    let review = stage.open(&repository, &["main...work"]);
    let moved = stage.root().join("moved");
    fs::rename(&repository, &moved).expect("moves");
    let error = stage.refused(stage.root(), &["status", "--review", &review]);
    assert!(error.contains("there is none"), "{error}");
    assert!(error.contains("go into a clone"), "{error}");
    let accept = ["accept", "lost-update", "--reason", "Looked at"];
    stage.must(&moved, &[&accept[..], &["--review", &review]].concat());
    let status = stage.json(&moved, &["status", "--review", &review]);
    assert_eq!(status["files"], 2);
    // Another repository in the old place is not taken for it.
    stage.repository("small", &[("a", "1\n")]);
    let error = stage.refused(stage.root(), &["status", "--review", &review]);
    assert!(error.contains("it has no commit"), "{error}");
}

#[test]
fn the_log_reads_what_there_is_without_the_change_and_without_a_whole_journal() {
    let stage = Stage::new();
    let repository = stage.small();
    let review = stage.open(&repository, &["main...work"]);
    fs::rename(&repository, stage.root().join("gone")).expect("moves");
    let log = ["log", "--review", &review];
    assert!(stage.must(stage.root(), &log).contains("revision.added"));
    // The second record is damaged: the review names no change any more, and says why.
    let (path, bytes) = stage.journals().remove(0);
    let second = bytes.iter().position(|&byte| byte == b'\n').expect("lines") + 1;
    let mut damaged = bytes.clone();
    damaged[second + 40] ^= 1;
    fs::write(&path, damaged).expect("writes");
    let error = stage.refused(stage.root(), &["status", "--review", &review]);
    assert!(error.contains("record 2 at byte"), "{error}");
    assert!(error.contains("countersign log"), "{error}");
    let outcome = stage.run(stage.root(), &log);
    assert!(outcome.err.contains("record 2 at byte"), "{outcome:?}");
    assert!(outcome.ok().contains("writer.enrolled"));
}

#[test]
fn what_is_left_out_of_a_change_is_told_at_once_in_the_status_and_in_the_report() {
    let stage = Stage::new();
    let folder = stage.folder("delivery");
    write(&folder.join(".gitignore"), "*.log\n");
    write(&folder.join("run.log"), "x\n");
    write(&folder.join("a.py"), "x = 1\n");
    let text = "files that a .gitignore in the folder names were left out";
    let outcome = stage.run(&folder, &["review", "--headless", "--path", "."]);
    assert!(outcome.err.contains(text), "{outcome:?}");
    assert!(stage.must(&folder, &["status"]).contains(text));
    assert!(stage.must(&folder, &["export"]).contains(text));

    let patch = stage.root().join("cut.patch");
    write(
        &patch,
        "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n@@ -9,2 +9,2 @@\n a\n",
    );
    let patch = patch.to_str().expect("a name");
    let outcome = stage.run(&folder, &["review", "--headless", "--patch", patch]);
    assert!(
        outcome.err.contains("early; what is there is kept"),
        "{outcome:?}"
    );
}

#[test]
fn every_file_name_can_be_named() {
    let stage = Stage::new();
    let folder = stage.folder("names");
    let names: [&[u8]; 7] = [
        b"x@old",
        b"p:3@old",
        b"new\nline",
        b"caf\xe9",
        b":1",
        b"a:5",
        b"--help",
    ];
    for name in names {
        write(&folder.join(OsStr::from_bytes(name)), "one\ntwo\n");
    }
    let review = stage.open(stage.root(), &["--path", "names"]);
    let run = |arguments: &[&OsStr]| {
        let mut verb = stage.verb(stage.root(), &["--review", &review]);
        verb.args(arguments);
        Outcome::of(verb).ok()
    };
    for name in names {
        let title = format!("--title={}", name.escape_ascii());
        let at = [b"--at=", name, b":2"].concat();
        run(&[
            "flag".as_ref(),
            "lost-update".as_ref(),
            "--another".as_ref(),
            title.as_ref(),
            OsStr::from_bytes(&at),
        ]);
        let hunk = [name, b":1"].concat();
        let said = run(&["read".as_ref(), "--".as_ref(), OsStr::from_bytes(&hunk)]);
        assert!(said.starts_with("Marked 1 hunk"), "{title}: {said}");
    }
    let quoted = r#""new\nline":1"#;
    run(&["read".as_ref(), "--unread".as_ref(), quoted.as_ref()]);
    let findings = stage.json(stage.root(), &["findings", "--review", &review]);
    let paths: Vec<&str> = findings["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|finding| finding["at"][0].as_str())
        .collect();
    assert_eq!(paths.len(), names.len(), "{findings}");
    assert!(paths.contains(&"x@old:2"), "{paths:?}");
}

#[test]
fn a_checklist_file_without_end_is_refused() {
    let stage = Stage::new();
    let error = stage.refused(stage.root(), &["checklist", "lint", "/dev/zero"]);
    assert!(error.contains("larger than 1 MiB"), "{error}");
}

#[test]
fn a_draft_that_is_a_pipe_stops_nothing() {
    let stage = Stage::new();
    let repository = stage.small();
    let review = stage.open(&repository, &["main...work"]);
    let drafts = stage.review_folder(&review).join("drafts");
    fs::create_dir_all(&drafts).expect("a folder");
    let mut mkfifo = stage.program("mkfifo", &drafts);
    mkfifo.arg("finding-lost-update.draft");
    Outcome::of(mkfifo).ok();
    assert_eq!(entries(&drafts).len(), 1);
    let mut screen = crate::terminal::Terminal::with(
        &stage,
        &repository,
        &["review", "main...work"],
        (80, 24),
        &[],
    );
    screen.shows("app/orders.py");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
}
