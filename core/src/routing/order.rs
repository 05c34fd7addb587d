//! An order in the solver's reach: its lines and groups, what each location may ship of them and at what cost, before any rule.
//!
//! What this module must not know: which rules there are, how the cheapest assignment is found.

use super::policy::{Policy, Terms};
use crate::geo::Position;
use crate::rate::Destination;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::Line;
use cartwright_contract::order_routing::{LineConstraint, Location, Request};

/// What the policy's terms add up to for one location.
#[derive(Debug, Default)]
pub struct Standing<'a> {
    pub shipment: i64,
    /// A unit of any line.
    pub unit: i64,
    pub buffer: u32,
    pub rank: Option<u32>,
    pub orders_a_day: Option<u32>,
    hazardous: Option<bool>,
    goods: Vec<&'a Terms>,
}

/// One order.
#[derive(Debug)]
pub struct Order<'a> {
    /// Indexes of the lines that are shipped.
    pub lines: Vec<u32>,
    /// The goods that are shipped, after discounts.
    pub value: i64,
    pub hazardous: bool,
    /// From each location, in metres, where both ends are known.
    pub distances: Vec<Option<u32>>,
    pub positions: Vec<Option<Position>>,
    pub standings: Vec<Standing<'a>>,
    /// Lines that leave together, each with its places in `lines`; a line of its own too.
    pub items: Vec<Vec<u32>>,
    /// Units that a location may ship: `[place in lines * locations + location]`.
    units: Vec<u32>,
    /// Units on shelves less what is kept back, over all locations, by place in `lines`.
    pub on_shelves: Vec<u64>,
}

impl<'a> Order<'a> {
    pub fn new(policy: &'a Policy, request: &'a Request) -> Self {
        let lines: Vec<u32> =
            (0..request.lines.len() as u32).filter(|line| request.lines[*line as usize].physical).collect();
        let shipped = || lines.iter().map(|line| &request.lines[*line as usize]);
        let value = shipped().map(|line| line.unit_price * i64::from(line.quantity) - line.discount).sum();
        let hazardous = shipped().any(|line| line.hazardous);
        let destination = Destination::new(&request.destination, None).position;
        let place = |location: &Location| {
            let given = location.coordinates.and_then(|point| Position::try_from(point).ok());
            given.or_else(|| policy.places.get(&location.id).copied())
        };
        let positions: Vec<_> = request.locations.iter().map(place).collect();
        let distances = positions.iter().map(|from| Some(from.as_ref()?.distance_metres(destination?))).collect();
        let standings: Vec<_> = request.locations.iter().map(|location| standing(policy, location)).collect();
        let items = groups(request, &lines);
        let mut order =
            Self { lines, value, hazardous, distances, positions, standings, items, units: vec![], on_shelves: vec![] };
        order.stock(request);
        order
    }

    fn stock(&mut self, request: &Request) {
        let width = request.locations.len();
        let by_id: BTreeMap<&str, usize> =
            request.locations.iter().enumerate().map(|(at, location)| (location.id.as_str(), at)).collect();
        let mut constraints: BTreeMap<u32, Vec<&LineConstraint>> = BTreeMap::new();
        for constraint in &request.constraints.lines {
            constraints.entry(constraint.line).or_default().push(constraint);
        }
        self.units = Vec::with_capacity(self.lines.len() * width);
        let mut allowed = vec![true; width];
        for &index in &self.lines {
            let line = &request.lines[index as usize];
            let constrained = constraints.get(&index);
            allowed.fill(true);
            for constraint in constrained.into_iter().flatten() {
                if !constraint.only.is_empty() {
                    let only: Vec<usize> =
                        constraint.only.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
                    let mut these = vec![false; width];
                    for at in only {
                        these[at] = true;
                    }
                    allowed.iter_mut().zip(these).for_each(|(allowed, this)| *allowed &= this);
                }
                for at in constraint.never.iter().filter_map(|id| by_id.get(id.as_str())) {
                    allowed[*at] = false;
                }
            }
            let mut on_shelves = 0;
            for (at, location) in request.locations.iter().enumerate() {
                let standing = &self.standings[at];
                let available = location.available.get(index as usize).copied().unwrap_or(0);
                let available = available.saturating_sub(standing.buffer);
                on_shelves += u64::from(available);
                let may = allowed[at] && standing.may_ship(line) && standing.open(location);
                self.units.push(if may { available } else { 0 });
            }
            self.on_shelves.push(on_shelves);
        }
    }

