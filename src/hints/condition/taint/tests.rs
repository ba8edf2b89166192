//! What counts as a request's text, by a rule that asks for nothing else.

use crate::hints::engine::lines;

const PYTHON: &str = "rule: {kind: call, all: [{has: {field: function, regex: '^sink$'}}, {has: {field: arguments, has: {pattern: $X}}}]}\nwhere: [{tainted: X}]";

/// No line.
const NONE: [u32; 0] = [];

/// Returns the lines of `sink(…)` that a request's text reaches in Python.
fn python(text: &str) -> Vec<u32> {
    lines("a.py", text, PYTHON)
}

/// The same in PHP.
fn php(text: &str) -> Vec<u32> {
    let rule = "rule: {kind: function_call_expression, all: [{has: {field: function, regex: '^sink$'}}, {has: {field: arguments, has: {kind: argument, pattern: $X}}}]}\nwhere: [{tainted: X}]";
    lines("a.php", &format!("<?php\n{text}"), rule)
}

/// The same in Java.
fn java(body: &str) -> Vec<u32> {
    let rule = "rule: {kind: method_invocation, all: [{has: {field: name, regex: '^sink$'}}, {has: {field: arguments, has: {pattern: $X}}}]}\nwhere: [{tainted: X}]";
    lines("A.java", &format!("class A {{\n{body}\n}}\n"), rule)
}

#[test]
fn a_name_is_followed_through_what_it_is_given_anew() {
    assert_eq!(
        python("def f():\n    x = request.args['q']\n    x = x.strip()\n    sink(x)\n"),
        [4]
    );
    assert_eq!(
        python("def f():\n    x = request.args['q']\n    x = 'fixed'\n    sink(x)\n"),
        NONE
    );
    assert_eq!(php("$x = $_GET['q'];\n$x = trim($x);\nsink($x);\n"), [4]);
    assert_eq!(php("$x = $_GET['q'];\n$x = (int) $x;\nsink($x);\n"), NONE);
}

#[test]
fn what_is_added_to_a_text_or_put_into_a_list_is_in_it() {
    assert_eq!(php("$s = 'a';\n$s .= $_GET['n'];\nsink($s);\n"), [4]);
    assert_eq!(php("$s = $_GET['n'];\n$s .= 'a';\nsink($s);\n"), [4]);
    assert_eq!(
        php("$l = [];\n$l[] = $_GET['n'];\n$x = $l[0];\nsink($x);\n"),
        [5]
    );
    assert_eq!(
        python("def f():\n    l = []\n    l.append(request.args['q'])\n    sink(l)\n"),
        [4]
    );
    assert_eq!(
        python("def f():\n    l = []\n    sink(l)\n    l.append(request.args['q'])\n"),
        NONE
    );
    assert_eq!(
        java(
            "void f(HttpServletRequest request) {\nMap<String, Object> m = new HashMap<>();\nm.put(\"k\", request.getParameter(\"q\"));\nsink(m.get(\"k\"));\n}"
        ),
        [5]
    );
}

#[test]
fn a_value_that_is_there_when_there_is_none_changes_nothing() {
    assert_eq!(
        python(
            "def f():\n    x = request.args.get('q')\n    if not x:\n        x = 'fixed'\n    sink(x)\n"
        ),
        [5]
    );
    assert_eq!(
        python(
            "def f():\n    x = request.args.get('q')\n    if odd():\n        x = 'fixed'\n    sink(x)\n"
        ),
        NONE
    );
}

