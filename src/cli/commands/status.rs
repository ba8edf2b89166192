//! `status`.

use super::Call;
use crate::cli::exit::Exit;
use crate::cli::wire::{CoverageLine, HintCounts, ItemLine, Status};
use crate::cli::{print, wire};
use crate::support::number::{count, grouped};

/// Prints where the review stands.
pub fn run(call: &Call) -> anyhow::Result<Exit> {
    let mut desk = call.desk()?;
    desk.count_all();
    let snapshot = desk.snapshot();
    let found = desk.hints();
    let status = wire::status(&desk, &snapshot, &found);
    if call.json {
        print::json(&status);
    } else {
        print_text(&status);
    }
    Ok(Exit::Ok)
}

fn print_text(status: &Status) {
    print::line(&status.title);
    let row = |name: &str, text: String| [name.to_owned(), text];
    let change = format!(
        "{}, +{} −{} lines",
        count(status.files as u64, "file"),
        grouped(status.added),
        grouped(status.removed)
    );
    let mut rows = vec![
        row("review", status.review.clone()),
        row("base", status.base.clone()),
        row("head", status.head.clone()),
        row("change", change),
        row("items", items(&status.items)),
        row("findings", findings(status)),
        row("hints", hints(&status.hints)),
        row("read", read(&status.coverage)),
        row("critical", critical(status)),
        row("signable", signable(status).to_owned()),
    ];
    rows.extend(status.signed.iter().map(|signed| {
        let withdrawn = signed.withdrawn.as_ref();
        row(
            "signed",
            format!(
                "{} by {} at {}{}",
                signed.verdict,
                signed.principal,
                signed.at,
                withdrawn.map_or_else(String::new, |why| format!(", withdrawn: {why}"))
            ),
        )
    }));
    if let Some(reason) = &status.read_only {
        // A note on standard error has said why already, where it was noticed on opening.
        let told = status.notes.contains(reason);
        rows.push(row(
            "writable",
            if told {
                "no".to_owned()
            } else {
                format!("no: {reason}")
            },
        ));
    }
    print::table("", &rows);
    let sentences = [&status.missing, &status.against_approved, &status.remarks];
    for sentence in sentences.into_iter().flatten() {
        print::line(&format!("  · {sentence}"));
    }
}

fn items(items: &[ItemLine]) -> String {
    let with = |name: &str| items.iter().filter(|item| item.verdict == name).count();
    let open = with("undecided") + with("contested");
    let parts: Vec<String> = [
        ("accepted", "accepted"),
        ("flagged", "flagged"),
        ("not-applicable", "not applicable"),
        ("waived", "waived"),
        ("contested", "contested"),
    ]
    .into_iter()
    .map(|(name, words)| (with(name), words))
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect();
    let decided = format!("{} of {} decided", items.len() - open, items.len());
    if parts.is_empty() {
        decided
    } else {
        format!("{decided}: {}", parts.join(", "))
    }
}

fn findings(status: &Status) -> String {
    let with = |name: &str| {
        let of_it = |finding: &&wire::FindingLine| finding.disposition == name;
        status.findings.iter().filter(of_it).count()
    };
    if status.findings.is_empty() {
        return "none".to_owned();
    }
    format!(
        "{}: {} to fix before launch, {} can wait, {} accepted as risk",
        status.findings.len(),
        with("fix-before-launch"),
        with("can-wait"),
        with("accepted-risk")
    )
}

fn hints(counts: &HintCounts) -> String {
    let mut parts = vec![format!(
        "{} open, {} dismissed, {} led to findings",
        counts.open, counts.dismissed, counts.confirmed
    )];
    if counts.folded > 0 {
        parts.push(format!(", {} folded", counts.folded));
    }
    if !counts.problems.is_empty() {
        let things = count(counts.problems.len() as u64, "problem");
        parts.push(format!("; {things} (`countersign hints` tells)"));
    }
    parts.concat()
}

fn read(coverage: &CoverageLine) -> String {
    format!(
        "{} of {} marked as read, {} displayed; {} of {}",
        grouped(coverage.read),
        count(coverage.hunks, "hunk"),
        grouped(coverage.displayed),
        grouped(coverage.lines_read),
        count(coverage.lines, "changed line")
    )
}

fn critical(status: &Status) -> String {
    let all = status.critical.len();
    let read = status
        .critical
        .iter()
        .filter(|hunk| !hunk.read_by.is_empty())
        .count();
    match all {
        0 => "no hunk of a critical surface was recognised".to_owned(),
        all => format!(
            "{read} of {} of critical surfaces marked as read",
            count(all as u64, "hunk")
        ),
    }
}

fn signable(status: &Status) -> &'static str {
    match (status.signable, status.against_approved.is_empty()) {
        (false, _) => "not yet, other than as rejected",
        (true, false) => "as approved-with-conditions or rejected",
        (true, true) => "yes",
    }
}
