//! Other tools' findings in an open review: read before it opens, kept in its folder, placed in its change. Advisory, like
//! every hint.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::Desk;
use super::scan::Files;
use crate::git::Content;
use crate::hints::sarif::{
    self, Import, ImportedPath, ImportedResult, LARGEST_SARIF, SarifMap, load_map,
};
use crate::hints::{Input, Provider as _};
use crate::model::{ChangeSet, Checklist, CodeSpan, Hint, RepoPath, RuleId};
use crate::support::digest::sha256;
use crate::support::files;

/// Where a review keeps what was brought in.
const FOLDER: &str = "hints";
/// The most lines of a result that are pointed at.
const MOST_LINES: u32 = 200;
/// How many names a sentence lists.
const NAMED: usize = 4;

/// A file that was read and not kept yet.
#[derive(Debug)]
pub struct SarifFile {
    bytes: Vec<u8>,
    /// How many results it holds.
    pub results: usize,
}

/// Reads SARIF files. Comes before a review is opened, so that a bad file costs nothing.
pub fn read_sarif(paths: &[PathBuf]) -> anyhow::Result<Vec<SarifFile>> {
    paths.iter().map(|path| read_one(path)).collect()
}

fn read_one(path: &Path) -> anyhow::Result<SarifFile> {
    let shown = path.display();
    let file = std::fs::File::open(path)
        .with_context(|| format!("--hints {shown} cannot be read; name a SARIF file"))?;
    let mut bytes = Vec::new();
    file.take(LARGEST_SARIF + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("--hints {shown} cannot be read; name a SARIF file"))?;
    if bytes.len() as u64 > LARGEST_SARIF {
        bail!(
            "--hints {shown} has more than 32 MiB; let the tool report on the changed files alone"
        );
    }
    let import = sarif::read(&bytes).with_context(|| format!("--hints {shown} is not read"))?;
    Ok(SarifFile {
        results: import.results.len(),
        bytes: sarif::spell_kept(&import),
    })
}

/// The findings of other tools, as they are kept, and what places them.
pub struct Foreign {
    imports: Vec<Import>,
    problems: Vec<String>,
    map: SarifMap,
    checklists: Arc<Vec<Checklist>>,
    roots: Vec<PathBuf>,
}

/// Where a review keeps what was brought in, and what places it; nothing of it is read yet.
pub struct ForeignPlace {
    folder: PathBuf,
    own_map: PathBuf,
    checklists: Arc<Vec<Checklist>>,
    work_folder: Option<PathBuf>,
}

/// The findings, placed in a change.
#[derive(Debug, Default)]
pub struct Placed {
    /// On lines that the change added.
    pub hints: Vec<Hint>,
    /// On lines that the change left as they were; folded.
    pub elsewhere: Vec<Hint>,
    /// What is wrong with what was kept, or with the user's table.
    pub setup: Vec<String>,
    /// What has no place, as sentences.
    pub problems: Vec<String>,
}

impl Desk {
    /// Keeps other tools' findings with the review; returns a sentence.
    pub fn bring_in(&mut self, read: &[SarifFile]) -> anyhow::Result<Option<String>> {
        if read.is_empty() {
            return Ok(None);
        }
        if let Some(reason) = self.read_only() {
            bail!("the review is read-only here, so --hints cannot be kept with it: {reason}");
        }
        self.keep()?;
        let folder = self.folder().join(FOLDER);
        let keep = |file: &SarifFile| {
            files::create_private_dir_all(&folder)?;
            let path = folder.join(format!("{}.json", sha256(&file.bytes)));
            files::write_atomic_private(&path, &file.bytes)
        };
        for file in read {
            keep(file)
                .with_context(|| format!("the findings cannot be kept in {}", folder.display()))?;
        }
        let results: usize = read.iter().map(|file| file.results).sum();
        let noun = if results == 1 { "result" } else { "results" };
        Ok(Some(format!(
            "{results} {noun} of other tools are kept with the review; they are shown as hints and decide nothing."
        )))
    }