#[test]
fn what_was_checked_is_no_longer_a_requests() {
    assert_eq!(
        python(
            "def f():\n    x = request.args['q']\n    if x not in COLUMNS:\n        abort(400)\n    sink(x)\n"
        ),
        NONE
    );
    assert_eq!(
        python(
            "def f():\n    x = request.args['q']\n    if y not in COLUMNS:\n        abort(400)\n    sink(x)\n"
        ),
        [5]
    );
    assert_eq!(
        python(
            "def f():\n    x = request.args['q']\n    sink(x)\n    if x not in COLUMNS:\n        abort(400)\n"
        ),
        [3]
    );
    assert_eq!(
        python(
            "def f():\n    x = 'a'\n    if x in COLUMNS:\n        pass\n    x = request.args['q']\n    sink(x)\n"
        ),
        [6]
    );
    assert_eq!(
        php("$x = $_GET['q'];\nif (!ctype_digit($x)) { exit; }\nsink($x);\n"),
        NONE
    );
    assert_eq!(
        php("$x = $_GET['q'];\nif (!preg_match('/^\\w+$/', $x)) { exit; }\nsink($x);\n"),
        NONE
    );
    assert_eq!(
        php("$x = $_GET['q'];\nif (!preg_match('/^.*$/', $x)) { exit; }\nsink($x);\n"),
        [4]
    );
}

#[test]
fn a_function_of_the_file_answers_with_what_it_reads_or_is_given() {
    let reads = "def name():\n    return request.args['q']\n\ndef f():\n    sink(name())\n";
    assert_eq!(python(reads), [5]);
    let passes = "def tidy(x):\n    y = x.strip()\n    return y\n\ndef f():\n    sink(tidy(request.args['q']))\n";
    assert_eq!(python(passes), [6]);
    let drops = "def label(x):\n    log(x)\n    return 'fixed'\n\ndef f():\n    sink(label(request.args['q']))\n";
    assert_eq!(python(drops), NONE);
    let other =
        "def label(x):\n    return 'fixed'\n\ndef f():\n    sink(box.label(request.args['q']))\n";
    assert_eq!(python(other), [5], "of another object nothing is known");
    assert_eq!(
        java(
            "void f(HttpServletRequest request) {\nsink(new Inner().pick(request.getParameter(\"q\")));\n}\nclass Inner { String pick(String p) { String s = \"a\"; return s; } }"
        ),
        NONE
    );
    assert_eq!(
        java(
            "void f(HttpServletRequest request) {\nsink(new Inner().pick(request.getParameter(\"q\")));\n}\nclass Inner { String pick(String p) { String s = p; return s; } }"
        ),
        [3]
    );
    assert_eq!(
        python("def a(x):\n    return a(x)\n\ndef f():\n    sink(a(request.args['q']))\n"),
        [5]
    );
}

#[test]
fn a_parameter_is_what_the_function_is_called_with_in_the_file() {
    let helper = "def load(path):\n    sink(path)\n\ndef f():\n    load(request.args['q'])\n";
    assert_eq!(python(helper), [2]);
    let fixed = "def load(path):\n    sink(path)\n\ndef f():\n    load('fixed')\n";
    assert_eq!(python(fixed), NONE);
    let second = "class A:\n    def load(self, root, path):\n        sink(root)\n        sink(path)\n\n    def f(self):\n        self.load('fixed', request.args['q'])\n";
    assert_eq!(python(second), [4]);
    let named = "def load(path, root):\n    sink(root)\n\ndef f():\n    load(root=request.args['q'], path='fixed')\n";
    assert_eq!(python(named), [2]);
}

#[test]
fn a_property_is_what_the_methods_of_its_class_give_it() {
    let php_class = "class In { private $v; function __construct() { $this->v = $_GET['a']; } function get() { return $this->v; } }\n";
    assert_eq!(
        php(&format!(
            "{php_class}$t = new In();\n$x = $t->get();\nsink($x);\n"
        )),
        [5]
    );
    let fixed = php_class.replace("$_GET['a']", "'fixed'");
    assert_eq!(
        php(&format!(
            "{fixed}$t = new In();\n$x = $t->get();\nsink($x);\n"
        )),
        NONE
    );
    let own = "class A:\n    def __init__(self):\n        self.q = request.args['q']\n\n    def f(self):\n        sink(self.q)\n";
    assert_eq!(python(own), [6]);
    let set_up = "class A extends HttpServlet {\nString v;\nvoid setV(String v) { this.v = v; }\nvoid doGet(HttpServletRequest q) { sink(this.v); }\n}";
    assert_eq!(java(set_up), NONE, "a class is set up by the program");
}

