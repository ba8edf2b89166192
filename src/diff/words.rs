//! What changed inside a line, by words. Costs are bounded: a line that is too long, or changed nearly everywhere, has no
//! word changes, and the whole line counts as changed.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest line, in bytes, that is compared.
const MAX_BYTES: usize = 4_096;
/// Most words of a line that are compared.
const MAX_WORDS: usize = 800;
/// Smallest share of unchanged text, in percent of the longer line, that is worth showing.
const MIN_UNCHANGED: usize = 25;

/// The parts of two lines that differ, as sorted, disjoint byte ranges on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordChanges {
    /// Parts of the old line that are gone.
    pub old: Vec<Range<usize>>,
    /// Parts of the new line that are new.
    pub new: Vec<Range<usize>>,
}

/// Compares two lines word by word. What lies outside the ranges is the same text on both sides. `None` where a line is
/// too long to compare at once, or where so little is the same that marking words would not help.
pub fn word_changes(old: &str, new: &str) -> Option<WordChanges> {
    if old.len() > MAX_BYTES || new.len() > MAX_BYTES {
        return None;
    }
    let old_words = words(old);
    let new_words = words(new);
    if old_words.len() > MAX_WORDS || new_words.len() > MAX_WORDS {
        return None;
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let mut changes = WordChanges {
        old: Vec::new(),
        new: Vec::new(),
    };
    let mut unchanged = 0;
    let (mut old_at, mut new_at) = (0, 0);
    for (index, op) in ops.iter().enumerate() {
        let old_part = part(&old_words, op.old_range(), &mut old_at);
        let new_part = part(&new_words, op.new_range(), &mut new_at);
        let same = &old[old_part.clone()];
        if matches!(op, DiffOp::Equal { .. }) && !is_gap(index, ops.len(), same) {
            unchanged += same.trim().len();
            continue;
        }
        push(&mut changes.old, old_part);
        push(&mut changes.new, new_part);
    }
    let longer = old.trim().len().max(new.trim().len());
    (unchanged * 100 >= longer * MIN_UNCHANGED).then_some(changes)
}

/// Returns the words of a line and what is between them, one more than are compared at most. Where a letter as it is seen
/// reaches over the edge of a word (some scripts have marks that go before), the two are one.
fn words(text: &str) -> Vec<&str> {
    let mut letters = text.grapheme_indices(true).map(|(at, _)| at).peekable();
    let mut starts: Vec<usize> = Vec::new();
    for (at, _) in text.split_word_bound_indices() {
        while letters.next_if(|&letter| letter < at).is_some() {}
        if letters.peek() == Some(&at) {
            starts.push(at);
        }
        if starts.len() > MAX_WORDS + 1 {
            break;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| &text[start..end])
        .collect()
}

/// Returns the bytes that some words cover, and moves on.
fn part(words: &[&str], range: Range<usize>, at: &mut usize) -> Range<usize> {
    let start = *at;
    *at += words[range].iter().map(|word| word.len()).sum::<usize>();
    start..*at
}

/// Tells whether equal text is nothing but blanks between two changes, which read better as one.
fn is_gap(index: usize, count: usize, same: &str) -> bool {
    index > 0 && index + 1 < count && same.trim().is_empty()
}

fn push(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        _ if range.is_empty() => {}
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn changed<'a>(text: &'a str, ranges: &[Range<usize>]) -> Vec<&'a str> {
        ranges.iter().map(|range| &text[range.clone()]).collect()
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        let (old, new) = ("let total = price * 2;", "let total = amount * 3;");
        let changes = word_changes(old, new).expect("similar enough");
        assert_eq!(changed(old, &changes.old), ["price", "2"]);
        assert_eq!(changed(new, &changes.new), ["amount", "3"]);
    }

    #[test]
    fn a_family_emoji_is_never_cut() {
        let (old, new) = ("name = '👨‍👩‍👧' + x", "name = '👨‍👩‍👦' + x");
        let changes = word_changes(old, new).expect("similar enough");
        assert_eq!(changed(old, &changes.old), ["👨‍👩‍👧"]);
        assert_eq!(changed(new, &changes.new), ["👨‍👩‍👦"]);
    }

    #[test]
    fn a_mark_that_goes_before_its_letter_is_not_cut_off_it() {
        let (old, new) = ("x = 1 ¥", "x = 1 \u{11941}¥");
        let changes = word_changes(old, new).expect("similar enough");
        assert_eq!(changed(old, &changes.old), ["¥"]);
        assert_eq!(changed(new, &changes.new), ["\u{11941}¥"]);
    }

    #[test]
    fn lines_with_little_in_common_and_long_lines_have_none() {
        assert_eq!(word_changes("return cache.get(key)", "x = 1"), None);
        let long = "a ".repeat(MAX_BYTES);
        assert_eq!(word_changes(&long, &long), None);
        assert_eq!(word_changes(&"+".repeat(MAX_WORDS + 1), "+"), None);
    }

    fn unchanged(text: &str, ranges: &[Range<usize>]) -> String {
        let mut out = String::new();
        let mut at = 0;
        for range in ranges {
            out.push_str(&text[at..range.start]);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    proptest! {
        #[test]
        fn what_is_not_marked_is_the_same_on_both_sides(old in "[ab é+.]{0,30}", new in "[ab é+.]{0,30}") {
            if let Some(changes) = word_changes(&old, &new) {
                prop_assert_eq!(unchanged(&old, &changes.old), unchanged(&new, &changes.new));
            }
        }
    }
}
