use super::lists::{Entry, Lists};
use super::model::{Model, ModelRules, Node};
use super::signals::{Signals, Value, Wanted};
use super::*;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_screening::{Answer, AvsResult, CvvResult, History, Request, ThreeDSecure, Verdict};
use cartwright_contract::{Address, Coordinates, Customer, Line};

mod properties;

fn order() -> Request {
    let line = Line {
        id: "1".into(),
        sku: "TENT".into(),
        quantity: 2,
        unit_price: 10_000,
        weight: 1,
        physical: true,
        ..Line::default()
    };
    let home = Address {
        country: "US".into(),
        postal_code: Some("97209".into()),
        lines: vec!["1120 NW Couch St".into()],
        ..Address::default()
    };
    Request {
        at: 100 * 86_400,
        order: "1001".into(),
        currency: "USD".into(),
        lines: vec![line],
        customer: Some(Customer {
            id: Some("C-1".into()),
            email: Some("alex.shopper@example.com".into()),
            ..Customer::default()
        }),
        billing: home.clone(),
        shipping: home,
        ..Request::default()
    }
}

fn test(signal: Signal, ask: Ask) -> Condition {
    Condition::Test(Test::new(signal, ask).unwrap())
}

fn from(signal: Signal, least: i64) -> Condition {
    test(signal, Ask::Within { least, most: i64::MAX })
}

fn rule(code: &str, when: Condition, then: Effect) -> Rule {
    Rule { code: code.into(), message: "A rule.".into(), when, then }
}

fn rules() -> ScreenRules {
    ScreenRules { currency: "USD".into(), ..ScreenRules::default() }
}

fn answer(rules: ScreenRules, request: &Request) -> Answer {
    let answer = screen(&Screen::new(rules).unwrap(), request).unwrap();
    assert_eq!(answer.check(request), Ok(()));
    answer
}

fn reasons(answer: &Answer) -> Vec<&str> {
    answer.reasons.iter().map(|reason| &*reason.code).collect()
}

