//! The report of an open review, in a format.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::Desk;
use crate::git;
use crate::model::{DiffBody, Digest, RepoPath};
use crate::report::{self, Binding, Report, ReportInput, SeenHints, SignoffBlock, Tool};
use crate::review::Coverage;
use crate::support::digest::sha256;

/// A readable form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// One self-contained HTML file.
    Html,
    /// JSON with documented names.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Html, Self::Json];

    /// Returns the file's name in a bundle.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Markdown => "report.md",
            Self::Html => "report.html",
            Self::Json => "report.json",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Json => "application/json",
        }
    }
}

/// Renders the review as it is now, unsigned.
pub fn export(desk: &mut Desk, format: Format) -> anyhow::Result<String> {
    desk.count_all();
    let manifests = git::manifests(&desk.source)?;
    let binding = Binding {
        manifests: named_manifests(&manifests),
        journals: BTreeMap::new(),
    };
    let coverage = desk.coverage();
    let report = build(desk, &coverage, None, &binding, desk.setting.clock.now());
    render(&report, format)
}

pub(super) fn build(
    desk: &Desk,
    coverage: &Coverage,
    signoff: Option<&SignoffBlock>,
    binding: &Binding,
    at: jiff::Timestamp,
) -> Report {
    let review = desk.review();
    let bodies = bodies(desk);
    let found = desk.hints();
    report::build(&ReportInput {
        review,
        change: desk.change(),
        bodies: &bodies,
        profile: desk.profile(),
        critical: &desk.critical(),
        checklists: desk.checklists(),
        coverage,
        hints: Some(SeenHints {
            hints: &found.hints,
            problems: &found.problems,
        }),
        signoff,
        binding,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        generated_at: at,
    })
}

pub(super) fn render(report: &Report, format: Format) -> anyhow::Result<String> {
    Ok(match format {
        Format::Markdown => report::markdown(report),
        Format::Html => report::html(report).context("the HTML report could not be rendered")?,
        Format::Json => report::json(report),
    })
}

pub(super) fn named_manifests(manifests: &git::Manifests) -> BTreeMap<String, Digest> {
    let tree = manifests.tree.map(|digest| ("tree".to_owned(), digest));
    [("change".to_owned(), manifests.change)]
        .into_iter()
        .chain(tree)
        .collect()
}

pub(super) fn digest_of(text: &str) -> Digest {
    sha256(text.as_bytes())
}

/// What there is to show of the files that have no lines.
fn bodies(desk: &Desk) -> BTreeMap<RepoPath, DiffBody> {
    desk.change()
        .files
        .iter()
        .filter(|file| {
            desk.facts
                .get(&file.path)
                .is_none_or(|facts| facts.iter().all(|facts| facts.rows == 0))
        })
        .map(|file| (file.path.clone(), desk.content().diff(file).body))
        .collect()
}
