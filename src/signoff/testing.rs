//! Records, keys and bundles for tests. Seeded keys live here and nowhere else.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jiff::Timestamp;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::armour::encode;
use super::{
    Declaration, JournalFile, KeyInfo, KeySource, Manifests, NAMESPACE, RECORD_FILE, RecordInput,
    ReportFile, SIGNATURE_FILE, SignError, Signer, build_record, checklist_file, journal_file,
};
use crate::model::{
    Category, ChangeSet, Checklist, ChecklistId, Digest, Endpoint, EntryId, FileChange, FileSide,
    FileStatus, Item, Mode, ObjectFormat, ObjectId, Person, RepoPath, ReviewId, SignoffVerdict,
    SourceKind, Verdict, WriterId,
};
use crate::review::{Coverage, FileCoverage, ItemState, Review, Stamp, VerdictState};
use crate::support::digest::sha256;

/// The log's bytes; any check will do, the bundle binds them by digest.
pub const LOG: &[u8] = b"three\nwhole\nentries\n";

/// Returns an empty folder that goes away with its handle.
pub fn tempdir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Returns a public key line from the fields that follow the type in its blob.
pub fn openssh_line(algorithm: &str, fields: &[u8]) -> String {
    let mut blob = (algorithm.len() as u32).to_be_bytes().to_vec();
    blob.extend(algorithm.as_bytes());
    blob.extend(fields);
    format!("{algorithm} {} test", encode(&blob))
}

/// Returns a key that is the same in every run.
pub fn seeded_key(seed: u8) -> (PrivateKey, KeyInfo) {
    let pair = Ed25519Keypair::from_seed(&[seed; 32]);
    let key = PrivateKey::new(KeypairData::Ed25519(pair), "seeded").unwrap();
    let line = key.public_key().to_openssh().unwrap();
    (key, KeyInfo::parse(&line).unwrap())
}

/// Makes a key with stock `ssh-keygen`, without a passphrase.
pub fn ssh_keygen_key(folder: &Path, kind: &str) -> PathBuf {
    let path = folder.join(format!("key-{kind}"));
    let status = Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-N", "", "-C", "a comment", "-f"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(status.success());
    path
}

/// Signs in process with a seeded key.
pub struct SeededSigner(pub u8);

impl Signer for SeededSigner {
    fn public_key(&self, _: &KeySource) -> Result<KeyInfo, SignError> {
        Ok(seeded_key(self.0).1)
    }

    fn sign(&self, _: &KeySource, key: &KeyInfo, record: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = sign_with(&seeded_key(self.0).0, NAMESPACE, record);
        super::signer::check_made(&signature, key, record)?;
        Ok(signature)
    }
}

/// Signs with any key in any namespace.
pub fn sign_with(key: &PrivateKey, namespace: &str, message: &[u8]) -> Vec<u8> {
    let signature = key.sign(namespace, HashAlg::Sha512, message).unwrap();
    signature.to_pem(LineEnding::LF).unwrap().into_bytes()
}

/// What a record is built from.
pub struct RecordFixture {
    pub review: Review,
    pub change: ChangeSet,
    pub manifests: Manifests,
    pub checklists: Vec<Checklist>,
    pub coverage: Coverage,
    pub declaration: Declaration,
}

impl RecordFixture {
    /// A change between two commits.
    pub fn by_commit() -> Self {
        let end = |label: &str, digit: &str| Endpoint {
            label: label.to_owned(),
            commit: Some(ObjectId::new(digit.repeat(40))),
            tree: Some(ObjectId::new(format!("{digit}0").repeat(20))),
        };
        let mut fixture = Self::by_manifest();
        fixture.change.kind = SourceKind::Range;
        fixture.change.base = end("main", "a");
        fixture.change.head = end("agent/orders", "b");
        fixture.change.object_format = Some(ObjectFormat::Sha1);
        fixture.manifests.tree = Some(sha256(b"tree"));
        fixture
    }

    /// A patch without a repository.
    pub fn by_manifest() -> Self {
        let list = checklist();
        Self {
            review: review(&list),
            change: change(),
            manifests: Manifests {
                change: sha256(b"change"),
                tree: None,
            },
            checklists: vec![list],
            coverage: coverage(),
            declaration: declaration(),
        }
    }

    /// Builds the record.
    pub fn build(&self, key: &KeyInfo) -> Vec<u8> {
        self.try_build(key).unwrap()
    }

    /// Builds the record, or says why not.
    pub fn try_build(&self, key: &KeyInfo) -> Result<Vec<u8>, super::RecordError> {
        build_record(&RecordInput {
            record_id: "0123456789abcdef".to_owned(),
            review: &self.review,
            change: &self.change,
            manifests: self.manifests,
            checklists: &self.checklists,
            coverage: &self.coverage,
            declaration: &self.declaration,
            key,
            commits_by_signer: Some(0),
            journal: &[JournalFile {
                writer: WriterId::from("00000000000000a1"),
                sha256: sha256(LOG),
                entries: 3,
                head: EntryId(head()),
            }],
            reports: &[ReportFile {
                name: "report.md".to_owned(),
                media_type: "text/markdown".to_owned(),
                sha256: sha256(b"# Report\n"),
            }],
            supersedes: &[],
            signed_at: signed_at(),
            tool_version: "0.1.0",
        })
    }

