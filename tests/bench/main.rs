//! Measures the code pane of the real binary through a pseudo-terminal, and beside it, in the same run, the floor: a bare
//! ratatui program that asks libgit2 for the same range and draws the first hunk.
//!
//! ```text
//! tests/bench/workloads.sh
//! cargo bench --bench pane            # all workloads; or name some: cargo bench --bench pane -- large line
//! ```
//!
//! Everything is on: the checklist, hints, highlighting, counting. Below the figures of each workload stands what they are
//! held against; what misses it ends in `!`.

mod floor;
mod table;
mod terminal;

use std::path::{Path, PathBuf};
use std::time::Duration;

use terminal::{Program, Terminal};

/// What is measured of one program on one workload.
#[derive(Default)]
struct Figures {
    first_frame: Duration,
    keys: Vec<Duration>,
    bytes_per_line: usize,
    bytes_per_line_wide: usize,
    bytes_with_margins: usize,
    held: Duration,
    end: Duration,
    search: Option<Duration>,
    finder: Option<Duration>,
    counted: Option<Duration>,
    idle_bytes: usize,
    idle_cpu: Duration,
    peak: u64,
}

const SIZES: [(u16, u16); 2] = [(120, 40), (240, 67)];
const WORKLOADS: [&str; 5] = ["small", "medium", "large", "million", "line"];

#[expect(
    clippy::disallowed_macros,
    reason = "the table is what this program is for"
)]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, repository] = arguments.as_slice()
        && mode == "floor"
    {
        floor::run(Path::new(repository))
            .expect("the floor runs on a repository with base and head");
        return;
    }
    let root = std::env::var_os("COUNTERSIGN_BENCH_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench"),
        PathBuf::from,
    );
    let named: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|name| !name.starts_with('-'))
        .collect();
    println!("{}", table::heading());
    let all: Vec<&str> = WORKLOADS.into_iter().chain(["paths"]).collect();
    for workload in all {
        let repository = root.join(workload);
        let wanted = named.is_empty() || named.contains(&workload);
        if !wanted {
            continue;
        }
        assert!(
            repository.is_dir(),
            "{} is missing: run tests/bench/workloads.sh",
            repository.display()
        );
        let marker = terminal::first_added_line(&repository);
        let git = Git {
            pager: terminal::pager(&repository, &marker),
            diff: terminal::whole_diff(&repository),
        };
        for size in SIZES {
            let floor = measure(Program::Floor, &repository, &marker, size, workload);
            let mut ours = measure(Program::Countersign, &repository, &marker, size, workload);
            ours.bytes_with_margins = with_margins(&repository, &marker, size, workload);
            println!("{}", table::row(workload, size, "floor", &floor));
            println!("{}", table::row(workload, size, "countersign", &ours));
            println!("{}", table::targets(&floor, &ours, &git));
        }
        println!("{}", table::git(workload, &git));
    }
}

/// What git itself takes, for comparison.
struct Git {
    /// `git diff` through a pager until the first added line is on the screen.
    pager: Duration,
    /// `git diff` of the whole range.
    diff: Duration,
}

fn measure(
    program: Program,
    repository: &Path,
    marker: &str,
    size: (u16, u16),
    workload: &str,
) -> Figures {
    let mut figures = Figures::default();
    let mut terminal = Terminal::start(program, repository, size);
    let ours = matches!(program, Program::Countersign);
    figures.first_frame = terminal.until(|screen| screen.contains(marker));
    if ours {
        figures.counted = Some(terminal.until(|screen| {
            screen
                .lines()
                .next()
                .is_some_and(|line| !line.contains('…') || !line.contains('+'))
        }));
    }
    terminal.settle();
    if ours {
        open_long_file(&mut terminal, workload);
        terminal.settle();
    }
    for key in keys(workload) {
        figures.keys.extend(terminal.key(key));
        terminal.settle();
    }
    figures.bytes_per_line = scrolled(&mut terminal, 40);
    if ours {
        for key in ["z", "l"] {
            terminal.key(key);
        }
        terminal.settle();
        figures.bytes_per_line_wide = scrolled(&mut terminal, 40);
        for key in ["z", "l"] {
            terminal.key(key);
        }
        terminal.settle();
    }
    figures.held = terminal.burst(&"j".repeat(500));
    terminal.settle();
    figures.end = terminal.key("G").unwrap_or_default();
    terminal.settle();
    if ours {
        figures.search = Some(searched(&mut terminal, workload));
        figures.finder = Some(found(&mut terminal));
    }
    terminal.rest();
    (figures.idle_bytes, figures.idle_cpu) = terminal.idle(Duration::from_secs(1));
    figures.peak = terminal.peak();
    terminal.quit();
    figures
}

