//! Conditions of rules: tests of signals, and how they are joined. They are data: nothing here is parsed from an expression.
//!
//! A test of a signal that is not known does not hold, whatever it asks; only [`Ask::Known`] asks for that. What this file must not
//! know: how a condition is run, and how settings write it.

use super::signals::{Form, Kind, Signal};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Every one of them holds.
    All(Vec<Condition>),
    /// At least one of them holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The condition with this name holds.
    Named(String),
    Test(Test),
}

/// What is asked of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether the request says it at all.
    Known(bool),
    /// A flag is this.
    Is(bool),
    /// A number is within these ends, both included.
    Within { least: i64, most: i64 },
    /// A text is one of these.
    OneOf(BTreeSet<String>),
    /// A text is none of these.
    NoneOf(BTreeSet<String>),
    /// Some of these tags is there.
    Has(BTreeSet<String>),
    /// A text is the same as that of this signal.
    SameAs(Signal),
    /// A text is another than that of this signal, which is known.
    DiffersFrom(Signal),
}

/// One question about one signal, of the signal's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    signal: Signal,
    ask: Ask,
}

/// A question that does not fit the signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestError {
    /// A flag is asked for a number, and the like.
    Kind { signal: Signal, asked: &'static str },
    /// A text that the signal never is.
    NoSuchText { signal: Signal, text: String },
    /// An empty list.
    Nothing { signal: Signal },
}

impl fmt::Display for TestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { signal, asked } => {
                let is = match signal.info().kind {
                    Kind::Flag => "true or false",
                    Kind::Number { .. } => "a number",
                    Kind::Text(_) => "a text",
                    Kind::Tags => "a list of tags",
                };
                write!(f, "the signal `{}` is {is} and cannot be asked for {asked}", signal.info().name)
            }
            Self::NoSuchText { signal, text } => {
                let right = match signal.info().kind {
                    Kind::Text(Form::OneOf(texts)) => format!("it is one of `{}`", texts.join("`, `")),
                    Kind::Text(Form::Country) => "it is an ISO 3166-1 alpha-2 code such as \"US\"".into(),
                    Kind::Text(Form::Lower) => "it is in lower case".into(),
                    _ => "it has 1 to 255 bytes".into(),
                };
                write!(f, "the signal `{}` is never \"{text}\": {right}", signal.info().name)
            }
            Self::Nothing { signal } => write!(f, "nothing is asked of the signal `{}`", signal.info().name),
        }
    }
}

impl core::error::Error for TestError {}

impl Test {
    /// # Errors
    /// When the question does not fit the signal.
    pub fn new(signal: Signal, ask: Ask) -> Result<Self, TestError> {
        let kind = signal.info().kind;
        let wrong = |asked| Err(TestError::Kind { signal, asked });
        match (&ask, kind) {
            (Ask::Known(_), Kind::Tags) => return wrong("being known: no tags are an empty list"),
            (Ask::Known(_), _) | (Ask::Is(_), Kind::Flag) | (Ask::Within { .. }, Kind::Number { .. }) => {}
            (Ask::Is(_), _) => return wrong("true or false"),
            (Ask::Within { .. }, _) => return wrong("a number"),
            (Ask::OneOf(texts) | Ask::NoneOf(texts), Kind::Text(form)) => check_texts(signal, form, texts)?,
            (Ask::OneOf(_) | Ask::NoneOf(_), _) => return wrong("a text"),
            (Ask::Has(tags), Kind::Tags) => check_texts(signal, Form::Any, tags)?,
            (Ask::Has(_), _) => return wrong("tags"),
            (Ask::SameAs(other) | Ask::DiffersFrom(other), Kind::Text(_)) => {
                if !matches!(other.info().kind, Kind::Text(_)) {
                    return Err(TestError::Kind { signal: *other, asked: "the text of another signal" });
                }
            }
            (Ask::SameAs(_) | Ask::DiffersFrom(_), _) => return wrong("the text of another signal"),
        }
        Ok(Self { signal, ask })
    }

    #[must_use]
    pub fn signal(&self) -> Signal {
        self.signal
    }

    #[must_use]
    pub fn ask(&self) -> &Ask {
        &self.ask
    }
}

fn check_texts(signal: Signal, form: Form, texts: &BTreeSet<String>) -> Result<(), TestError> {
    if texts.is_empty() {
        return Err(TestError::Nothing { signal });
    }
    let fits = |text: &String| match form {
        Form::Any => !text.is_empty() && text.len() <= 255,
        Form::Lower => !text.is_empty() && text.len() <= 255 && text.to_lowercase() == **text,
        Form::Country => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        Form::OneOf(known) => known.contains(&&**text),
    };
    match texts.iter().find(|text| !fits(text)) {
        Some(text) => Err(TestError::NoSuchText { signal, text: text.clone() }),
        None => Ok(()),
    }
}

impl Condition {
    /// Every test in it, those of named conditions left out.
    pub(crate) fn tests(&self, each: &mut dyn FnMut(&Test)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(each)),
            Self::Not(part) => part.tests(each),
            Self::Named(_) => {}
            Self::Test(test) => each(test),
        }
    }

    /// Every name in it.
    pub(crate) fn names(&self, each: &mut dyn FnMut(&str)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.names(each)),
            Self::Not(part) => part.names(each),
            Self::Named(name) => each(name),
            Self::Test(_) => {}
        }
    }
}
