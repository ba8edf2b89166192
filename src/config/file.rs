//! `config.toml`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{self, Deserializer, Unexpected, Visitor};

/// The user's settings. Every key is optional; an unknown one is an error that names its line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// The theme's name: a built-in one, or a file in the `themes` folder beside `config.toml`.
    pub theme: Option<String>,
    /// Columns between tab stops, 1 to 16.
    #[serde(deserialize_with = "tab_width")]
    pub tab_width: Option<usize>,
    /// Whether the mouse is used; without it the terminal selects text itself.
    pub mouse: Option<bool>,
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
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Err(ConfigError::Parse {
                    path: shown(),
                    message: "it is not UTF-8 text".to_owned(),
                });
            }
            Err(source) => {
                return Err(ConfigError::Read {
                    path: shown(),
                    source,
                });
            }
        };
        toml::from_str(&text).map_err(|error| ConfigError::Parse {
            path: shown(),
            message: error.to_string().trim().to_owned(),
        })
    }
}

fn tab_width<'de, D: Deserializer<'de>>(from: D) -> Result<Option<usize>, D::Error> {
    struct Columns;
    impl Visitor<'_> for Columns {
        type Value = usize;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of columns from 1 to 16")
        }

        fn visit_i64<E: de::Error>(self, columns: i64) -> Result<usize, E> {
            usize::try_from(columns)
                .ok()
                .filter(|columns| (1..=16).contains(columns))
                .ok_or_else(|| E::invalid_value(Unexpected::Signed(columns), &self))
        }
    }
    from.deserialize_i64(Columns).map(Some)
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
        for wrong in ["0", "17", "-1", "\"wide\""] {
            let error = load(&format!("theme = \"dark\"\ntab-width = {wrong}\n"))
                .unwrap_err()
                .to_string();
            assert!(
                error.contains("line 2") && error.contains("from 1 to 16"),
                "{error}"
            );
        }
        assert_eq!(load("tab-width = 16\n").unwrap().tab_width, Some(16));
    }
}
