//! Beginning a review: composed in memory, so that it can be shown at once, and written when it is to be kept.

use super::open::OpenRequest;
use super::{ActFailure, Desk, Setting};
use crate::git::{self, OpenedSource};
use crate::journal::{self, AppendError, Journal, JournalError};
use crate::model::{Checklist, ChecklistRef, Opened};
use crate::support::digest::random_hex;

/// What a review begins with.
pub(super) struct Beginning {
    opened: Opened,
    /// The texts of its checklists.
    checklists: Vec<std::sync::Arc<str>>,
}

impl Beginning {
    pub(super) fn of(request: &OpenRequest, source: &OpenedSource, lists: &[Checklist]) -> Self {
        let opened = Opened {
            title: request
                .title
                .as_deref()
                .map(str::trim)
                .filter(|title| !title.is_empty())
                .map_or_else(|| default_title(source), str::to_owned),
            repository: source
                .repository
                .as_ref()
                .map(|path| path.display().to_string()),
            checklists: lists
                .iter()
                .map(|list| ChecklistRef {
                    id: list.id.clone(),
                    version: list.version.clone(),
                    digest: list.digest,
                })
                .collect(),
            nonce: random_hex(16),
        };
        Self {
            opened,
            checklists: lists
                .iter()
                .map(|list| std::sync::Arc::clone(&list.source))
                .collect(),
        }
    }

    /// Returns the review as it will be once it is written.
    pub(super) fn draft(
        &self,
        setting: &Setting,
        source: &OpenedSource,
    ) -> Result<Journal, JournalError> {
        Journal::draft(
            &setting.store,
            self.opened.clone(),
            source.revision.clone(),
            &setting.person,
            std::sync::Arc::clone(&setting.clock),
        )
    }

    /// Writes it.
    fn write(&self, setting: &Setting, source: &OpenedSource) -> anyhow::Result<Journal> {
        // The journal knows of file errors alone: a source that cannot be copied says so in its own words.
        let mut uncopied = None;
        let journal = Journal::create_with(
            &setting.store,
            self.opened.clone(),
            source.revision.clone(),
            &setting.person,
            std::sync::Arc::clone(&setting.clock),
            |folder| {
                for text in &self.checklists {
                    journal::keep_checklist(folder, text.as_bytes())?;
                }
                git::snapshot(source, &folder.join("source")).map_err(|error| {
                    let told = std::io::Error::other(error.clone());
                    uncopied = Some(error);
                    told
                })
            },
        );
        if let Some(error) = uncopied {
            return Err(error.into());
        }
        journal.map_err(|error| match error {
            JournalError::Append(AppendError::NotSaved { reason }) => {
                ActFailure::NotSaved(format!("{reason}.")).into()
            }
            error => error.into(),
        })
    }
}

impl Desk {
    /// Tells whether the review is on the disk; one that was opened at once is not.
    pub fn is_kept(&self) -> bool {
        self.beginning.is_none()
    }

    /// Writes a review that begins. Where it cannot, nothing is left behind and it may be tried again.
    pub fn keep(&mut self) -> anyhow::Result<()> {
        if let Some(beginning) = &self.beginning {
            self.journal = beginning.write(&self.setting, &self.source)?;
            self.beginning = None;
            self.refold();
        }
        Ok(())
    }
}

fn default_title(source: &OpenedSource) -> String {
    let name = source
        .repository
        .as_ref()
        .and_then(|path| path.file_name())
        .map(|name| name.to_string_lossy().into_owned());
    match name {
        Some(name) => format!("{name} {}", source.revision.title),
        None => source.revision.title.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::config::{Folders, Settings};
    use crate::journal::Store;
    use crate::model::{Person, SourceSpec, Visibility};
    use crate::support::clock::SystemClock;
    use crate::workbench::{Act, CommentSubject};

    const PATCH: &[u8] = b"--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n";

    fn at_once(data: &Path) -> Desk {
        let setting = Setting {
            store: Store::new(data),
            folders: Folders::find(Some(data)).unwrap(),
            settings: Settings::default(),
            clock: Arc::new(SystemClock),
            person: Person {
                name: "Dana".to_owned(),
                email: "dana@example.com".to_owned(),
            },
            cwd: data.parent().unwrap().to_owned(),
        };
        let request = OpenRequest {
            spec: SourceSpec::PatchBytes(PATCH.to_vec()),
            checklists: Vec::new(),
            title: Some("At once".to_owned()),
            profile: None,
        };
        Desk::open_at_once(&setting, &request).unwrap()
    }

    fn remark() -> Act {
        Act::Comment {
            on: CommentSubject::Review,
            visibility: Visibility::Client,
            text: "seen".to_owned(),
        }
    }

    #[test]
    fn a_review_opened_at_once_touches_no_disk_until_it_is_kept_and_then_is_the_same() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        let mut desk = at_once(&data);
        let shown = Arc::clone(desk.review());
        assert!(!desk.is_kept() && !desk.is_read_only() && !data.exists());
        desk.keep().unwrap();
        assert!(desk.is_kept() && desk.folder().is_dir());
        assert_eq!(desk.id(), &shown.id);
        assert_eq!(desk.review().opened, shown.opened);
        assert_eq!(desk.review().revision, shown.revision);
    }

    #[test]
    fn what_cannot_be_written_is_said_and_the_first_act_that_can_be_brings_it_along() {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        let mut desk = at_once(&data);
        std::fs::write(&data, b"in the way").unwrap();
        let refused = desk.act(&remark()).unwrap_err();
        assert!(matches!(refused, ActFailure::NotSaved(_)), "{refused}");
        assert!(!desk.is_kept() && desk.review().comments.is_empty());
        assert!(desk.save_draft("comment", "half").is_err());
        std::fs::remove_file(&data).unwrap();
        desk.act(&remark()).unwrap();
        assert!(desk.is_kept());
        assert_eq!(desk.review().comments.len(), 1);
    }
}
