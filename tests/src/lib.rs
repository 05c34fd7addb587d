//! What the end-to-end tests and the benches share: built components, carts, an engine.

use cartwright_contract::shipping_quote::Request;
use cartwright_contract::{Address, Coordinates, Dimensions, Line};
use cartwright_runtime::{Engine, EngineOptions};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace").to_owned()
}

/// Where `cargo xtask test` puts the components.
pub fn components_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir));
    target.join("components")
}

/// The bytes of a component that `cargo xtask test` built.
pub fn component(name: &str) -> Vec<u8> {
    let path = components_folder().join(format!("{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; run `cargo xtask setup` first", path.display()))
}

/// One engine for all tests of a process, as a platform has one.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(EngineOptions::default()).expect("an engine starts on this machine"))
}

/// The demo shop's settings.
pub fn demo_settings() -> String {
    let path = root().join("xtask/demo/shops/demo/shipping-quote.json");
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A cart of so many lines, one or two units each, to San Francisco.
pub fn cart(lines: u32) -> Request {
    let line = |index: u32| Line {
        id: format!("line-{index}"),
        sku: format!("SKU-{index}"),
        quantity: 1 + index % 2,
        unit_price: 1_299,
        weight: 180 + 40 * (index % 7),
        size: Some(Dimensions { length: 100 + 10 * (index % 5), width: 80, height: 40 + 10 * (index % 3) }),
        physical: true,
        tags: vec!["category:kitchen".into()],
        ..Line::default()
    };
    Request {
        at: 1_795_424_400,
        currency: "USD".into(),
        destination: Address {
            country: "US".into(),
            subdivision: Some("CA".into()),
            city: Some("San Francisco".into()),
            postal_code: Some("94107".into()),
            residential: Some(true),
            coordinates: Some(Coordinates { latitude: 37_766_000, longitude: -122_396_000 }),
            ..Address::default()
        },
        lines: (0..lines).map(line).collect(),
        ..Request::default()
    }
}
