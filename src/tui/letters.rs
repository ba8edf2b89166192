//! The letters that narrow a list: whether a text holds them in order, and roughly how well. Quick enough for hundreds of
//! thousands of texts between two keys; refuses to say exactly which of two texts fits better.

use memchr::{memchr, memchr2, memrchr};

/// Letters without the blanks between them; without a capital they find any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letters {
    /// The letters.
    pub text: String,
    exact: bool,
}

impl Letters {
    /// How many rough fits there are.
    pub const FITS: usize = 4;

    /// Takes the letters out of what was typed.
    pub fn of(query: &str) -> Self {
        let text: String = query.split_whitespace().collect();
        Self {
            exact: text.chars().any(char::is_uppercase),
            text,
        }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Tells whether they fit no text that some others do not fit.
    pub fn narrows(&self, other: &Self) -> bool {
        self.text.starts_with(&other.text) && (self.exact || !other.exact)
    }

    /// Says roughly how well a text fits, 0 the best: they begin the name after the last slash, stand in it side by side,
    /// stand side by side anywhere, or stand apart, in order. Nothing where the text does not hold them.
    pub fn fit(&self, text: &[u8]) -> Option<usize> {
        if !self.are_in(text) {
            return None;
        }
        let name = memrchr(b'/', text).map_or(0, |slash| slash + 1);
        Some(match self.place(&text[name..]) {
            Some(0) => 0,
            Some(_) => 1,
            None if self.place(text).is_some() => 2,
            None => 3,
        })
    }

    fn are_in(&self, text: &[u8]) -> bool {
        if !self.text.is_ascii() {
            return self.are_in_slowly(&String::from_utf8_lossy(text));
        }
        let mut left = text;
        for &letter in self.text.as_bytes() {
            match self.find(letter, left) {
                Some(at) => left = &left[at + 1..],
                None => return false,
            }
        }
        true
    }

    fn find(&self, letter: u8, among: &[u8]) -> Option<usize> {
        if self.exact {
            memchr(letter, among)
        } else {
            memchr2(letter, letter.to_ascii_uppercase(), among)
        }
    }

    fn are_in_slowly(&self, text: &str) -> bool {
        let same = |one: char, other: char| {
            one == other || (!self.exact && one.to_lowercase().eq(other.to_lowercase()))
        };
        let mut letters = text.chars();
        self.text
            .chars()
            .all(|wanted| letters.any(|letter| same(letter, wanted)))
    }

    /// Returns where they stand side by side.
    fn place(&self, text: &[u8]) -> Option<usize> {
        let wanted = self.text.as_bytes();
        let first = *wanted.first()?;
        let mut from = 0;
        while let Some(found) = self.find(first, &text[from..]) {
            let at = from + found;
            let part = text.get(at..at + wanted.len())?;
            if part == wanted || (!self.exact && part.eq_ignore_ascii_case(wanted)) {
                return Some(at);
            }
            from = at + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_in_order_are_found_in_any_case_unless_one_is_a_capital() {
        let letters = Letters::of("or srv");
        assert!(letters.are_in(b"src/ORders/service.py"));
        assert!(!letters.are_in(b"service/orders"));
        assert!(!Letters::of("Ors").are_in(b"orders"));
        assert!(Letters::of("\u{e9}t\u{e9}").are_in("\u{c9}T\u{c9}".as_bytes()));
        assert!(Letters::of("Or").narrows(&Letters::of("O")));
        assert!(Letters::of("orD").narrows(&Letters::of("or")));
        assert!(!Letters::of("or").narrows(&Letters::of("od")));
    }

    #[test]
    fn what_begins_the_name_fits_best() {
        let fit = |text: &str| Letters::of("mod").fit(text.as_bytes());
        assert_eq!(fit("src/Mod.rs"), Some(0));
        assert_eq!(fit("src/amod.rs"), Some(1));
        assert_eq!(fit("model/a.rs"), Some(2));
        assert_eq!(fit("m/o/d.rs"), Some(3));
        assert_eq!(fit("do/m.rs"), None);
    }

    proptest! {
        #[test]
        fn the_quick_way_and_the_slow_one_agree(query in "[a-cA-C ]{0,4}", text in "[a-cA-C/é]{0,12}") {
            let letters = Letters::of(&query);
            prop_assert_eq!(letters.are_in(text.as_bytes()), letters.are_in_slowly(&text));
        }
    }
}
