//! What std would bring: an allocator, and what a panic does.
//!
//! Memory is handed out upwards and taken back only at its end, which is where lists that grow and what a call frees last are. An estimate's
//! memory is given back as a whole when the outermost call has freed all that it took; what stays (the shop) was taken before.
//!
//! What this module must not know: what memory is used for.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::cell::UnsafeCell;

const PAGE: usize = 65_536;

/// The end of what is taken, of what there is, and how many pieces were taken since `floor`.
struct State {
    next: usize,
    end: usize,
    /// Nothing below it is taken back.
    floor: usize,
    /// Pieces above the floor that were not freed yet.
    live: usize,
}

struct Upwards(UnsafeCell<State>);

// SAFETY: wasm32-unknown-unknown without atomics has one thread.
unsafe impl Sync for Upwards {}

#[global_allocator]
static MEMORY: Upwards = Upwards(UnsafeCell::new(State { next: 0, end: 0, floor: 0, live: 0 }));

// SAFETY: pieces never overlap: each begins at or after the end of all that is taken, and that end is moved back only over a piece that is
// freed as the last one, or over all pieces above the floor when none of them is in use.
unsafe impl GlobalAlloc for Upwards {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and no reference to the state outlives a call.
        let state = unsafe { &mut *self.0.get() };
        let at = state.next.next_multiple_of(layout.align());
        let Some(next) = at.checked_add(layout.size()) else { return core::ptr::null_mut() };
        if next > state.end {
            // Memory that somebody else grew lies behind ours, and is skipped.
            let pages = (next - state.end).div_ceil(PAGE);
            let old = wasm32::memory_grow(0, pages);
            if old == usize::MAX {
                return core::ptr::null_mut();
            }
            if old * PAGE != state.end {
                let at = (old * PAGE).next_multiple_of(layout.align());
                (state.floor, state.live) = (at, 0);
                state.end = (old + pages) * PAGE;
                state.next = at + layout.size();
                state.live += 1;
                return at as *mut u8;
            }
            state.end += pages * PAGE;
        }
        state.next = next;
        state.live += 1;
        at as *mut u8
    }

    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        let at = piece as usize;
        if at < state.floor {
            return;
        }
        state.live -= 1;
        if state.live == 0 {
            state.next = state.floor;
        } else if at + layout.size() == state.next {
            state.next = at;
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        let at = piece as usize;
        if at + layout.size() == state.next && at.checked_add(size).is_some_and(|next| next <= state.end) {
            state.next = at + size;
            return piece;
        }
        // SAFETY: the caller's layout with another size, which it has checked.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(piece, moved, layout.size().min(size));
                self.dealloc(piece, layout);
            }
            moved
        }
    }
}

/// From now on what is taken is kept for good.
pub fn keep() {
    // SAFETY: as in `alloc`.
    let state = unsafe { &mut *MEMORY.0.get() };
    (state.floor, state.live) = (state.next, 0);
}

/// A panic traps; the caller in TypeScript turns the trap into a problem.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
