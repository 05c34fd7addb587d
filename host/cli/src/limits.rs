//! The limits as flags. Their defaults are the runtime's own, which are the server's.

use cartwright_runtime::Limits;
use clap::Args;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What a call may use up.
#[derive(Args)]
#[command(next_help_heading = "Limits, with the server's defaults")]
pub struct LimitFlags {
    /// Fuel of a call; its lines, units and stock figures add to it
    #[arg(long, value_name = "N", default_value_t = Amount(Limits::default().fuel))]
    fuel: Amount,
    /// Wall-clock time of a call
    #[arg(long, value_name = "TIME", default_value_t = Time(Limits::default().deadline))]
    deadline: Time,
    /// Memory of a call's sandbox
    #[arg(long, value_name = "SIZE", default_value_t = Size(Limits::default().memory), value_parser = memory)]
    memory: Size,
    /// What a call may be asked, as the plugin receives it
    #[arg(long, value_name = "SIZE", default_value_t = Size(Limits::default().input))]
    max_input: Size,
    /// What a call may answer
    #[arg(long, value_name = "SIZE", default_value_t = Size(Limits::default().output))]
    max_output: Size,
    /// What a call may log
    #[arg(long, value_name = "SIZE", default_value_t = Size(Limits::default().log))]
    max_log: Size,
    /// Fuel of `configure`, which reads the settings once at install
    #[arg(long, value_name = "N", default_value_t = Amount(Limits::default().configure_fuel))]
    configure_fuel: Amount,
    /// Wall-clock time of `configure`
    #[arg(long, value_name = "TIME", default_value_t = Time(Limits::default().configure_deadline))]
    configure_deadline: Time,
}

impl LimitFlags {
    pub fn limits(&self) -> Limits {
        Limits {
            fuel: self.fuel.0,
            deadline: self.deadline.0,
            memory: self.memory.0,
            input: self.max_input.0,
            output: self.max_output.0,
            log: self.max_log.0,
            configure_fuel: self.configure_fuel.0,
            configure_deadline: self.configure_deadline.0,
            ..Limits::default()
        }
    }
}

/// A number, with `k`, `M` or `G` for thousands, millions and thousand millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Amount(u64);

/// Bytes, with `K`, `M` or `G` (also `KiB` and the like) for powers of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(usize);

/// A time in `us`, `ms`, `s` or `m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time(pub Duration);

/// The number in front and what follows it; `_` and `,` may group digits.
fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '_' || c == ',')).unwrap_or(text.len());
    let number = text[..end].replace(['_', ','], "").parse().ok()?;
    Some((number, text[end..].trim()))
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = number_and_unit(text).and_then(|(number, unit)| {
            let factor = match unit {
                "" => 1,
                "k" | "K" => 1_000,
                "M" => 1_000_000,
                "G" => 1_000_000_000,
                _ => return None,
            };
            number.checked_mul(factor).filter(|n| *n > 0)
        });
        parsed.map(Self).ok_or_else(|| "give a whole number above 0, such as 50000000, 50_000_000 or 50M".into())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n.is_multiple_of(1_000_000_000) => write!(f, "{}G", n / 1_000_000_000),
            n if n.is_multiple_of(1_000_000) => write!(f, "{}M", n / 1_000_000),
            n => n.fmt(f),
        }
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = number_and_unit(text).and_then(|(number, unit)| {
            let factor = match unit {
                "" | "B" => 1,
                "K" | "k" | "KiB" => 1 << 10,
                "M" | "MiB" => 1 << 20,
                "G" | "GiB" => 1 << 30,
                _ => return None,
            };
            usize::try_from(number.checked_mul(factor)?).ok()
        });
        parsed.map(Self).ok_or_else(|| "give a size such as 65536, 64KiB or 64MiB".into())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n > 0 && n.is_multiple_of(1 << 20) => write!(f, "{}MiB", n >> 20),
            n if n > 0 && n.is_multiple_of(1 << 10) => write!(f, "{}KiB", n >> 10),
            n => n.fmt(f),
        }
    }
}

/// A size that the memory pool can hold.
fn memory(text: &str) -> Result<Size, String> {
    let size: Size = text.parse()?;
    if size.0 > Limits::MOST_MEMORY {
        return Err(format!("a sandbox has at most {}", Size(Limits::MOST_MEMORY)));
    }
    Ok(size)
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = number_and_unit(text).and_then(|(number, unit)| match unit {
            "us" | "µs" => Some(Duration::from_micros(number)),
            "ms" => Some(Duration::from_millis(number)),
            "s" => Some(Duration::from_secs(number)),
            "m" => number.checked_mul(60).map(Duration::from_secs),
            _ => None,
        });
        parsed.map(Self).ok_or_else(|| "give a time with its unit, such as 500ms, 2s or 1m".into())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing at all would be shown in nanoseconds.
        if self.0.is_zero() { f.write_str("0s") } else { write!(f, "{:?}", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_back_as_it_is_shown() {
        let limits = Limits::default();
        for amount in [limits.fuel, limits.configure_fuel, 1, 1_500] {
            assert_eq!(Amount(amount).to_string().parse(), Ok(Amount(amount)));
        }
        for size in [limits.memory, limits.input, limits.output, limits.log, 0, 1, 1500] {
            assert_eq!(Size(size).to_string().parse(), Ok(Size(size)));
        }
        for time in [limits.deadline, limits.configure_deadline, Duration::ZERO] {
            assert_eq!(Time(time).to_string().parse(), Ok(Time(time)));
        }
    }

    #[test]
    fn what_is_no_limit_is_refused_with_an_example() {
        for text in ["", "-1", "1.5M", "0", "20000000000G", "ten"] {
            assert!(text.parse::<Amount>().unwrap_err().contains("50_000_000"), "{text:?}");
        }
        for text in ["", "64 parsecs", "99999999999G"] {
            assert!(text.parse::<Size>().unwrap_err().contains("64MiB"), "{text:?}");
        }
        assert!("500".parse::<Time>().unwrap_err().contains("500ms"));
        assert!(memory("2G").unwrap_err().contains("512MiB"));
    }
}
