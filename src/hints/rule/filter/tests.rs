//! Filters beside the matcher that they stand before.

use super::*;

use ast_grep_config::{DeserializeEnv, SerializableRuleCore};
use ast_grep_core::AstGrep;
use ast_grep_core::matcher::MatcherExt as _;

use crate::hints::Added;
use crate::hints::engine::parse;
use crate::hints::lang::Root;
use crate::hints::role::Roles;
use crate::hints::tree::Source;
use crate::hints::words::Words;
use crate::model::RepoPath;

const CODE: &str = "import os\n\nclass A(B):\n    def load(self, key, other):\n        for x in self.items(key):\n            \
    if x and not other:\n                yield f(x, [x, g(key)], name=key)\n        return None\n\ndef g(key):\n    \
    a = b = key\n    # aside\n    return lambda y: f(y, a)\n";

/// Returns what a rule's filter takes and what ast-grep matches, as texts of the nodes.
fn both(yaml: &str) -> (Vec<String>, Vec<String>) {
    let core: SerializableRuleCore = ast_grep_config::from_str(yaml).unwrap();
    let value = |part: serde_json::Result<Value>| part.unwrap();
    let filter = Filter::of(
        Language::Python,
        &value(serde_json::to_value(&core.rule)),
        &value(serde_json::to_value(&core.utils)),
        &value(serde_json::to_value(&core.constraints)),
    );
    let whole = core
        .get_matcher(DeserializeEnv::new(Lang(Language::Python)))
        .unwrap();
    let tree = parse(Language::Python, CODE.as_bytes()).unwrap();
    let root: Root = AstGrep::doc(Source::new(Language::Python, CODE.to_owned(), &tree));
    let (path, words) = (RepoPath::from("x.py"), Words::default());
    let file = File::new(
        &path,
        Language::Python,
        Roles::default(),
        &root,
        &Added::All,
        &words,
    );
    let taken: Vec<String> = {
        let nodes = file.nodes().filter(|node| filter.takes(&file, *node));
        nodes.map(|node| file.text_of(node).to_owned()).collect()
    };
    let matched = file
        .nodes()
        .filter(|node| whole.match_node(file.root.adopt(*node)).is_some());
    (
        taken,
        matched.map(|node| file.text_of(node).to_owned()).collect(),
    )
}

#[test]
fn without_variables_a_filter_takes_what_is_matched() {
    for rule in [
        "{kind: call}",
        "{kind: identifier, regex: '^(f|g|key)$'}",
        "{kind: identifier, regex: '^k'}",
        "{kind: call, has: {field: function, regex: '^f$'}}",
        "{kind: call, has: {stopBy: end, kind: list}}",
        "{has: {field: arguments, stopBy: end, regex: '^a$'}, kind: call}",
        "{kind: call, has: {field: arguments, stopBy: {kind: list}, kind: identifier}}",
        "{kind: function_definition, has: {stopBy: {kind: call}, kind: identifier, regex: '^x$'}}",
        "{kind: identifier, inside: {kind: call}}",
        "{kind: identifier, inside: {stopBy: end, kind: for_statement}}",
        "{kind: identifier, inside: {stopBy: {kind: call}, kind: for_statement}}",
        "{kind: identifier, inside: {field: left, kind: assignment}}",
        "{kind: identifier, inside: {stopBy: end, field: body, kind: lambda}}",
        "{kind: identifier, nthChild: 1}",
        "{nthChild: 2, kind: identifier, inside: {kind: argument_list}}",
        "{kind: identifier, follows: {regex: '^,$'}}",
        "{kind: identifier, follows: {stopBy: end, kind: identifier}}",
        "{kind: expression_statement, precedes: {stopBy: end, kind: comment}}",
        "{kind: return_statement, follows: {kind: comment}}",
        "{kind: call, not: {inside: {stopBy: end, kind: class_definition}}}",
        "{any: [{kind: lambda}, {kind: class_definition, has: {field: name, regex: A}}]}",
        "{all: [{kind: identifier}, {any: [{regex: ^x$}, {regex: ^y$}]}, {not: {inside: {kind: call}}}]}",
        "{kind: call, inside: {stopBy: end, kind: function_definition, all: [{regex: lambda}, {has: {field: name, regex: '^g$'}}]}}",
    ] {
        let (taken, matched) = both(&format!("rule: {rule}"));
        assert_eq!(taken, matched, "{rule}");
        assert!(!matched.is_empty(), "{rule} matches nothing");
    }
}

#[test]
fn a_filter_takes_whatever_is_matched_and_what_variables_alone_would_refuse() {
    let (taken, matched) = both(
        "rule: {kind: assignment, all: [{has: {field: left, pattern: $A}}, {not: {has: {field: right, pattern: $A}}}]}",
    );
    assert_eq!(matched, ["a = b = key", "b = key"]);
    assert_eq!(taken, matched);
    let (taken, matched) = both(
        "rule: {kind: call, all: [{has: {field: function, pattern: $F}}, {has: {stopBy: end, kind: call, has: {field: function, pattern: $F}}}]}",
    );
    assert!(matched.is_empty());
    assert_eq!(
        taken,
        ["f(x, [x, g(key)], name=key)"],
        "what is not the same name is left"
    );
    let (taken, _) = both("rule: {kind: call, not: {pattern: 'f($X, $Y)'}}");
    assert_eq!(taken.len(), 4, "what is not understood is not refused");
}

#[test]
fn a_constraint_is_asked_where_its_variable_stands_alone() {
    let (taken, matched) = both(
        "rule: {kind: call, has: {field: function, pattern: $F}}\nconstraints: {F: {regex: '^g$'}}",
    );
    assert_eq!(matched, ["g(key)"]);
    assert_eq!(taken, matched);
}

#[test]
fn utilities_are_looked_up() {
    let (taken, matched) = both(
        "rule: {kind: call, has: {field: function, matches: name}}\nutils: {name: {regex: '^f$'}}",
    );
    assert_eq!(taken, matched);
    assert_eq!(taken.len(), 2);
}

#[test]
fn an_expression_of_whole_texts_becomes_those() {
    let of = |written: &str| -> Option<Vec<String>> {
        let texts = texts_of(written)?;
        let all = texts
            .iter()
            .map(|text| String::from_utf8_lossy(text).into_owned());
        Some(all.collect())
    };
    assert_eq!(of("^(get|post|ge)$").unwrap(), ["ge", "get", "post"]);
    assert_eq!(of("^a(b|c)?$").unwrap(), ["a", "ab", "ac"]);
    for other in [
        "^get",
        "get$",
        "^get\\w*$",
        "^(get|post$)",
        "(?m)^get$",
        "^\\bget$",
    ] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn kinds_are_those_that_all_parts_leave() {
    let kinds = |rule: &str| {
        let rule: Value = ast_grep_config::from_str(rule).unwrap();
        let filter = Filter::of(Language::Python, &rule, &Value::Null, &Value::Null);
        filter.kinds().map(|kinds| kinds.len())
    };
    assert_eq!(kinds("{kind: call}"), Some(1));
    assert_eq!(
        kinds("{any: [{kind: call}, {kind: list}], has: {kind: string}}"),
        Some(2)
    );
    assert_eq!(
        kinds("{all: [{any: [{kind: call}, {kind: list}]}, {kind: list}]}"),
        Some(1)
    );
    assert_eq!(kinds("{any: [{kind: call}, {regex: x}]}"), None);
}
