//! Looking through the review at one commit: what is shown, what counts, what does not, and the way back.

use std::rc::Rc;

use super::fixture::{Change, numbered};
use super::stage::Stage;
use crate::git::CommitFacts;
use crate::model::ObjectId;
use crate::tui::effect::Effect;
use crate::workbench::Act;

fn commit(number: u32, summary: &str, parents: usize) -> CommitFacts {
    let id = number.to_string().repeat(40);
    CommitFacts {
        id: id[..8].to_owned(),
        commit: ObjectId::new(id),
        parents,
        author: "Ada".to_owned(),
        date: "2026-03-01".to_owned(),
        summary: summary.to_owned(),
        assistant: None,
    }
}

/// Two commits: the first changes line 10, the second line 40 and adds a file. The whole change has both hunks, and the
/// second commit's are hunks of it, line for line; line 10 was touched by both.
fn two_commits(columns: u16, rows: u16) -> Stage {
    let base = numbered(60, &[]);
    let middle = numbered(60, &[(10, "ten()")]);
    let head = numbered(60, &[(10, "TEN()"), (40, "forty()")]);
    let notes = "one\ntwo\n";
    let bytes = |text: &str| Some(text.to_owned().into_bytes());
    let file = |change: Change, old: &str, new: &str| {
        change.file("a.txt", bytes(old).as_deref(), bytes(new).as_deref())
    };
    let whole = file(Change::named("main…agent"), &base, &head)
        .file("z.txt", None, Some(notes.as_bytes()))
        .file("k.txt", Some(b"x\n"), Some(b"y\n"));
    let first = file(Change::named("first"), &base, &middle);
    let second =
        file(Change::named("second"), &middle, &head).file("z.txt", None, Some(notes.as_bytes()));
    let mut stage = Stage::of(whole, columns, rows);
    stage.commits = vec![
        (commit(2, "Touch forty", 1), Rc::new(second)),
        (commit(1, "Touch ten", 0), Rc::new(first)),
    ];
    stage
}

#[test]
fn a_commit_of_the_list_restricts_the_view_and_a_key_leads_back_to_the_same_line() {
    let mut stage = two_commits(120, 40);
    stage.keys("]hj");
    let from = (stage.path(), stage.at());
    stage.keys("gk");
    assert!(stage.has("Touch forty"), "{}", stage.screen());
    stage.keys("<down><enter>");
    assert!(
        stage.title().contains("ONLY commit 11111111 Touch ten"),
        "{}",
        stage.title()
    );
    assert!(
        stage.has("file 1/1 of 11111111 · hunk 1/1"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.has("ten()") && !stage.has("forty()"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.status().contains("esc or gK shows the whole change"),
        "{}",
        stage.status()
    );
    stage.keys("gK");
    assert!(!stage.title().contains("ONLY"), "{}", stage.title());
    assert_eq!((stage.path(), stage.at()), from);
    assert!(stage.lenses.is_empty(), "what was open is forgotten");
}

#[test]
fn escape_and_the_way_back_leave_a_commit_and_space_chooses_one() {
    for key in ["<esc>", "<C-o>", "gK"] {
        let mut stage = two_commits(80, 24);
        let from = (stage.path(), stage.at());
        stage.keys("gk<space>");
        assert!(stage.state.lens().is_some(), "{}", stage.screen());
        stage.keys("]f");
        assert_eq!(stage.path(), "z.txt", "the commit has two files");
        stage.keys(key);
        if key == "<C-o>" {
            assert!(stage.state.lens().is_some(), "first back in the commit");
            stage.keys(key);
        }
        assert!(stage.state.lens().is_none(), "{key}");
        assert_eq!((stage.path(), stage.at()), from, "{key}");
    }
}

#[test]
fn the_header_says_at_every_size_that_one_commit_is_shown() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40), (240, 67)] {
        let mut stage = two_commits(columns, rows);
        stage.keys("gk<enter>");
        assert!(stage.title().contains("ONLY"), "{}", stage.screen());
        assert!(stage.has("of 22222222 ·"), "{}", stage.screen());
        stage.keys("tzw");
        assert!(stage.has("TEN()"), "{}", stage.screen());
    }
}

