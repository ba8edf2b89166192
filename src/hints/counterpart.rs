//! The counterpart of a piece of code on the other side of a change: functions and classes by their names and those around
//! them, HCL blocks by type and labels, containers, services, jobs and documents of YAML, SQL tables, else the file.
//!
//! Refuses to guess: what was renamed, or stands there more often than before, has no counterpart.

use std::ops::Range;

use super::file::File;
use super::gone::UnitKind;
use super::grammar::field_of;
use super::kinds;
use super::tree::Node;
use crate::syntax::Language;

/// A piece of a file that has a name of its own.
#[derive(Debug, Clone)]
pub struct Unit<'a> {
    /// The node; the file's root where the whole file is meant.
    pub node: Node<'a>,
    /// Its bytes, with what decorates it.
    pub range: Range<usize>,
    /// The names that lead to it, the outermost first; empty for the file.
    pub key: Vec<String>,
}

/// Keys of YAML under which each entry is a unit of its own.
const NAMED_ENTRIES: &[&str] = &["services", "jobs", "volumes", "networks", "stages"];

/// Returns the unit around a node.
pub fn unit_of<'a>(file: &File<'a>, node: Node<'a>, kind: UnitKind) -> Unit<'a> {
    let whole = Unit {
        node: file.top(),
        range: file.top().byte_range(),
        key: Vec::new(),
    };
    if kind == UnitKind::File {
        return whole;
    }
    let home = decorated_by(node).unwrap_or(node);
    let around = std::iter::once(home).chain(home.around());
    let mut units = around.filter(|node| is_unit(file, *node));
    let found = units.find(|node| kind == UnitKind::Function || is_class(file, *node));
    found.and_then(|node| unit(file, node)).unwrap_or(whole)
}

/// Returns all units of a file, in the order of the text.
pub fn units<'a>(file: &File<'a>) -> Vec<Unit<'a>> {
    let nodes = file.nodes();
    nodes
        .filter(|node| is_unit(file, *node))
        .filter_map(|node| unit(file, node))
        .collect()
}

/// Returns the counterpart of a unit of one file in another, both with all their units.
pub fn counterpart<'a>(
    of: &Unit<'_>,
    here: &File<'_>,
    own_units: &[Unit<'_>],
    there: &File<'a>,
    units: &[Unit<'a>],
) -> Option<Unit<'a>> {
    if of.key.is_empty() {
        return Some(Unit {
            node: there.top(),
            range: there.top().byte_range(),
            key: Vec::new(),
        });
    }
    let same: Vec<&Unit<'a>> = units.iter().filter(|unit| unit.key == of.key).collect();
    let before: Vec<&Unit<'_>> = own_units.iter().filter(|unit| unit.key == of.key).collect();
    if let ([one], [_]) = (same.as_slice(), before.as_slice()) {
        return Some((*one).clone());
    }
    let parameters = parameters(here, of.node);
    let mut alike = same
        .iter()
        .filter(|unit| self::parameters(there, unit.node) == parameters);
    if let (Some(one), None) = (alike.next(), alike.next()) {
        return Some((*one).clone());
    }
    let nth = before
        .iter()
        .position(|unit| unit.range.start == of.range.start)?;
    (same.len() == before.len())
        .then(|| same.get(nth).map(|unit| (*unit).clone()))
        .flatten()
}

fn parameters(file: &File<'_>, node: Node<'_>) -> String {
    let text = kinds::parameters(node).and_then(|node| file.text().get(node.byte_range()));
    text.unwrap_or_default().split_whitespace().collect()
}

/// Returns the declaration that a decorator stands before, where the grammar makes them siblings.
fn decorated_by(node: Node<'_>) -> Option<Node<'_>> {
    let around = std::iter::once(node).chain(node.around());
    let mark = around
        .take(8)
        .find(|node| matches!(node.kind(), "decorator" | "attribute_item"))?;
    let mut next = mark.next_named_sibling()?;
    while matches!(next.kind(), "decorator" | "attribute_item") || kinds::is_comment(next) {
        next = next.next_named_sibling()?;
    }
    Some(match next.kind() {
        "export_statement" | "decorated_definition" => {
            kinds::field(next, &["declaration", "definition"])?
        }
        _ => next,
    })
}

fn is_class(file: &File<'_>, node: Node<'_>) -> bool {
    file.kinds().classes.contains(&node.kind())
}

fn is_unit<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    match file.language {
        Language::Hcl => {
            node.kind() == "block" && node.around().all(|around| around.kind() != "block")
        }
        Language::Yaml => is_yaml_unit(file, node),
        Language::Sql => node.kind() == "statement",
        _ => {
            is_class(file, node)
                || ((file.is_function(node) || is_example(file, node))
                    && !name(file, node).is_empty())
        }
    }
}

/// Tells whether a block of Ruby is handed to a call; those with a string before them (`it "is paid" do`) have a name.
fn is_example<'a>(file: &File<'a>, node: Node<'a>) -> bool {
    file.language == Language::Ruby && matches!(node.kind(), "do_block" | "block")
}

fn unit<'a>(file: &File<'a>, node: Node<'a>) -> Option<Unit<'a>> {
    let mut key = vec![name(file, node)];
    let is_code = !file.kinds().functions.is_empty() && file.language != Language::Sql;
    if is_code || file.language == Language::Yaml {
        let outer = node.around();
        key.extend(
            outer
                .into_iter()
                .filter(|outer| is_unit(file, *outer))
                .map(|outer| name(file, outer)),
        );
    }
    key.reverse();
    if key.iter().any(String::is_empty) {
        return None;
    }
    let whole = kinds::decorated(node);
    let start = kinds::decorators_start(whole).min(kinds::decorators_start(node));
    Some(Unit {
        node,
        range: start..whole.end_byte(),
        key,
    })
}

