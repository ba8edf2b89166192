//! `VERIFY.md`: how a client checks exactly this bundle with stock OpenSSH, git and a shell. Owns the wording; the file is
//! not signed, and says so, because a client keeps a procedure of their own.

use std::fmt::Write as _;

use super::parse::bundled;
use super::statement::{Change, Statement};
use super::{NAMESPACE, RECORD_FILE, SIGNATURE_FILE};
use crate::model::SourceKind;
use crate::support::digest::sha256;

/// How the manifests are computed with stock git in bash, once `REPO`, `BASE` and `HEAD` (trees) are set; leaves them in
/// `change` and `tree`. The byte format is that of `git::manifests`.
pub const MANIFEST_RECIPE: &str = r#"export GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C; Z=$(printf '0%.0s' {1..64})
hash() { case $1 in 000000) echo $Z;; 160000) echo $2;; *) git -C REPO cat-file blob $2 | sha256sum | cut -c1-64;; esac; }
change=$(git -C REPO diff-tree -r -z --no-renames "$BASE" "$HEAD" | while IFS= read -r -d '' m && IFS= read -r -d '' path; do
  set -- ${m#:}; printf '%s %s %s %s %s\t%s\0' $5 $1 $2 "$(hash $1 $3)" "$(hash $2 $4)" "$path"
done | sort -z | sha256sum | cut -c1-64)
tree=$(git -C REPO ls-tree -r -z "$HEAD" | while IFS= read -r -d '' e; do
  set -- ${e%%$'\t'*}; printf '%s %s %s\t%s\0' $1 $2 "$(hash $1 $3)" "${e#*$'\t'}"
done | sort -z | sha256sum | cut -c1-64)
"#;

/// Returns the instructions for a record; `record` and `signature` are the stored bytes.
pub fn verify_instructions(statement: &Statement, record: &[u8], signature: &[u8]) -> String {
    let mut out = String::new();
    introduction(&mut out, statement);
    signature_steps(&mut out, statement);
    file_steps(&mut out, statement, record, signature);
    repository_steps(&mut out, &statement.predicate.change);
    reading_steps(&mut out, statement);
    limits(&mut out);
    out
}

fn introduction(out: &mut String, statement: &Statement) {
    let predicate = &statement.predicate;
    let signer = &predicate.signer;
    let _ = write!(
        out,
        "# How to verify this sign-off\n\n\
         Record `{}` states the decision **{}** of `{}` with the key `{}`, at {} by the signer's own clock.\n\n\
         You need a shell with `ssh-keygen` (OpenSSH 8.7 or newer), `sha256sum` and, for the last step, `git`. On macOS use \
         `shasum -a 256` in place of `sha256sum`. Run the commands in this folder. `countersign verify . --allowed-signers \
         FILE` does all of it, and more strictly.\n\n\
         These instructions came with the bundle and are not signed. Compare them once with the ones you trust, and keep \
         those.\n\n",
        predicate.record_id,
        predicate.decision.name(),
        signer.principal,
        signer.fingerprint,
        predicate.signed_at,
    );
}

fn signature_steps(out: &mut String, statement: &Statement) {
    let predicate = &statement.predicate;
    let signer = &predicate.signer;
    let _ = write!(
        out,
        "## 1. The signature\n\n\
         `allowed_signers` is **your** file. Make it from the contract, where the key's fingerprint is written, or have the \
         fingerprint read to you; never take it from this bundle or from the change under review. It holds one line:\n\n\
         ```text\n{principal} namespaces=\"{NAMESPACE}\" {key}\n```\n\n\
         That line is right only if the contract has the fingerprint `{fingerprint}` (print yours with `ssh-keygen -l -f \
         allowed_signers`). Then:\n\n\
         ```sh\nTZ=UTC ssh-keygen -Y verify -f allowed_signers -I '{principal}' -n {NAMESPACE} \\\n  \
         -Overify-time={time} -s {SIGNATURE_FILE} < {RECORD_FILE}\n```\n\n\
         Exit code 0 and `Good \"{NAMESPACE}\" signature` mean that this key signed exactly these bytes, and that your list \
         vouches for the key at that time. Anything else means that nothing below counts. The time is the record's own, a \
         claim of the signer.\n\n",
        principal = signer.principal,
        key = signer.public_key,
        fingerprint = signer.fingerprint,
        time = verify_time(&predicate.signed_at),
    );
}

/// `2026-11-21T06:30:00Z` → `20261121063000`, which `TZ=UTC` makes UTC for every OpenSSH since 8.7.
fn verify_time(signed_at: &str) -> String {
    signed_at.chars().filter(char::is_ascii_digit).collect()
}

fn file_steps(out: &mut String, statement: &Statement, record: &[u8], signature: &[u8]) {
    out.push_str(
        "## 2. The files\n\n\
         The record holds the SHA-256 of each report, journal and checklist; a file that the record does not name proves \
         nothing.\n\n```sh\nsha256sum -c <<'EOF'\n",
    );
    let own = [(RECORD_FILE, record), (SIGNATURE_FILE, signature)];
    for (name, bytes) in own {
        let _ = writeln!(out, "{}  {name}", sha256(bytes));
    }
    for file in bundled(statement) {
        let _ = writeln!(out, "{}  {}", file.sha256, file.name);
    }
    out.push_str("EOF\n");
    out.push_str("# each digest must stand in the signed record, not only in the list above:\nmissing=0\nfor digest in");
    for file in bundled(statement) {
        let _ = write!(out, " \\\n  {}", file.sha256);
    }
    let _ = write!(
        out,
        "; do\n  grep -qF \"\\\"sha256\\\":\\\"$digest\\\"\" {RECORD_FILE} || {{ echo \"MISMATCH: $digest\"; missing=1; }}\ndone\n\
         test \"$missing\" = 0\n```\n\n"
    );
}

fn repository_steps(out: &mut String, change: &Change) {
    out.push_str("## 3. The code\n\n");
    let (Some(commit), Some(tree)) = (&change.head.git_commit, &change.head.git_tree) else {
        return manifest_only(out, change);
    };
    let _ = write!(
        out,
        "Replace `REPO` by your own clone. All of these must succeed:\n\n\
         ```sh\nexport GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C\n\
         git -C REPO fsck --full --no-dangling\n\
         test \"$(git -C REPO rev-parse --verify '{commit}^{{tree}}')\" = {tree}\n\
         grep -qF '\"subject\":[{{\"digest\":{{\"gitCommit\":\"{commit}\",\"gitTree\":\"{tree}\"}},\"name\":\"head\"}}]' \
         {RECORD_FILE}\n"
    );
    if let (Some(commit), Some(tree)) = (&change.base.git_commit, &change.base.git_tree) {
        let _ = writeln!(
            out,
            "test \"$(git -C REPO rev-parse --verify '{commit}^{{tree}}')\" = {tree}"
        );
    }
    let _ = write!(
        out,
        "```\n\nBefore a deployment, compare what you deploy: `git -C REPO rev-parse --verify 'HEAD^{{commit}}'` must print \
         `{commit}`. A squashed or rebased commit is another commit, and this sign-off does not cover it.\n\n\
         Git names commits by SHA-1 or SHA-256; the manifests bind the same content by SHA-256, whatever becomes of those \
         names. In bash, with your clone in place of `REPO`:\n\n```bash\n",
    );
    let base = match (&change.base.git_tree, &change.base.git_commit) {
        (Some(tree), _) => tree.clone(),
        (None, Some(commit)) => format!("$(git -C REPO rev-parse --verify '{commit}^{{tree}}')"),
        (None, None) => "$(git -C REPO hash-object -t tree /dev/null)".to_owned(),
    };
    let _ = write!(
        out,
        "BASE={base}\nHEAD={tree}\n{MANIFEST_RECIPE}test \"$change\" = {}\n",
        change.change_manifest
    );
    if let Some(manifest) = &change.tree_manifest {
        let _ = writeln!(out, "test \"$tree\" = {manifest}");
    }
    out.push_str(
        "```\n\nEach entry of the change manifest is `STATUS OLDMODE NEWMODE OLDHASH NEWHASH<TAB>PATH<NUL>`, each of the tree \
         manifest `MODE TYPE HASH<TAB>PATH<NUL>`; a hash is the SHA-256 of the content, for a submodule its commit.\n\n",
    );
}

/// What can be said where there is no commit to look for.
fn manifest_only(out: &mut String, change: &Change) {
    let how = if change.kind == SourceKind::Patch.name() {
        "It is the SHA-256 of the patch file's own bytes: `sha256sum FILE`."
    } else {
        "It is the SHA-256 over one entry per changed file, `STATUS OLDMODE NEWMODE OLDHASH NEWHASH<TAB>PATH<NUL>`, sorted as \
         bytes (`LC_ALL=C sort -z`); a hash is the SHA-256 of the content, 64 zeros where there is none."
    };
    let _ = write!(
        out,
        "This sign-off is bound by content manifests, not by commits: the bytes reviewed belonged to no commit. The change \
         manifest is `{}`. {how}\n\n",
        change.change_manifest
    );
}

fn reading_steps(out: &mut String, statement: &Statement) {
    let predicate = &statement.predicate;
    let coverage = &predicate.coverage;
    let _ = write!(
        out,
        "## 4. What it says\n\n\
         A valid signature says who decided, not that the answer is yes. Read the decision, the conditions and the last day \
         in the record:\n\n\
         ```sh\ngrep -qF '\"predicateType\":\"{}\"' {RECORD_FILE}\n\
         grep -qF '\"decision\":\"{}\"' {RECORD_FILE}\n```\n\n\
         Marked as read: {} of {} hunks, {} of {} changed lines. Which were not is listed under `coverage` in the record.\n\n\
         `countersign verify` exits with 0 for valid, 1 for invalid or a mismatch, 2 for could not check, and 3 for authentic \
         but refused: rejected, withdrawn, or past its last day{}.\n\n",
        super::PREDICATE_TYPE,
        predicate.decision.name(),
        coverage.read,
        coverage.hunks,
        coverage.lines_read,
        coverage.lines,
        predicate
            .intended_use
            .not_after
            .as_ref()
            .map(|day| format!(" ({day})"))
            .unwrap_or_default(),
    );
}

fn limits(out: &mut String) {
    out.push_str(
        "## What this is not\n\n\
         The sign-off is technical evidence. It is not a qualified electronic signature, and nothing here is legal advice. \
         The time is the signer's own unless a time-stamp authority confirmed it. The journal shows any change made after \
         signing; before signing, the signer could have written it anew.\n",
    );
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "the instructions are run by stock shells"
)]
mod tests {
    use super::super::parse::parse_record;
    use super::super::testing::{RecordFixture, ssh_keygen_key, tempdir};
    use super::super::{KeySource, Signer, SshKeygen, write_bundle};
    use super::*;
    use crate::model::ObjectId;
    use std::process::Command;

