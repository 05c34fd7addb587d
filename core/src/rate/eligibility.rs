//! Which shipments a service takes at all.
//!
//! What this module must not know: zones, prices.

use super::place_set::{Level, PlaceSet};
use super::refusal::Refusal;
use super::shipment::{Destination, Shipment};
use crate::money::{Minor, Overflow};
use crate::units::{Grams, Millimetres};
use crate::wire::{Reader, Wire, Writer};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// From the least to the most, both included; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    pub least: Option<T>,
    pub most: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { least: None, most: None }
    }
}

impl<T: Copy + PartialOrd> Range<T> {
    fn below(self, value: T) -> Option<T> {
        self.least.filter(|least| value < *least)
    }

    fn above(self, value: T) -> Option<T> {
        self.most.filter(|most| value > *most)
    }

    fn is_empty(self) -> bool {
        self.least.zip(self.most).is_some_and(|(least, most)| least > most)
    }
}

/// What a service takes, as it comes from settings. The default takes everything but dangerous goods.
#[derive(Debug, Clone)]
pub struct EligibilityRules {
    /// Goods and packaging of all parcels.
    pub order_weight: Range<Grams>,
    pub parcel_weight: Range<Grams>,
    pub parcels: Option<usize>,
    pub longest_side: Option<Millimetres>,
    /// Longest side + 2 x (second + third), in millimetres.
    pub length_and_girth: Option<u64>,
    /// After line discounts.
    pub cart_value: Range<Minor>,
    /// Empty: everywhere.
    pub served: PlaceSet,
    /// Wins over `served`.
    pub excluded: PlaceSet,
    pub hazardous: bool,
    pub po_boxes: bool,
    /// Every line must bear one of these; empty: no demand.
    pub every_line: Vec<String>,
    /// Some line must bear one of these; empty: no demand.
    pub some_line: Vec<String>,
    /// No line may bear any of these.
    pub no_line: Vec<String>,
    /// The customer must be in one of these groups; empty: everybody.
    pub customers: Vec<String>,
}

impl Default for EligibilityRules {
    fn default() -> Self {
        Self {
            order_weight: Range::default(),
            parcel_weight: Range::default(),
            parcels: None,
            longest_side: None,
            length_and_girth: None,
            cart_value: Range::default(),
            served: PlaceSet::default(),
            excluded: PlaceSet::default(),
            hazardous: false,
            po_boxes: true,
            every_line: Vec::new(),
            some_line: Vec::new(),
            no_line: Vec::new(),
            customers: Vec::new(),
        }
    }
}

/// Rules that no shipment can satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EligibilityError {
    OrderWeight {
        least: Grams,
        most: Grams,
    },
    ParcelWeight {
        least: Grams,
        most: Grams,
    },
    CartValue {
        least: Minor,
        most: Minor,
    },
    NoParcels,
    ZeroSize,
    /// The tag is both demanded of every line and forbidden.
    Tag(String),
}

impl fmt::Display for EligibilityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OrderWeight { least, most } => {
                write!(f, "the order's least weight, {} g, is above the most, {} g", least.0, most.0)
            }
            Self::ParcelWeight { least, most } => {
                write!(f, "a parcel's least weight, {} g, is above the most, {} g", least.0, most.0)
            }
            Self::CartValue { least, most } => {
                write!(f, "the least cart value, {}, is above the most, {}", least.0, most.0)
            }
            Self::NoParcels => f.write_str("the number of parcels is limited to 0; give 1 or more, or no limit"),
            Self::ZeroSize => f.write_str("a parcel's size is limited to 0 mm; give 1 or more, or no limit"),
            Self::Tag(tag) => write!(f, "the tag \"{tag}\" is the only one taken on a line and forbidden as well"),
        }
    }
}

impl core::error::Error for EligibilityError {}

/// Validated [`EligibilityRules`].
#[derive(Debug, Clone, Default)]
pub struct Eligibility(EligibilityRules);

