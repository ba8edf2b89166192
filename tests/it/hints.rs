//! Hints from the command line: in a review, dismissed and taken back, of other tools, and as SARIF for other programs.

use serde_json::{Value, json};

use crate::support::World;
