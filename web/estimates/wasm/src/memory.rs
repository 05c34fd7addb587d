//! What std would bring: an allocator, and what a panic does.
//!
//! Memory is handed out upwards and never taken back piece by piece, which would be a tenth of the module: an estimate takes little (1.3 MB for
//! 500 lines), and all of it is given back at once when the estimate is done.
//!
//! What this module must not know: what memory is used for.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::UnsafeCell;

const PAGE: usize = 65_536;

struct State {
    /// What lies before it is taken.
    next: usize,
    /// Where the module's memory ends.
    end: usize,
    /// What lies before it is taken for good.
    kept: usize,
    /// Something is taken for good since that was noted.
    more: bool,
}

struct Upwards(UnsafeCell<State>);

// SAFETY: wasm32-unknown-unknown without atomics has one thread.
unsafe impl Sync for Upwards {}

#[global_allocator]
static MEMORY: Upwards = Upwards(UnsafeCell::new(State { next: 0, end: 0, kept: 0, more: false }));

// SAFETY: each piece begins at or after the end of all that is taken and ends within the module's memory. That end is moved back by `release`
// alone, whose caller vouches for it.
unsafe impl GlobalAlloc for Upwards {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and no reference to the state outlives a call.
        let state = unsafe { &mut *self.0.get() };
        let mut at = state.next.next_multiple_of(layout.align());
        if at.saturating_add(layout.size()) > state.end {
            let pages = layout.size().div_ceil(PAGE) + 1;
            let before = wasm32::memory_grow(0, pages);
            if before == usize::MAX {
                return core::ptr::null_mut();
            }
            // The first time, and when somebody else has grown the memory, what lies between is not ours.
            if before * PAGE != state.end {
                at = (before * PAGE).next_multiple_of(layout.align());
            }
            state.end = (before + pages) * PAGE;
        }
        state.next = at + layout.size();
        at as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// The last piece grows where it is.
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        let at = piece as usize;
        if at + layout.size() == state.next && at.saturating_add(size) <= state.end {
            state.next = at + size;
            return piece;
        }
        // SAFETY: the caller's layout with another size, which it has checked; the new piece lies apart from the old one.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(piece, moved, layout.size().min(size));
            }
            moved
        }
    }
}

/// What is taken from now until a question begins stays: a shop.
pub fn keep_more() {
    // SAFETY: as in `alloc`.
    let state = unsafe { &mut *MEMORY.0.get() };
    state.more = true;
}

/// A question begins; its own bytes are taken already, and stay with a shop that was taken before them.
pub fn begin() {
    // SAFETY: as in `alloc`.
    let state = unsafe { &mut *MEMORY.0.get() };
    if core::mem::take(&mut state.more) {
        state.kept = state.next;
    }
}

/// Gives back all that was taken for a question.
///
/// # Safety
/// Nothing of it may be used once something else is taken.
pub unsafe fn release() {
    // SAFETY: as in `alloc`.
    let state = unsafe { &mut *MEMORY.0.get() };
    state.next = state.kept;
}

/// A panic traps; the caller in TypeScript turns the trap into a problem.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
