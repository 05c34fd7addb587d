//! Carts and settings for a plugin's own tests, natively.
