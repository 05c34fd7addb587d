//! What a signal can be, and what it is on one order.
//!
//! What this file must not know: which signals there are.

use alloc::borrow::Cow;
use cartwright_contract::Unit;

/// What values a signal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Holds or does not.
    Flag,
    /// A whole number, 0 or more, at most `most`.
    Number { unit: Unit, most: i64 },
    /// A text of this form.
    Text(Form),
    /// Several texts: tags.
    Tags,
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As the platform writes it.
    Any,
    /// An ISO 3166-1 alpha-2 code, upper case.
    Country,
    /// In lower case.
    Lower,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// What a signal is on one order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value<'r> {
    /// The request does not say it. Only a condition that asks whether it is known holds.
    #[default]
    Unknown,
    Flag(bool),
    Number(i64),
    Text(Cow<'r, str>),
}

impl<'r> Value<'r> {
    pub(crate) fn flag(flag: Option<bool>) -> Self {
        flag.map_or(Self::Unknown, Self::Flag)
    }

    pub(crate) fn number(number: Option<i64>) -> Self {
        number.map_or(Self::Unknown, Self::Number)
    }

    pub(crate) fn text(text: Option<&'r str>) -> Self {
        text.map_or(Self::Unknown, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// A text that is empty when nothing is known.
    pub(crate) fn non_empty(text: &'r str) -> Self {
        Self::text(Some(text).filter(|text| !text.is_empty()))
    }

    /// The number that a model reads: a flag counts 0 or 1.
    pub(crate) fn feature(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Flag(flag) => Some(i64::from(*flag)),
            Self::Unknown | Self::Text(_) => None,
        }
    }
}
