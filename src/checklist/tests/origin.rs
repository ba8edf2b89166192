//! Where lists come from, and several as one review.

use std::path::PathBuf;

use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

#[test]
fn a_list_is_found_embedded_by_path_or_in_the_users_folders() {
    let mine = folder(&[("smallest.toml", SMALLEST)]);
    let search = [PathBuf::from("/nowhere"), mine.path().to_owned()];
    assert_eq!(
        load("ai-preproduction", &[]).expect("embedded").items.len(),
        22
    );
    assert_eq!(
        load("smallest", &search)
            .expect("in the folder")
            .id
            .as_str(),
        "smallest"
    );
    let path = mine.path().join("smallest.toml");
    assert_eq!(
        load(path.to_str().expect("UTF-8"), &[])
            .expect("by path")
            .id
            .as_str(),
        "smallest"
    );
}

#[test]
fn an_unknown_name_is_answered_with_what_exists_and_never_taken_from_elsewhere() {
    let mine = folder(&[("smallest.toml", SMALLEST)]);
    let error = load("smalest", &[mine.path().to_owned()])
        .expect_err("unknown")
        .to_string();
    assert!(error.contains("did you mean `smallest`?"), "{error}");
    assert!(
        error.contains("known are `ai-preproduction`, ") && error.contains(", `smallest`;"),
        "{error}"
    );
    assert!(
        matches!(load("Cargo.lock", &[]), Err(ChecklistError::Unknown { .. })),
        "a file of the current folder needs a path"
    );
    assert!(matches!(
        load("../smallest", &[mine.path().join("sub")]),
        Err(ChecklistError::Unreadable { .. })
    ));
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let renamed = SMALLEST.replacen("\"smallest\"", "\"other\"", 1);
    let huge = "#".repeat(1024 * 1024 + 1);
    let mine = folder(&[
        ("bad.toml", MANY),
        ("renamed.toml", &renamed),
        ("huge.toml", &huge),
    ]);
    std::fs::write(mine.path().join("bytes.toml"), [0xff, 0xfe]).expect("a file");
    let search = [mine.path().to_owned()];
    let Err(ChecklistError::Mistakes(report)) = load("bad", &search) else {
        panic!("mistakes are refused")
    };
    assert!(
        report
            .to_string()
            .contains("bad.toml:2:6: the list's id is"),
        "{report}"
    );
    assert!(matches!(
        load("renamed", &search),
        Err(ChecklistError::OtherId { .. })
    ));
    assert!(matches!(
        load("huge", &search),
        Err(ChecklistError::TooLarge { .. })
    ));
    let error = load("bytes", &search).expect_err("not text").to_string();
    assert!(error.contains("it is not UTF-8 text"), "{error}");
    let missing = load("./missing.toml", &[])
        .expect_err("missing")
        .to_string();
    assert!(
        missing.starts_with("the checklist ./missing.toml cannot be read: "),
        "{missing}"
    );
}

#[test]
fn the_users_files_are_listed_after_the_embedded_lists_and_do_not_replace_them() {
    let disguised = SMALLEST.replacen("\"smallest\"", "\"ai-preproduction\"", 1);
    let mine = folder(&[
        ("smallest.toml", SMALLEST),
        ("ai-preproduction.toml", &disguised),
        ("note.txt", ""),
    ]);
    let search = [mine.path().to_owned()];
    let listed = available(&search);
    let ids: Vec<&str> = listed.iter().map(|entry| entry.id.as_str()).collect();
    let mut expected: Vec<&str> = builtin().iter().map(|list| list.id.as_str()).collect();
    expected.push("smallest");
    assert_eq!(ids, expected);
    assert_eq!(listed[0].origin, Origin::BuiltIn);
    assert_eq!(
        listed[ids.len() - 1].origin,
        Origin::File(mine.path().join("smallest.toml"))
    );
    assert_eq!(
        load("ai-preproduction", &search)
            .expect("embedded")
            .items
            .len(),
        22
    );
}

#[test]
fn several_lists_form_one_review_with_ids_that_stay_unique() {
    let first = parse(SMALLEST, "smallest.toml").expect("no mistakes");
    let second = parse(TWO, "two-lists.toml").expect("no mistakes");
    let lists = combine(vec![first.clone(), second.clone()]).expect("two lists");
    let ids: Vec<&str> = lists
        .iter()
        .flat_map(|list| &list.items)
        .map(|item| item.id.as_str())
        .collect();
    assert_eq!(ids, ["lost-update", "other", "two-lists/lost-update"]);
    assert_eq!(
        lists[1].digest, second.digest,
        "the list itself is unchanged"
    );
    let twice = combine(vec![first.clone(), first]).expect_err("the same list twice");
    assert_eq!(
        twice.to_string(),
        "the checklist smallest is named twice; name each list once"
    );
    assert!(matches!(combine(Vec::new()), Err(ChecklistError::Nothing)));
}
