//! How the control plane answers: documents with their version as `ETag`, new things with their address, lists.
//!
//! What this module must not know: which documents there are.

use crate::edge;
use crate::problem::Problem;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// Marks an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer as it can be kept and given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    /// Where the thing is that the answer tells of, when it was made just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The thing's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// JSON; empty for none.
    body: String,
    #[serde(skip)]
    replayed: bool,
}

impl Answer {
    fn with(status: StatusCode, document: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(document).map_err(|_| edge::internal())?;
        Ok(Self { status: status.as_u16(), location: None, version: None, body, replayed: false })
    }

    /// # Errors
    /// When the document cannot be told in JSON, which is a mistake of this server.
    pub fn ok(document: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::OK, document)
    }

    /// For what was made just now; `location` is its address.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn created(location: String, document: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { location: Some(location), ..Self::with(StatusCode::CREATED, document)? })
    }

    /// For what is being worked on; `location` is where to look for it.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn accepted(location: String, document: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { location: Some(location), ..Self::with(StatusCode::ACCEPTED, document)? })
    }

    /// For what is not there any more.
    pub fn gone() -> Self {
        let status = StatusCode::NO_CONTENT.as_u16();
        Self { status, location: None, version: None, body: String::new(), replayed: false }
    }

    /// With the version that `If-Match` may name.
    #[must_use]
    pub fn at_version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Marked as given before.
    #[must_use]
    pub fn again(self) -> Self {
        Self { replayed: true, ..self }
    }

    pub fn status(&self) -> u16 {
        self.status
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let empty = self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if !empty {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if let Some(tag) = self.version.and_then(|version| HeaderValue::try_from(format!("\"{version}\"")).ok()) {
            headers.insert(header::ETAG, tag);
        }
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_given_again_is_the_same_but_for_its_mark() {
        let answer = Answer::created("/v1/shops/a".into(), &["a"]).expect("JSON").at_version(3);
        let kept = serde_json::to_string(&answer).expect("JSON");
        let again: Answer = serde_json::from_str(&kept).expect("an answer");
        assert_eq!(again, answer);
        let (first, second) = (answer.into_response(), again.again().into_response());
        assert_eq!((first.status(), second.status()), (StatusCode::CREATED, StatusCode::CREATED));
        for name in ["location", "etag", "content-type"] {
            assert_eq!(first.headers().get(name), second.headers().get(name), "{name}");
        }
        assert_eq!(first.headers().get(REPLAYED), None);
        assert!(second.headers().get(REPLAYED).is_some_and(|value| value == "true"));
        assert!(first.headers().get("etag").is_some_and(|value| value == "\"3\""));
    }
}
