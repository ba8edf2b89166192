//! Text that must not become Markdown. Owns every escape for GitHub's dialect; knows nothing of reports.

use super::super::shown::{Block, Piece, Prose, Shown};

/// Escapes a line so that it renders as itself wherever inline text may stand, table cells included.
pub(super) fn text(line: &Shown) -> String {
    plain(line.as_str())
}

/// Escapes a line of our own words or of text already made visible.
pub(super) fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    escape_into(&mut out, line.trim());
    out
}

/// Escapes a stretch of a line as if it began the line: at worst a backslash that changes nothing.
fn escape_into(out: &mut String, text: &str) {
    let chars: Vec<char> = text.chars().collect();
    // At the start of a line a marker would make a list, a heading, a quote or a rule.
    let marker = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        let opens_line = match c {
            '-' | '+' | '=' | '#' | '>' => at == 0,
            '.' | ')' => marker > 0 && at == marker,
            _ => false,
        };
        if opens_line || is_markup(c, before, after) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Tells whether a character would act between its neighbours.
fn is_markup(c: char, before: Option<char>, after: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' => true,
        // Inside a word an underscore is itself: `n_plus_one` stays readable as source.
        '_' => !(is_word(before) && is_word(after)),
        '&' => after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#'),
        // A heading's closing marks.
        '#' => before.is_some_and(char::is_whitespace),
        // Bare addresses would become links.
        ':' => after == Some('/'),
        '.' => matches!(before, Some('w' | 'W')) && is_word(after),
        _ => false,
    }
}

/// Puts a text into a code span whose fence is longer than any run of backticks inside.
pub(super) fn code(line: &Shown) -> String {
    span(line.as_str())
}

/// Puts a text into a code span inside a table, where a bar would part cells even in code.
pub(super) fn code_cell(line: &Shown) -> String {
    span(&line.as_str().replace('|', "\\|"))
}

fn span(text: &str) -> String {
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(text) + 1);
    if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Puts lines into a fenced block, indented by `indent`, whose fence is longer than any run of backticks inside.
pub(super) fn fenced(lines: &[String], indent: &str) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let mut out = format!("{indent}{fence}text\n");
    for line in lines {
        out.push_str(format!("{indent}{line}").trim_end());
        out.push('\n');
    }
    out + indent + &fence + "\n"
}

/// Prints paragraphs and lists, each line after `indent`, with a blank line between blocks and none at the end.
pub(super) fn prose(prose: &Prose, indent: &str) -> String {
    let blocks: Vec<String> = prose
        .blocks()
        .iter()
        .map(|block| match block {
            Block::Paragraph(lines) => broken(lines, indent),
            Block::List(points) => points
                .iter()
                .map(|lines| point(lines, indent))
                .collect::<Vec<_>>()
                .join("\n"),
        })
        .collect();
    blocks.join(&format!("\n{}\n", indent.trim_end()))
}

fn point(lines: &[Shown], indent: &str) -> String {
    let inner = format!("{indent}  ");
    let body = broken(lines, &inner);
    format!("{indent}- {}", &body[inner.len()..])
}

/// Joins lines whose breaks are to be kept.
fn broken(lines: &[Shown], indent: &str) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("{indent}{}", with_code(line)))
        .collect();
    lines.join("  \n")
}

/// Escapes a line of prose, in which code between single backticks stays code.
fn with_code(line: &Shown) -> String {
    let mut out = String::new();
    for piece in line.pieces() {
        match piece {
            Piece::Text(text) if out.is_empty() => escape_into(&mut out, text.trim_start()),
            Piece::Text(text) => escape_into(&mut out, text),
            Piece::Code(code) => out.push_str(&span(code)),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_foreign_text_renders_as_itself() {
        for (from, to) in [
            ("# no heading #", "\\# no heading \\#"),
            ("- no point", "\\- no point"),
            ("12. no number", "12\\. no number"),
            ("> no quote", "\\> no quote"),
            ("![x](http://evil)", "!\\[x\\](http\\://evil)"),
            ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
            ("a | b", "a \\| b"),
            ("&lt; and R&D & more", "\\&lt; and R\\&D & more"),
            (
                "n_plus_one _x_ **b** `c`",
                "n_plus_one \\_x\\_ \\*\\*b\\*\\* \\`c\\`",
            ),
            ("===", "\\==="),
            (
                "www.evil.example d@x.example",
                "www\\.evil.example d@x.example",
            ),
            ("$x$ ~~y~~ C:\\z", "\\$x\\$ \\~\\~y\\~\\~ C:\\\\z"),
        ] {
            assert_eq!(plain(from), to);
        }
    }

    #[test]
    fn a_fence_is_longer_than_any_run_inside() {
        assert_eq!(code(&Shown::line("a``b")), "```a``b```");
        assert_eq!(code(&Shown::line("`x")), "`` `x ``");
        let block = fenced(&["````".to_owned(), "x".to_owned()], "");
        assert_eq!(block, "`````text\n````\nx\n`````\n");
    }

    #[test]
    fn a_bar_in_code_does_not_part_cells() {
        assert_eq!(code_cell(&Shown::line("a|b")), "`a\\|b`");
    }

    #[test]
    fn line_breaks_and_points_survive() {
        let text = Prose::new("One\n# two\n\n- a\n  b\n- c");
        assert_eq!(prose(&text, ""), "One  \n\\# two\n\n- a  \n  b\n- c");
        assert_eq!(
            prose(&text, "> "),
            "> One  \n> \\# two\n>\n> - a  \n>   b\n> - c"
        );
    }
}
