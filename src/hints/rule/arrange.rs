//! The order in which the parts of a rule are tried: cheap filters first.
//!
//! What is written down says nothing of order where no variable is bound, and walks to the end of a file are costly; so
//! parts without variables and without a walk come first, and what a node has is looked at before what it is inside of.

use serde_json::{Map, Value};

/// The parts of a rule object, in the order in which they would be tried.
const PARTS: [&str; 8] = [
    "all", "any", "not", "matches", "inside", "has", "precedes", "follows",
];

/// Puts the parts of a rule into a better order; it matches the same nodes.
pub fn arranged(rule: Value) -> Value {
    let Value::Object(mut keys) = rule else {
        return rule;
    };
    for key in ["inside", "has", "precedes", "follows", "not"] {
        if let Some(inner) = keys.remove(key) {
            keys.insert(key.to_owned(), arranged(inner));
        }
    }
    for key in ["all", "any"] {
        if let Some(Value::Array(all)) = keys.remove(key) {
            let all = all.into_iter().map(arranged).collect();
            keys.insert(key.to_owned(), Value::Array(all));
        }
    }
    let (filters, rest): (Vec<Value>, Vec<Value>) = parts(&mut keys)
        .into_iter()
        .partition(|part| !binds(part) && !walks(part) && !leaves(part));
    let (outside, mut rest): (Vec<Value>, Vec<Value>) = rest
        .into_iter()
        .partition(|part| !binds(part) && !walks(part));
    has_before_inside(&mut rest);
    let near = rest
        .iter()
        .take_while(|part| !walks(part) && !leaves(part))
        .count();
    let far = rest.split_off(near);
    let all: Vec<Value> = [filters, rest, outside, far].concat();
    if !all.is_empty() {
        keys.insert("all".to_owned(), Value::Array(all));
    }
    Value::Object(keys)
}

/// Returns what of a rule asks only of the node and what is near in it, if that is anything: whatever the rule matches, it
/// matches too, and sooner. Looking for a node's parent begins at the root each time.
pub fn near(rule: &Value, utils: &Value) -> Option<Value> {
    let keys = rule.as_object()?;
    let is_near = |value: &Value| !walks(value) && !leaves(value);
    let mut kept = Map::new();
    for (key, value) in keys {
        let part = match key.as_str() {
            "not" => is_near(value).then(|| value.clone()),
            "has" if value.get("stopBy").is_none_or(|stop| stop == "neighbor") => {
                // What is asked of the child may be dropped, not that there is one of its kind.
                near(value, utils)
            }
            "inside" | "precedes" | "follows" | "has" => None,
            "matches" => {
                let util = value.as_str().and_then(|name| utils.get(name));
                util.filter(|util| is_near(util)).map(|_| value.clone())
            }
            "all" => {
                let all: Vec<Value> = value
                    .as_array()?
                    .iter()
                    .filter_map(|one| near(one, utils))
                    .collect();
                (!all.is_empty()).then_some(Value::Array(all))
            }
            "any" => value
                .as_array()?
                .iter()
                .map(|one| near(one, utils))
                .collect::<Option<Vec<Value>>>()
                .map(Value::Array),
            _ => Some(value.clone()),
        };
        if let Some(part) = part {
            kept.insert(key.clone(), part);
        }
    }
    let asks = kept.keys().any(|key| key != "stopBy" && key != "field");
    asks.then_some(Value::Object(kept))
}

/// Takes the parts out of a rule object, one by one.
fn parts(keys: &mut Map<String, Value>) -> Vec<Value> {
    let mut parts = Vec::new();
    for key in PARTS {
        match keys.remove(key) {
            Some(Value::Array(all)) if key == "all" => parts.extend(all),
            Some(value) => {
                let mut part = Map::new();
                part.insert(key.to_owned(), value);
                parts.push(Value::Object(part));
            }
            None => {}
        }
    }
    parts
}

/// Tells whether a part may bind a variable or depend on one.
fn binds(part: &Value) -> bool {
    match part {
        Value::Array(all) => all.iter().any(binds),
        Value::Object(keys) => keys.iter().any(|(key, value)| match key.as_str() {
            "pattern" | "matches" => true,
            _ => binds(value),
        }),
        _ => false,
    }
}

/// Tells whether a part goes further than to neighbours.
pub fn walks(part: &Value) -> bool {
    match part {
        Value::Array(all) => all.iter().any(walks),
        Value::Object(keys) => keys
            .iter()
            .any(|(key, value)| key == "stopBy" && value != "neighbor" || walks(value)),
        _ => false,
    }
}

/// Tells whether a part looks at what is around or beside the node.
pub fn leaves(part: &Value) -> bool {
    match part {
        Value::Array(all) => all.iter().any(leaves),
        Value::Object(keys) => keys.iter().any(|(key, value)| {
            matches!(key.as_str(), "inside" | "precedes" | "follows") || leaves(value)
        }),
        _ => false,
    }
}

/// Puts what a node has, where that is near, before what it is inside of, where that is far.
fn has_before_inside(all: &mut [Value]) {
    let far = |part: &Value| part.get("inside").is_some_and(walks);
    let near = |part: &Value| part.get("has").is_some_and(|has| !walks(has));
    if let Some(inside) = all.iter().position(far)
        && let Some(has) = all.iter().skip(inside + 1).position(near)
    {
        all[inside..=inside + 1 + has].rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(yaml: &str) -> String {
        let rule: Value = ast_grep_config::from_str(yaml).unwrap();
        arranged(rule).to_string()
    }

    #[test]
    fn filters_come_first_and_walks_last() {
        assert_eq!(
            of("{kind: call, any: [{pattern: f($V)}], inside: {kind: x}, not: {regex: y}}"),
            r#"{"all":[{"not":{"regex":"y"}},{"any":[{"pattern":"f($V)"}]},{"inside":{"kind":"x"}}],"kind":"call"}"#
        );
        assert_eq!(
            of("{kind: a, inside: {stopBy: end, pattern: $V}, has: {field: left, pattern: $V}}"),
            r#"{"all":[{"has":{"field":"left","pattern":"$V"}},{"inside":{"pattern":"$V","stopBy":"end"}}],"kind":"a"}"#
        );
    }

    #[test]
    fn parts_that_bind_keep_their_order() {
        assert_eq!(
            of("{kind: a, all: [{pattern: $A}, {pattern: $B}], not: {pattern: $A}}"),
            r#"{"all":[{"pattern":"$A"},{"pattern":"$B"},{"not":{"pattern":"$A"}}],"kind":"a"}"#
        );
    }

    #[test]
    fn what_is_near_is_weaker_than_the_whole() {
        let near = |yaml: &str| {
            let rule: Value = ast_grep_config::from_str(yaml).unwrap();
            near(&rule, &Value::Null).map(|near| near.to_string())
        };
        assert_eq!(
            near("{kind: a, has: {field: left, regex: x, has: {stopBy: end, regex: y}}, inside: {kind: z}}").unwrap(),
            r#"{"has":{"field":"left","regex":"x"},"kind":"a"}"#
        );
        assert_eq!(
            near("{kind: a, any: [{regex: x}, {inside: {kind: y}}], not: {has: {stopBy: end, regex: z}}}").unwrap(),
            r#"{"kind":"a"}"#,
            "a branch of which nothing is known leaves nothing of the choice"
        );
        assert_eq!(near("{inside: {kind: z}}"), None);
    }
}
