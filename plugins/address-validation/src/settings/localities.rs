//! A long list of cities, read straight into the form in which it is asked: 30,000 of them leave few traces in the snapshot that way.
//!
//! What this file must not know: countries.

use alloc::string::{String, ToString};
use cartwright_core::address::{Localities, LocalitiesBuilder};
use cartwright_sdk::json::{Kind, Node};
use cartwright_sdk::prelude::Settings;
use cartwright_sdk::schema::Piece;
use cartwright_sdk::settings::{Issues, Path};

/// The cities of a country.
#[derive(Settings, Debug)]
pub struct LocalityList {
    /// Where the list is from: package or publication, version, licence.
    #[setting(min_length = 1)]
    pub source: String,
    /// By code of the subdivision (`OR`; `*` where addresses of the country name none), from a city's name to its postal codes: `"Portland":
    /// "97201-97233 97236"`. What postal codes begin with will do (`T0A`), and so will nothing, if only the spelling is to be checked.
    pub cities: CityList,
}

/// See [`LocalityList::cities`].
#[derive(Debug, Default)]
pub struct CityList(pub Localities);

impl Settings for CityList {
    const SHAPE: &'static [Piece] = &[Piece::Text(
        "\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
    )];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        if node.kind() != Kind::Object {
            return issues.kind(at, node, "an object");
        }
        let mut builder = LocalitiesBuilder::default();
        let before = issues.len();
        for (subdivision, cities) in node.members() {
            let here = at.member(&subdivision);
            if cities.kind() != Kind::Object {
                issues.kind::<()>(&here, cities, "an object from cities to their postal codes");
                continue;
            }
            let subdivision = if subdivision == "*" { "" } else { &*subdivision };
            for (city, codes) in cities.members() {
                let here = here.member(&city);
                let Some(text) = codes.string() else {
                    issues.kind::<()>(&here, codes, "a string of postal codes");
                    continue;
                };
                if let Err(error) = builder.add(subdivision, &city, &text) {
                    let told = error.to_string();
                    let (message, remedy) = told.split_once("; ").unwrap_or((&told, "correct this entry"));
                    issues.add::<()>(&here, Some(codes), message, remedy);
                }
            }
        }
        (issues.len() == before).then(|| Self(builder.finish()))
    }
}
