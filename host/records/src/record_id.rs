//! The name of a record.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Names a record: the number of a UUID version 7, so that ids sort by time. As text `019aa9d0-3c00-7000-8000-000000000001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RecordId(pub u128);

/// This text is no record's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record's id is a UUID in lower case, such as 019aa9d0-3c00-7000-8000-000000000001")]
pub struct NoRecordId;

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        write!(f, "{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

impl FromStr for RecordId {
    type Err = NoRecordId;

    /// Only the form that [`fmt::Display`] writes, so that one record has one name.
    fn from_str(text: &str) -> Result<Self, NoRecordId> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let id = u128::from_str_radix(&digits, 16).map(Self).map_err(|_| NoRecordId)?;
        if id.to_string() == text { Ok(id) } else { Err(NoRecordId) }
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'d> Deserialize<'d> for RecordId {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_text_which_sorts_as_the_number_does() {
        let ids = [RecordId(0), RecordId(1), RecordId(0x019a_a9d0_3c00_7000_8000_0000_0000_0001), RecordId(u128::MAX)];
        let texts = ids.map(|id| id.to_string());
        assert_eq!(texts[2], "019aa9d0-3c00-7000-8000-000000000001");
        assert!(texts.is_sorted());
        assert_eq!(texts.map(|text| text.parse()), ids.map(Ok));
        for wrong in ["", "1", "019AA9D0-3c00-7000-8000-000000000001", "019aa9d03c0070008000000000000001", "+1", "x"] {
            assert_eq!(wrong.parse::<RecordId>(), Err(NoRecordId), "{wrong}");
        }
    }
}
