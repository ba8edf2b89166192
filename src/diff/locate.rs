//! Finding an anchor again in another version of its file, by content, with the surroundings as tie-breaker.

use super::anchor::{after_digest, before_digest, lines_digest};
use crate::model::{Anchor, FileText, LineNo};

/// Where an anchor's lines are in another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Located {
    /// At the same lines.
    Exact,
    /// At other lines, and only there.
    Shifted {
        /// First line.
        start: LineNo,
        /// Last line, inclusive.
        end: LineNo,
    },
    /// At several places that nothing tells apart; how many.
    Ambiguous(usize),
    /// Nowhere.
    Gone,
}

/// Looks for an anchor's lines in a text. Several places with the same lines are told apart by the lines around them;
/// among equals the old place wins.
pub fn locate(anchor: &Anchor, text: &FileText) -> Located {
    let (start, end) = (anchor.start.0, anchor.end.0);
    let Some(span) = end.checked_sub(start).filter(|_| start > 0) else {
        return Located::Gone;
    };
    let mut best = 0;
    let mut places = Vec::new();
    for first in text.line_numbers().map(|line| line.0) {
        let Some(last) = first.checked_add(span) else {
            break;
        };
        if !matches_at(anchor, text, first, last) {
            continue;
        }
        let score = u8::from(before_digest(text, first) == anchor.before)
            + u8::from(after_digest(text, last) == anchor.after);
        if score > best {
            best = score;
            places.clear();
        }
        if score == best {
            places.push(first);
        }
    }
    match places[..] {
        [] => Located::Gone,
        _ if places.contains(&start) => Located::Exact,
        [first] => Located::Shifted {
            start: LineNo(first),
            end: LineNo(first + span),
        },
        _ => Located::Ambiguous(places.len()),
    }
}

/// Compares with the excerpt first, which is cheap, then with the digest, which is certain.
fn matches_at(anchor: &Anchor, text: &FileText, first: u32, last: u32) -> bool {
    if text.range(LineNo(last)).is_none() {
        return false;
    }
    let alike = anchor
        .excerpt
        .iter()
        .zip(first..=last)
        .all(|(expected, line)| {
            text.line(LineNo(line))
                .is_some_and(|bytes| String::from_utf8_lossy(bytes) == expected.as_str())
        });
    alike && lines_digest(text, first, last) == anchor.content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlobId, Digest, RepoPath, Side};
    use std::sync::Arc;

    fn whole(text: &str) -> FileText {
        FileText::whole(Arc::from(text.as_bytes()))
    }

    fn at(text: &FileText, start: u32, end: u32) -> Anchor {
        let excerpt = (start..=end)
            .map(|line| {
                String::from_utf8_lossy(text.line(LineNo(line)).expect("a line")).into_owned()
            })
            .collect();
        Anchor {
            side: Side::New,
            path: RepoPath::from("f"),
            blob: BlobId::Sha256(Digest([0; 32])),
            start: LineNo(start),
            end: LineNo(end),
            content: lines_digest(text, start, end),
            before: before_digest(text, start),
            after: after_digest(text, end),
            excerpt,
        }
    }

    #[test]
    fn lines_that_moved_are_found_and_lines_that_are_gone_are_not() {
        let old = whole("a\nb\nc\nd\ne\n");
        let anchor = at(&old, 2, 3);
        assert_eq!(locate(&anchor, &old), Located::Exact);
        let shifted = Located::Shifted {
            start: LineNo(4),
            end: LineNo(5),
        };
        assert_eq!(locate(&anchor, &whole("x\ny\na\nb\nc\nd\ne\n")), shifted);
        assert_eq!(locate(&anchor, &whole("a\nb\nC\nd\ne\n")), Located::Gone);
        assert_eq!(locate(&anchor, &whole("a\nb\r\nc\nd\ne\n")), Located::Gone);
        assert_eq!(locate(&anchor, &whole("")), Located::Gone);
    }

    #[test]
    fn equal_places_are_told_apart_by_their_surroundings() {
        let old = whole("one\n}\ntwo\n");
        let anchor = at(&old, 2, 2);
        // The same line stands at its old place, but what surrounded it has moved down.
        let new = whole("zero\n}\nnull\none\n}\ntwo\n");
        let moved = Located::Shifted {
            start: LineNo(5),
            end: LineNo(5),
        };
        assert_eq!(locate(&anchor, &new), moved);
        assert_eq!(
            locate(&anchor, &whole("p\nq\n}\nr\ns\nt\nu\n}\nv\nw\n")),
            Located::Ambiguous(2)
        );
    }

    #[test]
    fn known_lines_with_gaps_are_searched_too() {
        let anchor = at(&whole("a\nb\n"), 2, 2);
        let known = FileText::known([(LineNo(7), &b"a\n"[..]), (LineNo(8), b"b\n")]);
        let found = Located::Shifted {
            start: LineNo(8),
            end: LineNo(8),
        };
        assert_eq!(locate(&anchor, &known), found);
    }
}
