//! The rows of the checklist, and which of them are on the screen. Shared by `update` (what the mouse is on) and `view` (what
//! is drawn), so that both mean the same rows.

use super::state::State;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A checklist's name, where there are several.
    List(usize),
    /// A stage: the checklist, and the stage's position there.
    Stage(usize, usize),
    /// A category: the checklist, the category's position there, the stage it is part of.
    Category(usize, usize, Option<String>),
    /// An item, by its position in the flat list.
    Item(usize),
}

/// Returns all rows.
pub fn rows(state: &State) -> Vec<Row> {
    let several = state.subject.checklists.len() > 1;
    let mut rows = Vec::new();
    let mut last: Option<(usize, usize, Option<String>)> = None;
    for (index, &(list, _)) in state.items.iter().enumerate() {
        let category = &state.item_at(index).category;
        let position = state.subject.checklists[list]
            .categories
            .iter()
            .position(|known| &known.id == category)
            .unwrap_or(0);
        let stage = state.item_at(index).stage.clone();
        let before = last.as_ref();
        if several && before.is_none_or(|(before, _, _)| *before != list) {
            rows.push(Row::List(list));
        }
        if before.is_none_or(|(before, _, known)| *before != list || *known != stage) {
            let stages = &state.subject.checklists[list].stages;
            let at = stages
                .iter()
                .position(|known| Some(&known.id) == stage.as_ref());
            rows.extend(at.map(|at| Row::Stage(list, at)));
        }
        let here = (list, position, stage);
        if before != Some(&here) {
            rows.push(Row::Category(list, position, here.2.clone()));
            last = Some(here);
        }
        rows.push(Row::Item(index));
    }
    rows
}

/// Returns the first row that is shown of `height` rows: the selected item stands in the middle where it can.
pub fn top(state: &State, rows: &[Row], height: usize) -> usize {
    let at = rows.iter().position(|row| *row == Row::Item(state.item));
    at.unwrap_or(0)
        .saturating_sub(height / 2)
        .min(rows.len().saturating_sub(height))
}

/// Returns the item that is drawn in a row of a list of `height` rows, counted from 0.
pub fn item_at(state: &State, height: usize, row: usize) -> Option<usize> {
    let rows = rows(state);
    match rows.get(top(state, &rows, height) + row)? {
        Row::Item(item) if row < height => Some(*item),
        Row::Item(_) | Row::List(_) | Row::Stage(..) | Row::Category(..) => None,
    }
}
