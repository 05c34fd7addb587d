//! A long table from postal prefixes to texts, read into one string and one list: 40,000 rows leave few traces in the
//! snapshot that way.
//!
//! What this file must not know: what the texts mean.

use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::json::{Kind, Node};
use cartwright_sdk::schema::Piece;
use cartwright_sdk::settings::{Issues, Path, Settings};

/// From postal prefixes, or ranges of them, to texts, in the document's order.
#[derive(Debug, Default)]
pub struct PrefixMap {
    text: String,
    rows: Vec<Row>,
}

/// Where key and value lie in the text, one behind the other.
#[derive(Debug, Clone, Copy)]
struct Row {
    start: u32,
    key: u16,
    value: u16,
}

impl PrefixMap {
    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Prefix (or range) and text of each row.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().map(|row| {
            let middle = row.start as usize + usize::from(row.key);
            (&self.text[row.start as usize..middle], &self.text[middle..middle + usize::from(row.value)])
        })
    }

    /// `None` when it does not fit, with settings of some gigabytes.
    fn push(&mut self, key: &str, value: &str) -> Option<()> {
        let start = u32::try_from(self.text.len()).ok()?;
        self.rows.push(Row { start, key: key.len().try_into().ok()?, value: value.len().try_into().ok()? });
        self.text.push_str(key);
        self.text.push_str(value);
        Some(())
    }
}

impl Settings for PrefixMap {
    const SHAPE: &'static [Piece] = &[Piece::Text(
        "\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[0-9A-Za-z -]+$\"},\"additionalProperties\":{\"type\":\"string\"}",
    )];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        if node.kind() != Kind::Object {
            return issues.kind(at, node, "an object");
        }
        let mut map = Self::default();
        map.rows.reserve_exact(node.members().count());
        map.text.reserve(node.text().len() / 2);
        let mut whole = true;
        for (name, member) in node.members() {
            let here = at.member(&name);
            let Some(value) = member.string() else {
                issues.kind::<()>(&here, member, "a string");
                whole = false;
                continue;
            };
            if map.push(&name, &value).is_none() {
                issues.add::<()>(&here, Some(member), "is too long", "give a prefix and a short text");
                whole = false;
            }
        }
        map.text.shrink_to_fit();
        whole.then_some(map)
    }
}
