//! The long texts of the screen as lines: the item's and the help's. Shared by `update` (how far they scroll) and `view`
//! (what is drawn), so that a key never scrolls beyond what there is.

use std::sync::Arc;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::action::{Action, Section};
use super::board::Standing;
use super::layout::Areas;
use super::marks;
use super::state::{State, Text};
use super::theme::Role;
use crate::checklist::figures;
use crate::model::{CommentTarget, EvidenceKind, Hint, Item, ItemId, Verdict, Visibility};
use crate::review::{FindingState, Proposal, VerdictState};
use crate::support::text::{fit, visible, wrap};

/// Columns of the words on the left of the item's text.
const LABEL: usize = 11;
/// Columns of the keys on the left of the help.
const KEYS: usize = 24;

/// Returns how many rows the item's text can be scrolled by in its pane.
pub fn item_rows_beyond(state: &State, areas: &Areas) -> u16 {
    let rows = item(state, usize::from(areas.item.width)).len();
    clamped(rows.saturating_sub(usize::from(areas.item.height)))
}

/// Returns how many rows a text can be scrolled by on a screen.
pub fn text_rows_beyond(state: &State, which: Text) -> u16 {
    let (columns, rows) = text_size(front(Rect::new(0, 0, state.size.0, state.size.1)));
    let lines = text(state, which, usize::from(columns.saturating_sub(2))).len();
    clamped(lines.saturating_sub(usize::from(rows.saturating_sub(2))))
}

/// Returns where overlays stand: between the title bar and the key bar.
pub fn front(screen: Rect) -> Rect {
    Rect {
        y: screen.y + 1,
        height: screen.height.saturating_sub(2),
        ..screen
    }
}

/// Returns the columns and rows of a text's window, frame included.
pub fn text_size(front: Rect) -> (u16, u16) {
    (front.width.saturating_sub(4).min(100), front.height)
}

fn clamped(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// Returns the item's text: what was decided, the question, what to look for, the way out.
pub fn item(state: &State, columns: usize) -> Vec<Line<'static>> {
    let item = state.selected();
    let mut page = Page {
        state,
        columns,
        lines: Vec::new(),
    };
    current_hint(&mut page);
    decisions(&mut page);
    proposed(&mut page);
    page.paragraph("Ask", Role::Strong, &item.ask);
    hints(&mut page);
    for twin in &item.twins {
        let text = format!("{} ({}/{})", twin.item.ask, twin.list, twin.item.id);
        page.paragraph("Also asks", Role::Text, &text);
    }
    page.list("Figures", &figures::worked(item, &state.snapshot.profile));
    page.list("Look", &item.signals);
    page.paragraph("Good", Role::Text, &item.good);
    page.paragraph("Generated", Role::Text, &item.generated);
    page.paragraph("Production", Role::Text, &item.failure);
    page.list("Way out", &item.mitigations);
    page.paragraph("Answer in", Role::Dim, &answered_by(item));
    if !item.cwe.is_empty() {
        let numbers: Vec<String> = item.cwe.iter().map(|n| format!("CWE-{n}")).collect();
        page.paragraph("See", Role::Dim, &numbers.join(" · "));
    }
    page.lines
}

/// Returns a text that stands in front of the panes.
pub fn text(state: &State, which: Text, columns: usize) -> Vec<Line<'static>> {
    match which {
        Text::Help => help(state, columns),
        Text::Remarks => remarks(state, &state.remarks, columns),
        Text::Rule => rule_page(state, columns),
        Text::HintProblems => remarks(state, &state.board.problems, columns),
    }
}

