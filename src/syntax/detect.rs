//! The language of a file: by its name, then by its extension, then by the interpreter its first line names.

use super::Language;
use crate::model::RepoPath;

/// Returns the language of a file, if it is one that can be parsed. `first_line` may be empty or hold more than a line.
pub fn detect(path: &RepoPath, first_line: &[u8]) -> Option<Language> {
    let name = path.as_bytes().rsplit(|&byte| byte == b'/').next()?;
    let name = std::str::from_utf8(name).unwrap_or_default();
    by_name(name)
        .or_else(|| by_extension(name))
        .or_else(|| by_interpreter(first_line))
}

fn by_name(name: &str) -> Option<Language> {
    Some(match name {
        "Dockerfile" | "Containerfile" => Language::Dockerfile,
        "Gemfile" | "Rakefile" | "Guardfile" | "Podfile" | "Vagrantfile" | "Fastfile"
        | "Brewfile" | "Capfile" | "config.ru" => Language::Ruby,
        ".bashrc" | ".bash_profile" | ".bash_aliases" | ".bash_logout" | ".profile" | ".zshrc"
        | ".zprofile" | ".zshenv" | ".kshrc" | ".env" | ".envrc" | "PKGBUILD" | "APKBUILD" => {
            Language::Bash
        }
        "Cargo.lock" | "Pipfile" | "poetry.lock" | "uv.lock" | "pdm.lock" => Language::Toml,
        "composer.lock" | "Pipfile.lock" | "flake.lock" | ".babelrc" | ".eslintrc"
        | ".prettierrc" | ".swcrc" => Language::Json,
        "SConstruct" | "SConscript" | "BUILD" | "BUILD.bazel" | "WORKSPACE" | "Tiltfile" => {
            Language::Python
        }
        ".clang-format" | ".clang-tidy" | ".clangd" | ".yamllint" | ".gemrc" => Language::Yaml,
        _ if name.starts_with("Dockerfile.") || name.starts_with("Containerfile.") => {
            Language::Dockerfile
        }
        _ if name.starts_with(".env.") => Language::Bash,
        _ => return None,
    })
}

fn by_extension(name: &str) -> Option<Language> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "rs" => Language::Rust,
        "py" | "pyi" | "pyw" | "bzl" | "star" => Language::Python,
        "js" | "mjs" | "cjs" => Language::JavaScript,
        "jsx" => Language::Jsx,
        "ts" | "mts" | "cts" => Language::TypeScript,
        "tsx" => Language::Tsx,
        "go" => Language::Go,
        "java" => Language::Java,
        "kt" | "kts" => Language::Kotlin,
        "cs" | "csx" => Language::CSharp,
        "rb" | "rake" | "gemspec" | "podspec" | "ru" => Language::Ruby,
        "php" | "phtml" | "php5" | "php7" | "php8" => Language::Php,
        "c" | "h" => Language::C,
        "cc" | "cpp" | "cxx" | "c++" | "hh" | "hpp" | "hxx" | "h++" | "ipp" | "tpp" | "ino"
        | "cu" | "cuh" => Language::Cpp,
        "swift" => Language::Swift,
        "scala" | "sc" | "sbt" => Language::Scala,
        "sh" | "bash" | "zsh" | "ksh" | "bats" => Language::Bash,
        "json" | "jsonc" | "geojson" | "webmanifest" | "ipynb" | "avsc" | "har" | "sarif" => {
            Language::Json
        }
        "yaml" | "yml" => Language::Yaml,
        "toml" => Language::Toml,
        "tf" | "tfvars" | "hcl" | "nomad" => Language::Hcl,
        "dockerfile" | "containerfile" => Language::Dockerfile,
        "sql" | "psql" | "pgsql" | "ddl" | "dml" => Language::Sql,
        "html" | "htm" | "xhtml" => Language::Html,
        "css" => Language::Css,
        _ => return None,
    })
}

/// Reads `#!/usr/bin/env -S python3.12 -u` and its simpler kin.
fn by_interpreter(first_line: &[u8]) -> Option<Language> {
    let line = first_line.strip_prefix(b"#!")?;
    let line = line.split(|&byte| byte == b'\n').next()?;
    let line = std::str::from_utf8(&line[..line.len().min(256)]).ok()?;
    let mut words = line.split_ascii_whitespace();
    let program = |word: &'_ str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let mut name = program(words.next()?);
    if name == "env" {
        name = program(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
    }
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    Some(match bare {
        "python" | "pypy" | "uv" => Language::Python,
        "sh" | "bash" | "zsh" | "ksh" | "dash" | "ash" | "bats" => Language::Bash,
        "ruby" | "jruby" => Language::Ruby,
        "node" | "nodejs" | "bun" => Language::JavaScript,
        "deno" | "ts-node" | "tsx" => Language::TypeScript,
        "php" => Language::Php,
        "kotlin" => Language::Kotlin,
        "scala" => Language::Scala,
        "swift" => Language::Swift,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_name_extension_or_interpreter() {
        for (path, first_line, language) in [
            ("src/main.rs", "", Some(Language::Rust)),
            ("a/b/Service.JAVA", "", Some(Language::Java)),
            ("api/Dockerfile", "", Some(Language::Dockerfile)),
            ("Dockerfile.dev", "", Some(Language::Dockerfile)),
            ("Gemfile", "", Some(Language::Ruby)),
            ("lib/tasks/x.rake", "", Some(Language::Ruby)),
            (".bashrc", "", Some(Language::Bash)),
            (".env.production", "", Some(Language::Bash)),
            ("Cargo.lock", "", Some(Language::Toml)),
            ("infra/main.tf", "", Some(Language::Hcl)),
            ("build.gradle.kts", "", Some(Language::Kotlin)),
            ("ui/App.tsx", "", Some(Language::Tsx)),
            ("ui/App.jsx", "", Some(Language::Jsx)),
            ("types.d.ts", "", Some(Language::TypeScript)),
            ("include/list.h", "", Some(Language::C)),
            ("include/list.hpp", "", Some(Language::Cpp)),
            (".github/workflows/ci.yml", "", Some(Language::Yaml)),
            ("bin/run", "#!/bin/sh -e", Some(Language::Bash)),
            (
                "bin/run",
                "#!/usr/bin/env python3.12\nimport os",
                Some(Language::Python),
            ),
            (
                "bin/run",
                "#!/usr/bin/env -S A=1 node --flag",
                Some(Language::JavaScript),
            ),
            ("tool.py", "#!/bin/sh", Some(Language::Python)),
            ("README", "", None),
            ("bin/run", "#!", None),
            ("bin/run", "#!/usr/bin/env", None),
            ("notes.txt", "import os", None),
        ] {
            assert_eq!(
                detect(&RepoPath::from(path), first_line.as_bytes()),
                language,
                "{path}"
            );
        }
    }

    #[test]
    fn a_name_that_is_no_text_has_no_language_of_its_own() {
        let path = RepoPath::new(&b"src/\xff.rs"[..]);
        assert_eq!(detect(&path, b"#!/bin/bash"), Some(Language::Bash));
    }
}
