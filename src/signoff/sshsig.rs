//! One SSH signature: read strictly, verified strictly. Owns the format (OpenSSH's PROTOCOL.sshsig); refuses to know who
//! may sign.
//!
//! Each refusal closes a gap where OpenSSH or a library is laxer than the other: only version 1, an empty reserved field,
//! SHA-256 or SHA-512, no weak keys, one spelling of the armour, and for security keys proof that somebody was present.

use ssh_key::{Algorithm, EcdsaCurve, HashAlg, PublicKey, SshSig};

use super::armour::read_armour;
use super::key::{KeyError, StrictKey, parse_blob};
use super::text::visible_line;
use crate::support::digest::sha256;

/// The most bytes a signature file may have.
pub const SIGNATURE_LIMIT: usize = 16 << 10;
/// A security key's flag: somebody touched it.
const PRESENT: u8 = 0x01;
/// The flag byte and the counter after a security key's signature.
const TRAILER: usize = 5;

/// Why a signature is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Not in the armour `ssh-keygen` writes.
    #[error(
        "the signature file is not exactly as ssh-keygen writes it (changed, cut short, other line ends, or text around \
         it); ask for the original file"
    )]
    Armour,
    /// In armour, but not a signature.
    #[error("the signature is damaged: {0}; ask for the original file")]
    Form(&'static str),
    /// Made for something else.
    #[error(
        "the signature was made for \u{201c}{found}\u{201d}, not for a sign-off (\u{201c}{wanted}\u{201d}), so it does not \
         count here; ask for the sign-off's own signature"
    )]
    Namespace {
        /// What it was made for, made visible.
        found: String,
        /// What it must be made for.
        wanted: String,
    },
    /// A key that may not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A security key signed by itself.
    #[error(
        "the security key signed without being touched, so nobody shows to have been present; sign again with a key that \
         requires touch"
    )]
    Unattended,
    /// Does not fit.
    #[error(
        "the signature does not fit these bytes: the record or the signature was changed, or belongs to another record; \
         ask for the originals"
    )]
    Mismatch,
}

/// A signature that was read, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshSignature {
    /// The key it says it was made with, as OpenSSH writes it, without a comment.
    pub openssh: String,
    /// That key's fingerprint.
    pub fingerprint: String,
    key: PublicKey,
    hash: HashAlg,
    algorithm: String,
    /// The signature proper, with a security key's flags and counter.
    data: Vec<u8>,
    trailer: Vec<u8>,
}

impl SshSignature {
    /// Reads a signature file and checks everything that can be checked without the signed bytes.
    pub fn parse(file: &[u8], namespace: &str) -> Result<Self, SignatureFault> {
        let blob = read_armour(file).ok_or(SignatureFault::Armour)?;
        let mut rest = blob
            .strip_prefix(b"SSHSIG")
            .ok_or(SignatureFault::Form("it does not begin as one"))?;
        if take(&mut rest, 4)? != [0, 0, 0, 1] {
            return Err(SignatureFault::Form("its version is not 1"));
        }
        let key = string(&mut rest)?;
        let found = string(&mut rest)?;
        let reserved = string(&mut rest)?;
        let hash = string(&mut rest)?;
        let mut signature = string(&mut rest)?;
        if !rest.is_empty() {
            return Err(SignatureFault::Form("something follows it"));
        }
        if found != namespace.as_bytes() {
            return Err(SignatureFault::Namespace {
                found: visible_line(&String::from_utf8_lossy(found)),
                wanted: namespace.to_owned(),
            });
        }
        if !reserved.is_empty() {
            return Err(SignatureFault::Form("its reserved field is not empty"));
        }
        let key = public_key(key)?;
        StrictKey::of(&key)?;
        let algorithm = string(&mut signature)?;
        let data = string(&mut signature)?.to_vec();
        Ok(Self {
            openssh: key.to_openssh().map_err(|_| KeyError::Malformed)?,
            fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
            hash: hash_algorithm(hash)?,
            algorithm: String::from_utf8_lossy(algorithm).into_owned(),
            data,
            trailer: signature.to_vec(),
            key,
        })
    }

