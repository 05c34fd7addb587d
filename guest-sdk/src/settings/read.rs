//! What the derive macro's code calls, so that it stays short in every plugin. Not for authors.

use super::{Issues, Path, Settings};
use crate::json::{Kind, Node};
use alloc::string::{String, ToString};

/// One field on its way: not met yet, met and wrong, or read.
pub struct Field<T> {
    met: bool,
    value: Option<T>,
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self { met: false, value: None }
    }
}

impl<T: Settings> Field<T> {
    /// Reads the field where the document has it.
    pub fn read(&mut self, node: Node<'_>, at: &Path<'_>, issues: &mut Issues, limits: &Limits) {
        if core::mem::replace(&mut self.met, true) {
            twice(node, at, issues);
            return;
        }
        self.value = limits.read(node, at, issues);
    }

    /// The value at the end of an object: what was read, or what stands for an absent field.
    pub fn close(self, name: &str, at: &Path<'_>, issues: &mut Issues) -> Option<T> {
        if self.met {
            return self.value;
        }
        T::absent()
            .or_else(|| issues.add(&at.member(name), None, "is required", &["add the field `", name, "`"].concat()))
    }

    /// As [`close`](Self::close), for a field with a default.
    pub fn close_or(self, default: impl FnOnce() -> T) -> Option<T> {
        if self.met { self.value } else { Some(default()) }
    }
}

/// What a field's own words ask for beyond its type. `i128` ends stand for "no limit".
pub struct Limits {
    pub minimum: i128,
    pub maximum: i128,
    /// Characters of a string, or elements of a list.
    pub shortest: usize,
    pub longest: usize,
}

impl Limits {
    /// Nothing is asked.
    pub const NONE: Self = Self { minimum: i128::MIN, maximum: i128::MAX, shortest: 0, longest: usize::MAX };

    /// Reads a value that must keep these limits.
    pub fn read<T: Settings>(&self, node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<T> {
        // What breaks a limit is said once, by the limit, not again by the type.
        if self.hold(node, at, issues) { T::read(node, at, issues) } else { None }
    }

    #[inline(never)]
    fn hold(&self, node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> bool {
        match node.kind() {
            Kind::Number => match node.integer() {
                Some(number) if !(self.minimum..=self.maximum).contains(&number) => self.number(node, at, issues),
                _ => true,
            },
            Kind::String if self.measures() => {
                let length = node.string().map_or(0, |text| text.chars().count());
                self.length(length, "character", node, at, issues)
            }
            Kind::List if self.measures() => self.length(node.elements().count(), "element", node, at, issues),
            _ => true,
        }
    }

    fn measures(&self) -> bool {
        self.shortest > 0 || self.longest < usize::MAX
    }

    #[cold]
    fn number(&self, node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> bool {
        let limits = match (self.minimum, self.maximum) {
            (least, i128::MAX) => [&least.to_string(), " or more"].concat(),
            (i128::MIN, most) => ["at most ", &most.to_string()].concat(),
            (least, most) => ["from ", &least.to_string(), " to ", &most.to_string()].concat(),
        };
        issues.add::<()>(
            at,
            Some(node),
            &["must be ", &limits].concat(),
            &["give a number that is ", &limits].concat(),
        );
        false
    }

    #[cold]
    fn length(&self, length: usize, what: &str, node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> bool {
        let (word, limit) = if length < self.shortest {
            ("at least ", self.shortest)
        } else if length > self.longest {
            ("at most ", self.longest)
        } else {
            return true;
        };
        let limits = [word, &limit.to_string(), " ", what, if limit == 1 { "" } else { "s" }].concat();
        let message = ["must have ", &limits, ", has ", &length.to_string()].concat();
        issues.add::<()>(at, Some(node), &message, &["give ", &limits].concat());
        false
    }
}

/// Whether it is an object; if not, that is an issue.
pub fn object(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> bool {
    node.kind() == Kind::Object || issues.kind::<()>(at, node, "an object").is_some()
}

/// A member that the type does not have.
#[cold]
pub fn unknown(name: &str, node: Node<'_>, known: &[&str], at: &Path<'_>, issues: &mut Issues) {
    let remedy = match closest(name, known) {
        Some(close) => ["did you mean `", close, "`? Otherwise remove it"].concat(),
        None if known.is_empty() => "remove it".to_string(),
        None => ["remove it, or use one of ", &list(known)].concat(),
    };
    issues.add::<()>(&at.member(name), Some(node), "is not a known field", &remedy);
}

/// A member that was there before.
#[cold]
pub fn twice(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) {
    issues.add::<()>(at, Some(node), "is there twice", "keep one of the two");
}

/// The case that a string names, by its place among `known`.
pub fn case(node: Node<'_>, known: &[&str], at: &Path<'_>, issues: &mut Issues) -> Option<usize> {
    let Some(text) = node.string() else {
        return issues.kind(at, node, &["one of ", &list(known)].concat());
    };
    known.iter().position(|k| *k == text).or_else(|| {
        let remedy = match closest(&text, known) {
            Some(close) => ["did you mean `", close, "`?"].concat(),
            None => ["use one of ", &list(known)].concat(),
        };
        issues.add(at, Some(node), "is not a known choice", &remedy)
    })
}

/// The case that an object's `tag` names.
pub fn tagged(node: Node<'_>, tag: &str, known: &[&str], at: &Path<'_>, issues: &mut Issues) -> Option<usize> {
    if !object(node, at, issues) {
        return None;
    }
    if let Some((_, value)) = node.members().find(|(name, _)| *name == *tag) {
        return case(value, known, &at.member(tag), issues);
    }
    let remedy = ["add the field `", tag, "` with one of ", &list(known)].concat();
    issues.add(&at.member(tag), None, "is required", &remedy)
}

#[cold]
fn list(known: &[&str]) -> String {
    let mut out = String::new();
    for (index, name) in known.iter().enumerate() {
        out.push_str(if index == 0 { "`" } else { ", `" });
        out.push_str(name);
        out.push('`');
    }
    out
}

/// The known name that differs only by case, `_` or `-`, or by one character too many, too few or wrong.
#[cold]
fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |c: &char| !matches!(c, '_' | '-');
    known.iter().copied().find(|candidate| {
        let folded =
            |text: &str| text.chars().filter(plain).map(|c| c.to_ascii_lowercase()).collect::<alloc::vec::Vec<_>>();
        let (a, b) = (folded(name), folded(candidate));
        let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
        let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(x, y)| x == y).count();
        a.len().max(b.len()) - front - back <= 1
    })
}
