//! Whole patches: what is read from them, and that nothing in them is lost or fatal.

use proptest::prelude::*;
use similar::{ChangeTag, TextDiff};

use super::*;
use crate::model::{BlobId, DiffBody, FileStatus, LineEnding, LineNo, Mode, RowKind, Side};
use crate::support::digest::sha256;

fn clean(patch: &[u8]) -> Vec<PatchFile> {
    let parsed = parse_patch(patch);
    assert_eq!(parsed.problems, []);
    parsed.files
}

fn one(patch: &[u8]) -> PatchFile {
    let mut files = clean(patch);
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// The rows as a patch prints them, endings included.
fn rows(file: &PatchFile) -> String {
    let mut out = String::new();
    for hunk in &file.diff.hunks {
        for index in 0..hunk.rows() {
            let row = hunk.row(index).expect("in the hunk");
            let (sign, raw) = match row.kind {
                RowKind::Context => (' ', row.new.and_then(|n| file.diff.new.raw_line(n))),
                RowKind::Added => ('+', row.new.and_then(|n| file.diff.new.raw_line(n))),
                RowKind::Removed => ('-', row.old.and_then(|n| file.diff.old.raw_line(n))),
            };
            out.push(sign);
            out.push_str(&String::from_utf8_lossy(raw.expect("a known line")));
        }
    }
    out
}

#[test]
fn a_git_patch_gives_rows_over_known_lines() {
    let file = one(b"From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n--- a list\n+++ of things\n---\n f | 2 +-\n\n\
        diff --git a/src/f.rs b/src/f.rs\nindex 0123456789..abcdef0123 100755\n--- a/src/f.rs\n+++ b/src/f.rs\n\
        @@ -7,3 +7,3 @@ fn main() {\n a\n-b\n+c\n d\n-- \n2.47.3\n");
    assert_eq!(file.change.path.quoted(), "src/f.rs");
    assert_eq!(file.change.status, FileStatus::Modified);
    assert_eq!(
        file.change.new.as_ref().map(|s| s.mode),
        Some(Mode::Executable)
    );
    assert_eq!(file.named.0.as_deref(), Some("0123456789"));
    assert_eq!(file.diff.hunks[0].heading, "fn main() {");
    assert_eq!(rows(&file), " a\n-b\n+c\n d\n");
    assert_eq!(file.diff.new.line(LineNo(8)), Some(&b"c"[..]));
    assert_eq!(file.diff.hunks[0].digest, sha256(b" a\n-b\n+c\n d\n"));
}

#[test]
fn full_ids_name_blobs_and_abbreviated_ones_do_not() {
    let id = "a".repeat(40);
    let patch =
        format!("diff --git f f\nindex {id}..abcdef 100644\n--- f\n+++ f\n@@ -1 +1 @@\n-a\n+b\n");
    let file = one(patch.as_bytes());
    let blob = |side: &Option<crate::model::FileSide>| side.as_ref().map(|s| s.blob.clone());
    assert_eq!(
        blob(&file.change.old).map(|blob| blob.to_string()),
        Some(format!("git:{id}"))
    );
    assert!(matches!(blob(&file.change.new), Some(BlobId::Sha256(_))));
}

#[test]
fn renames_copies_modes_and_binaries_need_no_hunks() {
    let files = clean(
        b"diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n\
        diff --git a/x b/y\nsimilarity index 90%\ncopy from x\ncopy to y\nindex 1234567..89abcde 100644\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-1\n+2\n\
        diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n\
        diff --git a/logo.png b/logo.png\nindex 1234567..89abcde 100644\nBinary files a/logo.png and b/logo.png differ\n\
        diff --git a/icon b/icon\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 5\nMc$~{iO8@`>\n\nliteral 7\nOc$~{iO8@`>12345\n\n\
        diff --git a/empty b/empty\nnew file mode 100644\nindex 0000000..e69de29\n",
    );
    let seen: Vec<_> = files
        .iter()
        .map(|f| (f.change.path.quoted(), f.change.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("empty".into(), FileStatus::Added),
            ("icon".into(), FileStatus::Modified),
            ("logo.png".into(), FileStatus::Modified),
            ("new name".into(), FileStatus::Renamed),
            ("run.sh".into(), FileStatus::ModeChanged),
            ("y".into(), FileStatus::Copied),
        ]
    );
    assert_eq!(files[0].change.new.as_ref().and_then(|s| s.size), Some(0));
    let sizes = DiffBody::Binary {
        old_size: Some(7),
        new_size: Some(5),
    };
    assert_eq!(files[1].diff.body, sizes);
    assert_eq!(files[3].change.old_path, Some("old name".into()));
    assert_eq!(files[4].diff.body, DiffBody::Unchanged);
    assert!(files.iter().all(|file| !file.diff.hunks.is_empty()));
}

#[test]
fn a_submodule_is_told_by_its_mode() {
    let (a, b) = ("1".repeat(40), "2".repeat(40));
    let patch = format!(
        "diff --git a/lib b/lib\nindex 1111111..2222222 160000\n--- a/lib\n+++ b/lib\n@@ -1 +1 @@\n\
        -Subproject commit {a}\n+Subproject commit {b}-dirty\n"
    );
    let file = one(patch.as_bytes());
    let body = DiffBody::Submodule {
        old: Some(a),
        new: Some(b),
    };
    assert_eq!(file.diff.body, body);
}

#[test]
fn a_type_change_in_two_parts_is_one_file() {
    let file = one(
        b"diff --git a/l b/l\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/l\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n\
        diff --git a/l b/l\nnew file mode 120000\nindex 0000000..1234567\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n",
    );
    assert_eq!(file.change.status, FileStatus::TypeChanged);
    assert_eq!(
        file.change.new.as_ref().map(|s| s.mode),
        Some(Mode::Symlink)
    );
    assert_eq!(rows(&file), "-a\n-b\n+target");
    assert_eq!(file.diff.hunks.len(), 1);
    assert_eq!(file.diff.new.ending(LineNo(1)), Some(LineEnding::Missing));
}

#[test]
fn quoted_names_are_bytes() {
    let file = one(
        b"diff --git \"a/latin\\351\" \"b/latin\\351\"\n--- \"a/latin\\351\"\n+++ \"b/latin\\351\"\n@@ -1 +1 @@\n-\xe9\n+\xff\n",
    );
    assert_eq!(file.change.path.as_bytes(), b"latin\xe9");
    assert_eq!(file.diff.new.line(LineNo(1)), Some(&b"\xff"[..]));
}

#[test]
fn plain_patches_find_their_paths() {
    let file = one(b"diff -ru old/src/a.c new/src/a.c\n--- old/src/a.c\t2026-01-01 10:00:00.0 +0000\n+++ new/src/a.c\t2026-01-02 10:00:00.0 +0000\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n");
    assert_eq!(file.change.path.quoted(), "src/a.c");
    assert_eq!(file.change.old_path, None);
    let file = one(b"--- a.c.orig\n+++ a.c\n@@ -1 +1 @@\n-y\n+z\n");
    assert_eq!(file.change.path.quoted(), "a.c");
    let file = one(b"--- old/n\t1970-01-01 00:00:00.0 +0000\n+++ new/n\t2026-01-02 10:00:00.0 +0000\n@@ -0,0 +1 @@\n+z\n");
    assert_eq!(file.change.status, FileStatus::Added);
    assert!(file.diff.new.is_whole());
    let file = one(b"--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n");
    assert_eq!(file.change.status, FileStatus::Deleted);
    let file = one(b"Binary files old/i.png and new/i.png differ\n");
    assert_eq!(file.change.path.quoted(), "i.png");
}

#[test]
fn crlf_in_rows_stays_and_a_converted_patch_says_so() {
    let file = one(b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-y\r\n+z\r\n");
    assert_eq!(rows(&file), "-y\r\n+z\r\n");
    let parsed = parse_patch(b"--- a/f\r\n+++ b/f\r\n@@ -1 +1 @@\r\n-y\r\n+z\r\n");
    assert_eq!(rows(&parsed.files[0]), "-y\n+z\n");
    assert!(
        parsed.problems[0]
            .message
            .contains("header lines end in CR LF")
    );
}

#[test]
fn a_combined_diff_is_named_with_a_way_out() {
    let parsed = parse_patch(b"diff --cc src/m.rs\nindex 1,2..3\n--- a/src/m.rs\n+++ b/src/m.rs\n@@@ -1,1 -1,1 +1,2 @@@\n++x\n\
        diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-y\n+z\n");
    assert_eq!(parsed.files.len(), 1);
    assert_eq!(parsed.problems[0].path, Some("src/m.rs".into()));
    assert!(parsed.problems[0].message.contains("git diff A B"));
}

#[test]
fn counts_that_do_not_match_keep_what_is_there_and_say_what_is_lost() {
    let parsed = parse_patch(b"--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n a\n-b\n+c\n");
    assert_eq!(rows(&parsed.files[0]), " a\n-b\n+c\n");
    assert!(
        parsed.problems[0]
            .message
            .starts_with("line 3 of the patch: the hunk announces 5 old")
    );
    let parsed = parse_patch(b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-b\n+c\n+d\n+e\n");
    assert_eq!(rows(&parsed.files[0]), "-b\n+c\n");
    assert!(
        parsed.problems[0]
            .message
            .contains("line 6 of the patch: the hunk goes on for 2 more")
    );
    let parsed = parse_patch(b"--- a/f\n+++ b/f\n@@ -1,x +1 @@\n-b\n+c\n@@ -9 +9 @@\n-b\n+c\n");
    assert_eq!(parsed.files[0].diff.hunks.len(), 1);
    assert!(
        parsed.problems[0]
            .message
            .contains("cannot read the hunk header")
    );
    let parsed = parse_patch(b"--- a/f\n+++ b/f\n@@ -9 +9 @@\n-b\n+c\n@@ -1 +1 @@\n-b\n+c\n");
    assert_eq!(parsed.files[0].diff.hunks.len(), 1);
    assert!(parsed.problems[0].message.contains("overlaps"));
}

#[test]
fn a_series_that_touches_a_file_twice_is_reported() {
    let section = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-y\n+z\n";
    let parsed = parse_patch([section, section].concat().as_bytes());
    assert_eq!(parsed.files.len(), 1);
    assert!(parsed.problems[0].message.contains("changed a second time"));
}

/// What is said of a patch.
fn said(patch: &[u8]) -> Vec<String> {
    let problems = parse_patch(patch).problems;
    problems.into_iter().map(|one| one.message).collect()
}

#[test]
fn a_coloured_patch_is_not_taken_for_an_empty_one() {
    let said = said(
        b"diff --git a/b b/b\nindex 1234567..89abcde 100644\nBinary files a/b and b/b differ\n\
        \x1b[1mdiff --git a/x b/x\x1b[m\n\x1b[1m--- a/x\x1b[m\n\x1b[1m+++ b/x\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\
        \x1b[31m-b\x1b[m\n\x1b[32m+c\x1b[m\n",
    );
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("--no-color"), "{said:?}");
}

#[test]
fn a_header_without_the_lines_it_announces_is_reported() {
    let header = "diff --git a/x b/x\nindex 1234567..89abcde 100644\n";
    for patch in [
        header.to_owned(),
        format!("{header}--- a/x\n+++ b/x\n"),
        "diff --git a/x b/x\ndeleted file mode 100644\nindex 1234567..0000000\n".to_owned(),
    ] {
        let said = said(patch.as_bytes());
        assert_eq!(said.len(), 1, "{patch}{said:?}");
        assert!(said[0].contains("holds no line of it"), "{said:?}");
    }
    let empty = b"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n";
    assert_eq!(said(empty), [""; 0]);
}

#[test]
fn side_names_of_another_file_than_the_headers_are_reported() {
    let said =
        said(b"diff --git a/README b/README\n--- a/auth.py\n+++ b/auth.py\n@@ -1 +1 @@\n-b\n+c\n");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("README") && said[0].contains("auth.py"));
}

#[test]
fn changes_that_are_told_but_not_shown_are_reported() {
    let said = said(
        b"Submodule lib 1234567..89abcde:\n  > Commit\n* Unmerged path a.py\nSubmodule of the thesis\n\
        diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
    );
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("--submodule=short"), "{said:?}");
    assert!(said[1].contains("merge conflict"), "{said:?}");
}

