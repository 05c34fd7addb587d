//! A bundle answers as the plugin does, and tells no more than a shopper may know.

use cartwright_contract::estimate::{Destination, Estimate, Question};
use cartwright_contract::{Coordinates, Dimensions, Failure, Line, LocationStock, Rotation};
use cartwright_core::bundle::{MOST_DAYS, Undescribed, Unreadable, describe, read};
use cartwright_core::calendar::Instant;
use cartwright_core::shipping_quote::quote;
use cartwright_core::shipping_quote::shop::Shop;
use cartwright_sdk::testing::{configured, instant};
use proptest::prelude::*;
use shipping_quote::ShippingQuotePlugin;
use std::sync::LazyLock;

const SETTINGS: &str = include_str!("../../../xtask/demo/shops/demo/shipping-quote.json");
const DAY: i64 = 86_400;
/// Clocks are put forward and back, Thanksgiving and Christmas, stock-taking, a leap day, a holiday that is observed on another day.
const BEGINNINGS: [&str; 8] = [
    "2026-03-06T00:00:00Z",
    "2026-10-30T05:00:00Z",
    "2026-11-22T00:00:00Z",
    "2026-12-20T12:34:56Z",
    "2026-12-30T00:00:00Z",
    "2028-02-26T00:00:00Z",
    "2026-06-30T00:00:00Z",
    "2027-03-12T23:00:00Z",
];
const DAYS: i64 = 9;

static PLUGIN: LazyLock<ShippingQuotePlugin> = LazyLock::new(|| configured(SETTINGS).plugin);
/// The demo shop's bundles of all beginnings.
static BUNDLES: LazyLock<Vec<(i64, Shop)>> = LazyLock::new(|| {
    let bundle = |text: &&str| {
        let from = instant(text);
        let bytes = describe(PLUGIN.shop(), Instant(from), Instant(from + DAYS * DAY)).unwrap();
        (from, read(&bytes).unwrap())
    };
    BEGINNINGS.iter().map(bundle).collect()
});

fn estimate(shop: &Shop, question: &Question) -> Result<Estimate, Failure> {
    let answer = quote(shop, &question.clone().into_request("USD".into()))?;
    Ok(Estimate::of(answer, question.at, "USD".into()))
}

fn destination() -> impl Strategy<Value = Destination> {
    let postal_codes = prop_oneof![
        4 => (0u32..100_000).prop_map(|code| Some(format!("{code:05}"))),
        1 => Just(None),
        1 => ".{0,12}".prop_map(Some),
    ];
    let at = (-90_000_000i32..=90_000_000, -180_000_000i32..=180_000_000)
        .prop_map(|(latitude, longitude)| Coordinates { latitude, longitude });
    let countries = prop_oneof![12 => Just("US"), 1 => Just("CA"), 1 => Just("DE"), 1 => Just("JP"), 1 => Just("BR")];
    let parts = proptest::option::weighted(0.3, proptest::sample::select(vec!["AK", "HI", "CA", "OR", "US-NY"]));
    (countries, parts, postal_codes, any::<Option<bool>>(), proptest::option::weighted(0.1, at)).prop_map(
        |(country, subdivision, postal_code, residential, coordinates)| Destination {
            country: country.into(),
            subdivision: subdivision.map(Into::into),
            postal_code,
            residential,
            coordinates,
        },
    )
}

fn line() -> impl Strategy<Value = Line> {
    let size =
        (10u32..700, 10u32..500, 5u32..400).prop_map(|(length, width, height)| Dimensions { length, width, height });
    let turns = proptest::sample::select(vec![Rotation::Any, Rotation::Upright, Rotation::Fixed]);
    let tags = proptest::collection::vec(proptest::sample::select(vec!["frozen", "oversize", "final-sale"]), 0..2);
    (
        1u32..4,
        0i64..40_000,
        1u32..9_000,
        proptest::option::weighted(0.9, size),
        turns,
        any::<[bool; 3]>(),
        0u8..12,
        tags,
    )
        .prop_map(|(quantity, unit_price, weight, size, rotation, [fragile, alone, _], dice, tags)| Line {
            quantity,
            unit_price,
            weight,
            size,
            rotation,
            fragile,
            ships_alone: alone && dice < 2,
            hazardous: dice == 11,
            physical: dice != 10,
            tags: tags.into_iter().map(Into::into).collect(),
            ..Line::default()
        })
}

