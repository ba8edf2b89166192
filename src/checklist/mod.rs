//! Checklists: reading and checking their TOML files, the embedded ones, several as one review, and their text on a
//! terminal. Owns the file format; refuses to know the change under review, and never looks for a list in it.
//!
//! The format is described at the top of `checklists/ai-preproduction.toml`. A list is used only when [`lint`] finds
//! nothing in it: there are no warnings, because a sign-off binds the list it was made with.

mod editors;
pub mod figures;
pub mod import;
mod join;
mod position;
mod read;
mod relations;
mod rules;
mod schema;
mod shelf;
pub mod show;
mod sources;
mod template;
mod values;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use crate::model::Checklist;
use crate::support::digest::sha256;

pub use editors::json_schema;
pub use join::{combine, filled};
pub(crate) use position::Places;
pub use shelf::{
    Available, ChecklistError, Origin, available, builtin, load, read_ahead, read_source,
};
pub use sources::{Answer, Recommendation, SourceFile, sources_of};
pub use template::template;
pub(crate) use words::{closest, is_hidden, quoted};

/// The newest form of checklist file this program reads.
pub const FORMAT: u32 = 1;

/// One thing that is wrong in a checklist file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What is wrong, and why: a lower-case fragment, free of control characters.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Every mistake of one file, in the order of the file; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintReport {
    /// The file as the user named it.
    pub name: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for LintReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the checklist has mistakes and is not used; correct them and try again\n")?;
        f.write_str(show::lint_text(&self.name, &self.mistakes).trim_end())
    }
}

impl std::error::Error for LintReport {}

/// Reads a checklist from the text of its file; `name` stands for the file in the report.
pub fn parse(source: &str, name: &str) -> Result<Checklist, LintReport> {
    let (draft, mistakes) = rules::examine(source, None);
    if !mistakes.is_empty() {
        return Err(LintReport {
            name: name.to_owned(),
            mistakes,
        });
    }
    Ok(Checklist {
        id: draft.id.as_str().into(),
        version: draft.version,
        title: draft.title,
        description: draft.description,
        stages: draft.stages,
        categories: draft.categories,
        items: draft.items,
        source: Arc::from(source),
        digest: sha256(source.as_bytes()),
    })
}

/// Tells whether a text can be a list's id: lower-case letters, digits, single hyphens, at most 40.
pub fn is_id(text: &str) -> bool {
    text.len() <= 40 && rules::is_slug(text)
}

/// Returns every mistake of a checklist file at once, in the order of the file; none means that it can be used.
pub fn lint(source: &str) -> Vec<Mistake> {
    rules::examine(source, None).1
}

/// Returns every mistake of a checklist file, names of items in other lists included, which must be among those given.
pub fn lint_among(source: &str, others: &[Checklist]) -> Vec<Mistake> {
    rules::examine(source, Some(others)).1
}
