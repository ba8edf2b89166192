//! Text → trees, within bounds of size and time.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tree_sitter::{ParseOptions, Parser, Tree};

use super::{Language, grammar};
use crate::model::{FileText, LineNo};

/// How much work a parse may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest text, in bytes.
    pub bytes: usize,
    /// The longest time for all of a text.
    pub time: Duration,
}

impl Default for Limits {
    /// Returns 2 MiB and half a second.
    fn default() -> Self {
        Self {
            bytes: 2 << 20,
            time: Duration::from_millis(500),
        }
    }
}

/// Why a text has no colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Plain {
    /// It is larger than the limit.
    #[error("no colours: {bytes} bytes are more than the {limit} that are parsed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// It took longer than the limit.
    #[error("no colours: parsing took longer than {} ms", limit.as_millis())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
    /// The parser refuses the grammar, which a build of this program never ships.
    #[error("no colours: the grammar does not load")]
    Grammar,
}

/// A parsed text. Cheap to share between threads behind an [`Arc`].
#[derive(Debug)]
pub struct Parsed {
    pub(super) language: Language,
    pub(super) bytes: Arc<[u8]>,
    pub(super) stretches: Vec<Stretch>,
}

/// A parsed run of lines.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) first: LineNo,
    /// Its bytes in the text; the tree counts from its start.
    pub(super) range: Range<usize>,
    pub(super) tree: Tree,
}

impl Parsed {
    /// Returns the language it was parsed as.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Tells whether a text is the one that was parsed.
    pub(super) fn is_of(&self, text: &FileText) -> bool {
        Arc::ptr_eq(&self.bytes, text.bytes()) || self.bytes == *text.bytes()
    }
}

/// Parses a text: a whole one at once, otherwise each known stretch on its own. Errors in the code never fail it.
pub fn parse(language: Language, text: &FileText, limits: Limits) -> Result<Parsed, Plain> {
    let bytes = text.bytes();
    if bytes.len() > limits.bytes {
        return Err(Plain::TooLarge {
            bytes: bytes.len(),
            limit: limits.bytes,
        });
    }
    let started = Instant::now();
    let mut parser = Parser::new();
    parser
        .set_language(&grammar::grammar(language))
        .map_err(|_| Plain::Grammar)?;
    let mut stretches = Vec::new();
    for (first, range) in runs_of_lines(text) {
        let tree = parse_within(&mut parser, &bytes[range.clone()], started, limits.time)
            .ok_or(Plain::TooSlow { limit: limits.time })?;
        stretches.push(Stretch { first, range, tree });
    }
    Ok(Parsed {
        language,
        bytes: Arc::clone(bytes),
        stretches,
    })
}

/// Returns the runs of lines without a gap: the first line of each and its bytes.
fn runs_of_lines(text: &FileText) -> Vec<(LineNo, Range<usize>)> {
    if text.is_whole() {
        let all = (LineNo(1), 0..text.bytes().len());
        return if all.1.is_empty() {
            Vec::new()
        } else {
            vec![all]
        };
    }
    let mut stretches: Vec<(LineNo, Range<usize>)> = Vec::new();
    let mut next = None;
    for line in text.line_numbers() {
        let Some(range) = text.range(line) else {
            continue;
        };
        match stretches.last_mut() {
            Some(last) if next == Some(line.0) => last.1.end = range.end,
            Some(_) | None => stretches.push((line, range)),
        }
        next = Some(line.0 + 1);
    }
    stretches
}

/// Parses some bytes, or gives up when `limit` has passed since `started`.
fn parse_within(
    parser: &mut Parser,
    bytes: &[u8],
    started: Instant,
    limit: Duration,
) -> Option<Tree> {
    let mut give_up = |_: &tree_sitter::ParseState| {
        if started.elapsed() > limit {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let options = ParseOptions::new().progress_callback(&mut give_up);
    parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(options),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_large_or_too_slow_is_plain_and_says_why() {
        let text = FileText::whole(Arc::from("let x = (1 + 2);\n".repeat(20_000).into_bytes()));
        let small = Limits {
            bytes: 1000,
            ..Limits::default()
        };
        let error = parse(Language::Rust, &text, small).unwrap_err();
        assert_eq!(
            error,
            Plain::TooLarge {
                bytes: 340_000,
                limit: 1000
            }
        );
        let hasty = Limits {
            time: Duration::ZERO,
            ..Limits::default()
        };
        let error = parse(Language::Rust, &text, hasty).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no colours: parsing took longer than 0 ms"
        );
    }

    #[test]
    fn an_empty_text_parses() {
        let parsed = parse(Language::Go, &FileText::default(), Limits::default()).unwrap();
        assert!(parsed.stretches.is_empty());
    }
}
