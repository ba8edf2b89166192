//! The main screen under typed keys: what is on it, what it asks for, and what it never does.

mod deciding;
mod definitions;
mod faithful;
mod files;
mod finding;
mod fixture;
mod hints;
mod hostile;
mod judged;
mod ledger;
mod lens;
mod lines;
mod motion;
mod pane;
mod plain;
mod pointing;
mod reading;
mod screen;
mod stage;
mod steady;
mod sticky;
