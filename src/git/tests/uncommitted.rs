//! The index and the work tree.

#![expect(clippy::disallowed_methods, reason = "tests run stock git")]
use super::*;

use crate::model::{BlobId, LineNo, Mode, ObjectId};

#[test]
fn the_index_is_compared_with_head_and_with_nothing_before_the_first_commit() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.git(&["add", "a"]);
    s.write("untracked", "x\n");
    let unborn = s.open_spec(&SourceSpec::Staged);
    assert_eq!(summary(&unborn), ["A a"]);
    assert_eq!(unborn.revision.base.commit, None);
    s.commit("one");
    s.write("a", "2\n");
    s.git(&["add", "a"]);
    s.write("a", "3\n");
    s.write("announced", "later\n");
    s.git(&["add", "-N", "announced"]);
    let source = s.open_spec(&SourceSpec::Staged);
    assert_eq!(summary(&source), ["M a"]);
    assert_eq!(rows(&diff(&source, "a")), "-1\n+2\n");
    assert_eq!(source.change.title, "staged on main");
    assert_eq!(source.change.head.label, "index");
}

#[test]
fn an_unresolved_conflict_is_a_problem_of_the_index() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("one");
    s.git(&["switch", "-q", "-c", "side"]);
    s.write("a", "side\n");
    s.commit("side");
    s.git(&["switch", "-q", "main"]);
    s.write("a", "main\n");
    s.commit("main");
    let merge = clean(Command::new("git"))
        .current_dir(s.repo())
        .args(["merge", "-q", "side"])
        .output();
    assert!(!merge.expect("runs").status.success());
    s.write("b", "2\n");
    s.git(&["add", "b"]);
    let source = s.open_spec(&SourceSpec::Staged);
    assert_eq!(summary(&source), ["A b"]);
    assert!(
        source.change.problems[0]
            .message
            .contains("a has a merge conflict")
    );
    let disk = s.open_spec(&SourceSpec::Worktree);
    assert!(rows(&diff(&disk, "a")).contains("+<<<<<<< HEAD\n"));
}

#[test]
fn the_work_tree_has_staged_unstaged_and_untracked_files_but_not_ignored_ones() {
    let s = Sandbox::new();
    for name in ["staged", "unstaged", "same", "gone", "moved"] {
        s.write(name, format!("{name}\n{}", numbered(10)));
    }
    s.write(".gitignore", "*.log\n");
    s.write("tracked.log", "tracked though ignored\n");
    s.git(&["add", "-f", "tracked.log"]);
    s.commit("base");
    s.write("staged", "new\n");
    s.git(&["add", "staged"]);
    s.write("unstaged", "new\n");
    s.write("tracked.log", "changed\n");
    s.write("debug.log", "ignored\n");
    s.write(".hidden/untracked", "x\n");
    std::fs::remove_file(s.repo().join("gone")).expect("remove");
    std::fs::rename(s.repo().join("moved"), s.repo().join("renamed")).expect("rename");
    // Touched, but the same bytes.
    s.write("same", format!("same\n{}", numbered(10)));
    let source = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(
        summary(&source),
        [
            "A .hidden/untracked",
            "D gone",
            "R moved > renamed",
            "M staged",
            "M tracked.log",
            "M unstaged"
        ]
    );
    let staged = file(&source, "staged");
    assert!(matches!(
        staged.new.as_ref().map(|s| &s.blob),
        Some(BlobId::Sha256(_))
    ));
    assert!(rows(&source.content.diff(staged)).ends_with("+new\n"));
}

#[test]
fn an_unborn_work_tree_is_all_new() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.write("b", "2\n");
    s.git(&["add", "a"]);
    assert_eq!(summary(&s.open_spec(&SourceSpec::Worktree)), ["A a", "A b"]);
}

