//! What a plugin may use up, each number with its unit and its reason.
//!
//! For scale, the incumbent's hosted functions get 11 million instructions, 10 MB of memory, 256 kB of code, 128 kB of input
//! and 20 kB of output.

use std::time::Duration;

/// The limits of one plugin. Fuel is roughly one unit for one WebAssembly instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Fuel of a call whatever its input.
    pub fuel: u64,
    /// More fuel for each line of the request.
    pub fuel_per_line: u64,
    /// More fuel for each stock figure (a line at a location).
    pub fuel_per_stock_figure: u64,
    /// More fuel for each unit that is to be packed, up to [`Limits::FUELLED_UNITS`].
    pub fuel_per_unit: u64,
    /// Wall-clock time of a call; read at every [`Engine::TICK`](crate::Engine::TICK).
    pub deadline: Duration,
    /// Linear memory of an instance, in bytes. At most [`Limits::MOST_MEMORY`].
    pub memory: usize,
    /// Input of a call, in bytes as the plugin receives them.
    pub input: usize,
    /// Answer of a call, in bytes as the host receives them.
    pub output: usize,
    /// All log lines of a call together, in bytes.
    pub log: usize,
    /// A component's file, in bytes. Components from JavaScript and Python bring their interpreter (12 and 18 MB).
    pub component: usize,
    /// A settings document, in bytes: 40,000 rows of a rate table are some 4 MB.
    pub settings: usize,
    /// Fuel of `configure`, which runs once at install.
    pub configure_fuel: u64,
    /// Wall-clock time of `configure`.
    pub configure_deadline: Duration,
}

impl Limits {
    /// What the memory pool reserves per slot; no plugin's limit can be higher.
    pub const MOST_MEMORY: usize = 512 << 20;
    /// Units beyond this number add no fuel, so that a quantity of four billion is no licence to run for ever.
    pub const FUELLED_UNITS: u64 = 10_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 250_000_000,
            fuel_per_line: 1_000_000,
            fuel_per_stock_figure: 2_000,
            fuel_per_unit: 200_000,
            deadline: Duration::from_millis(500),
            memory: 64 << 20,
            input: 4 << 20,
            // 1,000 decided returns with their reasons are some 2 MB.
            output: 4 << 20,
            log: 64 << 10,
            component: 32 << 20,
            settings: 16 << 20,
            configure_fuel: 10_000_000_000,
            configure_deadline: Duration::from_secs(10),
        }
    }
}

/// How large a request is, along every dimension that the budget grows with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    pub lines: u64,
    pub units: u64,
    pub stock_figures: u64,
    /// Bytes of the input as the plugin receives it.
    pub bytes: usize,
}

impl Limits {
    /// The fuel that a call with such an input gets.
    pub fn fuel_for(&self, extent: &Extent) -> u64 {
        self.fuel
            .saturating_add(self.fuel_per_line.saturating_mul(extent.lines))
            .saturating_add(self.fuel_per_stock_figure.saturating_mul(extent.stock_figures))
            .saturating_add(self.fuel_per_unit.saturating_mul(extent.units.min(Self::FUELLED_UNITS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_grows_with_every_dimension_and_never_wraps() {
        let limits = Limits::default();
        let small = limits.fuel_for(&Extent::default());
        for extent in [
            Extent { lines: 1, ..Extent::default() },
            Extent { units: 1, ..Extent::default() },
            Extent { stock_figures: 1, ..Extent::default() },
        ] {
            assert!(limits.fuel_for(&extent) > small, "{extent:?}");
        }
        let absurd = Extent { lines: u64::MAX, units: u64::MAX, stock_figures: u64::MAX, bytes: usize::MAX };
        assert_eq!(limits.fuel_for(&absurd), u64::MAX);
    }
}
