//! What was done already. A step's stamp is a file with the fingerprint of its inputs, written when the step has succeeded.

use crate::steps::{root, say, target};
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Folders that are made, not written: whoever depends on one names it among its inputs.
const MADE: [&str; 3] = ["node_modules", "dist", "target"];

/// Does a step unless it was done with these inputs (files, or folders with all that lies in them) and its output is still there.
pub fn unless_done(name: &str, inputs: &[PathBuf], output: &Path, step: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = target().join("stamps").join(name);
    let wanted = fingerprint(inputs)?;
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        say(&format!("{name}: nothing changed"));
        return Ok(());
    }
    step()?;
    fs::create_dir_all(target().join("stamps"))?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

fn fingerprint(inputs: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    inputs.iter().try_for_each(|input| take_in(input, &mut hasher))?;
    Ok(format!("{:016x}", hasher.finish()))
}

/// Names and contents, in an order that does not depend on the file system.
fn take_in(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.strip_prefix(root()).unwrap_or(path).hash(hasher);
    if !path.is_dir() {
        let contents = fs::read(path).with_context(|| format!("{} is missing", path.display()))?;
        contents.hash(hasher);
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let is_made = |path: &PathBuf| path.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made));
    let mut written: Vec<PathBuf> = entries.into_iter().filter(|path| !is_made(path)).collect();
    written.sort();
    written.iter().try_for_each(|path| take_in(path, hasher))
}
