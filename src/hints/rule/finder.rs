//! Finds many words in a text at once. What rules need are parts of names; code says the same names again and again, so
//! what stands in a name is looked up once and remembered for all files.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ahash::RandomState;
use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// The longest name that is remembered, in bytes.
const LONGEST: usize = 16;
/// The most names that are remembered; then all are forgotten.
const MOST: usize = 1 << 16;

/// A text that is looked for, in letters of any case, by the part of a name in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part<'t> {
    /// What stands before the part.
    before: &'t str,
    /// Its bytes, all of which may stand in a name.
    word: &'t str,
    /// What stands after the part.
    after: &'t str,
}

impl<'t> Part<'t> {
    /// Takes a text apart at the longest part of a name in it; `None` for a text without any.
    pub fn of(text: &'t str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut best: Option<(usize, usize)> = None;
        let mut at = 0;
        while at < bytes.len() {
            let end = end_of_name(bytes, at);
            if end == at {
                at += 1;
                continue;
            }
            if best.is_none_or(|(start, stop)| end - at > stop - start) {
                best = Some((at, end));
            }
            at = end;
        }
        let (start, end) = best?;
        // What is no ASCII counts as a part of a name, so no character is cut.
        Some(Self {
            before: text.get(..start)?,
            word: text.get(start..end)?,
            after: text.get(end..)?,
        })
    }
}

/// What stands before a part and after it.
type Edges = (Box<[u8]>, Box<[u8]>);

/// Finds texts, by the numbers of their parts.
#[derive(Debug)]
pub struct Finder {
    words: AhoCorasick,
    /// Number → what must stand before and after the part.
    edges: Vec<Edges>,
    /// The bytes of the shortest part.
    shortest: usize,
    /// What is known of names: one for each that searches at a time.
    memories: Mutex<Vec<Memory>>,
}

/// Which parts stand in names.
#[derive(Debug, Default)]
struct Memory {
    /// A name in small letters → where its parts are in the list.
    names: HashMap<u128, (u32, u32), RandomState>,
    /// Numbers of parts, and where in the name each stands.
    parts: Vec<(u32, u8, u8)>,
}

