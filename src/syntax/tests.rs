//! What is coloured and how, on snippets of every language.

mod snippets;

use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{FileText, LineNo};
use snippets::SNIPPETS;

fn whole(code: &str) -> FileText {
    FileText::whole(Arc::from(code.as_bytes()))
}

fn parsed(language: Language, text: &FileText) -> Parsed {
    parse(language, text, Limits::default()).expect("a snippet parses")
}

fn lines(range: Range<u32>) -> Range<LineNo> {
    LineNo(range.start)..LineNo(range.end)
}

/// Returns the colours of a whole text, line by line.
fn coloured(language: Language, code: &str) -> Vec<Vec<Span>> {
    let text = whole(code);
    spans(
        &parsed(language, &text),
        &text,
        lines(1..text.line_count() + 1),
    )
}

/// Returns the role of the first byte of the first `needle` and checks that it covers all of it.
fn role_of(language: Language, code: &str, needle: &str) -> Option<CodeRole> {
    let (row, line) = code
        .split('\n')
        .enumerate()
        .find(|(_, line)| line.contains(needle))
        .unwrap_or_else(|| panic!("{needle} is in the snippet"));
    let start = line.find(needle).expect("the line holds it");
    let found = coloured(language, code)
        .swap_remove(row)
        .into_iter()
        .find(|span| span.range.contains(&start));
    if let Some(span) = &found {
        assert!(
            span.range.end >= start + needle.len(),
            "{needle} is coloured in part: {span:?}"
        );
    }
    found.map(|span| span.role)
}

