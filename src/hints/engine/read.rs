//! One file's bytes → its hints.

use std::ops::{ControlFlow, Range};
use std::time::Instant;

use ast_grep_core::AstGrep;
use tree_sitter::{ParseOptions, Parser, Tree};

use super::scan;
use super::tally::FileHints;
use super::template::without_pieces;
use super::watch::Watch;
use super::{Input, LARGEST, PARSE_TIME, Scanned, base, embedded};
use crate::hints::change::Member;
use crate::hints::condition;
use crate::hints::file::File;
use crate::hints::lang::Root;
use crate::hints::role::{self, Role};
use crate::hints::rule::Registry;
use crate::hints::tree::Source;
use crate::hints::words::Words;
use crate::syntax::{self, Language, detect};

/// How far into a text a NUL byte makes it binary.
const BINARY_PROBE: usize = 8000;

/// Runs all rules on one file.
pub fn scan_text(
    index: usize,
    input: &Input,
    registry: &Registry,
    words: &Words,
    watch: &Watch,
) -> Scanned {
    let mut scanned = Scanned {
        index,
        ..Scanned::default()
    };
    let bytes = &input.text;
    if bytes[..bytes.len().min(BINARY_PROBE)].contains(&0) {
        return scanned;
    }
    if bytes.len() > LARGEST {
        scanned.problems.push(format!(
            "{} has {} bytes; more than {LARGEST} (2 MiB) are not read for hints",
            input.path,
            bytes.len()
        ));
        return scanned;
    }
    let text = as_text(bytes);
    let language = detect(
        &input.path,
        text.lines().next().unwrap_or_default().as_bytes(),
    );
    let roles = role::roles(&input.path, language, &text);
    let lines =
        memchr::memchr_iter(b'\n', bytes).count() as u32 + u32::from(!bytes.ends_with(b"\n"));
    scanned.added_lines = input.added.count(lines);
    let keeps_text = roles.has(Role::Manifest)
        || roles.has(Role::Lock)
        || roles.has(Role::Migration)
        || language == Some(Language::Sql)
        || is_requirements(input);
    if keeps_text {
        scanned.member = Some(Member {
            path: input.path.clone(),
            language,
            roles,
            text: text.as_str().into(),
            statements: None,
            added: input.added.clone(),
        });
    }
    let Some(language) = language.filter(|&language| registry.reads(language)) else {
        return scanned;
    };
    if roles.has(Role::Generated) || roles.has(Role::Vendored) {
        return scanned;
    }
    let Some(tree) = parse(language, text.as_bytes()) else {
        scanned.problems.push(format!(
            "{} took longer than {} s to parse and is not read for hints",
            input.path,
            PARSE_TIME.as_secs()
        ));
        return scanned;
    };
    scanned.bytes = text.len();
    let root: Root = AstGrep::doc(Source::new(language, text, &tree));
    drop(tree);
    let file = File::new(&input.path, language, roles, &root, &input.added, words);
    let FileHints {
        mut hints,
        mut problems,
    } = scan::scan(&file, registry, watch, |_| true);
    if let Some(inner) = embedded::scan_sql(&file, registry, watch) {
        hints.extend(inner.hints);
        problems.extend(inner.problems);
        scan::number(&mut hints);
    }
    if let Some(base) = &input.base
        && let Some(gone) = base::scan_base(&file, base, registry, watch)
    {
        hints.extend(gone.hints);
        problems.extend(gone.problems);
    }
    if let Some(member) = &mut scanned.member
        && roles.has(Role::Migration)
    {
        member.statements = embedded::steps(&file).map(Into::into);
    }
    if scanned.member.is_none() {
        let imports: Vec<&str> = condition::import_lines(&file);
        if !imports.is_empty() && !roles.is_silent() {
            scanned.member = Some(Member {
                path: input.path.clone(),
                language: Some(language),
                roles,
                text: imports_only(file.text(), &imports).into(),
                statements: None,
                added: input.added.clone(),
            });
        }
    }
    scanned.hints = hints;
    scanned.problems.extend(problems);
    scanned
}

/// Does to a file what comes before the first rule, for benchmarks; returns how many bytes were parsed.
pub fn parse_text(input: &Input, registry: &Registry) -> usize {
    let text = as_text(&input.text);
    let first = text.lines().next().unwrap_or_default().as_bytes();
    let Some(language) = detect(&input.path, first).filter(|&language| registry.reads(language))
    else {
        return 0;
    };
    let roles = role::roles(&input.path, Some(language), &text);
    if roles.has(Role::Generated) || roles.has(Role::Vendored) {
        return 0;
    }
    parse(language, text.as_bytes()).map_or(0, |_| text.len())
}

fn is_requirements(input: &Input) -> bool {
    let path = String::from_utf8_lossy(input.path.as_bytes());
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with("requirements") || name == "Dockerfile" || name == "constraints.txt"
}

/// Keeps the lines that import something, at their numbers; the others are empty. Rules on the whole change need no more
/// of ordinary code, and a change of thousands of files stays small in memory.
fn imports_only(text: &str, imports: &[&str]) -> String {
    let mut out = String::new();
    let mut wanted = imports.iter().peekable();
    for line in text.lines() {
        let Some(next) = wanted.peek() else { break };
        if std::ptr::eq(line.trim_start(), **next) {
            out.push_str(line);
            wanted.next();
        }
        out.push('\n');
    }
    out
}

/// Returns bytes as text of the same length: what is no UTF-8 becomes question marks.
pub(super) fn as_text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    out
}

thread_local! {
    static PARSER: std::cell::RefCell<Parser> = std::cell::RefCell::new(Parser::new());
}

/// Parses within [`PARSE_TIME`].
pub fn parse(language: Language, bytes: &[u8]) -> Option<Tree> {
    parse_parts(language, bytes, &[])
}

/// Parses parts of a text as if nothing stood between them, each with the byte after it; all of the text where there are
/// none. Positions are those of the text.
pub fn parse_parts(language: Language, bytes: &[u8], parts: &[Range<usize>]) -> Option<Tree> {
    let plain;
    let bytes = if language == Language::Yaml {
        plain = without_pieces(bytes);
        &plain
    } else {
        bytes
    };
    PARSER.with(|parser| {
        let mut parser = parser.borrow_mut();
        parser.reset();
        parser.set_language(&syntax::grammar(language)).ok()?;
        parser
            .set_included_ranges(&with_points(bytes, parts))
            .ok()?;
        let started = Instant::now();
        let mut give_up = |_: &tree_sitter::ParseState| {
            if started.elapsed() > PARSE_TIME {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut give_up);
        parser.parse_with_options(
            &mut |at, _| bytes.get(at..).unwrap_or_default(),
            None,
            Some(options),
        )
    })
}

/// Returns parts, each with the byte after it, as the parser wants them.
fn with_points(bytes: &[u8], parts: &[Range<usize>]) -> Vec<tree_sitter::Range> {
    let (mut at, mut row, mut line) = (0, 0, 0);
    let mut point = |to: usize| {
        for newline in memchr::memchr_iter(b'\n', &bytes[at..to]) {
            row += 1;
            line = at + newline + 1;
        }
        at = to;
        tree_sitter::Point::new(row, to - line)
    };
    let mut all = Vec::new();
    for part in parts {
        let end = (part.end + 1).min(bytes.len());
        all.push(tree_sitter::Range {
            start_byte: part.start,
            end_byte: end,
            start_point: point(part.start),
            end_point: point(end),
        });
    }
    all
}
