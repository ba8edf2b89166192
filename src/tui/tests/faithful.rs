//! What a terminal shows is what was drawn: every cell of every frame, whatever was typed, opened, closed and resized.

use std::num::NonZeroU16;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::fixture::{Change, numbered, orders};
use super::hostile::{bytes, path};
use super::stage::Stage;
use super::steady::{Step, step, take};
use crate::model::RepoPath;
use crate::support::text::width;
use crate::tui::output::Output;
use crate::tui::theme::{ColorDepth, Theme};
use crate::tui::view;

/// A terminal that is written to as the program writes.
struct Glass {
    terminal: vt100::Parser,
    output: Output<Vec<u8>>,
    size: (u16, u16),
    /// Bytes of the output that the terminal has read.
    read: usize,
}

impl Glass {
    fn new(size: (u16, u16)) -> Self {
        let mut terminal = vt100::Parser::new(cells(size.1), cells(size.0), 0);
        // The program hides the cursor when it enters.
        terminal.process(b"\x1b[?25l");
        Self {
            terminal,
            output: Output::new(Vec::new()),
            size,
            read: 0,
        }
    }

    /// Shows a screen and compares all of it.
    fn show(&mut self, stage: &Stage) -> Result<(), TestCaseError> {
        if stage.state.size != self.size {
            self.size = stage.state.size;
            let screen = self.terminal.screen_mut();
            screen.set_size(cells(self.size.1), cells(self.size.0));
            self.output.forget();
        }
        let (wanted, cursor) = frame(stage);
        self.output.show(&wanted, cursor).expect("memory takes it");
        let bytes = &self.output.written()[self.read..];
        assert_meant(bytes)?;
        self.terminal.process(bytes);
        self.read = self.output.written().len();
        compare(&self.terminal, &wanted, cursor)
            .map_err(|reason| TestCaseError::fail(format!("{reason}\n{}", stage.screen())))
    }
}

/// The frame as the views left it.
fn frame(stage: &Stage) -> (Buffer, Option<Position>) {
    let (columns, rows) = stage.state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    let drawn = terminal
        .draw(|frame| view::draw(frame, &stage.state))
        .unwrap();
    let buffer = drawn.buffer.clone();
    let shown = terminal.backend().cursor_visible();
    let cursor = shown.then(|| terminal.get_cursor_position().unwrap());
    (buffer, cursor)
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("not zero")
}

/// Fails where a frame has a byte that is neither text nor one of the few sequences that frames are made of.
fn assert_meant(bytes: &[u8]) -> Result<(), TestCaseError> {
    let text = std::str::from_utf8(bytes).expect("frames are UTF-8");
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\u{1b}' {
            prop_assert!(!letter.is_control(), "{letter:?} in a frame");
            continue;
        }
        prop_assert_eq!(rest.next(), Some('['), "a sequence of another kind");
        let mut arguments = String::new();
        let end = loop {
            match rest.next() {
                Some(letter) if !letter.is_ascii_alphabetic() => arguments.push(letter),
                end => break end,
            }
        };
        let private = matches!(arguments.as_str(), "?2026" | "?25");
        let plain = arguments.chars().all(|c| c.is_ascii_digit() || c == ';');
        let known = match end {
            Some('h' | 'l') => private,
            Some('H' | 'G' | 'C' | 'm' | 'K' | 'J' | 'r' | 'S' | 'T') => plain,
            _ => false,
        };
        prop_assert!(known, "an unknown sequence {arguments:?}{end:?}");
    }
    Ok(())
}

/// Compares each cell: what it shows, both colours, and how it is set off.
fn compare(
    terminal: &vt100::Parser,
    wanted: &Buffer,
    cursor: Option<Position>,
) -> Result<(), String> {
    let screen = terminal.screen();
    for y in 0..wanted.area.height {
        let mut x = 0;
        while x < wanted.area.width {
            let cell = &wanted[(x, y)];
            let shown = screen.cell(y, x).ok_or("a cell beyond the terminal")?;
            let columns = width(cell.symbol()).max(1) as u16;
            if columns > 1 && x + 1 < wanted.area.width && wanted[(x + 1, y)].symbol() != " " {
                return Err(format!("{x},{y}: {:?} is drawn over", cell.symbol()));
            }
            if let Some(reason) = differs(shown, cell) {
                return Err(format!("{x},{y}: {reason}"));
            }
            x += columns;
        }
    }
    let at = (!screen.hide_cursor()).then(|| {
        let (row, column) = screen.cursor_position();
        Position::new(column, row)
    });
    if at == cursor {
        Ok(())
    } else {
        Err(format!("the cursor is at {at:?}, not at {cursor:?}"))
    }
}

