//! A value of any signal: true or false, a whole number, or a text.
//!
//! What this file must not know: signals.

use alloc::string::String;
use cartwright_sdk::json::{Kind, Node};
use cartwright_sdk::schema::Piece;
use cartwright_sdk::settings::{Issues, Path, Settings};

/// What a signal is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl Settings for Scalar {
    const SHAPE: &'static [Piece] = &[Piece::Text("\"type\":[\"boolean\",\"integer\",\"string\"]")];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        match node.kind() {
            Kind::Boolean => bool::read(node, at, issues).map(Self::Flag),
            Kind::Number => i64::read(node, at, issues).map(Self::Number),
            Kind::String => String::read(node, at, issues).map(Self::Text),
            _ => issues.kind(at, node, "true, false, a whole number or a text"),
        }
    }
}
