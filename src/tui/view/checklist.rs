//! The list of items, by category, with what each came to.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::paint;
use crate::model::Item;
use crate::review::{Outcome, Proposal};
use crate::support::text::{fit, visible};
use crate::tui::item_list::{self, Row};
use crate::tui::layout::Focus;
use crate::tui::marks;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// Draws the list with the selected item in view.
pub fn draw(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let head = Rect { height: 1, ..area };
    let title = Span::styled(
        "Checklist",
        theme.style(super::heading_role(state, Focus::Checklist)),
    );
    let open = state.items.len() - state.decided();
    let right = Span::styled(
        if open == 0 {
            " all decided ".to_owned()
        } else {
            format!(" {open} to decide ")
        },
        theme.style(Role::Dim),
    );
    paint::heading(
        frame,
        head,
        &title.into(),
        &right.into(),
        super::heading_rule(state, Focus::Checklist),
    );
    let rows = item_list::rows(state);
    let height = usize::from(area.height) - 1;
    let top = item_list::top(state, &rows, height);
    for (offset, row) in rows.iter().skip(top).take(height).enumerate() {
        let place = Rect {
            y: area.y + 1 + offset as u16,
            height: 1,
            ..area
        };
        draw_row(frame, place, state, row);
    }
}

/// Draws the one line that stands for the list on a narrow screen: the item, and how far its category is.
pub fn draw_folded(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let theme = &state.look.theme;
    let item = state.selected();
    let (mark, role) = mark(state, item);
    let (list, _) = state.items[state.item];
    let title = state.subject.checklists[list]
        .categories
        .iter()
        .find(|category| category.id == item.category)
        .map_or_else(String::new, |category| {
            visible(&category.title).into_owned()
        });
    let (decided, count) = progress(state, list, &item.category, item.stage.as_ref());
    let left = Line::from(vec![
        Span::styled(format!(" {mark} "), theme.style(role)),
        Span::styled(label(item.id.as_str()), theme.style(Role::Strong)),
        Span::styled(
            format!("  {title} {decided}/{count}"),
            theme.style(Role::Dim),
        ),
    ]);
    let right = Line::from(vec![
        Span::styled(
            format!("{} ", hint_count(state, state.item)),
            theme.style(Role::Warn),
        ),
        Span::styled(
            format!("item {}/{}  ", state.item + 1, state.items.len()),
            theme.style(Role::Dim),
        ),
        Span::styled("Tab", theme.style(Role::Key)),
        Span::styled(" checklist ", theme.style(Role::Dim)),
    ]);
    paint::ends(frame, area, &left, &right, theme.style(Role::Text));
}

/// Returns how many items of a category are decided, and how many there are.
fn progress(state: &State, list: usize, category: &str, stage: Option<&String>) -> (usize, usize) {
    let members: Vec<usize> = (0..state.items.len())
        .filter(|index| {
            let item = state.item_at(*index);
            state.items[*index].0 == list
                && item.category == category
                && item.stage.as_ref() == stage
        })
        .collect();
    let decided = members
        .iter()
        .filter(|index| {
            state
                .snapshot
                .review
                .outcome(&state.item_at(**index).id)
                .is_decided()
        })
        .count();
    (decided, members.len())
}

fn draw_row(frame: &mut Frame<'_>, area: Rect, state: &State, row: &Row) {
    let theme = &state.look.theme;
    let columns = usize::from(area.width);
    match row {
        Row::List(list) => {
            let title = visible(&state.subject.checklists[*list].title).into_owned();
            let line = Span::styled(fit(&title, columns).into_owned(), theme.style(Role::Strong));
            frame
                .buffer_mut()
                .set_line(area.x, area.y, &line.into(), area.width);
        }
        Row::Stage(list, at) => {
            let stages = &state.subject.checklists[*list].stages;
            let title = format!(
                "{}/{} {}",
                at + 1,
                stages.len(),
                visible(&stages[*at].title)
            );
            let line = Span::styled(fit(&title, columns).into_owned(), theme.style(Role::Key));
            frame
                .buffer_mut()
                .set_line(area.x, area.y, &line.into(), area.width);
        }
        Row::Category(list, position, stage) => {
            let category = &state.subject.checklists[*list].categories[*position];
            let (decided, members) = progress(state, *list, &category.id, stage.as_ref());
            let count = format!("{decided}/{members} ");
            let name = visible(&category.title).into_owned();
            let left = Line::from(Span::styled(
                format!(" {}", fit(&name, columns.saturating_sub(count.len() + 3))),
                theme.style(Role::Heading),
            ));
            let ground = theme.style(Role::Heading);
            let right = Line::from(Span::styled(
                count,
                paint::over(ground, theme.style(Role::Dim)),
            ));
            paint::ends(frame, area, &left, &right, ground);
        }
        Row::Item(index) => draw_item(frame, area, state, *index),
    }
}

/// Returns an item's sign: what it came to, or what is said of it before anybody decides.
fn mark(state: &State, item: &Item) -> (&'static str, Role) {
    let outcome = state.snapshot.review.outcome(&item.id);
    match (outcome, state.snapshot.proposals.get(&item.id)) {
        (Outcome::Undecided, Some(Proposal::NotApplicable(_))) => ("?", Role::Warn),
        (Outcome::Undecided, Some(Proposal::Waits(_))) => ("…", Role::Dim),
        _ => paint::outcome_mark(outcome),
    }
}

/// An item's id in words: short, and the same name the verbs use.
fn label(id: &str) -> String {
    let words = visible(id).replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How many hints of an item nobody has dealt with.
fn hint_count(state: &State, index: usize) -> String {
    match state.board.open(index) {
        0 => String::new(),
        count => format!("{}{count} ", marks::OPEN),
    }
}

fn draw_item(frame: &mut Frame<'_>, area: Rect, state: &State, index: usize) {
    let theme = &state.look.theme;
    let item = state.item_at(index);
    let (mark, role) = mark(state, item);
    let findings = state.snapshot.review.findings_of(&item.id).count();
    let flags = if findings > 0 {
        format!("⚑{findings} ")
    } else {
        String::new()
    };
    let hints = hint_count(state, index);
    let taken = flags.chars().count() + hints.chars().count();
    let columns = usize::from(area.width);
    let here = index == state.item;
    let pointer = if here { "▸" } else { " " };
    let title = label(item.id.as_str());
    let text_role = if here { Role::Strong } else { Role::Text };
    let left = Line::from(vec![
        Span::styled(pointer, theme.style(Role::Strong)),
        Span::styled(format!("{mark} "), theme.style(role)),
        Span::styled(
            fit(&title, columns.saturating_sub(4 + taken)).into_owned(),
            theme.style(text_role),
        ),
    ]);
    let right = Line::from(vec![
        Span::styled(flags, theme.style(Role::Bad)),
        Span::styled(hints, theme.style(Role::Warn)),
    ]);
    let row_style = if here && state.focus == Focus::Checklist {
        theme.style(Role::Cursor)
    } else {
        theme.style(Role::Text)
    };
    paint::ends(frame, area, &left, &right, row_style);
}
