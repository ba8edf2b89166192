//! Whatever is drawn, a terminal that reads the bytes shows exactly that.

mod glass;

use super::*;
use glass::Glass;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier, Style};

const COLUMNS: u16 = 60;
const ROWS: u16 = 16;

#[expect(
    clippy::unnecessary_wraps,
    reason = "a terminal can fail to tell its size"
)]
fn size() -> io::Result<Size> {
    Ok(Size::new(COLUMNS, ROWS))
}

/// A terminal that keeps what was written to it.
struct Desk {
    terminal: Terminal<Canvas>,
    output: Output<Vec<u8>>,
}

impl Desk {
    fn new(skills: Skills) -> Self {
        let mut output = Output::new(Vec::new());
        output.set_skills(skills);
        Self {
            terminal: Terminal::new(Canvas::new(size)).expect("a size is known"),
            output,
        }
    }

    /// Asserts that every terminal that has the skills shows this.
    fn assert_shows(&self, wanted: &Buffer) {
        if !self.output.skills.margins {
            assert_shows(&seen(&self.output.out), wanted);
        }
        let mut glass = Glass::new(COLUMNS, ROWS);
        glass.read(&self.output.out);
        assert_same(&glass.screen, wanted);
    }

    fn draw(&mut self, paint: impl FnOnce(&mut ratatui::Frame<'_>)) -> Buffer {
        let drawn = self.terminal.draw(paint).expect("it draws").buffer.clone();
        self.output
            .show(&drawn, self.terminal.backend().cursor().get())
            .expect("memory takes it");
        drawn
    }
}

/// What the bytes make a terminal show, cell by cell.
fn seen(bytes: &[u8]) -> vt100::Parser {
    let cells = |count| std::num::NonZeroU16::new(count).expect("not zero");
    let mut parser = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
    parser.process(bytes);
    parser
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        _ => vt100::Color::Default,
    }
}

fn assert_shows(parser: &vt100::Parser, wanted: &Buffer) {
    for y in 0..ROWS {
        let mut x = 0;
        while x < COLUMNS {
            let (cell, shown) = (&wanted[(x, y)], parser.screen().cell(y, x).expect("a cell"));
            let text = if shown.has_contents() {
                shown.contents()
            } else {
                " "
            };
            assert_eq!(text, cell.symbol(), "at {x},{y}");
            assert_eq!(shown.bgcolor(), colour(cell.bg), "ground at {x},{y}");
            if text != " " {
                assert_eq!(shown.fgcolor(), colour(cell.fg), "colour at {x},{y}");
                assert_eq!(
                    shown.bold(),
                    cell.modifier.contains(Modifier::BOLD),
                    "at {x},{y}"
                );
            }
            assert_eq!(
                shown.inverse(),
                cell.modifier.contains(Modifier::REVERSED),
                "at {x},{y}"
            );
            x += width(cell.symbol()).max(1) as u16;
        }
    }
}

/// Asserts that two screens look the same.
fn assert_same(shown: &Buffer, wanted: &Buffer) {
    for y in 0..ROWS {
        let mut x = 0;
        while x < COLUMNS {
            let (cell, seen) = (&wanted[(x, y)], &shown[(x, y)]);
            assert_eq!(seen.symbol(), cell.symbol(), "at {x},{y}");
            assert_eq!(seen.bg, cell.bg, "ground at {x},{y}");
            let on_blanks = Modifier::REVERSED | Modifier::UNDERLINED;
            if cell.symbol() == " " {
                let visible = |cell: &Cell| cell.modifier & on_blanks;
                assert_eq!(visible(seen), visible(cell), "at {x},{y}");
            } else {
                assert_eq!(seen.fg, cell.fg, "colour at {x},{y}");
                assert_eq!(seen.modifier, cell.modifier, "at {x},{y}");
            }
            x += width(cell.symbol()).max(1) as u16;
        }
    }
}

/// A screen as the code pane makes them: a list on the left, lines of code that scroll on the right, a cursor.
fn page(top: u16, cursor: u16, wide: bool) -> impl Fn(&mut ratatui::Frame<'_>) {
    move |frame| {
        let buffer = frame.buffer_mut();
        let left = if wide { 0 } else { 14 };
        for y in 0..ROWS {
            if !wide {
                buffer.set_string(0, y, format!("item {}", y * 7), Style::new().fg(Color::Red));
            }
            let line = top + y;
            let style = Style::new()
                .bg(if line.is_multiple_of(3) {
                    Color::Rgb(0, 40, 0)
                } else {
                    Color::Reset
                })
                .add_modifier(if y == cursor {
                    Modifier::REVERSED
                } else {
                    Modifier::empty()
                });
            let text = format!("{line:>4} let 漢字_{} = {};{:<30}", line * 31, line % 7, "");
            let room = usize::from(COLUMNS - left);
            buffer.set_stringn(left, y, text, room, style);
        }
    }
}

