//! Where the panes are, from the size of the screen and the pane that has the keys. Shared by `update` (what is
//! visible) and `view` (what is drawn), so that both mean the same rows.

use ratatui::layout::Rect;

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (60, 15);

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of items.
    Checklist,
    /// The code.
    Code,
    /// The item's text.
    Item,
}

/// The panes. Each rectangle is the inside, without headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The title bar, one row.
    pub title: Rect,
    /// The list of items; one row where the screen is narrow and the list has not the keys.
    pub checklist: Rect,
    /// The heading of the code, one row.
    pub code_heading: Rect,
    /// The code.
    pub code: Rect,
    /// The heading of the item, one row.
    pub item_heading: Rect,
    /// The item's text.
    pub item: Rect,
    /// The column between checklist and code; empty where they do not stand side by side.
    pub divider: Rect,
    /// Notices and prompts, one row.
    pub status: Rect,
    /// The key bar, one row.
    pub keys: Rect,
    /// Whether the checklist is folded to one line.
    pub folded: bool,
}

/// Whether the list stands beside the code where there is room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListPlace {
    /// From 100 columns on.
    #[default]
    Beside,
    /// Never: it is one line, as on a narrow screen.
    Folded,
}

/// Computes the panes of a screen of `width` × `height` cells, or `None` where it is too small.
pub fn areas(width: u16, height: u16, focus: Focus, list: ListPlace) -> Option<Areas> {
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let body = Rect::new(0, 1, width, height - 3);
    let arrangement = arrangement(width, focus, list);
    let [checklist, divider, right] = columns(body, arrangement);
    let item_height = item_height(right.height, focus);
    let code_height = right.height - item_height - 2;
    let row = |y: u16, height: u16| Rect { y, height, ..right };
    let mut areas = Areas {
        title: Rect::new(0, 0, width, 1),
        checklist,
        code_heading: row(right.y, 1),
        code: row(right.y + 1, code_height),
        item_heading: row(right.y + 1 + code_height, 1),
        item: row(right.y + 2 + code_height, item_height),
        divider,
        status: Rect::new(0, height - 2, width, 1),
        keys: Rect::new(0, height - 1, width, 1),
        folded: arrangement == Arrangement::Folded,
    };
    if arrangement == Arrangement::ListForCode {
        areas.checklist.height = code_height + 1;
        areas.code_heading.height = 0;
        areas.code.height = 0;
    }
    Some(areas)
}

/// How list and code share the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrangement {
    /// Side by side.
    Beside,
    /// The list is one line above the code.
    Folded,
    /// The list takes the place of the code; the item stays below it.
    ListForCode,
}

fn arrangement(width: u16, focus: Focus, list: ListPlace) -> Arrangement {
    if width >= 100 && list == ListPlace::Beside {
        return Arrangement::Beside;
    }
    match focus {
        Focus::Checklist => Arrangement::ListForCode,
        Focus::Code | Focus::Item => Arrangement::Folded,
    }
}

/// Returns the list, the divider, and what is left for code and item.
fn columns(body: Rect, arrangement: Arrangement) -> [Rect; 3] {
    match arrangement {
        Arrangement::Beside => {
            let list = (body.width / 4).clamp(28, 38);
            let part = |x: u16, width: u16| Rect { x, width, ..body };
            [
                part(0, list),
                part(list, 1),
                part(list + 1, body.width - list - 1),
            ]
        }
        Arrangement::Folded => [
            Rect { height: 1, ..body },
            Rect::ZERO,
            Rect {
                y: body.y + 1,
                height: body.height - 1,
                ..body
            },
        ],
        Arrangement::ListForCode => [body, Rect::ZERO, body],
    }
}

/// The item's text takes a third, and most of the height while it has the keys.
fn item_height(height: u16, focus: Focus) -> u16 {
    let most = (u32::from(height) * 3 / 5) as u16;
    let share = match focus {
        Focus::Item => most,
        Focus::Checklist | Focus::Code => height / 3,
    };
    share.clamp(3, 16.max(most)).min(height.saturating_sub(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_overlap_nor_leave_the_screen() {
        for width in [60, 79, 80, 99, 100, 120, 240] {
            for height in [15, 24, 40, 67] {
                let all = [Focus::Checklist, Focus::Code, Focus::Item]
                    .map(|focus| [(focus, ListPlace::Beside), (focus, ListPlace::Folded)]);
                for (focus, list) in all.into_iter().flatten() {
                    let areas = areas(width, height, focus, list).expect("large enough");
                    let all = [
                        areas.title,
                        areas.checklist,
                        areas.code_heading,
                        areas.code,
                        areas.item_heading,
                        areas.item,
                        areas.divider,
                        areas.status,
                        areas.keys,
                    ];
                    let screen = Rect::new(0, 0, width, height);
                    for (index, one) in all.iter().enumerate() {
                        assert_eq!(
                            one.intersection(screen).area(),
                            one.area(),
                            "{width}x{height} {focus:?}"
                        );
                        for other in &all[index + 1..] {
                            assert_eq!(
                                one.intersection(*other).area(),
                                0,
                                "{width}x{height} {focus:?} {all:?}"
                            );
                        }
                    }
                    let covered: u32 = all.iter().map(|rect| rect.area()).sum();
                    assert_eq!(covered, screen.area(), "{width}x{height} {focus:?}");
                }
            }
        }
    }

    #[test]
    fn a_screen_below_the_smallest_has_no_panes() {
        assert_eq!(areas(59, 40, Focus::Code, ListPlace::Beside), None);
        assert_eq!(areas(80, 14, Focus::Code, ListPlace::Folded), None);
    }
}
