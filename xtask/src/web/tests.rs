//! The tests and benches of `web/`: the packages' own under Node, and the site behind the real server in a real Chromium.

use super::node::Node;
use super::{built, chromium};
use crate::steps::{self, root, target, web};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Chromium and the site: what the tests need beside the server.
pub fn prepare() -> Result<()> {
    built()?;
    chromium::find().map(drop)
}

/// The strict compiler over everything, tests too.
pub fn check() -> Result<()> {
    let (node, _) = built()?;
    let mut check = node.command("npm");
    steps::run("checking the types of web/", check.args(["run", "--silent", "--workspaces", "--if-present", "check"]))
}

/// Everything under Node and in the browser.
pub fn test() -> Result<()> {
    let (node, site) = built()?;
    describe_api()?;
    let mut units = node.command("npm");
    units.args(["test", "--silent", "--if-present", "--workspace", "estimates", "--workspace", "storefront"]);
    steps::run("running the tests of web/ under Node", &mut units)?;
    steps::run("running the tests in Chromium", &mut in_browser(&node, &site, "test")?)
}

/// The OpenAPI document, by which the storefront's own records of the API are checked. The program was built with the Rust tests.
fn describe_api() -> Result<()> {
    let program = target().join("release/examples/openapi");
    let output = Command::new(&program).output().with_context(|| format!("{} is missing", program.display()))?;
    fs::write(web().join("storefront/openapi.json"), output.stdout).context("web/storefront cannot be written to")
}

/// The tables of what is measured in the browser.
pub fn bench() -> Result<()> {
    let (node, site) = built()?;
    steps::run("measuring in Chromium", &mut in_browser(&node, &site, "bench")?)
}

/// A script of the browser's tests, told where everything is. The server and the plugins' components are built by then.
fn in_browser(node: &Node, site: &Path, script: &str) -> Result<Command> {
    let mut command = node.command("npm");
    command
        .args(["run", "--silent", script, "--workspace", "browser-tests"])
        .env("CARTWRIGHT_BINARY", target().join("release/cartwright"))
        .env("CARTWRIGHT_COMPONENTS", target().join("components"))
        .env("CARTWRIGHT_SHOPS", root().join("xtask/demo/shops"))
        .env("CARTWRIGHT_CACHE", target().join("plugin-cache"))
        .env("CARTWRIGHT_SITE", site)
        .env("CARTWRIGHT_CHROMIUM", chromium::find()?);
    Ok(command)
}
