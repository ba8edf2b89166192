//! Rule files → rules: every mistake at once, each with its file and what to do.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::Matcher as _;
use include_dir::{Dir, include_dir};

use super::need;
use super::wire::WireRule;
use super::{Body, Origin, Pattern, Registry, Rule};
use crate::hints::code;
use crate::hints::condition::Texts;
use crate::hints::gone::{Gone, Side};
use crate::hints::lang::{self, Lang};
use crate::hints::words::Words;
use crate::model::{ItemId, RuleId, Strength};
use crate::support::text::visible;
use crate::syntax::Language;

/// The rules that come with the program.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/checklists/rules");

/// The file of the vocabulary, in any folder of rules.
const WORDS: &str = "words.yml";

/// The largest file of rules that is read, in bytes (1 MiB).
const LARGEST: u64 = 1 << 20;

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct RuleProblem {
    /// The file, as shown.
    pub file: String,
    /// What is wrong, and what to do.
    pub what: String,
}

/// Reads the rules that come with the program and those of some folders. A rule of a folder replaces one of the same
/// name; a file or rule with a mistake is left out and told.
pub fn load_with(folders: &[PathBuf]) -> (Registry, Vec<RuleProblem>) {
    load_for(folders, None)
}

/// Does the same for rules of some languages only: reading all of them costs seconds that a change in two languages need
/// not wait for. SQL is always among them, for strings of other languages hold it. The program's own rules are compiled when
/// a file asks for them and not checked here; those of folders are.
pub fn load_for(
    folders: &[PathBuf],
    languages: Option<&BTreeSet<Language>>,
) -> (Registry, Vec<RuleProblem>) {
    let mut problems = Vec::new();
    let mut vocabulary = BUILT_IN
        .get_file(WORDS)
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default()
        .to_owned();
    let mut texts = Vec::new();
    collect_built_in(&BUILT_IN, &mut texts);
    for folder in folders {
        collect_folder(folder, &mut texts, &mut problems, 0);
        let own = folder.join(WORDS);
        if let Ok(text) = std::fs::read_to_string(&own) {
            match Words::parse(&text).and_then(|words| words.check()) {
                Ok(()) => vocabulary = text,
                Err(error) => problems.push(RuleProblem {
                    file: own.display().to_string(),
                    what: format!("not a vocabulary: {error}; start from the one `countersign rules words` prints"),
                }),
            }
        }
    }
    if let Some(languages) = languages {
        texts.retain(|text| {
            let is_own = matches!(text.origin, Origin::File(_));
            is_own
                || lang::by_file_stem(&text.stem).is_none_or(|of_file| {
                    of_file.is_empty()
                        || of_file.contains(&Language::Sql)
                        || of_file.iter().any(|language| languages.contains(language))
                })
        });
    }
    let words = match Words::parse(&vocabulary) {
        Ok(words) => words,
        Err(error) => {
            problems.push(RuleProblem {
                file: WORDS.to_owned(),
                what: format!("not a vocabulary: {error}"),
            });
            return (
                Registry::new(Vec::new(), vocabulary, Words::default()),
                problems,
            );
        }
    };
    let mut rules: Vec<Rule> = Vec::new();
    let mut by_id: HashMap<RuleId, usize> = HashMap::new();
    for text in &texts {
        for rule in read_file(text, &words, languages.is_none(), &mut problems) {
            match by_id.get(&rule.id).copied() {
                Some(at)
                    if matches!(rules[at].origin, Origin::BuiltIn(_))
                        && matches!(rule.origin, Origin::File(_)) =>
                {
                    rules[at] = rule;
                }
                Some(at) => problems.push(RuleProblem {
                    file: text.shown.clone(),
                    what: format!(
                        "two rules are called `{}` (the other is in {}); rename one",
                        rule.id,
                        rules[at].origin_shown()
                    ),
                }),
                None => {
                    by_id.insert(rule.id.clone(), rules.len());
                    rules.push(rule);
                }
            }
        }
    }
    (Registry::new(rules, vocabulary, words), problems)
}

impl Rule {
    fn origin_shown(&self) -> String {
        match &self.origin {
            Origin::BuiltIn(path) => path.clone(),
            Origin::File(path) => path.display().to_string(),
        }
    }
}

/// A file of rules.
struct Text {
    shown: String,
    item: String,
    stem: String,
    origin: Origin,
    contents: String,
}

