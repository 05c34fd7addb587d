//! Cuts personal values out of a JSON text and puts them back, byte for byte.
//!
//! It works on the text, not on parsed values, so that what comes back is what was there: the order of members, spaces, the way
//! a number is written. What is left is still JSON, with an empty list for a list and `null` for anything else, so that it reads as the
//! same kind of request with those fields empty. A text that cannot be understood is cut out as a whole.

use crate::personal::Fields;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::ops::Range;

/// A value that was cut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Where in what is left its stand-in begins, in bytes.
    pub at: usize,
    /// The value's text.
    pub text: Vec<u8>,
}

/// What stands where a value was.
fn stand_in(text: &[u8]) -> &'static [u8] {
    match text.first() {
        Some(b'[') => b"[]",
        _ => b"null",
    }
}

/// What is left of the document, and what was cut out of it, in order.
pub fn split(document: &[u8], fields: &[Fields]) -> (Vec<u8>, Vec<Cut>) {
    let understood = serde_json::from_slice::<IgnoredAny>(document).is_ok();
    // Not to be understood: all of it is personal.
    let everything = || std::iter::once(0..document.len()).collect();
    let found = if understood { find(document, fields) } else { None }.unwrap_or_else(everything);
    let (mut left, mut cuts, mut from) = (Vec::with_capacity(document.len()), Vec::with_capacity(found.len()), 0);
    for range in found {
        let text = &document[range.clone()];
        left.extend_from_slice(&document[from..range.start]);
        cuts.push(Cut { at: left.len(), text: text.to_vec() });
        left.extend_from_slice(stand_in(text));
        from = range.end;
    }
    left.extend_from_slice(&document[from..]);
    (left, cuts)
}

/// The document as it was; `None` when these cuts are not of this text.
pub fn join(left: &[u8], cuts: &[Cut]) -> Option<Vec<u8>> {
    let length = left.len() + cuts.iter().map(|cut| cut.text.len()).sum::<usize>();
    let (mut document, mut from) = (Vec::with_capacity(length), 0);
    for cut in cuts {
        document.extend_from_slice(left.get(from..cut.at)?);
        document.extend_from_slice(&cut.text);
        let stand_in = stand_in(&cut.text);
        if !left[cut.at..].starts_with(stand_in) {
            return None;
        }
        from = cut.at + stand_in.len();
    }
    document.extend_from_slice(left.get(from..)?);
    Some(document)
}

/// The cuts as bytes: for each, where (4), how long (4), the text.
pub fn write(cuts: &[Cut]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(cuts.iter().map(|cut| 8 + cut.text.len()).sum());
    for cut in cuts {
        bytes.extend_from_slice(&u32::try_from(cut.at).ok()?.to_le_bytes());
        bytes.extend_from_slice(&u32::try_from(cut.text.len()).ok()?.to_le_bytes());
        bytes.extend_from_slice(&cut.text);
    }
    Some(bytes)
}

/// The cuts of these bytes; `None` when they are none.
pub fn read(mut bytes: &[u8]) -> Option<Vec<Cut>> {
    let mut cuts = Vec::new();
    while !bytes.is_empty() {
        let (at, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        cuts.push(Cut { at: u32::from_le_bytes(*at) as usize, text: text.to_vec() });
        bytes = rest;
    }
    Some(cuts)
}

/// The text of the first member of this name; what comes after it is not looked at.
pub fn member<'a>(document: &'a [u8], wanted: &str) -> Option<&'a [u8]> {
    let mut members = Members::of(document, 0)?;
    while let Some((name, value)) = members.next()? {
        if name == wanted {
            return document.get(value);
        }
    }
    None
}

/// Where the personal values stand; `None` when the document is no object.
fn find(document: &[u8], fields: &[Fields]) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut members = Members::of(document, 0)?;
    while let Some((name, value)) = members.next()? {
        let Some((_, inner)) = fields.iter().find(|(member, _)| *member == name) else { continue };
        match document[value.start] {
            b'{' => {
                let mut members = Members::of(document, value.start)?;
                while let Some((name, value)) = members.next()? {
                    if inner.contains(&&*name) {
                        found.push(value);
                    }
                }
            }
            b'n' => {}
            // Not what the contract says; nobody knows what it holds.
            _ => found.push(value),
        }
    }
    Some(found)
}

/// The members of an object in a text that is known to be JSON.
struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// Those of the object that begins at `at`, perhaps after spaces.
    fn of(text: &'a [u8], at: usize) -> Option<Self> {
        let at = space(text, at);
        (text.get(at) == Some(&b'{')).then_some(Self { text, at: at + 1 })
    }

    /// A member's name and where its value stands; `Some(None)` after the last.
    #[allow(clippy::option_option, clippy::should_implement_trait)] // the outer one is for texts that cannot be understood
    fn next(&mut self) -> Option<Option<(Cow<'a, str>, Range<usize>)>> {
        let mut at = space(self.text, self.at);
        if self.text.get(at) == Some(&b',') {
            at = space(self.text, at + 1);
        }
        if self.text.get(at) == Some(&b'}') {
            return Some(None);
        }
        let end = string(self.text, at)?;
        let name = name(&self.text[at..end])?;
        let colon = space(self.text, end);
        if self.text.get(colon) != Some(&b':') {
            return None;
        }
        let start = space(self.text, colon + 1);
        self.at = value(self.text, start)?;
        Some(Some((name, start..self.at)))
    }
}

