//! One record as one line of text: length, CRC-32C, header, body. Owns the line; refuses to know what a body means.
//!
//! ```text
//! <length: 8 hex> <crc: 8 hex> <header JSON>\t<body JSON>\n
//! ```
//!
//! Length (bytes) and CRC-32C cover `header TAB body`. The header commits to the body by SHA-256 and to the writer's
//! previous record by its id; the id is SHA-256 over [`ID_DOMAIN`] and the header's stored bytes. Nothing is ever
//! serialised again to be checked.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::model::{Digest, EntryId};
use crate::support::digest::{Hasher, sha256};
use crate::support::text::is_invisible;

/// The format this version writes, and the newest it reads.
pub(super) const VERSION: u64 = 1;

/// Bytes of `header TAB body` at the most: no act of a person comes near it, and no reader allocates more for one.
pub(super) const MAX_LENGTH: usize = 16 << 20;

/// What tells an entry's id from any other digest.
pub(super) const ID_DOMAIN: &[u8] = b"countersign entry v1\0";

/// `<length> <crc> `.
const PREFIX: usize = 18;

/// A header as stored. Fields that a later minor version adds are passed over: the stored bytes are what counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Header {
    /// The format.
    pub v: u64,
    /// The review.
    pub review: String,
    /// The writer.
    pub writer: String,
    /// From 1.
    pub seq: u64,
    /// The writer's previous entry.
    pub prev: Option<String>,
    /// Above everything seen.
    pub lamport: u64,
    /// Newest entries of other writers.
    pub seen: BTreeMap<String, String>,
    /// RFC 3339, UTC, whole seconds; for display only.
    pub at: String,
    /// What the body is.
    pub kind: String,
    /// SHA-256 of the body's bytes.
    pub body: String,
}

/// The version alone: all that may be asked of a header that is newer than this program.
#[derive(Deserialize)]
struct HeaderVersion {
    v: u64,
}

/// What stands at the start of some bytes of a log.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<'a> {
    /// Nothing.
    End,
    /// The beginning of a record whose end was never written.
    Torn,
    /// A line that is not what was written; why.
    Broken(&'static str),
    /// A whole record whose check sum matches.
    Record {
        header: &'a [u8],
        body: &'a [u8],
        /// Bytes of the line, newline included.
        length: usize,
    },
}

/// Writes a record as its line.
pub(super) fn frame(header: &[u8], body: &[u8]) -> Vec<u8> {
    let length = header.len() + 1 + body.len();
    let mut line = Vec::with_capacity(PREFIX + length + 1);
    line.resize(PREFIX, b' ');
    line.extend_from_slice(header);
    line.push(b'\t');
    line.extend_from_slice(body);
    let crc = crc32c::crc32c(&line[PREFIX..]);
    line[..PREFIX].copy_from_slice(format!("{length:08x} {crc:08x} ").as_bytes());
    line.push(b'\n');
    line
}

/// Reads the record at the start of some bytes that reach to the end of the log.
///
/// A line that was cut short by a crash has no newline: a record holds exactly one, as its last byte. So whatever has a
/// newline behind it, or as many bytes as its length says, was once whole and is broken, not torn.
pub(super) fn next(bytes: &[u8]) -> Next<'_> {
    if bytes.is_empty() {
        return Next::End;
    }
    let has_newline = || memchr::memchr(b'\n', bytes).is_some();
    let Some((length, crc)) = parse_prefix(bytes) else {
        return if has_newline() {
            Next::Broken("its length and check sum cannot be read")
        } else {
            Next::Torn
        };
    };
    if length > MAX_LENGTH {
        return Next::Broken("its length is beyond what a record may have");
    }
    let Some(line) = bytes.get(..PREFIX + length + 1) else {
        return if has_newline() {
            Next::Broken("its length does not match its line")
        } else {
            Next::Torn
        };
    };
    let (content, end) = (&line[PREFIX..PREFIX + length], line[PREFIX + length]);
    if end != b'\n' {
        return Next::Broken("its line does not end where its length says");
    }
    if crc32c::crc32c(content) != crc {
        return Next::Broken("its check sum does not match");
    }
    match memchr::memchr(b'\t', content) {
        Some(tab) => Next::Record {
            header: &content[..tab],
            body: &content[tab + 1..],
            length: line.len(),
        },
        None => Next::Broken("it has no body"),
    }
}

/// Returns the id of the entry with this stored header.
pub(super) fn entry_id(header: &[u8]) -> EntryId {
    let mut hasher = Hasher::default();
    hasher.update(ID_DOMAIN);
    hasher.update(header);
    EntryId(hasher.finish())
}

/// Returns the digest a header carries for this body.
pub(super) fn body_digest(body: &[u8]) -> Digest {
    sha256(body)
}

/// Returns the format version a header names.
pub(super) fn version_of(header: &[u8]) -> Option<u64> {
    serde_json::from_slice::<HeaderVersion>(header)
        .ok()
        .map(|header| header.v)
}

/// Writes JSON on one line in which no character acts on a terminal: controls, bidi and zero-width characters are
/// escaped, so that a log can be shown with `cat`.
pub(super) fn to_json(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Harmless);
    value
        .serialize(&mut serializer)
        .expect("wire forms have string keys and memory takes every write");
    out
}

/// Tells whether a character may act on a terminal or hide in a line.
pub(super) fn is_treacherous(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Tells whether text is `count` lower-case hexadecimal digits.
pub(super) fn is_hex(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn parse_prefix(bytes: &[u8]) -> Option<(usize, u32)> {
    let prefix = std::str::from_utf8(bytes.get(..PREFIX)?).ok()?;
    let (length, rest) = prefix.split_at_checked(8)?;
    let crc = rest.strip_prefix(' ')?.strip_suffix(' ')?;
    if !is_hex(length, 8) || !is_hex(crc, 8) {
        return None;
    }
    let length = u32::from_str_radix(length, 16).ok()?;
    let crc = u32::from_str_radix(crc, 16).ok()?;
    Some((length as usize, crc))
}

struct Harmless;

impl serde_json::ser::Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut written = 0;
        for (at, c) in fragment.char_indices().filter(|&(_, c)| is_treacherous(c)) {
            writer.write_all(&fragment.as_bytes()[written..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_as_it_was_framed() {
        let line = frame(b"{\"v\":1}", b"{}");
        let found = next(&line);
        assert_eq!(
            found,
            Next::Record {
                header: b"{\"v\":1}",
                body: b"{}",
                length: line.len()
            }
        );
    }

    #[test]
    fn a_record_without_its_end_is_torn_and_one_with_a_wrong_end_is_broken() {
        let mut line = frame(b"{\"v\":1}", b"{}");
        for cut in 1..line.len() {
            assert_eq!(next(&line[..cut]), Next::Torn, "cut at {cut}");
        }
        assert_eq!(
            next(&[0; 40]),
            Next::Torn,
            "blocks that were never filled in"
        );
        *line.last_mut().unwrap() = b' ';
        assert!(matches!(next(&line), Next::Broken(_)));
    }

    #[test]
    fn stored_text_cannot_act_on_a_terminal() {
        let text = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{200b}\u{e0041}\ttab é 漢";
        let json = to_json(&text);
        let shown = std::str::from_utf8(&json).unwrap();
        assert!(!shown.chars().any(is_treacherous), "{shown}");
        assert!(shown.contains("é 漢"));
        assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
    }
}