    /// Says where what was brought in is.
    pub(super) fn foreign(&self) -> ForeignPlace {
        ForeignPlace {
            folder: self.folder().join(FOLDER),
            own_map: self.setting.folders.rules().join("sarif-map.toml"),
            checklists: Arc::clone(self.checklists()),
            work_folder: self.work_folder(),
        }
    }
}

impl ForeignPlace {
    /// Reads what was brought in.
    pub(super) fn read(self) -> Foreign {
        let mut problems = Vec::new();
        let imports = kept(&self.folder, &mut problems);
        let text = std::fs::read_to_string(&self.own_map).ok();
        let (map, wrong) = load_map(text.as_deref());
        let own = self.own_map.display();
        problems.extend(wrong.map(|why| format!("{own} has a mistake and is not used: {why}")));
        let roots = self.work_folder.into_iter().flat_map(|root| {
            let real = std::fs::canonicalize(&root).ok();
            std::iter::once(root).chain(real)
        });
        Foreign {
            imports,
            problems,
            map,
            checklists: self.checklists,
            roots: roots.collect(),
        }
    }
}

fn kept(folder: &Path, problems: &mut Vec<String>) -> Vec<Import> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    let mut imports = Vec::new();
    for path in paths {
        let read = std::fs::read(&path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| sarif::load_kept(&bytes).map_err(|error| error.to_string()));
        match read {
            Ok(import) => imports.push(import),
            Err(why) => problems.push(format!("{}: {why}", path.display())),
        }
    }
    imports
}

impl Foreign {
    /// Places the findings in a change.
    pub fn place(self, change: &Arc<ChangeSet>, content: &Arc<dyn Content>) -> Placed {
        let mut placed = Placed {
            setup: self.problems.clone(),
            ..Placed::default()
        };
        let mut placing = Placing {
            foreign: &self,
            change,
            files: Files::new(Arc::clone(change), Arc::clone(content), false),
            inputs: HashMap::new(),
            seen: HashSet::new(),
            counts: HashMap::new(),
            left: BTreeMap::new(),
        };
        for import in &self.imports {
            placed.problems.extend(import.told.iter().cloned());
            for result in &import.results {
                placing.place(result, &mut placed);
            }
        }
        placed.problems.extend(placing.told());
        placed
    }
}

/// Why a result has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Outside,
    PastTheEnd,
    NoItem,
}

struct Placing<'a> {
    foreign: &'a Foreign,
    change: &'a ChangeSet,
    files: Files,
    inputs: HashMap<usize, Option<Input>>,
    seen: HashSet<(String, String, RepoPath, u32, String)>,
    counts: HashMap<[u8; 32], u32>,
    /// By tool and reason: how many, and the first few names.
    left: BTreeMap<(String, Left), (usize, Vec<String>)>,
}

