//! Checklists as text for a terminal. Pure functions; texts of a list are free of control characters, because lint
//! refuses them.

use std::path::Path;

use unicode_width::UnicodeWidthStr as _;

use super::Mistake;
use super::read::quoted;
use crate::model::{Category, Checklist, Item};

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
    for category in &list.categories {
        page.blank();
        page.heading(&category.title);
        for item in list
            .items
            .iter()
            .filter(|item| item.category == category.id)
        {
            page.blank();
            draw_item(&mut page, category, item);
        }
    }
    page.out
}

/// Returns one item, set to `width` columns, ending in a line break.
pub fn item_text(list: &Checklist, item: &Item, width: usize) -> String {
    let mut page = Page::new(width);
    let missing = Category {
        id: item.category.clone(),
        title: item.category.clone(),
    };
    let category = list
        .categories
        .iter()
        .find(|category| category.id == item.category)
        .unwrap_or(&missing);
    draw_item(&mut page, category, item);
    page.out
}

/// Returns mistakes as `file:line:col: message`, the remedy on a line of its own, and their number at the end.
pub fn lint_text(name: &str, mistakes: &[Mistake]) -> String {
    let name = visible_name(name);
    let mut out = String::new();
    for Mistake {
        line,
        column,
        message,
        remedy,
    } in mistakes
    {
        out.push_str(&format!(
            "{name}:{line}:{column}: {message}\n    {remedy}\n"
        ));
    }
    out.push_str(&match mistakes.len() {
        0 => format!("{name}: no mistakes\n"),
        1 => "1 mistake\n".to_owned(),
        count => format!("{count} mistakes\n"),
    });
    out
}

fn draw_item(page: &mut Page, category: &Category, item: &Item) {
    page.flow("", &format!("{} · {}", item.id, item.title));
    let mut facts = vec![category.title.clone(), item.severity.name().to_owned()];
    facts.extend(item.cwe.iter().map(|number| format!("CWE-{number}")));
    page.flow("  ", &facts.join(" · "));
    page.block("Ask", &item.ask);
    page.block("Generated", &item.generated);
    page.block("In production", &item.failure);
    page.points(
        "Look for",
        item.signals.iter().map(|signal| ("· ".to_owned(), signal)),
    );
    let numbered = item.mitigations.iter().enumerate();
    page.points(
        "Repairs",
        numbered.map(|(index, repair)| (format!("{}. ", index + 1), repair)),
    );
    for (label, names) in [
        ("Languages", &item.languages),
        ("Paths", &item.paths),
        ("Hint rules", &item.rules),
    ] {
        if !names.is_empty() {
            page.block(label, &names.join(", "));
        }
    }
    if !item.sources.is_empty() {
        page.block("Sources", &item.sources.join("; "));
    }
}

fn size(list: &Checklist) -> String {
    let plural = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let items = plural(list.items.len(), "item", "items");
    format!(
        "{items} in {}",
        plural(list.categories.len(), "category", "categories")
    )
}

fn visible_name(name: &str) -> String {
    let hostile = name
        .chars()
        .any(|c| quoted(&c.to_string()).chars().count() != 3);
    if hostile {
        quoted(
            Path::new(name)
                .file_name()
                .and_then(|last| last.to_str())
                .unwrap_or(name),
        )
    } else {
        name.to_owned()
    }
}

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

    fn block(&mut self, label: &str, text: &str) {
        self.flow("  ", label);
        self.flow("    ", text);
    }

    fn points<'t>(&mut self, label: &str, points: impl Iterator<Item = (String, &'t String)>) {
        self.flow("  ", label);
        for (mark, text) in points {
            self.hang(&format!("    {mark}"), text);
        }
    }

    fn flow(&mut self, indent: &str, text: &str) {
        self.hang(indent, text);
    }

    /// Sets a text behind a lead; further lines are indented by the width of the lead. A word wider than the line
    /// stands on a line of its own.
    fn hang(&mut self, lead: &str, text: &str) {
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
