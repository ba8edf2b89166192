//! One record has one spelling.

use super::super::testing::{RecordFixture, seeded_key};
use super::*;

fn record() -> String {
    String::from_utf8(RecordFixture::by_commit().build(&seeded_key(1).1)).unwrap()
}

fn fault(text: &str) -> RecordFault {
    parse_record(text.as_bytes()).unwrap_err()
}

#[test]
fn a_record_in_any_other_spelling_is_refused() {
    let text = record();
    parse_record(text.as_bytes()).unwrap();
    assert_eq!(fault(&format!("\u{feff}{text}")), RecordFault::Mark);
    for other in [
        format!("{text}\n"),
        format!(" {text}"),
        text.replacen(':', ": ", 1),
        text.replacen("Dana", "\\u0044ana", 1),
        text.replacen("\"files\":1,", "\"files\":1.0,", 1),
    ] {
        assert_ne!(other, text);
        assert!(
            matches!(fault(&other), RecordFault::Spelling | RecordFault::Form(_)),
            "{other}"
        );
    }
}

#[test]
fn unknown_and_repeated_members_are_refused() {
    let text = record();
    let unknown = text.replacen("\"decision\":", "\"decisiom\":1,\"decision\":", 1);
    assert!(matches!(fault(&unknown), RecordFault::Form(_)));
    let repeated = text.replacen(
        "\"decision\":\"approved\"",
        "\"decision\":\"rejected\",\"decision\":\"approved\"",
        1,
    );
    assert!(matches!(fault(&repeated), RecordFault::Form(_)));
    let null = text.replacen(
        "\"intendedUse\":{}",
        "\"intendedUse\":{\"notAfter\":null}",
        1,
    );
    assert_ne!(null, text);
    assert_eq!(fault(&null), RecordFault::Spelling);
}

#[test]
fn a_number_that_readers_could_round_is_refused() {
    let text = record().replacen("\"files\":1,", "\"files\":9007199254740993,", 1);
    assert!(
        matches!(
            fault(&text),
            RecordFault::Spelling | RecordFault::Field { .. }
        ),
        "{:?}",
        fault(&text)
    );
}

#[test]
fn a_record_whose_subject_is_not_its_head_is_refused() {
    let text = record();
    let other = text.replacen(&"b".repeat(40), &"c".repeat(40), 1);
    assert!(matches!(
        fault(&other),
        RecordFault::Field {
            field: "subject",
            ..
        }
    ));
}

#[test]
fn hidden_characters_and_names_that_lead_out_of_the_bundle_are_refused() {
    let text = record();
    for (from, to, field) in [
        ("Dana Levi", "Dana\u{202e} Levi", "text"),
        ("report.md", "../report.md", "file names"),
        ("report.md", "record.json", "file names"),
        ("dana@levi.example\",\"print", "*\",\"print", "principal"),
        ("2026-11-21T06:30:00Z", "2026-11-21T06:30:00.5Z", "signedAt"),
    ] {
        let other = text.replacen(from, to, 1).replacen(
            "\"principal\":\"dana@levi.example\"",
            if field == "principal" {
                "\"principal\":\"*\""
            } else {
                "\"principal\":\"dana@levi.example\""
            },
            1,
        );
        assert!(
            matches!(fault(&other), RecordFault::Field { field: found, .. } if found == field),
            "{field}: {:?}",
            fault(&other)
        );
    }
}

#[test]
fn a_statement_of_another_type_is_refused() {
    let other = record().replacen(
        "urn:countersign:signoff:v1",
        "urn:countersign:signoff:v2",
        1,
    );
    assert!(matches!(fault(&other), RecordFault::Type { .. }));
}
