//! Stored forms of what people say of hints.

use serde::{Deserialize, Serialize};

use super::WireError;
use super::parts;
use crate::model::{Digest, EntryBody, FindingId, HintRef, ItemId, RuleId};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HintForm {
    fingerprint: String,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    items: Vec<String>,
    path: String,
    line: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DismissedForm {
    hint: HintForm,
    reason: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmedForm {
    hint: HintForm,
    finding: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FingerprintForm {
    fingerprint: String,
}

/// Tells whether a dismissal was written before its form was decided: it named the hint by a number, and was relayed
/// without being understood. It still is.
pub(super) fn is_older(body: &[u8]) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_slice(body);
    value.is_ok_and(|value| value["hint"].is_number())
}

impl DismissedForm {
    pub(super) fn new(hint: &HintRef, reason: &str) -> Self {
        Self {
            hint: hint.into(),
            reason: reason.to_owned(),
        }
    }

    pub(super) fn body(self) -> Result<EntryBody, WireError> {
        Ok(EntryBody::HintDismissed {
            hint: self.hint.try_into()?,
            reason: self.reason,
        })
    }
}

impl ConfirmedForm {
    pub(super) fn new(hint: &HintRef, finding: &FindingId) -> Self {
        Self {
            hint: hint.into(),
            finding: finding.0.clone(),
        }
    }

    pub(super) fn body(self) -> Result<EntryBody, WireError> {
        Ok(EntryBody::HintConfirmed {
            hint: self.hint.try_into()?,
            finding: FindingId(self.finding),
        })
    }
}

impl FingerprintForm {
    pub(super) fn new(fingerprint: &Digest) -> Self {
        Self {
            fingerprint: fingerprint.to_string(),
        }
    }

    pub(super) fn body(self) -> Result<EntryBody, WireError> {
        Ok(EntryBody::HintRestored(parts::digest(&self.fingerprint)?))
    }
}

impl From<&HintRef> for HintForm {
    fn from(hint: &HintRef) -> Self {
        let HintRef {
            fingerprint,
            rule,
            tool,
            items,
            path,
            line,
        } = hint;
        Self {
            fingerprint: fingerprint.to_string(),
            rule: rule.0.clone(),
            tool: tool.clone(),
            items: items.iter().map(|item| item.0.clone()).collect(),
            path: path.quoted(),
            line: *line,
        }
    }
}

impl TryFrom<HintForm> for HintRef {
    type Error = WireError;

    fn try_from(form: HintForm) -> Result<Self, WireError> {
        Ok(Self {
            fingerprint: parts::digest(&form.fingerprint)?,
            rule: RuleId(form.rule),
            tool: form.tool,
            items: form.items.into_iter().map(ItemId).collect(),
            path: parts::path(&form.path)?,
            line: form.line,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode};
    use super::*;
    use crate::support::digest::sha256;

    fn hint() -> HintRef {
        HintRef {
            fingerprint: sha256(b"code"),
            rule: RuleId::from("python-query-in-loop"),
            tool: None,
            items: vec![ItemId::from("n-plus-one")],
            path: "src/orders/service.py".into(),
            line: 121,
        }
    }

    /// The spelling of version 1; it never changes.
    const DISMISSED: &str = r#"{"hint":{"fingerprint":"5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b","rule":"python-query-in-loop","items":["n-plus-one"],"path":"src/orders/service.py","line":121},"reason":"three rows"}"#;
    const RESTORED: &str =
        r#"{"fingerprint":"5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b"}"#;
    const CONFIRMED: &str = r#"{"hint":{"fingerprint":"5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b","rule":"python.sqli","tool":"semgrep","items":["n-plus-one"],"path":"src/orders/service.py","line":121},"finding":"f00000001"}"#;

    #[test]
    fn acts_on_hints_are_stored_as_version_1_spells_them() {
        let acts = [
            (
                DISMISSED,
                EntryBody::HintDismissed {
                    hint: hint(),
                    reason: "three rows".to_owned(),
                },
            ),
            (RESTORED, EntryBody::HintRestored(hint().fingerprint)),
            (
                CONFIRMED,
                EntryBody::HintConfirmed {
                    hint: HintRef {
                        rule: RuleId::from("python.sqli"),
                        tool: Some("semgrep".to_owned()),
                        ..hint()
                    },
                    finding: "f00000001".into(),
                },
            ),
        ];
        for (stored, body) in acts {
            let bytes = encode(&body).expect("a kind of this version");
            assert_eq!(String::from_utf8_lossy(&bytes), stored);
            assert_eq!(decode(body.kind(), stored.as_bytes()), Ok(body));
        }
    }

    #[test]
    fn what_is_not_understood_in_full_is_refused() {
        let extra = DISMISSED.replace("\"reason\"", "\"why\":1,\"reason\"");
        assert!(decode("hint.dismissed", extra.as_bytes()).is_err());
        let short = RESTORED.replace("5694", "56");
        assert!(decode("hint.restored", short.as_bytes()).is_err());
    }
}
