//! YAML that is a template (Helm, Jinja): what fills it in is no YAML, and hides the rest from the parser. It is blanked out
//! for parsing, place by place, so that every position and every text stays the file's own.

use std::borrow::Cow;

/// How a piece of a template begins and ends.
const PIECES: &[(&[u8], &[u8])] = &[(b"{{", b"}}"), (b"{%", b"%}"), (b"{#", b"#}")];

/// How far around a piece it is looked whether it has a line for itself, in bytes.
const NEAR: usize = 512;

/// Returns a text of the same length without pieces of a template: a line of nothing else is blank, a value is letters.
pub fn without_pieces(text: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(text);
    let mut at = 0;
    // What is not closed once is not closed further on.
    let mut is_closed = [true; PIECES.len()];
    while let Some(found) = memchr::memchr(b'{', &text[at..]) {
        let start = at + found;
        at = match end_of_piece(text, start, &mut is_closed) {
            Some(end) => {
                let is_alone = begins_its_line(text, start) && ends_its_line(text, end);
                let with = if is_alone { b' ' } else { b'x' };
                fill(&mut out.to_mut()[start..end], with);
                end
            }
            None => start + 1,
        };
    }
    out
}

/// `${{ … }}` of a workflow is a value to YAML.
fn end_of_piece(text: &[u8], start: usize, is_closed: &mut [bool]) -> Option<usize> {
    if start > 0 && text[start - 1] == b'$' {
        return None;
    }
    let kind = PIECES
        .iter()
        .position(|(open, _)| text[start..].starts_with(open))?;
    if !is_closed[kind] {
        return None;
    }
    let (open, close) = PIECES[kind];
    let inside = start + open.len();
    let end = memchr::memmem::find(&text[inside..], close);
    is_closed[kind] = end.is_some();
    Some(inside + end? + close.len())
}

fn begins_its_line(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(NEAR);
    let near = &text[from..at];
    match memchr::memrchr(b'\n', near) {
        Some(newline) => is_blank(&near[newline..]),
        None => from == 0 && is_blank(near),
    }
}

fn ends_its_line(text: &[u8], at: usize) -> bool {
    let near = &text[at..text.len().min(at + NEAR)];
    let line = match memchr::memchr(b'\n', near) {
        Some(newline) => &near[..newline],
        None => near,
    };
    is_blank(line) || line.trim_ascii_start().starts_with(b"{{")
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
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
    fn what_opens_a_million_times_is_passed_over_once() {
        for piece in ["{{", "{%", "{{}}", "{{ x }} "] {
            let text = piece.repeat(1_000_000);
            assert_eq!(without_pieces(text.as_bytes()).len(), text.len());
        }
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
