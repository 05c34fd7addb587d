//! What is measured, against whom; the binaries beside it print it.

pub mod usps_zones;
