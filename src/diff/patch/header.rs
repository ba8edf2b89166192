//! File names as patches spell them: quoted or not, with or without prefixes and time stamps.

use crate::model::RepoPath;

/// Reads the two names of a `diff --git` line where they are the same file; `None` for a rename, whose own header lines
/// name both, and where the line cannot be taken apart.
pub(super) fn git_name(rest: &[u8]) -> Option<RepoPath> {
    let quoted = rest.contains(&b'"');
    if quoted && let Some(name) = quoted_pair(rest) {
        return Some(name);
    }
    // Names may hold blanks: the split is where both halves agree; equal lengths first, as git's own prefixes give.
    let middle = rest.len() / 2;
    if rest.get(middle) == Some(&b' ')
        && let Some(name) = same_name(&rest[..middle], &rest[middle + 1..])
    {
        return Some(name);
    }
    memchr::memchr_iter(b' ', rest)
        .take(64)
        .find_map(|at| same_name(&rest[..at], &rest[at + 1..]))
}

fn quoted_pair(rest: &[u8]) -> Option<RepoPath> {
    let (old, new) = if rest.first() == Some(&b'"') {
        let end = closing_quote(rest)?;
        (&rest[..=end], rest.get(end + 2..)?)
    } else {
        let at = memchr::memmem::find(rest, b" \"")?;
        (&rest[..at], &rest[at + 1..])
    };
    same_name(unquoted(old).as_bytes(), unquoted(new).as_bytes())
}

fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Returns the name both halves mean: equal as they stand (no prefixes), or equal after the first component.
fn same_name(old: &[u8], new: &[u8]) -> Option<RepoPath> {
    if old == new {
        return usable(old);
    }
    let (old, new) = (without_first(old)?, without_first(new)?);
    (old == new).then(|| usable(old)).flatten()
}

pub(super) fn without_first(path: &[u8]) -> Option<&[u8]> {
    let slash = path.iter().position(|&byte| byte == b'/')?;
    Some(&path[slash + 1..])
}

/// Undoes git's quoting; a name that is not quoted stands as it is.
pub(super) fn unquoted(name: &[u8]) -> RepoPath {
    match std::str::from_utf8(name) {
        Ok(text) if name.starts_with(b"\"") => {
            RepoPath::parse(text).unwrap_or_else(|_| RepoPath::new(name))
        }
        _ => RepoPath::new(name),
    }
}

/// Returns a path as one inside the tree: neither absolute nor climbing; `None` where nothing is left.
pub(super) fn usable(path: &[u8]) -> Option<RepoPath> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&byte| byte == b'/') {
        if !matches!(part, b"" | b"." | b"..") {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| RepoPath::new(parts.join(&b'/')))
}

/// A name on a `---` or `+++` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// `/dev/null`: the file is not there on this side.
    Absent,
    /// A path as written, prefix included, and whether its time stamp is the beginning of time, with which `diff -N`
    /// marks a file that is not there.
    Path { path: RepoPath, epoch: bool },
}

/// Reads what follows `--- ` or `+++ `.
pub(super) fn side_name(rest: &[u8]) -> Name {
    let (name, stamp) = if rest.first() == Some(&b'"') {
        let end = closing_quote(rest).map_or(rest.len(), |end| end + 1);
        rest.split_at(end.min(rest.len()))
    } else {
        let end = memchr::memchr(b'\t', rest).unwrap_or(rest.len());
        rest.split_at(end)
    };
    if name == b"/dev/null" {
        return Name::Absent;
    }
    let stamp = stamp.trim_ascii_start();
    Name::Path {
        path: unquoted(name),
        epoch: stamp.starts_with(b"1970-01-01 ") || stamp.starts_with(b"1969-12-31 "),
    }
}

/// Returns the path that the two names of a plain patch mean: without `a/` and `b/`, or without differing first
/// components (`diff -ru old new`); otherwise the new name.
pub(super) fn plain_name(old: Option<&RepoPath>, new: Option<&RepoPath>) -> Option<RepoPath> {
    match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            if old == new {
                return usable(new);
            }
            match (without_first(old), without_first(new)) {
                (Some(old_rest), Some(new_rest)) if old_rest == new_rest => usable(new_rest),
                _ => usable(new.strip_prefix(b"b/").unwrap_or(new)),
            }
        }
        (None, Some(new)) => usable(prefixed(new.as_bytes(), b"b/")),
        (Some(old), None) => usable(prefixed(old.as_bytes(), b"a/")),
        (None, None) => None,
    }
}

fn prefixed<'a>(path: &'a [u8], prefix: &[u8]) -> &'a [u8] {
    path.strip_prefix(prefix).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(rest: &str) -> Option<String> {
        git_name(rest.as_bytes()).map(|path| path.quoted())
    }

    #[test]
    fn the_name_of_a_git_header_is_found_whatever_the_prefixes() {
        let plain = Some("src/x.rs".to_owned());
        assert_eq!(name("a/src/x.rs b/src/x.rs"), plain);
        assert_eq!(name("src/x.rs src/x.rs"), plain);
        assert_eq!(name("i/src/x.rs w/src/x.rs"), plain);
        assert_eq!(name("old/src/x.rs newer/src/x.rs"), plain);
        assert_eq!(name("a/a b b/a b"), Some("a b".to_owned()));
        assert_eq!(
            name(r#""a/caf\303\251\t" "b/caf\303\251\t""#),
            Some(r#""caf\303\251\t""#.to_owned())
        );
        assert_eq!(name("a/old.rs b/new.rs"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn a_path_never_leaves_the_tree() {
        let path = usable(b"/../../etc/./passwd").map(|path| path.quoted());
        assert_eq!(path.as_deref(), Some("etc/passwd"));
        assert_eq!(usable(b"../.."), None);
    }
}
