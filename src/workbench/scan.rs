//! Hints for a change: the files of a source, their added lines, and the rules that look at them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::git::{self, Content, OpenedSource};
use crate::hints::{
    self, Added, Base, Change, Input, Member, Order, Provider, Registry, RemovedRun, Scanned, Tree,
};
use crate::model::{
    ChangeSet, DiffBody, FileSide, FileStatus, Hint, LineNo, RepoPath, RowKind, SourceKind,
    SourceSpec,
};
use crate::support::text::visible_bytes;
use crate::syntax::{self, Language};

/// Up to this many files of a change all are read for the names they declare.
const FEW: usize = 300;

/// What to scan.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// The change.
    pub spec: SourceSpec,
    /// Whether lines that were there before count too.
    pub all_lines: bool,
    /// The user's own folders of rules.
    pub rules: Vec<PathBuf>,
    /// Whether rules of languages that the change has no file of are loaded too, so that they are known by name.
    pub every_rule: bool,
}

/// What a scan came to.
#[derive(Debug)]
pub struct ScanOutcome {
    /// All hints, by path and line; those beyond the budget are folded.
    pub hints: Vec<Hint>,
    /// What was not read, and why.
    pub problems: Vec<String>,
    /// How many lines were added.
    pub added_lines: u32,
    /// How many files were read.
    pub files: usize,
    /// The rules that ran.
    pub registry: Arc<Registry>,
}

/// Scans a source from end to end.
pub fn scan(request: &ScanRequest, cwd: &std::path::Path) -> anyhow::Result<ScanOutcome> {
    let source = git::open(&request.spec, cwd)?;
    let languages = languages_of(&source.change);
    let some = (!request.every_rule).then_some(&languages);
    let (registry, broken) = hints::load_for(&request.rules, some);
    let registry = Arc::new(registry);
    let mut outcome = scan_source(&source, &registry, request.all_lines);
    outcome
        .problems
        .splice(0..0, broken.iter().map(ToString::to_string));
    Ok(outcome)
}

/// Returns the languages that files of a change may be in, by their names; a file without an ending may be a script in
/// any of those that scripts are written in.
pub fn languages_of(change: &ChangeSet) -> BTreeSet<Language> {
    const SCRIPTS: [Language; 5] = [
        Language::Bash,
        Language::Python,
        Language::Ruby,
        Language::JavaScript,
        Language::Php,
    ];
    let mut all = BTreeSet::new();
    for file in &change.files {
        match syntax::detect(&file.path, b"") {
            Some(language) => {
                all.insert(language);
            }
            None if !file.path.file_name().contains('.') => all.extend(SCRIPTS),
            None => {}
        }
    }
    all
}

/// Scans an opened source.
pub fn scan_source(
    source: &OpenedSource,
    registry: &Arc<Registry>,
    all_lines: bool,
) -> ScanOutcome {
    let files = Files::new(
        Arc::clone(&source.change),
        Arc::clone(&source.content),
        all_lines,
    );
    let count = files.count();
    let provider: Arc<dyn Provider> = Arc::new(files);
    let mut gathered = Gathered::default();
    let words = vocabulary(registry, source.content.as_ref(), &source.change);
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    hints::run(
        &provider,
        registry,
        words,
        &Order::all(count),
        threads,
        |scanned| gathered.take(scanned),
    );
    gathered.finish(registry, &Surroundings::of(source))
}

/// The files around a change, read when a rule asks for one.
pub struct Surroundings {
    files: std::collections::BTreeMap<RepoPath, FileSide>,
    paths: Vec<RepoPath>,
    content: Arc<dyn Content>,
    is_change: bool,
}

impl Surroundings {
    /// Lists them.
    pub fn of(source: &OpenedSource) -> Self {
        let files = git::head_files(source);
        let paths = files.keys().cloned().collect();
        Self {
            files,
            paths,
            content: Arc::clone(&source.content),
            is_change: !is_all(&source.change),
        }
    }
}

/// Tells whether a source is a tree or folder as it stands, with nothing that it is compared with.
fn is_all(change: &ChangeSet) -> bool {
    matches!(change.kind, SourceKind::Tree | SourceKind::Folder)
}

impl Tree for Surroundings {
    fn read(&self, path: &RepoPath) -> Option<Arc<str>> {
        let side = self.files.get(path)?;
        if side.size.is_some_and(|size| size > 8 << 20) {
            return None;
        }
        let bytes = self.content.read(side).ok()?;
        Some(String::from_utf8_lossy(&bytes).as_ref().into())
    }

    fn paths(&self) -> &[RepoPath] {
        &self.paths
    }

    fn is_change(&self) -> bool {
        self.is_change
    }
}

/// Returns the vocabulary with the names that the change's own models declare.
pub fn vocabulary(registry: &Registry, content: &dyn Content, change: &ChangeSet) -> hints::Words {
    let mut words = registry.words();
    for file in &change.files {
        let path = String::from_utf8_lossy(file.path.as_bytes()).to_lowercase();
        let declares = ["model", "entit", "repositor", "schema", "domain"]
            .iter()
            .any(|word| path.contains(word));
        // Where there are few files all of them are read; of many, those that declare models.
        if (declares || change.files.len() <= FEW)
            && syntax::detect(&file.path, b"").is_some()
            && let Some(side) = &file.new
            && side.size.is_none_or(|size| size < 256 << 10)
            && let Ok(bytes) = content.read(side)
        {
            words.learn(&String::from_utf8_lossy(&bytes));
        }
    }
    words
}

