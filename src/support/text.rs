//! Foreign text made visible: what reaches the terminal, a report or a message line goes through here first.
//!
//! Owns which characters may pass, what stands in for the others, and the width of what passes. Knows nothing of
//! colours: a [`Piece`] says that it is a token, the screen gives it a style.
//!
//! What passes: text as written, with combining marks on their base, emoji sequences whole, and the joiners of scripts
//! that are misspelled without them. What becomes a token: controls and escapes, bidirectional marks, zero-width and
//! other invisible characters, tag characters, variation selectors that select nothing, line separators, bytes that are
//! no UTF-8, marks without a base. Text that spells a token (`⟦RLO⟧`) passes as it is: only the kind of its piece tells
//! it from a real one. Right-to-left letters pass in logical order.

mod hidden;
mod layout;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

pub use hidden::{is_invisible, token};
pub use layout::{fit, fit_start, width, wrap};

/// The tab stop of text outside code, in columns.
const TAB: usize = 4;

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// Text as it stands (tabs expanded to blanks).
    Plain,
    /// A visible token in place of something that must not reach the terminal (`␛`, `⟦RLO⟧`, `⟦9F⟧`).
    Token,
}

/// A part of a line that can be drawn as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What to draw.
    pub text: Cow<'a, str>,
    /// What it is.
    pub kind: PieceKind,
    /// The bytes of the line it stands for.
    pub source: Range<usize>,
    /// Its width in terminal columns.
    pub width: usize,
}

/// Returns a line as pieces that can be drawn, in order; their sources tile the line. Tabs reach to the next multiple
/// of `tab` columns (at least one blank) and stand in a piece of their own. A line ending in `line` becomes a token.
pub fn pieces(line: &[u8], tab: usize) -> Vec<Piece<'_>> {
    if let Some(text) = printable_ascii(line) {
        return plain_line(text);
    }
    let mut pieces = Pieces {
        chunk: "",
        chunk_at: 0,
        tab: tab.max(1),
        column: 0,
        done: Vec::new(),
    };
    let mut at = 0;
    for chunk in line.utf8_chunks() {
        let valid = chunk.valid();
        (pieces.chunk, pieces.chunk_at) = (valid, at);
        for (offset, grapheme) in valid.grapheme_indices(true) {
            let after = valid[offset + grapheme.len()..].chars().next();
            pieces.push_grapheme(at + offset, grapheme, after);
        }
        at += valid.len();
        for &byte in chunk.invalid() {
            pieces.push_token(at..at + 1, format!("⟦{byte:02X}⟧"));
            at += 1;
        }
    }
    pieces.done
}

/// Returns foreign text as one line that is safe to show: line breaks become `⏎`, everything hidden a token.
pub fn visible(text: &str) -> Cow<'_, str> {
    let pieces = pieces(text.as_bytes(), TAB);
    match pieces.as_slice() {
        [] => Cow::Borrowed(""),
        [only] if only.kind == PieceKind::Plain && only.text == text => Cow::Borrowed(text),
        parts => Cow::Owned(parts.iter().map(|piece| piece.text.as_ref()).collect()),
    }
}

/// Returns the beginning of foreign text, at most `limit` of its characters, as [`visible`] does; `…` stands for the rest.
pub fn visible_start(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => visible(text),
        Some((end, _)) => Cow::Owned(format!("{}…", visible(&text[..end]))),
    }
}

/// Returns foreign text that is safe to show on several lines: `\n` and `\r\n` end a line (as `\n`), everything else is
/// as in [`visible`].
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let mut lines = text.split('\n').peekable();
    let mut shown = Vec::new();
    while let Some(line) = lines.next() {
        let line = match lines.peek() {
            Some(_) => line.strip_suffix('\r').unwrap_or(line),
            None => line,
        };
        shown.push(visible(line));
    }
    let unchanged = shown.iter().map(|line| line.len() + 1).sum::<usize>() == text.len() + 1
        && shown.iter().all(|line| matches!(line, Cow::Borrowed(_)));
    if unchanged {
        return Cow::Borrowed(text);
    }
    Cow::Owned(shown.join("\n"))
}

/// Returns foreign bytes as one line that is safe to show; see [`visible`].
pub fn visible_bytes(bytes: &[u8]) -> String {
    pieces(bytes, TAB)
        .iter()
        .map(|piece| piece.text.as_ref())
        .collect()
}

