//! Sources as text and as Rust. It reads and judges nothing.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// A file of Rust.
pub struct Source {
    /// From the top of the repository, with `/` (`src/git/mod.rs`).
    pub path: String,
    /// As it stands.
    pub text: String,
    /// As Rust.
    pub rust: syn::File,
}

impl Source {
    /// Parses a file; one that is not Rust fails the test with its place.
    pub fn parse(path: &str, text: String) -> Self {
        let rust = syn::parse_file(&text).unwrap_or_else(|error| {
            panic!("{path}:{}: {error}", error.span().start().line);
        });
        Self {
            path: path.to_owned(),
            text,
            rust,
        }
    }

    /// Returns the module the file is, from the root of its crate (`["git", "build"]`; nothing for the root).
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.split_once('/').map_or("", |(_, inside)| inside);
        let mut parts: Vec<String> = inside
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if matches!(
            parts.last().map(String::as_str),
            Some("mod" | "lib" | "main")
        ) {
            parts.pop();
        }
        parts
    }

    /// Returns `path:line`.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// Returns the top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all Rust below a folder, by path.
pub fn sources_below(folder: &str) -> Vec<Source> {
    let texts = texts_below(folder).into_iter().filter(|(path, _)| {
        Path::new(path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    });
    texts
        .map(|(path, text)| Source::parse(&path, text))
        .collect()
}

/// Returns path and text of all files below a folder, by path; nothing if there is no such folder.
pub fn texts_below(folder: &str) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let inside = path
            .strip_prefix(root())
            .expect("the path is below the root");
        let name = inside.to_string_lossy().replace('\\', "/");
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

/// Flattens the tokens of a macro call: idents, punctuation and literals in order, groups opened.
pub fn flat_tokens(tokens: TokenStream) -> Vec<TokenTree> {
    let mut flat = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => flat.extend(flat_tokens(group.stream())),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => flat.push(token),
        }
    }
    flat
}

/// Whether a token is this word.
pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether a token is this mark.
pub fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Whether attributes hold `#[cfg(test)]`.
pub fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => flat_tokens(list.tokens.clone())
            .iter()
            .any(|token| is_word(token, "test")),
        _ => false,
    })
}
