//! How Rust's own types stand in settings.

use super::{Issues, Path, Settings};
use crate::json::{Kind, Node};
use crate::schema::Piece::{self, Number, Text, Tree};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Below this, and above its negative, a number is no use in a schema: programs that hold numbers as floats misread it.
const EXACT: i128 = -(1 << 53);

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl Settings for $integer {
            const SHAPE: &'static [Piece] = &[Text("\"type\":\"integer\"")];
            const MINIMUM: &'static [Piece] =
                if EXACT < <$integer>::MIN as i128 { &[Text(",\"minimum\":"), Number(<$integer>::MIN as i128)] } else { &[] };
            const MAXIMUM: &'static [Piece] =
                if -EXACT > <$integer>::MAX as i128 { &[Text(",\"maximum\":"), Number(<$integer>::MAX as i128)] } else { &[] };

            fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
                let number = integer(node, at, issues, <$integer>::MIN as i128, <$integer>::MAX as i128)?;
                Self::try_from(number).ok()
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Not generic: one copy of this serves every width.
fn integer(node: Node<'_>, at: &Path<'_>, issues: &mut Issues, least: i128, most: i128) -> Option<i128> {
    if node.kind() != Kind::Number {
        return issues.kind(at, node, "a whole number");
    }
    match node.integer() {
        Some(number) if (least..=most).contains(&number) => Some(number),
        None if node.text().contains(['.', 'e', 'E']) => issues.add(
            at,
            Some(node),
            "expected a whole number",
            "write it without fraction and exponent, in the field's unit",
        ),
        _ => out_of_range(node, at, issues, least, most),
    }
}

pub(super) fn out_of_range<T>(
    node: Node<'_>,
    at: &Path<'_>,
    issues: &mut Issues,
    least: i128,
    most: i128,
) -> Option<T> {
    let (least, most) = (least.to_string(), most.to_string());
    issues.add(
        at,
        Some(node),
        &["must be from ", &least, " to ", &most].concat(),
        &["give a whole number from ", &least, " to ", &most].concat(),
    )
}

impl Settings for bool {
    const SHAPE: &'static [Piece] = &[Text("\"type\":\"boolean\"")];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        node.boolean().or_else(|| issues.kind(at, node, "true or false"))
    }
}

impl Settings for String {
    const SHAPE: &'static [Piece] = &[Text("\"type\":\"string\"")];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        match node.string() {
            Some(text) => Some(text.into_owned()),
            None => issues.kind(at, node, "a string"),
        }
    }
}

impl<T: Settings> Settings for Option<T> {
    const SHAPE: &'static [Piece] = T::SHAPE;
    const MINIMUM: &'static [Piece] = T::MINIMUM;
    const MAXIMUM: &'static [Piece] = T::MAXIMUM;
    const WORDS: &'static [Piece] = T::WORDS;

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        T::read(node, at, issues).map(Some)
    }

    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Settings> Settings for Box<T> {
    const SHAPE: &'static [Piece] = T::SHAPE;
    const MINIMUM: &'static [Piece] = T::MINIMUM;
    const MAXIMUM: &'static [Piece] = T::MAXIMUM;
    const WORDS: &'static [Piece] = T::WORDS;

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        T::read(node, at, issues).map(Box::new)
    }
}

impl<T: Settings> Settings for Vec<T> {
    const SHAPE: &'static [Piece] = &[
        Text("\"type\":\"array\",\"items\":{"),
        Tree(T::SHAPE),
        Tree(T::MINIMUM),
        Tree(T::MAXIMUM),
        Tree(T::WORDS),
        Text("}"),
    ];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        if node.kind() != Kind::List {
            return issues.kind(at, node, "a list");
        }
        // Counted first: the list is then exactly as long as it must be, in the snapshot and in every call after it.
        let mut list = Vec::with_capacity(node.elements().count());
        let mut whole = true;
        for (index, element) in node.elements().enumerate() {
            match T::read(element, &at.element(index), issues) {
                Some(value) => list.push(value),
                None => whole = false,
            }
        }
        whole.then_some(list)
    }
}

impl<T: Settings> Settings for BTreeMap<String, T> {
    const SHAPE: &'static [Piece] = &[
        Text("\"type\":\"object\",\"additionalProperties\":{"),
        Tree(T::SHAPE),
        Tree(T::MINIMUM),
        Tree(T::MAXIMUM),
        Tree(T::WORDS),
        Text("}"),
    ];

    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self> {
        if node.kind() != Kind::Object {
            return issues.kind(at, node, "an object");
        }
        let mut map = BTreeMap::new();
        let mut whole = true;
        for (name, member) in node.members() {
            let here = at.member(&name);
            match T::read(member, &here, issues) {
                Some(_) if map.contains_key(&*name) => {
                    super::read::twice(member, &here, issues);
                    whole = false;
                }
                Some(value) => {
                    map.insert(name.into_owned(), value);
                }
                None => whole = false,
            }
        }
        whole.then_some(map)
    }
}

/// Makes a type with `FromStr` readable from a string in settings.
///
/// ```
/// use core::str::FromStr;
///
/// struct TimeOfDay(u16);
///
/// impl FromStr for TimeOfDay {
///     type Err = ();
///     fn from_str(text: &str) -> Result<Self, ()> {
///         let (hours, minutes) = text.split_once(':').ok_or(())?;
///         Ok(Self(hours.parse::<u16>().map_err(drop)? * 60 + minutes.parse::<u16>().map_err(drop)?))
///     }
/// }
///
/// cartwright_sdk::text_setting!(TimeOfDay, format: "time", expects: "a time of day such as 16:30");
/// ```
#[macro_export]
macro_rules! text_setting {
    ($type:ty, format: $format:literal, expects: $expects:literal) => {
        impl $crate::settings::Settings for $type {
            const SHAPE: &'static [$crate::schema::Piece] =
                &[$crate::schema::Piece::Text(concat!("\"type\":\"string\",\"format\":\"", $format, "\""))];

            fn read(
                node: $crate::json::Node<'_>,
                at: &$crate::settings::Path<'_>,
                issues: &mut $crate::settings::Issues,
            ) -> Option<Self> {
                match node.string() {
                    Some(text) => text.parse().ok().or_else(|| {
                        issues.add(at, Some(node), concat!("is not ", $expects), concat!("write ", $expects))
                    }),
                    None => issues.kind(at, node, $expects),
                }
            }
        }
    };
}
