//! What holds for every policy and every request: the checker agrees, no sequence of returns gives more than was paid and the whole
//! comes back as the whole, and restrictive rules do not depend on their order.

use super::*;
use cartwright_contract::return_policy::RmaStatus;
use proptest::prelude::*;
use proptest::sample::select;

fn fee() -> impl Strategy<Value = Fee> {
    (0i64..=400_000, 0i64..800, prop::option::of(0i64..500), prop::option::of(0i64..900)).prop_map(
        |(share, per_unit, minimum, more)| Fee {
            share: PartsPerMillion(share),
            per_unit: Minor(per_unit),
            minimum: minimum.map(Minor),
            maximum: more.map(|more| Minor(minimum.unwrap_or(0) + more)),
        },
    )
}

fn some_terms() -> impl Strategy<Value = Terms> {
    let remedies = prop::sample::subsequence(
        vec![Remedy::StoreCredit, Remedy::Exchange, Remedy::Refund, Remedy::Repair, Remedy::KeepItem],
        1..=5,
    );
    let figures = (0i64..300_000, 0i64..=1_000_000, any::<bool>(), prop::option::of(fee()));
    let kinds = (
        select(vec![
            ShippingRefund::None,
            ShippingRefund::Proportional,
            ShippingRefund::WhenComplete,
            ShippingRefund::Outbound,
        ]),
        select(vec![LabelPayer::Merchant, LabelPayer::ByFault, LabelPayer::Shopper]),
        select(vec![Keep::Never, Keep::WhenCheaper, Keep::Always]),
        select(vec![BundleRule::Apart, BundleRule::Revalue, BundleRule::Whole]),
        select(vec![Verdict::Approve, Verdict::Approve, Verdict::Approve, Verdict::Review, Verdict::Decline]),
    );
    (remedies, figures, kinds, fee(), prop::option::of(5u16..40)).prop_map(
        |(remedies, figures, kinds, restocking, length)| {
            let (bonus, share, free_label, own) = figures;
            let remedy = |remedy| RemedyTerms {
                bonus: PartsPerMillion(bonus),
                share: PartsPerMillion(share),
                free_label,
                restocking: own,
                ..RemedyTerms::plain(remedy)
            };
            let (shipping, label, keep, bundle, outcome) = kinds;
            Terms {
                outcome,
                window: length.map(days),
                remedies: remedies.into_iter().map(remedy).collect(),
                restocking,
                shipping,
                label,
                keep,
                bundle,
            }
        },
    )
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let tags = prop::sample::subsequence(vec!["shoes", "sale", "tents"], 0..=2);
    let reasons = prop::sample::subsequence(vec!["TOO_LARGE", "DEFECTIVE"], 0..=1);
    (tags, reasons, prop::option::of(any::<bool>()), prop::option::of(0i64..3_000)).prop_map(
        |(tags, reasons, gift, least)| Criteria {
            tags: names(&tags),
            reasons: names(&reasons),
            gift,
            price: (least.map(Minor), None),
            ..Criteria::default()
        },
    )
}

fn some_policy() -> impl Strategy<Value = Policy> {
    let rules = prop::collection::vec((criteria(), some_terms()), 0..5);
    let labels = prop_oneof![
        (0i64..900).prop_map(|fee| LabelFee::Flat(Minor(fee))),
        (1u64..3_000, 0i64..900)
            .prop_map(|(grams, fee)| LabelFee::ByWeight(vec![(grams, Minor(fee)), (grams * 2, Minor(fee * 2))])),
    ];
    (rules, prop::option::of(some_terms()), any::<bool>(), labels, prop::option::of(1_000i64..9_000)).prop_map(
        |(rules, otherwise, together, fee, above)| {
            let mut policy = policy();
            policy.rules = rules
                .into_iter()
                .enumerate()
                .map(|(index, (when, terms))| rule(&alloc::format!("r{index}"), when, terms))
                .collect();
            policy.otherwise = otherwise;
            policy.zone = Zone::utc();
            policy.combine = if together { Combine::MostRestrictive } else { Combine::FirstMatch };
            policy.labels.fee = fee;
            policy.approval.above = above.map(Minor);
            policy
        },
    )
}

