//! Dialogs driven by typed keys, with the screens they draw.

mod acts;
mod screens;
mod world;
