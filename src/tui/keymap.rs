//! Key sequences → actions: the defaults of the action table with the reader's own on top. Conflicts are reported,
//! never resolved by chance.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;

/// One key press, as far as bindings care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    code: Code,
    ctrl: bool,
    alt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Code {
    Char(char),
    Named(&'static str),
    Function(u8),
}

const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

impl Key {
    /// Reads a key press; `None` for keys that no binding can name.
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        let code = match event.code {
            KeyCode::Char(c) => Code::Char(c),
            KeyCode::F(n) => Code::Function(n),
            other => Code::Named(NAMED.iter().find(|(_, code)| *code == other)?.0),
        };
        // With control held, terminals differ on the letter's case.
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match code {
            Code::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
            other => other,
        };
        Some(Self {
            code,
            ctrl,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        })
    }

    /// Returns the digit of a plain digit key.
    pub fn digit(self) -> Option<u32> {
        match self {
            Self {
                code: Code::Char(c),
                ctrl: false,
                alt: false,
            } => c.to_digit(10),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("space"),
            Code::Char(c) => write!(f, "{c}"),
            Code::Named(name) => f.write_str(name),
            Code::Function(n) => write!(f, "f{n}"),
        }
    }
}

/// The most plain characters in one word; a longer one is a key's name that is written otherwise here.
const RUN: usize = 3;

/// Reads a sequence such as `ctrl-d`, `gg`, `]h`, `space`, or several keys with blanks between (`g enter`).
pub fn parse_sequence(text: &str) -> Option<Vec<Key>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let keys: Option<Vec<Vec<Key>>> = words.iter().map(|word| parse_word(word)).collect();
    keys.map(|keys| keys.concat())
        .filter(|keys| !keys.is_empty())
}

/// A word is one named or modified key, or a run of plain characters.
fn parse_word(word: &str) -> Option<Vec<Key>> {
    let (mut rest, mut ctrl, mut alt) = (word, false, false);
    loop {
        if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
            (rest, ctrl) = (after, true);
        } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
            (rest, alt) = (after, true);
        } else {
            break;
        }
    }
    let key = |code| Key { code, ctrl, alt };
    if rest == "space" {
        return Some(vec![key(Code::Char(' '))]);
    }
    if let Some((name, _)) = NAMED.iter().find(|(name, _)| *name == rest) {
        return Some(vec![key(Code::Named(name))]);
    }
    let number = rest.strip_prefix('f').and_then(|n| n.parse::<u8>().ok());
    if let Some(number) = number.filter(|n| (1..=24).contains(n)) {
        return Some(vec![key(Code::Function(number))]);
    }
    let chars: Vec<char> = rest.chars().collect();
    let most = if ctrl || alt { 1 } else { RUN };
    if chars.len() > most || chars.iter().any(|c| c.is_control()) {
        return None;
    }
    Some(chars.into_iter().map(|c| key(Code::Char(c))).collect())
}

/// What keys do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: BTreeMap<Vec<Key>, Action>,
}

/// What a sequence typed so far comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// It is bound.
    Action(Action),
    /// More keys may follow.
    Prefix,
    /// Nothing begins like this.
    Nothing,
}

impl Keymap {
    /// Builds the map: the defaults, with each action that `own` names having only the keys given there. Returns the
    /// conflicts and mistakes as sentences; a binding that conflicts keeps the action that came first in the table.
    pub fn new(own: &BTreeMap<String, Vec<String>>) -> (Self, Vec<String>) {
        let mut map = Self {
            bindings: BTreeMap::new(),
        };
        let mut complaints: Vec<String> = own
            .keys()
            .filter(|name| Action::from_name(name).is_none())
            .map(|name| {
                format!("config.toml binds keys to {name:?}, which is no action; `?` lists the actions by name.")
            })
            .collect();
        for &action in Action::ALL {
            let defaults = || {
                action
                    .default_keys()
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            };
            let keys: Vec<String> = own.get(action.name()).cloned().unwrap_or_else(defaults);
            for text in keys {
                complaints.extend(map.bind(action, &text).err());
            }
        }
        complaints.extend(map.shadowed());
        (map, complaints)
    }

    fn bind(&mut self, action: Action, text: &str) -> Result<(), String> {
        let keys = parse_sequence(text).ok_or_else(|| {
            format!(
                "{:?} is not a key for `{}`; keys are written like j, ctrl-d, gg, ]h, space, f5.",
                text,
                action.name()
            )
        })?;
        match self.bindings.get(&keys) {
            Some(other) if *other != action => Err(format!(
                "{text} is bound to both `{}` and `{}`; `{0}` keeps it. Bind one of them to another key in config.toml.",
                other.name(),
                action.name()
            )),
            _ => {
                self.bindings.insert(keys, action);
                Ok(())
            }
        }
    }

