//! Which items a result of another tool may help to decide: a table of tools and rules first, then weaknesses.

use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

use super::read::ImportedResult;
use crate::model::{Checklist, ItemId};

/// The table that comes with the program.
const BUILT_IN: &str = include_str!("../../../checklists/rules/sarif-map.toml");

/// A table of tools and rules.
#[derive(Debug)]
pub struct SarifMap {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    tool: GlobMatcher,
    rule: GlobMatcher,
    items: Vec<ItemId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableForm {
    #[serde(default)]
    map: Vec<RowForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowForm {
    tool: String,
    rule: String,
    items: Vec<String>,
}

/// Reads the table: the rows of the user's own, where there is one, come before ours. A mistake in the user's is told,
/// and ours are used.
pub fn load_map(own: Option<&str>) -> (SarifMap, Option<String>) {
    let built_in = parse(BUILT_IN).unwrap_or_default();
    let (mut rows, problem) = match own.map(parse) {
        None => (Vec::new(), None),
        Some(Ok(rows)) => (rows, None),
        Some(Err(error)) => (Vec::new(), Some(error)),
    };
    rows.extend(built_in);
    (SarifMap { rows }, problem)
}

fn parse(text: &str) -> Result<Vec<Row>, String> {
    let table: TableForm = toml::from_str(text).map_err(|error| error.to_string())?;
    let glob = |pattern: &str| {
        GlobBuilder::new(pattern)
            .case_insensitive(true)
            .literal_separator(false)
            .build()
            .map(|glob| glob.compile_matcher())
            .map_err(|error| error.to_string())
    };
    table
        .map
        .into_iter()
        .map(|row| {
            Ok(Row {
                tool: glob(&row.tool)?,
                rule: glob(&row.rule)?,
                items: row.items.iter().map(|item| item.as_str().into()).collect(),
            })
        })
        .collect()
}

impl SarifMap {
    /// Returns the items a result belongs to. A row without items says that it belongs to none.
    pub fn items(&self, result: &ImportedResult, checklists: &[Checklist]) -> Vec<ItemId> {
        let row = self
            .rows
            .iter()
            .find(|row| row.tool.is_match(&result.tool) && row.rule.is_match(&result.rule));
        if let Some(row) = row {
            return row.items.clone();
        }
        let mut items = Vec::new();
        for item in checklists.iter().flat_map(|list| &list.items) {
            if item.cwe.iter().any(|number| result.cwe.contains(number)) {
                items.push(item.id.clone());
            }
        }
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hints::sarif::ImportedPath;
    use crate::model::Strength;

    fn result(tool: &str, rule: &str, cwe: &[u32]) -> ImportedResult {
        ImportedResult {
            tool: tool.to_owned(),
            rule: rule.to_owned(),
            cwe: cwe.to_vec(),
            strength: Strength::B,
            message: String::new(),
            why: String::new(),
            path: ImportedPath::Relative("a.py".to_owned()),
            start_line: 1,
            end_line: 1,
        }
    }

    fn names(items: &[ItemId]) -> Vec<&str> {
        items.iter().map(ItemId::as_str).collect()
    }

    #[test]
    fn the_table_that_comes_with_the_program_names_items_there_are() {
        let rows = parse(BUILT_IN).expect("the table is right");
        let lists = crate::checklist::builtin();
        let known: Vec<&str> = lists
            .iter()
            .flat_map(|list| &list.items)
            .map(|item| item.id.as_str())
            .collect();
        for item in rows.iter().flat_map(|row| &row.items) {
            assert!(known.contains(&item.as_str()), "{item}");
        }
    }

    #[test]
    fn weaknesses_lead_to_items_and_the_users_own_rows_come_first() {
        let lists = &crate::checklist::builtin()[..1];
        let (map, problem) = load_map(None);
        assert_eq!(problem, None);
        let sql = result("Semgrep OSS", "python.sqli", &[89]);
        assert_eq!(names(&map.items(&sql, lists)), ["untrusted-input"]);
        assert!(map.items(&result("x", "y", &[9999]), lists).is_empty());
        let own = "[[map]]\ntool = \"semgrep*\"\nrule = \"python.*\"\nitems = [\"hollow-tests\"]\n";
        let (map, problem) = load_map(Some(own));
        assert_eq!(problem, None);
        assert_eq!(names(&map.items(&sql, lists)), ["hollow-tests"]);
        let (map, problem) = load_map(Some("[[map]]\ntool = 1"));
        assert!(problem.is_some());
        assert_eq!(names(&map.items(&sql, lists)), ["untrusted-input"]);
    }
}
