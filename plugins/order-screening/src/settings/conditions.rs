//! Conditions of rules as data: tests of signals joined by `all`, `any` and `not`.
//!
//! The derive macro makes no type that contains itself, so [`When`] reads and describes itself by hand. What this file must not know:
//! which signals there are.

use super::words::Scalar;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::json::{Kind, Node};
use cartwright_sdk::prelude::Settings;
use cartwright_sdk::schema::Piece;
use cartwright_sdk::settings::{Issues, Path};

/// Conditions within conditions.
const DEEPEST: u8 = 16;

/// A condition.
#[derive(Debug)]
pub enum When {
    All(Vec<When>),
    Any(Vec<When>),
    Not(Box<When>),
    Condition(String),
    Signal(Box<Clause>),
}

/// A test of one signal. Several bounds hold together. A signal that is not known passes no test but `"known": false`.
#[derive(Settings, Debug)]
pub struct Clause {
    /// The signal's name.
    pub signal: String,
    /// A number is greater.
    pub above: Option<i64>,
    /// A number is this or greater.
    pub at_least: Option<i64>,
    /// A number is less.
    pub below: Option<i64>,
    /// A number is this or less.
    pub at_most: Option<i64>,
    /// The signal is this; a flag that is just named is asked for true.
    pub equals: Option<Scalar>,
    /// A text is one of these.
    pub one_of: Option<Vec<String>>,
    /// A text is none of these.
    pub none_of: Option<Vec<String>>,
    /// One of these tags is there.
    pub has: Option<Vec<String>>,
    /// A text is that of this other signal.
    pub same_as: Option<String>,
    /// A text is another than that of this other signal.
    pub differs_from: Option<String>,
    /// Whether the request says it at all.
    pub known: Option<bool>,
}

/// Where the schema of a condition stands in the document's: what makes it recursive.
const ITSELF: &str = "{\"$ref\":\"#/properties/conditions/additionalProperties\"}";
const DESCRIPTION: &str = "One of: every condition holds (`all`), some holds (`any`), one does not (`not`), the condition with this name holds \
    (`condition`), or a test of a signal.";

impl Settings for When {
    const SHAPE: &'static [Piece] = &[
        Piece::Text("\"type\":\"object\",\"oneOf\":["),
        Piece::Text("{\"properties\":{\"all\":{\"type\":\"array\",\"minItems\":1,\"items\":"),
        Piece::Text(ITSELF),
        Piece::Text("}},\"required\":[\"all\"],\"additionalProperties\":false},"),
        Piece::Text("{\"properties\":{\"any\":{\"type\":\"array\",\"minItems\":1,\"items\":"),
        Piece::Text(ITSELF),
        Piece::Text("}},\"required\":[\"any\"],\"additionalProperties\":false},"),
        Piece::Text("{\"properties\":{\"not\":"),
        Piece::Text(ITSELF),
        Piece::Text("},\"required\":[\"not\"],\"additionalProperties\":false},"),
        Piece::Text(
            "{\"properties\":{\"condition\":{\"type\":\"string\"}},\"required\":[\"condition\"],\"additionalProperties\":false},{",
        ),
        Piece::Tree(Clause::SHAPE),
        Piece::Text("}]"),
    ];
    const WORDS: &'static [Piece] =
        &[Piece::Text(",\"description\":\""), Piece::Escaped(DESCRIPTION), Piece::Text("\"")];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        read(node, at, issues, DEEPEST)
    }
}

fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues, deeper: u8) -> Option<When> {
    if node.kind() != Kind::Object {
        return issues.kind(at, node, "a condition, as {\"signal\": \"avsNoMatch\"} or {\"all\": [ … ]}");
    }
    if deeper == 0 {
        return issues.add(
            at,
            Some(node),
            "is the 17th condition within a condition",
            "give the inner ones a name in `conditions`",
        );
    }
    let mut members = node.members();
    let (Some((name, member)), more) = (members.next(), members.next().is_some()) else {
        return issues.add(at, Some(node), "asks for nothing", "use one of `all`, `any`, `not`, `condition`, `signal`");
    };
    let here = at.member(&name);
    let joined = matches!(&*name, "all" | "any" | "not" | "condition");
    if joined && more {
        return issues.add(at, Some(node), "has more members than one", "join conditions with `all` or `any`");
    }
    match &*name {
        "all" => list(member, &here, issues, deeper).map(When::All),
        "any" => list(member, &here, issues, deeper).map(When::Any),
        "not" => read(member, &here, issues, deeper - 1).map(|inner| When::Not(Box::new(inner))),
        "condition" => String::read(member, &here, issues).map(When::Condition),
        _ => Clause::read(node, at, issues).map(|clause| When::Signal(Box::new(clause))),
    }
}

fn list(node: Node<'_>, at: &Path<'_>, issues: &mut Issues, deeper: u8) -> Option<Vec<When>> {
    if node.kind() != Kind::List {
        return issues.kind(at, node, "a list of conditions");
    }
    let mut list = Vec::new();
    let mut whole = true;
    for (index, element) in node.elements().enumerate() {
        match read(element, &at.element(index), issues, deeper - 1) {
            Some(condition) => list.push(condition),
            None => whole = false,
        }
    }
    if whole && list.is_empty() {
        return issues.add(at, Some(node), "has no conditions", "give at least one");
    }
    whole.then_some(list)
}
