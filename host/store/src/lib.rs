//! What must outlive the process: SQLite by default, PostgreSQL by one option.
