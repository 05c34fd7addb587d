//! Whether an address is deliverable: the rules of each country, field by field, for the hook `address-validation`.
//!
//! [`Validator`] is built once from the merchant's [`Rules`]; [`validate`] answers one request. From the bottom up: [`text`] tidies
//! and folds, [`distance`] compares words, [`pattern`] reads postal codes; [`country`] knows each country's rules, [`localities`] the
//! cities that a merchant's settings bring, [`street`] the abbreviations; `place` and `recipient` check, [`opinion`] joins what an
//! external service said, [`finding`] has the words, [`mod@label`] writes the label.
//!
//! Whatever is changed is told with an issue, and nothing is changed below the merchant's confidence. Everything works on any text:
//! what no rule understands is left as it is. What this room must not know: settings files, HTTP.

pub mod country;
pub mod distance;
pub mod finding;
pub mod label;
pub mod localities;
mod names;
pub mod opinion;
pub mod pattern;
pub mod postal;
pub mod rules;
pub mod street;
pub mod text;

mod check;
mod place;
mod recipient;
mod verdict;

#[cfg(test)]
mod tests;

pub use localities::{Localities, LocalitiesBuilder, LocalityError};
pub use opinion::{Consulted, Opinion, Proposal};
pub use rules::{Policy, Rules, RulesError, Strictness, Validator};
pub use verdict::{unchecked, validate};
