//! Opening: the same change resumes, another one begins.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::begin::Beginning;
use super::{Act, Desk, Setting};
use crate::checklist;
use crate::git::{self, OpenedSource};
use crate::journal::{self, Journal, Summary};
use crate::model::{Checklist, Entry, ReviewId, SourceSpec};
use crate::profile;
use crate::review::{Review, fold};
use crate::support::clock::stamp;
use crate::support::text::visible;

/// The checklist of a review that names none.
const DEFAULT_CHECKLIST: &str = "ai-preproduction";

/// What to open.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    /// The change.
    pub spec: SourceSpec,
    /// Checklists by id or file; empty means those of an earlier review of the same change, or the default.
    pub checklists: Vec<String>,
    /// The review's name; the change's when not given.
    pub title: Option<String>,
    /// The text of a production profile; the review's own when not given.
    pub profile: Option<String>,
}

/// Which review a verb means.
#[derive(Debug, Clone)]
pub enum Which {
    /// By id or a prefix of it.
    Named(String),
    /// The only or the last review of the repository here.
    Here,
}

/// A review as lists show it.
#[derive(Debug, Clone)]
pub struct Overview {
    /// From the journal.
    pub summary: Summary,
    /// Items decided, and items; `None` where the checklists cannot be read.
    pub progress: Option<(usize, usize)>,
    /// Whether it is of the repository here.
    pub here: bool,
}

impl Desk {
    /// Opens a change: resumes its review where there is one with these checklists, begins one otherwise.
    pub fn open(setting: &Setting, request: &OpenRequest) -> anyhow::Result<Self> {
        let mut desk = Self::open_at_once(setting, request)?;
        desk.keep()?;
        Ok(desk)
    }

    /// Opens a change like [`Desk::open`], but leaves the writing of a review that begins to [`Desk::keep`], which every
    /// act does first: what is to be looked at does not wait for the disk.
    pub fn open_at_once(setting: &Setting, request: &OpenRequest) -> anyhow::Result<Self> {
        if let Some(source) = &request.profile {
            // Nothing begins with a profile that cannot be used.
            profile::parse(source, "profile.toml")?;
        }
        let mut desk = Self::open_change(setting, request)?;
        if let Some(source) = request.profile.clone() {
            desk.act(&Act::SetProfile { source })?;
        }
        Ok(desk)
    }

    fn open_change(setting: &Setting, request: &OpenRequest) -> anyhow::Result<Self> {
        // The questions are read while git compares the trees.
        let (source, asked) = std::thread::scope(|scope| {
            let asked = scope.spawn(|| load_questions(setting, &request.checklists));
            let source = git::open(&request.spec, &setting.cwd);
            (source, asked.join())
        });
        let source = source?;
        let asked = asked.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let earlier = setting.store.by_change(&source.revision.change)?;
        let fits = |summary: &&Summary| match &asked {
            Questions::Usual(_) => true,
            Questions::Asked(asked) => has_checklists(setting, &summary.id, asked),
        };
        let last = earlier
            .iter()
            .filter(fits)
            .max_by_key(|summary| summary.last);
        if let Some(summary) = last {
            let journal = Journal::open(
                &setting.store,
                &summary.id,
                &setting.person,
                Arc::clone(&setting.clock),
            )?;
            let checklists = kept_checklists(&journal)?;
            let notes = vec![format!("Resumed review {}.", summary.id)];
            return Ok(Self::assemble(setting, journal, source, checklists, notes));
        }
        let checklists = match asked {
            Questions::Asked(lists) => lists,
            Questions::Usual(list) => vec![*list],
        };
        let mut notes = earlier_revision(setting, &source)?;
        let beginning = Beginning::of(request, &source, &checklists);
        let journal = beginning.draft(setting, &source)?;
        notes.insert(0, format!("Review {} begins.", journal.id()));
        let checklists = checklist::combine(checklists)?;
        let mut desk = Self::assemble(setting, journal, source, checklists, notes);
        desk.beginning = Some(beginning);
        Ok(desk)
    }

