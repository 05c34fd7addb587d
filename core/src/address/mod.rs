//! Whether an address is deliverable: the rules of each country, field by field.
mod country;
mod distance;
mod pattern;
mod postal;
mod text;
