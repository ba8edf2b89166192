//! The only writer to standard output and standard error. A reader that went away (`| head`) is no error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::support::text::{has_hidden, visible, visible_lines, width};

/// How errors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line for a person.
    Text,
    /// An object with the key `error`.
    Json,
}

/// Writes a line of text; foreign text in it is made visible.
pub fn line(text: &str) {
    write(&format!("{}\n", visible(text)));
}

/// Writes lines of text; foreign text in them is made visible.
pub fn lines(text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    write(&format!("{}{end}", visible_lines(text)));
}

/// Writes rows in columns parted by two blanks, each as wide as its widest cell; the last is as long as it is. Foreign
/// text is made visible.
pub fn table<const N: usize>(indent: &str, rows: &[[String; N]]) {
    for line in aligned(indent, rows) {
        write(&format!("{line}\n"));
    }
}

fn aligned<const N: usize>(indent: &str, rows: &[[String; N]]) -> Vec<String> {
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| width(&visible(&row[column])));
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(widest).collect();
    let line = |row: &[String; N]| {
        let mut line = indent.to_owned();
        for (cell, wide) in row.iter().zip(&widths) {
            let cell = visible(cell);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', wide - width(&cell) + 2));
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

/// Writes a document that was sanitised by whoever rendered it.
pub fn document(text: &str) {
    write(text);
}

/// Writes an object as JSON, indented; what a terminal would obey or a reader would not see stands there as `\uXXXX`.
pub fn json(value: &impl Serialize) {
    let text = serde_json::to_string_pretty(value).expect("our own structs serialise");
    write(&format!("{}\n", escaped(&text)));
}

/// Writes a remark that is not the result.
pub fn note(text: &str) {
    write_err(&format!("{}\n", visible(text)));
}

/// Writes an error with its causes.
pub fn error(error: &anyhow::Error, style: Style) {
    let text = told(error);
    match style {
        Style::Text => write_err(&format!("error: {}\n", visible_lines(&text))),
        Style::Json => {
            let object = serde_json::json!({ "error": text });
            write(&format!("{}\n", escaped(&object.to_string())));
            write_err(&format!("error: {}\n", visible_lines(&text)));
        }
    }
}

/// JSON escapes C0 controls by itself; the other hidden characters stand only within strings, where the escape means the
/// same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() || !has_hidden(character.encode_utf8(&mut [0; 4]).as_bytes()) {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// Joins an error and its causes, each of which is told once: many errors of ours tell their cause in their own sentence.
fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Writes what clap has to say.
pub fn clap(error: &clap::Error) {
    // Nothing can be done when even this cannot be written.
    let _ = error.print();
}

/// Set once standard output has failed; nothing more is written there.
static LOST: AtomicBool = AtomicBool::new(false);
/// Set where it failed for another reason than that its reader went away.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Tells whether output was lost, though somebody was there to read it.
pub fn failed() -> bool {
    FAILED.load(Ordering::Relaxed)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one writer to standard output"
)]
fn write(text: &str) {
    if LOST.load(Ordering::Relaxed) {
        return;
    }
    let mut out = io::stdout().lock();
    let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) else {
        return;
    };
    LOST.store(true, Ordering::Relaxed);
    if error.kind() != io::ErrorKind::BrokenPipe {
        FAILED.store(true, Ordering::Relaxed);
        write_err(&format!(
            "error: the output cannot be written: {error}; what was recorded is saved\n"
        ));
    }
}

/// Tells whether standard output is a terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that knows standard output"
)]
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one writer to standard error"
)]
fn write_err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read it: {source}; try again")]
    struct Told {
        source: io::Error,
    }

    #[test]
    fn columns_line_up_whatever_stands_in_them() {
        let row = |a: &str, b: &str, c: &str| [a.to_owned(), b.to_owned(), c.to_owned()];
        let rows = [row("漢字", "x", "one\n"), row("a", "\u{202e}", "")];
        assert_eq!(
            aligned(" ", &rows),
            [" 漢字  x      one⏎", " a     ⟦RLO⟧"],
            "foreign text keeps its width and its place"
        );
    }

    #[test]
    fn a_cause_is_told_once() {
        let source = io::Error::other("the disk is gone");
        let error = anyhow::Error::from(Told { source });
        assert_eq!(told(&error), "cannot read it: the disk is gone; try again");
        let error = Err::<(), _>(anyhow!("no such line"))
            .context("in a.py")
            .unwrap_err();
        assert_eq!(told(&error), "in a.py: no such line");
    }

    #[test]
    fn hidden_characters_are_escaped_and_mean_the_same() {
        let text = "Zoë \u{202e}\u{9b}31m\u{e0041}\u{7f} naïve 漢字";
        let plain = serde_json::to_string(text).unwrap();
        let safe = escaped(&plain);
        assert!(
            safe.contains("Zoë \\u202e\\u009b31m\\udb40\\udc41"),
            "{safe}"
        );
        assert!(safe.contains("naïve 漢字"), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
