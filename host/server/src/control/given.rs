//! What a request brings: a JSON body of a type, and which version of a thing it is meant for.
//!
//! What this module must not know: which types there are.

use super::query::shortened;
use crate::app::App;
use crate::body;
use crate::json::{self, Misread};
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

/// Bytes of one name in an address, encoded: no name has more than 128.
const LONGEST_PART: usize = 384;
/// Bytes of a body beside the settings that it carries.
const AROUND_SETTINGS: usize = 64 << 10;

/// A body that was read, and its bytes, by which a repeated request is known.
#[derive(Debug)]
pub struct Given<T> {
    pub body: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> Given<T> {
    /// # Errors
    /// When the body is not JSON of this type, too large, or too slow.
    pub async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Self, Problem> {
        Self::of(body::read(headers, body, &app.clients).await?)
    }

    /// As [`Given::read`] for a body that carries a merchant's settings, which may be larger than any order.
    ///
    /// # Errors
    /// As [`Given::read`].
    pub async fn read_with_settings(
        app: &App,
        headers: &HeaderMap,
        body: Body,
        settings: usize,
    ) -> Result<Self, Problem> {
        let mut limits = app.clients;
        limits.body = limits.body.max(settings.saturating_add(AROUND_SETTINGS));
        limits.upload = limits.control;
        Self::of(body::read(headers, body, &limits).await?)
    }

    fn of(bytes: Bytes) -> Result<Self, Problem> {
        let body = json::read(&bytes).map_err(malformed)?;
        Ok(Self { body, bytes })
    }
}

/// As [`Given::read`], where no body at all means nothing more to say.
///
/// # Errors
/// As [`Given::read`].
pub async fn read_or_default<T: DeserializeOwned + Default>(
    app: &App,
    headers: &HeaderMap,
    body: Body,
) -> Result<Given<T>, Problem> {
    let none = headers.get(header::CONTENT_TYPE).is_none()
        && headers.get(header::TRANSFER_ENCODING).is_none()
        && headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
    if none {
        return Ok(Given { body: T::default(), bytes: Bytes::new() });
    }
    Given::read(app, headers, body).await
}

/// Why a body could not be read.
pub fn malformed(wrong: Misread) -> Problem {
    let detail = format!("{} at line {} column {}", wrong.message, wrong.line, wrong.column);
    let mut problem = Problem::new(Kind::MalformedJson, detail);
    (problem.field, problem.place) = (Some(wrong.pointer), Some((wrong.line, wrong.column)));
    problem
}

/// A field of the body that cannot be taken.
pub fn refused(field: &str, detail: impl Into<String>) -> Problem {
    let code = Some("INVALID".to_owned());
    Problem { code, field: Some(field.into()), ..Problem::new(Kind::RequestRefused, detail.into()) }
}

/// The version that a change is meant for: what `If-Match` names; `None` when it names none, or every one.
///
/// # Errors
/// When it is not an entity tag of this server's.
pub fn expected(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let text = text.trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    version.map(Some).ok_or_else(|| {
        let shown = shortened(text);
        let detail = format!(
            "the header `if-match` is {shown:?}; give the `etag` of the last answer as it is, such as \"3\", or *"
        );
        Problem { code: Some("IF_MATCH".into()), ..Problem::new(Kind::RequestRefused, detail) }
    })
}

/// The names in an address. Names that no address of this server can have are those of nothing.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = Path::<T>::from_request_parts(parts, state).await.ok();
        // No name is that long or holds a NUL, and some stores cannot even be asked for one.
        let fit = |part: &str| part.len() <= LONGEST_PART && !part.contains("%00");
        let named = named.filter(|_| parts.uri.path().split('/').all(fit));
        named.map(|Path(names)| Self(names)).ok_or_else(|| {
            let path = shortened(parts.uri.path());
            Problem::new(Kind::NotFound, format!("{path:?} names nothing; names are UTF-8, percent-encoded"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(value: &str) -> Result<Option<i64>, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::try_from(value).expect("a header's value"));
        expected(&headers)
    }

    #[test]
    fn if_match_takes_what_etag_gave_and_nothing_else() {
        assert_eq!(expected(&HeaderMap::new()), Ok(None));
        assert_eq!(of("\"7\""), Ok(Some(7)));
        assert_eq!(of("*"), Ok(None));
        for wrong in ["7", "W/\"7\"", "\"seven\"", "\"7\", \"8\"", "\"", "\"\"", "\"99999999999999999999\""] {
            assert_eq!(of(wrong).map_err(|problem| problem.code), Err(Some("IF_MATCH".into())), "{wrong}");
        }
    }
}