impl Finder {
    /// Makes one that finds all parts; `None` where they are too many.
    pub fn new(parts: &[Part<'_>]) -> Option<Self> {
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(parts.iter().map(|part| part.word))
            .ok()?;
        Some(Self {
            words,
            edges: parts
                .iter()
                .map(|part| (part.before.as_bytes().into(), part.after.as_bytes().into()))
                .collect(),
            shortest: parts.iter().map(|part| part.word.len()).min()?,
            memories: Mutex::default(),
        })
    }

    /// Tells of each text where it stands: its number and the first byte of its part, in the order in which they stand for
    /// each text.
    pub fn find(&self, text: &str, mut on_hit: impl FnMut(u32, u32)) {
        let mut memory = self.take();
        let bytes = text.as_bytes();
        let mut on_part = |number: u32, start: usize, end: usize| {
            let (before, after) = &self.edges[number as usize];
            if before.is_empty() && after.is_empty()
                || ends_with(&bytes[..start], before) && begins_with(&bytes[end..], after)
            {
                on_hit(number, start as u32);
            }
        };
        let mut at = 0;
        while at < bytes.len() {
            let end = end_of_name(bytes, at);
            if end - at < self.shortest {
                at = end.max(at + 1);
                continue;
            }
            match number_of(bytes, at, end) {
                Some(key) => {
                    let (first, last) = match memory.names.get(&key) {
                        Some(&known) => known,
                        None => self.learn(&mut memory, key, &text[at..end]),
                    };
                    for &(number, from, to) in &memory.parts[first as usize..last as usize] {
                        on_part(number, at + usize::from(from), at + usize::from(to));
                    }
                }
                None => self.parts_of(&text[at..end], |number, from, to| {
                    on_part(number, at + from, at + to);
                }),
            }
            at = end;
        }
        self.put_back(memory);
    }

    fn learn(&self, memory: &mut Memory, key: u128, name: &str) -> (u32, u32) {
        if memory.names.len() >= MOST {
            memory.names.clear();
            memory.parts.clear();
        }
        let first = memory.parts.len() as u32;
        self.parts_of(name, |number, from, to| {
            memory.parts.push((number, from as u8, to as u8));
        });
        let known = (first, memory.parts.len() as u32);
        memory.names.insert(key, known);
        known
    }

    /// Tells of the parts in a name: the number, the first byte and the one after the last.
    fn parts_of(&self, name: &str, mut on_part: impl FnMut(u32, usize, usize)) {
        for hit in self.words.find_overlapping_iter(name) {
            let number = hit.pattern().as_u32();
            let (before, after) = &self.edges[number as usize];
            let is_cut = !before.is_empty() && hit.start() > 0
                || !after.is_empty() && hit.end() < name.len();
            if !is_cut {
                on_part(number, hit.start(), hit.end());
            }
        }
    }

    fn take(&self) -> Memory {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        memories.pop().unwrap_or_default()
    }

    fn put_back(&self, memory: Memory) {
        let mut memories = self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        memories.push(memory);
    }
}

fn begins_with(bytes: &[u8], start: &[u8]) -> bool {
    let head = bytes.get(..start.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn ends_with(bytes: &[u8], end: &[u8]) -> bool {
    let from = bytes.len().checked_sub(end.len());
    from.is_some_and(|from| bytes[from..].eq_ignore_ascii_case(end))
}

/// Tells whether a byte may stand in a name.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

const OF_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_of_name(byte as u8);
        byte += 1;
    }
    table
};

fn end_of_name(bytes: &[u8], start: usize) -> usize {
    let rest = bytes[start..].iter();
    start + rest.take_while(|byte| OF_NAME[**byte as usize]).count()
}

/// Returns a name as a number, where it is short and ASCII. No two names in small letters are the same number.
fn number_of(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    const SMALL: u128 = u128::from_le_bytes([0x20; LONGEST]);
    const BEYOND: u128 = u128::from_le_bytes([0x80; LONGEST]);
    let spare = LONGEST.checked_sub(end - start)?;
    let name = if let Some(window) = bytes.get(start..start + LONGEST) {
        u128::from_le_bytes(window.try_into().ok()?) << (8 * spare)
    } else {
        let mut window = [0; LONGEST];
        window[spare..].copy_from_slice(&bytes[start..end]);
        u128::from_le_bytes(window)
    };
    // Makes letters small, and leaves digits and the underline different from them and each other. Bytes before the name
    // become blanks, which no name has.
    (name & BEYOND == 0).then_some(name | SMALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(parts: &[&str], text: &str) -> Vec<(String, u32)> {
        let parts: Vec<Part<'_>> = parts.iter().filter_map(|text| Part::of(text)).collect();
        let finder = Finder::new(&parts).unwrap();
        let mut all = Vec::new();
        // Twice: out of the text, and out of memory.
        for _ in 0..2 {
            all.clear();
            finder.find(text, |number, at| {
                all.push((parts[number as usize].word.to_owned(), at));
            });
        }
        all
    }

    #[test]
    fn parts_of_names_are_found_where_they_stand_whatever_their_case() {
        let hit = |word: &str, at| (word.to_owned(), at);
        assert_eq!(
            found(&["load", "get"], "x.reLoad_all(GET, target)"),
            [hit("load", 4), hit("get", 13), hit("get", 21)]
        );
        assert_eq!(
            found(
                &["über", "load"],
                "vorüberload a_name_longer_than_sixteen_loads"
            ),
            [hit("über", 3), hit("load", 8), hit("load", 40)]
        );
        assert!(found(&["load"], "lo ad l.o.a.d").is_empty());
    }

    #[test]
    fn a_text_with_signs_is_found_where_all_of_it_stands() {
        let part = |text| Part::of(text).map(|part| (part.before, part.word, part.after));
        assert_eq!(part("get("), Some(("", "get", "(")));
        assert_eq!(part(".objects.get"), Some((".", "objects", ".get")));
        assert_eq!(part("a.b"), Some(("", "a", ".b")));
        assert_eq!(part(" = "), None);
        let at = |text, code| {
            let all = found(&[text], code).into_iter();
            all.map(|hit| hit.1).collect::<Vec<_>>()
        };
        assert_eq!(at("get(", "target(1); getter(2); a.GET(3), get"), [3, 24]);
        assert_eq!(at(".get", "target.getter, get.get"), [7, 19]);
        assert_eq!(
            at("a.objects.get", "x.objects.get A.Objects.Get a.objects"),
            [16]
        );
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let parts = [Part::of("load").unwrap()];
        let finder = Finder::new(&parts).unwrap();
        let names: Vec<String> = (0..MOST + 500)
            .map(|number| format!("load{number}"))
            .collect();
        let text = names.join(" ");
        let mut count = 0;
        finder.find(&text, |_, _| count += 1);
        assert_eq!(count, MOST + 500);
        assert!(finder.take().names.len() <= MOST);
    }
}
