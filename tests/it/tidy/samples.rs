//! Each judgement on a sample that breaks its rule, and on one that keeps it.

use super::layers::{self, Layers};
use super::source::Source;
use super::{expect_none, habits};

/// Expects one complaint with every one of these pieces.
#[track_caller]
fn expect_one(complaints: &[String], pieces: &[&str]) {
    assert_eq!(complaints.len(), 1, "{complaints:#?}");
    for piece in pieces {
        assert!(
            complaints[0].contains(piece),
            "{:?} does not say {piece:?}",
            complaints[0]
        );
    }
}

fn sample(path: &str, text: &str) -> Vec<Source> {
    vec![Source::parse(path, text.to_owned())]
}

const GUIDE: &str = "//! Guide.\n//!\n//! | layer | modules |\n//! |---|---|\n//! | 0 | [`low`] |\n//! | 1 | [`mid`], [`side`] |\n//! | 7 | [`tui`] and [`cli`]; neither imports the other |\n\npub mod low;\npub mod mid;\npub mod side;\npub mod tui;\npub mod cli;\n";

fn small_table() -> Layers {
    Layers::parse(&Source::parse("src/lib.rs", GUIDE.to_owned()))
}

#[test]
fn an_import_from_above_is_found_in_every_spelling() {
    for (text, place) in [
        ("use crate::mid::Thing;", "src/low/deep.rs:1"),
        (
            "use std::fmt;\nuse crate::{low::Own, mid};",
            "src/low/deep.rs:2",
        ),
        (
            "fn f() -> u8 {\n    crate::mid::count()\n}",
            "src/low/deep.rs:2",
        ),
        ("type T = Vec<crate::mid::Thing>;", "src/low/deep.rs:1"),
        (
            "fn f() {\n    assert!(\n        crate::mid::ready());\n}",
            "src/low/deep.rs:3",
        ),
        ("use super::super::mid::Thing;", "src/low/deep.rs:1"),
        (
            "mod inner {\n    use super::super::super::mid::Thing;\n}",
            "src/low/deep.rs:2",
        ),
        ("pub(in crate::mid) fn f() {}", "src/low/deep.rs:1"),
    ] {
        let complaints = small_table().breaches(&sample("src/low/deep.rs", text));
        expect_one(&complaints, &[place, "low (layer 0)", "mid (layer 1)"]);
    }
}

#[test]
fn an_import_from_beside_is_found_too() {
    let complaints = small_table().breaches(&sample("src/cli/mod.rs", "use crate::tui::State;"));
    expect_one(
        &complaints,
        &["src/cli/mod.rs:1", "cli (layer 7)", "tui (layer 7)"],
    );
}

#[test]
fn an_import_from_below_or_from_oneself_is_fine() {
    let text = "use crate::low::A;\nuse super::mid::B;\nuse self::C;\nuse crate::mid::D;\nuse std::mid::E;";
    expect_none(&small_table().breaches(&sample("src/mid.rs", text)));
    expect_none(&small_table().breaches(&sample("src/lib.rs", "pub use crate::tui::State;")));
}

#[test]
fn a_name_outside_the_table_is_found() {
    let complaints = small_table().breaches(&sample("src/low.rs", "use crate::other::Thing;"));
    expect_one(&complaints, &["src/low.rs:1", "crate::other", "no layer"]);
    let complaints = small_table().breaches(&sample("src/new/mod.rs", "use crate::low::Thing;"));
    expect_one(&complaints, &["src/new/mod.rs:1", "new", "no layer"]);
}

#[test]
fn a_module_missing_from_the_table_and_one_missing_from_the_sources_are_found() {
    let mut sources = sample("src/lib.rs", GUIDE);
    for path in [
        "src/low.rs",
        "src/mid/mod.rs",
        "src/side.rs",
        "src/tui/mod.rs",
        "src/extra/mod.rs",
    ] {
        sources.extend(sample(path, ""));
    }
    let complaints = small_table().differences(&sources);
    assert_eq!(complaints.len(), 2, "{complaints:#?}");
    assert!(
        complaints.iter().any(|c| c.contains("extra"))
            && complaints.iter().any(|c| c.contains("cli"))
    );
}

