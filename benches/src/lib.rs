//! What is measured, one module a topic: each has a `report` that returns rows which print as a table.

pub mod carton;
