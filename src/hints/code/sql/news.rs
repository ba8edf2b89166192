//! Tables that a change makes: what a rule says of a table in use is not true of those.

use std::collections::HashMap;

use super::lex;
use super::schema::{self, Action};
use crate::hints::change::Change;
use crate::model::{Hint, RepoPath};

/// Which tables are made, and what the statements of each script are about.
pub struct News {
    is_change: bool,
    /// Table → the scripts that make it.
    made: HashMap<String, Vec<usize>>,
    scripts: HashMap<RepoPath, Script>,
}

struct Script {
    index: usize,
    /// First and last line of a statement, and its table.
    statements: Vec<(u32, u32, String)>,
}

impl News {
    /// Reads the SQL of a change.
    pub fn of(change: &Change<'_>) -> Self {
        let mut news = Self {
            is_change: change.tree.is_change(),
            made: HashMap::new(),
            scripts: HashMap::new(),
        };
        for (index, member) in change.files.iter().enumerate() {
            let Some(sql) = member.sql() else { continue };
            let newlines: Vec<usize> = memchr::memchr_iter(b'\n', member.text.as_bytes()).collect();
            let line = |byte: usize| newlines.partition_point(|&at| at < byte) as u32 + 1;
            let mut statements = Vec::new();
            for statement in lex::statements(sql) {
                for (action, range) in schema::actions(&statement) {
                    let table = action.table().to_owned();
                    if matches!(action, Action::Create { .. }) {
                        news.made.entry(table.clone()).or_default().push(index);
                    }
                    let whole = statement
                        .first()
                        .map_or(range.start, |first| first.range.start);
                    statements.push((line(whole), line(range.end), table));
                }
            }
            let script = Script { index, statements };
            news.scripts.insert(member.path.clone(), script);
        }
        news
    }

    /// Tells whether a hint is about a table that is made with it: in the same script, or anywhere in a change.
    pub fn is_new(&self, hint: &Hint) -> bool {
        let Some(script) = self.scripts.get(&hint.path) else {
            return false;
        };
        let at = hint.focus.start_line;
        let about = script
            .statements
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&at));
        about
            .and_then(|(.., table)| self.made.get(table))
            .is_some_and(|makers| self.is_change || makers.contains(&script.index))
    }
}
