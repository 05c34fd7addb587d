//! Labels against OpenCage's expected formats, where they are there: country by country, how many agree.
//!
//! Their addresses come from a map, with more fields than a shopper is asked for (quarter, county, building). What is compared: street
//! line, city, postal code and subdivision, their order, lines and separators, without upper and lower case. The street line is taken as
//! they write it, since a shopper writes it in the order of the country. Lines of theirs that hold none of these fields, and the country's
//! name, are left out; a line that holds one of these beside a field that nobody here has counts as a difference.

use super::*;
use crate::address::country::{Part, read};
use crate::address::postal::Code;
use crate::address::text::fold;
use std::collections::BTreeMap;

/// Labels that agreed when the formats were last looked at; fewer would be a step back.
const AGREED: usize = 284;

/// Components that a street line is made of.
const ROADS: [&str; 6] = ["road", "pedestrian", "footway", "path", "street", "residential"];
/// Components that may be what a label calls the city, the likeliest first.
const CITIES: [&str; 13] = [
    "city",
    "town",
    "village",
    "hamlet",
    "municipality",
    "locality",
    "suburb",
    "city_district",
    "county",
    "state_district",
    "state",
    "island",
    "neighbourhood",
];
/// Components that may be what a label calls the subdivision.
const STATES: [&str; 8] =
    ["state_code", "state", "province", "county_code", "county", "state_district", "island", "region"];

/// The documents of a file: components, and the expected lines. Their YAML is a list of plain mappings.
fn cases(text: &str) -> Vec<(BTreeMap<String, String>, Vec<String>)> {
    let mut all = Vec::new();
    for document in text.split("\n---") {
        let (mut components, mut expected, mut section) = (BTreeMap::new(), Vec::new(), "");
        for line in document.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if !line.starts_with([' ', '\t']) {
                section = line.split(':').next().unwrap_or_default();
                continue;
            }
            let line = line.trim();
            match section {
                "components" => {
                    if let Some((key, value)) = line.split_once(':') {
                        let value = value.trim().trim_matches(['"', '\'']);
                        components.insert(key.trim().to_string(), value.to_string());
                    }
                }
                "expected" if !line.is_empty() => expected.push(line.to_string()),
                _ => {}
            }
        }
        if !expected.is_empty() {
            all.push((components, expected));
        }
    }
    all
}

/// Their label without what is not compared, and ours; `None` when they share no field but the street.
fn compare(components: &BTreeMap<String, String>, expected: &[String]) -> Option<(String, Vec<String>, Vec<String>)> {
    let get = |key: &str| components.get(key).map(String::as_str).filter(|value| !value.is_empty());
    let code = get("country_code")?.to_uppercase();
    let countries = read(|known| known == code);
    let country = countries.first()?;
    let whole = fold(&expected.join(" | "));
    let written = |value: &&str| whole.contains(&*fold(value));
    let road = ROADS.iter().find_map(|key| get(key));
    let number = get("house_number");
    let street = match (road, number) {
        (Some(road), Some(number)) => expected.iter().find(|line| {
            let line = fold(line);
            line.contains(&*fold(road)) && line.contains(&*fold(number))
        }),
        (Some(road), None) => expected.iter().find(|line| fold(line) == fold(road)),
        _ => None,
    };
    // A label's code is one that the rules have been over.
    let postal_code = get("postcode").map(|text| {
        let code = Code::parse(text).and_then(|code| code.in_country(country));
        code.map_or_else(|| text.to_string(), |code| country.spaced(code.as_str()))
    });
    let postal_code =
        postal_code.filter(|code| written(&&**code) || get("postcode").is_some_and(|text| written(&text)));
    // The place that stands beside the postal code; where none does, the first that is written.
    let beside: String = expected
        .iter()
        .filter(|line| {
            get("postcode").is_some_and(|code| line.contains(code))
                || postal_code.as_ref().is_some_and(|code| line.contains(&**code))
        })
        .map(|line| fold(line))
        .collect();
    let places = || CITIES.iter().filter_map(|key| get(key));
    let city = places().find(|place| beside.contains(&*fold(place))).or_else(|| places().take(6).find(written));
    let state = STATES.iter().filter_map(|key| get(key)).find_map(|text| {
        let index = country.subdivision(text)?;
        Some(country.subdivisions[index].code().to_string())
    });
    if city.is_none() && postal_code.is_none() {
        return None;
    }
    let address = Address {
        country: code.clone(),
        subdivision: state.filter(|_| country.uses(Part::Subdivision)),
        city: city.map(String::from),
        postal_code: postal_code.clone(),
        lines: street.cloned().into_iter().collect(),
        ..Address::default()
    };
    let lower = |line: &String| line.to_lowercase().replace("i\u{307}", "i");
    let ours: Vec<String> = label::label(country, &address, false).iter().map(lower).collect();
    let names = [
        get("state"),
        get("state_code"),
        address.subdivision.as_deref(),
        city,
        postal_code.as_deref(),
        street.map(String::as_str),
    ];
    let country_names =
        [fold(get("country").unwrap_or_default()), fold(country.name), "united states of america".to_string()];
    // A building, a quarter, a county on a line of its own.
    let foreign = |line: &str| {
        let compared = ["city", "town", "village", "postcode", "state", "state_code"].iter().chain(&ROADS);
        let is_compared = compared.filter_map(|key| get(key)).chain(city).any(|value| fold(value) == line);
        !is_compared && components.values().any(|value| fold(value) == line)
    };
    let theirs = expected
        .iter()
        .filter(|line| !country_names.contains(&fold(line)) && !foreign(&fold(line)))
        .filter(|line| names.iter().flatten().any(|name| fold(line).contains(&*fold(name))))
        .map(lower)
        .collect();
    Some((code, theirs, ours))
}

#[test]
fn labels_agree_with_opencages_as_often_as_they_did() {
    let Some(folder) = shared("opencage/testcases/countries") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut by_country, mut all) = (BTreeMap::<String, (usize, usize)>::new(), 0);
    for file in files {
        for (components, expected) in cases(&std::fs::read_to_string(&file).unwrap()) {
            all += 1;
            let Some((code, theirs, ours)) = compare(&components, &expected) else { continue };
            let entry = by_country.entry(code.clone()).or_default();
            entry.1 += 1;
            if theirs == ours {
                entry.0 += 1;
            } else if std::env::var_os("SHOW_LABELS").is_some() {
                std::println!("{code}: theirs {} | ours {}", joined(&theirs), joined(&ours));
            }
        }
    }
    let agreed: usize = by_country.values().map(|(agreed, _)| agreed).sum();
    let compared: usize = by_country.values().map(|(_, compared)| compared).sum();
    let row: Vec<String> = by_country.iter().map(|(code, (agreed, of))| std::format!("{code} {agreed}/{of}")).collect();
    for part in row.chunks(14) {
        std::println!("{}", part.join("  "));
    }
    std::println!("labels: {agreed} of {compared} compared agree ({all} expected formats)");
    assert!(all > 400, "{all} expected formats were read");
    assert!(agreed >= AGREED, "{agreed} agree; {AGREED} did before");
}
