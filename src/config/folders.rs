//! Where things are kept.

use std::path::{Path, PathBuf};

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Reviews and this device's identity.
    pub data: PathBuf,
    /// `config.toml`, `themes/`, `checklists/`.
    pub config: PathBuf,
}

/// The platform names no home folder.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot tell where to keep reviews: there is no home folder; name one with --data-dir or COUNTERSIGN_DATA_DIR"
)]
pub struct FoldersError;

impl Folders {
    /// Finds the folders by platform convention, with a data folder named by the caller going first.
    pub fn find(data: Option<&Path>) -> Result<Self, FoldersError> {
        let platform = directories::ProjectDirs::from("", "", "countersign");
        let data = data
            .map(Path::to_path_buf)
            .or_else(|| platform.as_ref().map(|dirs| dirs.data_dir().to_path_buf()))
            .ok_or(FoldersError)?;
        let config = platform.map_or_else(
            || data.join("config"),
            |dirs| dirs.config_dir().to_path_buf(),
        );
        Ok(Self { data, config })
    }

    /// Returns the user's own checklists.
    pub fn checklists(&self) -> PathBuf {
        self.config.join("checklists")
    }

    /// Returns the user's own rules.
    pub fn rules(&self) -> PathBuf {
        self.config.join("rules")
    }

    /// Returns the user's own themes.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }
}
