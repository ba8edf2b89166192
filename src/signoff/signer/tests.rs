//! Stock OpenSSH as the signer.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use super::super::testing::{SeededSigner, openssh_line, seeded_key, ssh_keygen_key, tempdir};
use super::*;

const RECORD: &[u8] = b"{\"a\":1}";

#[test]
fn a_key_file_signs_whatever_its_name() {
    let dir = tempdir();
    let made = ssh_keygen_key(dir.path(), "ed25519");
    let odd = dir.path().join("- my key; $(x)");
    fs::rename(&made, &odd).unwrap();
    let signer = SshKeygen::locate().unwrap();
    let source = KeySource::File(odd);
    let key = signer.public_key(&source).unwrap();
    assert!(key.fingerprint.starts_with("SHA256:"));
    let signature = signer.sign(&source, &key, RECORD).unwrap();
    check_made(&signature, &key, RECORD).unwrap();
}

#[test]
fn an_ecdsa_key_signs_too_and_rsa_is_refused_before_anything_is_signed() {
    let dir = tempdir();
    let signer = SshKeygen::locate().unwrap();
    let source = KeySource::File(ssh_keygen_key(dir.path(), "ecdsa"));
    let key = signer.public_key(&source).unwrap();
    assert_eq!(key.algorithm, "ecdsa-sha2-nistp256");
    signer.sign(&source, &key, RECORD).unwrap();
    let rsa = KeySource::File(ssh_keygen_key(dir.path(), "rsa"));
    let error = signer.public_key(&rsa).unwrap_err();
    assert!(error.to_string().contains("ed25519"), "{error}");
}

#[test]
fn a_public_file_of_another_key_is_noticed() {
    let dir = tempdir();
    let path = ssh_keygen_key(dir.path(), "ed25519");
    let signer = SshKeygen::locate().unwrap();
    let source = KeySource::File(path);
    let error = signer.sign(&source, &seeded_key(3).1, RECORD).unwrap_err();
    assert!(matches!(error, SignError::OtherKey { .. }));
}

#[test]
fn a_missing_key_is_said_with_its_path() {
    let signer = SshKeygen::locate().unwrap();
    let source = KeySource::File("/nowhere/key".into());
    let error = signer.public_key(&source).unwrap_err();
    assert!(matches!(error, SignError::NoKey { .. }));
    assert!(error.to_string().contains("/nowhere/key"));
}

/// A real agent that ends with its handle.
#[cfg(unix)]
struct Agent {
    process: std::process::Child,
    socket: PathBuf,
}

#[cfg(unix)]
impl Agent {
    fn start(folder: &Path) -> Self {
        let socket = folder.join("agent");
        let mut process = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !socket.exists() {
            assert!(process.try_wait().unwrap().is_none(), "the agent ended");
            std::thread::yield_now();
        }
        Self { process, socket }
    }
}

#[cfg(unix)]
impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_only_the_agent_holds_signs() {
    let dir = tempdir();
    let agent = Agent::start(dir.path());
    let signer = SshKeygen {
        agent: Some(agent.socket.clone()),
        ..SshKeygen::locate().unwrap()
    };
    assert_eq!(signer.agent_keys().unwrap(), AgentKeys::default());
    let path = ssh_keygen_key(dir.path(), "ed25519");
    let added = signer
        .command(&find("ssh-add").unwrap())
        .arg(&path)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(added.success());
    fs::remove_file(&path).unwrap();
    let keys = signer.agent_keys().unwrap().usable;
    assert_eq!(keys[0].comment, "a comment");
    let beside = KeySource::File(dir.path().join("key-ed25519.pub"));
    for source in [KeySource::Agent(keys[0].clone()), beside] {
        let key = signer.public_key(&source).unwrap();
        assert_eq!(key.fingerprint, keys[0].fingerprint);
        signer.sign(&source, &key, RECORD).unwrap();
    }
    drop(agent);
    assert!(matches!(signer.agent_keys(), Err(SignError::NoAgent)));
    let error = signer
        .sign(&KeySource::Agent(keys[0].clone()), &keys[0], RECORD)
        .unwrap_err();
    assert!(matches!(error, SignError::Refused { .. }));
}

#[test]
fn an_unusable_agent_key_is_listed_with_the_reason_and_a_visible_comment() {
    let mut rsa = vec![0, 0, 0, 1, 3, 0, 0, 1, 1, 0];
    rsa.extend([0xc1; 256]);
    let listing = format!(
        "{} good\n{}\x1b[31m\n",
        seeded_key(1).1.openssh,
        openssh_line("ssh-rsa", &rsa)
    );
    let keys = read_agent_keys(listing.as_bytes());
    assert_eq!(keys.usable.len(), 1);
    assert_eq!(keys.usable[0].comment, "good");
    assert_eq!(keys.refused.len(), 1);
    assert!(!keys.refused[0].contains('\u{1b}'));
}

#[test]
fn the_seeded_signer_is_held_to_the_same_check() {
    let source = KeySource::File("unused".into());
    let key = SeededSigner(1).public_key(&source).unwrap();
    assert!(SeededSigner(1).sign(&source, &key, RECORD).is_ok());
    assert!(SeededSigner(2).sign(&source, &key, RECORD).is_err());
}
