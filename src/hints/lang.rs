//! The languages of rules, as ast-grep wants them: our own grammars, and a letter that stands for `$` in patterns.

use std::borrow::Cow;

use ast_grep_core::language::Language as AstLanguage;
use ast_grep_core::matcher::{PatternBuilder, PatternError};
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};
use ast_grep_core::{AstGrep, Pattern};

use super::tree::Source;
use crate::syntax::{self, Language};

/// A parsed file.
pub type Root = AstGrep<Source>;
/// A node of it.
pub type AstNode<'t> = ast_grep_core::Node<'t, Source>;
/// A match in it.
pub type Match<'t> = ast_grep_core::NodeMatch<'t, Source>;

/// A language of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lang(pub Language);

impl AstLanguage for Lang {
    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        match self.expando_char() {
            '$' => Cow::Borrowed(query),
            letter => Cow::Owned(with_letter(query, letter)),
        }
    }

    fn expando_char(&self) -> char {
        match self.0 {
            Language::Python
            | Language::Go
            | Language::Kotlin
            | Language::CSharp
            | Language::Ruby
            | Language::Php
            | Language::Rust => 'µ',
            Language::Hcl | Language::Dockerfile | Language::Sql => 'z',
            _ => '$',
        }
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        self.get_ts_language().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        let language = self.get_ts_language();
        language
            .field_id_for_name(field)
            .map(std::num::NonZero::get)
    }

    fn build_pattern(&self, builder: &PatternBuilder<'_>) -> Result<Pattern, PatternError> {
        builder.build(|source| StrDoc::try_new(source, *self))
    }
}

impl LanguageExt for Lang {
    fn get_ts_language(&self) -> TSLanguage {
        syntax::grammar(self.0)
    }
}

/// Replaces the `$` of meta-variables (`$NAME`, `$_`, `$$$REST`, `$$$`) by a letter the grammar takes in identifiers.
fn with_letter(query: &str, letter: char) -> String {
    let mut out = String::with_capacity(query.len() + 8);
    let mut dollars = 0;
    let flush = |out: &mut String, dollars: usize, is_variable: bool| {
        let sign = if is_variable { letter } else { '$' };
        out.extend(std::iter::repeat_n(sign, dollars));
    };
    for c in query.chars() {
        if c == '$' {
            dollars += 1;
            continue;
        }
        flush(
            &mut out,
            dollars,
            dollars == 3 || matches!(c, 'A'..='Z' | '_'),
        );
        dollars = 0;
        out.push(c);
    }
    flush(&mut out, dollars, dollars == 3);
    out
}

/// Returns the languages that a rule file's name stands for.
pub fn by_file_stem(stem: &str) -> Option<&'static [Language]> {
    Some(match stem {
        "python" => &[Language::Python],
        "javascript" => &[
            Language::JavaScript,
            Language::Jsx,
            Language::TypeScript,
            Language::Tsx,
        ],
        "typescript" => &[Language::TypeScript, Language::Tsx],
        "go" => &[Language::Go],
        "java" => &[Language::Java],
        "kotlin" => &[Language::Kotlin],
        "csharp" => &[Language::CSharp],
        "ruby" => &[Language::Ruby],
        "php" => &[Language::Php],
        "rust" => &[Language::Rust],
        "sql" => &[Language::Sql],
        "dockerfile" => &[Language::Dockerfile],
        "yaml" => &[Language::Yaml],
        "json" => &[Language::Json],
        "toml" => &[Language::Toml],
        "hcl" => &[Language::Hcl],
        "bash" => &[Language::Bash],
        "html" => &[Language::Html],
        "all" | "removed" => &[],
        _ => return None,
    })
}

/// Returns the languages that rules may be written for, by the names used in rule files.
pub fn by_name(name: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|&language| {
        let known = match language {
            Language::CSharp => "csharp",
            Language::JavaScript => "javascript",
            _ => return language.name().eq_ignore_ascii_case(name),
        };
        known.eq_ignore_ascii_case(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_of_variables_become_a_letter_and_others_stay() {
        assert_eq!(with_letter("f($A, $$$REST)", 'µ'), "f(µA, µµµREST)");
        assert_eq!(with_letter("$x->y($_)", 'µ'), "$x->y(µ_)");
        assert_eq!(with_letter("f($$$)", 'µ'), "f(µµµ)");
    }
}
