//! Which items fit a change: what cannot apply to it is proposed as not applicable, with the reason; what waits for
//! another item says so. Owns proposals alone: a person decides, nothing here ever does.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobSetBuilder};

use super::{Outcome, Review};
use crate::model::{AnsweredBy, ChangeSet, Checklist, Item, ItemId};
use crate::syntax::detect;

/// What is said of an undecided item before anybody decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// It cannot apply here, and why, as a sentence; it waits for a person to say so.
    NotApplicable(String),
    /// Other items come first; their ids.
    Waits(Vec<ItemId>),
}

/// Which kinds of files a change holds; looked at when the first item asks.
#[derive(Debug)]
pub struct Kinds<'a> {
    change: &'a ChangeSet,
    paths: OnceCell<Vec<String>>,
    languages: OnceCell<BTreeSet<String>>,
}

impl<'a> Kinds<'a> {
    /// Takes a change.
    pub fn of(change: &'a ChangeSet) -> Self {
        Self {
            change,
            paths: OnceCell::new(),
            languages: OnceCell::new(),
        }
    }

    fn paths(&self) -> &[String] {
        self.paths.get_or_init(|| {
            let files = self.change.files.iter();
            files.map(|file| file.path.quoted()).collect()
        })
    }

    fn languages(&self) -> &BTreeSet<String> {
        self.languages.get_or_init(|| {
            let files = self.change.files.iter();
            files
                .filter_map(|file| detect(&file.path, b""))
                .flat_map(|language| spellings(language.name()))
                .collect()
        })
    }

    /// Returns why an item cannot apply to the change; `None` where it may. An item that is answered by asking applies to
    /// any change.
    pub fn against(&self, item: &Item) -> Option<String> {
        let by_asking = item.answered_by.contains(&AnsweredBy::Client);
        if by_asking || (item.languages.is_empty() && item.paths.is_empty()) {
            return None;
        }
        let speaks = item
            .languages
            .iter()
            .any(|name| self.languages().contains(name));
        if speaks || self.has_path(&item.paths) {
            return None;
        }
        let mut reasons = Vec::new();
        if !item.languages.is_empty() {
            reasons.push(format!(
                "no file of it is written in {}",
                item.languages.join(", ")
            ));
        }
        if !item.paths.is_empty() {
            let shown: Vec<&str> = item.paths.iter().take(4).map(String::as_str).collect();
            let more = item.paths.len() - shown.len();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            reasons.push(format!(
                "none of its files matches {}{more}",
                shown.join(", ")
            ));
        }
        Some(format!(
            "Cannot occur in this change: {}.",
            reasons.join(", and ")
        ))
    }

    /// Returns a file of the change that one of some patterns matches.
    pub fn example(&self, item: &Item) -> Option<&str> {
        let set = set_of(&item.paths)?;
        self.paths()
            .iter()
            .find(|path| set.is_match(path))
            .map(String::as_str)
    }

    fn has_path(&self, patterns: &[String]) -> bool {
        set_of(patterns).is_some_and(|set| self.paths().iter().any(|path| set.is_match(path)))
    }
}

fn set_of(patterns: &[String]) -> Option<globset::GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // Lint has refused what is no pattern.
        set.add(Glob::new(pattern).ok()?);
    }
    set.build().ok()
}

/// The names checklists may use for a language.
fn spellings(name: &str) -> Vec<String> {
    let plain = name.to_lowercase();
    let also = match plain.as_str() {
        "jsx" => &["javascript"][..],
        "tsx" => &["typescript"][..],
        "bash" => &["shell", "sh"][..],
        "hcl" => &["terraform"][..],
        "c#" => &["csharp"][..],
        _ => &[][..],
    };
    let also = also.iter().map(|name| (*name).to_owned());
    std::iter::once(plain).chain(also).collect()
}

/// Returns the items that cannot apply to a change, with the reasons; a question of several lists is out only where it is
/// out of each.
pub fn inapplicable(checklists: &[Checklist], kinds: &Kinds<'_>) -> BTreeMap<ItemId, String> {
    let items = checklists.iter().flat_map(|list| &list.items);
    items
        .filter_map(|item| {
            let reason = kinds.against(item)?;
            let mut twins = item.twins.iter();
            let all = twins.all(|twin| kinds.against(&twin.item).is_some());
            all.then(|| (item.id.clone(), reason))
        })
        .collect()
}

/// Returns what is said of the undecided items of a review; `out` are those that cannot apply to its change.
pub fn proposals(
    review: &Review,
    checklists: &[Checklist],
    out: &BTreeMap<ItemId, String>,
) -> BTreeMap<ItemId, Proposal> {
    let items: BTreeMap<&ItemId, &Item> = checklists
        .iter()
        .flat_map(|list| &list.items)
        .map(|item| (&item.id, item))
        .collect();
    let open = items
        .values()
        .filter(|item| review.outcome(&item.id) == Outcome::Undecided);
    open.filter_map(|item| Some((item.id.clone(), proposal(review, item, &items, out)?)))
        .collect()
}

