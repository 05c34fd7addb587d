//! What npm does: the dependencies that the lock names, and the packages' own builds.

use super::node::Node;
use super::stamp::unless_done;
use crate::steps::{self, web};
use anyhow::Result;
use std::path::PathBuf;

/// `npm ci`, when the lock or a manifest is not the one of the last time.
pub fn install(node: &Node) -> Result<()> {
    let manifests = ["package-lock.json", "package.json", "estimates/package.json", "storefront/package.json"]
        .into_iter()
        .chain(["browser-tests/package.json"]);
    let inputs: Vec<PathBuf> = manifests.map(|file| web().join(file)).collect();
    unless_done("npm-packages", &inputs, &web().join("node_modules"), || {
        let mut install = node.command("npm");
        steps::run("installing what web/package-lock.json names", install.args(["ci", "--no-audit", "--no-fund"]))
    })
}

/// `npm run build` of a package of `web/`, into its `dist`.
pub fn build(node: &Node, package: &str) -> Result<()> {
    // The storefront is built from the estimates; both from the lock and the common compiler options.
    let shared = ["package-lock.json", "tsconfig.base.json", "estimates"].map(|name| web().join(name));
    let inputs: Vec<PathBuf> = shared.into_iter().chain([web().join(package)]).collect();
    unless_done(package, &inputs, &web().join(package).join("dist"), || {
        let mut build = node.command("npm");
        steps::run(&format!("building {package}"), build.args(["run", "--silent", "build", "--workspace", package]))
    })
}
