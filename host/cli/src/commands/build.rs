//! `cartwright build`: cargo builds the component, and then it is looked at.

use super::inspect;
use crate::complaint::{Complaint, Exit};
use crate::load::{self, shortest};
use crate::project::{Project, TARGET, cargo, not_started};
use crate::terminal::status;
use crate::words;
use cartwright_runtime::component;
use cartwright_runtime::install::is_offered;
use clap::Args;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const AFTER_HELP: &str = "\
Examples:
  cartwright build                 the plugin project of the current folder
  cartwright build plugins/mine    the one in another folder
  cartwright build -- --locked     words after -- go to cargo

The component stays where cargo puts it; `run`, `inspect` and `bench` find it there.";

/// Builds the plugin project's component and shows it
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Build {
    /// The project's folder
    #[arg(default_value = ".")]
    path: PathBuf,
    /// What cargo is told besides
    #[arg(last = true, value_name = "CARGO")]
    cargo: Vec<String>,
}

pub fn build(arguments: &Build) -> anyhow::Result<Exit> {
    let project = Project::around(&arguments.path)?.ok_or_else(|| {
        let message = format!("there is no Cargo.toml in `{}` or above it", arguments.path.display());
        Complaint::usage(message).hint("start a plugin project with `cartwright new NAME`")
    })?;
    check_target(&project)?;

    // cargo's own output goes where the user sees it.
    let mut cargo = cargo(&project.folder);
    // The component alone: where the crate is a library for tests as well, cargo would leave out the optimisation over all crates.
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--release", "--target", TARGET]);
    cargo.args(["--package", &project.name]).args(&arguments.cargo);
    let built = cargo.stdin(Stdio::null()).status().map_err(|error| not_started("cargo", &error))?;
    if !built.success() {
        return Err(Complaint::failed(format!("cargo could not build `{}`", project.name)).into());
    }

    let path = shortest(project.built()?.to_owned());
    let facts = component::read(&load::bytes_of(&path)?).map_err(|error| load::refusal(&error, &path, None))?;
    status("Built", format!("{} ({})", path.display(), words::bytes(facts.size)));
    inspect::print(&mut anstream::stdout().lock(), &path, &facts)?;
    if let Some(import) = facts.imports.iter().find(|import| !is_offered(import)) {
        return Err(Complaint::refused(format!("the component imports `{import}`, which the host does not offer"))
            .hint("find the dependency that needs it with `cargo tree`; plugins have no files, sockets or threads")
            .into());
    }
    Ok(Exit::Done)
}

/// cargo's own message does not say what to type.
fn check_target(project: &Project) -> Result<(), Complaint> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let output = rustc
        .current_dir(&project.folder)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|error| not_started("rustc", &error))?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && folder.is_dir() {
        return Ok(());
    }
    Err(Complaint::failed(format!("the toolchain has no standard library for `{TARGET}`"))
        .hint(format!("run `rustup target add {TARGET}` in `{}`", project.folder.display())))
}
