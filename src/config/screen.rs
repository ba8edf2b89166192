//! How the reader last wanted the code shown. Written by the program, unlike `config.toml`; nothing depends on it, so a file
//! that cannot be read counts as none.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::support::files;

/// Choices that outlive a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and a line of the file"
)]
pub struct ScreenChoice {
    /// Before and after stand side by side.
    pub split: bool,
    /// Long lines wrap.
    pub wrap: bool,
    /// The checklist is one line.
    pub list_folded: bool,
    /// Files are listed without their folders.
    pub files_flat: bool,
}

const NAME: &str = "screen.toml";

impl ScreenChoice {
    /// Reads what was kept in a folder.
    pub fn load(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(NAME)).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// Keeps it in a folder.
    pub fn save(self, folder: &Path) -> io::Result<()> {
        let text = toml::to_string(&self).map_err(io::Error::other)?;
        files::write_atomic_private(&folder.join(NAME), text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_damage_counts_as_nothing_kept() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ScreenChoice::load(folder.path()), ScreenChoice::default());
        let choice = ScreenChoice {
            split: true,
            files_flat: true,
            ..ScreenChoice::default()
        };
        choice.save(folder.path()).unwrap();
        assert_eq!(ScreenChoice::load(folder.path()), choice);
        std::fs::write(folder.path().join(NAME), "split = [").unwrap();
        assert_eq!(ScreenChoice::load(folder.path()), ScreenChoice::default());
    }
}
