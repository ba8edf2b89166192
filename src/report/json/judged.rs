//! The production profile and the critical surfaces in JSON.

use serde::Serialize;

use super::{PersonJson, person};
use crate::report::document::{CriticalEntry, ProfileSection};
use crate::report::shown::Shown;
use crate::support::clock::stamp;

#[derive(Serialize)]
pub(super) struct ProfileJson<'a> {
    sha256: Option<String>,
    set_by: Option<PersonJson<'a>>,
    set_at: Option<String>,
    known: Vec<ValueJson<'a>>,
    unknown: Vec<&'a str>,
}

#[derive(Serialize)]
struct ValueJson<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
pub(super) struct CriticalJson<'a> {
    path: &'a str,
    hunk: u32,
    start: u32,
    end: u32,
    surfaces: Vec<SurfaceJson<'a>>,
    read_by: Vec<&'a str>,
}

#[derive(Serialize)]
struct SurfaceJson<'a> {
    surface: &'a str,
    recognised_by: &'a str,
}

pub(super) fn profile(profile: &ProfileSection) -> ProfileJson<'_> {
    let set = profile.set.as_ref();
    ProfileJson {
        sha256: set.map(|(digest, ..)| digest.to_string()),
        set_by: set.map(|(_, who, _)| person(who)),
        set_at: set.map(|(.., at)| stamp(*at)),
        known: profile
            .known
            .iter()
            .map(|(name, value)| ValueJson {
                name: name.as_str(),
                value: value.as_str(),
            })
            .collect(),
        unknown: profile.unknown.iter().map(Shown::as_str).collect(),
    }
}

pub(super) fn critical(hunk: &CriticalEntry) -> CriticalJson<'_> {
    CriticalJson {
        path: hunk.path.as_str(),
        hunk: hunk.hunk,
        start: hunk.lines.0,
        end: hunk.lines.1,
        surfaces: hunk
            .touches
            .iter()
            .map(|(surface, by)| SurfaceJson {
                surface: surface.as_str(),
                recognised_by: by.as_str(),
            })
            .collect(),
        read_by: hunk.readers.iter().map(Shown::as_str).collect(),
    }
}
