//! What a user may type.

use crate::commands::{self, bench, build, completions, inspect, keygen, new, pull, push, run, serve, sign, verify};
use crate::complaint::Exit;
use crate::terminal::Color;
use clap::{Parser, Subcommand};

const AFTER_HELP: &str = "\
A first plugin:
  cartwright new my-quote && cd my-quote     a project that builds and tests green as it comes
  cargo test                                 its rule, as plain Rust
  cartwright build                           the component
  cartwright run                             its answer to each request in requests/

Exit codes:
  0  done; every input was answered
  1  something else failed: a file that cannot be read, a build
  2  the command line was not understood
  3  the plugin was refused: its component or its settings
  4  some input got no answer";

/// Writes, tries and serves the plugins that decide in a storefront: WebAssembly components, each call in a fresh sandbox.
#[derive(Parser)]
#[command(name = "cartwright", bin_name = "cartwright", version, after_help = AFTER_HELP, arg_required_else_help = true, max_term_width = 110)]
pub struct Cartwright {
    #[command(subcommand)]
    pub command: Command,
    /// When to colour: at a terminal that `NO_COLOR` does not forbid, always or never
    #[arg(long, value_enum, global = true, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Says nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Subcommand)]
pub enum Command {
    New(new::New),
    Build(build::Build),
    Inspect(inspect::Inspect),
    Run(run::Run),
    Bench(bench::Bench),
    Keygen(keygen::Keygen),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Push(push::Push),
    Pull(pull::Pull),
    Serve(serve::Serve),
    Completions(completions::Completions),
}

impl Command {
    pub fn run(self) -> anyhow::Result<Exit> {
        match self {
            Self::New(new) => commands::new::new(&new),
            Self::Build(build) => commands::build::build(&build),
            Self::Inspect(inspect) => commands::inspect::inspect(&inspect),
            Self::Run(run) => commands::run::run(run),
            Self::Bench(bench) => commands::bench::bench(bench),
            Self::Keygen(keygen) => commands::keygen::keygen(&keygen),
            Self::Sign(sign) => commands::sign::sign(&sign),
            Self::Verify(verify) => commands::verify::verify(&verify),
            Self::Push(push) => commands::push::push(&push),
            Self::Pull(pull) => commands::pull::pull(&pull),
            Self::Serve(serve) => commands::serve::serve(&serve),
            Self::Completions(completions) => commands::completions::completions(&completions),
        }
    }
}
