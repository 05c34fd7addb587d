//! The rules that hold for every quote.

use super::quote;
use super::shop::{Backup, Location, Misfits, Order, PickUpPoint, Service, ServiceLane, Shop, Sourcing};
use crate::calendar::{Calendar, Day, LocalTime, Weekdays, Zone as TimeZone};
use crate::carton::{Carton, Effort, Packer};
use crate::emissions::EmissionFactors;
use crate::geo::Position;
use crate::money::{Minor, PartsPerMillion};
use crate::promise::{Dispatch, Transit, WeeklyTimes};
use crate::rate::{self, *};
use crate::units::{Grams, Size};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::shipping_quote::{Answer, Method, Request};
use cartwright_contract::{Address, Coordinates, Dimensions, Line, LocationStock};
use proptest::prelude::*;

pub(super) const RENO: Coordinates = Coordinates { latitude: 39_530_000, longitude: -119_814_000 };
pub(super) const COLUMBUS: Coordinates = Coordinates { latitude: 39_961_000, longitude: -82_999_000 };
pub(super) const BROOKLYN: Coordinates = Coordinates { latitude: 40_694_000, longitude: -73_990_000 };

fn location(id: &str, position: Coordinates) -> Location {
    let noon = WeeklyTimes::daily(LocalTime::new(12, 0, 0).unwrap());
    let weekdays = Calendar::new(Weekdays::MONDAY_TO_FRIDAY, &[]).unwrap();
    let dispatch = Dispatch::new(TimeZone::utc(), weekdays, noon, (0, 0)).unwrap();
    Location { id: id.into(), position: Position::try_from(position).ok(), dispatch }
}

/// One zone, one price a parcel, free from 100.00 on.
pub(super) fn service(id: &str, price: i64, from: [bool; 2]) -> Service {
    let rules = ServiceRules {
        zones: 1,
        freight: Freight::new(&FreightRules::Flat { per: Per::Parcel, prices: vec![Some(Minor(price))] }).unwrap(),
        billing: Billing::default(),
        minimum_charge: Minor::ZERO,
        eligibility: Eligibility::new(EligibilityRules::default()).unwrap(),
        surcharges: vec![],
        markup: Markup::default(),
        promotions: vec![
            Promotion::new("FREE".into(), Minor(10_000), Effect::Free, vec![], PlaceSet::default()).unwrap(),
        ],
        rounding: None,
    };
    let lane = |runs: bool| {
        runs.then(|| ServiceLane {
            zones: Arc::new(
                ZoneTable::new(&ZoneRules { zones: 1, default: Some(rate::Zone(0)), ..ZoneRules::default() }).unwrap(),
            ),
            transit: vec![Some(Transit::days(2, 4).unwrap())],
            pick_up: None,
        })
    };
    Service {
        id: id.into(),
        name: id.into(),
        carrier: "carrier".into(),
        rate: rate::Service::new(rules).unwrap(),
        packer: 0,
        lanes: from.map(lane).into(),
        working_days: None,
        delivery: Calendar::every_day(),
        emissions: EmissionFactors::new(100, 50, PartsPerMillion(1_000_000), "a test".into()).ok(),
        splits: true,
    }
}

pub(super) fn shop() -> Shop {
    let carton = |side, inner| Carton {
        inner: Size::new(inner, inner, inner),
        outer: Size::new(side, side, side),
        empty_weight: Grams(100),
        maximum_weight: Grams(20_000),
        cost: Minor(i64::from(side)),
        available: None,
    };
    let packer =
        Packer::new(vec![carton(110, 100), carton(310, 300)], &crate::carton::Billing::default(), Effort::CHECKOUT);
    Shop {
        currency: "USD".into(),
        locations: vec![location("reno", RENO), location("columbus", COLUMBUS)],
        sourcing: Sourcing::Priority,
        backorders: false,
        packers: vec![packer.unwrap()],
        boxes: vec!["S".into(), "L".into()],
        unmeasured: None,
        misfits: Misfits::AsTheyAre,
        postal_places: PrefixTable::new([]).unwrap(),
        places: vec![],
        services: vec![service("ground", 800, [true, true]), service("air", 2_500, [true, true])],
        pick_ups: vec![],
        backup: None,
        order: Order::Cheapest,
    }
}

pub(super) fn line(id: &str, quantity: u32) -> Line {
    let size = Some(Dimensions { length: 90, width: 90, height: 90 });
    Line {
        id: id.into(),
        sku: id.into(),
        quantity,
        unit_price: 1_000,
        weight: 500,
        size,
        physical: true,
        ..Line::default()
    }
}

pub(super) fn cart(lines: Vec<Line>) -> Request {
    let country = "US".into();
    Request {
        at: i64::from(Day::from_civil(2026, 11, 23).unwrap().0) * 86_400 + 3_600,
        currency: "USD".into(),
        destination: Address { country, coordinates: Some(BROOKLYN), ..Address::default() },
        lines,
        ..Request::default()
    }
}

