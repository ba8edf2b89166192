//! Fixtures of rules: Markdown that shows what a rule must hit and what must stay silent.
//!
//! ````text
//! ## python-query-in-loop
//!
//! Prose.
//!
//! ### Hit: a query per order
//! ```python app/orders.py
//! for order in orders:
//!     order.items = db.query(Item).filter_by(order_id=order.id).all()  ◀
//! ```
//!
//! ### Near miss: one query for all
//! ```python app/orders.py
//! …
//! ```
//! ````
//!
//! A section of the second level is a rule. One of the third level is a case; its blocks are the files of one change, in
//! which every line is added. A block whose path is followed by `unchanged` has no added line; one followed by `base` is
//! what the file of the same path was before the change, so that only the lines that differ are added or removed. In a
//! hit, the rule must point at each line that ends with `◀` and at no other; in a near miss it must point at none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::change::{Change, Member, NoTree};
use super::engine::{Base, Input, Order, Provider, RemovedRun, run, scan_change};
use super::file::Added;
use super::rule::Registry;
use crate::model::{Hint, RepoPath};

/// Ends a line that must be hit.
const MARK: &str = "◀";

/// What fixtures came to.
#[derive(Debug, Default)]
pub struct FixtureReport {
    /// How many cases were run.
    pub cases: usize,
    /// What is wrong, as sentences with file and line.
    pub failures: Vec<String>,
    /// Hits and near misses, by rule.
    pub counts: BTreeMap<String, (usize, usize)>,
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The rule.
    pub rule: String,
    /// What the heading says.
    pub title: String,
    /// Whether it must be hit.
    pub is_hit: bool,
    /// Its files.
    pub files: Vec<Block>,
    /// The line of its heading.
    pub line: usize,
}

/// A file of a case.
#[derive(Debug, Clone)]
pub struct Block {
    /// Where it is.
    pub path: RepoPath,
    /// Its text without marks.
    pub text: String,
    /// The marked lines.
    pub marks: Vec<u32>,
    /// What it was before the change, where the case says so.
    pub base: Option<String>,
    kind: BlockKind,
}

/// What follows the path of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Added,
    Unchanged,
    Base,
}

impl Block {
    fn input(&self) -> Input {
        let bytes = self.text.as_bytes().into();
        let (added, base) = match (&self.base, self.kind) {
            (Some(base), _) => difference(base, &self.text),
            (None, BlockKind::Added) => (Added::All, None),
            (None, BlockKind::Unchanged | BlockKind::Base) => (Added::Lines(Vec::new()), None),
        };
        Input {
            path: self.path.clone(),
            text: bytes,
            added,
            base,
        }
    }
}

/// Returns the lines that were added, and the text before with those that were removed.
fn difference(before: &str, after: &str) -> (Added, Option<Base>) {
    let mut added = Vec::new();
    let mut removed = Vec::new();
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let number = |index: usize| index as u32 + 1;
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            continue;
        }
        if !new.is_empty() {
            added.push(number(new.start)..number(new.end));
        }
        if !old.is_empty() {
            removed.push(RemovedRun {
                lines: number(old.start)..number(old.end),
                head: number(new.start),
            });
        }
    }
    let base = (!removed.is_empty()).then(|| Base {
        text: before.as_bytes().into(),
        removed,
    });
    (Added::Lines(added), base)
}

/// Runs all fixtures in a folder and the folders in it.
pub fn check_folder(folder: &Path, registry: &Arc<Registry>) -> std::io::Result<FixtureReport> {
    let mut report = FixtureReport::default();
    let mut files = Vec::new();
    collect(folder, &mut files, 0)?;
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let shown = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .display()
            .to_string();
        for case in parse(&text) {
            check(&case, &shown, registry, &mut report);
        }
    }
    Ok(report)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, depth: u8) -> std::io::Result<()> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && depth < 4 {
            collect(&path, files, depth + 1)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    Ok(())
}

