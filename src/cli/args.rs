//! The command line.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand};

use crate::model::RepoPath;

/// Review a generated change against a list of failure modes, item by item, and sign for it.
///
/// Without a command: the reviews to resume, and a new one of the repository here.
#[derive(Debug, Parser)]
#[command(
    name = "countersign",
    version,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 done, 1 the answer is no, 2 bad input or not possible and nothing was written, 3 (verify) authentic but \
refused by policy, 4 not saved, 5 recorded but not printed."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The review, by id or its first letters [default: the only or the last one of this repository]
    #[arg(long, global = true, value_name = "ID")]
    pub review: Option<String>,

    /// Where reviews are kept
    #[arg(long, global = true, value_name = "DIR", env = "COUNTERSIGN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,

    /// Leave the mouse to the terminal, so that it selects text itself
    #[arg(long, global = true)]
    pub no_mouse: bool,

    /// Print an object in place of text
    #[arg(long, global = true)]
    pub json: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a change on the screen; resumes where it was left
    Review(ReviewArgs),
    /// Build a small generated service as a git repository and open its change
    Demo(DemoArgs),
    /// List all reviews
    List,
    /// Where the review stands, and what is missing before a signature
    Status,
    /// The items and what each came to
    Items,
    /// Accept an item, with a reason
    Accept(AcceptArgs),
    /// Flag an item: makes a finding
    Flag(Box<FlagArgs>),
    /// Say that an item cannot occur in this change, with a reason
    Na(NaArgs),
    /// Carry an item's risk until a date
    Waive(WaiveArgs),
    /// Take your verdict on an item back, and your findings on it
    Retract(ItemArgs),
    /// Comment on lines, a file, an item or the review
    Comment(CommentArgs),
    /// Mark hunks as read
    Read(ReadArgs),
    /// The findings, by disposition
    Findings,
    /// Every recorded act
    Log,
    /// Write the report of the review as it is now
    Export(ExportArgs),
    /// Sign, and write the bundle for the client
    Sign(Box<SignArgs>),
    /// Verify a bundle
    Verify(VerifyArgs),
    /// Checklists: list, show, check, make, import, export
    Checklist(ChecklistArgs),
    /// The production profile: the model of production the code is judged against
    Profile(ProfileArgs),
    /// Point at the lines of a change that are worth a look; decides nothing
    Scan(ScanArgs),
    /// The hints of the review, and what became of them; they decide nothing
    Hints(HintsArgs),
    /// Say that a hint is no concern here, with a reason; decides nothing
    Dismiss(DismissArgs),
    /// Take your dismissal of a hint back
    Restore(RestoreArgs),
    /// The rules behind the hints: list, show, test
    Rules(RulesArgs),
    /// Where reviews and settings are kept
    Paths,
}

/// `review`.
#[derive(Debug, Args)]
#[command(after_help = "\
Ranges: A..B compares two commits, A...B the merge base of both with B, one REVISION is that commit against its first \
parent. Nothing means the merge base with the upstream or main branch … HEAD. A ref that looks like an option goes \
after --.

Repositories that cannot be opened here (SHA-256, reftable): git diff A...B | countersign review --patch -")]
#[group(skip)]
#[command(group = ArgGroup::new("source"))]
pub struct ReviewArgs {
    /// A..B, A...B, or one revision [default: what this branch adds]
    #[arg(value_name = "RANGE", group = "source")]
    pub range: Option<String>,
    /// The index against HEAD
    #[arg(long, group = "source")]
    pub staged: bool,
    /// The work tree, untracked files included, against HEAD
    #[arg(long, group = "source")]
    pub worktree: bool,
    /// A patch file, or - for standard input
    #[arg(long, value_name = "FILE", group = "source")]
    pub patch: Option<PathBuf>,
    /// Everything in a revision [default: HEAD]
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = "HEAD", group = "source")]
    pub tree: Option<String>,
    /// A folder outside git
    #[arg(long, value_name = "DIR", group = "source")]
    pub path: Option<PathBuf>,
    /// A checklist by id or file; several form one review
    #[arg(long, value_name = "ID|FILE")]
    pub checklist: Vec<String>,
    /// The review's name
    #[arg(long, allow_hyphen_values = true)]
    pub title: Option<String>,
    /// Another tool's results as hints, as SARIF 2.1.0; repeatable
    #[arg(long, value_name = "FILE")]
    pub hints: Vec<PathBuf>,
    /// The production profile the code is judged against [default: the review's own]
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// Open or resume without a screen, and print the id
    #[arg(long)]
    pub headless: bool,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to build the repository [default: in the data folder]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Build it, open the review without a screen, and print where both are
    #[arg(long)]
    pub headless: bool,
}

