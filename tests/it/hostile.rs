//! A repository that wants to write to the terminal: escapes and bidirectional marks in file names, code, commit
//! messages and author names. They show as tokens, and no byte of them gets out as it is.

use std::path::{Path, PathBuf};

use crate::support::Stage;
use crate::terminal::{CTRL_P, CTRL_S, ESC, Terminal};

const ESCAPE: &str = "\x1b]0;pwn\x07\x1b[2J\u{9b}31m";
const OVERRIDE: &str = "\u{202e}txt.exe\u{2066}";

fn hostile(stage: &Stage) -> PathBuf {
    let repository = stage.repository("hostile", &[("a.py", "x = 1\n")]);
    stage.git(
        &repository,
        &["switch", "-q", "-c", &format!("work{OVERRIDE}")],
    );
    let code = format!("x = 1  # {ESCAPE}\ny = '{OVERRIDE}'\n");
    let mut git = stage.program("git", &repository);
    for (path, text) in [
        ("a.py".to_owned(), &code),
        (format!("b{ESCAPE}{OVERRIDE}.py"), &code),
    ] {
        crate::support::write(&repository.join(path), text);
    }
    stage.git(&repository, &["add", "-A"]);
    git.args(["commit", "-q", "-m"])
        .arg(format!("Change{ESCAPE}{OVERRIDE}"))
        .env("GIT_AUTHOR_NAME", format!("Eve{ESCAPE}{OVERRIDE}"));
    crate::support::Outcome::of(git).ok();
    repository
}

/// Nothing of what the repository wanted to write is there.
#[track_caller]
fn clean(what: &str, bytes: &[u8]) {
    let traps: [&[u8]; 5] = [
        b"]0;pwn\x07",
        b"\x1b]0",
        "\u{202e}".as_bytes(),
        "\u{2066}".as_bytes(),
        "\u{9b}".as_bytes(),
    ];
    for trap in traps {
        assert!(
            !bytes.windows(trap.len()).any(|window| window == trap),
            "{what} lets {} through",
            trap.escape_ascii()
        );
    }
}

fn open(stage: &Stage, repository: &Path) -> Terminal {
    let mut screen = Terminal::with(stage, repository, &["review"], (120, 40), &[]);
    screen.shows("a.py");
    screen.shows("x = 1  # ␛]0;pwn");
    screen
}

#[test]
fn the_screen_shows_tokens_and_the_terminal_gets_no_byte_of_it() {
    let stage = Stage::new();
    let repository = hostile(&stage);
    let mut screen = open(&stage, &repository);
    screen.shows("⟦RLO⟧txt.exe");
    screen.type_for("]f", "file 2/2");
    // Paths are quoted as git quotes them.
    screen.shows("\\342\\200\\256txt.exe\\342\\201\\246.py\"");
    screen.type_for(CTRL_P, "Go to a file, an item");
    screen.shows("b\\033]0;pwn\\007");
    screen.keys(ESC);
    screen.hides("Go to a file, an item");
    screen.type_for("v", "1 line selected");
    screen.type_for("f", "Severity");
    screen.type_for(CTRL_S, "flags 1");
    screen.type_for("L", "Findings: 1");
    screen.keys(ESC);
    screen.hides("Findings: 1");
    screen.type_for("jc", "Comment");
    screen.keys("Odd");
    screen.shows("Odd");
    screen.keys(CTRL_S);
    screen.shows("✎");
    screen.type_for("gc", "Comments: 1");
    screen.keys(ESC);
    screen.hides("Comments: 1");
    screen.type_for("S", "items are undecided");
    screen.keys(ESC);
    screen.hides("items are undecided");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
    clean("the screen", screen.raw());
    let mut list = Terminal::start(&stage, &repository, &[]);
    list.shows("work⟦RLO⟧");
    list.keys(ESC);
    list.ends();
    clean("the list of reviews", list.raw());
}

#[test]
fn no_verb_and_no_report_lets_it_through() {
    let stage = Stage::new();
    let repository = hostile(&stage);
    stage.open(&repository, &[]);
    let name = format!("b{ESCAPE}{OVERRIDE}.py");
    stage.must(
        &repository,
        &["flag", "n-plus-one", "--at", &format!("{name}:1-2")],
    );
    stage.must(&repository, &["comment", "Odd", "--file", &name]);
    stage.must(
        &repository,
        &[
            "accept",
            "lost-update",
            "--reason",
            &format!("Fine {ESCAPE}{OVERRIDE}"),
        ],
    );
    stage.must(&repository, &["read", &name]);
    for verb in [
        &["status"][..],
        &["items"],
        &["findings"],
        &["log"],
        &["list"],
        &["export", "--format", "md"],
        &["export", "--format", "html"],
        &["export", "--format", "json"],
        &["review", "--headless", "main..no\x1b]0;pwn\x07"],
        &["accept", "no\x1b]0;pwn\x07", "--reason", "x"],
        &["status", "--review", "no\x1b]0;pwn\x07"],
        &["read", "no\x1b]0;pwn\x07"],
        &["flag", "unsafe-retry", "--at", "no\x1b]0;pwn\x07:1"],
        &["checklist", "show", "no\x1b]0;pwn\x07"],
        &["no\x1b]0;pwn\x07"],
    ] {
        for json in [&[][..], &["--json"]] {
            let arguments = [verb, json].concat();
            let outcome = stage.run(&repository, &arguments);
            clean(
                &format!("{arguments:?}"),
                (outcome.out + &outcome.err).as_bytes(),
            );
        }
    }
}
