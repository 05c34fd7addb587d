//! Whether a block stands: every unit of its lowest layer on the floor or on enough of what lies below.

use super::SUPPORTED_PERCENT;
use super::fill::Block;
use super::geometry::Cuboid;

/// Whether every unit of the block is supported by the floor or by the solids; upper layers stand on their like.
pub(super) fn holds(solids: &[Cuboid], block: &Block) -> bool {
    let base = block.low[2];
    if base == 0 {
        return true;
    }
    let whole = block.cuboid();
    let area = |cuboid: &Cuboid| -> u64 {
        solids.iter().filter(|solid| solid.high[2] == base).map(|solid| solid.shared_floor(cuboid)).sum()
    };
    let floor = |cuboid: &Cuboid| {
        let sides = cuboid.sides();
        u64::from(sides[0]) * u64::from(sides[1])
    };
    let below = area(&whole);
    if below == floor(&whole) {
        return true;
    }
    let enough = |below: u64, floor: u64| below * 100 >= floor * SUPPORTED_PERCENT;
    if !enough(below, floor(&whole)) {
        return false;
    }
    (0..block.count[0]).all(|along| {
        (0..block.count[1]).all(|across| {
            let low = [block.low[0] + along * block.unit[0], block.low[1] + across * block.unit[1], base];
            let unit = Cuboid::at(low, block.unit);
            enough(area(&unit), floor(&unit))
        })
    })
}
