//! Text as people type it: tidied for a label, and folded for comparing.
//!
//! Tidying takes out what nobody sees; folding makes words alike that people take for the same: upper and lower case, accents
//! (of Latin, Greek and Cyrillic letters), full-width forms, punctuation. What this module must not know: addresses.

use alloc::borrow::Cow;
use alloc::string::String;

/// Characters of a text that are compared; names are shorter.
const COMPARED: usize = 200;

/// Latin letters without their marks, a letter for each code point from the one named; `?` where the table has no word.
/// Made with Python's unicodedata (canonical decomposition), which knows Unicode 14.
const LATIN: [(u32, &[u8]); 3] = [
    (0xc0, b"aaaaaa?ceeeeiiiidnooooo?ouuuuy??aaaaaa?ceeeeiiiidnooooo?ouuuuy?yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkkkllllllllllnnnnnn?nnoooooo??rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"),
    (0x180, b"b??????????????e?ff????i????????oo?????????????uu????????????????????????????aaiioouuuuuuuuuu?aaaa????ggkkoooo??j???gg??nnaa??ooaaaaeeeeiiiioooorrrruuuusstt??hh??????aaeeooooooooyy???????????????b????????????"),
    (0x1e00, b"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy?s????aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????"),
];

/// The zeros of the digits that shoppers type instead of ASCII's: Arabic, Persian, Devanagari, Bengali, Thai, full-width.
const ZEROS: [u32; 6] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];

/// Characters that do nothing but hide: bidirectional marks, zero-width spaces, soft hyphens, byte-order marks, controls. Joiners stay:
/// Persian and the scripts of India are written with them, and so are emoji.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || (character.is_control() && !character.is_whitespace())
}

/// The text without hidden characters, with single blanks, none at its ends; borrowed when nothing had to change.
#[must_use]
pub fn tidy(text: &str) -> Cow<'_, str> {
    let blank = |c: char| c.is_whitespace();
    let mut last_blank = true;
    let clean = text.chars().all(|c| {
        let fine = !is_hidden(c) && (!blank(c) || (c == ' ' && !last_blank));
        last_blank = blank(c);
        fine
    }) && (text.is_empty() || !last_blank);
    if clean {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(|c| !is_hidden(*c)) {
        if !blank(character) {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    Cow::Owned(out)
}

/// The text as it is compared: lower case, without marks, words of letters and digits with single blanks between them; the
/// first 200 characters.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(COMPARED));
    let mut blank = false;
    for character in text.chars().take(COMPARED) {
        match folded(character) {
            Folded::Nothing => {}
            Folded::Blank => blank = true,
            Folded::Letters(letters) => {
                if blank && !out.is_empty() {
                    out.push(' ');
                }
                blank = false;
                out.push_str(letters);
            }
            Folded::Letter(letter) => {
                if blank && !out.is_empty() {
                    out.push(' ');
                }
                blank = false;
                out.push(letter);
            }
        }
    }
    out
}

enum Folded {
    Nothing,
    Blank,
    Letter(char),
    Letters(&'static str),
}

fn folded(character: char) -> Folded {
    if character.is_ascii() {
        return if character.is_ascii_alphanumeric() {
            Folded::Letter(character.to_ascii_lowercase())
        } else if character == '\'' || character == '.' {
            // "St." is "St", "O'Fallon" is "OFallon".
            Folded::Nothing
        } else {
            Folded::Blank
        };
    }
    if let Some(digit) = digit(character) {
        return Folded::Letter(char::from(b'0' + digit));
    }
    let code = u32::from(character);
    if (0xff21..=0xff5a).contains(&code) {
        return char::from_u32(code - 0xfee0).map_or(Folded::Nothing, folded);
    }
    for (first, letters) in LATIN {
        match code.checked_sub(first).and_then(|at| letters.get(at as usize)) {
            Some(b'?') => break,
            Some(letter) => return Folded::Letter(char::from(*letter)),
            None => {}
        }
    }
    match character {
        'ß' | 'ẞ' => Folded::Letters("ss"),
        'æ' | 'Æ' | 'ǽ' | 'Ǽ' => Folded::Letters("ae"),
        'œ' | 'Œ' => Folded::Letters("oe"),
        'þ' | 'Þ' => Folded::Letters("th"),
        'ĳ' | 'Ĳ' => Folded::Letters("ij"),
        'ά' | 'Ά' => Folded::Letter('α'),
        'έ' | 'Έ' => Folded::Letter('ε'),
        'ή' | 'Ή' => Folded::Letter('η'),
        'ί' | 'Ί' | 'ϊ' | 'ΐ' => Folded::Letter('ι'),
        'ό' | 'Ό' => Folded::Letter('ο'),
        'ύ' | 'Ύ' | 'ϋ' | 'ΰ' => Folded::Letter('υ'),
        'ώ' | 'Ώ' => Folded::Letter('ω'),
        'ς' => Folded::Letter('σ'),
        'ё' | 'Ё' => Folded::Letter('е'),
        'й' | 'Й' => Folded::Letter('и'),
        '’' | '‘' | 'ʼ' | '`' | '´' => Folded::Nothing,
        _ if character.is_alphanumeric() => match lower(character) {
            same if same == character => Folded::Letter(same),
            // Signs that are letters (the Ångström, the Kelvin) have lower cases that have marks.
            lower => folded(lower),
        },
        _ if character.is_whitespace()
            || matches!(code, 0x2010..=0x2027 | 0x2030..=0x205e | 0x3001..=0x3003 | 0x3008..=0x301f | 0x30fb | 0xff01..=0xff0f | 0xff1a..=0xff20) =>
        {
            Folded::Blank
        }
        // Marks that combine, joiners, hidden characters; and symbols, which stand in no name.
        _ => Folded::Nothing,
    }
}

/// Lower case, where it is one character; otherwise the first of them.
fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// The value of a digit in another script than ASCII's.
pub(crate) fn digit(character: char) -> Option<u8> {
    let code = u32::from(character);
    ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10)).map(|digit| digit as u8)
}

