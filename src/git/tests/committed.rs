//! Commits: ranges, single revisions, trees, and what stands between them.

use super::*;

use std::os::unix::ffi::OsStrExt as _;

use crate::diff::parse_patch;
use crate::model::{BlobId, LineEnding, LineNo, Mode, ObjectId};

#[test]
fn nothing_named_means_what_head_has_on_top_of_main() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    let base = s.commit("first");
    s.git(&["switch", "-q", "-c", "feature"]);
    s.write("b", "2\n");
    let head = s.commit("second");
    s.git(&["switch", "-q", "main"]);
    s.write("c", "3\n");
    s.commit("elsewhere");
    s.git(&["switch", "-q", "feature"]);
    let source = s.open("");
    assert_eq!(source.change.title, "main…feature");
    assert_eq!(summary(&source), ["A b"]);
    assert_eq!(source.revision.base.commit, Some(ObjectId::new(base)));
    assert_eq!(source.revision.head.commit, Some(ObjectId::new(head)));
    assert_eq!(source.revision.base.label, "main");
    let home = s.repo().canonicalize().expect("exists");
    assert_eq!(source.repository, Some(home));
    // Two dots compare with the tip, three with the merge base.
    assert_eq!(summary(&s.open("main..feature")), ["A b", "D c"]);
    assert_eq!(summary(&s.open("main...feature")), ["A b"]);
    assert_eq!(summary(&s.open("main...")), ["A b"]);
}

#[test]
fn the_upstream_comes_before_main() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("first");
    git_in(s.folder.path(), &["clone", "-q", "repo", "clone"]);
    let clone = s.path("clone");
    std::fs::write(clone.join("b"), "2\n").expect("write");
    git_in(&clone, &["add", "."]);
    git_in(&clone, &["commit", "-q", "-m", "ahead"]);
    let source = open(&SourceSpec::Revisions(None), &clone).expect("opens");
    assert_eq!(source.change.title, "origin/main…main");
    assert_eq!(summary(&source), ["A b"]);
}

#[test]
fn head_on_main_with_nothing_ahead_says_what_can_be_asked() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("first");
    assert!(
        s.error("")
            .contains("no upstream, main or master branch to compare main with")
    );
    s.git(&["branch", "master"]);
    let error = s.error("");
    assert!(
        error.starts_with("main has no commits that master lacks"),
        "{error}"
    );
    assert!(error.contains("--worktree"));
}

#[test]
fn one_revision_is_compared_with_its_first_parent() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("root");
    let root = s.open("HEAD");
    assert_eq!(summary(&root), ["A a"]);
    assert_eq!(root.revision.base.commit, None);
    assert!(root.change.title.starts_with("HEAD ("));
    s.git(&["switch", "-q", "-c", "side"]);
    s.write("b", "2\n");
    s.commit("side");
    s.git(&["switch", "-q", "main"]);
    s.write("c", "3\n");
    s.commit("main");
    s.git(&["merge", "-q", "--no-edit", "side"]);
    let merge = s.open("HEAD");
    assert_eq!(summary(&merge), ["A b"]);
    assert_eq!(
        merge.notes,
        ["HEAD is a merge of 2 commits; it is compared with its first parent."]
    );
}

#[test]
fn several_merge_bases_are_noted() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("root");
    s.git(&["switch", "-q", "-c", "other"]);
    s.write("b", "2\n");
    s.commit("b");
    s.git(&["switch", "-q", "main"]);
    s.write("c", "3\n");
    s.commit("c");
    let (main, other) = (
        s.git(&["rev-parse", "main"]),
        s.git(&["rev-parse", "other"]),
    );
    s.git(&["merge", "-q", "--no-edit", &other]);
    s.git(&["switch", "-q", "other"]);
    s.git(&["merge", "-q", "--no-edit", &main]);
    s.write("d", "4\n");
    s.commit("d");
    let source = s.open("main...other");
    assert!(
        source.notes[0].contains("main and other have 2 merge bases"),
        "{:?}",
        source.notes
    );
}

