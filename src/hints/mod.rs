//! Hints: parsers point at the lines an architect should look at. A hint never decides anything.
//!
//! ```text
//! checklists/rules/<item>/<language>.yml ─ rule ─▶ Registry ─┐
//! files, added lines ─ engine: parse once ─▶ File ───────────┴▶ conditions ─▶ Hint ─▶ rank ─▶ reader
//! before, removed lines ─ where a guard could be gone: parse ─▶ File ─▶ gone? ──┘
//! ```
//!
//! Owns rules (as data: ast-grep's YAML, and as code), the conditions they share, the engine that runs them, and other
//! tools' findings as hints. Refuses to read git, to draw, and to decide: what becomes of a hint is a person's act.

mod change;
mod code;
mod condition;
mod counterpart;
mod engine;
mod expression;
mod file;
mod fixture;
mod gains;
mod gone;
mod grammar;
mod kinds;
mod lang;
mod memo;
mod names;
mod own;
mod page;
mod role;
mod rule;
pub mod sarif;
mod tree;
mod words;

pub use change::{Change, Member, NoTree, Tree};
pub use engine::{
    Base, Input, Order, Provider, RemovedRun, Scanned, budget, parse_alone, run, scan_change,
    settle,
};
pub use file::Added;
pub use fixture::{FixtureReport, check_folder};
pub use page::{page, tree_text};
pub use rule::{Origin, Registry, Rule, RuleProblem, load_for, load_with};
pub use words::Words;
