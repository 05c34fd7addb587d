use super::*;
use proptest::prelude::*;

fn split(feature: usize, threshold: i64, left: usize, right: usize) -> Node {
    Node::Split { feature, threshold, left, right, missing_left: true }
}

fn rules(nodes: Vec<Node>) -> ModelRules {
    let features = vec![Signal::IpDistance, Signal::DisposableEmail];
    ModelRules { features, base: -2_000_000, trees: vec![(nodes, vec![])], points: 400 }
}

fn two_questions() -> Vec<Node> {
    vec![split(0, 500_000, 1, 2), Node::Leaf(-400_000), split(1, 1, 3, 4), Node::Leaf(200_000), Node::Leaf(3_000_000)]
}

#[test]
fn a_path_leads_to_its_leaf_and_features_share_the_difference() {
    let model = Model::new(&rules(two_questions())).unwrap();
    let near = model.assess_values(&[Some(499_999), Some(1)]);
    assert_eq!(near.log_odds, -2_400_000);
    let far = model.assess_values(&[Some(500_000), Some(1)]);
    assert_eq!(far.log_odds, 1_000_000);
    assert_eq!((far.probability, far.points), (731_059, 292));
    // Expected: leaf 1 is -0.4, node 2 is 1.6, so the root is 0.6.
    assert_eq!(far.expected, -1_400_000);
    assert_eq!(far.features, [(Signal::IpDistance, 1_000_000), (Signal::DisposableEmail, 1_400_000)]);
}

#[test]
fn what_is_not_known_goes_where_the_tree_says() {
    let model = Model::new(&rules(two_questions())).unwrap();
    assert_eq!(model.assess_values(&[None, Some(1)]).log_odds, -2_400_000);
}

#[test]
fn cover_weighs_the_expected_values() {
    let mut rules = rules(two_questions());
    rules.trees[0].1 = vec![100, 75, 25, 20, 5];
    let model = Model::new(&rules).unwrap();
    // Node 2: (0.2 x 20 + 3 x 5) / 25 = 0.76; root: (-0.4 x 75 + 0.76 x 25) / 100 = -0.11.
    assert_eq!(model.assess_values(&[None, None]).expected, -2_110_000);
}

#[test]
fn trees_that_are_none_are_refused() {
    let error = |change: fn(&mut Vec<Node>)| {
        let mut nodes = two_questions();
        change(&mut nodes);
        Model::new(&rules(nodes)).unwrap_err()
    };
    assert_eq!(error(|nodes| nodes[2] = split(1, 1, 0, 4)), ModelError::Cycle { tree: 0, node: 0 });
    assert_eq!(error(|nodes| nodes[2] = split(1, 1, 1, 4)), ModelError::Cycle { tree: 0, node: 1 });
    assert_eq!(error(|nodes| nodes[2] = split(1, 1, 4, 4)), ModelError::Cycle { tree: 0, node: 4 });
    assert_eq!(error(|nodes| nodes[2] = split(1, 1, 3, 9)), ModelError::Child { tree: 0, node: 2, child: 9 });
    assert_eq!(error(|nodes| nodes[2] = split(7, 1, 3, 4)), ModelError::Feature { tree: 0, node: 2, feature: 7 });
    assert_eq!(error(|nodes| nodes.push(Node::Leaf(0))), ModelError::Unreachable { tree: 0, node: 5 });
    assert_eq!(error(Vec::clear), ModelError::Child { tree: 0, node: 0, child: 0 });
    let huge = MOST_LOG_ODDS + 1;
    assert_eq!(
        error(|nodes| nodes[1] = Node::Leaf(MOST_LOG_ODDS + 1)),
        ModelError::Leaf { tree: 0, node: 1, value: huge }
    );
    let question = |depth: usize| [split(0, 1, 2 * depth + 2, 2 * depth + 1), Node::Leaf(0)];
    let mut deep: Vec<Node> = (0..=DEEPEST).flat_map(question).collect();
    deep.push(Node::Leaf(0));
    assert_eq!(Model::new(&rules(deep)).unwrap_err(), ModelError::TooDeep { tree: 0 });
}

#[test]
fn models_that_are_none_are_refused() {
    let error = |change: fn(&mut ModelRules)| {
        let mut rules = rules(two_questions());
        change(&mut rules);
        Model::new(&rules).unwrap_err()
    };
    assert_eq!(error(|rules| rules.trees.clear()), ModelError::NoTrees);
    assert_eq!(
        error(|rules| rules.trees = vec![(vec![Node::Leaf(0)], vec![]); 2_001]),
        ModelError::TooManyTrees(2_001)
    );
    assert_eq!(error(|rules| rules.features[0] = Signal::Avs), ModelError::NotANumber(Signal::Avs));
    assert_eq!(error(|rules| rules.points = 0), ModelError::Points(0));
    assert_eq!(error(|rules| rules.base = i64::MIN), ModelError::Base(i64::MIN));
    assert_eq!(error(|rules| rules.trees[0].1 = vec![1, 1]), ModelError::Cover { tree: 0 });
    assert_eq!(error(|rules| rules.trees[0].1 = vec![1, 1, 1, 0, 1]), ModelError::Cover { tree: 0 });
}

/// A tree of full depth whose splits and leaves are these.
fn full_tree(splits: &[(usize, i64, bool)], leaves: &[i64]) -> Vec<Node> {
    let inner = splits.len();
    let split = |(at, &(feature, threshold, missing_left)): (usize, &(usize, i64, bool))| Node::Split {
        feature,
        threshold,
        left: 2 * at + 1,
        right: 2 * at + 2,
        missing_left,
    };
    splits.iter().enumerate().map(split).chain(leaves[..=inner].iter().map(|leaf| Node::Leaf(*leaf))).collect()
}

proptest! {
    #[test]
    fn base_and_features_add_up_to_the_log_odds(
        trees in proptest::collection::vec(
            (
                proptest::collection::vec((0_usize..2, -50_i64..50, any::<bool>()), 7),
                proptest::collection::vec(-3_000_000_i64..3_000_000, 8),
                proptest::collection::vec(1_u64..1_000, 15),
            ),
            1..6,
        ),
        values in proptest::collection::vec(proptest::option::of(-60_i64..60), 2),
    ) {
        let trees = trees.iter().map(|(splits, leaves, cover)| (full_tree(splits, leaves), cover.clone())).collect();
        let rules = ModelRules { trees, ..rules(vec![]) };
        let assessment = Model::new(&rules).unwrap().assess_values(&values);
        let sum: i64 = assessment.features.iter().map(|(_, value)| value).sum();
        prop_assert_eq!(assessment.expected + sum, assessment.log_odds);
        // The same, by walking the nodes as they were given.
        let walked: i64 = rules.trees.iter().map(|(nodes, _)| {
            let mut at = 0;
            loop {
                match nodes[at] {
                    Node::Leaf(value) => return value,
                    Node::Split { feature, threshold, left, right, missing_left } => {
                        let goes_left = values[feature].map_or(missing_left, |value| value < threshold);
                        at = if goes_left { left } else { right };
                    }
                }
            }
        }).sum();
        prop_assert_eq!(assessment.log_odds, rules.base + walked);
        prop_assert!((0..=400).contains(&assessment.points));
    }
}
