//! The tests and benches of `web/`: the packages' own under Node, and the site behind the real server in a real Chromium.

use super::node::Node;
use super::{built, chromium};
use crate::steps::{self, root, target};
use anyhow::Result;
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
    let mut units = node.command("npm");
    units.args(["test", "--silent", "--if-present", "--workspace", "estimates", "--workspace", "storefront"]);
    steps::run("running the tests of web/ under Node", &mut units)?;
    steps::run("running the tests in Chromium", &mut in_browser(&node, &site, "test")?)
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
