//! Stand-in for the text functions of `support::text` with the same signatures.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Replaces what must not reach the terminal by visible tokens.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\t' => out.push_str("    "),
            '\0'..='\u{1f}' => out.push(picture(0x2400 + u32::from(char))),
            '\u{7f}' => out.push('\u{2421}'),
            _ if is_hostile(char) => {
                out.push('\u{27e6}');
                let _ = write!(out, "{:X}", u32::from(char));
                out.push('\u{27e7}');
            }
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

fn picture(code: u32) -> char {
    char::from_u32(code).unwrap_or('\u{fffd}')
}

fn is_hostile(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// Returns the width in terminal columns.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts text to a width, with `…` where something is cut.
pub fn fit(text: &str, cols: usize) -> String {
    if width(text) <= cols {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide + 1 > cols {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if cols > 0 {
        out.push('\u{2026}');
    }
    out
}

/// Breaks text into lines of at most `cols` columns, between words where it can.
pub fn wrap(text: &str, cols: usize) -> Vec<String> {
    let cols = cols.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= cols {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for grapheme in word.graphemes(true) {
            if width(&line) + width(grapheme) > cols {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
    }
    lines.push(line);
    lines
}
