//! Rules: their conditions, and whether they can be reached.

use super::conditions::condition;
use crate::settings::{Document, Rule as Words, Then};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use cartwright_core::screening::conflict::Facts;
use cartwright_core::screening::{Effect, NamedConditions, Rule};
use cartwright_sdk::order_screening::Verdict;
use cartwright_sdk::settings::Findings;

/// `named` is absent when a named condition is wrong: then rules are not compared with each other.
pub fn rules(document: &Document, named: Option<&NamedConditions>, findings: &mut Findings) -> Option<Vec<Rule>> {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rules = Vec::new();
    for (index, words) in document.rules.iter().enumerate() {
        let at = format!("/rules/{index}");
        code(words, index, &mut codes, findings);
        let when = condition(&words.when, &format!("{at}/when"), Some(&document.conditions), findings);
        let then = match words.then {
            Then::Accept {} => Effect::Verdict(Verdict::Accept),
            Then::Review {} => Effect::Verdict(Verdict::Review),
            Then::Reject {} => Effect::Verdict(Verdict::Reject),
            Then::Points { points } => Effect::Points(points),
        };
        if then == Effect::Points(0) {
            findings.odd(&format!("{at}/then/points"), &0, "changes nothing", "give it points, or remove the rule");
        }
        rules.push(when.map(|when| Rule { code: words.code.clone(), message: words.message.clone(), when, then }));
    }
    let rules: Vec<Rule> = rules.into_iter().collect::<Option<_>>()?;
    compare(&rules, named?, findings);
    Some(rules)
}

fn code<'w>(words: &'w Words, index: usize, codes: &mut BTreeMap<&'w str, usize>, findings: &mut Findings) {
    let at = format!("/rules/{index}/code");
    let fits = words.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if !fits || !words.code.starts_with(|first: char| first.is_ascii_uppercase()) {
        let remedy = "write upper-case letters, digits and underscores, as `FIRST_ORDER_IS_LARGE`";
        findings.wrong::<()>(&at, &words.code, "is not a code", remedy);
    }
    if let Some(before) = codes.insert(&words.code, index) {
        let message = format!("is the code of rule {before} already");
        findings.wrong::<()>(&at, &words.code, &message, "give each rule a code of its own");
    }
}

/// Warns of rules that never hold, and of those that an earlier one ends before them.
fn compare(rules: &[Rule], named: &NamedConditions, findings: &mut Findings) {
    let of_named = Facts::of_named(named);
    let mut deciding: Vec<(usize, Facts)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let at = format!("/rules/{index}/when");
        let facts = match Facts::of(&rule.when, named, &of_named) {
            Ok(facts) => facts,
            Err(why) => {
                findings.odd(
                    &at,
                    &rule.code,
                    &format!("never holds: {why}"),
                    "correct the condition, or remove the rule",
                );
                continue;
            }
        };
        if let Some((before, _)) = deciding.iter().find(|(_, wider)| wider.covers(&facts)) {
            let message = format!(
                "is never reached: the rule {before} (`{}`) decides wherever it would hold",
                rules[*before].code
            );
            findings.odd(&at, &rule.code, &message, "put the narrower rule first, or remove it");
        }
        if matches!(rule.then, Effect::Verdict(_)) {
            deciding.push((index, facts));
        }
    }
}
