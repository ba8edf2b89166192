//! The two lines at the bottom: notices and prompts, and the keys that matter now.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::paint;
use crate::model::{CommentTarget, RowKind};
use crate::support::text::{fit, fit_start, visible, width};
use crate::tui::action::Action;
use crate::tui::document::DocRow;
use crate::tui::files::{FileList, Form};
use crate::tui::halt::Pace;
use crate::tui::keymap::spell;
use crate::tui::layout::Focus;
use crate::tui::marks;
use crate::tui::message::Tone;
use crate::tui::picker::FINDER;
use crate::tui::state::{Overlay, Search, State};
use crate::tui::theme::{Role, Theme};

/// Draws the notice, the search prompt, or what was typed of a command.
pub fn draw_line(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let columns = usize::from(area.width);
    if let Some(search) = state.search.as_ref().filter(|search| search.typing) {
        let text = format!(" /{}", visible(&search.pattern));
        // What is being typed stays in sight.
        let shown = fit_start(&text, columns.saturating_sub(2)).into_owned();
        let cursor = Position::new(area.x + width(&shown) as u16, area.y);
        frame
            .buffer_mut()
            .set_stringn(area.x, area.y, &shown, columns, theme.style(Role::Field));
        frame.set_cursor_position(cursor);
        return;
    }
    let (text, role) = match (&state.notice, pending(state)) {
        (_, Some(text)) => (text, Role::Key),
        (Some(notice), None) => {
            let role = match notice.tone {
                Tone::Plain => Role::Text,
                Tone::Good => Role::Good,
                Tone::Warn => Role::Warn,
                Tone::Bad => Role::Bad,
            };
            (visible(&notice.text).into_owned(), role)
        }
        (None, None) => (standing(state), Role::Dim),
    };
    let shown = fit(&text, columns.saturating_sub(2)).into_owned();
    frame
        .buffer_mut()
        .set_stringn(area.x + 1, area.y, shown, columns, theme.style(role));
}

/// Says how the unfinished command can go on.
fn pending(state: &State) -> Option<String> {
    if state.pending.keys.is_empty() {
        return state.pending.count.map(|count| count.to_string());
    }
    let prefix = spell(&state.pending.keys);
    let rest: Vec<String> = state
        .look
        .keymap
        .continuations(&state.pending.keys)
        .into_iter()
        .map(|(key, action)| format!("{key} {}", action.name()))
        .collect();
    Some(format!("{prefix}…  {}", rest.join("  ")))
}

/// What stands there when nothing happened: the selection, the search, unfinished counting, lost context.
fn standing(state: &State) -> String {
    if state.code.selection.is_some() {
        let (first, last) = state.selected_rows();
        let count = last - first + 1;
        let noun = if count == 1 { "line" } else { "lines" };
        return format!(
            "{count} {noun} selected: {} flags, {} comments, {} adds evidence, {} copies, {} ends",
            state.key_of(Action::Flag),
            state.key_of(Action::Comment),
            state.key_of(Action::AddEvidence),
            state.key_of(Action::Copy),
            state.key_of(Action::Select)
        );
    }
    if let (Some(Overlay::Picker(picker)), false) = (state.overlays.last(), state.symbols.finished)
        && picker.title == FINDER
    {
        let total = state.subject.change.files.len();
        return format!(
            "Functions and types: {} of {total} files",
            state.symbols.done
        );
    }
    if let Some(task) = &state.task {
        return format!(
            "{}; {} gives up",
            visible(&task.progress()),
            state.key_of(Action::Cancel)
        );
    }
    if let Some(search) = &state.search {
        return format!(
            "/{}  {}  {} next, {} previous, {} ends",
            visible(&search.pattern),
            found(search),
            state.key_of(Action::NextHint),
            state.key_of(Action::PreviousHint),
            state.key_of(Action::Cancel)
        );
    }
    if let Some(lens) = state.lens() {
        return super::lens::standing(state, lens);
    }
    let total = state.subject.change.files.len();
    if state.snapshot.counted < total {
        let counted = state.snapshot.counted;
        return match state.counting {
            Pace::Goes => format!("Counting lines: {counted} of {total} files"),
            Pace::Halted => format!(
                "Counting stopped at {counted} of {total} files, and shares read are of those; {} goes on",
                state.key_of(Action::Count)
            ),
        };
    }
    if let Some(text) = looking(state) {
        return text;
    }
    if let Some(text) = marked_line(state).or_else(|| moved_line(state)) {
        return text;
    }
    if let Some(reason) = &state.snapshot.read_only {
        return format!("Read-only: {}", visible(reason));
    }
    if let Some(reason) = &state.code.colours.plain {
        return format!("No colours: {}", visible(reason));
    }
    String::new()
}