#[test]
fn every_kind_of_change_has_its_status() {
    let s = Sandbox::new();
    for name in ["gone", "moved", "mode", "type", "text", "edited"] {
        s.write(name, format!("{name}\n{}", numbered(20)));
    }
    s.write("dir/kept", "kept\n");
    s.write("empty-gone", "");
    s.write("becomes", "a file\n");
    let base = s.commit("base");
    for name in ["gone", "empty-gone", "type", "becomes"] {
        std::fs::remove_file(s.repo().join(name)).expect("remove");
    }
    std::fs::rename(s.repo().join("moved"), s.repo().join("dir/moved")).expect("rename");
    s.git(&["mv", "edited", "dir/edited-too"]);
    s.write("dir/edited-too", format!("edited\n{}more\n", numbered(20)));
    s.write("copy", format!("text\n{}", numbered(20)));
    s.write("text", format!("text changed\n{}", numbered(20)));
    s.write("empty-new", "");
    s.write("becomes/folder", "x\n");
    std::os::unix::fs::symlink("../target", s.repo().join("type")).expect("link");
    s.git(&["update-index", "--chmod=+x", "mode"]);
    s.git(&["add", "-A"]);
    s.git(&["update-index", "--chmod=+x", "mode"]);
    s.git(&["commit", "-q", "-m", "all"]);
    let source = s.open(&format!("{base}..HEAD"));
    assert_eq!(
        summary(&source),
        [
            "D becomes",
            "A becomes/folder",
            "C text > copy",
            "R edited > dir/edited-too",
            "R moved > dir/moved",
            "D empty-gone",
            "A empty-new",
            "D gone",
            "M mode",
            "M text",
            "T type",
        ]
    );
    let bodies = |path: &str| diff(&source, path).body;
    assert_eq!(file(&source, "mode").status, FileStatus::ModeChanged);
    for path in ["mode", "empty-new", "empty-gone", "dir/moved", "copy"] {
        assert_eq!(bodies(path), DiffBody::Unchanged, "{path}");
        assert_eq!(diff(&source, path).hunks.len(), 1, "{path}");
    }
    assert!(rows(&diff(&source, "type")).ends_with("-line 20\n+../target"));
    assert!(rows(&diff(&source, "dir/edited-too")).ends_with(" line 20\n+more\n"));
    assert!(rows(&diff(&source, "gone")).starts_with("-gone\n-line 1\n"));
    assert_eq!(
        file(&source, "type").new.as_ref().map(|side| side.mode),
        Some(Mode::Symlink)
    );
}

#[test]
fn hunks_are_those_git_prints_with_its_headings() {
    let s = Sandbox::new();
    let body = |a: &str, b: &str| {
        format!(
            "int main() {{\n{a}{}{b}}}\r\nlast",
            numbered(30).replace('l', "\tl")
        )
    };
    s.write("f.c", body("", "old\r\n"));
    s.commit("base");
    s.write("f.c", body("\tfirst\n", "new\r\n") + " changed");
    s.commit("head");
    let source = s.open("HEAD");
    let ours = diff(&source, "f.c");
    let patch = s.git(&["diff", "HEAD^", "HEAD"]) + "\n";
    let theirs = parse_patch(patch.as_bytes());
    assert_eq!(theirs.problems, []);
    assert_eq!(theirs.files[0].diff.hunks, ours.hunks);
    assert_eq!(ours.hunks.len(), 2);
    assert_eq!(ours.hunks[1].heading, "int main() {");
    assert_eq!(ours.new.ending(LineNo(33)), Some(LineEnding::CrLf));
    assert_eq!(ours.new.ending(LineNo(35)), Some(LineEnding::Missing));
}

