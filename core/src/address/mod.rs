//! Whether an address is deliverable: the rules of each country, field by field.
mod country;
mod distance;
mod label;
mod localities;
mod pattern;
mod postal;
mod street;
mod text;