/// Whether the letters are Latin ones, or there are none: such an address is written in the Latin order of its country.
#[must_use]
pub fn is_latin(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphabetic() || matches!(u32::from(c), 0..=0x24f | 0x1e00..=0x1eff | 0xff21..=0xff5a))
}

/// Symbols that no label printer has: emoji and pictographs, private use, replacement characters.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    matches!(u32::from(character),
        0x2190..=0x2bff | 0x1f000..=0x1faff | 0xe000..=0xf8ff | 0xfffd | 0xf_0000..=0x10_ffff | 0xfe0f | 0x20e3)
        && !matches!(character, '№' | '〒' | '℃')
}

/// Upper case as the country's language has it: Turkish and Azerbaijani letters keep their dots.
#[must_use]
pub fn upper(text: &str, country: &str) -> String {
    if matches!(country, "TR" | "AZ") && text.contains('i') {
        return text.replace('i', "İ").to_uppercase();
    }
    text.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_take_for_the_same_folds_alike() {
        let same = [
            ("São Paulo", "SAO PAULO"),
            ("Saint-Étienne", "saint  etienne"),
            ("Straße", "STRASSE"),
            ("Łódź", "lodz"),
            ("Hà Nội", "ha noi"),
            ("Αθήνα", "ΑΘΗΝΑ"),
            ("Орёл", "ОРЕЛ"),
            ("Ｔｏｋｙｏ", "tokyo"),
            ("e\u{301}cole", "école"),
            ("St. Louis", "St Louis"),
            ("O\u{2019}Fallon", "O'Fallon"),
            ("Port\u{200b}land", "Portland"),
            ("İstanbul", "istanbul"),
            ("１２３", "123"),
            ("١٢٣", "123"),
            ("\u{212b}ngström", "ångström"),
        ];
        for (one, other) in same {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_kept_apart() {
        assert_ne!(fold("東京"), fold("大阪"));
        assert_ne!(fold("القاهرة"), fold("دبي"));
        assert!(!fold("الفجيرة").is_empty());
    }

    #[test]
    fn tidying_takes_out_what_nobody_sees_and_nothing_else() {
        assert_eq!(tidy("  12\u{a0} Main\t St\u{200b} "), "12 Main St");
        assert_eq!(tidy("\u{202e}12 Main"), "12 Main");
        // A Persian word is written with a joiner; a family of emoji too.
        for kept in ["خیابان\u{200c}ها", "👨\u{200d}👩", "東京都 千代田区", "Rue de l’Évêché"] {
            assert!(matches!(tidy(kept), Cow::Borrowed(text) if text == kept), "{kept}");
        }
    }

    #[test]
    fn scripts_symbols_and_dots_are_told() {
        assert!(is_latin("Nguyễn Huệ 12") && is_latin("") && !is_latin("東京") && !is_latin("دبي"));
        assert!(is_unprintable('🏠') && !is_unprintable('é') && !is_unprintable('〒') && !is_unprintable('ß'));
        assert_eq!(upper("izmir", "TR"), "İZMİR");
        assert_eq!(upper("Straße", "DE"), "STRASSE");
    }

    proptest! {
        #[test]
        fn tidying_and_folding_twice_is_tidying_and_folding_once(text in any::<String>()) {
            let once = tidy(&text).into_owned();
            prop_assert_eq!(&*tidy(&once), &once);
            let folded = fold(&once);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(once.len() <= text.len().max(once.len()));
        }
    }
}
