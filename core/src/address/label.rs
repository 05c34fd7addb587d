//! The address as it is written on a label in its country: order, separators, upper case.
//!
//! What this module must not know: whether the address is right.

use super::country::{Country, Part};
use super::text::{is_latin, upper};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::types::Address;

/// The lines of the label. `abroad` adds the country's name as the last line, as the Universal Postal Union asks for on mail that
/// crosses a border.
#[must_use]
pub fn label(country: &Country, address: &Address, abroad: bool) -> Vec<String> {
    let city = address.city.as_deref().unwrap_or_default();
    let latin = is_latin(city) && address.lines.iter().all(|line| is_latin(line));
    let subdivision = subdivision(country, address, latin);
    let text = |part: Part| -> Vec<String> {
        let one =
            |text: Option<&str>| text.filter(|text| !text.is_empty()).map(ToString::to_string).into_iter().collect();
        let mut texts: Vec<String> = match part {
            Part::Name => one(address.name.as_deref()),
            Part::Company => one(address.company.as_deref()),
            Part::Lines => address.lines.iter().filter(|line| !line.is_empty()).cloned().collect(),
            Part::City => one(address.city.as_deref()),
            Part::Subdivision => one(subdivision.as_deref()),
            Part::PostalCode => one(address.postal_code.as_deref()),
        };
        if country.upper.has(part) {
            for text in &mut texts {
                *text = upper(text, country.code);
            }
        }
        texts
    };
    let mut lines = Vec::new();
    for format in country.format(latin).split("%n") {
        write_line(format, &text, &mut lines);
    }
    if abroad {
        lines.push(upper(country.name, "US"));
    }
    lines
}

/// What a label writes for the subdivision: its key, or the name in Latin letters; unknown ones as they are.
fn subdivision(country: &Country, address: &Address, latin: bool) -> Option<String> {
    let given = address.subdivision.as_deref()?;
    let Some(known) = country.subdivision(given).and_then(|index| country.subdivisions.get(index)) else {
        return Some(given.to_string());
    };
    let written = if latin && !known.latin.is_empty() { known.latin } else { known.key };
    Some(written.to_string())
}

/// One line of the format: fields that are there, each behind the separator that stands before it. Nothing without a field.
fn write_line(format: &str, text: &dyn Fn(Part) -> Vec<String>, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut any = !format.contains('%');
    let (first, rest) = format.split_once('%').unwrap_or((format, ""));
    let mut separator = first;
    let mut at_start = true;
    for piece in rest.split('%').filter(|piece| !piece.is_empty()) {
        let mut letters = piece.chars();
        let part = letters.next().and_then(Part::of);
        let texts = part.map(text).unwrap_or_default();
        if let Some((last, before)) = texts.split_last() {
            // What stands before the first field of the line belongs to it: `〒`, `SINGAPORE `.
            if any || at_start {
                line.push_str(separator);
            }
            for one in before {
                line.push_str(one);
                lines.push(core::mem::take(&mut line));
            }
            line.push_str(last);
            any = true;
        }
        at_start = false;
        separator = letters.as_str();
    }
    if rest.is_empty() {
        line.push_str(first);
    } else if any {
        // What ends the line belongs to the field before it.
        line.push_str(separator);
    }
    if any && !line.is_empty() {
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::super::country::read;
    use super::*;
    use proptest::prelude::*;

    fn of(code: &str, lines: &[&str], city: &str, subdivision: &str, postal_code: &str) -> Vec<String> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
        let address = Address {
            country: code.into(),
            lines: lines.iter().map(ToString::to_string).collect(),
            city: some(city),
            subdivision: some(subdivision),
            postal_code: some(postal_code),
            name: Some("Jo Doe".into()),
            ..Address::default()
        };
        label(&read(|known| known == code)[0], &address, false)
    }

    #[test]
    fn each_country_has_its_own_order_and_its_own_upper_case() {
        let cases: [(&[String], &[&str]); 7] = [
            (
                &of("US", &["1420 NW Lovejoy St"], "Portland", "OR", "97209"),
                &["Jo Doe", "1420 NW Lovejoy St", "PORTLAND, OR 97209"],
            ),
            (
                &of("GB", &["10 Downing Street"], "London", "", "SW1A 2AA"),
                &["Jo Doe", "10 Downing Street", "LONDON", "SW1A 2AA"],
            ),
            (
                &of("DE", &["Unter den Linden 77"], "Berlin", "", "10117"),
                &["Jo Doe", "Unter den Linden 77", "10117 BERLIN"],
            ),
            (&of("JP", &["千代田1-1"], "", "13", "100-0001"), &["〒100-0001", "東京都", "千代田1-1", "Jo Doe"]),
            (
                &of("JP", &["1-1 Chiyoda", "Chiyoda-ku"], "", "13", "100-0001"),
                &["Jo Doe", "1-1 Chiyoda", "Chiyoda-ku, TOKYO", "100-0001"],
            ),
            (
                &of("BR", &["Av. Paulista 1000"], "São Paulo", "SP", "01310-100"),
                &["Jo Doe", "Av. Paulista 1000", "SÃO PAULO-SP", "01310-100"],
            ),
            (&of("IT", &["Via Roma 1"], "Milano", "MI", "20123"), &["Jo Doe", "Via Roma 1", "20123 MILANO MI"]),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_missing_leaves_no_gap_and_no_comma() {
        assert_eq!(of("US", &[], "Portland", "", "97209"), ["Jo Doe", "PORTLAND 97209"]);
        assert_eq!(of("US", &["1 Main St"], "Portland", "OR", ""), ["Jo Doe", "1 Main St", "PORTLAND, OR"]);
        assert_eq!(of("US", &["1 Main St"], "", "", ""), ["Jo Doe", "1 Main St"]);
    }

    #[test]
    fn mail_from_abroad_ends_with_the_country() {
        let address = Address {
            country: "CH".into(),
            city: Some("Zürich".into()),
            postal_code: Some("8001".into()),
            ..Address::default()
        };
        assert_eq!(label(&read(|code| code == "CH")[0], &address, true), ["8001 Zürich", "SWITZERLAND"]);
    }

    proptest! {
        #[test]
        fn every_line_given_stands_on_the_label_once(which in any::<prop::sample::Index>(), line in "[a-z]{5,9} 7[0-9]{3}") {
            let codes: Vec<_> = super::super::country::known().collect();
            let code = codes[which.index(codes.len())];
            let found = of(code, &[&line], "Xyville", "", "");
            let all = found.join("\n").to_lowercase();
            prop_assert_eq!(all.matches(&line.to_lowercase()).count(), 1, "{} {:?}", code, found);
        }
    }
}
