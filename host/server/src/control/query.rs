//! What stands behind the `?` of an address. A parameter that is not known, or given twice, is a mistake that is told, not passed over:
//! a filter with a misspelt name would show everything.
//!
//! What this module must not know: which lists there are.

use crate::problem::{Kind, Problem};
use axum::http::Uri;
use cartwright_contract::json::instant;
use cartwright_store::Page;
use std::collections::BTreeMap;
use std::str::FromStr;
use utoipa::IntoParams;

/// What every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "only its description is used")]
pub struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// Items of a page, 1 to 200; 50 when it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Items of a page when nothing is said.
const PAGE: u32 = 50;
/// Bytes of a cursor.
const LONGEST_CURSOR: usize = 200;

/// The parameters of one request.
#[derive(Debug)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    /// # Errors
    /// When a parameter is none of `known`, or stands there twice.
    pub fn read(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let mut parameters = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if !known.contains(&name.as_ref()) {
                let (name, known) = (shortened(&name), known.join(", "));
                let known = if known.is_empty() { "none".to_owned() } else { known };
                return Err(refused(&name, format!("there is no parameter {name:?}; this address takes {known}")));
            }
            if parameters.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(refused(&name, format!("the parameter {name:?} stands there twice; give it once")));
            }
        }
        Ok(Self(parameters))
    }

    /// As [`Query::read`] for a list, which takes `after` and `limit` besides.
    ///
    /// # Errors
    /// As [`Query::read`], and when the page is none.
    pub fn of_a_list(uri: &Uri, known: &[&str]) -> Result<(Self, Page), Problem> {
        let query = Self::read(uri, &[known, &["after", "limit"]].concat())?;
        let limit = query.number("limit", 1, i64::from(Page::MOST))?.and_then(|limit| u32::try_from(limit).ok());
        let after = query.text("after", LONGEST_CURSOR)?.map(str::to_owned);
        Ok((query, Page { after, limit: limit.unwrap_or(PAGE) }))
    }

    /// # Errors
    /// When the text is empty or longer than `longest` bytes.
    pub fn text(&self, name: &str, longest: usize) -> Result<Option<&str>, Problem> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        if value.is_empty() || value.len() > longest || value.contains('\0') {
            let shown = shortened(value);
            return Err(refused(name, format!("{name} is {shown:?}; give 1 to {longest} bytes, or leave it out")));
        }
        Ok(Some(value))
    }

    /// # Errors
    /// When it is no whole number, or out of its range.
    pub fn number(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, Problem> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        match value.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => {
                let shown = shortened(value);
                Err(refused(name, format!("{name} is {shown:?}; give a whole number from {least} to {most}")))
            }
        }
    }

    /// A word of a closed list.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Problem> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let known = words.iter().find(|(word, _)| word == value).map(|(_, known)| *known);
        let list = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let wrong = || refused(name, format!("{name} is {:?}; give one of {}", shortened(value), list()));
        known.map(Some).ok_or_else(wrong)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        self.word(name, &[("true", true), ("false", false)])
    }
}

/// A moment in seconds UTC, as a whole number or as RFC 3339 says it.
///
/// # Errors
/// When it is neither, or out of its range.
pub fn moment(query: &Query, name: &str) -> Result<Option<i64>, Problem> {
    let Some(value) = query.text(name, 40)? else { return Ok(None) };
    // 1970 to 9999, the range in which RFC 3339 can tell it.
    let seconds = i64::from_str(value).ok().or_else(|| instant::read::<serde::de::value::Error>(value).ok());
    let wrong = || {
        let shown = shortened(value);
        refused(name, format!("{name} is {shown:?}; give seconds since 1970 or a moment such as 2026-11-22T08:00:00Z"))
    };
    seconds.filter(|seconds| (0..253_402_300_800).contains(seconds)).map(Some).ok_or_else(wrong)
}

fn refused(name: &str, detail: String) -> Problem {
    let code = Some("PARAMETER".to_owned());
    Problem { code, field: Some(format!("?{name}")), ..Problem::new(Kind::RequestRefused, detail) }
}

/// The first 100 characters, so that a message stays readable.
pub fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Result<Query, Problem> {
        Query::read(&format!("/v1/x?{text}").parse().expect("an address"), &["hook", "limit", "since"])
    }

    fn refusal<T>(read: Result<T, Problem>) -> (Option<String>, String) {
        let problem = read.err().expect("refused");
        (problem.field, problem.detail.into_owned())
    }

    #[test]
    fn a_misspelt_or_repeated_parameter_is_told() {
        let (field, detail) = refusal(query("hok=quote"));
        assert_eq!(field.as_deref(), Some("?hok"));
        assert_eq!(detail, r#"there is no parameter "hok"; this address takes hook, limit, since"#);
        assert!(refusal(query("hook=a&hook=b")).1.contains("stands there twice"));
    }

    #[test]
    fn numbers_have_a_range_and_texts_a_length() {
        let read = |text| query(text).expect("known parameters");
        assert_eq!(read("limit=200").number("limit", 1, 200), Ok(Some(200)));
        assert_eq!(read("").number("limit", 1, 200), Ok(None));
        for wrong in ["limit=0", "limit=201", "limit=", "limit=1.5", "limit=99999999999999999999", "limit=-1"] {
            assert!(refusal(read(wrong).number("limit", 1, 200)).1.contains("from 1 to 200"), "{wrong}");
        }
        assert_eq!(read("hook=a%2Fb").text("hook", 9), Ok(Some("a/b")));
        assert!(read("hook=").text("hook", 9).is_err());
        assert!(read("hook=%00").text("hook", 9).is_err());
        assert!(read("hook=0123456789").text("hook", 9).is_err());
    }

    #[test]
    fn a_moment_is_seconds_or_rfc_3339() {
        let read = |text: &str| moment(&query(text).expect("known parameters"), "since");
        assert_eq!(read("since=1700000000"), Ok(Some(1_700_000_000)));
        assert_eq!(read("since=2023-11-14T22:13:20Z"), Ok(Some(1_700_000_000)));
        for wrong in ["since=yesterday", "since=-5", "since=9999999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
