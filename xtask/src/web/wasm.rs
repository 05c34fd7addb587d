//! What the estimates have from Rust: their WebAssembly by cargo, wasm-bindgen's library and wasm-opt, into `web/estimates/pkg`; and their
//! types in TypeScript, into `web/estimates/src/generated`.

use super::node::Node;
use super::stamp::unless_done;
use crate::setup;
use crate::steps::{self, cargo, root, target, web};
use anyhow::Result;
use std::fs;
use std::path::PathBuf;

const TARGET: &str = "wasm32-unknown-unknown";
/// The profile of Cargo.toml that builds for size.
const PROFILE: &str = "browser";
const CRATE: &str = "cartwright-estimates-wasm";
/// The module's name, which the glue and its types bear too.
const NAME: &str = "cartwright_estimates";

/// What rustc emits for this target by default, and every browser since 2023 runs. wasm-opt refuses what it is not told of.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The types and shapes of questions and estimates in TypeScript, written from the Rust types.
pub fn types() -> Result<()> {
    let folder = web().join("estimates/src/generated");
    fs::create_dir_all(&folder)?;
    let mut write = cargo(&["run", "--quiet", "--release", "--package", "cartwright-estimates-typescript", "--"]);
    steps::run("writing the estimates' types", write.arg(folder))
}

pub fn build(node: &Node) -> Result<()> {
    setup::rust_target(TARGET)?;
    let tool = bindgen()?;
    let compile = &["build", "--target", TARGET, "--profile", PROFILE, "--package", CRATE];
    steps::run("building the estimates' WebAssembly", &mut cargo(compile))?;
    let module = target().join(TARGET).join(PROFILE).join(format!("{}.wasm", CRATE.replace('-', "_")));
    let package = web().join("estimates/pkg");
    let packed = package.join(format!("{NAME}_bg.wasm"));
    unless_done("estimates-wasm", &[module.clone(), tool.clone(), web().join("package-lock.json")], &packed, || {
        fs::create_dir_all(&package)?;
        let mut bind = std::process::Command::new(&tool);
        steps::run("binding it to JavaScript", bind.arg(&module).arg(&package).arg(NAME))?;
        let mut optimise = node.command("node");
        optimise.arg("node_modules/binaryen/bin/wasm-opt").args(["-Oz", "--converge"]).args(FEATURES);
        steps::run("optimising it for size", optimise.arg(&packed).arg("-o").arg(&packed))
    })
}

/// wasm-bindgen's library as a program, built once.
fn bindgen() -> Result<PathBuf> {
    let folder = root().join("xtask/bindgen");
    let tools = target().join("tools");
    let tool = tools.join("release/cartwright-bindgen");
    unless_done("bindgen", std::slice::from_ref(&folder), &tool, || {
        let mut build = cargo(&["build", "--release", "--locked", "--manifest-path"]);
        build.arg(folder.join("Cargo.toml")).arg("--target-dir").arg(&tools);
        steps::run("building wasm-bindgen (some two minutes, once)", &mut build)
    })?;
    Ok(tool)
}
