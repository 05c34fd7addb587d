//! A plan and its replies as plain data, so that a recorded decision can be replayed without asking anybody.
//!
//! Requests are recorded as the plugin planned them, so a secret stands there by its name; replies as the plugin received them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cartwright_contract::outside::{Field, HttpFailure, HttpReply, HttpRequest, HttpResponse, Method};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One plan and what became of it. A body is text where it is UTF-8, and `{"base64": "…"}` where it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    #[serde(with = "requests")]
    pub requests: Vec<HttpRequest>,
    #[serde(with = "responses")]
    pub responses: Vec<HttpResponse>,
}

/// The plan is not the one that was recorded: the plugin, its settings or its input differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("the plan has {planned} requests where {recorded} were recorded")]
    Length { planned: usize, recorded: usize },
    #[error("the plan's request {index}, {id:?}, is not the one that was recorded: its {what} differs")]
    Request { index: usize, id: String, what: &'static str },
}

impl Recording {
    pub fn new(requests: Vec<HttpRequest>, responses: Vec<HttpResponse>) -> Self {
        Self { requests, responses }
    }

    /// The recorded replies, for a plan that asks just what was asked then. Timeouts and cache times may differ: they are not part of
    /// what was asked.
    ///
    /// # Errors
    /// When it asks something else; the error names the first difference, not its content.
    pub fn replay(&self, plan: &[HttpRequest]) -> Result<&[HttpResponse], ReplayError> {
        if plan.len() != self.requests.len() {
            return Err(ReplayError::Length { planned: plan.len(), recorded: self.requests.len() });
        }
        for (index, (planned, recorded)) in plan.iter().zip(&self.requests).enumerate() {
            let what = [
                ("id", planned.id == recorded.id),
                ("method", planned.method == recorded.method),
                ("URL", planned.url == recorded.url),
                ("list of headers", planned.headers == recorded.headers),
                ("body", planned.body == recorded.body),
            ];
            if let Some((what, _)) = what.into_iter().find(|(_, same)| !same) {
                return Err(ReplayError::Request { index, id: planned.id.clone(), what });
            }
        }
        Ok(&self.responses)
    }
}

/// Bytes as text where they are text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Bytes { base64: Base64 },
}

struct Base64(Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'d> Deserialize<'d> for Base64 {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map(Self).map_err(serde::de::Error::custom)
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes { base64: Base64(bytes.to_vec()) },
        }
    }
}

impl From<Body> for Vec<u8> {
    fn from(body: Body) -> Self {
        match body {
            Body::Text(text) => text.into_bytes(),
            Body::Bytes { base64 } => base64.0,
        }
    }
}

/// The contract's record, with a body that people can read.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    id: String,
    method: Method,
    url: String,
    headers: Vec<Field>,
    body: Body,
    timeout: u32,
    cache_for: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Response {
    id: String,
    outcome: Outcome,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    Reply { status: u16, headers: Vec<Field>, body: Body },
    Failure(HttpFailure),
}

mod requests {
    use super::{Deserialize, Deserializer, HttpRequest, Request, Serializer};

    pub fn serialize<S: Serializer>(all: &[HttpRequest], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(all.iter().map(|r| Request {
            id: r.id.clone(),
            method: r.method,
            url: r.url.clone(),
            headers: r.headers.clone(),
            body: r.body.as_slice().into(),
            timeout: r.timeout,
            cache_for: r.cache_for,
        }))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<HttpRequest>, D::Error> {
        let all = Vec::<Request>::deserialize(deserializer)?;
        Ok(all
            .into_iter()
            .map(|r| HttpRequest {
                id: r.id,
                method: r.method,
                url: r.url,
                headers: r.headers,
                body: r.body.into(),
                timeout: r.timeout,
                cache_for: r.cache_for,
            })
            .collect())
    }
}

mod responses {
    use super::{Deserialize, Deserializer, HttpReply, HttpResponse, Outcome, Response, Serializer};

    pub fn serialize<S: Serializer>(all: &[HttpResponse], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(all.iter().map(|r| Response {
            id: r.id.clone(),
            outcome: match &r.outcome {
                Ok(reply) => Outcome::Reply {
                    status: reply.status,
                    headers: reply.headers.clone(),
                    body: reply.body.as_slice().into(),
                },
                Err(failure) => Outcome::Failure(*failure),
            },
        }))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<HttpResponse>, D::Error> {
        let all = Vec::<Response>::deserialize(deserializer)?;
        Ok(all
            .into_iter()
            .map(|r| HttpResponse {
                id: r.id,
                outcome: match r.outcome {
                    Outcome::Reply { status, headers, body } => Ok(HttpReply { status, headers, body: body.into() }),
                    Outcome::Failure(failure) => Err(failure),
                },
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recording(body: &[u8], failure: HttpFailure) -> Recording {
        let headers = vec![Field { name: "x-api-key".into(), value: "{{secret:KEY}}".into() }];
        let request = HttpRequest {
            id: "a".into(),
            method: Method::Post,
            url: "https://api.example/v1".into(),
            headers: headers.clone(),
            body: body.to_vec(),
            timeout: 300,
            cache_for: 60,
        };
        let reply = HttpReply { status: 200, headers, body: body.to_vec() };
        Recording::new(
            vec![request.clone(), HttpRequest { id: "b".into(), ..request }],
            vec![
                HttpResponse { id: "a".into(), outcome: Ok(reply) },
                HttpResponse { id: "b".into(), outcome: Err(failure) },
            ],
        )
    }

    #[test]
    fn a_body_is_text_where_it_can_be() {
        let json = serde_json::to_string(&recording(br#"{"zip":"97209"}"#, HttpFailure::TimedOut)).unwrap();
        assert!(json.contains(r#""body":"{\"zip\":\"97209\"}""#), "{json}");
        assert!(json.contains(r#"{"id":"b","outcome":{"failure":"timedOut"}}"#), "{json}");
        let json = serde_json::to_string(&recording(&[0xff, 0], HttpFailure::TimedOut)).unwrap();
        assert!(json.contains(r#""body":{"base64":"/wA="}"#), "{json}");
    }

    #[test]
    fn another_plan_has_no_recorded_replies() {
        let recording = recording(b"x", HttpFailure::TooLarge);
        let mut plan = recording.requests.clone();
        plan[0].timeout = 1;
        assert_eq!(recording.replay(&plan).unwrap(), recording.responses);
        plan[1].body = b"y".to_vec();
        assert_eq!(
            recording.replay(&plan).unwrap_err(),
            ReplayError::Request { index: 1, id: "b".into(), what: "body" }
        );
        assert_eq!(recording.replay(&plan[..1]).unwrap_err(), ReplayError::Length { planned: 1, recorded: 2 });
    }

    proptest! {
        #[test]
        fn any_recording_comes_back_from_json_as_it_was(body in any::<Vec<u8>>(), which in 0usize..5) {
            let failures = [
                HttpFailure::NotAllowed,
                HttpFailure::Unreachable,
                HttpFailure::TimedOut,
                HttpFailure::TooLarge,
                HttpFailure::BreakerOpen,
            ];
            let recording = recording(&body, failures[which]);
            let json = serde_json::to_string(&recording).unwrap();
            prop_assert_eq!(serde_json::from_str::<Recording>(&json).unwrap(), recording);
        }
    }
}
