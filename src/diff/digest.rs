//! What a reading mark binds to: the digest of a hunk's rows, or of a file that has none.

use crate::model::{Digest, FileChange, FileSide, FileText, LineNo, RowKind, Run};
use crate::support::digest::Hasher;

/// Returns the SHA-256 over every row of a hunk: one kind byte (` `, `+` or `-`) and the raw bytes of its line, ending
/// included. The bytes of context rows are the new side's. The same rows give the same digest, whether they came from a
/// patch or from a repository.
pub fn hunk_digest(runs: &[Run], old: &FileText, new: &FileText) -> Digest {
    let mut hasher = Hasher::default();
    for run in runs {
        let (kind, text, first) = match run.kind {
            RowKind::Context => (b" ", new, run.new),
            RowKind::Added => (b"+", new, run.new),
            RowKind::Removed => (b"-", old, run.old),
        };
        for line in first..first.saturating_add(run.len) {
            hasher.update(kind);
            hasher.update(text.raw_line(LineNo(line)).unwrap_or_default());
        }
    }
    hasher.finish()
}

/// Returns what stands for a file without rows (binary, empty, mode or name only, submodule, unreadable): SHA-256 over
/// its status letter, both modes, both versions by name, and both paths.
pub fn rowless_digest(file: &FileChange) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(b"file without rows\0");
    let side = |side: Option<&FileSide>| match side {
        Some(side) => format!("{} {}", side.mode.octal(), side.blob),
        None => "absent".to_owned(),
    };
    let facts = format!(
        "{}\0{}\0{}\0",
        file.status.letter(),
        side(file.old.as_ref()),
        side(file.new.as_ref())
    );
    hasher.update(facts.as_bytes());
    if let Some(path) = &file.old_path {
        hasher.update(path.as_bytes());
    }
    hasher.update(b"\0");
    hasher.update(file.path.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::digest::sha256;

    #[test]
    fn a_digest_covers_kinds_bytes_and_endings() {
        let old = FileText::known([(LineNo(1), &b"a\r\n"[..]), (LineNo(2), b"b")]);
        let new = FileText::known([(LineNo(1), &b"a\r\n"[..]), (LineNo(2), b"c\n")]);
        let run = |kind, old, new| Run {
            kind,
            old,
            new,
            len: 1,
        };
        let runs = [
            run(RowKind::Context, 1, 1),
            run(RowKind::Removed, 2, 2),
            run(RowKind::Added, 3, 2),
        ];
        assert_eq!(hunk_digest(&runs, &old, &new), sha256(b" a\r\n-b+c\n"));
    }
}
