//! Roles → styles. Widgets ask for a role by name; no colour is written anywhere else.

use ratatui::style::{Modifier, Style};

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

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeRole {
    /// `if`, `return`.
    Keyword,
    /// A function's name.
    Function,
    /// A type's name.
    Type,
    /// A string.
    String,
    /// A number, boolean or other constant.
    Constant,
    /// A comment.
    Comment,
    /// A field, attribute or key.
    Property,
    /// A variable or parameter with a special meaning.
    Variable,
    /// An operator.
    Operator,
    /// Brackets and separators.
    Punctuation,
    /// A tag, decorator or macro.
    Tag,
}

/// A set of styles.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Its name.
    pub name: String,
}

impl Theme {
    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        match role {
            Role::Strong | Role::Focus | Role::Key => Style::new().add_modifier(Modifier::BOLD),
            Role::Cursor | Role::Selection => Style::new().add_modifier(Modifier::REVERSED),
            _ => Style::new(),
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            name: "terminal".to_owned(),
        }
    }
}
