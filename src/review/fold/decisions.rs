//! Verdicts and retractions per person and item: which ones nobody has superseded.

use std::collections::BTreeMap;

use super::Who;
use super::causality::Pasts;
use crate::model::{ItemId, Verdict, VerdictKind};

/// One person's decisions on one item.
type Of<'a> = (&'a ItemId, Who);

/// All decisions, by item and person.
#[derive(Default)]
pub(super) struct Decisions<'a>(BTreeMap<Of<'a>, Register<'a>>);

#[derive(Default)]
struct Register<'a> {
    /// What no later act of the person had seen; `None` is a retraction. At the most one per writer.
    survivors: Vec<(usize, Option<&'a Verdict>)>,
    /// The newest retraction or decision other than a flag, by writer: it has seen all that the older ones had.
    closings: BTreeMap<usize, usize>,
}

impl<'a> Decisions<'a> {
    /// Takes in a verdict, or a retraction, that comes after all taken in before.
    pub(super) fn add(
        &mut self,
        pasts: &Pasts,
        index: usize,
        of: Of<'a>,
        verdict: Option<&'a Verdict>,
    ) {
        let register = self.0.entry(of).or_default();
        register
            .survivors
            .retain(|&(earlier, _)| !pasts.has_seen(index, earlier));
        register.survivors.push((index, verdict));
        if !is_flag(verdict) {
            register.closings.insert(pasts.writer(index), index);
        }
    }

    /// Tells whether a person holds a flag on an item.
    pub(super) fn holds_flag(&self, of: Of<'a>) -> bool {
        self.0.get(&of).is_some_and(|register| {
            register
                .survivors
                .iter()
                .any(|&(_, verdict)| is_flag(verdict))
        })
    }

    /// Tells whether a person has retracted an item or decided it other than with a flag, having seen an entry.
    pub(super) fn has_closed(&self, pasts: &Pasts, of: Of<'a>, entry: usize) -> bool {
        self.0.get(&of).is_some_and(|register| {
            let mut closings = register.closings.values();
            closings.any(|&closing| pasts.has_seen(closing, entry))
        })
    }

    /// Returns the verdicts that stand, by item and person, oldest first; of equal ones the newest.
    pub(super) fn standing(&self) -> BTreeMap<Of<'a>, Vec<(usize, &'a Verdict)>> {
        let mut all = BTreeMap::new();
        for (of, register) in &self.0 {
            let mut standing: Vec<(usize, &Verdict)> = Vec::new();
            for &(index, verdict) in &register.survivors {
                if let Some(verdict) = verdict {
                    standing.retain(|&(_, older)| older != verdict);
                    standing.push((index, verdict));
                }
            }
            if !standing.is_empty() {
                all.insert(*of, standing);
            }
        }
        all
    }
}

fn is_flag(verdict: Option<&Verdict>) -> bool {
    verdict.is_some_and(|verdict| verdict.kind() == VerdictKind::Flagged)
}
