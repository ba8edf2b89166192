//! What a report promises, in every format, over one realistic review.

use super::sample::{HOSTILE, INTERNAL, Sample, time};
use super::*;
use crate::model::{Disposition, ItemId, Verdict};
use crate::review::ItemState;

/// All three formats of a report.
fn formats(sample: &Sample) -> [(&'static str, String); 3] {
    let report = build(&sample.input());
    [
        ("md", markdown(&report)),
        ("html", html(&report).expect("the template fits the report")),
        ("json", json(&report)),
    ]
}

fn format(sample: &Sample, name: &str) -> String {
    let found = formats(sample).into_iter().find(|(n, _)| *n == name);
    found.expect("a format").1
}

fn parsed(sample: &Sample) -> serde_json::Value {
    serde_json::from_str(&format(sample, "json")).expect("valid JSON")
}

#[test]
fn internal_comments_appear_in_no_format() {
    for (name, text) in formats(&Sample::new()) {
        assert!(!text.contains("INTERNAL"), "{name}");
        assert!(text.contains("Thank you for the quick answers"), "{name}");
        assert!(!text.contains(&INTERNAL[15..40]), "{name}");
    }
}

#[test]
fn where_the_code_lies_on_the_reviewers_machine_stays_there() {
    for (name, text) in formats(&Sample::new()) {
        assert!(!text.contains("secret-folder"), "{name}");
        assert!(text.contains("shop-api"), "{name}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(formats(&Sample::new()), formats(&Sample::new()));
}

#[test]
fn no_format_holds_a_character_that_acts_or_hides() {
    for (name, text) in formats(&Sample::new()) {
        let bad = text.chars().find(|&c| {
            (c.is_control() && c != '\n')
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{2028}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        });
        assert_eq!(bad, None, "{name}");
        assert!(text.contains("⟦RLO⟧txet⟦ZWSP⟧ ␛"), "{name}");
    }
}

#[test]
fn a_draft_says_so_and_carries_no_name() {
    let mut sample = Sample::new();
    sample.signoff = None;
    let [(_, md), (_, html), (_, json)] = formats(&sample);
    assert!(md.contains("> **○ DRAFT: NOT SIGNED**"));
    assert!(md.contains("**Draft: not signed.** Nobody has taken responsibility"));
    assert!(html.contains("Draft: not signed"));
    assert!(html.contains("verdict-draft"));
    assert!(html.contains("\"Draft\\00002c  not signed"));
    assert!(json.contains("\"verdict\": \"draft\""));
    assert!(json.contains("\"signature\": null"));
    for text in [md, html, json] {
        assert!(!text.contains("Principal architect"));
        assert!(text.contains("This is a draft."));
    }
}

#[test]
fn the_signer_stands_in_every_format_with_role_and_key() {
    for (name, text) in formats(&Sample::new()) {
        for part in [
            "Dana Levi",
            "Principal architect",
            "Levi Architects Ltd",
            "SHA256:Yy0Zk3qL8pV1cX5bN7mQ9wE2rT4uI6oP0aS3dF5gH7j",
            "I take responsibility for the verdicts",
            "not a qualified electronic signature",
            "VERIFY.md",
        ] {
            assert!(text.contains(part), "{name} lacks {part}");
        }
    }
}

#[test]
fn hostile_text_becomes_no_markup_in_html() {
    const OURS: &str = "a article bdi blockquote body br code dd div dl dt figcaption figure h1 h2 h3 h4 head header \
html li main meta nav ol p pre section span strong style table tbody td th thead title tr ul !DOCTYPE";
    let mut sample = Sample::new();
    if let Some(opened) = &mut sample.review.opened {
        opened.title = HOSTILE.to_owned();
    }
    let html = format(&sample, "html");
    for part in html.split('<').skip(1) {
        let tag: String = part
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '!')
            .collect();
        assert!(OURS.split_whitespace().any(|own| own == tag), "<{part}");
    }
    assert_eq!(html.matches("</style>").count(), 1);
    assert_eq!(html.matches("<h1>").count(), 1);
    for link in html.split("href=\"").skip(1) {
        assert!(link.starts_with('#'), "{}", &link[..20]);
    }
    for outside in [
        "src=\"",
        "url(",
        "@import",
        "<link",
        "<script",
        " onerror=\"",
        "style=\"background",
    ] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(html.contains("default-src &#x27;none&#x27;") || html.contains("default-src 'none'"));
    // Not run as a template either.
    assert!(html.contains("{{ title }}"));
}

#[test]
fn every_inner_link_of_the_html_has_its_target() {
    let html = format(&Sample::new(), "html");
    for link in html.split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap();
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn hostile_text_becomes_no_markup_in_markdown() {
    let md = format(&Sample::new(), "md");
    let mut fence: Option<String> = None;
    for line in md.lines() {
        let ticks: String = line
            .trim_start()
            .chars()
            .take_while(|c| *c == '`')
            .collect();
        match &fence {
            Some(open) if line.trim() == *open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 && line.trim().ends_with("text") => fence = Some(ticks),
            None => assert_plain(line),
        }
    }
    assert_eq!(fence, None, "a fence is left open");
    assert!(md.contains("\\<script>alert(1)\\</script>"));
    assert!(md.contains("\n\\# not a heading\n"));
}

/// A line outside fences holds no tag but ours, and no link or image, code spans apart.
fn assert_plain(line: &str) {
    let outside: String = line
        .split("``")
        .step_by(2)
        .flat_map(|part| {
            part.replace("\\`", "")
                .split('`')
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    let outside = outside.replace("<br>", "");
    for marker in ["<", "["] {
        assert_eq!(
            outside.matches(marker).count(),
            outside.matches(&format!("\\{marker}")).count(),
            "{line}"
        );
    }
}

#[test]
fn findings_stand_in_three_parts_by_severity_then_effort_then_place() {
    let report = build(&Sample::new().input());
    let titles = |part: &[FindingEntry]| -> Vec<(usize, String)> {
        part.iter()
            .map(|f| (f.number, f.title.as_str().chars().take(24).collect()))
            .collect()
    };
    let expect = |all: &[(usize, &str)]| -> Vec<(usize, String)> {
        all.iter().map(|(n, t)| (*n, (*t).to_owned())).collect()
    };
    assert_eq!(
        titles(&report.findings.now),
        expect(&[
            (1, "Refunds can be paid twic"),
            (2, "A charge can outlive its"),
            (3, "N+1 queries in list_orde"),
        ])
    );
    assert_eq!(
        titles(&report.findings.later),
        expect(&[
            (4, "<script>alert(1)</script"),
            (5, "Request log without rota")
        ])
    );
    assert_eq!(
        titles(&report.findings.accepted),
        expect(&[(6, "Stale totals on the dash")])
    );
}

#[test]
fn findings_of_equal_weight_stand_by_place() {
    let mut sample = Sample::new();
    for (state, line) in sample.review.findings.iter_mut().zip([9, 5, 7]) {
        state.finding.severity = crate::model::Severity::Minor;
        state.finding.disposition = Disposition::FixBeforeLaunch;
        state.finding.effort.clear();
        state.finding.evidence.truncate(1);
        state.finding.evidence[0].path = "same.rs".into();
        state.finding.evidence[0].start.0 = line;
    }
    let report = build(&sample.input());
    let starts: Vec<u32> = report
        .findings
        .now
        .iter()
        .map(|f| f.evidence[0].start)
        .collect();
    assert_eq!(starts, [5, 7, 9]);
}

#[test]
fn a_place_is_quoted_with_its_numbers_and_what_is_cut_is_said() {
    let [(_, md), (_, html), (_, json)] = formats(&Sample::new());
    assert!(md.contains("118 | def list_orders(db, user):\n119 | "));
    assert!(html.contains("<span class=\"no\">118</span><code>def list_orders(db, user):</code>"));
    assert!(json.contains("\"text\": \"def list_orders(db, user):\""));
    for text in [&md, &html] {
        assert!(text.contains("45 further lines are not quoted."));
        assert!(text.contains("characters not shown]"));
    }
    assert!(json.contains("\"omitted\": 45"));
}

#[test]
fn code_that_looks_like_a_fence_stays_inside_its_fence() {
    let md = format(&Sample::new(), "md");
    assert!(md.contains("````text\n7 | ```\n8 | <script>"));
}

#[test]
fn every_item_stands_with_every_persons_verdict_and_reason() {
    let sample = Sample::new();
    let json = parsed(&sample);
    let items = json["items"].as_array().unwrap();
    assert_eq!(items.len(), 22);
    let shared = items
        .iter()
        .find(|item| item["id"] == "shared-state")
        .unwrap();
    assert_eq!(shared["outcome"], "flagged");
    assert_eq!(shared["verdicts"][0]["verdict"], "flagged");
    assert_eq!(shared["verdicts"][1]["verdict"], "accepted");
    assert_eq!(shared["verdicts"][1]["by"]["name"], "Dana Levi");
    for (name, text) in formats(&sample) {
        assert!(text.contains("the cache is only a convenience"), "{name}");
        assert!(text.contains("Agreed after a second reading."), "{name}");
    }
    let md = format(&sample, "md");
    assert!(
        md.contains("  - Accepted by Dana Levi on 20 November 2026, 09:21 UTC:\n    One process")
    );
}

#[test]
fn undecided_items_are_named_and_counted() {
    let mut sample = Sample::new();
    sample.review.items.remove(&ItemId::from("hollow-tests"));
    for (name, text) in formats(&sample).into_iter().take(2) {
        assert!(text.contains("21 of 22 items are decided."), "{name}");
        assert!(text.contains("Nobody has decided."), "{name}");
    }
    assert_eq!(parsed(&sample)["summary"]["decided"], 21);
}

#[test]
fn an_item_that_no_checklist_knows_keeps_its_verdict() {
    let mut sample = Sample::new();
    let decided: ItemState = sample.review.items[&ItemId::from("lost-update")].clone();
    sample.review.items.insert("from-elsewhere".into(), decided);
    for (name, text) in formats(&sample) {
        assert!(text.contains("from-elsewhere"), "{name}");
    }
}

#[test]
fn what_was_not_read_is_named_file_by_file() {
    for (name, text) in formats(&Sample::new()) {
        for path in [
            "tests/test_orders.py",
            "src/payments/refunds.ts",
            "vendor/blob.bin",
            "assets/logo.png",
        ] {
            assert!(
                text.replace("&#x2f;", "/").contains(path),
                "{name} lacks {path}"
            );
        }
        assert!(text.contains("48.2 kB"), "{name}");
        assert!(text.contains("it is cut for display at 4,096"), "{name}");
    }
    let md = format(&Sample::new(), "md");
    assert!(md.contains(
        "1,953 changed lines in 24 hunks of 4 files were not marked as read by anybody."
    ));
    assert!(md.contains("2 files were never opened"));
    assert!(md.contains("| 5–14 of 14 "));
}

#[test]
fn a_file_that_was_never_opened_excludes_a_claim_of_everything() {
    let mut sample = Sample::new();
    let path = RepoPath::from("src/orders/service.py");
    let file = sample.coverage.files[&path].clone();
    sample.coverage = Coverage {
        hunks: u64::from(file.hunks),
        displayed: u64::from(file.displayed),
        read: u64::from(file.read),
        lines: file.added + file.removed,
        added: file.added,
        removed: file.removed,
        lines_read: file.lines_read,
        files: [(path.clone(), file)].into(),
    };
    assert_eq!(build(&sample.input()).scope.percent, 99);
    sample.change.files.retain(|file| file.path == path);
    let report = build(&sample.input());
    assert_eq!(report.scope.percent, 100);
    assert!(markdown(&report).contains("No part of the change is left unread."));
}

#[test]
fn a_long_list_of_unread_files_says_where_it_is_cut() {
    let mut sample = Sample::new();
    for n in 0..300 {
        let path = RepoPath::from(format!("generated/{n:03}.ts").as_str());
        let file = crate::review::FileCoverage {
            hunks: 1,
            added: 1,
            unread: vec![1],
            ..crate::review::FileCoverage::default()
        };
        sample
            .coverage
            .files
            .insert(path, std::sync::Arc::new(file));
    }
    let [(_, md), (_, html), (_, json)] = formats(&sample);
    for text in [md, html] {
        assert!(text.contains("104 more are not listed here; report.json lists all 304."));
        assert!(!text.contains("299.ts"));
    }
    assert!(json.contains("generated/299.ts"));
}

#[test]
fn each_verdict_is_printed_in_words_with_what_it_depends_on() {
    for (verdict, words, heading) in [
        (
            SignoffVerdict::Approved,
            "Approved",
            "What the approval leaves open",
        ),
        (
            SignoffVerdict::ApprovedWithConditions,
            "Approved with conditions",
            "Conditions",
        ),
        (
            SignoffVerdict::Rejected,
            "Rejected",
            "What stands against approval",
        ),
    ] {
        let mut sample = Sample::new();
        sample.signoff.as_mut().unwrap().verdict = verdict;
        let [(_, md), (_, html), (_, json)] = formats(&sample);
        assert!(md.contains(&format!("{}**", words.to_uppercase())));
        assert!(md.contains(&format!("\n### {heading}\n")));
        assert!(html.contains(&format!("</span> {words}</p>")));
        assert!(html.contains(&format!("<h3>{heading}</h3>")));
        assert!(json.contains(&format!(
            "\"verdict\": \"{}\",\n  \"signature\"",
            verdict.name()
        )));
        assert!(md.contains(
            "**Before launch, fix finding 1**: Refunds can be paid twice (Payments team)"
        ));
        assert!(md.contains("**By 10,000 users, fix finding 5**"));
        assert!(md.contains("**This sign-off lapses after 31 May 2027**"));
    }
}

#[test]
fn a_waiver_names_who_carries_the_risk_and_says_when_it_has_lapsed() {
    let mut sample = Sample::new();
    let md = format(&sample, "md");
    assert!(
        md.contains("Ruth Cohen, Head of Product carries the risk until **31 December 2026**;")
    );
    let item = ItemId::from("destructive-migration");
    let by_person = &mut sample.review.items.get_mut(&item).unwrap().by_person;
    for state in by_person.values_mut().flatten() {
        if let Verdict::Waived { until, .. } = &mut state.verdict {
            *until = jiff::civil::date(2026, 11, 19);
        }
    }
    let [(_, md), (_, html), (_, json)] = formats(&sample);
    assert!(md.contains("**19 November 2026** (lapsed)"));
    assert!(html.contains("<strong>(lapsed)</strong>"));
    assert!(json.contains("\"lapsed\": true"));
}

#[test]
fn the_json_groups_findings_by_disposition_in_a_fixed_order() {
    let json = parsed(&Sample::new());
    let groups: Vec<(&str, usize)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group["disposition"].as_str().unwrap(),
                group["findings"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(
        groups,
        [
            ("fix-before-launch", 3),
            ("can-wait", 2),
            ("accepted-risk", 1)
        ]
    );
    assert_eq!(json["format"], "countersign-report");
    assert_eq!(json["version"], 1);
    assert_eq!(json["generated_at"], "2026-11-20T16:40:00Z");
    assert_eq!(
        json["findings"][2]["findings"][0]["accepted_by"],
        "Ruth Cohen, Head of Product"
    );
}

#[test]
fn a_person_with_two_devices_is_one_reviewer() {
    let report = build(&Sample::new().input());
    let names: Vec<(&str, u64)> = report
        .reviewers
        .iter()
        .map(|reviewer| (reviewer.who.name.as_str(), reviewer.items))
        .collect();
    assert_eq!(names, [("Dana Levi", 21), ("Omar <b>Haddad</b>", 7)]);
}

#[test]
fn digests_and_earlier_signatures_are_repeated_in_full() {
    let digest = crate::support::digest::sha256(b"aaaaaaaaaaaaaaaa.log").to_string();
    let record = crate::support::digest::sha256(b"record").to_string();
    for (name, text) in formats(&Sample::new()) {
        assert!(text.contains(&digest), "{name}");
        assert!(text.contains(&record), "{name}");
        assert!(
            text.contains("Signed before the fixes of 19 November arrived"),
            "{name}"
        );
    }
}

#[test]
fn an_empty_review_still_makes_a_report() {
    let mut sample = Sample::new();
    sample.review = crate::review::fold(&sample.review.id.clone(), &[]);
    sample.checklists.clear();
    sample.coverage = Coverage::default();
    sample.bodies.clear();
    sample.change.files.clear();
    sample.signoff = None;
    for (name, text) in formats(&sample).into_iter().take(2) {
        assert!(
            text.contains("Nothing has to be fixed before launch."),
            "{name}"
        );
        assert!(text.contains("No item was waived."), "{name}");
    }
}

/// Writes the sample in every format into the folder that `COUNTERSIGN_REPORT_SAMPLE` names, to be looked at; checks
/// that what was written is what was made either way.
#[test]
fn the_sample_can_be_written_out_to_be_looked_at() {
    let kept = std::env::var_os("COUNTERSIGN_REPORT_SAMPLE").map(std::path::PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.as_deref().unwrap_or(temporary.path());
    for (name, text) in formats(&Sample::new()) {
        let file = folder.join(format!("report.{name}"));
        std::fs::write(&file, &text).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
    let mut draft = Sample::new();
    draft.signoff = None;
    draft.review.findings.truncate(2);
    std::fs::write(folder.join("draft.html"), format(&draft, "html")).unwrap();
    assert_eq!(draft.input().generated_at, time("2026-11-20T16:40:00Z"));
}

#[test]
fn each_items_hints_are_counted_with_what_people_said_of_them_and_decide_nothing() {
    use crate::model::{CodeSpan, Hint, RuleId, Strength};
    use crate::review::{Confirmation, Dismissal, HintState};
    use crate::support::digest::sha256;
    let mut sample = Sample::new();
    let item = sample.checklists[0].items[0].id.clone();
    let span = CodeSpan {
        start_line: 7,
        start_column: 1,
        end_line: 7,
        end_column: 9,
    };
    let hint = |code: &str, folded| Hint {
        rule: RuleId::from("rule-x"),
        tool: Some("Some <b>tool".to_owned()),
        items: vec![item.clone()],
        path: "src/a.py".into(),
        span,
        focus: span,
        strength: Strength::B,
        message: HOSTILE.to_owned(),
        why: String::new(),
        fingerprint: sha256(code.as_bytes()),
        folded,
    };
    let hints = vec![hint("a", false), hint("b", false), hint("c", true)];
    let stamp = sample.review.findings[0].made.clone();
    let of_finding = sample.review.findings[0].finding.clone();
    let dismissal = Dismissal {
        hint: hints[0].reference(),
        reason: format!("three rows {HOSTILE}"),
        stamp: stamp.clone(),
    };
    let mut dismissed = HintState::default();
    dismissed.dismissed.insert(stamp.by.key(), dismissal);
    sample.review.hints.insert(hints[0].fingerprint, dismissed);
    let mut confirmed = HintState::default();
    confirmed.confirmed.push(Confirmation {
        hint: hints[1].reference(),
        finding: of_finding.id.clone(),
        stamp,
    });
    sample.review.hints.insert(hints[1].fingerprint, confirmed);
    let outcome = sample.review.outcome(&item);
    sample.hints = Some((hints, vec![format!("big.sql is not read {HOSTILE}")]));
    for (name, text) in formats(&sample) {
        assert!(text.contains("decide nothing"), "{name}");
        assert!(text.contains("three rows"), "{name}");
        assert!(text.contains("big.sql is not read"), "{name}");
        assert!(
            !text.contains('\u{202e}') && !text.contains('\u{1b}'),
            "{name}"
        );
        if name != "json" {
            assert!(
                text.contains("2 hints were shown. 1 more were folded"),
                "{name}"
            );
            assert!(text.contains("2 hints: 1 dismissed"), "{name}");
        }
        assert!(name != "html" || !text.contains("<b>tool"), "{name}");
    }
    let json = parsed(&sample);
    let items = json["items"].as_array().unwrap();
    let entry = items
        .iter()
        .find(|entry| entry["id"] == item.as_str())
        .unwrap();
    assert_eq!(entry["outcome"], outcome.name(), "a hint decides nothing");
    assert_eq!(entry["hints"]["seen"], 2);
    assert_eq!(entry["hints"]["open"], 0);
    let led = items
        .iter()
        .find(|entry| entry["id"] == of_finding.item.as_str())
        .unwrap();
    assert_eq!(led["hints"]["confirmed"].as_array().map(Vec::len), Some(1));
}
