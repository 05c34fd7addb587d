//! Several pieces of bytes as one, compressed where that pays.
