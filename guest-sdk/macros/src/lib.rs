//! `#[derive(Settings)]`: reads a type from a settings document and describes it as JSON Schema.
//!
//! What this crate must not know: hooks, WebAssembly.

mod fields;
mod types;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct or enum readable from a merchant's settings, and describes it as JSON Schema (draft 2020-12).
///
/// # What it makes
///
/// | Rust | JSON |
/// |---|---|
/// | struct with named fields | object with the fields in camelCase; unknown fields are refused |
/// | `struct Grams(u32)` | what the inner type is |
/// | enum without payloads | one of its cases as a string in camelCase |
/// | enum with named fields in a case | object with `"type": "caseName"` and the case's fields |
/// | integers, `bool`, `String` | number without fraction, `true`/`false`, string |
/// | `Vec<T>`, `BTreeMap<String, T>` | list, object |
/// | `Option<T>` | the field may be left out; `null` is refused |
///
/// Doc comments become descriptions. A type may not contain itself: its schema would have no end.
///
/// # Words on a field: `#[setting(…)]`
///
/// - `default`, `default = value`: the field may be left out. A literal is shown in the schema.
/// - `minimum = n`, `maximum = n`: of a number; checked. For the numbers of a list, put the words on a newtype's field.
/// - `min_length = n`, `max_length = n`: characters of a string; checked. `min_items`, `max_items`: of a list; checked.
/// - `pattern = "…"`, `format = "…"`: of a string; for forms and for the host, not checked by the plugin.
/// - `unit = "grams"`: what the number counts; `x-unit` in the schema.
/// - `title = "…"`: what a form writes beside it.
/// - `rename = "…"`: its name in JSON; also on a case of an enum.
///
/// # Words on a type: `#[settings(…)]`
///
/// - `title = "…"`, `tag = "…"`: the name of the member that tells an enum's case; `type` without it.
#[proc_macro_derive(Settings, attributes(settings, setting))]
pub fn settings(item: TokenStream) -> TokenStream {
    let input = parse_macro_input!(item as DeriveInput);
    types::expand(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}
