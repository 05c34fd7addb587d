//! Where what comes back goes, at the least cost: what sending takes, less what the goods are still worth there.
//!
//! Units that go to one destination share its parcel's cost, so where one thing goes depends on where the others go (an uncapacitated
//! facility location problem). Up to [`EXACT_DESTINATIONS`] destinations every set of them is tried and the answer is the least;
//! beyond, destinations are opened and closed one by one, the best step first, until no step helps or as many are done as a call has
//! time for.
//!
//! Ties: fewer destinations, then those that stand first; what costs as much to send as to leave stays. The caller lists nearest
//! destinations first.
//!
//! What this file must not know: rules, refunds, who pays.

use alloc::vec;
use alloc::vec::Vec;

/// So many destinations are tried in every combination.
pub const EXACT_DESTINATIONS: usize = 10;
/// Steps of the search beyond that; fewer where there is so much to look at in each that a call would take too long.
const STEPS: usize = 64;
/// Costs that the search looks at in all.
const LOOKS: usize = 8_000_000;

/// What has to go somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcelled {
    /// By destination: what sending it there takes less what it is worth there, the parcel not included; `None` where it may not
    /// go.
    pub costs: Vec<Option<i128>>,
    /// It may stay with the shopper, which costs nothing and brings nothing.
    pub may_stay: bool,
}

/// Where one thing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Index of the destination.
    To(usize),
    Stays,
    /// It may go nowhere and may not stay.
    Nowhere,
}

/// The least costly ways, one for each thing; `parcels` are what a parcel to each destination costs.
#[must_use]
pub fn ways(things: &[Parcelled], parcels: &[i128]) -> Vec<Way> {
    let open = choose(things, parcels);
    things.iter().map(|thing| best(thing, &open)).collect()
}

/// What these ways cost in all: every destination's parcel once.
#[must_use]
pub fn cost(things: &[Parcelled], parcels: &[i128], ways: &[Way]) -> i128 {
    let mut used = vec![false; parcels.len()];
    let mut sum = 0;
    for (thing, way) in things.iter().zip(ways) {
        if let Way::To(to) = way {
            used[*to] = true;
            sum += thing.costs[*to].unwrap_or(0);
        }
    }
    sum + used.iter().zip(parcels).filter(|(used, _)| **used).map(|(_, parcel)| parcel).sum::<i128>()
}

fn best(thing: &Parcelled, open: &[bool]) -> Way {
    let mut best: Option<(i128, usize)> = None;
    for (index, cost) in thing.costs.iter().enumerate().filter(|(index, _)| open[*index]) {
        if let Some(cost) = cost.filter(|cost| best.is_none_or(|(least, _)| *cost < least)) {
            best = Some((cost, index));
        }
    }
    match best {
        Some((cost, _)) if thing.may_stay && cost >= 0 => Way::Stays,
        Some((_, index)) => Way::To(index),
        None if thing.may_stay => Way::Stays,
        None => Way::Nowhere,
    }
}

/// The destinations that are used.
fn choose(things: &[Parcelled], parcels: &[i128]) -> Vec<bool> {
    let count = parcels.len();
    // What has one way only settles that destination.
    let mut forced = vec![false; count];
    let mut useful = vec![false; count];
    for thing in things {
        let mut places = thing.costs.iter().enumerate().filter(|(_, cost)| cost.is_some()).map(|(index, _)| index);
        let first = places.next();
        let second = places.next();
        match (first, second) {
            (Some(only), None) if !thing.may_stay => forced[only] = true,
            (Some(first), second) => {
                [Some(first), second].into_iter().flatten().chain(places).for_each(|index| useful[index] = true);
            }
            _ => {}
        }
    }
    let free: Vec<usize> = (0..count).filter(|&index| useful[index] && !forced[index]).collect();
    if free.len() <= EXACT_DESTINATIONS {
        exhaust(things, parcels, &forced, &free)
    } else {
        search(things, parcels, forced, &free)
    }
}

/// What things that have a way cost when these destinations are open, parcels included; a thing without a way is counted in the
/// first figure, so that fewer of those always win.
fn value(things: &[Parcelled], parcels: &[i128], open: &[bool]) -> (usize, i128, usize) {
    let mut sum: i128 = parcels.iter().zip(open).filter(|(_, open)| **open).map(|(parcel, _)| parcel).sum();
    let mut stranded = 0;
    for thing in things {
        match best(thing, open) {
            Way::To(to) => sum += thing.costs[to].unwrap_or(0),
            Way::Stays => {}
            Way::Nowhere => stranded += usize::from(thing.costs.iter().any(Option::is_some)),
        }
    }
    (stranded, sum, open.iter().filter(|open| **open).count())
}

