//! A return from request to close: authorised once, late or in time, and paid by the grade that was found.

use super::*;
use cartwright_contract::return_policy::RefundKind::{Condition as ByGrade, Goods, LabelFee};
use cartwright_contract::return_policy::RmaStatus;
use cartwright_contract::return_policy::RmaStatus::{
    Approved, Cancelled, Closed, Declined, Expired, InTransit, Inspected, Received,
};

/// Approved on 20 September, with a label to Reno for 6.95.
fn standing(status: RmaStatus, grade: Option<Grade>) -> Request {
    let authorised = RequestedReturn {
        status,
        grade,
        asked: Some(noon(2026, 9, 20)),
        authorised: Some(noon(2026, 9, 20)),
        destination: Some("reno".into()),
        label_fee: 695,
        ..back(0, 1)
    };
    let mut request = request(vec![delivered(1, 5_000, 0)], vec![authorised]);
    request.at = noon(2026, 10, 15);
    request
}

#[test]
fn before_inspection_every_grade_is_told_and_after_it_the_one_that_was_found_is_paid() {
    let asked = request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]);
    let before = first(&policy(), &asked);
    let told: Vec<_> = before.by_grade.iter().map(|graded| (graded.grade, graded.refund, graded.disposition)).collect();
    let wanted = [
        (Grade::A, 4_305, Disposition::Restock),
        (Grade::B, 3_805, Disposition::Refurbish),
        (Grade::C, 1_805, Disposition::Recycle),
        (Grade::D, 0, Disposition::Dispose),
    ];
    assert_eq!(told, wanted);
    for (grade, refund, disposition) in wanted {
        let after = first(&policy(), &standing(Received, Some(grade)));
        assert_eq!((after.status, after.refund, after.disposition), (Inspected, refund, Some(disposition)));
        assert_eq!((after.by_grade.len(), after.destination.as_deref()), (0, Some("reno")));
    }
    let c = first(&policy(), &standing(Inspected, Some(Grade::C)));
    assert_eq!(c.parts, [part(Goods, 5_000), part(ByGrade, -2_500), part(LabelFee, -695)]);
    assert_eq!(codes(&c), ["AUTHORISED", "GRADE_LOWERS_REFUND", "LABEL_FEE"]);
}

#[test]
fn what_was_authorised_is_not_judged_again() {
    let mut request = standing(InTransit, None);
    request.lines[0].line.tags = names(&["final-sale"]);
    request.returned_units = 1_000;
    let decision = first(&policy(), &request);
    assert_eq!((decision.verdict, decision.status, decision.refund), (Verdict::Approve, InTransit, 4_305));
    // Even when no rule would take it any more.
    let none = Policy { rules: Vec::new(), ..policy() };
    assert_eq!(first(&none, &request).refund, 4_305);
}

#[test]
fn what_is_not_received_in_time_expires() {
    let late = |status, year, month, day| {
        let mut request = standing(status, None);
        request.at = noon(year, month, day);
        let decision = first(&policy(), &request);
        (decision.status, decision.verdict, decision.refund)
    };
    assert_eq!(late(Approved, 2026, 10, 20).0, Approved);
    assert_eq!(late(Approved, 2026, 10, 21), (Expired, Verdict::Decline, 0));
    assert_eq!(late(InTransit, 2026, 11, 3).0, InTransit, "the carrier has fourteen days more");
    assert_eq!(late(InTransit, 2026, 11, 4).0, Expired);
    assert_eq!(late(Received, 2027, 11, 4).0, Received);
}

#[test]
fn an_approval_says_until_when_it_must_arrive() {
    let decision = first(&policy(), &request(vec![delivered(1, 5_000, 0)], vec![back(0, 1)]));
    assert_eq!((decision.status, decision.receive_by), (Approved, Some(Day::from_civil(2026, 10, 20).unwrap().0)));
}

#[test]
fn what_has_ended_gives_nothing_and_keeps_its_state() {
    for status in [Declined, Closed, Cancelled, Expired] {
        let decision = first(&policy(), &standing(status, None));
        assert_eq!(
            (decision.status, decision.verdict, codes(&decision)),
            (status, Verdict::Decline, vec!["RETURN_ENDED"])
        );
    }
}

#[test]
fn approved_without_a_label_gets_one() {
    let mut request = standing(Approved, None);
    (request.returns[0].destination, request.returns[0].label_fee) = (None, 0);
    let answer = decided(&policy(), &request);
    assert_eq!((answer.labels.len(), answer.labels[0].fee), (1, 695));
}