#[test]
fn only_rows_that_are_rows_of_the_whole_change_count_as_displayed() {
    let mut stage = two_commits(120, 40);
    // Nothing of the whole change but its first file was on the screen.
    stage.keys("gk<down><enter>");
    let shown = |stage: &mut Stage| {
        if stage.waking {
            stage.wake();
        }
        let spans = stage.shown.iter().flatten();
        let mut hunks: Vec<(String, u32)> = spans
            .map(|span| (span.path.to_string(), span.hunk))
            .collect();
        hunks.sort();
        hunks.dedup();
        hunks
    };
    let before = shown(&mut stage);
    assert!(before.iter().all(|(path, _)| path == "a.txt"), "{before:?}");
    // The commit's only hunk is none of the whole change: line 10 was touched again.
    assert_eq!(stage.state.hunk_in_change(0), None);
    assert!(stage.has("this commit's only"), "{}", stage.screen());
    stage.keys("<esc>gk<enter>]f");
    assert_eq!(stage.path(), "z.txt");
    assert_eq!(stage.state.hunk_in_change(0), Some(1));
    let after = shown(&mut stage);
    assert!(after.contains(&("z.txt".to_owned(), 1)), "{after:?}");
}

#[test]
fn a_hunk_is_marked_through_a_commit_only_where_it_is_a_hunk_of_the_whole_change() {
    let mut stage = two_commits(120, 40);
    stage.keys("gk<down><enter>m");
    assert!(stage.status().contains("Not marked"), "{}", stage.status());
    assert!(stage.status().contains("gK"), "{}", stage.status());
    stage.keys("M");
    assert!(stage.status().contains("Not marked"), "{}", stage.status());
    assert_eq!(marked(&stage), []);
    // The second commit's second hunk is the whole change's second hunk, under its own number.
    stage.keys("<esc>gk<enter>]h");
    assert_eq!(stage.state.hunk_in_change(0), None);
    assert_eq!(stage.state.hunk_in_change(1), Some(2));
    stage.keys("m");
    assert_eq!(marked(&stage), [("a.txt".to_owned(), 2)]);
    stage.keys("<esc>gg]h");
    assert!(!stage.row_with("hunk 1 ·").contains("read"));
    assert!(
        stage.row_with("hunk 2 ·").contains("✓ read"),
        "{}",
        stage.screen()
    );
}

/// The hunks that were marked as read, in the numbers of the whole change.
fn marked(stage: &Stage) -> Vec<(String, u32)> {
    let hunks = stage.acts.iter().filter_map(|act| match act {
        Act::MarkRead(hunks) => Some(hunks),
        _ => None,
    });
    hunks
        .flatten()
        .map(|hunk| (hunk.path.to_string(), hunk.hunk))
        .collect()
}

#[test]
fn a_file_is_marked_through_a_commit_as_far_as_it_is_of_the_whole_change_and_the_rest_is_said() {
    let mut stage = two_commits(120, 40);
    stage.keys("gk<enter>M");
    assert_eq!(marked(&stage), [("a.txt".to_owned(), 2)]);
    assert!(
        stage.status().contains("1 hunk left out") && stage.status().contains("gK"),
        "{}",
        stage.status()
    );
    // A file that is the whole change's as it is is marked whole, and unmarked again.
    stage.keys("]fM");
    assert_eq!(marked(&stage).last(), Some(&("z.txt".to_owned(), 1)));
    assert!(!stage.status().contains("left out"), "{}", stage.status());
    stage.keys("M");
    let unmarked = stage
        .acts
        .iter()
        .any(|act| matches!(act, Act::MarkUnread(hunks) if hunks[0].path.to_string() == "z.txt"));
    assert!(unmarked);
    stage.keys("<esc>gg");
    assert!(stage.row_with("hunk 2 ·").contains("✓ read"));
    assert!(!stage.row_with("hunk 1 ·").contains("✓ read"));
}