fn check(case: &Case, shown: &str, registry: &Arc<Registry>, report: &mut FixtureReport) {
    report.cases += 1;
    let place = format!("{shown}:{}", case.line);
    let count = report.counts.entry(case.rule.clone()).or_default();
    if case.is_hit {
        count.0 += 1;
    } else {
        count.1 += 1;
    }
    if registry.rule(&case.rule).is_none() {
        report
            .failures
            .push(format!("{place}: no rule is called {}", case.rule));
        return;
    }
    let (hints, problems) = scan_case(case, registry);
    for problem in problems {
        report.failures.push(format!("{place}: {problem}"));
    }
    for Block { path, marks, .. } in &case.files {
        let mut found: Vec<u32> = hints
            .iter()
            .filter(|hint| &hint.path == path && hint.rule.as_str() == case.rule)
            .map(Hint::line)
            .collect();
        found.sort_unstable();
        found.dedup();
        let wanted: &[u32] = if case.is_hit { marks } else { &[] };
        let list = |lines: &[u32]| {
            lines
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        if found != wanted {
            report.failures.push(format!(
                "{place}: {} on {path}: expected lines [{}], found [{}]",
                case.rule,
                list(wanted),
                list(&found)
            ));
        }
    }
    if case.is_hit && case.files.iter().all(|file| file.marks.is_empty()) {
        report.failures.push(format!(
            "{place}: a hit without a line that ends with {MARK}"
        ));
    }
}

/// Runs all rules on a case.
pub fn scan_case(case: &Case, registry: &Arc<Registry>) -> (Vec<Hint>, Vec<String>) {
    let inputs = case.files.iter().map(Block::input);
    let provider: Arc<dyn Provider> = Arc::new(Given(inputs.collect()));
    let mut hints = Vec::new();
    let mut problems = Vec::new();
    let members: Mutex<Vec<Member>> = Mutex::default();
    let mut words = registry.words();
    for file in &case.files {
        words.learn(&file.text);
    }
    run(
        &provider,
        registry,
        words,
        &Order::all(case.files.len()),
        1,
        |scanned| {
            hints.extend(scanned.hints);
            problems.extend(scanned.problems);
            if let Ok(mut members) = members.lock() {
                members.extend(scanned.member);
            }
        },
    );
    let members = members.into_inner().unwrap_or_default();
    let change = Change::new(&members, &NoTree);
    scan_change(&change, registry, &mut hints, &mut problems);
    (hints, problems)
}

struct Given(Vec<Input>);

impl Provider for Given {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn path(&self, index: usize) -> &RepoPath {
        &self.0[index].path
    }

    fn load(&self, index: usize) -> Result<Option<Input>, String> {
        Ok(Some(self.0[index].clone()))
    }
}

/// Reads a fixture.
pub fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut rule = String::new();
    let mut open: Option<(usize, Block)> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some((ticks, block)) = &mut open {
            if line.trim_end() == "`".repeat(*ticks) {
                if let (Some(case), Some((_, block))) = (cases.last_mut(), open.take()) {
                    take(case, block);
                }
            } else {
                let clean = match line.trim_end().strip_suffix(MARK) {
                    Some(clean) => {
                        block.marks.push(block.text.lines().count() as u32 + 1);
                        clean.trim_end()
                    }
                    None => line,
                };
                block.text.push_str(clean);
                block.text.push('\n');
            }
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            heading.trim().clone_into(&mut rule);
        } else if let Some(heading) = line.strip_prefix("### ") {
            let is_hit = heading.to_lowercase().starts_with("hit");
            cases.push(Case {
                rule: rule.clone(),
                title: heading.trim().to_owned(),
                is_hit,
                files: Vec::new(),
                line: at + 1,
            });
        } else if line.starts_with("```") {
            let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
            let mut words = line[ticks..].split_whitespace();
            let language = words.next().unwrap_or_default();
            let path = words.next().map_or_else(
                || format!("src/code.{}", extension(language)),
                str::to_owned,
            );
            let kind = match words.next() {
                Some("unchanged") => BlockKind::Unchanged,
                Some("base") => BlockKind::Base,
                _ => BlockKind::Added,
            };
            let block = Block {
                path: RepoPath::from(path.as_str()),
                kind,
                text: String::new(),
                marks: Vec::new(),
                base: None,
            };
            open = Some((ticks, block));
        }
    }
    cases.retain(|case| !case.files.is_empty());
    cases
}

/// Adds a block to a case; what a file was before goes to its block after, whichever comes first.
fn take(case: &mut Case, block: Block) {
    let is_base = block.kind == BlockKind::Base;
    let other = case
        .files
        .iter_mut()
        .find(|other| other.path == block.path && (other.kind == BlockKind::Base) != is_base);
    match other {
        Some(after) if is_base => after.base = Some(block.text),
        Some(before) => {
            let base = std::mem::take(&mut before.text);
            *before = Block {
                base: Some(base),
                ..block
            };
        }
        None => case.files.push(block),
    }
}

fn extension(language: &str) -> &str {
    match language {
        "python" => "py",
        "javascript" => "js",
        "typescript" => "ts",
        "csharp" => "cs",
        "ruby" => "rb",
        "rust" => "rs",
        "kotlin" => "kt",
        "bash" => "sh",
        "yaml" => "yml",
        "hcl" => "tf",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_and_lines_counted() {
        let cases = parse(
            "## a-rule\n\n### Hit: x\n```python app/a.py\nx = 1\n\ny = 2  ◀\n```\n### Near miss\n```go\nz\n```\n",
        );
        assert_eq!(cases.len(), 2);
        assert!(cases[0].is_hit && !cases[1].is_hit);
        assert_eq!(cases[0].files[0].text, "x = 1\n\ny = 2\n");
        assert_eq!(cases[0].files[0].marks, [3]);
        assert_eq!(cases[1].files[0].path, RepoPath::from("src/code.go"));
    }

    #[test]
    fn a_base_block_makes_the_lines_that_differ_added_and_removed() {
        let cases = parse(
            "## a-rule\n\n### Hit: x\n```python app/a.py base\na\nb\nc\n```\n```python app/a.py\na\nc  ◀\nd\n```\n",
        );
        assert_eq!(cases[0].files.len(), 1);
        let input = cases[0].files[0].input();
        assert!(input.added.touches(3, 3) && !input.added.touches(1, 2));
        assert_eq!(input.added.count(3), 1);
        let base = input.base.expect("lines were removed");
        assert_eq!(&*base.text, b"a\nb\nc\n");
        let removed = RemovedRun {
            lines: 2..3,
            head: 2,
        };
        assert_eq!(base.removed, [removed]);
    }
}
