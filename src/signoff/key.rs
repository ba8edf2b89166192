//! Which public keys may sign. Owns the allow-list of key types and their strictness; refuses private keys.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, PublicKey};

use super::armour::encode;
use super::text::visible_line;

/// Why a public key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a public key as OpenSSH writes it.
    #[error(
        "this is not a public key as OpenSSH writes it (`ssh-ed25519 AAAA… comment`); name the key's .pub file, or make a \
         key with `ssh-keygen -t ed25519`"
    )]
    Malformed,
    /// A key type that verification refuses.
    #[error(
        "keys of type {algorithm} are refused, because sign-offs are verified with a short list of strong key types only; \
         use an Ed25519 or ECDSA P-256 key or their security-key forms (ssh-keygen -t ed25519, ed25519-sk, ecdsa or \
         ecdsa-sk)"
    )]
    Algorithm {
        /// The type, made visible.
        algorithm: String,
    },
    /// A key for which anyone can make signatures.
    #[error(
        "this Ed25519 key is weak: signatures under it fit any text, so they prove nothing; make a key with \
         `ssh-keygen -t ed25519`"
    )]
    Weak,
    /// A point that is not on its curve, or not written in full.
    #[error(
        "this key is not a point of its curve as OpenSSH writes it; make a key with `ssh-keygen -t ed25519`"
    )]
    Point,
    /// A security key of some other application.
    #[error(
        "this security key was made for an application that is not SSH; make one with `ssh-keygen -t ed25519-sk`"
    )]
    Application,
}

/// A public key that may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fingerprint: String,
    /// The key as OpenSSH writes it, without a comment.
    pub openssh: String,
    /// Its type (`ssh-ed25519`).
    pub algorithm: String,
    /// Its comment, made visible; says nothing that can be relied on.
    pub comment: String,
}

impl KeyInfo {
    /// Reads one public key line and refuses what verification would refuse.
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        let key = parse_line(line)?;
        StrictKey::of(&key)?;
        let plain = PublicKey::from(key.key_data().clone());
        Ok(Self {
            fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
            openssh: plain.to_openssh().map_err(|_| KeyError::Malformed)?,
            algorithm: key.algorithm().as_str().to_owned(),
            comment: visible_line(key.comment()),
        })
    }
}

/// Reads one public key line of any plain type.
pub(super) fn parse_line(line: &str) -> Result<PublicKey, KeyError> {
    let line = line.trim();
    let algorithm = line.split([' ', '\t']).next().unwrap_or_default();
    if algorithm.contains("-cert-v0") {
        return Err(KeyError::Algorithm {
            algorithm: visible_line(algorithm),
        });
    }
    let key = PublicKey::from_openssh(line).map_err(|_| KeyError::Malformed)?;
    let blob = key.to_bytes().map_err(|_| KeyError::Malformed)?;
    let written = line
        .split([' ', '\t'])
        .find(|part| part.starts_with("AAAA"));
    if written == Some(encode(&blob).as_str()) {
        Ok(key)
    } else {
        Err(KeyError::Malformed)
    }
}

/// Reads the bytes of one public key. The library passes over some lengths inside, so only its own spelling counts.
pub(super) fn parse_blob(blob: &[u8]) -> Option<PublicKey> {
    PublicKey::from_bytes(blob)
        .ok()
        .filter(|key| key.to_bytes().is_ok_and(|written| written == blob))
}

/// A key of an allowed type, ready to verify with.
pub(super) enum StrictKey {
    /// Ed25519, not of small order.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// Ed25519 in a security key.
    SkEd25519 {
        /// The key.
        key: ed25519_dalek::VerifyingKey,
        /// What the security key signs for.
        application: String,
    },
    /// ECDSA P-256.
    P256,
    /// ECDSA P-256 in a security key.
    SkP256,
}

impl StrictKey {
    /// Admits a key, or says why not.
    pub(super) fn of(key: &PublicKey) -> Result<Self, KeyError> {
        match key.key_data() {
            KeyData::Ed25519(key) => edwards(&key.0).map(Self::Ed25519),
            KeyData::SkEd25519(key) => Ok(Self::SkEd25519 {
                key: edwards(&key.public_key().0)?,
                application: ssh_application(key.application())?.to_owned(),
            }),
            KeyData::Ecdsa(key) if key.curve() == EcdsaCurve::NistP256 => {
                uncompressed(key.as_sec1_bytes()).map(|()| Self::P256)
            }
            KeyData::SkEcdsaSha2NistP256(key) => {
                ssh_application(key.application())?;
                uncompressed(key.ec_point().as_bytes()).map(|()| Self::SkP256)
            }
            // The crate's enum is open; whatever is not listed above is refused by name.
            other => Err(KeyError::Algorithm {
                algorithm: visible_line(named(&other.algorithm())),
            }),
        }
    }
}

fn named(algorithm: &Algorithm) -> &str {
    algorithm.as_str()
}

fn edwards(bytes: &[u8; 32]) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point)?;
    if key.is_weak() {
        return Err(KeyError::Weak);
    }
    Ok(key)
}

/// OpenSSH reads points only in full: a tag of 4 and both coordinates.
fn uncompressed(point: &[u8]) -> Result<(), KeyError> {
    if point.len() == 65 && point[0] == 4 {
        Ok(())
    } else {
        Err(KeyError::Point)
    }
}

fn ssh_application(application: &str) -> Result<&str, KeyError> {
    let plain = application.bytes().all(|b| b.is_ascii_graphic());
    if plain && application.starts_with("ssh:") {
        Ok(application)
    } else {
        Err(KeyError::Application)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::openssh_line;
    use super::*;

    #[test]
    fn an_rsa_key_is_refused_with_the_types_that_are_fine() {
        let mut blob = Vec::new();
        blob.extend([0, 0, 0, 1, 3]);
        blob.extend([0, 0, 1, 1, 0]);
        blob.extend([0xc1; 256]);
        let error = KeyInfo::parse(&openssh_line("ssh-rsa", &blob)).unwrap_err();
        assert!(matches!(error, KeyError::Algorithm { .. }));
        assert!(error.to_string().contains("ed25519"));
    }

    #[test]
    fn a_key_of_small_order_is_refused() {
        let mut identity = vec![0, 0, 0, 32, 1];
        identity.extend([0; 31]);
        let line = openssh_line("ssh-ed25519", &identity);
        assert_eq!(KeyInfo::parse(&line), Err(KeyError::Weak));
    }

    #[test]
    fn a_key_in_a_spelling_that_openssh_does_not_read_is_refused() {
        let mut key = vec![0, 0, 0, 32];
        key.extend([9; 32]);
        let line = |fields: &[u8]| KeyInfo::parse(&openssh_line("ssh-ed25519", fields));
        assert!(line(&key).is_ok());
        key[1] = 1;
        assert_eq!(line(&key), Err(KeyError::Malformed));
    }

    #[test]
    fn a_certificate_is_refused() {
        let error = KeyInfo::parse("ssh-ed25519-cert-v01@openssh.com AAAA x").unwrap_err();
        assert!(matches!(error, KeyError::Algorithm { .. }));
    }
}
