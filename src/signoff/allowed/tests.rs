//! The parser against stock `ssh-keygen`.

#![expect(clippy::disallowed_methods, reason = "tests run stock programs")]

use std::path::Path;
use std::process::{Command, Stdio};

use super::super::NAMESPACE;
use super::super::testing::{openssh_line, seeded_key, sign_with, signed_at, tempdir};
use super::*;

const WHO: &str = "dana@levi.example";

fn ours(list: &str, zone: &TimeZone) -> Result<usize, PinError> {
    let key = seeded_key(1).1;
    AllowedSigners::parse(list.as_bytes(), zone)
        .pin(WHO, &key.openssh, &key.fingerprint, NAMESPACE, signed_at())
        .map(|signer| signer.line)
}

/// Asks stock `ssh-keygen` the same question.
fn stock(folder: &Path, list: &str, zone: &str) -> bool {
    let message = b"message";
    let signature = sign_with(&seeded_key(1).0, NAMESPACE, message);
    let at = |name: &str| folder.join(name);
    std::fs::write(at("list"), list).unwrap();
    std::fs::write(at("sig"), signature).unwrap();
    std::fs::write(at("message"), message).unwrap();
    Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", WHO, "-n", NAMESPACE])
        .arg("-Overify-time=20261121063000Z")
        .arg("-f")
        .arg(at("list"))
        .arg("-s")
        .arg(at("sig"))
        .env("TZ", zone)
        .stdin(std::fs::File::open(at("message")).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn key() -> String {
    seeded_key(1).1.openssh
}

#[test]
fn the_parser_agrees_with_ssh_keygen_on_lists_both_understand() {
    let dir = tempdir();
    let key = key();
    let other = seeded_key(2).1.openssh;
    for (expected, list) in [
        (true, format!("{WHO} {key}\n")),
        (true, format!("{WHO} {key} a comment with \"quotes\"\r\n")),
        (true, format!("  \t{WHO}\t{key}")),
        (true, format!("# comment\n\n{WHO} {other}\n{WHO} {key}\n")),
        (
            true,
            format!("noa@x,{WHO} namespaces=\"git,{NAMESPACE}\" {key}\n"),
        ),
        (true, format!("{WHO} NAMESPACES=\"{NAMESPACE}\" {key}\n")),
        (true, format!("{WHO} valid-after=\"20261121\" {key}\n")),
        (
            true,
            format!("{WHO} valid-after=\"20261121063000Z\" {key}\n"),
        ),
        (
            true,
            format!("{WHO} valid-before=\"202611210630Z\" {key}\n"),
        ),
        (
            true,
            format!("{WHO} valid-before=\"20261121063000utc\" {key}\n"),
        ),
        (
            true,
            format!("oneword\n{WHO} junk\n{WHO} ssh-ed25519 AAAA\n{WHO} {key}\n"),
        ),
        (
            true,
            format!("{WHO} valid-after=\"2\" {key}\n{WHO} {key}\n"),
        ),
        (
            true,
            format!("{WHO} valid-before=\"20200101\" {key}\n{WHO} {key}\n"),
        ),
        (false, format!("{WHO} {other}\n")),
        (false, format!("noa@x {key}\n")),
        (false, format!("#{WHO} {key}\n")),
        (false, format!("{} {key}\n", WHO.to_uppercase())),
        (false, format!("{WHO},!{WHO} {key}\n")),
        (false, format!("{WHO} namespaces=\"git\" {key}\n")),
        (false, format!("{WHO} namespaces=\"\" {key}\n")),
        (
            false,
            format!("{WHO} namespaces=\"!{NAMESPACE},*\" {key}\n"),
        ),
        (
            false,
            format!("{WHO} valid-after=\"20261121063001Z\" {key}\n"),
        ),
        (
            false,
            format!("{WHO} valid-before=\"20261121062959Z\" {key}\n"),
        ),
        (
            false,
            format!("{WHO} valid-before=\"20200101\",valid-after=\"20210101\" {key}\n"),
        ),
        (false, format!("{WHO} valid-before=\"soon\" {key}\n")),
        (false, format!("{WHO} cert-authority {key}\n")),
        (false, format!("{WHO} unknown {key}\n")),
        (false, format!("{WHO} namespaces=\"{NAMESPACE}\", {key}\n")),
        (false, format!("{WHO} namespaces=\"{NAMESPACE} {key}\n")),
        (
            false,
            format!("{WHO} namespaces=\"a\",namespaces=\"{NAMESPACE}\" {key}\n"),
        ),
        (false, String::new()),
    ] {
        assert_eq!(stock(dir.path(), &list, "UTC"), expected, "stock: {list}");
        assert_eq!(
            ours(&list, &TimeZone::UTC).is_ok(),
            expected,
            "ours: {list}"
        );
    }
}

#[test]
fn times_without_a_zone_are_local_standard_time_as_for_ssh_keygen() {
    let dir = tempdir();
    // Standard time in force, summer time in force (southern hemisphere), far from UTC, half an hour off.
    for zone in [
        "Europe/Berlin",
        "Australia/Sydney",
        "Pacific/Auckland",
        "Asia/Kolkata",
        "America/New_York",
    ] {
        let Ok(tz) = TimeZone::get(zone) else {
            continue;
        };
        let local = signed_at().to_zoned(tz.clone()).datetime();
        for shift in -2..=2 {
            let at = local.saturating_add(jiff::Span::new().hours(shift).minutes(5));
            let at = at.strftime("%Y%m%d%H%M");
            for option in ["valid-after", "valid-before"] {
                let list = format!("{WHO} {option}=\"{at}\" {}\n", key());
                assert_eq!(
                    ours(&list, &tz).is_ok(),
                    stock(dir.path(), &list, zone),
                    "{zone}: {list}"
                );
            }
        }
    }
}

#[test]
fn a_pattern_never_vouches_for_anybody_and_a_note_says_so() {
    for principals in ["*", "*@levi.example", "dana@levi.exampl?", "*,!noa@x"] {
        let list = format!("{principals} {}\n", key());
        assert!(matches!(
            ours(&list, &TimeZone::UTC),
            Err(PinError::UnknownPrincipal { .. })
        ));
        let notes = AllowedSigners::parse(list.as_bytes(), &TimeZone::UTC).notes;
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0]
                .to_string()
                .starts_with("Line 1 of the allowed signers")
        );
    }
}

