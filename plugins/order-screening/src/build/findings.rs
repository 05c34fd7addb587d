//! What is wrong or odd in the settings, each with its JSON pointer.
//!
//! What this file must not know: what the settings are about.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_sdk::prelude::{Issue, issue};
use core::fmt::Debug;

/// Findings that are kept; a table with a wrong column has one for each of its rows.
const KEPT: usize = 100;

/// Everything found so far.
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

    /// Something odd, with which the plugin works.
    #[cold]
    #[inline(never)]
    pub fn odd(&mut self, path: &str, value: &dyn Debug, message: &str, remedy: &str) {
        if self.warnings.len() < KEPT {
            self.warnings.push(issue(path, &value, message, remedy));
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
