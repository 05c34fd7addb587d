//! Running other programs, saying which.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace").to_owned()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The folder of the npm packages.
pub fn web() -> PathBuf {
    root().join("web")
}

/// Says what happens next.
pub fn say(what: &str) {
    eprintln!("==> {what}");
}

/// cargo, in the workspace, by the name under which it was called.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a program with its own output in sight.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    let started = Instant::now();
    let status = command.status().with_context(|| format!("{} could not be started", name(command)))?;
    if !status.success() {
        bail!("{what}: `{}` ended with {status}", name(command));
    }
    eprintln!("    done in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Installs packages of Debian, where we may; says whether they are there now.
pub fn apt(packages: &[&str]) -> Result<bool> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let here = Command::new("apt-get").arg("--version").output().is_ok_and(|output| output.status.success());
    if !root || !here {
        return Ok(false);
    }
    let what = format!("installing {} from Debian", packages.join(", "));
    let mut install = Command::new("apt-get");
    // Another that installs is waited for.
    install
        .args(["install", "--yes", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"])
        .args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    if run(&what, &mut install).is_ok() {
        return Ok(true);
    }
    // The list of packages is missing, or names versions that are gone.
    let mut update = Command::new("apt-get");
    run("reading Debian's list of packages", update.args(["update", "-qq"]))?;
    run(&what, &mut install)?;
    Ok(true)
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
