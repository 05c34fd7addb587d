//! Whether an order is safe: lists, rules, weighted signals, an explainable score.
