//! What is imported and what manifests name (unrepeatable-delivery): packages that no manifest asks for, entries without a
//! version, and entries that the lock file does not know.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names are compared in lower case, or are no names of files"
)]

use std::ops::Range;

use super::Place;
use crate::hints::change::{Change, Member};
use crate::model::RepoPath;
use crate::syntax::Language;

/// Points at imports of packages that no manifest names.
pub fn undeclared(change: &Change<'_>, _: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let manifests = Manifests::gather(change);
    for (file, member) in change.files.iter().enumerate() {
        if member.roles.is_silent() || is_elsewhere(&member.path) {
            continue;
        }
        let Some(language) = member.language else {
            continue;
        };
        if !manifests.speak_for(language, &member.path) {
            continue;
        }
        for (range, name) in imports(language, &member.text) {
            let is_known = match language {
                Language::Python => manifests.knows_python(&name, change),
                Language::Go => manifests.knows_go(&name),
                _ => manifests.knows_script(&name),
            };
            if !is_known {
                found.push(Place {
                    file,
                    range,
                    values: vec![("name", name)],
                });
            }
        }
    }
    // One hint per package tells enough.
    let mut told = std::collections::HashSet::new();
    found.retain(|place| told.insert(place.values[0].1.clone()));
    found
}

/// Templates of projects have their manifest written later, configurations of tools run beside the tool.
fn is_elsewhere(path: &RepoPath) -> bool {
    let path = String::from_utf8_lossy(path.as_bytes()).to_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_template = folders.split('/').any(|part| {
        [
            "template",
            "scaffold",
            "skeleton",
            "blueprint",
            "boilerplate",
        ]
        .iter()
        .any(|word| part.starts_with(word))
    });
    is_template || name.contains(".config.")
}

/// Points at requirements without a version, where nothing locks them.
pub fn unpinned(change: &Change<'_>, _: &str) -> Vec<Place> {
    let mut found = Vec::new();
    let locks = [
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "Pipfile.lock",
        "requirements.lock",
    ];
    let is_locked = paths(change).any(|path| locks.iter().any(|lock| path.ends_with(lock)));
    if is_locked {
        return found;
    }
    for (file, member) in change.files.iter().enumerate() {
        let name = file_name(&member.path);
        if !(name.starts_with("requirements") && name.ends_with(".txt"))
            || member.text.contains("--hash=")
        {
            continue;
        }
        for (range, line) in lines(&member.text) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let is_bare = !line.is_empty()
                && line.chars().all(|c| {
                    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '[' | ']' | ',')
                })
                && line.starts_with(|c: char| c.is_ascii_alphabetic());
            if is_bare {
                found.push(Place {
                    file,
                    range,
                    values: vec![("name", line.to_owned())],
                });
            }
        }
    }
    found
}

/// Points at dependencies of package.json that a lock file beside it does not know.
pub fn unlocked(change: &Change<'_>, _: &str) -> Vec<Place> {
    let mut found = Vec::new();
    for (file, member) in change.files.iter().enumerate() {
        if file_name(&member.path) != "package.json" {
            continue;
        }
        let Some(lock) = lock_beside(change, &member.path) else {
            continue;
        };
        for (range, name) in dependencies(&member.text) {
            let is_in = [
                format!("\"{name}\""),
                format!("/{name}\""),
                format!("\n{name}@"),
                format!("\"{name}@"),
                format!("'{name}'"),
                format!("/{name}@"),
                format!(" {name}:"),
                format!("{name}@"),
            ]
            .iter()
            .any(|form| lock.contains(form));
            if !is_in {
                found.push(Place {
                    file,
                    range,
                    values: vec![("name", name)],
                });
            }
        }
    }
    found
}

fn lock_beside(change: &Change<'_>, manifest: &RepoPath) -> Option<std::sync::Arc<str>> {
    let folder = String::from_utf8_lossy(manifest.as_bytes()).into_owned();
    let folder = folder.strip_suffix("package.json").unwrap_or_default();
    ["package-lock.json", "yarn.lock", "pnpm-lock.yaml"]
        .iter()
        .find_map(|name| text_of(change, &format!("{folder}{name}")))
}