impl Placing<'_> {
    fn place(&mut self, result: &ImportedResult, placed: &mut Placed) {
        let Some(path) = self.path(&result.path) else {
            let (ImportedPath::Relative(name) | ImportedPath::Absolute(name)) = &result.path;
            // Where folders lie on some machine is nobody's business in a report.
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            return self.leave(result, Left::Outside, format!("…/{name}"));
        };
        let files = &self.change.files;
        let Ok(index) = files.binary_search_by(|file| file.path.cmp(&path)) else {
            return self.leave(result, Left::Outside, path.quoted());
        };
        let items = self.foreign.map.items(result, &self.foreign.checklists);
        if items.is_empty() {
            return self.leave(result, Left::NoItem, result.rule.clone());
        }
        let files = &self.files;
        let load = || files.load(index).ok().flatten();
        let Some(input) = self.inputs.entry(index).or_insert_with(load).clone() else {
            return self.leave(result, Left::Outside, path.quoted());
        };
        let end_line = result
            .end_line
            .min(result.start_line.saturating_add(MOST_LINES));
        let Some((text, end_column)) = lines(&input.text, result.start_line, end_line) else {
            let place = format!("{}:{}", path.quoted(), result.start_line);
            return self.leave(result, Left::PastTheEnd, place);
        };
        let key = (
            result.tool.clone(),
            result.rule.clone(),
            path.clone(),
            result.start_line,
            result.message.clone(),
        );
        if !self.seen.insert(key) {
            return;
        }
        let span = CodeSpan {
            start_line: result.start_line,
            start_column: 1,
            end_line,
            end_column,
        };
        let added = input.added.touches(span.start_line, span.end_line);
        let hint = Hint {
            rule: RuleId(result.rule.clone()),
            tool: Some(result.tool.clone()),
            items,
            fingerprint: self.fingerprint(result, &path, &text),
            path,
            span,
            focus: span,
            strength: result.strength,
            message: result.message.clone(),
            why: result.why.clone(),
            folded: !added,
        };
        if added {
            placed.hints.push(hint);
        } else {
            placed.elsewhere.push(hint);
        }
    }

    /// The same as long as the lines read the same, wherever they move to.
    fn fingerprint(
        &mut self,
        result: &ImportedResult,
        path: &RepoPath,
        text: &str,
    ) -> crate::model::Digest {
        let mut bytes = Vec::new();
        for part in [
            result.tool.as_bytes(),
            result.rule.as_bytes(),
            path.as_bytes(),
            text.as_bytes(),
        ] {
            bytes.extend_from_slice(part);
            bytes.push(0);
        }
        let count = self.counts.entry(sha256(&bytes).0).or_default();
        bytes.extend_from_slice(&count.to_be_bytes());
        *count += 1;
        sha256(&bytes)
    }

    fn path(&self, path: &ImportedPath) -> Option<RepoPath> {
        match path {
            ImportedPath::Relative(path) => Some(RepoPath::from(path.as_str())),
            ImportedPath::Absolute(path) => {
                let path = Path::new(path);
                let inside = |root: &PathBuf| path.strip_prefix(root).ok();
                let rest = self.foreign.roots.iter().find_map(inside)?;
                Some(RepoPath::from(rest.to_str()?))
            }
        }
    }

    fn leave(&mut self, result: &ImportedResult, why: Left, name: String) {
        let (count, names) = self.left.entry((result.tool.clone(), why)).or_default();
        *count += 1;
        if names.len() < NAMED && !names.contains(&name) {
            names.push(name);
        }
    }

    fn told(&self) -> Vec<String> {
        let sentence = |((tool, why), (count, names)): (&(String, Left), &(usize, Vec<String>))| {
            let noun = if *count == 1 { "result" } else { "results" };
            let names = names.join(", ");
            match why {
                Left::Outside => format!(
                    "{count} {noun} of {tool} are in files outside of this change: {names}."
                ),
                Left::PastTheEnd => format!(
                    "{count} {noun} of {tool} point past the end of their file ({names}): the report is of another revision; run the tool again."
                ),
                Left::NoItem => format!(
                    "{count} {noun} of {tool} belong to no item ({names}); a row in your sarif-map.toml gives them one."
                ),
            }
        };
        self.left.iter().map(sentence).collect()
    }
}

/// Returns lines without what reformatting changes, and the column after the last one; `None` past the end.
fn lines(text: &[u8], first: u32, last: u32) -> Option<(String, u32)> {
    let wanted: Vec<&[u8]> = text
        .split(|&byte| byte == b'\n')
        .skip(first.checked_sub(1)? as usize)
        .take((last - first + 1) as usize)
        .collect();
    // What follows the last line end is no line.
    let is_past = |lines: &[&[u8]]| lines == [b""] && text.ends_with(b"\n");
    if is_past(&wanted)
        && text
            .split(|&byte| byte == b'\n')
            .nth(first as usize)
            .is_none()
    {
        return None;
    }
    let end = String::from_utf8_lossy(wanted.last()?).chars().count() as u32 + 1;
    let all = String::from_utf8_lossy(&wanted.join(&b'\n')).into_owned();
    Some((all.split_whitespace().collect::<Vec<_>>().join(" "), end))
}
