//! The table itself, and the same metadata in Google's own test data where it is there.

use super::*;
use crate::address::country::{Part, known, read};
use crate::address::postal::Code;
use std::io::Read;

#[test]
fn every_country_of_the_table_has_a_name_a_format_and_subdivisions_that_are_found_by_all_their_names() {
    let countries = read(|_| true);
    assert_eq!(countries.len(), known().count());
    assert!(countries.len() > 245, "{} countries", countries.len());
    assert!(countries.is_sorted_by_key(|country| country.code));
    let mut subdivisions = 0;
    for country in &countries {
        assert!(!country.name.is_empty() && country.name != country.code, "{}", country.code);
        assert!(country.uses(Part::Lines), "{} has no lines on its label", country.code);
        for (index, subdivision) in country.subdivisions.iter().enumerate() {
            subdivisions += 1;
            assert!(!subdivision.code().is_empty());
            for name in [subdivision.key, subdivision.code(), subdivision.name()] {
                // Two parts of a country may share a name; the code then tells.
                let found = country.subdivision(name).unwrap_or_else(|| panic!("{name} of {}", country.code));
                let same = &country.subdivisions[found];
                assert!(
                    found == index || same.iso == name || same.key == name || same.name() == subdivision.name(),
                    "{name} of {}",
                    country.code
                );
            }
        }
    }
    assert!(subdivisions > 1_000, "{subdivisions} subdivisions");
}

#[test]
fn every_example_of_a_country_is_one_of_its_postal_codes() {
    for country in read(|_| true) {
        if !country.example.is_empty() {
            let code = Code::parse(country.example).and_then(|code| code.in_country(&country));
            assert_eq!(
                code.map(|code| country.spaced(code.as_str())).as_deref(),
                Some(country.example),
                "{}",
                country.code
            );
        }
    }
}

/// Google's test data is of a later date than the package: what it says of each country is counted, not copied.
#[test]
fn the_table_agrees_with_googles_test_data() {
    let Some(path) = shared("libaddressinput-countryinfo.txt.gz") else { return };
    let file = std::fs::File::open(path).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let field = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_string();
    let (mut examples, mut taken, mut zips, mut in_place) = (0, 0, 0, 0);
    let countries = read(|_| true);
    for line in text.lines() {
        let Some((key, json)) = line.strip_prefix("data/").and_then(|line| line.split_once('=')) else { continue };
        let row: serde_json::Value = serde_json::from_str(json).unwrap();
        let (code, subdivision) = key.split_once('/').unwrap_or((key, ""));
        let Some(country) = countries.iter().find(|country| country.code == code) else { continue };
        if subdivision.contains('/') || subdivision.contains("--") || key.contains("--") {
            continue;
        }
        for example in field(&row, "zipex").split(',').filter(|example| !example.is_empty()) {
            let code = Code::parse(example).and_then(|code| code.in_country(country));
            if subdivision.is_empty() {
                examples += 1;
                taken += usize::from(code.is_some());
            } else if let (Some(code), Some(index)) = (code, country.subdivision(subdivision)) {
                zips += 1;
                let prefixes = country.subdivisions[index].prefixes;
                in_place += usize::from(prefixes.is_empty() || prefixes.begins(code.as_str()));
            }
        }
    }
    std::println!(
        "examples of countries taken: {taken} of {examples}; of subdivisions in their place: {in_place} of {zips}"
    );
    assert!(taken * 100 >= examples * 97, "{taken} of {examples} examples of countries");
    assert!(zips > 500 && in_place * 100 >= zips * 99, "{in_place} of {zips} examples of subdivisions");
}
