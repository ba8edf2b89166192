//! Themes as TOML: reading, and every mistake at once with its line.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use ratatui::style::Modifier;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::color::{ANSI_NAMES, Hue, Paint};
use super::{Look, Looks, Role, Theme};

/// The themes that come with the program; the first is the default.
pub(super) const BUILTIN: [(&str, &str); 6] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("contrast", include_str!("../../../themes/contrast.toml")),
    (
        "colorblind",
        include_str!("../../../themes/colorblind.toml"),
    ),
    ("terminal", include_str!("../../../themes/terminal.toml")),
    (
        "terminal-colorblind",
        include_str!("../../../themes/terminal-colorblind.toml"),
    ),
];

/// The largest theme file, in bytes.
const SIZE_LIMIT: u64 = 256 << 10;

/// A mistake in a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Its line, 1-based.
    pub line: usize,
    /// What is wrong and what would be right.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A theme that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// No theme has the name.
    #[error("no theme is called {name:?}: choose {} or put {name}.toml into the themes folder", Theme::names().collect::<Vec<_>>().join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The file cannot be read.
    #[error("the theme {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file has mistakes.
    #[error("the theme {} has mistakes: {}", path.display(), mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mistakes {
        /// The file.
        path: PathBuf,
        /// All of them, by line.
        mistakes: Vec<Mistake>,
    },
}

pub(super) fn builtin(name: &str) -> Option<Theme> {
    let (name, source) = BUILTIN.iter().find(|(known, _)| *known == name)?;
    parse(name, source).ok()
}

pub(super) fn load(name: &str, folders: &[PathBuf]) -> Result<Theme, ThemeError> {
    let unknown = || ThemeError::Unknown {
        name: name.to_owned(),
    };
    if name.is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        return Err(unknown());
    }
    for folder in folders {
        let path = folder.join(format!("{name}.toml"));
        match read(&path) {
            Ok(source) => {
                return parse(name, &source)
                    .map_err(|mistakes| ThemeError::Mistakes { path, mistakes });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ThemeError::Read { path, source }),
        }
    }
    builtin(name).ok_or_else(unknown)
}

fn read(path: &std::path::Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > SIZE_LIMIT {
        let what = format!("it is larger than {SIZE_LIMIT} bytes");
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, what));
    }
    std::fs::read_to_string(path)
}

