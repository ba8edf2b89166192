//! Whether a piece of code stands in another: whole words, names, lines of a body, calls. Texts are compared as
//! [`squeezed`] leaves them; nothing here knows a language.

use crate::hints::counterpart::squeezed;

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Tells whether a text holds another, at the ends of words.
pub fn holds_whole(text: &str, part: &str) -> bool {
    if part.is_empty() {
        return false;
    }
    text.match_indices(part).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + part.len()..].chars().next();
        let begins = part.starts_with(is_word);
        let ends = part.ends_with(is_word);
        let is_cut =
            (begins && before.is_some_and(is_word)) || (ends && after.is_some_and(is_word));
        !is_cut
    })
}

/// Tells the same of something that has a name of its own: `session` does not stand in `db.session`.
pub fn holds_name(text: &str, part: &str) -> bool {
    let is_name = part.starts_with(is_word);
    is_name
        .then(|| text.match_indices(part))
        .into_iter()
        .flatten()
        .any(|(at, _)| {
            let before = &text[..at];
            let after = text[at + part.len()..].chars().next();
            let is_of_another = before.ends_with('.') || before.ends_with("->");
            let is_cut = before.ends_with(is_word)
                || (part.ends_with(is_word) && after.is_some_and(is_word));
            !is_of_another && !is_cut
        })
        || (!is_name && holds_whole(text, part))
}

/// Tells whether code holds a line of some body, or what is called in it where only what it is called on changed.
pub fn holds_a_line(code: &str, body: &str) -> bool {
    let is_worth =
        |line: &str| line.len() >= 8 && line.chars().filter(|c| c.is_alphabetic()).count() >= 5;
    body.lines().map(squeezed).any(|line| {
        let line = line.trim_end_matches([';', ',']);
        let call = line.split_once(['.', '>']).map_or("", |(_, call)| call);
        (is_worth(line) && holds_whole(code, line))
            || (is_worth(call) && call.contains('(') && holds_whole(code, call))
    })
}

/// Tells whether code calls something by name.
pub fn calls(code: &str, name: &str) -> bool {
    name.len() > 2
        && code.match_indices(name).any(|(at, _)| {
            let before = code[..at].chars().next_back();
            let after = code[at + name.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

pub fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    [
        "import ", "from ", "use ", "using ", "require ", "#include", "package ",
    ]
    .iter()
    .any(|word| line.starts_with(word))
        || (line.contains("require(") && line.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_only_where_it_is_whole_and_its_own() {
        assert!(holds_name("f(session.query(A))", "session"));
        assert!(!holds_name("f(db.session.query(A))", "session"));
        assert!(!holds_name("f(sessions)", "session"));
        assert!(holds_whole("a=(b.c(x))", "b.c"));
        assert!(!holds_whole("a=(b.cd(x))", "b.c"));
    }

    #[test]
    fn a_line_of_a_body_stands_where_only_what_it_is_called_on_changed() {
        let body = "{\n  await tx.order.create({ data });\n}";
        assert!(holds_a_line("await prisma.order.create({data});", body));
        assert!(!holds_a_line("await prisma.order.update({data});", body));
        assert!(holds_a_line("total=count(\"a\")", "total = count('a')"));
    }
}
