//! What a file is for, by its path and the start of its text: most rules are silent on tests, seeds, generated and
//! vendored code.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names are compared in lower case, or are no names of files"
)]

use crate::model::RepoPath;
use crate::syntax::Language;

/// A role of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Tests, their fixtures and helpers.
    Test,
    /// Fills a database with data for development or a first start.
    Seed,
    /// Run by hand or by a schedule; command-line programs.
    Script,
    /// Changes a database's schema.
    Migration,
    /// Written by a program; says so.
    Generated,
    /// Other people's code, kept in the tree.
    Vendored,
    /// Exact versions of dependencies.
    Lock,
    /// Names dependencies.
    Manifest,
    /// Texts in human languages.
    Translation,
    /// Examples, documentation, benchmarks, stories.
    Example,
    /// Answers requests.
    Handler,
    /// Settings.
    Config,
}

/// The roles of a file, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u16);

impl Roles {
    /// Adds a role.
    pub fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u16)
    }

    /// Takes roles away.
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Tells whether a role is among them.
    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Tells whether rules are silent here unless they ask for this role.
    pub fn is_silent(self) -> bool {
        [
            Role::Test,
            Role::Seed,
            Role::Generated,
            Role::Vendored,
            Role::Lock,
            Role::Translation,
            Role::Example,
        ]
        .into_iter()
        .any(|role| self.has(role))
    }
}

/// Folders, in lower case, that give what is in them a role.
const FOLDERS: &[(Role, &[&str])] = &[
    (
        Role::Seed,
        &[
            "seed",
            "seeds",
            "seeders",
            "seeder",
            "fixtures",
            "factories",
        ],
    ),
    (
        Role::Script,
        &[
            "scripts", "script", "bin", "cmd", "cli", "commands", "tasks", "rake", "tools",
            "console", "hack",
        ],
    ),
    (
        Role::Vendored,
        &[
            "vendor",
            "vendored",
            "node_modules",
            "third_party",
            "third-party",
            "thirdparty",
            "external",
            "bower_components",
            ".yarn",
            "site-packages",
            "pods",
        ],
    ),
    (
        Role::Translation,
        &["locale", "locales", "i18n", "translations", "lang", "l10n"],
    ),
    (
        Role::Example,
        &[
            "examples",
            "example",
            "docs",
            "doc",
            "benches",
            "benchmarks",
            "benchmark",
            "stories",
            "storybook",
            "demo",
            "demos",
            "samples",
            "sample",
            "playground",
        ],
    ),
    (
        Role::Handler,
        &[
            "controllers",
            "controller",
            "routes",
            "routers",
            "handlers",
            "handler",
            "api",
            "views",
            "endpoints",
            "resources",
            "resolvers",
            "pages",
        ],
    ),
    (Role::Config, &["config", "configs", "settings", "conf"]),
];

/// Words of a file's name, in lower case, that give it a role.
const NAMES: &[(Role, &[&str])] = &[
    (Role::Seed, &["seed", "seeds", "seeder", "fixtures"]),
    (
        Role::Handler,
        &[
            "controller",
            "controllers",
            "handler",
            "handlers",
            "router",
            "routes",
            "views",
            "endpoint",
            "endpoints",
            "resolver",
            "server",
            "resource",
            "route",
            "api",
        ],
    ),
    (Role::Config, &["config", "settings", "configuration"]),
];

/// Programs by their usual names.
const SCRIPTS: &[&str] = &[
    "manage.py",
    "setup.py",
    "conftest.py",
    "gulpfile.js",
    "cli.py",
    "cli.ts",
    "cli.js",
    "__main__.py",
];

/// Returns the roles of a file. `text` may be cut.
pub fn roles(path: &RepoPath, language: Option<Language>, text: &str) -> Roles {
    let whole = String::from_utf8_lossy(path.as_bytes()).to_lowercase();
    let (folders, name) = whole.rsplit_once('/').unwrap_or(("", &whole));
    let folders: Vec<&str> = folders.split('/').filter(|part| !part.is_empty()).collect();
    let words = stem_words(name);
    let mut roles = Roles::default();
    let outside = outside_package(&folders);
    let in_folder = FOLDERS.iter().filter(|(role, names)| {
        let folders = if *role == Role::Example {
            outside
        } else {
            &folders
        };
        folders.iter().any(|part| names.contains(part))
    });
    let named = NAMES
        .iter()
        .filter(|(_, names)| words.iter().any(|word| names.contains(word)));
    for (role, _) in in_folder.chain(named) {
        roles = roles.with(*role);
    }
    let told = [
        (Role::Test, is_test(&folders, name, path)),
        (Role::Seed, is_seed(path)),
        (
            Role::Script,
            name.ends_with(".rake") || SCRIPTS.contains(&name),
        ),
        (
            Role::Migration,
            is_migration(&folders, name, language, text),
        ),
        (Role::Generated, is_generated(name, text)),
        (Role::Vendored, name.contains(".min.")),
        (Role::Lock, is_lock(name)),
        (Role::Manifest, is_manifest(name)),
        (Role::Example, name.contains(".stories.")),
    ];
    told.into_iter()
        .filter(|(_, is)| *is)
        .fold(roles, |roles, (role, _)| roles.with(role))
}

