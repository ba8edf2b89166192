//! Small rules on small files, for what conditions know of languages.

use std::collections::BTreeSet;

use super::*;
use crate::hints::rule::load_for;
use crate::hints::{Added, Words};
use crate::syntax::Language;

/// Returns the lines at which a rule speaks in a file.
pub fn lines(path: &str, text: &str, rule: &str) -> Vec<u32> {
    let said = said(path, text, "m", rule).into_iter();
    said.map(|(line, _)| line).collect()
}

/// Returns the lines at which a rule speaks in a file, and what it says.
fn said(path: &str, text: &str, message: &str, rule: &str) -> Vec<(u32, String)> {
    let stem = match path.rsplit('.').next() {
        Some("ts") => "typescript",
        Some("kt") => "kotlin",
        Some("php") => "php",
        Some("java") => "java",
        Some("rs") => "rust",
        Some("cs") => "csharp",
        Some("go") => "go",
        Some("yaml") => "yaml",
        _ => "python",
    };
    let folder = tempfile::tempdir().unwrap();
    let head = format!("id: own\nstrength: A\nmessage: '{message}'\nwhy: w\nitems: [x]\n");
    let file = folder.path().join(format!("{stem}.yml"));
    std::fs::write(file, format!("{head}{rule}\n")).unwrap();
    let none = BTreeSet::from([Language::Css]);
    let (registry, problems) = load_for(&[folder.path().to_owned()], Some(&none));
    assert!(problems.is_empty(), "{problems:?}");
    let input = Input {
        path: path.into(),
        text: text.as_bytes().into(),
        added: Added::All,
        base: None,
    };
    let words: Words = registry.words();
    let watch = watch::Watch::new(std::sync::Arc::default());
    let scanned = read::scan_text(0, &input, &registry, &words, &watch);
    assert!(scanned.problems.is_empty(), "{:?}", scanned.problems);
    let own = scanned
        .hints
        .iter()
        .filter(|hint| hint.rule.as_str() == "own");
    own.map(|hint| (hint.focus.start_line, hint.message.clone()))
        .collect()
}

#[test]
fn an_awaited_call_with_type_arguments_is_a_call_that_is_awaited() {
    let rule = "rule: {kind: await_expression, has: {kind: call_expression, has: {field: function, kind: member_expression, regex: '^axios'}}}";
    let text = "const a = await axios.get<Invoice>(url);\nconst b = await axios.get(url);\nconst c = axios.get<A>(url);\n";
    assert_eq!(lines("a.ts", text, rule), [1, 2]);
    let rule = "rule: {kind: call_expression, all: [{has: {field: arguments, regex: url}}, {has: {field: type_arguments, regex: Invoice}}, {inside: {kind: await_expression}}]}";
    assert_eq!(lines("a.ts", text, rule), [1]);
}

#[test]
fn a_name_in_a_text_of_kotlin_is_put_in() {
    let rule = "rule: {kind: call_expression, all: [{regex: '^sink'}, {has: {kind: value_arguments, has: {kind: value_argument, pattern: $X}}}]}\nwhere: [{built: X}]";
    let text = "fun f(name: String) {\n  sink(\"a $name b\")\n  sink(\"a \\$name $1 b\")\n  sink(\"${name}\")\n}\n";
    assert_eq!(lines("a.kt", text, rule), [2, 4]);
}

#[test]
fn a_constructors_property_of_kotlin_has_the_type_it_is_declared_with() {
    let rule = "rule: {kind: call_expression}\nwhere: [{receiver: database}]";
    let text = "class A(private val orders: OrderRepository, @Value(\"x\") private val y: String) {\n  fun f(id: Long) = orders.findById(id)\n  fun g() = y.trim()\n}\n";
    assert_eq!(lines("a.kt", text, rule), [2]);
}

#[test]
fn what_stands_in_a_block_that_is_handed_over_stands_in_the_call() {
    let rule = "rule: {kind: call_expression, regex: '^client\\.charge\\(\\)$'}\nwhere: [{within-call: '^(transaction|withContext\\(.*\\))$'}]";
    let text = "fun f() {\n  transaction { client.charge() }\n  withContext(Dispatchers.IO) { client.charge() }\n  client.charge()\n  other { client.charge() }\n}\n";
    assert_eq!(lines("a.kt", text, rule), [2, 3]);
}

#[test]
fn the_members_of_an_enumeration_are_no_data() {
    let rule = "rule: {kind: call_expression, regex: '^load'}\nwhere: [{in-loop: data}]";
    let text = "for (const k of Object.values(Status)) { load(k); }\nfor (const k of Object.values(rows)) { load(k); }\n";
    assert_eq!(lines("a.ts", text, rule), [2]);
}

