//! Where checklists come from: embedded, a file the user names, or the user's own folders. Never the repository under
//! review: a bare name is looked up by id and not in the current folder.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::words::{closest, quoted, shown};
use super::{LintReport, parse};
use crate::model::{Checklist, ChecklistId};

/// The largest checklist file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The embedded files, in the order in which they are shown; the first is the default.
const EMBEDDED: &[(&str, &str)] = &[
    (
        "ai-preproduction",
        include_str!("../../checklists/ai-preproduction.toml"),
    ),
    (
        "production-hardening",
        include_str!("../../checklists/production-hardening.toml"),
    ),
    (
        "productionization",
        include_str!("../../checklists/productionization.toml"),
    ),
    (
        "scaling-delivery",
        include_str!("../../checklists/scaling-delivery.toml"),
    ),
    (
        "safe-adoption",
        include_str!("../../checklists/safe-adoption.toml"),
    ),
];

static BUILTIN: LazyLock<Vec<Checklist>> = LazyLock::new(|| {
    EMBEDDED
        .iter()
        .map(|(id, source)| embedded(id, source))
        .collect()
});

/// The default list, read once.
static USUAL: LazyLock<Checklist> = LazyLock::new(|| {
    let (id, source) = EMBEDDED[0];
    embedded(id, source)
});

/// Begins to read the default list, for whoever will ask for it soon.
pub fn read_ahead() {
    // Without a thread it is read when it is asked for.
    let thread = std::thread::Builder::new().name("checklist".to_owned());
    let _ = thread.spawn(|| LazyLock::force(&USUAL));
}

fn embedded(id: &str, source: &str) -> Checklist {
    parse(source, &format!("{id}.toml")).expect("embedded checklists are free of mistakes")
}

/// Why there is no checklist.
#[derive(Debug, thiserror::Error)]
pub enum ChecklistError {
    /// No list has this id.
    #[error(
        "no checklist is called {asked}{hint}; known are {known}; a file is named by its path, such as ./mine.toml"
    )]
    Unknown {
        /// What was asked for, made visible.
        asked: String,
        /// A close match as a question, or nothing.
        hint: String,
        /// What exists, separated by commas.
        known: String,
    },
    /// The file cannot be read.
    #[error("the checklist {path} cannot be read: {cause}; check the path and its permissions", path = shown_path(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is larger than any list.
    #[error("the checklist {path} is larger than 1 MiB and is not read; name the right file", path = shown_path(.path))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file has mistakes.
    #[error(transparent)]
    Mistakes(#[from] LintReport),
    /// A file in the user's folder carries another id than its name.
    #[error("the checklist {path} has the id {id}; rename the file to {id}.toml or name it by its path", path = shown_path(.path))]
    OtherId {
        /// The file.
        path: PathBuf,
        /// The id inside.
        id: ChecklistId,
    },
    /// The same list was asked for twice.
    #[error("the checklist {0} is named twice; name each list once")]
    Twice(ChecklistId),
    /// No list was asked for.
    #[error(
        "a review needs at least one checklist; name one, or leave the option out for the default"
    )]
    Nothing,
}

/// Where a list comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Part of the program.
    BuiltIn,
    /// A file in one of the user's checklist folders.
    File(PathBuf),
}

/// A list that can be named by id.
#[derive(Debug)]
pub struct Available {
    /// Its id.
    pub id: ChecklistId,
    /// Where it comes from.
    pub origin: Origin,
    /// The list, or why it cannot be used.
    pub checklist: Result<Checklist, ChecklistError>,
}

/// Returns the embedded lists; the first is the default.
pub fn builtin() -> &'static [Checklist] {
    &BUILTIN
}

/// Returns every list that can be named by id: the embedded ones, then the files of the user's folders by name. A file
/// with the id of an embedded list is not among them, because the embedded one answers to that id.
pub fn available(search: &[PathBuf]) -> Vec<Available> {
    let embedded = builtin().iter().map(|list| Available {
        id: list.id.clone(),
        origin: Origin::BuiltIn,
        checklist: Ok(list.clone()),
    });
    let mut seen: BTreeSet<String> = EMBEDDED.iter().map(|(id, _)| (*id).to_owned()).collect();
    let files = files_in(search)
        .into_iter()
        .filter(|(id, _)| seen.insert(id.clone()))
        .map(|(id, path)| Available {
            checklist: load_named(&path, &id),
            id: id.as_str().into(),
            origin: Origin::File(path),
        });
    embedded.chain(files.collect::<Vec<_>>()).collect()
}

/// Loads a list: an id of an embedded one, a file (an argument with a path separator or ending in `.toml`), or the id of
/// a file `<id>.toml` in the user's checklist folders, in this order.
pub fn load(arg: &str, search: &[PathBuf]) -> Result<Checklist, ChecklistError> {
    // The others are not read for it: a review opens with one of them.
    if arg == EMBEDDED[0].0 {
        return Ok(USUAL.clone());
    }
    if let Some((id, source)) = EMBEDDED.iter().find(|(id, _)| *id == arg) {
        return Ok(embedded(id, source));
    }
    if is_path(arg) {
        return load_file(Path::new(arg));
    }
    match files_in(search).into_iter().find(|(id, _)| id == arg) {
        Some((id, path)) => load_named(&path, &id),
        None => Err(unknown(arg, search)),
    }
}

fn shown_path(path: &Path) -> String {
    shown(&path.display().to_string())
}

fn is_path(arg: &str) -> bool {
    arg.contains('/') || arg.contains(std::path::MAIN_SEPARATOR) || has_toml_ending(Path::new(arg))
}

fn has_toml_ending(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

fn load_named(path: &Path, id: &str) -> Result<Checklist, ChecklistError> {
    let list = load_file(path)?;
    if list.id.as_str() == id {
        return Ok(list);
    }
    Err(ChecklistError::OtherId {
        path: path.to_owned(),
        id: list.id,
    })
}

fn load_file(path: &Path) -> Result<Checklist, ChecklistError> {
    let source = read_source(path)?;
    Ok(parse(&source, &path.display().to_string())?)
}

/// Reads the text of a checklist file; no more of it than any list may have.
pub fn read_source(path: &Path) -> Result<String, ChecklistError> {
    let unreadable = |cause| ChecklistError::Unreadable {
        path: path.to_owned(),
        cause,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ChecklistError::TooLarge {
            path: path.to_owned(),
        });
    }
    let not_text = |_| {
        unreadable(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "it is not UTF-8 text",
        ))
    };
    String::from_utf8(bytes).map_err(not_text)
}

/// Returns id and path of every `.toml` file in some folders, by id; the earlier folder wins.
fn files_in(search: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for folder in search {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries
            .map(|entry| entry.path())
            .filter(|path| has_toml_ending(path));
        let mut named: Vec<(String, PathBuf)> = files
            .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
            .collect();
        named.retain(|(id, _)| !found.iter().any(|(other, _)| other == id));
        found.append(&mut named);
    }
    found.sort();
    found
}

fn unknown(arg: &str, search: &[PathBuf]) -> ChecklistError {
    let files = files_in(search);
    let embedded = EMBEDDED.iter().map(|(id, _)| *id);
    let mut known: Vec<&str> = embedded
        .chain(files.iter().map(|(id, _)| id.as_str()))
        .collect();
    known.dedup();
    let hint = closest(arg, &known).map(|close| format!(" (did you mean {}?)", quoted(close)));
    let shown: Vec<String> = known.iter().map(|id| quoted(id)).collect();
    ChecklistError::Unknown {
        asked: quoted(arg),
        hint: hint.unwrap_or_default(),
        known: shown.join(", "),
    }
}
