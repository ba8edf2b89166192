//! Lists and mistakes as text for a terminal.

use unicode_width::UnicodeWidthStr as _;

use super::*;

#[test]
fn a_summary_is_one_line_with_id_version_title_and_size() {
    assert_eq!(
        show::summary_line(&builtin()[0]),
        "ai-preproduction 1.1.0  AI pre-production review  22 items in 7 categories"
    );
}

#[test]
fn an_item_is_set_with_its_labels_and_numbered_mitigations() {
    let list = parse(TWO, "two-lists.toml").expect("no mistakes");
    insta::assert_snapshot!(show::item_text(&list, &list.items[0], 60), @r"
    other · Something else
      Later · blocker · CWE-89

      Ask            What else?
      Generated      Something.
      In production  Something breaks.
      Look for       1. one
                     2. two
                     3. three
      Mitigations    1. Repair one.
                     2. Repair two.
      Languages      c++, python
      Paths          **/*.sql
      Hint rules     query-in-loop
      Sources        CWE-89
    ");
}

#[test]
fn a_whole_list_fits_its_width_and_leaves_nothing_out() {
    for list in builtin() {
        for width in [80, 120] {
            let text = show::text(list, width);
            let long = text.lines().find(|line| line.width() > width);
            assert_eq!(long, None, "no line is wider than {width} columns");
            assert!(
                text.lines().all(|line| line.trim_end() == line),
                "no line ends in blanks"
            );
        }
        let flat = crate::checklist::words::folded(&show::text(list, 100));
        for (item, text) in texts_of(list) {
            assert!(flat.contains(&text), "{item} shows {text:?}");
        }
        let categories = list.categories.iter().map(|category| &category.title);
        for title in categories.chain(list.stages.iter().map(|stage| &stage.title)) {
            assert!(flat.contains(title), "{} shows {title:?}", list.id);
        }
    }
}

#[test]
fn a_lint_report_names_file_line_column_and_remedy_and_counts() {
    let source = with("\"major\"", "\"majr\"");
    assert_eq!(
        show::lint_text("my.toml", &lint(&source)),
        "my.toml:21:12: item `lost-update` has an unknown severity `majr`\n    did you mean `major`?\n1 mistake\n"
    );
    assert_eq!(show::lint_text("my.toml", &[]), "my.toml: no mistakes\n");
}
