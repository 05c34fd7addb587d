//! A model of gradient-boosted trees, as LightGBM and XGBoost train them, given as data: points for all signals together, and which
//! of them made the difference.
//!
//! Everything is in integers: features are whole numbers, leaves are log-odds in millionths, and the [logistic](logistic::probability)
//! curve is a table. Attribution follows A. Saabas (Interpreting random forests, 2014): along the path through each tree, the change
//! of the expected value belongs to the feature that was asked, so base, trees and features add up to the log-odds exactly.
//!
//! What this module must not know: how a model was trained, and how settings write it.

pub mod logistic;
#[cfg(test)]
mod tests;

use super::MOST_POINTS;
use super::signals::{Kind, Signal, Signals};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// Trees of one model.
pub const MOST_TREES: usize = 2_000;
/// Nodes of all trees together.
pub const MOST_NODES: usize = 200_000;
/// Questions from a root to a leaf.
pub const DEEPEST: usize = 64;
/// Log-odds of one leaf, in millionths: 1000, far beyond what any training yields.
pub const MOST_LOG_ODDS: i64 = 1_000_000_000;

/// One node of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// Log-odds in millionths.
    Leaf(i64),
    /// Goes left when the feature is below the threshold, and where `missing_left` says when it is not known.
    Split {
        /// Index into the model's features.
        feature: usize,
        threshold: i64,
        left: usize,
        right: usize,
        missing_left: bool,
    },
}

/// What a model is made from.
#[derive(Debug, Clone, Default)]
pub struct ModelRules {
    /// Numbers and flags; a flag counts 0 or 1.
    pub features: Vec<Signal>,
    /// Log-odds before any tree, in millionths.
    pub base: i64,
    /// Each tree's nodes, its root first, and how many training orders came past each node (its cover), which weighs the expected
    /// values; equal weights when it is empty.
    pub trees: Vec<(Vec<Node>, Vec<u64>)>,
    /// What a probability of 1 adds to the score; 1 to 1000.
    pub points: i32,
}

/// A model that cannot be used. Trees and nodes are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    NoTrees,
    TooManyTrees(usize),
    TooManyNodes(usize),
    /// A text or a list of tags.
    NotANumber(Signal),
    /// Outside of ±[`MOST_LOG_ODDS`].
    Base(i64),
    Points(i32),
    Feature {
        tree: usize,
        node: usize,
        feature: usize,
    },
    Leaf {
        tree: usize,
        node: usize,
        value: i64,
    },
    /// No node of the tree.
    Child {
        tree: usize,
        node: usize,
        child: usize,
    },
    /// A node that two others lead to, or that leads back to itself.
    Cycle {
        tree: usize,
        node: usize,
    },
    /// A node that no other leads to.
    Unreachable {
        tree: usize,
        node: usize,
    },
    TooDeep {
        tree: usize,
    },
    /// Not as many figures as nodes, or a node with a cover of 0 below one that has some.
    Cover {
        tree: usize,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTrees => write!(f, "the model has no trees"),
            Self::TooManyTrees(trees) => write!(f, "{trees} trees are more than {MOST_TREES}"),
            Self::TooManyNodes(nodes) => write!(f, "{nodes} nodes are more than {MOST_NODES}"),
            Self::NotANumber(signal) => {
                write!(f, "the signal `{}` is neither a number nor true or false", signal.info().name)
            }
            Self::Base(base) => write!(f, "log-odds of {base} millionths are beyond {MOST_LOG_ODDS}"),
            Self::Points(points) => write!(f, "{points} points are not from 1 to {MOST_POINTS}"),
            Self::Feature { node, feature, .. } => {
                write!(f, "node {node} asks for feature {feature}, which is not there")
            }
            Self::Leaf { node, value, .. } => {
                write!(f, "the leaf {node} has log-odds of {value} millionths, beyond {MOST_LOG_ODDS}")
            }
            Self::Child { node, child, .. } => write!(f, "node {node} leads to node {child}, which is not there"),
            Self::Cycle { node, .. } => write!(f, "node {node} is reached twice: the tree has a cycle or joins again"),
            Self::Unreachable { node, .. } => write!(f, "no node leads to node {node}"),
            Self::TooDeep { .. } => write!(f, "the tree asks more than {DEEPEST} questions in a row"),
            Self::Cover { .. } => write!(f, "the cover has not one figure of 1 or more for each node"),
        }
    }
}

impl core::error::Error for ModelError {}

/// A node with what is needed on the way through it.
#[derive(Debug, Clone, Copy)]
struct Flat {
    /// A leaf's own value; the mean of the leaves below a split, weighed by cover.
    expected: i64,
    threshold: i64,
    left: u32,
    right: u32,
    /// [`LEAF`] for a leaf.
    feature: u16,
    missing_left: bool,
}

const LEAF: u16 = u16::MAX;

/// A model that is known to be sound.
#[derive(Debug, Clone)]
pub struct Model {
    features: Vec<Signal>,
    base: i64,
    points: i32,
    /// Of all trees one behind the other; children by their place here.
    nodes: Vec<Flat>,
    roots: Vec<u32>,
}

/// What a model says of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// In millionths.
    pub log_odds: i64,
    /// In millionths.
    pub probability: i64,
    pub points: i32,
    /// What the base and the trees' expected values say of any order, in millionths of log-odds.
    pub expected: i64,
    /// What each feature adds to or takes off that, in millionths of log-odds, in the model's order.
    pub features: Vec<(Signal, i64)>,
}

