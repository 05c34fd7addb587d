//! The entry: checks what comes in, sorts out what cannot be packed or ships alone, has the rest packed, and tells where
//! each unit lies.

use alloc::vec::Vec;

use super::billing::check_price;
use super::bulk::{MOST_KINDS, fill_bulk};
use super::fill::Block;
use super::improve::improve;
use super::kind::{Kind, Kinds, Room};
use super::order::{Filled, NO_LIMIT, Order, Plan, Shelf, Stock};
use super::rules::{BULK_RULE, PLAIN_RULE};
use super::share::{MOST_SHARED, share};
use super::whole::Work;
use super::{
    Billing, Carton, CartonError, Contents, Effort, Item, MOST_CARTONS, MOST_ITEMS, MOST_UNITS, Misfit, PackedBox,
    Packing, Placement, Reason,
};
use crate::money::Minor;
use crate::sort;
use crate::units::{Grams, HEAVIEST_UNIT, LONGEST_SIDE, Millimetres, Size};

/// The highest weight of a box, empty or packed, in grams.
const HEAVIEST_BOX: u64 = 1_000_000_000_000;

/// A shop's boxes and billing, ready to pack orders.
#[derive(Debug, Clone)]
pub struct Packer {
    pub(super) cartons: Vec<Carton>,
    pub(super) shelf: Shelf,
    pub(super) effort: Effort,
}

/// Memory that is reused from one order to the next; holds nothing of either.
#[derive(Debug, Default)]
pub struct Scratch {
    work: Work,
}

impl Scratch {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Steps that the last order took; see [`Effort`].
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.work.steps()
    }
}

/// An order on its way.
struct Course<'p, C> {
    packer: &'p Packer,
    items: &'p [Item],
    /// Boxes left of each stock.
    available: Vec<u32>,
    packing: Packing<C>,
    cost: u64,
}

impl Packer {
    /// Boxes are known by their index in `cartons` from here on. Boxes that no carrier takes (see [`Billing`]) and boxes of
    /// which there are none are never used; there may be no box at all.
    ///
    /// # Errors
    /// When a box or a price is not one, see [`CartonError`].
    pub fn new(cartons: Vec<Carton>, billing: &Billing, effort: Effort) -> Result<Self, CartonError> {
        billing.validate()?;
        if cartons.len() > MOST_CARTONS {
            return Err(CartonError::TooManyCartons { cartons: cartons.len() });
        }
        let mut stocks = Vec::with_capacity(cartons.len());
        for (index, carton) in cartons.iter().enumerate() {
            validate_carton(index, carton)?;
            if billing.accepts(carton) && carton.available != Some(0) {
                let Size { length, width, height } = carton.inner;
                let capacity = carton.maximum_weight.0 - carton.empty_weight.0;
                let room = Room::new([length.0, width.0, height.0], capacity);
                stocks.push(Stock { carton: index as u32, room, tariff: billing.tariff(carton) });
            }
        }
        Ok(Self { cartons, shelf: Shelf::new(stocks), effort })
    }

    /// The boxes, as they were given.
    #[must_use]
    pub fn cartons(&self) -> &[Carton] {
        &self.cartons
    }

    /// Finds the boxes for these items. No items are no boxes.
    ///
    /// # Errors
    /// When an item is not one, or there are too many, see [`CartonError`]. Items that fit no box are no error but
    /// [`Packing::misfits`].
    pub fn pack(&self, items: &[Item], scratch: &mut Scratch) -> Result<Packing, CartonError> {
        self.pack_keeping(items, scratch)
    }