    /// Runs every shell block of the instructions as a client would.
    #[test]
    fn every_stock_command_in_the_instructions_succeeds_on_the_bundle_it_came_with() {
        let dir = tempdir();
        let path = ssh_keygen_key(dir.path(), "ed25519");
        let signer = SshKeygen::locate().unwrap();
        let source = KeySource::File(path);
        let key = signer.public_key(&source).unwrap();
        let fixture = RecordFixture::by_manifest();
        let record = fixture.build(&key);
        let signature = signer.sign(&source, &key, &record).unwrap();
        let statement = parse_record(&record).unwrap();
        let text = verify_instructions(&statement, &record, &signature);
        let out = dir.path().join("bundle");
        let mut files = fixture.files();
        files.push((RECORD_FILE.to_owned(), record));
        files.push((SIGNATURE_FILE.to_owned(), signature));
        write_bundle(&out, &files).unwrap();
        let blocks = |language: &str| -> Vec<String> {
            text.split(&format!("```{language}\n"))
                .skip(1)
                .map(|rest| rest.split("```").next().unwrap().to_owned())
                .collect()
        };
        std::fs::write(out.join("allowed_signers"), &blocks("text")[0]).unwrap();
        let scripts = blocks("sh");
        assert_eq!(scripts.len(), 3);
        for script in &scripts {
            let output = Command::new("sh")
                .args(["-euc", script])
                .current_dir(&out)
                .output()
                .unwrap();
            assert!(output.status.success(), "{script}\n{output:?}");
        }
        std::fs::write(out.join("report.md"), "changed").unwrap();
        let output = Command::new("sh")
            .args(["-euc", &scripts[1]])
            .current_dir(&out)
            .output()
            .unwrap();
        assert!(!output.status.success(), "a changed report must be noticed");
    }

