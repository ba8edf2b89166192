//! The item's text: what was decided, the question, what to look for, the way out.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::paint;
use crate::model::{CommentTarget, Verdict, Visibility};
use crate::review::{FindingState, VerdictState};
use crate::support::text::{fit, visible, wrap};
use crate::tui::layout::Focus;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Columns of the words on the left.
const LABEL: usize = 10;

/// Draws the line above the item.
pub fn draw_heading(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let item = state.selected();
    let outcome = state.snapshot.review.outcome(&item.id);
    let (mark, role) = paint::outcome_mark(outcome);
    let right = Line::from(vec![
        Span::styled(format!(" {mark} {} ", outcome.name()), theme.style(role)),
        Span::styled(
            format!("· {}/{} ", state.item + 1, state.items.len()),
            theme.style(Role::Dim),
        ),
    ]);
    let room = usize::from(area.width).saturating_sub(right.width() + 4);
    let title = visible(&item.title).into_owned();
    let left = Line::from(vec![Span::styled(
        format!("{} ", fit(&title, room.saturating_sub(1))),
        theme.style(super::heading_role(state, Focus::Item)),
    )]);
    paint::heading(frame, area, &left, &right, theme.style(Role::Border));
}

/// Draws the item's text, scrolled.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let lines = text(state, usize::from(area.width));
    let height = usize::from(area.height);
    let most = lines.len().saturating_sub(height);
    let top = usize::from(state.item_scroll).min(most);
    let buffer = frame.buffer_mut();
    for (offset, line) in lines.iter().skip(top).take(height).enumerate() {
        buffer.set_line(area.x, area.y + offset as u16, line, area.width);
    }
    if top < most && area.width > 2 {
        let style = state.look.theme.style(Role::Dim);
        buffer.set_string(area.right() - 2, area.bottom() - 1, "↓", style);
    }
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
        let room = self.columns.saturating_sub(LABEL + 3).max(10);
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
            let room = self.columns.saturating_sub(LABEL + 5).max(10);
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

fn text(state: &State, columns: usize) -> Vec<Line<'static>> {
    let item = state.selected();
    let mut page = Page {
        state,
        columns,
        lines: Vec::new(),
    };
    decisions(&mut page);
    page.paragraph("Ask", Role::Strong, &item.ask);
    page.list("Look", &item.signals);
    page.paragraph("Generated", Role::Text, &item.generated);
    page.paragraph("Production", Role::Text, &item.failure);
    page.list("Way out", &item.mitigations);
    if !item.cwe.is_empty() {
        let numbers: Vec<String> = item.cwe.iter().map(|n| format!("CWE-{n}")).collect();
        page.paragraph("See", Role::Dim, &numbers.join(" · "));
    }
    page.lines
}

fn decisions(page: &mut Page<'_>) {
    let state = page.state;
    let id = &state.selected().id;
    if let Some(item) = state.snapshot.review.items.get(id) {
        for standing in item.standing() {
            let (label, text) = verdict_text(standing);
            page.paragraph(label, Role::Text, &text);
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
    format!(
        "{} · {} · {}{}{}",
        finding.severity.name(),
        finding.disposition.name(),
        finding.title,
        if places.is_empty() { "" } else { " · " },
        places.join(", ")
    )
}
