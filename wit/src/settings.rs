//! A merchant's settings for a plugin: `settings.wit`.

use alloc::string::String;
use cartwright_contract_macros::contract;

/// One thing that is wrong, or odd, in the settings.
#[contract]
pub struct Issue {
    /// Where, as a JSON pointer: `/services/2/zones`.
    pub path: String,
    /// The value found there as JSON, cut after 200 characters.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl core::fmt::Display for Issue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{path}: {} (found {}); {}", self.message, self.value, self.remedy)
    }
}
