//! Whether an address is deliverable: the rules of each country, field by field.
