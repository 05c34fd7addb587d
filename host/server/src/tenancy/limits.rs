//! What one shop may take of a host that it shares with thousands.
//!
//! The shop's document says it under `limits`; what it leaves open is as here. What this module must not know: how a limit is held.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::RangeInclusive;
use utoipa::ToSchema;

/// A shop's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ShopLimits {
    /// Decisions a second that the shop may ask for on average, 1 to 1,000,000; more are answered with 429. Each replica counts for itself.
    #[schema(example = 1000)]
    pub requests_per_second: u32,
    /// Decisions that it may ask for at once after a silence, 1 to 1,000,000.
    #[schema(example = 2000)]
    pub burst: u32,
    /// Decisions under way at the same moment, 1 to 512; more are answered with 503. The server's own limit for a shop goes before.
    #[schema(example = 48)]
    pub concurrent: u32,
    /// The share of all processors' time that the shop's plugins may use, in per cent, 1 to 100. A shop above its share is not refused:
    /// it waits for what the others leave over, until its use of the last seconds is within its share again.
    #[schema(example = 20)]
    pub cpu_percent: u32,
}

impl Default for ShopLimits {
    fn default() -> Self {
        Self {
            // An eighth of what one machine with two processors answers; a thousand checkouts a second are many for one merchant.
            requests_per_second: 1_000,
            burst: 2_000,
            concurrent: 48,
            // Some 4,700 calls a second of the reference plugin on two processors.
            cpu_percent: 20,
        }
    }
}

/// What is wrong with a shop's limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LimitsError {
    /// Within the shop's document, as a JSON pointer: `/limits/burst`.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl ShopLimits {
    const RATES: RangeInclusive<u32> = 1..=1_000_000;
    const CONCURRENT: RangeInclusive<u32> = 1..=512;
    const PERCENT: RangeInclusive<u32> = 1..=100;

    /// The limits of a shop's document; the defaults where it names none.
    ///
    /// # Errors
    /// The first limit that is unknown, not a number, or out of its range.
    pub fn of(document: &Value) -> Result<Self, LimitsError> {
        let Some(limits) = document.get("limits").filter(|limits| !limits.is_null()) else {
            return Ok(Self::default());
        };
        if !limits.is_object() {
            let message = "`limits` is not an object; leave it out, or give some of its numbers".into();
            return Err(LimitsError { pointer: "/limits".into(), message });
        }
        let limits: Self = serde_path_to_error::deserialize(limits).map_err(|error| LimitsError {
            pointer: match error.path().to_string().as_str() {
                "." => "/limits".into(),
                key => format!("/limits/{key}"),
            },
            message: format!("{}; `limits` takes requestsPerSecond, burst, concurrent and cpuPercent", error.inner()),
        })?;
        for (key, value, range) in [
            ("requestsPerSecond", limits.requests_per_second, Self::RATES),
            ("burst", limits.burst, Self::RATES),
            ("concurrent", limits.concurrent, Self::CONCURRENT),
            ("cpuPercent", limits.cpu_percent, Self::PERCENT),
        ] {
            if !range.contains(&value) {
                let message = format!("{key} is {value}; give {} to {}", range.start(), range.end());
                return Err(LimitsError { pointer: format!("/limits/{key}"), message });
            }
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_document_leaves_open_is_as_here() {
        assert_eq!(ShopLimits::of(&json!({})), Ok(ShopLimits::default()));
        assert_eq!(ShopLimits::of(&json!({"limits": null})), Ok(ShopLimits::default()));
        let limits = ShopLimits::of(&json!({"limits": {"burst": 7}})).expect("within its range");
        assert_eq!(limits, ShopLimits { burst: 7, ..ShopLimits::default() });
    }

    #[test]
    fn a_wrong_limit_is_named_with_its_place_and_what_would_be_right() {
        let refusal = |limits: Value| ShopLimits::of(&json!({ "limits": limits })).expect_err("wrong");
        let wrong = refusal(json!({"cpuPercent": 101}));
        assert_eq!(
            (wrong.pointer.as_str(), wrong.message.as_str()),
            ("/limits/cpuPercent", "cpuPercent is 101; give 1 to 100")
        );
        assert_eq!(refusal(json!({"requestsPerSecond": 0})).pointer, "/limits/requestsPerSecond");
        assert_eq!(refusal(json!({"burst": -1})).pointer, "/limits/burst");
        assert_eq!(refusal(json!({"burst": 1.5})).pointer, "/limits/burst");
        assert_eq!(refusal(json!([1])).pointer, "/limits");
        assert!(refusal(json!({"cpu": 3})).message.contains("unknown field `cpu`"));
    }
}
