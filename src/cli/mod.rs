//! The verbs: arguments, one file per command, exit codes, printing.

pub mod args;
mod commands;
pub mod exit;
pub mod print;
mod wire;

use clap::Parser as _;

use crate::workbench::{Desk, Setting};
use args::{Arguments, Command};
use exit::Exit;

/// What the command line asks for.
pub enum Wanted {
    /// Nothing more; the exit code.
    Done(Exit),
    /// The screen on an open review.
    Workbench(Box<Desk>, Setting),
    /// The screen that lists reviews.
    Start(Setting),
}

/// Parses the arguments and runs the verb. Errors are printed here, with their exit code.
pub fn run() -> Wanted {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap prints help to standard output and mistakes to standard error; both in plain words.
            let code = if error.use_stderr() {
                Exit::BadInput
            } else {
                Exit::Ok
            };
            print::clap(&error);
            return Wanted::Done(code);
        }
    };
    let json = arguments.json;
    match dispatch(arguments) {
        Ok(Wanted::Done(Exit::Ok)) if print::failed() => Wanted::Done(Exit::NotPrinted),
        Ok(wanted) => wanted,
        Err(error) => {
            let exit = Exit::of(&error);
            print::error(
                &error,
                if json {
                    print::Style::Json
                } else {
                    print::Style::Text
                },
            );
            Wanted::Done(exit)
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<Wanted> {
    let Arguments {
        command,
        review,
        data_dir,
        no_mouse,
        json,
    } = arguments;
    let call = commands::Call {
        review,
        data_dir,
        no_mouse,
        json,
    };
    let Some(command) = command else {
        return commands::review::start(call.setting()?, call.review.as_deref());
    };
    match command {
        Command::Review(args) => return commands::review::run(&call, args),
        Command::Demo(args) => return commands::demo::run(&call, &args),
        Command::List => commands::list::run(&call),
        Command::Status => commands::status::run(&call),
        Command::Items => commands::items::run(&call),
        Command::Accept(args) => commands::decide::accept(&call, &args),
        Command::Flag(args) => commands::decide::flag(&call, &args),
        Command::Na(args) => commands::decide::na(&call, &args),
        Command::Waive(args) => commands::decide::waive(&call, &args),
        Command::Retract(args) => commands::decide::retract(&call, &args),
        Command::Comment(args) => commands::comment::run(&call, &args),
        Command::Read(args) => commands::read::run(&call, &args),
        Command::Findings => commands::findings::run(&call),
        Command::Log => commands::log::run(&call),
        Command::Export(args) => commands::export::run(&call, &args),
        Command::Sign(args) => commands::sign::run(&call, args),
        Command::Verify(args) => Ok(commands::verify::run(&call, args)),
        Command::Checklist(args) => commands::checklist::run(&call, &args),
        Command::Profile(args) => commands::profile::run(&call, &args),
        Command::Scan(args) => commands::scan::run(&call, args),
        Command::Hints(args) => commands::hints::run(&call, &args),
        Command::Dismiss(args) => commands::hints::dismiss(&call, &args),
        Command::Restore(args) => commands::hints::restore(&call, &args),
        Command::Rules(args) => commands::rules::run(&call, &args),
        Command::Paths => commands::paths::run(&call),
    }
    .map(Wanted::Done)
}
