//! `sign`.

use anyhow::{Context as _, bail};

use super::{Call, decide};
use crate::cli::args::SignArgs;
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::model::SignoffVerdict;
use crate::signoff::{KeySource, SshKeygen};
use crate::workbench::{Setting, SignOrder};

/// Signs and writes the bundle.
pub fn run(call: &Call, args: Box<SignArgs>) -> anyhow::Result<Exit> {
    let setting = call.setting()?;
    let order = order(*args, &setting)?;
    let mut desk = call.desk()?;
    let signed = desk.sign(&order)?;
    let folder = signed.folder.display().to_string();
    for remark in &signed.remarks {
        print::note(remark);
    }
    if call.json {
        print::json(&serde_json::json!({
            "review": desk.id().to_string(),
            "verdict": signed.signed.verdict.name(),
            "record": signed.signed.record.to_string(),
            "principal": signed.signed.principal,
            "fingerprint": signed.signed.fingerprint,
            "change_manifest": signed.bound,
            "bundle": folder,
        }));
        return Ok(Exit::Ok);
    }
    print::line(&format!(
        "Signed: {} by {} with {}.",
        signed.signed.verdict.name(),
        signed.signed.principal,
        signed.signed.fingerprint
    ));
    print::line(&format!(
        "Bundle: {folder} (VERIFY.md there says how a client checks it)"
    ));
    Ok(Exit::Ok)
}

fn order(args: SignArgs, setting: &Setting) -> anyhow::Result<SignOrder> {
    let signer = &setting.settings.signer;
    let need = |given: Option<String>, configured: &Option<String>, what: &str| {
        given.or_else(|| configured.clone()).with_context(|| {
            format!("--{what} is missing; give it, or set it under [signer] in config.toml")
        })
    };
    let verdict = SignoffVerdict::from_name(&args.verdict).with_context(|| {
        format!(
            "{:?} is no verdict; they are approved, approved-with-conditions and rejected",
            args.verdict
        )
    })?;
    let key = match (args.key, args.agent) {
        (Some(file), _) => KeySource::File(file),
        (None, Some(fingerprint)) => agent_key(&fingerprint)?,
        (None, None) => bail!("name a key with --key FILE, or use --agent"),
    };
    Ok(SignOrder {
        verdict,
        name: args.name,
        role: need(args.role, &signer.role, "role")?,
        organisation: need(args.organisation, &signer.organisation, "organisation")?,
        principal: need(args.principal, &signer.principal, "principal")?,
        statement: args.statement.unwrap_or_default(),
        not_after: args
            .not_after
            .map(|text| decide::parse_date("--not-after", &text))
            .transpose()?,
        key,
        out: args.out,
    })
}

/// The only key of the agent, or the one with the fingerprint.
fn agent_key(fingerprint: &str) -> anyhow::Result<KeySource> {
    let keys = SshKeygen::locate()?.agent_keys()?;
    let mut fitting: Vec<_> = keys
        .usable
        .iter()
        .filter(|key| fingerprint.is_empty() || key.fingerprint == fingerprint)
        .collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(key), true) => Ok(KeySource::Agent(key.clone())),
        (Some(_), false) => {
            let list: Vec<String> = keys
                .usable
                .iter()
                .map(|key| format!("  {}  {}", key.fingerprint, key.comment))
                .collect();
            bail!(
                "the agent holds several keys; name one with --agent FINGERPRINT:\n{}",
                list.join("\n")
            )
        }
        (None, _) => bail!(
            "the agent holds no fitting key{}; add one with ssh-add, or name a file with --key",
            if keys.refused.is_empty() {
                String::new()
            } else {
                format!(" ({})", keys.refused.join("; "))
            }
        ),
    }
}
