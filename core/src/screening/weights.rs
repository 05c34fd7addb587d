//! What a signal is worth: points for what it is on an order.
//!
//! What this file must not know: verdicts.

use super::condition::{Ask, Test};
use super::program::Compiled;
use super::signals::{Signal, Signals, Wanted};
use alloc::vec::Vec;

/// Points for a signal: those of the first band whose test holds.
#[derive(Debug, Clone)]
pub struct Weight {
    pub signal: Signal,
    /// Each about this signal.
    pub bands: Vec<Band>,
}

/// Points where a test holds.
#[derive(Debug, Clone)]
pub struct Band {
    pub test: Test,
    /// -1000 to 1000; below 0 for what makes an order safer.
    pub points: i32,
}

impl Weight {
    /// Whether a later band can never give its points, because an earlier one holds wherever it does: its place.
    #[must_use]
    pub fn hidden_band(&self) -> Option<usize> {
        // Of numbers only the union of the bands before can hide one: "above 10" and "at most 10" leave nothing.
        let mut covered: Vec<(i64, i64)> = Vec::new();
        for (at, band) in self.bands.iter().enumerate() {
            if self.bands[..at].iter().any(|before| before.test == band.test) {
                return Some(at);
            }
            let Ask::Within { least, most } = *band.test.ask() else { continue };
            let (mut from, most) = (least.max(0), most);
            covered.sort_unstable();
            for (least, most) in &covered {
                if *least <= from && *most >= from {
                    if *most == i64::MAX {
                        return Some(at);
                    }
                    from = most + 1;
                }
            }
            if from > most {
                return Some(at);
            }
            covered.push((least, most));
        }
        None
    }
}

/// A weight ready to be used.
#[derive(Debug, Clone)]
pub(crate) struct CompiledWeight {
    pub signal: Signal,
    bands: Vec<(Compiled, i32)>,
}

impl CompiledWeight {
    pub fn new(weight: &Weight, wanted: &Wanted) -> Self {
        let bands = weight.bands.iter().map(|band| (Compiled::new(&band.test, wanted), band.points)).collect();
        Self { signal: weight.signal, bands }
    }

    /// 0 where no band's test holds.
    pub fn points(&self, signals: &Signals<'_>) -> i32 {
        self.bands.iter().find(|(test, _)| test.holds(signals)).map_or(0, |(_, points)| *points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn weight(bands: &[(i64, i64)]) -> Weight {
        let band = |&(least, most): &(i64, i64)| Band {
            test: Test::new(Signal::Quantity, Ask::Within { least, most }).unwrap(),
            points: 1,
        };
        Weight { signal: Signal::Quantity, bands: bands.iter().map(band).collect() }
    }

    #[test]
    fn a_band_that_others_hide_is_found() {
        let most = i64::MAX;
        for (bands, hidden) in [
            (vec![(100, most), (10, most)], None),
            (vec![(10, most), (100, most)], Some(1)),
            (vec![(11, most), (i64::MIN, 10), (5, 7)], Some(2)),
            (vec![(0, 4), (5, 9), (3, 8)], Some(2)),
            (vec![(0, 4), (6, 9), (3, 8)], None),
        ] {
            assert_eq!(weight(&bands).hidden_band(), hidden, "{bands:?}");
        }
    }
}
