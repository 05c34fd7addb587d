//! `cargo xtask test`: everything that CI checks.

use crate::steps::{self, cargo};
use crate::{services, setup, web};
use anyhow::Result;

fn checks() -> Result<()> {
    steps::run("checking the formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    let bindgen = &["fmt", "--manifest-path", "xtask/bindgen/Cargo.toml", "--check"];
    steps::run("checking the formatting of what is outside of the workspace", &mut cargo(bindgen))?;
    steps::run(
        "checking with clippy",
        &mut cargo(&["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    )?;
    steps::run(
        "checking the documentation",
        cargo(&["doc", "--release", "--workspace", "--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn tests() -> Result<()> {
    setup::components()?;
    // The decisions once more as the development profile builds them: arithmetic that wraps is a failure there.
    let packages = ["cartwright-core", "cartwright-contract", "cartwright-velocity"].into_iter().chain(setup::PLUGINS);
    let checked: Vec<&str> = ["test"].into_iter().chain(packages.flat_map(|package| ["--package", package])).collect();
    steps::run("running the decisions' tests with overflow checks", &mut cargo(&checked))?;
    let mut all = cargo(&["test", "--release", "--workspace"]);
    services::tell(&mut all, services::install()?);
    steps::run("running the tests", &mut all)
}

/// Everything; with `quick` only the tests, with `only_web` only what concerns `web/`.
pub fn run(quick: bool, only_web: bool) -> Result<()> {
    if !quick && !only_web {
        checks()?;
    }
    if only_web {
        setup::plugins()?;
        setup::binaries()?;
    } else {
        tests()?;
    }
    if !quick {
        web::check()?;
    }
    web::test()
}
