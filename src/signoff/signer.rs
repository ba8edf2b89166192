//! Making the signature: stock `ssh-keygen -Y sign` on the real terminal, so that agent, passphrase, security keys and
//! smart cards work as everywhere else. The only caller of `ssh-keygen` and `ssh-add`; no private key enters this process.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::key::{KeyError, KeyInfo};
use super::sshsig::{SIGNATURE_LIMIT, SignatureFault, SshSignature};
use super::{NAMESPACE, RECORD_FILE, SIGNATURE_FILE};

/// The most bytes a public key file may have.
const PUBLIC_KEY_LIMIT: u64 = 64 << 10;

/// Where the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A private key file, or the `.pub` file of a key whose private part an agent or a token holds.
    File(PathBuf),
    /// A key in the agent.
    Agent(KeyInfo),
}

/// The agent's keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentKeys {
    /// Those that may sign.
    pub usable: Vec<KeyInfo>,
    /// Why the others may not, one sentence each.
    pub refused: Vec<String>,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// No OpenSSH.
    #[error(
        "{0} was not found on the PATH, and signing needs it; install the OpenSSH client (package openssh-client or \
         openssh) and try again"
    )]
    NoProgram(&'static str),
    /// No key there.
    #[error("there is no key at {}: {source}; name the private key file with --key, or use --agent", path.display())]
    NoKey {
        /// Where it was looked for.
        path: PathBuf,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// A key that verification would refuse.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No agent.
    #[error(
        "no ssh-agent answers; start one and add your key (eval \"$(ssh-agent)\"; ssh-add), or name a key file with --key"
    )]
    NoAgent,
    /// The program said no; its own words are on the terminal.
    #[error(
        "ssh-keygen did not {what} ({status}); its message is on the terminal: most often the passphrase was wrong, the security key \
         was not touched, or the agent does not hold the key. Nothing was signed, try again"
    )]
    Refused {
        /// What it was asked for.
        what: &'static str,
        /// How it ended.
        status: String,
    },
    /// What came back does not verify.
    #[error("ssh-keygen made a signature that does not verify: {0}. Nothing was written")]
    Unusable(SignatureFault),
    /// What came back is by another key.
    #[error(
        "the signature was made with the key {made}, not with {wanted}; the .pub file beside the key belongs to another \
         key, correct it with `ssh-keygen -y -f KEY > KEY.pub` and sign again"
    )]
    OtherKey {
        /// The key that signed.
        made: String,
        /// The key the record names.
        wanted: String,
    },
    /// A temporary file could not be written or read.
    #[error(
        "a temporary file for signing could not be used: {0}; check space and rights of the temporary folder and sign again"
    )]
    Temporary(#[from] std::io::Error),
}

/// Makes signatures.
pub trait Signer {
    /// Returns the public key, and refuses one that verification would refuse.
    fn public_key(&self, source: &KeySource) -> Result<KeyInfo, SignError>;

    /// Signs a record with a key and returns the signature file's bytes, which verify.
    fn sign(&self, source: &KeySource, key: &KeyInfo, record: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Stock OpenSSH.
#[derive(Debug, Clone)]
pub struct SshKeygen {
    keygen: PathBuf,
    /// The agent's socket, where it is another than the environment names.
    agent: Option<PathBuf>,
}

impl SshKeygen {
    /// Finds `ssh-keygen` on the PATH.
    pub fn locate() -> Result<Self, SignError> {
        Ok(Self {
            keygen: find("ssh-keygen")?,
            agent: None,
        })
    }

    /// Returns the keys the agent holds.
    pub fn agent_keys(&self) -> Result<AgentKeys, SignError> {
        let output = self
            .command(&find("ssh-add")?)
            .arg("-L")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()?;
        match output.status.code() {
            Some(0) => Ok(read_agent_keys(&output.stdout)),
            // The agent answers and holds nothing.
            Some(1) => Ok(AgentKeys::default()),
            Some(_) | None => Err(SignError::NoAgent),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "signing is what ssh-keygen is for"
    )]
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(socket) = &self.agent {
            command.env("SSH_AUTH_SOCK", socket);
        }
        command
    }

    /// Asks `ssh-keygen` for the public part; it may ask for a passphrase on the terminal.
    fn derive_public_key(&self, path: &Path) -> Result<KeyInfo, SignError> {
        let output = self
            .command(&self.keygen)
            .args(["-y", "-f"])
            .arg(path)
            .stdin(Stdio::inherit())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(SignError::Refused {
                what: "read the key",
                status: output.status.to_string(),
            });
        }
        Ok(KeyInfo::parse(&String::from_utf8_lossy(&output.stdout))?)
    }
}

