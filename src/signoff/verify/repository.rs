//! The record against the reader's own repository. Owns the questions; the answers come from whoever can open one.

use super::super::record::Manifests;
use super::super::statement::{Change, End, Statement};
use super::super::text::visible_line;
use super::{CheckOutcome, Run};
use crate::model::{Endpoint, ObjectId, SourceKind};

/// What a repository says. Errors are fragments that say why it cannot say, and what to do next.
pub trait RepositoryFacts {
    /// Returns the tree of a commit; `None` where the commit is not there.
    fn tree_of(&self, commit: &ObjectId) -> Result<Option<ObjectId>, String>;

    /// Computes the manifests of a change anew from its ends.
    fn manifests(
        &self,
        kind: SourceKind,
        base: &Endpoint,
        head: &Endpoint,
    ) -> Result<Manifests, String>;

    /// Returns the commit that is checked out, where there is one.
    fn head(&self) -> Option<ObjectId> {
        None
    }
}

/// Checks commit, tree and manifests.
pub(super) fn check_repository(
    run: &mut Run,
    repository: Option<&Result<&dyn RepositoryFacts, String>>,
    statement: &Statement,
) {
    let change = &statement.predicate.change;
    let facts = match repository {
        None => {
            let words = "No repository was given (--repo); the commit, tree and manifests were not compared.";
            return run.add("repository", CheckOutcome::Skipped, words);
        }
        Some(Err(why)) => {
            let words = format!("The repository could not be opened: {}", visible_line(why));
            return run.unable("repository", words);
        }
        Some(Ok(facts)) => *facts,
    };
    if change.head.git_commit.is_none() {
        let words = "The record is bound by content manifests, not by commits, so there is no commit to look for.";
        return run.add("repository", CheckOutcome::Skipped, words);
    }
    let base = check_end(run, facts, "base", &change.base);
    let head = check_end(run, facts, "head", &change.head);
    if base && head {
        check_manifests(run, facts, change);
    }
    if let (Some(out), Some(signed)) = (facts.head(), &change.head.git_commit)
        && &out.to_string() != signed
    {
        run.notes.push(format!(
            "The repository has {out} checked out; the sign-off is for {signed} and for nothing else."
        ));
    }
}

/// Checks one end; tells whether the manifests can be computed from it.
fn check_end(run: &mut Run, facts: &dyn RepositoryFacts, which: &str, end: &End) -> bool {
    let Some(commit) = &end.git_commit else {
        return true;
    };
    let name = format!("{which} commit");
    match facts.tree_of(&ObjectId::new(commit.clone())) {
        Err(why) => {
            let why = visible_line(&why);
            run.unable(
                name,
                format!("The commit {commit} could not be read: {why}"),
            );
            false
        }
        Ok(None) => {
            let words = format!(
                "The commit {commit} is not in this repository; fetch it (in a shallow clone: git fetch --unshallow), or \
                 name the right repository."
            );
            run.unable(name, words);
            false
        }
        Ok(Some(tree))
            if end
                .git_tree
                .as_ref()
                .is_some_and(|signed| signed != &tree.to_string()) =>
        {
            let words = format!(
                "The commit {commit} has the tree {tree}, the record has {}.",
                end.git_tree.as_deref().unwrap_or_default()
            );
            run.failed(name, words);
            true
        }
        Ok(Some(_)) => {
            run.passed(
                name,
                format!("The commit {commit} is there, with the tree in the record."),
            );
            true
        }
    }
}

fn check_manifests(run: &mut Run, facts: &dyn RepositoryFacts, change: &Change) {
    let Some(kind) = SourceKind::from_name(&change.kind) else {
        let words =
            "The record's kind of change is unknown to this version; use a newer countersign.";
        return run.unable("manifests", words);
    };
    let found = match facts.manifests(kind, &endpoint(&change.base), &endpoint(&change.head)) {
        Ok(found) => found,
        Err(why) => {
            let words = format!(
                "The manifests could not be computed: {}",
                visible_line(&why)
            );
            return run.unable("manifests", words);
        }
    };
    let pairs = [
        (
            "change manifest",
            Some(&change.change_manifest),
            Some(found.change),
        ),
        ("tree manifest", change.tree_manifest.as_ref(), found.tree),
    ];
    for (name, signed, found) in pairs {
        match (signed, found) {
            (Some(signed), Some(found)) if signed == &found.to_string() => {
                run.passed(
                    name,
                    "Computed anew from the repository, it is the one in the record.",
                );
            }
            (Some(signed), Some(found)) => {
                let words =
                    format!("The repository's content gives {found}, the record has {signed}.");
                run.failed(name, words);
            }
            (Some(_), None) => {
                run.unable(
                    name,
                    "The repository could not compute it; use a newer countersign.",
                );
            }
            (None, _) => run.add(name, CheckOutcome::Skipped, "The record has none."),
        }
    }
}

fn endpoint(end: &End) -> Endpoint {
    Endpoint {
        label: end.label.clone(),
        commit: end.git_commit.clone().map(ObjectId::new),
        tree: end.git_tree.clone().map(ObjectId::new),
    }
}
