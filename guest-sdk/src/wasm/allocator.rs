//! An allocator for a memory that is thrown away after each call.
//!
//! Blocks are cut one after the other from the end of the memory; a freed block goes to a list of blocks of its size and is
//! used again for the next of that size, so a plugin that allocates and frees in a loop does not grow. The last block grows
//! and shrinks in place, which is what a `Vec` that is being filled wants. Nothing is merged or searched: most requests are
//! a handful of instructions.
//!
//! After `configure`, [`settle`] wipes what is free, so that the snapshot does not carry the settings' text along, and
//! starts a fresh stretch, so that a call writes to few pages.

use crate::size_class::{CLASSES, GRAIN, block_size, class};
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::memory_grow;
use core::cell::UnsafeCell;
use core::ptr::null_mut;

const PAGE: usize = 65_536;
/// What a call may use before it must ask for more memory.
const HEADROOM: usize = 4 * PAGE;

#[global_allocator]
static ALLOCATOR: Allocator =
    Allocator(UnsafeCell::new(State { top: 0, end: 0, free: [null_mut(); CLASSES], reserve: [null_mut(); CLASSES] }));

struct Allocator(UnsafeCell<State>);

// SAFETY: a plugin's component has one thread.
unsafe impl Sync for Allocator {}

/// A free block: its first word leads to the next of its size.
struct Free {
    next: *mut Free,
}

struct State {
    /// Where the next block is cut.
    top: usize,
    /// Where the stretch ends.
    end: usize,
    /// Free blocks by size class.
    free: [*mut Free; CLASSES],
    /// Blocks that were free when the plugin was configured: used only when the memory cannot grow.
    reserve: [*mut Free; CLASSES],
}

// SAFETY: blocks come from memory that nobody else uses, do not overlap, and are aligned to `GRAIN` or to what is asked.
unsafe impl GlobalAlloc for Allocator {
    #[inline(never)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: one thread, and no reference outlives a call of these functions.
        let state = unsafe { &mut *self.0.get() };
        let Some((class, size)) = class(layout.size()) else { return null_mut() };
        let head = state.free[class];
        if !head.is_null() && head.addr().is_multiple_of(layout.align()) {
            // SAFETY: what stands in a list is a free block of this allocator.
            state.free[class] = unsafe { (*head).next };
            return head.cast();
        }
        state.cut(class, size, layout.align())
    }

    #[inline(never)]
    #[expect(clippy::cast_ptr_alignment, reason = "every block is aligned to `GRAIN`")]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let state = unsafe { &mut *self.0.get() };
        let Some((class, size)) = class(layout.size()) else { return };
        if block.addr() + size == state.top {
            state.top = block.addr();
            return;
        }
        let free = block.cast::<Free>();
        // SAFETY: the block is ours again, at least `GRAIN` long and aligned for a pointer.
        unsafe { free.write(Free { next: state.free[class] }) };
        state.free[class] = free;
    }

    #[inline(never)]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let state = unsafe { &mut *self.0.get() };
        let (Some((_, old)), Some((_, new))) = (class(layout.size()), class(size)) else { return null_mut() };
        if old == new {
            return block;
        }
        let start = block.addr();
        if start + old == state.top && start.checked_add(new).is_some_and(|top| state.reach(top)) {
            state.top = start + new;
            return block;
        }
        // SAFETY: the new layout has the old alignment and a size that was checked by the caller of `realloc`.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

impl State {
    /// A new block from the end of the stretch.
    fn cut(&mut self, class: usize, size: usize, align: usize) -> *mut u8 {
        match fit(self.top, size, align) {
            Some((start, top)) if top <= self.end => {
                self.top = top;
                core::ptr::with_exposed_provenance_mut(start)
            }
            _ => self.cut_slowly(class, size, align),
        }
    }

    #[cold]
    #[inline(never)]
    fn cut_slowly(&mut self, class: usize, size: usize, align: usize) -> *mut u8 {
        // Twice, because the first try may only find where a new stretch begins.
        for _ in 0..2 {
            if let Some((start, top)) = fit(self.top, size, align)
                && self.reach(top)
            {
                self.top = top;
                return core::ptr::with_exposed_provenance_mut(start);
            }
        }
        // The memory cannot grow: any free block that is large enough must do.
        for list in [&mut self.free, &mut self.reserve] {
            for head in list.iter_mut().skip(class) {
                if !head.is_null() && head.addr().is_multiple_of(align) {
                    let block = *head;
                    // SAFETY: what stands in a list is a free block of this allocator.
                    *head = unsafe { (*block).next };
                    return block.cast();
                }
            }
        }
        null_mut()
    }

    /// Makes the stretch reach to `top`. When it cannot, because the memory was grown by somebody else in between (or is
    /// asked for the first time), a new stretch begins.
    fn reach(&mut self, top: usize) -> bool {
        if top <= self.end {
            return true;
        }
        let pages = (top - self.end).div_ceil(PAGE);
        let before = memory_grow::<0>(pages);
        if before == usize::MAX || before + pages >= 1 << 16 {
            return false;
        }
        let together = before * PAGE == self.end;
        self.end = (before + pages) * PAGE;
        if !together {
            self.top = before * PAGE;
        }
        together
    }
}

/// Wipes what is free, keeps it back, and begins a fresh stretch: see the head of this file.
pub fn settle() {
    // SAFETY: one thread, and nobody allocates while this runs.
    let state = unsafe { &mut *ALLOCATOR.0.get() };
    for class in 0..CLASSES {
        let size = block_size(class);
        while !state.free[class].is_null() {
            let block = state.free[class];
            // SAFETY: what stands in a list is a free block of its class's size.
            unsafe {
                state.free[class] = (*block).next;
                block.cast::<u8>().write_bytes(0, size);
                block.write(Free { next: state.reserve[class] });
            }
            state.reserve[class] = block;
        }
    }
    let free = state.end - state.top;
    // SAFETY: nothing lies between the last block and the end of the stretch.
    unsafe { core::ptr::with_exposed_provenance_mut::<u8>(state.top).write_bytes(0, free) };
    // A call's first block starts a page of the host's, so that no page with settings on it is copied for its sake.
    let top = state.top.next_multiple_of(4_096);
    if state.reach(top + HEADROOM) {
        state.top = top;
    }
}

fn fit(top: usize, size: usize, align: usize) -> Option<(usize, usize)> {
    let start = if align <= GRAIN { top } else { top.checked_next_multiple_of(align)? };
    Some((start, start.checked_add(size)?))
}
