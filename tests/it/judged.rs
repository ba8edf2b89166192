//! What a review is judged against and by: several checklists as one, lists of one's own, the production profile, and
//! critical surfaces, with the real binary.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{EMAIL, NAME, Stage, write};

const PROFILE: &str = "users = 12_000\npeak_rps = 120\npage_size = 50\nlaunch = \"2020-01-01\"\n";

fn profile(stage: &Stage) -> PathBuf {
    let file = stage.root().join("profile.toml");
    write(&file, PROFILE);
    file
}

fn path(file: &Path) -> &str {
    file.to_str().expect("a name")
}

fn item<'a>(items: &'a Value, id: &str) -> &'a Value {
    let items = items["items"].as_array().expect("a list");
    let found = items.iter().find(|item| item["id"] == id);
    found.unwrap_or_else(|| panic!("no item {id}"))
}

#[test]
fn five_checklists_are_built_in_with_their_counts_and_sources() {
    let stage = Stage::new();
    let list = stage.must(stage.root(), &["checklist", "list"]);
    let ids = [
        "ai-preproduction",
        "production-hardening",
        "productionization",
        "scaling-delivery",
        "safe-adoption",
    ];
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), ids.len(), "{list}");
    for (line, id) in lines.iter().zip(ids) {
        assert!(
            line.starts_with(id) && line.contains(" items in "),
            "{line}"
        );
        let sources = stage.json(stage.root(), &["checklist", "sources", id]);
        assert!(
            sources["recommendations"]
                .as_array()
                .is_some_and(|all| all.len() > 10),
            "{id}"
        );
    }
    let schema = stage.must(stage.root(), &["checklist", "schema"]);
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(schema["$id"], "urn:countersign:checklist:v1");
}

#[test]
fn a_list_of_ones_own_is_made_found_by_name_imported_and_handed_out() {
    let stage = Stage::new();
    let root = stage.root();
    let made = stage.json(root, &["checklist", "new", "our-rules"]);
    let file = made["file"].as_str().expect("a file").to_owned();
    stage.must(root, &["checklist", "lint", &file]);
    stage.refused(root, &["checklist", "new", "our-rules"]);
    assert!(
        stage
            .must(root, &["checklist", "show", "our-rules"])
            .contains("Our rules")
    );
    let repository = stage.small();
    let review = stage.open(&repository, &["--checklist", "our-rules"]);
    let items = stage.json(&repository, &["items", "--review", &review]);
    assert_eq!(items["items"].as_array().map(Vec::len), Some(1));

    let tasks = root.join("launch.md");
    write(&tasks, "# Launch\n## Data\n- [ ] Who restores a backup?\n");
    let imported = stage.json(root, &["checklist", "import", path(&tasks)]);
    assert_eq!(imported["items"], 1);
    let page = root.join("questions.html");
    stage.must(
        root,
        &[
            "checklist",
            "export",
            "launch",
            "--format",
            "html",
            "--out",
            path(&page),
        ],
    );
    assert!(
        fs::read_to_string(&page)
            .expect("a page")
            .contains("Who restores a backup?")
    );

    let table = root.join("bad.csv");
    write(&table, "ask,severity\nWho?,grave\nWhat?,dire\n");
    let outcome = stage.run(root, &["checklist", "import", path(&table)]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.out.contains("bad.csv:2:") && outcome.out.contains("bad.csv:3:"),
        "{}",
        outcome.out
    );
}

#[test]
fn several_lists_ask_a_shared_question_once_and_answer_it_in_each() {
    let stage = Stage::new();
    let repository = stage.small();
    let review = stage.open(
        &repository,
        &[
            "--checklist",
            "ai-preproduction",
            "--checklist",
            "scaling-delivery",
        ],
    );
    let items = stage.json(&repository, &["items", "--review", &review]);
    let shared = item(&items, "n-plus-one");
    assert_eq!(shared["answers"][0], "scaling-delivery/query-per-row");
    let all = items["items"].as_array().expect("a list");
    assert!(all.iter().all(|item| item["id"] != "query-per-row"));
    stage.must(
        &repository,
        &["accept", "n-plus-one", "--reason", "Two queries, counted"],
    );
    let report = stage.must(&repository, &["export"]);
    assert!(
        report.contains("Asked once for several lists, as `n-plus-one`."),
        "answered in the other list"
    );
    assert_eq!(report.matches("Two queries, counted").count(), 2);
}