#[test]
fn what_a_database_answers_with_is_not_what_it_was_asked_with() {
    assert_eq!(
        python("def f(db):\n    row = db.fetch_row(request.args['q'])\n    sink(row)\n"),
        NONE
    );
    assert_eq!(
        python("def f():\n    row = trim(request.args['q'])\n    sink(row)\n"),
        [3]
    );
    assert_eq!(
        java(
            "void f(HttpServletRequest request) {\nString x = request.getParameter(\"q\");\nsink(x);\n}"
        ),
        [4]
    );
}

#[test]
fn names_that_branch_without_end_are_given_up() {
    let mut text = "def f():\n    a0 = b()\n".to_owned();
    for step in 1..60 {
        let before: Vec<String> = (0..step).map(|one| format!("a{one}")).collect();
        let line = format!("    a{step} = join({})\n", before.join(", "));
        text.push_str(&line);
        text.push_str(&"    l.append(a0)\n".repeat(50));
    }
    text.push_str("    l.append(l)\n    sink(a59, l)\n");
    let started = std::time::Instant::now();
    assert_eq!(python(&text), NONE);
    // Without a bound it would be at it for hours.
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn functions_that_call_each_other_without_end_are_given_up() {
    let mut text: String = (0..4000)
        .map(|step| format!("def f{step}(x):\n    return f{}(x)\n\n", step + 1))
        .collect::<Vec<_>>()
        .concat();
    text.push_str("def go():\n    sink(f0(request.args['q']))\n");
    assert_eq!(
        python(&text),
        [12002],
        "what is not known hands on what it gets"
    );
}

#[test]
fn what_another_object_is_asked_with_is_not_in_its_answer() {
    assert_eq!(php("$x = $data->getRow($_GET['id']);\nsink($x);\n"), NONE);
    assert_eq!(
        php("$x = $data->getRow($_GET['id'])['name'];\nsink($x);\n"),
        NONE
    );
    assert_eq!(php("$x = $files->getPath($_GET['f']);\nsink($x);\n"), [3]);
    assert_eq!(php("$x = $data->shout($_GET['id']);\nsink($x);\n"), [3]);
    assert_eq!(
        python("def f():\n    q = request.args\n    sink(q.get('x'))\n"),
        [3],
        "what the object itself is made of counts"
    );
    assert_eq!(
        python("def f():\n    sink(known.get(request.args['x']))\n"),
        NONE
    );
    assert_eq!(
        java(
            "void f(HttpServletRequest request) {\nsink(Paths.get(request.getParameter(\"q\")));\n}"
        ),
        [3]
    );
}

#[test]
fn a_choice_is_clean_where_each_arm_is() {
    assert_eq!(php("$y = $_GET['y'] ?? date('Y');\nsink($y);\n"), [3]);
    assert_eq!(
        php("$y = (int) ($_GET['y'] ?? date('Y'));\nsink($y);\n"),
        NONE
    );
    assert_eq!(
        python(
            "def f():\n    sink(request.args.get('q') or uuid4())\n    sink(int(request.args.get('q')) or uuid4())\n"
        ),
        [2]
    );
    assert_eq!(
        python("def f():\n    sink('a' if request.args.get('q') else 'b')\n"),
        NONE,
        "what is asked is not what comes of it"
    );
}

#[test]
fn what_is_looked_up_in_a_list_is_not_what_it_is_looked_up_by() {
    assert_eq!(php("$p = $routes[$_GET['p']] ?? null;\nsink($p);\n"), NONE);
    assert_eq!(php("$p = $_GET[$name];\nsink($p);\n"), [3]);
    let key =
        "rule: {kind: subscript, has: {field: subscript, pattern: $X}}\nwhere: [{tainted: X}]";
    let text = "def f():\n    rows[request.args['q']] = 1\n";
    assert_eq!(
        lines("a.py", text, key),
        [2],
        "the key itself may be asked for"
    );
    assert_eq!(
        python("def f():\n    sink(pages[request.args['q']])\n"),
        NONE
    );
    assert_eq!(
        python("def f():\n    rows = request.json\n    sink(rows['q'])\n"),
        [3]
    );
}
