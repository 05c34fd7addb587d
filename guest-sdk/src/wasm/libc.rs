//! What the standard library's printing and panicking ask of the C library, answered without WASI.
//!
//! `std` ends at a handful of C functions. The linker takes the first definition that it meets and leaves the C library's
//! own (with the imports of streams, environment and terminals that hang on it) out of the component. So `println!` and
//! `eprintln!` go to the host's log, and a plugin has WASI imports only when it asks for what really needs them: a clock,
//! randomness (`HashMap`'s default hasher), files.

use cartwright_contract::log::Level;

/// Standard output becomes `info`, standard error `warn`; nothing else can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: i32, bytes: *const u8, length: usize) -> isize {
    let level = match file {
        1 => Level::Info,
        2 => Level::Warn,
        _ => return -1,
    };
    if length > 0 {
        // SAFETY: the caller of `write` vouches for the bytes.
        let bytes = unsafe { core::slice::from_raw_parts(bytes, length) };
        let text = alloc::string::String::from_utf8_lossy(bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        if !text.is_empty() {
            crate::log::write(level, text);
        }
    }
    length.cast_signed()
}

/// As `write`, for several stretches of bytes; only the first non-empty one is taken, which the caller must expect.
#[unsafe(no_mangle)]
unsafe extern "C" fn writev(file: i32, stretches: *const (*const u8, usize), count: i32) -> isize {
    for index in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: the caller of `writev` vouches for the stretches; a pair of two words is laid out as C's `iovec`.
        let (bytes, length) = unsafe { *stretches.add(index) };
        if length > 0 {
            // SAFETY: as above.
            return unsafe { write(file, bytes, length) };
        }
    }
    0
}

/// A plugin has no environment.
#[unsafe(no_mangle)]
extern "C" fn getenv(_name: *const u8) -> *const u8 {
    core::ptr::null()
}

/// Ends the call.
#[unsafe(no_mangle)]
extern "C" fn abort() -> ! {
    core::arch::wasm32::unreachable()
}

/// Ends the call.
#[unsafe(no_mangle)]
extern "C" fn exit(_code: i32) -> ! {
    core::arch::wasm32::unreachable()
}

/// Ends the call.
#[unsafe(no_mangle)]
extern "C" fn _Exit(_code: i32) -> ! {
    core::arch::wasm32::unreachable()
}
