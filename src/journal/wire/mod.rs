//! Bodies as stored: JSON forms of every kind of act, converted by hand to and from `model`. Owns the spelling of
//! version 1, which a frozen fixture holds for ever; refuses unknown fields, so that nothing is half understood.

mod finding;
mod hint;
mod parts;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::finding::{CommentForm, FindingForm};
use self::hint::{ConfirmedForm, DismissedForm, FingerprintForm};
use self::parts::{MarkForm, PersonForm, RevisionForm, SpanForm};
use super::record::to_json;
use crate::model::{
    ChecklistRef, CommentId, DisplayedSpan, EntryBody, FindingId, ItemId, Opened, ReadMark,
    SignedRef, SignoffVerdict, Verdict,
};
use crate::support::text::visible_start;

/// Why stored text is not an act; a fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct WireError(pub String);

impl WireError {
    fn unknown(what: &str, text: &str) -> Self {
        Self(format!(
            "{what} {:?} is none this version knows",
            visible_start(text, 80)
        ))
    }
}

impl From<serde_json::Error> for WireError {
    fn from(error: serde_json::Error) -> Self {
        Self(visible_start(&error.to_string(), 200).into_owned())
    }
}

/// Writes a body; `None` for a kind this version does not know, which it may relay but never write.
pub(super) fn encode(body: &EntryBody) -> Option<Vec<u8>> {
    Some(match body {
        EntryBody::WriterEnrolled { person, device } => to_json(&EnrolledForm {
            person: person.into(),
            device: device.clone(),
        }),
        EntryBody::ReviewOpened(opened) => encode_opened(opened),
        EntryBody::RevisionAdded(revision) => to_json(&RevisionForm::from(revision)),
        EntryBody::VerdictGiven {
            item,
            verdict,
            finding,
            reference,
        } => to_json(&VerdictForm {
            item: item.0.clone(),
            verdict: verdict.into(),
            finding: finding.as_ref().map(Into::into),
            reference: reference.clone(),
        }),
        EntryBody::VerdictRetracted { item } => to_json(&ItemForm {
            item: item.0.clone(),
        }),
        EntryBody::FindingAdded(finding) | EntryBody::FindingEdited(finding) => {
            to_json(&FindingForm::from(finding))
        }
        EntryBody::FindingWithdrawn(FindingId(id)) | EntryBody::CommentWithdrawn(CommentId(id)) => {
            to_json(&IdForm { id: id.clone() })
        }
        EntryBody::CommentAdded(comment) | EntryBody::CommentEdited(comment) => {
            to_json(&CommentForm::from(comment))
        }
        EntryBody::CodeDisplayed(spans) => to_json(&SpansForm {
            spans: spans.iter().map(Into::into).collect(),
        }),
        EntryBody::CodeRead(marks) | EntryBody::CodeUnread(marks) => to_json(&MarksForm {
            marks: marks.iter().map(Into::into).collect(),
        }),
        EntryBody::HintDismissed { hint, reason } => to_json(&DismissedForm::new(hint, reason)),
        EntryBody::HintRestored(fingerprint) => to_json(&FingerprintForm::new(fingerprint)),
        EntryBody::HintConfirmed { hint, finding } => to_json(&ConfirmedForm::new(hint, finding)),
        EntryBody::ProfileSet { source } => to_json(&ProfileForm {
            profile: source.clone(),
        }),
        EntryBody::SignoffSigned(signed) => to_json(&SignedForm::from(signed)),
        EntryBody::SignoffWithdrawn { record, reason } => to_json(&SignoffWithdrawnForm {
            record: record.to_string(),
            reason: reason.clone(),
        }),
        EntryBody::Unknown { .. } => return None,
    })
}

/// Writes the body a review's id is made from.
pub(super) fn encode_opened(opened: &Opened) -> Vec<u8> {
    to_json(&OpenedForm::from(opened))
}

