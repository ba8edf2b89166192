//! Styles as the terminal's own sequences: only what differs from the style in force.

use std::io::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    /// The terminal's own.
    pub const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// Returns how a cell looks.
    pub fn of(cell: &Cell) -> Self {
        let mut modifier = cell.modifier;
        // To many terminals the two are one setting, of which the later one holds.
        if modifier.contains(Modifier::BOLD | Modifier::DIM) {
            modifier.remove(Modifier::BOLD);
        }
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier,
        }
    }

    /// Tells whether a blank in this style is the terminal's own ground.
    pub fn is_plain_ground(&self) -> bool {
        self.bg == Color::Reset && !self.shows_on_blanks()
    }

    /// Returns a style in which a blank looks as it does in this one, and which is the one in force as far as it can be.
    pub fn for_blank(self, force: Option<Self>) -> Self {
        match force {
            Some(force) if !self.shows_on_blanks() && !force.shows_on_blanks() => Self {
                bg: self.bg,
                ..force
            },
            _ => self,
        }
    }

    fn shows_on_blanks(&self) -> bool {
        let visible = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        self.modifier.intersects(visible)
    }
}

/// Writes what turns one style into another; `None` for a style that is not known.
pub fn write_style(bytes: &mut Vec<u8>, from: Option<&Look>, to: &Look) {
    let lost = from.is_none_or(|from| !to.modifier.contains(from.modifier));
    let start = bytes.len();
    bytes.extend_from_slice(b"\x1b[");
    let before = match from {
        Some(from) if !lost => *from,
        _ => {
            bytes.extend_from_slice(b"0;");
            Look::PLAIN
        }
    };
    for (modifier, code) in MODIFIERS {
        if to.modifier.contains(modifier) && !before.modifier.contains(modifier) {
            let _ = write!(bytes, "{code};");
        }
    }
    if to.fg != before.fg {
        write_colour(bytes, to.fg, 30);
    }
    if to.bg != before.bg {
        write_colour(bytes, to.bg, 40);
    }
    if bytes.len() == start + 2 {
        bytes.truncate(start);
    } else {
        // The last separator becomes the end of the sequence.
        bytes.pop();
        bytes.push(b'm');
    }
}

const MODIFIERS: [(Modifier, u8); 8] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Writes a colour; `base` is 30 for text and 40 for the ground.
fn write_colour(bytes: &mut Vec<u8>, colour: Color, base: u8) {
    let named = |code: u8| base + code;
    let bright = |code: u8| base + 60 + code;
    let code = match colour {
        Color::Reset => named(9),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(index) => {
            let _ = write!(bytes, "{};5;{index};", base + 8);
            return;
        }
        Color::Rgb(red, green, blue) => {
            let _ = write!(bytes, "{};2;{red};{green};{blue};", base + 8);
            return;
        }
    };
    let _ = write!(bytes, "{code};");
}
