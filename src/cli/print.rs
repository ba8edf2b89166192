//! The only writer to standard output and standard error. A reader that went away (`| head`) is no error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use crate::support::text::{has_hidden, visible, visible_lines};

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
    let text = format!("{error:#}");
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

/// Writes what clap has to say.
pub fn clap(error: &clap::Error) {
    // Nothing can be done when even this cannot be written.
    let _ = error.print();
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one writer to standard output"
)]
fn write(text: &str) {
    let mut out = io::stdout().lock();
    let result = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    end_quietly(result);
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

fn end_quietly(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        write_err(&format!("error: the output cannot be written: {error}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

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
