//! Verifying a bundle: plugs the journal's and the repository's answers into the sign-off's questions.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::git;
use crate::journal::verify_log;
use crate::model::{Endpoint, ObjectId, SourceKind};
use crate::signoff::{self, LogFacts, Manifests, RepositoryFacts, Verification, VerifyInput};
use crate::support::clock::Clock;

/// What to verify, against what.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// The bundle's folder.
    pub folder: PathBuf,
    /// The client's own allowed-signers file.
    pub allowed_signers: PathBuf,
    /// Who must have signed; the record's principal when not given.
    pub principal: Option<String>,
    /// The client's own repository.
    pub repository: Option<PathBuf>,
}

/// Checks everything that can be checked.
pub fn verify(request: &VerifyRequest, clock: &dyn Clock) -> Verification {
    let signers = std::fs::read(&request.allowed_signers).map_err(|error| {
        format!(
            "{}: {error}; name your own list with --allowed-signers.",
            request.allowed_signers.display()
        )
    });
    let repository = request.repository.clone().map(Repository);
    signoff::verify(&VerifyInput {
        folder: &request.folder,
        allowed_signers: match &signers {
            Ok(bytes) => Ok(bytes.as_slice()),
            Err(reason) => Err(reason.clone()),
        },
        principal: request.principal.as_deref(),
        now: clock.now(),
        zone: &TimeZone::system(),
        repository: repository
            .as_ref()
            .map(|repository| Ok(repository as &dyn RepositoryFacts)),
        journal_check: &log_facts,
    })
}

fn log_facts(bytes: &[u8]) -> LogFacts {
    let check = verify_log(bytes);
    LogFacts {
        entries: check.entries.len() as u64,
        head: check.head.map(|head| head.to_string()),
        review: check.entries.first().map(|entry| entry.review.to_string()),
        problems: check.problems,
    }
}

struct Repository(PathBuf);

impl RepositoryFacts for Repository {
    fn tree_of(&self, commit: &ObjectId) -> Result<Option<ObjectId>, String> {
        git::tree_of(&self.0, commit).map_err(|error| error.to_string())
    }

    fn manifests(
        &self,
        kind: SourceKind,
        base: &Endpoint,
        head: &Endpoint,
    ) -> Result<Manifests, String> {
        let manifests = match (kind, &head.commit) {
            (SourceKind::Range | SourceKind::Commit | SourceKind::Tree, Some(head)) => {
                git::commit_manifests(&self.0, base.commit.as_ref(), head)
                    .map_err(|error| error.to_string())?
            }
            _ => {
                return Err(
                    "the change has no commits, so a repository cannot confirm it; compare the manifests with the \
                     patch or folder itself"
                        .to_owned(),
                );
            }
        };
        Ok(Manifests {
            change: manifests.change,
            tree: manifests.tree,
        })
    }

    fn head(&self) -> Option<ObjectId> {
        git::head_of(&self.0)
    }
}