/// Returns the names under `dependencies` and `devDependencies`, with their lines.
fn dependencies(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut is_in = false;
    for (range, line) in lines(text) {
        let line = line.trim();
        if line.starts_with("\"dependencies\"") || line.starts_with("\"devDependencies\"") {
            is_in = !line.contains('}');
        } else if line.starts_with('}') {
            is_in = false;
        } else if is_in && let Some((name, version)) = line.split_once(':') {
            let name = name.trim().trim_matches('"').to_owned();
            let is_local = ["file:", "link:", "workspace:", "portal:"]
                .iter()
                .any(|word| version.contains(word));
            if !is_local {
                found.push((range, name));
            }
        }
    }
    found
}

/// The text of all manifests.
struct Manifests {
    python: Option<String>,
    script: Option<String>,
    go: Option<String>,
    aliases: String,
    /// The folders of the manifests of JavaScript's and Go's packages.
    homes: Vec<(Language, String)>,
}

impl Manifests {
    /// Tells whether a manifest lies beside a file or above it: those of other parts of a tree say nothing of it.
    fn speak_for(&self, language: Language, path: &RepoPath) -> bool {
        let kind = match language {
            Language::Python => return true,
            Language::Go => Language::Go,
            _ => Language::Json,
        };
        let path = String::from_utf8_lossy(path.as_bytes());
        let mut homes = self.homes.iter();
        homes.any(|(of, home)| *of == kind && path.starts_with(home.as_str()))
    }

    fn gather(change: &Change<'_>) -> Self {
        let mut python = String::new();
        let mut script = String::new();
        let mut go = String::new();
        let mut aliases = String::new();
        let mut homes = Vec::new();
        let all: Vec<String> = paths(change).collect();
        for path in &all {
            let name = path.rsplit('/').next().unwrap_or_default();
            let into = match name {
                "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile" | "environment.yml"
                | "environment.yaml" => &mut python,
                _ if name.starts_with("requirements")
                    && (name.ends_with(".txt") || name.ends_with(".in")) =>
                {
                    &mut python
                }
                _ if name.ends_with(".txt") && path.contains("requirements/") => &mut python,
                "package.json" => &mut script,
                "go.mod" => &mut go,
                _ if name.starts_with("tsconfig")
                    || name.starts_with("jsconfig")
                    || name.starts_with("vite.config")
                    || name.starts_with("webpack")
                    || name.starts_with("babel.config")
                    || name.starts_with("jest.config")
                    || name == "deno.json"
                    || name == "import_map.json" =>
                {
                    &mut aliases
                }
                _ => continue,
            };
            if path.contains("node_modules/") {
                continue;
            }
            let home = path.strip_suffix(name).unwrap_or_default().to_owned();
            match name {
                "package.json" => homes.push((Language::Json, home)),
                "go.mod" => homes.push((Language::Go, home)),
                _ => {}
            }
            if let Some(text) = text_of(change, path) {
                into.push_str(&text);
                into.push('\n');
            }
        }
        let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        Self {
            python: some(python.to_lowercase().replace('_', "-")),
            script: some(script),
            go: some(go),
            aliases,
            homes,
        }
    }

    fn knows_python(&self, name: &str, change: &Change<'_>) -> bool {
        let Some(text) = &self.python else {
            return true;
        };
        if PYTHON_STANDARD.split(' ').any(|known| known == name) || name.starts_with('_') {
            return true;
        }
        let is_own = paths(change).any(|path| {
            path.split('/').any(|part| {
                part == name
                    || part.strip_suffix(".py") == Some(name)
                    || part.strip_suffix(".pyi") == Some(name)
                    || part.starts_with(&format!("{name}."))
            })
        });
        if is_own {
            return true;
        }
        let plain = name.to_lowercase().replace('_', "-");
        let alias = PYTHON_NAMES
            .iter()
            .find(|(import, _)| *import == name)
            .map(|(_, package)| *package);
        text.contains(&plain) || alias.is_some_and(|alias| text.contains(alias))
    }

