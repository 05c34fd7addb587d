//! An estimate is what a shopper may know of the quote, for whatever shop and cart.

use super::shop::{Backup, Misfits, Order, PickUpPoint, Shop, Sourcing};
use super::tests::{BROOKLYN, COLUMBUS, RENO, cart, line, service, shop, stock};
use super::{estimate, quote};
use crate::calendar::Calendar;
use crate::money::Minor;
use crate::promise::Transit;
use crate::rate::{Eligibility, EligibilityRules};
use crate::units::Size;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::estimate::Estimate;
use cartwright_contract::{Coordinates, Dimensions, Line, Rotation};
use proptest::prelude::*;

fn any_shop() -> impl Strategy<Value = Shop> {
    let choices = (any::<[bool; 8]>(), 0usize..3, prop::collection::vec((0i64..3_000, any::<[bool; 3]>()), 0..4));
    choices.prop_map(|(flags, order, services)| {
        let [nearest, backorders, refuse, measured, collected, backup, hazardous, elsewhere] = flags;
        let mut shop = shop();
        shop.sourcing = if nearest { Sourcing::Nearest } else { Sourcing::Priority };
        shop.backorders = backorders;
        shop.misfits = if refuse { Misfits::Refuse } else { Misfits::AsTheyAre };
        shop.unmeasured = measured.then(|| Size::new(60, 50, 40));
        shop.order = [Order::Cheapest, Order::Soonest, Order::AsListed][order];
        shop.services = (0..)
            .zip(services)
            .map(|(index, (price, [reno, columbus, splits]))| {
                let mut service = service(["a", "b", "c", "d"][index], price, [reno, columbus]);
                service.splits = splits;
                service
            })
            .collect();
        if collected {
            shop.pick_ups.push(PickUpPoint {
                id: "store".into(),
                name: "Store".into(),
                location: 1,
                price: Minor(300),
                transit: Transit::days(0, 1).unwrap(),
                opening: Calendar::every_day(),
                within: elsewhere.then_some(900_000),
                country: "US".into(),
            });
        }
        let rules = EligibilityRules { hazardous, ..EligibilityRules::default() };
        shop.backup = backup.then(|| Backup {
            eligibility: Eligibility::new(rules).unwrap(),
            id: "backup".into(),
            name: "Standard".into(),
            carrier: String::new(),
            price: Minor(995),
        });
        shop
    })
}

fn any_line() -> impl Strategy<Value = Line> {
    let size = prop::option::weighted(0.9, [20u32..400, 20u32..400, 20u32..400]);
    (1u32..6, 1u32..30_000, 0i64..9_000, size, 0usize..3, any::<[bool; 4]>(), 0u8..8).prop_map(
        |(quantity, weight, unit_price, size, rotation, [fragile, ships_alone, hazardous, plain], rare)| Line {
            weight,
            unit_price,
            size: size.map(|[length, width, height]| Dimensions { length, width, height }),
            rotation: [Rotation::Any, Rotation::Upright, Rotation::Fixed][rotation],
            fragile: fragile && !plain,
            ships_alone: ships_alone && !plain,
            hazardous: hazardous && rare == 1,
            physical: rare != 2,
            ..line("", quantity)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn an_estimate_is_the_quote_without_what_a_shopper_need_not_know(
        shop in any_shop(),
        lines in prop::collection::vec(any_line(), 0..8),
        known in any::<bool>(),
        reno in prop::collection::vec(0u32..6, 8),
        columbus in prop::collection::vec(0u32..6, 8),
        place in prop::option::of(0usize..3),
        dollars in 0u8..9,
        at in 0i64..4_000_000_000,
    ) {
        let mut request = cart(lines);
        for (index, line) in request.lines.iter_mut().enumerate() {
            line.id = alloc::format!("l{index}");
        }
        if known {
            let count = request.lines.len();
            request.stock = Vec::from([stock("reno", &reno[..count]), stock("columbus", &columbus[..count])]);
        }
        request.destination.coordinates = place.map(|place| -> Coordinates { [RENO, COLUMBUS, BROOKLYN][place] });
        request.at = at;
        if dollars == 0 {
            request.currency = "EUR".into();
        }
        let quoted = quote(&shop, &request).map(|answer| Estimate::of(answer, at, request.currency.clone()));
        prop_assert_eq!(estimate(&shop, &request), quoted);
    }
}

#[test]
fn a_post_office_box_is_not_noticed_before_there_is_an_address() {
    let mut shop = shop();
    let rules = EligibilityRules { po_boxes: false, ..EligibilityRules::default() };
    let eligibility = Eligibility::new(rules).unwrap();
    let (id, name, carrier) = ("b".into(), "Standard".into(), String::new());
    shop.backup = Some(Backup { id, name, carrier, price: Minor(995), eligibility });
    shop.services.clear();
    let mut request = cart(Vec::from([line("mug", 1)]));
    request.destination.lines = Vec::from(["PO Box 12".into()]);
    assert_eq!(quote(&shop, &request).unwrap().quotes.len(), 0);
    assert_eq!(estimate(&shop, &request).unwrap().options.len(), 1);
}
