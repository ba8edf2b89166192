//! Sizes, names and leftovers. It judges one file at a time, but for orphans and strays.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::source::{Source, flat_tokens, is_mark, is_test_only, is_word};

const FILE_LINES: usize = 800;
const FUNCTION_LINES: usize = 120;
const VAGUE: [&str; 6] = ["utils", "util", "common", "manager", "helpers", "helper"];
const NOTES: [&str; 3] = ["TODO", "FIXME", "XXX"];
/// Modules of `std` that reach outside the program.
const OUTSIDE: [&str; 6] = ["env", "fs", "io", "net", "process", "thread"];
/// Names that give another answer at another time.
const IMPURE: [&str; 8] = [
    "Instant",
    "SystemTime",
    "OpenOptions",
    "now",
    "rand",
    "random_hex",
    "stdout",
    "stderr",
];
const TOP_LEVEL: [&str; 10] = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "src",
    "themes",
    "checklists",
    "tests",
    "assets",
];

/// Returns files whose first line is not `//!` with a text.
pub fn files_without_opening(sources: &[Source]) -> Vec<String> {
    let lacks = |source: &&Source| {
        let first = source.text.lines().next().unwrap_or_default();
        first
            .strip_prefix("//!")
            .is_none_or(|text| text.trim().is_empty())
    };
    let say = |source: &Source| {
        format!(
            "{}: the file does not open with `//!` and what it owns",
            source.at(1)
        )
    };
    sources.iter().filter(lacks).map(say).collect()
}

/// Returns files over the limit.
pub fn long_files(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > FILE_LINES {
            complaints.push(format!("{}: {lines} lines, over {FILE_LINES}", source.path));
        }
    }
    complaints
}

/// Returns functions over the limit, without their comments and attributes.
pub fn long_functions(sources: &[Source]) -> Vec<String> {
    struct Measure<'a> {
        source: &'a Source,
        complaints: Vec<String>,
    }
    impl Measure<'_> {
        fn measure(&mut self, signature: &syn::Signature, block: &syn::Block) {
            let first = signature.span().start().line;
            let lines = block.span().end().line - first + 1;
            if lines > FUNCTION_LINES {
                let place = self.source.at(first);
                self.complaints.push(format!(
                    "{place}: {} has {lines} lines, over {FUNCTION_LINES}",
                    signature.ident
                ));
            }
        }
    }
    impl<'ast> Visit<'ast> for Measure<'_> {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.measure(&item.sig, &item.block);
            visit::visit_item_fn(self, item);
        }
        fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
            self.measure(&item.sig, &item.block);
            visit::visit_impl_item_fn(self, item);
        }
        fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
            if let Some(block) = &item.default {
                self.measure(&item.sig, block);
            }
            visit::visit_trait_item_fn(self, item);
        }
    }
    let judge = |source| {
        let mut measure = Measure {
            source,
            complaints: Vec::new(),
        };
        measure.visit_file(&source.rust);
        measure.complaints
    };
    sources.iter().flat_map(judge).collect()
}

/// Returns modules whose name says nothing, as files, folders or blocks.
pub fn vague_modules(sources: &[Source]) -> Vec<String> {
    struct Names<'a> {
        source: &'a Source,
        complaints: Vec<String>,
    }
    impl<'ast> Visit<'ast> for Names<'_> {
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            let vague = VAGUE.iter().any(|name| item.ident == name);
            // One that is declared here and written elsewhere is found by its path.
            if vague && item.content.is_some() {
                let place = self.source.at(item.ident.span().start().line);
                self.complaints
                    .push(format!("{place}: a module named {}", item.ident));
            }
            visit::visit_item_mod(self, item);
        }
    }
    let judge = |source: &Source| {
        let mut names = Names {
            source,
            complaints: Vec::new(),
        };
        let module = source.module();
        if let Some(name) = module.iter().find(|name| VAGUE.contains(&name.as_str())) {
            names
                .complaints
                .push(format!("{}: a module named {name}", source.path));
        }
        names.visit_file(&source.rust);
        names.complaints
    };
    sources.iter().flat_map(judge).collect()
}

/// Returns calls of `todo!` and `unimplemented!`.
pub fn unfinished_code(sources: &[Source]) -> Vec<String> {
    struct Calls(Vec<(Span, String)>);
    impl Calls {
        fn note(&mut self, span: Span, name: &str) {
            if matches!(name, "todo" | "unimplemented") {
                self.0.push((span, name.to_owned()));
            }
        }
        fn note_tokens(&mut self, tokens: TokenStream) {
            for pair in flat_tokens(tokens).windows(2) {
                if is_mark(&pair[1], '!') {
                    self.note(pair[0].span(), &pair[0].to_string());
                }
            }
        }
    }
    impl<'ast> Visit<'ast> for Calls {
        fn visit_macro(&mut self, call: &'ast syn::Macro) {
            if let Some(name) = call.path.segments.last() {
                self.note(name.ident.span(), &name.ident.to_string());
            }
            self.note_tokens(call.tokens.clone());
        }
    }
    let judge = |source: &Source| {
        let mut calls = Calls(Vec::new());
        calls.visit_file(&source.rust);
        let say =
            |(span, name): &(Span, String)| format!("{}: {name}!", source.at(span.start().line));
        calls.0.iter().map(say).collect::<Vec<_>>()
    };
    sources.iter().flat_map(judge).collect()
}