fn collect_built_in(dir: &Dir<'_>, texts: &mut Vec<Text>) {
    for file in dir.files() {
        let path = file.path();
        if path.extension().is_some_and(|extension| extension == "yml")
            && path.parent().is_some_and(|parent| parent != Path::new(""))
            && let Some(text) = file.contents_utf8()
        {
            let shown = path.display().to_string();
            texts.push(text_of(
                path,
                shown.clone(),
                Origin::BuiltIn(shown),
                text.to_owned(),
            ));
        }
    }
    for inner in dir.dirs() {
        collect_built_in(inner, texts);
    }
}

fn collect_folder(
    folder: &Path,
    texts: &mut Vec<Text>,
    problems: &mut Vec<RuleProblem>,
    depth: u8,
) {
    let mut problem = |path: &Path, what: String| {
        problems.push(RuleProblem {
            file: path.display().to_string(),
            what,
        });
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return problem(
                folder,
                format!("cannot be read: {error}; name a folder of rule files"),
            );
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let Ok(meta) = std::fs::metadata(&path) else {
            continue;
        };
        if meta.is_dir() && depth < 4 {
            collect_folder(&path, texts, problems, depth + 1);
        } else if meta.is_file()
            && path.extension().is_some_and(|e| e == "yml" || e == "yaml")
            && path.file_name().is_some_and(|name| name != WORDS)
        {
            let mut problem = |what: String| {
                problems.push(RuleProblem {
                    file: path.display().to_string(),
                    what,
                });
            };
            if meta.len() > LARGEST {
                problem("larger than 1 MiB and not read; split it".to_owned());
                continue;
            }
            match std::fs::read_to_string(&path) {
                Ok(text) => texts.push(text_of(
                    &path,
                    path.display().to_string(),
                    Origin::File(path.clone()),
                    text,
                )),
                Err(error) => problem(format!("cannot be read: {error}")),
            }
        }
    }
}

fn text_of(path: &Path, shown: String, origin: Origin, text: String) -> Text {
    let name = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    Text {
        shown,
        item: name(path.parent().and_then(Path::file_name)),
        stem: name(path.file_stem()),
        origin,
        contents: text,
    }
}

fn read_file(
    text: &Text,
    words: &Words,
    checks_all: bool,
    problems: &mut Vec<RuleProblem>,
) -> Vec<Rule> {
    let is_checked = checks_all || matches!(text.origin, Origin::File(_));
    let mut rules = Vec::new();
    let mut problem = |what: String| {
        problems.push(RuleProblem {
            file: text.shown.clone(),
            what,
        });
    };
    let wires: Vec<WireRule> = match ast_grep_config::from_multiple(&text.contents) {
        Ok(wires) => wires,
        Err(error) => {
            problem(format!(
                "not a list of rules: {}",
                visible(&error.to_string())
            ));
            return rules;
        }
    };
    for wire in wires {
        let id = wire.id.clone();
        match read_rule(wire, text, words, is_checked) {
            Ok(rule) => rules.push(rule),
            Err(whats) => whats
                .into_iter()
                .for_each(|what| problem(format!("rule `{}`: {what}", visible(&id)))),
        }
    }
    rules
}

fn read_rule(
    wire: WireRule,
    text: &Text,
    words: &Words,
    is_checked: bool,
) -> Result<Rule, Vec<String>> {
    let mut mistakes = Vec::new();
    let is_name = !wire.id.is_empty()
        && wire
            .id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_name {
        mistakes.push("an id is made of a-z, 0-9 and hyphens".to_owned());
    }
    let strength = Strength::from_name(&wire.strength);
    if strength.is_none() {
        mistakes.push(format!("strength is A, B or C, not {:?}", wire.strength));
    }
    let items = if wire.items.is_empty() {
        vec![text.item.clone()]
    } else {
        wire.items.clone()
    };
    let languages = languages(&wire, text, &mut mistakes);
    for condition in &wire.conditions {
        mistakes.extend(condition.mistakes(words));
    }
    if let Some(gone) = &wire.gone {
        for condition in &gone.head {
            mistakes.extend(condition.mistakes(words));
        }
    }
    mistakes.extend(mismatch_of_side(&wire).map(str::to_owned));
    mistakes.extend(beyond_text(&wire).map(str::to_owned));
    let body = match (&wire.code, wire.core()) {
        (Some(name), None) => code::find(name).map(Body::Code).or_else(|| {
            mistakes.push(format!("no rule in code is called {name:?}"));
            None
        }),
        (None, Some(core)) => {
            let mut patterns = Vec::new();
            let near = wire.near();
            for &language in &languages {
                if is_checked {
                    mistakes.extend(mistakes_of(&wire, &core, language));
                }
                patterns.push(Pattern::new(language, core.clone(), near.clone()));
            }
            Some(Body::Patterns(patterns))
        }
        (Some(_), Some(_)) => {
            mistakes.push("`rule` and `code` exclude each other".to_owned());
            None
        }
        (None, None) => {
            mistakes.push("a rule needs `rule` (a pattern) or `code` (a name)".to_owned());
            None
        }
    };
    let (Some(strength), Some(body), true) = (strength, body, mistakes.is_empty()) else {
        mistakes.dedup();
        return Err(mistakes);
    };
    let need::Read {
        demands,
        has_focus_outside,
    } = need::read(&wire, words);
    let mut conditions = wire.conditions;
    conditions.sort_by_key(super::Condition::cost);
    Ok(Rule {
        gone: wire.gone,
        demands,
        has_focus_outside,
        id: RuleId(wire.id),
        items: items.into_iter().map(ItemId).collect(),
        languages,
        strength,
        message: wire.message,
        why: wire.why,
        look: wire.look,
        cwe: wire.cwe,
        related: wire.related,
        focus: wire.focus,
        once: wire.once,
        embedded: wire.embedded,
        spares_new_tables: wire.spares_new_tables,
        conditions,
        origin: text.origin.clone(),
        body,
        also_in: wire.also_in,
        only_in: wire.only_in,
        not_in: wire.not_in,
    })
}

