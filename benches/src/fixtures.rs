//! What several tables measure with: the end-to-end tests' components and carts, and real data that is not part of the project.

pub use cartwright_tests::{cart, component, components_folder, demo_settings, engine, root};
use std::path::PathBuf;

/// Real data; tables that need it say when it is missing.
pub fn shared() -> PathBuf {
    std::env::var_os("CARTWRIGHT_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from)
}