/// Returns the page of the rule behind the current hint.
fn rule_page(state: &State, columns: usize) -> Vec<Line<'static>> {
    let style = state.look.theme.style(Role::Text);
    let board = &state.board;
    let text = match (board.current_hint(), &board.registry) {
        (Some(hint), Some(registry)) => match (&hint.tool, registry.rule(hint.rule.as_str())) {
            (None, Some(rule)) => crate::hints::page(rule),
            (Some(tool), _) => format!(
                "{}\n\nA rule of {tool}, whose result was brought in; countersign knows no more of it than this.\n\nSays: {}\n{}",
                hint.rule, hint.message, hint.why
            ),
            (None, None) => format!("{}\n\nThis rule is not loaded any more.", hint.rule),
        },
        _ => "There is no hint under the cursor.".to_owned(),
    };
    let room = columns.saturating_sub(2).max(20);
    text.lines()
        .flat_map(|line| {
            let line = visible(line);
            // Code keeps its indentation; prose is wrapped.
            if line.starts_with("  ") || line.is_empty() {
                vec![line.into_owned()]
            } else {
                wrap(&line, room)
            }
        })
        .map(|line| Line::from(Span::styled(format!(" {line}"), style)))
        .collect()
}

/// Returns what was noticed, a blank line between two remarks.
fn remarks(state: &State, all: &[String], columns: usize) -> Vec<Line<'static>> {
    let style = state.look.theme.style(Role::Text);
    let mut lines = Vec::new();
    for remark in all {
        let rows = wrap(&visible(remark), columns.saturating_sub(4).max(20));
        lines.extend(rows.into_iter().enumerate().map(|(row, part)| {
            let sign = if row == 0 { " ! " } else { "   " };
            Line::from(Span::styled(format!("{sign}{part}"), style))
        }));
        lines.push(Line::raw(""));
    }
    lines
}

/// Returns the help: every action with the keys in force, and the signs.
fn help(state: &State, columns: usize) -> Vec<Line<'static>> {
    let theme = &state.look.theme;
    let mut lines = Vec::new();
    for section in Section::ALL {
        if !lines.is_empty() {
            lines.push(Line::raw(""));
        }
        lines.push(Line::from(Span::styled(
            format!(" {}", section.title()),
            theme.style(Role::Focus),
        )));
        for action in Action::ALL
            .iter()
            .filter(|action| action.section() == section)
        {
            let keys = state.look.keymap.keys_of(*action).join("  ");
            let text = format!("{} ({})", action.help(), action.name());
            for (row, part) in wrap(&text, columns.saturating_sub(KEYS + 3).max(20))
                .into_iter()
                .enumerate()
            {
                let keys = if row == 0 { keys.as_str() } else { "" };
                lines.push(Line::from(vec![
                    Span::styled(format!("  {keys:<KEYS$}"), theme.style(Role::Key)),
                    Span::styled(part, theme.style(Role::Text)),
                ]));
            }
        }
    }
    lines.push(Line::raw(""));
    for text in [
        "Signs: ✓ accepted  ⚑ flagged  – not applicable  ~ waived  ! contested  · undecided  ✎ comment",
        "? proposed as not applicable  … waits for another item  ‼ critical surface, to be read",
        "Hints: ▶ here  ● waits  ○ looked at, folded or a question  ✗ dismissed  ⚑ led to a finding. They decide nothing.",
        "In a form: Tab next field, Ctrl-S done, Ctrl-E in $EDITOR, Esc back (what was typed is kept).",
    ] {
        let rows = wrap(text, columns.saturating_sub(2).max(20));
        lines.extend(
            rows.into_iter()
                .map(|row| Line::from(Span::styled(format!(" {row}"), theme.style(Role::Dim)))),
        );
    }
    lines
}

