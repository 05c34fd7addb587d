//! Where a return stands (return merchandise authorisation): states, who may move it, and by what.
//!
//! ```text
//! requested ──▶ approved ──▶ in-transit ──▶ received ──▶ inspected ──▶ closed
//!     │            │  └───────────────────────▲              received ──▶ closed
//!     ├─▶ declined ├─▶ cancelled   in-transit ├─▶ expired    approved ──▶ closed (the shopper keeps it)
//!     └─▶ cancelled└─▶ expired                           inspected ──▶ inspected (graded again)
//! ```
//!
//! What this file must not know: rules, money.

use super::policy::Deadlines;
use crate::calendar::Day;
use cartwright_contract::return_policy::RmaStatus;
use core::fmt;

/// Who moves a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Shopper,
    /// The shop's people, or its policy.
    Merchant,
    Carrier,
    /// Whoever receives and inspects the goods.
    Warehouse,
    /// The platform's timer.
    Clock,
}

/// What happens to a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Approve,
    Decline,
    Cancel,
    /// The carrier's first scan.
    HandOver,
    Receive,
    Inspect,
    /// Everything is settled: refunded, exchanged, repaired.
    Close,
    /// It was not received in time.
    Expire,
}

/// An event that a return in this state cannot have, or that this actor may not cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// No such event in this state.
    State { status: RmaStatus, event: Event },
    /// The event is another one's to cause.
    Actor { status: RmaStatus, event: Event, actor: Actor },
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State { status, event } => {
                write!(f, "a return that is {status:?} cannot {event:?}; possible are:")?;
                let mut none = true;
                for event in EVENTS.iter().filter(|event| next(*status, **event).is_some()) {
                    none = false;
                    write!(f, " {event:?}")?;
                }
                if none { f.write_str(" none, it has ended") } else { Ok(()) }
            }
            Self::Actor { status, event, actor } => {
                write!(f, "{actor:?} may not {event:?} a return that is {status:?}; these may:")?;
                for actor in ACTORS.iter().filter(|actor| may(**actor, *status, *event)) {
                    write!(f, " {actor:?}")?;
                }
                Ok(())
            }
        }
    }
}

impl core::error::Error for Forbidden {}

pub const EVENTS: [Event; 8] = [
    Event::Approve,
    Event::Decline,
    Event::Cancel,
    Event::HandOver,
    Event::Receive,
    Event::Inspect,
    Event::Close,
    Event::Expire,
];
pub const ACTORS: [Actor; 5] = [Actor::Shopper, Actor::Merchant, Actor::Carrier, Actor::Warehouse, Actor::Clock];

/// The state after an event, whoever causes it.
fn next(status: RmaStatus, event: Event) -> Option<RmaStatus> {
    use RmaStatus::{Approved, Cancelled, Closed, Declined, Expired, InTransit, Inspected, Received, Requested};
    Some(match (status, event) {
        (Requested, Event::Approve) => Approved,
        (Requested, Event::Decline) => Declined,
        (Requested | Approved, Event::Cancel) => Cancelled,
        (Approved, Event::HandOver) => InTransit,
        // A parcel that the carrier never scanned, or that is brought to a store.
        (Approved | InTransit, Event::Receive) => Received,
        (Received | Inspected, Event::Inspect) => Inspected,
        (Approved | Received | Inspected, Event::Close) => Closed,
        (Approved | InTransit, Event::Expire) => Expired,
        _ => return None,
    })
}

fn may(actor: Actor, status: RmaStatus, event: Event) -> bool {
    match event {
        Event::Approve | Event::Decline | Event::Close => actor == Actor::Merchant,
        Event::Cancel => {
            matches!(actor, Actor::Shopper | Actor::Merchant)
                && matches!(status, RmaStatus::Requested | RmaStatus::Approved)
        }
        Event::HandOver => matches!(actor, Actor::Carrier | Actor::Shopper),
        Event::Receive | Event::Inspect => matches!(actor, Actor::Warehouse | Actor::Merchant),
        Event::Expire => matches!(actor, Actor::Clock | Actor::Merchant),
    }
}

