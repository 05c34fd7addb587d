//! A panic ends the call; before it does, the log says where and why.

#[cfg(any(feature = "std", feature = "panic-messages"))]
use cartwright_contract::log::Level;

/// Makes panics write to the host's log. Without the standard library the handler below is always in place.
pub fn report() {
    #[cfg(feature = "std")]
    {
        use alloc::string::ToString;
        std::panic::set_hook(alloc::boxed::Box::new(|info| crate::log::write(Level::Error, &info.to_string())));
    }
}

#[cfg(not(any(feature = "std", feature = "panic-messages")))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(all(not(feature = "std"), feature = "panic-messages"))]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let mut text = Buffer { bytes: [0; 512], length: 0 };
    // A message that does not fit is cut; the allocator may be what panicked, so none is asked here.
    let _ = core::fmt::Write::write_fmt(&mut text, format_args!("{info}"));
    crate::log::write(Level::Error, text.as_str());
    core::arch::wasm32::unreachable()
}

#[cfg(all(not(feature = "std"), feature = "panic-messages"))]
struct Buffer {
    bytes: [u8; 512],
    length: usize,
}

#[cfg(all(not(feature = "std"), feature = "panic-messages"))]
impl Buffer {
    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).unwrap_or_else(|e| {
            // Cut within a character: what comes before it is whole.
            core::str::from_utf8(&self.bytes[..e.valid_up_to()]).unwrap_or("panicked")
        })
    }
}

#[cfg(all(not(feature = "std"), feature = "panic-messages"))]
impl core::fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let fits = text.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..self.length + fits].copy_from_slice(&text.as_bytes()[..fits]);
        self.length += fits;
        Ok(())
    }
}
