//! Node.js: the one that is here, else Debian's, else one from the npm registry, since Debian 12's is too old for Vite.

use crate::steps::{self, apt, say, target, web};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Vite and Playwright run on, as (major, minor).
const OLDEST: (u32, u32) = (20, 19);
/// The release that the registry is asked for when the one that is here is older.
const FROM_REGISTRY: &str = "22.23.3";

/// Node and npm.
pub struct Node {
    /// Where node lies when it is not the one that PATH has.
    folder: Option<PathBuf>,
}

impl Node {
    /// Finds node and npm, and gets what is missing where it may.
    pub fn find() -> Result<Self> {
        if (version(Path::new("node")).is_none() || !runs("npm")) && !apt(&["nodejs", "npm"])? {
            bail!(
                "building web/ needs Node.js {}.{} or newer and npm, and they are not here; \
                 install them (on Debian as root: apt-get install nodejs npm; elsewhere: https://nodejs.org), then run this again",
                OLDEST.0,
                OLDEST.1
            );
        }
        if version(Path::new("node")).is_some_and(|version| version >= OLDEST) {
            return Ok(Self { folder: None });
        }
        let package = format!("node-linux-{}", if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" });
        let prefix = target().join("tools/node");
        let folder = prefix.join("node_modules").join(&package).join("bin");
        if version(&folder.join("node")).is_none() {
            say(&format!("the Node.js that is here is older than {}.{}", OLDEST.0, OLDEST.1));
            let mut install = Command::new("npm");
            install.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&prefix);
            install.arg(format!("{package}@{FROM_REGISTRY}"));
            steps::run("getting a newer one from the npm registry", &mut install)?;
        }
        match version(&folder.join("node")) {
            Some(version) if version >= OLDEST => Ok(Self { folder: Some(folder) }),
            _ => bail!("building web/ needs Node.js {}.{} or newer: https://nodejs.org has it", OLDEST.0, OLDEST.1),
        }
    }

    /// A program of Node's, to be run in `web/`.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(web());
        if let Some(folder) = &self.folder {
            // On Unix the program itself is looked up in this PATH too.
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = std::iter::once(folder.clone()).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(folders).unwrap_or(path.clone()));
        }
        command
    }
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// `v20.19.2` as (20, 19).
fn version(node: &Path) -> Option<(u32, u32)> {
    let output = Command::new(node).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