pub(super) fn stock(location: &str, available: &[u32]) -> LocationStock {
    LocationStock { location: location.into(), available: available.into() }
}

fn from(answer: &Answer) -> Vec<&str> {
    answer.parcels.iter().map(|parcel| parcel.location.as_str()).collect()
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn every_service_has_its_price_date_and_parcels_and_the_cheapest_comes_first() {
    let answer = quote(&shop(), &cart(vec![line("mug", 1)])).unwrap();
    let seen: Vec<_> = answer.quotes.iter().map(|quote| (quote.service.as_str(), quote.price)).collect();
    assert_eq!(seen, [("ground", 800), ("air", 2_500)]);
    let ground = &answer.quotes[0];
    let promise = ground.promise.unwrap();
    assert_eq!(Day(promise.earliest), Day::from_civil(2026, 11, 25).unwrap());
    assert_eq!(Day(promise.latest), Day::from_civil(2026, 11, 27).unwrap());
    assert_eq!(ground.until_free, Some(9_000));
    assert_eq!((answer.parcels.len(), answer.parcels[0].packaging.as_str(), answer.parcels[0].weight), (1, "S", 600));
    assert_eq!(answer.quotes[1].parcels, [0], "two services share the parcels");
}

#[test]
fn the_first_location_that_has_everything_ships() {
    let shop = shop();
    let mut request = cart(vec![line("mug", 1), line("pot", 2)]);
    assert_eq!(from(&quote(&shop, &request).unwrap()), ["reno"]);
    request.stock = vec![stock("reno", &[1, 1]), stock("columbus", &[1, 2])];
    assert_eq!(from(&quote(&shop, &request).unwrap()), ["columbus"]);
}

#[test]
fn nearest_sourcing_prefers_the_shorter_way() {
    let shop = Shop { sourcing: Sourcing::Nearest, ..shop() };
    assert_eq!(from(&quote(&shop, &cart(vec![line("mug", 1)])).unwrap()), ["columbus"]);
}

#[test]
fn a_cart_that_no_location_has_whole_is_split_and_both_shipments_are_paid() {
    let mut request = cart(vec![line("mug", 2)]);
    request.stock = vec![stock("reno", &[1]), stock("columbus", &[1])];
    let answer = quote(&shop(), &request).unwrap();
    assert_eq!(from(&answer), ["reno", "columbus"]);
    assert_eq!(answer.quotes[0].price, 1_600);
    assert_eq!(answer.quotes[0].parcels, [0, 1]);
}

#[test]
fn what_is_out_of_stock_is_not_quoted_unless_it_may_be_backordered() {
    let mut shop = shop();
    let mut request = cart(vec![line("mug", 3)]);
    request.stock = vec![stock("reno", &[1]), stock("columbus", &[1])];
    let answer = quote(&shop, &request).unwrap();
    assert_eq!((answer.quotes.len(), codes(&answer)), (0, vec!["OUT_OF_STOCK", "OUT_OF_STOCK"]));
    assert_eq!(answer.reasons[0].figures[1].value, 1, "one unit is missing");
    shop.backorders = true;
    assert_eq!(quote(&shop, &request).unwrap().quotes.len(), 2);
}

#[test]
fn a_service_ships_only_from_where_it_runs() {
    let shop = Shop { services: vec![service("local", 500, [false, true])], ..shop() };
    let mut request = cart(vec![line("mug", 1)]);
    assert_eq!(from(&quote(&shop, &request).unwrap()), ["columbus"]);
    request.stock = vec![stock("reno", &[5])];
    assert_eq!(codes(&quote(&shop, &request).unwrap()), ["OUT_OF_STOCK"]);
}

#[test]
fn the_backup_answers_only_when_nothing_else_does() {
    let backup = || {
        let (id, name, carrier) = ("b".into(), "Standard".into(), String::new());
        let eligibility = Eligibility::new(EligibilityRules::default()).unwrap();
        Some(Backup { id, name, carrier, price: Minor(995), eligibility })
    };
    let alone = Shop { services: vec![], backup: backup(), ..shop() };
    let answer = quote(&alone, &cart(vec![line("mug", 1)])).unwrap();
    assert!(answer.quotes[0].backup);
    assert_eq!(answer.quotes[0].price, 995);
    let gas = Line { hazardous: true, ..line("gas", 1) };
    let answer_to_gas = quote(&alone, &cart(vec![gas])).unwrap();
    assert_eq!((answer_to_gas.quotes.len(), codes(&answer_to_gas)), (0, vec!["HAZARDOUS_NOT_CARRIED"]));
    let beside = Shop { backup: backup(), ..shop() };
    let answer = quote(&beside, &cart(vec![line("mug", 1)])).unwrap();
    assert!(answer.quotes.iter().all(|quote| !quote.backup));
    let answer = quote(&beside, &cart(vec![line("mug", 1_000_000)])).unwrap();
    assert!(answer.quotes[0].backup, "what could not be packed has no other price");
    let mut sold_out = cart(vec![line("mug", 1)]);
    sold_out.stock = vec![stock("reno", &[0])];
    assert!(quote(&beside, &sold_out).unwrap().quotes.is_empty(), "what is refused is not sold after all");
}

#[test]
fn collection_is_offered_near_a_store_that_has_everything() {
    let point = PickUpPoint {
        id: "store".into(),
        name: "Columbus store".into(),
        location: 1,
        price: Minor::ZERO,
        transit: Transit::days(0, 0).unwrap(),
        opening: Calendar::every_day(),
        within: Some(50_000),
        country: "US".into(),
    };
    let shop = Shop { pick_ups: vec![point], ..shop() };
    let mut request = cart(vec![line("mug", 1)]);
    let offered = |request: &Request| quote(&shop, request).unwrap().quotes.iter().any(|q| q.method == Method::PickUp);
    assert!(!offered(&request), "Brooklyn is too far");
    request.destination.coordinates = Some(COLUMBUS);
    assert!(offered(&request));
    request.stock = vec![stock("reno", &[1])];
    assert!(!offered(&request), "the store has none");
}

#[test]
fn what_fits_no_box_travels_as_it_is_or_not_at_all() {
    let kayak = Line { size: Some(Dimensions { length: 3_000, width: 700, height: 400 }), ..line("kayak", 1) };
    let answer = quote(&shop(), &cart(vec![kayak.clone()])).unwrap();
    assert_eq!((answer.parcels[0].packaging.as_str(), answer.parcels[0].size.length), ("", 3_000));
    let strict = Shop { misfits: Misfits::Refuse, ..shop() };
    assert_eq!(codes(&quote(&strict, &cart(vec![kayak])).unwrap()), ["ITEM_FITS_NO_BOX", "ITEM_FITS_NO_BOX"]);
}

#[test]
fn goods_that_are_not_shipped_cost_no_shipping_but_count_for_the_threshold() {
    let card = Line { physical: false, weight: 0, unit_price: 9_000, ..line("gift-card", 1) };
    assert_eq!(codes(&quote(&shop(), &cart(vec![card.clone()])).unwrap()), ["NOTHING_TO_SHIP"]);
    assert_eq!(quote(&shop(), &cart(vec![card, line("mug", 1)])).unwrap().quotes[0].price, 0);
}

#[test]
fn another_currency_is_a_failure_that_names_the_field() {
    let request = Request { currency: "EUR".into(), ..cart(vec![line("mug", 1)]) };
    let failure = quote(&shop(), &request).unwrap_err();
    assert_eq!((failure.code.as_str(), failure.field.as_deref()), ("CURRENCY_NOT_SOLD", Some("/currency")));
}

#[test]
fn a_million_units_are_a_reason_not_a_hang() {
    let answer = quote(&shop(), &cart(vec![line("mug", 1_000_000)])).unwrap();
    assert_eq!(codes(&answer), ["CANNOT_BE_PACKED", "CANNOT_BE_PACKED"]);
}

proptest! {
    #[test]
    fn charges_add_up_every_unit_is_in_a_parcel_and_the_answer_is_the_same_again(
        quantities in proptest::collection::vec(1u32..6, 1..6),
        reno in proptest::collection::vec(0u32..6, 6),
        columbus in proptest::collection::vec(0u32..6, 6),
        sides in proptest::collection::vec(20u32..320, 6),
    ) {
        let lines: Vec<Line> = quantities.iter().enumerate().map(|(index, quantity)| {
            let side = sides[index];
            let size = Some(Dimensions { length: side, width: side, height: side });
            Line { size, ..line(&alloc::format!("l{index}"), *quantity) }
        }).collect();
        let count = lines.len();
        let mut request = cart(lines);
        request.stock = vec![stock("reno", &reno[..count]), stock("columbus", &columbus[..count])];
        let shop = Shop { backorders: true, ..shop() };
        let answer = quote(&shop, &request).unwrap();
        prop_assert_eq!(&quote(&shop, &request).unwrap(), &answer);
        prop_assert_eq!(answer.quotes.len(), 2);
        for quote in &answer.quotes {
            prop_assert_eq!(quote.charges.iter().map(|charge| charge.amount).sum::<i64>(), quote.price);
            let mut packed = vec![0; count];
            for parcel in &quote.parcels {
                for units in &answer.parcels[*parcel as usize].contents {
                    packed[units.line as usize] += units.quantity;
                }
            }
            prop_assert_eq!(&packed, &quantities);
        }
    }
}
