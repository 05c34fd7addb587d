//! What was built before these tests run.

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in the workspace").to_owned()
}

/// The `cartwright` binary: `CARTWRIGHT_BINARY`, else the one beside this test's own executable.
///
/// # Panics
/// When it is not there.
pub fn binary() -> PathBuf {
    let named = std::env::var_os("CARTWRIGHT_BINARY").map(PathBuf::from);
    let path = named.unwrap_or_else(|| {
        let tests = std::env::current_exe().expect("this test's own path");
        tests.parent().and_then(Path::parent).expect("it lies in the target folder").join("cartwright")
    });
    assert!(path.is_file(), "there is no {}; build it, or name one in CARTWRIGHT_BINARY", path.display());
    path
}

/// The file of a component that `cargo xtask setup` built: `CARTWRIGHT_COMPONENTS`, else `components` in cargo's target folder.
///
/// # Panics
/// When it is not there.
pub fn component(name: &str) -> PathBuf {
    let named = std::env::var_os("CARTWRIGHT_COMPONENTS").map(PathBuf::from);
    let target = || std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir));
    let path = named.unwrap_or_else(|| target().join("components")).join(format!("{name}.wasm"));
    assert!(path.is_file(), "there is no {}; run `cargo xtask setup` first", path.display());
    path
}
