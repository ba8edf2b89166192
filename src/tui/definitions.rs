//! Where names are defined: in the files of the change, and in the rest of the tree after it, nearest first. Reads blobs
//! of the tree and nothing else; bounded in files and bytes, and it says so where it stops at a bound.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::errand::Errand;
use super::symbols::text_after;
use crate::git::{self, Content, OpenedSource};
use crate::model::{FileSide, FileText, Mode, RepoPath};
use crate::syntax::{Language, Limits, Symbol, detect, outline, parse};

/// Most bytes of unchanged files that are looked through for one question.
const MOST_BYTES: u64 = 1 << 30;
/// Most definitions that are listed.
const MOST_FOUND: usize = 500;

/// Where a definition is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefinedIn {
    /// A file of the change, by its position.
    Change(usize),
    /// A file that the change leaves alone.
    Tree(RepoPath),
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The file.
    pub file: DefinedIn,
    /// What is defined, and where in it.
    pub symbol: Symbol,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definitions {
    /// The definitions: of the rarest name first, those in the change before others, near ones before far ones.
    pub found: Vec<Definition>,
    /// What was not looked at, as a sentence.
    pub note: Option<String>,
}

/// The tree after the change.
pub struct HeadTree {
    review: OpenedSource,
    files: OnceLock<BTreeMap<RepoPath, FileSide>>,
    content: OnceLock<Option<Arc<dyn Content>>>,
}

impl HeadTree {
    /// Reads nothing yet.
    pub fn new(review: OpenedSource) -> Self {
        Self {
            review,
            files: OnceLock::new(),
            content: OnceLock::new(),
        }
    }

    /// Returns the way to the text of files that the change leaves alone; none where there is no repository.
    fn content(&self) -> Option<&Arc<dyn Content>> {
        let open = || git::still_content(&self.review).ok();
        self.content.get_or_init(open).as_ref()
    }

    /// Lists the files of some languages that the change leaves alone, those nearest to a path first.
    fn beside(&self, near: &RepoPath, languages: &[Language]) -> Vec<(&RepoPath, &FileSide)> {
        let change = &self.review.change;
        let files = self.files.get_or_init(|| git::head_files(&self.review));
        let is_text = |side: &FileSide| matches!(side.mode, Mode::Regular | Mode::Executable);
        let mut beside: Vec<_> = files
            .iter()
            .filter(|(path, side)| is_text(side) && change.file(path).is_none())
            .filter(|(path, _)| detect(path, b"").is_some_and(|of| languages.contains(&of)))
            .collect();
        beside.sort_by_key(|(path, _)| std::cmp::Reverse(shared_folders(path, near)));
        beside
    }
}

/// Returns how many folders two paths share from the top.
fn shared_folders(one: &RepoPath, other: &RepoPath) -> usize {
    let folders = |path: &RepoPath| -> Vec<Vec<u8>> {
        let mut parts: Vec<Vec<u8>> = path
            .as_bytes()
            .split(|byte| *byte == b'/')
            .map(<[u8]>::to_vec)
            .collect();
        parts.pop();
        parts
    };
    folders(one)
        .iter()
        .zip(&folders(other))
        .take_while(|(one, other)| one == other)
        .count()
}

/// Returns the languages whose names are seen from a language.
fn kin(language: Language) -> &'static [Language] {
    use Language as L;
    match language {
        L::JavaScript | L::Jsx | L::TypeScript | L::Tsx => {
            &[L::JavaScript, L::Jsx, L::TypeScript, L::Tsx]
        }
        L::C | L::Cpp => &[L::C, L::Cpp],
        L::Java | L::Kotlin | L::Scala => &[L::Java, L::Kotlin, L::Scala],
        L::Rust => &[L::Rust],
        L::Python => &[L::Python],
        L::Go => &[L::Go],
        L::CSharp => &[L::CSharp],
        L::Ruby => &[L::Ruby],
        L::Php => &[L::Php],
        L::Swift => &[L::Swift],
        L::Bash => &[L::Bash],
        L::Hcl => &[L::Hcl],
        L::Sql => &[L::Sql],
        L::Json | L::Yaml | L::Toml | L::Dockerfile | L::Html | L::Css => &[],
    }
}

/// Looks for the definitions of names that stand in a file; `None` where nobody waits for them any more.
pub fn define(
    tree: &HeadTree,
    names: &[String],
    near: &RepoPath,
    errand: &mut Errand,
) -> Option<Definitions> {
    let (change, content) = (&tree.review.change, &tree.review.content);
    let languages = detect(near, b"").map_or(&[][..], kin);
    let beside = match tree.content() {
        Some(_) if !languages.is_empty() => tree.beside(near, languages),
        _ => Vec::new(),
    };
    let total = change.files.len() + beside.len();
    let mut definitions = Definitions::default();
    for (at, file) in change.files.iter().enumerate() {
        if !errand.goes_on(at, Some(total)) {
            return None;
        }
        let Some(language) = detect(&file.path, b"") else {
            continue;
        };
        let Some(text) = text_after(content.as_ref(), file) else {
            continue;
        };
        let symbols = symbols(language, &text, names);
        let of = |symbol| Definition {
            file: DefinedIn::Change(at),
            symbol,
        };
        definitions.found.extend(symbols.into_iter().map(of));
    }
    let mut bytes = 0;
    for ((path, side), at) in beside.into_iter().zip(change.files.len()..) {
        if !errand.goes_on(at, Some(total)) {
            return None;
        }
        if bytes > MOST_BYTES || definitions.found.len() >= MOST_FOUND {
            definitions.note = Some(format!(
                "Only the nearest {at} of {total} files were looked at."
            ));
            break;
        }
        let (Some(language), Some(read)) = (detect(path, b""), tree.content()) else {
            continue;
        };
        let Ok(text) = read.read(side) else { continue };
        bytes += text.len() as u64;
        if !mentions(&text, names) {
            continue;
        }
        let symbols = symbols(language, &FileText::whole(text), names);
        let of = |symbol| Definition {
            file: DefinedIn::Tree(path.clone()),
            symbol,
        };
        definitions.found.extend(symbols.into_iter().map(of));
    }
    rarest_first(&mut definitions.found);
    Some(definitions)
}

/// Most files mention none of the names and are not parsed.
fn mentions(text: &[u8], names: &[String]) -> bool {
    names
        .iter()
        .any(|name| memchr::memmem::find(text, name.as_bytes()).is_some())
}

/// Returns the functions and types of some names in a text.
fn symbols(language: Language, text: &FileText, names: &[String]) -> Vec<Symbol> {
    if !mentions(text.bytes(), names) {
        return Vec::new();
    }
    let Ok(parsed) = parse(language, text, Limits::default()) else {
        return Vec::new();
    };
    let mut symbols = outline(&parsed, text).symbols;
    symbols.retain(|symbol| names.contains(&symbol.name));
    symbols
}

/// A name with one definition says more of a line than `new` with a hundred.
pub fn rarest_first(found: &mut [Definition]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for definition in found.iter() {
        *counts.entry(definition.symbol.name.clone()).or_default() += 1;
    }
    found.sort_by_key(|definition| counts[&definition.symbol.name]);
}
