//! What can be wrong with boxes, billing and items. Knows no algorithm.

use alloc::format;
use alloc::string::String;
use core::fmt;

use super::{MOST_CARTONS, MOST_ITEMS, MOST_UNITS};
use crate::units::{HEAVIEST_UNIT, LONGEST_SIDE, Size};

/// Boxes, billing or items that cannot be packed with; items that merely fit no box are no error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CartonError {
    /// An item with a side of 0 or above the limit.
    ItemSize {
        item: usize,
        size: Size,
    },
    /// An item above [`HEAVIEST_UNIT`].
    ItemWeight {
        item: usize,
        grams: u64,
    },
    /// An item with quantity 0.
    ItemQuantity {
        item: usize,
    },
    TooManyItems {
        items: usize,
    },
    TooManyUnits {
        units: u64,
    },
    /// A box with an inner or outer side of 0 or above the limit.
    CartonSize {
        carton: usize,
        size: Size,
    },
    /// A box that is larger inside than outside.
    CartonInsideOut {
        carton: usize,
        inner: Size,
        outer: Size,
    },
    /// A box that may not even weigh what it weighs empty, or may weigh more than any parcel could.
    CartonWeight {
        carton: usize,
        empty: u64,
        maximum: u64,
    },
    /// A price that is negative or above the limit of 10^12 minor units.
    Price {
        what: &'static str,
        carton: Option<usize>,
        minor: i64,
    },
    TooManyCartons {
        cartons: usize,
    },
    /// A divisor with a part that is 0 or above 10^15.
    Divisor {
        grams: u64,
        cubic_millimetres: u64,
    },
    /// The cost of the parcels, or the billable weight of one, does not fit.
    CostOverflow,
}

struct Sides(Size);

impl fmt::Display for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {} x {} mm", self.0.length.0, self.0.width.0, self.0.height.0)
    }
}

impl CartonError {
    /// The text of what packing itself can say, without that of what is wrong with a shop's boxes: an estimator makes no boxes.
    pub(crate) fn of_items(&self) -> Option<String> {
        Some(match self {
            Self::ItemSize { item, size } => {
                format!("item {item} measures {}: each side must be 1 to {} mm", Sides(*size), LONGEST_SIDE.0)
            }
            Self::ItemWeight { item, grams } => {
                format!("item {item} weighs {grams} g a unit: at most {} g can be packed", HEAVIEST_UNIT.0)
            }
            Self::ItemQuantity { item } => format!("item {item} has quantity 0: it must be 1 or more"),
            Self::TooManyItems { items } => format!("{items} items: at most {MOST_ITEMS} can be packed at once"),
            Self::TooManyUnits { units } => format!("{units} units: at most {MOST_UNITS} can be packed at once"),
            Self::CostOverflow => "the cost or the billable weight of the parcels does not fit 64 bits: prices, divisor or rounding step are too high".into(),
            _ => return None,
        })
    }
}

impl fmt::Display for CartonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CartonSize { carton, size } => {
                write!(f, "box {carton} measures {}: each side must be 1 to {} mm", Sides(*size), LONGEST_SIDE.0)
            }
            Self::CartonInsideOut { carton, inner, outer } => write!(
                f,
                "box {carton} measures {} inside but {} outside: no inner side may exceed its outer side",
                Sides(*inner),
                Sides(*outer)
            ),
            Self::CartonWeight { carton, empty, maximum } => write!(
                f,
                "box {carton} weighs {empty} g empty and may weigh {maximum} g packed: the maximum must be at least the \
                 empty weight, and both at most 10^12 g"
            ),
            Self::Price { what, carton: Some(carton), minor } => {
                write!(f, "the {what} of box {carton} is {minor} minor units: it must be 0 to 10^12")
            }
            Self::Price { what, carton: None, minor } => {
                write!(f, "the {what} is {minor} minor units: it must be 0 to 10^12")
            }
            Self::TooManyCartons { cartons } => write!(f, "{cartons} boxes: a shop can have at most {MOST_CARTONS}"),
            Self::Divisor { grams, cubic_millimetres } => {
                write!(f, "the dimensional divisor is {grams} g per {cubic_millimetres} mm3: both must be 1 to 10^15")
            }
            _ => f.write_str(&self.of_items().unwrap_or_default()),
        }
    }
}

impl core::error::Error for CartonError {}
