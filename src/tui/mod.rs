//! The screen: state, messages, effects, the action table, views. It asks for acts; it never edits a review.

pub mod action;
mod app;
mod board;
mod counter;
mod definitions;
pub mod dialog;
mod digger;
mod document;
mod effect;
mod errand;
mod files;
mod halt;
mod input;
mod item_list;
pub mod keymap;
mod layout;
mod lens;
mod lens_worker;
mod letters;
mod marks;
mod message;
mod output;
mod pages;
mod picker;
mod probe;
mod rows;
mod search;
pub mod start;
mod state;
mod sticky;
mod symbols;
mod task;
mod terminal;
#[cfg(test)]
mod tests;
pub mod theme;
mod update;
mod view;
mod windows;
mod worker;

pub use app::{Ending, FindKeys, Ordering, run};
pub use state::{Look, State, Subject, ViewChoice};
