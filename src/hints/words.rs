//! Vocabulary: what receivers, guards, handlers and requests are called, per language, as data; and the names that the
//! change itself adds to it (its models, repositories and clients).

use std::collections::{BTreeMap, HashMap, HashSet};

use regex::Regex;
use serde::Deserialize;

use super::expression::{Expressions, ascii};
use crate::syntax::Language;

/// What stands in `checks` for the name of a value.
const NAME: &str = r"([$@]?[A-Za-z_][\w.]*(?:->\w+)*)";

/// The vocabulary as it is written down (`checklists/rules/words.yml`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    receivers: BTreeMap<String, Vec<WireReceiver>>,
    guards: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    words: BTreeMap<String, Vec<String>>,
    handler: BTreeMap<String, WireHandler>,
    request: BTreeMap<String, Vec<String>>,
    clean: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    checks: BTreeMap<String, Vec<String>>,
    walks: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    learn: Vec<WireLearn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireReceiver {
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    names: Option<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    types: Option<String>,
    #[serde(default)]
    values: Option<String>,
    #[serde(default)]
    not: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireHandler {
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    parameters: Vec<String>,
    #[serde(default)]
    classes: Vec<String>,
    #[serde(default)]
    calls: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLearn {
    class: String,
    pattern: String,
}

/// What one class of receivers looks like in some languages.
#[derive(Debug, Clone)]
pub struct Receiver {
    languages: Vec<String>,
    /// A part of the chain that is called on.
    pub names: Option<Expressions>,
    /// Whole words of such a part, in lower case.
    pub words: HashSet<String>,
    /// The declared type.
    pub types: Option<Expressions>,
    /// The first value.
    pub values: Option<Expressions>,
    /// What none of it may be: type, value or chain.
    pub not: Option<Expressions>,
}

/// What marks a function that answers requests.
#[derive(Debug, Clone)]
pub struct Handler {
    /// Decorators, annotations, attributes before the function.
    pub marks: Expressions,
    /// The text of the parameters.
    pub parameters: Expressions,
    /// The first line of the class.
    pub classes: Expressions,
    /// The call that a closure is passed to.
    pub calls: Expressions,
    /// The function's own name.
    pub names: Expressions,
}

/// Vocabulary, compiled.
#[derive(Debug, Clone, Default)]
pub struct Words {
    receivers: BTreeMap<String, Vec<Receiver>>,
    guards: BTreeMap<String, BTreeMap<String, Expressions>>,
    lists: BTreeMap<String, HashSet<String>>,
    handler: BTreeMap<String, Handler>,
    request: BTreeMap<String, Expressions>,
    clean: BTreeMap<String, Expressions>,
    checks: BTreeMap<String, Expressions>,
    walks: BTreeMap<String, HashSet<String>>,
    learn: Vec<(String, Regex)>,
    /// Names learned from the change, by class.
    learned: HashMap<String, HashSet<String>>,
}

/// Returns the key of a language in the vocabulary; all scripts share one.
pub fn family(language: Language) -> &'static str {
    match language {
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => "javascript",
        Language::Python => "python",
        Language::Go => "go",
        Language::Java => "java",
        Language::Kotlin => "kotlin",
        Language::CSharp => "csharp",
        Language::Ruby => "ruby",
        Language::Php => "php",
        Language::Rust => "rust",
        Language::Sql => "sql",
        Language::Bash => "bash",
        _ => "other",
    }
}

impl Words {
    /// Reads a vocabulary.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wire: Wire = ast_grep_config::from_str(text).map_err(|error| error.to_string())?;
        let mut receivers: BTreeMap<String, Vec<Receiver>> = BTreeMap::new();
        for (class, entries) in wire.receivers {
            let all = entries.into_iter().map(|entry| Receiver {
                names: entry.names.map(one),
                types: entry.types.map(one),
                values: entry.values.map(one),
                not: entry.not.map(one),
                languages: entry.languages,
                words: entry.words.into_iter().collect(),
            });
            receivers.insert(class, all.collect());
        }
        let handler = wire.handler.into_iter().map(|(language, entry)| {
            let handler = Handler {
                marks: Expressions::of(entry.marks),
                parameters: Expressions::of(entry.parameters),
                classes: Expressions::of(entry.classes),
                calls: Expressions::of(entry.calls),
                names: Expressions::of(entry.names),
            };
            (language, handler)
        });
        let guards = wire.guards.into_iter();
        let named = |texts: Vec<String>| texts.into_iter().map(|text| text.replace("NAME", NAME));
        let checks = wire.checks.into_iter();
        let learn = wire
            .learn
            .into_iter()
            .map(|entry| Ok((entry.class, compile(&entry.pattern)?)));
        let lists = |by_name: BTreeMap<String, Vec<String>>| {
            let all = by_name.into_iter();
            all.map(|(name, words)| (name, words.into_iter().collect()))
                .collect()
        };
        Ok(Self {
            receivers,
            guards: guards.map(|(name, all)| (name, sets(all))).collect(),
            lists: lists(wire.words),
            handler: handler.collect(),
            request: sets(wire.request),
            clean: sets(wire.clean),
            checks: checks
                .map(|(language, texts)| (language, Expressions::of(named(texts))))
                .collect(),
            walks: lists(wire.walks),
            learn: learn.collect::<Result<_, String>>()?,
            learned: HashMap::new(),
        })
    }

    /// Compiles all expressions, and says what is wrong with the first that is.
    pub fn check(&self) -> Result<(), String> {
        let receivers = self.receivers.values().flatten();
        let of_receivers = receivers
            .flat_map(|one| [&one.names, &one.types, &one.values, &one.not])
            .flatten();
        let handlers = self.handler.values();
        let of_handlers = handlers.flat_map(|one| {
            [
                &one.marks,
                &one.parameters,
                &one.classes,
                &one.calls,
                &one.names,
            ]
        });
        let guards = self.guards.values().flat_map(BTreeMap::values);
        let rest = [&self.request, &self.clean, &self.checks];
        let rest = rest.into_iter().flat_map(BTreeMap::values);
        let mut all = of_receivers.chain(of_handlers).chain(guards).chain(rest);
        all.try_for_each(Expressions::check)
    }

    /// Learns the names that a text declares.
    pub fn learn(&mut self, text: &str) {
        for (class, pattern) in &self.learn {
            for found in pattern.captures_iter(text) {
                if let Some(name) = found.get(1) {
                    self.learned
                        .entry(class.clone())
                        .or_default()
                        .insert(name.as_str().to_owned());
                }
            }
        }
    }

    /// Tells whether the change declares a name as of a class.
    pub fn is_learned(&self, class: &str, name: &str) -> bool {
        self.learned
            .get(class)
            .is_some_and(|names| names.contains(name))
    }

    /// Returns what a class of receivers looks like in a language; `None` for a class that is not known.
    pub fn receiver(&self, class: &str, language: Language) -> Option<Vec<&Receiver>> {
        let family = family(language);
        let of_language = |entry: &&Receiver| {
            entry.languages.is_empty() || entry.languages.iter().any(|name| name == family)
        };
        Some(
            self.receivers
                .get(class)?
                .iter()
                .filter(of_language)
                .collect(),
        )
    }

    /// Tells whether a text holds a guard of a kind.
    pub fn has_guard(&self, guard: &str, language: Language, text: &str) -> bool {
        let Some(by_language) = self.guards.get(guard) else {
            return false;
        };
        ["all", family(language)]
            .iter()
            .filter_map(|key| by_language.get(*key))
            .any(|set| set.is_match(text))
    }

    /// Tells whether a guard of this name is known.
    pub fn knows_guard(&self, guard: &str) -> bool {
        self.guards.contains_key(guard)
    }

    /// Tells whether a class of receivers of this name is known.
    pub fn knows_receiver(&self, class: &str) -> bool {
        self.receivers.contains_key(class)
    }

    /// Tells whether a list of words of this name is known.
    pub fn knows_list(&self, list: &str) -> bool {
        self.lists.contains_key(list)
    }

    /// Returns the words of a list.
    pub fn list(&self, list: &str) -> impl Iterator<Item = &str> {
        self.lists
            .get(list)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// Tells whether any whole word of an identifier is in a list; neighbours are tried as one word too.
    pub fn names_any(&self, list: &str, identifier: &str) -> bool {
        let Some(words) = self.lists.get(list) else {
            return false;
        };
        let parts = split(identifier);
        parts.iter().any(|part| words.contains(part))
            || parts.windows(2).any(|pair| {
                words.contains(&pair.concat())
                    || words.contains(&format!("{}_{}", pair[0], pair[1]))
            })
    }

    /// Returns what marks handlers in a language.
    pub fn handler(&self, language: Language) -> Option<&Handler> {
        self.handler.get(family(language))
    }

    /// Tells whether a text reads from a request.
    pub fn is_request(&self, language: Language, text: &str) -> bool {
        self.request
            .get(family(language))
            .is_some_and(|set| set.is_match(text))
    }

    /// Tells whether a text makes a value harmless (a number, an escaped text).
    pub fn is_clean(&self, language: Language, text: &str) -> bool {
        ["all", family(language)]
            .iter()
            .filter_map(|key| self.clean.get(*key))
            .any(|set| set.is_match(text))
    }

    /// Returns what tells that a value was checked; the groups are its names.
    pub fn checks(&self, language: Language) -> &[Regex] {
        let known = self.checks.get(family(language));
        known.map_or(&[], Expressions::each)
    }

    /// Tells whether a method calls its closure once per element.
    pub fn walks(&self, language: Language, method: &str) -> bool {
        self.walks
            .get(family(language))
            .is_some_and(|names| names.contains(method))
    }
}

/// Splits an identifier into lower-case words: `orderRepo`, `order_repo`, `OrderRepo` are `order`, `repo`.
pub fn split(identifier: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = identifier.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let begins = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
                || (before.is_some_and(char::is_uppercase)
                    && after.is_some_and(|a| a.is_lowercase())));
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn compile(text: &str) -> Result<Regex, String> {
    Regex::new(&ascii(text)).map_err(|error| error.to_string())
}

fn one(text: String) -> Expressions {
    Expressions::of([text])
}

fn sets(by_language: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Expressions> {
    let all = by_language.into_iter();
    all.map(|(language, texts)| (language, Expressions::of(texts)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_that_comes_along_is_sound_and_a_broken_one_is_refused() {
        let own = include_str!("../../checklists/rules/words.yml");
        let words = Words::parse(own).unwrap();
        words.check().unwrap();
        let broken = own.replace("'\\b[cC]an(?:_|[A-Z]|\\?|\\()'", "'[cC]an('");
        assert_ne!(broken, own);
        let error = Words::parse(&broken).unwrap().check().unwrap_err();
        assert!(error.contains("unclosed group"), "{error}");
    }

    #[test]
    fn identifiers_fall_into_words() {
        assert_eq!(split("orderRepo"), ["order", "repo"]);
        assert_eq!(split("HTTPClient_v2"), ["http", "client", "v2"]);
        assert_eq!(split("total_price"), ["total", "price"]);
        assert_eq!(split("$userID"), ["user", "id"]);
    }
}
