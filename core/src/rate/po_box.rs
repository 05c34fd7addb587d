//! Recognises post-office boxes in address lines, in the spellings of the countries where most parcels go.
//!
//! A carrier other than the post cannot deliver there. What this module must not know: carriers.

use alloc::string::String;

/// Words that make a line a post-office box when a number or nothing follows. Upper case, separators dropped.
///
/// English, French, German, Dutch, Spanish, Portuguese, Italian, Norwegian, Finnish and Polish; collected by hand from how
/// addresses are written there, so a spelling may be missing.
const WORDS: &[&str] = &[
    "POBOX",
    "POSTOFFICEBOX",
    "POSTBOX",
    "POSTALBOX",
    "POB",
    "GPOBOX",
    "LOCKEDBAG",
    "PRIVATEBAG",
    "POSTFACH",
    "POSTBUS",
    "BOITEPOSTALE",
    "BOÎTEPOSTALE",
    "APARTADO",
    "APARTADOPOSTAL",
    "APARTADODECORREOS",
    "APDO",
    "CASILLA",
    "CASILLADECORREO",
    "CAIXAPOSTAL",
    "CASELLAPOSTALE",
    "POSTBOKS",
    "POSTLOKERO",
    "POSTILOKERO",
    "SKRYTKAPOCZTOWA",
];
/// Short words that must have a number after them, because they begin words and names too. `CP` is not among them: in
/// Spain and Mexico it introduces the postal code.
const WORDS_BEFORE_A_NUMBER: &[&str] = &["BP", "PB", "PF", "BOX", "CASEPOSTALE", "FPOBOX", "PMB"];

/// What any of the words begins with.
const FIRST_LETTERS: &[char] = &['A', 'B', 'C', 'F', 'G', 'L', 'P', 'S'];

/// How much of a line is compared; the longest word and a number fit.
const WINDOW: usize = 24;

/// Whether any of the lines is, or begins with, a post-office box.
#[must_use]
pub fn is_po_box(lines: &[String]) -> bool {
    lines.iter().any(|line| line.split([',', ';', '\n']).any(is_box))
}

fn is_box(part: &str) -> bool {
    // Letters and digits only, upper case: "P. O. Box 12", "p.o.box12" and "PO-BOX #12" become POBOX12.
    let mut compact = ['\0'; WINDOW];
    let mut length = 0;
    for character in part.chars().filter(|c| c.is_alphanumeric()).take(WINDOW) {
        // Letters whose upper case is several characters stand in no word.
        compact[length] = if character.is_ascii() {
            character.to_ascii_uppercase()
        } else {
            character.to_uppercase().next().unwrap_or(character)
        };
        length += 1;
    }
    let compact = &compact[..length];
    // Most lines are streets: one look at the first letter settles many.
    if !compact.first().is_some_and(|first| FIRST_LETTERS.contains(first)) {
        return false;
    }
    let rest = |word: &str| {
        let mut text = compact.iter();
        word.chars().all(|expected| text.next() == Some(&expected)).then_some(text.as_slice())
    };
    let digit_first = |rest: &[char]| rest.first().is_some_and(|c| c.is_numeric());
    // "Box" in words: POBOXFORTY is not worth a dictionary, PO BOX A1 is: a short rest with a digit counts too.
    let number = |rest: &[char]| {
        rest.is_empty() || digit_first(rest) || (rest.len() <= 6 && rest.iter().any(|c| c.is_numeric()))
    };
    WORDS.iter().any(|word| rest(word).is_some_and(number))
        || WORDS_BEFORE_A_NUMBER.iter().any(|word| rest(word).is_some_and(digit_first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    #[test]
    fn common_spellings_are_recognised() {
        for line in [
            "PO Box 12",
            "P.O. Box 12",
            "p. o. box #12",
            "POBOX12",
            "P O BOX A12",
            "Post Office Box 7",
            "Postfach 10 11 12",
            "Postbus 99",
            "BP 123",
            "B.P. 45",
            "Boîte postale 3",
            "Apartado de Correos 12",
            "Apdo. 44",
            "Caixa Postal 55",
            "GPO Box 9",
            "Locked Bag 4",
            "Casella Postale 8",
            "PL Main St, PO Box 4",
            "Case postale 31",
            "Box 17",
        ] {
            assert!(is_po_box(&[line.to_string()]), "{line}");
        }
    }

    #[test]
    fn streets_that_look_alike_are_not() {
        for line in [
            "12 Boxwood Lane",
            "Box Hill Road 4",
            "Postboxwood Street 5",
            "4 Pobox Court",
            "Boxer Str. 9",
            "BPlatz 4",
            "Casillas de Berlanga 2",
            "1 Post Office Road",
            "Potsdamer Platz 1",
            "Cpt. Miller Way 3",
            "C.P. 03100",
            "",
        ] {
            assert!(!is_po_box(&[line.to_string()]), "{line}");
        }
    }

    #[test]
    fn any_line_of_the_address_may_hold_it() {
        assert!(is_po_box(&["c/o Smith".to_string(), "PO Box 5".to_string()]));
    }

    #[test]
    fn every_word_begins_with_one_of_the_first_letters() {
        for word in WORDS.iter().chain(WORDS_BEFORE_A_NUMBER) {
            assert!(FIRST_LETTERS.contains(&word.chars().next().unwrap()), "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(line in any::<String>()) {
            let _ = is_po_box(&[line]);
        }
    }
}
