//! `profile.toml`: the production profile as a file. Owns its form, what is absurd in it, and its spelling; refuses to
//! know what follows from its numbers (that is `checklist::figures`) and which review it belongs to.
//!
//! Every mistake is told at once, with line and remedy. A value that nobody knows is left out.

mod horizon;
mod read;
mod write;

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::checklist::{Mistake, show};
use crate::model::Profile;

pub use horizon::{Standing, standing};
pub use write::{entered, template, written};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Every mistake of one file, in the order of the file; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileMistakes {
    /// The file as the user named it.
    pub name: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for ProfileMistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the production profile has mistakes and is not used; correct them and try again\n",
        )?;
        f.write_str(show::lint_text(&self.name, &self.mistakes).trim_end())
    }
}

impl std::error::Error for ProfileMistakes {}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("the production profile {path} cannot be read: {cause}; check the path, or write one with `countersign profile edit --profile FILE`", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is larger than any profile.
    #[error("the production profile {path} is larger than 64 KiB and is not read; name the right file", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file has mistakes.
    #[error(transparent)]
    Mistakes(#[from] ProfileMistakes),
}

/// Reads a profile from the text of its file; `name` stands for the file in the report of its mistakes.
pub fn parse(source: &str, name: &str) -> Result<Profile, ProfileMistakes> {
    let (profile, mistakes) = read::examine(source);
    if mistakes.is_empty() {
        return Ok(profile);
    }
    Err(ProfileMistakes {
        name: name.to_owned(),
        mistakes,
    })
}

/// Reads a profile that was recorded; what this version does not understand of it is unknown.
pub fn parse_recorded(source: &str) -> Profile {
    read::examine(source).0
}

/// Returns every mistake of a profile at once, in the order of the file.
pub fn check(source: &str) -> Vec<Mistake> {
    read::examine(source).1
}

/// Reads the text of a profile's file and checks it; returns the text and the profile.
pub fn load(path: &Path) -> Result<(String, Profile), ProfileError> {
    let source = read_source(path)?;
    let profile = parse(&source, &path.display().to_string())?;
    Ok((source, profile))
}

/// Reads the text of a profile's file; no more of it than any profile may have.
pub fn read_source(path: &Path) -> Result<String, ProfileError> {
    let unreadable = |cause| ProfileError::Unreadable {
        path: path.to_owned(),
        cause,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ProfileError::TooLarge {
            path: path.to_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|_| {
        let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8 text");
        unreadable(cause)
    })
}

#[cfg(test)]
mod tests;