    /// The same boxes, of whose contents `C` is kept.
    ///
    /// # Errors
    /// As [`Self::pack`].
    pub fn pack_keeping<C: Contents>(&self, items: &[Item], scratch: &mut Scratch) -> Result<Packing<C>, CartonError> {
        validate_items(items)?;
        scratch.work.start(self.effort.tries);
        let available = self.shelf.stocks.iter().map(|stock| self.available(stock)).collect();
        let packing = Packing { boxes: Vec::new(), misfits: Vec::new(), cost: Minor::ZERO, proven: true };
        let mut course = Course { packer: self, items, available, packing, cost: 0 };
        let mut together: Vec<u32> = Vec::with_capacity(items.len());
        let mut alone: Vec<u32> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let index = index as u32;
            match self.obstacle(&Kind::of(item)) {
                Some(reason) => course.misfit(index, 0, item.quantity, reason),
                None if item.ships_alone => alone.push(index),
                None => together.push(index),
            }
        }
        course.pack_alone(alone, &mut scratch.work)?;
        course.pack_together(&together, &mut scratch.work)?;
        let Course { mut packing, cost, .. } = course;
        packing.cost = Minor(i64::try_from(cost).map_err(|_| CartonError::CostOverflow)?);
        sort::by(&mut packing.misfits, |a, b| (a.item, a.first_unit) < (b.item, b.first_unit));
        Ok(packing)
    }

    fn available(&self, stock: &Stock) -> u32 {
        self.cartons[stock.carton as usize].available.unwrap_or(u32::MAX)
    }

    /// Why a unit of this kind cannot travel alone in any box.
    fn obstacle(&self, kind: &Kind) -> Option<Reason> {
        let mut reason = Reason::TooLarge;
        for stock in &self.shelf.stocks {
            if kind.fits_size(stock.room.sides) {
                if kind.weight <= stock.room.capacity {
                    return None;
                }
                reason = Reason::TooHeavy;
            }
        }
        Some(reason)
    }
}

impl<C: Contents> Course<'_, C> {
    fn misfit(&mut self, item: u32, first_unit: u32, units: u32, reason: Reason) {
        self.packing.misfits.push(Misfit { item, first_unit, units, reason });
    }

    /// Each unit into its cheapest box; where boxes are scarce, large units choose first.
    fn pack_alone(&mut self, mut alone: Vec<u32>, work: &mut Work) -> Result<(), CartonError> {
        let items = self.items;
        sort::by_key(&mut alone, |index| !items[index as usize].size.volume().0);
        for index in alone {
            let item = &items[index as usize];
            let mut kinds = Kinds::group(items, &[index]);
            kinds.counts[0] = 1;
            let list = core::mem::take(&mut kinds.list);
            let order = Order::new(&list, &self.packer.shelf);
            for unit in 0..item.quantity {
                let Some((stock, _)) = order.one_box(&kinds.counts, &self.available, NO_LIMIT, work) else {
                    self.misfit(index, unit, item.quantity - unit, Reason::NoBoxLeft);
                    break;
                };
                let filled = Filled {
                    stock,
                    times: 1,
                    counts: alloc::vec![1],
                    blocks: work.found.clone(),
                    weight: list[0].weight,
                };
                // Where boxes are scarce, what large units leave decides; nobody proved that order the best.
                self.packing.proven &= self.available[stock as usize] == u32::MAX;
                self.hand_over(&filled, &mut kinds)?;
            }
        }
        Ok(())
    }

    fn pack_together(&mut self, together: &[u32], work: &mut Work) -> Result<(), CartonError> {
        let whole = Kinds::group(self.items, together);
        if whole.list.len() <= MOST_KINDS {
            return self.pack_kinds(whole, self.packer.effort.steps, work);
        }
        self.packing.proven = false;
        let mut whole = whole;
        let list = core::mem::take(&mut whole.list);
        let order = Order::new(&list, &self.packer.shelf);
        let (mut counts, mut available) = (whole.counts.clone(), self.available.clone());
        for filled in fill_bulk(&order, &mut counts, &mut available, work) {
            self.hand_over(&filled, &mut whole)?;
        }
        whole.list = list;
        let (rest, done): (Vec<usize>, Vec<usize>) = (0..counts.len()).partition(|&kind| counts[kind] > 0);
        for kind in done {
            self.leave(&mut whole, kind);
        }
        self.pack_kinds(whole.only(&rest, &counts), self.packer.effort.steps, work)
    }

    /// Units that no box is left for.
    fn leave(&mut self, kinds: &mut Kinds, kind: usize) {
        while let Some((item, next, left)) = kinds.take_rest(kind) {
            self.packing.proven = false;
            self.misfit(item, next, left, Reason::NoBoxLeft);
        }
    }

    fn pack_kinds(&mut self, mut kinds: Kinds, steps: u64, work: &mut Work) -> Result<(), CartonError> {
        if kinds.list.is_empty() {
            return Ok(());
        }
        let packer = self.packer;
        let list = core::mem::take(&mut kinds.list);
        let order = Order::new(&list, &packer.shelf);
        let (plan, proven) = best_plan(&order, &kinds.counts, &self.available, steps, work);
        self.packing.proven &= proven;
        let plan = plan.unwrap_or_else(|| what_goes(&order, &kinds.counts, &self.available, work));
        for filled in &plan.boxes {
            self.hand_over(filled, &mut kinds)?;
        }
        for kind in 0..list.len() {
            self.leave(&mut kinds, kind);
        }
        Ok(())
    }

    /// Names the units of a filled box and of its copies.
    fn hand_over(&mut self, filled: &Filled, kinds: &mut Kinds) -> Result<(), CartonError> {
        let stock = &self.packer.shelf.stocks[filled.stock as usize];
        if self.available[filled.stock as usize] != u32::MAX {
            self.available[filled.stock as usize] -= filled.times;
        }
        let (cost, billable) = (stock.tariff.cost(filled.weight), stock.tariff.billable(filled.weight));
        if billable == u64::MAX {
            // Saturated: the price would be too low.
            return Err(CartonError::CostOverflow);
        }
        let minor = Minor(i64::try_from(cost).map_err(|_| CartonError::CostOverflow)?);
        for _ in 0..filled.times {
            let mut placements: C = place(&filled.blocks, kinds);
            placements.finish();
            self.cost = self.cost.checked_add(cost).ok_or(CartonError::CostOverflow)?;
            self.packing.boxes.push(PackedBox {
                carton: stock.carton,
                placements,
                contents_weight: Grams(filled.weight),
                gross_weight: Grams(filled.weight + stock.tariff.empty),
                billable_weight: Grams(billable),
                cost: minor,
            });
        }
        Ok(())
    }
}

