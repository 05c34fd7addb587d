//! What demo, test and bench need before they start.

use crate::steps::{cargo, root, run, say, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The target that a plugin's component is built for.
const TARGET: &str = "wasm32-wasip2";

/// The reference plugins, one for each hook.
pub const PLUGINS: [&str; 5] =
    ["address-validation", "shipping-quote", "order-screening", "order-routing", "return-policy"];

/// The plugins of the tests.
const GUESTS: [&str; 3] = ["hostile", "worldly", "scripted"];

/// Where the components of the reference plugins and of the tests' guests end up.
fn components_folder() -> PathBuf {
    target().join("components")
}

/// The components of all plugins, the tests' guests too.
pub fn components() -> Result<()> {
    plugins()?;
    GUESTS.into_iter().try_for_each(component)
}

/// Everything that runs on this machine. With the tests' features, so that wasmtime is not compiled once more with other features of
/// what lies below it.
pub fn binaries() -> Result<()> {
    run("building", &mut cargo(&["build", "--release", "--workspace", "--all-targets"]))
}

/// The wasm target, and the components of the reference plugins.
pub fn plugins() -> Result<()> {
    rust_target(TARGET)?;
    fs::create_dir_all(components_folder())?;
    // One at a time: built together, the plugins would share the features of the SDK that only some of them ask for.
    PLUGINS.into_iter().try_for_each(component)
}

fn component(package: &str) -> Result<()> {
    // The component alone: with the library that tests use beside it, cargo leaves out the optimisation over all crates.
    let build =
        &["rustc", "--lib", "--crate-type", "cdylib", "--target", TARGET, "--profile", "plugin", "--package", package];
    run(&format!("building the component of {package}"), &mut cargo(build))?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    let built = target().join(TARGET).join("plugin").join(&file);
    fs::copy(&built, components_folder().join(&file)).with_context(|| format!("{} is missing", built.display()))?;
    Ok(())
}

/// rust-toolchain.toml names the targets, but where rustup does not install by itself they have to be added.
pub fn rust_target(target: &str) -> Result<()> {
    let list = Command::new("rustup").args(["target", "list", "--installed"]).current_dir(root()).output();
    match list {
        Ok(list) if String::from_utf8_lossy(&list.stdout).lines().any(|line| line == target) => Ok(()),
        Ok(_) => {
            let mut add = Command::new("rustup");
            run(&format!("adding the target {target}"), add.args(["target", "add", target]).current_dir(root()))
        }
        Err(_) => {
            say(&format!("no rustup here; taking it that the toolchain has the target {target}"));
            Ok(())
        }
    }
}
