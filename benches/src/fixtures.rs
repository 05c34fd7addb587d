//! The component, settings and carts that several tables measure with.

use cartwright_contract::shipping_quote::Request;
use cartwright_contract::{Address, Coordinates, Dimensions, Line};
use cartwright_runtime::{Engine, EngineOptions};
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the benches lie in the workspace").to_owned()
}

/// Real data that is not part of the project; tables that need it say when it is missing.
pub fn shared() -> PathBuf {
    std::env::var_os("CARTWRIGHT_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from)
}

pub fn component(name: &str) -> Vec<u8> {
    let folder =
        std::env::var_os("CARTWRIGHT_COMPONENTS").map_or_else(|| root().join("target/components"), PathBuf::from);
    let path = folder.join(format!("{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; `cargo xtask bench` builds it", path.display()))
}

/// The demo shop's settings: three locations, a dozen boxes, services with zones, weight breaks and surcharges.
pub fn settings() -> String {
    std::fs::read_to_string(root().join("xtask/demo/shops/demo/shipping-quote.json")).expect("the demo shop's settings")
}

pub fn engine() -> Engine {
    Engine::new(EngineOptions::default()).expect("an engine starts on this machine")
}

/// A cart of so many lines, one or two units each, to San Francisco.
pub fn cart(lines: u32) -> Request {
    let line = |index: u32| Line {
        id: format!("line-{index}"),
        sku: format!("SKU-{index}"),
        quantity: 1 + index % 2,
        unit_price: 1_299 + i64::from(index) * 100,
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
