//! From log-odds to a probability, in integers: the same on every machine.
//!
//! A table of 1 / (1 + e^-x) for x from 0 to 14 in steps of a sixteenth, in millionths and rounded to the nearest, with straight lines
//! between; below 0 by symmetry. It is nowhere more than 48 millionths from the curve. What this file must not know: trees.

const STEP: i64 = 62_500;
const WHOLE: i64 = 1_000_000;

#[rustfmt::skip]
const TABLE: [i64; 225] = [
    500_000, 515_620, 531_209, 546_738, 562_177, 577_495, 592_667, 607_663, 622_459, 637_031, 651_355, 665_411, 679_179, 692_642, 705_785,
    718_594, 731_059, 743_168, 754_915, 766_294, 777_300, 787_931, 798_187, 808_067, 817_574, 826_712, 835_484, 843_895, 851_953, 859_664,
    867_036, 874_077, 880_797, 887_205, 893_309, 899_121, 904_651, 909_907, 914_901, 919_643, 924_142, 928_409, 932_453, 936_285, 939_913,
    943_348, 946_597, 949_669, 952_574, 955_319, 957_912, 960_361, 962_673, 964_855, 966_914, 968_856, 970_688, 972_415, 974_043, 975_577,
    977_023, 978_385, 979_668, 980_876, 982_014, 983_085, 984_094, 985_043, 985_936, 986_777, 987_568, 988_313, 989_013, 989_672, 990_292,
    990_874, 991_423, 991_938, 992_423, 992_879, 993_307, 993_710, 994_089, 994_445, 994_780, 995_095, 995_390, 995_668, 995_930, 996_176,
    996_406, 996_623, 996_827, 997_019, 997_199, 997_368, 997_527, 997_677, 997_817, 997_949, 998_073, 998_190, 998_299, 998_402, 998_499,
    998_590, 998_675, 998_755, 998_830, 998_901, 998_968, 999_030, 999_089, 999_144, 999_196, 999_245, 999_290, 999_333, 999_374, 999_412,
    999_447, 999_481, 999_512, 999_542, 999_569, 999_596, 999_620, 999_643, 999_665, 999_685, 999_704, 999_722, 999_739, 999_755, 999_769,
    999_783, 999_797, 999_809, 999_820, 999_831, 999_842, 999_851, 999_860, 999_869, 999_877, 999_884, 999_891, 999_898, 999_904, 999_910,
    999_915, 999_920, 999_925, 999_930, 999_934, 999_938, 999_942, 999_945, 999_949, 999_952, 999_955, 999_957, 999_960, 999_962, 999_965,
    999_967, 999_969, 999_971, 999_972, 999_974, 999_976, 999_977, 999_979, 999_980, 999_981, 999_982, 999_983, 999_984, 999_985, 999_986,
    999_987, 999_988, 999_989, 999_989, 999_990, 999_990, 999_991, 999_992, 999_992, 999_993, 999_993, 999_993, 999_994, 999_994, 999_995,
    999_995, 999_995, 999_996, 999_996, 999_996, 999_996, 999_996, 999_997, 999_997, 999_997, 999_997, 999_997, 999_998, 999_998, 999_998,
    999_998, 999_998, 999_998, 999_998, 999_998, 999_999, 999_999, 999_999, 999_999, 999_999, 999_999, 999_999, 999_999, 999_999, 999_999,
];

/// The probability in millionths for log-odds in millionths.
#[must_use]
pub fn probability(log_odds: i64) -> i64 {
    let distance = log_odds.saturating_abs();
    let index = usize::try_from(distance / STEP).unwrap_or(usize::MAX);
    let above = match TABLE.get(index.saturating_add(1)) {
        Some(next) => TABLE[index] + (next - TABLE[index]) * (distance % STEP) / STEP,
        None => WHOLE,
    };
    if log_odds < 0 { WHOLE - above } else { above }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn even_odds_are_a_half_and_the_ends_are_none_and_all() {
        assert_eq!(probability(0), 500_000);
        assert_eq!((probability(i64::MAX), probability(i64::MIN)), (WHOLE, 0));
        assert_eq!(probability(1_000_000), 731_059);
        assert_eq!(probability(-1_000_000), 268_941);
    }

    proptest! {
        #[test]
        #[allow(clippy::cast_precision_loss)]
        fn it_is_within_48_millionths_of_the_curve(log_odds in -20_000_000_i64..20_000_000) {
            let curve = 1e6 / (1.0 + libm::exp(-(log_odds as f64) / 1e6));
            prop_assert!((probability(log_odds) as f64 - curve).abs() <= 48.0);
        }

        #[test]
        fn more_odds_are_never_less_probability(one in any::<i64>(), other in any::<i64>()) {
            let (less, more) = (one.min(other), one.max(other));
            prop_assert!(probability(less) <= probability(more));
        }
    }
}
