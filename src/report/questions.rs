//! A checklist for paper and mail: the client's copy of the questions, as Markdown task lists and as one printable HTML
//! file with room for answers. Nothing of a review is in it.

use std::fmt::Write as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior, context};

use super::HtmlError;
use crate::model::{Category, Checklist, EvidenceKind, Item, Stage};

const PAGE: &str = include_str!("../../assets/report/questions.html");

/// A group of questions as it is printed: its stage, where there is one, and its category.
struct Group<'a> {
    stage: Option<&'a Stage>,
    category: &'a str,
    items: Vec<&'a Item>,
}

impl Group<'_> {
    fn title(&self) -> String {
        match self.stage {
            Some(stage) => format!("{}: {}", stage.title, self.category),
            None => self.category.to_owned(),
        }
    }
}

/// Prints a list's questions as Markdown task lists; `checklist import` reads them again.
pub fn questions_markdown(list: &Checklist) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {}\n\n{}", list.title, list.description);
    for group in groups(list) {
        let _ = writeln!(out, "\n## {}\n", group.title());
        for item in group.items {
            task(&mut out, item);
        }
    }
    out
}

fn task(out: &mut String, item: &Item) {
    let mut line = |text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(format!(
        "- [ ] **{}** (`{}`, {}): {}",
        item.title,
        item.id,
        item.severity.name(),
        item.ask
    ));
    if !item.good.is_empty() {
        line(format!("  - Good answer: {}", item.good));
    }
    for signal in &item.signals {
        line(format!("  - Look for: {signal}"));
    }
    if !item.answered_by.is_empty() {
        line(format!("  - Answer is in: {}", places(item)));
    }
    if item.evidence == EvidenceKind::Reference {
        line(format!("  - Evidence: {REFERENCE}"));
    }
    line("  - Answer: ".trim_end().to_owned());
}

/// What a verdict without lines rests on.
const REFERENCE: &str = "a document, a link, a named person's statement, or a date";

fn places(item: &Item) -> String {
    let names: Vec<&str> = item.answered_by.iter().map(|place| place.name()).collect();
    names.join(", ")
}

/// Prints a list's questions as one self-contained HTML file, made for paper.
pub fn questions_html(list: &Checklist) -> Result<String, HtmlError> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    env.set_syntax(syntax);
    env.add_template("questions.html", PAGE)?;
    let groups: Vec<Value> = groups(list)
        .into_iter()
        .map(|group| {
            context! {
                title => group.title(),
                questions => group.items.into_iter().map(question).collect::<Vec<Value>>(),
            }
        })
        .collect();
    let page = context! {
        id => list.id.as_str(),
        version => list.version.as_str(),
        title => list.title.as_str(),
        description => list.description.as_str(),
        digest => list.digest.to_string(),
        groups => groups,
    };
    Ok(env.get_template("questions.html")?.render(page)?)
}

fn question(item: &Item) -> Value {
    context! {
        id => item.id.as_str(),
        title => item.title.as_str(),
        ask => item.ask.as_str(),
        good => item.good.as_str(),
        severity => item.severity.name(),
        signals => &item.signals,
        places => places(item),
        reference => item.evidence == EvidenceKind::Reference,
        reference_words => REFERENCE,
    }
}

fn groups(list: &Checklist) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for item in &list.items {
        let stage = list
            .stages
            .iter()
            .find(|stage| Some(&stage.id) == item.stage.as_ref());
        let named = |category: &&Category| category.id == item.category;
        let category = list.categories.iter().find(named);
        let category = category.map_or(item.category.as_str(), |category| &category.title);
        match groups.last_mut() {
            Some(group) if group.category == category && group.stage == stage => {
                group.items.push(item);
            }
            _ => groups.push(Group {
                stage,
                category,
                items: vec![item],
            }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{builtin, import};

    #[test]
    fn what_is_exported_as_markdown_is_imported_with_the_same_questions() {
        for list in builtin() {
            let text = questions_markdown(list);
            let imported = import::import(&text, import::Kind::Markdown, "again").expect("fits");
            let again =
                crate::checklist::parse(&imported.source, "again.toml").expect("no mistakes");
            assert_eq!(again.title, list.title);
            let of = |list: &Checklist| -> Vec<_> {
                let facts = |item: &Item| {
                    (
                        item.id.clone(),
                        item.title.clone(),
                        item.ask.clone(),
                        item.good.clone(),
                        item.signals.clone(),
                        item.severity,
                        item.answered_by.clone(),
                        item.evidence,
                    )
                };
                list.items.iter().map(facts).collect()
            };
            assert_eq!(of(&again), of(list), "{}", list.id);
        }
    }

    #[test]
    fn the_printable_page_holds_every_question_and_escapes_it() {
        for list in builtin() {
            let page = questions_html(list).expect("rendered");
            assert!(
                !page.contains("<script") && !page.contains("http://"),
                "{}",
                list.id
            );
            for item in &list.items {
                assert!(
                    page.contains(&format!("<code>{}</code>", item.id)),
                    "{}",
                    item.id
                );
            }
        }
        let mut hostile = builtin()[0].clone();
        hostile.items[0].ask = "<b>bold</b>?".to_owned();
        let page = questions_html(&hostile).expect("rendered");
        assert!(
            page.contains("&lt;b&gt;bold"),
            "markup of a question is text"
        );
    }
}
