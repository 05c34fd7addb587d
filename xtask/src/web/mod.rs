//! `cargo xtask web`: the packages of `web/`, and the site that the demo, the browser's tests and its benches serve.
//!
//! Every step is left out when it was done before with the same inputs. What this module must not know: what the pages do.

mod chromium;
mod node;
mod npm;
mod site;
mod stamp;
mod tests;
mod wasm;

use anyhow::Result;
use node::Node;
use std::path::PathBuf;

pub use tests::{bench, check, prepare, test};

/// Builds everything and says where the site lies: a folder for `cartwright serve --site`.
pub fn build() -> Result<PathBuf> {
    Ok(built()?.1)
}

fn built() -> Result<(Node, PathBuf)> {
    let node = Node::find()?;
    npm::install(&node)?;
    wasm::types()?;
    wasm::build(&node)?;
    npm::build(&node, "estimates")?;
    npm::build(&node, "storefront")?;
    Ok((node, site::assemble()?))
}
