//! What `configure` finds wrong or odd in settings that could be read, each with its JSON pointer: for plugins that check more than
//! types and ranges.

use super::{Issue, issue};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{Debug, Display};

/// Findings that are kept; a table with a wrong column has one for each of its rows.
const KEPT: usize = 100;

/// Everything found so far. A plugin's `configure` goes on after a finding, so that a merchant is told everything at once.
#[derive(Debug, Default)]
pub struct Findings {
    pub issues: Vec<Issue>,
    pub warnings: Vec<Issue>,
    more: usize,
}

impl Findings {
    /// Something that the plugin cannot work with. Returns `None`, so that a part can end with it.
    #[cold]
    #[inline(never)]
    pub fn wrong<T>(&mut self, path: &str, value: &dyn Debug, message: &str, remedy: &str) -> Option<T> {
        if self.issues.len() < KEPT {
            self.issues.push(issue(path, &value, message, remedy));
        } else {
            self.more += 1;
        }
        None
    }

    /// A part's own error. These say first what is wrong and then, behind a colon or semicolon, what would be right.
    #[cold]
    #[inline(never)]
    pub fn error<T>(&mut self, path: &str, value: &dyn Debug, error: &dyn Display, remedy: &str) -> Option<T> {
        self.wrong(path, value, &error.to_string(), remedy)
    }

    /// Something odd, with which the plugin works.
    #[cold]
    #[inline(never)]
    pub fn odd(&mut self, path: &str, value: &dyn Debug, message: &str, remedy: &str) {
        if self.warnings.len() < KEPT {
            self.warnings.push(issue(path, &value, message, remedy));
        }
    }

    /// The entry that a text refers to.
    pub fn find<'m, T>(&mut self, map: &'m BTreeMap<String, T>, name: &str, path: &str, what: &str) -> Option<&'m T> {
        match map.get(name) {
            Some(entry) => Some(entry),
            None => self.unknown(path, name, what, map.keys().map(String::as_str)),
        }
    }

    /// A reference to nothing.
    #[cold]
    pub fn unknown<'m, T>(
        &mut self,
        path: &str,
        name: &str,
        what: &str,
        known: impl Iterator<Item = &'m str>,
    ) -> Option<T> {
        let known: Vec<&str> = known.take(32).collect();
        let remedy = if known.is_empty() {
            format!("there is no {what} yet; add it")
        } else {
            format!("use one of `{}`, or add it", known.join("`, `"))
        };
        self.wrong(path, &name, &format!("is not a known {what}"), &remedy)
    }

    /// Names each entry that has the id of an earlier one.
    pub fn unique<'m>(&mut self, list: &str, ids: impl Iterator<Item = &'m str>) {
        let mut seen: Vec<&str> = Vec::new();
        for (index, id) in ids.enumerate() {
            if let Some(earlier) = seen.iter().position(|before| *before == id) {
                self.wrong::<()>(
                    &format!("{list}/{index}/id"),
                    &id,
                    &format!("is the id of entry {earlier} already"),
                    "give each entry an id of its own",
                );
            }
            seen.push(id);
        }
    }

    /// # Errors
    /// The issues, when there are any.
    pub fn done<T>(mut self, value: Option<T>) -> Result<(T, Vec<Issue>), Vec<Issue>> {
        match value {
            Some(value) if self.issues.is_empty() => Ok((value, self.warnings)),
            _ => {
                if self.more > 0 {
                    let message = format!("{} more issues are not shown", self.more);
                    self.issues.push(issue("", &self.more, &message, "correct these first"));
                }
                Err(self.issues)
            }
        }
    }
}

/// The pointer to a member with a name that the merchant chose (RFC 6901).
pub fn join(at: &str, name: &str) -> String {
    if name.contains(['~', '/']) {
        format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{at}/{name}")
    }
}
