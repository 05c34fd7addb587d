//! Command lines as a person would type them: each is shown, run, and its output shown below it.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines of a command's output that are shown.
const MOST: usize = 14;

/// A folder to work in, with a configuration of its own.
pub struct Shell {
    folder: PathBuf,
    /// The folder with the `cartwright` binary, before all others.
    path: String,
    /// What stands in the lines for what is only known now.
    words: Vec<(&'static str, String)>,
}

impl Shell {
    /// The user's own servers, tokens and keys stay out of it.
    pub fn new(folder: &Path, binary: &Path) -> Result<Self> {
        let programs = binary.parent().context("the binary lies in a folder")?;
        let before = std::env::var("PATH").unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), path: format!("{}:{before}", programs.display()), words: Vec::new() })
    }

    /// From now on `word` stands for this.
    pub fn with(&mut self, word: &'static str, value: String) {
        self.words.retain(|(known, _)| *known != word);
        self.words.push((word, value));
    }

    /// Shows a line, runs it, shows what it says.
    pub fn run(&self, line: &str) -> Result<()> {
        let line = self.filled(line);
        println!("$ {line}");
        let output = self.output(&line)?;
        let told: Vec<&str> = output.lines().map(str::trim_end).filter(|told| !told.is_empty()).collect();
        for told in told.iter().take(MOST) {
            println!("  {}", unaligned(told));
        }
        if told.len() > MOST {
            println!("  …");
        }
        Ok(())
    }

    /// What a line writes, unseen.
    pub fn ask(&self, line: &str) -> Result<String> {
        self.output(&self.filled(line))
    }

    fn filled(&self, line: &str) -> String {
        self.words.iter().fold(line.to_owned(), |line, (word, value)| line.replace(word, value))
    }

    fn output(&self, line: &str) -> Result<String> {
        let mut command = Command::new("sh");
        // What it says about its work goes to stderr; here both are read by people, in their order.
        command.args(["-c", &format!("exec 2>&1; {line}")]).current_dir(&self.folder);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARTWRIGHT_")) {
            command.env_remove(name);
        }
        command.env("PATH", &self.path).env("XDG_CONFIG_HOME", self.folder.join("config"));
        let output = command.output().with_context(|| format!("no shell to run `{line}`"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("`{line}` ended with {}:\n{text}", output.status);
        }
        Ok(text)
    }
}

/// Without the column in which verbs end one below the other: between command lines each stands alone.
fn unaligned(told: &str) -> &str {
    const COLUMN: usize = 12;
    let verb = told.get(..COLUMN).filter(|verb| verb.starts_with(' ') && !verb.ends_with(' '));
    if verb.is_some() && told[COLUMN..].starts_with(' ') { told.trim_start() } else { told }
}
