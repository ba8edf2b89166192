//! A snippet of every language, and what its words are.

use crate::syntax::{CodeRole, Language};

/// Words of a snippet, each where it first stands, and their roles.
pub(super) type Words = Vec<(&'static str, Option<CodeRole>)>;

/// A snippet of every language, with words in it and their roles.
pub(super) fn snippets() -> Vec<(Language, &'static str, Words)> {
    use CodeRole::{
        Comment, Constant, Function, Keyword, Operator, Property, Punctuation, String, Tag, Type,
        Variable,
    };
    let script = "// note\nconst name = `a ${value} b`;\nclass Order {\n  @cached total() { return this.sum + 12; }\n}\n";
    vec![
        (
            Language::Rust,
            "// note\n#[derive(Debug)]\nfn list(user: &User) -> Option<u32> {\n    println!(\"{}\", user);\n    let n = user.name + 12 + MAX;\n    None\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("fn", Some(Keyword)),
                ("list", Some(Function)),
                ("User", Some(Type)),
                ("println", Some(Tag)),
                ("\"{}\"", Some(String)),
                ("name", Some(Property)),
                ("12", Some(Constant)),
                ("MAX", Some(Constant)),
            ],
        ),
        (
            Language::Python,
            "# note\n@app.get(\"/orders\")\ndef list_orders(db, user):\n    total = f\"{user} owes\"\n    for o in db.query(Order):\n        o.price += 1.5\n    return None\n",
            vec![
                ("# note", Some(Comment)),
                ("get", Some(Tag)),
                ("\"/orders\"", Some(String)),
                ("def", Some(Keyword)),
                ("list_orders", Some(Function)),
                ("total", None),
                (" owes", Some(String)),
                ("for", Some(Keyword)),
                ("query", Some(Function)),
                ("price", Some(Property)),
                ("1.5", Some(Constant)),
                ("None", Some(Constant)),
            ],
        ),
        (Language::JavaScript, script, script_words()),
        (
            Language::Jsx,
            "const App = () => <Button kind=\"primary\">Pay</Button>; // note\n",
            vec![
                ("const", Some(Keyword)),
                ("Button", Some(Type)),
                ("kind", Some(Property)),
                ("\"primary\"", Some(String)),
                ("Pay", None),
                ("// note", Some(Comment)),
            ],
        ),
        (Language::TypeScript, script, script_words()),
        (
            Language::Tsx,
            "interface Props { label: string } // note\nconst App = (p: Props) => <a href=\"x\">{p.label}</a>;\n",
            vec![
                ("interface", Some(Keyword)),
                ("Props", Some(Type)),
                ("string", Some(Type)),
                ("\"x\"", Some(String)),
                ("// note", Some(Comment)),
            ],
        ),
        (
            Language::Go,
            "package shop\n\n// note\nfunc (s *Store) List(ctx context.Context) error {\n\treturn fmt.Errorf(\"no %d\", 12)\n}\n",
            vec![
                ("package", Some(Keyword)),
                ("// note", Some(Comment)),
                ("func", Some(Keyword)),
                ("Store", Some(Type)),
                ("List", Some(Function)),
                ("Errorf", Some(Function)),
                ("\"no %d\"", Some(String)),
                ("12", Some(Constant)),
            ],
        ),
        (
            Language::Java,
            "// note\n@Entity\npublic class Order {\n  private int total = 12;\n  String label() { return \"x\" + this.total; }\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("Entity", Some(Tag)),
                ("public", Some(Keyword)),
                ("Order", Some(Type)),
                ("12", Some(Constant)),
                ("label", Some(Function)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Kotlin,
            "// note\n@Service\nclass OrderService(private val db: Db) {\n  fun list(user: User): Int {\n    val name = \"a ${user.id} b\"\n    return db.count(name) + 12\n  }\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("Service", Some(Tag)),
                ("class", Some(Keyword)),
                ("OrderService", Some(Type)),
                ("private", Some(Keyword)),
                ("fun", Some(Keyword)),
                ("list", Some(Function)),
                ("user", Some(Variable)),
                ("\"a ", Some(String)),
                ("id", Some(Property)),
                ("return", Some(Keyword)),
                ("count", Some(Function)),
                ("12", Some(Constant)),
            ],
        ),
        (
            Language::CSharp,
            "// note\npublic class Order {\n  public int Total(string name) { return name.Length + 12; }\n  string s = \"x\";\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("public", Some(Keyword)),
                ("Order", Some(Type)),
                ("Total", Some(Function)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Ruby,
            "# note\nclass Order\n  def total(user)\n    @sum = \"a #{user} b\" if :paid\n    12\n  end\nend\n",
            vec![
                ("# note", Some(Comment)),
                ("class", Some(Keyword)),
                ("total", Some(Function)),
                ("@sum", Some(Property)),
                ("\"a ", Some(String)),
                (":paid", Some(Constant)),
                ("12", Some(Constant)),
            ],
        ),
        (
            Language::Php,
            "<?php\n// note\nfunction total($user) {\n  return $user->sum + 12 . \"x\";\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("function", Some(Keyword)),
                ("total", Some(Function)),
                ("return", Some(Keyword)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::C,
            "// note\n#include <stdio.h>\nint total(struct order *o) {\n  return o->sum + 12 + len(\"x\");\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("#include", Some(Keyword)),
                ("int", Some(Type)),
                ("total", Some(Function)),
                ("struct", Some(Keyword)),
                ("sum", Some(Property)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Cpp,
            "// note\nclass Order : public Base {\n  auto total() const -> int { return this->sum + size(\"x\"); }\n};\n",
            vec![
                ("// note", Some(Comment)),
                ("class", Some(Keyword)),
                ("Order", Some(Type)),
                ("public", Some(Keyword)),
                ("return", Some(Keyword)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Swift,
            "// note\nstruct Order {\n  func total(user: User) -> Int {\n    let name = \"x\"\n    return 12\n  }\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("struct", Some(Keyword)),
                ("func", Some(Keyword)),
                ("total", Some(Function)),
                ("User", Some(Type)),
                ("return", Some(Keyword)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Scala,
            "// note\nclass Order(db: Db) {\n  def total(user: User): Int = db.count(\"x\") + 12\n}\n",
            vec![
                ("// note", Some(Comment)),
                ("class", Some(Keyword)),
                ("Order", Some(Type)),
                ("def", Some(Keyword)),
                ("total", Some(Function)),
                ("\"x\"", Some(String)),
                ("12", Some(Constant)),
            ],
        ),
        (
            Language::Bash,
            "# note\nfor f in *.log; do\n  echo \"size $f\" | wc -c\ndone\n",
            vec![
                ("# note", Some(Comment)),
                ("for", Some(Keyword)),
                ("echo", Some(Function)),
                ("\"size ", Some(String)),
                ("done", Some(Keyword)),
            ],
        ),
        (
            Language::Json,
            "{ \"total\": 12, \"paid\": true, \"name\": \"x\" }\n",
            vec![
                ("\"total\"", Some(Property)),
                ("12", Some(Constant)),
                ("true", Some(Constant)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Yaml,
            "# note\nservice:\n  replicas: 12\n  image: \"x\"\n  paid: true\n",
            vec![
                ("# note", Some(Comment)),
                ("service", Some(Property)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
                ("true", Some(Constant)),
            ],
        ),
        (
            Language::Toml,
            "# note\n[package]\nname = \"x\"\nyears = 12\n",
            vec![
                ("# note", Some(Comment)),
                ("package", Some(Property)),
                ("name", Some(Property)),
                ("\"x\"", Some(String)),
                ("12", Some(Constant)),
                ("=", Some(Operator)),
            ],
        ),
        (
            Language::Hcl,
            "# note\nresource \"aws_db_instance\" \"main\" {\n  size = 12\n  name = \"a-${var.env}\"\n  open = true\n  tags = merge(local.tags)\n}\n",
            vec![
                ("# note", Some(Comment)),
                ("resource", Some(Keyword)),
                ("\"aws_db_instance\"", Some(Type)),
                ("size", Some(Property)),
                ("12", Some(Constant)),
                ("\"a-", Some(String)),
                ("var", Some(Variable)),
                ("env", Some(Property)),
                ("true", Some(Constant)),
                ("merge", Some(Function)),
            ],
        ),
        (
            Language::Dockerfile,
            "# note\nFROM alpine:3.20 AS build\nRUN apk add git\nENV NAME=\"x\"\n",
            vec![
                ("# note", Some(Comment)),
                ("FROM", Some(Keyword)),
                ("AS", Some(Keyword)),
                ("RUN", Some(Keyword)),
                ("\"x\"", Some(String)),
            ],
        ),
        (
            Language::Sql,
            "-- note\nSELECT name, count(*) FROM orders WHERE total > 12 AND state = 'paid';\n",
            vec![
                ("-- note", Some(Comment)),
                ("SELECT", Some(Keyword)),
                ("count", Some(Function)),
                ("FROM", Some(Keyword)),
                ("12", Some(Constant)),
                ("'paid'", Some(String)),
            ],
        ),
        (
            Language::Html,
            "<!-- note -->\n<a href=\"x\">Pay</a>\n",
            vec![
                ("<!-- note -->", Some(Comment)),
                ("a", Some(Tag)),
                ("href", Some(Property)),
                ("\"x\"", Some(String)),
                ("Pay", None),
            ],
        ),
        (
            Language::Css,
            "/* note */\n.order > a { color: #fff; width: 12px; content: \"x\"; }\n@media print { a { b: c } }\n",
            vec![
                ("/* note */", Some(Comment)),
                ("color", Some(Property)),
                ("12", Some(Constant)),
                ("\"x\"", Some(String)),
                ("@media", Some(Keyword)),
                (";", Some(Punctuation)),
            ],
        ),
    ]
}

fn script_words() -> Words {
    vec![
        ("// note", Some(CodeRole::Comment)),
        ("const", Some(CodeRole::Keyword)),
        ("`a ", Some(CodeRole::String)),
        ("value", None),
        ("class", Some(CodeRole::Keyword)),
        ("Order", Some(CodeRole::Type)),
        ("cached", Some(CodeRole::Tag)),
        ("total", Some(CodeRole::Function)),
        ("this", Some(CodeRole::Variable)),
        ("sum", Some(CodeRole::Property)),
        ("12", Some(CodeRole::Constant)),
    ]
}
