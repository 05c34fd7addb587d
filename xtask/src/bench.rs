//! `cargo xtask bench`: the measurements of the README, made on this machine.

use crate::setup;
use crate::steps::{self, cargo};
use anyhow::Result;

/// Runs the bench binary; `arguments` choose tables by name.
pub fn run(arguments: &[String]) -> Result<()> {
    setup::components()?;
    let mut bench = cargo(&["run", "--release", "--package", "cartwright-benches", "--"]);
    steps::run("measuring", bench.args(arguments))
}