/// Returns the folders that are no part of a package's name: `com/example/demo` is what a new project is called.
fn outside_package<'f, 'p>(folders: &'f [&'p str]) -> &'f [&'p str] {
    let is_home = |pair: &[&str]| {
        matches!(pair, ["src", "main"])
            || matches!(pair, ["com" | "org" | "net" | "io" | "dev", "example"])
    };
    match folders.windows(2).position(is_home) {
        Some(at) if folders[at..].contains(&"example") => &[],
        Some(at) => &folders[..at],
        None => folders,
    }
}

/// Splits a file's name, without its extension, into lower-case words.
fn stem_words(name: &str) -> Vec<&str> {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let mut words: Vec<&str> = stem.split(['_', '-', '.']).collect();
    words.extend(name.split('.').skip(1));
    // `OrdersController` arrives in lower case, so its last word is looked for as an ending.
    for ending in [
        "controller",
        "handler",
        "resolver",
        "resource",
        "seeder",
        "router",
    ] {
        if stem.ends_with(ending) {
            words.push(ending);
        }
    }
    words
}

/// `SeedData.cs`, `CatalogContextSeed.cs`, `DatabaseSeeder.java`, `DbInitializer.cs`: words run together, told by capitals.
fn is_seed(path: &RepoPath) -> bool {
    let spelled = String::from_utf8_lossy(path.as_bytes());
    let stem = spelled.rsplit('/').next().unwrap_or_default();
    let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem);
    let begins = stem.strip_prefix("Seed");
    let words = ["populate_", "_populate"];
    stem == "populate"
        || words
            .iter()
            .any(|word| stem.starts_with(word) || stem.ends_with(word))
        || begins.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        || ["Seed", "Seeds", "Seeder", "DbInitializer", "DbInitialiser"]
            .iter()
            .any(|end| stem.ends_with(end))
}

fn is_test(folders: &[&str], name: &str, path: &RepoPath) -> bool {
    let spelled = String::from_utf8_lossy(path.as_bytes()).into_owned();
    let stem = spelled.rsplit('/').next().unwrap_or_default();
    let stem = stem.split_once('.').map_or(stem, |(stem, _)| stem);
    let folder = folders.iter().any(|part| {
        matches!(
            *part,
            "test"
                | "tests"
                | "__tests__"
                | "spec"
                | "specs"
                | "testing"
                | "testdata"
                | "e2e"
                | "cypress"
                | "__mocks__"
                | "mocks"
                | "it"
                | "testutil"
                | "testutils"
                | "test-util"
                | "test-utils"
                | "test_utils"
                | "test-helpers"
                | "test_helpers"
                | "testhelpers"
                | "testsuite"
                | "testsuites"
                | "step_definitions"
                | "testonly"
                | "testdb"
                | "testhelper"
                | "fuzz"
        ) || part.ends_with(".tests")
            || part.ends_with("-tests")
            || part.ends_with("_tests")
            || part.ends_with(".test")
    });
    folder
        || name.starts_with("test_")
        || name.starts_with("tests_")
        || name.ends_with(".go") && (name.starts_with("mock_") || name.ends_with("_mock.go"))
        || name.ends_with(".feature")
        || name.contains("-harness.")
        || name.contains("_test.")
        || name.contains("_tests.")
        || name.contains("_spec.")
        || name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".e2e-spec.")
        || name.contains(".cy.")
        || matches!(
            name,
            "conftest.py"
                | "tests.py"
                | "test.py"
                | "tests.rs"
                | "test.js"
                | "test.ts"
                | "test_helper.rb"
                | "spec_helper.rb"
                | "rails_helper.rb"
        )
        || stem.ends_with("Test")
        || stem.ends_with("Tests")
        || stem.ends_with("IT")
        || stem.ends_with("Spec")
        || stem.ends_with("TestCase")
        || (stem.starts_with("Test") && stem[4..].starts_with(|c: char| c.is_ascii_uppercase()))
}

fn is_migration(folders: &[&str], name: &str, language: Option<Language>, text: &str) -> bool {
    let folder = folders.iter().any(|part| {
        matches!(
            *part,
            "migrations"
                | "migration"
                | "migrate"
                | "alembic"
                | "flyway"
                | "liquibase"
                | "changelog"
                | "changelogs"
                | "db-migrations"
        )
    });
    let numbered = name.starts_with(|c: char| c.is_ascii_digit())
        || (name.starts_with('v') && name.contains("__"));
    if language == Some(Language::Sql) {
        return folder
            || numbered
            || name.contains(".up.")
            || name.contains(".down.")
            || name.contains("migration");
    }
    let head = &text[..floor(text, 6000)];
    folder && language.is_some()
        || head.contains("from alembic import")
        || head.contains("migrations.Migration")
        || head.contains("ActiveRecord::Migration")
        || head.contains("extends Migration")
        || head.contains("MigrationInterface")
        || head.contains(": Migration")
        || head.contains("queryInterface")
}

