//! `config.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The user's settings. Every key is optional; an unknown one is an error that names its line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// The theme's name: a built-in one, or a file in the `themes` folder beside `config.toml`.
    pub theme: Option<String>,
    /// Columns between tab stops, 1 to 16.
    pub tab_width: Option<usize>,
    /// The reviewer's printed name.
    pub name: Option<String>,
    /// The reviewer's address.
    pub email: Option<String>,
    /// What the sign-off screen starts with.
    pub signer: SignerSettings,
    /// Action name → key sequences that replace its defaults.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// What the sign-off screen starts with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SignerSettings {
    /// The role, such as `Principal architect`.
    pub role: Option<String>,
    /// The organisation.
    pub organisation: Option<String>,
    /// The identity in the client's allowed-signers file.
    pub principal: Option<String>,
    /// The private key's file, or its `.pub` where an agent holds it.
    pub key: Option<PathBuf>,
}

/// Why the settings could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("cannot read {path}: {source}; make it readable, or move it away to use the defaults")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something it may not.
    #[error(
        "{path} is not a valid configuration: {message}; correct the line, or move the file away to use the defaults"
    )]
    Parse {
        /// The file.
        path: String,
        /// What, with its line.
        message: String,
    },
}

impl Settings {
    /// Reads `config.toml` of a folder; a missing file means defaults.
    pub fn load(folder: &Path) -> Result<Self, ConfigError> {
        let path = folder.join("config.toml");
        let shown = || path.display().to_string();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => {
                return Err(ConfigError::Read {
                    path: shown(),
                    source,
                });
            }
        };
        let settings: Self = toml::from_str(&text).map_err(|error| ConfigError::Parse {
            path: shown(),
            message: error.to_string().trim().to_owned(),
        })?;
        match settings.tab_width {
            Some(width) if !(1..=16).contains(&width) => Err(ConfigError::Parse {
                path: shown(),
                message: format!("tab-width is {width}, it must be 1 to 16"),
            }),
            _ => Ok(settings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
        Settings::load(folder.path())
    }

    #[test]
    fn a_missing_file_means_defaults() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Settings::load(folder.path()).unwrap().keys.is_empty());
    }

    #[test]
    fn keys_and_signer_are_read() {
        let settings = load(
            "theme = \"light\"\n[keys]\naccept = [\"ctrl-y\"]\n[signer]\nrole = \"Architect\"\n",
        )
        .unwrap();
        assert_eq!(settings.keys["accept"], ["ctrl-y"]);
        assert_eq!(settings.signer.role.as_deref(), Some("Architect"));
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_line() {
        let error = load("theme = \"dark\"\nthem = 3\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("line 2") && error.contains("them"),
            "{error}"
        );
        assert!(load("tab-width = 0\n").is_err());
    }
}
