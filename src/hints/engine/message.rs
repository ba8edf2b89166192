//! What a hint says: the rule's words with what was seen here.

use crate::hints::condition::Seen;
use crate::hints::grammar::field_of;
use crate::support::text::visible;

/// Longest value in a message, in characters.
const LONGEST: usize = 48;

/// Fills `{NAME}` with the text of a variable, `{loop}` and the like with what a condition saw, `{text}` with the match.
pub fn fill(template: &str, seen: &Seen<'_, '_>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let Some(end) = rest[start..].find('}').map(|end| start + end) else {
            break;
        };
        out.push_str(&rest[..start]);
        let name = &rest[start + 1..end];
        match value(name, seen) {
            Some(text) => out.push_str(&cut(&text)),
            None => out.push('…'),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

fn value(name: &str, seen: &Seen<'_, '_>) -> Option<String> {
    if let Some(text) = seen.bound.borrow().get(name) {
        return Some(text.clone());
    }
    let file = seen.file;
    match name {
        "text" => Some(file.text_of(seen.node).to_owned()),
        "callee" => {
            let call = file.call(seen.node)?;
            Some(file.callee(&call).to_owned())
        }
        "method" => Some(file.text_of(file.call(seen.node)?.name?).to_owned()),
        "function" => {
            let function = file.function(seen.node)?;
            Some(file.text_of(field_of(function, "name")?).to_owned())
        }
        _ => {
            let env = seen.found?.get_env();
            if let Some(bytes) = env.get_transformed(name) {
                return Some(String::from_utf8_lossy(bytes).into_owned());
            }
            Some(file.text_of(seen.variable(name)?).to_owned())
        }
    }
}

/// Makes a value fit into a sentence: one line, no hidden characters, no end.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = visible(&line).into_owned();
    if line.chars().count() <= LONGEST {
        return line;
    }
    let kept: String = line.chars().take(LONGEST - 1).collect();
    format!("{kept}…")
}