#[test]
fn lines_of_a_commit_are_no_evidence_unless_they_are_lines_of_the_whole_change() {
    let mut stage = two_commits(120, 40);
    // The cursor is on the added line: what the first commit removes is a line of the whole change too.
    stage.keys("gk<down><enter>jf");
    assert!(stage.state.overlays.is_empty(), "{}", stage.screen());
    assert!(
        stage.status().contains("not those of the whole change"),
        "{}",
        stage.status()
    );
    stage.keys("c");
    assert!(stage.state.overlays.is_empty(), "{}", stage.screen());
    stage.keys("y");
    assert!(stage.status().contains("Sent 1 line"), "{}", stage.status());
    // After the second commit the file is as the whole change has it.
    stage.keys("<esc>gk<enter>jf");
    assert!(!stage.state.overlays.is_empty(), "{}", stage.screen());
    assert!(stage.has("a.txt:10"), "{}", stage.screen());
}

#[test]
fn lists_in_a_commit_name_its_files_and_what_belongs_to_the_change_leads_back_to_it() {
    let mut stage = two_commits(120, 40);
    stage.keys("gk<enter>gl");
    assert!(
        stage.has("z.txt") && !stage.has("k.txt"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>]u");
    assert!(stage.state.lens().is_none(), "{}", stage.screen());
    stage.keys("gk<enter>/forty<enter>g/");
    assert!(stage.has("Matches"), "{}", stage.screen());
    stage.keys("<enter>");
    assert!(
        stage.state.lens().is_some(),
        "matches of the commit stay in it"
    );
    assert_eq!(stage.at(), "+40");
}

#[test]
fn the_list_of_a_commits_files_tells_what_is_read_and_found_in_the_whole_change() {
    let mut stage = two_commits(120, 40);
    // Of the two hunks of the whole change one is read.
    stage.keys("]hm<esc>gk<enter>gl");
    let row = stage.row_with("M a.txt");
    assert!(row.contains("read 1/2"), "{row}");
    assert!(
        !row.contains("+2"),
        "its lines are the whole change's: {row}"
    );
    assert!(stage.row_with("A z.txt").contains("read 0/1"));
    assert!(
        stage.has("Files of 22222222") && stage.has("hints and read: whole change"),
        "{}",
        stage.screen()
    );
    stage.keys("<esc>gKgl");
    assert!(
        stage.row_with("M a.txt").contains("+2"),
        "{}",
        stage.screen()
    );
    assert!(!stage.has("Files of"), "{}", stage.screen());
}

#[test]
fn what_comes_for_the_whole_change_while_a_commit_is_shown_changes_nothing_and_is_asked_for_again()
{
    let mut stage = two_commits(120, 40);
    stage.loads_held = true;
    stage.keys("gk");
    stage.hold().keys("<enter>").answer();
    // The commit is open; a file of the change that was asked for long ago arrives.
    let diff = std::sync::Arc::new(stage.diff(&"k.txt".into()));
    let path = crate::model::RepoPath::from("a.txt");
    stage.send(crate::tui::message::Msg::Loaded { path, diff });
    assert!(stage.state.code.document.is_none());
    stage.answer_all();
    assert!(stage.has("TEN()"), "{}", stage.screen());
    stage.keys("gK");
    assert!(
        stage.has("TEN()") && stage.has("forty()"),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_range_without_commits_says_so_and_one_that_is_given_up_opens_nothing() {
    let mut stage = Stage::new(80, 24);
    stage.keys("gk");
    assert!(
        stage.status().contains("No commit leads"),
        "{}",
        stage.status()
    );
    let mut stage = two_commits(80, 24);
    stage.keys("gk").hold().keys("<enter>");
    assert!(
        stage
            .status()
            .contains("Opening commit 22222222…; esc gives up"),
        "{}",
        stage.status()
    );
    stage.keys("j<esc>");
    assert!(
        stage
            .take_effects()
            .iter()
            .any(|effect| matches!(effect, Effect::GiveUp(_)))
    );
    stage.answer_all();
    assert!(stage.state.lens().is_none(), "{}", stage.screen());
}