fn is_generated(name: &str, text: &str) -> bool {
    let head = &text[..floor(text, 1500)];
    let says = [
        "@generated",
        "DO NOT EDIT",
        "Do not edit",
        "auto-generated",
        "autogenerated",
        "Automatically generated",
        "AUTO-GENERATED",
        "<auto-generated",
    ];
    says.iter().any(|words| head.contains(words))
        || name.ends_with(".pb.go")
        || name.ends_with("_pb2.py")
        || name.ends_with("_pb2_grpc.py")
        || name.ends_with(".g.dart")
        || name.ends_with(".designer.cs")
        || name.ends_with(".g.cs")
        || name.ends_with("modelsnapshot.cs")
        || name.ends_with(".map")
        || name.ends_with(".snap")
        || name == "schema.rb"
        || is_long_lined(text)
}

/// Tells whether a text looks like a bundle: lines of thousands of bytes.
fn is_long_lined(text: &str) -> bool {
    let head = &text[..floor(text, 20_000)];
    head.len() > 4000
        && head.len() / (head.bytes().filter(|&byte| byte == b'\n').count() + 1) > 1000
}

fn is_lock(name: &str) -> bool {
    name.ends_with(".lock")
        || matches!(
            name,
            "package-lock.json"
                | "pnpm-lock.yaml"
                | "npm-shrinkwrap.json"
                | "go.sum"
                | "packages.lock.json"
                | "gradle.lockfile"
                | "bun.lockb"
        )
}

fn is_manifest(name: &str) -> bool {
    matches!(
        name,
        "package.json"
            | "pyproject.toml"
            | "cargo.toml"
            | "go.mod"
            | "pom.xml"
            | "build.gradle"
            | "build.gradle.kts"
            | "gemfile"
            | "tsconfig.json"
            | "jsconfig.json"
            | "composer.json"
            | "pipfile"
            | "setup.cfg"
    ) || (name.starts_with("requirements") && name.ends_with(".txt"))
        || name.ends_with(".csproj")
        || name.ends_with(".gemspec")
}

/// Returns the greatest character boundary that is not beyond `at`.
pub fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_new_package_makes_no_example() {
        for path in [
            "src/main/java/com/example/library/LoanService.java",
            "demo/src/main/java/com/example/demo/A.java",
            "com/example/A.kt",
            "shop/src/main/kotlin/shop/sample/A.kt",
        ] {
            let roles = roles(&RepoPath::from(path), Some(Language::Java), "");
            assert!(!roles.has(Role::Example), "{path}");
        }
    }

    #[test]
    fn roles_are_read_off_paths() {
        for (path, role) in [
            ("tests/test_orders.py", Role::Test),
            ("src/orders/service.spec.ts", Role::Test),
            ("src/SeedData.cs", Role::Seed),
            ("examples/src/main/java/org/acme/A.java", Role::Example),
            ("sample/src/orders.ts", Role::Example),
            ("src/Data/CatalogContextSeed.cs", Role::Seed),
            ("src/DbInitializer.cs", Role::Seed),
            ("pkg/store_test.go", Role::Test),
            ("src/OrderServiceTest.java", Role::Test),
            ("spec/models/user_spec.rb", Role::Test),
            ("lib/test-util/server.js", Role::Test),
            ("features/step_definitions/orders.rb", Role::Test),
            ("db/seeds/users.rb", Role::Seed),
            ("prisma/seed.ts", Role::Seed),
            ("scripts/backfill.py", Role::Script),
            ("db/migrate/20240101_add_index.rb", Role::Migration),
            ("db/V12__orders.sql", Role::Migration),
            ("vendor/lib/a.php", Role::Vendored),
            ("static/app.min.js", Role::Vendored),
            ("api/user_pb2.py", Role::Generated),
            ("yarn.lock", Role::Lock),
            ("package.json", Role::Manifest),
            ("app/controllers/orders.rb", Role::Handler),
            ("src/OrdersController.cs", Role::Handler),
        ] {
            let language = crate::syntax::detect(&RepoPath::from(path), b"");
            assert!(
                roles(&RepoPath::from(path), language, "").has(role),
                "{path} is {role:?}"
            );
        }
    }

    #[test]
    fn names_that_only_look_like_a_role_have_none() {
        for (path, role) in [
            ("src/features/orders/api.ts", Role::Test),
            ("src/contest.py", Role::Test),
            ("src/latest/orders.py", Role::Test),
            ("src/Attestation.java", Role::Test),
            ("src/speculate.rb", Role::Test),
            ("app/models/seedling.rb", Role::Seed),
            ("src/blockchain.ts", Role::Lock),
        ] {
            let language = crate::syntax::detect(&RepoPath::from(path), b"");
            assert!(
                !roles(&RepoPath::from(path), language, "").has(role),
                "{path} is no {role:?}"
            );
        }
    }

    #[test]
    fn a_file_that_says_it_is_generated_is_believed() {
        let path = RepoPath::from("src/client.ts");
        assert!(roles(&path, None, "// Code generated by x. DO NOT EDIT.\n").has(Role::Generated));
        assert!(!roles(&path, None, "// Edit at will.\n").has(Role::Generated));
    }
}
