//! The binary form (`cartwright_contract::wire`) of the core's types, for [`crate::bundle`]: one line beside each type.
//!
//! What this module must not know: what a bundle is.

pub use cartwright_contract::wire::{Reader, Wire, Writer};

/// The fields in this order; those that stand after `;` are not written and read as their default.
macro_rules! wire_record {
    ($name:ty { $($field:ident),* $(; $($left_out:ident),*)? }) => {
        impl $crate::wire::Wire for $name {
            fn write(&self, to: &mut $crate::wire::Writer) {
                $(self.$field.write(to);)*
            }

            fn read(from: &mut $crate::wire::Reader<'_>) -> Option<Self> {
                Some(Self {
                    $($field: $crate::wire::Wire::read(from)?,)*
                    $($($left_out: Default::default(),)*)?
                })
            }
        }
    };
}

/// What a type holds as its only field.
macro_rules! wire_newtype {
    ($($name:ident),*) => {$(
        impl $crate::wire::Wire for $name {
            fn write(&self, to: &mut $crate::wire::Writer) {
                self.0.write(to);
            }

            fn read(from: &mut $crate::wire::Reader<'_>) -> Option<Self> {
                Some(Self($crate::wire::Wire::read(from)?))
            }
        }
    )*};
}

/// Cases without payload, by their place in this list.
macro_rules! wire_cases {
    ($name:ident { $($case:ident),* }) => {
        impl $crate::wire::Wire for $name {
            fn write(&self, to: &mut $crate::wire::Writer) {
                const CASES: &[$name] = &[$($name::$case),*];
                let place = CASES.iter().position(|case| case == self).unwrap_or_default();
                to.unsigned(place as u64);
            }

            fn read(from: &mut $crate::wire::Reader<'_>) -> Option<Self> {
                const CASES: &[$name] = &[$($name::$case),*];
                CASES.get(usize::from(from.byte()?)).copied()
            }
        }
    };
}

pub(crate) use {wire_cases, wire_newtype, wire_record};
