//! What a written repository holds, and what is refused.

use super::*;

fn commit<'a>(message: &'a str, changes: Vec<FileChange<'a>>) -> CommitSpec<'a> {
    CommitSpec {
        author: "Ada",
        email: "ada@example.com",
        seconds: 1_700_000_000,
        offset_minutes: 60,
        message,
        changes,
    }
}

fn put<'a>(path: &'a str, bytes: &'a [u8]) -> FileChange<'a> {
    FileChange::Put { path, bytes }
}

fn two_branches() -> [BranchSpec<'static>; 2] {
    let first = commit(
        "First\n",
        vec![put("a/b.txt", b"one\r\n"), put("c.txt", b"c\n")],
    );
    let second = commit(
        "Second\n",
        vec![
            put("a/b.txt", b"two\r\n"),
            FileChange::Remove { path: "c.txt" },
        ],
    );
    [
        BranchSpec {
            name: "main",
            from: None,
            commits: vec![first],
        },
        BranchSpec {
            name: "topic/x",
            from: Some("main"),
            commits: vec![second],
        },
    ]
}

#[test]
fn a_branch_holds_what_its_commits_put_and_lacks_what_they_removed() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("deep/er");
    let tips = build_repository(&folder, &two_branches(), "topic/x").unwrap();

    assert_eq!(fs::read(folder.join("a/b.txt")).unwrap(), b"two\r\n");
    assert!(!folder.join("c.txt").exists());
    assert_eq!(branch_tips(&folder).unwrap(), Some(tips.clone()));
    let repository = Repository::open(&folder).unwrap();
    let tip = repository
        .find_commit(tips["topic/x"].parse().unwrap())
        .unwrap();
    assert_eq!(tip.parent_id(0).unwrap().to_string(), tips["main"]);
    assert_eq!(tip.author().when().offset_minutes(), 60);
    assert!(repository.statuses(None).unwrap().is_empty());
}

#[test]
fn the_same_specification_gives_the_same_commits() {
    let home = tempfile::tempdir().unwrap();
    let one = build_repository(&home.path().join("1"), &two_branches(), "main").unwrap();
    let two = build_repository(&home.path().join("2"), &two_branches(), "topic/x").unwrap();
    assert_eq!(one, two);
}

#[test]
fn a_folder_in_use_is_refused_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("mine.txt"), "mine").unwrap();
    let refused = build_repository(home.path(), &two_branches(), "main");
    assert!(
        matches!(refused, Err(BuildError::NotEmpty(_))),
        "{refused:?}"
    );
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    let file = home.path().join("mine.txt");
    assert!(matches!(
        build_repository(&file, &two_branches(), "main"),
        Err(BuildError::NotEmpty(_))
    ));
}

#[test]
fn a_contradiction_is_named_and_leaves_no_folder_behind() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo");
    let bad = commit(
        "Bad\n",
        vec![FileChange::Remove {
            path: "nothing.txt",
        }],
    );
    let branch = BranchSpec {
        name: "main",
        from: None,
        commits: vec![bad],
    };
    let error = build_repository(&folder, &[branch], "main")
        .unwrap_err()
        .to_string();
    assert!(error.contains("\"Bad\" removes nothing.txt"), "{error}");
    let [_, topic] = two_branches();
    let error = build_repository(&folder, &[topic], "topic/x")
        .unwrap_err()
        .to_string();
    assert!(error.contains("topic/x starts from main"), "{error}");
    let error = build_repository(&folder, &two_branches(), "other")
        .unwrap_err()
        .to_string();
    assert!(error.contains("other is to be checked out"), "{error}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_without_a_repository_has_no_branches_even_inside_one() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("r");
    build_repository(&folder, &two_branches(), "main").unwrap();
    assert_eq!(branch_tips(&folder.join("a")).unwrap(), None);
}

#[test]
fn an_empty_folder_is_filled_and_stays_the_same_folder() {
    use std::os::unix::fs::MetadataExt as _;

    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("empty");
    fs::create_dir(&folder).unwrap();
    let number = fs::metadata(&folder).unwrap().ino();
    let tips = build_repository(&folder, &two_branches(), "topic/x").unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().ino(), number);
    assert_eq!(branch_tips(&folder).unwrap(), Some(tips));
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".git", "a"]);
    assert!(
        Repository::open(&folder)
            .unwrap()
            .statuses(None)
            .unwrap()
            .is_empty()
    );
}