/// Moving, scrolling, jumping, as a reader mixes them. Every key changes something: after one that does not, the next frame
/// that counting or the search for hints brings would be taken for its answer.
fn keys(workload: &str) -> Vec<&'static str> {
    let runs: &[(&str, usize)] = match workload {
        // One line that goes on, files of one line.
        "line" => &[("l", 60), ("h", 40)],
        "paths" => &[("}", 60), ("{", 40)],
        _ => &[
            ("j", 60),
            ("\x04", 6),
            ("k", 40),
            ("\x15", 4),
            ("}", 2),
            ("{", 1),
        ],
    };
    let runs = runs.iter();
    runs.flat_map(|(key, times)| std::iter::repeat_n(*key, *times))
        .collect()
}

/// Opens a file that has lines enough to scroll, whole and from its top.
fn open_long_file(terminal: &mut Terminal, workload: &str) {
    let Some(name) = long_file(workload) else {
        return;
    };
    terminal.key("\x10");
    for letter in name.chars() {
        terminal.key(&letter.to_string());
    }
    terminal.key("\r");
    terminal.settle();
    for key in ["z", "c", "z", "c", "0", "g", "g"] {
        terminal.key(key);
    }
}

/// Bytes per scrolled line on a terminal that says it knows left and right margins.
fn with_margins(repository: &Path, marker: &str, size: (u16, u16), workload: &str) -> usize {
    let mut terminal = Terminal::start_with(
        Program::Countersign,
        repository,
        size,
        Some(terminal::KNOWS_MARGINS),
    );
    terminal.until(|screen| screen.contains(marker));
    terminal.settle();
    open_long_file(&mut terminal, workload);
    let bytes = scrolled(&mut terminal, 40);
    terminal.quit();
    bytes
}

/// A file of the workload that is long enough to scroll in, as the finder finds it.
fn long_file(workload: &str) -> Option<&'static str> {
    match workload {
        "small" => Some("purchasereservedinstancesoffering"),
        "medium" => Some("describeinstancetypesinput"),
        "large" => Some("instancerequirementsrequest"),
        _ => None,
    }
}

/// Bytes per line while every key scrolls.
fn scrolled(terminal: &mut Terminal, lines: usize) -> usize {
    // The cursor goes to where every further step scrolls.
    for _ in 0..60 {
        terminal.key("j");
    }
    terminal.settle();
    terminal.forget_bytes();
    for _ in 0..lines {
        terminal.key("j");
    }
    terminal.settle();
    terminal.bytes() / lines
}

/// From Enter to the first match on the screen, for text that only the last lines hold.
fn searched(terminal: &mut Terminal, workload: &str) -> Duration {
    let text = match workload {
        "million" => "value_0999999",
        "line" => "499999",
        _ => "fn ",
    };
    terminal.key("g");
    terminal.key("g");
    terminal.settle();
    terminal.key("/");
    for letter in text.chars() {
        terminal.key(&letter.to_string());
    }
    terminal.settle();
    let time = terminal.key_until("\r", |screen| {
        screen.contains(text) && !screen.contains("Searching")
    });
    terminal.key("\x1b");
    time
}

/// The slowest key of a search in the finder.
fn found(terminal: &mut Terminal) -> Duration {
    let mut slowest = terminal.key("\x10").unwrap_or_default();
    for letter in "modrs".chars() {
        slowest = slowest.max(terminal.key(&letter.to_string()).unwrap_or_default());
    }
    terminal.key("\x1b");
    slowest
}
