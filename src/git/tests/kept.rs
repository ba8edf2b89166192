//! What is kept of sources that have no commits, and reopened.

#![expect(clippy::disallowed_methods, reason = "tests run stock git")]
use super::*;

use crate::model::ObjectId;

/// Recomputes both manifests with stock git, exactly as the documentation says.
const RECOMPUTE: &str = r#"
set -eu
export GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C; Z=$(printf '0%.0s' {1..64})
hash() { case $1 in 000000) echo $Z;; 160000) echo $2;; *) git cat-file blob $2 | sha256sum | cut -c1-64;; esac; }
git diff-tree -r -z --no-renames "$BASE" "$HEAD" | while IFS= read -r -d '' m && IFS= read -r -d '' path; do
  set -- ${m#:}; printf '%s %s %s %s %s\t%s\0' $5 $1 $2 "$(hash $1 $3)" "$(hash $2 $4)" "$path"
done | sort -z | sha256sum | cut -c1-64
git ls-tree -r -z "$HEAD" | while IFS= read -r -d '' e; do
  set -- ${e%%$'\t'*}; printf '%s %s %s\t%s\0' $1 $2 "$(hash $1 $3)" "${e#*$'\t'}"
done | sort -z | sha256sum | cut -c1-64
"#;

fn recompute(repo: &Path, base: &str, head: &str) -> Vec<String> {
    let output = clean(Command::new("bash"))
        .current_dir(repo)
        .args(["-c", RECOMPUTE])
        .env("BASE", base)
        .env("HEAD", head)
        .output()
        .expect("bash runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

fn varied(s: &Sandbox) -> (String, String) {
    for name in ["a", "gone", "moved", "mode", "type"] {
        s.write(name, format!("{name}\n{}", numbered(12)));
    }
    s.write("sub/a b", "blank\r\n");
    let base = s.commit("base");
    s.write("a", "changed\n");
    s.git(&["mv", "moved", "sub/moved"]);
    s.git(&["rm", "-q", "gone", "type"]);
    std::os::unix::fs::symlink("a", s.repo().join("type")).expect("link");
    s.write("caf\u{e9}\nnew", "unusual name\n");
    s.git(&["add", "-A"]);
    s.git(&["update-index", "--chmod=+x", "mode"]);
    s.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{},lib", "3".repeat(40)),
    ]);
    s.git(&["commit", "-q", "-m", "head"]);
    (base, s.git(&["rev-parse", "HEAD"]))
}

#[test]
fn manifests_are_what_stock_git_computes() {
    let s = Sandbox::new();
    let (base, head) = varied(&s);
    let source = s.open(&format!("{base}..{head}"));
    let ours = manifests(&source).expect("computed");
    let tree = ours.tree.map(|digest| digest.to_string());
    let theirs = recompute(&s.repo(), &base, &head);
    assert_eq!(
        [ours.change.to_string(), tree.unwrap_or_default()],
        theirs[..]
    );
    assert_eq!((ours.change_entries, ours.tree_entries), (8, Some(7)));
    assert_eq!(ours.head_tree.as_ref(), source.revision.head.tree.as_ref());
    let again = commit_manifests(
        &s.repo(),
        Some(&ObjectId::new(base)),
        &ObjectId::new(head.clone()),
    );
    assert_eq!(again, Ok(ours));
    let all = open(&SourceSpec::Tree(None), &s.repo()).expect("opens");
    let ours = manifests(&all).expect("computed");
    let empty = s.git(&["hash-object", "-t", "tree", "/dev/null"]);
    assert_eq!(
        ours.change.to_string(),
        recompute(&s.repo(), &empty, &head)[0]
    );
    let missing = commit_manifests(&s.repo(), None, &ObjectId::new("5".repeat(40)));
    assert!(
        missing
            .expect_err("missing")
            .to_string()
            .contains("commit 5555")
    );
}

#[test]
fn what_is_staged_has_the_change_manifest_of_its_commit() {
    let s = Sandbox::new();
    varied(&s);
    s.write("a", "once more\n");
    s.git(&["mv", "sub/moved", "back"]);
    s.git(&["add", "a"]);
    let staged = manifests(&s.open_spec(&SourceSpec::Staged)).expect("computed");
    // The index alone knew of these two.
    std::fs::create_dir(s.repo().join("lib")).expect("create");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(s.repo().join("mode"), executable).expect("chmod");
    let dirty = manifests(&s.open_spec(&SourceSpec::Worktree)).expect("computed");
    s.git(&["commit", "-q", "-m", "next"]);
    let committed = manifests(&s.open("HEAD")).expect("computed");
    assert_eq!(staged.change, committed.change);
    assert_eq!(staged.tree, None);
    assert_eq!(dirty.change, staged.change);
}

#[test]
fn a_patch_is_bound_by_its_own_bytes() {
    let s = Sandbox::new();
    let patch = b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-y\n+z\n";
    let source = s.open_spec(&SourceSpec::PatchBytes(patch.to_vec()));
    let found = manifests(&source).expect("computed");
    assert_eq!(found.basis, ManifestBasis::PatchBytes);
    assert_eq!(found.change, sha256(patch));
}

/// Opens a source, keeps it, spoils the original, and compares what is reopened.
fn survives(s: &Sandbox, spec: &SourceSpec, spoil: impl FnOnce()) {
    let copies = s.path("data/copies");
    let source = s.open_spec(spec);
    let before: Vec<FileDiff> = source
        .change
        .files
        .iter()
        .map(|file| source.content.diff(file))
        .collect();
    snapshot(&source, &copies).expect("kept");
    snapshot(&source, &copies).expect("kept already");
    spoil();
    let again = reopen(&source.revision, source.repository.as_deref(), &copies).expect("reopens");
    assert_eq!(again.change, source.change);
    assert_eq!(again.revision, source.revision);
    assert_eq!(again.notes, source.notes);
    for (file, before) in again.change.files.iter().zip(before) {
        let after = again.content.diff(file);
        assert_eq!(after.body, before.body, "{}", file.path);
        assert_eq!(after.hunks, before.hunks, "{}", file.path);
        assert_eq!(after.new.bytes(), before.new.bytes(), "{}", file.path);
    }
    assert_eq!(
        manifests(&again).map(|m| m.change),
        manifests(&source).map(|m| m.change)
    );
}

#[test]
fn uncommitted_work_is_reopened_from_its_copy() {
    let s = Sandbox::new();
    varied(&s);
    s.write("a", "staged\n");
    s.git(&["add", "a"]);
    s.write("new", b"\0binary");
    s.write("other", "untracked\n");
    survives(&s, &SourceSpec::Worktree, || s.write("other", "moved on\n"));
    survives(&s, &SourceSpec::Staged, || {
        s.git(&["reset", "-q", "--hard"]);
    });
}

#[test]
fn a_folder_and_a_patch_are_reopened_when_they_are_gone() {
    let s = Sandbox::new();
    s.write("f", numbered(40));
    s.commit("base");
    s.write("f", numbered(40).replace("line 20\n", "changed\n"));
    let patch = s.git(&["diff"]) + "\n";
    let spec = SourceSpec::PatchBytes(patch.into_bytes());
    survives(&s, &spec, || {
        std::fs::remove_dir_all(s.repo()).expect("remove");
    });
    std::fs::create_dir_all(s.path("repo/sub")).expect("create");
    s.write("sub/f", "x\n");
    let spec = SourceSpec::Folder(s.repo());
    survives(&s, &spec, || {
        std::fs::remove_dir_all(s.repo().join("sub")).expect("remove");
    });
}

#[test]
fn commits_are_reopened_by_id_with_their_labels() {
    let s = Sandbox::new();
    varied(&s);
    let source = s.open("HEAD~1..main");
    let copies = s.path("copies");
    snapshot(&source, &copies).expect("nothing to keep");
    assert!(!copies.exists());
    s.write("a", "later\n");
    s.commit("later");
    let again = reopen(&source.revision, source.repository.as_deref(), &copies).expect("reopens");
    assert_eq!(again.revision, source.revision);
    assert_eq!(again.change, source.change);
    assert_eq!(again.change.head.label, "main");
}

#[test]
fn a_spoiled_copy_is_noticed() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    s.commit("base");
    s.write("a", "2\n");
    let source = s.open_spec(&SourceSpec::Worktree);
    let copies = s.path("copies");
    snapshot(&source, &copies).expect("kept");
    let place = copies.join(source.revision.change.to_string());
    let blob = place.join("blobs").join(sha256(b"2\n").to_string());
    std::fs::write(blob, "x\n").expect("write");
    let again = reopen(&source.revision, None, &copies).expect("names are there");
    assert!(matches!(diff(&again, "a").body, DiffBody::Unavailable(_)));
    let wire = place.join("change.json");
    let text = std::fs::read_to_string(&wire).expect("read");
    std::fs::write(
        &wire,
        text.replace("\"M\"", "\"?\"").replace("100644", "100755"),
    )
    .expect("write");
    let error = reopen(&source.revision, None, &copies).expect_err("another change");
    assert!(
        error.to_string().contains("holds another change"),
        "{error}"
    );
    let error = reopen(&source.revision, None, &s.path("nowhere")).expect_err("gone");
    assert!(
        error
            .to_string()
            .contains("open the change again from where it came")
    );
}

#[test]
fn commits_of_a_person_are_counted() {
    let s = Sandbox::new();
    s.write("a", "1\n");
    let base = ObjectId::new(s.commit("base"));
    s.write("a", "2\n");
    s.commit("two");
    s.git(&[
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "three",
        "--author",
        "B <other@example.org>",
    ]);
    let head = ObjectId::new(s.git(&["rev-parse", "HEAD"]));
    let count = |base, email| authored_by(&s.repo(), base, &head, email).expect("counted");
    let both = Authorship {
        commits: 2,
        by_person: 1,
    };
    assert_eq!(count(Some(&base), "AUTHOR@example.org"), both);
    assert_eq!(count(None, "nobody@example.org").commits, 3);
}
