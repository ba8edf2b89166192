//! Strictness of single signatures, against stock `ssh-keygen` where it has an opinion.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use std::path::Path;
use std::process::{Command, Stdio};

use super::super::NAMESPACE;
use super::super::armour::write_armour;
use super::super::testing::{seeded_key, sign_with, ssh_keygen_key, tempdir};
use super::*;

const MESSAGE: &[u8] = b"{\"a\":1}";

fn check(signature: &[u8], message: &[u8]) -> Result<(), SignatureFault> {
    SshSignature::parse(signature, NAMESPACE)?.verify(NAMESPACE, message)
}

/// Whether stock `ssh-keygen` finds the signature good, whoever made it.
fn stock(folder: &Path, signature: &[u8], message: &[u8]) -> bool {
    std::fs::write(folder.join("m"), message).unwrap();
    std::fs::write(folder.join("s"), signature).unwrap();
    Command::new("ssh-keygen")
        .args(["-Y", "check-novalidate", "-n", NAMESPACE, "-s"])
        .arg(folder.join("s"))
        .stdin(std::fs::File::open(folder.join("m")).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn stock_sign(folder: &Path, kind: &str, namespace: &str, hash: &str) -> Vec<u8> {
    let key = ssh_keygen_key(folder, kind);
    let message = folder.join("message");
    let _ = std::fs::remove_file(folder.join("message.sig"));
    std::fs::write(&message, MESSAGE).unwrap();
    let status = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-q", "-n", namespace, "-O"])
        .arg(format!("hashalg={hash}"))
        .arg("-f")
        .arg(key)
        .arg(&message)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    std::fs::read(folder.join("message.sig")).unwrap()
}

fn string_of(bytes: &[u8]) -> Vec<u8> {
    let mut out = (bytes.len() as u32).to_be_bytes().to_vec();
    out.extend(bytes);
    out
}

/// Builds a signature file from its parts.
fn file_of(key: &[u8], reserved: &[u8], hash: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut blob = b"SSHSIG\0\0\0\x01".to_vec();
    for part in [key, NAMESPACE.as_bytes(), reserved, hash, signature] {
        blob.extend(string_of(part));
    }
    write_armour(&blob).into_bytes()
}

#[test]
fn signatures_of_stock_ssh_keygen_verify_and_fit_nothing_else() {
    for (kind, hash) in [
        ("ed25519", "sha512"),
        ("ed25519", "sha256"),
        ("ecdsa", "sha512"),
    ] {
        let dir = tempdir();
        let signature = stock_sign(dir.path(), kind, NAMESPACE, hash);
        assert_eq!(check(&signature, MESSAGE), Ok(()), "{kind}");
        assert_eq!(
            check(&signature, b"{\"a\":2}"),
            Err(SignatureFault::Mismatch),
            "{kind}"
        );
    }
}

#[test]
fn signatures_made_here_verify_with_stock_ssh_keygen() {
    let dir = tempdir();
    let signature = sign_with(&seeded_key(1).0, NAMESPACE, MESSAGE);
    assert!(stock(dir.path(), &signature, MESSAGE));
    assert_eq!(check(&signature, MESSAGE), Ok(()));
}

#[test]
fn a_signature_for_another_purpose_is_refused() {
    let dir = tempdir();
    let signature = stock_sign(dir.path(), "ed25519", "git", "sha512");
    assert!(matches!(
        check(&signature, MESSAGE),
        Err(SignatureFault::Namespace { .. })
    ));
}

#[test]
fn rsa_is_refused_although_ssh_keygen_takes_it() {
    let dir = tempdir();
    let signature = stock_sign(dir.path(), "rsa", NAMESPACE, "sha512");
    assert!(stock(dir.path(), &signature, MESSAGE));
    assert!(matches!(
        check(&signature, MESSAGE),
        Err(SignatureFault::Key(KeyError::Algorithm { .. }))
    ));
}

#[test]
fn no_changed_byte_of_a_signature_file_goes_unnoticed() {
    for kind in ["ed25519", "ecdsa"] {
        let dir = tempdir();
        let signature = stock_sign(dir.path(), kind, NAMESPACE, "sha512");
        for at in 0..signature.len() {
            for flip in [0x01, 0x20, 0x80] {
                let mut other = signature.clone();
                other[at] ^= flip;
                assert!(check(&other, MESSAGE).is_err(), "{kind} byte {at} ^ {flip}");
            }
        }
    }
}

#[test]
fn armour_that_one_verifier_takes_and_another_refuses_is_refused() {
    let dir = tempdir();
    let text = String::from_utf8(stock_sign(dir.path(), "ed25519", NAMESPACE, "sha512")).unwrap();
    for other in [
        format!("{text}trailing junk\n"),
        format!("leading junk\n{text}"),
        format!("\n{text}"),
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
    ] {
        assert_eq!(
            check(other.as_bytes(), MESSAGE),
            Err(SignatureFault::Armour)
        );
    }
}

#[test]
fn a_key_of_small_order_signs_nothing_although_its_signature_fits_any_text() {
    // Key and nonce are the identity point and the scalar is zero: 0·B = R + h·A holds for every message.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut key = string_of(b"ssh-ed25519");
    key.extend(string_of(&identity));
    let mut signature = string_of(b"ssh-ed25519");
    let mut numbers = identity.to_vec();
    numbers.extend([0; 32]);
    signature.extend(string_of(&numbers));
    let file = file_of(&key, b"", b"sha512", &signature);
    let dir = tempdir();
    assert!(
        stock(dir.path(), &file, b"any text") && stock(dir.path(), &file, b"any other"),
        "the attack is real"
    );
    assert_eq!(
        check(&file, b"any text"),
        Err(SignatureFault::Key(KeyError::Weak))
    );
}

#[test]
fn a_reserved_field_another_hash_or_a_tail_is_refused() {
    let genuine = sign_with(&seeded_key(1).0, NAMESPACE, MESSAGE);
    let blob = super::super::armour::read_armour(&genuine).unwrap();
    let key = blob[14..14 + 51].to_vec();
    let signature = blob[blob.len() - 83..].to_vec();
    assert_eq!(
        check(&file_of(&key, b"", b"sha512", &signature), MESSAGE),
        Ok(())
    );
    for (reserved, hash) in [(&b"x"[..], &b"sha512"[..]), (b"", b"sha1"), (b"", b"md5")] {
        let file = file_of(&key, reserved, hash, &signature);
        assert!(matches!(
            check(&file, MESSAGE),
            Err(SignatureFault::Form(_))
        ));
    }
    let mut long = blob.clone();
    long.push(0);
    let mut future = blob;
    future[9] = 0;
    for blob in [long, future] {
        assert!(matches!(
            check(write_armour(&blob).as_bytes(), MESSAGE),
            Err(SignatureFault::Form(_))
        ));
    }
}

#[test]
fn a_security_key_counts_only_when_somebody_was_present() {
    use ed25519_dalek::{Signer as _, SigningKey};
    let secret = SigningKey::from_bytes(&[5; 32]);
    let application = b"ssh:countersign";
    let mut key = string_of(b"sk-ssh-ed25519@openssh.com");
    key.extend(string_of(secret.verifying_key().as_bytes()));
    key.extend(string_of(application));
    let file = |flags: u8, tail: &[u8]| {
        let trailer = [&[flags, 0, 0, 0, 9], tail].concat();
        let signed = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, MESSAGE).unwrap();
        let mut bytes = sha256(application).0.to_vec();
        bytes.extend(&trailer);
        bytes.extend(sha256(&signed).0);
        let mut signature = string_of(b"sk-ssh-ed25519@openssh.com");
        signature.extend(string_of(&secret.sign(&bytes).to_bytes()));
        signature.extend(&trailer);
        file_of(&key, b"", b"sha512", &signature)
    };
    let dir = tempdir();
    assert!(stock(dir.path(), &file(1, b""), MESSAGE));
    assert_eq!(check(&file(1, b""), MESSAGE), Ok(()));
    assert_eq!(check(&file(5, b""), MESSAGE), Ok(()));
    assert!(
        stock(dir.path(), &file(0, b""), MESSAGE),
        "stock OpenSSH takes it without touch"
    );
    assert_eq!(
        check(&file(0, b""), MESSAGE),
        Err(SignatureFault::Unattended)
    );
    assert!(check(&file(1, b"x"), MESSAGE).is_err());
}

#[test]
fn an_ecdsa_security_key_counts_only_when_somebody_was_present() {
    use ed25519_dalek::Signer as _;
    let dir = tempdir();
    let path = ssh_keygen_key(dir.path(), "ecdsa");
    let secret = ssh_key::PrivateKey::read_openssh_file(&path).unwrap();
    let point = secret
        .public_key()
        .key_data()
        .ecdsa()
        .unwrap()
        .as_sec1_bytes()
        .to_vec();
    let mut key = string_of(b"sk-ecdsa-sha2-nistp256@openssh.com");
    key.extend(string_of(b"nistp256"));
    key.extend(string_of(&point));
    key.extend(string_of(b"ssh:"));
    let file = |flags: u8| {
        let trailer = [flags, 0, 0, 0, 9];
        let signed = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, MESSAGE).unwrap();
        let mut bytes = sha256(b"ssh:").0.to_vec();
        bytes.extend(trailer);
        bytes.extend(sha256(&signed).0);
        let numbers: ssh_key::Signature = secret.try_sign(&bytes).unwrap();
        let mut signature = string_of(b"sk-ecdsa-sha2-nistp256@openssh.com");
        signature.extend(string_of(numbers.as_bytes()));
        signature.extend(trailer);
        file_of(&key, b"", b"sha512", &signature)
    };
    assert!(stock(dir.path(), &file(1), MESSAGE));
    assert_eq!(check(&file(1), MESSAGE), Ok(()));
    assert_eq!(check(&file(1), b"other"), Err(SignatureFault::Mismatch));
    assert_eq!(check(&file(0), MESSAGE), Err(SignatureFault::Unattended));
}
