//! A terminal that knows margins: the sequences that `Output` writes and no others, on cells of ratatui's own.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::support::text::width;

pub struct Glass {
    pub screen: Buffer,
    at: (usize, usize),
    pen: Cell,
    rows: (usize, usize),
    columns: (usize, usize),
    margins: bool,
}

impl Glass {
    pub fn new(columns: u16, rows: u16) -> Self {
        let mut pen = Cell::default();
        pen.reset();
        Self {
            screen: Buffer::empty(Rect::new(0, 0, columns, rows)),
            at: (0, 0),
            pen,
            rows: (0, usize::from(rows)),
            columns: (0, usize::from(columns)),
            margins: false,
        }
    }

    pub fn read(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("text");
        let mut rest = text.chars();
        while let Some(letter) = rest.next() {
            if letter != '\x1b' {
                self.put(letter);
                continue;
            }
            assert_eq!(rest.next(), Some('['), "no other escapes are written");
            let mut parameters = String::new();
            let last = loop {
                match rest.next().expect("a sequence has an end") {
                    end @ '@'..='~' => break end,
                    other => parameters.push(other),
                }
            };
            self.obey(&parameters, last);
        }
    }

    fn cell(&mut self, x: usize, y: usize) -> &mut Cell {
        &mut self.screen[(x as u16, y as u16)]
    }

    /// A character; one without a column of its own joins the one before.
    fn put(&mut self, letter: char) {
        let columns = width(letter.encode_utf8(&mut [0; 4]));
        let (x, y) = self.at;
        if columns == 0 {
            let mut before = x - 1;
            while self.cell(before, y).symbol().is_empty() {
                before -= 1;
            }
            let joined = format!("{}{letter}", self.cell(before, y).symbol());
            self.cell(before, y).set_symbol(&joined);
            return;
        }
        self.part(x, y);
        self.part(x + columns, y);
        for column in x..x + columns {
            *self.cell(column, y) = self.pen.clone();
            self.cell(column, y).set_symbol("");
        }
        self.cell(x, y).set_symbol(letter.encode_utf8(&mut [0; 4]));
        self.at = (x + columns, y);
    }

    /// Breaks a character that lies across a border in two blanks.
    fn part(&mut self, x: usize, y: usize) {
        let end = usize::from(self.screen.area.width);
        if x == 0 || x >= end || !self.cell(x, y).symbol().is_empty() {
            return;
        }
        self.cell(x, y).set_symbol(" ");
        self.cell(x - 1, y).set_symbol(" ");
    }

    fn obey(&mut self, parameters: &str, last: char) {
        if let Some(mode) = parameters.strip_prefix('?') {
            match (mode, last) {
                ("69", 'h') => self.margins = true,
                ("69", 'l') => {
                    self.margins = false;
                    self.columns = (0, usize::from(self.screen.area.width));
                }
                ("2026" | "25", 'h' | 'l') => {}
                other => panic!("unknown mode {other:?}"),
            }
            return;
        }
        let numbers: Vec<usize> = parameters
            .split(';')
            .map(|number| number.parse().unwrap_or(0))
            .collect();
        let number = |at: usize, missing: usize| match numbers.get(at) {
            None | Some(0) => missing,
            Some(given) => *given,
        };
        let (width, height) = (
            usize::from(self.screen.area.width),
            usize::from(self.screen.area.height),
        );
        match last {
            'H' => self.at = (number(1, 1) - 1, number(0, 1) - 1),
            'G' => self.at.0 = number(0, 1) - 1,
            'C' => self.at.0 += number(0, 1),
            'K' => {
                let (x, y) = self.at;
                self.part(x, y);
                for column in x..width {
                    self.erase(column, y);
                }
            }
            'J' => (0..width * height).for_each(|at| self.erase(at % width, at / width)),
            'r' => {
                self.rows = (number(0, 1) - 1, number(1, height));
                self.at = (0, 0);
            }
            's' => {
                assert!(self.margins, "without the mode this saves the cursor");
                self.columns = (number(0, 1) - 1, number(1, width));
                self.at = (0, 0);
            }
            'S' => self.scroll(number(0, 1), true),
            'T' => self.scroll(number(0, 1), false),
            'm' => self.style(&numbers),
            other => panic!("unknown sequence {other:?}"),
        }
    }

    fn erase(&mut self, x: usize, y: usize) {
        let ground = self.pen.bg;
        let cell = self.cell(x, y);
        cell.reset();
        cell.bg = ground;
    }

    fn scroll(&mut self, by: usize, up: bool) {
        let before = self.screen.clone();
        for y in self.rows.0..self.rows.1 {
            let source = if up { Some(y + by) } else { y.checked_sub(by) };
            let source = source.filter(|row| (self.rows.0..self.rows.1).contains(row));
            for x in self.columns.0..self.columns.1 {
                match source {
                    Some(row) => *self.cell(x, y) = before[(x as u16, row as u16)].clone(),
                    None => self.erase(x, y),
                }
            }
        }
    }

    fn style(&mut self, numbers: &[usize]) {
        let mut rest = numbers.iter().copied();
        while let Some(number) = rest.next() {
            let modifier = |number| match number {
                1 | 22 => Modifier::BOLD,
                3 | 23 => Modifier::ITALIC,
                4 | 24 => Modifier::UNDERLINED,
                7 | 27 => Modifier::REVERSED,
                other => panic!("unknown modifier {other}"),
            };
            match number {
                0 => {
                    let plain = Cell::default();
                    (self.pen.fg, self.pen.bg, self.pen.modifier) =
                        (plain.fg, plain.bg, plain.modifier);
                }
                1..=9 => self.pen.modifier.insert(modifier(number)),
                22..=29 => self.pen.modifier.remove(modifier(number)),
                31 => self.pen.fg = Color::Red,
                94 => self.pen.fg = Color::LightBlue,
                41 => self.pen.bg = Color::Red,
                39 => self.pen.fg = Color::Reset,
                49 => self.pen.bg = Color::Reset,
                38 => self.pen.fg = long_colour(&mut rest),
                48 => self.pen.bg = long_colour(&mut rest),
                other => panic!("unknown style {other}"),
            }
        }
    }
}

fn long_colour(rest: &mut impl Iterator<Item = usize>) -> Color {
    let mut next = || rest.next().expect("a colour is whole") as u8;
    match next() {
        5 => Color::Indexed(next()),
        2 => Color::Rgb(next(), next(), next()),
        other => panic!("unknown colour {other}"),
    }
}
