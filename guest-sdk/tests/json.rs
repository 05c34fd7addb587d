//! The SDK's reader of JSON beside serde_json.

use cartwright_sdk::json::{Kind, Node, check};
use proptest::prelude::*;
use serde_json::Value;

/// The document as serde_json's tree, by way of the nodes.
fn tree(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Boolean => Value::Bool(node.boolean().unwrap()),
        Kind::Number => node
            .integer()
            .map_or_else(|| node.text().parse::<Value>().unwrap(), |n| Value::from(i64::try_from(n).unwrap())),
        Kind::String => Value::String(node.string().unwrap().into_owned()),
        Kind::List => node.elements().map(tree).collect(),
        Kind::Object => Value::Object(node.members().map(|(name, member)| (name.into_owned(), tree(member))).collect()),
    }
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_back(value in document()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(tree(check(&text).unwrap()), value.clone());
        }
    }

    #[test]
    fn both_agree_on_what_is_json(text in r#"[\[\]{}",:0-9eE.+\- a-ftrulns\\\n]{0,12}"#) {
        let peer = serde_json::from_str::<Value>(&text);
        // serde_json also refuses numbers beyond f64 and lone surrogates, which are values, not syntax, here.
        let beyond = peer.as_ref().is_err_and(|e| e.to_string().contains("out of range") || e.to_string().contains("surrogate"));
        prop_assert!(beyond || check(&text).is_ok() == peer.is_ok(), "{:?} {:?}", check(&text), peer);
    }

    #[test]
    fn a_cut_document_is_never_read_and_never_panics(value in document(), at in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&serde_json::json!([value])).unwrap();
        let cut = at.index(text.len());
        if text.is_char_boundary(cut) {
            prop_assert!(check(&text[..cut]).is_err());
        }
    }
}