/// The state after `actor` causes `event`.
///
/// # Errors
/// [`Forbidden`], which says what would be possible.
pub fn transition(status: RmaStatus, event: Event, actor: Actor) -> Result<RmaStatus, Forbidden> {
    let next = next(status, event).ok_or(Forbidden::State { status, event })?;
    if may(actor, status, event) { Ok(next) } else { Err(Forbidden::Actor { status, event, actor }) }
}

/// Whether nothing can come of it any more.
#[must_use]
pub fn ended(status: RmaStatus) -> bool {
    EVENTS.iter().all(|event| next(status, *event).is_none())
}

/// The last day on which it must be received: so many days after approval, and some more once the carrier has it.
#[must_use]
pub fn receive_by(deadlines: &Deadlines, status: RmaStatus, authorised: Day) -> Option<Day> {
    let grace = if status == RmaStatus::InTransit { deadlines.transit_grace } else { 0 };
    deadlines.receive_within.map(|days| authorised.plus(i32::from(days) + i32::from(grace)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const STATES: [RmaStatus; 9] = [
        RmaStatus::Requested,
        RmaStatus::Approved,
        RmaStatus::Declined,
        RmaStatus::InTransit,
        RmaStatus::Received,
        RmaStatus::Inspected,
        RmaStatus::Closed,
        RmaStatus::Cancelled,
        RmaStatus::Expired,
    ];

    #[test]
    fn a_return_goes_from_request_to_close() {
        let way = [
            (Event::Approve, Actor::Merchant, RmaStatus::Approved),
            (Event::HandOver, Actor::Carrier, RmaStatus::InTransit),
            (Event::Receive, Actor::Warehouse, RmaStatus::Received),
            (Event::Inspect, Actor::Warehouse, RmaStatus::Inspected),
            (Event::Inspect, Actor::Merchant, RmaStatus::Inspected),
            (Event::Close, Actor::Merchant, RmaStatus::Closed),
        ];
        way.into_iter().fold(RmaStatus::Requested, |status, (event, actor, wanted)| {
            assert_eq!(transition(status, event, actor), Ok(wanted));
            wanted
        });
    }

    #[test]
    fn what_has_ended_stays_as_it_is() {
        for status in STATES {
            let all = EVENTS.into_iter().flat_map(|event| ACTORS.map(|actor| transition(status, event, actor)));
            let none = all.flatten().next().is_none();
            assert_eq!(none, ended(status), "{status:?}");
            let ends = [RmaStatus::Declined, RmaStatus::Closed, RmaStatus::Cancelled, RmaStatus::Expired];
            assert_eq!(ended(status), ends.contains(&status));
        }
    }

    #[test]
    fn a_shopper_may_cancel_until_it_is_on_its_way_and_never_approve() {
        for status in [RmaStatus::Requested, RmaStatus::Approved] {
            assert_eq!(transition(status, Event::Cancel, Actor::Shopper), Ok(RmaStatus::Cancelled));
        }
        let error = transition(RmaStatus::InTransit, Event::Cancel, Actor::Shopper).unwrap_err();
        assert_eq!(error.to_string(), "a return that is InTransit cannot Cancel; possible are: Receive Expire");
        let error = transition(RmaStatus::Requested, Event::Approve, Actor::Shopper).unwrap_err();
        assert_eq!(error.to_string(), "Shopper may not Approve a return that is Requested; these may: Merchant");
        let error = transition(RmaStatus::Closed, Event::Receive, Actor::Warehouse).unwrap_err();
        assert_eq!(error.to_string(), "a return that is Closed cannot Receive; possible are: none, it has ended");
    }

    #[test]
    fn every_possible_event_has_somebody_who_may_cause_it() {
        for status in STATES {
            for event in EVENTS.into_iter().filter(|event| next(status, *event).is_some()) {
                assert!(
                    ACTORS.into_iter().any(|actor| transition(status, event, actor).is_ok()),
                    "{status:?} {event:?}"
                );
            }
        }
    }

    #[test]
    fn the_carrier_gets_some_days_more() {
        let deadlines = Deadlines { receive_within: Some(30), transit_grace: 14 };
        assert_eq!(receive_by(&deadlines, RmaStatus::Approved, Day(100)), Some(Day(130)));
        assert_eq!(receive_by(&deadlines, RmaStatus::InTransit, Day(100)), Some(Day(144)));
        assert_eq!(receive_by(&Deadlines::default(), RmaStatus::Approved, Day(100)), None);
    }
}
