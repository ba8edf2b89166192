//! YAML that is a template (Helm, Jinja): what fills it in is no YAML, and hides the rest from the parser. It is blanked out
//! for parsing, place by place, so that every position and every text stays the file's own.

use std::borrow::Cow;

/// How a piece of a template begins and ends.
const PIECES: &[(&[u8], &[u8])] = &[(b"{{", b"}}"), (b"{%", b"%}"), (b"{#", b"#}")];

/// Returns a text of the same length without pieces of a template: a line of nothing else is blank, a value is letters.
pub fn without_pieces(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(text);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'{', &text[at..]) {
        let start = at + found;
        at = match end_of_piece(text, start) {
            Some(end) => {
                let is_alone = is_blank(before(text, start)) && is_blank_or_piece(after(text, end));
                fill(
                    &mut out.to_mut()[start..end],
                    if is_alone { b' ' } else { b'x' },
                );
                end
            }
            None => start + 1,
        };
    }
    out
}

/// `${{ … }}` of a workflow is a value to YAML.
fn end_of_piece(text: &[u8], start: usize) -> Option<usize> {
    if start > 0 && text[start - 1] == b'$' {
        return None;
    }
    let (open, close) = PIECES
        .iter()
        .find(|(open, _)| text[start..].starts_with(open))?;
    let inside = start + open.len();
    let end = memchr::memmem::find(&text[inside..], close)?;
    Some(inside + end + close.len())
}

fn before(text: &[u8], at: usize) -> &[u8] {
    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
    &text[line..at]
}

fn after(text: &[u8], at: usize) -> &[u8] {
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
    &text[at..end]
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

fn is_blank_or_piece(text: &[u8]) -> bool {
    is_blank(text) || text.trim_ascii_start().starts_with(b"{{")
}

fn fill(piece: &mut [u8], with: u8) {
    for byte in piece.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = with;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let out = without_pieces(text.as_bytes()).into_owned();
        assert_eq!(out.len(), text.len());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_of_a_template_alone_are_blank_and_values_are_letters() {
        assert_eq!(
            of("a:\n  {{- if .x }}\n  b: {{ .y }}:1\n  {{- end }}\n"),
            "a:\n              \n  b: xxxxxxxx:1\n            \n"
        );
        assert_eq!(
            of("{% for x in y %}\n- {{ x }}\n"),
            "                \n- xxxxxxx\n"
        );
    }

    #[test]
    fn what_is_no_template_stays() {
        for text in [
            "run: ${{ github.sha }}\n",
            "a: {b: {c: 1}}\n",
            "a: \"{{\"\n",
            "",
        ] {
            assert!(
                matches!(without_pieces(text.as_bytes()), Cow::Borrowed(_)),
                "{text}"
            );
        }
    }
}
