//! A store with thousands of installs, written without a server.

use crate::fixtures::{component, root};
use cartwright_package::Digest;
use cartwright_store::{Actor, NewInstall, NewPackageVersion, NewRevision, NewShop, Stage, Store, StoreOptions};
use serde_json::json;
use std::time::Duration;

pub const SHOPS: usize = 2_000;
/// Packages that differ in their name and digest only, for each hook.
pub const PACKAGES: usize = 10;

/// Each hook's reference plugin, the end of its address, and what the demo asks of it.
pub const HOOKS: [(&str, &str, &str); 5] = [
    ("shipping-quote", "quotes", "carts/tent-and-stove.json"),
    ("address-validation", "address-validations", "orders/address-validation.json"),
    ("order-screening", "screenings", "orders/order-screening-review.json"),
    ("order-routing", "routings", "orders/order-routing.json"),
    ("return-policy", "returns", "orders/return-policy.json"),
];

pub fn demo(file: &str) -> String {
    let path = root().join("xtask/demo").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn shop(number: usize) -> String {
    format!("shop-{number}")
}

/// The same component with a digest of its own: a custom section more, which nobody reads.
fn variant(component: &[u8], number: usize) -> Vec<u8> {
    let name = b"variant";
    let text = number.to_string();
    let length = |bytes: usize| u8::try_from(bytes).expect("short");
    let head = [0, length(1 + name.len() + text.len()), length(name.len())];
    [component, &head, name, text.as_bytes()].concat()
}

/// 50 packages, and in each of 2,000 shops one on each hook, live, with settings that nobody else has.
pub fn fill(url: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a tokio runtime");
    runtime.block_on(async {
        let mut options = StoreOptions::new(url);
        options.timeout = Duration::from_mins(1);
        let store = Store::open(options).await.expect("the store opens");
        let actor = Actor::new("bench");
        // What merchants may ask for is not what is measured.
        let limits = json!({ "cpuPercent": 100, "requestsPerSecond": 100_000, "burst": 100_000, "concurrent": 512 });
        for number in 0..SHOPS {
            let id = shop(number);
            let document = json!({ "limits": limits });
            let new = NewShop { name: id.clone(), id, class: "standard".into(), document };
            store.create_shop(&actor, &new).await.expect("a shop");
        }
        for (hook, ..) in HOOKS {
            let code = component(&hook.replace('-', "_"));
            for number in 0..PACKAGES {
                let code = variant(&code, number);
                let new = NewPackageVersion {
                    package: format!("{hook}-{number}"),
                    version: "1.0.0".into(),
                    digest: Digest::of(&code).to_string(),
                    hooks: vec![hook.into()],
                    manifest: json!({}),
                    schema: None,
                    author: None,
                    signature: None,
                };
                store.publish(&actor, &new, &code).await.expect("published");
            }
            let settings = demo(&format!("shops/demo/{hook}.json"));
            for number in 0..SHOPS {
                // White space is no setting, but it makes the document one of its own.
                let settings = format!("{}{}", settings, " ".repeat(number));
                let new = NewInstall {
                    id: None,
                    shop: shop(number),
                    hook: hook.into(),
                    name: hook.into(),
                    position: None,
                    policy: None,
                    revision: NewRevision {
                        package: format!("{hook}-{}", number % PACKAGES),
                        package_version: "1.0.0".into(),
                        settings_digest: Digest::of(settings.as_bytes()).to_string(),
                        settings,
                        note: None,
                        once: None,
                    },
                };
                let install = store.create_install(&actor, &new).await.expect("installed").it;
                let live = Stage::Live { revision: Some(1) };
                store.stage(&actor, &install.id, live, None, None).await.expect("live");
            }
        }
    });
}
