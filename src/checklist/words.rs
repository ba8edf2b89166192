//! Words of a checklist file: the closest known one, folded blanks, foreign text made visible in messages, characters
//! that deceive the eye. Refuses to know where a word stands.

use crate::support::text::{visible, visible_start};

/// Returns the closest of some words, if one is close.
pub(crate) fn closest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    if word.len() > 80 {
        return None;
    }
    similar::get_close_matches(word, words, 1, 0.6)
        .first()
        .copied()
}

/// Puts foreign text into a message: at most 40 characters, made visible, in backticks.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", visible_start(text, 40))
}

/// Makes foreign text visible.
pub(super) fn shown(text: &str) -> String {
    visible(text).into_owned()
}

/// Returns a text with line breaks and runs of blanks counted as one blank.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Returns how many characters a text has, line breaks and runs of blanks counted as one blank.
pub(super) fn folded_length(text: &str) -> usize {
    let words = text.split_whitespace();
    let characters: usize = words.map(|word| word.chars().count() + 1).sum();
    characters.saturating_sub(1)
}

/// Names a character by its number.
pub(super) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Whether a character is refused in a text: controls other than line breaks and tabs, marks of reading order,
/// characters without width. Joiners stay, since scripts need them.
pub(crate) fn is_hidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let order = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let blank = matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
    );
    let tag = matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    control || order || blank || tag
}

/// Whether a character of the file itself is refused; TOML refuses the ASCII controls on its own, and a byte order mark
/// may open the file.
pub(super) fn hides_in_source(at: usize, c: char) -> bool {
    !c.is_ascii() && is_hidden(c) && !(at == 0 && c == '\u{feff}')
}