    /// A sequence that continues a bound one could never be typed.
    fn shadowed(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for (keys, action) in &self.bindings {
            for end in 1..keys.len() {
                if let Some(shorter) = self.bindings.get(&keys[..end]) {
                    complaints.push(format!(
                        "{} (`{}`) cannot be typed because {} alone is `{}`; bind one of them to another key in config.toml.",
                        spell(keys), action.name(), spell(&keys[..end]), shorter.name()
                    ));
                }
            }
        }
        complaints
    }

    /// Looks a sequence up.
    pub fn lookup(&self, keys: &[Key]) -> Lookup {
        if let Some(action) = self.bindings.get(keys) {
            return Lookup::Action(*action);
        }
        let longer = self
            .bindings
            .range(keys.to_vec()..)
            .next()
            .is_some_and(|(bound, _)| bound.starts_with(keys));
        if longer {
            Lookup::Prefix
        } else {
            Lookup::Nothing
        }
    }

    /// Returns the keys of an action as a reader types them, the default's order kept where possible.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let mut keys: Vec<String> = self
            .bindings
            .iter()
            .filter(|(_, bound)| **bound == action)
            .map(|(keys, _)| spell(keys))
            .collect();
        let rank = |key: &String| {
            action
                .default_keys()
                .iter()
                .position(|default| default == key)
                .unwrap_or(usize::MAX)
        };
        keys.sort_by_key(rank);
        keys
    }

    /// Returns what may follow a prefix: the rest of the sequence and its action.
    pub fn continuations(&self, prefix: &[Key]) -> Vec<(String, Action)> {
        self.bindings
            .iter()
            .filter(|(keys, _)| keys.len() > prefix.len() && keys.starts_with(prefix))
            .map(|(keys, action)| (spell(&keys[prefix.len()..]), *action))
            .collect()
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(&BTreeMap::new()).0
    }
}

/// Spells a sequence as [`parse_sequence`] reads it.
pub fn spell(keys: &[Key]) -> String {
    let words: Vec<String> = keys.iter().map(ToString::to_string).collect();
    let single = words.iter().all(|word| word.chars().count() == 1);
    words.join(if single { "" } else { " " })
}

/// Returns the key table of the README, as Markdown: every action with its default keys.
pub fn markdown_table() -> String {
    let map = Keymap::default();
    let mut table = String::from("| keys | does | name |\n|---|---|---|\n");
    for section in super::action::Section::ALL {
        let _ = writeln!(table, "| **{}** | | |", section.title());
        for action in Action::ALL
            .iter()
            .filter(|action| action.section() == section)
        {
            let keys: Vec<String> = map
                .keys_of(*action)
                .iter()
                .map(|key| format!("`{}`", key.replace('|', "\\|")))
                .collect();
            let _ = writeln!(
                table,
                "| {} | {} | `{}` |",
                keys.join(" "),
                action.help(),
                action.name()
            );
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        pairs
            .iter()
            .map(|(name, keys)| {
                (
                    (*name).to_owned(),
                    keys.iter().map(ToString::to_string).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn the_defaults_have_no_conflicts() {
        assert_eq!(Keymap::new(&BTreeMap::new()).1, Vec::<String>::new());
    }

    #[test]
    fn every_default_key_survives_its_spelling() {
        for action in Action::ALL {
            for text in action.default_keys() {
                let keys = parse_sequence(text).expect("a default key parses");
                assert_eq!(&spell(&keys), text);
            }
        }
    }

    #[test]
    fn a_rebound_action_answers_to_its_new_key_only() {
        let (map, complaints) = Keymap::new(&own(&[("accept", &["ctrl-y"])]));
        assert!(complaints.is_empty());
        let lookup = |text| map.lookup(&parse_sequence(text).unwrap());
        assert_eq!(lookup("ctrl-y"), Lookup::Action(Action::Accept));
        assert_eq!(lookup("a"), Lookup::Nothing);
        assert_eq!(lookup("g"), Lookup::Prefix);
        assert_eq!(lookup("gg"), Lookup::Action(Action::Top));
    }

    #[test]
    fn conflicts_and_mistakes_are_all_reported() {
        let (_, complaints) = Keymap::new(&own(&[
            ("accept", &["f"]),
            ("flag", &["g"]),
            ("fly", &["z"]),
            ("help", &["ctrl-"]),
            ("next-hunk", &["PageDown"]),
        ]));
        let all = complaints.join("\n");
        assert!(all.contains("\"fly\""), "{all}");
        assert!(all.contains("`g`") || all.contains("g alone"), "{all}");
        assert!(all.contains("\"ctrl-\""), "{all}");
        assert!(all.contains("\"PageDown\""), "{all}");
    }
}
