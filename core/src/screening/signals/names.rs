//! Signals of names: cardholder, billing and shipping name.
//!
//! What this file must not know: what a signal is worth.

use super::{Signal, SignalRules, Signals, Value};
use crate::screening::text::fold;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::order_screening::Request;

/// Words of a name that are compared; a text with more is no name.
const MOST_WORDS: usize = 12;

pub fn read<'r>(request: &'r Request, _: &SignalRules, signals: &mut Signals<'r>) {
    let billing = request.billing.name.as_deref();
    let differ = |one: Option<&str>, other: Option<&str>| same_person(one?, other?).map(|same| !same);
    let card = differ(request.payment.cardholder.as_deref(), billing);
    signals.set(Signal::NameMismatch, Value::flag(card));
    signals.set(Signal::RecipientMismatch, Value::flag(differ(request.shipping.name.as_deref(), billing)));
}

/// Whether two names can be one person's: the order of the words, their case and marks are no difference, an initial stands for a
/// word that begins with it, and one name may have more words than the other ("Ana María López Ruiz", "LOPEZ ANA"). At least one
/// whole word must be the same.
///
/// `None` when they cannot be compared: one of them is empty, or the two are written in different scripts.
#[must_use]
pub fn same_person(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() || latin(&one) != latin(&other) {
        return None;
    }
    let (few, mut many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    // Whole words first, so that an initial does not take the word that another one is equal to.
    let mut initials = Vec::new();
    let mut whole = false;
    for word in few {
        match many.iter().position(|candidate| *candidate == word) {
            Some(at) => {
                whole |= word.chars().count() > 1;
                many.swap_remove(at);
            }
            None => initials.push(word),
        }
    }
    for word in initials {
        let fits = |candidate: &String| {
            let (short, long) = if word.len() <= candidate.len() { (&word, candidate) } else { (candidate, &word) };
            short.chars().count() == 1 && long.starts_with(&**short)
        };
        match many.iter().position(fits) {
            Some(at) => drop(many.swap_remove(at)),
            None => return Some(false),
        }
    }
    Some(whole)
}

/// Folded words without titles. "ae", "oe" and "ue" become one letter, as "ä", "ö" and "ü" do.
fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty());
    words
        .map(|word| word.replace(['\'', '’'], "").replace("ae", "a").replace("oe", "o").replace("ue", "u"))
        .filter(|word| !matches!(&**word, "" | "mr" | "mrs" | "ms" | "miss" | "dr" | "herr" | "frau" | "jr" | "sr"))
        .take(MOST_WORDS)
        .collect()
}

fn latin(words: &[String]) -> bool {
    words.iter().any(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_case_marks_initials_and_middle_names_are_no_difference() {
        for (one, other) in [
            ("John Smith", "SMITH/JOHN"),
            ("J. Smith", "john smith"),
            ("José García Márquez", "JOSE GARCIA"),
            ("Jürgen Müller", "Juergen Mueller"),
            ("Dr. Ann O'Neil", "ann oneil"),
            ("Søren Kierkegaard", "SOREN KIERKEGAARD"),
            ("Nguyễn Văn An", "NGUYỄN AN"),
            ("李雷", "李雷"),
        ] {
            assert_eq!(same_person(one, other), Some(true), "{one} / {other}");
        }
    }

    #[test]
    fn other_people_are_told_apart() {
        for (one, other) in [
            ("John Smith", "Mary Smith"),
            ("John Smith", "Smithers John"),
            ("J S", "John Smith"),
            ("Ann Lee", "Lee Chang"),
            ("李雷", "韩梅梅"),
        ] {
            assert_eq!(same_person(one, other), Some(false), "{one} / {other}");
        }
    }

    #[test]
    fn names_in_different_scripts_are_not_compared() {
        assert_eq!(same_person("Иван Петров", "IVAN PETROV"), None);
        assert_eq!(same_person("", "IVAN PETROV"), None);
        assert_eq!(same_person("Mr.", "IVAN PETROV"), None);
    }

    proptest! {
        #[test]
        fn it_is_the_same_both_ways_round(one in "[A-Ca-c .]{0,12}", other in "[A-Ca-c .]{0,12}") {
            prop_assert_eq!(same_person(&one, &other), same_person(&other, &one));
        }

        #[test]
        fn any_text_is_read_without_a_panic(one in any::<String>(), other in any::<String>()) {
            let _ = same_person(&one, &other);
        }
    }
}