fn question() -> impl Strategy<Value = Question> {
    (destination(), proptest::collection::vec(line(), 1..8), proptest::option::of(any::<[[u8; 8]; 3]>()), any::<bool>())
        .prop_map(|(destination, mut lines, stock, vip)| {
            for (index, line) in lines.iter_mut().enumerate() {
                line.id = index.to_string();
                line.sku = format!("SKU-{index}");
            }
            let of = |(location, units): (&str, [u8; 8])| LocationStock {
                location: location.into(),
                available: units[..lines.len()].iter().map(|units| u32::from(units % 6)).collect(),
            };
            let stock = stock.map(|all| ["reno", "columbus", "portland"].into_iter().zip(all).map(of).collect());
            let customer_tags = if vip { vec!["vip".into()] } else { vec![] };
            Question { destination, lines, stock: stock.unwrap_or_default(), customer_tags, ..Question::default() }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_bundle_estimates_what_the_plugin_quotes(
        question in question(),
        bundle in 0..BEGINNINGS.len(),
        after in prop_oneof![3 => 0..DAYS * DAY, 1 => (0..DAYS).prop_map(|day| day * DAY), 1 => Just(DAYS * DAY - 1)],
    ) {
        let (from, shop) = &BUNDLES[bundle];
        let question = Question { at: from + after, ..question };
        prop_assert_eq!(estimate(shop, &question), estimate(PLUGIN.shop(), &question));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic_and_what_is_cut_is_told(
        cut in any::<proptest::sample::Index>(), at in any::<proptest::sample::Index>(), byte in any::<u8>(),
    ) {
        static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| describe(PLUGIN.shop(), Instant(0), Instant(DAY)).unwrap());
        prop_assert!(read(&BYTES).is_ok());
        let cut = cut.index(BYTES.len());
        prop_assert!(matches!(read(&BYTES[..cut]), Err(Unreadable::Cut | Unreadable::Malformed)), "cut at {}", cut);
        let mut bytes = BYTES.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        // Whatever it says now, it is read or refused.
        let _ = read(&bytes);
    }
}

#[test]
fn a_newer_version_is_told_from_a_broken_one() {
    let bytes = describe(PLUGIN.shop(), Instant(0), Instant(DAY)).unwrap();
    let newer: Vec<u8> = [99].into_iter().chain(bytes[1..].iter().copied()).collect();
    assert_eq!(read(&newer).unwrap_err(), Unreadable::FutureVersion(99));
    assert_eq!(read(&[]).unwrap_err(), Unreadable::Cut);
    let longer: Vec<u8> = bytes.into_iter().chain([0]).collect();
    assert_eq!(read(&longer).unwrap_err(), Unreadable::Malformed);
}

#[test]
fn a_bundle_is_for_some_days() {
    let of = |from: i64, until: i64| describe(PLUGIN.shop(), Instant(from), Instant(until));
    assert!(of(0, MOST_DAYS * DAY).is_ok());
    for (from, until) in [(0, 0), (1, 0), (0, MOST_DAYS * DAY + 1), (i64::MIN, i64::MAX), (i64::MAX - 1, i64::MAX)] {
        assert!(matches!(of(from, until), Err(Undescribed::Time { .. })), "{from} to {until}");
    }
}

#[test]
fn no_cost_no_margin_and_no_name_of_a_charge_is_in_a_bundle() {
    let bytes = describe(PLUGIN.shop(), Instant(0), Instant(DAY)).unwrap();
    let tells = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(tells(&bytes, "Parcel Ground"), "services are told");
    for text in ["FUEL", "MARKUP", "RESIDENTIAL", "mailer-s", "warehouse, NV", "published tables"] {
        assert!(SETTINGS.contains(text) || text == "MARKUP");
        assert!(!tells(&bytes, text), "{text}");
    }
    // A share of 3 % on a service and the figures it gives at once are the same bundle.
    let marked_up = |share: i64| {
        let mut settings: serde_json::Value = serde_json::from_str(SETTINGS).unwrap();
        let service = settings["services"].as_array_mut().unwrap().remove(0);
        let mut service = service;
        service["rate"] = serde_json::json!({
            "type": "flat", "per": "parcel", "prices": { "*": if share == 0 { 1100 } else { 1000 } }
        });
        service["surcharges"] = serde_json::json!([]);
        service["minimumCharge"] = 0.into();
        service["markup"] = serde_json::json!({ "sharePpm": share });
        settings["services"] = serde_json::json!([service]);
        let plugin = configured::<ShippingQuotePlugin>(&settings.to_string()).plugin;
        describe(plugin.shop(), Instant(0), Instant(DAY)).unwrap()
    };
    assert!(marked_up(0) == marked_up(100_000), "a margin can be told from a price");
}