/// Every set of the free destinations.
fn exhaust(things: &[Parcelled], parcels: &[i128], forced: &[bool], free: &[usize]) -> Vec<bool> {
    // What each thing costs without the free ones, and by each of them.
    let rows: Vec<(Option<i128>, Vec<Option<i128>>)> = things
        .iter()
        .filter(|thing| thing.may_stay || thing.costs.iter().any(Option::is_some))
        .map(|thing| {
            let without = served(thing, forced, usize::MAX).map(|(cost, _)| cost);
            (without, free.iter().map(|&index| thing.costs[index]).collect())
        })
        .collect();
    let mut least = None;
    let mut chosen = 0;
    // From the highest number down, so that of equal sets those that stand first are met first and kept.
    for set in (0u32..1 << free.len()).rev() {
        let open = |bit: usize| set >> (free.len() - 1 - bit) & 1 == 1;
        let mut sum: i128 =
            free.iter().enumerate().filter(|(bit, _)| open(*bit)).map(|(_, &index)| parcels[index]).sum();
        let mut stranded = 0;
        for (without, by) in &rows {
            let mut cost = *without;
            for (bit, here) in by.iter().enumerate() {
                if let Some(here) = here.filter(|here| open(bit) && cost.is_none_or(|cost| *here < cost)) {
                    cost = Some(here);
                }
            }
            match cost {
                Some(cost) => sum += cost,
                None => stranded += 1,
            }
        }
        let value = (stranded, sum, set.count_ones());
        if least.is_none_or(|least| value < least) {
            (least, chosen) = (Some(value), set);
        }
    }
    let mut open = forced.to_vec();
    for (bit, &index) in free.iter().enumerate() {
        open[index] |= chosen >> (free.len() - 1 - bit) & 1 == 1;
    }
    open
}

/// Opens and closes one destination at a time, beginning with the one that serves best alone.
fn search(things: &[Parcelled], parcels: &[i128], forced: Vec<bool>, free: &[usize]) -> Vec<bool> {
    let mut open = forced;
    let mut now = value(things, parcels, &open);
    let steps = (LOOKS / (things.len() * parcels.len()).max(1)).clamp(4, STEPS);
    for _ in 0..steps {
        let mut step: Option<((usize, i128, usize), usize)> = None;
        let (nearest, second) = nearest_two(things, &open);
        for &index in free {
            let next = toggled(things, parcels, &open, index, now, &nearest, &second);
            if next < now && step.is_none_or(|(best, _)| next < best) {
                step = Some((next, index));
            }
        }
        let Some((next, index)) = step else { break };
        open[index] = !open[index];
        now = next;
    }
    // What still has no way after so many steps takes its own cheapest.
    for thing in things {
        if matches!(best(thing, &open), Way::Nowhere) {
            let all = thing.costs.iter().zip(parcels).enumerate();
            let alone = all.filter_map(|(index, (cost, parcel))| Some(((*cost)? + parcel, index)));
            if let Some((_, index)) = alone.min() {
                open[index] = true;
            }
        }
    }
    open
}

/// What a thing costs now and which open destination it takes; `None` when it has no way. Staying costs nothing.
type Served = Option<(i128, usize)>;
/// Marks a thing that stays.
const STAYS: usize = usize::MAX;

fn served(thing: &Parcelled, open: &[bool], but: usize) -> Served {
    let places = thing.costs.iter().enumerate().filter(|(index, _)| open[*index] && *index != but);
    let sent = places.filter_map(|(index, cost)| Some(((*cost)?, index))).min();
    match sent {
        Some((cost, _)) if thing.may_stay && cost >= 0 => Some((0, STAYS)),
        None if thing.may_stay => Some((0, STAYS)),
        other => other,
    }
}

fn nearest_two(things: &[Parcelled], open: &[bool]) -> (Vec<Served>, Vec<Served>) {
    let nearest: Vec<Served> = things.iter().map(|thing| served(thing, open, usize::MAX)).collect();
    let second = things.iter().zip(&nearest).map(|(thing, first)| match first {
        Some((_, index)) if *index != STAYS => served(thing, open, *index),
        other => *other,
    });
    let second = second.collect();
    (nearest, second)
}

