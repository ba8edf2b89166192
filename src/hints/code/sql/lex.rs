//! SQL → words, strings and signs, statement by statement. Total: any text has statements.

use std::ops::Range;

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Upper case for words, the bare name for quoted names, the contents for strings.
    pub text: String,
    /// Where it lies in the file, in bytes.
    pub range: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or name.
    Word,
    /// A string literal.
    Literal,
    /// A number.
    Number,
    /// Anything else, one character.
    Sign,
}

impl Token {
    /// Tells whether it is a word, in upper case.
    pub fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Tells whether it is a sign.
    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.text.starts_with(sign)
    }
}

/// Splits a text into statements; the bodies of functions are split like the rest.
pub fn statements(text: &str) -> Vec<Vec<Token>> {
    let mut all = Vec::new();
    let mut current = Vec::new();
    for token in tokens(text) {
        if token.is_sign(';') {
            if !current.is_empty() {
                all.push(std::mem::take(&mut current));
            }
        } else {
            current.push(token);
        }
    }
    if !current.is_empty() {
        all.push(current);
    }
    all
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let rest = &bytes[at..];
        if byte.is_ascii_whitespace() {
            at += 1;
        } else if rest.starts_with(b"--") {
            at += line_length(rest);
        } else if rest.starts_with(b"/*") {
            at += find(rest, b"*/").map_or(rest.len(), |end| end + 2);
        } else if byte == b'$'
            && let Some(length) = dollar_mark(rest)
        {
            // The marks around a function's body are passed over; the body is read.
            at += length;
        } else if byte == b'\'' {
            let length = quoted(rest, b'\'');
            push(
                &mut tokens,
                text,
                Kind::Literal,
                at + 1..(at + length).saturating_sub(1).max(at + 1),
                at..at + length,
            );
            at += length;
        } else if byte == b'"' || byte == b'`' {
            let length = quoted(rest, byte);
            push(
                &mut tokens,
                text,
                Kind::Word,
                at + 1..(at + length).saturating_sub(1).max(at + 1),
                at..at + length,
            );
            at += length;
        } else if byte == b'['
            && let Some(end) = find(rest, b"]").filter(|end| *end > 1 && *end < 80)
        {
            push(
                &mut tokens,
                text,
                Kind::Word,
                at + 1..at + end,
                at..at + end + 1,
            );
            at += end + 1;
        } else if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 || byte == b'@' {
            let length = rest
                .iter()
                .take_while(|b| {
                    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'@') || **b >= 0x80
                })
                .count();
            push(
                &mut tokens,
                text,
                Kind::Word,
                at..at + length,
                at..at + length,
            );
            at += length;
        } else if byte.is_ascii_digit() {
            let length = rest
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || **b == b'.')
                .count();
            push(
                &mut tokens,
                text,
                Kind::Number,
                at..at + length,
                at..at + length,
            );
            at += length;
        } else {
            push(&mut tokens, text, Kind::Sign, at..at + 1, at..at + 1);
            at += 1;
        }
    }
    tokens
}

fn push(
    tokens: &mut Vec<Token>,
    text: &str,
    kind: Kind,
    inside: Range<usize>,
    range: Range<usize>,
) {
    let text = text.get(inside).unwrap_or_default().to_owned();
    tokens.push(Token { kind, text, range });
}

fn line_length(rest: &[u8]) -> usize {
    memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

fn find(rest: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(rest, what)
}

/// Returns the length of a quoted text with its quotes; a doubled quote is a part of it.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        if rest[at] == b'\\' && quote == b'\'' && rest.get(at + 1) == Some(&b'\'') {
            at += 2;
        } else if rest[at] != quote {
            at += 1;
        } else if rest.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    rest.len()
}

/// Returns the length of `$$` or `$name$`.
fn dollar_mark(rest: &[u8]) -> Option<usize> {
    let name = rest[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let is_parameter = rest.get(1).is_some_and(u8::is_ascii_digit);
    (!is_parameter && rest.get(1 + name) == Some(&b'$')).then_some(name + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_bodies_are_told_apart() {
        let all = statements(
            "-- drop table a;\nSELECT 'x; y' /* ; */, \"A b\" FROM t; DO $$ BEGIN x; END $$;",
        );
        let texts: Vec<Vec<&str>> = all
            .iter()
            .map(|one| one.iter().map(|token| token.text.as_str()).collect())
            .collect();
        assert_eq!(texts[0], ["SELECT", "x; y", ",", "A b", "FROM", "t"]);
        assert_eq!(texts[1], ["DO", "BEGIN", "x"]);
        assert_eq!(texts[2], ["END"]);
    }

    #[test]
    fn any_text_ends() {
        for text in ["'", "\"", "$$", "/*", "[", "é'", "$1", "a.b.c -", "\u{0}"] {
            statements(text);
        }
    }
}
