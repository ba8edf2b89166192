//! Foreign text made visible: what reaches the terminal, a report or a message line goes through here first.

use std::borrow::Cow;
use std::ops::Range;

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