#[test]
fn modes_links_and_bytes_of_the_work_tree_are_raw() {
    use std::os::unix::fs::PermissionsExt as _;
    let s = Sandbox::new();
    s.write("run", "x\n");
    s.write("link", "was a file\n");
    s.write("crlf", "a\n");
    s.commit("base");
    s.git(&["config", "core.autocrlf", "true"]);
    s.git(&["config", "core.fileMode", "false"]);
    s.write(".gitattributes", "* text=auto ident\n");
    let run = s.repo().join("run");
    std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o755)).expect("chmod");
    std::fs::remove_file(s.repo().join("link")).expect("remove");
    std::os::unix::fs::symlink("/etc/passwd", s.repo().join("link")).expect("link");
    s.write("crlf", "a\r\n$Id: x$\n");
    let source = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(
        summary(&source),
        ["A .gitattributes", "M crlf", "T link", "M run"]
    );
    assert_eq!(file(&source, "run").status, FileStatus::ModeChanged);
    assert_eq!(rows(&diff(&source, "crlf")), "-a\n+a\r\n+$Id: x$\n");
    assert_eq!(rows(&diff(&source, "link")), "-was a file\n+/etc/passwd");
    assert_eq!(
        file(&source, "link").new.as_ref().map(|s| s.mode),
        Some(Mode::Symlink)
    );
}

#[test]
fn a_folder_replaced_by_a_link_is_not_followed() {
    let s = Sandbox::new();
    s.write("dir/secret", "tracked\n");
    s.commit("base");
    std::fs::remove_dir_all(s.repo().join("dir")).expect("remove");
    std::fs::create_dir(s.path("outside")).expect("create");
    std::fs::write(s.path("outside/secret"), "outside\n").expect("write");
    std::os::unix::fs::symlink(s.path("outside"), s.repo().join("dir")).expect("link");
    let source = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(summary(&source), ["A dir", "D dir/secret"]);
    let shown = rows(&diff(&source, "dir"));
    assert!(
        shown.starts_with("+/") && !shown.contains("outside\n"),
        "{shown}"
    );
}

/// What the report will say is missing.
fn problems(source: &OpenedSource) -> Vec<&str> {
    let problems = source.change.problems.iter();
    problems.map(|problem| problem.message.as_str()).collect()
}

#[test]
fn a_pipe_in_the_work_tree_is_left_out_without_waiting() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("base");
    s.write("b", "2\n");
    let pipe = s.repo().join("pipe");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    let source = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(summary(&source), ["A b"]);
    assert_eq!(
        problems(&source),
        ["an entry that is no file (a pipe, socket or device) was left out"]
    );
}

#[test]
fn a_repository_inside_the_work_tree_is_left_out_and_a_submodule_is_its_commit() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("base");
    for name in ["inner", "lib"] {
        git_in(&s.repo(), &["init", "-q", name]);
        s.write(&format!("{name}/f"), "x\n");
        git_in(&s.repo().join(name), &["add", "."]);
        git_in(&s.repo().join(name), &["commit", "-q", "-m", "inner"]);
    }
    let at = git_in(&s.repo().join("lib"), &["rev-parse", "HEAD"]);
    s.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{},lib", "1".repeat(40)),
    ]);
    let source = s.open_spec(&SourceSpec::Worktree);
    assert_eq!(summary(&source), ["A lib"]);
    let blob = file(&source, "lib")
        .new
        .as_ref()
        .map(|side| side.blob.clone());
    assert_eq!(blob, Some(BlobId::Git(ObjectId::new(at))));
    assert_eq!(
        problems(&source),
        ["inner is a repository of its own and was left out"]
    );
}

#[test]
fn a_file_that_changes_after_opening_is_not_shown_as_what_it_was() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("base");
    s.write("a", "2\n");
    let source = s.open_spec(&SourceSpec::Worktree);
    s.write("a", "3\n");
    let body = diff(&source, "a").body;
    let DiffBody::Unavailable(why) = body else {
        panic!("{body:?}");
    };
    assert!(why.starts_with("A changed on disk"), "{why}");
    let copy = s.path("copy");
    let error = snapshot(&source, &copy).expect_err("no longer what was opened");
    assert!(error.to_string().starts_with("a changed while"), "{error}");
}

