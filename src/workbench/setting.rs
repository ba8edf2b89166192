//! What every use case needs from outside: folders, the clock, the person.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use crate::config::{Folders, Settings};
use crate::git;
use crate::journal::Store;
use crate::model::Person;
use crate::support::clock::{Clock, SystemClock};

/// Folders, settings, clock, person.
#[derive(Clone)]
pub struct Setting {
    /// Where reviews are kept.
    pub store: Store,
    /// The user's own folders.
    pub folders: Folders,
    /// `config.toml`.
    pub settings: Settings,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who acts.
    pub person: Person,
    /// Where the program was started.
    pub cwd: PathBuf,
}

impl Setting {
    /// Gathers the setting. The person comes from the environment (`COUNTERSIGN_NAME`, `COUNTERSIGN_EMAIL`), then
    /// `config.toml`, then the user's own git configuration, then the login name; never from the reviewed repository.
    pub fn gather(data_dir: Option<&std::path::Path>) -> anyhow::Result<Self> {
        let folders = Folders::find(data_dir)?;
        let settings = Settings::load(&folders.config)?;
        let person = person(&settings);
        let cwd = std::env::current_dir()
            .context("the folder this was started in is gone; change to another one")?;
        Ok(Self {
            store: Store::new(folders.data.clone()),
            folders,
            settings,
            clock: Arc::new(SystemClock),
            person,
            cwd,
        })
    }
}

fn person(settings: &Settings) -> Person {
    let env = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.trim().is_empty())
    };
    let git = git::global_identity();
    let login = || {
        env("USER")
            .or_else(|| env("LOGNAME"))
            .unwrap_or_else(|| "reviewer".to_owned())
    };
    let name = env("COUNTERSIGN_NAME")
        .or_else(|| settings.name.clone())
        .or_else(|| git.as_ref().map(|person| person.name.clone()))
        .unwrap_or_else(login);
    let email = env("COUNTERSIGN_EMAIL")
        .or_else(|| settings.email.clone())
        .or_else(|| git.map(|person| person.email))
        .unwrap_or_else(|| format!("{}@localhost", login()));
    Person { name, email }
}
