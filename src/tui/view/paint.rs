//! Small brushes the panes share.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::review::Outcome;
use crate::tui::theme::Role;

/// Returns an outcome's sign and role; the sign alone tells them apart.
pub fn outcome_mark(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Undecided => ("·", Role::Dim),
        Outcome::NotApplicable => ("–", Role::Quiet),
        Outcome::Accepted => ("✓", Role::Good),
        Outcome::Waived => ("~", Role::Warn),
        Outcome::Contested => ("!", Role::Warn),
        Outcome::Flagged => ("⚑", Role::Bad),
    }
}

/// Returns a style on another one's background.
pub fn over(ground: Style, style: Style) -> Style {
    Style {
        bg: ground.bg,
        ..ground.patch(style)
    }
}

/// Draws a vertical line.
pub fn column(frame: &mut Frame<'_>, area: Rect, style: Style) {
    let buffer = frame.buffer_mut();
    for y in area.top()..area.bottom() {
        buffer.set_string(area.x, y, "│", style);
    }
}

/// The line a heading stands in.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// One column of it.
    pub symbol: &'static str,
    /// How it looks.
    pub style: Style,
}

/// Draws a heading: text on the left, text on the right, a rule around them.
pub fn heading(frame: &mut Frame<'_>, area: Rect, left: &Line<'_>, right: &Line<'_>, rule: Rule) {
    let total = area.width;
    let buffer = frame.buffer_mut();
    let mut draw_rule = |from: u16, to: u16| {
        for x in from..to {
            // The text does not take over how the rule looks: the rule is drawn beside it only.
            buffer.set_string(area.x + x, area.y, rule.symbol, rule.style);
        }
    };
    let right_width = (right.width() as u16).min(total);
    let has_right = right_width > 0 && right_width + 2 < total;
    let room = total.saturating_sub(if right_width > 0 { right_width + 3 } else { 1 });
    let left_width = (left.width() as u16).min(room);
    draw_rule(0, 1.min(total));
    if has_right {
        draw_rule(1 + left_width, total - right_width - 1);
        draw_rule(total - 1, total);
    } else {
        draw_rule(1 + left_width, total);
    }
    buffer.set_line(area.x + 1.min(total), area.y, left, room);
    if has_right {
        let x = area.x + total - right_width - 1;
        buffer.set_line(x, area.y, right, right_width);
    }
}

/// Puts one line at the left and one at the right of a row; the left one gives way.
pub fn ends(frame: &mut Frame<'_>, area: Rect, left: &Line<'_>, right: &Line<'_>, style: Style) {
    let buffer = frame.buffer_mut();
    buffer.set_style(area, style);
    let right_width = (right.width() as u16).min(area.width);
    buffer.set_line(
        area.x,
        area.y,
        left,
        area.width.saturating_sub(right_width + 1),
    );
    buffer.set_line(area.right() - right_width, area.y, right, right_width);
}
