//! Measures the code pane of the real binary through a pseudo-terminal, and beside it, in the same run, the floor: a bare
//! ratatui program that asks libgit2 for the same range and draws the first hunk.
//!
//! ```text
//! tests/bench/workloads.sh
//! cargo bench --bench pane            # all workloads; or name some: cargo bench --bench pane -- large line
//! ```
//!
//! It judges nothing: it prints a table, and what the numbers are held against stands in the issue they came from.

mod floor;
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
    println!(
        "{:<8} {:<7} {:<11} {:>9} {:>6} {:>6} {:>6} {:>7} {:>6} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7} {:>7}",
        "workload",
        "size",
        "program",
        "first ms",
        "p50",
        "p99",
        "max",
        "B/line",
        "(wide)",
        "held500",
        "end ms",
        "search",
        "finder",
        "counted",
        "idle",
        "peak MB"
    );
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
        for size in SIZES {
            for (name, program) in [
                ("floor", Program::Floor),
                ("countersign", Program::Countersign),
            ] {
                let figures = measure(program, &repository, &marker, size, workload);
                print_row(workload, size, name, &figures);
            }
        }
        let pager = terminal::pager(&repository, &marker);
        println!(
            "{workload:<8} {:<7} {:<11} {:>9}",
            "",
            "git | less",
            ms(pager)
        );
    }
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
    // Keys: moving, scrolling, jumping, as a reader mixes them.
    for key in ["j"; 60]
        .into_iter()
        .chain(["\x04"; 6])
        .chain(["k"; 40])
        .chain(["\x15"; 4])
        .chain(["}", "}", "{"])
    {
        figures.keys.extend(terminal.key(key));
        terminal.settle();
    }
    if ours && let Some(name) = long_file(workload) {
        terminal.key("\x10");
        for letter in name.chars() {
            terminal.key(&letter.to_string());
        }
        terminal.key("\r");
        terminal.settle();
        // The whole file has lines enough to scroll.
        for key in ["z", "c", "z", "c"] {
            terminal.key(key);
        }
        terminal.key("0");
        for key in ["g", "g"] {
            terminal.key(key);
        }
    }
    terminal.settle();
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
    terminal.settle();
    (figures.idle_bytes, figures.idle_cpu) = terminal.idle(Duration::from_secs(1));
    figures.peak = terminal.peak();
    terminal.quit();
    figures
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

#[expect(
    clippy::disallowed_macros,
    reason = "the table is what this program is for"
)]
fn print_row(workload: &str, size: (u16, u16), name: &str, figures: &Figures) {
    let mut keys = figures.keys.clone();
    keys.sort_unstable();
    let at = |share: usize| ms(keys[(keys.len() - 1) * share / 100]);
    let maybe = |time: Option<Duration>| time.map_or_else(|| "-".to_owned(), ms);
    println!(
        "{:<8} {:<7} {:<11} {:>9} {:>6} {:>6} {:>6} {:>7} {:>6} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7} {:>7}",
        workload,
        format!("{}x{}", size.0, size.1),
        name,
        ms(figures.first_frame),
        at(50),
        at(99),
        at(100),
        figures.bytes_per_line,
        figures.bytes_per_line_wide,
        ms(figures.held),
        ms(figures.end),
        maybe(figures.search),
        maybe(figures.finder),
        maybe(figures.counted),
        format!("{}B{}", figures.idle_bytes, ms(figures.idle_cpu)),
        figures.peak / 1024,
    );
}

fn ms(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis < 20.0 {
        format!("{millis:.1}")
    } else {
        format!("{millis:.0}")
    }
}