#[derive(Debug, Clone)]
enum Frame {
    Page(u16, u16, bool),
    Text(u16, u16, String, u8),
    Forget,
}

fn frames() -> impl Strategy<Value = Vec<Frame>> {
    let frame = prop_oneof![
        4 => (0u16..30, 0u16..ROWS, any::<bool>()).prop_map(|(top, cursor, wide)| Frame::Page(top, cursor, wide)),
        2 => (0u16..COLUMNS, 0u16..ROWS, "[a漢é⚑ ]{0,20}", 0u8..5)
            .prop_map(|(x, y, text, style)| Frame::Text(x, y, text, style)),
        1 => Just(Frame::Forget),
    ];
    prop::collection::vec(frame, 1..12)
}

fn styled(style: u8) -> Style {
    match style {
        0 => Style::new(),
        1 => Style::new()
            .fg(Color::LightBlue)
            .add_modifier(Modifier::BOLD),
        2 => Style::new().bg(Color::Indexed(99)),
        3 => Style::new()
            .fg(Color::Rgb(1, 2, 3))
            .add_modifier(Modifier::REVERSED),
        _ => Style::new().bg(Color::Red),
    }
}

proptest! {
    #[test]
    fn the_bytes_of_any_frames_show_the_last_one(
        frames in frames(),
        margins in any::<bool>(),
        tinted in any::<bool>(),
    ) {
        let mut desk = Desk::new(Skills { margins, tinted });
        for frame in frames {
            let drawn = match frame {
                Frame::Page(top, cursor, wide) => desk.draw(page(top, cursor, wide)),
                Frame::Text(x, y, text, style) => desk.draw(|frame| {
                    let room = usize::from(COLUMNS - x);
                    frame.buffer_mut().set_stringn(x, y, &text, room, styled(style));
                }),
                Frame::Forget => {
                    desk.output.forget();
                    continue;
                }
            };
            desk.assert_shows(&drawn);
        }
    }
}

#[test]
fn a_line_scrolled_costs_little_more_than_the_new_line() {
    let mut desk = Desk::new(Skills::default());
    desk.draw(page(0, 20, true));
    let before = desk.output.out.len();
    let drawn = desk.draw(page(1, 20, true));
    let bytes = &desk.output.out[before..];
    let text = String::from_utf8_lossy(bytes);
    assert!(bytes.len() < 160, "{} bytes: {text:?}", bytes.len());
    desk.assert_shows(&drawn);
}

#[test]
fn with_margins_the_list_beside_the_code_costs_nothing_while_it_scrolls() {
    let scrolled = |margins| {
        let skills = Skills {
            margins,
            tinted: true,
        };
        let mut desk = Desk::new(skills);
        desk.draw(page(0, 20, false));
        let before = desk.output.out.len();
        let drawn = desk.draw(page(1, 20, false));
        desk.assert_shows(&drawn);
        String::from_utf8_lossy(&desk.output.out[before..]).into_owned()
    };
    let (with, without) = (scrolled(true), scrolled(false));
    assert!(with.len() < 160, "{} bytes: {with:?}", with.len());
    assert!(!with.contains("item"), "{with:?}");
    assert!(without.len() > with.len() && !without.contains("69h"));
}

#[test]
fn the_end_of_a_row_is_erased_in_its_own_ground_where_the_terminal_can_do_that() {
    let painted = |tinted| {
        let skills = Skills {
            margins: false,
            tinted,
        };
        let mut desk = Desk::new(skills);
        let drawn = desk.draw(|frame| {
            let area = frame.area();
            let ground = Style::new().bg(Color::Indexed(99));
            frame.buffer_mut().set_style(area, ground);
            frame.buffer_mut().set_string(0, 3, "text", ground);
        });
        desk.assert_shows(&drawn);
        desk.output.out.len()
    };
    assert!(painted(true) * 3 < painted(false));
}

#[test]
fn a_frame_that_changes_nothing_writes_nothing() {
    let mut desk = Desk::new(Skills::default());
    desk.draw(page(3, 4, false));
    let before = desk.output.out.len();
    desk.draw(page(3, 4, false));
    assert_eq!(desk.output.out.len(), before);
}

#[test]
fn every_frame_is_one_synchronised_update() {
    let mut desk = Desk::new(Skills::default());
    desk.draw(page(3, 4, false));
    let out = &desk.output.out;
    assert!(out.starts_with(BEGIN) && out.ends_with(END));
}