#[test]
fn a_key_that_chooses_what_the_program_wrote_down_is_not_the_callers_text() {
    let rule = "rule: {kind: call_expression, all: [{has: {field: function, regex: '^go$'}}, {has: {field: arguments, has: {nthChild: 1, pattern: $URL}}}]}\nwhere: [{tainted: URL}]";
    let text = "app.get('/x', (req, res) => {\n  go(PAGES[req.query.next] || '/');\n  const at = ROUTES.get(req.query.at);\n  go(at);\n  go(req.query.next);\n});\n";
    assert_eq!(lines("a.ts", text, rule), [5]);
}

#[test]
fn a_rule_may_look_at_what_the_parser_could_not_read() {
    let rule = "rule: {kind: ERROR, regex: 'never'}";
    assert_eq!(lines("a.py", "x = 1\n", rule), Vec::<u32>::new());
    assert_eq!(lines("a.py", "x = 1\ny = (never ]\nz = 2\n", rule), [2]);
}

#[test]
fn a_name_that_a_rust_format_captures_is_part_of_the_text() {
    let text = "async fn find(pool: &Pool, Query(name): Query<String>) {\n  run(&format!(\"SELECT {COLUMNS} FROM t\"));\n  run(&format!(\"SELECT a FROM t WHERE n = '{name}'\"));\n  let limit: i64 = 3;\n  run(&format!(\"SELECT a FROM t LIMIT {limit}\"));\n  let q = format!(\"SELECT {}\", name.trim());\n  run(&q);\n}\n";
    let rule = "rule: {kind: call_expression, all: [{has: {field: function, regex: '^run$'}}, {has: {field: arguments, has: {nthChild: 1, pattern: $SQL}}}]}\nwhere: [{built: SQL}]";
    assert_eq!(lines("src/a.rs", text, rule), [3, 7]);
    let rule = rule.replace("built", "tainted");
    let text = text.replace("async fn", "#[get(\"/x\")]\nasync fn");
    assert_eq!(lines("src/a.rs", &text, &rule), [4, 8]);
}

#[test]
fn a_template_of_yaml_is_read_as_the_yaml_that_comes_of_it() {
    let text = "spec:\n  {{- with .Values.pull }}\n  secrets: {{ toYaml . | nindent 4 }}\n  {{- end }}\n  containers:\n    - name: {{ .Chart.Name }}\n      image: \"{{ .Values.image }}:latest\"\n      securityContext:\n        privileged: true\n";
    let rule = "rule: {kind: block_mapping_pair, all: [{has: {field: key, regex: '^image$'}}, {has: {field: value, regex: ':latest'}}]}";
    assert_eq!(lines("chart/templates/a.yaml", text, rule), [7]);
    let rule = "rule: {kind: block_mapping_pair, all: [{has: {field: key, regex: '^privileged$'}}, {inside: {stopBy: end, kind: block_mapping_pair, has: {field: key, regex: '^containers$'}}}]}";
    assert_eq!(lines("chart/templates/a.yaml", text, rule), [9]);
}

#[test]
fn writes_in_closures_that_are_handed_over_apart_are_not_one_act() {
    let rule = "code: two-writes";
    let apart = "fun routes(orders: OrderRepository) {\n  post(\"/a\") { orders.save(x) }\n  delete(\"/a\") { orders.delete(y) }\n}\n";
    assert!(lines("a.kt", apart, rule).is_empty());
    let walked = "fun close(orders: OrderRepository) {\n  fresh.forEach { orders.save(it) }\n  old.forEach { orders.delete(it) }\n}\n";
    assert_eq!(lines("a.kt", walked, rule), [2]);
}

#[test]
fn what_stands_behind_a_condition_of_the_build_may_not_be_there() {
    let rule = "code: unreachable";
    let text = "fn a() -> u8 {\n    #[cfg(unix)]\n    return 1;\n    #[cfg(not(unix))]\n    return 2;\n}\nfn b() -> u8 {\n    return 1;\n    c();\n}\n";
    assert_eq!(lines("a.rs", text, rule), [9]);
}

#[test]
fn a_helper_of_the_file_is_looked_into_where_it_is_called() {
    let rule = "rule: {kind: call}\nwhere: [{helper: {calls: '(^|\\.)query$', lacks: 'cache'}}]";
    let message = "{callee} runs {inner}";
    let text = "class A:\n    def get(self):\n        return self.load(1)\n    def load(self, key):\n        return self.db.query(key)\n    \
        def kept(self, key):\n        cache[key] = db.query(key)\n    def more(self):\n        self.kept(1)\n        other.load(2)\n\n\
        class B:\n    def load(self, key):\n        return 1\n    def get(self):\n        return self.load(2)\n\ndef again(n):\n    db.query(n)\n    \
        again(n)\n\ndef use():\n    again(1)\n";
    assert_eq!(
        said("a.py", text, message, rule),
        [
            (3, "self.load runs self.db.query".to_owned()),
            (23, "again runs db.query".to_owned())
        ],
        "not what keeps, not another class's or object's, not a function in itself"
    );
    let rule = "rule: {kind: call_expression}\nwhere: [{helper: {asks: database}}]";
    let text = "package a\n\nfunc (s *Server) All(ids []int) {\n\ts.one(1)\n\tx.one(1)\n\tone(1)\n}\n\nfunc (s *Server) one(id int) {\n\ts.db.QueryRow(q, id)\n}\n";
    assert_eq!(
        lines("a.go", text, rule),
        [4, 5],
        "a short name may be the own object"
    );
}

