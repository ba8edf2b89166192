//! The form of a checklist file as JSON Schema, so that an editor completes keys and marks mistakes while one types.
//! Owns the translation of `schema`; what relates keys of several tables to each other is left to `lint`.

use serde_json::{Map, Value, json};

use super::schema::{CATEGORY, FILE, ITEM, Key, Need, STAGE, Schema, Shape};
use super::{FORMAT, figures};
use crate::model::{AnsweredBy, EvidenceKind, Severity};

/// Returns the JSON Schema (draft 2020-12) of a checklist file.
pub fn json_schema() -> Value {
    let mut schema = table(&FILE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!("urn:countersign:checklist:v1");
    schema["title"] = json!("A checklist of countersign");
    schema
}

fn table(schema: &Schema) -> Value {
    let properties: Map<String, Value> = schema
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<&str> = schema
        .keys
        .iter()
        .filter(|key| key.need == Need::Required)
        .map(|key| key.name)
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

fn property(key: &Key) -> Value {
    let mut value = match (key.name, key.shape) {
        ("format", _) => json!({ "const": FORMAT }),
        ("id" | "stage" | "category", Shape::Text { .. }) => slug(),
        ("version", _) => json!({ "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" }),
        ("ask", Shape::Text { longest }) => {
            json!({ "type": "string", "maxLength": longest, "pattern": "\\?" })
        }
        ("severity", _) => one_of(Severity::ALL.iter().map(|severity| severity.name())),
        ("evidence", _) => one_of(EvidenceKind::ALL.iter().map(|kind| kind.name())),
        ("figures", _) => json!({ "type": "array", "items": one_of(figures::names()) }),
        ("answered_by", _) => {
            let place = one_of(AnsweredBy::ALL.iter().map(|place| place.name()));
            json!({ "anyOf": [place, { "type": "array", "minItems": 1, "items": place }] })
        }
        ("category" | "stages" | "item", Shape::Tables) => {
            let rows = match key.name {
                "category" => table(&CATEGORY),
                "stages" => table(&STAGE),
                _ => table(&ITEM),
            };
            json!({ "type": "array", "minItems": 1, "items": rows })
        }
        (_, shape) => plain(shape),
    };
    value["description"] = json!(key.meaning);
    value
}

fn plain(shape: Shape) -> Value {
    match shape {
        Shape::Text { longest } => {
            json!({ "type": "string", "minLength": 1, "maxLength": longest })
        }
        Shape::Texts {
            longest,
            least,
            most,
        } => json!({
            "type": "array", "minItems": least, "maxItems": most, "uniqueItems": true,
            "items": { "type": "string", "minLength": 1, "maxLength": longest },
        }),
        Shape::OneOrTexts { longest, .. } => {
            let text = json!({ "type": "string", "minLength": 1, "maxLength": longest });
            json!({ "anyOf": [text, { "type": "array", "items": text }] })
        }
        Shape::Number => json!({ "type": "integer", "minimum": 0 }),
        Shape::Numbers => {
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "integer", "minimum": 1 } })
        }
        Shape::Tables => json!({ "type": "array" }),
    }
}

fn slug() -> Value {
    json!({ "type": "string", "maxLength": 40, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" })
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": names.collect::<Vec<_>>() })
}
