//! What a signature says: the trusted comment of minisign's format, which the signature covers.

use crate::digest::Digest;
use crate::package::{check_name, check_version};
use std::fmt;

const WORD: &str = "cartwright";

/// `cartwright package=<name> version=<version> digest=<sha256:…>`: these bytes are this version of this package.
///
/// Without it, a signed old version could be passed off as a new one, or as another package of the same author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub package: String,
    pub version: String,
    pub digest: Digest,
}

impl Statement {
    /// Reads a trusted comment. Words that are not known may follow (a later version may say more); none may come twice.
    ///
    /// # Errors
    /// What of it is missing or wrong, in words.
    pub fn parse(comment: &str) -> Result<Self, String> {
        let mut words = comment.split_ascii_whitespace();
        if words.next() != Some(WORD) {
            return Err(format!("it does not begin with `{WORD}`"));
        }
        let (mut package, mut version, mut digest) = (None, None, None);
        for word in words {
            let Some((key, value)) = word.split_once('=') else { continue };
            let place = match key {
                "package" => &mut package,
                "version" => &mut version,
                "digest" => &mut digest,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(format!("it says `{key}=` twice"));
            }
        }
        let package = package.ok_or("it says no `package=`")?;
        let version = version.ok_or("it says no `version=`")?;
        let digest = digest.ok_or("it says no `digest=`")?;
        check_name(package).map_err(|error| error.to_string())?;
        check_version(version).map_err(|error| error.to_string())?;
        let digest = digest.parse().map_err(|error: crate::DigestError| error.to_string())?;
        Ok(Self { package: package.into(), version: version.into(), digest })
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{WORD} package={} version={} digest={}", self.package, self.version, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement { package: "flat-rate".into(), version: "1.0.0+7".into(), digest: Digest::of(b"x") }
    }

    #[test]
    fn a_statement_reads_as_it_prints() {
        assert_eq!(Statement::parse(&statement().to_string()), Ok(statement()));
    }

    #[test]
    fn a_later_version_may_say_more() {
        assert_eq!(Statement::parse(&format!("{} timestamp=1 and more", statement())), Ok(statement()));
    }

    #[test]
    fn nothing_may_be_said_twice_or_left_out() {
        let text = statement().to_string();
        for (wrong, why) in [
            (format!("{text} version=2.0.0"), "it says `version=` twice"),
            (text.replace("version=", "release="), "it says no `version=`"),
            (text.replace("cartwright", "timestamp:1"), "it does not begin with `cartwright`"),
            (String::new(), "it does not begin with `cartwright`"),
        ] {
            assert_eq!(Statement::parse(&wrong), Err(why.into()), "{wrong}");
        }
        assert!(Statement::parse(&text.replace("sha256:", "")).unwrap_err().contains("is not a digest"));
    }
}
