//! How alike two words are: the Damerau-Levenshtein distance (with neighbours swapped counted once; the variant called optimal
//! string alignment), bounded, and the confidence that follows from it.
//!
//! What this module must not know: what the words name.

/// Words are compared up to so many characters; nothing longer is a name to be corrected.
pub const LONGEST: usize = 48;

/// The whole, in millionths.
pub const CERTAIN: u32 = 1_000_000;

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the other; `None` above
/// `most`, and for words longer than [`LONGEST`].
#[must_use]
pub fn distance(one: &[char], other: &[char], most: u8) -> Option<u8> {
    if one.len() > LONGEST || other.len() > LONGEST || one.len().abs_diff(other.len()) > usize::from(most) {
        return None;
    }
    let width = other.len() + 1;
    let mut before = [0_u8; LONGEST + 1];
    let mut above = [0_u8; LONGEST + 1];
    let mut row = [0_u8; LONGEST + 1];
    for (column, cell) in above.iter_mut().enumerate().take(width) {
        *cell = column as u8;
    }
    for (i, a) in one.iter().enumerate() {
        row[0] = i as u8 + 1;
        let mut least = row[0];
        for (j, b) in other.iter().enumerate() {
            let mut cell = (above[j] + u8::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                cell = cell.min(before[j - 1] + 1);
            }
            row[j + 1] = cell;
            least = least.min(cell);
        }
        // A swap looks two rows back, so one row above the bound is not the end, but the bound is never met from there.
        if least > most.saturating_add(1) {
            return None;
        }
        (before, above, row) = (above, row, before);
    }
    (above[other.len()] <= most).then_some(above[other.len()])
}

/// The most mistakes that a word of so many characters may have and still be recognised: one in four, at most four; none in
/// words of three or fewer, where everything is near to everything.
#[must_use]
pub fn tolerated(length: usize) -> u8 {
    if length <= 3 { 0 } else { (length / 4).clamp(1, 4) as u8 }
}

/// The share of characters that are right, in millionths.
#[must_use]
pub fn similarity(distance: u8, length: usize) -> u32 {
    let length = length.max(1) as u64;
    let wrong = u64::from(CERTAIN) * u64::from(distance) / length;
    CERTAIN.saturating_sub(wrong as u32)
}

/// What a confidence becomes when an independent fact says the same: a quarter of the doubt is left.
#[must_use]
pub fn corroborated(confidence: u32) -> u32 {
    CERTAIN - CERTAIN.saturating_sub(confidence) / 4
}

/// The nearest of some words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest<T> {
    pub found: T,
    pub distance: u8,
    /// How much farther the next one is that is not the same; [`u8::MAX`] when there is none within reach.
    pub margin: u8,
}

/// Looks for the nearest of `words`; of equally near ones the first. Words with the same value are the same thing.
pub fn nearest<'w, T: Copy + PartialEq>(
    wanted: &[char],
    words: impl Iterator<Item = (T, &'w str)>,
) -> Option<Nearest<T>> {
    let most = tolerated(wanted.len());
    if most == 0 {
        return None;
    }
    let mut best: Option<(T, u8)> = None;
    let mut second: Option<u8> = None;
    let mut letters = ['\0'; LONGEST];
    for (value, word) in words {
        let mut length = 0;
        let mut whole = true;
        for letter in word.chars() {
            if length == LONGEST {
                whole = false;
                break;
            }
            letters[length] = letter;
            length += 1;
        }
        if !whole {
            continue;
        }
        let Some(distance) = distance(wanted, &letters[..length], most) else { continue };
        match best {
            Some((found, least)) if found == value => best = Some((found, least.min(distance))),
            Some((_, least)) if distance < least => {
                second = Some(least);
                best = Some((value, distance));
            }
            Some(_) => second = Some(second.map_or(distance, |second| second.min(distance))),
            None => best = Some((value, distance)),
        }
    }
    best.map(|(found, distance)| Nearest {
        found,
        distance,
        margin: second.map_or(u8::MAX, |second| second.saturating_sub(distance)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn between(one: &str, other: &str) -> Option<u8> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        distance(&letters(one), &letters(other), 40)
    }

    /// The definition, by recursion.
    fn defined(one: &[char], other: &[char]) -> usize {
        match (one, other) {
            ([], rest) | (rest, []) => rest.len(),
            ([a, x @ ..], [b, y @ ..]) => {
                let mut least =
                    (defined(x, y) + usize::from(a != b)).min(defined(x, other) + 1).min(defined(one, y) + 1);
                if let ([a2, x2 @ ..], [b2, y2 @ ..]) = (x, y)
                    && a == b2
                    && a2 == b
                {
                    least = least.min(defined(x2, y2) + 1);
                }
                least
            }
        }
    }

    #[test]
    fn mistakes_are_counted_as_people_make_them() {
        assert_eq!(between("portlnad", "portland"), Some(1));
        assert_eq!(between("san fransisco", "san francisco"), Some(1));
        assert_eq!(between("oregan", "oregon"), Some(1));
        assert_eq!(between("", "abc"), Some(3));
        assert_eq!(between("東京", "東京都"), Some(1));
    }

    #[test]
    fn short_words_are_never_guessed() {
        let words = ["ames", "rome", "bern"];
        let list = || words.iter().copied().enumerate();
        assert_eq!(nearest(&['r', 'o', 'm'], list()), None);
        let found = nearest(&['r', 'o', 'm', 'a'], list()).unwrap();
        assert_eq!((found.found, found.distance), (1, 1));
    }

    #[test]
    fn of_two_equally_near_the_first_is_taken_and_the_margin_is_nothing() {
        let found = nearest(&['s', 'a', 'l', 'e', 'n'], [(0, "salem"), (1, "galen")].into_iter()).unwrap();
        assert_eq!((found.found, found.margin), (0, 0));
    }

    proptest! {
        #[test]
        fn the_bounded_distance_is_the_defined_one(one in "[abc]{0,6}", other in "[abc]{0,6}", most in 0_u8..7) {
            let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            let expected = defined(&a, &b);
            let found = distance(&a, &b, most);
            if expected <= usize::from(most) {
                prop_assert_eq!(found, Some(expected as u8));
            } else {
                prop_assert_eq!(found, None);
            }
        }

        #[test]
        fn any_words_are_compared_without_a_panic(one in any::<String>(), other in any::<String>(), most: u8) {
            let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            prop_assert_eq!(distance(&a, &b, most), distance(&b, &a, most));
        }

        #[test]
        fn confidences_stay_within_the_whole(distance: u8, length in 0_usize..100) {
            let share = similarity(distance, length);
            prop_assert!(share <= corroborated(share) && corroborated(share) <= CERTAIN);
        }
    }
}
