//! Task lists in Markdown: a heading is a category, a task is a question, what is indented below it tells more. Reads
//! what `checklist export` writes, and plain lists of tasks that know nothing of it.

use super::{Found, Mistake, Row};

/// Reads a text; lines that are neither heading nor task are counted in a note.
pub(super) fn read(text: &str) -> (Found, Vec<Mistake>) {
    let mut found = Found::default();
    let mut category = "Questions".to_owned();
    let mut in_code = false;
    let mut left_out = 0u64;
    for (raw, line) in text.lines().zip(1..) {
        let trimmed = raw.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
            continue;
        }
        if in_code || trimmed.is_empty() {
            continue;
        }
        if let Some(heading) = heading(trimmed) {
            if found.title.is_none() && found.rows.is_empty() && trimmed.starts_with("# ") {
                found.title = Some(heading);
            } else {
                category = heading;
            }
        } else if let Some(task) = task(trimmed) {
            found.rows.push(row(task, line, &category));
        } else if let Some(last) = found.rows.last_mut().filter(|_| is_below(raw)) {
            below(last, trimmed.trim_start_matches(['-', '*', '+']).trim());
        } else if found.rows.is_empty() && category == "Questions" {
            let description = found.description.get_or_insert_default();
            description.push(' ');
            description.push_str(trimmed);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let lines = crate::support::number::count(left_out, "line");
        found
            .notes
            .push(format!("Left out: {lines} that no question has below it."));
    }
    (found, Vec::new())
}

fn heading(line: &str) -> Option<String> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = line[level..].strip_prefix(' ')?;
    let text = text.trim().trim_end_matches('#').trim();
    ((1..=6).contains(&level) && !text.is_empty()).then(|| text.to_owned())
}

/// Returns the text of a task, done or not.
fn task(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '*', '+']).or_else(|| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        line[digits..]
            .strip_prefix(['.', ')'])
            .filter(|_| digits > 0)
    })?;
    let rest = rest.trim_start();
    let boxes = ["[ ]", "[x]", "[X]"];
    boxes
        .iter()
        .find_map(|mark| rest.strip_prefix(mark))
        .map(str::trim)
}

fn is_below(raw: &str) -> bool {
    raw.starts_with([' ', '\t'])
}

/// Reads `**Title** (`id`, severity): question`, or a question alone.
fn row(task: &str, line: usize, category: &str) -> Row {
    let mut row = Row {
        line,
        category: category.to_owned(),
        ..Row::default()
    };
    let Some((title, rest)) = task
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
    else {
        task.clone_into(&mut row.ask);
        return row;
    };
    let title = title.trim().trim_end_matches(':');
    title.clone_into(&mut row.title);
    let mut rest = rest.trim();
    if let Some((facts, after)) = rest
        .strip_prefix("(`")
        .and_then(|rest| rest.split_once(')'))
    {
        let (id, severity) = facts.split_once('`').unwrap_or((facts, ""));
        id.clone_into(&mut row.id);
        severity
            .trim_start_matches(',')
            .trim()
            .clone_into(&mut row.severity);
        rest = after;
    }
    rest.trim_start_matches(':').trim().clone_into(&mut row.ask);
    row
}

/// Takes a line below a task: a labelled one where the label is known, else a thing to look for.
fn below(row: &mut Row, text: &str) {
    let (label, rest) = text.split_once(':').unwrap_or(("", text));
    let rest = rest.trim().to_owned();
    match label.trim().to_lowercase().as_str() {
        "good answer" | "good" => row.good = rest,
        "generated" => row.generated = rest,
        "in production" | "failure" => row.failure = rest,
        "look for" | "signal" => row.signals.push(rest),
        "mitigation" | "way out" => row.mitigations.push(rest),
        "evidence" => "reference".clone_into(&mut row.evidence),
        "answer is in" => row.answered_by.extend(rest.split(", ").map(str::to_owned)),
        "answer" | "decided by" | "date" => {}
        _ => row.signals.push(text.to_owned()),
    }
}
