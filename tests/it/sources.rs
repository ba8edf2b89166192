//! Where a change can come from, as typed on the command line. The particulars of each source are tested beside the code
//! that opens it; here each one reaches the right change.

use crate::support::{Outcome, Stage, write};

/// Opens a review and returns its kind and how many files and lines it has.
#[track_caller]
fn opened(stage: &Stage, folder: &std::path::Path, arguments: &[&str]) -> (String, u64, u64, u64) {
    let review = stage.open(folder, arguments);
    let status = stage.json(folder, &["status", "--review", &review]);
    let number = |key: &str| status[key].as_u64().expect("a number");
    (
        status["kind"].as_str().expect("a kind").to_owned(),
        number("files"),
        number("added"),
        number("removed"),
    )
}

#[test]
fn ranges_single_revisions_and_nothing_name_changes() {
    let stage = Stage::new();
    let repository = stage.small();
    let whole = ("range".to_owned(), 2, 6, 1);
    assert_eq!(opened(&stage, &repository, &["main...work"]), whole);
    assert_eq!(opened(&stage, &repository, &["main..work"]), whole);
    assert_eq!(opened(&stage, &repository, &[]), whole);
    let (_, files, added, removed) = opened(&stage, &repository, &["work"]);
    assert_eq!((files, added, removed), (2, 6, 1));
    stage.git(&repository, &["switch", "-q", "main"]);
    stage.commit(&repository, "Else", &[("else.py", "x = 1\n")]);
    assert_eq!(opened(&stage, &repository, &["main...work"]), whole);
    let (_, files, added, removed) = opened(&stage, &repository, &["main..work"]);
    assert_eq!((files, added, removed), (3, 6, 2));
}

#[test]
fn the_index_and_the_work_tree_are_two_changes() {
    let stage = Stage::new();
    let repository = stage.small();
    write(&repository.join("staged.py"), "a = 1\n");
    stage.git(&repository, &["add", "staged.py"]);
    write(&repository.join("untracked.py"), "b = 1\nc = 2\n");
    let (kind, files, added, _) = opened(&stage, &repository, &["--staged"]);
    assert_eq!((kind.as_str(), files, added), ("staged", 1, 1));
    let (kind, files, added, _) = opened(&stage, &repository, &["--worktree"]);
    assert_eq!((kind.as_str(), files, added), ("worktree", 2, 3));
}

#[test]
fn a_tree_and_a_folder_are_reviewed_whole() {
    let stage = Stage::new();
    let repository = stage.small();
    let (kind, files, added, removed) = opened(&stage, &repository, &["--tree"]);
    assert_eq!((kind.as_str(), files, removed), ("tree", 2, 0));
    let (_, files, earlier, _) = opened(&stage, &repository, &["--tree", "main"]);
    assert_eq!((files, earlier), (2, added - 5));
    let folder = stage.folder("plain");
    write(&folder.join("a/b.py"), "x = 1\n");
    let name = folder.to_str().expect("a name");
    let (kind, files, added, _) = opened(&stage, stage.root(), &["--path", name]);
    assert_eq!((kind.as_str(), files, added), ("folder", 1, 1));
}

#[test]
fn a_patch_is_reviewed_from_a_file_or_a_pipe_with_or_without_a_repository() {
    let stage = Stage::new();
    let repository = stage.small();
    let patch = stage.git(&repository, &["diff", "main...work"]);
    let file = stage.root().join("change.patch");
    write(&file, &patch);
    let name = file.to_str().expect("a name");
    let expected = ("patch".to_owned(), 2, 6, 1);
    let bare = stage.folder("nothing");
    for folder in [&repository, &bare] {
        assert_eq!(opened(&stage, folder, &["--patch", name]), expected);
    }
    let review = |folder| {
        let verb = stage.verb(folder, &["review", "--headless", "--patch", "-"]);
        Outcome::fed(verb, patch.as_bytes()).ok().trim().to_owned()
    };
    let status = stage.json(&bare, &["status", "--review", &review(&bare)]);
    assert_eq!(status["files"], 2);
    let none = Outcome::fed(
        stage.verb(&bare, &["review", "--headless", "--patch", "-"]),
        b"no patch at all\n",
    );
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("no file changes"), "{none:?}");
}

#[test]
fn a_sha_256_repository_is_refused_with_the_way_out_and_that_way_works() {
    let stage = Stage::new();
    let repository = stage.folder("modern");
    stage.git(
        &repository,
        &["init", "-q", "-b", "main", "--object-format=sha256"],
    );
    stage.commit(&repository, "Begin", &[("a.py", "x = 1\n")]);
    stage.commit(&repository, "Go on", &[("a.py", "x = 2\n")]);
    let message = stage.refused(&repository, &["review", "--headless"]);
    assert!(
        message.contains("countersign review --patch -"),
        "{message}"
    );
    let patch = stage.git(&repository, &["diff", "HEAD~1...HEAD"]);
    let verb = stage.verb(&repository, &["review", "--headless", "--patch", "-"]);
    let review = Outcome::fed(verb, patch.as_bytes()).ok();
    let status = stage.json(&repository, &["status", "--review", review.trim()]);
    assert_eq!(status["added"], 1);
}

#[test]
fn a_ref_that_looks_like_an_option_is_a_ref() {
    let stage = Stage::new();
    let repository = stage.small();
    stage.git(
        &repository,
        &["update-ref", "refs/heads/--upload-pack=x", "work"],
    );
    let (_, files, ..) = opened(&stage, &repository, &["--", "main...--upload-pack=x"]);
    assert_eq!(files, 2);
    let (_, files, ..) = opened(&stage, &repository, &["--", "--upload-pack=x"]);
    assert_eq!(files, 2);
}

#[test]
fn nothing_of_a_hostile_repository_runs() {
    let stage = Stage::new();
    let repository = stage.small();
    let ran = stage.root().join("ran");
    let script = stage.root().join("script");
    write(
        &script,
        format!("#!/bin/sh\necho ran >> {}\ncat\n", ran.display()),
    );
    let mut chmod = stage.program("chmod", stage.root());
    chmod.arg("+x").arg(&script);
    Outcome::of(chmod).ok();
    let script = script.to_str().expect("a name");
    write(
        &repository.join(".gitattributes"),
        "*.py filter=evil diff=evil merge=evil\n",
    );
    stage.git(&repository, &["add", "-A"]);
    stage.git(&repository, &["commit", "-q", "-m", "Attributes"]);
    for key in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "diff.external",
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "gpg.program",
        "gpg.ssh.program",
    ] {
        stage.git(&repository, &["config", key, script]);
    }
    stage.git(
        &repository,
        &[
            "config",
            "core.hooksPath",
            stage.root().to_str().expect("a name"),
        ],
    );
    for hook in ["post-checkout", "post-index-change", "pre-commit"] {
        std::fs::copy(script, stage.root().join(hook)).expect("a hook");
    }
    write(&repository.join("app/users.py"), "changed = True\n");
    for arguments in [
        &["main...work"][..],
        &["--worktree"],
        &["--tree"],
        &["--staged"],
    ] {
        let outcome = stage.run(
            &repository,
            &[&["review", "--headless"], arguments].concat(),
        );
        assert!(
            outcome.code == 0 || outcome.err.contains("nothing changed"),
            "{outcome:?}"
        );
    }
    stage.must(&repository, &["status"]);
    stage.must(&repository, &["export"]);
    assert!(!ran.exists(), "a program of the repository ran");
}