    /// Opens a review by what a verb says.
    pub fn resume(setting: &Setting, which: &Which) -> anyhow::Result<Self> {
        let id = find(setting, which)?;
        let journal = Journal::open(
            &setting.store,
            &id,
            &setting.person,
            Arc::clone(&setting.clock),
        )?;
        let review = fold(&id, journal.entries());
        let revision = review.revision.as_ref().with_context(|| {
            let problems = match journal.problems() {
                [] => "its journal holds no entry that does".to_owned(),
                problems => problems.join(" "),
            };
            format!("review {id} names no change: {problems} `countersign log --review {id}` shows what can be read")
        })?;
        let repository = review
            .opened
            .as_ref()
            .and_then(|opened| opened.repository.clone());
        let recorded = repository.as_deref().map(Path::new);
        let copy = journal.folder().join("source");
        let source = git::reopen(revision, recorded, &copy).or_else(|error| {
            // The repository may have moved, or this is another clone of it: the ids name the same bytes.
            let here = git::discover(&setting.cwd).ok_or_else(|| error.clone())?;
            git::reopen(revision, Some(&here), &copy).map_err(|_| error)
        })?;
        let checklists = kept_checklists(&journal)?;
        Ok(Self::assemble(
            setting,
            journal,
            source,
            checklists,
            Vec::new(),
        ))
    }
}

/// A review's journal, whatever became of the change it is about.
#[derive(Debug)]
pub struct History {
    /// Its entries, as read.
    pub entries: Vec<Entry>,
    /// What they come to.
    pub review: Review,
    /// What is wrong with the journal, as sentences.
    pub problems: Vec<String>,
}

/// Reads a review's journal; needs neither the change nor the checklists.
pub fn history(setting: &Setting, which: &Which) -> anyhow::Result<History> {
    let id = find(setting, which)?;
    let clock = Arc::clone(&setting.clock);
    let journal = Journal::open_read_only(&setting.store, &id, &setting.person, clock)?;
    Ok(History {
        review: fold(&id, journal.entries()),
        problems: journal.problems().to_vec(),
        entries: journal.entries().to_vec(),
    })
}

/// Lists all reviews, the last touched first.
pub fn overviews(setting: &Setting) -> anyhow::Result<Vec<Overview>> {
    let here = git::discover(&setting.cwd);
    let mut all: Vec<Overview> = setting
        .store
        .reviews()?
        .into_iter()
        .map(|summary| Overview {
            progress: progress(setting, &summary.id),
            here: is_here(&summary, here.as_deref()),
            summary,
        })
        .collect();
    all.sort_by_key(|overview| std::cmp::Reverse(overview.summary.last));
    Ok(all)
}

fn progress(setting: &Setting, id: &ReviewId) -> Option<(usize, usize)> {
    let journal = read_journal(setting, id)?;
    let lists = kept_checklists(&journal).ok()?;
    let review = fold(id, journal.entries());
    let items: Vec<_> = lists.iter().flat_map(|list| &list.items).collect();
    let decided = items
        .iter()
        .filter(|item| review.outcome(&item.id).is_decided())
        .count();
    Some((decided, items.len()))
}

fn read_journal(setting: &Setting, id: &ReviewId) -> Option<Journal> {
    Journal::open_read_only(
        &setting.store,
        id,
        &setting.person,
        Arc::clone(&setting.clock),
    )
    .ok()
}

