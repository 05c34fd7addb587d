//! `cargo xtask bench`: the measurements of the README, made on this machine.

use crate::steps::{self, root, say, target};
use crate::{services, setup, web};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// What the bench runs beside us from PyPI, at the versions that were looked at.
const PEERS: [&str; 2] = ["highspy==1.15.1", "zen-engine==2.1.3"];

/// The name by which the tables that are measured in Chromium are chosen.
const BROWSER: &str = "browser";

/// Runs the bench binary and the measurements in the browser; `arguments` choose tables by name.
pub fn run(arguments: &[String]) -> Result<()> {
    setup::components()?;
    setup::binaries()?;
    let (browser, tables): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|table| *table == BROWSER);
    let all = arguments.is_empty();
    if all || !tables.is_empty() {
        let mut bench = Command::new(target().join("release/cartwright-benches"));
        bench.current_dir(root()).args(&tables);
        bench.env("CARTWRIGHT_BINARY", target().join("release/cartwright"));
        services::tell(&mut bench, services::install()?);
        if (all || tables.iter().any(|table| *table == "peers"))
            && let Some(python) = peers()
        {
            bench.env("CARTWRIGHT_BENCH_PYTHON", python);
        }
        steps::run("measuring", &mut bench)?;
    }
    if all || !browser.is_empty() { web::bench() } else { Ok(()) }
}

/// An interpreter with the peers, made on first use. Without Python the bench leaves their table out and says so.
fn peers() -> Option<PathBuf> {
    let folder = target().join("bench-python");
    let python = folder.join("bin/python");
    let mut imports = Command::new(&python);
    imports.args(["-c", "import highspy, zen"]);
    if imports.output().is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    say("setting up the peers from PyPI");
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
    let installed = made.ok()?.success()
        && Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PEERS).status().ok()?.success();
    if !installed {
        say("Python's venv and pip did not work here; the table of peers is left out");
    }
    installed.then_some(python)
}
