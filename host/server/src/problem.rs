//! What a client reads when it gets no answer: problem details, RFC 9457.
//!
//! A [`Problem`] leaves a handler without its request's id; [`crate::edge`] writes the body when it knows it. What this module must not know:
//! which handler found what.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cartwright_contract::Failure;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// Every kind of problem that this server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    MalformedJson,
    UnknownPath,
    UnknownShop,
    NoPlugin,
    MethodNotAllowed,
    BodyTimeout,
    BodyCut,
    BodyTooLarge,
    UnsupportedMediaType,
    RequestRefused,
    Internal,
    Overloaded,
    Draining,
    RequestTimeout,
}

impl Kind {
    /// The last part of `type`, the title, and the status.
    const fn words(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::MalformedJson => ("malformed-json", "The body cannot be read", StatusCode::BAD_REQUEST),
            Self::UnknownPath => ("unknown-path", "There is nothing at this address", StatusCode::NOT_FOUND),
            Self::UnknownShop => ("unknown-shop", "There is no such shop", StatusCode::NOT_FOUND),
            Self::NoPlugin => ("no-plugin", "The shop has no plugin for this", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => {
                ("method-not-allowed", "This address does not take this method", StatusCode::METHOD_NOT_ALLOWED)
            }
            Self::BodyTimeout => ("body-timeout", "The body took too long", StatusCode::REQUEST_TIMEOUT),
            Self::BodyCut => ("body-cut", "The body ended early", StatusCode::BAD_REQUEST),
            Self::BodyTooLarge => ("body-too-large", "The body is too large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", "The body is not JSON", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::RequestRefused => ("request-refused", "The request was refused", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Internal => ("internal", "The server failed", StatusCode::INTERNAL_SERVER_ERROR),
            Self::Overloaded => ("overloaded", "The server is busy", StatusCode::SERVICE_UNAVAILABLE),
            Self::Draining => ("draining", "The server is shutting down", StatusCode::SERVICE_UNAVAILABLE),
            Self::RequestTimeout => ("request-timeout", "The request took too long", StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// The code of problems that have none of their own: `UNKNOWN_SHOP`.
    fn code(self) -> String {
        self.words().0.replace('-', "_").to_ascii_uppercase()
    }
}

/// One problem, as a handler finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: Kind,
    /// What was wrong, with which value, and what would be right.
    pub detail: Cow<'static, str>,
    /// Stable, in upper snake case; the kind's own when there is none finer.
    pub code: Option<String>,
    /// Where in the body, as a JSON pointer.
    pub field: Option<String>,
    /// Line and column in the body, counted from 1.
    pub place: Option<(usize, usize)>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), code: None, field: None, place: None }
    }

    pub fn status(&self) -> StatusCode {
        self.kind.words().2
    }

    /// The body, for the request of this id.
    pub fn body(&self, request: &str) -> Vec<u8> {
        let (kind, title, status) = self.kind.words();
        let details = ProblemDetails {
            kind: format!("urn:cartwright:problem:{kind}"),
            title: title.into(),
            status: status.as_u16(),
            detail: self.detail.to_string(),
            instance: request.into(),
            code: self.code.clone().unwrap_or_else(|| self.kind.code()),
            field: self.field.clone(),
            line: self.place.map(|(line, _)| line),
            column: self.place.map(|(_, column)| column),
        };
        serde_json::to_vec(&details).expect("texts and numbers can be written as JSON")
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let mut problem = Self::new(Kind::RequestRefused, failure.message);
        (problem.code, problem.field) = (Some(failure.code), failure.field);
        problem
    }
}

/// Status and headers; the body follows when the request's id is known.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            // In seconds. A call ends after its deadline at the latest, so one is enough for slots to come free.
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Problem details, RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:cartwright:problem:request-refused")]
    pub kind: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// What was wrong, with which value, and what would be right.
    pub detail: String,
    /// The id of the request, as in the header `x-request-id`.
    pub instance: String,
    /// Stable, in upper snake case; programs may rely on it.
    #[schema(example = "OUT_OF_RANGE")]
    pub code: String,
    /// Where in the body, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/lines/0/quantity")]
    pub field: Option<String>,
    /// Line in the body, counted from 1, when it is not JSON of the right form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in the body, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}
