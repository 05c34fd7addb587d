//! How amounts, sizes, times and dates are written for people.

use jiff::civil::Date;
use std::io;
use std::time::Duration;

/// ISO 4217 currencies whose minor unit is not a hundredth, with the digits of theirs.
const MINOR_DIGITS: &[(usize, &[&str])] = &[
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// `895` in USD is `8.95`, in JPY `895`.
pub fn money(amount: i64, currency: &str) -> String {
    let digits = MINOR_DIGITS.iter().find(|(_, codes)| codes.contains(&currency)).map_or(2, |(digits, _)| *digits);
    let sign = if amount < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", amount.unsigned_abs(), width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    let whole = grouped(whole);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// `1234567` is `1,234,567`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 line`, `2 lines`.
pub fn counted(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", count(number as u64))
}

/// Bytes, in the largest unit of which there is one.
pub fn bytes(bytes: usize) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes} B"),
        1024..1_048_576 => (1 << 10, "KiB"),
        1_048_576..1_073_741_824 => (1 << 20, "MiB"),
        _ => (1 << 30, "GiB"),
    };
    let tenths = (bytes as u128 * 10 + unit / 2) / unit;
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        tenth => format!("{}.{tenth} {name}", tenths / 10),
    }
}

/// Grams, as kilograms from one kilogram on.
pub fn grams(grams: u32) -> String {
    if grams < 1000 {
        return format!("{grams} g");
    }
    let text = format!("{}.{:03}", grams / 1000, grams % 1000);
    format!("{} kg", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Three figures and the unit that suits them.
pub fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s < 1e-3 => (s * 1e6, "µs"),
        s if s < 1.0 => (s * 1e3, "ms"),
        s => (s, "s"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

/// A day, counted from 1970-01-01: `Wed 25 Nov`.
pub fn day(day: i32) -> String {
    let date = jiff::Span::new().try_days(day).and_then(|days| Date::constant(1970, 1, 1).checked_add(days));
    date.map_or_else(|_| format!("day {day}"), |date| date.strftime("%a %-d %b").to_string())
}

/// The first and last day of a range, the month written once when it is the same.
pub fn days(earliest: i32, latest: i32) -> String {
    if earliest == latest {
        return day(earliest);
    }
    let (first, last) = (day(earliest), day(latest));
    match (first.rsplit_once(' '), last.rsplit_once(' ')) {
        (Some((start, one)), Some((_, other))) if one == other => format!("{start} - {last}"),
        _ => format!("{first} - {last}"),
    }
}

/// UTC seconds as an RFC 3339 timestamp.
pub fn instant(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| format!("{seconds} s"), |instant| instant.to_string())
}

/// The system's word without its error number.
pub fn of_io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_has_its_currencys_minor_digits() {
        for (amount, currency, text) in [
            (895, "USD", "8.95"),
            (5, "EUR", "0.05"),
            (0, "USD", "0.00"),
            (-1250, "USD", "-12.50"),
            (1_234_500, "USD", "12,345.00"),
            (1200, "JPY", "1,200"),
            (0, "JPY", "0"),
            (1250, "KWD", "1.250"),
            (i64::MIN, "USD", "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(money(amount, currency), text, "{amount} {currency}");
        }
    }

    #[test]
    fn sizes_and_weights_take_the_unit_that_suits_them() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(64 << 20), "64 MiB");
        assert_eq!(bytes(86_323), "84.3 KiB");
        assert_eq!(grams(450), "450 g");
        assert_eq!(grams(1200), "1.2 kg");
        assert_eq!(grams(10_000), "10 kg");
    }

    #[test]
    fn times_have_three_figures() {
        assert_eq!(time(Duration::from_nanos(34_120)), "34.1 µs");
        assert_eq!(time(Duration::from_micros(412)), "412 µs");
        assert_eq!(time(Duration::from_millis(1250)), "1.25 s");
    }

    #[test]
    fn a_range_of_days_names_a_shared_month_once() {
        assert_eq!(days(20_782, 20_784), "Wed 25 - Fri 27 Nov");
        assert_eq!(days(20_787, 20_788), "Mon 30 Nov - Tue 1 Dec");
        assert_eq!(days(20_782, 20_782), "Wed 25 Nov");
        assert_eq!(days(i32::MIN, i32::MAX), "day -2147483648 - day 2147483647");
    }
}
