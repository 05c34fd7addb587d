//! What only exists inside the sandbox: memory, panics, and the place where the configured plugin lives.
//!
//! What this module must not know: settings and hooks.

#[cfg(feature = "allocator")]
mod allocator;
#[cfg(feature = "std")]
mod libc;
mod panic;
mod place;

pub use panic::report as report_panics;
pub use place::{Exports, Home, Place};

/// Called when a plugin is configured: puts the memory in order for the snapshot.
pub fn settle() {
    #[cfg(feature = "allocator")]
    allocator::settle();
}

// Where the standard library does not bring it, the target's C library is asked for what the compiler itself calls
// (`memcmp`). Only the members that are referred to are linked; those need no WASI.
#[cfg(not(feature = "std"))]
#[link(name = "c")]
unsafe extern "C" {}

/// How the host puts a request into the plugin's memory; a part of the component model's ABI.
///
/// # Safety
/// Called by the host's side only, with a block that this function gave, or none.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
    use alloc::alloc::{Layout, alloc, realloc};
    use core::arch::wasm32::unreachable;

    if size == 0 {
        return core::ptr::without_provenance_mut(align);
    }
    let old_layout = Layout::from_size_align(if old_size == 0 { size } else { old_size }, align);
    let Ok(layout) = old_layout else { unreachable() };
    // SAFETY: the sizes are not zero, and the host hands back what it was given.
    let block = unsafe { if old_size == 0 { alloc(layout) } else { realloc(old, layout, size) } };
    if block.is_null() {
        unreachable();
    }
    block
}