fn line() -> impl Strategy<Value = DeliveredLine> {
    let words = (
        prop::sample::subsequence(vec!["shoes", "sale", "tents", "hygiene"], 0..=2),
        select(vec!["", "", "one", "two"]),
        select(vec!["reno", "acme-dropship"]),
        any::<bool>(),
        prop::bool::weighted(0.9),
    );
    (1u32..5, 0i64..6_000, 0i64..500, 0u32..4, 0i64..=1_000_000, -800i64..3_000, words).prop_map(
        |(quantity, paid, tax, returned, refunded, saved, (tags, bundle, location, gift, physical))| {
            let mut line = delivered(quantity, paid, tax);
            line.line.unit_price = (line.line.unit_price + saved).max(0);
            line.returned = returned.min(quantity - 1);
            line.refunded = Minor(paid + tax).share(PartsPerMillion(refunded)).unwrap().0;
            line.line.tags = names(&tags);
            line.line.physical = physical;
            (line.bundle, line.location, line.gift) = (bundle.into(), location.into(), gift);
            line
        },
    )
}

/// What is drawn for one requested return, before it is fitted to its line.
type Draft = (u32, usize, usize, usize, usize, usize);

fn draft() -> impl Strategy<Value = Draft> {
    (1u32..4, 0usize..4, 0usize..6, 0usize..5, 0usize..9, 0usize..4)
}

fn fitted(line: &DeliveredLine, index: u32, draft: Draft) -> Option<RequestedReturn> {
    let (units, reason, condition, remedy, status, grade) = draft;
    let conditions = [
        Condition::Unknown,
        Condition::Unopened,
        Condition::Opened,
        Condition::Worn,
        Condition::Damaged,
        Condition::Defective,
    ];
    let remedies = [Remedy::Refund, Remedy::Exchange, Remedy::StoreCredit, Remedy::Repair, Remedy::KeepItem];
    let statuses = [
        RmaStatus::Requested,
        RmaStatus::Requested,
        RmaStatus::Requested,
        RmaStatus::Requested,
        RmaStatus::Approved,
        RmaStatus::InTransit,
        RmaStatus::Received,
        RmaStatus::Inspected,
        RmaStatus::Closed,
    ];
    let status = statuses[status];
    let quantity = units.min(line.line.quantity - line.returned);
    let sent = matches!(status, RmaStatus::InTransit | RmaStatus::Received | RmaStatus::Inspected);
    let grade = [Grade::A, Grade::B, Grade::C, Grade::D][grade];
    (quantity > 0).then(|| RequestedReturn {
        line: index,
        quantity,
        reason: ["TOO_LARGE", "DEFECTIVE", "CHANGED_MIND", "WHIM"][reason].into(),
        condition: conditions[condition],
        remedy: remedies[remedy],
        status,
        grade: (status == RmaStatus::Inspected).then_some(grade),
        destination: sent.then(|| "reno".into()),
        label_fee: if sent { 695 } else { 0 },
        ..RequestedReturn::default()
    })
}