/// Collects labelled paragraphs.
struct Page<'a> {
    state: &'a State,
    columns: usize,
    lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn paragraph(&mut self, label: &str, role: Role, text: &str) {
        let theme = &self.state.look.theme;
        let room = self.columns.saturating_sub(LABEL + 2).max(10);
        let rows = text
            .lines()
            .flat_map(|line| wrap(&visible(line), room))
            .collect::<Vec<_>>();
        for (index, row) in rows.into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.lines.push(Line::from(vec![
                Span::styled(format!(" {label:<LABEL$}"), theme.style(Role::Key)),
                Span::styled(row, theme.style(role)),
            ]));
        }
    }

    fn list(&mut self, label: &str, entries: &[String]) {
        for (index, entry) in entries.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let theme = &self.state.look.theme;
            let room = self.columns.saturating_sub(LABEL + 4).max(10);
            for (row, text) in wrap(&visible(entry), room).into_iter().enumerate() {
                let label = if row == 0 { label } else { "" };
                let bullet = if row == 0 { "· " } else { "  " };
                self.lines.push(Line::from(vec![
                    Span::styled(format!(" {label:<LABEL$}"), theme.style(Role::Key)),
                    Span::styled(bullet, theme.style(Role::Dim)),
                    Span::styled(text, theme.style(Role::Text)),
                ]));
            }
        }
    }
}

/// What the hint under the cursor says.
fn current_hint(page: &mut Page<'_>) {
    let board = &page.state.board;
    let Some(at) = board.current_at() else { return };
    let hint = board.hints[at].clone();
    let standing = board.standing[at];
    let tool = hint.tool.as_deref().map_or_else(String::new, |tool| {
        format!(" · from {tool}, not from countersign")
    });
    page.paragraph("▶ Hint", Role::Focus, &hint.message);
    page.paragraph("", Role::Text, &hint.why);
    page.paragraph(
        "",
        Role::Dim,
        &format!(
            "{} · {} ({}) · {}{tool}",
            hint.place(),
            hint.strength.name(),
            hint.strength.meaning(),
            hint.rule
        ),
    );
    if matches!(standing, Standing::Dismissed | Standing::DismissedByOthers) {
        let review = Arc::clone(&page.state.snapshot.review);
        let said = review.hints.get(&hint.fingerprint);
        for one in said.into_iter().flat_map(|said| said.dismissed.values()) {
            let text = format!("{} ({})", one.reason, one.stamp.by.name);
            page.paragraph("Dismissed", Role::Text, &text);
        }
    }
}

/// The item's hints, one line each.
fn hints(page: &mut Page<'_>) {
    let (board, theme) = (&page.state.board, &page.state.look.theme);
    let listed = board.listed(page.state.item);
    let folded = board.folded(page.state.item);
    let room = page.columns.saturating_sub(LABEL + 4).max(10);
    let mut lines = Vec::new();
    let (first, last) = window(page.state, &listed);
    for (index, &at) in listed[first..last].iter().enumerate() {
        let label = if index == 0 { "Hints" } else { "" };
        let hint = &board.hints[at];
        let (sign, role) = marks::of(board, at);
        let text = format!(
            "{}:{} {} {}{}{}",
            hint.path.file_name(),
            hint.line(),
            hint.strength.name(),
            said_of(page.state, hint),
            hint.tool
                .as_deref()
                .map_or_else(String::new, |tool| format!("[{tool}] ")),
            hint.message
        );
        let style = if board.current == Some(hint.fingerprint) {
            theme.style(Role::Strong)
        } else {
            theme.style(Role::Text)
        };
        lines.push(Line::from(vec![
            Span::styled(format!(" {label:<LABEL$}"), theme.style(Role::Key)),
            Span::styled(format!("{sign} "), theme.style(role)),
            Span::styled(fit(&visible(&text), room).into_owned(), style),
        ]));
    }
    page.lines.extend(lines);
    if last - first < listed.len() {
        let text = format!("{} to {} of {} hints", first + 1, last, listed.len());
        page.paragraph("", Role::Dim, &text);
    }
    if folded > 0 && !board.shows_folded {
        let key = page.state.key_of(Action::FoldedHints);
        let label = if listed.is_empty() { "Hints" } else { "" };
        let text = format!("{folded} more folded, beyond the budget; {key} shows them");
        page.paragraph(label, Role::Dim, &text);
    }
}

