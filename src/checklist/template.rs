//! A list to begin with: the commented template of `checklist new`. It lints clean as it stands.

/// Returns the template of a list with an id; its title is the id in words.
pub fn template(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    let title: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).take(80).collect())
        .unwrap_or_default();
    TEMPLATE
        .replace("ID_HERE", id)
        .replace("TITLE_HERE", &title)
}

const TEMPLATE: &str = r#"# A checklist of your own. `countersign checklist lint FILE` names every mistake with its line, and
# `countersign review --checklist FILE` uses it. In the folder that `countersign paths` prints as `checklists`, a file
# ID_HERE.toml goes by its id: `--checklist ID_HERE`. Several lists form one review.
#
# For completion in an editor: `countersign checklist schema > checklist.schema.json`, and the next line without its `# `:
# #:schema ./checklist.schema.json

format = 1
id = "ID_HERE"
version = "0.1.0"        # raise it whenever the meaning of a question changes: a sign-off names the version
title = "TITLE_HERE"
description = "What this list is for, in one or two sentences."

# Stages are optional. Where there are some, each item names one, and the workbench shows them in this order.
# [[stages]]
# id = "design"
# title = "Design"

# Items are shown by category, in the order of this file.
[[category]]
id = "first"
title = "First category"

[[item]]
id = "first-question"    # never changed afterwards: records and reports refer to it
category = "first"
title = "The failure in a few words"
ask = "Which question does the reviewer answer with the code in sight?"
severity = "major"       # what a finding starts with: blocker, major, minor or note

# Everything below is optional.
good = "What a good answer looks like: where it is, and how one can tell."
generated = "What a generator writes here, and why it looks right."
failure = "What production does to it."
signals = [              # up to 6 things to look for by eye
    "a query inside a loop",
]
mitigations = [          # up to 5; the first becomes the draft of a finding's way out
    "Load the rows of one page in one query.",
]
answered_by = "code"     # code, configuration or client; or a list of them
# evidence = "reference" # a verdict then rests on a document, a link, a named person's statement or a date
# stage = "design"
# depends_on = ["another-item", "other-list/item"]    # asked before this one
# same_as = ["ai-preproduction/n-plus-one"]           # the same question elsewhere: asked once, answered in both
# languages = ["python", "sql"]                       # where it can occur; left out means anywhere
# paths = ["migrations/**"]
# cwe = [1073]
# figures = ["query-per-row"]                         # arithmetic with the production profile
# sources = ["our operations handbook, chapter 3"]
#
# `ask`, `good` and the other texts may hold numbers of the production profile: {profile.users}, {profile.peak_rps},
# {profile.page_size} and the others that `countersign profile show` lists. An unknown one reads "unknown".
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_lints_clean_and_carries_the_id() {
        let text = template("our-list");
        assert_eq!(crate::checklist::lint(&text), []);
        let list = crate::checklist::parse(&text, "our-list.toml").expect("no mistakes");
        assert_eq!(
            (list.id.as_str(), list.title.as_str()),
            ("our-list", "Our list")
        );
    }

    #[test]
    fn every_optional_key_of_an_item_is_in_the_template() {
        let text = template("our-list");
        for key in crate::checklist::schema::ITEM.keys {
            if key.name != "rules" {
                assert!(text.contains(&format!("{} = ", key.name)), "{}", key.name);
            }
        }
    }
}
