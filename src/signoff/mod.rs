//! The sign-off: the signed record as exact bytes, the signer, verification, allowed signers, the bundle.
//!
//! What is signed is the stored bytes of `record.json`; nothing is ever re-serialised to be verified. The private key
//! never enters this process: stock `ssh-keygen -Y sign` makes the signature. Verification is stricter than
//! `ssh-keygen -Y verify`, never laxer: whatever is accepted here, stock OpenSSH accepts too.
//!
//! This module refuses to know repositories and journals: their facts come in as [`RepositoryFacts`] and
//! [`JournalCheck`], plugged together by the workbench.

mod allowed;
mod armour;
mod bundle;
mod instructions;
mod key;
mod parse;
mod record;
mod signer;
mod sshsig;
pub mod statement;
mod text;
mod verify;

#[cfg(test)]
pub(crate) mod testing;

pub use allowed::{AllowedSigner, AllowedSigners, LineNote, PinError};
pub use bundle::{BundleError, check_target, checklist_file, journal_file, write_bundle};
pub use instructions::{MANIFEST_RECIPE, verify_instructions};
pub use key::{KeyError, KeyInfo};
pub use parse::{RecordFault, parse_record};
pub use record::{
    Declaration, JournalFile, Manifests, RecordError, RecordInput, ReportFile, build_record,
    meaning_sentence,
};
pub use signer::{AgentKeys, KeySource, SignError, Signer, SshKeygen};
pub use sshsig::{SIGNATURE_LIMIT, SignatureFault, SshSignature};
pub use text::{TextFault, is_signable, name_remarks, visible};
pub use verify::{
    Check, CheckOutcome, JournalCheck, LogFacts, RepositoryFacts, Verification, VerifyInput,
    VerifyOutcome, verify,
};

/// The SSHSIG namespace: a signature made for anything else is none here.
pub const NAMESPACE: &str = "signoff-v1@countersign";

/// The in-toto predicate type of the record.
pub const PREDICATE_TYPE: &str = "urn:countersign:signoff:v1";

/// The in-toto statement type of the record.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The record's name in a bundle.
pub const RECORD_FILE: &str = "record.json";
/// The name of the production profile in a bundle.
pub const PROFILE_FILE: &str = "profile.toml";

/// The signature's name in a bundle.
pub const SIGNATURE_FILE: &str = "record.json.sig";

/// The name of the instructions in a bundle; not signed, a client keeps its own procedure.
pub const INSTRUCTIONS_FILE: &str = "VERIFY.md";

/// The most bytes a record may have.
pub const RECORD_LIMIT: usize = 1 << 20;