#[test]
fn words_of_every_language_have_the_roles_a_reader_expects() {
    let mut wrong = Vec::new();
    for &(language, code, words) in SNIPPETS {
        for &(word, role) in words {
            let found = role_of(language, code, word);
            if found != role {
                wrong.push(format!(
                    "{}: {word} is {found:?}, not {role:?}",
                    language.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_language_has_a_snippet() {
    let with: Vec<Language> = SNIPPETS.iter().map(|&(language, ..)| language).collect();
    assert_eq!(with, Language::ALL);
}

#[test]
fn lines_alone_have_the_colours_they_have_in_the_whole() {
    for &(language, code, _) in SNIPPETS {
        let text = whole(code);
        let parsed = parsed(language, &text);
        let all = spans(&parsed, &text, lines(1..text.line_count() + 1));
        for line in 1..=text.line_count() {
            let alone = spans(&parsed, &text, lines(line..line + 1));
            assert_eq!(
                alone,
                all[line as usize - 1..line as usize],
                "{} line {line}",
                language.name()
            );
        }
    }
}

#[test]
fn a_string_that_begins_above_the_screen_is_still_a_string() {
    let code = format!(
        "x = \"\"\"\n{}def not_code():\n\"\"\"\ny = 1\n",
        "words\n".repeat(500)
    );
    let text = whole(&code);
    let seen = spans(&parsed(Language::Python, &text), &text, lines(400..505));
    assert_eq!(
        seen[0],
        [Span {
            range: 0..5,
            role: CodeRole::String
        }]
    );
    assert_eq!(
        seen[102],
        [Span {
            range: 0..15,
            role: CodeRole::String
        }]
    );
    assert!(seen[104].iter().any(|span| span.role == CodeRole::Constant));
}

#[test]
fn line_endings_are_outside_of_every_span() {
    let text = whole("/* one\r\n   two\r\n*/\r\nfn x() {}");
    let seen = spans(&parsed(Language::Rust, &text), &text, lines(1..5));
    let ends: Vec<usize> = seen
        .iter()
        .map(|line| line.last().map_or(0, |span| span.range.end))
        .collect();
    assert_eq!(ends, [6, 6, 2, 9]);
}

#[test]
fn a_line_beyond_the_limit_is_coloured_up_to_it() {
    let code = format!("let x = \"{}\";\nlet y = 1;\n", "a".repeat(LINE_LIMIT * 2));
    let text = whole(&code);
    let seen = spans(&parsed(Language::Rust, &text), &text, lines(1..3));
    assert_eq!(seen[0].last().map(|span| span.range.end), Some(LINE_LIMIT));
    assert_eq!(
        seen[1][0],
        Span {
            range: 0..3,
            role: CodeRole::Keyword
        }
    );
}

#[test]
fn stretches_of_a_patch_are_coloured_each_on_its_own() {
    let text = FileText::known([
        (LineNo(7), &b"def total(o):\n"[..]),
        (LineNo(8), b"    return 12\n"),
        (LineNo(40), b"if a:\n"),
    ]);
    let parsed = parsed(Language::Python, &text);
    let seen = spans(&parsed, &text, lines(7..41));
    assert_eq!(seen.len(), 34);
    assert_eq!(
        seen[0][0],
        Span {
            range: 0..3,
            role: CodeRole::Keyword
        }
    );
    assert_eq!(
        seen[1][0],
        Span {
            range: 4..10,
            role: CodeRole::Keyword
        }
    );
    assert!(seen[2..33].iter().all(Vec::is_empty));
    assert_eq!(
        seen[33][0],
        Span {
            range: 0..2,
            role: CodeRole::Keyword
        }
    );
    let around = enclosing(&parsed, &text, LineNo(8)).expect("line 8 is in a function");
    assert_eq!(
        (around.line, around.text.as_str()),
        (LineNo(7), "def total(o):")
    );
}

#[test]
fn another_text_than_the_parsed_one_has_no_colours() {
    let text = whole("fn a() {}\n");
    let parsed = parsed(Language::Rust, &text);
    let other = whole("fn b() {}\nfn c() {}\n");
    assert_eq!(
        spans(&parsed, &other, lines(1..3)),
        vec![Vec::new(), Vec::new()]
    );
    assert_eq!(enclosing(&parsed, &other, LineNo(1)), None);
}

#[test]
fn the_function_around_a_line_is_named_by_its_own_line() {
    for (language, code, expected) in [
        (
            Language::Rust,
            "impl Order {\n    /// Doc.\n    #[must_use]\n    pub fn total(&self) -> u32 {\n        HERE\n    }\n}",
            "pub fn total(&self) -> u32 {",
        ),
        (
            Language::Rust,
            "mod a {\n    impl Show for Order {\n        HERE\n    }\n}",
            "impl Show for Order {",
        ),
        (
            Language::Python,
            "class A:\n    @cached\n    def total(self):\n        if x:\n            HERE\n",
            "def total(self):",
        ),
        (
            Language::JavaScript,
            "export const total = async (o) => {\n  o.map(x => {\n    HERE;\n  });\n};",
            "export const total = async (o) => {",
        ),
        (
            Language::Jsx,
            "function App() {\n  return (\n    <HERE />\n  );\n}",
            "function App() {",
        ),
        (
            Language::TypeScript,
            "class A {\n  private total(): number {\n    HERE;\n  }\n}",
            "private total(): number {",
        ),
        (
            Language::Tsx,
            "class A {\n  onClick = () => {\n    HERE;\n  };\n}",
            "onClick = () => {",
        ),
        (
            Language::Go,
            "func (s *Store) List() error {\n\tHERE()\n}",
            "func (s *Store) List() error {",
        ),
        (
            Language::Java,
            "class A {\n  @Override\n  public int total() {\n    HERE();\n  }\n}",
            "public int total() {",
        ),
        (
            Language::Kotlin,
            "class A {\n  fun total(): Int {\n    HERE()\n  }\n}",
            "fun total(): Int {",
        ),
        (
            Language::CSharp,
            "class A {\n  [Get]\n  public int Total() {\n    HERE();\n  }\n}",
            "public int Total() {",
        ),
        (
            Language::Ruby,
            "class A\n  def total\n    HERE\n  end\nend",
            "def total",
        ),
        (
            Language::Php,
            "<?php\nclass A {\n  function total() {\n    HERE();\n  }\n}",
            "function total() {",
        ),
        (
            Language::C,
            "static int\ntotal(struct order *o)\n{\n  HERE();\n}",
            "total(struct order *o)",
        ),
        (
            Language::Cpp,
            "namespace shop {\nint Order::total() {\n  HERE();\n}\n}",
            "int Order::total() {",
        ),
        (
            Language::Swift,
            "struct A {\n  func total() -> Int {\n    HERE()\n  }\n}",
            "func total() -> Int {",
        ),
        (
            Language::Scala,
            "object A {\n  def total: Int = {\n    HERE()\n  }\n}",
            "def total: Int = {",
        ),
        (Language::Bash, "total() {\n  HERE\n}", "total() {"),
        (
            Language::Hcl,
            "resource \"a\" \"b\" {\n  HERE = 1\n}",
            "resource \"a\" \"b\" {",
        ),
        (
            Language::Toml,
            "[dependencies]\nHERE = 1\n",
            "[dependencies]",
        ),
        (
            Language::Sql,
            "CREATE TABLE orders (\n  HERE int\n);",
            "CREATE TABLE orders (",
        ),
    ] {
        let text = whole(code);
        let line = code
            .split('\n')
            .position(|line| line.contains("HERE"))
            .expect("marked") as u32
            + 1;
        let found = enclosing(&parsed(language, &text), &text, LineNo(line));
        assert_eq!(
            found.map(|found| found.text).as_deref(),
            Some(expected),
            "{}",
            language.name()
        );
    }
}

#[test]
fn a_line_outside_of_any_function_has_nothing_around_it() {
    let text = whole("import os\n\ndef a():\n    pass\n");
    let parsed = parsed(Language::Python, &text);
    assert_eq!(enclosing(&parsed, &text, LineNo(1)), None);
    assert_eq!(enclosing(&parsed, &text, LineNo(99)), None);
    assert_eq!(
        enclosing(&parsed, &text, LineNo(3)).map(|found| found.line),
        Some(LineNo(3))
    );
}

#[test]
fn hidden_characters_of_a_name_are_shown_as_tokens() {
    let text = whole("fn a() { // \u{202E}\n    b();\n}\n");
    let found = enclosing(&parsed(Language::Rust, &text), &text, LineNo(2));
    assert_eq!(
        found.map(|found| found.text).as_deref(),
        Some("fn a() { // ⟦RLO⟧")
    );
}

#[test]
fn deep_nesting_ends_in_time() {
    let text = whole(&"(".repeat(200_000));
    if let Ok(parsed) = parse(Language::Rust, &text, Limits::default()) {
        assert_eq!(spans(&parsed, &text, lines(1..2)).len(), 1);
        enclosing(&parsed, &text, LineNo(1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_make_it_fail_and_spans_stay_inside_their_lines(
        index in 0..Language::ALL.len(),
        parts in proptest::collection::vec(
            prop_oneof![
                4 => proptest::sample::select(vec![
                    "fn ", "def f(", "class A", "{", "}", "(", ")", "\"", "'", "\"\"\"", "/*", "*/", "//", "#", "\n",
                    "\r\n", "    ", "${", "`", "<a ", "<?php ", "x", "=", "1", ";", "é", "界",
                ]).prop_map(|part| part.as_bytes().to_vec()),
                1 => proptest::collection::vec(any::<u8>(), 0..6),
            ],
            0..60,
        ),
    ) {
        let text = FileText::whole(Arc::from(parts.concat()));
        let language = Language::ALL[index];
        if let Ok(parsed) = parse(language, &text, Limits::default()) {
            let all = spans(&parsed, &text, lines(1..text.line_count() + 3));
            for (index, spans) in all.iter().enumerate() {
                let number = LineNo(index as u32 + 1);
                let len = text.line(number).map_or(0, <[u8]>::len);
                let mut at = 0;
                for span in spans {
                    prop_assert!(span.range.start >= at && span.range.start < span.range.end);
                    at = span.range.end;
                }
                prop_assert!(at <= len);
                enclosing(&parsed, &text, number);
            }
        }
    }
}