impl Signer for SshKeygen {
    fn public_key(&self, source: &KeySource) -> Result<KeyInfo, SignError> {
        let path = match source {
            KeySource::Agent(key) => return Ok(KeyInfo::parse(&key.openssh)?),
            KeySource::File(path) => path,
        };
        let missing = |source| SignError::NoKey {
            path: path.clone(),
            source,
        };
        let path = std::path::absolute(path).map_err(missing)?;
        fs::metadata(&path).map_err(missing)?;
        if path.extension().is_some_and(|end| end == "pub") {
            return read_public_key(&path);
        }
        let mut beside = OsString::from(&path);
        beside.push(".pub");
        let beside = PathBuf::from(beside);
        if beside.is_file() {
            read_public_key(&beside)
        } else {
            self.derive_public_key(&path)
        }
    }

    fn sign(&self, source: &KeySource, key: &KeyInfo, record: &[u8]) -> Result<Vec<u8>, SignError> {
        // Private to the user and removed on every way out.
        let folder = tempfile::Builder::new().prefix("countersign-").tempdir()?;
        let message = folder.path().join(RECORD_FILE);
        write_new(&message, record)?;
        let key_path = match source {
            // Absolute, so that no name is taken for an option.
            KeySource::File(path) => std::path::absolute(path)?,
            KeySource::Agent(key) => {
                let path = folder.path().join("key.pub");
                write_new(&path, format!("{}\n", key.openssh).as_bytes())?;
                path
            }
        };
        // An interrupt at its prompt ends ssh-keygen, which shares the terminal, and not this program before it has
        // removed its files.
        let interrupted = signal_hook::flag::register(
            signal_hook::consts::SIGINT,
            std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)),
        );
        let status = self
            .command(&self.keygen)
            // Its remarks name files of ours that are gone a moment later; what it asks, it asks all the same.
            .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
            .arg(&key_path)
            .arg(&message)
            .stdin(Stdio::inherit())
            .status();
        if let Ok(id) = interrupted {
            signal_hook::low_level::unregister(id);
        }
        let status = status?;
        if !status.success() {
            return Err(SignError::Refused {
                what: "sign",
                status: status.to_string(),
            });
        }
        let signature = read_limited(
            &folder.path().join(SIGNATURE_FILE),
            SIGNATURE_LIMIT as u64 + 1,
        )?;
        check_made(&signature, key, record)?;
        Ok(signature)
    }
}

/// Holds a fresh signature to what verification will ask of it.
pub(super) fn check_made(signature: &[u8], key: &KeyInfo, record: &[u8]) -> Result<(), SignError> {
    let made = SshSignature::parse(signature, NAMESPACE).map_err(SignError::Unusable)?;
    made.verify(NAMESPACE, record)
        .map_err(SignError::Unusable)?;
    if made.openssh == key.openssh {
        return Ok(());
    }
    Err(SignError::OtherKey {
        made: made.fingerprint,
        wanted: key.fingerprint.clone(),
    })
}

fn read_agent_keys(listing: &[u8]) -> AgentKeys {
    let mut keys = AgentKeys::default();
    let listing = String::from_utf8_lossy(listing);
    for line in listing.lines().filter(|line| !line.trim().is_empty()) {
        match KeyInfo::parse(line) {
            Ok(key) => keys.usable.push(key),
            Err(error) => {
                let comment = line.splitn(3, ' ').nth(2).unwrap_or("no comment");
                keys.refused
                    .push(format!("{}: {error}", super::text::visible_line(comment)));
            }
        }
    }
    keys
}

fn read_public_key(path: &Path) -> Result<KeyInfo, SignError> {
    let bytes = read_limited(path, PUBLIC_KEY_LIMIT).map_err(|source| SignError::NoKey {
        path: path.to_owned(),
        source,
    })?;
    Ok(KeyInfo::parse(&String::from_utf8_lossy(&bytes))?)
}

fn read_limited(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::File::create_new(path)?.write_all(bytes)
}

/// Finds a program in the absolute folders of the PATH: never in the current folder, which may be the one under review.
fn find(program: &'static str) -> Result<PathBuf, SignError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|candidate| candidate.is_file())
        .ok_or(SignError::NoProgram(program))
}

#[cfg(test)]
mod tests;
