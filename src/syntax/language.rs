//! The languages that can be parsed.

/// A language with a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum Language {
    Rust,
    Python,
    JavaScript,
    Jsx,
    TypeScript,
    Tsx,
    Go,
    Java,
    Kotlin,
    CSharp,
    Ruby,
    Php,
    C,
    Cpp,
    Swift,
    Scala,
    Bash,
    Json,
    Yaml,
    Toml,
    Hcl,
    Dockerfile,
    Sql,
    Html,
    Css,
}

impl Language {
    /// Every language, in the order of declaration.
    pub const ALL: [Self; 25] = [
        Self::Rust,
        Self::Python,
        Self::JavaScript,
        Self::Jsx,
        Self::TypeScript,
        Self::Tsx,
        Self::Go,
        Self::Java,
        Self::Kotlin,
        Self::CSharp,
        Self::Ruby,
        Self::Php,
        Self::C,
        Self::Cpp,
        Self::Swift,
        Self::Scala,
        Self::Bash,
        Self::Json,
        Self::Yaml,
        Self::Toml,
        Self::Hcl,
        Self::Dockerfile,
        Self::Sql,
        Self::Html,
        Self::Css,
    ];

    /// Returns the language's name as its users write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Jsx => "JSX",
            Self::TypeScript => "TypeScript",
            Self::Tsx => "TSX",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::Kotlin => "Kotlin",
            Self::CSharp => "C#",
            Self::Ruby => "Ruby",
            Self::Php => "PHP",
            Self::C => "C",
            Self::Cpp => "C++",
            Self::Swift => "Swift",
            Self::Scala => "Scala",
            Self::Bash => "Bash",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Hcl => "HCL",
            Self::Dockerfile => "Dockerfile",
            Self::Sql => "SQL",
            Self::Html => "HTML",
            Self::Css => "CSS",
        }
    }
}
