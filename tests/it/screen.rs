//! A whole review on the screen of the real binary, key by key, on terminals of 80×24 and 120×40: what a reviewer types
//! is what the journal holds afterwards.

use crate::signing::stock_verify;
use crate::support::{NAME, Stage, entries};
use crate::terminal::{CTRL_P, CTRL_S, DOWN, ENTER, ESC, TAB, Terminal};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Opens the small change on the screen, and waits until it is counted.
fn opened(stage: &Stage, size: (u16, u16)) -> (Terminal, std::path::PathBuf) {
    let repository = stage.small();
    let mut screen = reopened(stage, &repository, size);
    // A review that begins is written behind the first frame.
    screen.shows(" saved ");
    (screen, repository)
}

fn reopened(stage: &Stage, repository: &std::path::Path, size: (u16, u16)) -> Terminal {
    let mut screen = Terminal::with(stage, repository, &["review", "main...work"], size, &[]);
    screen.shows("app/orders.py");
    screen.shows("hunk 1/2");
    screen.shows("import store");
    screen
}

#[test]
fn a_whole_review_is_done_with_keys_and_resumes_where_it_was_left() {
    for size in SIZES {
        let stage = Stage::new();
        let (mut screen, repository) = opened(&stage, size);
        screen.shows("items 0/22");
        screen.shows("saved");
        // About: hunks, files, items.
        screen.type_for("]h", "hunk 2/2");
        screen.shows("store.save(order)");
        screen.type_for("[h", "hunk 1/2");
        screen.type_for("]f", "user.name.strip()");
        screen.type_for("[f", "app/orders.py");
        screen.type_for("J", " 2/22");
        screen.type_for("K", " 1/22");
        // A verdict with its reason.
        screen.type_for("a", "why this is good here");
        screen.type_for("One writer, checked", "One writer, checked");
        screen.type_for(CTRL_S, "items 1/22");
        screen.shows("accepted");
        screen.hides("saving…");
        // A finding with the selected lines as evidence.
        screen.type_for("J", " 2/22");
        screen.type_for("]h", "hunk 2/2");
        screen.type_for("jj", "store.save(order)");
        screen.type_for("v", "1 line selected");
        screen.type_for("j", "2 lines selected");
        screen.type_for("f", "Severity");
        screen.type_for(CTRL_S, "flags 1");
        screen.shows("items 2/22");
        // A hunk that was read.
        screen.type_for("m", "read 57%");
        screen.shows("saved");
        screen.keys("q");
        assert_eq!(screen.ends(), 0);
        assert!(!screen.has_alternate_screen());
        screen.shows("is saved; `countersign` resumes it.");

        let status = stage.json(&repository, &["status"]);
        assert_eq!(status["items"][0]["verdict"], "accepted");
        assert_eq!(status["items"][0]["reason"], "One writer, checked");
        assert_eq!(status["items"][1]["verdict"], "flagged");
        let place = status["findings"][0]["at"][0].as_str().expect("evidence");
        assert!(place.starts_with("app/orders.py:4"), "{place}");
        let coverage = &status["coverage"];
        assert_eq!(
            (&coverage["hunks"], &coverage["read"]),
            (&3.into(), &1.into())
        );
        assert_eq!(coverage["displayed"], 3, "all three were on the screen");

        let mut again = reopened(&stage, &repository, size);
        again.shows("items 2/22");
        again.shows("flags 1");
        again.shows("read 57%");
        // Resuming begins at the first item that waits.
        again.shows(" 3/22");
        again.keys("q");
        assert_eq!(again.ends(), 0);
    }
}

#[test]
fn searching_finding_help_and_commands_open_and_close() {
    for size in SIZES {
        let stage = Stage::new();
        let (mut screen, _) = opened(&stage, size);
        screen.type_for("/", "Enter go");
        screen.type_for("strip", "/strip");
        screen.type_for(ENTER, "user.name.strip()");
        screen.shows("n next, N previous");
        screen.keys(ESC);
        screen.hides("n next, N previous");

        screen.type_for(CTRL_P, "Go to a file, an item");
        screen.type_for("orders", "> orders");
        screen.keys(ENTER);
        screen.hides("Go to a file, an item");
        screen.shows("import store");
        screen.type_for(CTRL_P, "Go to a file, an item");
        screen.keys(ESC);
        screen.hides("Go to a file, an item");

        screen.type_for("?", "Moving");
        screen.type_for("G", "In a form:");
        screen.keys(ESC);
        screen.hides("In a form:");

        screen.type_for(":", "Commands");
        screen.type_for("next-file", "> next-file");
        screen.keys(ENTER);
        screen.hides("Commands");
        screen.shows("user.name.strip()");
        screen.type_for(":", "Commands");
        screen.keys(ESC);
        screen.hides("Commands");

        screen.type_for("L", "Findings: 0");
        screen.keys(ESC);
        screen.hides("Findings: 0");
        screen.keys("q");
        assert_eq!(screen.ends(), 0);
    }
}

