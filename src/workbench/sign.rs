//! Signing: check the gate, bind the bytes, let the person's own `ssh-keygen` sign, hand over the bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use super::export::{Format, build, digest_of, named_manifests, render};
use super::{ActFailure, Desk, Setting};
use crate::git;
use crate::journal::{verify_log, without_internal_comments};
use crate::model::{CommentId, EntryBody, SignedRef, SignoffVerdict, Visibility};
use crate::report::{Binding, SignoffBlock};
use crate::signoff::{
    self, Declaration, JournalFile, KeyInfo, KeySource, Manifests, RecordInput, ReportFile, Signer,
};
use crate::support::digest::{random_hex, sha256};

/// Names and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// What a person orders when they sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOrder {
    /// What they decide.
    pub verdict: SignoffVerdict,
    /// The printed name, as typed.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Their organisation.
    pub organisation: String,
    /// Their identity in the allowed-signers file.
    pub principal: String,
    /// What they add in their own words.
    pub statement: String,
    /// The last day the decision holds.
    pub not_after: Option<Date>,
    /// The key.
    pub key: KeySource,
    /// The folder for the bundle.
    pub out: PathBuf,
}

/// A signature that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The bundle.
    pub folder: PathBuf,
    /// What was signed, by whom.
    pub signed: SignedRef,
    /// The change's manifest.
    pub bound: String,
    /// Said once the bundle is complete, where something remains to be known.
    pub remarks: Vec<String>,
}

/// A key that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChoice {
    /// A file's path, or the agent's comment.
    pub label: String,
    /// The key.
    pub info: KeyInfo,
    /// Where it is.
    pub source: KeySource,
}

/// Returns the keys a person is likely to mean: the configured one, the usual files, the agent's.
pub fn candidate_keys(setting: &Setting) -> Vec<KeyChoice> {
    let Ok(keygen) = signoff::SshKeygen::locate() else {
        return Vec::new();
    };
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().join(".ssh"));
    let usual = ["id_ed25519_sk", "id_ed25519", "id_ecdsa_sk", "id_ecdsa"];
    let files = setting.settings.signer.key.iter().cloned().chain(
        home.iter()
            .flat_map(|folder| usual.map(|name| folder.join(name))),
    );
    let mut choices: Vec<KeyChoice> = Vec::new();
    for file in files {
        // Only what is known without a passphrase: the public part beside the key.
        let public = if file.extension().is_some_and(|end| end == "pub") {
            file.clone()
        } else {
            file.with_added_extension("pub")
        };
        let found = keygen.public_key(&KeySource::File(public));
        if let Ok(info) = found
            && !choices
                .iter()
                .any(|choice| choice.info.openssh == info.openssh)
        {
            choices.push(KeyChoice {
                label: file.display().to_string(),
                info,
                source: KeySource::File(file),
            });
        }
    }
    for info in keygen
        .agent_keys()
        .map(|keys| keys.usable)
        .unwrap_or_default()
    {
        if !choices
            .iter()
            .any(|choice| choice.info.openssh == info.openssh)
        {
            choices.push(KeyChoice {
                label: format!("agent: {}", info.comment),
                source: KeySource::Agent(info.clone()),
                info,
            });
        }
    }
    choices
}

/// Writes the sentence of responsibility for an order.
pub type Sentence = Box<dyn Fn(&SignOrder) -> String + Send + Sync>;

/// Returns what writes the sentence of responsibility as it will be signed. What it needs of the content is read here,
/// once.
pub fn meaning(desk: &Desk) -> anyhow::Result<Sentence> {
    let change = Arc::clone(desk.change());
    let checklists = Arc::clone(desk.checklists());
    // A change between commits is named by them; only one without needs its manifest in the sentence.
    let manifest = match &change.head.commit {
        Some(_) => desk.source.revision.change,
        None => git::manifests(&desk.source)?.change,
    };
    let bound = Manifests {
        change: manifest,
        tree: None,
    };
    Ok(Box::new(move |order| {
        signoff::meaning_sentence(&declaration(order), &change, bound, &checklists)
            .unwrap_or_else(|error| format!("(the sentence appears once this is right: {error})"))
    }))
}