#[test]
fn a_profile_puts_its_numbers_into_the_questions_the_report_and_the_record() {
    let stage = Stage::new();
    let repository = stage.small();
    let file = profile(&stage);
    let review = stage.open(&repository, &["--profile", path(&file)]);
    let items = stage.json(&repository, &["items", "--review", &review]);
    let figures = item(&items, "n-plus-one")["figures"].to_string();
    assert!(
        figures.contains("50 rows per page × 120 requests/s = 6,000 queries/s"),
        "{figures}"
    );
    let shown = stage.json(&repository, &["profile", "show"]);
    assert_eq!(shown["values"]["users"], "12,000");
    assert!(shown["unknown"].to_string().contains("\"rto\""));
    let log = stage.must(&repository, &["log"]);
    assert!(log.contains("profile.set"), "{log}");
    let before = stage.journals();
    stage.open(&repository, &["--profile", path(&file)]);
    assert_eq!(
        stage.journals(),
        before,
        "the same profile is not recorded twice"
    );

    let more = [
        "--at",
        "app/orders.py:1",
        "--severity",
        "minor",
        "--disposition",
    ];
    let flag = |item: &str, rest: &[&str]| {
        let all = [&["flag", item][..], &more, rest].concat();
        stage.must(&repository, &all);
    };
    flag(
        "unbounded-read",
        &[
            "accepted-risk",
            "--until",
            "10,000 users",
            "--accepted-by",
            "The CTO",
        ],
    );
    flag(
        "missing-timeout",
        &["can-wait", "--until", "year two", "--effort", "2 days"],
    );
    let due = [
        "flag",
        "lost-update",
        "--note",
        "No version.",
        "--effort",
        "4 h",
        "--due",
        "2031-01-31",
    ];
    stage.must(&repository, &due);
    let report = stage.must(&repository, &["export"]);
    for text in [
        "| Users at once ",
        "**Assumptions.** Unknown, so that every verdict",
        "LAPSED: held to 10,000 users; the profile has 12,000",
        "LAPSED: year 2 began on 2021-01-01",
        "1 finding, 2 days of work. 1 has lapsed.",
        "1 finding, 4 hours of work.",
        "31 January 2031",
    ] {
        assert!(report.contains(text), "{text} is not in\n{report}");
    }
    let status = stage.json(&repository, &["status"]);
    assert!(
        status["remarks"]
            .to_string()
            .contains("has lapsed: held to 10,000 users")
    );

    stage.accept_all(&repository, &review);
    let key = stage.key("levi", "");
    let bundle = stage.root().join("bundle");
    stage.must(
        &repository,
        &[
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
            "approved-with-conditions",
            "--out",
            path(&bundle),
            "--key",
            path(&key),
        ],
    );
    assert_eq!(
        fs::read_to_string(bundle.join("profile.toml")).expect("in the bundle"),
        PROFILE
    );
    let record: Value =
        serde_json::from_slice(&fs::read(bundle.join("record.json")).expect("a record"))
            .expect("JSON");
    assert_eq!(record["predicate"]["profile"]["name"], "profile.toml");
    let allowed = stage.allowed("allowed", &key);
    let verify = ["verify", path(&bundle), "--allowed-signers", path(&allowed)];
    stage.must(&repository, &verify);
    write(&bundle.join("profile.toml"), "users = 1\n");
    assert_eq!(
        stage.run(&repository, &verify).code,
        1,
        "a changed profile is found"
    );
}

#[test]
fn an_absurd_profile_is_told_line_by_line_and_begins_nothing() {
    let stage = Stage::new();
    let repository = stage.small();
    let file = stage.root().join("absurd.toml");
    write(&file, "users = -4\nusres = 3\navailability = 101\n");
    let outcome = stage.run(&repository, &["profile", "check", path(&file)]);
    assert_eq!(outcome.code, 2);
    for line in [
        "absurd.toml:1:9: ",
        "absurd.toml:2:1: ",
        "absurd.toml:3:16: ",
    ] {
        assert!(outcome.out.contains(line), "{line}: {}", outcome.out);
    }
    stage.refused(
        &repository,
        &["review", "--headless", "--profile", path(&file)],
    );
    assert!(stage.journals().is_empty(), "no review began");
}

#[test]
fn a_profile_is_edited_in_the_users_editor_and_a_mistake_costs_no_text() {
    let stage = Stage::new();
    let repository = stage.small();
    stage.open(&repository, &[]);
    let edit = |script: &str| {
        let mut command = stage.verb(&repository, &["profile", "edit"]);
        command.env("EDITOR", script);
        crate::support::Outcome::of(command)
    };
    let outcome = edit("sed -i '1i users = -1'");
    assert_eq!(outcome.code, 2, "{}", outcome.err);
    assert!(outcome.out.contains("below zero"), "{}", outcome.out);
    let kept = fs::read_to_string(stage.data().join("profile-rejected.toml")).expect("kept");
    assert!(kept.starts_with("users = -1\n"));
    edit("sed -i '1i users = 900'").ok();
    let shown = stage.json(&repository, &["profile", "show"]);
    assert_eq!(shown["values"]["users"], "900");
}

