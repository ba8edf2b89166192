//! Checklists as they were when the review began, kept in the review's folder under the digest of their bytes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::model::Digest;
use crate::support::digest::sha256;
use crate::support::files;

/// Keeps a checklist's file in a review's folder; returns the digest it is kept under.
pub fn keep_checklist(folder: &Path, source: &[u8]) -> io::Result<Digest> {
    let digest = sha256(source);
    let path = path_of(folder, &digest);
    if let Some(parent) = path.parent() {
        files::create_private_dir_all(parent)?;
    }
    files::write_atomic_private(&path, source)?;
    Ok(digest)
}

/// Returns the bytes of a kept checklist.
///
/// Fails where it is missing, and with [`io::ErrorKind::InvalidData`] where the bytes are not the ones that were kept.
pub fn kept_checklist(folder: &Path, digest: &Digest) -> io::Result<Vec<u8>> {
    let path = path_of(folder, digest);
    let bytes = fs::read(&path)?;
    if sha256(&bytes) == *digest {
        Ok(bytes)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "{} is not the checklist that was kept; put a good copy in its place",
                path.display()
            ),
        ))
    }
}

fn path_of(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join("checklists").join(format!("{digest}.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_checklist_that_was_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let digest = keep_checklist(folder.path(), b"id = \"a\"\n").unwrap();
        assert_eq!(
            kept_checklist(folder.path(), &digest).unwrap(),
            b"id = \"a\"\n"
        );
        fs::write(path_of(folder.path(), &digest), b"id = \"b\"\n").unwrap();
        let error = kept_checklist(folder.path(), &digest).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
