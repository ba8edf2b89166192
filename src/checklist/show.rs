//! Checklists as text for a terminal. Pure functions; texts of a list are free of control characters, because lint
//! refuses them.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::words::shown;
use super::{Mistake, SourceFile};
use crate::model::{Category, Checklist, EvidenceKind, Item, ItemId};

/// The narrowest text that is set; narrower screens get this width.
const NARROWEST: usize = 40;

/// Returns one line without its end: id, version, title and size.
pub fn summary_line(list: &Checklist) -> String {
    format!(
        "{} {}  {}  {}",
        list.id,
        list.version,
        list.title,
        size(list)
    )
}

/// Returns the whole list, set to `width` columns, ending in a line break.
pub fn text(list: &Checklist, width: usize) -> String {
    let mut page = Page::new(width);
    page.flow("", &list.title);
    page.flow(
        "",
        &format!("{} {} · {}", list.id, list.version, size(list)),
    );
    page.flow("", &format!("SHA-256 {}", list.digest));
    page.blank();
    page.flow("", &list.description);
    let mut heading = (None, None);
    for item in &list.items {
        let stage = list
            .stages
            .iter()
            .find(|stage| Some(&stage.id) == item.stage.as_ref());
        let missing = nameless(item);
        let category = category_of(list, item).unwrap_or(&missing);
        if heading != (stage, Some(&category.id)) {
            page.blank();
            match stage {
                Some(stage) => page.heading(&format!("{}: {}", stage.title, category.title)),
                None => page.heading(&category.title),
            }
            heading = (stage, category_of(list, item).map(|category| &category.id));
        }
        page.blank();
        draw_item(&mut page, category, item);
    }
    page.out
}

fn category_of<'a>(list: &'a Checklist, item: &Item) -> Option<&'a Category> {
    let mut all = list.categories.iter();
    all.find(|category| category.id == item.category)
}

fn nameless(item: &Item) -> Category {
    Category {
        id: item.category.clone(),
        title: item.category.clone(),
    }
}

/// Returns one item, set to `width` columns, ending in a line break.
pub fn item_text(list: &Checklist, item: &Item, width: usize) -> String {
    let mut page = Page::new(width);
    let missing = nameless(item);
    let category = category_of(list, item).unwrap_or(&missing);
    draw_item(&mut page, category, item);
    page.out
}

/// Returns mistakes as `file:line:col: message`, the remedy on a line of its own, and their number at the end.
pub fn lint_text(name: &str, mistakes: &[Mistake]) -> String {
    let name = shown(name);
    let mut out = String::new();
    for Mistake {
        line,
        column,
        message,
        remedy,
    } in mistakes
    {
        let _ = writeln!(out, "{name}:{line}:{column}: {message}\n    {remedy}");
    }
    let _ = match mistakes.len() {
        0 => writeln!(out, "{name}: no mistakes"),
        1 => writeln!(out, "1 mistake"),
        count => writeln!(out, "{count} mistakes"),
    };
    out
}

/// Returns what the source of a list recommends and which items answer it, set to `width` columns.
pub fn sources_text(id: &str, file: &SourceFile, width: usize) -> String {
    let mut page = Page::new(width);
    let count = file.recommendations.len();
    page.flow(
        "",
        &format!("{id} answers {count} recommendations of {}", file.source),
    );
    for one in &file.recommendations {
        page.blank();
        page.flow(&format!("{:<8}", one.id), &one.text);
        let lead = format!("{:8}→ ", "");
        page.flow(
            &lead,
            &format!("{}: {}", one.answer.name(), one.items.join(", ")),
        );
    }
    page.out
}

fn draw_item(page: &mut Page, category: &Category, item: &Item) {
    page.flow("", &format!("{} · {}", item.id, item.title));
    let mut facts = vec![category.title.clone(), item.severity.name().to_owned()];
    facts.extend(item.stage.iter().map(|stage| format!("stage {stage}")));
    facts.extend(item.cwe.iter().map(|number| format!("CWE-{number}")));
    page.flow("  ", &facts.join(" · "));
    page.blank();
    page.entry("Ask", &item.ask);
    for (label, text) in [
        ("Good answer", &item.good),
        ("Generated", &item.generated),
        ("In production", &item.failure),
    ] {
        if !text.is_empty() {
            page.entry(label, text);
        }
    }
    page.points("Look for", &item.signals);
    page.points("Mitigations", &item.mitigations);
    for (label, names) in [
        ("Languages", &item.languages),
        ("Paths", &item.paths),
        ("Hint rules", &item.rules),
    ] {
        if !names.is_empty() {
            page.entry(label, &names.join(", "));
        }
    }
    let names = |ids: &[ItemId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let places = item.answered_by.iter().map(|place| place.name().to_owned());
    for (label, names) in [
        ("Answer is in", places.collect()),
        ("Asked after", names(&item.depends_on)),
        ("Same as", names(&item.same_as)),
        ("Figures", item.figures.clone()),
    ] {
        if !names.is_empty() {
            page.entry(label, &names.join(", "));
        }
    }
    if item.evidence == EvidenceKind::Reference {
        page.entry(
            "Evidence",
            "a document, a link, a named person's statement, or a date",
        );
    }
    if !item.sources.is_empty() {
        page.entry("Sources", &item.sources.join("; "));
    }
}

fn size(list: &Checklist) -> String {
    let plural = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let items = plural(list.items.len(), "item", "items");
    let categories = plural(list.categories.len(), "category", "categories");
    match list.stages.len() {
        0 => format!("{items} in {categories}"),
        stages => format!(
            "{items} in {categories}, {}",
            plural(stages, "stage", "stages")
        ),
    }
}

/// The columns that labels and the blank after them take.
const LABELS: usize = 15;

/// Text growing downwards within a width.
struct Page {
    width: usize,
    out: String,
}

impl Page {
    fn new(width: usize) -> Self {
        Self {
            width: width.max(NARROWEST),
            out: String::new(),
        }
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.flow("", title);
        self.out
            .push_str(&"─".repeat(title.width().min(self.width)));
        self.out.push('\n');
    }

    fn entry(&mut self, label: &str, text: &str) {
        self.flow(&format!("  {label:<LABELS$}"), text);
    }

    fn points(&mut self, label: &str, points: &[String]) {
        for (index, text) in points.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.flow(&format!("  {label:<LABELS$}{}. ", index + 1), text);
        }
    }

    /// Sets a text behind a lead; further lines are indented by the width of the lead. A word wider than the line
    /// stands on a line of its own.
    fn flow(&mut self, lead: &str, text: &str) {
        let indent = lead.width();
        self.out.push_str(lead);
        let mut column = indent;
        for word in text.split_whitespace() {
            let fresh = column == indent;
            if !fresh && column + 1 + word.width() > self.width {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(indent));
                column = indent;
            } else if !fresh {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += word.width();
        }
        self.out.push('\n');
    }
}