/// Returns which of an item's hints are listed: those around the current one, where there are very many.
fn window(state: &State, listed: &[usize]) -> (usize, usize) {
    const MOST: usize = 60;
    let current = state.board.current_at();
    let at = current.and_then(|at| listed.iter().position(|&one| one == at));
    let most = listed.len().saturating_sub(MOST);
    let first = at.unwrap_or(0).saturating_sub(MOST / 2).min(most);
    (first, (first + MOST).min(listed.len()))
}

/// Whose dismissal it is, on the line of a hint that was dismissed.
fn said_of(state: &State, hint: &Hint) -> String {
    let said = state.snapshot.review.hints.get(&hint.fingerprint);
    let names: Vec<&str> = said
        .into_iter()
        .flat_map(|said| said.dismissed.values())
        .map(|one| one.stamp.by.name.as_str())
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("(dismissed by {}) ", names.join(", "))
    }
}

/// Where to look for the answer, and what a verdict may rest on.
fn answered_by(item: &Item) -> String {
    let mut words: Vec<&str> = item.answered_by.iter().map(|place| place.name()).collect();
    if item.evidence == EvidenceKind::Reference {
        words.push("rests on a document, a link, a named person, or a date");
    }
    words.join(" · ")
}

/// What is proposed, which waits for a key; and what comes first.
fn proposed(page: &mut Page<'_>) {
    let state = page.state;
    match state.snapshot.proposals.get(&state.selected().id) {
        Some(Proposal::NotApplicable(reason)) => {
            let key = state.key_of(Action::NotApplicable);
            page.paragraph(
                "Proposed",
                Role::Warn,
                &format!("{reason} {key} takes this over, or decide otherwise."),
            );
        }
        Some(Proposal::Waits(ids)) => {
            let ids: Vec<&str> = ids.iter().map(ItemId::as_str).collect();
            page.paragraph("Waits for", Role::Warn, &ids.join(", "));
        }
        None => {}
    }
}

fn decisions(page: &mut Page<'_>) {
    let state = page.state;
    let id = &state.selected().id;
    if let Some(item) = state.snapshot.review.items.get(id) {
        for standing in item.standing() {
            let (label, text) = verdict_text(standing);
            page.paragraph(label, Role::Text, &text);
            if let Some(reference) = &standing.reference {
                page.paragraph("Rests on", Role::Text, reference);
            }
        }
    }
    for finding in state.snapshot.review.findings_of(id) {
        page.paragraph("Finding", Role::Bad, &finding_text(finding));
    }
    for comment in &state.snapshot.review.comments {
        if matches!(&comment.comment.target, CommentTarget::Item(on) if on == id) {
            let mark = match comment.comment.visibility {
                Visibility::Client => "",
                Visibility::Internal => "[internal] ",
            };
            let text = format!("{mark}{}: {}", comment.made.by.name, comment.comment.text);
            page.paragraph("Comment", Role::Warn, &text);
        }
    }
}

fn verdict_text(standing: &VerdictState) -> (&'static str, String) {
    let who = &standing.stamp.by.name;
    match &standing.verdict {
        Verdict::Accepted { reason } => ("Accepted", format!("{reason} ({who})")),
        Verdict::NotApplicable { reason } => ("N/A", format!("{reason} ({who})")),
        Verdict::Waived { by, reason, until } => (
            "Waived",
            format!("{reason} (carried by {by} until {until}; {who})"),
        ),
        Verdict::Flagged => ("Flagged", format!("by {who}")),
    }
}

fn finding_text(state: &FindingState) -> String {
    let finding = &state.finding;
    let places: Vec<String> = finding
        .evidence
        .iter()
        .map(crate::model::Anchor::place)
        .collect();
    let until = finding
        .disposition
        .until()
        .map_or_else(String::new, |until| format!(" until {until}"));
    format!(
        "{}, {}{until}: {}{}{}",
        finding.severity.name(),
        finding.disposition.name().replace('-', " "),
        finding.title,
        if places.is_empty() { "" } else { " · " },
        places.join(", ")
    )
}
