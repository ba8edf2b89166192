//! The program: parses, calls the library, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign::program::run()
}
