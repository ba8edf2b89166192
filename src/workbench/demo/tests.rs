//! The demo as stock git sees it, and folders it must leave alone.

use std::fs;
use std::process::Command;

use super::*;

/// Runs stock git in a folder, with no configuration but the repository's own.
#[expect(
    clippy::disallowed_methods,
    reason = "stock git is the judge of the demo"
)]
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("LC_ALL", "C")
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn built() -> (tempfile::TempDir, Demo) {
    let home = tempfile::tempdir().unwrap();
    let demo = build(&home.path().join("shop-orders")).unwrap();
    (home, demo)
}

#[test]
fn the_demo_has_the_same_commits_everywhere_and_always() {
    let (_home, demo) = built();
    let ids = git(&demo.repository, &["rev-parse", BASE_BRANCH, HEAD_BRANCH]);
    assert_eq!(ids, format!("{BASE_COMMIT}\n{HEAD_COMMIT}\n"));
    let meeting = git(&demo.repository, &["merge-base", BASE_BRANCH, HEAD_BRANCH]);
    assert_eq!(meeting.trim(), BASE_COMMIT);
}

#[test]
fn stock_git_finds_nothing_wrong_with_the_demo_and_a_clean_work_tree() {
    let (_home, demo) = built();
    git(&demo.repository, &["fsck", "--strict", "--no-dangling"]);
    assert_eq!(
        git(&demo.repository, &["status", "--porcelain", "--ignored"]),
        ""
    );
    assert_eq!(
        git(&demo.repository, &["branch", "--show-current"]).trim(),
        HEAD_BRANCH
    );
    assert!(
        !demo
            .repository
            .join(".git/hooks")
            .join("pre-commit.sample")
            .exists()
    );
}

#[test]
fn the_history_is_three_commits_and_three_more_with_their_co_author() {
    let (_home, demo) = built();
    assert_eq!(
        git(&demo.repository, &["log", "--format=%h", "main"])
            .lines()
            .count(),
        3
    );
    let trailers = "--format=%(trailers:key=Co-authored-by,valueonly,separator=%x2C)";
    let log = git(&demo.repository, &["log", trailers, "main..agent/orders"]);
    assert_eq!(log, "Orders Agent <agent@example.com>\n".repeat(3));
}

#[test]
fn the_change_holds_every_kind_of_file_change() {
    let (_home, demo) = built();
    let names = git(
        &demo.repository,
        &["diff", "-M", "--name-status", &demo.range],
    );
    let kinds: Vec<&str> = names.lines().map(|line| &line[..1]).collect();
    assert_eq!(kinds.len(), 10, "{names}");
    for (kind, count) in [("A", 4), ("D", 1), ("M", 4), ("R", 1)] {
        assert_eq!(
            kinds.iter().filter(|k| **k == kind).count(),
            count,
            "{kind} in {names}"
        );
    }
    let numbers = git(&demo.repository, &["diff", "-M", "--numstat", &demo.range]);
    assert!(numbers.contains("-\t-\tstatic/parcel.png"), "{numbers}");
    let added: u32 = numbers
        .lines()
        .filter_map(|line| line.split('\t').next()?.parse::<u32>().ok())
        .sum();
    assert!((450..=700).contains(&added), "{added} lines added");
}

#[test]
fn a_demo_that_is_there_is_used_again_with_the_work_in_it() {
    let (_home, demo) = built();
    let note = demo.repository.join("mine.txt");
    fs::write(&note, "kept").unwrap();
    assert_eq!(build(&demo.repository).unwrap(), demo);
    assert_eq!(fs::read_to_string(note).unwrap(), "kept");
}

#[test]
fn a_folder_with_anything_else_is_refused_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine.txt"), "mine").unwrap();
    assert!(matches!(build(home.path()), Err(DemoError::Occupied(_))));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    assert!(matches!(
        build(&home.path().join("mine.txt")),
        Err(DemoError::Occupied(_))
    ));
    let other = home.path().join("other");
    fs::create_dir(&other).unwrap();
    git(&other, &["init", "--quiet"]);
    assert!(matches!(build(&other), Err(DemoError::Occupied(_))));
}

#[test]
fn a_demo_that_was_worked_on_is_not_passed_off_as_the_demo() {
    let (_home, demo) = built();
    git(
        &demo.repository,
        &["update-ref", "refs/heads/agent/orders", "agent/orders~1"],
    );
    assert!(matches!(
        build(&demo.repository),
        Err(DemoError::Differs(_))
    ));
}

#[test]
fn the_notes_name_places_that_are_there() {
    let (_home, demo) = built();
    let notes = include_str!("../../../assets/demo/NOTES.md");
    let mut places = 0;
    for row in notes.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (path, text) = (cells[2].trim_matches('`'), cells[3].trim_matches('`'));
        let file = fs::read_to_string(demo.repository.join(path)).unwrap();
        let added = git(&demo.repository, &["diff", &demo.range, "--", path]);
        let in_diff = |line: &&str| line.starts_with('+') && line.contains(text);
        assert!(file.contains(text), "{path} lacks {text:?}");
        assert!(
            added.lines().any(|line| in_diff(&line)),
            "{path} does not add {text:?}"
        );
        places += 1;
    }
    assert!(places >= 24, "{places} places");
}
