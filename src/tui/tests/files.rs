//! The list of files: by folder and flat, closed and open, narrowed, by keys and by the mouse.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::fixture::{Change, orders};
use super::stage::Stage;
use crate::tui::effect::Effect;
use crate::tui::message::Msg;
use crate::tui::state::{Overlay, ViewChoice};

fn tree() -> Stage {
    let change = orders()
        .file("web/app/pages/cart/index.ts", Some(b"a\n"), Some(b"b\n"))
        .file("web/app/pages/cart/total.ts", None, Some(b"b\n"));
    let mut stage = Stage::of(change, 120, 40);
    stage.keys("]f]f]f");
    stage
}

fn press(stage: &mut Stage, text: &str) {
    let row = stage.rows().iter().position(|row| row.contains(text));
    let row = row.unwrap_or_else(|| panic!("no {text:?} on\n{}", stage.screen()));
    stage.send(Msg::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: 30,
        row: row as u16,
        modifiers: KeyModifiers::NONE,
    }));
}

/// The list without its frame and what is behind it.
fn listed(stage: &Stage) -> Vec<String> {
    let inside = |row: String| {
        let part = row.split('│').nth(1)?.trim_end().to_owned();
        (!part.is_empty()).then_some(part)
    };
    let rows = stage.rows().into_iter();
    rows.skip_while(|row| !row.contains('┌'))
        .take_while(|row| !row.contains('└'))
        .filter_map(inside)
        .collect()
}

#[test]
fn files_stand_below_their_folders_and_chains_of_folders_are_one_row() {
    let mut stage = tree();
    stage.keys("gl");
    assert_eq!(
        listed(&stage),
        [
            " / narrows the list                                                                               6 files",
            " ▾ assets/",
            "     M logo.png                                                                                  read 0/1",
            "   D legacy.py                                                                        +0 −2      read 0/1",
            " ▾ src/orders/",
            "     A report.py                                                                      +7 −0      read 0/1",
            "▌    M service.py                                                                     +3 −3      read 0/2",
            " ▾ web/app/pages/cart/",
            "     M index.ts                                                                       +1 −1      read 0/1",
            "     A total.ts                                                                       +1 −0      read 0/1",
        ]
    );
}

#[test]
fn a_closed_folder_tells_the_sum_of_what_is_in_it_and_opens_again() {
    let mut stage = tree();
    stage.keys("mgl");
    assert!(
        stage.row_with("service.py ").contains("read 1/2"),
        "{}",
        stage.screen()
    );
    stage.keys("hh");
    let folder = stage.row_with("▸ src/orders/");
    assert!(
        folder.contains("2 files") && folder.contains("+10 −3") && folder.contains("read 1/3"),
        "{folder}"
    );
    assert!(!stage.has("report.py "), "{}", stage.screen());
    stage.keys("<esc>gl");
    assert!(
        !stage.has("▸ src/orders/") && stage.row_with("▌").contains("service.py"),
        "the file one is in is shown: {}",
        stage.screen()
    );
    stage.keys("-");
    assert_eq!(listed(&stage).len(), 5, "{}", stage.screen());
    assert!(
        stage.row_with("▌").contains("▸ src/orders/"),
        "{}",
        stage.screen()
    );
    stage.keys("l");
    assert!(stage.has("report.py "), "{}", stage.screen());
    stage.keys("-+");
    assert!(stage.has("total.ts "), "{}", stage.screen());
}

#[test]
fn folders_that_were_closed_are_closed_the_next_time() {
    let mut stage = tree();
    stage.keys("glGhh<esc>gl");
    assert!(stage.has("▸ web/app/pages/cart/"), "{}", stage.screen());
}

#[test]
fn flat_or_by_folder_is_remembered() {
    let mut stage = tree();
    stage.keys("gl");
    stage.take_effects();
    stage.keys("t");
    assert!(
        stage.row_with("▌").contains("M src/orders/service.py"),
        "{}",
        stage.screen()
    );
    let flat = ViewChoice {
        files_flat: true,
        ..ViewChoice::default()
    };
    assert!(stage.take_effects().contains(&Effect::Remember(flat)));
    stage.keys("<esc>gl");
    assert!(
        stage.has("M web/app/pages/cart/index.ts"),
        "{}",
        stage.screen()
    );
    stage.keys("t");
    assert!(stage.has("▾ web/app/pages/cart/"), "{}", stage.screen());
    assert!(
        stage.row_with("▌").contains("service.py"),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_few_letters_narrow_the_list_and_enter_goes_to_the_file() {
    let mut stage = tree();
    stage.keys("gl-/CART ind");
    assert!(
        !stage.has("index.ts "),
        "capitals find capitals: {}",
        stage.screen()
    );
    stage.keys("<C-u>cart ind");
    assert!(
        stage.row_with("▌").contains("index.ts"),
        "{}",
        stage.screen()
    );
    assert!(!stage.has("total.ts "), "{}", stage.screen());
    stage.keys("<enter><enter>");
    assert!(stage.state.overlays.is_empty());
    assert_eq!(stage.path(), "web/app/pages/cart/index.ts");
    stage.keys("gl/zzz<esc>");
    assert_eq!(listed(&stage).len(), 7, "{}", stage.screen());
}

#[test]
fn the_mouse_opens_folders_and_files() {
    let mut stage = tree();
    stage.keys("gl");
    press(&mut stage, "▾ src/orders/");
    assert!(
        stage.has("▸ src/orders/") && !stage.has("report.py "),
        "{}",
        stage.screen()
    );
    press(&mut stage, "▸ src/orders/");
    press(&mut stage, "report.py ");
    assert!(stage.state.overlays.is_empty());
    assert_eq!(stage.path(), "src/orders/report.py");
}

#[test]
fn a_large_change_opens_with_its_folders_closed_but_those_around_the_file() {
    let mut change = Change::named("t");
    for at in 0..300 {
        let path = format!("area{:02}/part{}/file{at:03}.py", at / 10, at % 3);
        change = change.file(path.as_str(), None, Some(b"x\n"));
    }
    let mut stage = Stage::of(change, 80, 24);
    stage.keys("]f]fgl");
    assert!(
        stage.row_with("▌").contains("file006.py"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.row_with("▸ area01/").contains("10 files"),
        "{}",
        stage.screen()
    );
    stage.keys("G");
    assert!(
        stage.row_with("▌").contains("▸ area29/"),
        "{}",
        stage.screen()
    );
}

#[test]
fn the_list_is_whole_at_every_size() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40), (240, 67)] {
        let mut stage = tree();
        stage.resize(columns, rows).keys("gl");
        let here = stage.row_with("▌");
        assert!(
            here.contains("M service.py") && here.contains("read 0/2"),
            "{}",
            stage.screen()
        );
        stage.keys("G");
        assert!(
            stage.row_with("▌").contains("total.ts"),
            "{}",
            stage.screen()
        );
        assert!(matches!(
            stage.state.overlays.last(),
            Some(Overlay::Files(_))
        ));
    }
}
