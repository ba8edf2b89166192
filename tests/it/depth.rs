//! The real program looks at one commit of a range, follows a name into a file beside the change, and comes back.

use crate::support::Stage;
use crate::terminal::{CTRL_P, ENTER, ESC, Terminal};

const SHOP: &str = "def price(order):\n    return order.total\n";

/// A root commit, then two on a branch and a merge of them.
fn opened(stage: &Stage) -> (std::path::PathBuf, Terminal) {
    let repository = stage.repository("shop", &[("lib/shop.py", SHOP), ("notes.txt", "one\n")]);
    let git = |arguments: &[&str]| stage.git(&repository, arguments);
    git(&["switch", "-q", "-c", "agent"]);
    stage.commit(
        &repository,
        "Charge the order",
        &[("pay.py", "import shop\n\ntotal = price(order)  # (\n")],
    );
    stage.commit(&repository, "Note it", &[("notes.txt", "one\ntwo\n")]);
    git(&["switch", "-q", "-c", "side", "HEAD~1"]);
    stage.commit(&repository, "On the side", &[("side.txt", "side\n")]);
    git(&["switch", "-q", "agent"]);
    git(&["merge", "-q", "--no-edit", "side"]);
    // What is on the disk is of no interest.
    crate::support::write(&repository.join("lib/shop.py"), "def nothing(): pass\n");
    let mut terminal = Terminal::with(
        stage,
        &repository,
        &["review", "main...agent"],
        (100, 30),
        &[],
    );
    terminal.shows("read 0%");
    (repository, terminal)
}

#[test]
fn one_commit_is_shown_alone_a_merge_against_its_first_parent() {
    let stage = Stage::new();
    let (_, mut terminal) = opened(&stage);
    terminal.keys("gk");
    terminal.shows("Commits of the change");
    terminal.shows("Charge the order");
    terminal.keys(ENTER);
    terminal.shows("A merge of 2 commits, against its first parent.");
    terminal.shows("side.txt");
    terminal.shows("file 1/1");
    terminal.keys("gk");
    terminal.shows("Commits of the change");
    terminal.keys("Note");
    terminal.keys(ENTER);
    terminal.shows("ONLY commit");
    terminal.shows("+ two");
    terminal.keys(ESC);
    terminal.hides("ONLY commit");
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_name_leads_into_a_file_of_the_tree_and_the_finder_knows_functions() {
    let stage = Stage::new();
    let (_, mut terminal) = opened(&stage);
    terminal.keys("]f");
    terminal.shows("total = price(order)");
    terminal.keys("3Ggd");
    terminal.shows("BESIDE the change: lib/shop.py");
    terminal.shows("return order.total");
    terminal.keys("gb");
    terminal.shows("Begin");
    terminal.keys("\x0f");
    terminal.hides("BESIDE");
    terminal.shows("total = price(order)");
    terminal.keys("%");
    terminal.shows("No bracket of this line has its match on another.");
    terminal.keys(CTRL_P);
    terminal.shows("Go to a file");
    terminal.keys(ESC);
    terminal.hides("Go to a file");
    terminal.keys("gb");
    terminal.shows("Charge the order");
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_change_without_commits_says_that_it_has_none_to_choose_from() {
    let stage = Stage::new();
    let repository = stage.repository("shop", &[("a.txt", "one\n")]);
    crate::support::write(&repository.join("a.txt"), "two\n");
    let mut terminal = Terminal::with(
        &stage,
        &repository,
        &["review", "--worktree"],
        (100, 30),
        &[],
    );
    terminal.shows("read 0%");
    terminal.keys("gk");
    terminal.shows("What is reviewed is not committed yet");
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}