impl Model {
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(rules: &ModelRules) -> Result<Self, ModelError> {
        let count: usize = rules.trees.iter().map(|(nodes, _)| nodes.len()).sum();
        match rules.trees.len() {
            0 => return Err(ModelError::NoTrees),
            trees if trees > MOST_TREES => return Err(ModelError::TooManyTrees(trees)),
            _ if count > MOST_NODES => return Err(ModelError::TooManyNodes(count)),
            _ => {}
        }
        let number = |signal: &&Signal| !matches!(signal.info().kind, Kind::Flag | Kind::Number { .. });
        if let Some(signal) = rules.features.iter().find(number) {
            return Err(ModelError::NotANumber(*signal));
        }
        if rules.base.abs_diff(0) > MOST_LOG_ODDS.unsigned_abs() {
            return Err(ModelError::Base(rules.base));
        }
        if !(1..=MOST_POINTS).contains(&rules.points) {
            return Err(ModelError::Points(rules.points));
        }
        let mut model = Self {
            features: rules.features.clone(),
            base: rules.base,
            points: rules.points,
            nodes: Vec::with_capacity(count),
            roots: Vec::with_capacity(rules.trees.len()),
        };
        for (tree, (nodes, cover)) in rules.trees.iter().enumerate() {
            model.add(tree, nodes, cover)?;
        }
        Ok(model)
    }

    fn add(&mut self, tree: usize, nodes: &[Node], cover: &[u64]) -> Result<(), ModelError> {
        let order = top_down(tree, nodes, self.features.len())?;
        let covered = cover.is_empty() || (cover.len() == nodes.len() && cover.iter().all(|cover| *cover > 0));
        if !covered {
            return Err(ModelError::Cover { tree });
        }
        let start = self.nodes.len();
        self.roots.push(start as u32);
        for node in nodes {
            self.nodes.push(match *node {
                Node::Leaf(value) => {
                    Flat { expected: value, threshold: 0, left: 0, right: 0, feature: LEAF, missing_left: false }
                }
                Node::Split { feature, threshold, left, right, missing_left } => Flat {
                    expected: 0,
                    threshold,
                    left: (start + left) as u32,
                    right: (start + right) as u32,
                    feature: feature as u16,
                    missing_left,
                },
            });
        }
        // Children before their parents.
        for &at in order.iter().rev() {
            if let Node::Split { left, right, .. } = nodes[at] {
                let weight = |child: usize| i128::from(cover.get(child).copied().unwrap_or(1));
                let value = |child: usize| i128::from(self.nodes[start + child].expected);
                let sum = value(left) * weight(left) + value(right) * weight(right);
                self.nodes[start + at].expected = (sum / (weight(left) + weight(right))) as i64;
            }
        }
        Ok(())
    }

    /// The signals that it reads.
    #[must_use]
    pub fn features(&self) -> &[Signal] {
        &self.features
    }

    /// What it says of an order.
    #[must_use]
    pub fn assess(&self, signals: &Signals<'_>) -> Assessment {
        let values: Vec<Option<i64>> = self.features.iter().map(|signal| signals.get(*signal).feature()).collect();
        self.assess_values(&values)
    }

    fn assess_values(&self, values: &[Option<i64>]) -> Assessment {
        let mut log_odds = self.base;
        let mut expected = self.base;
        let mut features = vec![0_i64; values.len()];
        for root in &self.roots {
            let mut node = &self.nodes[*root as usize];
            expected += node.expected;
            while node.feature != LEAF {
                let feature = usize::from(node.feature);
                let left = values[feature].map_or(node.missing_left, |value| value < node.threshold);
                let next = &self.nodes[if left { node.left } else { node.right } as usize];
                features[feature] += next.expected - node.expected;
                node = next;
            }
            log_odds += node.expected;
        }
        let probability = logistic::probability(log_odds);
        let points = (probability * i64::from(self.points) + 500_000) / 1_000_000;
        let features = self.features.iter().copied().zip(features).collect();
        Assessment { log_odds, probability, points: points as i32, expected, features }
    }
}

/// The nodes in an order in which each comes after its parent; every check of a single tree.
fn top_down(tree: usize, nodes: &[Node], features: usize) -> Result<Vec<usize>, ModelError> {
    if nodes.is_empty() {
        return Err(ModelError::Child { tree, node: 0, child: 0 });
    }
    let mut met = vec![false; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    let mut open = vec![(0_usize, 0_usize)];
    met[0] = true;
    while let Some((at, depth)) = open.pop() {
        order.push(at);
        match nodes[at] {
            Node::Leaf(value) if value.abs_diff(0) > MOST_LOG_ODDS.unsigned_abs() => {
                return Err(ModelError::Leaf { tree, node: at, value });
            }
            Node::Leaf(_) => {}
            Node::Split { feature, .. } if feature >= features || feature >= usize::from(LEAF) => {
                return Err(ModelError::Feature { tree, node: at, feature });
            }
            Node::Split { .. } if depth == DEEPEST => return Err(ModelError::TooDeep { tree }),
            Node::Split { left, right, .. } => {
                for child in [right, left] {
                    match met.get_mut(child) {
                        None => return Err(ModelError::Child { tree, node: at, child }),
                        Some(true) => return Err(ModelError::Cycle { tree, node: child }),
                        Some(met) => *met = true,
                    }
                    open.push((child, depth + 1));
                }
            }
        }
    }
    match met.iter().position(|met| !met) {
        Some(node) => Err(ModelError::Unreachable { tree, node }),
        None => Ok(order),
    }
}
