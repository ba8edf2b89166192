//! Layered settings: who reviews, keys, theme, folders. Precedence is decided here and nowhere else: command line, then
//! environment, then `config.toml`, then defaults. Never from the repository under review.

mod file;
mod folders;
mod screen;

pub use file::{ConfigError, Settings, SignerSettings};
pub use folders::{Folders, FoldersError};
pub use screen::ScreenChoice;
