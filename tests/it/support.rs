//! What the tests of the real binary stand on: a `Stage` with folders of its own, and repositories to review. It owns no
//! expectation; every test says for itself what must hold.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The person every test acts as.
pub const NAME: &str = "D. Levi";
/// Their address, which is their principal too.
pub const EMAIL: &str = "levi@example.com";

/// Folders that nobody else uses: a home, a data folder, and room for repositories.
pub struct Stage {
    root: TempDir,
    person: (String, String),
}

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The environment of a program, and nothing of the one the tests run in but the search path.
pub fn environment(home: &Path, data: &Path, person: (&str, &str)) -> Vec<(OsString, OsString)> {
    let fixed = [
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("HOME", home.into()),
        ("TMPDIR", home.join("tmp").into()),
        ("COUNTERSIGN_DATA_DIR", data.into()),
        ("COUNTERSIGN_NAME", person.0.into()),
        ("COUNTERSIGN_EMAIL", person.1.into()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        ("GIT_AUTHOR_NAME", "Ada Agent".into()),
        ("GIT_AUTHOR_EMAIL", "ada@example.com".into()),
        ("GIT_COMMITTER_NAME", "Ada Agent".into()),
        ("GIT_COMMITTER_EMAIL", "ada@example.com".into()),
        ("GIT_AUTHOR_DATE", "2026-03-01T10:00:00Z".into()),
        ("GIT_COMMITTER_DATE", "2026-03-01T10:00:00Z".into()),
        ("LANG", "C.UTF-8".into()),
        ("TERM", "xterm-256color".into()),
        ("SHELL", "/bin/sh".into()),
    ];
    fixed
        .into_iter()
        .map(|(name, value)| (OsString::from(name), value))
        .collect()
}

impl Stage {
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(root.path().join("home/tmp")).expect("a home");
        Self {
            root,
            person: (NAME.to_owned(), EMAIL.to_owned()),
        }
    }

    /// Returns the folder that holds everything.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// Acts as somebody else from here on.
    pub fn becomes(&mut self, name: &str, email: &str) {
        self.person = (name.to_owned(), email.to_owned());
    }

    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let person = (self.person.0.as_str(), self.person.1.as_str());
        environment(&self.home(), &self.data(), person)
    }

    /// Returns a program to run in a folder of the stage.
    #[expect(
        clippy::disallowed_methods,
        reason = "tests run the real binary, git and OpenSSH"
    )]
    pub fn program(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null());
        command
    }

    /// Returns the verb, ready to run.
    pub fn verb(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = self.program(BINARY, folder);
        command.args(arguments);
        command
    }

    /// Runs a verb to its end.
    pub fn run(&self, folder: &Path, arguments: &[&str]) -> Outcome {
        Outcome::of(self.verb(folder, arguments))
    }

    /// Runs a verb that must succeed, and returns what it printed.
    #[track_caller]
    pub fn must(&self, folder: &Path, arguments: &[&str]) -> String {
        self.run(folder, arguments).ok()
    }

    /// Runs a verb with `--json` that must succeed, and returns the object.
    #[track_caller]
    pub fn json(&self, folder: &Path, arguments: &[&str]) -> Value {
        let with = [arguments, &["--json"]].concat();
        let text = self.must(folder, &with);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{with:?}: {error}\n{text}"))
    }

    /// Runs a verb that must be refused as bad input, writing nothing; returns its message.
    #[track_caller]
    pub fn refused(&self, folder: &Path, arguments: &[&str]) -> String {
        let before = self.journals();
        let outcome = self.run(folder, arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {outcome:?}");
        // Remarks on the opening may stand before it.
        let error = outcome.err.lines().any(|line| line.starts_with("error: "));
        assert!(error, "{arguments:?}: {outcome:?}");
        let untouched = self.journals() == before;
        assert!(untouched, "{arguments:?} wrote into a journal");
        outcome.err
    }

    /// Runs git, which must succeed.
    #[track_caller]
    pub fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut command = self.program("git", folder);
        command.args(arguments);
        Outcome::of(command).ok()
    }

    /// Makes a folder.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.root().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// Makes a repository with one commit on main.
    pub fn repository(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.folder(name);
        self.git(&folder, &["init", "-q", "-b", "main"]);
        self.commit(&folder, "Begin", files);
        folder
    }

    /// Writes files and commits everything.
    pub fn commit(&self, repository: &Path, message: &str, files: &[(&str, &str)]) {
        for (path, text) in files {
            write(&repository.join(path), text);
        }
        self.git(repository, &["add", "-A"]);
        self.git(repository, &["commit", "-q", "-m", message]);
    }

    /// Builds the demonstration repository, opens its review, and returns the repository and the review's id.
    pub fn demo(&self) -> (PathBuf, String) {
        let demo = self.json(self.root(), &["demo", "--headless"]);
        let text = |key: &str| demo[key].as_str().expect("a string").to_owned();
        (text("repository").into(), text("review"))
    }

    /// Makes a repository of two small files, `app/orders.py` in two hunks and `app/users.py` in one, changed on the
    /// branch `work` that is checked out.
    pub fn small(&self) -> PathBuf {
        let before = padded(&["def total(order):", "    return order.total"]);
        let repository = self.repository(
            "small",
            &[
                ("app/orders.py", before.as_str()),
                ("app/users.py", "def name(user):\n    return user.name\n"),
            ],
        );
        self.git(&repository, &["switch", "-q", "-c", "work"]);
        let after = format!(
            "import store\n{before}\ndef pay(order):\n    order.paid += 1\n    store.save(order)\n"
        );
        self.commit(
            &repository,
            "Pay orders",
            &[
                ("app/orders.py", after.as_str()),
                (
                    "app/users.py",
                    "def name(user):\n    return user.name.strip()\n",
                ),
            ],
        );
        repository
    }

    /// Opens a review without a screen, and returns its id.
    #[track_caller]
    pub fn open(&self, folder: &Path, arguments: &[&str]) -> String {
        let all = [&["review", "--headless"], arguments].concat();
        self.must(folder, &all).trim().to_owned()
    }

    /// Accepts every item that is undecided.
    pub fn accept_all(&self, folder: &Path, review: &str) {
        let items = self.json(folder, &["items", "--review", review])["items"].clone();
        for item in items.as_array().expect("a list") {
            if item["verdict"] == "undecided" {
                let id = item["id"].as_str().expect("an id");
                self.must(
                    folder,
                    &["accept", id, "--reason", "Looked at", "--review", review],
                );
            }
        }
    }

    /// Marks every hunk of a critical surface as read.
    pub fn read_critical(&self, folder: &Path, review: &str) {
        let status = self.json(folder, &["status", "--review", review]);
        for hunk in status["critical"].as_array().expect("a list") {
            let path = hunk["path"].as_str().expect("a path");
            let place = format!("{path}:{}", hunk["hunk"]);
            self.must(folder, &["read", &place, "--review", review]);
        }
    }

    /// Returns the folder of a review.
    pub fn review_folder(&self, review: &str) -> PathBuf {
        self.data().join("reviews").join(review)
    }

    /// Returns every journal file with its bytes, sorted.
    pub fn journals(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut journals = Vec::new();
        for review in entries(&self.data().join("reviews")) {
            for file in entries(&review) {
                if file.extension().is_some_and(|end| end == "log") {
                    let bytes = fs::read(&file).expect("a readable journal");
                    journals.push((file, bytes));
                }
            }
        }
        journals.sort();
        journals
    }

    /// Makes an Ed25519 key with stock ssh-keygen and returns its path.
    pub fn key(&self, name: &str, passphrase: &str) -> PathBuf {
        let path = self.folder("keys").join(name);
        let mut command = self.program("ssh-keygen", self.root());
        command
            .args(["-q", "-t", "ed25519", "-C", name, "-N", passphrase, "-f"])
            .arg(&path);
        Outcome::of(command).ok();
        path
    }

    /// Puts a key where the screen looks for one.
    pub fn install(&self, key: &Path) {
        let ssh = self.folder("home/.ssh");
        fs::copy(key, ssh.join("id_ed25519")).expect("a key");
        let public = key.with_added_extension("pub");
        fs::copy(public, ssh.join("id_ed25519.pub")).expect("a key");
    }

    /// Writes an allowed-signers file that vouches for a key as [`EMAIL`].
    pub fn allowed(&self, name: &str, key: &Path) -> PathBuf {
        let public = fs::read_to_string(key.with_added_extension("pub")).expect("a public key");
        let path = self.root().join(name);
        let line = format!("{EMAIL} namespaces=\"signoff-v1@countersign\" {public}");
        fs::write(&path, line).expect("an allowed-signers file");
        path
    }
}

/// The program under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_countersign");

impl Outcome {
    /// Runs a program to its end.
    #[track_caller]
    pub fn of(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::from(command.output().expect("the program starts"))
    }

    /// Runs a program with bytes on its standard input.
    #[track_caller]
    pub fn fed(mut command: Command, input: &[u8]) -> Self {
        use std::io::Write as _;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::thread::scope(|scope| {
            // A program that ends early need not read all of it.
            scope.spawn(move || drop(stdin.write_all(input)));
            Self::from(child.wait_with_output().expect("the program ends"))
        })
    }

    /// Returns the output of a program that succeeded.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, text: impl AsRef<[u8]>) {
    let folder = path.parent().expect("a folder above");
    fs::create_dir_all(folder).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Returns what is in a folder; nothing where there is none.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(listing) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = listing
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}

/// Returns lines with 40 lines of filling after them, so that changes at both ends are two hunks.
fn padded(lines: &[&str]) -> String {
    let filling = (1..=40).map(|n| format!("LIMIT_{n} = {n}"));
    let all: Vec<String> = lines
        .iter()
        .map(ToString::to_string)
        .chain(filling)
        .collect();
    all.join("\n") + "\n"
}
