//! Where a result of another tool points: URIs, their bases, and paths as tools write them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::read::ImportedPath;

/// How many bases may stand on one another.
const DEEPEST: usize = 8;

/// The bases and artifacts of a run.
pub(super) struct Bases<'a> {
    bases: BTreeMap<&'a str, &'a Value>,
    artifacts: &'a Value,
}

impl<'a> Bases<'a> {
    pub(super) fn of(run: &'a Value) -> Self {
        let bases = run["originalUriBaseIds"].as_object();
        Self {
            bases: bases
                .into_iter()
                .flatten()
                .map(|(name, base)| (name.as_str(), base))
                .collect(),
            artifacts: &run["artifacts"],
        }
    }

    /// Reads an artifact's location; `None` where it names no file.
    pub(super) fn path(&self, location: &'a Value) -> Option<ImportedPath> {
        let listed = location["index"]
            .as_u64()
            .and_then(|at| self.artifacts.get(at as usize))
            .map(|artifact| &artifact["location"]);
        let location = if location["uri"].is_string() {
            location
        } else {
            listed?
        };
        let uri = location["uri"].as_str()?;
        let path = spelled(uri)?;
        if let ImportedPath::Absolute(_) = path {
            return Some(path);
        }
        let ImportedPath::Relative(own) = &path else {
            return None;
        };
        let prefix = location["uriBaseId"]
            .as_str()
            .map_or_else(String::new, |base| self.below_root(base, DEEPEST));
        normal(&format!("{prefix}{own}")).map(ImportedPath::Relative)
    }

    /// Returns what a base adds below the root of the tree: a base on another machine is that root.
    fn below_root(&self, name: &str, depth: usize) -> String {
        let Some(base) = self.bases.get(name).filter(|_| depth > 0) else {
            return String::new();
        };
        let own = match base["uri"].as_str().and_then(spelled) {
            Some(ImportedPath::Relative(path)) => path,
            Some(ImportedPath::Absolute(_)) | None => return String::new(),
        };
        let own = if own.is_empty() || own.ends_with('/') {
            own
        } else {
            format!("{own}/")
        };
        match base["uriBaseId"].as_str() {
            Some(parent) => format!("{}{own}", self.below_root(parent, depth - 1)),
            None => own,
        }
    }
}

/// Reads a URI or a path that a tool wrote in its place.
fn spelled(uri: &str) -> Option<ImportedPath> {
    let lower = uri.to_ascii_lowercase();
    if lower.starts_with("file:") {
        let rest = uri["file:".len()..].trim_start_matches('/');
        // `file:///C:/a` and `file:///a`: the slash belongs to the second.
        let path = decoded(rest)?;
        let is_drive = path.as_bytes().get(1) == Some(&b':');
        return Some(ImportedPath::Absolute(if is_drive {
            path
        } else {
            format!("/{path}")
        }));
    }
    if let Some((scheme, _)) = uri.split_once("://")
        && scheme
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
    {
        return None;
    }
    let path = decoded(uri)?;
    let path = if path.contains('/') {
        path
    } else {
        path.replace('\\', "/")
    };
    let is_drive =
        path.len() > 2 && path.as_bytes()[1] == b':' && path.as_bytes()[0].is_ascii_alphabetic();
    Some(if path.starts_with('/') || is_drive {
        ImportedPath::Absolute(path)
    } else {
        ImportedPath::Relative(path)
    })
}

/// Decodes `%XX`; a percent sign that begins none stands for itself. Bytes that are no text have no place here.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = text.get(at + 1..at + 3);
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match byte {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

/// Resolves `.` and `..`; `None` for what leads out of the tree, or nowhere.
pub(super) fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(run: &Value, location: &Value) -> Option<ImportedPath> {
        Bases::of(run).path(location)
    }

    #[test]
    fn places_are_read_in_every_spelling_tools_use() {
        let run = json!({
            "originalUriBaseIds": {
                "SRC": { "uri": "backend/", "uriBaseId": "ROOT" },
                "ROOT": { "uri": "file:///home/runner/work/shop/shop/" },
                "LOOP": { "uri": "x/", "uriBaseId": "LOOP" },
            },
            "artifacts": [{ "location": { "uri": "a%20b.py" } }],
        });
        let relative = |text: &str| Some(ImportedPath::Relative(text.to_owned()));
        let absolute = |text: &str| Some(ImportedPath::Absolute(text.to_owned()));
        for (location, expected) in [
            (json!({ "uri": "src/a.py" }), relative("src/a.py")),
            (json!({ "uri": "./src/../a.py" }), relative("a.py")),
            (json!({ "uri": "src\\a.cs" }), relative("src/a.cs")),
            (
                json!({ "uri": "a.py", "uriBaseId": "SRC" }),
                relative("backend/a.py"),
            ),
            (
                json!({ "uri": "a.py", "uriBaseId": "ROOT" }),
                relative("a.py"),
            ),
            (
                json!({ "uri": "a.py", "uriBaseId": "%SRCROOT%" }),
                relative("a.py"),
            ),
            (json!({ "index": 0 }), relative("a b.py")),
            (
                json!({ "uri": "file:///srv/shop/caf%C3%A9.py" }),
                absolute("/srv/shop/café.py"),
            ),
            (
                json!({ "uri": "/srv/shop/a.py" }),
                absolute("/srv/shop/a.py"),
            ),
            (
                json!({ "uri": "file:///C:/shop/a.cs" }),
                absolute("C:/shop/a.cs"),
            ),
            (json!({ "uri": "../outside.py" }), None),
            (json!({ "uri": "https://example.org/a.py" }), None),
            (json!({ "uri": "%ff.py" }), None),
            (json!({}), None),
        ] {
            assert_eq!(path(&run, &location), expected, "{location}");
        }
        assert!(path(&run, &json!({ "uri": "a.py", "uriBaseId": "LOOP" })).is_some());
    }
}