#[test]
fn comments_and_read_files_are_recorded_from_the_screen() {
    let stage = Stage::new();
    let (mut screen, repository) = opened(&stage, (80, 24));
    screen.type_for("c", "Comment");
    screen.keys("Why twice?");
    screen.shows("Why twice?");
    screen.keys(CTRL_S);
    screen.shows("✎");
    screen.type_for("gc", "Comments: 1");
    screen.keys(ESC);
    screen.hides("Comments: 1");
    screen.type_for("M", "read 71%");
    screen.type_for("x", "Not applicable");
    screen.type_for("No state here", "No state here");
    screen.type_for(CTRL_S, "items 1/22");
    screen.type_for("u", "Take back");
    screen.type_for("y", "items 0/22");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
    let log = stage.must(&repository, &["log"]);
    assert!(log.contains("Why twice?"), "{log}");
    assert!(log.contains("verdict.retracted"), "{log}");
    assert_eq!(stage.json(&repository, &["status"])["coverage"]["read"], 2);
}

#[test]
fn the_sign_off_says_what_is_missing_and_then_signs_on_the_real_terminal() {
    for size in SIZES {
        let stage = Stage::new();
        let key = stage.key("levi", "");
        stage.install(&key);
        let allowed = stage.allowed("allowed", &key);
        let (mut screen, repository) = opened(&stage, size);
        screen.type_for("S", "22 items are undecided");
        screen.shows("not yet");
        screen.keys(ESC);
        screen.hides("22 items are undecided");
        screen.keys("q");
        assert_eq!(screen.ends(), 0);

        let review = stage.open(&repository, &["main...work"]);
        stage.accept_all(&repository, &review);
        let mut screen = reopened(&stage, &repository, size);
        screen.type_for("S", "every item is decided");
        screen.type_for(DOWN, "(•) approved: may go");
        screen.keys(&TAB.repeat(3));
        screen.keys("Architect");
        screen.shows("Architect");
        screen.keys(TAB);
        screen.keys("Levi Ltd");
        screen.shows("Levi Ltd");
        screen.keys(&TAB.repeat(3));
        // A name that is not the signer's signs nothing.
        screen.keys("Somebody Else");
        screen.shows("Somebody Else");
        screen.type_for(CTRL_S, "type the name as it stands here");
        screen.keys(&"\x7f".repeat(13));
        screen.keys(NAME);
        screen.shows(&format!("I, {NAME}, Architect, Levi Ltd"));
        screen.keys(CTRL_S);
        screen.shows("Signed: approved. Bundle:");
        screen.keys("q");
        assert_eq!(screen.ends(), 0);

        let bundle = stage.root().join(format!("signoff-{review}"));
        let verified = stock_verify(&stage, &bundle, &allowed).ok();
        assert!(
            verified.contains("Good \"signoff-v1@countersign\""),
            "{verified}"
        );
        let arguments = [
            "verify",
            bundle.to_str().expect("a name"),
            "--allowed-signers",
            allowed.to_str().expect("a name"),
            "--repo",
            repository.to_str().expect("a name"),
        ];
        stage.must(&repository, &arguments);
    }
}

/// Fills the sign-off in, up to the name.
fn fill_in(screen: &mut Terminal) {
    screen.type_for("S", "every item is decided");
    screen.type_for(DOWN, "(•) approved: may go");
    screen.keys(&TAB.repeat(3));
    screen.keys("Architect");
    screen.shows("Architect");
    screen.keys(TAB);
    screen.keys("Levi Ltd");
    screen.shows("Levi Ltd");
    screen.keys(&TAB.repeat(3));
    screen.keys(NAME);
    screen.shows(&format!("I, {NAME}, Architect, Levi Ltd"));
}

/// Tells whether a program that this one started waits for something to read: ssh-keygen loses a Ctrl-C that comes
/// between its question and its reading.
fn child_reads(screen: &Terminal) -> bool {
    let parent = screen.pid().as_raw_nonzero().to_string();
    let is_child = |process: &std::path::Path| {
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let mut fields = fields.split_whitespace();
        fields.next() == Some("S") && fields.next() == Some(parent.as_str())
    };
    // The number of `read` on x86-64 and on arm64; where the kernel does not tell, sleeping has to do.
    let reads = |process: &std::path::Path| {
        std::fs::read_to_string(process.join("syscall")).map_or(true, |call| {
            call.starts_with("0 ") || call.starts_with("63 ")
        })
    };
    entries(std::path::Path::new("/proc"))
        .iter()
        .any(|process| is_child(process) && reads(process))
}

/// Asks for the signature, and waits until ssh-keygen has asked so many times; its questions stay on the real terminal.
#[track_caller]
fn asked(screen: &mut Terminal, times: usize) {
    screen.keys(CTRL_S);
    screen.until("the passphrase asked for", |screen| {
        screen.screen().matches("Enter passphrase").count() == times && child_reads(screen)
    });
}

