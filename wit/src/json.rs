//! How instants and days are written in JSON: modules for `#[serde(with = "…")]`.

use alloc::string::String;

/// What a reader of JSON says of a wrong value, in the words of the contract instead of Rust's.
#[must_use]
pub fn plain_words(message: &str) -> String {
    const NUMBERS: [(&str, &str); 4] = [
        ("u32", "a whole number from 0 to 4294967295"),
        ("u16", "a whole number from 0 to 65535"),
        ("i64", "a whole number; money is in minor units: 19.99 is 1999"),
        ("i32", "a whole number; places are in millionths of a degree: 45.53 is 45530000"),
    ];
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.into() };
    let number = NUMBERS.iter().find(|(rust, _)| *rust == expected).map(|(_, words)| *words);
    let words = match (number, expected.strip_prefix("struct ")) {
        (Some(words), _) => words,
        (None, Some(name)) if name.starts_with("Dimensions") => {
            "an object such as {\"length\":120,\"width\":90,\"height\":60}"
        }
        (None, Some(_)) => "an object",
        (None, None) => expected,
    };
    alloc::format!("{found}, expected {words}")
}

macro_rules! text_form {
    ($module:ident, $number:ty, $write:expr, $read:expr, $expects:literal) => {
        pub mod $module {
            use alloc::string::{String, ToString};
            use serde::{Deserialize, Deserializer, Serializer};

            /// # Errors
            /// When the value is outside of the years that text can tell.
            pub fn write<E: serde::ser::Error>(value: $number) -> Result<String, E> {
                let write: fn($number) -> Result<String, jiff::Error> = $write;
                write(value).map_err(|e| E::custom(e.to_string()))
            }

            /// # Errors
            /// When the text is not in this form.
            pub fn read<E: serde::de::Error>(text: &str) -> Result<$number, E> {
                let read: fn(&str) -> Result<$number, jiff::Error> = $read;
                read(text).map_err(|_| E::custom(alloc::format!(concat!("{:?} is not ", $expects), text)))
            }

            /// # Errors
            /// When the value is outside of the years that text can tell.
            pub fn serialize<S: Serializer>(value: &$number, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&write::<S::Error>(*value)?)
            }

            /// # Errors
            /// When the text is not in this form.
            pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<$number, D::Error> {
                read(&String::deserialize(deserializer)?)
            }

            /// The same where the field may be absent.
            pub mod optional {
                use alloc::string::String;
                use serde::{Deserialize, Deserializer, Serializer};

                /// # Errors
                /// When the value is outside of the years that text can tell.
                pub fn serialize<S: Serializer>(value: &Option<$number>, serializer: S) -> Result<S::Ok, S::Error> {
                    match value {
                        Some(value) => super::serialize(value, serializer),
                        None => serializer.serialize_none(),
                    }
                }

                /// # Errors
                /// When the text is not in this form.
                pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<$number>, D::Error> {
                    Option::<String>::deserialize(deserializer)?.map(|text| super::read(&text)).transpose()
                }
            }
        }
    };
}

text_form!(
    instant,
    i64,
    |seconds| Ok(jiff::Timestamp::from_second(seconds)?.to_string()),
    |text| Ok(text.parse::<jiff::Timestamp>()?.as_second()),
    "a timestamp such as \"2026-11-21T15:00:00Z\""
);
text_form!(
    day,
    i32,
    |days| Ok(jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days)?)?.to_string()),
    |text| {
        let date = text.parse::<jiff::civil::Date>()?;
        Ok((date - jiff::civil::date(1970, 1, 1)).get_days())
    },
    "a date such as \"2026-11-26\""
);