    /// Units of a line, by its place in `lines`, that a location may ship.
    pub fn units(&self, place: usize, location: usize) -> u32 {
        self.units[place * self.standings.len() + location]
    }
}

impl Order<'_> {
    /// What keeps units on shelves from shipping, with how many: the line's own `only` and `never`, what locations ship at all, or
    /// what they still take today.
    pub fn ruled_out(&self, request: &Request, place: usize) -> String {
        let index = self.lines[place];
        let line = &request.lines[index as usize];
        let own = request.constraints.lines.iter().find(|constraint| constraint.line == index);
        let set = |ids: &'_ [String]| -> BTreeSet<String> { ids.iter().cloned().collect() };
        let only = own.map(|own| set(&own.only)).filter(|only| !only.is_empty());
        let never = own.map(|own| set(&own.never)).unwrap_or_default();
        let mut units = [0u64; 3];
        for (at, location) in request.locations.iter().enumerate() {
            let standing = &self.standings[at];
            let available =
                location.available.get(index as usize).copied().unwrap_or(0).saturating_sub(standing.buffer);
            let why = if only.as_ref().is_some_and(|only| !only.contains(&location.id)) || never.contains(&location.id)
            {
                0
            } else if !standing.may_ship(line) {
                1
            } else if !standing.open(location) {
                2
            } else {
                continue;
            };
            units[why] += u64::from(available);
        }
        let says = [
            "the line's own locations (`only`, `never`)",
            "the goods that locations ship",
            "locations' limits of the day",
        ];
        let told = units.iter().zip(says).filter(|(units, _)| **units > 0);
        told.map(|(units, what)| format!("{what}: {units} units")).collect::<Vec<_>>().join("; ")
    }
}

impl Standing<'_> {
    /// Whether the location ships such goods at all.
    fn may_ship(&self, line: &Line) -> bool {
        let bears = |tags: &[alloc::string::String]| line.tags.iter().any(|tag| tags.contains(tag));
        !(line.hazardous && self.hazardous == Some(false))
            && self.goods.iter().all(|terms| (terms.only.is_empty() || bears(&terms.only)) && !bears(&terms.never))
    }

    /// Whether the location can take another order today.
    fn open(&self, location: &Location) -> bool {
        location.capacity != Some(0) && self.orders_a_day.is_none_or(|most| location.orders_today < most)
    }
}

fn standing<'a>(policy: &'a Policy, location: &Location) -> Standing<'a> {
    let mut standing = Standing::default();
    for terms in policy.terms.iter().filter(|terms| terms.who.names(location)) {
        standing.shipment = standing.shipment.saturating_add(terms.shipment);
        standing.unit = standing.unit.saturating_add(terms.pick).saturating_add(terms.opportunity);
        standing.buffer = standing.buffer.saturating_add(terms.buffer);
        standing.rank = standing.rank.into_iter().chain(terms.rank).min();
        standing.orders_a_day = standing.orders_a_day.into_iter().chain(terms.orders_a_day).min();
        // The later says more of this one location.
        standing.hazardous = terms.hazardous.or(standing.hazardous);
        if !terms.only.is_empty() || !terms.never.is_empty() {
            standing.goods.push(terms);
        }
    }
    standing
}

/// Lines that must leave together, as places in `lines`; groups with a line in common are one.
fn groups(request: &Request, lines: &[u32]) -> Vec<Vec<u32>> {
    let mut place = vec![None; request.lines.len()];
    for (at, line) in lines.iter().enumerate() {
        place[*line as usize] = Some(at);
    }
    let mut of: Vec<usize> = (0..lines.len()).collect();
    for group in &request.constraints.together {
        let mut members = group.iter().filter_map(|line| *place.get(*line as usize)?);
        let Some(leader) = members.next() else { continue };
        for member in members {
            let (a, b) = (first(&mut of, leader), first(&mut of, member));
            of[a.max(b)] = a.min(b);
        }
    }
    let mut items: Vec<Vec<u32>> = Vec::new();
    let mut index = vec![usize::MAX; lines.len()];
    for at in 0..lines.len() {
        let leader = first(&mut of, at);
        if index[leader] == usize::MAX {
            index[leader] = items.len();
            items.push(Vec::new());
        }
        items[index[leader]].push(at as u32);
    }
    items
}

/// Who stands for an entry's group; shortens the way there.
fn first(of: &mut [usize], at: usize) -> usize {
    let mut at = at;
    while of[at] != at {
        of[at] = of[of[at]];
        at = of[at];
    }
    at
}
