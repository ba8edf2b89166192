//! Grammars and their queries: where each comes from, and what its capture names mean.

use std::sync::OnceLock;

use tree_sitter::Query;

use super::{CodeRole, Language};

/// A query ready to run.
pub(super) struct Highlights {
    pub(super) query: Query,
    /// What each capture of the query paints; `None` for captures that paint nothing.
    pub(super) paints: Vec<Option<Paint>>,
    /// The first pattern of our own additions, which win over the grammar's.
    pub(super) own_from: usize,
}

/// What a capture does to the text it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint {
    /// The colour; `None` for code of no particular colour, which still clears what surrounds it (a variable inside an
    /// interpolated string).
    pub(super) role: Option<CodeRole>,
    /// Which of several captures of the same text wins: the greater.
    pub(super) rank: u8,
}

/// Compiles what [`super::spans()`] needs for a language, once; later calls return at once.
pub fn prepare(language: Language) {
    highlights(language);
}

/// Returns the query of a language; `None` should the grammar refuse it.
pub(super) fn highlights(language: Language) -> Option<&'static Highlights> {
    static COMPILED: [OnceLock<Option<Highlights>>; Language::ALL.len()] =
        [const { OnceLock::new() }; Language::ALL.len()];
    COMPILED[language as usize]
        .get_or_init(|| compile(language).ok())
        .as_ref()
}

fn compile(language: Language) -> Result<Highlights, tree_sitter::QueryError> {
    let shipped = shipped_queries(language).join("\n") + "\n";
    let query = Query::new(&grammar(language), &(shipped.clone() + own_query(language)))?;
    let own_from = (0..query.pattern_count())
        .find(|&pattern| query.start_byte_for_pattern(pattern) >= shipped.len())
        .unwrap_or(query.pattern_count());
    let paints = query
        .capture_names()
        .iter()
        .map(|name| paint(language, name))
        .collect();
    Ok(Highlights {
        query,
        paints,
        own_from,
    })
}

/// Returns the grammar of a language.
pub(crate) fn grammar(language: Language) -> tree_sitter::Language {
    match language {
        Language::Rust => tree_sitter_rust::LANGUAGE,
        Language::Python => tree_sitter_python::LANGUAGE,
        Language::JavaScript | Language::Jsx => tree_sitter_javascript::LANGUAGE,
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
        Language::Go => tree_sitter_go::LANGUAGE,
        Language::Java => tree_sitter_java::LANGUAGE,
        Language::Kotlin => tree_sitter_kotlin_ng::LANGUAGE,
        Language::CSharp => tree_sitter_c_sharp::LANGUAGE,
        Language::Ruby => tree_sitter_ruby::LANGUAGE,
        Language::Php => tree_sitter_php::LANGUAGE_PHP,
        Language::C => tree_sitter_c::LANGUAGE,
        Language::Cpp => tree_sitter_cpp::LANGUAGE,
        Language::Swift => tree_sitter_swift::LANGUAGE,
        Language::Scala => tree_sitter_scala::LANGUAGE,
        Language::Bash => tree_sitter_bash::LANGUAGE,
        Language::Json => tree_sitter_json::LANGUAGE,
        Language::Yaml => tree_sitter_yaml::LANGUAGE,
        Language::Toml => tree_sitter_toml_ng::LANGUAGE,
        Language::Hcl => tree_sitter_hcl::LANGUAGE,
        Language::Dockerfile => tree_sitter_containerfile::LANGUAGE,
        Language::Sql => tree_sitter_sequel::LANGUAGE,
        Language::Html => tree_sitter_html::LANGUAGE,
        Language::Css => tree_sitter_css::LANGUAGE,
    }
    .into()
}

/// Returns the queries of a language's crate and of the languages it extends, in order of growing say.
fn shipped_queries(language: Language) -> Vec<&'static str> {
    let javascript = tree_sitter_javascript::HIGHLIGHT_QUERY;
    let jsx = tree_sitter_javascript::JSX_HIGHLIGHT_QUERY;
    let typescript = tree_sitter_typescript::HIGHLIGHTS_QUERY;
    match language {
        Language::Rust => vec![tree_sitter_rust::HIGHLIGHTS_QUERY],
        Language::Python => vec![tree_sitter_python::HIGHLIGHTS_QUERY],
        Language::JavaScript => vec![javascript],
        Language::Jsx => vec![javascript, jsx],
        Language::TypeScript => vec![javascript, typescript],
        Language::Tsx => vec![javascript, jsx, typescript],
        Language::Go => vec![tree_sitter_go::HIGHLIGHTS_QUERY],
        Language::Java => vec![tree_sitter_java::HIGHLIGHTS_QUERY],
        Language::CSharp => vec![tree_sitter_c_sharp::HIGHLIGHTS_QUERY],
        Language::Ruby => vec![tree_sitter_ruby::HIGHLIGHTS_QUERY],
        Language::Php => vec![tree_sitter_php::HIGHLIGHTS_QUERY],
        Language::C => vec![tree_sitter_c::HIGHLIGHT_QUERY],
        Language::Cpp => vec![
            tree_sitter_c::HIGHLIGHT_QUERY,
            tree_sitter_cpp::HIGHLIGHT_QUERY,
        ],
        Language::Swift => vec![tree_sitter_swift::HIGHLIGHTS_QUERY],
        Language::Scala => vec![tree_sitter_scala::HIGHLIGHTS_QUERY],
        Language::Bash => vec![tree_sitter_bash::HIGHLIGHT_QUERY],
        Language::Json => vec![tree_sitter_json::HIGHLIGHTS_QUERY],
        Language::Yaml => vec![tree_sitter_yaml::HIGHLIGHTS_QUERY],
        Language::Toml => vec![tree_sitter_toml_ng::HIGHLIGHTS_QUERY],
        Language::Dockerfile => vec![tree_sitter_containerfile::HIGHLIGHTS_QUERY],
        Language::Sql => vec![tree_sitter_sequel::HIGHLIGHTS_QUERY],
        Language::Html => vec![tree_sitter_html::HIGHLIGHTS_QUERY],
        Language::Css => vec![tree_sitter_css::HIGHLIGHTS_QUERY],
        Language::Kotlin | Language::Hcl => Vec::new(),
    }
}

