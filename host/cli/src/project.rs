//! The plugin project that the current folder belongs to, and what cargo built of it.

use crate::complaint::Complaint;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What a plugin is compiled for.
pub const TARGET: &str = "wasm32-wasip2";

/// A cargo package whose library is a component.
pub struct Project {
    pub name: String,
    /// Where its Cargo.toml lies.
    pub folder: PathBuf,
    /// Where cargo puts the component.
    pub component: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

impl Project {
    /// The project around a folder; none when there is no Cargo.toml above it.
    ///
    /// # Errors
    /// When cargo cannot read the project, or it is no plugin.
    pub fn around(folder: &Path) -> Result<Option<Self>, Complaint> {
        let folder = fs::canonicalize(folder).map_err(|e| Complaint::io("reading the folder", folder, &e))?;
        let Some(root) = folder.ancestors().find(|folder| folder.join("Cargo.toml").is_file()) else {
            return Ok(None);
        };
        let manifest = root.join("Cargo.toml");
        let metadata = metadata(root, &manifest)?;
        let Some(package) = metadata.packages.into_iter().find(|package| package.manifest_path == manifest) else {
            return Err(not_a_plugin(&manifest, "it is a workspace without a package of its own")
                .hint("go into the folder of the plugin's own package"));
        };
        let Some(library) = package.targets.iter().find(|target| target.crate_types.iter().any(|t| t == "cdylib"))
        else {
            return Err(not_a_plugin(&manifest, "its library is not built as a component")
                .hint("add to Cargo.toml:  [lib]  crate-type = [\"cdylib\", \"rlib\"]"));
        };
        let file = format!("{}.wasm", library.name.replace('-', "_"));
        let component = metadata.target_directory.join(TARGET).join("release").join(file);
        Ok(Some(Self { name: package.name, folder: root.to_owned(), component }))
    }

    /// The component, if it has been built.
    pub fn built(&self) -> Result<&Path, Complaint> {
        if self.component.is_file() {
            return Ok(&self.component);
        }
        let message =
            format!("the plugin `{}` has not been built: there is no `{}`", self.name, self.component.display());
        Err(Complaint::failed(message).hint("run `cartwright build` first"))
    }

    /// A source file that is newer than the component.
    pub fn changed_since(&self) -> Option<PathBuf> {
        let built = modified(&self.component)?;
        let mut folders = vec![self.folder.join("src")];
        let mut files = vec![self.folder.join("Cargo.toml")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        let changed = files.into_iter().find(|file| modified(file).is_some_and(|time| time > built))?;
        Some(changed.strip_prefix(&self.folder).map(Path::to_owned).unwrap_or(changed))
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn not_a_plugin(manifest: &Path, why: &str) -> Complaint {
    Complaint::failed(format!("`{}` is no plugin project: {why}", manifest.display()))
}

/// cargo itself, as the user has it.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder);
    cargo
}

/// What to do when a tool of the toolchain does not start.
pub fn not_started(tool: &str, error: &std::io::Error) -> Complaint {
    Complaint::failed(format!("`{tool}` does not start: {error}")).hint("install Rust from https://rustup.rs")
}

fn metadata(folder: &Path, manifest: &Path) -> Result<Metadata, Complaint> {
    let output = cargo(folder)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .output()
        .map_err(|e| not_started("cargo", &e))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.trim().trim_start_matches("error: ");
        return Err(Complaint::failed(format!("cargo cannot read `{}`: {message}", manifest.display())));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|e| Complaint::failed(format!("the output of `cargo metadata` cannot be read: {e}")))
}