/// Reads a body. A kind this version does not know is no error: it is kept, uninterpreted.
pub(super) fn decode(kind: &str, body: &[u8]) -> Result<EntryBody, WireError> {
    Ok(match kind {
        "writer.enrolled" => {
            let form: EnrolledForm = parse(body)?;
            EntryBody::WriterEnrolled {
                person: form.person.into(),
                device: form.device,
            }
        }
        "review.opened" => EntryBody::ReviewOpened(parse::<OpenedForm>(body)?.try_into()?),
        "revision.added" => EntryBody::RevisionAdded(parse::<RevisionForm>(body)?.try_into()?),
        "verdict.given" => decode_verdict(parse(body)?)?,
        "verdict.retracted" => EntryBody::VerdictRetracted {
            item: ItemId(parse::<ItemForm>(body)?.item),
        },
        "finding.added" => EntryBody::FindingAdded(parse::<FindingForm>(body)?.try_into()?),
        "finding.edited" => EntryBody::FindingEdited(parse::<FindingForm>(body)?.try_into()?),
        "finding.withdrawn" => EntryBody::FindingWithdrawn(FindingId(parse::<IdForm>(body)?.id)),
        "comment.added" => EntryBody::CommentAdded(parse::<CommentForm>(body)?.try_into()?),
        "comment.edited" => EntryBody::CommentEdited(parse::<CommentForm>(body)?.try_into()?),
        "comment.withdrawn" => EntryBody::CommentWithdrawn(CommentId(parse::<IdForm>(body)?.id)),
        "code.displayed" => EntryBody::CodeDisplayed(decode_spans(parse(body)?)?),
        "code.read" => EntryBody::CodeRead(decode_marks(parse(body)?)?),
        "code.unread" => EntryBody::CodeUnread(decode_marks(parse(body)?)?),
        "hint.dismissed" if hint::is_older(body) => EntryBody::Unknown {
            kind: kind.to_owned(),
        },
        "hint.dismissed" => parse::<DismissedForm>(body)?.body()?,
        "hint.restored" => parse::<FingerprintForm>(body)?.body()?,
        "hint.confirmed" => parse::<ConfirmedForm>(body)?.body()?,
        "profile.set" => EntryBody::ProfileSet {
            source: parse::<ProfileForm>(body)?.profile,
        },
        "signoff.signed" => EntryBody::SignoffSigned(parse::<SignedForm>(body)?.try_into()?),
        "signoff.withdrawn" => {
            let form: SignoffWithdrawnForm = parse(body)?;
            EntryBody::SignoffWithdrawn {
                record: parts::digest(&form.record)?,
                reason: form.reason,
            }
        }
        _ => EntryBody::Unknown {
            kind: kind.to_owned(),
        },
    })
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, WireError> {
    Ok(serde_json::from_slice(body)?)
}

fn decode_verdict(form: VerdictForm) -> Result<EntryBody, WireError> {
    Ok(EntryBody::VerdictGiven {
        item: ItemId(form.item),
        verdict: form.verdict.try_into()?,
        finding: form.finding.map(TryInto::try_into).transpose()?,
        reference: form.reference,
    })
}

fn decode_spans(form: SpansForm) -> Result<Vec<DisplayedSpan>, WireError> {
    form.spans.into_iter().map(TryInto::try_into).collect()
}

fn decode_marks(form: MarksForm) -> Result<Vec<ReadMark>, WireError> {
    form.marks.into_iter().map(TryInto::try_into).collect()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnrolledForm {
    person: PersonForm,
    device: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenedForm {
    title: String,
    repository: Option<String>,
    checklists: Vec<ChecklistForm>,
    nonce: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecklistForm {
    id: String,
    version: String,
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    item: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdForm {
    id: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictForm {
    item: String,
    verdict: DecisionForm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finding: Option<FindingForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileForm {
    profile: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
enum DecisionForm {
    Accepted {
        reason: String,
    },
    Flagged {},
    NotApplicable {
        reason: String,
    },
    Waived {
        by: String,
        reason: String,
        until: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpansForm {
    spans: Vec<SpanForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarksForm {
    marks: Vec<MarkForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedForm {
    record: String,
    verdict: String,
    principal: String,
    fingerprint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignoffWithdrawnForm {
    record: String,
    reason: String,
}

impl From<&Opened> for OpenedForm {
    fn from(opened: &Opened) -> Self {
        let Opened {
            title,
            repository,
            checklists,
            nonce,
        } = opened;
        Self {
            title: title.clone(),
            repository: repository.clone(),
            checklists: checklists
                .iter()
                .map(|list| ChecklistForm {
                    id: list.id.0.clone(),
                    version: list.version.clone(),
                    digest: list.digest.to_string(),
                })
                .collect(),
            nonce: nonce.clone(),
        }
    }
}

impl TryFrom<OpenedForm> for Opened {
    type Error = WireError;

    fn try_from(form: OpenedForm) -> Result<Self, WireError> {
        let read = |list: ChecklistForm| {
            Ok(ChecklistRef {
                id: list.id.as_str().into(),
                version: list.version,
                digest: parts::digest(&list.digest)?,
            })
        };
        Ok(Self {
            title: form.title,
            repository: form.repository,
            checklists: form
                .checklists
                .into_iter()
                .map(read)
                .collect::<Result<_, WireError>>()?,
            nonce: form.nonce,
        })
    }
}

impl From<&Verdict> for DecisionForm {
    fn from(verdict: &Verdict) -> Self {
        match verdict.clone() {
            Verdict::Accepted { reason } => Self::Accepted { reason },
            Verdict::Flagged => Self::Flagged {},
            Verdict::NotApplicable { reason } => Self::NotApplicable { reason },
            Verdict::Waived { by, reason, until } => Self::Waived {
                by,
                reason,
                until: until.to_string(),
            },
        }
    }
}

impl TryFrom<DecisionForm> for Verdict {
    type Error = WireError;

    fn try_from(form: DecisionForm) -> Result<Self, WireError> {
        Ok(match form {
            DecisionForm::Accepted { reason } => Self::Accepted { reason },
            DecisionForm::Flagged {} => Self::Flagged,
            DecisionForm::NotApplicable { reason } => Self::NotApplicable { reason },
            DecisionForm::Waived { by, reason, until } => Self::Waived {
                by,
                reason,
                until: parts::date(&until)?,
            },
        })
    }
}

impl From<&SignedRef> for SignedForm {
    fn from(signed: &SignedRef) -> Self {
        let SignedRef {
            record,
            verdict,
            principal,
            fingerprint,
        } = signed;
        Self {
            record: record.to_string(),
            verdict: verdict.name().to_owned(),
            principal: principal.clone(),
            fingerprint: fingerprint.clone(),
        }
    }
}

impl TryFrom<SignedForm> for SignedRef {
    type Error = WireError;

    fn try_from(form: SignedForm) -> Result<Self, WireError> {
        Ok(Self {
            record: parts::digest(&form.record)?,
            verdict: SignoffVerdict::from_name(&form.verdict)
                .ok_or_else(|| WireError::unknown("verdict", &form.verdict))?,
            principal: form.principal,
            fingerprint: form.fingerprint,
        })
    }
}
