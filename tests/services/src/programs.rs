//! Where the programs lie.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the tools that `cargo xtask setup` fetches: `CARTWRIGHT_TOOLS`, else `tools` in cargo's target folder.
pub(crate) fn tools() -> Vec<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."));
    let named = std::env::var_os("CARTWRIGHT_TOOLS").map(PathBuf::from);
    let target = std::env::var_os("CARGO_TARGET_DIR").map(|target| workspace.join(target).join("tools"));
    [named, target, Some(workspace.join("target/tools"))].into_iter().flatten().collect()
}

/// The files of this name on PATH, and where Debian puts what only root calls.
pub(crate) fn on_path(name: &str) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(name)).filter(|file| file.is_file()).collect()
}

/// What a program writes when asked; nothing where it cannot be run or fails.
pub(crate) fn ask(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// This process's user, as `id` says it; `user` names another.
pub(crate) fn id(option: &str, user: Option<&str>) -> Option<u32> {
    let arguments: Vec<&str> = std::iter::once(option).chain(user).collect();
    ask(Path::new("id"), &arguments)?.parse().ok()
}