#[test]
fn content_and_paths_are_bytes() {
    let s = Sandbox::new();
    s.write("a", "x\n");
    s.commit("base");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9\n\x1b[31m");
    std::fs::write(s.repo().join(name), b"\xff\xfe latin \xe9\n").expect("write");
    s.write("picture", b"PNG\0\x01\x02");
    s.commit("bytes");
    let source = s.open("HEAD");
    let path = RepoPath::new(&b"caf\xe9\n\x1b[31m"[..]);
    let found = source.change.file(&path).expect("by its bytes");
    let diff = source.content.diff(found);
    assert_eq!(diff.new.line(LineNo(1)), Some(&b"\xff\xfe latin \xe9"[..]));
    let binary = DiffBody::Binary {
        old_size: None,
        new_size: Some(6),
    };
    assert_eq!(super::diff(&source, "picture").body, binary);
}

#[test]
fn a_submodule_is_its_commits() {
    let s = Sandbox::new();
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    s.write("a", "x\n");
    s.commit("base");
    let put = |id: &str| {
        s.git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("160000,{id},lib"),
        ])
    };
    put(&one);
    s.git(&["commit", "-q", "-m", "add"]);
    put(&two);
    // A repository may ask to keep quiet about its submodules; that must not hide the change.
    s.git(&["config", "diff.ignoreSubmodules", "all"]);
    s.git(&["config", "submodule.lib.ignore", "all"]);
    s.git(&["commit", "-q", "--allow-empty", "-m", "move"]);
    s.git(&[
        "update-ref",
        "refs/heads/main",
        &s.git(&[
            "commit-tree",
            "-p",
            "HEAD^",
            "-m",
            "move",
            &s.git(&["write-tree"]),
        ]),
    ]);
    let source = s.open("HEAD");
    let body = DiffBody::Submodule {
        old: Some(one),
        new: Some(two),
    };
    assert_eq!(diff(&source, "lib").body, body);
}

#[test]
fn a_whole_tree_is_all_new_also_in_a_bare_repository() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.write("d/b", "2\n");
    s.commit("one");
    git_in(s.folder.path(), &["clone", "-q", "--bare", "repo", "bare"]);
    let bare = s.path("bare");
    let source = open(&SourceSpec::Tree(None), &bare).expect("opens");
    assert_eq!(summary(&source), ["A a", "A d/b"]);
    assert_eq!(source.change.title, "tree of HEAD");
    assert_eq!(source.repository, bare.canonicalize().ok());
    assert_eq!(
        summary(&open(&SourceSpec::Revisions(Some("HEAD".into())), &bare).expect("opens")).len(),
        2
    );
    let error = open(&SourceSpec::Worktree, &bare)
        .expect_err("bare")
        .to_string();
    assert!(
        error.contains("bare repository without a work tree"),
        "{error}"
    );
}

#[test]
fn a_linked_work_tree_opens_and_names_the_main_one() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("one");
    s.git(&["worktree", "add", "-q", "-b", "feature", "../linked"]);
    let linked = s.path("linked");
    std::fs::write(linked.join("b"), "2\n").expect("write");
    let dirty = open(&SourceSpec::Worktree, &linked).expect("opens");
    assert_eq!(summary(&dirty), ["A b"]);
    assert_eq!(rows(&diff(&dirty, "b")), "+2\n");
    git_in(&linked, &["add", "."]);
    git_in(&linked, &["commit", "-q", "-m", "two"]);
    let source = open(&SourceSpec::Revisions(None), &linked).expect("opens");
    assert_eq!(source.change.title, "main…feature");
    assert_eq!(source.repository, s.repo().canonicalize().ok());
    assert_eq!(rows(&diff(&source, "b")), "+2\n");
}

#[test]
fn the_edge_of_a_shallow_clone_is_named_with_a_way_out() {
    let s = Sandbox::new();
    for n in 0..3 {
        s.write("a", format!("{n}\n"));
        s.commit("next");
    }
    let url = format!("file://{}", s.repo().display());
    git_in(
        s.folder.path(),
        &["clone", "-q", "--depth", "2", &url, "shallow"],
    );
    let shallow = s.path("shallow");
    let at = |text: &str| open(&SourceSpec::Revisions(Some(text.to_owned())), &shallow);
    assert_eq!(summary(&at("HEAD").expect("the parent is there")), ["M a"]);
    let error = at("HEAD^").expect_err("beyond the edge").to_string();
    assert!(error.contains("git fetch --deepen=1"), "{error}");
}

