//! What the code was judged against, and the hunks that had to be read.

use super::super::ReportInput;
use super::super::document::{CriticalEntry, ProfileSection};
use super::super::shown::Shown;
use super::{path, who};
use crate::model::PROFILE_KEYS;
use crate::support::digest::sha256;
use crate::support::number::count;

pub(super) fn profile(input: &ReportInput<'_>) -> ProfileSection {
    let profile = input.profile;
    let values = PROFILE_KEYS.iter().filter_map(|key| {
        let value = profile.with_unit(key)?;
        Some((Shown::line(key.label), Shown::line(&value)))
    });
    let tables = profile.tables.iter().map(|table| {
        let growth = match table.growth_per_year {
            Some(growth) => format!("growing by {growth} % a year"),
            None => "growth unknown".to_owned(),
        };
        let rows = count(table.rows, "row");
        (
            Shown::line(&format!("Table {}", table.name)),
            Shown::line(&format!("{rows}, {growth}")),
        )
    });
    ProfileSection {
        set: input.review.profile.as_ref().map(|state| {
            let digest = sha256(state.source.as_bytes());
            (digest, who(&state.stamp.by), state.stamp.at)
        }),
        known: values.chain(tables).collect(),
        unknown: profile
            .unknown()
            .map(|key| Shown::line(key.label))
            .collect(),
    }
}

pub(super) fn critical(input: &ReportInput<'_>) -> Vec<CriticalEntry> {
    let name = |key: &String| {
        let mut people = input.review.people.values();
        let person = people.find(|person| person.key() == *key);
        Shown::line(person.map_or(key, |person| &person.name))
    };
    input
        .critical
        .iter()
        .map(|hunk| CriticalEntry {
            path: path(&hunk.mark.path),
            hunk: hunk.mark.hunk,
            lines: hunk.lines,
            touches: hunk
                .touches
                .iter()
                .map(|touch| {
                    (
                        Shown::line(&touch.surface.to_string()),
                        Shown::line(&touch.by),
                    )
                })
                .collect(),
            readers: hunk.readers.iter().map(name).collect(),
        })
        .collect()
}
