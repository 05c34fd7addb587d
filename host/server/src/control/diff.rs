//! What differs between two JSON documents, as a list in the manner of RFC 6902, with the values before and after.
//!
//! The crates for this give patches without what stood there before, which is what a person wants to read. What this module must not
//! know: what the documents mean.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Differences that are told; a document that is another one altogether needs no list.
const MOST: usize = 1_000;

/// What happened at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    Add,
    Remove,
    Replace,
}

/// One place that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    pub op: Operation,
    /// JSON pointer; into the older document for what was removed, else into the newer one.
    #[schema(example = "/services/0/price")]
    pub path: String,
    /// What stood there; absent for what was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What stands there now; absent for what was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// The differences in the documents' order, and whether there are more than are told.
pub fn between(from: &Value, to: &Value) -> (Vec<Difference>, bool) {
    let mut found = Found { list: Vec::new(), path: String::new(), cut: false };
    found.compare(from, to);
    (found.list, found.cut)
}

struct Found {
    list: Vec<Difference>,
    path: String,
    cut: bool,
}

impl Found {
    fn compare(&mut self, from: &Value, to: &Value) {
        match (from, to) {
            (Value::Object(from), Value::Object(to)) => self.objects(from, to),
            (Value::Array(from), Value::Array(to)) => self.arrays(from, to),
            (from, to) if from != to => self.note(Operation::Replace, Some(from), Some(to)),
            _ => {}
        }
    }

    fn objects(&mut self, from: &Map<String, Value>, to: &Map<String, Value>) {
        for (key, old) in from {
            self.at(key, |found| match to.get(key) {
                Some(new) => found.compare(old, new),
                None => found.note(Operation::Remove, Some(old), None),
            });
        }
        for (key, new) in to.iter().filter(|(key, _)| !from.contains_key(*key)) {
            self.at(key, |found| found.note(Operation::Add, None, Some(new)));
        }
    }

    /// What is the same at both ends is set aside, so that a row put between others is one addition and not a change of all that follow.
    fn arrays(&mut self, from: &[Value], to: &[Value]) {
        let shorter = from.len().min(to.len());
        let head = (0..shorter).take_while(|&index| from[index] == to[index]).count();
        let same_at_the_end = |back: &usize| from[from.len() - 1 - back] == to[to.len() - 1 - back];
        let tail = (0..shorter - head).take_while(same_at_the_end).count();
        let (old, new) = (&from[head..from.len() - tail], &to[head..to.len() - tail]);
        for index in 0..old.len().max(new.len()) {
            self.at(&(head + index).to_string(), |found| match (old.get(index), new.get(index)) {
                (Some(old), Some(new)) => found.compare(old, new),
                (old, new) => {
                    found.note(if new.is_some() { Operation::Add } else { Operation::Remove }, old, new);
                }
            });
        }
    }

    fn at(&mut self, key: &str, compare: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&key.replace('~', "~0").replace('/', "~1"));
        compare(self);
        self.path.truncate(length);
    }

    fn note(&mut self, op: Operation, from: Option<&Value>, to: Option<&Value>) {
        if self.list.len() == MOST {
            self.cut = true;
            return;
        }
        self.list.push(Difference { op, path: self.path.clone(), from: from.cloned(), to: to.cloned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(from: &Value, to: &Value) -> Value {
        serde_json::to_value(between(from, to).0).expect("JSON")
    }

    #[test]
    fn the_same_document_has_no_difference_however_it_is_written() {
        let (one, other) = (r#"{"a": [1, 2], "b": null}"#, r#"{"b":null,"a":[1,2]}"#);
        let read = |text| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(between(&read(one), &read(other)), (Vec::new(), false));
    }

    #[test]
    fn each_place_is_told_with_what_stood_and_stands_there() {
        let from = json!({"free": 5000, "zones": {"a/b": 1}, "old": [true]});
        let to = json!({"free": 6000, "zones": {"a/b": 2}, "new~": {}});
        let expected = json!([
            {"op": "replace", "path": "/free", "from": 5000, "to": 6000},
            {"op": "remove", "path": "/old", "from": [true]},
            {"op": "replace", "path": "/zones/a~1b", "from": 1, "to": 2},
            {"op": "add", "path": "/new~0", "to": {}},
        ]);
        assert_eq!(told(&from, &to), expected);
    }

    #[test]
    fn a_row_put_between_others_is_one_addition_and_a_row_taken_out_one_removal() {
        let (short, long) = (json!([1, 2, 3]), json!([1, 7, 2, 3]));
        assert_eq!(told(&short, &long), json!([{"op": "add", "path": "/1", "to": 7}]));
        assert_eq!(told(&long, &short), json!([{"op": "remove", "path": "/1", "from": 7}]));
        assert_eq!(told(&json!([1, 1]), &json!([1, 1, 1])), json!([{"op": "add", "path": "/2", "to": 1}]));
        let rows = |price| json!([{"id": "a", "price": 1}, {"id": "b", "price": price}, {"id": "c"}]);
        assert_eq!(told(&rows(2), &rows(3)), json!([{"op": "replace", "path": "/1/price", "from": 2, "to": 3}]));
    }

    #[test]
    fn another_kind_of_value_is_a_replacement() {
        assert_eq!(
            told(&json!({"a": null}), &json!({"a": {}})),
            json!([{"op": "replace", "path": "/a", "from": null, "to": {}}])
        );
        assert_eq!(told(&json!([]), &json!({})), json!([{"op": "replace", "path": "", "from": [], "to": {}}]));
    }

    #[test]
    fn a_list_that_would_be_endless_is_cut_and_says_so() {
        let (from, to): (Vec<u32>, Vec<u32>) = ((0..5_000).collect(), (1..=5_000).rev().collect());
        let (list, cut) = between(&json!(from), &json!(to));
        assert_eq!((list.len(), cut), (MOST, true));
    }
}
