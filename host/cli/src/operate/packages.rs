//! `cartwright packages` and `cartwright versions`: what can be installed.

use super::client::Ask;
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::Exit;
use crate::words;
use cartwright_store::{Package, PackageVersion};
use clap::Args;

const AFTER_PACKAGES: &str = "\
Examples:
  cartwright packages
  cartwright packages --json | jq -r '.[].package'";

/// Lists the packages that can be installed
#[derive(Args)]
#[command(after_help = AFTER_PACKAGES)]
pub struct Packages {
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn packages(it: &Packages) -> anyhow::Result<Exit> {
    let items = it.server.client()?.list(|| Ask::get(&["packages"]), Some(it.most.most()))?;
    let none = "nothing is published; `cartwright publish` does it";
    let heads = ["package", "newest", ">versions", "published"];
    show::list(items, it.json.json, none, &heads, |package: Package| {
        let versions = words::count(package.versions.unsigned_abs());
        [package.package, package.newest, versions, show::at(package.published)]
    })
}

const AFTER_VERSIONS: &str = "\
Examples:
  cartwright versions shipping-quote
  cartwright versions shipping-quote --json | jq '.[0].schema'";

/// Lists a package's versions: hooks, size, digest, whose signature
#[derive(Args)]
#[command(after_help = AFTER_VERSIONS)]
pub struct Versions {
    package: String,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn versions(it: &Versions) -> anyhow::Result<Exit> {
    let items = it.server.client()?.list(|| Ask::get(&["packages", &it.package]), Some(it.most.most()))?;
    let heads = ["version", "hooks", ">size", "digest", "signed by", "published"];
    show::list(items, it.json.json, "it has no version", &heads, |version: PackageVersion| {
        let size = words::bytes(usize::try_from(version.size).unwrap_or_default());
        let author = version.author.unwrap_or_else(|| "nobody".into());
        let (hooks, digest) = (version.hooks.join(", "), show::short(&version.digest));
        [version.version, hooks, size, digest, author, show::at(version.published)]
    })
}
