//! Every item with its decisions, waivers apart, and the comments a client may read.

use std::collections::BTreeSet;

use super::super::ReportInput;
use super::super::document::{
    About, CategorySection, ChecklistSection, ChecklistSource, Decision, ItemEntry, Parts, Remark,
    Waiver,
};
use super::super::shown::{Prose, Shown};
use super::findings::evidence;
use super::{Names, path, who};
use crate::checklist::figures;
use crate::model::{Checklist, CommentTarget, Item, ItemId, Verdict, Visibility};
use crate::review::{ItemState, Review, VerdictState};

pub(super) fn sections(input: &ReportInput<'_>, findings: &Parts) -> Vec<ChecklistSection> {
    let mut sections: Vec<ChecklistSection> = input
        .checklists
        .iter()
        .map(|list| section(input, list, findings))
        .collect();
    sections.extend(strays(input, findings));
    sections
}

pub(super) fn waivers(input: &ReportInput<'_>, names: &Names) -> Vec<Waiver> {
    let today = input.generated_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut waivers: Vec<Waiver> = input
        .review
        .items
        .iter()
        .flat_map(|(item, state)| state.standing().into_iter().map(move |one| (item, one)))
        .filter_map(|(item, state)| match &state.verdict {
            Verdict::Waived { by, reason, until } => Some(Waiver {
                item: names.get(item),
                carried_by: Shown::line(by),
                until: *until,
                lapsed: *until < today,
                reason: Prose::new(reason),
                by: who(&state.stamp.by),
                at: state.stamp.at,
            }),
            Verdict::Accepted { .. } | Verdict::Flagged | Verdict::NotApplicable { .. } => None,
        })
        .collect();
    // The first to lapse is the first to look at.
    waivers.sort_by_key(|waiver| waiver.until);
    waivers
}

/// Returns the comments a client may read. Internal ones end here.
pub(super) fn remarks(review: &Review, names: &Names) -> Vec<Remark> {
    review
        .comments
        .iter()
        .filter(|state| match state.comment.visibility {
            Visibility::Client => true,
            Visibility::Internal => false,
        })
        .map(|state| Remark {
            id: Shown::line(state.comment.id.as_str()),
            about: match &state.comment.target {
                CommentTarget::Review => About::Review,
                CommentTarget::Item(item) => About::Item(names.get(item)),
                CommentTarget::File(name) => About::File(path(name)),
                CommentTarget::Lines(anchor) => About::Lines(evidence(anchor)),
            },
            text: Prose::new(&state.comment.text),
            by: who(&state.made.by),
            at: state.made.at,
        })
        .collect()
}

fn section(input: &ReportInput<'_>, list: &Checklist, findings: &Parts) -> ChecklistSection {
    let asked = input.checklists.iter().flat_map(|other| &other.items);
    let twins: Vec<(&Item, &Item)> = asked
        .flat_map(|item| item.twins.iter().map(move |twin| (item, twin)))
        .filter(|(_, twin)| twin.list == list.id)
        .map(|(item, twin)| (item, &twin.item))
        .collect();
    let in_group = |stage: Option<&str>, id: &str| -> Vec<ItemEntry> {
        let fits = |item: &Item| item.category == id && item.stage.as_deref() == stage;
        let own = list.items.iter().filter(|item| fits(item));
        let own = own.map(|item| known(input, item, findings));
        let twins = twins.iter().filter(|(_, twin)| fits(twin));
        let twins = twins.map(|(item, twin)| answered_with(input, item, twin, findings));
        own.chain(twins).collect()
    };
    let items = || list.items.iter().chain(twins.iter().map(|(_, twin)| *twin));
    let declared = list.categories.iter().map(|c| (&c.id, &c.title));
    let declared_ids: BTreeSet<&String> = list.categories.iter().map(|c| &c.id).collect();
    let undeclared: BTreeSet<&String> = items()
        .map(|item| &item.category)
        .filter(|id| !declared_ids.contains(id))
        .collect();
    let categories: Vec<(&String, &String)> = declared
        .chain(undeclared.into_iter().map(|id| (id, id)))
        .collect();
    let stages = list.stages.iter().map(Some);
    let groups = stages.chain([None]).flat_map(|stage| {
        let with = move |(id, title)| (stage, id, title);
        categories.iter().copied().map(with)
    });
    ChecklistSection {
        source: Some(ChecklistSource {
            id: Shown::line(list.id.as_str()),
            version: Shown::line(&list.version),
            digest: list.digest,
        }),
        title: Shown::line(&list.title),
        categories: groups
            .map(|(stage, id, title)| CategorySection {
                title: match stage {
                    Some(stage) => Shown::line(&format!("{}: {title}", stage.title)),
                    None => Shown::line(title),
                },
                items: in_group(stage.map(|stage| stage.id.as_str()), id),
            })
            .filter(|category| !category.items.is_empty())
            .collect(),
    }
}