/// Tells whether a text holds characters that a reader would not see or that change how the rest is shown. Line
/// breaks, tabs and bytes that are no UTF-8 do not count: the last are a matter of encoding, shown where they stand.
pub fn has_hidden(text: &[u8]) -> bool {
    if text.iter().all(|&byte| is_ordinary_ascii(byte)) {
        return false;
    }
    text.split(|&byte| byte == b'\n').any(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        pieces(line, TAB).iter().any(|piece| {
            piece.kind == PieceKind::Token
                && std::str::from_utf8(&line[piece.source.clone()]).is_ok()
        })
    })
}

fn is_ordinary_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n')
}

/// Returns a line of nothing but printable ASCII, which most lines of code are.
fn printable_ascii(line: &[u8]) -> Option<&str> {
    let printable = line.iter().all(|byte| matches!(byte, b' '..=b'~'));
    std::str::from_utf8(line).ok().filter(|_| printable)
}

fn plain_line(text: &str) -> Vec<Piece<'_>> {
    let piece = Piece {
        text: Cow::Borrowed(text),
        kind: PieceKind::Plain,
        source: 0..text.len(),
        width: text.len(),
    };
    if text.is_empty() {
        Vec::new()
    } else {
        vec![piece]
    }
}

/// The pieces of a line so far.
struct Pieces<'a> {
    /// The stretch of valid text at hand, and the byte of the line it starts at.
    chunk: &'a str,
    chunk_at: usize,
    tab: usize,
    /// The column after the last piece.
    column: usize,
    done: Vec<Piece<'a>>,
}

impl<'a> Pieces<'a> {
    /// Adds the grapheme at byte `at`; `after` is the character behind it.
    fn push_grapheme(&mut self, at: usize, grapheme: &'a str, after: Option<char>) {
        if grapheme == "\t" {
            return self.push_tab(at);
        }
        let mut start = 0;
        let mut marks = 0;
        let mut before = None;
        let mut rest = grapheme.char_indices().peekable();
        while let Some((offset, character)) = rest.next() {
            let inside = rest.peek().map(|&(_, next)| next);
            marks = if hidden::is_mark(character) {
                marks + 1
            } else {
                0
            };
            let passes = marks <= hidden::MOST_MARKS
                && hidden::passes(before, character, inside, inside.or(after));
            before = passes.then_some(character);
            if !passes {
                self.push_shown(at + start, &grapheme[start..offset]);
                start = offset + character.len_utf8();
                self.push_token(at + offset..at + start, hidden::token(character));
            }
        }
        self.push_shown(at + start, &grapheme[start..]);
    }

    /// Adds text of which every character may pass; marks without a base get a dotted circle to stand on.
    fn push_shown(&mut self, at: usize, text: &'a str) {
        let Some(first) = text.chars().next() else {
            return;
        };
        let width = text.width();
        if width > 0 && !(hidden::is_mark(first) && width == 0) {
            return self.push_plain(at, text, width);
        }
        let on_circle = format!("◌{text}");
        if hidden::is_mark(first)
            && on_circle.graphemes(true).count() == 1
            && on_circle.width() == 1
        {
            return self.push_token(at..at + text.len(), on_circle);
        }
        let mut start = at;
        for character in text.chars() {
            let end = start + character.len_utf8();
            self.push_token(start..end, hidden::token(character));
            start = end;
        }
    }

    fn push_plain(&mut self, at: usize, text: &'a str, width: usize) {
        self.column += width;
        if let Some(last) = self.done.last_mut()
            && last.kind == PieceKind::Plain
            && matches!(last.text, Cow::Borrowed(_))
        {
            last.source.end = at + text.len();
            last.width += width;
            let joined = last.source.start - self.chunk_at..last.source.end - self.chunk_at;
            last.text = Cow::Borrowed(&self.chunk[joined]);
            return;
        }
        self.done.push(Piece {
            text: Cow::Borrowed(text),
            kind: PieceKind::Plain,
            source: at..at + text.len(),
            width,
        });
    }

    fn push_tab(&mut self, at: usize) {
        let width = self.tab - self.column % self.tab;
        self.column += width;
        self.done.push(Piece {
            text: Cow::Owned(" ".repeat(width)),
            kind: PieceKind::Plain,
            source: at..at + 1,
            width,
        });
    }

    fn push_token(&mut self, source: Range<usize>, text: String) {
        let width = text.width();
        self.column += width;
        self.done.push(Piece {
            text: Cow::Owned(text),
            kind: PieceKind::Token,
            source,
            width,
        });
    }
}