fn differs(shown: &vt100::Cell, wanted: &Cell) -> Option<String> {
    let text = if shown.has_contents() {
        shown.contents()
    } else {
        " "
    };
    // A terminal that does not join an emoji or a flag shows the first part of it.
    let joins = |letter| matches!(letter, '\u{200d}' | '\u{1f1e6}'..='\u{1f1ff}');
    let joined = wanted.symbol().contains(joins)
        && wanted
            .symbol()
            .starts_with(text.trim_end_matches('\u{200d}'));
    if text != wanted.symbol() && !joined {
        return Some(format!("{text:?}, not {:?}", wanted.symbol()));
    }
    let has = |modifier| wanted.modifier.contains(modifier);
    let reversed = has(Modifier::REVERSED);
    let mut same = shown.bgcolor() == colour(wanted.bg)
        && shown.inverse() == reversed
        && shown.underline() == has(Modifier::UNDERLINED);
    // Of a blank nothing else is seen; reversed, its ground is the colour of the text.
    if text != " " || reversed {
        same &= shown.fgcolor() == colour(wanted.fg);
    }
    if text != " " {
        same &= shown.bold() == (has(Modifier::BOLD) && !has(Modifier::DIM))
            && shown.dim() == has(Modifier::DIM)
            && shown.italic() == has(Modifier::ITALIC);
    }
    (!same).then(|| format!("{shown:?}, not {wanted:?}"))
}

fn colour(colour: Color) -> vt100::Color {
    let index = match colour {
        Color::Reset => return vt100::Color::Default,
        Color::Rgb(red, green, blue) => return vt100::Color::Rgb(red, green, blue),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    vt100::Color::Idx(index)
}

/// A change with everything that takes more or fewer columns than it has letters.
fn change() -> Change {
    let wide = "漢字かな交じり文と混ぜて".repeat(30);
    let marks = "e\u{301}a\u{308}o\u{302}👩‍💻🇨🇭\t⚑‼⚠\u{fe0f}x".repeat(20);
    let long = format!("    call(\"{}\", {wide})", "x".repeat(400));
    let old = numbered(120, &[(20, &wide), (60, "short")]);
    let new = numbered(120, &[(20, &long), (21, &marks), (60, &wide), (61, "")]);
    orders()
        .file("wide.py", Some(old.as_bytes()), Some(new.as_bytes()))
        .file("漢字/文.txt", None, Some(wide.as_bytes()))
}

/// The colour of every terminal: with all of them, 256, 16, and none.
fn depth() -> impl Strategy<Value = ColorDepth> {
    prop::sample::select(vec![
        ColorDepth::True,
        ColorDepth::Ansi256,
        ColorDepth::Ansi16,
        ColorDepth::None,
    ])
}

/// What leads to the widest lines and opens something over them.
fn over_wide() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "]f",
        "zw",
        "t",
        "L",
        "a",
        "f",
        "gl",
        "gt",
        "?",
        "<C-p>",
        "<esc>",
        "<esc><esc>",
        "j",
        "3l",
        "<C-d>",
        "G",
        "zl",
        "J",
    ]);
    keys.prop_map(Step::Keys)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_terminal_shows_what_was_drawn(
        steps in prop::collection::vec(prop_oneof![step(), over_wide()], 1..50),
        depth in depth(),
        start in 0usize..6,
    ) {
        let mut stage = Stage::of(change(), 120, 40);
        stage.state.look.theme = Theme::default().resolve(depth);
        stage.keys(&"]f".repeat(start));
        let mut glass = Glass::new(stage.state.size);
        glass.show(&stage)?;
        for step in steps {
            take(&mut stage, step);
            glass.show(&stage)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_the_code_holds_frames_are_text_and_the_sequences_meant(
        path in path(),
        old in bytes(),
        new in bytes(),
        keys in prop::collection::vec(over_wide(), 1..8),
    ) {
        let change = Change::named(&String::from_utf8_lossy(&path))
            .file(RepoPath::new(path), Some(&old), Some(&new));
        let mut stage = Stage::of(change, 80, 24);
        let mut output = Output::new(Vec::new());
        stage.keys("za");
        for step in keys {
            take(&mut stage, step);
            let (wanted, cursor) = frame(&stage);
            output.show(&wanted, cursor).expect("memory takes it");
        }
        assert_meant(output.written())?;
    }
}

#[test]
fn a_dialog_that_closes_leaves_nothing_of_itself_on_wrapped_lines() {
    for (columns, rows) in [(60, 15), (80, 24), (120, 40), (240, 67)] {
        let mut stage = Stage::of(change(), columns, rows);
        stage.keys("]f]f]f]fzw");
        let mut glass = Glass::new(stage.state.size);
        glass.show(&stage).unwrap();
        for keys in [
            "f", "<esc>", "L", "<esc>", "a", "<esc>", "?", "<esc>", "gl", "<esc>", "t", "f",
            "<esc>", "5l",
        ] {
            stage.keys(keys);
            glass.show(&stage).unwrap();
        }
    }
}

#[test]
fn a_page_that_scrolls_in_a_dialog_shows_its_own_lines() {
    for start in 0..6 {
        let mut stage = Stage::of(change(), 120, 40);
        stage.keys(&"]f".repeat(start));
        let mut glass = Glass::new(stage.state.size);
        glass.show(&stage).unwrap();
        take(&mut stage, Step::Size(240, 67));
        glass.show(&stage).unwrap();
        for keys in ["?", "<space>", "<space>", "j", "k"] {
            stage.keys(keys);
            glass.show(&stage).unwrap();
        }
    }
}
