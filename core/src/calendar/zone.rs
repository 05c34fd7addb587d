//! A location's clock: the instants at which its distance from UTC changes, worked out once.
//!
//! The rule is evaluated at construction; afterwards there is only a sorted table.
//!
//! What this file must not know: business days, what a clock is asked for.

use super::day::DAY_SECONDS;
use super::posix_rule::PosixRule;
use super::{Day, END_DAY, FIRST_DAY, FIRST_YEAR, Instant, LAST_YEAR, LocalTime, zone_names};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A time zone, as it holds from [`FIRST_YEAR`] to [`LAST_YEAR`]. Earlier instants get the distance from UTC with which the first
/// of these years begins, later ones that with which the last ends.
///
/// Local times that a clock leaves out when it is put forward stand for the end of the gap; local times that a clock shows
/// twice when it is put back stand for the first of the two.
///
/// ```
/// use cartwright_core::calendar::{Day, LocalTime, Zone};
///
/// let berlin = Zone::named("Europe/Berlin")?;
/// // On 29 March 2026 the clocks go from 02:00 to 03:00, so that 02:30 is taken as 03:00.
/// let day = Day::from_civil(2026, 3, 29)?;
/// assert_eq!(berlin.to_utc(day, LocalTime::new(2, 30, 0)?), berlin.to_utc(day, LocalTime::new(3, 0, 0)?));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Seconds east of UTC before the first change.
    first_offset: i32,
    changes: Box<[Change]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    /// UTC seconds.
    at: i64,
    /// Seconds east of UTC until then.
    before: i32,
    /// Seconds east of UTC from then on.
    after: i32,
}

/// Why there is no such zone. The text is cut after 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneError {
    /// Not a name of the IANA database.
    UnknownName(String),
    /// Neither a name of the IANA database nor a POSIX rule.
    WrongRule(String),
    /// The rule's clock changes twice within three days.
    TooManyChanges(String),
    /// Seconds from UTC that are 25 hours or more.
    WrongOffset(i32),
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName(name) => {
                write!(
                    f,
                    "{name:?} is not a time zone: give a name of the IANA database, such as \"Europe/Berlin\" or \"UTC\""
                )
            }
            Self::WrongRule(rule) => write!(
                f,
                "{rule:?} is not a time zone: give a name such as \"Europe/Berlin\" or a POSIX rule such as \"EST5EDT,M3.2.0,M11.1.0\""
            ),
            Self::TooManyChanges(rule) => {
                write!(
                    f,
                    "the clock of {rule:?} changes twice within three days: leave out daylight saving that lasts all year or no time"
                )
            }
            Self::WrongOffset(seconds) => {
                write!(f, "{seconds} seconds from UTC is too far: it must lie within 89999 to either side")
            }
        }
    }
}

impl core::error::Error for ZoneError {}

/// More than twice the largest step that a clock can make (two offsets of up to 25 hours), so that local times stay in order.
const SHORTEST_SEASON: i64 = 3 * DAY_SECONDS;

/// The beginning of [`FIRST_YEAR`] and the end of [`LAST_YEAR`] in UTC.
const START: i64 = FIRST_DAY.0 as i64 * DAY_SECONDS;
const END: i64 = END_DAY.0 as i64 * DAY_SECONDS;

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { first_offset: 0, changes: Box::default() }
    }

    /// A clock that is always so many seconds ahead of UTC (behind when negative).
    ///
    /// # Errors
    /// [`ZoneError::WrongOffset`] for 25 hours or more.
    pub fn fixed(seconds_east: i32) -> Result<Self, ZoneError> {
        if seconds_east.unsigned_abs() >= 90_000 {
            return Err(ZoneError::WrongOffset(seconds_east));
        }
        Ok(Self { first_offset: seconds_east, changes: Box::default() })
    }

    /// The zone with this IANA name (links too, upper and lower case alike): `Europe/Berlin`, `US/Eastern`, `UTC`.
    ///
    /// The rule that is in force now (tzdata 2026f) is taken for all years, those before it too.
    ///
    /// # Errors
    /// [`ZoneError::UnknownName`].
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        let unknown = || ZoneError::UnknownName(cut(name));
        let rule = zone_names::rule_of(name).ok_or_else(unknown)?;
        Self::from_rule(rule).map_err(|_| unknown())
    }

    /// The zone with this POSIX `TZ` rule: `EST5EDT,M3.2.0,M11.1.0`. The table of names is not linked for it.
    ///
    /// # Errors
    /// [`ZoneError::WrongRule`], [`ZoneError::TooManyChanges`].
    pub fn posix(rule: &str) -> Result<Self, ZoneError> {
        Self::from_rule(rule.as_bytes()).map_err(|error| error(cut(rule)))
    }

    /// The error is still without the text that it is about.
    fn from_rule(rule: &[u8]) -> Result<Self, fn(String) -> ZoneError> {
        let rule = PosixRule::parse(rule).ok_or(ZoneError::WrongRule as fn(String) -> ZoneError)?;
        // The years around tell how the first one begins, and what of the next falls into the last by UTC.
        let all = rule.changes(FIRST_YEAR - 1..=LAST_YEAR + 1);
        if all.windows(2).any(|pair| pair[1].0 - pair[0].0 < SHORTEST_SEASON) {
            return Err(ZoneError::TooManyChanges);
        }
        let mut first_offset = rule.standard();
        let mut before = first_offset;
        let mut changes = Vec::with_capacity(all.len());
        for (at, after) in all.into_iter().take_while(|&(at, _)| at < END) {
            if at <= START {
                first_offset = after;
            } else if after != before {
                changes.push(Change { at, before, after });
            }
            before = after;
        }
        Ok(Self { first_offset, changes: changes.into_boxed_slice() })
    }

    /// An IANA name or else a POSIX rule.
    ///
    /// # Errors
    /// [`ZoneError`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, ZoneError> {
        Self::named(text).or_else(|_| Self::posix(text))
    }

    /// Seconds that the clock is ahead of UTC at this instant.
    pub fn offset_at(&self, at: Instant) -> i32 {
        match self.changes.partition_point(|change| change.at <= at.0) {
            0 => self.first_offset,
            passed => self.changes[passed - 1].after,
        }
    }

    /// The day and the time that the clock shows. Beyond the days that [`Day`] can name, the day stays at its last one.
    pub fn to_local(&self, at: Instant) -> (Day, LocalTime) {
        let local = at.0.saturating_add(self.offset_at(at).into());
        let day = local.div_euclid(DAY_SECONDS).clamp(i32::MIN.into(), i32::MAX.into());
        let second = local.rem_euclid(DAY_SECONDS) as u32;
        (Day(day as i32), LocalTime::from_seconds(second).unwrap_or_default())
    }

    /// The instant at which the clock shows this; see [`Zone`] for times that it shows twice or never. A later local time is
    /// never an earlier instant.
    pub fn to_utc(&self, day: Day, time: LocalTime) -> Instant {
        let local = i64::from(day.0) * DAY_SECONDS + i64::from(time.seconds());
        // Changes at which the clock, before it was changed, showed this time or an earlier one.
        let passed = self.changes.partition_point(|change| change.at + i64::from(change.before) <= local);
        match passed {
            0 => Instant(local - i64::from(self.first_offset)),
            passed => {
                let change = &self.changes[passed - 1];
                // In a gap the clock, as changed, has not yet got there at the change itself.
                Instant((local - i64::from(change.after)).max(change.at))
            }
        }
    }
}

fn cut(text: &str) -> String {
    text.get(..text.floor_char_boundary(64)).unwrap_or_default().into()
}
