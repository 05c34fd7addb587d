//! A Chromium for the tests: the one that is here, else Debian's.

use crate::steps::apt;
use anyhow::{Result, bail};
use std::path::PathBuf;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where it lies. `CARTWRIGHT_CHROMIUM` names one that is not on PATH.
pub fn find() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CARTWRIGHT_CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    if apt(&["chromium"])?
        && let Some(found) = on_path()
    {
        return Ok(found);
    }
    bail!(
        "the browser's tests need Chromium, and there is none on PATH; install it (on Debian as root: apt-get install \
         --no-install-recommends chromium), or name one in CARTWRIGHT_CHROMIUM, then run this again"
    )
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let files = |folder: PathBuf| NAMES.map(|name| folder.join(name));
    std::env::split_paths(&path).flat_map(files).find(|file| file.is_file())
}
