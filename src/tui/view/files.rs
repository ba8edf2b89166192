//! The list of files: folders with what is in them, what happened to each file, and what there is to do in it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{overlay, paint};
use crate::model::{FileStatus, RepoPath};
use crate::support::text::{fit_start, visible, width};
use crate::tui::files::{Facts, FileList, Form, Kind, Node};
use crate::tui::marks;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::windows;

/// Columns of each count on the right.
const HINTS: usize = 6;
const LINES: usize = 15;
const READ: usize = 14;

/// Draws the list.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, list: &FileList) {
    let title = title(state, list.form);
    let inside = overlay::window(frame, area, state, &title, windows::files_size(area));
    if inside.is_empty() {
        return;
    }
    draw_head(
        frame,
        Rect {
            height: 1,
            ..inside
        },
        state,
        list,
    );
    let rows = Rect {
        y: inside.y + 1,
        height: inside.height - 1,
        ..inside
    };
    for (y, at) in (rows.top()..rows.bottom()).zip(list.top..) {
        let Some(node) = list.node(at) else { break };
        let place = Rect {
            y,
            height: 1,
            ..rows
        };
        draw_row(frame, place, state, list, &node, at == list.selected);
    }
}

/// What is listed; while one commit is shown, that the counts are not of it.
fn title(state: &State, form: Form) -> String {
    let form = match form {
        Form::Tree => "by folder",
        Form::Flat => "flat",
    };
    match state.only_commit() {
        None => format!("Files {form}"),
        Some(commit) => format!(
            "Files of {}, {form} \u{b7} hints and read: whole change",
            commit.id
        ),
    }
}

/// What is typed to narrow the list, and what all that it holds comes to.
fn draw_head(frame: &mut Frame<'_>, area: Rect, state: &State, list: &FileList) {
    let theme = &state.look.theme;
    let total = list.total();
    let noun = if total.files == 1 { "file" } else { "files" };
    let read = match total.files_read {
        0 => String::new(),
        count => format!(" · {count} read"),
    };
    let counts = format!("{} {noun}{read} ", total.files);
    let right = Line::from(Span::styled(counts, theme.style(Role::Dim)));
    let room = usize::from(area.width).saturating_sub(right.width() + 4);
    let typed = format!(" /{}", fit_start(&visible(&list.query), room));
    let left = if list.typing {
        let at = area.x + width(&typed) as u16;
        frame.set_cursor_position(Position::new(at, area.y));
        Span::styled(typed, theme.style(Role::Field))
    } else if list.query.is_empty() {
        Span::styled(" / narrows the list".to_owned(), theme.style(Role::Dim))
    } else {
        Span::styled(typed, theme.style(Role::Key))
    };
    paint::ends(frame, area, &left.into(), &right, theme.style(Role::Text));
}

fn draw_row(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    list: &FileList,
    node: &Node,
    here: bool,
) {
    let theme = &state.look.theme;
    let ground = theme.style(if here { Role::Cursor } else { Role::Text });
    let closed = node.kind == Kind::Folder && list.is_closed(node);
    let right = match node.kind {
        Kind::Folder if !closed => Line::default(),
        Kind::Folder | Kind::File => counts(state, list.facts(node), node.kind, area.width),
    };
    let fold = match node.kind {
        Kind::File => "  ",
        Kind::Folder if closed => "▸ ",
        Kind::Folder => "▾ ",
    };
    // A deep tree leaves room for names.
    let depth = usize::from(node.depth).min(usize::from(area.width) / 8);
    let indent = format!("{}{}", if here { "▌" } else { " " }, "  ".repeat(depth));
    let mut left = vec![
        Span::styled(indent, theme.style(Role::Focus)),
        Span::styled(fold, theme.style(Role::Dim)),
    ];
    if node.kind == Kind::File {
        let status = list.file(node.name_of).status;
        let role = status_role(status);
        left.push(Span::styled(
            format!("{} ", status.letter()),
            theme.style(role),
        ));
    }
    let used: usize = left.iter().map(Span::width).sum();
    let room = usize::from(area.width).saturating_sub(used + right.width() + 1);
    let name = visible(&RepoPath::new(list.name(node)).quoted()).into_owned();
    left.push(Span::styled(
        fit_start(&name, room).into_owned(),
        name_style(state, node),
    ));
    paint::ends(frame, area, &Line::from(left), &right, ground);
}

/// The file in the code pane stands out.
fn name_style(state: &State, node: &Node) -> Style {
    let theme = &state.look.theme;
    match node.kind {
        Kind::Folder => theme.style(Role::Strong),
        Kind::File if node.name_of as usize == state.code.file => theme.style(Role::Focus),
        Kind::File => Style::new(),
    }
}

fn status_role(status: FileStatus) -> Role {
    match status {
        FileStatus::Added => Role::AddedSign,
        FileStatus::Deleted => Role::RemovedSign,
        FileStatus::Renamed | FileStatus::Copied | FileStatus::TypeChanged => Role::Key,
        FileStatus::Modified | FileStatus::ModeChanged => Role::Warn,
    }
}

/// Hints, findings and unread critical hunks, lines, and how much is read, each in columns of its own.
fn counts(state: &State, facts: Facts, kind: Kind, columns: u16) -> Line<'static> {
    let theme = &state.look.theme;
    let signed = |sign: &str, count: u32| match count {
        0 => String::new(),
        count => format!("{sign}{count} "),
    };
    let mut line = Line::default();
    if kind == Kind::Folder {
        let noun = if facts.files == 1 { "file" } else { "files" };
        let files = format!("{} {noun}  ", facts.files);
        line.push_span(Span::styled(files, theme.style(Role::Dim)));
    }
    let critical = signed("‼", facts.critical);
    line.push_span(Span::styled(critical, theme.style(Role::Warn)));
    let flags = signed("⚑", facts.flags);
    line.push_span(Span::styled(flags, theme.style(Role::Bad)));
    let hints = format!("{:>HINTS$}", signed(marks::OPEN, facts.hints));
    line.push_span(Span::styled(hints, theme.style(Role::Warn)));
    if columns >= 76 {
        let lines = match (facts.added, facts.removed) {
            (0, 0) => String::new(),
            (added, removed) => format!("+{added} −{removed}"),
        };
        let lines = format!("{lines:>LINES$}");
        line.push_span(Span::styled(lines, theme.style(Role::Dim)));
    }
    let (read, role) = match facts.hunks {
        0 => (String::new(), Role::Dim),
        hunks if facts.read == hunks => ("✓ read".to_owned(), Role::Good),
        hunks => (format!("read {}/{hunks}", facts.read), Role::Dim),
    };
    let read = format!("{read:>READ$} ");
    line.push_span(Span::styled(read, theme.style(role)));
    line
}