#[test]
fn hunks_of_critical_surfaces_must_be_read_before_an_approval_and_the_report_says_by_whom() {
    let stage = Stage::new();
    let before = "def total(order):\n    return order.total\n";
    let repository = stage.repository("pay", &[("shop/orders.py", before)]);
    stage.git(&repository, &["switch", "-q", "-c", "work"]);
    let after = format!("import stripe\n{before}\ndef pay(order):\n    stripe.charge(order)\n");
    stage.commit(
        &repository,
        "Pay",
        &[("shop/orders.py", &after), ("README.md", "refund\n")],
    );
    let review = stage.open(&repository, &[]);
    stage.accept_all(&repository, &review);
    let status = stage.json(&repository, &["status"]);
    assert_eq!(status["signable"], false);
    assert!(
        status["missing"].to_string().contains("critical surfaces"),
        "{}",
        status["missing"]
    );
    let critical = status["critical"].as_array().expect("a list");
    assert!(
        critical.iter().all(|hunk| hunk["path"] == "shop/orders.py"),
        "prose is none"
    );
    assert_eq!(critical[0]["touches"][0][0], "payment");
    stage.must(&repository, &["read", "shop/orders.py"]);
    let status = stage.json(&repository, &["status"]);
    assert_eq!(status["signable"], true, "{}", status["missing"]);
    let report = stage.must(&repository, &["export"]);
    let row = report
        .lines()
        .find(|line| line.contains("import stripe"))
        .expect("a row");
    assert!(row.contains("payment") && row.contains(NAME), "{row}");
}

#[test]
fn what_cannot_apply_is_proposed_waits_for_a_person_and_is_taken_over_by_name() {
    let stage = Stage::new();
    let repository = stage.small();
    let file = stage.root().join("mine.toml");
    let text = "format = 1\nid = \"mine\"\nversion = \"1.0.0\"\ntitle = \"Mine\"\ndescription = \"Two.\"\n\
                [[category]]\nid = \"c\"\ntitle = \"C\"\n\
                [[item]]\nid = \"sql\"\ncategory = \"c\"\ntitle = \"SQL\"\nask = \"Which?\"\nseverity = \"minor\"\npaths = [\"**/*.sql\"]\n\
                [[item]]\nid = \"undo\"\ncategory = \"c\"\ntitle = \"Undo\"\nask = \"How?\"\nseverity = \"minor\"\ndepends_on = [\"sql\"]\n\
                [[item]]\nid = \"told\"\ncategory = \"c\"\ntitle = \"Told\"\nask = \"Who?\"\nseverity = \"minor\"\nevidence = \"reference\"\n";
    write(&file, text);
    stage.open(&repository, &["--checklist", path(&file)]);
    let items = stage.json(&repository, &["items"]);
    assert_eq!(
        item(&items, "sql")["verdict"],
        "undecided",
        "nothing is decided for the reader"
    );
    assert!(
        item(&items, "sql")["proposed"]
            .to_string()
            .contains("**/*.sql")
    );
    assert_eq!(item(&items, "undo")["waits_for"][0], "sql");
    stage.must(&repository, &["na", "sql", "--proposed"]);
    let items = stage.json(&repository, &["items"]);
    assert_eq!(item(&items, "sql")["verdict"], "not-applicable");
    assert!(
        item(&items, "undo")["proposed"]
            .to_string()
            .contains("Follows from sql")
    );
    stage.refused(&repository, &["na", "told", "--proposed"]);

    let refused = stage.refused(&repository, &["accept", "told", "--reason", "She said so"]);
    assert!(refused.contains("--reference"), "{refused}");
    let by = "Ada Obi, CTO, by mail on 2026-11-20";
    stage.must(
        &repository,
        &[
            "accept",
            "told",
            "--reason",
            "She said so",
            "--reference",
            by,
        ],
    );
    assert_eq!(
        item(&stage.json(&repository, &["items"]), "told")["reference"],
        by
    );
    assert!(
        stage
            .must(&repository, &["export"])
            .contains("Rests on: Ada Obi")
    );
}

#[test]
fn a_list_with_a_name_that_leads_nowhere_begins_no_review() {
    let stage = Stage::new();
    let repository = stage.small();
    let file = stage.root().join("mine.toml");
    let text = "format = 1\nid = \"mine\"\nversion = \"1.0.0\"\ntitle = \"Mine\"\ndescription = \"One.\"\n\
                [[category]]\nid = \"c\"\ntitle = \"C\"\n\
                [[item]]\nid = \"a\"\ncategory = \"c\"\ntitle = \"A\"\nask = \"Which?\"\nseverity = \"minor\"\n\
                same_as = [\"ai-preproduction/n-plus-two\"]\n";
    write(&file, text);
    let review = ["review", "--headless", "--checklist", path(&file)];
    let refused = stage.refused(&repository, &review);
    assert!(
        refused.contains(":15:") && refused.contains("did you mean `n-plus-one`?"),
        "{refused}"
    );
    assert!(stage.journals().is_empty());
}

#[test]
fn a_change_is_told_which_lists_and_items_fit_it_without_a_review() {
    let stage = Stage::new();
    let repository = stage.small();
    let found = stage.json(&repository, &["checklist", "suggest", "HEAD"]);
    assert_eq!(found["files"], 2);
    assert_eq!(found["checklists"].as_array().map(Vec::len), Some(5));
    let text = found["checklists"].to_string();
    assert!(
        text.contains("Cannot occur in this change: none of its files matches"),
        "{text}"
    );
    assert!(stage.journals().is_empty());
}