#[test]
fn a_passphrase_that_is_wrong_or_refused_leads_back_to_the_sign_off() {
    let stage = Stage::new();
    let key = stage.key("guarded", "open sesame");
    let allowed = stage.allowed("allowed", &key);
    stage.install(&key);
    let repository = stage.small();
    let review = stage.open(&repository, &["main...work"]);
    stage.accept_all(&repository, &review);
    let mut screen = reopened(&stage, &repository, (120, 40));
    fill_in(&mut screen);
    asked(&mut screen, 1);
    screen.keys("open says me\r");
    screen.shows("did not sign");
    screen.shows(&format!("I, {NAME}, Architect, Levi Ltd"));
    // Ctrl-C at the prompt is for ssh-keygen, not for the review.
    asked(&mut screen, 2);
    screen.keys("\x03");
    screen.shows("Sign-off");
    screen.shows("did not sign");
    asked(&mut screen, 3);
    screen.keys("open sesame\r");
    screen.shows("Signed: approved. Bundle:");
    // Another signature would be decided anew.
    screen.type_for("S", "such as Architect");
    assert!(!screen.screen().contains("(•) approved"));
    screen.keys(ESC);
    screen.hides("Sign-off");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
    let bundle = stage.root().join(format!("signoff-{review}"));
    stock_verify(&stage, &bundle, &allowed).ok();
}

#[test]
fn what_a_terminal_is_too_small_for_is_said_and_comes_back_with_room() {
    let stage = Stage::new();
    let (mut screen, _) = opened(&stage, (80, 24));
    screen.resize((50, 10));
    screen.shows("50x10: too small");
    screen.resize((120, 40));
    screen.hides("too small");
    screen.shows("items 0/22");
    screen.shows("Concurrency");
    screen.resize((60, 15));
    screen.shows("items 0/22");
    screen.shows("import store");
    screen.type_for("a", "why this is good here");
    screen.keys(ESC);
    screen.hides("why this is good here");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn a_second_process_reads_along_and_says_who_writes() {
    let mut stage = Stage::new();
    let (mut first, repository) = opened(&stage, (120, 40));
    stage.becomes("R. Weiss", "weiss@example.com");
    let mut second = reopened(&stage, &repository, (120, 40));
    second.shows("read-only");
    second.type_for("a", "why this is good here");
    second.keys("Mine");
    second.shows("Mine");
    second.keys(CTRL_S);
    second.shows(NAME);
    second.shows("process");
    second.keys(ESC);
    second.hides("why this is good here");

    first.type_for("a", "why this is good here");
    first.keys("Ours");
    first.shows("Ours");
    first.type_for(CTRL_S, "items 1/22");
    second.shows("items 1/22");

    let outcome = stage.run(&repository, &["accept", "shared-state", "--reason", "x"]);
    let holder = format!("process {}", first.pid());
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.err.contains(NAME), "{outcome:?}");
    assert!(outcome.err.contains(&holder), "{outcome:?}");
    first.keys("q");
    assert_eq!(first.ends(), 0);
    second.keys("q");
    assert_eq!(second.ends(), 0);
    stage.must(&repository, &["accept", "shared-state", "--reason", "x"]);
}

#[test]
fn a_half_written_reason_survives_kill_9() {
    let stage = Stage::new();
    let (mut screen, repository) = opened(&stage, (80, 24));
    // The first hunk is there before the review is.
    screen.shows("read 0%  saved");
    let review = stage.journals()[0].0.clone();
    let drafts = review.parent().expect("a folder").join("drafts");
    screen.type_for("a", "why this is good here");
    screen.keys("half a thought");
    screen.until("the draft on disk", |_| {
        // A file under a temporary name is not the draft yet.
        entries(&drafts).iter().any(|file| {
            file.extension().is_some_and(|end| end == "draft")
                && std::fs::read_to_string(file).is_ok_and(|text| text.contains("half a thought"))
        })
    });
    screen.kill();
    let mut again = reopened(&stage, &repository, (80, 24));
    again.type_for("a", "half a thought");
    again.type_for(CTRL_S, "items 1/22");
    again.until("the draft gone", |_| entries(&drafts).is_empty());
    again.keys("q");
    assert_eq!(again.ends(), 0);
    let items = stage.json(&repository, &["items"])["items"].clone();
    assert_eq!(items[0]["reason"], "half a thought");
}

#[test]
fn the_list_of_reviews_resumes_one() {
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &["main...work"]);
    stage.must(&repository, &["accept", "lost-update", "--reason", "Fine"]);
    let mut screen = Terminal::start(&stage, &repository, &[]);
    screen.shows("main…work");
    screen.type_for(ENTER, "items 1/22");
    screen.shows("import store");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
}
