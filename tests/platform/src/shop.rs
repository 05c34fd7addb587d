//! A shop with a plugin that answers what its settings say, for tests of everything around plugins.

use crate::api::{Answer, Api};
use crate::platform::Platform;
use crate::server::Server;
use serde_json::{Value, json};

/// A shop with its tokens, and how it is spoken of.
#[derive(Clone)]
pub struct Merchant {
    pub shop: String,
    /// Of the kind `shopAdmin`.
    pub admin: String,
    /// Of the kind `shopCheckout`.
    pub checkout: String,
}

/// A cart of one line; `shopper` is its customer.
pub fn cart(shopper: &str) -> Value {
    json!({
        "currency": "USD",
        "destination": { "country": "US", "subdivision": "CA", "city": "San Francisco", "postalCode": "94107", "residential": true },
        "lines": [{ "id": "1", "sku": "MUG", "quantity": 1, "unitPrice": 1600, "weight": 270,
            "size": { "length": 115, "width": 90, "height": 75 } }],
        "customer": { "id": shopper, "email": format!("{shopper}@shop.example") },
    })
}

/// Settings with which the scripted plugin quotes one service at this price.
pub fn quoting(price: i64) -> Value {
    let quote = json!({ "service": "standard", "name": "Standard", "carrier": "", "method": "ship", "price": price, "charges": [],
        "billableWeight": 0, "parcels": [], "backup": false, "reasons": [] });
    let answer = json!({ "quotes": [quote], "parcels": [], "reasons": [] });
    json!({ "answer": answer.to_string() })
}

impl Merchant {
    /// Publishes the scripted plugin, if it is not there, and makes a shop with tokens, and with `revision 1` of the plugin live on
    /// `shipping-quote` under the name `quotes`. How slow this machine is counts for nothing in its policy.
    ///
    /// # Panics
    /// When something of that is refused.
    pub fn open(platform: &Platform, server: &Server, shop: &str, settings: &Value) -> Self {
        Self::open_with(platform, server, shop, "scripted", settings)
    }

    /// The same with this plugin, whose package has its name.
    ///
    /// # Panics
    /// When something of that is refused.
    pub fn open_with(platform: &Platform, server: &Server, shop: &str, plugin: &str, settings: &Value) -> Self {
        let component = crate::component(&plugin.replace('-', "_"));
        let component = component.to_str().expect("a path in UTF-8");
        platform.cli(server, &["publish", component]).done();
        let api = server.api(&platform.token);
        let document = json!({
            "limits": { "cpuPercent": 100, "requestsPerSecond": 100_000, "burst": 100_000, "concurrent": 512 },
            "backupRates": [{ "service": "backup", "name": "Backup", "price": 777, "currency": "USD" }],
        });
        api.post("/v1/shops", &json!({ "id": shop, "name": shop, "document": document })).ok();
        let token = |kind: &str| {
            let made = api.post(&format!("/v1/shops/{shop}/tokens"), &json!({ "kind": kind, "label": kind })).ok();
            made["secret"].as_str().expect("it is shown once").to_owned()
        };
        let (admin, checkout) = (token("shopAdmin"), token("shopCheckout"));
        let merchant = Self { shop: shop.to_owned(), admin, checkout };
        let api = server.api(&merchant.admin);
        let body = json!({ "hook": "shipping-quote", "name": "quotes", "package": plugin, "version": "0.1.0", "settings": settings });
        api.post(&merchant.path("/installs"), &body).ok();
        merchant.set_policy(&api, &json!({}));
        merchant.stage(&api, &json!({ "stage": "live", "revision": 1 })).ok();
        merchant
    }

    /// An address below the shop's.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/shops/{}{rest}", self.shop)
    }

    /// An address below the install's.
    pub fn install(&self, rest: &str) -> String {
        self.path(&format!("/installs/quotes{rest}"))
    }

    /// Sets the install's policy; where it says nothing of slow calls, they are allowed.
    ///
    /// # Panics
    /// When it is refused.
    pub fn set_policy(&self, api: &Api, policy: &Value) {
        let mut policy = policy.clone();
        if !policy["limits"].is_object() {
            policy["limits"] = json!({});
        }
        for (name, value) in [("slowMillis", 60_000), ("slowRate", 1_000)] {
            if policy["limits"].get(name).is_none() {
                policy["limits"][name] = json!(value);
            }
        }
        api.put(&self.install("/policy"), &policy).ok();
    }

    /// Drafts a revision with other settings; gives its number.
    ///
    /// # Panics
    /// When it is refused.
    pub fn draft(&self, api: &Api, settings: &Value) -> i64 {
        let made = api.post(&self.install("/revisions"), &json!({ "settings": settings })).ok();
        made["number"].as_i64().expect("a number")
    }

    pub fn stage(&self, api: &Api, body: &Value) -> Answer {
        api.post(&self.install("/stage"), body)
    }

    /// Makes this revision live.
    ///
    /// # Panics
    /// When it is refused.
    pub fn activate(&self, api: &Api, revision: i64) {
        self.stage(api, &json!({ "stage": "live", "revision": revision })).ok();
    }

    /// A quote, as a storefront asks for it.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn quote(&self, server: &Server, shopper: &str) -> Answer {
        server.api(&self.checkout).post(&self.path("/quotes"), &cart(shopper))
    }

    /// The revision that answers a shopper, and the price that it names.
    ///
    /// # Panics
    /// When there is no quote.
    pub fn answers(&self, server: &Server, shopper: &str) -> (i64, i64) {
        let answer = self.quote(server, shopper).ok();
        let revision = answer["plugins"][0]["revision"].as_i64();
        (revision.unwrap_or_else(|| panic!("{answer}")), answer["quotes"][0]["price"].as_i64().unwrap_or(-1))
    }
}