    fn knows_script(&self, name: &str) -> bool {
        let Some(text) = &self.script else {
            return true;
        };
        // What an address or another registry answers for is in no `package.json`.
        if name.contains(':') || NODE_STANDARD.split(' ').any(|known| known == name) {
            return true;
        }
        let first = name.split('/').next().unwrap_or(name);
        text.contains(&format!("\"{name}\""))
            || text.contains(&format!(
                "\"@types/{}\"",
                name.trim_start_matches('@').replace('/', "__")
            ))
            || self.aliases.contains(&format!("\"{name}"))
            || self.aliases.contains(&format!("\"{first}/"))
            || self.aliases.contains(&format!("'{first}"))
            || self.aliases.contains("baseUrl") && !name.starts_with('@')
    }

    fn knows_go(&self, name: &str) -> bool {
        let Some(text) = &self.go else { return true };
        if !name
            .split('/')
            .next()
            .is_some_and(|host| host.contains('.'))
        {
            return true;
        }
        text.split_whitespace().any(|word| {
            word.contains('.') && (name == word || name.starts_with(&format!("{word}/")))
        })
    }
}

/// Returns what a text imports, as the names of packages, with where.
fn imports(language: Language, text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut in_group = false;
    for (range, line) in lines(text) {
        let code = line.trim();
        match language {
            Language::Python => {
                // Imports in a block may be optional; they are indented.
                if line.starts_with([' ', '\t']) {
                    continue;
                }
                if let Some(rest) = code.strip_prefix("import ") {
                    for part in rest.split('#').next().unwrap_or_default().split(',') {
                        found.extend(python_name(part).map(|name| (range.clone(), name)));
                    }
                } else if let Some(rest) = code.strip_prefix("from ")
                    && let Some((module, _)) = rest.split_once(" import")
                {
                    found.extend(python_name(module).map(|name| (range.clone(), name)));
                }
            }
            Language::Go => {
                let is_import = in_group || code.starts_with("import ");
                if code.starts_with("import (") {
                    in_group = true;
                } else if in_group && code.starts_with(')') {
                    in_group = false;
                } else if is_import && let Some(path) = code.split('"').nth(1) {
                    found.push((range, path.to_owned()));
                }
            }
            Language::JavaScript | Language::Jsx | Language::TypeScript | Language::Tsx => {
                found.extend(script_name(code).map(|name| (range, name)));
            }
            _ => return found,
        }
    }
    found
}

fn python_name(part: &str) -> Option<String> {
    let name = part.split_whitespace().next()?.split('.').next()?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

fn script_name(code: &str) -> Option<String> {
    let after = [
        "from '",
        "from \"",
        "require('",
        "require(\"",
        "import '",
        "import \"",
    ]
    .iter()
    .find_map(|word| {
        let at = code.find(word)?;
        Some(&code[at + word.len()..])
    })?;
    if !(code.starts_with("import ")
        || code.starts_with("export ")
        || code.starts_with('}')
        || code.contains("require("))
        || code.starts_with("import type ")
    {
        return None;
    }
    let path = after.split(['\'', '"']).next()?;
    let is_package = path.starts_with(|c: char| c.is_ascii_lowercase())
        || path.starts_with('@')
            && path
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    if !is_package || path.contains(':') || path.contains("${") {
        return None;
    }
    let mut parts = path.split('/');
    let first = parts.next()?;
    Some(if first.starts_with('@') {
        format!("{first}/{}", parts.next()?)
    } else {
        first.to_owned()
    })
}

fn paths<'c>(change: &'c Change<'_>) -> impl Iterator<Item = String> + 'c {
    let own = change.files.iter().map(|member: &Member| &member.path);
    own.chain(change.tree.paths())
        .map(|path| String::from_utf8_lossy(path.as_bytes()).into_owned())
}

fn text_of(change: &Change<'_>, path: &str) -> Option<std::sync::Arc<str>> {
    let own = change
        .files
        .iter()
        .find(|member| member.path.as_bytes() == path.as_bytes());
    match own {
        Some(member) => Some(std::sync::Arc::clone(&member.text)),
        None => change.tree.read(&RepoPath::from(path)),
    }
}

fn file_name(path: &RepoPath) -> String {
    String::from_utf8_lossy(path.as_bytes())
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        let indent = bare.len() - bare.trim_start().len();
        (
            start + indent..start + bare.trim_end().len().max(indent),
            bare,
        )
    })
}

