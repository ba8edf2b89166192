//! Colours, and what is left of them on a terminal that has fewer.

use ratatui::style::Color;

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColorDepth {
    /// None, or none wanted.
    None,
    /// The 16 of ANSI, whose values the terminal's user chose.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// All of them.
    True,
}

impl ColorDepth {
    /// Returns what the environment tells of the terminal. `NO_COLOR` (not empty) wins, then `COLORTERM`, then the names
    /// of terminals and programs known to have all colours, then `TERM`.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name| env(name).unwrap_or_default();
        let term = get("TERM");
        if !get("NO_COLOR").is_empty() || matches!(term.as_str(), "" | "dumb") {
            return Self::None;
        }
        if has_all_colors(&get("COLORTERM"), &get("TERM_PROGRAM"), &term)
            || !get("WT_SESSION").is_empty()
        {
            return Self::True;
        }
        if term.contains("256color") || get("TERM_PROGRAM") == "Apple_Terminal" {
            return Self::Ansi256;
        }
        Self::Ansi16
    }
}

fn has_all_colors(colorterm: &str, program: &str, term: &str) -> bool {
    let terminals = [
        "kitty",
        "alacritty",
        "wezterm",
        "foot",
        "ghostty",
        "contour",
    ];
    matches!(colorterm, "truecolor" | "24bit")
        || matches!(program, "iTerm.app" | "vscode" | "WezTerm" | "ghostty")
        || term.ends_with("-direct")
        || terminals.iter().any(|name| term.contains(name))
}

/// A colour of the terminal's palette or beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hue {
    /// The terminal's own foreground or background.
    Default,
    /// One of the 16, by number.
    Ansi(u8),
    /// One of the 256, by number.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// A colour with what stands in for it on lesser terminals, where the theme says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint {
    pub(super) full: Hue,
    pub(super) at_256: Option<Hue>,
    pub(super) at_16: Option<Hue>,
}

impl Paint {
    pub(super) fn at(self, depth: ColorDepth) -> Option<Color> {
        let at_256 = || self.at_256.unwrap_or_else(|| self.full.to_256());
        match depth {
            ColorDepth::None => None,
            ColorDepth::Ansi16 => Some(self.at_16.unwrap_or_else(|| at_256().to_16())),
            ColorDepth::Ansi256 => Some(at_256()),
            ColorDepth::True => Some(self.full),
        }
        .map(Hue::color)
    }
}

/// The names of the 16, in their order; bright ones from 8.
pub(super) const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// The 16 as xterm has them; the user's own may differ.
const ANSI_VALUES: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The steps of the colour cube of the 256.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Hue {
    /// Reads `#rrggbb`, `default` or the name of one of the 16.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        if let Some(index) = ANSI_NAMES.iter().position(|name| *name == text) {
            return Some(Self::Ansi(index as u8));
        }
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        Some(Self::Rgb(
            (value >> 16) as u8,
            (value >> 8) as u8,
            value as u8,
        ))
    }

    fn color(self) -> Color {
        match self {
            Self::Default => Color::Reset,
            Self::Ansi(index) => ansi_color(index),
            Self::Indexed(index) => Color::Indexed(index),
            Self::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
        }
    }

    fn to_256(self) -> Self {
        match self {
            Self::Rgb(red, green, blue) => {
                let nearest = (16..=255)
                    .min_by_key(|&index| distance(indexed_value(index), (red, green, blue)));
                Self::Indexed(nearest.expect("the range is not empty"))
            }
            Self::Default | Self::Ansi(_) | Self::Indexed(_) => self,
        }
    }

    fn to_16(self) -> Self {
        let value = match self {
            Self::Rgb(red, green, blue) => (red, green, blue),
            Self::Indexed(index) => indexed_value(index),
            Self::Default | Self::Ansi(_) => return self,
        };
        let nearest = (0..16).min_by_key(|&index| distance(ANSI_VALUES[usize::from(index)], value));
        Self::Ansi(nearest.expect("the range is not empty"))
    }
}

fn ansi_color(index: u8) -> Color {
    match index {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}

/// Returns the value of one of the 256: the 16, a cube of 6×6×6, then 24 greys.
fn indexed_value(index: u8) -> (u8, u8, u8) {
    match index {
        0..=15 => ANSI_VALUES[usize::from(index)],
        16..=231 => {
            let index = usize::from(index - 16);
            (CUBE[index / 36], CUBE[index / 6 % 6], CUBE[index % 6])
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

/// How far two colours are apart: squares, weighted as the eye weighs them around the mean of red ("redmean").
fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let mean = u32::midpoint(u32::from(one.0), u32::from(other.0));
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    (((512 + mean) * square(one.0, other.0)) >> 8)
        + 4 * square(one.1, other.1)
        + (((767 - mean) * square(one.2, other.2)) >> 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(vars: &[(&str, &str)]) -> ColorDepth {
        ColorDepth::detect(|name| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_tells_how_many_colours_there_are() {
        assert_eq!(
            depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            ColorDepth::True
        );
        assert_eq!(depth(&[("TERM", "xterm-kitty")]), ColorDepth::True);
        assert_eq!(depth(&[("TERM", "tmux-256color")]), ColorDepth::Ansi256);
        assert_eq!(depth(&[("TERM", "xterm")]), ColorDepth::Ansi16);
        assert_eq!(depth(&[("TERM", "linux")]), ColorDepth::Ansi16);
        assert_eq!(
            depth(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]),
            ColorDepth::None
        );
        assert_eq!(depth(&[]), ColorDepth::None);
    }

    #[test]
    fn no_color_wins_unless_it_is_empty() {
        let term = ("TERM", "xterm-256color");
        assert_eq!(
            depth(&[term, ("COLORTERM", "truecolor"), ("NO_COLOR", "1")]),
            ColorDepth::None
        );
        assert_eq!(depth(&[term, ("NO_COLOR", "")]), ColorDepth::Ansi256);
    }

    #[test]
    fn a_colour_falls_to_the_nearest_that_there_is() {
        let paint = |text| Paint {
            full: Hue::parse(text).unwrap(),
            at_256: None,
            at_16: None,
        };
        assert_eq!(
            paint("#ff0000").at(ColorDepth::Ansi256),
            Some(Color::Indexed(196))
        );
        assert_eq!(
            paint("#ff0000").at(ColorDepth::Ansi16),
            Some(Color::LightRed)
        );
        assert_eq!(
            paint("#808080").at(ColorDepth::Ansi256),
            Some(Color::Indexed(244))
        );
        assert_eq!(
            paint("#123456").at(ColorDepth::True),
            Some(Color::Rgb(0x12, 0x34, 0x56))
        );
        assert_eq!(paint("cyan").at(ColorDepth::True), Some(Color::Cyan));
        assert_eq!(paint("cyan").at(ColorDepth::None), None);
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#12345", "#12345g", "#+12345", "teal", "#1234567"] {
            assert_eq!(Hue::parse(text), None, "{text}");
        }
    }
}
