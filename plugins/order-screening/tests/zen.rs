//! The same rules in a decision table of zen-engine give the same verdicts: what `benches/zen_screening.py --agreement` wrote.

use cartwright_contract::order_screening::{Request, Verdict};
use cartwright_sdk::order_screening::OrderScreening;
use cartwright_sdk::testing::configured;
use order_screening::OrderScreeningPlugin;
use serde_json::Value;
use std::collections::BTreeSet;

const RULES: &str = include_str!("../../../benches/data/screening-rules.json");
const AGREEMENT: &str = include_str!("../../../benches/data/screening-agreement.json");

#[test]
fn a_decision_table_of_zen_engine_says_the_same() {
    let configured = configured::<OrderScreeningPlugin>(RULES);
    assert!(configured.warnings.is_empty(), "{:#?}", configured.warnings);
    let all: Vec<Value> = serde_json::from_str(AGREEMENT).unwrap();
    assert_eq!(all.len(), 200);
    let mut codes = BTreeSet::new();
    for one in &all {
        let request: Request = serde_json::from_value(one["request"].clone()).unwrap();
        let answer = configured.plugin.run(&request, &[]).unwrap();
        let verdict = match answer.verdict {
            Verdict::Accept => "accept",
            Verdict::Review => "review",
            Verdict::Reject => "reject",
        };
        let code = if verdict == "accept" { "" } else { &*answer.reasons[0].code };
        assert_eq!(
            (verdict, code),
            (one["verdict"].as_str().unwrap(), one["code"].as_str().unwrap()),
            "{}",
            request.order
        );
        codes.insert(code.to_string());
    }
    assert_eq!(codes.len(), 9, "every rule decides some order, and none decides some: {codes:?}");
}