    /// The files the record names.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let list = &self.checklists[0];
        vec![
            ("report.md".to_owned(), b"# Report\n".to_vec()),
            (
                journal_file(&WriterId::from("00000000000000a1")),
                LOG.to_vec(),
            ),
            (checklist_file(&list.id), list.source.as_bytes().to_vec()),
        ]
    }

    /// Writes a whole bundle, signed with a seeded key, and returns its folder.
    pub fn bundle(&self, dir: &Path, seed: u8) -> PathBuf {
        let (private, key) = seeded_key(seed);
        let record = self.build(&key);
        let signature = sign_with(&private, NAMESPACE, &record);
        self.bundle_of(dir, record, signature)
    }

    /// Writes a whole bundle around a record and a signature.
    pub fn bundle_of(&self, dir: &Path, record: Vec<u8>, signature: Vec<u8>) -> PathBuf {
        let mut files = self.files();
        files.push((RECORD_FILE.to_owned(), record));
        files.push((SIGNATURE_FILE.to_owned(), signature));
        let out = dir.join("bundle");
        super::write_bundle(&out, &files).unwrap();
        out
    }
}

/// The id of the log's last entry.
pub fn head() -> Digest {
    sha256(b"head")
}

/// When records are signed.
pub fn signed_at() -> Timestamp {
    "2026-11-21T06:30:00Z".parse().unwrap()
}

fn declaration() -> Declaration {
    Declaration {
        name: "Dana Levi".to_owned(),
        principal: "dana@levi.example".to_owned(),
        role: "Architect".to_owned(),
        organisation: "Levi Architecture".to_owned(),
        verdict: SignoffVerdict::Approved,
        statement: None,
        not_after: None,
        independence: None,
        key_protection: None,
    }
}

fn change() -> ChangeSet {
    let side = |text: &[u8]| FileSide {
        mode: Mode::Regular,
        blob: crate::model::BlobId::Sha256(sha256(text)),
        size: None,
    };
    ChangeSet {
        kind: SourceKind::Patch,
        title: "orders.patch".to_owned(),
        base: Endpoint::named("before"),
        head: Endpoint::named("after"),
        object_format: None,
        files: vec![FileChange {
            path: RepoPath::from("src/orders.py"),
            old_path: None,
            status: FileStatus::Modified,
            old: Some(side(b"old")),
            new: Some(side(b"new")),
        }],
        problems: Vec::new(),
    }
}

fn checklist() -> Checklist {
    let source: Arc<str> = "id = \"ai-preproduction\"\n".into();
    let item = |id: &str| Item::asking(id, "load", &format!("The item {id}"), "");
    Checklist {
        id: ChecklistId::from("ai-preproduction"),
        version: "1.0.0".to_owned(),
        title: "Before production".to_owned(),
        description: String::new(),
        stages: Vec::new(),
        categories: vec![Category {
            id: "load".to_owned(),
            title: "Behaviour under load".to_owned(),
        }],
        items: vec![item("n-plus-one"), item("unbounded-read")],
        digest: sha256(source.as_bytes()),
        source,
    }
}

/// A standing decision.
pub fn decided(verdict: Verdict, email: &str) -> VerdictState {
    VerdictState {
        verdict,
        stamp: Stamp {
            entry: EntryId(sha256(email.as_bytes())),
            by: Person {
                name: "Dana Levi".to_owned(),
                email: email.to_owned(),
            },
            at: "2026-11-20T10:00:00Z".parse().unwrap(),
            lamport: 3,
        },
        reference: None,
    }
}

fn review(list: &Checklist) -> Review {
    let mut review = crate::review::fold(&ReviewId::from("r0123456789abcdef"), &[]);
    for item in &list.items {
        let verdict = Verdict::Accepted {
            reason: "Looked at every query.".to_owned(),
        };
        let by_person = BTreeMap::from([(
            "d@x".to_owned(),
            vec![decided(verdict, "dana@levi.example")],
        )]);
        review
            .items
            .insert(item.id.clone(), ItemState { by_person });
    }
    review
}

fn coverage() -> Coverage {
    let file = FileCoverage {
        hunks: 2,
        displayed: 2,
        read: 1,
        added: 10,
        removed: 2,
        lines_read: 7,
        unread: vec![2],
    };
    Coverage {
        hunks: 2,
        displayed: 2,
        read: 1,
        lines: 12,
        added: 10,
        removed: 2,
        lines_read: 7,
        files: BTreeMap::from([(RepoPath::from("src/orders.py"), Arc::new(file))]),
    }
}