#[test]
fn an_index_in_a_form_that_is_not_read_has_a_way_out_that_works() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("base");
    s.git(&["update-index", "--split-index"]);
    s.write("a", "2\n");
    s.git(&["add", "a"]);
    let error = open(&SourceSpec::Staged, &s.repo()).expect_err("a split index");
    assert!(
        error
            .to_string()
            .contains("git update-index --no-split-index"),
        "{error}"
    );
    s.git(&["update-index", "--no-split-index"]);
    assert_eq!(summary(&s.open_spec(&SourceSpec::Staged)), ["M a"]);
}

#[test]
fn a_folder_outside_git_is_all_new() {
    let s = Sandbox::empty();
    let put = |name: &str, text: &str| {
        let path = s.path("project").join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("create");
        std::fs::write(path, text).expect("write");
    };
    put(".gitignore", "build/\n");
    put(".env", "secret\n");
    put("src/a.py", "x = 1\n");
    put("build/out", "ignored\n");
    put(".git/config", "not content\n");
    std::os::unix::fs::symlink("src", s.path("project/link")).expect("link");
    std::fs::write(s.path(".gitignore"), "*\n").expect("a rule above, which does not count");
    let spec = SourceSpec::Folder(PathBuf::from("project"));
    let source = open(&spec, s.folder.path()).expect("opens");
    assert_eq!(
        summary(&source),
        ["A .env", "A .gitignore", "A link", "A src/a.py"]
    );
    assert_eq!(source.repository, None);
    assert_eq!(source.change.title, "folder project");
    assert_eq!(rows(&diff(&source, "link")), "+src");
    assert_eq!(
        problems(&source),
        [
            "files that a .gitignore in the folder names were left out",
            ".git, a repository's own files, was left out",
        ]
    );
    let missing = open(&SourceSpec::Folder(s.path("nowhere")), s.folder.path());
    assert!(
        missing
            .expect_err("missing")
            .to_string()
            .starts_with("cannot read")
    );
}

#[test]
fn a_patch_takes_whole_files_from_the_repository_it_fits() {
    let s = Sandbox::new();
    s.write("f", numbered(40));
    s.write("g", numbered(40));
    s.commit("base");
    s.write("f", numbered(40).replace("line 20\n", "changed\n"));
    s.write("g", numbered(40).replace("line 7\n", ""));
    let patch = s.git(&["diff"]) + "\n";
    s.git(&["checkout", "-q", "."]);
    let inside = s.open_spec(&SourceSpec::PatchBytes(patch.clone().into_bytes()));
    assert_eq!(inside.change.title, "patch from standard input");
    assert_eq!(inside.repository, s.repo().canonicalize().ok());
    let whole = diff(&inside, "f");
    assert!(whole.old.is_whole() && whole.new.is_whole());
    assert_eq!(whole.new.line(LineNo(40)), Some(&b"line 40"[..]));
    let outside = Sandbox::empty();
    std::fs::write(outside.path("p.diff"), &patch).expect("write");
    let spec = SourceSpec::PatchFile(PathBuf::from("p.diff"));
    let alone = open(&spec, outside.folder.path()).expect("opens");
    assert_eq!(alone.repository, None);
    let partial = diff(&alone, "f");
    assert_eq!(partial.new.line(LineNo(40)), None);
    assert_eq!(partial.hunks, whole.hunks);
    assert_eq!(alone.revision.change, inside.revision.change);
}

#[test]
fn a_patch_that_is_none_says_what_one_looks_like() {
    let s = Sandbox::new();
    let error = open(&SourceSpec::PatchBytes(b"hello\n".to_vec()), &s.repo());
    let error = error.expect_err("no patch").to_string();
    assert!(error.contains("holds no file changes"), "{error}");
}
