//! What lies over a line of code: colours, changed words, matches. Cuts drawable pieces where any of them begins or ends.

use std::ops::Range;

use ratatui::style::Style;

use crate::support::text::{Piece, PieceKind};
use crate::tui::theme::{Role, Theme};

/// What lies over a line of text, by byte range.
pub struct Layers {
    /// What the code is.
    pub code: Vec<(Range<usize>, crate::syntax::CodeRole)>,
    /// Words that changed.
    pub changed: Vec<Range<usize>>,
    /// Whether they are added or removed.
    pub changed_role: Role,
    /// What the search found.
    pub matches: Vec<Range<usize>>,
}

impl Layers {
    /// Returns the style of a piece: the later a layer, the more it says.
    pub fn style(&self, theme: &Theme, source: &Range<usize>, kind: PieceKind) -> Style {
        let inside = |range: &Range<usize>| range.start <= source.start && source.start < range.end;
        let mut style = Style::new();
        if let Some((_, role)) = self.code.iter().rev().find(|(range, _)| inside(range)) {
            style = style.patch(theme.style(Role::Code(*role)));
        }
        if self.changed.iter().any(inside) {
            style = style.patch(theme.style(self.changed_role));
        }
        if kind == PieceKind::Token {
            style = style.patch(theme.style(Role::Token));
        }
        if self.matches.iter().any(inside) {
            style = style.patch(theme.style(Role::Match));
        }
        style
    }

    /// Returns the bytes inside a range at which any layer begins or ends.
    fn cuts(&self, within: &Range<usize>) -> Vec<usize> {
        let mut cuts: Vec<usize> = self
            .code
            .iter()
            .map(|(range, _)| range)
            .chain(&self.changed)
            .chain(&self.matches)
            .flat_map(|range| [range.start, range.end])
            .filter(|at| within.start < *at && *at < within.end)
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }
}

/// Splits a piece where its style changes. A piece whose text is not its source byte for byte (a token, a tab) stays
/// whole.
pub fn split_piece(piece: &Piece<'_>, layers: &Layers) -> Vec<(String, Range<usize>, usize)> {
    let whole = || vec![(piece.text.to_string(), piece.source.clone(), piece.width)];
    if piece.kind == PieceKind::Token || piece.text.len() != piece.source.len() {
        return whole();
    }
    let mut parts = Vec::new();
    let mut start = piece.source.start;
    for cut in layers
        .cuts(&piece.source)
        .into_iter()
        .chain([piece.source.end])
    {
        let text = &piece.text[..];
        let (from, to) = (start - piece.source.start, cut - piece.source.start);
        // A layer that ends inside a character is drawn to the character's end.
        let Some(part) = text.get(from..to) else {
            continue;
        };
        parts.push((
            part.to_owned(),
            start..cut,
            crate::support::text::width(part),
        ));
        start = cut;
    }
    if start < piece.source.end {
        whole()
    } else {
        parts
    }
}

/// Returns what is left of a text after some columns; a wide character cut in two leaves a blank.
pub fn skip_columns(text: &str, columns: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let mut skipped = 0;
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if skipped >= columns {
            out.push_str(grapheme);
            continue;
        }
        skipped += crate::support::text::width(grapheme);
        if skipped > columns {
            out.push_str(&" ".repeat(skipped - columns));
        }
    }
    out
}