#[test]
fn the_part_of_a_csharp_text_is_what_stands_in_the_braces() {
    let rule = "rule: {kind: invocation_expression, all: [{has: {field: function, regex: '^Run$'}}, {has: {field: arguments, has: {kind: argument, pattern: $SQL}}}]}\nwhere: [{built: SQL}]";
    let text = "class A {\n  void F(string term) {\n    Run($\"a LIKE '%{term}%'\");\n    Run($\"{1}\");\n  }\n}\n";
    assert_eq!(said("a.cs", text, "{part}", rule), [(3, "term".to_owned())]);
}

#[test]
fn what_the_program_looks_up_for_a_handler_is_not_the_callers_text() {
    let rule = "rule: {kind: call, all: [{has: {field: function, regex: '^sink$'}}, {has: {field: arguments, has: {pattern: $X}}}]}\nwhere: [{tainted: X}]";
    let text = "@app.get('/x')\ndef f(space: Space = Depends(get_space), form: NewForm = Depends(get_form), name: str = ''):\n    sink(space)\n    sink(form)\n    sink(name)\n    sink(get_object_or_404(File, pk=name))\n";
    assert_eq!(lines("a.py", text, rule), [4, 5]);
}

#[test]
fn a_remark_beside_or_right_above_explains() {
    let rule = "rule: {kind: call}\nwhere: [{not: {explained: '(?i)harmless|because'}}]";
    let text = "f()\n# Harmless: it is read twice.\n# So what.\ng()\n\nh()  # because it must\ni()\n# harmless\n\nj()\n";
    assert_eq!(lines("a.py", text, rule), [1, 7, 10]);
}

#[test]
fn writes_that_say_how_far_the_work_is_and_sweeps_are_no_pair() {
    let rule = "code: two-writes";
    let ts = |body: &str| {
        lines(
            "a.ts",
            &format!("async function f(repo: OrderRepository) {{\n{body}\n}}\n"),
            rule,
        )
    };
    assert_eq!(
        ts("await prisma.order.create(a);\nawait prisma.payment.create(b);"),
        [2]
    );
    let claim = "await db.query(\"UPDATE jobs SET status = 'running' WHERE id = $1\");\nawait work();\nawait db.query(\"UPDATE jobs SET status = 'done' WHERE id = $1\");";
    assert_eq!(ts(claim), Vec::<u32>::new());
    let sweep = "await db.query(\"UPDATE users SET hash = $1\");\nawait db.query(\"DELETE FROM login_attempts WHERE user_id = $1\");";
    assert_eq!(ts(sweep), Vec::<u32>::new());
    let both = "await db.query(\"UPDATE users SET hash = $1\");\nawait db.query(\"DELETE FROM orders WHERE user_id = $1\");";
    assert_eq!(ts(both), [2]);
}

#[test]
fn a_link_of_a_chain_is_pointed_at_where_its_name_stands() {
    let rule = "rule: {kind: call_expression, has: {field: function, kind: member_expression, has: {field: property, regex: '^(raw|all)$'}}}";
    let text = "rows\n  .where(x)\n  .raw(y)\n  .all();\nrows.where(x).all();\n";
    assert_eq!(lines("a.ts", text, rule), [3, 4, 5]);
}

#[test]
fn the_messages_of_a_channel_are_no_collection() {
    let rule = "rule: {kind: call_expression, has: {field: function, regex: 'Insert$'}}\nwhere: [{in-loop: data}]";
    let text = "package a\n\ntype Hub struct {\n\treadings chan Reading\n\trows []Row\n}\n\nfunc (h *Hub) Run() {\n\tfor r := range h.readings {\n\t\th.Insert(r)\n\t}\n\tfor _, r := range h.rows {\n\t\th.Insert(r)\n\t}\n}\n";
    assert_eq!(lines("a.go", text, rule), [13]);
}

#[test]
fn how_many_rows_the_first_write_changed_may_decide_about_the_second() {
    let rule = "code: two-writes";
    let body = "async function f() {\n  const done = await prisma.order.updateMany(a);\n  if (done.count === 0) {\n    await prisma.payment.create(b);\n  }\n}\n";
    assert!(lines("a.ts", body, rule).is_empty());
    assert_eq!(
        lines("a.ts", &body.replace("done.count === 0", "open"), rule),
        [2]
    );
}
