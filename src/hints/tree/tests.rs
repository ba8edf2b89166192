//! The flat tree against the parser's own, node by node.

use super::*;

const SAMPLES: &[(Language, &str)] = &[
    (
        Language::Python,
        "@app.get('/x')\nasync def f(a: int = 1, *rest):\n    # why\n    for x in a: g(x, y=1)\n    return {'a': [1, 2]}\n",
    ),
    (
        Language::TypeScript,
        "export const f = async (a: string) => { /* c */ await g(`x ${a}`); return a?.b ?? 1; };\n",
    ),
    (
        Language::Go,
        "package p\n\nfunc (s *S) F(a, b int) (int, error) {\n\tif a > b { return a, nil }\n\treturn b, nil\n}\n",
    ),
    (
        Language::Ruby,
        "class A < B\n  def f(a) = a.map { |x| x[1] }\n  x = <<~T\n    text #{a}\n  T\nend\n",
    ),
    (
        Language::Php,
        "<?php\nfunction f(int $a) { foreach ($a as $k => $v) { echo \"x $v\"; } }\n",
    ),
    (Language::Java, "class A { int f( { return 1 +; } }\n"),
    (
        Language::Rust,
        "fn f<'a>(x: &'a str) -> u8 { let y = ; x.len() as u8 }",
    ),
    (Language::Sql, "ALTER TABLE t ADD COLUMN c int NOT NULL;\n"),
    (Language::Yaml, "a:\n  - b: 1\n  - c: [x, y]\n"),
    (Language::Bash, ""),
];

/// What tells one node from the others of a tree.
type Mark = (String, Range<usize>, bool, bool);

fn theirs(node: tree_sitter::Node<'_>) -> Mark {
    (
        node.kind().to_owned(),
        node.byte_range(),
        node.is_named(),
        node.is_extra(),
    )
}

fn ours(node: Node<'_>) -> Mark {
    (
        node.kind().to_owned(),
        node.byte_range(),
        node.is_named(),
        node.is_extra(),
    )
}

fn with_both(language: Language, text: &str, check: impl Fn(&Tree, &[tree_sitter::Node<'_>])) {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&syntax::grammar(language)).unwrap();
    let parsed = parser.parse(text, None).unwrap();
    let mut all = Vec::new();
    let mut stack = vec![parsed.root_node()];
    while let Some(node) = stack.pop() {
        all.push(node);
        let children: Vec<_> = node.children(&mut node.walk()).collect();
        stack.extend(children.into_iter().rev());
    }
    check(&Tree::new(language, text, &parsed), &all);
}

#[test]
fn every_node_is_what_and_where_the_parser_says() {
    for &(language, text) in SAMPLES {
        with_both(language, text, |tree, all| {
            assert_eq!(tree.nodes().len(), all.len(), "{language:?}");
            for (own, node) in tree.nodes().zip(all) {
                assert_eq!(ours(own), theirs(*node), "{language:?}");
                assert_eq!(own.kind_id(), node.kind_id());
                assert_eq!(own.parent().map(ours), node.parent().map(theirs));
                let children: Vec<_> = node.children(&mut node.walk()).map(theirs).collect();
                assert_eq!(own.children().map(ours).collect::<Vec<_>>(), children);
                assert_eq!(own.child_count(), node.child_count() as usize);
                assert_eq!(own.named_child_count(), node.named_child_count());
            }
        });
    }
}

#[test]
fn siblings_and_the_smallest_node_around_bytes_are_the_parser_s() {
    for &(language, text) in SAMPLES {
        with_both(language, text, |tree, all| {
            for (own, node) in tree.nodes().zip(all) {
                let siblings: Vec<Mark> = match node.parent() {
                    Some(parent) => parent.children(&mut parent.walk()).map(theirs).collect(),
                    None => vec![theirs(*node)],
                };
                let before: Vec<Mark> =
                    std::iter::successors(own.prev_sibling(), |node| node.prev_sibling())
                        .map(ours)
                        .collect();
                let after = std::iter::successors(own.next_sibling(), |node| node.next_sibling());
                let found: Vec<Mark> = before
                    .into_iter()
                    .rev()
                    .chain([ours(own)])
                    .chain(after.map(ours))
                    .collect();
                assert_eq!(found, siblings, "{language:?} {node:?}");
                let named = |near: Option<Node<'_>>| near.is_none_or(Node::is_named);
                assert!(named(own.next_named_sibling()) && named(own.prev_named_sibling()));
                let Range { start, end } = node.byte_range();
                if start < end {
                    let named = node_around(all[0], start, end);
                    let found = tree.root().named_descendant_for_byte_range(start, end);
                    assert_eq!(found.map(ours), named, "{language:?} {start}..{end}");
                }
            }
        });
    }
}

fn node_around(root: tree_sitter::Node<'_>, start: usize, end: usize) -> Option<Mark> {
    root.named_descendant_for_byte_range(start, end).map(theirs)
}

#[test]
fn what_lies_in_a_node_comes_right_after_it() {
    for &(language, text) in SAMPLES {
        with_both(language, text, |tree, _| {
            for node in tree.nodes() {
                for inner in node.within().skip(1) {
                    assert!(node.holds(inner), "{language:?}: {node:?} {inner:?}");
                    assert!(inner.around().any(|outer| outer == node));
                }
                let beyond = tree.nodes().skip(node.after());
                assert!(beyond.into_iter().all(|other| !node.holds(other)));
            }
        });
    }
}

#[test]
fn ast_grep_finds_in_it_what_it_finds_in_the_parser_s_tree() {
    use ast_grep_core::tree_sitter::StrDoc;
    use ast_grep_core::{AstGrep, Pattern};

    use crate::hints::lang::{Lang, Root};

    let text = "def f(a):\n    g(a, 1)\n    h(g(2), k=g(3, *x))\n";
    let lang = Lang(Language::Python);
    let theirs = AstGrep::doc(StrDoc::new(text, lang));
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&syntax::grammar(lang.0)).unwrap();
    let parsed = parser.parse(text, None).unwrap();
    let own: Root = AstGrep::doc(Source::new(lang.0, text.to_owned(), &parsed));
    for pattern in ["g($A)", "g($$$ALL)", "g($A, $B)", "$F($$$, k=$V)"] {
        let pattern = Pattern::new(pattern, lang);
        let expected: Vec<_> = theirs
            .root()
            .find_all(&pattern)
            .map(|found| (found.range(), found.start_pos()))
            .collect();
        let found: Vec<_> = own
            .root()
            .find_all(&pattern)
            .map(|found| (found.range(), found.start_pos()))
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(found, expected);
    }
}