/// Returns tests that do not run.
pub fn ignored_tests(sources: &[Source]) -> Vec<String> {
    struct Attributes(Vec<Span>);
    impl<'ast> Visit<'ast> for Attributes {
        fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
            let conditional = match &attribute.meta {
                syn::Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    flat_tokens(list.tokens.clone())
                        .iter()
                        .any(|token| is_word(token, "ignore"))
                }
                _ => false,
            };
            if conditional || attribute.path().is_ident("ignore") {
                self.0.push(attribute.span());
            }
        }
    }
    let judge = |source: &Source| {
        let mut attributes = Attributes(Vec::new());
        attributes.visit_file(&source.rust);
        let say = |span: &Span| format!("{}: an ignored test", source.at(span.start().line));
        attributes.0.iter().map(say).collect::<Vec<_>>()
    };
    sources.iter().flat_map(judge).collect()
}

/// Returns marks that somebody meant to come back to.
pub fn notes_to_self(texts: &[(String, String)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in texts {
        for (index, line) in text.lines().enumerate() {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            if let Some(note) = words.find(|word| NOTES.contains(word)) {
                complaints.push(format!("{path}:{}: {note}", index + 1));
            }
        }
    }
    complaints
}

/// Returns files that no chain of `mod` declarations reaches from the roots.
pub fn orphans(sources: &[Source], roots: &[&str]) -> Vec<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    while let Some(path) = next.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else {
            continue;
        };
        if reached.insert(path) {
            let root = roots.contains(&source.path.as_str());
            declared(
                &source.rust.items,
                &folder_of_children(&source.path, root),
                &mut next,
            );
        }
    }
    let lost = sources
        .iter()
        .filter(|source| !reached.contains(&source.path));
    lost.map(|source| {
        format!(
            "{}: no `mod` declares this file, so it is never compiled",
            source.path
        )
    })
    .collect()
}

/// Returns where the modules that a file declares lie.
fn folder_of_children(path: &str, root: bool) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if root || name == "mod.rs" {
        folder.to_owned()
    } else {
        path.trim_end_matches(".rs").to_owned()
    }
}

fn declared(items: &[syn::Item], folder: &str, paths: &mut Vec<String>) {
    for item in items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        let place = format!("{folder}/{}", module.ident);
        match &module.content {
            Some((_, items)) => declared(items, &place, paths),
            None => paths.extend([format!("{place}.rs"), format!("{place}/mod.rs")]),
        }
    }
}

/// Returns wildcard imports outside tests.
pub fn wildcards(sources: &[Source]) -> Vec<String> {
    struct Globs(Vec<Span>);
    impl<'ast> Visit<'ast> for Globs {
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !is_test_only(&item.attrs) {
                visit::visit_item_mod(self, item);
            }
        }
        fn visit_use_glob(&mut self, glob: &'ast syn::UseGlob) {
            self.0.push(glob.span());
        }
    }
    let judge = |source: &Source| {
        let mut globs = Globs(Vec::new());
        if !source.module().iter().any(|part| part == "tests") {
            globs.visit_file(&source.rust);
        }
        let say = |span: &Span| format!("{}: a wildcard import", source.at(span.start().line));
        globs.0.iter().map(say).collect::<Vec<_>>()
    };
    sources.iter().flat_map(judge).collect()
}

/// Returns where the code that turns messages into state, or state into a picture, reaches for the disk, the clock, the
/// environment or chance.
pub fn impure_screen_code(sources: &[Source]) -> Vec<String> {
    let judged = |source: &&Source| {
        let module = source.module();
        let parts: Vec<&str> = module.iter().map(String::as_str).collect();
        matches!(parts[..], ["tui", "update" | "view" | "dialog", ..]) && !parts.contains(&"tests")
    };
    let judge = |source: &Source| {
        let tokens = flat_tokens(source.text.parse().expect("a file that was parsed"));
        let mut found = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let of_std = index >= 3 && is_word(&tokens[index - 3], "std");
            let outside = of_std && OUTSIDE.iter().any(|name| is_word(token, name))
                || IMPURE.iter().any(|name| is_word(token, name));
            if outside {
                let place = source.at(token.span().start().line);
                found.push(format!("{place}: {token} is not for this code"));
            }
        }
        found
    };
    sources.iter().filter(judged).flat_map(judge).collect()
}

/// Returns names at the top level that do not belong there.
pub fn strays(names: &[String]) -> Vec<String> {
    let belongs =
        |name: &str| name.starts_with('.') || name == "target" || TOP_LEVEL.contains(&name);
    let strays = names.iter().filter(|name| !belongs(name));
    strays
        .map(|name| format!("{name}: not an entry of the top level"))
        .collect()
}