/// Rules on the whole change see places as texts.
fn beyond_text(wire: &WireRule) -> Option<&'static str> {
    let code = code::find(wire.code.as_ref()?)?;
    let is_more = |condition: &super::Condition| {
        let nowhere = crate::model::RepoPath::from("");
        condition
            .holds_of_text(&nowhere, &Texts::default())
            .is_none()
    };
    (matches!(code.run, code::Run::Change(_)) && wire.conditions.iter().any(is_more)).then_some(
        "a rule in code on the whole change takes `path` and `text` (in match, line or file) in `where`, and nothing else",
    )
}

/// A rule on the base side needs to know when its match is gone, and only such a rule does.
fn mismatch_of_side(wire: &WireRule) -> Option<&'static str> {
    match (wire.side, &wire.gone) {
        (Side::Base, None) => Some("`side: base` needs `gone`, with at least `removed`"),
        (Side::Head, Some(_)) => Some("`gone` is for rules with `side: base`"),
        (Side::Base, Some(_)) if wire.code.is_some() || wire.embedded => {
            Some("`side: base` takes a `rule`, neither `code` nor `embedded`")
        }
        _ => None,
    }
}

/// Returns the languages a rule names, or those of its file.
fn languages(wire: &WireRule, text: &Text, mistakes: &mut Vec<String>) -> Vec<Language> {
    if wire.languages.is_empty() {
        let found = lang::by_file_stem(&text.stem).unwrap_or_default();
        if found.is_empty() {
            mistakes.push(format!(
                "no language is called {:?}, as the file is; name `languages`",
                text.stem
            ));
        }
        return found.to_vec();
    }
    let mut found = Vec::new();
    for name in &wire.languages {
        match lang::by_file_stem(name) {
            Some(all) if !all.is_empty() => found.extend_from_slice(all),
            _ => match lang::by_name(name) {
                Some(language) => found.push(language),
                None => mistakes.push(format!("no language is called {name:?}")),
            },
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Compiles a pattern to see what is wrong with it.
fn mistakes_of(wire: &WireRule, core: &SerializableRuleCore, language: Language) -> Vec<String> {
    match core.get_matcher(DeserializeEnv::new(Lang(language))) {
        Ok(matcher) if matcher.potential_kinds().is_some() => undefined(wire, &matcher),
        Ok(_) => vec!["the pattern fits any kind of node; add a `kind`".to_owned()],
        Err(error) => vec![format!("in {}: {}", language.name(), causes(&error))],
    }
}

/// Returns variables that are asked for and that no pattern binds.
fn undefined(wire: &WireRule, matcher: &RuleCore) -> Vec<String> {
    let defined = matcher.defined_vars();
    let asked = wire
        .conditions
        .iter()
        .flat_map(super::Condition::variables)
        .chain(wire.focus.as_deref())
        .chain(wire.gone.iter().flat_map(Gone::variables));
    asked
        .filter(|name| *name != "SELF" && !defined.contains(name))
        .map(|name| format!("the pattern binds no ${name}"))
        .collect()
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(cause) = at {
        text = format!("{text} {cause}");
        at = cause.source();
    }
    visible(&text).into_owned()
}
