//! The `cartwright` command: a plugin from its first line to a server that answers with it.
//!
//! [`arguments`] is what a user may type; `commands/` holds one file a command, [`operate`] those that work against a server; the others are what commands share: [`load`]
//! installs a plugin, [`input`] reads requests, [`outside`] is their way out, [`project`] finds what cargo built, [`author`] finds keys,
//! [`packaged`] joins a component with its signature, [`registry`] asks where packages lie, [`terminal`] and [`table`] print,
//! [`complaint`] is how anything that went wrong is told.
//!
//! What this crate must not know: how anything is decided or run; all of that is the runtime's and the server's, and the
//! command line has no private door to them.

mod arguments;
mod author;
mod commands;
mod complaint;
mod input;
mod limits;
mod load;
mod operate;
mod outside;
mod packaged;
mod project;
mod registry;
mod table;
mod terminal;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Cartwright::read();
    arguments.color.apply();
    terminal::set_quiet(arguments.quiet);
    match arguments.command.run() {
        Ok(exit) => exit.into(),
        Err(error) => complaint::tell(&error).into(),
    }
}