/// The value after this destination was opened or closed, by differences.
fn toggled(
    things: &[Parcelled],
    parcels: &[i128],
    open: &[bool],
    index: usize,
    now: (usize, i128, usize),
    nearest: &[Served],
    second: &[Served],
) -> (usize, i128, usize) {
    let (mut stranded, mut sum, count) = now;
    for ((thing, first), second) in things.iter().zip(nearest).zip(second) {
        if open[index] {
            match (first, second) {
                (Some((cost, at)), Some((other, _))) if *at == index => sum += other - cost,
                (Some((cost, at)), None) if *at == index => {
                    sum -= cost;
                    stranded += 1;
                }
                _ => {}
            }
        } else if let Some(cost) = thing.costs[index] {
            match first {
                Some((known, _)) if cost < *known => sum += cost - known,
                None => {
                    sum += cost;
                    stranded -= 1;
                }
                _ => {}
            }
        }
    }
    if open[index] { (stranded, sum - parcels[index], count - 1) } else { (stranded, sum + parcels[index], count + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn thing(costs: &[Option<i128>], may_stay: bool) -> Parcelled {
        Parcelled { costs: costs.to_vec(), may_stay }
    }

    #[test]
    fn two_things_share_a_parcel_where_each_alone_would_go_elsewhere() {
        let things = [thing(&[Some(100), Some(150)], false), thing(&[None, Some(100)], false)];
        assert_eq!(ways(&things, &[500, 500]), [Way::To(1), Way::To(1)]);
        assert_eq!(ways(&things[..1], &[500, 500]), [Way::To(0)]);
    }

    #[test]
    fn what_is_not_worth_the_parcel_stays_with_the_shopper() {
        // Worth 300 there, 900 to send.
        assert_eq!(ways(&[thing(&[Some(-300)], true)], &[900]), [Way::Stays]);
        assert_eq!(ways(&[thing(&[Some(-1_000)], true)], &[900]), [Way::To(0)]);
        // Two of them are worth a parcel together.
        let two = [thing(&[Some(-500)], true), thing(&[Some(-500)], true)];
        assert_eq!(ways(&two, &[900]), [Way::To(0), Way::To(0)]);
    }

    #[test]
    fn ties_take_fewer_destinations_then_the_first() {
        let things = [thing(&[Some(1), Some(1), Some(1)], false), thing(&[Some(1), Some(1), Some(1)], false)];
        assert_eq!(ways(&things, &[0, 0, 0]), [Way::To(0), Way::To(0)]);
        assert_eq!(ways(&[thing(&[Some(-900)], true)], &[900]), [Way::Stays], "fewer parcels");
        assert_eq!(ways(&[thing(&[Some(0)], true)], &[0]), [Way::Stays], "fewer parcels");
        assert_eq!(ways(&[thing(&[None, None], false)], &[0, 0]), [Way::Nowhere]);
    }

    /// By every assignment.
    fn least(things: &[Parcelled], parcels: &[i128]) -> i128 {
        let mut best = i128::MAX;
        let choices = parcels.len() + 1;
        for code in 0..choices.pow(things.len() as u32) {
            let mut rest = code;
            let ways: Option<Vec<Way>> = things
                .iter()
                .map(|thing| {
                    let choice = rest % choices;
                    rest /= choices;
                    match thing.costs.get(choice) {
                        Some(cost) => cost.map(|_| Way::To(choice)),
                        None if thing.may_stay => Some(Way::Stays),
                        None => thing.costs.iter().all(Option::is_none).then_some(Way::Nowhere),
                    }
                })
                .collect();
            if let Some(ways) = ways {
                best = best.min(cost(things, parcels, &ways));
            }
        }
        best
    }

    fn things(destinations: usize, most: usize) -> impl Strategy<Value = Vec<Parcelled>> {
        let costs =
            prop::collection::vec(prop::option::weighted(0.8, (-500i64..500).prop_map(i128::from)), destinations);
        prop::collection::vec(
            (costs, any::<bool>()).prop_map(|(costs, may_stay)| Parcelled { costs, may_stay }),
            1..most,
        )
    }

    proptest! {
        #[test]
        fn small_sets_get_the_least_cost(
            (parcels, things) in (1usize..5).prop_flat_map(|n| (prop::collection::vec((0i64..600).prop_map(i128::from), n), things(n, 5)))
        ) {
            let ways = ways(&things, &parcels);
            prop_assert_eq!(cost(&things, &parcels, &ways), least(&things, &parcels));
        }

        #[test]
        fn large_sets_are_valid_and_no_single_step_helps(
            (parcels, things) in (12usize..20).prop_flat_map(|n| (prop::collection::vec((0i64..600).prop_map(i128::from), n), things(n, 30)))
        ) {
            let ways = ways(&things, &parcels);
            for (thing, way) in things.iter().zip(&ways) {
                match way {
                    Way::To(to) => prop_assert!(thing.costs[*to].is_some()),
                    Way::Stays => prop_assert!(thing.may_stay),
                    Way::Nowhere => prop_assert!(!thing.may_stay && thing.costs.iter().all(Option::is_none)),
                }
            }
            let mut open: Vec<bool> = (0..parcels.len()).map(|index| ways.contains(&Way::To(index))).collect();
            let now = cost(&things, &parcels, &ways);
            for index in 0..parcels.len() {
                open[index] = !open[index];
                let value = value(&things, &parcels, &open);
                prop_assert!(value.0 > 0 || value.1 >= now, "{index}: {value:?} < {now}");
                open[index] = !open[index];
            }
        }
    }
}