/// Returns our own query of a language: all of it where the crate ships none, corrections elsewhere.
fn own_query(language: Language) -> &'static str {
    match language {
        Language::Rust => include_str!("../../assets/queries/rust.scm"),
        Language::Python => include_str!("../../assets/queries/python.scm"),
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => {
            include_str!("../../assets/queries/javascript.scm")
        }
        Language::Kotlin => include_str!("../../assets/queries/kotlin.scm"),
        Language::Toml => include_str!("../../assets/queries/toml.scm"),
        Language::Hcl => include_str!("../../assets/queries/hcl.scm"),
        Language::Sql => include_str!("../../assets/queries/sql.scm"),
        Language::Html => include_str!("../../assets/queries/html.scm"),
        Language::Go
        | Language::Java
        | Language::CSharp
        | Language::Ruby
        | Language::Php
        | Language::C
        | Language::Cpp
        | Language::Swift
        | Language::Scala
        | Language::Bash
        | Language::Json
        | Language::Yaml
        | Language::Dockerfile
        | Language::Css => "",
    }
}

/// Returns what a capture name paints in a language. The queries come from many hands that disagree on whether the first
/// or the last pattern wins, so the more telling role wins instead: a call is a function before it is a field.
fn paint(language: Language, capture: &str) -> Option<Paint> {
    let family = capture.split('.').next().unwrap_or_default();
    let names_attributes = matches!(
        language,
        Language::Html
            | Language::Css
            | Language::JavaScript
            | Language::Jsx
            | Language::TypeScript
            | Language::Tsx
    );
    let role = match (family, capture) {
        ("" | "spell" | "nospell" | "none" | "conceal", _) => return None,
        (_, "string.special.key") => Some(CodeRole::Property),
        (
            _,
            "string.escape" | "string.regexp" | "string.special.symbol" | "string.special.regex",
        )
        | ("escape" | "number" | "float" | "boolean" | "constant" | "character", _) => {
            Some(CodeRole::Constant)
        }
        ("string", _) => Some(CodeRole::String),
        ("comment", _) => Some(CodeRole::Comment),
        (_, "function.macro") | ("tag", "tag" | "tag.error") => Some(CodeRole::Tag),
        ("tag", _) => Some(CodeRole::Property),
        ("attribute", _) if names_attributes => Some(CodeRole::Property),
        ("attribute", _) if language == Language::Sql => Some(CodeRole::Keyword),
        ("attribute", _) => Some(CodeRole::Tag),
        (_, "type.qualifier")
        | (
            "keyword" | "conditional" | "repeat" | "include" | "import" | "exception"
            | "storageclass" | "charset" | "media" | "supports" | "keyframes",
            _,
        ) => Some(CodeRole::Keyword),
        ("function" | "method", _) => Some(CodeRole::Function),
        ("type" | "constructor", _) => Some(CodeRole::Type),
        (_, "variable.member") | ("property" | "field", _) => Some(CodeRole::Property),
        (_, "variable.builtin" | "variable.parameter") | ("parameter" | "label", _) => {
            Some(CodeRole::Variable)
        }
        ("operator", _) => Some(CodeRole::Operator),
        ("punctuation" | "delimiter", _) => Some(CodeRole::Punctuation),
        _ => None,
    };
    Some(Paint {
        role,
        rank: rank(role),
    })
}

fn rank(role: Option<CodeRole>) -> u8 {
    match role {
        None => 0,
        Some(CodeRole::Punctuation | CodeRole::Operator | CodeRole::String) => 1,
        Some(CodeRole::Property | CodeRole::Variable) => 2,
        Some(CodeRole::Type) => 3,
        Some(CodeRole::Constant) => 4,
        Some(CodeRole::Function) => 5,
        Some(CodeRole::Keyword | CodeRole::Tag) => 6,
        Some(CodeRole::Comment) => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_every_language_compiles_and_paints() {
        for language in Language::ALL {
            let compiled = compile(language);
            let highlights =
                compiled.unwrap_or_else(|error| panic!("{}: {error}", language.name()));
            let painted = highlights
                .paints
                .iter()
                .flatten()
                .filter(|paint| paint.role.is_some());
            assert!(painted.count() >= 4, "{}", language.name());
        }
    }

    #[test]
    fn a_language_stands_where_its_number_says() {
        for (index, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(language as usize, index);
        }
    }
}