fn proposal(
    review: &Review,
    item: &Item,
    items: &BTreeMap<&ItemId, &Item>,
    out: &BTreeMap<ItemId, String>,
) -> Option<Proposal> {
    if let Some(reason) = out.get(&item.id) {
        return Some(Proposal::NotApplicable(reason.clone()));
    }
    let ahead = || item.depends_on.iter().filter(|id| items.contains_key(id));
    if let Some(id) = ahead().find(|id| review.outcome(id) == Outcome::NotApplicable) {
        let title = items.get(id).map_or("", |item| &item.title);
        return Some(Proposal::NotApplicable(format!(
            "Follows from {id}, which is not applicable here ({title})."
        )));
    }
    let waits: Vec<ItemId> = ahead()
        .filter(|id| !review.outcome(id).is_decided())
        .cloned()
        .collect();
    (!waits.is_empty()).then_some(Proposal::Waits(waits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Endpoint, FileChange, FileStatus, Person, RepoPath, ReviewId, SourceKind, Verdict,
    };
    use crate::review::{ItemState, Stamp, VerdictState};

    fn change(paths: &[&str]) -> ChangeSet {
        let file = |path: &&str| FileChange {
            path: RepoPath::from(*path),
            old_path: None,
            status: FileStatus::Added,
            old: None,
            new: None,
        };
        ChangeSet {
            kind: SourceKind::Range,
            title: "a…b".to_owned(),
            base: Endpoint::named("a"),
            head: Endpoint::named("b"),
            object_format: None,
            files: paths.iter().map(file).collect(),
            problems: Vec::new(),
        }
    }

    fn item(id: &str) -> Item {
        Item::asking(id, "c", id, "Is it?")
    }

    fn list(items: Vec<Item>) -> Checklist {
        Checklist {
            items,
            ..crate::checklist::builtin()[0].clone()
        }
    }

    fn decided(id: &str, verdict: Verdict) -> Review {
        let mut review = crate::review::fold(&ReviewId::from("r0123456789abcdef"), &[]);
        let person = Person {
            name: "D".to_owned(),
            email: "d@x".to_owned(),
        };
        let state = VerdictState {
            verdict,
            stamp: Stamp {
                entry: crate::model::EntryId(crate::support::digest::sha256(b"e")),
                by: person,
                at: "2026-11-20T10:00:00Z".parse().expect("a time"),
                lamport: 1,
            },
            reference: None,
        };
        let by_person = BTreeMap::from([("d@x".to_owned(), vec![state])]);
        review.items.insert(id.into(), ItemState { by_person });
        review
    }

    #[test]
    fn an_item_whose_files_are_not_there_is_proposed_with_the_reason() {
        let change = change(&["shop/a.py", "web/b.tsx"]);
        let kinds = Kinds::of(&change);
        let mut sql = item("sql");
        sql.paths = vec!["**/*.sql".to_owned()];
        let reason = kinds.against(&sql).expect("no SQL");
        assert_eq!(
            reason,
            "Cannot occur in this change: none of its files matches **/*.sql."
        );
        let mut both = sql.clone();
        both.languages = vec!["python".to_owned()];
        assert_eq!(kinds.against(&both), None, "one of the two is enough");
        both.languages = vec!["typescript".to_owned()];
        assert_eq!(kinds.against(&both), None, "TSX is TypeScript");
        both.languages = vec!["go".to_owned()];
        assert!(kinds.against(&both).is_some());
        both.answered_by = vec![AnsweredBy::Client];
        assert_eq!(kinds.against(&both), None, "the client can be asked");
        assert_eq!(kinds.against(&item("any")), None);
    }

    #[test]
    fn an_item_waits_for_what_comes_first_and_follows_what_is_not_applicable() {
        let kinds = BTreeMap::new();
        let mut second = item("second");
        second.depends_on = vec!["first".into(), "absent".into()];
        let lists = [list(vec![item("first"), second])];
        let none = crate::review::fold(&ReviewId::from("r0123456789abcdef"), &[]);
        let waits = proposals(&none, &lists, &kinds);
        assert_eq!(
            waits[&"second".into()],
            Proposal::Waits(vec!["first".into()])
        );
        assert_eq!(waits.len(), 1);
        let reason = String::new();
        let out = decided("first", Verdict::NotApplicable { reason });
        assert!(matches!(
            &proposals(&out, &lists, &kinds)[&"second".into()],
            Proposal::NotApplicable(reason) if reason.starts_with("Follows from first")
        ));
        let reason = String::new();
        let fine = decided("first", Verdict::Accepted { reason });
        assert!(proposals(&fine, &lists, &kinds).is_empty());
    }
}
