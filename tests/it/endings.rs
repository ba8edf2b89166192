//! However the screen ends or pauses, the terminal is given back as it was, and nothing that was saved is lost.

use rustix::process::Signal;

use crate::support::Stage;
use crate::terminal::{CTRL_S, CTRL_Z, Terminal};

/// What a terminal must be told before it is left.
const LEAVES: [&[u8]; 3] = [b"\x1b[?1049l", b"\x1b[?2004l", b"\x1b[?25h"];

/// A screen with one act done and a text begun.
fn at_work(stage: &Stage) -> (Terminal, std::path::PathBuf) {
    let repository = stage.small();
    let mut screen = Terminal::start(stage, &repository, &["review", "main...work"]);
    screen.shows("import store");
    screen.type_for("a", "why this is good here");
    screen.keys("Checked");
    screen.shows("Checked");
    screen.type_for(CTRL_S, "items 1/22");
    screen.hides("saving…");
    assert!(screen.has_alternate_screen());
    (screen, repository)
}

#[track_caller]
fn gave_back(screen: &Terminal) {
    for bytes in LEAVES {
        assert!(
            screen.wrote(bytes),
            "{} was not written",
            bytes.escape_ascii()
        );
    }
    assert!(!screen.has_alternate_screen());
}

#[test]
fn term_hup_and_int_give_the_terminal_back_and_say_that_a_signal_came() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let stage = Stage::new();
        let (mut screen, repository) = at_work(&stage);
        screen.type_for("J", " 2/22");
        screen.type_for("a", "why this is good here");
        screen.keys("half a thought");
        screen.shows("half a thought");
        screen.signal(signal);
        assert_eq!(screen.ends(), 143, "{signal:?}");
        gave_back(&screen);
        let items = stage.json(&repository, &["items"])["items"].clone();
        assert_eq!(items[0]["verdict"], "accepted");
        let mut again = Terminal::start(&stage, &repository, &["review", "main...work"]);
        again.shows("items 1/22");
        again.type_for("a", "half a thought");
        again.signal(Signal::TERM);
        again.ends();
    }
}

#[test]
fn a_lost_connection_ends_the_program_and_loses_nothing() {
    let stage = Stage::new();
    let (mut screen, repository) = at_work(&stage);
    screen.hang_up();
    screen.ends();
    let items = stage.json(&repository, &["items"])["items"].clone();
    assert_eq!(items[0]["verdict"], "accepted");
    // The lock went with the process.
    stage.must(&repository, &["accept", "shared-state", "--reason", "x"]);
}

#[test]
fn the_list_of_reviews_gives_the_terminal_back_too() {
    for signal in [Signal::TERM, Signal::HUP] {
        let stage = Stage::new();
        let repository = stage.small();
        stage.open(&repository, &["main...work"]);
        let mut screen = Terminal::start(&stage, &repository, &[]);
        screen.shows("main…work");
        screen.signal(signal);
        screen.ends();
        gave_back(&screen);
    }
}

/// Returns the letter of a process's state.
fn state(screen: &Terminal) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", screen.pid())).ok()?;
    text.rsplit_once(')')?.1.trim_start().chars().next()
}

#[test]
fn ctrl_z_goes_to_the_shell_and_comes_back() {
    let stage = Stage::new();
    let (mut screen, _) = at_work(&stage);
    for (keys, still) in [("", "items 1/22"), ("a", "You decided this item already")] {
        screen.keys(keys);
        screen.shows(still);
        screen.keys(CTRL_Z);
        screen.until("a stopped process", |screen| state(screen) == Some('T'));
        screen.until("the terminal back", |screen| !screen.has_alternate_screen());
        screen.signal(Signal::CONT);
        screen.until("the screen again", Terminal::has_alternate_screen);
        screen.shows("items 1/22");
    }
    screen.type_for("J", " 2/22");
    screen.keys("q");
    assert_eq!(screen.ends(), 0);
    gave_back(&screen);
}

#[test]
fn the_stop_signal_from_outside_is_like_ctrl_z() {
    let stage = Stage::new();
    let (mut screen, _) = at_work(&stage);
    screen.type_for("J", " 2/22");
    screen.type_for("a", "why this is good here");
    screen.signal(Signal::TSTP);
    screen.until("a stopped process", |screen| state(screen) == Some('T'));
    screen.until("the terminal back", |screen| !screen.has_alternate_screen());
    screen.signal(Signal::CONT);
    screen.until("the screen again", Terminal::has_alternate_screen);
    screen.shows("why this is good here");
    screen.signal(Signal::TERM);
    assert_eq!(screen.ends(), 143);
}

/// Returns the parameters of every colour that was set.
fn colours(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let mut found = Vec::new();
    for part in text.split("\x1b[").skip(1) {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':');
        let Some(end) = end.filter(|end| part[*end..].starts_with('m')) else {
            continue;
        };
        let colour = |number: u16| matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107);
        let numbers = part[..end].split([';', ':']);
        if numbers.filter_map(|n| n.parse().ok()).any(colour) {
            found.push(part[..end].to_owned());
        }
    }
    found
}

#[test]
fn no_color_means_no_colour_and_the_screen_still_says_everything() {
    let stage = Stage::new();
    let repository = stage.small();
    let walk = |more: &[(&str, &str)]| {
        let arguments = ["review", "main...work"];
        let mut screen = Terminal::with(&stage, &repository, &arguments, (120, 40), more);
        screen.shows("import store");
        screen.type_for("]h", "hunk 2/2");
        screen.type_for("?", "Moving");
        screen.keys("q");
        screen.hides("Moving");
        screen.type_for("S", "items are undecided");
        screen.signal(Signal::TERM);
        screen.ends();
        colours(screen.raw())
    };
    assert!(!walk(&[]).is_empty());
    assert_eq!(walk(&[("NO_COLOR", "1")]), Vec::<String>::new());
}