/// Items that somebody decided and no checklist at hand knows: never left out for that.
fn strays(input: &ReportInput<'_>, findings: &Parts) -> Option<ChecklistSection> {
    let known: BTreeSet<&ItemId> = input
        .checklists
        .iter()
        .flat_map(|list| &list.items)
        .map(|item| &item.id)
        .collect();
    let items: Vec<ItemEntry> = input
        .review
        .items
        .iter()
        .filter(|(id, state)| !known.contains(id) && !state.standing().is_empty())
        .map(|(id, _)| entry(input, id, (id.as_str(), ""), findings))
        .collect();
    (!items.is_empty()).then(|| ChecklistSection {
        source: None,
        title: Shown::line("Items of no checklist at hand"),
        categories: vec![CategorySection {
            title: Shown::line("Decided, though their question is not part of this report"),
            items,
        }],
    })
}

fn known(input: &ReportInput<'_>, item: &Item, findings: &Parts) -> ItemEntry {
    let worked = figures::worked(item, input.profile);
    ItemEntry {
        figures: worked.iter().map(|text| Shown::line(text)).collect(),
        ..entry(input, &item.id, (&item.title, &item.ask), findings)
    }
}

/// A question that was asked once, in another list: its own words, and the verdict given there.
fn answered_with(input: &ReportInput<'_>, item: &Item, twin: &Item, findings: &Parts) -> ItemEntry {
    ItemEntry {
        answered_with: Some(Shown::line(item.id.as_str())),
        ..entry(input, &item.id, (&twin.title, &twin.ask), findings)
    }
}

fn entry(
    input: &ReportInput<'_>,
    id: &ItemId,
    (title, ask): (&str, &str),
    findings: &Parts,
) -> ItemEntry {
    let review = input.review;
    let shown = Shown::line(id.as_str());
    ItemEntry {
        title: Shown::line(title),
        answered_with: None,
        figures: Vec::new(),
        ask: Shown::line(ask),
        outcome: review.outcome(id),
        decisions: review
            .items
            .get(id)
            .map_or_else(Vec::new, ItemState::standing)
            .into_iter()
            .map(decision)
            .collect(),
        hints: input
            .hints
            .map(|seen| super::hints::tally(seen, review, id, findings)),
        findings: findings
            .iter()
            .filter(|finding| finding.item.id == shown)
            .map(|finding| (finding.number, finding.title.clone()))
            .collect(),
        id: shown,
    }
}

fn decision(state: &VerdictState) -> Decision {
    Decision {
        verdict: state.verdict.kind(),
        by: who(&state.stamp.by),
        at: state.stamp.at,
        reason: Prose::new(state.verdict.reason().unwrap_or_default()),
        reference: state.reference.as_deref().map(Shown::line),
        waived: match &state.verdict {
            Verdict::Waived { by, until, .. } => Some((Shown::line(by), *until)),
            Verdict::Accepted { .. } | Verdict::Flagged | Verdict::NotApplicable { .. } => None,
        },
    }
}
