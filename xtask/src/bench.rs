//! `cargo xtask bench`: the measurements of the README, made on this machine.

use crate::setup;
use crate::steps::{self, cargo, root, say, target};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// What the bench runs beside us from PyPI, at the versions that were looked at.
const PEERS: [&str; 2] = ["highspy==1.15.1", "zen-engine==2.1.3"];

/// Runs the bench binary; `arguments` choose tables by name.
pub fn run(arguments: &[String]) -> Result<()> {
    setup::components()?;
    // As the tests are built, so that wasmtime is not compiled once more with other features of what lies below it.
    let everything = &["build", "--release", "--workspace", "--all-targets"];
    steps::run("building", &mut cargo(everything))?;
    let mut bench = Command::new(target().join("release/cartwright-benches"));
    bench.current_dir(root());
    if (arguments.is_empty() || arguments.iter().any(|table| table == "peers"))
        && let Some(python) = peers()
    {
        bench.env("CARTWRIGHT_BENCH_PYTHON", python);
    }
    steps::run("measuring", bench.args(arguments))
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