fn some_request() -> impl Strategy<Value = Request> {
    let one = (line(), prop::option::weighted(0.8, draft()));
    (prop::collection::vec(one, 1..7), 0i64..1_500, 0u32..20).prop_filter_map(
        "nothing comes back",
        |(lines, shipping, returned)| {
            let returns: Vec<_> = lines
                .iter()
                .enumerate()
                .filter_map(|(index, (line, draft))| fitted(line, index as u32, (*draft)?))
                .collect();
            let mut request = request(lines.into_iter().map(|(line, _)| line).collect(), returns);
            (request.shipping_paid, request.returned_units) = (shipping, returned);
            (!request.returns.is_empty()).then_some(request)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_checker_agrees_with_every_answer(policy in some_policy(), request in some_request()) {
        let answer = decide(&policy, &request).unwrap();
        prop_assert_eq!(checker::check(&policy, &request, &answer), Ok(()), "{:#?}", answer);
    }

    #[test]
    fn restrictive_rules_do_not_depend_on_their_order(
        policy in some_policy(), request in some_request(), turn in 0usize..5, mirrored in any::<bool>(),
    ) {
        let mut policy = Policy { combine: Combine::MostRestrictive, ..policy };
        let answer = decide(&policy, &request).unwrap();
        if !policy.rules.is_empty() {
            let turn = turn % policy.rules.len();
            policy.rules.rotate_left(turn);
        }
        if mirrored {
            policy.rules.reverse();
        }
        let turned = decide(&policy, &request).unwrap();
        // A single rule lists its remedies as the merchant does, so its order is part of it; with several it is the contract's.
        prop_assert_eq!(turned, answer);
    }

    #[test]
    fn line_by_line_and_unit_by_unit_the_whole_comes_back_as_the_whole(
        lines in prop::collection::vec(line(), 1..5), order in prop::collection::vec((0usize..5, 1u32..3), 60), rule in 0usize..2,
    ) {
        let mut policy = policy();
        policy.overrides.clear();
        policy.serial.clear();
        policy.labels = Labels::default();
        policy.rules[0].terms.bundle = [BundleRule::Apart, BundleRule::Revalue][rule];
        policy.rules[0].terms.shipping = ShippingRefund::Proportional;
        let mut request = request(lines, vec![back(0, 1)]);
        for line in &mut request.lines {
            (line.returned, line.refunded) = (0, 0);
        }
        let paid: i64 = request.lines.iter().map(|line| line.paid + line.tax).sum();
        let shipping = if request.lines.iter().any(|line| line.paid > 0) { request.shipping_paid } else { 0 };
        let every = (0..request.lines.len()).map(|line| (line, 9)).collect::<Vec<_>>();
        for (line, units) in order.into_iter().chain(every) {
            let line = line % request.lines.len();
            let left = request.lines[line].line.quantity - request.lines[line].returned;
            if left == 0 {
                continue;
            }
            request.returns = vec![back(line as u32, units.min(left))];
            let answer = decide(&policy, &request).unwrap();
            prop_assert_eq!(checker::check(&policy, &request, &answer), Ok(()));
            let booked = checker::booked(&request, &answer);
            for (line, (units, refund)) in request.lines.iter_mut().zip(booked) {
                line.returned += units;
                line.refunded += refund;
            }
            request.shipping_refunded += answer.shipping_refund;
            let given: i64 = request.lines.iter().map(|line| line.refunded).sum();
            prop_assert!(given <= paid);
        }
        prop_assert_eq!(request.lines.iter().map(|line| line.refunded).sum::<i64>(), paid);
        prop_assert!(request.shipping_refunded <= request.shipping_paid);
        prop_assert!(request.shipping_refunded == shipping || request.lines.iter().all(|line| line.paid == 0));
    }
}

#[test]
fn ten_thousand_lines_and_a_thousand_returns_are_decided_and_add_up() {
    let lines: Vec<_> = (0..10_000).map(|index| delivered(3, 1_000 + index, 77)).collect();
    let returns: Vec<_> = (0..1_000).map(|index| back(index * 10, 2)).collect();
    let mut request = request(lines, returns);
    for index in 0..10_000 {
        if index % 4 == 0 {
            request.lines[index].bundle = alloc::format!("bundle {}", index / 400);
        }
    }
    let mut policy = policy();
    policy.rules[0].terms.bundle = BundleRule::Revalue;
    policy.serial.clear();
    policy.destinations =
        (0..500).map(|index| place(&alloc::format!("d{index}"), DestinationKind::Warehouse, index)).collect();
    let answer = decided(&policy, &request);
    assert_eq!((answer.decisions.len(), answer.labels.len()), (1_000, 1));
}

#[test]
fn the_largest_figures_and_the_last_days_are_decided() {
    const MOST: i64 = cartwright_contract::validate::MOST_MONEY;
    let mut most = delivered(1_000_000, MOST, MOST);
    (most.line.unit_price, most.line.weight) = (MOST / 1_000_000, 100_000_000);
    most.bundle = "set".into();
    let mut request = request(vec![most.clone(), most.clone(), most], vec![back(0, 999_999), back(1, 1_000_000)]);
    request.shipping_paid = MOST;
    (request.ordered, request.at) = (253_402_200_000, 253_402_214_400);
    request.lines.iter_mut().for_each(|line| line.delivered = Some(253_402_200_000));
    let mut policy = policy();
    policy.serial.clear();
    policy.rules[0].terms.bundle = BundleRule::Revalue;
    policy.rules[0].terms.shipping = ShippingRefund::Proportional;
    policy.rules[0].terms.remedies[0].bonus = PartsPerMillion(1_000_000);
    policy.destinations[0].freight.per_kilogram_and_100_km = Minor(1_000_000_000_000);
    for remedy in [Remedy::Refund, Remedy::StoreCredit] {
        request.returns.iter_mut().for_each(|requested| requested.remedy = remedy);
        assert_eq!(decided(&policy, &request).decisions.len(), 2);
    }
    (request.ordered, request.at) = (0, 0);
    request.lines.iter_mut().for_each(|line| line.delivered = Some(0));
    policy.rules[0].terms.window = Some(days(0));
    assert_eq!(decided(&policy, &request).decisions[0].until, Some(0));
}
