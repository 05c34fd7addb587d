//! A program that is not here.

use std::fmt;

/// Set to `required`, this environment variable makes a missing service a failure of the test that wants it. `cargo xtask test` sets it
/// once it has installed everything, so that no test is left out there unnoticed.
pub const REQUIRED: &str = "CARTWRIGHT_SERVICES";

/// A service that cannot be started, since its program is not installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What is not here, where it was looked for.
    pub what: String,
    /// The command that gets it.
    pub remedy: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; to get it: {}", self.what, self.remedy)
    }
}

impl std::error::Error for Missing {}

/// What was started; or nothing, with a line on standard error that says which service the test goes without.
///
/// # Panics
/// When the service is missing and [`REQUIRED`] says that it must not be.
pub fn or_leave_out<T>(started: Result<T, Missing>) -> Option<T> {
    match started {
        Ok(service) => Some(service),
        Err(missing) => {
            let required = std::env::var_os(REQUIRED).is_some_and(|value| value == "required");
            assert!(!required, "{missing} ({REQUIRED}=required)");
            eprintln!("this test is left out: {missing}");
            None
        }
    }
}