impl Desk {
    /// Signs with stock `ssh-keygen` on the terminal.
    pub fn sign(&mut self, order: &SignOrder) -> anyhow::Result<Signed> {
        let keygen = signoff::SshKeygen::locate()?;
        self.sign_with(order, &keygen)
    }

    /// Signs for the screen: talks on the terminal that was lent, and returns a sentence.
    pub fn sign_interactively(&mut self, order: &SignOrder) -> anyhow::Result<String> {
        let signed = self.sign(order)?;
        Ok(format!(
            "Signed: {}. Bundle: {}",
            signed.signed.verdict.name(),
            signed.folder.display()
        ))
    }

    /// Signs with any signer.
    pub fn sign_with(&mut self, order: &SignOrder, signer: &dyn Signer) -> anyhow::Result<Signed> {
        if let Some(reason) = self.read_only() {
            bail!("the review is read-only here, so the signature could not be recorded: {reason}");
        }
        self.keep()?;
        self.refuse_early(order)?;
        let key = signer.public_key(&order.key)?;
        let manifests = git::manifests(&self.source)?;
        let signed_at = self.setting.clock.now();
        let declaration = declaration(order);
        let bound = Manifests {
            change: manifests.change,
            tree: manifests.tree,
        };
        let meaning =
            signoff::meaning_sentence(&declaration, self.change(), bound, self.checklists())?;
        let (logs, log_lines) = self.logs()?;
        let block = signoff_block(order, &key, meaning, signed_at);
        let reports = self.reports(&block, &manifests, &logs, signed_at)?;
        let supersedes: Vec<_> = self
            .review()
            .signoffs
            .iter()
            .filter(|state| state.withdrawn.is_none())
            .map(|state| (state.signed.record, None))
            .collect();
        let record = signoff::build_record(&RecordInput {
            record_id: random_hex(16),
            review: self.review(),
            change: self.change(),
            manifests: bound,
            checklists: self.checklists(),
            coverage: &self.coverage(),
            declaration: &declaration,
            key: &key,
            commits_by_signer: self.commits_by_signer(),
            journal: &log_lines,
            reports: &report_lines(&reports),
            supersedes: &supersedes,
            signed_at,
            tool_version: env!("CARGO_PKG_VERSION"),
        })?;
        let signature = signer.sign(&order.key, &key, &record)?;
        let files = self.bundle(&record, &signature, logs, reports)?;
        signoff::write_bundle(&order.out, &files)?;
        let signed = SignedRef {
            record: sha256(&record),
            verdict: order.verdict,
            principal: order.principal.clone(),
            fingerprint: key.fingerprint,
        };
        let mut remarks = signoff::name_remarks(&order.name);
        if let Err(ActFailure::Refused(reason) | ActFailure::NotSaved(reason)) =
            self.append(EntryBody::SignoffSigned(signed.clone()))
        {
            remarks.push(format!(
                "The bundle is complete and valid, but the journal could not note it: {reason}"
            ));
        }
        Ok(Signed {
            folder: order.out.clone(),
            signed,
            bound: bound.change.to_string(),
            remarks,
        })
    }

    /// Everything that can be refused before the key is touched.
    fn refuse_early(&mut self, order: &SignOrder) -> anyhow::Result<()> {
        self.count_all();
        let gate = self.snapshot().gate;
        let refusals = gate.refusals(order.verdict);
        if !refusals.is_empty() {
            bail!(
                "this review cannot be signed as {}:\n  {}\n`countersign status` says what is missing; \
                 a rejection can be signed at any time",
                order.verdict.name(),
                refusals.join("\n  ")
            );
        }
        if let Some(day) = order.not_after
            && day < self.setting.clock.today()
        {
            bail!("--not-after {day} is over already; name a day to come");
        }
        signoff::check_target(&order.out)?;
        Ok(())
    }

    /// Returns the logs as the bundle carries them, and what the record says of them.
    fn logs(&self) -> anyhow::Result<(Files, Vec<JournalFile>)> {
        let mut files = Vec::new();
        let mut lines = Vec::new();
        let internal = self.internal_comments();
        for (name, bytes) in self.journal.export()? {
            let bytes = without_internal_comments(&bytes, &internal);
            let check = verify_log(&bytes);
            if let Some(problem) = check.problems.first() {
                bail!("the journal {name} is damaged, so nothing can be signed over it: {problem}");
            }
            let head = check
                .head
                .with_context(|| format!("the journal {name} is empty"))?;
            let writer = check
                .entries
                .first()
                .map(|entry| entry.writer.clone())
                .with_context(|| format!("the journal {name} is empty"))?;
            files.push((signoff::journal_file(&writer), bytes));
            lines.push(JournalFile {
                writer,
                sha256: check.sha256,
                entries: check.entries.len() as u64,
                head,
            });
        }
        Ok((files, lines))
    }

