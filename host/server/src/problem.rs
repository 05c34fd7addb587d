//! What a client reads when it gets no answer: problem details, RFC 9457.
//!
//! A [`Problem`] leaves a handler without its request's id; [`crate::edge`] writes the body when it knows it. What this module must not know:
//! which handler found what.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cartwright_contract::Failure;
use cartwright_contract::settings::Issue;
use cartwright_store::StoreError;
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
    /// No token, or none that is known, unexpired and unrevoked.
    Unauthenticated,
    /// The token is good, but not for this.
    Forbidden,
    /// A thing that the address names and that is not there; a shop is [`Kind::UnknownShop`].
    NotFound,
    /// What is there already contradicts what was asked.
    Conflict,
    /// `If-Match` names a version that is not the newest any more.
    Stale,
    TooManyRequests,
    /// The store or another service behind this server does not answer; the same may be asked again.
    Unavailable,
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
            Self::Unauthenticated => ("unauthenticated", "Who asks is not known", StatusCode::UNAUTHORIZED),
            Self::Forbidden => ("forbidden", "The token does not allow this", StatusCode::FORBIDDEN),
            Self::NotFound => ("not-found", "There is no such thing", StatusCode::NOT_FOUND),
            Self::Conflict => ("conflict", "Something else is there already", StatusCode::CONFLICT),
            Self::Stale => ("stale", "It was changed in between", StatusCode::PRECONDITION_FAILED),
            Self::TooManyRequests => ("too-many-requests", "The shop asks too often", StatusCode::TOO_MANY_REQUESTS),
            Self::Unavailable => {
                ("unavailable", "A service behind this one does not answer", StatusCode::SERVICE_UNAVAILABLE)
            }
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
    /// After how many seconds it is worth asking again; 1 where the status wants to know and this is left open.
    pub retry: Option<u32>,
    /// Every place that is wrong, where several may be. Boxed, since hardly any problem has them.
    pub errors: Option<Box<FieldErrors>>,
}

/// Places that are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// One place in the body, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// A JSON pointer.
    #[schema(example = "/settings/services/0/price")]
    pub field: String,
    /// What was wrong, with which value, and what would be right.
    pub detail: String,
}

impl FieldError {
    /// What a plugin says of its settings, which stand at `place` of the body.
    pub fn of(place: &str, issue: Issue) -> Self {
        let Issue { path, value, message, remedy } = issue;
        let value = if value.is_empty() { value } else { format!(" (found {value})") };
        let remedy = if remedy.is_empty() { remedy } else { format!("; {remedy}") };
        Self { field: format!("{place}{path}"), detail: format!("{message}{value}{remedy}") }
    }
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), code: None, field: None, place: None, retry: None, errors: None }
    }

    /// The same with a code of its own, in upper snake case.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// The same, pointing at a place in the body.
    #[must_use]
    pub fn field(self, pointer: impl Into<String>) -> Self {
        Self { field: Some(pointer.into()), ..self }
    }

    /// The same with `retry-after`: so many seconds, rounded up, one at least.
    #[must_use]
    pub fn after(self, wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1);
        Self { retry: Some(u32::try_from(seconds).unwrap_or(u32::MAX)), ..self }
    }

    /// The same with every place that is wrong; the first one is the problem's own.
    #[must_use]
    pub fn errors(self, errors: Vec<FieldError>) -> Self {
        let field = errors.first().map(|error| error.field.clone()).or(self.field);
        Self { field, errors: Some(Box::new(FieldErrors(errors))), ..self }
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
            errors: self.errors.as_ref().map(|errors| errors.0.clone()),
        };
        serde_json::to_vec(&details).expect("texts and numbers can be written as JSON")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NotFound { what: "shop", .. } => Kind::UnknownShop,
            StoreError::NotFound { .. } => Kind::NotFound,
            StoreError::Conflict { .. } => Kind::Conflict,
            StoreError::Stale { .. } => Kind::Stale,
            StoreError::Invalid { field, .. } => {
                let pointer = format!("/{field}");
                return Self::new(Kind::RequestRefused, error.to_string()).code("OUT_OF_RANGE").field(pointer);
            }
            StoreError::Unavailable { .. } => {
                // Whose host, file or user it is, is the operator's business; the log has it.
                tracing::warn!(%error, "the store did not do it");
                return Self::new(Kind::Unavailable, "the store does not answer; try again");
            }
            StoreError::Corrupt { .. } | StoreError::TooNew { .. } | StoreError::Open { .. } => {
                tracing::error!(%error, "the store is not as it must be");
                return Self::new(
                    Kind::Internal,
                    "the store is not as it must be; whoever runs the server finds why in its log",
                );
            }
        };
        Self::new(kind, error.to_string())
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
        let asks_again = matches!(self.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS);
        if asks_again || self.retry.is_some() {
            // In seconds. A call ends after its deadline at the latest, so one is enough for slots to come free.
            headers.insert(header::RETRY_AFTER, self.retry.unwrap_or(1).into());
        }
        if self.kind == Kind::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"cartwright\""));
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
    /// Every place that is wrong, where several may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<FieldError>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn header(problem: Problem, name: &str) -> Option<String> {
        problem.into_response().headers().get(name).map(|value| value.to_str().expect("visible text").to_owned())
    }

    #[test]
    fn a_problem_that_goes_away_says_when_and_one_that_stays_does_not() {
        let problem = |kind| Problem::new(kind, "");
        assert_eq!(header(problem(Kind::Overloaded), "retry-after").as_deref(), Some("1"));
        assert_eq!(header(problem(Kind::Unavailable), "retry-after").as_deref(), Some("1"));
        let limited = problem(Kind::TooManyRequests).after(Duration::from_millis(1001));
        assert_eq!(header(limited, "retry-after").as_deref(), Some("2"), "rounded up, so that asking then works");
        let in_flight = problem(Kind::Conflict).after(Duration::ZERO);
        assert_eq!(header(in_flight, "retry-after").as_deref(), Some("1"));
        assert_eq!(header(problem(Kind::Conflict), "retry-after"), None);
        assert_eq!(header(problem(Kind::Stale), "retry-after"), None);
    }

    #[test]
    fn a_client_without_a_token_learns_which_kind_is_wanted() {
        let problem = || Problem::new(Kind::Unauthenticated, "no token");
        assert_eq!(problem().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(header(problem(), "www-authenticate").as_deref(), Some("Bearer realm=\"cartwright\""));
        assert_eq!(header(Problem::new(Kind::Forbidden, ""), "www-authenticate"), None);
    }
}