/// What files came to, until all have.
#[derive(Debug, Default)]
pub struct Gathered {
    hints: Vec<Hint>,
    problems: Vec<String>,
    added_lines: u32,
    files: usize,
    members: BTreeMap<usize, Member>,
}

impl Gathered {
    /// Takes one file's result.
    pub fn take(&mut self, scanned: Scanned) {
        self.hints.extend(scanned.hints);
        self.problems.extend(scanned.problems);
        self.added_lines += scanned.added_lines;
        self.files += usize::from(scanned.bytes > 0);
        if let Some(member) = scanned.member {
            self.members.insert(scanned.index, member);
        }
    }

    /// Takes hints that no file's scan came to: other tools'.
    pub fn add(&mut self, hints: Vec<Hint>) {
        self.hints.extend(hints);
    }

    /// Looks at the whole change and applies the budget.
    pub fn finish(mut self, registry: &Arc<Registry>, tree: &dyn Tree) -> ScanOutcome {
        let members: Vec<Member> = self.members.into_values().collect();
        let change = Change::new(&members, tree);
        hints::scan_change(&change, registry, &mut self.hints, &mut self.problems);
        hints::settle(&mut self.hints, self.added_lines);
        self.problems.sort();
        self.problems.dedup();
        ScanOutcome {
            hints: self.hints,
            problems: self.problems,
            added_lines: self.added_lines,
            files: self.files,
            registry: Arc::clone(registry),
        }
    }
}

/// The files of a change, for rules.
pub struct Files {
    change: Arc<ChangeSet>,
    content: Arc<dyn Content>,
    all_lines: bool,
    /// Whether nothing was there before, as in a whole tree.
    has_no_base: bool,
}

impl Files {
    /// Gathers them; a whole tree's lines all count as added.
    pub fn new(change: Arc<ChangeSet>, content: Arc<dyn Content>, all_lines: bool) -> Self {
        let has_no_base = is_all(&change);
        Self {
            change,
            content,
            all_lines,
            has_no_base,
        }
    }
}

impl Provider for Files {
    fn count(&self) -> usize {
        self.change.files.len()
    }

    fn path(&self, index: usize) -> &RepoPath {
        &self.change.files[index].path
    }

    fn load(&self, index: usize) -> Result<Option<Input>, String> {
        let file = &self.change.files[index];
        if file.new.is_none() {
            return Ok(None);
        }
        if self.has_no_base || file.status == FileStatus::Added {
            let side = file
                .new
                .as_ref()
                .filter(|side| side.mode != crate::model::Mode::Submodule);
            let Some(side) = side else { return Ok(None) };
            if let Ok(text) = self.content.read(side) {
                return Ok(Some(Input {
                    path: file.path.clone(),
                    text,
                    added: Added::All,
                    base: None,
                }));
            }
        }
        let diff = self.content.diff(file);
        match diff.body {
            DiffBody::Text => {}
            DiffBody::Unavailable(why) => {
                return Err(format!(
                    "{} is not read for hints: {}",
                    file.path,
                    visible_bytes(why.as_bytes())
                ));
            }
            DiffBody::Binary { .. } | DiffBody::Unchanged | DiffBody::Submodule { .. } => {
                return Ok(None);
            }
        }
        let mut runs = Vec::new();
        let mut removed = Vec::new();
        for run in diff.hunks.iter().flat_map(|hunk| &hunk.runs) {
            match run.kind {
                RowKind::Added => runs.push(run.new..run.new + run.len),
                RowKind::Removed => removed.push(RemovedRun {
                    lines: run.old..run.old + run.len,
                    head: run.new,
                }),
                RowKind::Context => {}
            }
        }
        let has_base = matches!(file.status, FileStatus::Modified | FileStatus::Renamed);
        let base = (has_base && !removed.is_empty()).then(|| Base {
            text: whole(&diff.old),
            removed,
        });
        let added = if self.all_lines && diff.new.is_whole() {
            Added::All
        } else {
            Added::Lines(runs)
        };
        Ok(Some(Input {
            path: file.path.clone(),
            text: whole(&diff.new),
            added,
            base,
        }))
    }
}

/// Returns a text's bytes; of a patch without its repository, what it knows at its lines.
fn whole(text: &crate::model::FileText) -> Arc<[u8]> {
    if text.is_whole() {
        Arc::clone(text.bytes())
    } else {
        spread(text)
    }
}

/// Puts the known lines of a patch at their numbers, with empty lines between.
fn spread(text: &crate::model::FileText) -> Arc<[u8]> {
    let mut out = Vec::new();
    let mut next = 1;
    for LineNo(number) in text.line_numbers() {
        // A patch may name a line beyond any real file.
        if number > next + 2_000_000 {
            break;
        }
        out.extend(std::iter::repeat_n(
            b'\n',
            number.saturating_sub(next) as usize,
        ));
        let line = text.line(LineNo(number)).unwrap_or_default();
        out.extend_from_slice(line);
        out.push(b'\n');
        next = number + 1;
    }
    out.into()
}
