//! Languages: detection, parsing, colours of visible lines, the enclosing function.
//!
//! Owns what a piece of code *is* ([`CodeRole`]); how it looks belongs to the theme. Refuses to colour without bounds:
//! a text too large or too slow to parse is plain, with the reason ([`Plain`]), and nothing here fails otherwise.
//!
//! ```text
//! detect(path, first line) → Language ─┐
//! FileText ───────────────────── parse ┴▶ Parsed ──▶ spans(visible lines), enclosing(line)
//! ```
//!
//! [`parse()`] reads the whole text and belongs on a worker; [`spans()`] runs a query over the lines asked for only. The
//! first [`spans()`] of a language compiles its query (up to half a second for Swift without optimisation), so the worker
//! calls [`prepare`] before it hands out a [`Parsed`].
//!
//! A text of which only some lines are known (a patch without its repository) is parsed stretch by stretch, each as if
//! it were a file: colours are right for most lines, and wrong where a stretch begins inside a string or a comment.
//! Languages inside others (scripts in HTML, SQL in strings) are not parsed.

mod brackets;
mod detect;
mod enclosing;
mod grammar;
mod language;
mod outline;
mod parse;
mod spans;

pub use brackets::matching_line;
pub use detect::detect;
pub use enclosing::{Enclosing, enclosing};
pub(crate) use grammar::grammar;
pub use grammar::prepare;
pub use language::Language;
pub use outline::{Outline, Symbol, outline};
pub use parse::{Limits, Parsed, Plain, parse};
pub use spans::{LINE_LIMIT, Span, spans};

#[cfg(test)]
mod tests;

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeRole {
    /// `if`, `return`.
    Keyword,
    /// A function's name.
    Function,
    /// A type's name.
    Type,
    /// A string.
    String,
    /// A number, boolean or other constant.
    Constant,
    /// A comment.
    Comment,
    /// A field, attribute or key.
    Property,
    /// A variable or parameter with a special meaning.
    Variable,
    /// An operator.
    Operator,
    /// Brackets and separators.
    Punctuation,
    /// A tag, decorator or macro.
    Tag,
}

impl CodeRole {
    /// Every role.
    pub const ALL: [Self; 11] = [
        Self::Keyword,
        Self::Function,
        Self::Type,
        Self::String,
        Self::Constant,
        Self::Comment,
        Self::Property,
        Self::Variable,
        Self::Operator,
        Self::Punctuation,
        Self::Tag,
    ];

    /// Returns the name used in themes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Function => "function",
            Self::Type => "type",
            Self::String => "string",
            Self::Constant => "constant",
            Self::Comment => "comment",
            Self::Property => "property",
            Self::Variable => "variable",
            Self::Operator => "operator",
            Self::Punctuation => "punctuation",
            Self::Tag => "tag",
        }
    }
}
