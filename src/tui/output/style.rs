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
    pub fn for_blank(self, force: Self) -> Self {
        if self.shows_on_blanks() || force.shows_on_blanks() {
            return self;
        }
        Self {
            bg: self.bg,
            ..force
        }
    }

    /// Returns the colour behind the text.
    pub fn ground(&self) -> Color {
        self.bg
    }

    /// Tells whether a blank in this style looks as it does in another one.
    pub fn is_ground_of(&self, other: Self) -> bool {
        self.bg == other.bg && !self.shows_on_blanks() && !other.shows_on_blanks()
    }

    fn shows_on_blanks(&self) -> bool {
        let visible = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        self.modifier.intersects(visible)
    }
}

/// Writes what turns one style into another.
pub fn write_style(bytes: &mut Vec<u8>, from: &Look, to: &Look) {
    let start = bytes.len();
    write_difference(bytes, from, to);
    if !to.modifier.contains(from.modifier) {
        let changed = bytes.split_off(start);
        write_anew(bytes, to);
        if changed.len() < bytes.len() - start {
            bytes.truncate(start);
            bytes.extend_from_slice(&changed);
        }
    }
}

/// Writes a style whatever was in force before.
fn write_anew(bytes: &mut Vec<u8>, to: &Look) {
    bytes.extend_from_slice(b"\x1b[0;");
    write_parts(bytes, &Look::PLAIN, to);
    end_sequence(bytes);
}

/// Writes only what differs.
fn write_difference(bytes: &mut Vec<u8>, from: &Look, to: &Look) {
    let start = bytes.len();
    bytes.extend_from_slice(b"\x1b[");
    let mut kept = *from;
    for (modifiers, code) in UNDONE {
        if from.modifier.difference(to.modifier).intersects(modifiers) {
            let _ = write!(bytes, "{code};");
            kept.modifier.remove(modifiers);
        }
    }
    write_parts(bytes, &kept, to);
    if bytes.len() == start + 2 {
        bytes.truncate(start);
    } else {
        end_sequence(bytes);
    }
}

fn write_parts(bytes: &mut Vec<u8>, before: &Look, to: &Look) {
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
}

/// The last separator becomes the end of the sequence.
fn end_sequence(bytes: &mut Vec<u8>) {
    bytes.pop();
    bytes.push(b'm');
}

/// What takes modifiers back; bold and dim go together.
const UNDONE: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK, 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

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