    fn internal_comments(&self) -> BTreeSet<CommentId> {
        self.review()
            .comments
            .iter()
            .filter(|state| state.comment.visibility == Visibility::Internal)
            .map(|state| state.comment.id.clone())
            .collect()
    }

    fn commits_by_signer(&self) -> Option<u64> {
        let revision = &self.source.revision;
        let repository = self.source.repository.as_ref()?;
        git::authored_by(
            repository,
            revision.base.commit.as_ref(),
            revision.head.commit.as_ref()?,
            &self.setting.person.email,
        )
        .ok()
        .map(|authorship| authorship.by_person)
    }

    fn reports(
        &self,
        block: &SignoffBlock,
        manifests: &git::Manifests,
        logs: &[(String, Vec<u8>)],
        at: jiff::Timestamp,
    ) -> anyhow::Result<Vec<(Format, String)>> {
        let binding = Binding {
            manifests: named_manifests(manifests),
            journals: logs
                .iter()
                .map(|(name, bytes)| (name.clone(), sha256(bytes)))
                .collect::<BTreeMap<_, _>>(),
        };
        let report = build(self, &self.coverage(), Some(block), &binding, at);
        Format::ALL
            .into_iter()
            .map(|format| Ok((format, render(&report, format)?)))
            .collect()
    }

    fn bundle(
        &self,
        record: &[u8],
        signature: &[u8],
        logs: Files,
        reports: Vec<(Format, String)>,
    ) -> anyhow::Result<Files> {
        let statement = signoff::parse_record(record).context(
            "the record that was just signed cannot be read; this is a fault of the program",
        )?;
        let verify = signoff::verify_instructions(&statement, record, signature);
        let mut files = vec![
            (signoff::RECORD_FILE.to_owned(), record.to_vec()),
            (signoff::SIGNATURE_FILE.to_owned(), signature.to_vec()),
            ("VERIFY.md".to_owned(), verify.into_bytes()),
        ];
        files.extend(
            reports
                .into_iter()
                .map(|(format, text)| (format.file_name().to_owned(), text.into_bytes())),
        );
        files.extend(logs);
        files.extend(self.checklists().iter().map(|list| {
            (
                signoff::checklist_file(&list.id),
                list.source.as_bytes().to_vec(),
            )
        }));
        let profile = self.review().profile.as_ref();
        files.extend(profile.map(|state| {
            (
                signoff::PROFILE_FILE.to_owned(),
                state.source.clone().into_bytes(),
            )
        }));
        Ok(files)
    }
}

fn declaration(order: &SignOrder) -> Declaration {
    Declaration {
        name: order.name.clone(),
        principal: order.principal.clone(),
        role: order.role.clone(),
        organisation: order.organisation.clone(),
        verdict: order.verdict,
        statement: Some(order.statement.trim().to_owned()).filter(|text| !text.is_empty()),
        not_after: order.not_after,
        independence: None,
        key_protection: None,
    }
}

fn signoff_block(
    order: &SignOrder,
    key: &KeyInfo,
    meaning: String,
    signed_at: jiff::Timestamp,
) -> SignoffBlock {
    SignoffBlock {
        verdict: order.verdict,
        printed_name: order.name.clone(),
        role: order.role.clone(),
        organisation: order.organisation.clone(),
        principal: order.principal.clone(),
        fingerprint: key.fingerprint.clone(),
        signed_at,
        statement: order.statement.clone(),
        not_after: order.not_after,
        meaning,
    }
}

fn report_lines(reports: &[(Format, String)]) -> Vec<ReportFile> {
    reports
        .iter()
        .map(|(format, text)| ReportFile {
            name: format.file_name().to_owned(),
            media_type: format.media_type().to_owned(),
            sha256: digest_of(text),
        })
        .collect()
}
