//! Values that the code looks at before it uses them: `if (!ctype_digit($id)) { exit; }`, `if column not in COLUMNS`.

use crate::hints::file::File;
use crate::hints::memo::Checked;
use crate::hints::names::bare;
use crate::hints::tree::Node;

/// The most checks of a function that are kept.
const MOST: usize = 1000;

/// Tells whether a name was checked in a function, after one byte and before another.
pub fn is_checked<'a>(file: &File<'a>, name: &str, home: Node<'a>, from: usize, to: usize) -> bool {
    let name = bare(name);
    let all = checked(file, file.scope(home));
    all.iter()
        .any(|&(at, known)| known == name && (from..to).contains(&at))
}

/// Returns the names that are checked in a scope, each with where its check ends.
fn checked<'a>(file: &File<'a>, scope: Node<'a>) -> Checked<'a> {
    file.checked(scope, || {
        let text = file.text_of(scope);
        let mut all = Vec::new();
        for check in file.words.checks(file.language) {
            for found in check.captures_iter(text).take(MOST) {
                let end = found.get(0).map_or(0, |whole| whole.end());
                let names = found.iter().skip(1).flatten();
                all.extend(names.map(|name| (scope.start_byte() + end, bare(name.as_str()))));
            }
        }
        all
    })
}
