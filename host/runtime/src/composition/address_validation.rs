//! Of several address checks the first that corrects does so, and the rest check what it made of the address.

use super::{Compose, PassedOn, reason};
use crate::hooks::AddressValidation;
use cartwright_contract::Reason;
use cartwright_contract::address_validation::{Answer, FieldResult, FieldStatus, Request, Severity, Verdict};

/// The address of the first answer that corrected it.
fn corrected(request: &Request, answers: &[Answer]) -> Option<Request> {
    let correction = answers.iter().find(|answer| answer.verdict == Verdict::Corrected)?;
    Some(Request { address: correction.corrected.clone(), ..request.clone() })
}

impl Compose for AddressValidation {
    const CHAINED: Option<PassedOn<Request, Answer>> = Some(corrected);

    /// The verdict is the worst that anybody gives; who could not check it says nothing against it. The address, its label and
    /// its fields are those of the first that corrected it, else of the first that checked it. A later plugin's correction is
    /// not applied: its issues stand as suggestions. What anybody finds missing or wrong in a field is so.
    fn merge(request: &Request, answers: Vec<Answer>) -> Answer {
        let base = answers
            .iter()
            .position(|answer| answer.verdict == Verdict::Corrected)
            .or_else(|| answers.iter().position(|answer| answer.verdict != Verdict::Unchecked))
            .unwrap_or(0);
        let verdict = answers.iter().map(|answer| answer.verdict).max_by_key(|verdict| gravity(*verdict));
        let mut answers = answers;
        let mut merged = answers.remove(base);
        merged.verdict = verdict.unwrap_or(merged.verdict);
        for answer in answers {
            merged.po_box |= answer.po_box;
            merged.military |= answer.military;
            merged.reasons.extend(answer.reasons);
            for result in answer.fields {
                worsen(&mut merged.fields, result);
            }
            for mut issue in answer.issues {
                if issue.applied && answer.corrected != merged.corrected {
                    issue.applied = false;
                    issue.severity = issue.severity.min(Severity::Warning);
                }
                // It may speak of a line that only the corrected address has.
                issue.line = issue.line.filter(|line| (*line as usize) < request.address.lines.len());
                if !merged.issues.contains(&issue) {
                    merged.issues.push(issue);
                }
            }
        }
        merged
    }

    /// Accepted as it is, marked unchecked.
    fn fallback(request: &Request) -> Answer {
        Answer {
            verdict: Verdict::Unchecked,
            corrected: request.address.clone(),
            reasons: vec![reason("ADDRESS_UNCHECKED", "the address could not be checked, so it is taken as it is")],
            ..Answer::default()
        }
    }

    fn reasons(answer: &mut Answer) -> &mut Vec<Reason> {
        &mut answer.reasons
    }
}

/// Missing outweighs wrong, for an address is incomplete first; everything else is as the first plugin found it.
fn worsen(fields: &mut Vec<FieldResult>, result: FieldResult) {
    if !matches!(result.status, FieldStatus::Missing | FieldStatus::Wrong) {
        return;
    }
    match fields.iter_mut().find(|known| known.field == result.field) {
        Some(known) if known.status == FieldStatus::Missing => {}
        Some(known) => known.status = result.status,
        None => fields.push(result),
    }
}

fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unchecked => 0,
        Verdict::Deliverable => 1,
        Verdict::Corrected => 2,
        Verdict::Incomplete => 3,
        Verdict::Undeliverable => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::Address;
    use cartwright_contract::address_validation::{Field, Issue};

    fn answer(verdict: Verdict, city: &str) -> Answer {
        let corrected = Address { city: Some(city.into()), ..Address::default() };
        let issues = vec![Issue { code: format!("OF_{city}"), applied: true, ..Issue::default() }];
        Answer { verdict, corrected, issues, ..Answer::default() }
    }

    #[test]
    fn the_next_plugin_is_asked_about_the_first_correction() {
        let request = Request::default();
        let passed_on = AddressValidation::CHAINED.expect("addresses are passed on");
        assert_eq!(passed_on(&request, &[answer(Verdict::Deliverable, "A")]), None);
        let answers = [answer(Verdict::Corrected, "B"), answer(Verdict::Corrected, "C")];
        let asked = passed_on(&request, &answers).expect("it was corrected");
        assert_eq!(asked.address.city.as_deref(), Some("B"));
    }

    #[test]
    fn the_first_correction_stands_and_the_worst_verdict_too() {
        let all = vec![
            answer(Verdict::Unchecked, "A"),
            answer(Verdict::Corrected, "B"),
            answer(Verdict::Corrected, "C"),
            answer(Verdict::Deliverable, "B"),
        ];
        let merged = AddressValidation::merge(&Request::default(), all.clone());
        assert_eq!((merged.verdict, merged.corrected.city.as_deref()), (Verdict::Corrected, Some("B")));
        let applied: Vec<_> = merged.issues.iter().map(|issue| (issue.code.as_str(), issue.applied)).collect();
        assert_eq!(applied, [("OF_B", true), ("OF_A", false), ("OF_C", false)]);
        let worse = [all, vec![answer(Verdict::Undeliverable, "B")]].concat();
        assert_eq!(AddressValidation::merge(&Request::default(), worse).verdict, Verdict::Undeliverable);
    }

    #[test]
    fn what_a_later_plugin_finds_missing_makes_the_address_incomplete_and_the_answer_sound() {
        let found = |status| vec![FieldResult { field: Field::Line, status }];
        let first = Answer { fields: found(FieldStatus::Plausible), ..answer(Verdict::Corrected, "B") };
        let mut second = Answer { fields: found(FieldStatus::Missing), ..answer(Verdict::Incomplete, "B") };
        second.issues[0].line = Some(3);
        let other = answer(Verdict::Corrected, "C");
        let request = Request { address: Address { country: "US".into(), ..Address::default() }, ..Request::default() };
        let all = [first, other, second].map(|mut answer| {
            answer.corrected.country = "US".into();
            answer.issues[0].severity = Severity::Error;
            answer.issues[0].message = "words".into();
            answer.issues[0].suggestion = Some("words".into());
            answer
        });
        let merged = AddressValidation::merge(&request, all.to_vec());
        assert_eq!((merged.verdict, merged.fields[0].status), (Verdict::Incomplete, FieldStatus::Missing));
        assert_eq!(merged.check(&request), Ok(()));
        let without = AddressValidation::merge(&request, all[..2].to_vec());
        assert_eq!(without.verdict, Verdict::Corrected);
        assert_eq!(without.check(&request), Ok(()), "a correction that is not applied is no error");
    }
}
