//! The house rules a compiler does not hold, read from the sources.
//!
//! `source` reads, `layers` and `habits` judge: a judgement takes sources and returns complaints, one line each with the
//! place, so that each is also tried on a sample that breaks it. It owns no rule that rustfmt, clippy or cargo-deny can
//! hold.

mod habits;
mod layers;
mod samples;
mod source;

use std::fs;

use layers::Layers;
use source::{Source, root, sources_below, texts_below};

/// Fails with all complaints at once.
#[track_caller]
fn expect_none(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} breaches of the house rules:\n  {}",
        complaints.len(),
        complaints.join("\n  ")
    );
}

fn ours() -> Vec<Source> {
    sources_below("src")
}

fn ours_and_tests() -> Vec<Source> {
    let mut sources = ours();
    sources.extend(sources_below("tests"));
    sources
}

/// The table of the guide, as it stands.
fn table() -> Layers {
    let guide = ours()
        .into_iter()
        .find(|source| source.path == "src/lib.rs");
    Layers::parse(&guide.expect("the library has a root"))
}

#[test]
fn every_module_imports_only_from_layers_below_it() {
    let sources = ours();
    assert!(sources.len() > 20, "only {} sources found", sources.len());
    expect_none(&table().breaches(&sources));
}

#[test]
fn the_table_of_layers_names_the_modules_there_are() {
    expect_none(&table().differences(&ours()));
}

#[test]
fn in_the_screen_view_and_update_know_neither_each_other_nor_worker_or_terminal() {
    expect_none(&layers::screen_breaches(&ours()));
}

#[test]
fn messages_become_state_and_state_a_picture_without_disk_clock_environment_or_chance() {
    expect_none(&habits::impure_screen_code(&ours()));
}

#[test]
fn every_file_opens_with_what_it_owns() {
    expect_none(&habits::files_without_opening(&ours_and_tests()));
}

#[test]
fn no_file_is_longer_than_800_lines() {
    expect_none(&habits::long_files(&ours_and_tests()));
}

#[test]
fn no_function_is_longer_than_120_lines() {
    expect_none(&habits::long_functions(&ours_and_tests()));
}

#[test]
fn no_module_has_a_name_that_attracts_everything() {
    expect_none(&habits::vague_modules(&ours_and_tests()));
}

#[test]
fn nothing_is_left_to_do_at_run_time() {
    expect_none(&habits::unfinished_code(&ours_and_tests()));
}

#[test]
fn no_test_is_ignored() {
    expect_none(&habits::ignored_tests(&ours_and_tests()));
}

#[test]
fn no_note_to_self_is_left_in_code_or_checklists() {
    let mut texts = texts_below("src");
    texts.extend(texts_below("checklists"));
    // Rules look for such notes in other people's code, so they spell them.
    texts.retain(|(path, _)| !path.starts_with("checklists/rules/"));
    assert!(texts.len() > 20, "only {} files found", texts.len());
    expect_none(&habits::notes_to_self(&texts));
}

#[test]
fn every_file_is_part_of_a_crate() {
    expect_none(&habits::orphans(&ours(), &["src/lib.rs", "src/main.rs"]));
    expect_none(&habits::orphans(
        &sources_below("tests/it"),
        &["tests/it/main.rs"],
    ));
}

#[test]
fn nothing_is_imported_by_wildcard_outside_tests() {
    expect_none(&habits::wildcards(&ours()));
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let entries = fs::read_dir(root()).expect("the repository is readable");
    let names: Vec<String> = entries
        .map(|entry| entry.expect("the repository is readable").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|name| name == "Cargo.toml"), "{names:?}");
    expect_none(&habits::strays(&names));
}
