//! The sorts of everything that a cart's decision sorts, and of what a shop is made from.
//!
//! The standard library's sorts are made for long lists: each call becomes a copy of its own of 2 to 5 kB of WebAssembly, and the
//! forty of them were a third of what a shopper's browser had to load. What is sorted here is mostly shorter than thirty,
//! and there these are as quick.
//!
//! What this module must not know: what is sorted.

use alloc::vec::Vec;

/// Distances over which elements are moved: M. Ciura, "Best Increments for the Average Case of Shellsort" (2001), continued
/// by a factor of 2.25. Enough for a table of a million rows.
const GAPS: [usize; 18] = [
    1, 4, 10, 23, 57, 132, 301, 701, 1_577, 3_548, 7_983, 17_961, 40_412, 90_927, 204_585, 460_316, 1_035_711,
    2_330_349,
];

/// Sorts by a strict order in which elements that are not before each other cannot be told apart. In place.
pub(crate) fn by<T: Copy>(list: &mut [T], before: impl Fn(&T, &T) -> bool) {
    for &gap in GAPS.iter().rev() {
        pass(list, gap, &before);
    }
}

/// Sorts a short list by a strict order; what is not before each other stays as it was. The work grows with the square of the
/// length, but not for what is nearly in order already.
pub(crate) fn short<T: Copy>(list: &mut [T], before: impl Fn(&T, &T) -> bool) {
    pass(list, 1, &before);
}

/// Sorts indexes by a key, least first, equal keys by the index. The key is asked once for each.
pub(crate) fn by_key(list: &mut [u32], key: impl Fn(u32) -> u64) {
    let mut keyed: Vec<(u64, u32)> = list.iter().map(|&index| (key(index), index)).collect();
    pairs(&mut keyed);
    for (place, (_, index)) in list.iter_mut().zip(keyed) {
        *place = index;
    }
}

/// Sorts pairs of which no two are equal. One function for all lists that can be brought to this form.
pub(crate) fn pairs(list: &mut [(u64, u32)]) {
    by(list, |a, b| a < b);
}

/// Puts every element into its place among those that lie whole gaps before it.
#[inline]
fn pass<T: Copy>(list: &mut [T], gap: usize, before: &impl Fn(&T, &T) -> bool) {
    for end in gap..list.len() {
        let moved = list[end];
        let mut place = end;
        while place >= gap && before(&moved, &list[place - gap]) {
            list[place] = list[place - gap];
            place -= gap;
        }
        list[place] = moved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    #[test]
    fn an_empty_list_and_one_of_one_stay_as_they_are() {
        by(&mut [0u8; 0], |a, b| a < b);
        let mut one = [7];
        short(&mut one, |a, b| a < b);
        assert_eq!(one, [7]);
    }

    #[test]
    fn long_lists_in_the_worst_orders_are_sorted_in_few_comparisons() {
        for backwards in [false, true] {
            let mut list: Vec<u32> =
                (0..40_000).map(|n| if backwards { 40_000 - n } else { n * 7_919 % 40_009 }).collect();
            let mut wanted = list.clone();
            wanted.sort_unstable();
            let compared = core::cell::Cell::new(0u64);
            by(&mut list, |a, b| {
                compared.set(compared.get() + 1);
                a < b
            });
            assert_eq!(list, wanted);
            assert!(compared.get() < 2_000_000, "{}", compared.get());
        }
    }

    proptest! {
        #[test]
        fn all_sort_as_the_standard_library_does(list in prop::collection::vec((0u64..50, 0u32..9), 0..300)) {
            let mut keyed: Vec<(u64, u32)> = (0..).zip(&list).map(|(place, (key, _))| (*key, place)).collect();
            let mut wanted = keyed.clone();
            wanted.sort_unstable();
            pairs(&mut keyed);
            prop_assert_eq!(&keyed, &wanted);

            let mut indexes: Vec<u32> = (0..list.len() as u32).rev().collect();
            by_key(&mut indexes, |index| list[index as usize].0);
            prop_assert_eq!(indexes, wanted.iter().map(|(_, index)| *index).collect::<Vec<_>>());

            let (mut ours, mut theirs) = (list.clone(), list);
            short(&mut ours, |a, b| a.0 < b.0);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn the_key_is_asked_once_for_each() {
        let asked = core::cell::Cell::new(0);
        let mut list = vec![3, 1, 2, 0];
        by_key(&mut list, |index| {
            asked.set(asked.get() + 1);
            10 - u64::from(index)
        });
        assert_eq!((list, asked.get()), (vec![3, 2, 1, 0], 4));
    }
}
