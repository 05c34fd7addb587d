//! What a user may type.

use crate::commands::{self, bench, build, completions, inspect, keygen, new, pull, push, run, serve, sign, verify};
use crate::complaint::Exit;
use crate::operate::Operate;
use crate::terminal::Color;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::fmt::Write as _;

const AFTER_HELP: &str = "\
A first plugin:
  cartwright new my-quote && cd my-quote     a project that builds and tests green as it comes
  cargo test                                 its rule, as plain Rust
  cartwright build                           the component
  cartwright run                             its answer to each request in requests/

A merchant's loop, on a server (`cartwright login` once):
  cartwright set demo/quotes -s quotes.json  a new revision, checked before it is kept
  cartwright backtest demo/quotes            what it would have changed in the last 30 days
  cartwright shadow, canary, activate        beside the live one, for a share of the requests, for all
  cartwright rollback demo/quotes            back

Exit codes:
  0  done; every input was answered
  1  something else failed: a file that cannot be read, a build
  2  the command line was not understood
  3  it was refused: a component, settings, or what a server was asked
  4  no answer: for some input, or of a server; a replay that gave other bytes";

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
    #[command(flatten)]
    Operate(Operate),
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
            Self::Operate(operate) => operate.run(),
        }
    }
}

/// The commands by who needs them; `--help` shows them so.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "Write a plugin",
        &["new", "build", "inspect", "run", "bench", "keygen", "sign", "verify", "push", "pull", "publish"],
    ),
    (
        "A merchant's shop, on a server",
        &[
            "packages",
            "versions",
            "install",
            "installs",
            "settings",
            "set",
            "uninstall",
            "shadow",
            "canary",
            "activate",
            "withdraw",
            "rollback",
            "policy",
            "history",
            "diff",
            "stats",
            "records",
            "record",
            "logs",
            "replay",
            "backtest",
            "secret",
            "webhook",
            "erase",
        ],
    ),
    ("A platform and its shops", &["serve", "bootstrap", "shop", "token", "author", "audit", "dead-letters"]),
    ("This command line", &["login", "context", "completions", "help"]),
];

impl Cartwright {
    /// As [`Parser::parse`], with the commands in groups.
    pub fn read() -> Self {
        let matches = grouped().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The command with a help that lists its commands in groups, which clap does for flags only.
pub fn grouped() -> clap::Command {
    // A copy is built for its list of commands; the other stays as clap builds it when it is asked, which its helps' length depends on.
    let mut command = Cartwright::command();
    command.build();
    let heading = anstyle_of(&command);
    let wide = command.get_subcommands().map(|sub| sub.get_name().len()).max().unwrap_or_default();
    let mut list = String::new();
    for (group, names) in GROUPS {
        list.extend([&heading.0, group, ":", &heading.1, "\n"]);
        for sub in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            // A text takes all that is written to it.
            let _ = writeln!(list, "  {:wide$}  {about}", sub.get_name());
        }
        list.push('\n');
    }
    Cartwright::command().help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}{}Options:{}\n{{options}}{{after-help}}",
        heading.0, heading.1
    ))
}

/// What clap puts before and behind a heading.
fn anstyle_of(command: &clap::Command) -> (String, String) {
    let style = command.get_styles().get_header();
    (style.render().to_string(), style.render_reset().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let mut command = Cartwright::command();
        command.build();
        let mut there: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        let mut grouped: Vec<_> =
            GROUPS.iter().flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned())).collect();
        there.sort();
        grouped.sort();
        assert_eq!(there, grouped);
    }
}
