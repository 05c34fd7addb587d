//! What can go wrong with the store; each message says what to do.

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("there is no {what} `{id}`")]
    NotFound { what: &'static str, id: String },
    /// `there` says what is in the way.
    #[error("{what} `{id}`: {there}")]
    Conflict { what: &'static str, id: String, there: String },
    /// Somebody else changed it first.
    #[error("{what} `{id}` is at version {found}, not {expected}: somebody changed it; read it again and decide anew")]
    Stale { what: &'static str, id: String, expected: i64, found: i64 },
    #[error("`{field}` is `{value}`: {remedy}")]
    Invalid { field: &'static str, value: String, remedy: String },
    /// The store cannot be reached, is too slow, full or locked: may be tried again. A mutation that ends so may still have been made when
    /// the connection broke while it was acknowledged; those with an `expected` version, an id or a `once` can be repeated safely.
    #[error("the store is not available: {why}; {remedy}")]
    Unavailable { why: String, remedy: &'static str },
    /// What lies in the store is not what was written.
    #[error("the store is damaged at {what} `{id}`: {why}; restore it from a backup")]
    Corrupt { what: &'static str, id: String, why: String },
    #[error(
        "the store was brought to schema {found} by a newer version of this software, and needs one that knows schema {needed}; this one \
         knows {known}: update it"
    )]
    TooNew { found: i64, needed: i64, known: i64 },
    #[error("the store cannot be opened at `{url}`: {why}")]
    Open { url: String, why: String },
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(crate) fn invalid(field: &'static str, value: &str, remedy: impl Into<String>) -> Self {
        let mut value: String = value.chars().take(200).collect();
        value.retain(|c| !c.is_control());
        Self::Invalid { field, value, remedy: remedy.into() }
    }

    pub(crate) fn not_found(what: &'static str, id: impl Into<String>) -> Self {
        Self::NotFound { what, id: id.into() }
    }

    pub(crate) fn conflict(what: &'static str, id: impl Into<String>, there: impl Into<String>) -> Self {
        Self::Conflict { what, id: id.into(), there: there.into() }
    }

    pub(crate) fn corrupt(what: &'static str, id: impl Into<String>, why: impl Into<Cause>) -> Self {
        Self::Corrupt { what, id: id.into(), why: why.into().to_string() }
    }
}

/// What an error says, or a text.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(error) => of_database(&*error),
            Error::PoolTimedOut => Self::Unavailable {
                why: "no connection was free or could be made in time".to_owned(),
                remedy: "see that the database runs and can be reached; try again",
            },
            Error::PoolClosed => {
                Self::Unavailable { why: "it was closed".to_owned(), remedy: "this process is ending; ask another one" }
            }
            Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => Self::Unavailable {
                why: format!("the connection failed: {error}"),
                remedy: "see that the database runs and can be reached; try again",
            },
            Error::ColumnDecode { index, source } => Self::corrupt("column", index, source),
            other => Self::corrupt("statement", "", other),
        }
    }
}

/// By SQLite's numbers and PostgreSQL's five characters.
fn of_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let message = error.message().to_owned();
    let unavailable = |remedy| StoreError::Unavailable { why: message.clone(), remedy };
    let code = error.code().unwrap_or_default().into_owned();
    if code.len() == 5 {
        return match &code[..2] {
            "23" => StoreError::conflict("constraint", error.constraint().unwrap_or("?"), message),
            "53" => unavailable("give the database's disk, memory or connections more room; try again"),
            "28" | "3D" => unavailable("correct the database's URL, user or password, or make the database"),
            "25" => {
                unavailable("the database takes no writes, perhaps since it is a standby: give the primary's address")
            }
            "08" | "40" | "55" | "57" => unavailable("try again; if this lasts, see to the database"),
            _ => StoreError::corrupt("statement", code, message),
        };
    }
    // The low byte is the primary code.
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(5 | 6) => unavailable("another process is writing; try again"),
        Ok(13) => unavailable("make room on the disk; try again"),
        Ok(8 | 10 | 14) => unavailable("see that the file's disk is well and that it may be written; try again"),
        Ok(19) => StoreError::conflict("constraint", "?", message),
        _ => StoreError::corrupt("database", code, message),
    }
}
