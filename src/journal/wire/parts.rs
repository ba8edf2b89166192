//! Stored forms of what several kinds share: persons, paths, digests, dates, revisions, places.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::WireError;
use crate::model::{
    Anchor, BlobId, Digest, DisplayedSpan, Endpoint, LineNo, ObjectId, Person, ReadMark, RepoPath,
    Revision, Side, SourceKind,
};

pub(super) fn digest(text: &str) -> Result<Digest, WireError> {
    text.parse().map_err(|_| WireError::unknown("digest", text))
}

pub(super) fn date(text: &str) -> Result<Date, WireError> {
    text.parse().map_err(|_| WireError::unknown("date", text))
}

pub(super) fn path(text: &str) -> Result<RepoPath, WireError> {
    RepoPath::parse(text).map_err(|_| WireError::unknown("path", text))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonForm {
    name: String,
    email: String,
}

impl From<&Person> for PersonForm {
    fn from(person: &Person) -> Self {
        let Person { name, email } = person.clone();
        Self { name, email }
    }
}

impl From<PersonForm> for Person {
    fn from(form: PersonForm) -> Self {
        let PersonForm { name, email } = form;
        Self { name, email }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevisionForm {
    source: String,
    title: String,
    base: EndpointForm,
    head: EndpointForm,
    change: String,
    parameters: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointForm {
    label: String,
    commit: Option<String>,
    tree: Option<String>,
}

impl From<&Revision> for RevisionForm {
    fn from(revision: &Revision) -> Self {
        let Revision {
            kind,
            title,
            base,
            head,
            change,
            parameters,
        } = revision;
        Self {
            source: kind.name().to_owned(),
            title: title.clone(),
            base: base.into(),
            head: head.into(),
            change: change.to_string(),
            parameters: parameters.clone(),
        }
    }
}

impl TryFrom<RevisionForm> for Revision {
    type Error = WireError;

    fn try_from(form: RevisionForm) -> Result<Self, WireError> {
        Ok(Self {
            kind: SourceKind::from_name(&form.source)
                .ok_or_else(|| WireError::unknown("source", &form.source))?,
            title: form.title,
            base: form.base.into(),
            head: form.head.into(),
            change: digest(&form.change)?,
            parameters: form.parameters,
        })
    }
}

impl From<&Endpoint> for EndpointForm {
    fn from(end: &Endpoint) -> Self {
        let Endpoint {
            label,
            commit,
            tree,
        } = end;
        let text = |id: &Option<ObjectId>| id.as_ref().map(ToString::to_string);
        Self {
            label: label.clone(),
            commit: text(commit),
            tree: text(tree),
        }
    }
}

impl From<EndpointForm> for Endpoint {
    fn from(form: EndpointForm) -> Self {
        Self {
            label: form.label,
            commit: form.commit.map(ObjectId::new),
            tree: form.tree.map(ObjectId::new),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnchorForm {
    side: SideForm,
    path: String,
    blob: String,
    start: u32,
    end: u32,
    content: String,
    before: String,
    after: String,
    excerpt: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SideForm {
    Old,
    New,
}

impl From<&Anchor> for AnchorForm {
    fn from(anchor: &Anchor) -> Self {
        let Anchor {
            side,
            path,
            blob,
            start,
            end,
            content,
            before,
            after,
            excerpt,
        } = anchor;
        Self {
            side: match side {
                Side::Old => SideForm::Old,
                Side::New => SideForm::New,
            },
            path: path.quoted(),
            blob: blob.to_string(),
            start: start.0,
            end: end.0,
            content: content.to_string(),
            before: before.to_string(),
            after: after.to_string(),
            excerpt: excerpt.clone(),
        }
    }
}

impl TryFrom<AnchorForm> for Anchor {
    type Error = WireError;

    fn try_from(form: AnchorForm) -> Result<Self, WireError> {
        Ok(Self {
            side: match form.side {
                SideForm::Old => Side::Old,
                SideForm::New => Side::New,
            },
            path: path(&form.path)?,
            blob: blob(&form.blob)?,
            start: LineNo(form.start),
            end: LineNo(form.end),
            content: digest(&form.content)?,
            before: digest(&form.before)?,
            after: digest(&form.after)?,
            excerpt: form.excerpt,
        })
    }
}

fn blob(text: &str) -> Result<BlobId, WireError> {
    if let Some(id) = text.strip_prefix("git:") {
        Ok(BlobId::Git(ObjectId::new(id)))
    } else if let Some(id) = text.strip_prefix("sha256:") {
        Ok(BlobId::Sha256(digest(id)?))
    } else {
        Err(WireError::unknown("blob", text))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpanForm {
    path: String,
    hunk: u32,
    first: u32,
    last: u32,
}

impl From<&DisplayedSpan> for SpanForm {
    fn from(span: &DisplayedSpan) -> Self {
        let DisplayedSpan {
            path,
            hunk,
            first,
            last,
        } = span;
        Self {
            path: path.quoted(),
            hunk: *hunk,
            first: *first,
            last: *last,
        }
    }
}

impl TryFrom<SpanForm> for DisplayedSpan {
    type Error = WireError;

    fn try_from(form: SpanForm) -> Result<Self, WireError> {
        Ok(Self {
            path: path(&form.path)?,
            hunk: form.hunk,
            first: form.first,
            last: form.last,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkForm {
    path: String,
    hunk: u32,
    digest: String,
}

impl From<&ReadMark> for MarkForm {
    fn from(mark: &ReadMark) -> Self {
        let ReadMark { path, hunk, digest } = mark;
        Self {
            path: path.quoted(),
            hunk: *hunk,
            digest: digest.to_string(),
        }
    }
}

impl TryFrom<MarkForm> for ReadMark {
    type Error = WireError;

    fn try_from(form: MarkForm) -> Result<Self, WireError> {
        Ok(Self {
            path: path(&form.path)?,
            hunk: form.hunk,
            digest: digest(&form.digest)?,
        })
    }
}
