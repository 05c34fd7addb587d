//! Collecting what is wrong with a document, each with its path. Knows no types.

use crate::json::{Kind, Node};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::settings::Issue;

/// What an issue shows for a value that is not there.
pub const NOTHING: &str = "nothing";
/// Characters of a value that an issue shows.
const SHOWN: usize = 200;
/// Issues that are kept: a table with a wrong column would otherwise answer with 40 000.
const KEPT: usize = 100;

/// Where in the document, as a chain from the inside out; it becomes a JSON pointer (RFC 6901) only when something is wrong.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Element(usize),
}

impl Path<'_> {
    /// The whole document.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// A member of the object here.
    #[must_use]
    pub fn member<'b>(&'b self, name: &'b str) -> Path<'b> {
        Path { parent: Some(self), step: Step::Member(name) }
    }

    /// An element of the list here, counted from 0.
    #[must_use]
    pub fn element(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Element(index) }
    }

    #[cold]
    fn write(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(out);
        }
        match self.step {
            Step::Root => {}
            Step::Member(name) => {
                out.push('/');
                for character in name.chars() {
                    match character {
                        '~' => out.push_str("~0"),
                        '/' => out.push_str("~1"),
                        other => out.push(other),
                    }
                }
            }
            Step::Element(index) => {
                out.push('/');
                out.push_str(&index.to_string());
            }
        }
    }
}

/// What is wrong so far.
#[derive(Debug, Default)]
pub struct Issues {
    kept: Vec<Issue>,
    more: usize,
}

impl Issues {
    /// Adds one; `node` is what was found. Returns `None`, so that a reader can end with it.
    pub fn add<T>(&mut self, at: &Path<'_>, node: Option<Node<'_>>, message: &str, remedy: &str) -> Option<T> {
        self.push(at, node, message, remedy);
        None
    }

    #[cold]
    #[inline(never)]
    fn push(&mut self, at: &Path<'_>, node: Option<Node<'_>>, message: &str, remedy: &str) {
        if self.kept.len() == KEPT {
            self.more += 1;
            return;
        }
        let mut path = String::new();
        at.write(&mut path);
        let value = node.map_or_else(|| NOTHING.to_string(), |node| cut(node.text()));
        self.kept.push(Issue { path, value, message: message.into(), remedy: remedy.into() });
    }

    /// A value of the wrong kind.
    #[cold]
    pub fn kind<T>(&mut self, at: &Path<'_>, node: Node<'_>, wanted: &str) -> Option<T> {
        let found = match node.kind() {
            Kind::Null => "null",
            Kind::Boolean => "true or false",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::List => "a list",
            Kind::Object => "an object",
        };
        let remedy = if node.kind() == Kind::Null {
            "give a value, or leave an optional field out".to_string()
        } else {
            ["write ", wanted].concat()
        };
        self.add(at, Some(node), &["expected ", wanted, ", found ", found].concat(), &remedy)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The value when nothing was wrong.
    ///
    /// # Errors
    /// The issues, in the order of the document.
    pub fn done<T>(mut self, value: Option<T>) -> Result<T, Vec<Issue>> {
        match value {
            Some(value) if self.kept.is_empty() => Ok(value),
            _ => {
                if self.more > 0 {
                    let message = [&self.more.to_string(), " more issues are not shown"].concat();
                    let remedy = "correct these first".into();
                    self.kept.push(Issue { path: String::new(), value: NOTHING.into(), message, remedy });
                }
                Err(self.kept)
            }
        }
    }
}

/// The first 200 characters, and `…` when that is not all.
#[cold]
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_string(),
    }
}