impl Eligibility {
    /// # Errors
    /// When no shipment could satisfy the rules.
    pub fn new(rules: EligibilityRules) -> Result<Self, EligibilityError> {
        let Range { least, most } = rules.order_weight;
        if let Some((least, most)) = least.zip(most).filter(|_| rules.order_weight.is_empty()) {
            return Err(EligibilityError::OrderWeight { least, most });
        }
        let Range { least, most } = rules.parcel_weight;
        if let Some((least, most)) = least.zip(most).filter(|_| rules.parcel_weight.is_empty()) {
            return Err(EligibilityError::ParcelWeight { least, most });
        }
        let Range { least, most } = rules.cart_value;
        if let Some((least, most)) = least.zip(most).filter(|_| rules.cart_value.is_empty()) {
            return Err(EligibilityError::CartValue { least, most });
        }
        if rules.parcels == Some(0) {
            return Err(EligibilityError::NoParcels);
        }
        if rules.longest_side == Some(Millimetres(0)) || rules.length_and_girth == Some(0) {
            return Err(EligibilityError::ZeroSize);
        }
        if !rules.every_line.is_empty() && rules.every_line.iter().all(|tag| rules.no_line.contains(tag)) {
            return Err(EligibilityError::Tag(rules.every_line[0].clone()));
        }
        Ok(Self(rules))
    }

    /// `None` when the service takes the shipment, else the first reason why not: destination, customer, cart, tags, order,
    /// then parcel by parcel.
    ///
    /// # Errors
    /// When the parcels' weights do not add up in 64 bits.
    pub fn refusal<'a>(&'a self, shipment: &Shipment<'a>) -> Result<Option<Refusal<'a>>, Overflow> {
        let weight = shipment.gross().ok_or(Overflow)?;
        Ok(self
            .destination(shipment.destination)
            .or_else(|| self.customer_and_cart(shipment))
            .or_else(|| self.tags(shipment))
            .or_else(|| self.order(shipment.parcels.len(), weight))
            .or_else(|| self.parcels(shipment)))
    }

    fn destination<'a>(&self, destination: &Destination<'a>) -> Option<Refusal<'a>> {
        let rules = &self.0;
        let country = destination.address.country.as_str();
        let at = |level| match level {
            Level::Country => Refusal::CountryNotServed { country },
            Level::Subdivision => {
                let subdivision = destination.address.subdivision.as_deref().unwrap_or_default();
                Refusal::SubdivisionNotServed { country, subdivision }
            }
            Level::PostalCode => {
                let postal_code = destination.address.postal_code.as_deref().unwrap_or_default();
                Refusal::PostalCodeNotServed { country, postal_code }
            }
        };
        if let Some(level) = rules.excluded.find(destination) {
            return Some(at(level));
        }
        if !rules.served.is_empty() && !rules.served.contains(destination) {
            return Some(at(rules.served.misses_by(destination)));
        }
        (destination.po_box && !rules.po_boxes).then_some(Refusal::PoBoxNotServed)
    }

    fn customer_and_cart<'a>(&'a self, shipment: &Shipment<'a>) -> Option<Refusal<'a>> {
        let rules = &self.0;
        if !rules.customers.is_empty() && !bears_one(shipment.customer_tags, &rules.customers) {
            return Some(Refusal::CustomerNotEligible { wanted: &rules.customers });
        }
        let value = shipment.cart_value;
        if let Some(least) = rules.cart_value.below(value) {
            return Some(Refusal::BelowMinimumCartValue { value, least });
        }
        rules.cart_value.above(value).map(|most| Refusal::AboveMaximumCartValue { value, most })
    }

    fn tags<'a>(&'a self, shipment: &Shipment<'a>) -> Option<Refusal<'a>> {
        let rules = &self.0;
        for (line, tags) in shipment.line_tags.iter().enumerate() {
            if let Some(tag) = tags.iter().find(|tag| rules.no_line.contains(tag)) {
                return Some(Refusal::TagNotCarried { line, tag });
            }
            if !rules.every_line.is_empty() && !bears_one(tags, &rules.every_line) {
                return Some(Refusal::LineTagMissing { line, wanted: &rules.every_line });
            }
        }
        let wanted = &rules.some_line;
        let missing = !wanted.is_empty() && !shipment.line_tags.iter().any(|tags| bears_one(tags, wanted));
        missing.then_some(Refusal::NoLineTagged { wanted })
    }

    fn order<'a>(&self, parcels: usize, weight: Grams) -> Option<Refusal<'a>> {
        let rules = &self.0;
        if parcels == 0 {
            return Some(Refusal::NoParcels);
        }
        if let Some(most) = rules.parcels.filter(|most| parcels > *most) {
            return Some(Refusal::TooManyParcels { parcels, most });
        }
        if let Some(least) = rules.order_weight.below(weight) {
            return Some(Refusal::BelowMinimumWeight { weight, least });
        }
        rules.order_weight.above(weight).map(|most| Refusal::AboveMaximumWeight { weight, most })
    }

    fn parcels<'a>(&self, shipment: &Shipment<'a>) -> Option<Refusal<'a>> {
        let rules = &self.0;
        shipment.parcels.iter().enumerate().find_map(|(parcel, it)| {
            if it.hazardous && !rules.hazardous {
                return Some(Refusal::HazardousNotCarried { parcel });
            }
            let weight = it.gross;
            if let Some(least) = rules.parcel_weight.below(weight) {
                return Some(Refusal::ParcelBelowMinimumWeight { parcel, weight, least });
            }
            if let Some(most) = rules.parcel_weight.above(weight) {
                return Some(Refusal::ParcelAboveMaximumWeight { parcel, weight, most });
            }
            let longest = it.size.sorted()[0];
            if let Some(most) = rules.longest_side.filter(|most| longest > *most) {
                return Some(Refusal::ParcelTooLong { parcel, longest, most });
            }
            let length_and_girth = it.length_and_girth();
            let most = rules.length_and_girth.filter(|most| length_and_girth > *most)?;
            Some(Refusal::ParcelGirthTooLarge { parcel, length_and_girth, most })
        })
    }
}

