//! The command line against a server.

use crate::built::binary;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
    line: String,
}

/// A command in `folder`, asking `server`; nothing of this user's own settings counts.
pub(crate) fn run(folder: &Path, server: Option<&str>, token: Option<&str>, arguments: &[&str]) -> Said {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let ours =
        std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("CARTWRIGHT_"));
    for name in ours {
        command.env_remove(name);
    }
    command.env("XDG_CONFIG_HOME", folder).env("HOME", folder);
    for (name, value) in [("CARTWRIGHT_SERVER", server), ("CARTWRIGHT_TOKEN", token)] {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = command.output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let line = format!("cartwright {}", arguments.join(" "));
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr), line }
}

#[allow(clippy::return_self_not_must_use)] // most commands are run for what they do
impl Said {
    /// The same, of a command that succeeded.
    ///
    /// # Panics
    /// With all that it said, when it did not.
    pub fn done(self) -> Self {
        self.ended(0)
    }

    /// The same, of a command that ended with this code.
    ///
    /// # Panics
    /// With all that it said, when it did not.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// # Panics
    /// When the words do not stand in what it said.
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.out.contains(words) || self.err.contains(words), "not {words:?}: {self}");
        self
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ended with {}\n{}{}", self.line, self.code, self.out, self.err)
    }
}