#[test]
fn a_view_that_knows_update_and_an_update_that_knows_the_terminal_are_found() {
    let complaints = layers::screen_breaches(&sample(
        "src/tui/view/list.rs",
        "use super::super::update::step;",
    ));
    expect_one(&complaints, &["src/tui/view/list.rs:1", "view", "update"]);
    let complaints = layers::screen_breaches(&sample(
        "src/tui/update.rs",
        "fn f() { crate::tui::terminal::leave() }",
    ));
    expect_one(&complaints, &["src/tui/update.rs:1", "update", "terminal"]);
    let complaints = layers::screen_breaches(&sample(
        "src/tui/view.rs",
        "use crate::tui::{state, worker::Job};",
    ));
    expect_one(&complaints, &["src/tui/view.rs:1", "view", "worker"]);
    let fine = "use crate::tui::state::State;\nuse super::view::list;";
    expect_none(&layers::screen_breaches(&sample(
        "src/tui/view/mod.rs",
        fine,
    )));
    expect_none(&layers::screen_breaches(&sample(
        "src/tui/app.rs",
        "use super::{update, view, worker};",
    )));
}

#[test]
fn a_file_without_its_opening_is_found() {
    expect_none(&habits::files_without_opening(&sample(
        "src/a.rs",
        "//! Owns a.\n",
    )));
    let complaints = habits::files_without_opening(&sample("src/a.rs", "\n//! Owns a.\n"));
    expect_one(&complaints, &["src/a.rs:1"]);
    let complaints = habits::files_without_opening(&sample("src/a.rs", "//!\nuse std::fmt;"));
    expect_one(&complaints, &["src/a.rs:1"]);
}

#[test]
fn a_file_of_801_lines_is_found() {
    expect_none(&habits::long_files(&sample("src/a.rs", &"\n".repeat(800))));
    expect_one(
        &habits::long_files(&sample("src/a.rs", &"\n".repeat(801))),
        &["src/a.rs", "801"],
    );
}

#[test]
fn a_function_of_121_lines_is_found_wherever_it_stands() {
    for (open, close) in [
        ("", ""),
        ("impl T {\n", "}\n"),
        ("trait T {\n", "}\n"),
        ("mod m {\n", "}\n"),
    ] {
        let text = |lines: usize| {
            format!(
                "{open}/// Docs.\nfn long() {{\n{}}}\n{close}",
                "\n".repeat(lines - 2)
            )
        };
        expect_none(&habits::long_functions(&sample("src/a.rs", &text(120))));
        expect_one(
            &habits::long_functions(&sample("src/a.rs", &text(121))),
            &["src/a.rs:", "long", "121"],
        );
    }
}

#[test]
fn a_module_named_utils_is_found_as_file_folder_and_block() {
    expect_one(
        &habits::vague_modules(&sample("src/git/utils.rs", "")),
        &["src/git/utils.rs", "utils"],
    );
    expect_one(
        &habits::vague_modules(&sample("src/helpers/mod.rs", "")),
        &["src/helpers/mod.rs", "helpers"],
    );
    expect_one(
        &habits::vague_modules(&sample("src/a.rs", "\nmod common { }")),
        &["src/a.rs:2", "common"],
    );
    expect_one(
        &habits::vague_modules(&sample("src/a.rs", "mod manager { }")),
        &["src/a.rs:1", "manager"],
    );
}

#[test]
fn unfinished_code_is_found_inside_other_macros_too() {
    expect_one(
        &habits::unfinished_code(&sample("src/a.rs", "fn f() {\n    todo!()\n}")),
        &["src/a.rs:2", "todo!"],
    );
    let nested = "fn f() {\n    vec![\n        unimplemented!(\"later\")\n    ];\n}";
    expect_one(
        &habits::unfinished_code(&sample("src/a.rs", nested)),
        &["src/a.rs:3", "unimplemented!"],
    );
    expect_none(&habits::unfinished_code(&sample(
        "src/a.rs",
        "const A: &str = \"todo!()\"; // todo!()",
    )));
}

