//! Reasons: a code, a sentence and the figures for what screening found.
//!
//! What this file must not know: how anything was found.

use super::lists::{Entry, ListKind};
use super::model::Assessment;
use super::signals::{Kind, Signal, Value};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::{Figure, Reason, Unit};

/// Features that a model's reason names.
const NAMED_FEATURES: usize = 3;

pub fn figure(name: &str, value: i64, unit: Unit) -> Figure {
    Figure { name: name.into(), value, unit }
}

/// What a signal says, with its figure. Some codes name what is wrong, and that is not what makes an order safer.
pub fn signal(signal: Signal, value: &Value<'_>, points: i32, currency: &str) -> Reason {
    let info = signal.info();
    let code = match signal {
        Signal::EmailAge if points < 0 => "KNOWN_EMAIL",
        Signal::CustomerAge if points < 0 => "KNOWN_ACCOUNT",
        Signal::OrderValueToNormal if points < 0 => "ORDER_VALUE_BELOW_NORMAL",
        _ => info.code,
    };
    let message = match value {
        Value::Unknown => format!("The request does not say it: {}.", info.name),
        Value::Flag(true) => info.says.to_string(),
        Value::Flag(false) => format!("Not so: {}", info.says),
        Value::Text(text) => info.says.replacen("{}", &format!("\"{text}\""), 1),
        Value::Number(number) => {
            let unit = if let Kind::Number { unit, .. } = info.kind { unit } else { Unit::Count };
            info.says.replacen("{}", &quantity(*number, unit, currency), 1)
        }
    };
    let figures = match (value, info.kind) {
        (Value::Number(number), Kind::Number { unit, .. }) => [figure(info.name, *number, unit)].into(),
        _ => Vec::new(),
    };
    Reason { code: code.into(), message, figures }
}

/// A number as a sentence writes it.
fn quantity(number: i64, unit: Unit, currency: &str) -> String {
    let plural = |count: i64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match unit {
        // The number of decimals is the currency's business; the figure says the same.
        Unit::MinorUnits => format!("{number} minor units of {currency}"),
        Unit::Metres if number >= 1_000 => format!("{} km", number / 1_000),
        Unit::Metres => format!("{number} m"),
        Unit::Days => plural(number, "day"),
        Unit::PartsPerMillion => format!("{} %", number / 10_000),
        _ => number.to_string(),
    }
}

/// An order that is on a list. The entry itself is not repeated: it is personal, and the request has it.
pub fn list(kind: ListKind, entry: Entry) -> Reason {
    let (list, code) = match kind {
        ListKind::Allow => ("allow", "ALLOW_LIST"),
        ListKind::Block => ("block", "BLOCK_LIST"),
        ListKind::Review => ("review", "REVIEW_LIST"),
    };
    Reason {
        code: format!("{code}_{}", entry.code()),
        message: format!("The {} of the order is on the {list} list.", entry.words()),
        figures: Vec::new(),
    }
}

/// What a model found, with the features that added most to it.
pub fn model(assessment: &Assessment) -> Reason {
    let mut raising: Vec<&(Signal, i64)> = assessment.features.iter().filter(|(_, value)| *value > 0).collect();
    // Equal ones in the model's order: the sort is stable.
    raising.sort_by_key(|(_, value)| core::cmp::Reverse(*value));
    raising.truncate(NAMED_FEATURES);
    let names: Vec<Cow<'_, str>> =
        raising.iter().map(|(signal, _)| format!("`{}`", signal.info().name).into()).collect();
    let because =
        if names.is_empty() { "; no signal raises it".into() } else { format!("; most of it by {}", names.join(", ")) };
    let mut figures = [figure("probability", assessment.probability, Unit::PartsPerMillion)].to_vec();
    // Log-odds in millionths.
    figures.extend(raising.iter().map(|(signal, value)| figure(signal.info().name, *value, Unit::PartsPerMillion)));
    Reason {
        code: "MODEL_SCORE".into(),
        message: format!(
            "The model holds fraud for {}.{} % likely{because}.",
            assessment.probability / 10_000,
            assessment.probability / 1_000 % 10
        ),
        figures,
    }
}

/// A score that reached a threshold, or none.
pub fn threshold(code: &str, message: String, score: u32, threshold: Option<u32>) -> Reason {
    let mut figures = [figure("score", score.into(), Unit::Count)].to_vec();
    figures.extend(threshold.map(|threshold| figure("threshold", threshold.into(), Unit::Count)));
    Reason { code: code.into(), message, figures }
}
