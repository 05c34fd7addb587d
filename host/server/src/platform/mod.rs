//! Shops of a store: installed by their merchants, tried, switched, recorded and replayed while the server runs.
//!
//! From the bottom up: [`merchant`] is what a shop's document says; `keys` seal and open; `blobs` hold components and settings by digest; `catalog` turns
//! the store's rows into shops that answer; `rollouts` counts and judges candidates; [`observe`] takes every decision after its answer;
//! `replay` asks again; `follow` learns of changes that others made.
//!
//! What this module must not know: HTTP.