#[test]
fn an_unborn_head_says_what_can_be_reviewed() {
    let s = Sandbox::new();
    assert!(s.error("").contains("HEAD has no commit yet"));
    assert!(s.error("HEAD").contains("HEAD has no commit yet"));
}

#[test]
fn an_unknown_revision_suggests_branches_and_an_option_is_just_a_name() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("one");
    s.git(&["branch", "feature/orders"]);
    let error = s.error("feature/order..HEAD");
    assert!(
        error.contains("no revision “feature/order”; did you mean feature/orders?"),
        "{error}"
    );
    let long = "x".repeat(100_000);
    assert!(s.error(&long).starts_with("there is no revision “xxx"));
    assert!(s.error("--output=x").contains("no revision “--output=x”"));
    assert!(!s.repo().join("x").exists());
    assert!(s.error("HEAD:a").contains("HEAD:a is not a commit"));
    assert!(
        !s.error("\u{1b}[31m\u{202e}")
            .contains(['\u{1b}', '\u{202e}'])
    );
    assert!(s.error("HEAD..HEAD").contains("nothing changed"));
}

#[test]
fn formats_and_places_that_cannot_be_opened_have_a_way_out() {
    let s = Sandbox::empty();
    let error = |folder: &Path| {
        open(&SourceSpec::Revisions(None), folder)
            .expect_err("refused")
            .to_string()
    };
    std::fs::create_dir(s.path("plain")).expect("create");
    assert!(error(&s.path("plain")).contains("no git repository at or above"));
    for (name, option) in [
        ("new-hash", "--object-format=sha256"),
        ("tables", "--ref-format=reftable"),
    ] {
        git_in(s.folder.path(), &["init", "-q", option, name]);
        let error = error(&s.path(name));
        assert!(
            error.contains("git diff A...B | countersign review --patch -"),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_million_added_lines_are_one_run() {
    let s = Sandbox::new();
    s.write("a", "x\n");
    s.commit("base");
    s.write("big", "line\n".repeat(1_000_000));
    s.commit("big");
    let source = s.open("HEAD");
    let diff = diff(&source, "big");
    assert_eq!(diff.hunks.len(), 1);
    assert_eq!(diff.hunks[0].runs.len(), 1);
    assert_eq!(diff.stat(), (1_000_000, 0));
}

#[test]
fn three_thousand_files_open_without_reading_a_blob() {
    let s = Sandbox::new();
    for n in 0..3000 {
        s.write(&format!("d{}/f{n}", n % 40), format!("{n}\n"));
    }
    s.commit("base");
    for n in 0..3000 {
        s.write(&format!("d{}/f{n}", n % 40), format!("{n} changed\n"));
    }
    for n in 0..200 {
        s.write(&format!("new/f{n}"), format!("new {n}\n"));
    }
    s.commit("head");
    // With every blob gone, only names and ids are left to read.
    let listing = s.git(&["cat-file", "--batch-check", "--batch-all-objects"]);
    for line in listing.lines() {
        let (id, rest) = line.split_once(' ').expect("an id");
        if rest.starts_with("blob") {
            let path = s.repo().join(".git/objects").join(&id[..2]).join(&id[2..]);
            std::fs::remove_file(path).expect("a loose blob");
        }
    }
    let source = s.open("HEAD");
    assert_eq!(source.change.files.len(), 3200);
    let gone = diff(&source, "d0/f0").body;
    let DiffBody::Unavailable(why) = gone else {
        panic!("{gone:?}");
    };
    assert!(
        why.starts_with("Blob ") && why.ends_with("git fetch."),
        "{why}"
    );
}

#[test]
fn many_threads_ask_for_hunks_at_once() {
    let s = Sandbox::new();
    for n in 0..40 {
        s.write(&format!("f{n}"), numbered(n));
    }
    s.commit("base");
    for n in 0..40 {
        s.write(&format!("f{n}"), numbered(n) + "more\n");
    }
    s.commit("head");
    let source = s.open("HEAD");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for file in &source.change.files {
                    assert_eq!(source.content.diff(file).stat(), (1, 0), "{}", file.path);
                }
            });
        }
    });
}

