//! Asking the server, and the words that all parts of the demo print with.

use anyhow::{Result, bail};
use serde_json::Value;

/// Microseconds in the sandbox, fuel, and the answer.
pub fn ask(address: &str, body: &str) -> Result<(f64, String, Value)> {
    ask_as(None, address, body)
}

/// The same with a token, as shops of the store want it.
pub fn ask_as(token: Option<&str>, address: &str, body: &str) -> Result<(f64, String, Value)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.post(address).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let mut response = request.send(body)?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("?").to_owned();
    let (fuel, timing, status) = (header("cartwright-fuel"), header("server-timing"), response.status());
    let answer: Value = response.body_mut().read_json()?;
    if !status.is_success() {
        bail!("{status}: {answer:#}");
    }
    let milliseconds = timing.rsplit('=').next().and_then(|dur| dur.parse::<f64>().ok()).unwrap_or(f64::NAN);
    Ok((milliseconds * 1_000.0, fuel, answer))
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// The demo shop sells in US dollars, which have two decimals.
pub fn price(value: &Value) -> String {
    let cents = value.as_i64().unwrap_or(0);
    if cents == 0 { "$0".into() } else { format!("${}.{:02}", cents / 100, cents % 100) }
}