#[test]
fn an_ignored_test_is_found() {
    for attribute in [
        "#[ignore]",
        "#[ignore = \"slow\"]",
        "#[cfg_attr(unix, ignore)]",
    ] {
        let text = format!("#[test]\n{attribute}\nfn a() {{}}");
        expect_one(
            &habits::ignored_tests(&sample("tests/it/a.rs", &text)),
            &["tests/it/a.rs:2"],
        );
    }
}

#[test]
fn a_note_to_self_is_found_as_a_word() {
    for word in ["TODO", "FIXME", "XXX"] {
        let texts = vec![(
            "checklists/a.toml".to_owned(),
            format!("id = 1\n# {word}: write\n"),
        )];
        expect_one(
            &habits::notes_to_self(&texts),
            &["checklists/a.toml:2", word],
        );
    }
    expect_none(&habits::notes_to_self(&[(
        "src/a.rs".to_owned(),
        "// XXXL, TODOS, _TODO_".to_owned(),
    )]));
}

#[test]
fn a_file_that_no_module_declares_is_found() {
    let mut sources = sample("tests/it/main.rs", "mod a;\nmod b;\nmod inline { mod c; }");
    for (path, text) in [
        ("tests/it/a.rs", "#[cfg(unix)]\nmod deep;"),
        ("tests/it/a/deep.rs", ""),
        ("tests/it/b/mod.rs", "mod side;"),
        ("tests/it/b/side.rs", ""),
        ("tests/it/inline/c.rs", ""),
    ] {
        sources.extend(sample(path, text));
    }
    expect_none(&habits::orphans(&sources, &["tests/it/main.rs"]));
    sources.extend(sample("tests/it/forgotten.rs", ""));
    expect_one(
        &habits::orphans(&sources, &["tests/it/main.rs"]),
        &["tests/it/forgotten.rs"],
    );
}

#[test]
fn a_wildcard_is_found_in_code_and_allowed_in_tests() {
    expect_one(
        &habits::wildcards(&sample("src/a.rs", "\nuse std::fmt::*;")),
        &["src/a.rs:2"],
    );
    let inside = "fn f() {\n    use Kind::{A, inner::*};\n}";
    expect_one(
        &habits::wildcards(&sample("src/a.rs", inside)),
        &["src/a.rs:2"],
    );
    let tests = "#[cfg(test)]\nmod tests {\n    use super::*;\n    mod more { use super::*; }\n}";
    expect_none(&habits::wildcards(&sample("src/a.rs", tests)));
    expect_none(&habits::wildcards(&sample(
        "src/a/tests.rs",
        "use super::*;",
    )));
    expect_none(&habits::wildcards(&sample(
        "src/a/tests/more.rs",
        "use super::*;",
    )));
}

#[test]
fn a_clock_and_a_file_in_the_code_of_the_screen_are_found() {
    for (line, name) in [
        ("use std::fs;", "fs"),
        ("use std::time::Instant;", "Instant"),
        ("fn f() { let at = jiff::Timestamp::now(); }", "now"),
        ("fn f() { std::env::var(NAME); }", "env"),
    ] {
        let found = habits::impure_screen_code(&sample("src/tui/update/a.rs", line));
        expect_one(&found, &["src/tui/update/a.rs:1", name]);
        expect_none(&habits::impure_screen_code(&sample(
            "src/tui/worker.rs",
            line,
        )));
        let test = sample("src/tui/dialog/tests/a.rs", line);
        expect_none(&habits::impure_screen_code(&test));
    }
}

#[test]
fn a_stray_at_the_top_level_is_found() {
    let names = |list: &[&str]| {
        list.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    expect_none(&habits::strays(&names(&[
        "Cargo.toml",
        "src",
        "target",
        ".gitignore",
        "LICENSE",
    ])));
    expect_one(&habits::strays(&names(&["src", "notes.md"])), &["notes.md"]);
}