#[test]
fn too_many_candidates_for_renames_are_noted_and_exact_ones_still_found() {
    let s = Sandbox::new();
    for n in 0..210 {
        s.write(&format!("old/f{n}"), format!("{n}\n{}", numbered(5)));
    }
    s.commit("base");
    s.git(&["mv", "old", "new"]);
    for n in 0..205 {
        s.write(&format!("new/f{n}"), format!("{n}!\n{}", numbered(5)));
    }
    s.commit("head");
    let source = s.open("HEAD");
    let renamed = |source: &OpenedSource| {
        let files = source.change.files.iter();
        files
            .filter(|file| file.status == FileStatus::Renamed)
            .count()
    };
    assert_eq!(renamed(&source), 5);
    assert!(
        source.notes[0].contains("too many to compare"),
        "{:?}",
        source.notes
    );
}

#[test]
fn the_search_for_renames_of_a_commit_tells_how_far_it_is_and_ends_when_it_is_given_up() {
    let s = Sandbox::new();
    let text = |file: u32| numbered(9).replace("line", &format!("file {file} line"));
    for n in 0..3 {
        s.write(&format!("old{n}"), text(n));
    }
    s.commit("base");
    for n in 0..3 {
        s.git(&["mv", &format!("old{n}"), &format!("new{n}")]);
        s.write(&format!("new{n}"), format!("{}more\n", text(n)));
    }
    let id = ObjectId::new(s.commit("head"));
    let renamed = |source: &OpenedSource| {
        let files = source.change.files.iter();
        let renamed = files.filter(|file| file.status == FileStatus::Renamed);
        renamed.count()
    };
    let mut told = Vec::new();
    let whole = open_commit(&id, &s.repo(), &mut |done, total| {
        told.push((done, total));
        true
    });
    assert_eq!(renamed(&whole.expect("opens")), 3);
    // Six files are read, three of them compared with the others.
    assert_eq!(told, (0..9).map(|done| (done, 9)).collect::<Vec<_>>());
    let mut asked = 0;
    let given_up = open_commit(&id, &s.repo(), &mut |_, _| {
        asked += 1;
        asked < 3
    });
    assert_eq!(asked, 3, "nobody is asked again");
    assert_eq!(renamed(&given_up.expect("opens")), 0);
}

#[test]
fn blobs_are_named_by_git_and_sides_read_back() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("one");
    let id = s.git(&["rev-parse", "HEAD:a"]);
    let source = s.open("HEAD");
    let side = file(&source, "a").new.clone().expect("a new side");
    assert_eq!(side.blob, BlobId::Git(ObjectId::new(id)));
    assert_eq!(source.content.read(&side).expect("there").as_ref(), b"1\n");
}

#[test]
fn a_large_blob_that_somebody_holds_is_in_memory_once() {
    let s = Sandbox::new();
    s.write("large", "x".repeat(1 << 20));
    s.write("small", "x");
    s.commit("one");
    let source = s.open("HEAD");
    let read = |file: usize| {
        let side = source.change.files[file].new.as_ref().expect("it is there");
        source.content.read(side).expect("it can be read")
    };
    let held = read(0);
    assert!(Arc::ptr_eq(&held, &read(0)));
    let known = Arc::downgrade(&held);
    drop(held);
    assert!(known.upgrade().is_none(), "it is not kept for its own sake");
    assert_eq!(read(0).len(), 1 << 20);
    assert_eq!(&*read(1), b"x");
}
