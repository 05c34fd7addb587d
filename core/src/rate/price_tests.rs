//! What a price is made of.

use super::*;
use crate::money::PartsPerMillion;
use crate::rate::place_set::PlaceSet;
use crate::rate::testing::address;
use crate::rate::{
    Beyond, BillingRules, BillingStep, Condition, Destination, DimensionalDivisor, Direction, Effect, EligibilityRules,
    FreightRules, Range, ShareOf, ZoneRow, ZoneRows,
};
use crate::units::Size;
use alloc::vec;
use proptest::prelude::*;

/// Two zones by weight and parcel, nothing else.
fn plain() -> ServiceRules {
    let zone = |factor: i64| ZoneRows {
        rows: vec![
            ZoneRow { up_to: Grams(1_000), price: Minor(500 * factor) },
            ZoneRow { up_to: Grams(5_000), price: Minor(900 * factor) },
        ],
        beyond: Some(Beyond { step: BillingStep::grams(1_000), price: Minor(100 * factor) }),
    };
    let freight = Freight::new(&FreightRules::Weight { per: Per::Parcel, zones: vec![zone(1), zone(2)] }).unwrap();
    ServiceRules {
        zones: 2,
        freight,
        billing: Billing::default(),
        minimum_charge: Minor::ZERO,
        eligibility: Eligibility::default(),
        surcharges: Vec::new(),
        markup: Markup::default(),
        promotions: Vec::new(),
        rounding: None,
    }
}

fn parcel(grams: u64) -> Parcel {
    Parcel { size: Size::new(300, 200, 100), gross: Grams(grams), hazardous: false }
}

fn fuel(share: i64) -> Surcharge {
    let share = (PartsPerMillion(share), ShareOf::FreightAndSurcharges);
    Surcharge::new("FUEL".into(), Per::Order, Minor(0), share, Condition::Always).unwrap()
}

fn residential(amount: i64) -> Surcharge {
    let none = (PartsPerMillion(0), ShareOf::Freight);
    let home = Condition::Residential { when_unknown: true };
    Surcharge::new("RESIDENTIAL".into(), Per::Parcel, Minor(amount), none, home).unwrap()
}

fn promotion(code: &str, from: i64, effect: Effect, zones: Vec<Zone>) -> Promotion {
    Promotion::new(code.into(), Minor(from), effect, zones, PlaceSet::default()).unwrap()
}

/// Price, steps by code and amount, and what is missing until free.
type Outcome = (i64, Vec<(String, i64)>, Option<i64>);

fn price(rules: ServiceRules, zone: u16, parcels: &[Parcel], cart: i64) -> Outcome {
    let address = address("US", "CA", "94105");
    let destination = Destination::new(&address, None);
    let service = Service::new(rules).unwrap();
    let priced = service.price(Some(Zone(zone)), &Shipment::new(&destination, parcels, Minor(cart))).unwrap();
    let steps = priced.charges().into_iter().map(|charge| (charge.code, charge.amount)).collect();
    (priced.price.0, steps, priced.until_free.map(|missing| missing.0))
}

fn steps(steps: &[(&str, i64)]) -> Vec<(String, i64)> {
    steps.iter().map(|(code, amount)| ((*code).into(), *amount)).collect()
}

#[test]
fn every_parcel_pays_its_own_row() {
    let (price, charges, until_free) = price(plain(), 1, &[parcel(800), parcel(6_500)], 0);
    assert_eq!(price, 1_000 + 1_800 + 400);
    assert_eq!(charges, steps(&[("FREIGHT", 3_200)]));
    assert_eq!(until_free, None);
}

#[test]
fn the_steps_come_in_order_and_add_up() {
    let rules = ServiceRules {
        minimum_charge: Minor(600),
        surcharges: vec![residential(400), fuel(100_000)],
        markup: Markup::new(PartsPerMillion(50_000), Minor(30)).unwrap(),
        promotions: vec![promotion("HALF", 5_000, Effect::Share(PartsPerMillion(500_000)), vec![])],
        rounding: Some(Rounding::to_ending(Direction::Up, Minor(100), Minor(99)).unwrap()),
        ..plain()
    };
    let (price, charges, _) = price(rules, 0, &[parcel(1_000)], 5_000);
    let expected = [
        ("FREIGHT", 500),
        ("MINIMUM_CHARGE", 100),
        ("RESIDENTIAL", 400),
        ("FUEL", 100),
        ("MARKUP", 85),
        ("HALF", -593),
        ("ROUNDING", 7),
    ];
    assert_eq!(charges, steps(&expected));
    assert_eq!(price, 599);
}

