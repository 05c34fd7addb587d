//! A compact binary form: what a bundle of estimates holds, and what crosses the border of the browser's wasm.
//!
//! Whole numbers are LEB128 varints, signed ones zigzag; texts and lists begin with their length; an option with a byte of 0 or 1; the
//! cases of an enum are a byte. There are no names and no tags: both sides must be of one version, which whoever wraps it says.
//!
//! Reading never panics and never takes more memory than the input is long times a small factor: what is cut or impossible is `None`.
//!
//! What this module must not know: what is written.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Bytes as they come together.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// LEB128.
    pub fn unsigned(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// LEB128 of the zigzag form, so that small negative numbers are short.
    pub fn signed(&mut self, value: i64) {
        self.unsigned(((value << 1) ^ (value >> 63)).cast_unsigned());
    }
}

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A length of things that take a byte or more each.
    pub fn length(&mut self) -> Option<usize> {
        let length = usize::try_from(self.unsigned()?).ok()?;
        (length <= self.0.len()).then_some(length)
    }

    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}

/// What has this form.
pub trait Wire: Sized {
    fn write(&self, to: &mut Writer);

    /// `None` when the bytes are no such value.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

/// A value as bytes.
pub fn to_bytes<T: Wire>(value: &T) -> Vec<u8> {
    let mut writer = Writer::default();
    value.write(&mut writer);
    writer.0
}

/// `None` when the bytes are cut, no such value, or more than one.
pub fn from_bytes<T: Wire>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader(bytes);
    let value = T::read(&mut reader)?;
    reader.0.is_empty().then_some(value)
}

macro_rules! numbers {
    ($($number:ty: $write:ident $read:ident $wide:ty),*) => {$(
        impl Wire for $number {
            fn write(&self, to: &mut Writer) {
                to.$write(<$wide>::from(*self));
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Self::try_from(from.$read()?).ok()
            }
        }
    )*};
}

numbers!(u8: unsigned unsigned u64, u16: unsigned unsigned u64, u32: unsigned unsigned u64, u64: unsigned unsigned u64,
    i32: signed signed i64, i64: signed signed i64);

/// As a number of 32 bits, so that it is the same on every machine.
impl Wire for usize {
    fn write(&self, to: &mut Writer) {
        to.unsigned(*self as u64);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(u32::read(from)?).ok()
    }
}

impl Wire for bool {
    fn write(&self, to: &mut Writer) {
        to.0.push(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for String {
    fn write(&self, to: &mut Writer) {
        to.unsigned(self.len() as u64);
        to.0.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let length = from.length()?;
        Some(core::str::from_utf8(from.take(length)?).ok()?.into())
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, to: &mut Writer) {
        to.unsigned(self.len() as u64);
        for value in self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        // A length is believed only as far as there are bytes for it.
        let length = from.length()?;
        let mut values = Self::with_capacity(length.min(1_024));
        for _ in 0..length {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<T: Wire> Wire for Box<[T]> {
    fn write(&self, to: &mut Writer) {
        to.unsigned(self.len() as u64);
        for value in self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Vec::read(from).map(Vec::into_boxed_slice)
    }
}

impl<const N: usize> Wire for [u8; N] {
    fn write(&self, to: &mut Writer) {
        to.0.extend_from_slice(self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.take(N)?.try_into().ok()
    }
}

/// What is shared is written each time; compression finds it again.
impl<T: Wire> Wire for Arc<T> {
    fn write(&self, to: &mut Writer) {
        (**self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        T::read(from).map(Self::new)
    }
}

impl<A: Wire, B: Wire, C: Wire> Wire for (A, B, C) {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
        self.2.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?, C::read(from)?))
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

/// What a type looks like, for writing another language's declarations of it.
#[cfg(feature = "shapes")]
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    pub doc: &'static str,
    pub kind: Kind,
}

#[cfg(feature = "shapes")]
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Record(&'static [FieldShape]),
    /// Names as in JSON.
    Cases(&'static [&'static str]),
}

#[cfg(feature = "shapes")]
#[derive(Debug, Clone, Copy)]
pub struct FieldShape {
    /// As in JSON.
    pub name: &'static str,
    /// As in Rust, without blanks.
    pub ty: &'static str,
    pub doc: &'static str,
    pub default: Default,
}

/// What stands for a field that JSON leaves out.
#[cfg(feature = "shapes")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// It must be there, if it is no option.
    None,
    /// 0, `false`, nothing, the first case.
    Zero,
    /// `true`.
    Yes,
}

#[cfg(feature = "shapes")]
pub trait Described {
    const SHAPE: Shape;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Coordinates, Line, Reason};
    use alloc::vec;

    fn there_and_back<T: Wire + PartialEq + core::fmt::Debug>(value: &T) {
        let bytes = to_bytes(value);
        assert_eq!(from_bytes::<T>(&bytes).as_ref(), Some(value));
        for cut in 0..bytes.len() {
            assert_eq!(from_bytes::<T>(&bytes[..cut]), None, "cut after {cut} of {} bytes", bytes.len());
        }
    }

    #[test]
    fn what_was_written_is_read_and_what_was_cut_is_not() {
        for number in [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN] {
            there_and_back(&number);
        }
        there_and_back(&vec![Some(u32::MAX), None, Some(0)]);
        there_and_back(&Line { id: "1".into(), sku: "Zelt \u{26fa}".into(), quantity: 2, ..Line::default() });
        there_and_back(&Reason { code: "A".into(), message: "b".into(), figures: vec![] });
    }

    #[test]
    fn small_numbers_are_short() {
        assert_eq!(to_bytes(&Coordinates { latitude: -1, longitude: 300 }), [1, 0xd8, 4]);
    }

    #[test]
    fn impossible_bytes_are_no_value() {
        assert_eq!(from_bytes::<bool>(&[2]), None);
        assert_eq!(from_bytes::<u8>(&[0x80, 2]), None, "256 is no byte");
        assert_eq!(from_bytes::<u64>(&[0xff; 11]), None, "a number without an end");
        assert_eq!(from_bytes::<String>(&[1, 0xff]), None, "no UTF-8");
        assert_eq!(from_bytes::<Vec<u64>>(&[0xff, 0xff, 0xff, 0xff, 0x0f]), None, "a length that nothing follows");
        assert_eq!(from_bytes::<u8>(&[1, 1]), None, "one value too many");
        assert_eq!(from_bytes::<crate::types::Rotation>(&[9]), None, "no such case");
    }
}
