//! JSON from outside into types, with errors that point at the place.
//!
//! serde_json itself ends documents that are cut, followed by more, or deeper than 128; the types refuse unknown and repeated
//! fields. What this module must not know: which documents there are.

use cartwright_contract::json::plain_words;
use serde::Deserialize;
use serde_path_to_error::{Path, Segment};

/// Where and why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// JSON pointer to the place, empty for the whole document.
    pub pointer: String,
    /// What is wrong, without the place.
    pub message: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in bytes.
    pub column: usize,
}

/// Reads one document.
///
/// # Errors
/// The first place that is not JSON or does not fit the type.
pub fn read<'d, T: Deserialize<'d>>(bytes: &'d [u8]) -> Result<T, Misread> {
    // Keeping track of the path costs an allocation for each key, so it is done only for documents that turn out wrong.
    serde_json::from_slice(bytes).map_err(|plain| {
        let mut document = serde_json::Deserializer::from_slice(bytes);
        match serde_path_to_error::deserialize::<_, T>(&mut document) {
            // A whole document, with something behind it.
            Ok(_) => misread(String::new(), &plain),
            Err(error) => misread(pointer(error.path()), error.inner()),
        }
    })
}

fn misread(pointer: String, error: &serde_json::Error) -> Misread {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = plain_words(text.strip_suffix(&place).unwrap_or(&text));
    Misread { pointer, message, line: error.line(), column: error.column() }
}

fn pointer(path: &Path) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } | Segment::Enum { variant: key } => Some(key.replace('~', "~0").replace('/', "~1")),
        Segment::Unknown => None,
    };
    path.iter().filter_map(segment).fold(String::new(), |pointer, segment| pointer + "/" + &segment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartwright_contract::shipping_quote::Request;

    fn misread(text: &str) -> Misread {
        read::<Request>(text.as_bytes()).expect_err("the document is wrong")
    }

    const LINE: &str = r#"{"id":"1","sku":"a","quantity":1,"unitPrice":1,"weight":1}"#;

    fn cart(line: &str) -> String {
        format!(r#"{{"currency":"USD","destination":{{"country":"US"}},"lines":[{LINE},{line}]}}"#)
    }

    #[test]
    fn a_whole_cart_is_read() {
        assert_eq!(read::<Request>(cart(LINE).as_bytes()).map(|cart| cart.lines.len()), Ok(2));
    }

    #[test]
    fn an_error_points_at_its_place() {
        let wrong = misread(&cart(r#"{"id":"2","quantity":"many"}"#));
        assert_eq!(wrong.pointer, "/lines/1/quantity");
        assert_eq!(wrong.message, r#"invalid type: string "many", expected a whole number from 0 to 4294967295"#);
        assert_eq!((wrong.line, wrong.column > 100), (1, true));
        assert_eq!(misread(&cart(r#"{"id":"2","sku":"a"}"#)).pointer, "/lines/1");
        assert_eq!(misread(&cart(r#"{"id":"2","a/b":"a"}"#)).pointer, "/lines/1/a~1b");
        assert_eq!(misread(&cart(r#"{"weight":-3}"#)).pointer, "/lines/1/weight");
        assert_eq!(misread(&cart(r#"{"weight":1.5}"#)).pointer, "/lines/1/weight");
        assert_eq!(misread(&cart(r#"{"weight":99999999999999999999}"#)).pointer, "/lines/1/weight");
    }

    #[test]
    fn documents_that_are_cut_repeated_deep_or_followed_by_more_are_refused() {
        let whole = cart(LINE);
        for end in 0..whole.len() {
            misread(&whole[..end]);
        }
        assert!(misread(&format!("{whole} {{}}")).message.contains("trailing"));
        assert!(misread(&cart(r#"{"id":"2","id":"3"}"#)).message.contains("duplicate field `id`"));
        let deep = "[".repeat(100_000);
        misread(&cart(&deep));
        misread(&deep);
    }
}