/// An item.
#[derive(Debug, Args)]
pub struct ItemArgs {
    /// The item's id, such as n-plus-one
    #[arg(value_name = "ITEM")]
    pub item: String,
}

/// `accept`.
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// The item's id, such as n-plus-one
    #[arg(value_name = "ITEM")]
    pub item: String,
    /// What you looked at, and why it holds
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reason: String,
    /// What it rests on where that is not code: a document, a link, who said so, a date
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reference: Option<String>,
}

/// `na`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("why").required(true))]
pub struct NaArgs {
    /// The item's id, such as n-plus-one
    #[arg(value_name = "ITEM")]
    pub item: String,
    /// Why it cannot occur here
    #[arg(long, value_name = "TEXT", group = "why", allow_hyphen_values = true)]
    pub reason: Option<String>,
    /// Take over the reason that `items` proposes
    #[arg(long, group = "why")]
    pub proposed: bool,
}

/// `waive`.
#[derive(Debug, Args)]
pub struct WaiveArgs {
    /// The item's id
    #[arg(value_name = "ITEM")]
    pub item: String,
    /// Who carries the risk
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// Why
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reason: String,
    /// The last day it holds
    #[arg(long, value_name = "DATE")]
    pub until: String,
}

/// `flag`.
#[derive(Debug, Args)]
pub struct FlagArgs {
    /// The item's id
    #[arg(value_name = "ITEM")]
    pub item: String,
    /// Lines that show it: PATH:L1-L2 after the change, PATH@old:L1-L2 before it; repeatable
    #[arg(long, value_name = "PLACE", value_parser = place())]
    pub at: Vec<String>,
    /// blocker, major, minor or note [default: the item's]
    #[arg(long)]
    pub severity: Option<String>,
    /// fix-before-launch, can-wait or accepted-risk [default: fix-before-launch]
    #[arg(long)]
    pub disposition: Option<String>,
    /// Until when it can wait or the risk is accepted: a date or a milestone
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// Who accepts the risk [default: the owner, or you]
    #[arg(long, value_name = "NAME")]
    pub accepted_by: Option<String>,
    /// One line [default: the item's title]
    #[arg(long, allow_hyphen_values = true)]
    pub title: Option<String>,
    /// What is wrong here, and what follows from it
    #[arg(long, allow_hyphen_values = true)]
    pub note: Option<String>,
    /// The way out [default: the item's first]
    #[arg(long, allow_hyphen_values = true)]
    pub mitigation: Option<String>,
    /// What it takes, in your words
    #[arg(long)]
    pub effort: Option<String>,
    /// Who deals with it
    #[arg(long)]
    pub owner: Option<String>,
    /// The day by which it is to be dealt with
    #[arg(long, value_name = "DATE")]
    pub due: Option<String>,
    /// Add another finding to an item you have flagged
    #[arg(long)]
    pub another: bool,
}

/// `comment`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("subject"))]
pub struct CommentArgs {
    /// The text
    #[arg(value_name = "TEXT")]
    pub text: String,
    /// On lines: PATH:L1-L2
    #[arg(long, value_name = "PLACE", group = "subject", value_parser = place())]
    pub at: Option<String>,
    /// On an item
    #[arg(long, value_name = "ITEM", group = "subject")]
    pub item: Option<String>,
    /// On a file
    #[arg(long, value_name = "PATH", group = "subject", value_parser = place())]
    pub file: Option<String>,
    /// Never leaves in a report
    #[arg(long)]
    pub internal: bool,
}