/// A member's name without quotes and escapes.
fn name(quoted: &[u8]) -> Option<Cow<'_, str>> {
    let inner = quoted.get(1..quoted.len() - 1)?;
    if inner.contains(&b'\\') {
        return serde_json::from_slice(quoted).ok().map(Cow::Owned);
    }
    std::str::from_utf8(inner).ok().map(Cow::Borrowed)
}

fn space(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// Where the string that begins here ends.
fn string(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where the value that begins here ends.
fn value(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string(text, at),
        b'{' | b'[' => {
            let (mut at, mut depth) = (at, 0_usize);
            loop {
                match text.get(at)? {
                    b'"' => at = string(text, at)? - 1,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
            Some(at + text[at..].iter().position(ends).unwrap_or(text.len() - at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hook::Hook;
    use crate::personal::fields;
    use proptest::prelude::*;
    use serde_json::Value;

    fn cut(text: &str) -> (String, Vec<String>) {
        let (left, cuts) = split(text.as_bytes(), fields(Hook::ShippingQuote));
        assert_eq!(join(&left, &cuts).unwrap(), text.as_bytes());
        assert_eq!(read(&write(&cuts).unwrap()).unwrap(), cuts);
        let texts = cuts.into_iter().map(|cut| String::from_utf8(cut.text).unwrap()).collect();
        (String::from_utf8(left).unwrap(), texts)
    }

    #[test]
    fn personal_values_leave_and_the_rest_stays_as_it_was_written() {
        let (left, texts) = cut(
            r#"{ "destination" : {"country":"US","lines":["1 Elm","\"}]"] , "name" : "A\\","phone":null}, "at":1e3 }"#,
        );
        assert_eq!(left, r#"{ "destination" : {"country":"US","lines":[] , "name" : null,"phone":null}, "at":1e3 }"#);
        assert_eq!(texts, [r#"["1 Elm","\"}]"]"#, r#""A\\""#, "null"]);
    }

    #[test]
    fn the_same_names_elsewhere_stay() {
        let text = r#"{"name":"x","lines":[{"name":"y","destination":{"name":"z"}}],"customer":null}"#;
        assert_eq!(cut(text), (text.to_owned(), Vec::new()));
    }

    #[test]
    fn a_name_in_escapes_and_a_name_twice_are_found() {
        let (left, texts) = cut(r#"{"customer":{"\u0069d":"C-1","id":"C-2","email":{"a":["b"]}}}"#);
        assert_eq!(left, r#"{"customer":{"\u0069d":null,"id":null,"email":null}}"#);
        assert_eq!(texts, [r#""C-1""#, r#""C-2""#, r#"{"a":["b"]}"#]);
    }

    #[test]
    fn what_is_not_understood_is_cut_out_as_a_whole() {
        for text in [r#"{"destination":{"name":"A"}"#, r#"["A"]"#, "A", "", r#"{"a":1}{"#] {
            let (left, texts) = cut(text);
            assert_eq!(texts, [text]);
            assert!(matches!(&*left, "null" | "[]"), "{left}");
        }
        let (left, texts) = cut(r#"{"destination":["1 Elm"],"at":1}"#);
        assert_eq!((&*left, texts), (r#"{"destination":[],"at":1}"#, vec![r#"["1 Elm"]"#.to_owned()]));
    }

    #[test]
    fn cuts_of_another_text_are_refused() {
        let (left, cuts) = split(br#"{"customer":{"id":"C-1"}}"#, fields(Hook::ShippingQuote));
        assert_eq!(join(&left[1..], &cuts), None);
        assert_eq!(join(b"", &cuts), None);
        let bytes = write(&cuts).unwrap();
        assert!((1..bytes.len()).all(|end| read(&bytes[..end]).is_none()));
    }

    fn json() -> impl Strategy<Value = Value> {
        let names =
            prop::sample::select(vec!["destination", "customer", "lines", "name", "id", "email", "other", "ü\"\\"]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names.clone(), inner), 0..6)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_document_comes_back_and_nothing_personal_is_left(document in json(), pretty in any::<bool>(), which in 0usize..5) {
            let hook = Hook::ALL[which];
            let text = if pretty { serde_json::to_vec_pretty(&document) } else { serde_json::to_vec(&document) }.unwrap();
            let (left, cuts) = split(&text, fields(hook));
            prop_assert_eq!(join(&left, &cuts).unwrap(), text);
            let left: Value = serde_json::from_slice(&left).unwrap();
            for pointer in crate::personal::pointers(hook) {
                let value = left.pointer(&pointer).cloned().unwrap_or_default();
                prop_assert!(value.is_null() || value == Value::Array(Vec::new()), "{} is {}", pointer, value);
            }
        }

        #[test]
        fn any_bytes_come_back(bytes in any::<Vec<u8>>()) {
            let (left, cuts) = split(&bytes, fields(Hook::OrderScreening));
            prop_assert_eq!(join(&left, &cuts).unwrap(), bytes);
        }
    }
}
