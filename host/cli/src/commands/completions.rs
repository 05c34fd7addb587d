//! `cartwright completions`: a script with which a shell completes commands and flags.

use crate::arguments::Cartwright;
use crate::complaint::Exit;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

const AFTER_HELP: &str = "\
Examples:
  cartwright completions bash > ~/.local/share/bash-completion/completions/cartwright
  cartwright completions zsh > \"${fpath[1]}/_cartwright\"
  cartwright completions fish > ~/.config/fish/completions/cartwright.fish";

/// Prints a completion script for a shell
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Completions {
    shell: Shell,
}

pub fn completions(arguments: &Completions) -> anyhow::Result<Exit> {
    // By way of memory, since the generator panics when a reader closes the pipe.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cartwright::command(), "cartwright", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Exit::Done)
}
