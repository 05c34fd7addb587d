//! Where the configured plugin lives: a static that the host's snapshot keeps.

use cartwright_contract::types::Failure;
use core::cell::UnsafeCell;
use core::marker::PhantomData;

/// Holds a plugin once it is configured.
pub struct Place<P>(UnsafeCell<Option<P>>);

// SAFETY: a plugin's component has one thread; the contract has no way to make another.
unsafe impl<P> Sync for Place<P> {}

impl<P> Place<P> {
    /// Nothing is configured yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// Puts the configured plugin in place.
    pub fn put(&self, plugin: P) {
        // SAFETY: one thread, and `configure` is not called within `run`: the component model forbids re-entrance.
        unsafe { *self.0.get() = Some(plugin) };
    }

    /// The configured plugin.
    ///
    /// # Errors
    /// `NOT_CONFIGURED` before `configure` was called with settings that hold.
    pub fn get(&self) -> Result<&P, Failure> {
        // SAFETY: as above; nobody writes while a call reads.
        unsafe { &*self.0.get() }.as_ref().ok_or_else(|| Failure {
            code: "NOT_CONFIGURED".into(),
            message: "the plugin was called before it was configured; call `settings.configure` first".into(),
            field: None,
        })
    }
}

impl<P> Default for Place<P> {
    fn default() -> Self {
        Self::new()
    }
}

/// A plugin that has such a place; [`plugin!`](macro@crate::plugin) sees to it.
pub trait Home: Sized + 'static {
    /// The one place of this plugin.
    fn place() -> &'static Place<Self>;
}

/// What the generated exports are attached to.
pub struct Exports<P>(PhantomData<P>);
