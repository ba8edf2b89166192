//! Where a byte of a text lies for a reader. Owns lines and columns; refuses to know what the text says.

/// The line starts of a text.
#[derive(Debug)]
pub(super) struct Places<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

impl<'s> Places<'s> {
    /// Indexes a text.
    pub(super) fn new(source: &'s str) -> Self {
        let after_breaks = source
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            source,
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// Returns line and column of a byte, both from 1, the column in characters; a byte past the end counts as the end.
    pub(super) fn line_column(&self, at: usize) -> (usize, usize) {
        let at = self.source.floor_char_boundary(at);
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        (line, self.source[start..at].chars().count() + 1)
    }
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
}
