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
//! which every line is added. A block whose path is followed by `unchanged` has no added line. In a hit, the rule must
//! point at each line that ends with `◀` and at no other; in a near miss it must point at none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::change::{Change, Member, NoTree};
use super::engine::{Input, Order, Provider, run, scan_change};
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
    /// Path, text without marks, marked lines, whether its lines are added.
    pub files: Vec<(RepoPath, String, Vec<u32>, bool)>,
    /// The line of its heading.
    pub line: usize,
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
    for (path, _, marks, _) in &case.files {
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
    if case.is_hit && case.files.iter().all(|(_, _, marks, _)| marks.is_empty()) {
        report.failures.push(format!(
            "{place}: a hit without a line that ends with {MARK}"
        ));
    }
}

/// Runs all rules on a case.
pub fn scan_case(case: &Case, registry: &Arc<Registry>) -> (Vec<Hint>, Vec<String>) {
    let inputs = case.files.iter().map(|(path, text, _, is_added)| Input {
        path: path.clone(),
        text: text.as_bytes().into(),
        added: if *is_added {
            Added::All
        } else {
            Added::Lines(Vec::new())
        },
    });
    let provider: Arc<dyn Provider> = Arc::new(Given(inputs.collect()));
    let mut hints = Vec::new();
    let mut problems = Vec::new();
    let members: Mutex<Vec<Member>> = Mutex::default();
    let mut words = registry.words();
    for (_, text, _, _) in &case.files {
        words.learn(text);
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
    let mut block: Option<(usize, RepoPath, String, Vec<u32>, bool)> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some((ticks, path, code, marks, is_added)) = &mut block {
            if line.trim_end() == "`".repeat(*ticks) {
                if let Some(case) = cases.last_mut() {
                    case.files.push((
                        path.clone(),
                        std::mem::take(code),
                        std::mem::take(marks),
                        *is_added,
                    ));
                }
                block = None;
            } else {
                let clean = match line.trim_end().strip_suffix(MARK) {
                    Some(clean) => {
                        marks.push(code.lines().count() as u32 + 1);
                        clean.trim_end()
                    }
                    None => line,
                };
                code.push_str(clean);
                code.push('\n');
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
            let is_added = words.next() != Some("unchanged");
            block = Some((
                ticks,
                RepoPath::from(path.as_str()),
                String::new(),
                Vec::new(),
                is_added,
            ));
        }
    }
    cases.retain(|case| !case.files.is_empty());
    cases
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
        assert_eq!(cases[0].files[0].1, "x = 1\n\ny = 2\n");
        assert_eq!(cases[0].files[0].2, [3]);
        assert_eq!(cases[1].files[0].0, RepoPath::from("src/code.go"));
    }
}