/// The value of a signal on an order.
fn value(request: &Request, rules: &SignalRules, signal: Signal) -> String {
    match Signals::read(request, rules, &Wanted::all()).get(signal) {
        Value::Unknown => "unknown".into(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
    }
}

#[test]
fn no_other_spelling_of_a_mailbox_or_a_phone_number_passes_the_block_list() {
    let mut blocking = rules();
    blocking.lists.block.add(Entry::Email, "bad.guy@gmail.com").unwrap();
    blocking.lists.block.add(Entry::Phone, "+1 503 555 0142").unwrap();
    blocking.lists.block.finish();
    let prepared = Screen::new(blocking).unwrap();
    let with = |email: &str, phone: &str| {
        let mut request = order();
        request.customer.as_mut().unwrap().email = Some(email.into());
        request.billing.phone = Some(phone.into());
        screen(&prepared, &request).unwrap().verdict
    };
    for email in ["BadGuy@googlemail.com", "b.a.d.guy+2@googlemail.com", "badguy+x@gmail.com"] {
        assert_eq!(with(email, ""), Verdict::Reject, "{email}");
    }
    for phone in ["(503) 555-0142", "1 503 555 0142", "503.555.0142", "001 503 555 0142"] {
        assert_eq!(with("ann@example.com", phone), Verdict::Reject, "{phone}");
    }
    assert_eq!(with("ann@example.com", "(503) 555-0143"), Verdict::Accept);
}

#[test]
fn the_allow_list_is_looked_at_before_the_block_list_and_that_before_the_review_list() {
    let lists = |allow: bool, block: bool, review: bool| {
        let mut lists = Lists::default();
        for (list, is) in [(&mut lists.allow, allow), (&mut lists.block, block), (&mut lists.review, review)] {
            if is {
                list.add(Entry::Customer, "C-1").unwrap();
            }
            list.finish();
        }
        let always = rule("ALWAYS", from(Signal::Quantity, 1), Effect::Points(400));
        let found = answer(ScreenRules { lists, rules: vec![always], ..rules() }, &order());
        (found.verdict, found.score, reasons(&found)[0].to_string())
    };
    assert_eq!(lists(true, true, true), (Verdict::Accept, 0, "ALLOW_LIST_CUSTOMER".into()));
    assert_eq!(lists(false, true, true), (Verdict::Reject, 1_000, "BLOCK_LIST_CUSTOMER".into()));
    assert_eq!(lists(false, false, true), (Verdict::Review, 400, "REVIEW_LIST_CUSTOMER".into()));
    assert_eq!(lists(false, false, false), (Verdict::Accept, 400, "BELOW_THRESHOLDS".into()));
}

#[test]
fn every_kind_of_entry_puts_an_order_on_a_list() {
    let mut request = order();
    request.payment.card_fingerprint = Some("fp_1".into());
    request.session.device = Some("dev-1".into());
    request.session.ip = Some("2001:db8::7".into());
    request.shipping.phone = Some("+1 (503) 555-0142".into());
    request.customer.as_mut().unwrap().email = Some("Alex.Shopper+tag@mail.example.com".into());
    let on = |fill: &dyn Fn(&mut super::lists::List)| {
        let mut lists = Lists::default();
        fill(&mut lists.block);
        lists.block.finish();
        reasons(&answer(ScreenRules { lists, ..rules() }, &request))[0].to_string()
    };
    for (entry, text) in [
        (Entry::Customer, "C-1"),
        (Entry::Email, "alex.shopper@mail.example.com"),
        (Entry::EmailDomain, "example.com"),
        (Entry::Card, "fp_1"),
        (Entry::Device, "dev-1"),
        (Entry::Phone, "+15035550142"),
        (Entry::Country, "US"),
    ] {
        let code = on(&|list| assert!(list.add(entry, text).unwrap()));
        assert_eq!(code, ["BLOCK_LIST_", entry.code()].concat());
    }
    assert_eq!(on(&|list| assert!(list.add_ip("2001:db8::/32").unwrap())), "BLOCK_LIST_IP_ADDRESS");
    let pattern = super::signals::AddressPattern {
        country: "US".into(),
        postal_code: Some("97209".into()),
        line: Some("1120 N.W. Couch".into()),
    };
    assert_eq!(on(&|list| assert!(list.add_address(&pattern).unwrap())), "BLOCK_LIST_ADDRESS");
    assert_eq!(on(&|list| assert!(list.add(Entry::EmailDomain, "other.example").unwrap())), "BELOW_THRESHOLDS");
}

#[test]
fn the_first_rule_with_a_verdict_ends_the_rules() {
    let any = || from(Signal::Quantity, 1);
    let rules = ScreenRules {
        rules: vec![
            rule("NOT_THIS", from(Signal::Quantity, 3), Effect::Verdict(Verdict::Reject)),
            rule("POINTS", any(), Effect::Points(900)),
            rule("ACCEPT", any(), Effect::Verdict(Verdict::Accept)),
            rule("TOO_LATE", any(), Effect::Verdict(Verdict::Reject)),
        ],
        thresholds: Thresholds { review: Some(100), reject: Some(500) },
        ..rules()
    };
    let answer = answer(rules, &order());
    assert_eq!((answer.verdict, answer.score, reasons(&answer)), (Verdict::Accept, 900, vec!["ACCEPT"]));
    assert_eq!(answer.reasons[0].figures[0].name, "quantity");
}

#[test]
fn thresholds_are_reached_at_their_own_value() {
    let verdict = |points| {
        let rules = ScreenRules {
            rules: vec![rule("POINTS", from(Signal::Quantity, 1), Effect::Points(points))],
            thresholds: Thresholds { review: Some(300), reject: Some(600) },
            ..rules()
        };
        let answer = answer(rules, &order());
        (answer.verdict, answer.score)
    };
    assert_eq!(verdict(299), (Verdict::Accept, 299));
    assert_eq!(verdict(300), (Verdict::Review, 300));
    assert_eq!(verdict(599), (Verdict::Review, 599));
    assert_eq!(verdict(600), (Verdict::Reject, 600));
    assert_eq!(verdict(-600), (Verdict::Accept, 0));
}

#[test]
fn a_model_adds_its_points_and_names_its_features() {
    let nodes = vec![
        Node::Split { feature: 0, threshold: 2, left: 1, right: 2, missing_left: true },
        Node::Leaf(-2_000_000),
        Node::Leaf(2_000_000),
    ];
    let model = ModelRules { features: vec![Signal::Quantity], base: 0, trees: vec![(nodes, vec![])], points: 500 };
    let answer = answer(ScreenRules { model: Some(Model::new(&model).unwrap()), ..rules() }, &order());
    assert_eq!(answer.score, 440);
    let reason = &answer.contributions[0].reason;
    assert_eq!(reason.message, "The model holds fraud for 88.0 % likely; most of it by `quantity`.");
    assert_eq!((&*reason.figures[1].name, reason.figures[1].value), ("quantity", 2_000_000));
}

#[test]
fn signals_are_what_the_request_says() {
    let mut request = order();
    request.payment.avs = AvsResult::NoMatch;
    request.payment.cvv = CvvResult::Unavailable;
    request.payment.three_d_secure = ThreeDSecure::Failed;
    request.payment.card_country = Some("DE".into());
    request.payment.cardholder = Some("Someone Else".into());
    request.billing.name = Some("Alex Shopper".into());
    request.billing.coordinates = Some(Coordinates { latitude: 45_530_000, longitude: -122_684_000 });
    request.session.ip_coordinates = Some(Coordinates { latitude: 40_712_800, longitude: -74_006_000 });
    request.session.ip_country = Some("US".into());
    request.service = "air".into();
    request.history = Some(History {
        customer_since: Some(90 * 86_400),
        email_first_seen: Some(100 * 86_400 - 1),
        chargebacks: 2,
        ..History::default()
    });
    request.lines[0].tags = vec!["watch".into()];
    let mut rules = SignalRules { normal_order_value: Some(8_000), ..SignalRules::default() };
    rules.resaleable_tags.insert("watch".into());
    rules.rush_services.insert("air".into());
    for (signal, expected) in [
        (Signal::Avs, "noMatch"),
        (Signal::AvsNoMatch, "true"),
        (Signal::AvsPartialMatch, "false"),
        (Signal::CvvNoMatch, "unknown"),
        (Signal::ThreeDSecureFailed, "true"),
        (Signal::CardCountryMismatch, "true"),
        (Signal::PrepaidCard, "unknown"),
        (Signal::NameMismatch, "true"),
        (Signal::RecipientMismatch, "unknown"),
        (Signal::IpCountryMismatch, "false"),
        (Signal::IpDistance, "3925795"),
        (Signal::BillingShippingDistance, "unknown"),
        (Signal::AnonymousIp, "unknown"),
        (Signal::PoBox, "false"),
        (Signal::EmailDomain, "example.com"),
        (Signal::EmailAge, "0"),
        (Signal::CustomerAge, "10"),
        (Signal::EarlierChargebacks, "2"),
        (Signal::NewCustomer, "true"),
        (Signal::OrderValue, "20000"),
        (Signal::OrderValueToNormal, "2500000"),
        (Signal::ResaleableGoods, "20000"),
        (Signal::RushShipping, "true"),
        (Signal::Quantity, "2"),
        (Signal::CardVelocity1h, "unknown"),
    ] {
        assert_eq!(value(&request, &rules, signal), expected, "{signal:?}");
    }
}

#[test]
fn several_lines_of_one_sku_are_one_thing() {
    let mut request = order();
    let mut second = request.lines[0].clone();
    second.id = "2".into();
    request.lines.push(second);
    request.lines.push(Line { id: "3".into(), sku: String::new(), quantity: 3, ..Line::default() });
    let rules = SignalRules::default();
    assert_eq!(value(&request, &rules, Signal::HighestQuantity), "4");
    assert_eq!(value(&request, &rules, Signal::Quantity), "7");
}

#[test]
fn an_order_in_another_currency_is_refused_with_its_field() {
    let failure = screen(&Screen::new(rules()).unwrap(), &Request { currency: "EUR".into(), ..order() }).unwrap_err();
    assert_eq!((&*failure.code, failure.field.as_deref()), ("CURRENCY_NOT_SCREENED", Some("/currency")));
}

#[test]
fn rules_that_cannot_be_meant_are_refused() {
    let band = |signal, points| Band { test: Test::new(signal, Ask::Is(true)).unwrap(), points };
    let error = |change: &dyn Fn(&mut ScreenRules)| {
        let mut rules = rules();
        change(&mut rules);
        Screen::new(rules).unwrap_err()
    };
    let thresholds =
        |review, reject| move |rules: &mut ScreenRules| rules.thresholds = Thresholds { review: Some(review), reject };
    assert_eq!(error(&thresholds(1_001, None)), ScreenError::Threshold(1_001));
    let wrong_way = ScreenError::ThresholdsOutOfOrder { review: 500, reject: 400 };
    assert_eq!(error(&thresholds(500, Some(400))), wrong_way);
    let weight = |signal, points| Weight { signal, bands: vec![band(Signal::PoBox, points)] };
    assert_eq!(
        error(&|rules| rules.weights = vec![weight(Signal::PoBox, 1), weight(Signal::PoBox, 1)]),
        ScreenError::Weight(1)
    );
    assert_eq!(error(&|rules| rules.weights = vec![weight(Signal::NewCustomer, 1)]), ScreenError::Weight(0));
    assert_eq!(error(&|rules| rules.weights = vec![weight(Signal::PoBox, 1_001)]), ScreenError::Points(1_001));
    let unknown = ScreenError::UnknownCondition { rule: 0, name: "x".into() };
    assert_eq!(error(&|rules| rules.rules = vec![rule("R", Condition::Named("x".into()), Effect::Points(1))]), unknown);
    assert_eq!(error(&|rules| rules.signals.normal_order_value = Some(0)), ScreenError::NormalOrderValue(0));
}

#[test]
fn tags_are_found_on_lines_order_and_customer_each_by_itself() {
    let has = |signal| test(signal, Ask::Has(BTreeSet::from(["gift".to_string(), "other".to_string()])));
    for (signal, mark) in [
        (Signal::LineTags, (|r: &mut Request| r.lines[0].tags.push("gift".into())) as fn(&mut Request)),
        (Signal::OrderTags, |r| r.tags.push("gift".into())),
        (Signal::CustomerTags, |r| r.customer.as_mut().unwrap().tags.push("gift".into())),
    ] {
        let mut request = order();
        mark(&mut request);
        for asked in [Signal::LineTags, Signal::OrderTags, Signal::CustomerTags] {
            let screened =
                ScreenRules { rules: vec![rule("TAG", has(asked), Effect::Verdict(Verdict::Review))], ..rules() };
            assert_eq!(answer(screened, &request).verdict == Verdict::Review, asked == signal, "{asked:?}");
        }
    }
}
