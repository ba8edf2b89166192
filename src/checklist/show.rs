//! Checklists as text for a terminal. Pure functions; texts of a list are free of control characters, because lint
//! refuses them.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::Mistake;
use super::words::shown;
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

fn draw_item(page: &mut Page, category: &Category, item: &Item) {
    page.flow("", &format!("{} · {}", item.id, item.title));
    let mut facts = vec![category.title.clone(), item.severity.name().to_owned()];
    facts.extend(item.cwe.iter().map(|number| format!("CWE-{number}")));
    page.flow("  ", &facts.join(" · "));
    page.blank();
    page.entry("Ask", &item.ask);
    page.entry("Generated", &item.generated);
    page.entry("In production", &item.failure);
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
    if !item.sources.is_empty() {
        page.entry("Sources", &item.sources.join("; "));
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