fn name<'a>(file: &File<'a>, node: Node<'a>) -> String {
    match file.language {
        Language::Hcl => {
            let text = file.text_of(node);
            squeezed(text.split('{').next().unwrap_or_default())
        }
        Language::Yaml => yaml_name(file, node),
        Language::Sql => sql_name(file.text_of(node)),
        _ => code_name(file, node),
    }
}

fn code_name<'a>(file: &File<'a>, node: Node<'a>) -> String {
    if is_class(file, node) {
        let own = kinds::field(node, &["name", "type"]).or_else(|| {
            node.named_children()
                .find(|child| child.kind().contains("identifier"))
        });
        let of = field_of(node, "trait")
            .map(|node| file.text_of(node))
            .unwrap_or_default();
        return squeezed(&format!(
            "{of} {}",
            own.map(|node| file.text_of(node)).unwrap_or_default()
        ));
    }
    let own = file.function_name(node);
    if !own.is_empty() {
        // A method of Go names its type beside it.
        let receiver = field_of(node, "receiver")
            .map(|node| file.text_of(node))
            .and_then(|text| text.trim_matches(['(', ')']).split_whitespace().last())
            .unwrap_or_default();
        return squeezed(&format!("{} {own}", receiver.trim_start_matches('*')));
    }
    heading_of_call(file, node)
}

/// A closure that is handed to a call (a route, a job) is called after it and its first argument, where that is a string.
fn heading_of_call<'a>(file: &File<'a>, closure: Node<'a>) -> String {
    let call = closure.around().take(3).find_map(|node| file.call(node));
    let Some(call) = call else {
        return String::new();
    };
    let first = call.arguments.and_then(|node| node.named_child(0));
    let first = first.map_or("", |node| file.text_of(node));
    let is_string = first.starts_with(['"', '\'', '`']);
    let end = call
        .arguments
        .map_or(call.node.start_byte(), Node::start_byte);
    let callee = file.text().get(call.node.start_byte()..end);
    if !is_string || first.len() > 200 {
        return String::new();
    }
    squeezed(&format!("{}({first}", callee.unwrap_or_default()))
}

/// `create table orders`, `create index i on orders`: the first words of a statement, up to what it holds.
fn sql_name(text: &str) -> String {
    let head = text.split('(').next().unwrap_or_default().to_lowercase();
    let words = head.split_whitespace();
    words
        .filter(|word| !matches!(*word, "if" | "not" | "exists"))
        .take(6)
        .collect::<Vec<_>>()
        .join(" ")
        .replace(['"', '`'], "")
}

fn is_yaml_unit(file: &File<'_>, node: Node<'_>) -> bool {
    match node.kind() {
        "document" => true,
        "block_mapping" | "flow_mapping" => !yaml_name(file, node).is_empty(),
        _ => false,
    }
}

/// A document is named by its kind and name, an element of a list by its `name`, `id` or `uses`, a service or job by its key.
fn yaml_name(file: &File<'_>, node: Node<'_>) -> String {
    if node.kind() == "document" {
        let value = |path: &[&str]| yaml_value(file, node, path).unwrap_or_default();
        return format!(
            "document {} {}",
            value(&["kind"]),
            value(&["metadata", "name"])
        );
    }
    let around = node.around();
    let holder = node
        .around()
        .find(|around| !matches!(around.kind(), "block_node" | "flow_node"));
    let Some(holder) = holder else {
        return String::new();
    };
    if matches!(holder.kind(), "block_sequence_item" | "flow_sequence") {
        let name = ["name", "id", "uses"]
            .iter()
            .find_map(|key| yaml_value(file, node, &[key]));
        return name.map(|name| format!("- {name}")).unwrap_or_default();
    }
    if holder.kind() == "block_mapping_pair" {
        let section = around
            .filter(|around| around.kind() == "block_mapping_pair")
            .nth(1);
        let is_named = section.is_some_and(|section| {
            yaml_key(file, section).is_some_and(|key| NAMED_ENTRIES.contains(&key))
        });
        if is_named {
            return yaml_key(file, holder).unwrap_or_default().to_owned();
        }
    }
    String::new()
}

fn yaml_key<'a>(file: &File<'a>, pair: Node<'_>) -> Option<&'a str> {
    let key = field_of(pair, "key")?;
    Some(file.text_of(key).trim_matches(['"', '\'']))
}

/// Returns the scalar at a path of keys below a node.
fn yaml_value<'a>(file: &File<'a>, node: Node<'_>, path: &[&str]) -> Option<&'a str> {
    let mut at = node;
    for (depth, key) in path.iter().enumerate() {
        let mut mapping = at;
        while !matches!(mapping.kind(), "block_mapping" | "flow_mapping") {
            mapping = mapping
                .named_children()
                .find(|child| !kinds::is_comment(*child) && !child.kind().ends_with("directive"))?;
        }
        let pair = mapping
            .named_children()
            .find(|pair| yaml_key(file, *pair) == Some(key))?;
        at = field_of(pair, "value")?;
        if depth + 1 == path.len() {
            let text = file.text_of(at);
            return (!text.contains('\n')).then(|| text.trim_matches(['"', '\'']));
        }
    }
    None
}

/// Text without what reformatting changes: blanks are kept only between two words, all quotes are one, no comma is last.
pub fn squeezed(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && is_word(c) && out.chars().next_back().is_some_and(is_word) {
            out.push(' ');
        }
        blank = false;
        if matches!(c, ')' | ']' | '}') && out.ends_with(',') {
            out.pop();
        }
        out.push(if matches!(c, '\'' | '`') { '"' } else { c });
    }
    out
}