#[test]
fn a_problem_never_carries_a_control_character() {
    let parsed = parse_patch(
        b"--- a/f\n+++ b/f\n@@ \x1b]0;x\x07 @@\n-b\nOnly in \x1b[2J: x\ndiff --cc \x1b[31m\n",
    );
    assert_eq!(parsed.problems.len(), 3);
    for problem in parsed.problems {
        assert!(
            !problem.message.chars().any(char::is_control),
            "{problem:?}"
        );
    }
}

/// Writes a git patch of two texts, one hunk over everything.
fn patch_of(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let count = |text: &str| text.split_inclusive('\n').count();
    let range = |count: usize| format!("{},{count}", usize::from(count > 0));
    let mut out = format!(
        "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -{} +{} @@\n",
        range(count(old)),
        range(count(new))
    );
    for change in diff.iter_all_changes() {
        out.push(match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        });
        out.push_str(change.value());
        if !change.value().ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
    out
}

fn side(file: &PatchFile, side: Side) -> String {
    let text = match side {
        Side::Old => &file.diff.old,
        Side::New => &file.diff.new,
    };
    String::from_utf8_lossy(text.bytes()).into_owned()
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        parse_patch(&bytes);
    }

    #[test]
    fn any_mix_of_patch_lines_is_read_without_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "diff --git a/f b/f\n", "diff --git \"a/f", "--- a/f\n", "+++ b/f\n", "--- /dev/null\n", "+++ /dev/null\r\n",
        "@@ -1,2 +1,2 @@\n", "@@ -0,0 +1 @@ x\r\n", "@@ -1073741824,4294967295 +1,9 @@\n", " a\n", "-b\n", "+c\n", "\n", "\\ No newline\n",
        "new file mode 160000\n", "deleted file mode 120000\n", "rename from x\n", "rename to y\n", "index 1..2 3\n",
        "GIT binary patch\n", "literal 3\n", "Binary files a and b differ\n", "Only in x: y\n", "diff --cc f\n", "-- \n",
        "-Subproject commit 12\n", "+x",
    ]), 0..24)) {
        let parsed = parse_patch(parts.concat().as_bytes());
        for file in &parsed.files {
            prop_assert!(!file.diff.hunks.is_empty());
            for hunk in &file.diff.hunks {
                for index in 0..hunk.rows() {
                    let row = hunk.row(index).expect("in the hunk");
                    prop_assert!(row.old.is_none_or(|n| file.diff.old.range(n).is_some()));
                    prop_assert!(row.new.is_none_or(|n| file.diff.new.range(n).is_some()));
                }
            }
        }
    }

    #[test]
    fn a_patch_of_two_texts_reassembles_both(old in "([ab-]{0,2}\r?\n){0,6}[ab+]{0,2}", new in "([ab+]{0,2}\r?\n){0,6}[ab-]{0,2}") {
        prop_assume!(old != new);
        let parsed = parse_patch(patch_of(&old, &new).as_bytes());
        prop_assert_eq!(&parsed.problems, &[]);
        prop_assert_eq!(side(&parsed.files[0], Side::Old), old);
        prop_assert_eq!(side(&parsed.files[0], Side::New), new);
    }
}
