//! The functions and types of all files of the change, for the finder: listed in the background once they are asked for,
//! told as they come.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::app::Happening;
use super::message::Msg;
use super::picker::{Candidate, Choice};
use crate::git::Content;
use crate::model::{ChangeSet, FileChange, FileText, LineNo, Side};
use crate::support::text::{fit_start, visible};
use crate::syntax::{Limits, detect, outline, parse};

/// Most symbols that are listed.
pub const MOST: usize = 100_000;
/// How often is told what was found; each time costs a frame.
const TELL: Duration = Duration::from_millis(150);
/// Most characters of the line that names a symbol: a list shows no more, and each is looked at as one types.
const LONGEST: usize = 120;
/// Columns of a symbol's place.
const PLACE: usize = 40;

/// What is known of the symbols of the change.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    /// Whether they were asked for.
    pub asked: bool,
    /// A row for each, for the finder.
    pub rows: Vec<Arc<Candidate>>,
    /// How many files were looked at.
    pub done: usize,
    /// Whether all were, or as many as are listed.
    pub finished: bool,
    /// Whether there are more than are listed.
    pub cut: bool,
}

/// Symbols of some more files.
#[derive(Debug, Clone)]
pub struct SymbolNews {
    /// Their rows.
    pub rows: Vec<Arc<Candidate>>,
    /// How many files were looked at so far.
    pub done: usize,
    /// Whether that is all.
    pub finished: bool,
    /// Whether there are more than are listed.
    pub cut: bool,
}

/// Lists the symbols of every file of a change, beginning with one.
pub fn list(change: &ChangeSet, content: &dyn Content, first: usize, out: &Sender<Happening>) {
    let count = change.files.len();
    let mut known = 0;
    let mut told = Instant::now();
    let mut news = SymbolNews {
        rows: Vec::new(),
        done: 0,
        finished: false,
        cut: false,
    };
    for step in 0..count {
        let at = (first + step) % count;
        let rows = rows_of(content, &change.files[at], at);
        known += rows.len();
        news.rows.extend(rows);
        news.done = step + 1;
        news.cut = known > MOST;
        if news.cut {
            news.rows
                .truncate(news.rows.len().saturating_sub(known - MOST));
            break;
        }
        if told.elapsed() > TELL {
            told = Instant::now();
            let fresh = SymbolNews {
                rows: std::mem::take(&mut news.rows),
                ..news
            };
            if out.send(Happening::Msg(Msg::Symbols(fresh))).is_err() {
                return;
            }
        }
    }
    news.finished = true;
    // When nobody listens any more the program is on its way out.
    let _ = out.send(Happening::Msg(Msg::Symbols(news)));
}

/// Returns a row for each symbol of a file after the change.
pub fn rows_of(content: &dyn Content, file: &FileChange, at: usize) -> Vec<Arc<Candidate>> {
    // A script without an ending says on its first line what it is.
    let by_name = detect(&file.path, b"");
    if by_name.is_none() && file.path.file_name().contains('.') {
        return Vec::new();
    }
    let Some(text) = text_after(content, file) else {
        return Vec::new();
    };
    let first_line = text.line(LineNo(1)).unwrap_or_default();
    let Some(language) = by_name.or_else(|| detect(&file.path, first_line)) else {
        return Vec::new();
    };
    let Ok(parsed) = parse(language, &text, Limits::default()) else {
        return Vec::new();
    };
    let path = visible(&file.path.quoted()).into_owned();
    let path = fit_start(&path, PLACE);
    let row = |text: &str, line: LineNo| {
        Arc::new(Candidate {
            tag: "\u{192}".to_owned(),
            text: text.chars().take(LONGEST).collect(),
            detail: format!("{path}:{line}"),
            choice: Choice::InChange(at, Side::New, line),
        })
    };
    let symbols = outline(&parsed, &text).symbols;
    symbols
        .into_iter()
        .map(|symbol| row(&symbol.text, symbol.line))
        .collect()
}

/// Returns the text of a file after the change, without comparing it where all of it is there.
pub fn text_after(content: &dyn Content, file: &FileChange) -> Option<FileText> {
    let side = file.new.as_ref()?;
    let whole = content.read(side).ok().map(FileText::whole);
    Some(whole.unwrap_or_else(|| content.diff(file).new))
}
