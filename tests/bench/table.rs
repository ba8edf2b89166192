//! The table: figures, and below them what they are held against.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Figures, Git};

/// Names of the columns.
pub fn heading() -> String {
    cells(&[
        "workload", "size", "program", "first ms", "p50", "p99", "max", "B/line", "(wide)",
        "margins", "held500", "end ms", "search", "finder", "counted", "idle", "peak MB",
    ])
}

/// One program on one workload.
pub fn row(workload: &str, size: (u16, u16), name: &str, figures: &Figures) -> String {
    let maybe = |time: Option<Duration>| time.map_or_else(|| "-".to_owned(), ms);
    let bytes = |count: usize| {
        if count == 0 {
            "-".to_owned()
        } else {
            count.to_string()
        }
    };
    cells(&[
        workload,
        &format!("{}x{}", size.0, size.1),
        name,
        &ms(figures.first_frame),
        &ms(percentile(figures, 50)),
        &ms(percentile(figures, 99)),
        &ms(percentile(figures, 100)),
        &bytes(figures.bytes_per_line),
        &bytes(figures.bytes_per_line_wide),
        &bytes(figures.bytes_with_margins),
        &ms(figures.held),
        &ms(figures.end),
        &maybe(figures.search),
        &maybe(figures.finder),
        &maybe(figures.counted),
        &format!("{}B{}", figures.idle_bytes, ms(figures.idle_cpu)),
        &(figures.peak / 1024).to_string(),
    ])
}

/// What the figures are held against: the floor, git, and what a hand feels.
pub fn targets(floor: &Figures, ours: &Figures, git: &Git) -> String {
    let held =
        |limit: f64, figure: f64| format!("{limit:.0}{}", if figure > limit { "!" } else { "" });
    let time = |limit: f64, figure: Duration| held(limit, millis(figure));
    let maybe = |limit: f64, figure: Option<Duration>| {
        figure.map_or_else(|| "-".to_owned(), |figure| time(limit, figure))
    };
    let bytes = |figure: usize| held(600.0, figure as f64);
    let first = (1.5 * millis(floor.first_frame) + 30.0).min(millis(git.pager));
    let peak = 1.5 * floor.peak as f64 / 1024.0 + 40.0;
    cells(&[
        "",
        "",
        "at most",
        &time(first, ours.first_frame),
        "-",
        &time(8.0, percentile(ours, 99)),
        "-",
        &bytes(ours.bytes_per_line),
        &bytes(ours.bytes_per_line_wide),
        &bytes(ours.bytes_with_margins),
        "-",
        &time(100.0, ours.end),
        &maybe(100.0, ours.search),
        &maybe(100.0, ours.finder),
        &maybe(3.0 * millis(git.diff), ours.counted),
        if ours.idle_bytes == 0 && ours.idle_cpu.is_zero() {
            "0"
        } else {
            "0!"
        },
        &held(peak, ours.peak as f64 / 1024.0),
    ])
}

/// What git takes.
pub fn git(workload: &str, git: &Git) -> String {
    format!(
        "{workload:<8} git diff | less {} ms, git diff {} ms",
        ms(git.pager),
        ms(git.diff)
    )
}

fn cells(cells: &[&str; 17]) -> String {
    const WIDTHS: [usize; 17] = [8, 7, 11, 9, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8];
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(WIDTHS).enumerate() {
        // A string takes whatever is written to it.
        let _ = if at < 3 {
            write!(line, "{cell:<width$} ")
        } else {
            write!(line, "{cell:>width$} ")
        };
    }
    line.trim_end().to_owned()
}

fn percentile(figures: &Figures, share: usize) -> Duration {
    let mut keys = figures.keys.clone();
    keys.sort_unstable();
    keys[(keys.len() - 1) * share / 100]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn ms(time: Duration) -> String {
    let millis = millis(time);
    if millis < 20.0 {
        format!("{millis:.1}")
    } else {
        format!("{millis:.0}")
    }
}