    fn shell(folder: &std::path::Path, script: &str) -> std::process::Output {
        let mut command = Command::new("sh");
        command.args(["-euc", script]).current_dir(folder);
        command.output().unwrap()
    }

    #[test]
    fn the_git_commands_in_the_instructions_succeed_on_the_repository_and_fail_on_another() {
        let dir = tempdir();
        let make = "git init -q REPO && cd REPO && git config user.name n && git config user.email e && \
             echo a > a && git add a && git commit -qm a && echo b > a && git commit -qam b && \
             git rev-parse HEAD~1 HEAD~1^{tree} HEAD HEAD^{tree}";
        let made = shell(dir.path(), make);
        assert!(made.status.success(), "{made:?}");
        let ids: Vec<ObjectId> = String::from_utf8(made.stdout)
            .unwrap()
            .lines()
            .map(ObjectId::new)
            .collect();
        let mut fixture = RecordFixture::by_commit();
        let ends = [&mut fixture.change.base, &mut fixture.change.head];
        for (end, ids) in ends.into_iter().zip(ids.chunks(2)) {
            end.commit = Some(ids[0].clone());
            end.tree = Some(ids[1].clone());
        }
        let (old, new) = (sha256(b"a\n"), sha256(b"b\n"));
        let entry = format!("M 100644 100644 {old} {new}\ta\0");
        fixture.manifests.change = sha256(entry.as_bytes());
        let entry = format!("100644 blob {new}\ta\0");
        fixture.manifests.tree = Some(sha256(entry.as_bytes()));
        let record = fixture.build(&super::super::testing::seeded_key(1).1);
        std::fs::write(dir.path().join(RECORD_FILE), &record).unwrap();
        let text = verify_instructions(&parse_record(&record).unwrap(), &record, b"sig");
        let script = text
            .split("```sh\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .find(|block| block.contains("REPO"))
            .unwrap();
        let output = shell(dir.path(), script);
        assert!(output.status.success(), "{script}\n{output:?}");
        let other = script.replace(&ids[3].to_string(), &ids[1].to_string());
        assert!(!shell(dir.path(), &other).status.success());
        let bash = text.split("```bash\n").nth(1).unwrap();
        let bash = bash.split("```").next().unwrap();
        let run = |script: &str| {
            let mut command = Command::new("bash");
            command.args(["-euc", script]).current_dir(dir.path());
            command.output().unwrap()
        };
        let output = run(bash);
        assert!(output.status.success(), "{bash}\n{output:?}");
        let swapped = bash.replace(&format!("HEAD={}", ids[3]), &format!("HEAD={}", ids[1]));
        assert!(!run(&swapped).status.success());
    }

    #[test]
    fn a_sign_off_of_commits_names_them_and_one_without_says_so() {
        let key = super::super::testing::seeded_key(1).1;
        let by_commit = RecordFixture::by_commit().build(&key);
        let statement = parse_record(&by_commit).unwrap();
        let text = verify_instructions(&statement, &by_commit, b"sig");
        let commit = statement.subject[0].digest.git_commit.clone().unwrap();
        assert!(text.contains(&format!("rev-parse --verify '{commit}^{{tree}}'")));
        let grep = format!("grep -qF '\"subject\":[{{\"digest\":{{\"gitCommit\":\"{commit}\",");
        assert!(text.contains(&grep));
        assert!(String::from_utf8(by_commit).unwrap().contains(&format!(
            "\"subject\":[{{\"digest\":{{\"gitCommit\":\"{commit}\","
        )));

        let by_manifest = RecordFixture::by_manifest().build(&key);
        let statement = parse_record(&by_manifest).unwrap();
        let text = verify_instructions(&statement, &by_manifest, b"sig");
        assert!(text.contains("bound by content manifests, not by commits"));
        assert!(text.contains("not a qualified electronic signature"));
    }
}