/// `read`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("what").required(true))]
pub struct ReadArgs {
    /// A file, or one of its hunks as PATH:HUNK
    #[arg(value_name = "PATH[:HUNK]", group = "what", value_parser = place())]
    pub path: Option<String>,
    /// Every hunk of the change
    #[arg(long, group = "what")]
    pub all: bool,
    /// Take the marks back
    #[arg(long)]
    pub unread: bool,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// md, html or json [default: md; json where --json is given]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `sign`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("key-source").required(true))]
pub struct SignArgs {
    /// The private key's file (ssh-keygen asks for its passphrase), or a .pub file whose private part the agent holds
    #[arg(long, value_name = "FILE", group = "key-source")]
    pub key: Option<PathBuf>,
    /// A key in the agent, by fingerprint where it holds several
    #[arg(long, value_name = "FINGERPRINT", num_args = 0..=1, default_missing_value = "", group = "key-source")]
    pub agent: Option<String>,
    /// Your printed name
    #[arg(long)]
    pub name: String,
    /// Your role
    #[arg(long)]
    pub role: Option<String>,
    /// Your organisation
    #[arg(long)]
    pub organisation: Option<String>,
    /// Your identity in the client's allowed-signers file
    #[arg(long, value_name = "YOU@FIRM")]
    pub principal: Option<String>,
    /// approved, approved-with-conditions or rejected
    #[arg(long)]
    pub verdict: String,
    /// What you add in your own words
    #[arg(long, allow_hyphen_values = true)]
    pub statement: Option<String>,
    /// The last day the decision holds
    #[arg(long, value_name = "DATE")]
    pub not_after: Option<String>,
    /// The folder for the bundle; new or empty
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 valid, 1 invalid or another change, 2 could not check, 3 authentic but refused by policy."
)]
pub struct VerifyArgs {
    /// The bundle's folder
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Your own list of who may sign with which key, never one from the bundle
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: PathBuf,
    /// Who must have signed [default: whom the record names]
    #[arg(long)]
    pub principal: Option<String>,
    /// Your own clone, to check commit, tree and content
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,
}

/// `checklist`.
#[derive(Debug, Args)]
pub struct ChecklistArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ChecklistCommand,
}

/// The verbs on checklists.
#[derive(Debug, Subcommand)]
pub enum ChecklistCommand {
    /// The checklists there are
    List,
    /// A checklist, or one item of it
    Show {
        /// Id or file
        #[arg(value_name = "ID|FILE", default_value = "ai-preproduction")]
        checklist: String,
        /// One item
        #[arg(long, value_name = "ITEM")]
        item: Option<String>,
    },
    /// Every mistake in a checklist file
    Lint {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Write a commented template of a list of your own
    New {
        /// Its id: lower-case letters, digits, single hyphens
        #[arg(value_name = "NAME")]
        name: String,
        /// The file [default: NAME.toml in your checklists folder, where --checklist NAME finds it]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Make a list of a Markdown task list or a CSV file
    #[command(after_help = "\
Markdown: headings become categories, tasks (- [ ] …) questions, what is indented below a task things to look for.\n\
CSV: the first row names columns: ask, title, category, id, severity, good, signals, mitigations, generated, failure, cwe, \
answered_by; several values in a cell are parted by semicolons.")]
    Import {
        /// The file; its ending (.md, .csv) says what it is
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The list's id [default: from the file's name]
        #[arg(long, value_name = "NAME")]
        id: Option<String>,
        /// The file to write [default: NAME.toml in your checklists folder]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The client's copy of the questions, without anything of a review
    Export {
        /// Id or file
        #[arg(value_name = "ID|FILE")]
        checklist: String,
        /// md (task lists) or html (for paper)
        #[arg(long, value_name = "FORMAT", default_value = "md")]
        format: String,
        /// The file [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// A production profile whose numbers stand in the questions
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
    },
    /// Which checklists and items fit a change, and why
    Suggest {
        /// A..B, A...B, or one revision [default: what this branch adds]
        #[arg(value_name = "RANGE")]
        range: Option<String>,
    },
    /// What the source of a built-in checklist recommends, and the items that answer it
    Sources {
        /// The checklist's id
        #[arg(value_name = "ID", default_value = "ai-preproduction")]
        checklist: String,
    },
    /// The form of a checklist file as JSON Schema, for editors
    Schema,
}

/// `profile`.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ProfileCommand,
    /// A profile in a file [default: the review's own]
    #[arg(long, global = true, value_name = "FILE")]
    pub profile: Option<PathBuf>,
}

/// The verbs on profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Edit it in $EDITOR; a new one begins with every value explained and none given
    Edit,
    /// What is known, what is not, and what follows from it
    Show,
    /// Every mistake in a profile file
    Check {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// `scan`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the command line's own switches"
)]
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 whatever is found, 1 with --fail-on where a hint is at least as strong, 2 bad input.")]
#[group(skip)]
#[command(group = ArgGroup::new("source"))]
pub struct ScanArgs {
    /// A..B, A...B, or one revision [default: what this branch adds]
    #[arg(value_name = "RANGE", group = "source")]
    pub range: Option<String>,
    /// The index against HEAD
    #[arg(long, group = "source")]
    pub staged: bool,
    /// The work tree, untracked files included, against HEAD
    #[arg(long, group = "source")]
    pub worktree: bool,
    /// A patch file, or - for standard input
    #[arg(long, value_name = "FILE", group = "source")]
    pub patch: Option<PathBuf>,
    /// Everything in a revision, every line as if added [default: HEAD]
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = "HEAD", group = "source")]
    pub tree: Option<String>,
    /// A folder outside git, every line as if added
    #[arg(long, value_name = "DIR", group = "source")]
    pub path: Option<PathBuf>,
    /// Lines that were there before too
    #[arg(long)]
    pub all_lines: bool,
    /// Hints for this item alone; repeatable
    #[arg(long, value_name = "ID")]
    pub item: Vec<String>,
    /// Hints of this rule alone; repeatable
    #[arg(long, value_name = "ID")]
    pub rule: Vec<String>,
    /// Hints at least this strong: A (state it), B (look here), C (a question)
    #[arg(long, value_name = "A|B|C")]
    pub strength: Option<String>,
    /// text, json or sarif [default: text; json where --json is given]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Show hints beyond the budget too (text)
    #[arg(long)]
    pub all: bool,
    /// A folder with rules of your own; repeatable
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Exit with 1 where a hint is at least this strong
    #[arg(long, value_name = "A|B|C")]
    pub fail_on: Option<String>,
}

