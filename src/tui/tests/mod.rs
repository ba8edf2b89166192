//! The main screen under typed keys: what is on it, what it asks for, and what it never does.

mod fixture;

mod ledger;

mod screen;
mod stage;
