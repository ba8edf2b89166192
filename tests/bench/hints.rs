//! How much the hints cost: all rules against parsing alone, on the same files, with the same number of threads, in one
//! run. `cargo bench --bench hints -- [FOLDER …]`; without a folder the sources of this project's dependencies.
//!
//! Prints, for each, files and megabytes per second, and the ratio of the two times. Parsing alone is what the engine does
//! before its first rule: read, decode, detect, parse. Files that no rule reads are in neither.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::hints::{self, Added, Input, Order, Provider, Registry};
use countersign::model::RepoPath;

/// The most files that are measured.
const MOST: usize = 6000;

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

fn main() {
    let named: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .map(PathBuf::from)
        .collect();
    let folders = if named.is_empty() {
        vec![dependencies()]
    } else {
        named
    };
    let mut files = Vec::new();
    for folder in &folders {
        gather(folder, folder, &mut files);
    }
    if files.is_empty() {
        say("no files to measure; name a folder of sources");
        return;
    }
    let (registry, problems) = hints::load_with(&[]);
    assert!(problems.is_empty(), "the rules load: {problems:?}");
    let registry = Arc::new(registry);
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let provider: Arc<dyn Provider> = Arc::new(Given(files));
    // Once without a clock, so that neither pays for cold memory and tables.
    parse(&provider, &registry, threads);
    let mut parsing = Duration::MAX;
    let mut all = Duration::MAX;
    let mut told = (0, 0, 0);
    for _ in 0..3 {
        parsing = parsing.min(parse(&provider, &registry, threads).0);
        let (time, files, bytes, hints) = scan(&provider, &registry, threads);
        all = all.min(time);
        told = (files, bytes, hints);
    }
    let (count, bytes, hints) = told;
    let line = |what: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        say(&format!(
            "{what:<16} {seconds:>7.2} s {:>8.0} files/s {:>7.1} MB/s",
            count as f64 / seconds,
            bytes as f64 / 1e6 / seconds
        ));
    };
    say(&format!(
        "{count} files, {:.1} MB, {} rules, {threads} threads, {hints} hints",
        bytes as f64 / 1e6,
        registry.rules().len()
    ));
    line("parsing alone", parsing);
    line("all rules", all);
    say(&format!(
        "ratio            {:>7.2}",
        all.as_secs_f64() / parsing.as_secs_f64()
    ));
}

fn parse(
    provider: &Arc<dyn Provider>,
    registry: &Arc<Registry>,
    threads: usize,
) -> (Duration, usize) {
    let started = Instant::now();
    let bytes = hints::parse_alone(provider, registry, threads);
    (started.elapsed(), bytes)
}

fn scan(
    provider: &Arc<dyn Provider>,
    registry: &Arc<Registry>,
    threads: usize,
) -> (Duration, usize, usize, usize) {
    let started = Instant::now();
    let (mut files, mut bytes, mut hints) = (0, 0, 0);
    hints::run(
        provider,
        registry,
        registry.words(),
        &Order::all(provider.count()),
        threads,
        |scanned| {
            files += usize::from(scanned.bytes > 0);
            bytes += scanned.bytes;
            hints += scanned.hints.len();
        },
    );
    (started.elapsed(), files, bytes, hints)
}

fn dependencies() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    home.unwrap_or_default().join("registry/src")
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<Input>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if files.len() >= MOST {
            return;
        }
        if path.is_dir() {
            gather(root, &path, files);
        } else if let Ok(text) = std::fs::read(&path)
            && text.len() < 1 << 20
        {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            let known = [
                "rs", "py", "js", "ts", "tsx", "go", "java", "kt", "cs", "rb", "php", "sql", "yml",
                "tf", "sh",
            ];
            if path
                .extension()
                .is_some_and(|extension| known.iter().any(|one| extension == *one))
            {
                files.push(Input {
                    path: RepoPath::from(name.as_str()),
                    text: text.into(),
                    added: Added::All,
                    base: None,
                });
            }
        }
    }
}

#[expect(
    clippy::print_stdout,
    clippy::disallowed_macros,
    reason = "a benchmark prints its figures"
)]
fn say(text: &str) {
    println!("{text}");
}