#[test]
fn a_weak_key_vouches_for_nobody() {
    let mut identity = vec![0, 0, 0, 32, 1];
    identity.extend([0; 31]);
    let list = format!("{WHO} {}\n", openssh_line("ssh-ed25519", &identity));
    let parsed = AllowedSigners::parse(list.as_bytes(), &TimeZone::UTC);
    assert!(parsed.signers.is_empty());
    assert!(parsed.notes[0].words.contains("weak"));
}

#[test]
fn each_refusal_names_what_is_wrong() {
    let key = key();
    let refusal = |list: String| ours(&list, &TimeZone::UTC).unwrap_err();
    assert!(matches!(
        refusal(format!("{WHO} {}\n", seeded_key(2).1.openssh)),
        PinError::OtherKey { .. }
    ));
    assert!(matches!(
        refusal(format!("{WHO} namespaces=\"git\" {key}\n")),
        PinError::Namespace { line: 1, .. }
    ));
    assert!(matches!(
        refusal(format!("\n{WHO} valid-after=\"20270101Z\" {key}\n")),
        PinError::NotYetValid { line: 2, .. }
    ));
    assert!(matches!(
        refusal(format!("{WHO} valid-before=\"20250101Z\" {key}\n")),
        PinError::Expired { line: 1, .. }
    ));
}

#[test]
fn a_line_that_is_not_text_is_noted_and_the_rest_still_counts() {
    let mut list = b"\xff\xfe junk\n".to_vec();
    list.extend(format!("{WHO} {}\n", key()).into_bytes());
    let parsed = AllowedSigners::parse(&list, &TimeZone::UTC);
    assert_eq!(parsed.notes.len(), 1);
    assert_eq!(parsed.signers[0].line, 2);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    #[test]
    fn no_list_is_accepted_here_that_stock_ssh_keygen_refuses(
        pieces in proptest::collection::vec(0usize..PIECES.len(), 0..9),
        tail in 0usize..3,
    ) {
        let mut list: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        list.push_str(["", " KEY", "\ndana@levi.example KEY"][tail]);
        let list = list.replace("KEY", &key());
        if ours(&list, &TimeZone::UTC).is_ok() {
            let dir = tempdir();
            proptest::prop_assert!(stock(dir.path(), &list, "UTC"), "{list}");
        }
    }
}

/// What lines are made of, and what they are not.
const PIECES: &[&str] = &[
    WHO,
    WHO,
    " ",
    " ",
    "\t",
    "\n",
    "\r\n",
    ",",
    "!",
    "*",
    "\"",
    "\\\"",
    "=",
    "#",
    "\0",
    "cert-authority",
    "namespaces=\"signoff-v1@countersign\"",
    "namespaces=\"git,signoff-v1@countersign\"",
    "valid-after=\"20200101Z\"",
    "valid-before=\"20300101\"",
    "KEY",
    "KEY",
];
