//! One file per verb.

pub mod checklist;
pub mod comment;
pub mod decide;
pub mod demo;
pub mod export;
pub mod findings;
pub mod hints;
pub mod items;
pub mod list;
pub mod log;
pub mod paths;
mod place;
pub mod profile;
mod questions;
pub mod read;
pub mod review;
pub mod rules;
pub mod scan;
pub mod sign;
pub mod status;
pub mod verify;

use std::path::PathBuf;

use crate::cli::{print, wire};
use crate::workbench::{Desk, Setting, Which};

/// What all verbs share.
pub struct Call {
    /// `--review`.
    pub review: Option<String>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--no-mouse`.
    pub no_mouse: bool,
    /// `--json`.
    pub json: bool,
}

impl Call {
    /// Gathers folders, settings, clock and person.
    pub fn setting(&self) -> anyhow::Result<Setting> {
        let mut setting = Setting::gather(self.data_dir.as_deref())?;
        if self.no_mouse {
            setting.settings.mouse = Some(false);
        }
        Ok(setting)
    }

    /// Opens the review the call means.
    pub fn desk(&self) -> anyhow::Result<Desk> {
        let desk = Desk::resume(&self.setting()?, &self.which())?;
        for note in desk.notes() {
            print::note(note);
        }
        Ok(desk)
    }

    /// Returns which review the call means.
    pub fn which(&self) -> Which {
        match &self.review {
            Some(id) => Which::Named(id.clone()),
            None => Which::Here,
        }
    }

    fn say(&self, done: &wire::Done) {
        if self.json {
            print::json(done);
        } else {
            print::line(&done.text);
        }
    }
}

/// Returns a line that says what was done, without particulars.
fn done(desk: &Desk, text: String) -> wire::Done {
    wire::Done {
        review: desk.id().to_string(),
        text,
        item: None,
        verdict: None,
        finding: None,
        comment: None,
        file: None,
        coverage: None,
    }
}
