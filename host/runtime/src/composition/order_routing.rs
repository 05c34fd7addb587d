//! Routing has one owner: two plugins that each ship an order would ship it twice.

use super::{Compose, reason};
use crate::hooks::OrderRouting;
use cartwright_contract::order_routing::{Answer, Disposition, Request};
use cartwright_contract::{LineUnits, Reason};

impl Compose for OrderRouting {
    const SEVERAL: bool = false;

    /// Never asked for more than one; the first stands.
    fn merge(_: &Request, mut answers: Vec<Answer>) -> Answer {
        answers.swap_remove(0)
    }

    /// Nothing ships until a person has looked at it.
    fn fallback(request: &Request) -> Answer {
        let units = |(index, line): (usize, &cartwright_contract::Line)| LineUnits {
            line: u32::try_from(index).unwrap_or(u32::MAX),
            quantity: line.quantity,
        };
        Answer {
            disposition: Disposition::Hold,
            queue: Some("manual-routing".into()),
            backordered: request.lines.iter().enumerate().filter(|(_, line)| line.physical).map(units).collect(),
            reasons: vec![reason("ROUTING_FAILED", "no plugin routed this order, so a person does")],
            ..Answer::default()
        }
    }

    fn reasons(answer: &mut Answer) -> &mut Vec<Reason> {
        &mut answer.reasons
    }
}
