//! Ranges of an address-validation request.

use super::{Validate, address, instant, name};
use crate::address_validation::Request;
use crate::types::Failure;

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        address("/address", &self.address)?;
        name("/locale", &self.locale, true)
    }
}
