//! Units that cannot be told apart, and boxes as the packer sees them. Knows nothing of money.

use alloc::vec::Vec;

use super::geometry::{Triple, fits, volume};
use super::{Item, Turns};
use crate::sort;

/// A unit as it is packed: all units of all items that are equal in it are interchangeable.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    /// The distinct sizes as turned; the first `turn_count` hold.
    turned: [Triple; 6],
    turn_count: usize,
    pub longest: u32,
    pub shortest: u32,
    pub volume: u64,
    /// Largest face in mm².
    pub face: u64,
    /// Grams.
    pub weight: u64,
    pub fragile: bool,
}

impl Kind {
    pub fn of(item: &Item) -> Self {
        let sides = [item.size.length.0, item.size.width.0, item.size.height.0];
        let mut turned = [[0; 3]; 6];
        let mut turn_count = 0;
        for order in item.turns.orders() {
            let size = order.map(|side| sides[side]);
            if !turned[..turn_count].contains(&size) {
                turned[turn_count] = size;
                turn_count += 1;
            }
        }
        let mut sorted = sides;
        sort::short(&mut sorted, |a, b| a < b);
        Self {
            turned,
            turn_count,
            longest: sorted[2],
            shortest: sorted[0],
            volume: volume(sides),
            face: u64::from(sorted[1]) * u64::from(sorted[2]),
            weight: item.weight.0,
            fragile: item.fragile,
        }
    }

    /// The sizes in which the unit may stand, each once.
    #[inline]
    pub fn turned(&self) -> &[Triple] {
        &self.turned[..self.turn_count]
    }

    pub fn fits_size(&self, room: Triple) -> bool {
        self.turned().iter().any(|&sides| fits(sides, room))
    }
}

/// The room of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub sides: Triple,
    pub volume: u64,
    /// What the contents may weigh, in grams.
    pub capacity: u64,
}

impl Room {
    pub fn new(sides: Triple, capacity: u64) -> Self {
        Self { sides, volume: volume(sides), capacity }
    }
}

/// An item whose units are some of a kind.
#[derive(Debug, Clone, Copy)]
struct Member {
    item: u32,
    next_unit: u32,
    left: u32,
    /// Index of the member that comes after it, [`NONE`] at the end.
    after: u32,
}

const NONE: u32 = u32::MAX;
/// Up to so many items are compared with each other; more are sorted.
const FEW: usize = 24;

/// The kinds of an order, with the items whose units they are.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    pub list: Vec<Kind>,
    /// Units of each kind.
    pub counts: Vec<u32>,
    /// For each kind the index of the member whose units are named next.
    heads: Vec<u32>,
    members: Vec<Member>,
}

/// Equal for units of one kind.
type Likeness = ([u32; 3], u64, Turns, bool);

fn likeness(item: &Item) -> Likeness {
    let mut sides = [item.size.length.0, item.size.width.0, item.size.height.0];
    if item.turns == Turns::ANY {
        sort::short(&mut sides, |a, b| a < b);
    }
    (sides, item.weight.0, item.turns, item.fragile)
}

impl Kinds {
    /// Groups the items at these indexes, which ascend. Kinds stand in the order of their first item, so that the order of
    /// the cart decides ties.
    pub fn group(items: &[Item], chosen: &[u32]) -> Self {
        let of = |place: usize| likeness(&items[chosen[place] as usize]);
        let mut all = Self {
            list: Vec::with_capacity(chosen.len().min(FEW)),
            counts: Vec::with_capacity(chosen.len()),
            heads: Vec::with_capacity(chosen.len()),
            members: Vec::with_capacity(chosen.len()),
        };
        // For each place the first place of its like.
        let mut firsts: Vec<u32> = Vec::with_capacity(chosen.len());
        if chosen.len() <= FEW {
            for place in 0..chosen.len() {
                let like = of(place);
                let first = (0..place).find(|&other| firsts[other] as usize == other && of(other) == like);
                firsts.push(first.unwrap_or(place) as u32);
            }
        } else {
            let mut order: Vec<u32> = (0..chosen.len() as u32).collect();
            let likes: Vec<Likeness> = (0..chosen.len()).map(of).collect();
            sort::by(&mut order, |&a, &b| (&likes[a as usize], a) < (&likes[b as usize], b));
            firsts.resize(chosen.len(), 0);
            let mut first = order[0];
            for place in order {
                if likes[place as usize] != likes[first as usize] {
                    first = place;
                }
                firsts[place as usize] = first;
            }
        }
        // Later on a first place's entry is replaced by its kind; the members before it are done with.
        let mut lasts: Vec<u32> = Vec::with_capacity(chosen.len());
        for (place, &index) in chosen.iter().enumerate() {
            let item = &items[index as usize];
            let first = firsts[place] as usize;
            all.members.push(Member { item: index, next_unit: 0, left: item.quantity, after: NONE });
            if first == place {
                firsts[place] = all.list.len() as u32;
                all.list.push(Kind::of(item));
                all.counts.push(item.quantity);
                all.heads.push(place as u32);
                lasts.push(place as u32);
            } else {
                let kind = firsts[first] as usize;
                all.counts[kind] += item.quantity;
                all.members[lasts[kind] as usize].after = place as u32;
                lasts[kind] = place as u32;
            }
        }
        all
    }

    /// Takes the next unit of a kind: (item, unit).
    pub fn take(&mut self, kind: usize) -> Option<(u32, u32)> {
        let head = self.heads.get_mut(kind)?;
        let member = self.members.get_mut(*head as usize)?;
        let unit = (member.item, member.next_unit);
        member.next_unit += 1;
        member.left -= 1;
        if member.left == 0 {
            *head = member.after;
        }
        Some(unit)
    }

    /// Takes all units of a kind that are left: (item, first unit, units).
    pub fn take_rest(&mut self, kind: usize) -> Option<(u32, u32, u32)> {
        let head = self.heads.get_mut(kind)?;
        let member = self.members.get_mut(*head as usize)?;
        *head = member.after;
        Some((member.item, member.next_unit, member.left))
    }

    /// These kinds alone, in this order, with so many units of each left.
    pub fn only(self, chosen: &[usize], counts: &[u32]) -> Self {
        Self {
            list: chosen.iter().map(|&kind| self.list[kind].clone()).collect(),
            counts: chosen.iter().map(|&kind| counts[kind]).collect(),
            heads: chosen.iter().map(|&kind| self.heads[kind]).collect(),
            members: self.members,
        }
    }
}
