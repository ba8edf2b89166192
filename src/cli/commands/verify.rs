//! `verify`.

use super::Call;
use crate::cli::args::VerifyArgs;
use crate::cli::exit::Exit;
use crate::cli::print;
use crate::signoff::VerifyOutcome;
use crate::support::clock::SystemClock;
use crate::workbench::{VerifyRequest, verify};

/// Verifies a bundle: one line per check.
pub fn run(call: &Call, args: VerifyArgs) -> Exit {
    let request = VerifyRequest {
        folder: args.bundle,
        allowed_signers: args.allowed_signers,
        principal: args.principal,
        repository: args.repo,
    };
    let verification = verify(&request, &SystemClock);
    let exit = match verification.outcome {
        VerifyOutcome::Valid => Exit::Ok,
        VerifyOutcome::Invalid => Exit::No,
        VerifyOutcome::CouldNotCheck => Exit::BadInput,
        VerifyOutcome::RefusedByPolicy => Exit::Refused,
    };
    if call.json {
        let checks: Vec<_> = verification
            .checks
            .iter()
            .map(|check| {
                serde_json::json!({ "check": check.name, "outcome": check.outcome.name(), "words": check.words })
            })
            .collect();
        print::json(&serde_json::json!({
            "outcome": verification.outcome.name(),
            "exit": exit.code(),
            "checks": checks,
            "notes": verification.notes,
        }));
        return exit;
    }
    let rows: Vec<_> = verification
        .checks
        .iter()
        .map(|check| {
            [
                check.outcome.name().to_owned(),
                check.name.clone(),
                check.words.clone(),
            ]
        })
        .collect();
    print::table("", &rows);
    for note in &verification.notes {
        print::line(&format!("Note: {note}"));
    }
    print::line(&format!("Result: {}.", verification.outcome.name()));
    exit
}
