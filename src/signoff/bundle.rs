//! The bundle: a folder handed to a client. Owns its names and the writing of it, whole or not at all; overwrites nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::parse::is_bundle_name;
use crate::model::{ChecklistId, WriterId};
use crate::support::digest::{random_hex, sha256};
use crate::support::files;

/// Keeps git from changing line ends in a bundle that is committed: one added byte breaks the signature.
pub(super) const ATTRIBUTES: &str = "* -text\n";
/// The name of the file that says so.
pub(super) const ATTRIBUTES_FILE: &str = ".gitattributes";

/// Why a bundle was not written. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// There is something already.
    #[error(
        "{} already holds files and a bundle never overwrites any; name a new or an empty folder with --out",
        .0.display()
    )]
    Occupied(PathBuf),
    /// A file, a link or a device stands in the way.
    #[error("{} is not a folder; name a new or an empty folder with --out", .0.display())]
    NotFolder(PathBuf),
    /// A name that could lead out of the bundle, or a name twice.
    #[error(
        "a bundle cannot hold a file named {0:?}; this is a fault of the program, please report it"
    )]
    Name(String),
    /// The disk refused.
    #[error("the bundle could not be written to {}: {source}; nothing was left behind, free the cause and sign again", path.display())]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Returns the name of a checklist's file in a bundle.
pub fn checklist_file(id: &ChecklistId) -> String {
    format!("checklists/{}.toml", file_stem(id.as_str()))
}

/// Returns the name of a writer's log in a bundle.
pub fn journal_file(writer: &WriterId) -> String {
    format!("journal/{}.log", file_stem(writer.as_str()))
}

/// A plain id as it is; any other gets a digest in place of what a file system or a shell could misread.
fn file_stem(id: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
    if !id.is_empty() && id.len() <= 80 && !id.starts_with('-') && id.bytes().all(plain) {
        return id.to_owned();
    }
    let kept: String = id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(40)
        .collect();
    format!("{kept}_{}", sha256(id.as_bytes()).short())
}

/// Writes a bundle to a folder that does not exist or is empty, together with a `.gitattributes`.
///
/// The files are written and synced beside the target first and then take its name in one step.
pub fn write_bundle(out: &Path, files: &[(String, Vec<u8>)]) -> Result<(), BundleError> {
    check_names(files)?;
    check_target(out)?;
    let refuse = |source| BundleError::Write {
        path: out.to_owned(),
        source,
    };
    let out = std::path::absolute(out).map_err(refuse)?;
    let parent = out
        .parent()
        .ok_or_else(|| BundleError::Occupied(out.clone()))?;
    fs::create_dir_all(parent).map_err(refuse)?;
    let staging = Staging::create(parent).map_err(refuse)?;
    staging
        .write(ATTRIBUTES_FILE, ATTRIBUTES.as_bytes())
        .map_err(refuse)?;
    for (name, bytes) in files {
        staging.write(name, bytes).map_err(refuse)?;
    }
    staging.take_name(&out, parent).map_err(refuse)
}

/// Tells whether a bundle can be written to a folder, before anybody is asked to sign.
pub fn check_target(out: &Path) -> Result<(), BundleError> {
    let kind = match fs::symlink_metadata(out) {
        Ok(data) => data.file_type(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(BundleError::Write {
                path: out.to_owned(),
                source,
            });
        }
    };
    if !kind.is_dir() {
        return Err(BundleError::NotFolder(out.to_owned()));
    }
    let mut entries = fs::read_dir(out).map_err(|source| BundleError::Write {
        path: out.to_owned(),
        source,
    })?;
    match entries.next() {
        Some(_) => Err(BundleError::Occupied(out.to_owned())),
        None => Ok(()),
    }
}

fn check_names(files: &[(String, Vec<u8>)]) -> Result<(), BundleError> {
    let mut seen = std::collections::BTreeSet::new();
    for (name, _) in files {
        if !is_bundle_name(name) || !seen.insert(name) {
            return Err(BundleError::Name(name.clone()));
        }
    }
    Ok(())
}

/// A folder beside the target, removed unless it takes the target's name.
struct Staging {
    path: PathBuf,
}

impl Staging {
    fn create(parent: &Path) -> std::io::Result<Self> {
        let path = parent.join(format!(".countersign-{}", random_hex(8)));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        files::write_atomic(&path, bytes)
    }

    fn take_name(self, out: &Path, parent: &Path) -> std::io::Result<()> {
        if out.exists() {
            // Fails unless it is still empty.
            fs::remove_dir(out)?;
        }
        fs::rename(&self.path, out)?;
        // The name reaches the disk with its folder; where folders cannot be synced there is nothing to do.
        let _ = files::sync_dir(parent);
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After the rename there is nothing under this name.
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signoff::testing::tempdir;

    fn files() -> Vec<(String, Vec<u8>)> {
        vec![
            ("record.json".to_owned(), b"{}".to_vec()),
            ("journal/w1.log".to_owned(), b"log".to_vec()),
        ]
    }

    #[test]
    fn a_bundle_holds_its_files_and_keeps_git_from_changing_them() {
        let dir = tempdir();
        let out = dir.path().join("new/bundle");
        write_bundle(&out, &files()).unwrap();
        assert_eq!(fs::read(out.join("journal/w1.log")).unwrap(), b"log");
        assert_eq!(fs::read(out.join(".gitattributes")).unwrap(), b"* -text\n");
        let beside: Vec<_> = fs::read_dir(dir.path().join("new")).unwrap().collect();
        assert_eq!(beside.len(), 1, "nothing is left beside the bundle");
    }

    #[test]
    fn a_folder_that_holds_anything_is_never_written_to() {
        let dir = tempdir();
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        write_bundle(&out, &files()).unwrap();
        let before = fs::read(out.join("record.json")).unwrap();
        let error = write_bundle(&out, &[("record.json".into(), b"other".to_vec())]).unwrap_err();
        assert!(matches!(error, BundleError::Occupied(_)));
        assert_eq!(fs::read(out.join("record.json")).unwrap(), before);
        assert!(matches!(
            write_bundle(&out.join("record.json"), &files()),
            Err(BundleError::NotFolder(_))
        ));
    }

    #[test]
    fn a_name_that_leads_out_of_the_bundle_is_refused() {
        let dir = tempdir();
        for name in ["../x", "/x", "a/b/c", "-x", ".git/config", "a\\b", ""] {
            let out = dir.path().join("out");
            let files = [(name.to_owned(), Vec::new())];
            assert!(
                matches!(write_bundle(&out, &files), Err(BundleError::Name(_))),
                "{name}"
            );
            assert!(!out.exists());
        }
    }

    #[test]
    fn an_odd_id_gets_a_plain_file_name_of_its_own() {
        let odd = checklist_file(&ChecklistId::from("../../etc"));
        let other = checklist_file(&ChecklistId::from("../etc/.."));
        assert!(is_bundle_name(&odd) && is_bundle_name(&other));
        assert_ne!(odd, other);
        assert_eq!(
            checklist_file(&ChecklistId::from("ai-preproduction")),
            "checklists/ai-preproduction.toml"
        );
    }
}
