//! Half-written text that survives a crash: one small file per draft in the review's folder. Drafts are nobody's
//! decision and never leave in a bundle.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::support::files;

/// Bytes of a file name at the most, ending included.
const NAME_BYTES: usize = 240;

/// Keeps a draft under a name, in place of the one before.
///
/// Any name will do (`flag n-plus-one`, a path); one that is too long for a file is refused.
pub fn save(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = path_of(folder, name)?;
    files::create_private_dir_all(&drafts_dir(folder))?;
    files::write_atomic_private(&path, text.as_bytes())
}

/// Returns a draft; `None` where there is none.
pub fn load(folder: &Path, name: &str) -> io::Result<Option<String>> {
    match fs::read(path_of(folder, name)?) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a draft; one that is not there is no error.
pub fn remove(folder: &Path, name: &str) -> io::Result<()> {
    files::remove_file(&path_of(folder, name)?)
}

/// Returns the names of all drafts, sorted.
pub fn list(folder: &Path) -> io::Result<Vec<String>> {
    let listing = match fs::read_dir(drafts_dir(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing?,
    };
    let mut names = Vec::new();
    for file in listing {
        let file = file?;
        // Whatever else lies there is no draft, and a pipe would be waited for.
        if !file.file_type()?.is_file() {
            continue;
        }
        let name = file.file_name();
        if let Some(draft) = name.to_str().and_then(decode) {
            names.push(draft);
        }
    }
    names.sort();
    Ok(names)
}

fn drafts_dir(folder: &Path) -> PathBuf {
    folder.join("drafts")
}

fn path_of(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let file = encode(name);
    if name.is_empty() || file.len() > NAME_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a draft needs a name, and a shorter one than this",
        ));
    }
    Ok(drafts_dir(folder).join(file))
}

/// Spells a name with letters, digits and hyphens, everything else as `%` and two hexadecimal digits, so that no name
/// leaves the folder, hides, or meets another on a disk that ignores case.
fn encode(name: &str) -> String {
    let mut file = Vec::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => file.push(byte),
            _ => file.extend_from_slice(&[
                b'%',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]),
        }
    }
    file.extend_from_slice(b".draft");
    String::from_utf8(file).expect("only ASCII was pushed")
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn decode(file: &str) -> Option<String> {
    let mut parts = file.strip_suffix(".draft")?.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_under_any_name_and_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["flag n-plus-one", "../../etc/passwd", ".hidden", "Ä/ä", "A"] {
            save(folder.path(), name, "first").unwrap();
            save(folder.path(), name, name).unwrap();
        }
        for name in list(folder.path()).unwrap() {
            assert_eq!(load(folder.path(), &name).unwrap(), Some(name.clone()));
            remove(folder.path(), &name).unwrap();
            assert_eq!(load(folder.path(), &name).unwrap(), None);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(list(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn all_drafts_are_listed_and_leftovers_of_a_crash_are_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(list(folder.path()).unwrap().is_empty());
        save(folder.path(), "note", "x").unwrap();
        fs::write(folder.path().join("drafts/.tmp-abc"), b"half").unwrap();
        assert_eq!(list(folder.path()).unwrap(), ["note"]);
    }
}
