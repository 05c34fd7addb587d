//! The room as a whole: decisions on requests, with a policy that has one of everything.

mod money;
mod properties;
mod rules;
mod sending;
mod stages;

use super::matching::Criteria;
use super::policy::{
    Approval, BundleRule, Combine, Deadlines, Fault, Fee, Freight, GradeTerms, Grading, Keep, LabelFee, LabelPayer,
    Labels, Override, OverrideKind, Place, Policy, Reasons, RemedyTerms, Rule, SerialLimit, ShippingRefund, Terms,
};
use super::window::{Extension, From as CountedFrom, Length, Window};
use super::{checker, decide};
use crate::calendar::{Day, LocalTime, Zone};
use crate::money::{Minor, PartsPerMillion};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::return_policy::{
    Answer, Condition, Decision, DeliveredLine, Destination, DestinationKind, Disposition, Grade, Remedy, Request,
    RequestedReturn, Verdict,
};
use cartwright_contract::{Address, Line};

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| String::from(*name)).collect()
}

fn days(days: u16) -> Window {
    Window { from: CountedFrom::Delivery, length: Length::Days(days), extended: true }
}

/// Thirty days, refund, exchange or credit with 10 % on top, no fees, the shopper pays the label for own mistakes.
fn terms() -> Terms {
    let credit = RemedyTerms { bonus: PartsPerMillion(100_000), ..RemedyTerms::plain(Remedy::StoreCredit) };
    Terms {
        outcome: Verdict::Approve,
        window: Some(days(30)),
        remedies: vec![credit, RemedyTerms::plain(Remedy::Exchange), RemedyTerms::plain(Remedy::Refund)],
        restocking: Fee::default(),
        shipping: ShippingRefund::None,
        label: LabelPayer::ByFault,
        keep: Keep::Never,
        bundle: BundleRule::Apart,
    }
}

fn rule(id: &str, when: Criteria, terms: Terms) -> Rule {
    Rule { id: id.into(), when: when.sorted(), terms }
}

fn grading() -> Grading {
    use DestinationKind::{Donation, Refurbisher, Store, Warehouse};
    let grade = |disposition, refund, recovers, kinds: &[DestinationKind]| GradeTerms {
        disposition,
        refund: PartsPerMillion(refund),
        recovers: PartsPerMillion(recovers),
        kinds: kinds.to_vec(),
    };
    Grading {
        grades: [
            grade(Disposition::Restock, 1_000_000, 900_000, &[Warehouse, Store]),
            grade(Disposition::Refurbish, 900_000, 600_000, &[Refurbisher, Warehouse]),
            grade(Disposition::Recycle, 500_000, 150_000, &[Warehouse, Donation]),
            grade(Disposition::Dispose, 0, 0, &[Warehouse, Donation]),
        ],
        expected: [Grade::A, Grade::A, Grade::A, Grade::B, Grade::C, Grade::C],
    }
}

fn place(id: &str, kind: DestinationKind, per_parcel: i64) -> Place {
    let destination = Destination { id: id.into(), kind, country: "US".into(), ..Destination::default() };
    Place { destination, freight: Freight { per_parcel: Minor(per_parcel), ..Freight::default() } }
}

fn policy() -> Policy {
    let known = [("TOO_LARGE", Fault::Shopper), ("CHANGED_MIND", Fault::Shopper), ("DEFECTIVE", Fault::Merchant)];
    Policy {
        currency: "USD".into(),
        zone: Zone::named("America/Los_Angeles").unwrap(),
        combine: Combine::FirstMatch,
        overrides: vec![
            Override {
                kind: OverrideKind::FinalSale(names(&["final-sale"])),
                outcome: Verdict::Decline,
                except_reasons: names(&["DEFECTIVE"]),
            },
            Override {
                kind: OverrideKind::Hygiene(names(&["hygiene"])),
                outcome: Verdict::Decline,
                except_reasons: Vec::new(),
            },
            Override { kind: OverrideKind::Hazardous, outcome: Verdict::Review, except_reasons: Vec::new() },
        ],
        rules: vec![rule("standard", Criteria::default(), terms())],
        otherwise: None,
        extensions: vec![Extension::new((11, 1), (12, 25), (1, 31), None).unwrap()],
        assumed_transit: None,
        reasons: Reasons {
            known: known.into_iter().map(|(code, fault)| (code.into(), fault)).collect(),
            unknown: Verdict::Review,
        },
        grading: grading(),
        approval: Approval::default(),
        serial: vec![SerialLimit {
            rate: Some(PartsPerMillion(500_000)),
            units: None,
            least_bought: 10,
            outcome: Verdict::Review,
        }],
        serial_exempt: names(&["vip"]),
        destinations: vec![
            place("reno", DestinationKind::Warehouse, 600),
            place("fixers", DestinationKind::Refurbisher, 400),
            place("goodwill", DestinationKind::Donation, 200),
        ],
        estimate: Freight { per_parcel: Minor(500), ..Freight::default() },
        cross_border: false,
        labels: Labels { fee: LabelFee::Flat(Minor(695)), free_for: names(&["vip"]) },
        deadlines: Deadlines { receive_within: Some(30), transit_grace: 14 },
    }
}

/// Noon UTC.
fn noon(year: i32, month: u8, day: u8) -> i64 {
    let day = Day::from_civil(year, month, day).unwrap();
    Zone::utc().to_utc(day, LocalTime::new(12, 0, 0).unwrap()).0
}

fn delivered(quantity: u32, paid: i64, tax: i64) -> DeliveredLine {
    let unit_price = (paid + i64::from(quantity) - 1) / i64::from(quantity);
    DeliveredLine {
        line: Line { sku: "SKU".into(), quantity, unit_price, weight: 500, physical: true, ..Line::default() },
        paid,
        tax,
        delivered: Some(noon(2026, 9, 5)),
        location: "reno".into(),
        ..DeliveredLine::default()
    }
}

fn back(line: u32, quantity: u32) -> RequestedReturn {
    RequestedReturn {
        line,
        quantity,
        reason: "TOO_LARGE".into(),
        condition: Condition::Unopened,
        ..RequestedReturn::default()
    }
}

/// Ordered on 1 September 2026, delivered on the 5th, asked on the 20th.
fn request(lines: Vec<DeliveredLine>, returns: Vec<RequestedReturn>) -> Request {
    let mut request = Request {
        at: noon(2026, 9, 20),
        order: "1001".into(),
        ordered: noon(2026, 9, 1),
        currency: "USD".into(),
        shipping_paid: 1_000,
        origin: Address { country: "US".into(), ..Address::default() },
        lines,
        returns,
        bought_units: 20,
        ..Request::default()
    };
    for (index, line) in request.lines.iter_mut().enumerate() {
        line.line.id = alloc::format!("{}", index + 1);
    }
    request
}

#[track_caller]
fn decided(policy: &Policy, request: &Request) -> Answer {
    let answer = decide(policy, request).unwrap();
    assert_eq!(checker::check(policy, request, &answer), Ok(()), "{answer:#?}");
    answer
}

/// The first decision.
#[track_caller]
fn first(policy: &Policy, request: &Request) -> Decision {
    decided(policy, request).decisions.remove(0)
}

fn codes(decision: &Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

const fn part(
    kind: cartwright_contract::return_policy::RefundKind,
    amount: i64,
) -> cartwright_contract::return_policy::RefundPart {
    cartwright_contract::return_policy::RefundPart { kind, amount }
}
