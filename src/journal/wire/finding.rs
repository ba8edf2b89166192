//! Stored forms of findings and comments.

use serde::{Deserialize, Serialize};

use super::WireError;
use super::parts::{self, AnchorForm};
use crate::model::{
    Comment, CommentId, CommentTarget, Disposition, Finding, FindingId, Horizon, ItemId, Severity,
    Visibility,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingForm {
    id: String,
    item: String,
    title: String,
    severity: String,
    disposition: DispositionForm,
    note: String,
    evidence: Vec<AnchorForm>,
    mitigation: String,
    effort: String,
    owner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
enum DispositionForm {
    FixBeforeLaunch {},
    CanWait {
        until: HorizonForm,
    },
    AcceptedRisk {
        by: String,
        until: Option<HorizonForm>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HorizonForm {
    Date(String),
    Milestone(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentForm {
    id: String,
    target: TargetForm,
    visibility: VisibilityForm,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "lowercase", deny_unknown_fields)]
enum TargetForm {
    Review {},
    Item { item: String },
    File { path: String },
    Lines { anchor: AnchorForm },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum VisibilityForm {
    Client,
    Internal,
}

impl From<&Finding> for FindingForm {
    fn from(finding: &Finding) -> Self {
        let Finding {
            id,
            item,
            title,
            severity,
            disposition,
            note,
            evidence,
            mitigation,
            effort,
            owner,
            due,
        } = finding;
        Self {
            id: id.0.clone(),
            item: item.0.clone(),
            title: title.clone(),
            severity: severity.name().to_owned(),
            disposition: disposition.into(),
            note: note.clone(),
            evidence: evidence.iter().map(Into::into).collect(),
            mitigation: mitigation.clone(),
            effort: effort.clone(),
            owner: owner.clone(),
            due: due.map(|day| day.to_string()),
        }
    }
}

impl TryFrom<FindingForm> for Finding {
    type Error = WireError;

    fn try_from(form: FindingForm) -> Result<Self, WireError> {
        let evidence = form.evidence.into_iter().map(TryInto::try_into);
        Ok(Self {
            id: FindingId(form.id),
            item: ItemId(form.item),
            title: form.title,
            severity: Severity::from_name(&form.severity)
                .ok_or_else(|| WireError::unknown("severity", &form.severity))?,
            disposition: form.disposition.try_into()?,
            note: form.note,
            evidence: evidence.collect::<Result<_, WireError>>()?,
            mitigation: form.mitigation,
            effort: form.effort,
            owner: form.owner,
            due: form.due.as_deref().map(parts::date).transpose()?,
        })
    }
}

impl From<&Disposition> for DispositionForm {
    fn from(disposition: &Disposition) -> Self {
        match disposition {
            Disposition::FixBeforeLaunch => Self::FixBeforeLaunch {},
            Disposition::CanWait { until } => Self::CanWait {
                until: until.into(),
            },
            Disposition::AcceptedRisk { by, until } => Self::AcceptedRisk {
                by: by.clone(),
                until: until.as_ref().map(Into::into),
            },
        }
    }
}

impl TryFrom<DispositionForm> for Disposition {
    type Error = WireError;

    fn try_from(form: DispositionForm) -> Result<Self, WireError> {
        Ok(match form {
            DispositionForm::FixBeforeLaunch {} => Self::FixBeforeLaunch,
            DispositionForm::CanWait { until } => Self::CanWait {
                until: until.try_into()?,
            },
            DispositionForm::AcceptedRisk { by, until } => Self::AcceptedRisk {
                by,
                until: until.map(TryInto::try_into).transpose()?,
            },
        })
    }
}

impl From<&Horizon> for HorizonForm {
    fn from(horizon: &Horizon) -> Self {
        match horizon {
            Horizon::Date(date) => Self::Date(date.to_string()),
            Horizon::Milestone(text) => Self::Milestone(text.clone()),
        }
    }
}

impl TryFrom<HorizonForm> for Horizon {
    type Error = WireError;

    fn try_from(form: HorizonForm) -> Result<Self, WireError> {
        Ok(match form {
            HorizonForm::Date(text) => Self::Date(parts::date(&text)?),
            HorizonForm::Milestone(text) => Self::Milestone(text),
        })
    }
}

impl From<&Comment> for CommentForm {
    fn from(comment: &Comment) -> Self {
        let Comment {
            id,
            target,
            visibility,
            text,
        } = comment;
        Self {
            id: id.0.clone(),
            target: match target {
                CommentTarget::Review => TargetForm::Review {},
                CommentTarget::Item(item) => TargetForm::Item {
                    item: item.0.clone(),
                },
                CommentTarget::File(path) => TargetForm::File {
                    path: path.quoted(),
                },
                CommentTarget::Lines(anchor) => TargetForm::Lines {
                    anchor: anchor.into(),
                },
            },
            visibility: match visibility {
                Visibility::Client => VisibilityForm::Client,
                Visibility::Internal => VisibilityForm::Internal,
            },
            text: text.clone(),
        }
    }
}

impl TryFrom<CommentForm> for Comment {
    type Error = WireError;

    fn try_from(form: CommentForm) -> Result<Self, WireError> {
        Ok(Self {
            id: CommentId(form.id),
            target: match form.target {
                TargetForm::Review {} => CommentTarget::Review,
                TargetForm::Item { item } => CommentTarget::Item(ItemId(item)),
                TargetForm::File { path } => CommentTarget::File(parts::path(&path)?),
                TargetForm::Lines { anchor } => CommentTarget::Lines(anchor.try_into()?),
            },
            visibility: match form.visibility {
                VisibilityForm::Client => Visibility::Client,
                VisibilityForm::Internal => Visibility::Internal,
            },
            text: form.text,
        })
    }
}
