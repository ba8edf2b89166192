//! Roles → styles. Widgets ask for a role by name; no colour is written anywhere else.
//!
//! Styles compose by [`Style::patch`], from the outside in: [`Role::Text`], then the line ([`Role::Added`]…), then
//! [`Role::Selection`] or [`Role::Cursor`], then [`Role::Code`], then the words ([`Role::AddedWord`]…), then
//! [`Role::Token`], then [`Role::Match`]. A code role sets a foreground only, so that what is below it stays.
//!
//! A theme is TOML (`themes/*.toml`, embedded, and the user's own folder). Its colours are those of a terminal with all
//! of them; [`Theme::resolve`] fits them to the one at hand. With 16 colours, whose values nobody knows, a theme gives
//! way to the one it names as `sixteen`; without colours the modifiers of that one are left.

mod color;
mod load;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;

use ratatui::style::{Modifier, Style};

pub use crate::syntax::CodeRole;
pub use color::ColorDepth;
pub use load::{Mistake, ThemeError};

use color::Paint;

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Text of less weight: hints on keys, context, counts.
    Dim,
    /// Text of more weight.
    Strong,
    /// Lines between panes.
    Border,
    /// The border and title of the pane that has the keys.
    Focus,
    /// The title bar and the key bar.
    Bar,
    /// A key's name in the key bar or a dialog.
    Key,
    /// A dialog or list above the rest.
    Popup,
    /// The row the cursor is on.
    Cursor,
    /// Selected lines.
    Selection,
    /// A match of the search.
    Match,
    /// Line numbers.
    LineNumber,
    /// A hunk's or file's heading.
    Heading,
    /// An added line.
    Added,
    /// A removed line.
    Removed,
    /// Changed words in an added line.
    AddedWord,
    /// Changed words in a removed line.
    RemovedWord,
    /// The sign of an added line, and counts of them.
    AddedSign,
    /// The sign of a removed line, and counts of them.
    RemovedSign,
    /// A visible token in place of a control or hidden character.
    Token,
    /// Something accepted, saved or valid.
    Good,
    /// Something flagged, not saved or invalid.
    Bad,
    /// Something waived, contested or to be noticed.
    Warn,
    /// Something not applicable.
    Quiet,
    /// A text field that has the keys.
    Field,
    /// A colour of code.
    Code(CodeRole),
}

impl Role {
    /// Every role of the screen but those of code.
    pub const SCREEN: [Self; 25] = [
        Self::Text,
        Self::Dim,
        Self::Strong,
        Self::Border,
        Self::Focus,
        Self::Bar,
        Self::Key,
        Self::Popup,
        Self::Cursor,
        Self::Selection,
        Self::Match,
        Self::LineNumber,
        Self::Heading,
        Self::Added,
        Self::Removed,
        Self::AddedWord,
        Self::RemovedWord,
        Self::AddedSign,
        Self::RemovedSign,
        Self::Token,
        Self::Good,
        Self::Bad,
        Self::Warn,
        Self::Quiet,
        Self::Field,
    ];

    /// Returns every role.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::SCREEN
            .into_iter()
            .chain(CodeRole::ALL.into_iter().map(Self::Code))
    }

    /// Returns the role's name in a theme, under `[screen]` or, for roles of code, under `[code]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Dim => "dim",
            Self::Strong => "strong",
            Self::Border => "border",
            Self::Focus => "focus",
            Self::Bar => "bar",
            Self::Key => "key",
            Self::Popup => "popup",
            Self::Cursor => "cursor",
            Self::Selection => "selection",
            Self::Match => "match",
            Self::LineNumber => "line-number",
            Self::Heading => "heading",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::AddedWord => "added-word",
            Self::RemovedWord => "removed-word",
            Self::AddedSign => "added-sign",
            Self::RemovedSign => "removed-sign",
            Self::Token => "token",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Quiet => "quiet",
            Self::Field => "field",
            Self::Code(code) => code.name(),
        }
    }
}

/// How a theme draws a role, before it is fitted to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Look {
    fg: Option<Paint>,
    bg: Option<Paint>,
    modifiers: Modifier,
}

type Looks = HashMap<Role, Look>;

/// A set of styles.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Its name.
    pub name: String,
    looks: Looks,
    /// The looks on a terminal of 16 colours, where they differ.
    sixteen: Option<Looks>,
    styles: HashMap<Role, Style>,
}

impl Theme {
    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// Returns the names of the themes that come with the program; the first is the default.
    pub fn names() -> impl Iterator<Item = &'static str> {
        load::BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Returns a theme that comes with the program, in all its colours.
    pub fn builtin(name: &str) -> Option<Self> {
        load::builtin(name)
    }

    /// Loads a theme by name: `<name>.toml` from the first folder that has it, else one that comes with the program.
    /// Fails with every mistake in the file at once.
    pub fn load(name: &str, folders: &[PathBuf]) -> Result<Self, ThemeError> {
        load::load(name, folders)
    }

    /// Returns the theme fitted to the colours of a terminal.
    pub fn resolve(&self, depth: ColorDepth) -> Self {
        let looks = match depth {
            ColorDepth::None | ColorDepth::Ansi16 => self.sixteen.as_ref().unwrap_or(&self.looks),
            ColorDepth::Ansi256 | ColorDepth::True => &self.looks,
        };
        let styles = looks
            .iter()
            .map(|(role, look)| (*role, look.style(depth)))
            .collect();
        Self {
            styles,
            ..self.clone()
        }
    }

    fn new(name: &str, looks: Looks, sixteen: Option<Looks>) -> Self {
        let unresolved = Self {
            name: name.to_owned(),
            looks,
            sixteen,
            styles: HashMap::new(),
        };
        unresolved.resolve(ColorDepth::True)
    }
}

impl Look {
    fn style(self, depth: ColorDepth) -> Style {
        let color = |paint: Option<Paint>| paint.and_then(|paint| paint.at(depth));
        Style {
            fg: color(self.fg),
            bg: color(self.bg),
            ..Style::new()
        }
        .add_modifier(self.modifiers)
    }
}

impl Default for Theme {
    fn default() -> Self {
        load::builtin(load::BUILTIN[0].0)
            .expect("the default theme is sound: a test loads every theme")
    }
}
