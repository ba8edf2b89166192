//! Signing with keys that stock ssh-keygen made, and what verification finds: in the bundle, in the client's list, in the
//! repository. Whatever passes here is held against stock OpenSSH.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;

use crate::support::{EMAIL, Outcome, Stage, entries, write};
use crate::terminal::Terminal;

const NAMESPACE: &str = "signoff-v1@countersign";

/// A review of the demonstration, decided but for the signature.
struct Signing {
    stage: Stage,
    repository: PathBuf,
    review: String,
    key: PathBuf,
    allowed: PathBuf,
}

impl Signing {
    fn undecided() -> Self {
        let stage = Stage::new();
        let (repository, review) = stage.demo();
        let key = stage.key("levi", "");
        let allowed = stage.allowed("allowed", &key);
        Self {
            stage,
            repository,
            review,
            key,
            allowed,
        }
    }

    fn decided() -> Self {
        let signing = Self::undecided();
        signing
            .stage
            .accept_all(&signing.repository, &signing.review);
        signing
            .stage
            .read_critical(&signing.repository, &signing.review);
        signing
    }

    fn bundle(&self) -> PathBuf {
        self.stage.root().join("bundle")
    }

    fn order(&self, key: &[&str], verdict: &str, more: &[&str]) -> Vec<String> {
        let bundle = self.bundle();
        let fixed = [
            "sign",
            "--name",
            "Dana Levi",
            "--role",
            "Architect",
            "--organisation",
            "Levi Ltd",
            "--principal",
            EMAIL,
            "--verdict",
            verdict,
            "--out",
            bundle.to_str().expect("a name"),
        ];
        [&fixed, key, more]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    fn sign(&self, verdict: &str, more: &[&str]) -> Outcome {
        let key = self.key.to_str().expect("a name");
        self.run(&self.order(&["--key", key], verdict, more))
    }

    fn run(&self, arguments: &[String]) -> Outcome {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.stage.run(&self.repository, &arguments)
    }

    fn verify(&self, allowed: &Path, more: &[&str]) -> Outcome {
        let bundle = self.bundle();
        let allowed = allowed.to_str().expect("a name");
        let bundle = bundle.to_str().expect("a name");
        let arguments = [&["verify", bundle, "--allowed-signers", allowed], more].concat();
        self.stage.run(self.stage.root(), &arguments)
    }

    #[track_caller]
    fn stock_accepts(&self) {
        let outcome = stock_verify(&self.stage, &self.bundle(), &self.allowed);
        assert!(outcome.ok().contains("Good \"signoff-v1@countersign\""));
    }
}

/// What stock OpenSSH says of a bundle.
pub fn stock_verify(stage: &Stage, bundle: &Path, allowed: &Path) -> Outcome {
    let mut command = stage.program("ssh-keygen", bundle);
    command
        .args(["-Y", "verify", "-n", NAMESPACE, "-I", EMAIL])
        .args(["-s", "record.json.sig", "-f"])
        .arg(allowed);
    let record = fs::read(bundle.join("record.json")).expect("a record");
    Outcome::fed(command, &record)
}

#[test]
fn a_signed_review_satisfies_stock_ssh_keygen_and_our_own_verification() {
    let signing = Signing::decided();
    let signed = signing
        .sign("approved", &["--statement", "Read in full"])
        .ok();
    assert!(
        signed.contains("Signed: approved by levi@example.com"),
        "{signed}"
    );
    let status = signing.stage.json(&signing.repository, &["status"]);
    assert_eq!(status["signed"][0]["principal"], EMAIL);
    assert_eq!(status["signed"][0]["verdict"], "approved");
    signing.stock_accepts();
    let repository = signing.repository.to_str().expect("a name");
    let verified = signing
        .verify(
            &signing.allowed,
            &["--repo", repository, "--principal", EMAIL],
        )
        .ok();
    assert!(verified.ends_with("Result: valid.\n"), "{verified}");
    for check in ["head commit", "change manifest", "tree manifest", "journal"] {
        assert!(verified.contains(check), "{check} in {verified}");
    }
    for file in [
        "record.json",
        "record.json.sig",
        "report.md",
        "report.html",
        "report.json",
        "VERIFY.md",
    ] {
        assert!(signing.bundle().join(file).is_file(), "{file}");
    }
    let log = signing.stage.must(&signing.repository, &["log"]);
    assert!(log.contains("signoff.signed"), "{log}");
    let report = fs::read_to_string(signing.bundle().join("report.md")).expect("a report");
    assert!(
        report.contains("Dana Levi") && report.contains("Read in full"),
        "{report}"
    );
}

#[test]
fn nothing_undecided_can_be_approved_and_a_rejection_can_be_signed_at_any_time() {
    let signing = Signing::undecided();
    let before = signing.stage.journals();
    for verdict in ["approved", "approved-with-conditions"] {
        let outcome = signing.sign(verdict, &[]);
        assert_eq!(outcome.code, 2, "{outcome:?}");
        assert!(
            outcome.err.contains("22 items are undecided"),
            "{outcome:?}"
        );
    }
    assert!(!signing.bundle().exists());
    assert_eq!(signing.stage.journals(), before);
    signing.sign("rejected", &[]).ok();
    signing.stock_accepts();
    let outcome = signing.verify(&signing.allowed, &[]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.out.contains("rejected"), "{outcome:?}");
}

#[test]
fn an_open_blocker_excludes_approved_but_not_approved_with_conditions() {
    let signing = Signing::undecided();
    signing.stage.must(
        &signing.repository,
        &[
            "flag",
            "n-plus-one",
            "--at",
            "shop/orders.py:20-22",
            "--severity",
            "blocker",
        ],
    );
    signing
        .stage
        .accept_all(&signing.repository, &signing.review);
    signing
        .stage
        .read_critical(&signing.repository, &signing.review);
    let outcome = signing.sign("approved", &[]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.err.contains("open blocker"), "{outcome:?}");
    signing.sign("approved-with-conditions", &[]).ok();
    signing.stock_accepts();
    let verified = signing.verify(&signing.allowed, &[]).ok();
    assert!(verified.contains("conditions"), "{verified}");
}

#[test]
fn one_byte_changed_in_any_file_of_a_bundle_is_found_and_named() {
    let signing = Signing::decided();
    signing.sign("approved", &[]).ok();
    let bundle = signing.bundle();
    let mut files = vec![
        "record.json",
        "record.json.sig",
        "report.md",
        "VERIFY.md",
        ".gitattributes",
        "report.html",
        "report.json",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    for folder in ["journal", "checklists"] {
        for file in entries(&bundle.join(folder)) {
            let name = file
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name");
            files.push(format!("{folder}/{name}"));
        }
    }
    assert_eq!(files.len(), 9);
    for file in files {
        let path = bundle.join(&file);
        let good = fs::read(&path).expect("a file");
        for place in [0, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&path, &bad).expect("a file");
            let outcome = signing.verify(&signing.allowed, &[]);
            assert_eq!(outcome.code, 1, "{file} at {place}: {outcome:?}");
            let named = file
                .strip_prefix("record.json")
                .map_or(file.as_str(), |end| {
                    if end.is_empty() {
                        "record"
                    } else {
                        "signature"
                    }
                });
            let failures = outcome
                .out
                .lines()
                .filter(|line| line.starts_with("failed"));
            assert!(
                failures.clone().any(|line| line.contains(named)),
                "{file} at {place}: {outcome:?}"
            );
        }
        if ["VERIFY.md", ".gitattributes"].contains(&file.as_str()) {
            // Written after the record: a bundle without them lacks nothing that is signed.
            fs::write(&path, &good).expect("a file");
            continue;
        }
        fs::remove_file(&path).expect("a file");
        let gone = signing.verify(&signing.allowed, &[]);
        assert!([1, 2].contains(&gone.code), "{file}: {gone:?}");
        fs::write(&path, &good).expect("a file");
    }
    signing.verify(&signing.allowed, &[]).ok();
}

#[test]
fn only_the_clients_own_list_decides_who_may_sign() {
    let signing = Signing::decided();
    signing.sign("approved", &[]).ok();
    let stranger = signing
        .stage
        .allowed("strangers", &signing.stage.key("stranger", ""));
    assert_eq!(signing.verify(&stranger, &[]).code, 1);
    assert_ne!(
        stock_verify(&signing.stage, &signing.bundle(), &stranger).code,
        0
    );
    let nowhere = signing.stage.root().join("nowhere");
    let outcome = signing.verify(&nowhere, &[]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.out.contains("nowhere"), "{outcome:?}");
    let outcome = signing.verify(&signing.allowed, &["--principal", "weiss@example.com"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let empty = signing.stage.root().join("empty");
    write(&empty, "");
    assert_eq!(signing.verify(&empty, &[]).code, 1);
}

#[test]
fn a_repository_with_other_content_does_not_fit_the_signature() {
    let signing = Signing::decided();
    signing.sign("approved", &[]).ok();
    let other = signing.stage.small();
    let outcome = signing.verify(
        &signing.allowed,
        &["--repo", other.to_str().expect("a name")],
    );
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.out.contains("head commit"), "{outcome:?}");
}

#[test]
fn a_bundle_is_never_written_over_another() {
    let signing = Signing::decided();
    signing.sign("approved", &[]).ok();
    let record = fs::read(signing.bundle().join("record.json")).expect("a record");
    let outcome = signing.sign("approved", &[]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert_eq!(
        fs::read(signing.bundle().join("record.json")).expect("a record"),
        record
    );
}

/// An agent of the test's own, ended with it.
struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    fn start(stage: &Stage) -> Self {
        use std::io::Read as _;
        let socket = stage.root().join("agent");
        let mut command = stage.program("ssh-agent", stage.root());
        command
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(std::process::Stdio::piped());
        let mut child = command.spawn().expect("ssh-agent starts");
        // It speaks once it listens.
        let mut first = [0; 16];
        let mut said = child.stdout.take().expect("a pipe");
        said.read_exact(&mut first)
            .expect("it says where it listens");
        Self { child, socket }
    }

    fn add(&self, stage: &Stage, key: &Path) {
        let mut command = stage.program("ssh-add", stage.root());
        command
            .arg("-q")
            .arg(key)
            .env("SSH_AUTH_SOCK", &self.socket);
        Outcome::of(command).ok();
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_key_that_only_the_agent_holds_signs() {
    let signing = Signing::decided();
    let agent = Agent::start(&signing.stage);
    agent.add(&signing.stage, &signing.key);
    fs::remove_file(&signing.key).expect("the private key");
    let arguments = signing.order(&["--agent"], "approved", &[]);
    let mut command = signing.stage.verb(&signing.repository, &[]);
    command.args(&arguments).env("SSH_AUTH_SOCK", &agent.socket);
    Outcome::of(command).ok();
    signing.stock_accepts();
    signing.verify(&signing.allowed, &[]).ok();
}

#[test]
fn without_an_agent_the_way_to_one_is_said() {
    let signing = Signing::decided();
    let outcome = signing.run(&signing.order(&["--agent"], "approved", &[]));
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.err.contains("ssh-agent"), "{outcome:?}");
}

#[test]
fn a_patch_is_bound_by_its_manifest_and_the_report_says_so() {
    let stage = Stage::new();
    let repository = stage.small();
    let patch = stage.git(&repository, &["diff", "main...work"]);
    let folder = stage.folder("elsewhere");
    let review = Outcome::fed(
        stage.verb(&folder, &["review", "--patch", "-", "--headless"]),
        patch.as_bytes(),
    )
    .ok()
    .trim()
    .to_owned();
    stage.accept_all(&folder, &review);
    let key = stage.key("levi", "");
    let allowed = stage.allowed("allowed", &key);
    let signing = Signing {
        stage,
        repository: folder,
        review,
        key,
        allowed,
    };
    signing.sign("approved", &[]).ok();
    signing.stock_accepts();
    signing.verify(&signing.allowed, &[]).ok();
    let record = fs::read_to_string(signing.bundle().join("record.json")).expect("a record");
    assert!(!record.contains("gitCommit"), "{record}");
    let report = fs::read_to_string(signing.bundle().join("report.md")).expect("a report");
    assert!(report.contains("manifest"), "{report}");
    let outcome = signing.verify(
        &signing.allowed,
        &[
            "--repo",
            signing.stage.root().join("small").to_str().expect("a name"),
        ],
    );
    assert!(outcome.out.contains("manifest"), "{outcome:?}");
}

#[test]
fn ssh_keygen_asks_for_the_passphrase_on_the_terminal() {
    let mut signing = Signing::decided();
    signing.key = signing.stage.key("guarded", "open sesame");
    signing.allowed = signing.stage.allowed("guarded-allowed", &signing.key);
    let key = signing.key.to_str().expect("a name").to_owned();
    let arguments = signing.order(&["--key", &key], "approved", &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    let mut wrong = Terminal::start(&signing.stage, &signing.repository, &arguments);
    wrong.shows("passphrase");
    wrong.keys("open says me\r");
    assert_eq!(wrong.ends(), 2, "{}", wrong.screen());
    assert!(!signing.bundle().exists());

    let mut right = Terminal::start(&signing.stage, &signing.repository, &arguments);
    right.shows("passphrase");
    right.keys("open sesame\r");
    right.shows("Signed: approved");
    assert_eq!(right.ends(), 0);
    assert!(!right.screen().contains("open sesame"));
    signing.stock_accepts();
}
