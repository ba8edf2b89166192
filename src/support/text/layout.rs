//! Width, cutting and wrapping of text that may already be shown. Columns are counted by grapheme, as the screen does.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

const ELLIPSIS: char = '…';

/// Returns the columns a text takes on one line.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// Cuts a text at its end so that it takes at most `columns`, `…` included where something was cut.
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if is_within(text, columns) {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let end = prefix(text.graphemes(true), columns - 1);
    Cow::Owned(format!("{}{ELLIPSIS}", &text[..end]))
}

/// Cuts a text at its start so that it takes at most `columns`, `…` included where something was cut. A path loses whole
/// components where the rest still fills half of the columns: `…/orders/service.py`.
pub fn fit_start(text: &str, columns: usize) -> Cow<'_, str> {
    if is_within(text, columns) {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let kept = prefix(text.graphemes(true).rev(), columns - 1);
    let rest = &text[text.len() - kept..];
    let whole = rest.find('/').map(|slash| &rest[slash..]);
    let rest = match whole {
        Some(components) if width(components) * 2 >= columns => components,
        Some(_) | None => rest,
    };
    Cow::Owned(format!("{ELLIPSIS}{rest}"))
}

/// Wraps a text at blanks so that no line takes more than `columns` (at least 1); longer words are cut, a single
/// character wider than that stands alone. Lines of the text stay lines, empty ones too, and continue under their own
/// indentation; a line ending at the end adds no line, and an empty text has none.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for line in text.lines() {
        wrap_line(line.trim_end_matches(' '), columns, &mut lines);
    }
    lines
}

fn wrap_line(line: &str, columns: usize, lines: &mut Vec<String>) {
    if is_within(line, columns) {
        lines.push(line.to_owned());
        return;
    }
    let words = line.trim_start_matches(' ');
    let blanks = line.len() - words.len();
    let indent = if blanks * 2 < columns {
        " ".repeat(blanks)
    } else {
        String::new()
    };
    let mut current = indent.clone();
    let mut used = indent.len();
    for part in words.split_inclusive(' ') {
        let word = part.trim_end_matches(' ');
        let has_word = used > indent.len();
        if has_word && used + width(word) > columns {
            flush(&mut current, &indent, lines);
            used = indent.len();
        }
        for grapheme in word.graphemes(true) {
            let wide = grapheme_width(grapheme);
            if used + wide > columns && used > indent.len() {
                flush(&mut current, &indent, lines);
                used = indent.len();
            }
            current.push_str(grapheme);
            used += wide;
        }
        if used > indent.len() && part.len() > word.len() {
            current.push(' ');
            used += 1;
        }
    }
    if current.len() > indent.len() {
        lines.push(current.trim_end_matches(' ').to_owned());
    }
}

fn flush(current: &mut String, indent: &str, lines: &mut Vec<String>) {
    let line = std::mem::replace(current, indent.to_owned());
    lines.push(line.trim_end_matches(' ').to_owned());
}

/// Returns the length in bytes of the graphemes that fit into some columns.
fn prefix<'a>(graphemes: impl Iterator<Item = &'a str>, columns: usize) -> usize {
    let mut used = 0;
    let mut bytes = 0;
    for grapheme in graphemes {
        used += grapheme_width(grapheme);
        if used > columns {
            break;
        }
        bytes += grapheme.len();
    }
    bytes
}

/// Tells whether a text fits, without measuring all of a long one.
fn is_within(text: &str, columns: usize) -> bool {
    if text.is_ascii() {
        return text.len() <= columns;
    }
    let mut used = 0;
    text.graphemes(true).all(|grapheme| {
        used += grapheme_width(grapheme);
        used <= columns
    })
}

fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width()
}
