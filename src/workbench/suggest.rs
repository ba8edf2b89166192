//! Which checklists and items fit a change, by the names of its files. Begins no review and decides nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::Setting;
use crate::checklist;
use crate::git;
use crate::model::{AnsweredBy, Checklist, ChecklistId, ItemId, SourceSpec};
use crate::review::Kinds;
use crate::support::text::visible;
use crate::syntax::detect;

/// What fits a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The change, as it was named; visible text.
    pub change: String,
    /// How many files it has.
    pub files: usize,
    /// How many files there are of each kind, most first.
    pub kinds: Vec<(String, usize)>,
    /// Each list that can be named by id.
    pub lists: Vec<Fit>,
    /// Questions of all lists together, those in several counted once.
    pub questions: usize,
    /// Questions that another list's answer.
    pub shared: usize,
}

/// How a list fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The list.
    pub id: ChecklistId,
    /// How many items it has.
    pub items: usize,
    /// How many of those that can apply are answered by asking the client.
    pub by_asking: usize,
    /// Items whose paths a file of the change matches, with that file.
    pub matched: Vec<(ItemId, String)>,
    /// Items that cannot apply, and why.
    pub out: Vec<(ItemId, String)>,
}

/// Holds every list against a change.
pub fn suggest(setting: &Setting, range: Option<&str>) -> anyhow::Result<Suggestion> {
    let spec = SourceSpec::Revisions(range.map(str::to_owned));
    let source = git::open(&spec, &setting.cwd)?;
    let change = &source.change;
    let kinds = Kinds::of(change);
    let folders = [setting.folders.checklists()];
    let lists: Vec<Checklist> = checklist::available(&folders)
        .into_iter()
        .filter_map(|one| one.checklist.ok())
        .collect();
    let fits = lists.iter().map(|list| fit(list, &kinds)).collect();
    let all: usize = lists.iter().map(|list| list.items.len()).sum();
    let together = checklist::combine(lists)?;
    let questions: usize = together.iter().map(|list| list.items.len()).sum();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for file in &change.files {
        let language = detect(&file.path, b"").map(|language| language.name().to_owned());
        let name = visible(&file.path.file_name()).into_owned();
        let ending = Path::new(&name)
            .extension()
            .map(|end| format!(".{}", end.display()));
        let kind = language.or(ending).unwrap_or_else(|| "other".to_owned());
        *counted.entry(kind).or_default() += 1;
    }
    let mut counted: Vec<(String, usize)> = counted.into_iter().collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(Suggestion {
        change: visible(&change.title).into_owned(),
        files: change.files.len(),
        kinds: counted,
        lists: fits,
        questions,
        shared: all - questions,
    })
}

fn fit(list: &Checklist, kinds: &Kinds<'_>) -> Fit {
    let out: Vec<(ItemId, String)> = list
        .items
        .iter()
        .filter_map(|item| Some((item.id.clone(), kinds.against(item)?)))
        .collect();
    let applies = |id: &ItemId| out.iter().all(|(known, _)| known != id);
    Fit {
        id: list.id.clone(),
        items: list.items.len(),
        by_asking: list
            .items
            .iter()
            .filter(|item| applies(&item.id) && item.answered_by.contains(&AnsweredBy::Client))
            .count(),
        matched: list
            .items
            .iter()
            .filter(|item| !item.paths.is_empty())
            .filter_map(|item| Some((item.id.clone(), kinds.example(item)?.to_owned())))
            .collect(),
        out,
    }
}