/// Reads a theme; what it does not define it has from the built-in theme it inherits.
pub(super) fn parse(name: &str, source: &str) -> Result<Theme, Vec<Mistake>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    let mut reader = Reader {
        source,
        palette: HashMap::new(),
        mistakes: Vec::new(),
    };
    for error in errors {
        reader.refuse(error.span().map_or(0, |span| span.start), error.message());
    }
    let theme = reader.theme(name, document.get_ref());
    if reader.mistakes.is_empty() {
        return Ok(theme);
    }
    reader.mistakes.sort_by_key(|mistake| mistake.line);
    Err(reader.mistakes)
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'s> {
    source: &'s str,
    palette: HashMap<String, Paint>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn refuse(&mut self, at: usize, what: impl Into<String>) {
        let before = &self.source.as_bytes()[..at.min(self.source.len())];
        let line = memchr::memchr_iter(b'\n', before).count();
        self.mistakes.push(Mistake {
            line: line + 1,
            what: what.into(),
        });
    }

    fn theme(&mut self, name: &str, document: &DeTable<'_>) -> Theme {
        let base = document
            .get("inherits")
            .and_then(|value| self.builtin(name, value));
        let sixteen = document
            .get("sixteen")
            .and_then(|value| self.builtin(name, value));
        if let Some(palette) = document.get("palette") {
            self.read_palette(palette);
        }
        let (mut looks, inherited) =
            base.map_or_else(Default::default, |base| (base.looks, base.sixteen));
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "inherits" | "sixteen" | "palette" => {}
                "screen" => self.read_roles(value, &mut looks, &Role::SCREEN),
                "code" => {
                    let roles: Vec<Role> =
                        super::CodeRole::ALL.into_iter().map(Role::Code).collect();
                    self.read_roles(value, &mut looks, &roles);
                }
                other => {
                    let what = format!(
                        "{other:?} is not known: a theme has inherits, sixteen, palette, screen and code"
                    );
                    self.refuse(key.span().start, what);
                }
            }
        }
        let missing: Vec<&str> = Role::all()
            .filter(|role| !looks.contains_key(role))
            .map(Role::name)
            .collect();
        if !missing.is_empty() {
            let what = format!(
                "{} not defined: define them, or inherit from \"dark\"",
                missing.join(", ")
            );
            self.refuse(0, what);
        }
        Theme::new(name, looks, sixteen.map(|theme| theme.looks).or(inherited))
    }

    /// Reads the name of a theme that comes with the program; a theme cannot name itself.
    fn builtin(&mut self, own: &str, value: &Value<'_>) -> Option<Theme> {
        let is_itself =
            |name: &str| BUILTIN.iter().any(|(_, text)| *text == self.source) && name == own;
        let named = value
            .get_ref()
            .as_str()
            .filter(|name| !is_itself(name))
            .and_then(builtin);
        if named.is_none() {
            let names = Theme::names().collect::<Vec<_>>().join(", ");
            self.refuse(
                value.span().start,
                format!("a theme that comes with the program stands here: {names}"),
            );
        }
        named
    }

    fn read_palette(&mut self, value: &Value<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            return self.refuse(value.span().start, "palette is a table of colours");
        };
        for (key, value) in table {
            if let Some(paint) = self.paint(value) {
                self.palette.insert(key.get_ref().to_string(), paint);
            }
        }
    }

    fn read_roles(&mut self, value: &Value<'_>, looks: &mut Looks, roles: &[Role]) {
        let Some(table) = value.get_ref().as_table() else {
            return self.refuse(value.span().start, "a table of roles stands here");
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let Some(role) = roles.iter().find(|role| role.name() == name) else {
                let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                self.refuse(
                    key.span().start,
                    format!("{name:?} is not a role: there are {}", names.join(", ")),
                );
                continue;
            };
            let look = self.look(value);
            looks.insert(*role, look);
        }
    }

    fn look(&mut self, value: &Value<'_>) -> Look {
        let mut look = Look::default();
        let Some(table) = value.get_ref().as_table() else {
            self.refuse(
                value.span().start,
                "a style is a table such as { fg = \"#c0c0c0\", bold = true }",
            );
            return look;
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "fg" => look.fg = self.paint(value),
                "bg" => look.bg = self.paint(value),
                name => match (modifier(name), value.get_ref().as_bool()) {
                    (Some(modifier), Some(wanted)) => look.modifiers.set(modifier, wanted),
                    (Some(_), None) => self.refuse(value.span().start, format!("{name} is true or false")),
                    (None, _) => self.refuse(
                        key.span().start,
                        format!(
                            "{name:?} is not known: a style has fg, bg, bold, dim, italic, underline and reversed"
                        ),
                    ),
                },
            }
        }
        look
    }

    /// Reads a colour, or an array of it and what stands in for it with 256 and with 16 colours.
    fn paint(&mut self, value: &Value<'_>) -> Option<Paint> {
        if let Some(paint) = value
            .get_ref()
            .as_str()
            .and_then(|name| self.palette.get(name))
        {
            return Some(*paint);
        }
        let Some(array) = value.get_ref().as_array() else {
            let full = self.hue(value)?;
            return Some(Paint {
                full,
                at_256: None,
                at_16: None,
            });
        };
        let mut hues = array
            .iter()
            .map(|value| self.hue(value))
            .collect::<Vec<_>>()
            .into_iter();
        if hues.len() > 3 || hues.len() == 0 {
            self.refuse(
                value.span().start,
                "an array of colours has one to three: all colours, 256, 16",
            );
            return None;
        }
        let full = hues.next().flatten()?;
        Some(Paint {
            full,
            at_256: hues.next().flatten(),
            at_16: hues.next().flatten(),
        })
    }

    fn hue(&mut self, value: &Value<'_>) -> Option<Hue> {
        let hue = match value.get_ref() {
            DeValue::String(text) => Hue::parse(text),
            DeValue::Integer(number) => u8::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Hue::Indexed),
            DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        if hue.is_none() {
            let what = format!(
                "not a colour: write \"#rrggbb\", a number from 0 to 255, a name of the palette, default, {}",
                ANSI_NAMES.join(", ")
            );
            self.refuse(value.span().start, what);
        }
        hue
    }
}

fn modifier(name: &str) -> Option<Modifier> {
    Some(match name {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underline" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}
