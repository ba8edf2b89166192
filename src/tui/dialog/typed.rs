//! Typed keys and drawn screens for the tests of dialogs.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{Dialog, DialogContext, Outcome};
use crate::tui::theme::Theme;

/// Reads keys from text: characters stand for themselves, `<C-s>`, `<A-b>`, `<space>`, `<tab>`, `<enter>` for the rest.
pub fn keys(text: &str) -> Vec<KeyEvent> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let name = rest.strip_prefix('<').and_then(|tail| tail.split_once('>'));
        if let Some((name, tail)) = name {
            out.push(named(name));
            rest = tail;
        } else {
            out.push(KeyEvent::new(KeyCode::Char(char), KeyModifiers::NONE));
            rest = &rest[char.len_utf8()..];
        }
    }
    out
}

fn named(name: &str) -> KeyEvent {
    if let Some(inner) = name.strip_prefix("C-") {
        return KeyEvent::new(code(inner), KeyModifiers::CONTROL);
    }
    if let Some(inner) = name.strip_prefix("A-") {
        return KeyEvent::new(code(inner), KeyModifiers::ALT);
    }
    KeyEvent::new(code(name), KeyModifiers::NONE)
}

fn code(name: &str) -> KeyCode {
    match name {
        "space" => KeyCode::Char(' '),
        "tab" => KeyCode::Tab,
        "s-tab" => KeyCode::BackTab,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "bs" => KeyCode::Backspace,
        "del" => KeyCode::Delete,
        other => KeyCode::Char(other.chars().next().expect("a key has a name")),
    }
}

/// Types keys into a dialog and returns what the last one led to.
pub fn type_keys(dialog: &mut Dialog, text: &str, context: &DialogContext<'_>) -> Outcome {
    let mut last = Outcome::Stay;
    for key in keys(text) {
        last = dialog.on_key(key, context);
    }
    last
}

/// Draws a dialog and returns the column and row of the terminal's cursor.
pub fn cursor(dialog: &Dialog, context: &DialogContext<'_>, cols: u16, rows: u16) -> (u16, u16) {
    let mut terminal = drawn(dialog, context, cols, rows);
    let at = terminal
        .get_cursor_position()
        .expect("a test backend has a cursor");
    (at.x, at.y)
}

fn drawn(
    dialog: &Dialog,
    context: &DialogContext<'_>,
    cols: u16,
    rows: u16,
) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(cols, rows)).expect("a test backend opens");
    terminal
        .draw(|frame| dialog.draw(frame, frame.area(), &Theme::default(), context))
        .expect("a test backend draws");
    terminal
}

/// Draws a dialog on an empty screen of the given size; trailing blanks are cut.
pub fn screen(dialog: &Dialog, context: &DialogContext<'_>, cols: u16, rows: u16) -> String {
    let terminal = drawn(dialog, context, cols, rows);
    let buffer = terminal.backend().buffer();
    let lines: Vec<String> = (0..rows)
        .map(|y| {
            let line: String = (0..cols).map(|x| buffer[(x, y)].symbol()).collect();
            line.trim_end().to_owned()
        })
        .collect();
    lines.join("\n").trim_end().to_owned()
}
