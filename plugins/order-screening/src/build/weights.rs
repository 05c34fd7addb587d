//! What signals are worth.

use super::conditions::{band_test, signal};
use crate::settings::Weight as Words;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::screening::signals::{Kind, Signal};
use cartwright_core::screening::{Ask, Band, Test, Weight};
use cartwright_sdk::settings::Findings;

/// `normal` says whether the settings know what an order usually is worth.
pub fn weights(words: &[Words], normal: bool, findings: &mut Findings) -> Option<Vec<Weight>> {
    let mut first: BTreeMap<Signal, usize> = BTreeMap::new();
    let mut weights = Vec::new();
    let mut whole = true;
    for (index, words) in words.iter().enumerate() {
        let at = format!("/weights/{index}");
        let Some(weight) = weight(words, &at, findings) else {
            whole = false;
            continue;
        };
        if let Some(before) = first.insert(weight.signal, index) {
            let message = format!("has the weight {before} already");
            let remedy = "put all bands of a signal into one weight";
            findings.wrong::<()>(&format!("{at}/signal"), &words.signal, &message, remedy);
            whole = false;
        }
        if weight.signal == Signal::OrderValueToNormal && !normal {
            let remedy = "give `signals.normalOrderValue`, or remove the weight";
            findings.odd(&format!("{at}/signal"), &words.signal, "is never known without a normal order value", remedy);
        }
        weights.push(weight);
    }
    whole.then_some(weights)
}

fn weight(words: &Words, at: &str, findings: &mut Findings) -> Option<Weight> {
    let signal = signal(&words.signal, &format!("{at}/signal"), findings)?;
    let kind = signal.info().kind;
    if kind == Kind::Tags {
        let remedy = "write a rule with `has` and points";
        return findings.wrong(&format!("{at}/signal"), &words.signal, "is a list of tags and has no weight", remedy);
    }
    let weight = match (words.points, words.bands.is_empty()) {
        (None, true) => {
            let remedy = if kind == Kind::Flag { "give `points`" } else { "give `bands`" };
            return findings.wrong(at, &words.signal, "gives no points", remedy);
        }
        (Some(_), false) => {
            return findings.wrong(at, &words.signal, "has both `points` and `bands`", "keep one of the two");
        }
        (Some(points), true) => {
            // Only a flag can just hold.
            let Ok(test) = Test::new(signal, Ask::Is(true)) else {
                let remedy = "give `bands` that say from where on it counts";
                return findings.wrong(
                    &format!("{at}/points"),
                    &points,
                    "the signal is neither true nor false",
                    remedy,
                );
            };
            Weight { signal, bands: vec![Band { test, points }] }
        }
        (None, false) => {
            let mut bands = Vec::with_capacity(words.bands.len());
            for (index, band) in words.bands.iter().enumerate() {
                let test = band_test(band, signal, &format!("{at}/bands/{index}"), findings);
                bands.push(test.map(|test| Band { test, points: band.points }));
            }
            Weight { signal, bands: bands.into_iter().collect::<Option<_>>()? }
        }
    };
    if let Some(hidden) = weight.hidden_band() {
        let remedy = "put the narrower bands first: of several that fit, the first counts";
        findings.odd(
            &format!("{at}/bands/{hidden}"),
            &words.bands.get(hidden),
            "is hidden by the bands before it",
            remedy,
        );
    }
    if weight.bands.iter().all(|band| band.points == 0) {
        findings.odd(at, &words.signal, "adds nothing to any score", "give it points, or remove it");
    }
    Some(weight)
}
