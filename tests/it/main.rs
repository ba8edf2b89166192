//! The one integration binary.

mod depth;
mod endings;
mod hints;
mod hostile;
mod judged;
mod killing;
mod readme;
mod removed;
mod rules;
mod screen;
mod signing;
mod sources;
mod support;
mod terminal;
mod tidy;
mod unlucky;
mod verbs;
