//! What a user types to name things: `demo/quotes@3`, `shipping-quote@1.2.0`, `10%`, `30d`.

use crate::commands::run::clock;
use crate::complaint::Complaint;
use std::fmt;
use std::str::FromStr;

/// An install of a shop, and maybe one of its revisions: `SHOP/INSTALL`, `SHOP/HOOK/NAME`, each with `@REVISION` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub shop: String,
    /// Where a name alone could be an install of another hook too.
    pub hook: Option<String>,
    /// A name or an id.
    pub install: String,
    /// From 1.
    pub revision: Option<i64>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXAMPLES: &str = "give SHOP/INSTALL such as demo/quotes, or with a revision demo/quotes@3";
        let (path, revision) = match text.split_once('@') {
            None => (text, None),
            Some((path, number)) => {
                let number: Option<i64> = number.parse().ok().filter(|number| *number > 0);
                let wrong = || format!("a revision is a number from 1, not {:?}", &text[path.len() + 1..]);
                (path, Some(number.ok_or_else(wrong)?))
            }
        };
        let parts: Vec<_> = path.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(EXAMPLES.into());
        }
        let (shop, hook, install) = match parts.as_slice() {
            [shop, install] => (*shop, None, *install),
            [shop, hook, install] => (*shop, Some((*hook).to_owned()), *install),
            _ => return Err(EXAMPLES.into()),
        };
        Ok(Self { shop: shop.into(), hook, install: install.into(), revision })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.shop)?;
        if let Some(hook) = &self.hook {
            write!(f, "{hook}/")?;
        }
        f.write_str(&self.install)?;
        self.revision.map_or(Ok(()), |revision| write!(f, "@{revision}"))
    }
}

/// A published version of a package: `PACKAGE@VERSION`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageAt {
    pub package: String,
    pub version: String,
}

impl FromStr for PackageAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            Some((package, version)) if !package.is_empty() && !version.is_empty() => {
                Ok(Self { package: package.into(), version: version.into() })
            }
            _ => Err("give PACKAGE@VERSION such as shipping-quote@1.2.0; `cartwright packages` lists them".into()),
        }
    }
}

impl fmt::Display for PackageAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.package, self.version)
    }
}

/// A part of all requests, per mille.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(pub u32);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let per_mille = || {
            let number = text.strip_suffix('%')?.trim_end();
            let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
            let tenth = (tenths.len() == 1).then(|| tenths.parse::<u32>().ok()).flatten()?;
            whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)
        };
        match per_mille() {
            Some(share @ 1..=1000) => Ok(Self(share)),
            _ => Err("give a part of the requests from 0.1% to 100%, such as 10%".into()),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}%", self.0 / 10),
            tenth => write!(f, "{}.{tenth}%", self.0 / 10),
        }
    }
}

/// A moment in UTC seconds, or so long before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// UTC seconds.
    At(i64),
    /// Seconds.
    Ago(i64),
}

impl Moment {
    /// UTC seconds.
    pub fn seconds(self) -> Result<i64, Complaint> {
        match self {
            Self::At(seconds) => Ok(seconds),
            Self::Ago(seconds) => Ok(clock()?.saturating_sub(seconds)),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(seconds) = span(text) {
            return Ok(Self::Ago(seconds));
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::At(instant.as_second()));
        }
        let day = text.parse::<jiff::civil::Date>().ok();
        let start = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
        start.map(|start| Self::At(start.timestamp().as_second())).ok_or_else(|| {
            "give how long ago, such as 90m, 12h or 30d, or a day such as 2026-11-01 (UTC), or a timestamp such as 2026-11-21T15:00:00Z"
                .into()
        })
    }
}

/// A time from now on or back, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub i64);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        span(text).map(Self).ok_or_else(|| "give a time with its unit, such as 90s, 15m, 12h or 30d".into())
    }
}

/// `30d` in seconds.
fn span(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    number.parse::<u32>().ok().map(|number| i64::from(number) * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_install_is_named_by_its_shop_and_maybe_its_hook_and_revision() {
        for text in ["demo/quotes", "demo/quotes@3", "demo/shipping-quote/main", "demo/shipping-quote/main@12"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        for text in ["demo", "demo/", "/quotes", "a/b/c/d", "demo//quotes", ""] {
            assert!(text.parse::<Target>().unwrap_err().contains("demo/quotes@3"), "{text:?}");
        }
        for text in ["demo/quotes@", "demo/quotes@0", "demo/quotes@-1", "demo/quotes@new", "demo/quotes@1@2"] {
            assert!(text.parse::<Target>().unwrap_err().contains("number from 1"), "{text:?}");
        }
    }

    #[test]
    fn a_package_needs_its_version() {
        assert_eq!("a-b@1.0.0-rc.1".parse::<PackageAt>().unwrap().to_string(), "a-b@1.0.0-rc.1");
        for text in ["a", "a@", "@1", ""] {
            assert!(text.parse::<PackageAt>().unwrap_err().contains("PACKAGE@VERSION"), "{text:?}");
        }
    }

    #[test]
    fn a_share_is_in_per_cent_with_one_decimal_at_most() {
        for (text, share) in [("10%", 100), ("100%", 1000), ("0.1%", 1), ("2.5%", 25), ("7 %", 70)] {
            assert_eq!(text.parse(), Ok(Share(share)), "{text}");
        }
        for text in ["10", "0%", "101%", "-1%", "0.05%", "%", "1.%", "99999999999%"] {
            assert!(text.parse::<Share>().unwrap_err().contains("such as 10%"), "{text:?}");
        }
        assert_eq!((Share(25).to_string(), Share(100).to_string()), ("2.5%".into(), "10%".into()));
    }

    #[test]
    fn a_moment_is_a_day_a_timestamp_or_so_long_ago() {
        assert_eq!("30d".parse(), Ok(Moment::Ago(2_592_000)));
        assert_eq!("90m".parse(), Ok(Moment::Ago(5400)));
        assert_eq!("1970-01-02".parse(), Ok(Moment::At(86_400)));
        assert_eq!("1970-01-01T01:00:00+01:00".parse(), Ok(Moment::At(0)));
        for text in ["", "d", "30", "-1d", "yesterday", "99999999999d", "3µ", "µ"] {
            assert!(text.parse::<Moment>().unwrap_err().contains("30d"), "{text:?}");
        }
    }
}
