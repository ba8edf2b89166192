//! Who imports whom: the table of `src/lib.rs`, and the parts of the screen. It judges paths and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::source::{Source, flat_tokens, is_mark, is_word};

/// The table of layers: module to layer.
pub struct Layers(BTreeMap<String, u32>);

impl Layers {
    /// Reads the table from the comment that opens the library.
    pub fn parse(guide: &Source) -> Self {
        let mut layers = BTreeMap::new();
        for line in guide
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("//! |"))
        {
            let Some((number, modules)) = line.split_once('|') else {
                continue;
            };
            let Ok(number) = number.trim().parse() else {
                continue;
            };
            let names = modules
                .split("[`")
                .skip(1)
                .filter_map(|rest| Some(rest.split_once("`]")?.0));
            layers.extend(names.map(|name| (name.to_owned(), number)));
        }
        assert!(
            !layers.is_empty(),
            "{} holds no table of layers",
            guide.path
        );
        Self(layers)
    }

    /// Returns every reference to a module that is not below the one it stands in.
    pub fn breaches(&self, sources: &[Source]) -> Vec<String> {
        let mut complaints = Vec::new();
        for source in sources {
            let module = source.module();
            let Some(own) = module.first() else { continue };
            let Some(own_layer) = self.0.get(own) else {
                complaints.push(format!(
                    "{}: {own} has no layer in the table of src/lib.rs",
                    source.at(1)
                ));
                continue;
            };
            for Reference { path, line } in references(source) {
                let Some(other) = path.first().filter(|other| *other != own) else {
                    continue;
                };
                match self.0.get(other) {
                    Some(layer) if layer < own_layer => {}
                    Some(layer) => complaints.push(format!(
                        "{}: {own} (layer {own_layer}) imports {other} (layer {layer}), which is not below it",
                        source.at(line)
                    )),
                    None => complaints.push(format!(
                        "{}: crate::{other} has no layer in the table of src/lib.rs",
                        source.at(line)
                    )),
                }
            }
        }
        complaints
    }

    /// Returns modules that stand in the table or in the sources alone.
    pub fn differences(&self, sources: &[Source]) -> Vec<String> {
        let modules = sources
            .iter()
            .filter_map(|source| source.module().into_iter().next());
        let there: BTreeSet<String> = modules.collect();
        let named: BTreeSet<String> = self.0.keys().cloned().collect();
        let unnamed = there
            .difference(&named)
            .map(|name| format!("src/lib.rs: the table of layers lacks {name}"));
        let absent = named
            .difference(&there)
            .map(|name| format!("src/lib.rs: the table names {name}, which is not there"));
        unnamed.chain(absent).collect()
    }
}

/// Returns references by which `tui::view` and `tui::update` know each other, the worker or the terminal.
pub fn screen_breaches(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        let module = source.module();
        let [screen, part, ..] = module.as_slice() else {
            continue;
        };
        if screen != "tui" || !matches!(part.as_str(), "view" | "update") {
            continue;
        }
        for Reference { path, line } in references(source) {
            let [screen, other, ..] = path.as_slice() else {
                continue;
            };
            let foreign = matches!(other.as_str(), "view" | "update" | "worker" | "terminal")
                && other != part;
            if screen == "tui" && foreign {
                complaints.push(format!(
                    "{}: tui::{part} knows tui::{other}",
                    source.at(line)
                ));
            }
        }
    }
    complaints
}

/// A path into the crate, from its root.
struct Reference {
    path: Vec<String>,
    line: usize,
}

/// Returns all paths that begin with `crate`, `self` or `super`, resolved, once per line.
fn references(source: &Source) -> Vec<Reference> {
    let mut finder = Finder {
        module: source.module(),
        found: Vec::new(),
    };
    finder.visit_file(&source.rust);
    let mut seen = BTreeSet::new();
    finder.found.retain(|reference| {
        seen.insert((
            reference.line,
            reference.path.iter().take(2).cloned().collect::<Vec<_>>(),
        ))
    });
    finder.found
}

struct Finder {
    /// Where the visit stands.
    module: Vec<String>,
    found: Vec<Reference>,
}

impl Finder {
    fn note(&mut self, segments: &[String], line: usize) {
        let mut path = match segments.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.module.clone(),
            Some(_) | None => return,
        };
        for segment in segments {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => {
                    path.pop();
                }
                name => path.push(name.to_owned()),
            }
        }
        self.found.push(Reference { path, line });
    }

    fn note_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| {
            let mut segments = before.to_vec();
            segments.push(ident.to_string());
            segments
        };
        match tree {
            syn::UseTree::Path(path) => self.note_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.note(&with(&name.ident), name.span().start().line),
            syn::UseTree::Rename(name) => self.note(&with(&name.ident), name.span().start().line),
            syn::UseTree::Glob(glob) => self.note(before, glob.span().start().line),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.note_tree(tree, before);
                }
            }
        }
    }

    /// Finds paths in the tokens of a macro call, which are not parsed.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let flat = flat_tokens(tokens);
        for (start, token) in flat.iter().enumerate() {
            let follows =
                start >= 2 && is_mark(&flat[start - 1], ':') && is_mark(&flat[start - 2], ':');
            if follows
                || !["crate", "self", "super"]
                    .iter()
                    .any(|word| is_word(token, word))
            {
                continue;
            }
            let mut segments = vec![token.to_string()];
            let mut rest = &flat[start + 1..];
            while let [one, two, TokenTree::Ident(name), ..] = rest {
                if !is_mark(one, ':') || !is_mark(two, ':') {
                    break;
                }
                segments.push(name.to_string());
                rest = &rest[3..];
            }
            if segments.len() > 1 {
                self.note(&segments, token.span().start().line);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            self.note_tree(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if path.leading_colon.is_none() && segments.len() > 1 {
            self.note(&segments, path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        // Not its path: a macro of ours is exported at the root, whatever module writes it.
        self.note_tokens(call.tokens.clone());
    }
}
