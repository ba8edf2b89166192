//! Results of other tools as a review's folder keeps them: what was taken from a file, not the file.

use serde::{Deserialize, Serialize};

use super::read::{Import, ImportedPath, ImportedResult};
use crate::model::Strength;

/// Why kept results cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the kept results of another tool cannot be read ({0}); bring them in again with `countersign review --hints FILE`"
)]
pub struct KeptError(pub String);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptForm {
    version: u32,
    results: Vec<ResultForm>,
    told: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResultForm {
    tool: String,
    rule: String,
    cwe: Vec<u32>,
    strength: String,
    message: String,
    why: String,
    path: String,
    absolute: bool,
    start_line: u32,
    end_line: u32,
}

/// Writes what was taken from a file.
pub fn spell_kept(import: &Import) -> Vec<u8> {
    let results = import.results.iter().map(|result| {
        let ImportedResult {
            tool,
            rule,
            cwe,
            strength,
            message,
            why,
            path,
            start_line,
            end_line,
        } = result.clone();
        let (path, absolute) = match path {
            ImportedPath::Relative(path) => (path, false),
            ImportedPath::Absolute(path) => (path, true),
        };
        ResultForm {
            tool,
            rule,
            cwe,
            strength: strength.name().to_owned(),
            message,
            why,
            path,
            absolute,
            start_line,
            end_line,
        }
    });
    let form = KeptForm {
        version: 1,
        results: results.collect(),
        told: import.told.clone(),
    };
    serde_json::to_vec(&form).expect("plain structs always serialise")
}

/// Reads what [`spell_kept`] writes.
pub fn load_kept(bytes: &[u8]) -> Result<Import, KeptError> {
    let form: KeptForm =
        serde_json::from_slice(bytes).map_err(|error| KeptError(error.to_string()))?;
    if form.version != 1 {
        return Err(KeptError(format!(
            "version {} is newer than this program",
            form.version
        )));
    }
    let results = form.results.into_iter().map(|result| {
        Ok(ImportedResult {
            strength: Strength::from_name(&result.strength)
                .ok_or_else(|| KeptError(format!("strength {:?}", result.strength)))?,
            path: if result.absolute {
                ImportedPath::Absolute(result.path)
            } else {
                ImportedPath::Relative(result.path)
            },
            tool: result.tool,
            rule: result.rule,
            cwe: result.cwe,
            message: result.message,
            why: result.why,
            start_line: result.start_line,
            end_line: result.end_line,
        })
    });
    Ok(Import {
        results: results.collect::<Result<_, _>>()?,
        told: form.told,
    })
}
