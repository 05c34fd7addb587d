//! What the store keeps. These records are the API's documents too: serde in camelCase, and with the feature `openapi` their schemas.
//!
//! Times are seconds UTC unless the name says `millis`. Ids are `UUIDv7` as text. What is [`Json`] is not looked into.

mod access;
mod installs;
mod jobs;
mod packages;
mod records;
mod shops;
mod webhooks;

pub use access::*;
pub use installs::*;
pub use jobs::*;
pub use packages::*;
pub use records::*;
pub use shops::*;
pub use webhooks::*;

use crate::error::StoreError;
use serde::{Deserialize, Serialize};

/// A document that the store keeps and does not read.
pub type Json = serde_json::Value;

/// Who does something, and in which request: parameter of every mutation, kept in the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As the audit log and histories show it: `token:<id>`, `cli:<user>`, `server`.
    pub name: String,
    /// The id of the request, when there is one.
    pub request: Option<String>,
}

impl Actor {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), request: None }
    }

    #[must_use]
    pub fn in_request(mut self, request: impl Into<String>) -> Self {
        self.request = Some(request.into());
        self
    }
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The cursor that the part before gave as `next`; `None` begins.
    pub after: Option<String>,
    /// 1 to [`Page::MOST`].
    pub limit: u32,
}

impl Page {
    /// The most items of one part.
    pub const MOST: u32 = 200;

    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    pub fn after(cursor: impl Into<String>, limit: u32) -> Self {
        Self { after: Some(cursor.into()), limit }
    }

    /// The limit, and the cursor of a list that runs by text.
    pub(crate) fn by_text(&self) -> Result<(i64, &str), StoreError> {
        Ok((self.checked_limit()?, self.after.as_deref().unwrap_or("")))
    }

    /// The limit, and the cursor of a list that runs by a number; `start` is where it begins.
    pub(crate) fn by_number(&self, start: i64) -> Result<(i64, i64), StoreError> {
        let after = match &self.after {
            None => start,
            Some(text) => text.parse().map_err(|_| {
                StoreError::invalid("after", text, "give the `next` of the part before, or leave it out to begin")
            })?,
        };
        Ok((self.checked_limit()?, after))
    }

    fn checked_limit(&self) -> Result<i64, StoreError> {
        if (1..=Self::MOST).contains(&self.limit) {
            Ok(i64::from(self.limit))
        } else {
            Err(StoreError::invalid("limit", &self.limit.to_string(), "give 1 to 200"))
        }
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::first(50)
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// Where the next part begins; absent after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// From one item more than was asked for, which only tells that there are more.
    pub(crate) fn of(mut items: Vec<T>, limit: i64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// What was made, and whether this call made it: `false` when the same was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made<T> {
    pub it: T,
    pub created: bool,
}

/// An enum whose values stand as text in the store and in JSON alike.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As it stands in the store and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::error::StoreError;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(crate::error::StoreError::invalid(
                        stringify!($name), word, concat!("one of", $(" `", $word, "`",)+),
                    )),
                }
            }
        }
    };
}
pub(crate) use words;
