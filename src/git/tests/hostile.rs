//! Repositories that mean harm: nothing in them runs, nothing they configure applies.

#![expect(clippy::disallowed_methods, reason = "tests run stock git")]
use super::*;

use std::os::unix::fs::PermissionsExt as _;

/// Writes a program that leaves a mark when anything runs it.
fn trap(s: &Sandbox, path: &Path) {
    let mark = s.path("ran");
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("create");
    std::fs::write(
        path,
        format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display()),
    )
    .expect("write");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("chmod");
}

#[test]
fn nothing_of_the_repository_runs() {
    let s = Sandbox::new();
    s.write("a.txt", "1\n");
    s.write("b.txt", "b\n");
    s.commit("base");
    s.write("a.txt", "2\n");
    s.commit("head");
    let program = s.path("trap.sh");
    trap(&s, &program);
    let trap_text = program.display().to_string();
    let hooks = [
        "pre-commit",
        "post-checkout",
        "post-index-change",
        "fsmonitor-watchman",
        "reference-transaction",
    ];
    for hook in hooks {
        trap(&s, &s.repo().join(".git/hooks").join(hook));
    }
    for (key, value) in [
        ("core.fsmonitor", trap_text.as_str()),
        ("core.pager", &trap_text),
        ("core.editor", &trap_text),
        ("core.sshCommand", &trap_text),
        ("diff.external", &trap_text),
        ("diff.trap.textconv", &trap_text),
        ("diff.trap.command", &trap_text),
        ("filter.trap.clean", &trap_text),
        ("filter.trap.smudge", &trap_text),
        ("filter.trap.process", &trap_text),
        ("filter.trap.required", "true"),
    ] {
        // Written straight into the file: the git program would start running them.
        git_in(
            s.folder.path(),
            &["config", "-f", "repo/.git/config", key, value],
        );
    }
    s.write(
        ".gitattributes",
        "*.txt diff=trap filter=trap working-tree-encoding=UTF-16\n",
    );
    s.write(".git/info/attributes", "*.txt diff=trap filter=trap\n");
    s.write("b.txt", "changed\n");
    s.write("c.txt", "new\n");
    for spec in [
        SourceSpec::Revisions(Some("HEAD".into())),
        SourceSpec::Worktree,
        SourceSpec::Tree(None),
        SourceSpec::Folder(s.repo()),
    ] {
        let source = s.open_spec(&spec);
        for file in &source.change.files {
            source.content.diff(file);
        }
        manifests(&source).expect("computed");
        snapshot(&source, &s.path("copies")).expect("kept");
    }
    let disk = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(rows(&diff(&disk, "b.txt")), "-b\n+changed\n");
    assert!(!s.path("ran").exists(), "something ran");
    // The trap itself works: what it guards against would have left its mark.
    let run = Command::new(&program)
        .stdin(Stdio::null())
        .status()
        .expect("runs");
    assert!(run.success() && s.path("ran").exists());
}

#[test]
fn a_replace_ref_or_graft_changes_nothing() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    let first = s.commit("one");
    s.write("a", "2\n");
    let second = s.commit("two");
    s.write("a", "3\n");
    let third = s.commit("three");
    let honest = s.open(&third);
    s.git(&["replace", &third, &first]);
    std::fs::create_dir_all(s.repo().join(".git/info")).expect("create");
    std::fs::write(
        s.repo().join(".git/info/grafts"),
        format!("{third} {first}\n"),
    )
    .expect("write");
    let source = s.open(&third);
    assert_eq!(source.revision.change, honest.revision.change);
    assert_eq!(
        source.revision.base.commit.map(|id| id.to_string()),
        Some(second)
    );
    assert_eq!(rows(&diff(&honest, "a")), "-2\n+3\n");
}

#[test]
fn a_tree_with_climbing_names_stays_data() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("one");
    let blob = s.git(&["rev-parse", "HEAD:a"]);
    // mktree refuses such names; a hostile repository would have been written by other means.
    let mut tree = b"100644 ..\0".to_vec();
    for pair in blob.as_bytes().chunks(2) {
        let digits = std::str::from_utf8(pair).expect("hexadecimal");
        tree.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
    }
    std::fs::write(s.path("tree"), &tree).expect("write");
    let id = s.git(&["hash-object", "-t", "tree", "--literally", "-w", "../tree"]);
    let commit = s.git(&["commit-tree", "-m", "hostile", &id]);
    let source = s.open(&commit);
    assert_eq!(summary(&source), ["A .."]);
    snapshot(&source, &s.path("copies")).expect("nothing to keep");
}

#[test]
fn the_reviewed_repository_does_not_say_who_the_user_is() {
    let s = Sandbox::new();
    s.git(&["config", "user.name", "Mallory"]);
    s.git(&["config", "user.email", "mallory@example.org"]);
    let identity = global_identity();
    assert!(identity.is_none_or(|person| person.email != "mallory@example.org"));
}
