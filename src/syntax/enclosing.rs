//! The function or type around a line, for a header that stays in sight.

use tree_sitter::Node;

use super::Language;
use super::parse::{Parsed, Stretch};
use crate::model::{FileText, LineNo};
use crate::support::text;

/// How much of the naming line is kept, in bytes.
pub(super) const NAME_LIMIT: usize = 512;

/// What a line stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosing {
    /// The line that names it.
    pub line: LineNo,
    /// That line, without the blanks around it, safe to show.
    pub text: String,
}

/// Returns the innermost function or type around a line; for the naming line itself, what that line names. `None`
/// outside of any, in a language without functions, and when the text is not the one that was parsed.
pub fn enclosing(parsed: &Parsed, text: &FileText, line: LineNo) -> Option<Enclosing> {
    if !parsed.is_of(text) {
        return None;
    }
    let bytes = text.line(line)?;
    let indent = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let at = text.range(line)?.start + indent;
    let stretch = parsed
        .stretches
        .iter()
        .find(|stretch| stretch.range.contains(&at))?;
    let row = naming_row(parsed.language, stretch, at - stretch.range.start)?;
    let line = LineNo(stretch.first.0 + row);
    let name = text.line(line)?.trim_ascii();
    Some(Enclosing {
        line,
        text: text::visible_bytes(&name[..name.len().min(NAME_LIMIT)]),
    })
}

/// Walks down to a byte and returns the row of the name of the last node on the way that names a function or a type.
/// Down, because asking a node for its parent starts from the root each time.
fn naming_row(language: Language, stretch: &Stretch, at: usize) -> Option<u32> {
    let mut cursor = stretch.tree.walk();
    let mut found = None;
    loop {
        if let Some(row) = named_row(language, cursor.node()) {
            found = Some(row);
        }
        if cursor.goto_first_child_for_byte(at).is_none() || cursor.node().start_byte() > at {
            return found;
        }
    }
}

/// Returns the row that names a node, if it is a function or a type.
fn named_row(language: Language, node: Node<'_>) -> Option<u32> {
    named(language, node).map(|name| name.start_position().row as u32)
}

/// Returns the part that names a node, if it is a function or a type.
pub(super) fn named(language: Language, node: Node<'_>) -> Option<Node<'_>> {
    let kind = node.kind();
    let holds_function = matches!(
        kind,
        "variable_declarator" | "public_field_definition" | "field_definition"
    ) && is_script(language)
        && node.child_by_field_name("value").is_some_and(|value| {
            matches!(
                value.kind(),
                "arrow_function" | "function_expression" | "class"
            )
        });
    if !holds_function && !containers(language).contains(&kind) {
        return None;
    }
    let is_mention = matches!(language, Language::C | Language::Cpp)
        && kind.ends_with("_specifier")
        && node.child_by_field_name("body").is_none();
    let name = ["name", "declarator", "trait", "type"]
        .into_iter()
        .find_map(|field| node.child_by_field_name(field))
        .unwrap_or(node);
    (!is_mention).then_some(name)
}

fn is_script(language: Language) -> bool {
    matches!(
        language,
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx
    )
}

/// Returns the kinds of nodes that name a function or a type.
fn containers(language: Language) -> &'static [&'static str] {
    match language {
        Language::Rust => &[
            "function_item",
            "impl_item",
            "trait_item",
            "struct_item",
            "enum_item",
            "union_item",
            "mod_item",
            "macro_definition",
        ],
        Language::Python => &["function_definition", "class_definition"],
        Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => &[
            "function_declaration",
            "generator_function_declaration",
            "class_declaration",
            "abstract_class_declaration",
            "method_definition",
            "interface_declaration",
            "enum_declaration",
            "type_alias_declaration",
            "internal_module",
        ],
        Language::Go => &["function_declaration", "method_declaration", "type_spec"],
        Language::Java => &[
            "class_declaration",
            "interface_declaration",
            "enum_declaration",
            "record_declaration",
            "annotation_type_declaration",
            "method_declaration",
            "constructor_declaration",
            "compact_constructor_declaration",
        ],
        Language::Kotlin => &[
            "function_declaration",
            "class_declaration",
            "object_declaration",
            "companion_object",
            "secondary_constructor",
        ],
        Language::CSharp => &[
            "class_declaration",
            "struct_declaration",
            "interface_declaration",
            "enum_declaration",
            "record_declaration",
            "method_declaration",
            "constructor_declaration",
            "property_declaration",
            "local_function_statement",
        ],
        Language::Ruby => &["method", "singleton_method", "class", "module"],
        Language::Php => &[
            "function_definition",
            "method_declaration",
            "class_declaration",
            "interface_declaration",
            "trait_declaration",
            "enum_declaration",
        ],
        Language::C => &[
            "function_definition",
            "struct_specifier",
            "union_specifier",
            "enum_specifier",
        ],
        Language::Cpp => &[
            "function_definition",
            "class_specifier",
            "struct_specifier",
            "union_specifier",
            "enum_specifier",
            "namespace_definition",
        ],
        Language::Swift => &[
            "function_declaration",
            "init_declaration",
            "class_declaration",
            "protocol_declaration",
        ],
        Language::Scala => &[
            "function_definition",
            "class_definition",
            "object_definition",
            "trait_definition",
            "enum_definition",
        ],
        Language::Bash => &["function_definition"],
        Language::Hcl => &["block"],
        Language::Toml => &["table", "table_array_element"],
        Language::Sql => &["create_function", "create_table", "create_view"],
        Language::Json | Language::Yaml | Language::Dockerfile | Language::Html | Language::Css => {
            &[]
        }
    }
}