fn bears_one(tags: &[String], wanted: &[String]) -> bool {
    tags.iter().any(|tag| wanted.contains(tag))
}

crate::wire::wire_newtype!(Eligibility);
crate::wire::wire_record!(EligibilityRules {
    order_weight,
    parcel_weight,
    parcels,
    longest_side,
    length_and_girth,
    cart_value,
    served,
    excluded,
    hazardous,
    po_boxes,
    every_line,
    some_line,
    no_line,
    customers
});

impl<T: Wire> Wire for Range<T> {
    fn write(&self, to: &mut Writer) {
        self.least.write(to);
        self.most.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self { least: Wire::read(from)?, most: Wire::read(from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::shipment::Parcel;
    use crate::rate::testing::address;
    use crate::units::Size;
    use alloc::vec;

    /// The code of the refusal of one parcel of 1 x 0.3 x 0.2 m and 5 kg to a post-office box in San Francisco, in a cart
    /// worth 50.00, by a wholesale customer; empty when it is taken.
    fn code(rules: EligibilityRules, hazardous: bool) -> &'static str {
        let mut address = address("US", "CA", "94105");
        address.lines = vec!["PO Box 12".into()];
        let destination = Destination::new(&address, None);
        let parcels = [Parcel { size: Size::new(300, 1_000, 200), gross: Grams(5_000), hazardous }];
        let (first, second) = (["frozen".into(), "food".into()], ["food".into()]);
        let shipment = Shipment {
            line_tags: &[&first, &second],
            customer_tags: &["wholesale".into()],
            ..Shipment::new(&destination, &parcels, Minor(5_000))
        };
        let eligibility = Eligibility::new(rules).unwrap();
        eligibility.refusal(&shipment).unwrap().map_or("", |refusal| refusal.code())
    }

    fn places(countries: &[&str], parts: &[(&str, &str)], prefixes: &[(&str, &str)]) -> PlaceSet {
        PlaceSet::new(countries.iter().copied(), parts.iter().copied(), prefixes.iter().copied()).unwrap()
    }

    fn range<T>(least: Option<T>, most: Option<T>) -> Range<T> {
        Range { least, most }
    }

    #[test]
    fn each_rule_refuses_beyond_its_limit_and_takes_what_is_on_it() {
        type Set = fn(&mut EligibilityRules);
        let rules: [(Set, &str); 34] = [
            (|_| (), ""),
            (|r| r.order_weight = range(Some(Grams(5_000)), Some(Grams(5_000))), ""),
            (|r| r.order_weight = range(Some(Grams(5_001)), None), "BELOW_MINIMUM_WEIGHT"),
            (|r| r.order_weight = range(None, Some(Grams(4_999))), "ABOVE_MAXIMUM_WEIGHT"),
            (|r| r.parcel_weight = range(Some(Grams(5_000)), Some(Grams(5_000))), ""),
            (|r| r.parcel_weight = range(Some(Grams(5_001)), None), "PARCEL_BELOW_MINIMUM_WEIGHT"),
            (|r| r.parcel_weight = range(None, Some(Grams(4_999))), "PARCEL_ABOVE_MAXIMUM_WEIGHT"),
            (|r| r.parcels = Some(1), ""),
            (|r| r.longest_side = Some(Millimetres(1_000)), ""),
            (|r| r.longest_side = Some(Millimetres(999)), "PARCEL_TOO_LONG"),
            (|r| r.length_and_girth = Some(2_000), ""),
            (|r| r.length_and_girth = Some(1_999), "PARCEL_GIRTH_TOO_LARGE"),
            (|r| r.cart_value = range(Some(Minor(5_000)), Some(Minor(5_000))), ""),
            (|r| r.cart_value = range(Some(Minor(5_001)), None), "BELOW_MINIMUM_CART_VALUE"),
            (|r| r.cart_value = range(None, Some(Minor(4_999))), "ABOVE_MAXIMUM_CART_VALUE"),
            (|r| r.served = places(&["US"], &[], &[]), ""),
            (|r| r.served = places(&["DE"], &[], &[]), "COUNTRY_NOT_SERVED"),
            (|r| r.served = places(&[], &[("US", "CA")], &[]), ""),
            (|r| r.served = places(&["DE"], &[("US", "NY")], &[]), "SUBDIVISION_NOT_SERVED"),
            (|r| r.served = places(&[], &[], &[("US", "941")]), ""),
            (|r| r.served = places(&[], &[], &[("US", "100")]), "POSTAL_CODE_NOT_SERVED"),
            (|r| r.excluded = places(&["US"], &[], &[]), "COUNTRY_NOT_SERVED"),
            (|r| r.excluded = places(&[], &[("US", "CA")], &[]), "SUBDIVISION_NOT_SERVED"),
            (|r| r.excluded = places(&[], &[], &[("US", "94")]), "POSTAL_CODE_NOT_SERVED"),
            (|r| r.po_boxes = false, "PO_BOX_NOT_SERVED"),
            (|r| r.every_line = vec!["food".into()], ""),
            (|r| r.every_line = vec!["frozen".into()], "REQUIRED_TAG_MISSING"),
            (|r| r.some_line = vec!["frozen".into()], ""),
            (|r| r.some_line = vec!["letter".into()], "REQUIRED_TAG_MISSING"),
            (|r| r.no_line = vec!["letter".into()], ""),
            (|r| r.no_line = vec!["frozen".into()], "TAG_NOT_CARRIED"),
            (|r| r.customers = vec!["vip".into(), "wholesale".into()], ""),
            (|r| r.customers = vec!["vip".into()], "CUSTOMER_NOT_ELIGIBLE"),
            (|r| r.hazardous = true, ""),
        ];
        for (index, (set, expected)) in rules.into_iter().enumerate() {
            let mut rules = EligibilityRules::default();
            set(&mut rules);
            assert_eq!(code(rules, false), expected, "rule {index}");
        }
    }

    #[test]
    fn dangerous_goods_travel_only_where_they_are_allowed() {
        assert_eq!(code(EligibilityRules::default(), true), "HAZARDOUS_NOT_CARRIED");
        assert_eq!(code(EligibilityRules { hazardous: true, ..EligibilityRules::default() }, true), "");
    }

    #[test]
    fn the_number_of_parcels_counts() {
        let address = address("US", "", "");
        let destination = Destination::new(&address, None);
        let one = Parcel { size: Size::new(1, 1, 1), gross: Grams(1), hazardous: false };
        let eligibility =
            Eligibility::new(EligibilityRules { parcels: Some(2), ..EligibilityRules::default() }).unwrap();
        let refusal = |parcels: &[Parcel]| {
            let shipment = Shipment::new(&destination, parcels, Minor(0));
            eligibility.refusal(&shipment).unwrap().map(|refusal| refusal.code())
        };
        assert_eq!(refusal(&[]), Some("NO_PARCELS"));
        assert_eq!(refusal(&[one; 2]), None);
        assert_eq!(refusal(&[one; 3]), Some("TOO_MANY_PARCELS"));
    }

    #[test]
    fn rules_that_nothing_satisfies_are_refused() {
        let error = |rules| Eligibility::new(rules).unwrap_err();
        let rules = EligibilityRules::default;
        let cart_value = range(Some(Minor(2)), Some(Minor(1)));
        assert_eq!(
            error(EligibilityRules { cart_value, ..rules() }),
            EligibilityError::CartValue { least: Minor(2), most: Minor(1) }
        );
        assert_eq!(error(EligibilityRules { parcels: Some(0), ..rules() }), EligibilityError::NoParcels);
        assert_eq!(error(EligibilityRules { length_and_girth: Some(0), ..rules() }), EligibilityError::ZeroSize);
        let (every_line, no_line) = (vec!["a".into()], vec!["a".into()]);
        assert_eq!(error(EligibilityRules { every_line, no_line, ..rules() }), EligibilityError::Tag("a".into()));
    }
}
