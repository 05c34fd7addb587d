//! A whole plugin, as its author's own tests see it.

use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::plan::ShippingQuotePlan;
use cartwright_sdk::shipping_quote::*;
use cartwright_sdk::testing::{cart, configured, issues, item, manifest, price, us_address};

/// Upper ends of bands and their prices.
#[derive(Settings)]
struct Bands {
    bands: Vec<Band>,
}

#[derive(Settings)]
struct Band {
    up_to: u32,
    price: i64,
}

struct Compiled(Vec<(u32, i64)>);

impl Configure for Compiled {
    type Settings = Bands;

    fn configure(settings: Bands) -> Result<Configured<Self>, Vec<Issue>> {
        let bands: Vec<_> = settings.bands.iter().map(|band| (band.up_to, band.price)).collect();
        if !bands.is_sorted() {
            return Err(vec![issue("/bands", &bands, "the bands do not rise", "sort them by `upTo`")]);
        }
        let mut warnings = Vec::new();
        if bands.is_empty() {
            warnings.push(issue("/bands", &bands, "no cart gets a quote", "add a band"));
        }
        Ok(Configured { plugin: Self(bands), warnings })
    }
}

impl ShippingQuote for Compiled {
    fn run(&self, request: &Request, responses: &[HttpResponse]) -> Result<Answer, Failure> {
        assert!(responses.is_empty(), "this plugin's plan asks for nothing");
        let grams: u32 = request.lines.iter().map(|line| line.quantity * line.weight).sum();
        let quotes = self.0.iter().find(|(up_to, _)| grams <= *up_to).map(|(_, price)| Quote {
            service: "band".into(),
            price: *price,
            ..Quote::default()
        });
        Ok(Answer { quotes: quotes.into_iter().collect(), ..Answer::default() })
    }
}

impl ShippingQuotePlan for Compiled {
    fn plan(&self, _: &Request) -> Result<Vec<HttpRequest>, Failure> {
        Ok(Vec::new())
    }
}

cartwright_sdk::plugin! {
    Compiled: shipping_quote + shipping_quote_plan,
    sees: ["customer.email"],
    calls: ["rates.example.com", "b.example.com"],
}

#[test]
fn settings_and_plugin_may_be_different_types() {
    let plugin =
        configured::<Compiled>(r#"{ "bands": [{ "upTo": 1000, "price": 500 }, { "upTo": 5000, "price": 900 }] }"#);
    assert!(plugin.warnings.is_empty());
    let mug = item("MUG").weight(350).size(120, 90, 100).price(1_299);
    let request = cart().line(mug.clone().quantity(2)).to(us_address("94107")).at("2026-11-23T15:00:00Z").request();
    assert_eq!(price(&plugin.plugin.run(&request, &[]).unwrap(), "band"), 500);
    let request = cart().line(mug.clone().quantity(2)).line(mug.quantity(1)).request();
    assert_eq!(price(&plugin.plugin.run(&request, &[]).unwrap(), "band"), 900);
    assert_eq!(request.lines[1].id, "2");
}

#[test]
fn a_plugin_may_refuse_or_warn_beyond_its_types() {
    let refused = issues::<Compiled>(r#"{ "bands": [{ "upTo": 2, "price": 1 }, { "upTo": 1, "price": 1 }] }"#);
    assert_eq!(refused[0].to_string(), "/bands: the bands do not rise (found [(2, 1), (1, 1)]); sort them by `upTo`");
    assert_eq!(configured::<Compiled>(r#"{ "bands": [] }"#).warnings.len(), 1);
}

#[test]
fn the_manifest_names_hooks_fields_and_hosts() {
    let manifest: serde_json::Value = serde_json::from_str(&manifest::<Compiled>()).unwrap();
    assert_eq!(
        manifest,
        serde_json::json!({
            "name": "cartwright-sdk", "version": env!("CARGO_PKG_VERSION"), "description": env!("CARGO_PKG_DESCRIPTION"),
            "sdk": env!("CARGO_PKG_VERSION"), "contract": "1.0.0",
            "hooks": ["shipping-quote", "shipping-quote-plan"],
            "sees": ["customer.email"], "calls": ["rates.example.com", "b.example.com"],
        })
    );
}
