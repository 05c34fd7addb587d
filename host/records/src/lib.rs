//! Decision records: what a call rested on and gave, sealed, written off the hot path, compared.
