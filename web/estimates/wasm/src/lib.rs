//! The browser's side of the core: bytes in, bytes out, one call each way.
//!
//! A page hands over the payload of an estimate bundle once, and then questions in the binary form of `cartwright_contract::wire`; what is
//! written in TypeScript around it (`web/estimates/src`) reads the same form by a description that is generated from the same types. There is
//! no JSON here and no panic message: each would be larger than the decision itself.
//!
//! What this crate must not know: where a bundle comes from, whether it can be trusted, what time it is.

#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod memory;

use alloc::vec::Vec;
use cartwright_contract::Failure;
use cartwright_contract::estimate::{Estimate, Question};
use cartwright_contract::wire::{Wire, Writer, from_bytes};
use cartwright_core::bundle;
use cartwright_core::shipping_quote::{estimate, shop::Shop};
use wasm_bindgen::prelude::*;

/// A shop that estimates, made of a bundle's payload.
#[wasm_bindgen]
pub struct Estimator {
    shop: Shop,
}

#[wasm_bindgen]
impl Estimator {
    /// # Errors
    /// `CUT`, `FUTURE_VERSION` or `MALFORMED`, as a string.
    #[wasm_bindgen(constructor)]
    pub fn new(payload: &[u8]) -> Result<Self, JsValue> {
        // Other shops' questions must not take back what this shop is made of.
        #[cfg(target_family = "wasm")]
        memory::keep_more();
        match bundle::read(payload) {
            Ok(shop) => Ok(Self { shop }),
            Err(unreadable) => Err(JsValue::from_str(unreadable.code())),
        }
    }

    /// Answers a question: a byte of 0 and an `Estimate`, or a byte of 1 and a `Failure`, which names the field that is wrong.
    pub fn estimate(&self, question: &[u8]) -> Vec<u8> {
        #[cfg(target_family = "wasm")]
        memory::begin();
        let mut answer = Writer::default();
        match from_bytes(question).ok_or_else(not_a_question).and_then(|question| self.answer(question)) {
            Ok(estimate) => {
                answer.0.push(0);
                estimate.write(&mut answer);
            }
            Err(failure) => {
                answer.0.push(1);
                failure.write(&mut answer);
            }
        }
        // SAFETY: the answer is the last that is in use, and the glue copies it before it takes memory again.
        #[cfg(target_family = "wasm")]
        unsafe {
            memory::release();
        }
        answer.0
    }
}

impl Estimator {
    fn answer(&self, question: Question) -> Result<Estimate, Failure> {
        estimate(&self.shop, &question.into_request(self.shop.currency.clone()))
    }
}

fn not_a_question() -> Failure {
    let message = "the question was written for another version of the estimator".into();
    Failure { code: "MALFORMED".into(), message, field: None }
}