#[test]
fn of_several_thresholds_the_one_that_takes_off_most_holds() {
    let promotions = vec![
        promotion("TEN", 1_000, Effect::Amount(Minor(100)), vec![]),
        promotion("FREE", 5_000, Effect::Free, vec![Zone(0)]),
        promotion("FREE_FAR", 9_000, Effect::Free, vec![]),
    ];
    let rules = || ServiceRules { promotions: promotions.clone(), ..plain() };
    let at = |zone, cart| price(rules(), zone, &[parcel(500)], cart);
    assert_eq!(at(0, 999), (500, steps(&[("FREIGHT", 500)]), Some(4_001)));
    assert_eq!(at(0, 4_000), (400, steps(&[("FREIGHT", 500), ("TEN", -100)]), Some(1_000)));
    assert_eq!(at(0, 5_000), (0, steps(&[("FREIGHT", 500), ("FREE", -500)]), Some(0)));
    assert_eq!(at(1, 5_000), (900, steps(&[("FREIGHT", 1_000), ("TEN", -100)]), Some(4_000)));
}

#[test]
fn what_is_free_is_not_rounded_up() {
    let rules = ServiceRules {
        promotions: vec![promotion("FREE", 0, Effect::Free, vec![])],
        rounding: Some(Rounding::to_ending(Direction::Up, Minor(100), Minor(99)).unwrap()),
        ..plain()
    };
    assert_eq!(price(rules, 0, &[parcel(500)], 0).0, 0);
}

#[test]
fn billable_weight_is_by_volume_where_that_is_more() {
    let divisor = Some(DimensionalDivisor::CubicCentimetresPerKilogram(5_000));
    let billing = Billing::new(BillingRules { divisor, ..BillingRules::default() }).unwrap();
    // 30 x 20 x 10 cm are 1.2 kg: the second row.
    assert_eq!(price(ServiceRules { billing, ..plain() }, 0, &[parcel(500)], 0).0, 900);
}