/// How far the search for hints is, while it runs.
fn looking(state: &State) -> Option<String> {
    let progress = state.board.progress;
    let (done, total) = (progress.done, progress.total);
    (total > 0 && !progress.finished).then(|| match state.hinting {
        Pace::Goes => format!("Looking for hints: {done} of {total} files"),
        Pace::Halted => format!(
            "The search for hints stopped at {done} of {total} files; {} goes on",
            state.key_of(Action::Count)
        ),
    })
}

/// How much a search has found, and whether it still looks.
fn found(search: &Search) -> String {
    let hits = &search.hits;
    let lines = if hits.lines == 1 { "line" } else { "lines" };
    let files = if hits.files == 1 { "file" } else { "files" };
    let more = if hits.done {
        String::new()
    } else {
        format!("\u{2026} after {} files", hits.searched)
    };
    format!("{} {lines} in {} {files}{more}", hits.lines, hits.files)
}

/// Where a moved line under the cursor came from or went.
fn moved_line(state: &State) -> Option<String> {
    let DocRow::Line { row, .. } = state.code.document.as_ref()?.row(state.code.cursor)? else {
        return None;
    };
    let (file, line) = state.moved_to(row)?;
    let path = &state.subject.change.files.get(file as usize)?.path;
    let way = match row.kind {
        RowKind::Removed => "Moved to",
        RowKind::Added | RowKind::Context => "Moved from",
    };
    Some(format!("{way} {}:{line}", visible(&path.quoted())))
}

/// What a hint, finding or comment says of the line under the cursor.
fn marked_line(state: &State) -> Option<String> {
    let path = &state.file()?.path;
    let DocRow::Line { row, .. } = state.code.document.as_ref()?.row(state.code.cursor)? else {
        return None;
    };
    if let Some(hint) = state.board.current_hint() {
        let tool = hint.tool.as_deref().map(|tool| format!("{tool}: "));
        return Some(format!(
            "{} {}{}",
            marks::CURRENT,
            visible(&tool.unwrap_or_default()),
            visible(&hint.message)
        ));
    }
    let review = &state.snapshot.review;
    let finding = review.findings.iter().find(|state| {
        state
            .finding
            .evidence
            .iter()
            .any(|anchor| anchor.shows(path, row))
    });
    if let Some(state) = finding {
        let finding = &state.finding;
        return Some(format!(
            "⚑ {}, {}: {}",
            finding.item,
            finding.severity.name(),
            visible(&finding.title)
        ));
    }
    review
        .comments
        .iter()
        .find_map(|state| match &state.comment.target {
            CommentTarget::Lines(anchor) if anchor.shows(path, row) => Some(format!(
                "✎ {} ({}): {}",
                visible(&state.made.by.name),
                state.comment.visibility.name(),
                visible(&state.comment.text)
            )),
            CommentTarget::Lines(_)
            | CommentTarget::Review
            | CommentTarget::Item(_)
            | CommentTarget::File(_) => None,
        })
}

/// Draws the key bar.
pub fn draw_keys(frame: &mut Frame<'_>, area: Rect, state: &State) {
    draw_pairs(frame, area, &state.look.theme, &pairs(state));
}

/// Draws keys and what they do, as many as there is room for.
pub fn draw_hints(frame: &mut Frame<'_>, area: Rect, theme: &Theme, hints: &[(&str, &str)]) {
    draw_pairs(frame, area, theme, &owned(hints));
}

