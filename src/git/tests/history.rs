//! Who wrote a line, and the commits of a range, against stock git.

use super::*;
use crate::model::ObjectId;

fn head(s: &Sandbox) -> ObjectId {
    ObjectId::new(s.git(&["rev-parse", "HEAD"]))
}

/// Every line of a file has the commit that `git blame` names.
fn same_as_git(s: &Sandbox, path: &str) {
    let told = s.git(&["blame", "-s", "--abbrev=40", "--root", path]);
    for (line, number) in told.lines().zip(1..) {
        let found = line_origin(&s.repo(), &head(s), &path.into(), number, |_| true);
        let origin = found.expect("is known").expect("is not given up");
        assert_eq!(origin.commit, line[..8], "{path}:{number} {told}");
    }
}

#[test]
fn a_line_is_followed_back_through_edits_merges_and_new_names() {
    let s = Sandbox::new();
    s.write("a.txt", "one\ntwo\nthree\nfour\nfive\nsix\n");
    s.write("other.txt", "x\n");
    s.commit("first");
    s.write("a.txt", "zero\none\ntwo\nTHREE\nfour\nfive\nsix\n");
    s.commit("above, and the third");
    s.git(&["switch", "-q", "-c", "side"]);
    s.write("a.txt", "zero\none\ntwo\nTHREE\nfour\nfive\nsix\nseven\n");
    s.commit("at the end, on the side");
    s.git(&["switch", "-q", "main"]);
    s.write("a.txt", "ZERO\none\nTHREE\nfour\nfive\nsix\n");
    s.commit("the first line, and one gone");
    s.git(&["merge", "-q", "--no-edit", "side"]);
    same_as_git(&s, "a.txt");
    s.git(&["mv", "a.txt", "b.txt"]);
    s.write("b.txt", "ZERO\none\nTHREE\nfour\nfive\nsix\nseven\neight\n");
    s.commit("under another name");
    same_as_git(&s, "b.txt");
    same_as_git(&s, "other.txt");
}

#[test]
fn history_that_nobody_waits_for_any_more_is_left() {
    let s = Sandbox::new();
    for number in 0..5 {
        s.write("a.txt", format!("same\n{number}\n"));
        s.commit("again");
    }
    let mut asked = 0;
    let found = line_origin(&s.repo(), &head(&s), &"a.txt".into(), 1, |seen| {
        asked = seen;
        seen < 2
    });
    assert_eq!((found.expect("no fault"), asked), (None, 2));
    let none = commits_between(&s.repo(), None, &head(&s), |seen| seen < 2);
    assert_eq!(none.expect("no fault"), []);
}

#[test]
fn commits_of_a_range_come_newest_first_with_their_parents() {
    let s = Sandbox::new();
    s.write("a.txt", "1\n");
    let root = s.commit("root");
    s.git(&["switch", "-q", "-c", "side"]);
    s.write("b.txt", "1\n");
    s.commit("side");
    s.git(&["switch", "-q", "main"]);
    s.write("c.txt", "1\n");
    s.commit("main");
    s.git(&["merge", "-q", "--no-edit", "side"]);
    let all = commits_between(&s.repo(), None, &head(&s), |_| true).expect("listed");
    let parents: Vec<usize> = all.iter().map(|commit| commit.parents).collect();
    assert_eq!((parents[0], parents[3], parents.len()), (2, 0, 4));
    let some = commits_between(&s.repo(), Some(&ObjectId::new(root)), &head(&s), |_| true);
    assert_eq!(some.expect("listed").len(), 3);
}

#[test]
fn one_commit_is_a_change_of_its_own_for_a_root_and_a_merge_too() {
    let s = Sandbox::new();
    s.write("a.txt", "1\n");
    let root = s.commit("root");
    s.git(&["switch", "-q", "-c", "side"]);
    s.write("b.txt", "1\n");
    s.commit("side");
    s.git(&["switch", "-q", "main"]);
    s.write("c.txt", "1\n");
    s.commit("main");
    s.git(&["merge", "-q", "--no-edit", "side"]);
    assert_eq!(summary(&s.open(&root)), ["A a.txt"]);
    assert_eq!(summary(&s.open(&head(&s).to_string())), ["A b.txt"]);
}

#[test]
fn a_file_beside_the_change_is_read_from_the_tree_and_never_from_the_disk() {
    let s = Sandbox::new();
    s.write("lib.py", "def total():\n    return 1\n");
    s.write("a.py", "1\n");
    s.commit("first");
    s.write("a.py", "2\n");
    s.commit("second");
    s.write("lib.py", "what is on the disk\n");
    let source = s.open("HEAD~1..HEAD");
    let (change, content) = still_file(&source, &"lib.py".into()).expect("is in the tree");
    let diff = content.diff(&change.files[0]);
    assert!(diff.hunks.is_empty());
    assert_eq!(diff.new.bytes().as_ref(), b"def total():\n    return 1\n");
    for outside in ["../secret", "/etc/hostname", ".git/config", "gone.py"] {
        let error = still_file(&source, &outside.into()).err();
        let text = error.expect("is refused").to_string();
        assert!(text.contains("no such file"), "{text}");
    }
}