#[test]
fn a_service_that_is_not_offered_says_why() {
    let address = address("US", "CA", "94105");
    let destination = Destination::new(&address, None);
    let refusal = |rules: ServiceRules, zone: Option<Zone>| {
        let parcels = [parcel(6_000)];
        let service = Service::new(rules).unwrap();
        match service.price(zone, &Shipment::new(&destination, &parcels, Minor(100))) {
            Err(NoPrice::Refused(refusal)) => refusal.code(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refusal(plain(), None), "NO_ZONE");
    assert_eq!(refusal(plain(), Some(Zone(2))), "ZONE_NOT_OFFERED");
    let row = ZoneRow { up_to: Grams(5_000), price: Minor(1) };
    let zones = vec![ZoneRows { rows: vec![row], beyond: None }];
    let light = Freight::new(&FreightRules::Weight { per: Per::Order, zones }).unwrap();
    let rules = || ServiceRules { zones: 1, freight: light.clone(), ..plain() };
    assert_eq!(refusal(rules(), Some(Zone(0))), "ABOVE_LAST_WEIGHT_BREAK");
    let zones = vec![vec![(Minor(101), Minor(1))]];
    let freight = Freight::new(&FreightRules::CartValue { zones }).unwrap();
    assert_eq!(refusal(ServiceRules { zones: 1, freight, ..plain() }, Some(Zone(0))), "BELOW_FIRST_VALUE_BAND");
    let parcel_weight = Range { least: None, most: Some(Grams(5_999)) };
    let eligibility = Eligibility::new(EligibilityRules { parcel_weight, ..EligibilityRules::default() }).unwrap();
    assert_eq!(refusal(ServiceRules { eligibility, ..plain() }, None), "PARCEL_ABOVE_MAXIMUM_WEIGHT");
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let error = |rules| Service::new(rules).unwrap_err();
    assert_eq!(error(ServiceRules { zones: 3, ..plain() }), ServiceError::Zones { freight: 2, table: 3 });
    assert_eq!(error(ServiceRules { minimum_charge: Minor(-1), ..plain() }), ServiceError::NegativeMinimum(Minor(-1)));
    assert_eq!(
        error(ServiceRules { surcharges: vec![fuel(1), residential(1), fuel(2)], ..plain() }),
        ServiceError::DuplicateCode { list: "surcharge", index: 2, earlier: 0, code: "FUEL".into() }
    );
    let tenth = (PartsPerMillion(100_000), ShareOf::Freight);
    let surcharge = Surcharge::new("BULKY".into(), Per::Parcel, Minor(0), tenth, Condition::Always).unwrap();
    let prices = vec![Some(Minor(1)), None];
    let freight = Freight::new(&FreightRules::Flat { per: Per::Order, prices }).unwrap();
    assert_eq!(
        error(ServiceRules { surcharges: vec![surcharge], freight, ..plain() }),
        ServiceError::ParcelShareOfOrderFreight { index: 0, code: "BULKY".into() }
    );
    assert_eq!(
        error(ServiceRules { promotions: vec![promotion("X", 0, Effect::Free, vec![Zone(2)])], ..plain() }),
        ServiceError::PromotionZone { index: 0, zone: 2, zones: 2 }
    );
}

/// Some service with every kind of step.
fn full(fuel_share: i64, extra: i64, markup: i64, off: i64, period: i64, way: Direction) -> ServiceRules {
    ServiceRules {
        minimum_charge: Minor(extra),
        surcharges: vec![residential(extra + 1), fuel(fuel_share)],
        markup: Markup::new(PartsPerMillion(markup), Minor(-extra)).unwrap(),
        promotions: vec![
            promotion("OFF", 1_000, Effect::Amount(Minor(off)), vec![]),
            promotion("FREE", 100_000, Effect::Free, vec![]),
        ],
        rounding: Some(Rounding::to_ending(way, Minor(period), Minor(period - 1)).unwrap()),
        ..plain()
    }
}

proptest! {
    #[test]
    fn the_steps_add_up_and_the_price_is_never_negative_and_nothing_panics(
        parcels in proptest::collection::vec((any::<[u32; 3]>(), prop_oneof![0u64..100_000, any::<u64>()]), 0..4),
        cart in prop_oneof![0i64..200_000, any::<i64>(), Just(i64::MAX), Just(i64::MIN)],
        fuel_share in 1i64..10_000_000, extra in prop_oneof![0i64..10_000, 0..i64::MAX],
        markup in -1_000_000i64..10_000_000, off in 1i64.., period in 1i64..1_000,
        way in prop_oneof![Just(Direction::Up), Just(Direction::Down), Just(Direction::Nearest)],
        zone in proptest::option::of(0u16..4),
    ) {
        let address = address("US", "CA", "94105");
        let destination = Destination::new(&address, None);
        let parcels: Vec<_> = parcels
            .into_iter()
            .map(|([l, w, h], grams)| Parcel { size: Size::new(l, w, h), gross: Grams(grams), hazardous: false })
            .collect();
        let service = match Service::new(full(fuel_share, extra, markup, off, period, way)) {
            Ok(service) => service,
            Err(error) => {
                prop_assert_eq!(error, ServiceError::MarkupTooHigh);
                return Ok(());
            }
        };
        let shipment = Shipment::new(&destination, &parcels, Minor(cart));
        let total = service.total(zone.map(Zone), &shipment);
        match service.price(zone.map(Zone), &shipment) {
            Ok(priced) => {
                let Price { price, billable, zone, until_free, .. } = priced;
                prop_assert_eq!(total, Ok(Total { price, billable, zone, until_free }), "the steps change nothing");
                let sum: i128 = priced.steps.iter().map(|step| i128::from(step.amount.0)).sum();
                prop_assert_eq!(sum, i128::from(priced.price.0));
                prop_assert!(priced.price >= Minor::ZERO);
                prop_assert!(priced.until_free >= Some(Minor::ZERO));
            }
            Err(NoPrice::Refused(refusal)) => prop_assert!(!refusal.message().is_empty() && refusal.figures().len() < 9),
            Err(NoPrice::Overflow) => {}
        }
    }

    #[test]
    fn a_heavier_parcel_never_costs_less(grams in 0u64..50_000, more in 0u64..50_000, zone in 0u16..2) {
        let rules = || ServiceRules { surcharges: vec![residential(100), fuel(125_000)], ..plain() };
        prop_assert!(
            price(rules(), zone, &[parcel(grams + more)], 0).0 >= price(rules(), zone, &[parcel(grams)], 0).0
        );
    }
}

#[test]
fn a_rate_per_order_rounds_the_weight_once_and_not_parcel_by_parcel() {
    let rows = vec![ZoneRow { up_to: Grams(10_000), price: Minor(500) }];
    let beyond = Some(Beyond { step: BillingStep::grams(10_000), price: Minor(500) });
    let zone = ZoneRows { rows, beyond };
    let freight = Freight::new(&FreightRules::Weight { per: Per::Order, zones: vec![zone] }).unwrap();
    let billing = Billing::new(BillingRules { step: BillingStep::grams(10_000), ..BillingRules::default() }).unwrap();
    let rules = ServiceRules { zones: 1, freight, billing, ..plain() };
    // 500 parcels of 860 g are 430 kg: one row of 10 kg and 42 steps beyond it.
    assert_eq!(price(rules, 0, &[parcel(860); 500], 0).0, 43 * 500);
}