/// Every unit of the blocks, named.
pub(super) fn place<C: Contents>(blocks: &[Block], kinds: &mut Kinds) -> C {
    let mut placements = C::of_units(blocks.iter().map(|block| block.units() as usize).sum());
    for block in blocks {
        for z in 0..block.count[2] {
            for y in 0..block.count[1] {
                for x in 0..block.count[0] {
                    let Some((item, unit)) = kinds.take(block.kind as usize) else { continue };
                    let at =
                        [(0, x), (1, y), (2, z)].map(|(axis, n)| Millimetres(block.low[axis] + n * block.unit[axis]));
                    let size = Size::new(block.unit[0], block.unit[1], block.unit[2]);
                    placements.add(Placement { item, unit, at, size });
                }
            }
        }
    }
    placements
}

/// The cheapest packing of all units that is found, and whether it is proven to be the cheapest. Of the steps half may be
/// spent on a single box, three quarters before a first packing is made cheaper.
fn best_plan(
    order: &Order<'_>,
    counts: &[u32],
    available: &[u32],
    steps: u64,
    work: &mut Work,
) -> (Option<Plan>, bool) {
    work.doubt = false;
    let start = work.steps();
    let stop = start.saturating_add(steps);
    work.halt = start.saturating_add(steps / 2);
    let two = order.at_least(counts, 2);
    let mut plan = order.one_box(counts, available, NO_LIMIT, work).map(|(stock, rank)| {
        let weight = order.weight(counts);
        let filled = Filled { stock, times: 1, counts: counts.to_vec(), blocks: work.found.clone(), weight };
        Plan { boxes: alloc::vec![filled], rank }
    });
    if plan.as_ref().is_some_and(|plan| plan.rank.0 <= two) {
        return (plan, !work.doubt);
    }
    let limit = plan.as_ref().map_or(NO_LIMIT, |plan| plan.rank);
    work.halt = start.saturating_add(steps / 4 * 3);
    if let Some(better) = order.construct(counts, available, limit, work) {
        plan = Some(better);
    }
    if counts.iter().map(|&count| count as usize).sum::<usize>() <= MOST_SHARED {
        let limit = plan.as_ref().map_or(NO_LIMIT, |plan| plan.rank);
        work.halt = u64::MAX;
        let (better, whole) = share(order, counts, available, limit, stop, work);
        plan = better.or(plan);
        if whole {
            return (plan, !work.doubt);
        }
    }
    work.halt = stop;
    if let Some(plan) = &mut plan {
        improve(order, plan, available, two, stop, work);
    }
    (plan, false)
}

