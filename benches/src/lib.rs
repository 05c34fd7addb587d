//! What is measured, one module a topic, each with a report that prints as a table.

pub mod carton;
pub mod usps_zones;
