//! Reads requests from JSON files: one request, an array of them, or one on each line.
//!
//! A file that is no request is no reason to leave the others unasked; it becomes an input without an answer, with the place
//! and the field of what is wrong.

use crate::complaint::Complaint;
use cartwright_runtime::contract::json::plain_words;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use std::fs;
use std::io::Read;
use std::path::Path;

/// One question, or why it cannot be asked.
pub struct Input<R> {
    /// The file, and which of its requests: `carts.json`, `carts.json[2]`, `carts.jsonl:3`.
    pub name: String,
    pub request: Result<R, Unreadable>,
}

/// JSON that is no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// `INVALID_JSON` or, when the JSON is sound, `INVALID_REQUEST`.
    pub code: &'static str,
    pub line: usize,
    pub column: usize,
    /// A JSON pointer; of the last field that could be read when the JSON itself is not sound.
    pub pointer: String,
    pub message: String,
}

/// The inputs of one file; `-` is stdin.
///
/// # Errors
/// When the file cannot be read; what stands in it never is an error here.
pub fn read<R: DeserializeOwned>(path: &Path) -> Result<Vec<Input<R>>, Complaint> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|e| Complaint::io("reading", Path::new("stdin"), &e))?;
        ("stdin".to_owned(), bytes)
    } else {
        let bytes = fs::read(path).map_err(|error| Complaint::io("reading the input", path, &error))?;
        (path.display().to_string(), bytes)
    };
    let by_lines = path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson");
    Ok(inputs(&name, bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes), by_lines))
}

fn inputs<R: DeserializeOwned>(name: &str, bytes: &[u8], by_lines: bool) -> Vec<Input<R>> {
    if by_lines || is_lines(bytes) {
        return lines(name, bytes);
    }
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return match parse::<Vec<R>>(bytes) {
            Ok(requests) => {
                let name = |index| format!("{name}[{index}]");
                let requests = requests.into_iter().enumerate();
                requests.map(|(index, request)| Input { name: name(index), request: Ok(request) }).collect()
            }
            Err(error) => vec![Input { name: name.into(), request: Err(error) }],
        };
    }
    vec![Input { name: name.into(), request: parse(bytes) }]
}

fn lines<R: DeserializeOwned>(name: &str, bytes: &[u8]) -> Vec<Input<R>> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let input = |(index, line): (usize, &[u8])| {
        let number = index + 1;
        let at_line = |error: Unreadable| Unreadable { line: number, ..error };
        Input { name: format!("{name}:{number}"), request: parse(line).map_err(at_line) }
    };
    filled.map(input).collect()
}

/// Whether the first line is a value of its own, and more follow it.
fn is_lines(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii();
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return false };
    bytes.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(&bytes[..end]).is_ok()
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| unreadable(&pointer(error.path()), error.inner()))?;
    deserializer.end().map_err(|error| unreadable("", &error))?;
    Ok(value)
}

fn unreadable(pointer: &str, error: &serde_json::Error) -> Unreadable {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let code = if error.classify() == Category::Data { "INVALID_REQUEST" } else { "INVALID_JSON" };
    Unreadable {
        code,
        line: error.line(),
        column: error.column(),
        pointer: pointer.into(),
        message: plain_words(message.strip_suffix(&place).unwrap_or(&message)),
    }
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    path.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_runtime::contract::shipping_quote::Request;

    const CART: &str = r#"{"currency":"USD","destination":{"country":"US"},"lines":[]}"#;

    fn names(text: &str, by_lines: bool) -> Vec<(String, bool)> {
        let inputs = inputs::<Request>("x", text.as_bytes(), by_lines);
        inputs.into_iter().map(|input| (input.name, input.request.is_ok())).collect()
    }

    fn error(text: &str) -> Unreadable {
        inputs::<Request>("x", text.as_bytes(), false).remove(0).request.unwrap_err()
    }

    #[test]
    fn a_file_holds_one_request_or_an_array_or_lines() {
        let pretty = CART.replace(',', ",\n");
        assert_eq!(names(&pretty, false), [("x".into(), true)]);
        assert_eq!(names(&format!(" [{CART},\n{CART}]"), false), [("x[0]".into(), true), ("x[1]".into(), true)]);
        assert_eq!(names(&format!("{CART}\n\n{CART}\r\n"), false), [("x:1".into(), true), ("x:3".into(), true)]);
        assert_eq!(names("[]", false), []);
    }

    #[test]
    fn a_bad_line_leaves_the_others_be() {
        let text = format!("{CART}\n{{\"currency\":5}}\n{CART}");
        assert_eq!(names(&text, false), [("x:1".into(), true), ("x:2".into(), false), ("x:3".into(), true)]);
        assert_eq!(names("{\n", true), [("x:1".into(), false)]);
    }

    #[test]
    fn an_error_has_its_place_and_its_pointer() {
        let text = CART.replace("[]", "\n[{\"id\":\"1\",\"weight\":\"1 kg\"}]");
        let found = error(&text);
        assert_eq!((found.code, found.line, found.pointer.as_str()), ("INVALID_REQUEST", 2, "/lines/0/weight"));
        assert_eq!(found.message, "invalid type: string \"1 kg\", expected a whole number from 0 to 4294967295");
        let found = error(&CART.replace("lines", "lnies"));
        assert_eq!(found.pointer, "/lnies");
        assert!(found.message.starts_with("unknown field `lnies`"), "{}", found.message);
        let found = error(&CART.replace("\"US\"", "\"US\",\"country\":\"CA\""));
        assert_eq!(found.message, "duplicate field `country`");
    }

    #[test]
    fn json_that_is_cut_deep_or_followed_by_more_is_an_error() {
        assert_eq!(error(&CART[..20]).code, "INVALID_JSON");
        assert_eq!(error("").code, "INVALID_JSON");
        assert_eq!(error(&"[".repeat(1 << 20)).code, "INVALID_REQUEST");
        let deep = CART.replace("[]", &"[".repeat(1 << 20));
        assert!(["INVALID_REQUEST", "INVALID_JSON"].contains(&error(&deep).code));
        assert_eq!(error(&format!("{CART} x")).message, "trailing characters");
    }
}
