//! Paths inside a repository: bytes, because git's are. Owns their reversible spelling as text.

use std::fmt;
use std::sync::Arc;

/// A path inside the reviewed tree: bytes with `/` between components, never absolute. Its clones share them: a change
/// can have a hundred thousand paths, and each is known in many places.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<[u8]>);

/// Text that no path is spelled as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a path as git quotes them: {0:?}")]
pub struct ParsePathError(pub String);

impl RepoPath {
    /// Wraps the bytes of a path.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Arc::from(bytes.into()))
    }

    /// Copies the bytes of a path.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Arc::from(bytes))
    }

    /// Returns the bytes as git stores them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the path as one line of text that [`RepoPath::parse`] reads back: the path itself where it is plain
    /// UTF-8, otherwise in double quotes with git's C-style escapes.
    pub fn quoted(&self) -> String {
        match std::str::from_utf8(&self.0) {
            Ok(text) if is_plain(text) => text.to_owned(),
            _ => quote(&self.0),
        }
    }

    /// Reads what [`RepoPath::quoted`] writes.
    pub fn parse(text: &str) -> Result<Self, ParsePathError> {
        let Some(inner) = text.strip_prefix('"') else {
            return Ok(Self::of(text.as_bytes()));
        };
        inner
            .strip_suffix('"')
            .and_then(|inner| unquote(inner.as_bytes()))
            .map(Self::new)
            .ok_or_else(|| ParsePathError(text.to_owned()))
    }

    /// Returns the last component, spelled like [`RepoPath::quoted`].
    pub fn file_name(&self) -> String {
        let start = self.0.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
        Self::of(&self.0[start..]).quoted()
    }

    /// Returns everything before the last `/`, or nothing for a file at the top.
    pub fn parent(&self) -> Option<Self> {
        let end = self.0.iter().rposition(|&b| b == b'/')?;
        Some(Self::of(&self.0[..end]))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.quoted())
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RepoPath({})", self.quoted())
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> Self {
        Self::of(text.as_bytes())
    }
}

fn is_plain(text: &str) -> bool {
    !text.starts_with('"') && !text.chars().any(char::is_control)
}

fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x20..=0x7e => out.push(char::from(byte)),
            _ => {
                out.push('\\');
                for shift in [6, 3, 0] {
                    out.push(char::from(b'0' + (byte >> shift & 7)));
                }
            }
        }
    }
    out.push('"');
    out
}

/// Reads the inside of a C-style quoted path; `None` where an escape is not one of git's.
fn unquote(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match rest.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'"' => b'"',
            b'\\' => b'\\',
            high @ b'0'..=b'3' => {
                let mut value = high - b'0';
                for _ in 0..2 {
                    let digit = rest.next().filter(|d| (b'0'..=b'7').contains(d))?;
                    value = value << 3 | (digit - b'0');
                }
                value
            }
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_survives_its_spelling() {
        for bytes in [
            &b"src/main.rs"[..],
            b"caf\xc3\xa9.txt",
            b"latin\xe9.txt",
            b"\"quoted\"",
            b"new\nline\ttab\\slash",
            b"\x1b[31mred",
        ] {
            let path = RepoPath::new(bytes);
            assert_eq!(RepoPath::parse(&path.quoted()), Ok(path));
        }
    }

    #[test]
    fn a_spelling_never_holds_a_control_character() {
        let path = RepoPath::new(&b"a\x1b]0;title\x07\xc2\x9b"[..]);
        assert!(!path.quoted().chars().any(char::is_control));
    }

    #[test]
    fn a_broken_escape_is_refused() {
        assert!(RepoPath::parse("\"a\\q\"").is_err());
        assert!(RepoPath::parse("\"open").is_err());
    }
}
