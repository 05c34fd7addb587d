//! Sealed and opened: exact where the key is, silent where it is not.

use crate::samples::{MARK, MARKED_DEGREES, call, part, quoting_answer, request, shop};
use cartwright_records::{
    Compression, Contents, DataKey, Hook, KeyError, OpenError, Opened, Part, Personal, PersonalState, RecordId,
    SealedRecord, open, pointers, seal, sealed_with,
};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::Arc;

const BOTH: [Compression; 2] = [Compression::Fast, Compression::Small];

fn contents(hook: Hook) -> Contents {
    Contents { request: request(hook), answer: quoting_answer(hook), parts: vec![part()] }
}

fn key() -> Arc<DataKey> {
    Arc::new(DataKey::generate().unwrap())
}

fn sealed(key: &Arc<DataKey>, hook: Hook) -> SealedRecord {
    let shop = shop(Personal::Encrypt(key.clone()));
    seal(call(7, &shop, hook, true, contents(hook)), Compression::Fast).unwrap()
}

fn opened(record: &SealedRecord, key: Option<&DataKey>) -> Result<Opened, OpenError> {
    open(&record.shop, record.id, &record.body, record.sealed.as_deref(), key)
}

/// Everything of a record that is stored in the clear.
fn clear(record: &SealedRecord) -> String {
    let public = opened(record, None).unwrap();
    let fields = SealedRecord { body: Vec::new(), sealed: None, ..record.clone() };
    let texts = [public.request, public.answer.unwrap_or_default(), serde_json::to_vec(&public.parts).unwrap()];
    let texts = texts.map(|text| String::from_utf8(text).unwrap());
    format!("{fields:?} {texts:?}")
}

#[test]
fn with_its_key_every_byte_comes_back() {
    let key = key();
    for hook in Hook::ALL {
        for how in BOTH {
            let shop = shop(Personal::Encrypt(key.clone()));
            let record = seal(call(7, &shop, hook, true, contents(hook)), how).unwrap();
            assert_eq!(sealed_with(record.sealed.as_deref().unwrap()), Ok(key.id()));
            let opened = opened(&record, Some(&key)).unwrap();
            assert_eq!(opened.personal, PersonalState::Present);
            assert_eq!(opened.request, request(hook), "{hook}");
            assert_eq!(opened.answer.unwrap(), quoting_answer(hook), "{hook}");
            assert_eq!(opened.parts, [part()]);
        }
    }
}

#[test]
fn nothing_personal_lies_in_the_clear() {
    let key = key();
    for hook in Hook::ALL {
        let asked = String::from_utf8(request(hook)).unwrap();
        assert!(asked.matches(MARK).count() >= 5 && asked.contains(&MARKED_DEGREES.to_string()), "{asked}");
        for personal in [Personal::Encrypt(key.clone()), Personal::Omit] {
            let record = seal(call(7, &shop(personal), hook, true, contents(hook)), Compression::Fast).unwrap();
            let clear = clear(&record);
            assert!(!clear.contains(MARK), "{hook}: {clear}");
            assert!(!clear.contains(&MARKED_DEGREES.to_string()), "{hook}: {clear}");
            assert!(clear.contains("Portland") && clear.contains("PANICKED"), "{clear}");
        }
    }
}

#[test]
fn every_pointer_points_at_something_in_the_hooks_request() {
    for hook in Hook::ALL {
        let asked: Value = serde_json::from_slice(&request(hook)).unwrap();
        let public = opened(&sealed(&key(), hook), None).unwrap().request;
        let public: Value = serde_json::from_slice(&public).unwrap();
        for pointer in pointers(hook) {
            assert!(asked.pointer(&pointer).is_some(), "{hook} {pointer}");
            let left = &public[pointer.split('/').nth(1).unwrap()][pointer.split('/').nth(2).unwrap()];
            assert!(left.is_null() || *left == Value::Array(Vec::new()), "{hook} {pointer} {left}");
        }
    }
}

#[test]
fn what_is_left_is_still_a_request_of_the_hook() {
    let public = |hook| opened(&sealed(&key(), hook), None).unwrap().request;
    let quote: cartwright_contract::shipping_quote::Request =
        serde_json::from_slice(&public(Hook::ShippingQuote)).unwrap();
    assert_eq!((quote.destination.city.as_deref(), quote.lines.len()), (Some("Portland"), 1));
    assert!(quote.destination.lines.is_empty() && quote.destination.name.is_none());
    let screening: cartwright_contract::order_screening::Request =
        serde_json::from_slice(&public(Hook::OrderScreening)).unwrap();
    assert_eq!((screening.payment.amount, screening.payment.cardholder), (5_000, None));
    let back: cartwright_contract::return_policy::Request =
        serde_json::from_slice(&public(Hook::ReturnPolicy)).unwrap();
    assert_eq!(back.customer.unwrap().orders, 3);
}