fn is_here(summary: &Summary, here: Option<&Path>) -> bool {
    match (&summary.repository, here) {
        (Some(repository), Some(here)) => Path::new(repository) == here,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn find(setting: &Setting, which: &Which) -> anyhow::Result<ReviewId> {
    if let Which::Named(prefix) = which {
        return Ok(setting.store.find(prefix)?);
    }
    let here = git::discover(&setting.cwd);
    let all = setting.store.reviews()?;
    let newest = |pick: &dyn Fn(&Summary) -> bool| {
        all.iter()
            .filter(|summary| pick(summary))
            .max_by_key(|summary| summary.last)
            .map(|summary| summary.id.clone())
    };
    let found = newest(&|summary| is_here(summary, here.as_deref()))
        .or_else(|| newest(&|summary| summary.repository.is_none()))
        .or_else(|| {
            if let [only] = all.as_slice() {
                Some(only.id.clone())
            } else {
                None
            }
        });
    match found {
        Some(id) => Ok(id),
        None if all.is_empty() => bail!(
            "there is no review yet; `countersign review` begins one of the change in this repository, \
             `countersign demo` shows one"
        ),
        None => bail!(
            "no review belongs to this repository; `countersign list` shows all of them, --review ID names one"
        ),
    }
}

/// What a review is to ask.
enum Questions {
    /// What the reader named.
    Asked(Vec<Checklist>),
    /// Nothing was named: those of an earlier review, or else these.
    Usual(Box<Checklist>),
}

fn load_questions(setting: &Setting, asked: &[String]) -> anyhow::Result<Questions> {
    Ok(match load_checklists(setting, asked)? {
        Some(lists) => Questions::Asked(lists),
        None => Questions::Usual(Box::new(checklist::load(DEFAULT_CHECKLIST, &[])?)),
    })
}

/// Loads the checklists that were asked for; `None` where none was.
fn load_checklists(setting: &Setting, asked: &[String]) -> anyhow::Result<Option<Vec<Checklist>>> {
    if asked.is_empty() {
        return Ok(None);
    }
    let folders = [setting.folders.checklists()];
    let lists = asked
        .iter()
        .map(|name| checklist::load(name, &folders))
        .collect::<Result<Vec<_>, _>>()?;
    // Clashes, and names that lead nowhere, are found before anything is written.
    checklist::combine(lists.clone())?;
    let others = checklist::available(&folders).into_iter();
    let mut known: Vec<Checklist> = others.filter_map(|one| one.checklist.ok()).collect();
    known.extend(lists.iter().cloned());
    for list in &lists {
        let mistakes = checklist::lint_among(&list.source, &known);
        if !mistakes.is_empty() {
            let name = list.id.to_string();
            return Err(checklist::LintReport { name, mistakes }.into());
        }
    }
    Ok(Some(lists))
}

fn has_checklists(setting: &Setting, id: &ReviewId, asked: &[Checklist]) -> bool {
    let Some(journal) = read_journal(setting, id) else {
        return false;
    };
    let review = fold(id, journal.entries());
    let Some(opened) = &review.opened else {
        return false;
    };
    opened.checklists.len() == asked.len()
        && opened
            .checklists
            .iter()
            .zip(asked)
            .all(|(kept, asked)| kept.digest == asked.digest)
}

/// Reads the checklists as they were when the review began.
fn kept_checklists(journal: &Journal) -> anyhow::Result<Vec<Checklist>> {
    let review = fold(journal.id(), journal.entries());
    let opened = review.opened.with_context(|| {
        format!(
            "review {} has no opening entry that can be read",
            journal.id()
        )
    })?;
    let mut lists = Vec::new();
    for kept in &opened.checklists {
        let bytes = journal::kept_checklist(journal.folder(), &kept.digest).with_context(|| {
            format!(
                "the copy of checklist {} that review {} keeps cannot be read; restore {} from a backup",
                kept.id,
                journal.id(),
                journal.folder().join("checklists").display()
            )
        })?;
        let text = String::from_utf8(bytes)
            .with_context(|| format!("the kept copy of checklist {} is not text", kept.id))?;
        lists.push(checklist::parse(&text, kept.id.as_str()).map_err(|report| {
            anyhow::anyhow!(
                "the kept copy of checklist {} is damaged: {report}",
                kept.id
            )
        })?);
    }
    Ok(checklist::combine(lists)?)
}

/// Says that an earlier review saw other commits of the same range.
fn earlier_revision(setting: &Setting, source: &OpenedSource) -> anyhow::Result<Vec<String>> {
    let repository = source
        .repository
        .as_ref()
        .map(|path| path.display().to_string());
    let same_name = |summary: &&Summary| {
        summary.repository == repository
            && repository.is_some()
            && summary.revision.as_ref().is_some_and(|revision| {
                revision.title == source.revision.title && revision.change != source.revision.change
            })
    };
    let earlier = setting.store.reviews()?;
    let last = earlier
        .iter()
        .filter(same_name)
        .max_by_key(|summary| summary.last);
    Ok(last
        .map(|summary| {
            let at = summary.last.map(stamp).unwrap_or_default();
            format!(
                "Review {} saw an earlier state of {} (last touched {at}); it stays as it is, \
                 `countersign review --review {0}` opens it.",
                summary.id,
                visible(&source.revision.title)
            )
        })
        .into_iter()
        .chain(source.notes.iter().cloned())
        .collect())
}
