//! Units that cannot be told apart, and boxes as the packer sees them. Knows nothing of money.

use alloc::vec::Vec;

use super::geometry::{Triple, fits, volume};
use super::{Item, Turns};

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
        sorted.sort_unstable();
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

/// The kinds of an order, with the items whose units they are.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    pub list: Vec<Kind>,
    /// Units of each kind.
    pub counts: Vec<u32>,
    /// For each kind its items as (index, next unit, units left), the last of the cart first.
    pub members: Vec<Vec<(u32, u32, u32)>>,
}

impl Kinds {
    /// Groups the items at these indexes.
    pub fn group(items: &[Item], chosen: &[u32]) -> Self {
        type Likeness = ([u32; 3], u64, Turns, bool);
        let likeness = |index: u32| -> Likeness {
            let item = &items[index as usize];
            let mut sides = [item.size.length.0, item.size.width.0, item.size.height.0];
            if item.turns == Turns::ANY {
                sides.sort_unstable();
            }
            (sides, item.weight.0, item.turns, item.fragile)
        };
        let mut order: Vec<u32> = chosen.to_vec();
        order.sort_by_cached_key(|&index| (likeness(index), index));
        // Kinds stand in the order of their first item, so that the order of the cart decides ties.
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for index in order {
            match groups.last_mut() {
                Some(group) if likeness(group[0]) == likeness(index) => group.push(index),
                _ => groups.push(alloc::vec![index]),
            }
        }
        groups.sort_unstable_by_key(|group| group[0]);
        let mut all = Self::default();
        for group in groups {
            all.list.push(Kind::of(&items[group[0] as usize]));
            all.counts.push(group.iter().map(|&index| items[index as usize].quantity).sum());
            all.members.push(group.iter().rev().map(|&index| (index, 0, items[index as usize].quantity)).collect());
        }
        all
    }

    /// Takes the next unit of a kind: (item, unit).
    pub fn take(&mut self, kind: usize) -> Option<(u32, u32)> {
        let members = self.members.get_mut(kind)?;
        let (item, next, left) = members.last_mut()?;
        let unit = (*item, *next);
        *next += 1;
        *left -= 1;
        if *left == 0 {
            members.pop();
        }
        Some(unit)
    }
}