#[test]
fn a_destroyed_key_erases_what_is_personal_and_leaves_the_rest() {
    let record = sealed(&key(), Hook::OrderScreening);
    let erased = opened(&record, None).unwrap();
    assert_eq!(erased.personal, PersonalState::Erased);
    assert_eq!(erased.answer, None);
    assert_eq!((erased.parts[0].fuel, erased.parts[0].log.len(), &erased.parts[0].plan), (1_000, 0, &None));
    assert_eq!(record.summary, serde_json::json!({"verdict": "accept", "score": 0}));
}

#[test]
fn a_shop_that_wants_nothing_personal_kept_has_nothing_sealed() {
    let hook = Hook::ShippingQuote;
    let record = seal(call(7, &shop(Personal::Omit), hook, true, contents(hook)), Compression::Fast).unwrap();
    assert_eq!(record.sealed, None);
    let opened = opened(&record, None).unwrap();
    assert_eq!((opened.personal, opened.answer), (PersonalState::Omitted, None));
}

#[test]
fn an_answer_of_plugins_that_saw_nothing_personal_stays_readable_but_an_address_does_not() {
    let key = key();
    let shop = shop(Personal::Encrypt(key.clone()));
    for hook in Hook::ALL {
        let record = seal(call(7, &shop, hook, false, contents(hook)), Compression::Fast).unwrap();
        let without = opened(&record, None).unwrap();
        assert_eq!(without.answer.is_some(), hook != Hook::AddressValidation, "{hook}");
        assert_eq!(opened(&record, Some(&key)).unwrap().answer.unwrap(), quoting_answer(hook));
    }
}

#[test]
fn a_request_without_anything_personal_needs_no_key() {
    let request = br#"{"currency":"USD","destination":{"country":"US","lines":[],"name":null},"lines":[]}"#.to_vec();
    let contents = Contents { request: request.clone(), answer: b"{}".to_vec(), parts: vec![Part::default()] };
    let shop = shop(Personal::Encrypt(key()));
    let record = seal(call(7, &shop, Hook::ShippingQuote, false, contents), Compression::Fast).unwrap();
    assert_eq!(record.sealed, None);
    let opened = opened(&record, None).unwrap();
    assert_eq!((opened.personal, opened.request), (PersonalState::Present, request));
}

#[test]
fn another_key_another_shop_another_record_do_not_open_it() {
    let (key, other) = (key(), key());
    let record = sealed(&key, Hook::ShippingQuote);
    let needed = key.id();
    let wrong_key = opened(&record, Some(&other)).unwrap_err();
    assert_eq!(wrong_key, OpenError::Key(KeyError::Unknown { needed, known: other.id().to_string() }));
    let tampered = Err(OpenError::Key(KeyError::Tampered(needed)));
    assert_eq!(open("other", record.id, &record.body, record.sealed.as_deref(), Some(&key)), tampered);
    assert_eq!(open("demo", RecordId(8), &record.body, record.sealed.as_deref(), Some(&key)), tampered);
    let beside = sealed(&key, Hook::OrderRouting);
    assert_eq!(open("demo", record.id, &beside.body, record.sealed.as_deref(), Some(&key)), tampered);
    let missing = open("demo", record.id, &record.body, None, Some(&key));
    assert_eq!(missing, Err(OpenError::Damaged("its personal part is missing")));
}

#[test]
fn what_was_cut_or_changed_is_never_taken_for_the_record() {
    let key = key();
    let record = sealed(&key, Hook::ShippingQuote);
    let sealed = record.sealed.clone().unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(open("demo", record.id, &record.body, Some(&changed), Some(&key)).is_err(), "{at}");
        assert!(open("demo", record.id, &record.body, Some(&sealed[..at]), Some(&key)).is_err(), "{at}");
    }
    for at in 0..record.body.len() {
        let mut changed = record.body.clone();
        changed[at] ^= 1;
        assert!(open("demo", record.id, &changed, Some(&sealed), Some(&key)).is_err(), "{at}");
        assert!(open("demo", record.id, &record.body[..at], Some(&sealed), Some(&key)).is_err(), "{at}");
    }
}

proptest! {
    #[test]
    fn any_bytes_that_are_recorded_come_back(
        request in any::<Vec<u8>>(), answer in any::<Vec<u8>>(), which in 0usize..5, sees in any::<bool>()
    ) {
        let key = key();
        let contents = Contents { request: request.clone(), answer: answer.clone(), parts: vec![part()] };
        let shop = shop(Personal::Encrypt(key.clone()));
        let record = seal(call(7, &shop, Hook::ALL[which], sees, contents), Compression::Fast).unwrap();
        let opened = opened(&record, Some(&key)).unwrap();
        prop_assert_eq!(opened.request, request);
        prop_assert_eq!(opened.answer.unwrap(), answer);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(body in any::<Vec<u8>>(), sealed in any::<Vec<u8>>()) {
        let key = key();
        prop_assert!(open("demo", RecordId(1), &body, Some(&sealed), Some(&key)).is_err());
    }
}
