//! The folder that the server serves: the storefront at `/`, the estimates at `/estimates/`, the examples of the documentation at `/examples/`.

use super::stamp::unless_done;
use crate::steps::{root, target, web};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Copies it together. Whoever serves the folder meanwhile sees the old files or the new ones.
pub fn assemble() -> Result<PathBuf> {
    let (site, made) = (target().join("site"), target().join("site.new"));
    let (storefront, estimates) = (web().join("storefront/dist"), web().join("estimates/dist"));
    let examples = root().join("docs/examples");
    unless_done("site", &[storefront.clone(), estimates.clone(), examples.clone()], &site, || {
        if made.exists() {
            fs::remove_dir_all(&made)?;
        }
        copy(&storefront, &made, &|_| true)?;
        copy(&estimates, &made.join("estimates"), &|_| true)?;
        copy(&examples, &made.join("examples"), &|file| file.extension().is_some_and(|ending| ending == "html"))?;
        if site.exists() {
            fs::remove_dir_all(&site)?;
        }
        fs::rename(&made, &site).with_context(|| site.display().to_string())
    })?;
    Ok(site)
}

fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))? {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if path.is_dir() {
            copy(&path, &to, wanted)?;
        } else if wanted(&path) {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}
