//! The README against the program: its key table is the action table, its verbs are the verbs there are.

use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .expect("there is a README")
}

#[test]
fn the_key_table_is_the_action_table() {
    let table = countersign::tui::keymap::markdown_table();
    assert!(
        readme().contains(&table),
        "the key table of README.md is not the action table; put this in its place:\n\n{table}"
    );
}

#[test]
fn every_verb_of_the_program_is_in_the_readme() {
    use clap::CommandFactory as _;
    let text = readme();
    for command in countersign::cli::args::Arguments::command().get_subcommands() {
        let name = command.get_name();
        assert!(
            text.contains(&format!("countersign {name}")) || text.contains(&format!("`{name}")),
            "README.md does not mention the verb {name}"
        );
    }
}

#[test]
fn every_setting_is_in_the_readme() {
    let text = readme();
    for key in [
        "theme",
        "tab-width",
        "mouse",
        "name",
        "email",
        "role",
        "organisation",
        "principal",
        "key",
        "[keys]",
        "[signer]",
    ] {
        assert!(
            text.contains(key),
            "README.md does not explain {key} of config.toml"
        );
    }
}