    /// Verifies the signature over some bytes with its own key; whether that key may sign is asked elsewhere.
    pub fn verify(&self, namespace: &str, message: &[u8]) -> Result<(), SignatureFault> {
        if self.algorithm != self.key.algorithm().as_str() {
            return Err(SignatureFault::Form("it was made by another kind of key"));
        }
        let signed = SshSig::signed_data(namespace, self.hash, message)
            .map_err(|_| SignatureFault::Form("its namespace is empty"))?;
        match StrictKey::of(&self.key)? {
            StrictKey::Ed25519(key) => {
                self.no_trailer()?;
                edwards(&key, &signed, &self.data)
            }
            StrictKey::SkEd25519 { key, application } => {
                self.present()?;
                let mut bytes = sha256(application.as_bytes()).0.to_vec();
                bytes.extend(&self.trailer);
                bytes.extend(sha256(&signed).0);
                edwards(&key, &bytes, &self.data)
            }
            StrictKey::P256 => {
                self.no_trailer()?;
                let curve = EcdsaCurve::NistP256;
                self.ecdsa(namespace, message, Algorithm::Ecdsa { curve })
            }
            StrictKey::SkP256 => {
                self.present()?;
                self.ecdsa(namespace, message, Algorithm::SkEcdsaSha2NistP256)
            }
        }
    }

    fn no_trailer(&self) -> Result<(), SignatureFault> {
        if self.trailer.is_empty() {
            Ok(())
        } else {
            Err(SignatureFault::Form("something follows its numbers"))
        }
    }

    fn present(&self) -> Result<(), SignatureFault> {
        match self.trailer.as_slice() {
            trailer if trailer.len() != TRAILER => Err(SignatureFault::Form(
                "the security key's flags and counter are not there",
            )),
            [flags, ..] if flags & PRESENT == PRESENT => Ok(()),
            _ => Err(SignatureFault::Unattended),
        }
    }

    /// The library checks that both numbers are written as OpenSSH writes them and lie in the group's order.
    fn ecdsa(
        &self,
        namespace: &str,
        message: &[u8],
        algorithm: Algorithm,
    ) -> Result<(), SignatureFault> {
        let mut data = self.data.clone();
        data.extend(&self.trailer);
        let numbers = ssh_key::Signature::new(algorithm, data)
            .map_err(|_| SignatureFault::Form("its numbers are not written as OpenSSH does"))?;
        let key = self.key.key_data().clone();
        let signature = SshSig::new(key, namespace, self.hash, numbers)
            .map_err(|_| SignatureFault::Form("its namespace is empty"))?;
        self.key
            .verify(namespace, message, &signature)
            .map_err(|_| SignatureFault::Mismatch)
    }
}

fn public_key(blob: &[u8]) -> Result<PublicKey, SignatureFault> {
    if let Some(key) = parse_blob(blob) {
        return Ok(key);
    }
    let mut rest = blob;
    let algorithm = visible_line(&String::from_utf8_lossy(string(&mut rest)?));
    if algorithm.contains("-cert-v0") {
        return Err(KeyError::Algorithm { algorithm }.into());
    }
    Err(SignatureFault::Form(
        "its key is not written as OpenSSH does",
    ))
}

fn hash_algorithm(name: &[u8]) -> Result<HashAlg, SignatureFault> {
    match name {
        b"sha256" => Ok(HashAlg::Sha256),
        b"sha512" => Ok(HashAlg::Sha512),
        _ => Err(SignatureFault::Form("its hash is not SHA-256 or SHA-512")),
    }
}

fn edwards(
    key: &ed25519_dalek::VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureFault> {
    let signature = ed25519_dalek::Signature::from_slice(signature)
        .map_err(|_| SignatureFault::Form("its length is not that of an Ed25519 signature"))?;
    key.verify_strict(message, &signature)
        .map_err(|_| SignatureFault::Mismatch)
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], SignatureFault> {
    let (head, tail) = rest
        .split_at_checked(count)
        .ok_or(SignatureFault::Form("it ends too early"))?;
    *rest = tail;
    Ok(head)
}

/// Takes a length of four bytes and as many bytes as it says.
fn string<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], SignatureFault> {
    let length = take(rest, 4)?;
    let length = u32::from_be_bytes(length.try_into().expect("four bytes were taken"));
    take(rest, length as usize)
}

#[cfg(test)]
mod tests;
