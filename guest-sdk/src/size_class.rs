//! The sizes in which the allocator hands out memory. Kept apart from it, so that it is tested natively.

/// Every block is so aligned, and its size a multiple.
pub const GRAIN: usize = 16;
/// Blocks up to this size come in steps of [`GRAIN`]; above it in four steps for each power of two.
const SMALL: usize = 512;
/// How many classes there are in an address space of 32 bits.
pub const CLASSES: usize = SMALL / GRAIN + 4 * (32 - SMALL.ilog2() as usize);

/// The class of a size, and the size of its blocks. Sizes near the end of the address space have none.
pub fn class(size: usize) -> Option<(usize, usize)> {
    if size <= SMALL {
        let steps = size.div_ceil(GRAIN).max(1);
        return Some((steps - 1, steps * GRAIN));
    }
    let power = (size - 1).ilog2();
    let step = 1_usize << (power - 2);
    let block = size.checked_add(step - 1)? & !(step - 1);
    let quarter = ((block - 1) >> (power - 2)) & 3;
    Some((SMALL / GRAIN + 4 * (power - SMALL.ilog2()) as usize + quarter, block))
}

/// The size of a class's blocks: [`class`] the other way round. In 32 bits the last class, which no block can have, gets 0.
pub fn block_size(class: usize) -> usize {
    match class.checked_sub(SMALL / GRAIN) {
        None => (class + 1) * GRAIN,
        Some(step) => (5 + step % 4) << (step / 4 + SMALL.ilog2() as usize - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_block_holds_what_is_asked_and_wastes_at_most_a_quarter(bits in 1_u32..31, fill in any::<u32>()) {
            let size = 1 + (fill as usize & ((1 << bits) - 1));
            let (class, block) = class(size).unwrap();
            prop_assert!(class < CLASSES);
            prop_assert_eq!(block_size(class), block);
            prop_assert!(block >= size && block % GRAIN == 0);
            prop_assert!(block - size < GRAIN.max(size.div_ceil(4)), "{} for {}", block, size);
        }

        #[test]
        fn a_larger_size_never_has_a_smaller_class(small in 1_usize..1 << 30, more in 0_usize..1 << 20) {
            prop_assert!(class(small).unwrap() <= class(small + more).unwrap());
        }
    }

    #[test]
    fn every_class_is_some_sizes_class() {
        for index in 0..CLASSES {
            assert_eq!(class(block_size(index)), Some((index, block_size(index))));
        }
    }
}
