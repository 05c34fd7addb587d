//! An event as it is sent: body, id, time and signatures, as the Standard Webhooks specification says.
//!
//! What this module must not know: how it is sent.

use cartwright_contract::json::instant;
use serde::Serialize;
use serde_json::Value;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

/// The body of every event.
#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    event: &'a str,
    /// When it happened.
    #[serde(with = "instant")]
    timestamp: i64,
    data: &'a Value,
}

/// The bytes of an event that happened at `created` (seconds UTC); the same at every attempt.
pub fn body(event: &str, created: i64, data: &Value) -> Vec<u8> {
    // A moment that JSON cannot tell is none of the store's.
    serde_json::to_vec(&Envelope { event, timestamp: created, data }).unwrap_or_default()
}

/// The headers of an attempt at `now` (seconds UTC). Signed with each of the secrets, so that a receiver which still has the old one
/// takes it too.
///
/// # Errors
/// When a secret is none.
pub fn headers(id: &str, now: i64, body: &[u8], secrets: &[String]) -> Result<Vec<(&'static str, String)>, String> {
    let sign = |secret: &String| Webhook::new(secret)?.sign(id, now, body);
    let signatures: Result<Vec<_>, _> = secrets.iter().map(sign).collect();
    let signatures = signatures.map_err(|error| format!("the signing secret cannot be used: {error}; rotate it"))?;
    Ok(vec![
        ("content-type", "application/json".into()),
        (HEADER_WEBHOOK_ID, id.into()),
        (HEADER_WEBHOOK_TIMESTAMP, now.to_string()),
        (HEADER_WEBHOOK_SIGNATURE, signatures.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderName};
    use serde_json::json;

    const ONE: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn now() -> i64 {
        crate::decide::now()
    }

    fn map(headers: Vec<(&'static str, String)>) -> HeaderMap {
        headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_body_says_what_happened_and_when_and_is_always_the_same() {
        let body = body("install.changed", 1_800_000_000, &json!({"b": 1, "a": "é"}));
        let text = r#"{"type":"install.changed","timestamp":"2027-01-15T08:00:00Z","data":{"a":"é","b":1}}"#;
        assert_eq!(String::from_utf8(body).unwrap(), text);
    }

    #[test]
    fn the_specifications_own_implementation_takes_it_with_either_secret() {
        let body = body("breaker.opened", now(), &json!({}));
        let headers = map(headers("evt-1", now(), &body, &[ONE.into(), OTHER.into()]).unwrap());
        for secret in [ONE, OTHER] {
            assert!(Webhook::new(secret).unwrap().verify(&body, &headers).is_ok());
        }
        let stranger = Webhook::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        assert!(stranger.verify(&body, &headers).is_err());
        assert!(Webhook::new(ONE).unwrap().verify(b"{}", &headers).is_err());
    }

    #[test]
    fn a_secret_that_is_none_is_said_to_be_none() {
        let refused = headers("evt-1", now(), b"{}", &["whsec_%%".into()]);
        assert!(refused.is_err_and(|error| error.contains("rotate it")));
    }
}
