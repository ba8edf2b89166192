//! Review → [`Report`]. Owns what goes in and in which order; refuses to know how it is printed.

mod findings;
mod hints;
mod items;
mod judged;
mod scope;

use std::collections::BTreeMap;

use super::document::{
    EarlierSignature, ItemName, Parts, Production, Report, Reviewer, Signature, Summary, Tally, Who,
};
use super::shown::{Prose, Shown};
use super::{ReportInput, SignoffBlock};
use crate::model::{Checklist, Digest, ItemId, Person, RepoPath, Severity};
use crate::review::{Outcome, Review, SignoffState};

/// Gathers a review into a report.
pub fn build(input: &ReportInput<'_>) -> Report {
    let names = Names::of(input.checklists);
    let findings = findings::parts(input, &names);
    Report {
        title: Shown::line(title(input)),
        review: Shown::line(input.review.id.as_str()),
        repository: repository(input.review),
        generated_at: input.generated_at,
        signature: input.signoff.map(signature),
        reviewers: reviewers(input.review),
        summary: summary(input, &findings),
        scope: scope::scope(input),
        checklists: items::sections(input, &findings),
        waivers: items::waivers(input, &names),
        comments: items::remarks(input.review, &names),
        profile: judged::profile(input),
        critical: judged::critical(input),
        findings,
        hints: input.hints.map(hints::section),
        production: production(input),
    }
}

/// Items by id, named for a reader.
struct Names(BTreeMap<ItemId, ItemName>);

impl Names {
    fn of(checklists: &[Checklist]) -> Self {
        let mut names = BTreeMap::new();
        for list in checklists {
            for item in &list.items {
                let category = list.categories.iter().find(|c| c.id == item.category);
                let name = ItemName {
                    id: Shown::line(item.id.as_str()),
                    title: Shown::line(&item.title),
                    category: Shown::line(category.map_or(&item.category, |c| &c.title)),
                };
                names.insert(item.id.clone(), name);
            }
        }
        Self(names)
    }

    fn get(&self, id: &ItemId) -> ItemName {
        self.0.get(id).cloned().unwrap_or_else(|| ItemName {
            id: Shown::line(id.as_str()),
            title: Shown::line(id.as_str()),
            category: Shown::default(),
        })
    }
}

fn title<'a>(input: &ReportInput<'a>) -> &'a str {
    match &input.review.opened {
        Some(opened) if !opened.title.trim().is_empty() => &opened.title,
        _ => &input.change.title,
    }
}

/// Returns the folder's own name: where it lies on the reviewer's machine is none of the client's business.
fn repository(review: &Review) -> Option<Shown> {
    let path = review.opened.as_ref()?.repository.as_ref()?;
    let name = path
        .rsplit(['/', '\\'])
        .find(|part| !part.is_empty() && *part != ".git")?;
    Some(Shown::line(name))
}

fn who(person: &Person) -> Who {
    Who {
        name: Shown::line(&person.name),
        email: Shown::line(&person.email),
    }
}

fn path(path: &RepoPath) -> Shown {
    Shown::line(&path.quoted())
}

fn signature(block: &SignoffBlock) -> Signature {
    Signature {
        verdict: block.verdict,
        printed_name: Shown::line(&block.printed_name),
        role: Shown::line(&block.role),
        organisation: Shown::line(&block.organisation),
        principal: Shown::line(&block.principal),
        fingerprint: Shown::line(&block.fingerprint),
        signed_at: block.signed_at,
        statement: Prose::new(&block.statement),
        not_after: block.not_after,
        meaning: Prose::new(&block.meaning),
    }
}

/// Everybody who took part, each person once however many devices they used.
fn reviewers(review: &Review) -> Vec<Reviewer> {
    let mut by_key: BTreeMap<String, &Person> = BTreeMap::new();
    for person in review.people.values() {
        by_key.entry(person.key()).or_insert(person);
    }
    let mut all: Vec<Reviewer> = by_key
        .into_iter()
        .map(|(key, person)| Reviewer {
            who: who(person),
            items: review
                .items
                .values()
                .filter(|item| item.by_person.get(&key).is_some_and(|all| !all.is_empty()))
                .count() as u64,
            findings: review
                .findings
                .iter()
                .filter(|state| state.made.by.key() == key)
                .count() as u64,
        })
        .collect();
    all.sort_by(|a, b| a.who.cmp(&b.who));
    all
}

fn summary(input: &ReportInput<'_>, findings: &Parts) -> Summary {
    let count = |part: &[super::FindingEntry], severity| {
        part.iter().filter(|f| f.severity == severity).count() as u64
    };
    let outcomes: Vec<Outcome> = input
        .checklists
        .iter()
        .flat_map(|list| &list.items)
        .map(|item| input.review.outcome(&item.id))
        .collect();
    let mut by_outcome: BTreeMap<Outcome, u64> = BTreeMap::new();
    for outcome in &outcomes {
        *by_outcome.entry(*outcome).or_default() += 1;
    }
    Summary {
        tally: Severity::ALL
            .into_iter()
            .map(|severity| Tally {
                severity,
                now: count(&findings.now, severity),
                later: count(&findings.later, severity),
                accepted: count(&findings.accepted, severity),
            })
            .collect(),
        items: outcomes.len() as u64,
        decided: outcomes.iter().filter(|o| o.is_decided()).count() as u64,
        outcomes: by_outcome.into_iter().rev().collect(),
    }
}

fn production(input: &ReportInput<'_>) -> Production {
    let named = |digests: &BTreeMap<String, Digest>| {
        digests
            .iter()
            .map(|(name, digest)| (Shown::line(name), *digest))
            .collect()
    };
    let revision = input.review.revision.as_ref();
    Production {
        tool: Shown::line(input.tool.name),
        version: Shown::line(input.tool.version),
        parameters: Shown::line(revision.map_or("", |revision| &revision.parameters)),
        change: revision.map(|revision| revision.change),
        manifests: named(&input.binding.manifests),
        journals: named(&input.binding.journals),
        entries: input.review.entries,
        unknown: input.review.unknown.values().sum(),
        earlier: input.review.signoffs.iter().map(earlier).collect(),
    }
}

fn earlier(state: &SignoffState) -> EarlierSignature {
    EarlierSignature {
        record: state.signed.record,
        verdict: state.signed.verdict,
        principal: Shown::line(&state.signed.principal),
        fingerprint: Shown::line(&state.signed.fingerprint),
        at: state.stamp.at,
        withdrawn: state.withdrawn.as_deref().map(Shown::line),
    }
}
