//! Where a byte of a text lies for a reader. Owns lines and columns; refuses to know what the text says.

/// How many bytes lie between two counts of characters: a place costs at most so many steps, however long its line.
const STRIDE: usize = 1024;

/// The lines of a text.
#[derive(Debug)]
pub(crate) struct Places<'s> {
    source: &'s str,
    /// The byte at which each line starts.
    starts: Vec<usize>,
    /// The number of characters that start before each multiple of the stride.
    counts: Vec<usize>,
}

impl<'s> Places<'s> {
    /// Indexes a text.
    pub(crate) fn new(source: &'s str) -> Self {
        let bytes = source.as_bytes();
        let after_breaks = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(at, _)| at + 1);
        let running = bytes.chunks(STRIDE).scan(0, |sum, chunk| {
            *sum += starts_in(chunk);
            Some(*sum)
        });
        let starts = std::iter::once(0).chain(after_breaks).collect();
        Self {
            source,
            starts,
            counts: std::iter::once(0).chain(running).collect(),
        }
    }

    /// Returns line and column of a byte, both from 1, the column in characters; a byte past the end counts as the end.
    pub(crate) fn line_column(&self, at: usize) -> (usize, usize) {
        let at = self.source.floor_char_boundary(at);
        let line = self.line_index(at);
        (
            line + 1,
            self.characters_before(at) - self.characters_before(self.starts[line]) + 1,
        )
    }

    /// Returns the line on which a byte stands, with its line break.
    pub(super) fn line_text(&self, at: usize) -> &'s str {
        let line = self.line_index(at);
        let end = self
            .starts
            .get(line + 1)
            .copied()
            .unwrap_or(self.source.len());
        &self.source[self.starts[line]..end]
    }

    fn line_index(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    fn characters_before(&self, at: usize) -> usize {
        let stride = at / STRIDE;
        self.counts[stride] + starts_in(&self.source.as_bytes()[stride * STRIDE..at])
    }
}

/// Counts the bytes that start a character in UTF-8.
fn starts_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_a_place_past_the_end_is_the_end() {
        let places = Places::new("aé\nüb");
        assert_eq!(places.line_column(0), (1, 1));
        assert_eq!(
            places.line_column(3),
            (1, 3),
            "the line break after a two-byte letter"
        );
        assert_eq!(places.line_column(4), (2, 1));
        assert_eq!(
            places.line_column(5),
            (2, 1),
            "inside a letter is the letter"
        );
        assert_eq!(places.line_column(99), (2, 3));
    }

    #[test]
    fn columns_far_into_a_long_line_are_counted_from_its_start() {
        let source = format!("first\n{}x", "äb".repeat(5000));
        let places = Places::new(&source);
        assert_eq!(places.line_column(source.len() - 1), (2, 10_001));
        assert_eq!(places.line_text(3), "first\n");
    }
}
