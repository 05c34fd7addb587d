//! `cartwright new`: a plugin project that builds and tests green as it comes.

use crate::complaint::{Complaint, Exit};
use crate::terminal::status;
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};

const AFTER_HELP: &str = "\
Examples:
  cartwright new my-quote                     a shipping rule in the folder my-quote
  cartwright new my-routing --hook order-routing
  cartwright new my-quote --sdk ../cartwright/guest-sdk

Then: cd my-quote && cargo test && cartwright build && cartwright run";

/// Makes a plugin project: a small rule with its settings, tests and a request
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct New {
    /// The plugin's name, which is its crate's and its folder's: lower-case words joined by `-`
    name: String,
    /// What the rule decides
    #[arg(long, value_enum, value_name = "HOOK", default_value = "shipping-quote")]
    hook: Start,
    /// The folder of the crate `cartwright-sdk` [default: the one that this command was built beside]
    #[arg(long, value_name = "PATH", env = "CARTWRIGHT_SDK")]
    sdk: Option<PathBuf>,
}

/// The hooks that a project can be begun for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Start {
    ShippingQuote,
    OrderRouting,
    OrderScreening,
    AddressValidation,
    ReturnPolicy,
}

/// What differs between projects: the rule in one sentence, its code, its settings, its request.
struct Rule {
    hook: &'static str,
    sentence: &'static str,
    code: &'static str,
    settings: &'static str,
    request: &'static str,
}

// The templates do not have the names of the files that they become, so that no tool takes their folder for a project.
macro_rules! rule {
    ($hook:literal, $sentence:literal) => {
        Rule {
            hook: $hook,
            sentence: $sentence,
            code: include_str!(concat!("../../templates/", $hook, "/lib.rs.in")),
            settings: include_str!(concat!("../../templates/", $hook, "/settings.json.in")),
            request: include_str!(concat!("../../templates/", $hook, "/request.json.in")),
        }
    };
}

impl Start {
    fn rule(self) -> Rule {
        match self {
            Self::ShippingQuote => rule!("shipping-quote", "Shipping by started kilogram, free from a threshold on."),
            Self::OrderRouting => {
                rule!("order-routing", "Ships an order from as few locations as it can, the favourites first.")
            }
            Self::OrderScreening => rule!("order-screening", "A score of a few signals, with two thresholds."),
            Self::AddressValidation => {
                rule!("address-validation", "The countries that are shipped to, and the fields that a label needs.")
            }
            Self::ReturnPolicy => {
                rule!("return-policy", "Everything comes back within a window, but for what was sold for good.")
            }
        }
    }
}

impl Rule {
    fn files(&self) -> [(&'static str, &'static str); 6] {
        [
            ("Cargo.toml", include_str!("../../templates/Cargo.toml.in")),
            ("src/lib.rs", self.code),
            ("settings.json", self.settings),
            ("requests/one.json", self.request),
            ("README.md", include_str!("../../templates/README.md.in")),
            (".gitignore", include_str!("../../templates/gitignore.in")),
        ]
    }
}

pub fn new(arguments: &New) -> anyhow::Result<Exit> {
    let name = &arguments.name;
    check_name(name)?;
    let folder = Path::new(name);
    check_free(folder)?;
    let sdk = sdk(arguments.sdk.as_deref())?;
    let rule = arguments.hook.rule();
    for (path, template) in rule.files() {
        let text = template
            .replace("{{name}}", name)
            .replace("{{hook}}", rule.hook)
            .replace("{{sentence}}", rule.sentence)
            .replace("{{lib}}", &name.replace('-', "_"))
            .replace("{{sdk}}", &toml_string(&sdk)?);
        write(&folder.join(path), &text)?;
    }
    status("Created", format!("the plugin `{name}` in `{name}/`"));
    status("Next", format!("cd {name} && cargo test && cartwright build && cartwright run"));
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Complaint> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Complaint::io("making the folder", folder, &error))?;
    }
    fs::write(path, text).map_err(|error| Complaint::io("writing", path, &error))
}

fn check_free(folder: &Path) -> Result<(), Complaint> {
    let free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !folder.exists(),
    };
    if free {
        return Ok(());
    }
    Err(Complaint::usage(format!("`{}` is already there and not an empty folder", folder.display()))
        .hint("choose another name, or move it away"))
}

/// Names that cargo refuses or that would shadow what a plugin is built from.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "cartwright",
    "cartwright-sdk",
    "cartwright_sdk",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

fn check_name(name: &str) -> Result<(), Complaint> {
    let wrong = if name.is_empty() {
        "it is empty".to_owned()
    } else if name.len() > 64 {
        format!("it has {} characters; at most 64 are allowed", name.len())
    } else if let Some(wrong) =
        name.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(*c)))
    {
        format!("{wrong:?} is neither a lower-case letter nor a digit, `-` or `_`")
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        "it does not begin with a letter".to_owned()
    } else if TAKEN.contains(&name) {
        "that name has a meaning of its own in Rust or cargo".to_owned()
    } else {
        return Ok(());
    };
    Err(Complaint::usage(format!("`{name}` cannot be a plugin's name: {wrong}"))
        .hint("choose a name such as `my-quote`; the project's folder gets the same name"))
}

/// The SDK's folder, absolute.
fn sdk(given: Option<&Path>) -> Result<PathBuf, Complaint> {
    let beside = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-sdk"));
    let folder = given.unwrap_or(beside);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if manifest.lines().any(|line| line.trim() == "name = \"cartwright-sdk\"")
        && let Ok(folder) = fs::canonicalize(folder)
    {
        return Ok(folder);
    }
    let complaint = match given {
        Some(folder) => {
            Complaint::usage(format!("`{}` is not the folder of the crate cartwright-sdk", folder.display()))
        }
        None => Complaint::failed("the SDK is not where it was when this command was built"),
    };
    Err(complaint.hint("give --sdk PATH with the folder `guest-sdk` of a checkout of Cartwright"))
}

/// A TOML basic string.
fn toml_string(path: &Path) -> Result<String, Complaint> {
    let text = path.to_str().ok_or_else(|| {
        Complaint::failed(format!("the SDK's path `{}` is not UTF-8, which Cargo.toml has to be", path.display()))
            .hint("give --sdk PATH with a folder whose path is UTF-8")
    })?;
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cargo_would_refuse_is_refused_with_its_reason() {
        for (name, reason) in [
            ("", "empty"),
            ("My-quote", "'M'"),
            ("a/b", "'/'"),
            ("..", "'.'"),
            ("1st", "begin with a letter"),
            ("-x", "begin with a letter"),
            ("crate", "meaning of its own"),
            ("cartwright-sdk", "meaning of its own"),
            ("é", "'é'"),
        ] {
            let complaint = check_name(name).unwrap_err().to_string();
            assert!(complaint.contains(reason), "{complaint}");
        }
        assert!(check_name("my-quote_2").is_ok());
    }

    #[test]
    fn no_template_keeps_a_placeholder_that_nobody_fills_in() {
        for start in Start::value_variants() {
            for (path, template) in start.rule().files() {
                let names = ["{{name}}", "{{lib}}", "{{sdk}}", "{{hook}}", "{{sentence}}"];
                let filled = names.iter().fold(template.to_owned(), |text, name| text.replace(name, ""));
                assert!(!filled.contains("{{"), "{path}");
            }
        }
    }
}
