//! The model: from parallel arrays to nodes.

use super::conditions::signal;
use crate::settings::model::{Model as Words, Tree};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_core::screening::model::{Model, ModelError, ModelRules, Node};
use cartwright_sdk::settings::Findings;

pub fn model(words: &Words, findings: &mut Findings) -> Option<Model> {
    let mut features = Vec::new();
    for (index, name) in words.features.iter().enumerate() {
        let at = format!("/model/features/{index}");
        let found = signal(name, &at, findings);
        if found.is_some() && words.features[..index].contains(name) {
            findings.odd(&at, name, "is there already", "name each signal once");
        }
        features.push(found);
    }
    let trees: Vec<_> = words.trees.iter().enumerate().map(|(index, tree)| nodes(index, tree, findings)).collect();
    let trees: Option<Vec<_>> = trees.into_iter().collect();
    let rules = ModelRules {
        features: features.into_iter().collect::<Option<_>>()?,
        base: words.base_log_odds,
        trees: trees?,
        points: words.points,
    };
    match Model::new(&rules) {
        Ok(model) => Some(model),
        Err(error) => {
            let remedy = "save the model again, with whole thresholds and log-odds in millionths";
            findings.wrong(&path(&error, words), &"a model", &error.to_string(), remedy)
        }
    }
}

/// Where in the settings the error lies.
fn path(error: &ModelError, words: &Words) -> String {
    match error {
        ModelError::NotANumber(signal) => {
            let at = words.features.iter().position(|name| name == signal.info().name).unwrap_or(0);
            format!("/model/features/{at}")
        }
        ModelError::Base(_) => "/model/baseLogOdds".into(),
        ModelError::Points(_) => "/model/points".into(),
        ModelError::NoTrees | ModelError::TooManyTrees(_) | ModelError::TooManyNodes(_) => "/model/trees".into(),
        ModelError::Feature { tree, node, .. } => format!("/model/trees/{tree}/splitIndices/{node}"),
        ModelError::Leaf { tree, node, .. } => format!("/model/trees/{tree}/splitConditions/{node}"),
        ModelError::Child { tree, node, .. } => format!("/model/trees/{tree}/leftChildren/{node}"),
        ModelError::Cycle { tree, .. } | ModelError::Unreachable { tree, .. } | ModelError::TooDeep { tree } => {
            format!("/model/trees/{tree}")
        }
        ModelError::Cover { tree } => format!("/model/trees/{tree}/sumHessian"),
    }
}

type Cover = Vec<u64>;

fn nodes(index: usize, tree: &Tree, findings: &mut Findings) -> Option<(Vec<Node>, Cover)> {
    let count = tree.left_children.len();
    let at = |list: &str| format!("/model/trees/{index}/{list}");
    let lengths = [
        ("rightChildren", tree.right_children.len(), false),
        ("splitIndices", tree.split_indices.len(), false),
        ("splitConditions", tree.split_conditions.len(), false),
        ("defaultLeft", tree.default_left.len(), true),
        ("sumHessian", tree.sum_hessian.len(), true),
    ];
    for (list, length, may_be_empty) in lengths {
        if length != count && !(may_be_empty && length == 0) {
            let message = format!("has {length} entries, `leftChildren` has {count}");
            return findings.wrong(&at(list), &length, &message, "give one entry for each node");
        }
    }
    let mut nodes = Vec::with_capacity(count);
    for node in 0..count {
        let (left, right) = (tree.left_children[node], tree.right_children[node]);
        let value = tree.split_conditions[node];
        nodes.push(match (usize::try_from(left), usize::try_from(right)) {
            (Ok(left), Ok(right)) => Node::Split {
                feature: tree.split_indices[node] as usize,
                threshold: value,
                left,
                right,
                missing_left: tree.default_left.get(node).copied().unwrap_or(false),
            },
            _ if left == -1 && right == -1 => Node::Leaf(value),
            _ => {
                let remedy = "give both children, or -1 for both of a leaf";
                let path = format!("{}/{node}", at("leftChildren"));
                return findings.wrong(&path, &(left, right), "is neither a leaf nor a node with two children", remedy);
            }
        });
    }
    Some((nodes, tree.sum_hessian.clone()))
}
