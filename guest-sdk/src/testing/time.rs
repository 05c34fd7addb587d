//! Instants and days from text. Knows no plugin.

/// The instant of an RFC 3339 timestamp in UTC: `2026-11-23T15:00:00Z`.
///
/// # Panics
/// When the text is none.
#[track_caller]
pub fn instant(text: &str) -> i64 {
    parse_instant(text).unwrap_or_else(|| panic!("{text:?} is no timestamp such as \"2026-11-23T15:00:00Z\""))
}

/// The days since 1970-01-01 of a date: `2026-11-23`.
///
/// # Panics
/// When the text is none.
#[track_caller]
pub fn day(text: &str) -> i32 {
    parse_day(text).unwrap_or_else(|| panic!("{text:?} is no date such as \"2026-11-23\""))
}

fn parse_instant(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = time.split(':').map(digits::<2>);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(i64::from(parse_day(date)?) * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn parse_day(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (digits::<4>(parts.next()?)?, digits::<2>(parts.next()?)?, digits::<2>(parts.next()?)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > longest {
        return None;
    }
    // Years that begin in March have their leap day last, so days before a month follow (153 m + 2) / 5
    // (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1;
    i32::try_from(days - 719_468).ok()
}

fn digits<const N: usize>(text: &str) -> Option<i64> {
    (text.len() == N && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_with_leap_years() {
        assert_eq!(day("1970-01-01"), 0);
        assert_eq!(day("2000-02-29"), 11_016);
        assert_eq!(day("2026-11-23"), 20_780);
        assert_eq!(day("1969-12-31"), -1);
        assert_eq!(instant("2026-11-23T15:00:01Z"), 20_780 * 86_400 + 54_001);
    }

    #[test]
    fn what_the_calendar_does_not_have_is_no_time() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "+026-01-01", ""] {
            assert_eq!(parse_day(text), None, "{text}");
        }
        for text in ["2026-01-01T24:00:00Z", "2026-01-01T10:00Z", "2026-01-01T10:00:00", "2026-01-01T10:00:00:00Z"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
