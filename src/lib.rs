//! countersign: a terminal workbench in which a named architect reviews an AI-generated change against a list of
//! failure modes, item by item, and signs for it.
//!
//! # The way data flows
//!
//! ```text
//! source ──git/diff──▶ change set ──syntax──▶ colours ──────────────┐
//!                          │                                        ▼
//! checklists ──────────────┴──────────▶ workbench (use cases) ◀── keys (tui) / verbs (cli)
//!                                           │ entry
//!                                           ▼
//!                                 journal ──fold──▶ review ──▶ report ──▶ md html json
//!                                                      └─────▶ sign-off ──▶ record + signature ──▶ verify
//! ```
//!
//! One direction, no way back: the screen never edits state by hand; it asks for an act, the act becomes an entry, the
//! entry reaches the disk, the fold gives the new state, the view draws it.
//!
//! # Layers
//!
//! A module imports only from layers below it; the `tidy` test reads the `use` lines and fails on a breach.
//!
//! | layer | modules |
//! |---|---|
//! | 0 | [`support`] |
//! | 1 | [`model`] |
//! | 2 | [`config`], [`diff`], [`checklist`], [`syntax`] |
//! | 3 | [`git`], [`hints`], [`profile`], [`review`] |
//! | 4 | [`journal`], [`signoff`], [`report`] |
//! | 6 | [`workbench`] |
//! | 7 | [`tui`] and [`cli`]; neither imports the other |
//! | 8 | [`program`], which joins the two: the verbs say what is wanted, the screen shows it |
//!
//! # Promises
//!
//! Each is held by a test that would fail without it.
//!
//! 1. Hints never decide: only a person's entry carries a verdict. Nothing is accepted by default, or in bulk without
//!    a reason.
//! 2. An act shows as saved only after it is on disk; kill -9 at any moment loses no act shown as saved. A failed
//!    write is shown as not saved and stays in memory.
//! 3. The journal only grows. A torn tail is set aside and reported; a damaged journal opens read-only; any flipped
//!    byte is found.
//! 4. [`review::Review`] is a pure fold over the set of entries. One person's entry never changes another's verdict;
//!    the outcome of an item is the most severe.
//! 5. What is signed is the stored bytes; verification never re-serialises. Whatever `countersign verify` accepts,
//!    stock `ssh-keygen -Y verify` accepts too.
//! 6. A sign-off binds both ends, SHA-256 manifests of the content, checklists, journal and report digests, every
//!    verdict, and coverage: what was not read is said as plainly as what was.
//! 7. Nothing in reviewed text reaches the terminal, a report or a command line unsanitised.
//! 8. Nothing from the repository under review is executed or trusted as configuration.
//! 9. Parsing always returns something plus problems.
//! 10. `update` takes the state and a message and returns effects: no I/O, clock or randomness. `view` takes the state
//!     by shared reference.
//! 11. Help, palette and the README's keys come from one action table.
//! 12. The terminal is restored on every exit: panic, SIGTERM, SIGHUP, Ctrl-Z and back.
//! 13. No colour alone carries meaning.

pub mod checklist;
pub mod cli;
pub mod config;
pub mod diff;
pub mod git;
pub mod hints;
pub mod journal;
pub mod model;
pub mod profile;
pub mod program;
pub mod report;
pub mod review;
pub mod signoff;
pub mod support;
pub mod syntax;
pub mod tui;
pub mod workbench;