/// Packages whose import has another name.
const PYTHON_NAMES: &[(&str, &str)] = &[
    ("yaml", "pyyaml"),
    ("cv2", "opencv"),
    ("PIL", "pillow"),
    ("sklearn", "scikit-learn"),
    ("bs4", "beautifulsoup"),
    ("dateutil", "python-dateutil"),
    ("jwt", "pyjwt"),
    ("dotenv", "python-dotenv"),
    ("psycopg2", "psycopg"),
    ("psycopg", "psycopg"),
    ("Crypto", "pycrypto"),
    ("MySQLdb", "mysqlclient"),
    ("attr", "attrs"),
    ("serial", "pyserial"),
    ("docx", "python-docx"),
    ("jose", "python-jose"),
    ("magic", "python-magic"),
    ("OpenSSL", "pyopenssl"),
    ("zmq", "pyzmq"),
    ("pkg_resources", "setuptools"),
    ("rest_framework", "djangorestframework"),
    ("rest_framework_simplejwt", "djangorestframework"),
    ("django_filters", "django-filter"),
    ("drf_spectacular", "drf-spectacular"),
    ("django_celery_beat", "django-celery-beat"),
    ("corsheaders", "django-cors-headers"),
    ("environ", "django-environ"),
    ("kafka", "kafka-python"),
    ("grpc", "grpcio"),
    ("slugify", "slugify"),
    ("telegram", "python-telegram-bot"),
    ("discord", "discord"),
    ("google", "google"),
    ("googleapiclient", "google-api-python-client"),
    ("fitz", "pymupdf"),
    ("pptx", "python-pptx"),
    ("win32api", "pywin32"),
    ("git", "gitpython"),
    ("ldap", "python-ldap"),
    ("usb", "pyusb"),
    ("Levenshtein", "levenshtein"),
    ("skimage", "scikit-image"),
    ("socketio", "python-socketio"),
    ("engineio", "python-engineio"),
    ("multipart", "python-multipart"),
    ("decouple", "python-decouple"),
    ("debug_toolbar", "django-debug-toolbar"),
    ("allauth", "django-allauth"),
    ("storages", "django-storages"),
    ("crispy_forms", "django-crispy-forms"),
    ("mptt", "django-mptt"),
    ("tinymce", "django-tinymce"),
    ("werkzeug", "flask"),
    ("jinja2", "flask"),
    ("starlette", "fastapi"),
    ("pydantic", "fastapi"),
    ("click", "flask"),
    ("markupsafe", "flask"),
    ("botocore", "boto3"),
    ("urllib3", "requests"),
    ("numpy", "pandas"),
    ("pkg-resources", "setuptools"),
    ("bson", "pymongo"),
    ("gridfs", "pymongo"),
    ("snowflake", "snowflake"),
    ("azure", "azure"),
    ("ruamel", "ruamel"),
    ("opentelemetry", "opentelemetry"),
    ("airflow", "apache-airflow"),
    ("kombu", "celery"),
    ("asgiref", "django"),
    ("sqlparse", "django"),
    ("anyio", "fastapi"),
];

/// Modules of Python's own library.
const PYTHON_STANDARD: &str = "abc aifc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib numbers operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo conftest tests test settings setup";

/// Modules of Node's own library.
const NODE_STANDARD: &str = "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib test server-only client-only react next bun";