/// Boxes are too few for all units: fills those that there are, the roomiest first.
fn what_goes(order: &Order<'_>, counts: &[u32], available: &[u32], work: &mut Work) -> Plan {
    let mut stocks: Vec<u32> = (0..order.stocks.len() as u32).collect();
    sort::by_key(&mut stocks, |stock| !order.stocks[stock as usize].room.volume);
    let mut left = counts.to_vec();
    let mut boxes = Vec::new();
    for stock in stocks {
        for _ in 0..available[stock as usize] {
            let rule = if work.steps() > work.halt { BULK_RULE } else { PLAIN_RULE };
            work.filler.fill(order.kinds, &order.stocks[stock as usize].room, &left, rule, false);
            let filler = &work.filler;
            if filler.blocks.is_empty() {
                break;
            }
            let inside = left.iter().zip(&filler.left).map(|(before, after)| before - after).collect();
            left.copy_from_slice(&filler.left);
            boxes.push(Filled {
                stock,
                times: 1,
                counts: inside,
                blocks: filler.blocks.clone(),
                weight: filler.weight,
            });
        }
    }
    Plan { boxes, rank: NO_LIMIT }
}

fn measures(size: Size) -> bool {
    [size.length, size.width, size.height].iter().all(|side| side.0 >= 1 && *side <= LONGEST_SIDE)
}

fn validate_carton(index: usize, carton: &Carton) -> Result<(), CartonError> {
    for size in [carton.inner, carton.outer] {
        if !measures(size) {
            return Err(CartonError::CartonSize { carton: index, size });
        }
    }
    let (inner, outer) = (carton.inner, carton.outer);
    if inner.length > outer.length || inner.width > outer.width || inner.height > outer.height {
        return Err(CartonError::CartonInsideOut { carton: index, inner, outer });
    }
    let (empty, maximum) = (carton.empty_weight.0, carton.maximum_weight.0);
    if empty > maximum || maximum > HEAVIEST_BOX {
        return Err(CartonError::CartonWeight { carton: index, empty, maximum });
    }
    check_price("cost", Some(index), carton.cost)
}

/// # Errors
/// When an item is not one, or there are too many.
pub(super) fn validate_items(items: &[Item]) -> Result<(), CartonError> {
    if items.len() > MOST_ITEMS {
        return Err(CartonError::TooManyItems { items: items.len() });
    }
    let mut units = 0u64;
    for (index, item) in items.iter().enumerate() {
        if !measures(item.size) {
            return Err(CartonError::ItemSize { item: index, size: item.size });
        }
        if item.weight > HEAVIEST_UNIT {
            return Err(CartonError::ItemWeight { item: index, grams: item.weight.0 });
        }
        if item.quantity == 0 {
            return Err(CartonError::ItemQuantity { item: index });
        }
        units += u64::from(item.quantity);
    }
    if units > u64::from(MOST_UNITS) {
        return Err(CartonError::TooManyUnits { units });
    }
    Ok(())
}