/// `hints`.
#[derive(Debug, Args)]
pub struct HintsArgs {
    /// Hints for this item alone
    #[arg(long, value_name = "ITEM")]
    pub item: Option<String>,
    /// Hints beyond the budget too
    #[arg(long)]
    pub all: bool,
}

/// `dismiss`.
#[derive(Debug, Args)]
pub struct DismissArgs {
    /// The hint: the beginning of its fingerprint, or RULE@PATH:LINE
    #[arg(value_name = "HINT", value_parser = place())]
    pub hint: String,
    /// Why it is no concern here
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reason: String,
}

/// `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The hint: the beginning of its fingerprint, or RULE@PATH:LINE
    #[arg(value_name = "HINT", value_parser = place())]
    pub hint: String,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: RulesCommand,
    /// A folder with rules of your own; repeatable
    #[arg(long, value_name = "DIR", global = true)]
    pub rules: Vec<PathBuf>,
}

/// The verbs on rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Every rule, by item
    List {
        /// Rules for this item alone
        #[arg(long, value_name = "ITEM")]
        item: Option<String>,
    },
    /// What a rule looks for, a hit, a near miss, related checks
    Show {
        /// The rule's id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Run the fixtures of a folder against its rules and ours
    Test {
        /// The folder: rules (*.yml) and fixtures (*.md)
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// The tree of a file as rules see it
    Tree {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// The vocabulary that conditions use
    Words,
}

/// Takes a path, or a place in one, whose bytes need not be UTF-8.
fn place() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(spelled)
}

/// Spells a path that is no UTF-8 as git quotes it; lines or a hunk behind it stay behind it.
fn spelled(text: OsString) -> String {
    let bytes = match text.into_string() {
        Ok(text) => return text,
        Err(text) => text.into_vec(),
    };
    let digits = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    let colon = bytes.iter().rposition(|&byte| byte == b':');
    let number = colon.filter(|&at| at + 1 < bytes.len() && bytes[at + 1..].iter().all(digits));
    let (path, number) = bytes.split_at(number.unwrap_or(bytes.len()));
    let (path, side) = match path.strip_suffix(b"@old") {
        Some(path) if !number.is_empty() => (path, "@old"),
        _ => (path, ""),
    };
    let number = String::from_utf8_lossy(number);
    format!("{}{side}{number}", RepoPath::new(path).quoted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_no_text_are_spelled_as_git_quotes_them() {
        let spelled = |bytes: &[u8]| spelled(OsString::from_vec(bytes.to_vec()));
        assert_eq!(spelled(b"a.py:3-4"), "a.py:3-4");
        assert_eq!(spelled(b"caf\xe9"), r#""caf\351""#);
        assert_eq!(spelled(b"caf\xe9:3-4"), r#""caf\351":3-4"#);
        assert_eq!(spelled(b"caf\xe9@old:3"), r#""caf\351"@old:3"#);
        assert_eq!(spelled(b"caf\xe9:x"), r#""caf\351:x""#);
    }
}