fn draw_pairs(frame: &mut Frame<'_>, area: Rect, theme: &Theme, pairs: &[(String, String)]) {
    let bar = theme.style(Role::Bar);
    let mut spans = vec![Span::styled(" ", bar)];
    let mut used = 1;
    for (key, label) in pairs {
        let columns = width(key) + 1 + width(label) + 2;
        if used + columns > usize::from(area.width) {
            break;
        }
        used += columns;
        spans.push(Span::styled(
            key.clone(),
            paint::over(bar, theme.style(Role::Key)),
        ));
        spans.push(Span::styled(format!(" {label}  "), bar));
    }
    let buffer = frame.buffer_mut();
    buffer.set_style(area, bar);
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, label)| ((*key).to_owned(), (*label).to_owned()))
        .collect()
}

fn file_keys(list: &FileList) -> &'static [(&'static str, &'static str)] {
    match (list.typing, list.form) {
        (true, _) => &[("Enter", "done"), ("↑↓", "choose"), ("Esc", "all files")],
        (false, Form::Tree) => &[
            ("Enter", "go"),
            ("h/l", "close, open"),
            ("-/+", "all"),
            ("t", "flat"),
            ("/", "narrow"),
            ("Esc", "back"),
        ],
        (false, Form::Flat) => &[
            ("Enter", "go"),
            ("t", "by folder"),
            ("/", "narrow"),
            ("Esc", "back"),
        ],
    }
}

fn pairs(state: &State) -> Vec<(String, String)> {
    match state.overlays.last() {
        Some(Overlay::Dialog(dialog)) => return owned(&dialog.hints()),
        Some(Overlay::Picker(_)) => {
            return owned(&[
                ("Enter", "go"),
                ("↑↓", "choose"),
                ("Ctrl-u", "clear"),
                ("Esc", "back"),
            ]);
        }
        Some(Overlay::Files(list)) => return owned(file_keys(list)),
        Some(Overlay::Text(..)) => return owned(&[("j/k", "scroll"), ("Esc", "back")]),
        None => {}
    }
    if state.search.as_ref().is_some_and(|search| search.typing) {
        return owned(&[("Enter", "go"), ("Esc", "give up")]);
    }
    let wanted: &[(Action, &str)] = match state.focus {
        Focus::Code => &[
            (Action::Accept, "accept"),
            (Action::Flag, "flag"),
            (Action::NotApplicable, "n/a"),
            (Action::Waive, "waive"),
            (Action::Help, "help"),
            (Action::MarkHunk, "mark read"),
            (Action::NextHunk, "hunk"),
            (Action::NextItem, "item"),
            (Action::Select, "select"),
            (Action::Comment, "comment"),
            (Action::Finder, "find"),
            (Action::Findings, "findings"),
            (Action::Sign, "sign"),
            (Action::Quit, "quit"),
        ],
        Focus::Checklist | Focus::Item => &[
            (Action::Accept, "accept"),
            (Action::Flag, "flag"),
            (Action::NotApplicable, "n/a"),
            (Action::Waive, "waive"),
            (Action::Help, "help"),
            (Action::FocusNext, "next pane"),
            (Action::NextUndecided, "next undecided"),
            (Action::Comment, "comment"),
            (Action::Findings, "findings"),
            (Action::Sign, "sign"),
            (Action::Quit, "quit"),
        ],
    };
    let with_hints = !state.board.listed(state.item).is_empty();
    let for_hints: &[(Action, &str)] = if with_hints {
        &[
            (Action::NextHint, "next hint"),
            (Action::Dismiss, "dismiss"),
        ]
    } else {
        &[]
    };
    let for_lens: &[(Action, &str)] = if state.lens().is_some() {
        &[(Action::WholeChange, "whole change")]
    } else {
        &[]
    };
    let (first, rest) = wanted.split_at(5);
    for_lens
        .iter()
        .chain(first)
        .chain(for_hints)
        .chain(rest)
        .filter_map(|(action, label)| {
            let keys = state.look.keymap.keys_of(*action);
            keys.first().map(|key| (key.clone(), (*label).to_owned()))
        })
        .collect()
}
