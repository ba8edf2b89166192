//! Foreign text on its way into a report. Owns the one door: a [`Shown`] holds no control, bidi or invisible character,
//! so a renderer that only prints `Shown` cannot print a trick. Refuses to know any format's markup.

use std::fmt;

use crate::support::text::visible;

/// One line of text, made visible.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown(String);

impl Shown {
    /// Makes a text visible as one line: line breaks become tokens, tabs become blanks.
    pub fn line(text: &str) -> Self {
        Self(visible(text).into_owned())
    }

    /// Makes a line visible and keeps at most `limit` characters of it; returns how many were cut.
    pub fn cut(text: &str, limit: usize) -> (Self, usize) {
        let Some((end, _)) = text.char_indices().nth(limit) else {
            return (Self::line(text), 0);
        };
        (Self::line(&text[..end]), text[end..].chars().count())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parts a line at code between single backticks; a backtick without a partner, and runs of them, are text.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut rest = self.as_str();
        let mut from = 0;
        while let Some(open) = single_backtick(rest, from) {
            let Some(close) = single_backtick(rest, open + 1) else {
                break;
            };
            let code = &rest[open + 1..close];
            if code.trim().is_empty() || code.contains('`') {
                from = close;
                continue;
            }
            if open > 0 {
                pieces.push(Piece::Text(&rest[..open]));
            }
            pieces.push(Piece::Code(code));
            rest = &rest[close + 1..];
            from = 0;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// Tells whether there is nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of a line in a [`Prose`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// What a person put between two backticks.
    Code(&'a str),
}

/// Several lines written by a person: paragraphs and simple lists, nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose(Vec<Block>);

/// A part of a [`Prose`]; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Lines whose breaks are kept.
    Paragraph(Vec<Shown>),
    /// Points written with `- ` or `* `, each with its lines.
    List(Vec<Vec<Shown>>),
}

impl Prose {
    /// Reads a person's text. Blank lines part paragraphs; an indented line after a point belongs to the point.
    pub fn new(text: &str) -> Self {
        let mut blocks: Vec<Block> = Vec::new();
        let mut open = false;
        for raw in text.lines() {
            let raw = raw.trim_end();
            if raw.is_empty() {
                open = false;
                continue;
            }
            add_line(&mut blocks, raw, open);
            open = true;
        }
        Self(blocks)
    }

    /// Returns the parts.
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// Tells whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text with line breaks, a blank line between parts, and `- ` before points.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(block_text).collect();
        parts.join("\n\n")
    }
}

/// Finds the next backtick, from a byte on, that stands alone.
fn single_backtick(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_tick = |at: usize| bytes.get(at) == Some(&b'`');
    (from..bytes.len())
        .find(|&at| is_tick(at) && !is_tick(at + 1) && !at.checked_sub(1).is_some_and(is_tick))
}

/// Adds a line to the last block where one is open, or starts a block.
fn add_line(blocks: &mut Vec<Block>, raw: &str, open: bool) {
    let trimmed = raw.trim_start();
    let point = trimmed
        .strip_prefix("- ")
        .or_else(|| trimmed.strip_prefix("* "));
    let last = blocks.last_mut();
    match (point, last) {
        // A list goes on over blank lines between its points.
        (Some(point), Some(Block::List(points))) => points.push(vec![Shown::line(point.trim())]),
        (Some(point), _) => blocks.push(Block::List(vec![vec![Shown::line(point.trim())]])),
        (None, Some(Block::List(points))) if open && raw.starts_with([' ', '\t']) => points
            .last_mut()
            .expect("a list has a point")
            .push(Shown::line(trimmed)),
        (None, Some(Block::Paragraph(lines))) if open => lines.push(Shown::line(trimmed)),
        (None, _) => blocks.push(Block::Paragraph(vec![Shown::line(trimmed)])),
    }
}

fn block_text(block: &Block) -> String {
    let join = |lines: &[Shown], by: &str| -> String {
        let lines: Vec<&str> = lines.iter().map(Shown::as_str).collect();
        lines.join(by)
    };
    match block {
        Block::Paragraph(lines) => join(lines, "\n"),
        Block::List(points) => {
            let points: Vec<String> = points
                .iter()
                .map(|lines| format!("- {}", join(lines, "\n  ")))
                .collect();
            points.join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::text::has_hidden;
    use proptest::prelude::*;

    #[test]
    fn what_would_act_or_hide_becomes_a_token() {
        let shown = Shown::line("a\u{1b}[31m\u{202e}b\u{200b}\u{9b}\u{2028}\u{e0041}\r\n");
        assert_eq!(shown.as_str(), "a␛[31m⟦RLO⟧b⟦ZWSP⟧⟦CSI⟧⟦LSEP⟧⟦U+E0041⟧␍⏎");
    }

    #[test]
    fn tabs_keep_their_columns() {
        assert_eq!(Shown::line("a\tb\t\tc").as_str(), "a   b       c");
    }

    #[test]
    fn a_long_line_says_how_much_of_it_is_missing() {
        assert_eq!(Shown::cut("éééé", 3), (Shown("ééé".to_owned()), 1));
        assert_eq!(Shown::cut("ééé", 3).1, 0);
    }

    #[test]
    fn paragraphs_line_breaks_and_points_are_kept() {
        let prose = Prose::new("One\r\ntwo\n\nThree\n- a\n  more\n* b\n\nEnd\n\n");
        let line = Shown::line;
        assert_eq!(
            prose.blocks(),
            [
                Block::Paragraph(vec![line("One"), line("two")]),
                Block::Paragraph(vec![line("Three")]),
                Block::List(vec![vec![line("a"), line("more")], vec![line("b")]]),
                Block::Paragraph(vec![line("End")]),
            ]
        );
        assert_eq!(prose.text(), "One\ntwo\n\nThree\n\n- a\n  more\n- b\n\nEnd");
    }

    #[test]
    fn code_between_single_backticks_is_told_from_text() {
        use Piece::{Code, Text};
        let pieces = |text: &str| format!("{:?}", Shown::line(text).pieces());
        let expect = |pieces: &[Piece<'_>]| format!("{pieces:?}");
        assert_eq!(
            pieces("use `a(b)` or `c`."),
            expect(&[
                Text("use "),
                Code("a(b)"),
                Text(" or "),
                Code("c"),
                Text(".")
            ])
        );
        assert_eq!(pieces("one ` alone"), expect(&[Text("one ` alone")]));
        assert_eq!(pieces("``` x ```"), expect(&[Text("``` x ```")]));
        assert_eq!(pieces("` `"), expect(&[Text("` `")]));
    }

    proptest! {
        #[test]
        fn the_pieces_of_a_line_lose_nothing(text in "[a`é ]{0,24}") {
            let line = Shown::line(&text);
            let joined: String = line
                .pieces()
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Code(code) => format!("`{code}`"),
                })
                .collect();
            prop_assert_eq!(joined.as_str(), line.as_str());
        }

        #[test]
        fn no_text_survives_with_a_character_that_needs_a_token(text in any::<String>()) {
            prop_assert!(!has_hidden(Shown::line(&text).as_str().as_bytes()));
            prop_assert!(!has_hidden(Prose::new(&text).text().as_bytes()));
        }
    }
}
