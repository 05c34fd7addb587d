//! Compiled functions, so that a package whose code is compiled for one merchant is not compiled again for the next.
//!
//! A plugin is compiled with its settings already in its memory, so two merchants of one package have two components that differ in
//! their data and hardly in their code. Cranelift asks here for each function, by a digest of all that its machine code depends on. Kept in
//! memory only: what is machine code and lies on a disk must be authenticated, and [`crate::cache`] does that for whole plugins.
//!
//! What this module must not know: plugins, settings, what a function does.

use lru::LruCache;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use wasmtime::CacheStore;

/// Compiled functions within a budget of bytes; who was not asked for longest goes first.
pub struct Functions {
    kept: Mutex<Kept>,
    budget: usize,
}

struct Kept {
    functions: LruCache<Box<[u8]>, Box<[u8]>>,
    bytes: usize,
}

impl Functions {
    /// Keeps at most this many bytes.
    pub fn within(budget: usize) -> Self {
        Self { kept: Mutex::new(Kept { functions: LruCache::unbounded(), bytes: 0 }), budget }
    }
}

impl CacheStore for Functions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.functions.get(key).map(|code| Cow::Owned(code.to_vec()))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let size = key.len() + value.len();
        if size > self.budget {
            return false;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += size;
        if let Some((key, before)) = kept.functions.push(key.into(), value.into()) {
            kept.bytes -= key.len() + before.len();
        }
        while kept.bytes > self.budget {
            let Some((key, code)) = kept.functions.pop_lru() else { break };
            kept.bytes -= key.len() + code.len();
        }
        true
    }
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Functions")
            .field("functions", &kept.functions.len())
            .field("bytes", &kept.bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_holds_and_the_longest_unused_goes_first() {
        let functions = Functions::within(30);
        for key in [b"a", b"b", b"c"] {
            assert!(functions.insert(key, vec![0; 9]));
        }
        assert!(functions.get(b"a").is_some());
        assert!(functions.insert(b"d", vec![0; 9]));
        let there = [b"a", b"b", b"c", b"d"].map(|key| functions.get(key).is_some());
        assert_eq!(there, [true, false, true, true]);
        assert!(!functions.insert(b"e", vec![0; 30]), "larger than everything");
    }

    #[test]
    fn a_function_that_is_put_twice_counts_once() {
        let functions = Functions::within(30);
        for _ in 0..10 {
            assert!(functions.insert(b"a", vec![1; 20]));
        }
        assert_eq!(functions.get(b"a").as_deref(), Some(&[1; 20][..]));
        assert_eq!(functions.kept.lock().map(|kept| kept.bytes).ok(), Some(21));
    }
}
