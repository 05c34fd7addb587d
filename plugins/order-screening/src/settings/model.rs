//! Gradient-boosted trees as data, in the arrays that XGBoost saves a model with.
//!
//! What this file must not know: how a tree is walked.

use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::Settings;

/// Trees that estimate how likely an order is fraud.
#[derive(Settings, Debug)]
pub struct Model {
    /// Signals by name, numbers and flags; a flag counts 0 or 1.
    pub features: Vec<String>,
    /// Log-odds before any tree, in millionths.
    #[setting(default = 0)]
    pub base_log_odds: i64,
    /// What a probability of 1 adds to the score; half of it adds half.
    #[setting(minimum = 1, maximum = 1_000)]
    pub points: i32,
    /// At most 2,000 trees with 200,000 nodes together.
    #[setting(min_items = 1, max_items = 2_000)]
    pub trees: Vec<Tree>,
}

/// A tree: one entry for each node in every list, the root first.
#[derive(Settings, Debug)]
pub struct Tree {
    /// Index of the node below the threshold; -1 for a leaf.
    pub left_children: Vec<i32>,
    /// Index of the node from the threshold on; -1 for a leaf.
    pub right_children: Vec<i32>,
    /// Index into `features`; any for a leaf.
    pub split_indices: Vec<u32>,
    /// The threshold, in the feature's unit, rounded up; for a leaf its log-odds in millionths.
    pub split_conditions: Vec<i64>,
    /// Whether an order of which the feature is not known goes left; it goes right, when the list is empty.
    #[setting(default)]
    pub default_left: Vec<bool>,
    /// How much training came past the node, for the explanation; all alike, when the list is empty.
    #[setting(default)]
    pub sum_hessian: Vec<u64>,
}
