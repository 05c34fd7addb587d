use crate::place::{Place, START, me, on_both, shop};
use cartwright_store::{Idempotency, NewToken, Page, StoreError, TokenKind, TokenScope};
use serde_json::json;

on_both! {
    a_rotated_tokens_old_hash_counts_for_the_overlap_only,
    a_token_is_for_a_shop_or_for_the_platform,
    a_token_made_again_under_its_id_has_the_second_secret,
    a_revoked_token_has_no_second_hash_and_stays_revoked,
    a_request_with_a_key_is_done_once_and_answered_the_same,
    a_request_that_died_half_way_is_done_again_under_its_id,
    of_two_requests_with_one_key_at_once_one_is_done,
    an_audit_line_can_be_added,
}

fn new_token(kind: TokenKind, shop: Option<&str>) -> NewToken {
    let shop = shop.map(ToOwned::to_owned);
    NewToken { id: None, kind, shop, label: "till".to_owned(), expires: Some(START + 999), hash: vec![1; 32] }
}

async fn a_rotated_tokens_old_hash_counts_for_the_overlap_only(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    let made = store.create_token(&me(), &new_token(TokenKind::ShopAdmin, Some("s"))).await.unwrap().it;
    let proof = store.token_proof(&made.id).await.unwrap().unwrap();
    assert_eq!((&proof.token, &proof.hash, proof.before.is_none()), (&made, &vec![1; 32], true));
    store.rotate_token(&me(), &made.id, &[2; 32], 60, Some(START + 5000)).await.unwrap();
    let proof = store.token_proof(&made.id).await.unwrap().unwrap();
    assert!(proof.before == Some((vec![1; 32], START + 60)) && proof.hash == [2; 32]);
    assert_eq!(proof.token.expires, Some(START + 5000));
    store.rotate_token(&me(), &made.id, &[3; 32], 0, None).await.unwrap();
    let proof = store.token_proof(&made.id).await.unwrap().unwrap();
    assert!(proof.before == Some((vec![2; 32], START)) && proof.hash == [3; 32], "the first one counts no longer");
    assert!(store.token_proof("no such").await.unwrap().is_none());
}

async fn a_token_is_for_a_shop_or_for_the_platform(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    let no = async |kind, shop| store.create_token(&me(), &new_token(kind, shop)).await.unwrap_err();
    assert!(matches!(no(TokenKind::Platform, Some("s")).await, StoreError::Invalid { field: "shop", .. }));
    assert!(matches!(no(TokenKind::ShopCheckout, None).await, StoreError::Invalid { field: "shop", .. }));
    assert!(matches!(no(TokenKind::ShopCheckout, Some("t")).await, StoreError::NotFound { what: "shop", .. }));
    let platform = store.create_token(&me(), &new_token(TokenKind::Platform, None)).await.unwrap().it;
    let checkout = store.create_token(&me(), &new_token(TokenKind::ShopCheckout, Some("s"))).await.unwrap().it;
    let page = Page::default();
    assert_eq!(store.tokens(TokenScope::Shop("s"), &page).await.unwrap().items, std::slice::from_ref(&checkout));
    assert_eq!(store.tokens(TokenScope::All, &page).await.unwrap().items, [platform, checkout]);
}

async fn a_token_made_again_under_its_id_has_the_second_secret(place: Place) {
    let store = place.open().await;
    let id = Some("019a0000-0000-7000-8000-000000000002".to_owned());
    let first = NewToken { id: id.clone(), ..new_token(TokenKind::Platform, None) };
    let second = NewToken { hash: vec![9; 32], ..first.clone() };
    assert!(store.create_token(&me(), &first).await.unwrap().created);
    assert!(!store.create_token(&me(), &second).await.unwrap().created);
    assert_eq!(store.token_proof(id.as_deref().unwrap()).await.unwrap().unwrap().hash, [9; 32]);
    assert_eq!(store.tokens(TokenScope::All, &Page::default()).await.unwrap().items.len(), 1);
}

async fn a_revoked_token_has_no_second_hash_and_stays_revoked(place: Place) {
    let store = place.open().await;
    let made = store.create_token(&me(), &new_token(TokenKind::Platform, None)).await.unwrap().it;
    store.rotate_token(&me(), &made.id, &[2; 32], 600, None).await.unwrap();
    assert_eq!(store.revoke_token(&me(), &made.id).await.unwrap().revoked, Some(START));
    let proof = store.token_proof(&made.id).await.unwrap().unwrap();
    assert!(proof.before.is_none() && proof.token.revoked == Some(START));
    assert!(matches!(store.rotate_token(&me(), &made.id, &[3; 32], 0, None).await, Err(StoreError::Conflict { .. })));
}

async fn a_request_with_a_key_is_done_once_and_answered_the_same(place: Place) {
    let store = place.open().await;
    let ask = async |fingerprint| store.idempotency("token:a", "key", fingerprint, 100).await.unwrap();
    let Idempotency::Do { id } = ask("f").await else { panic!() };
    assert_eq!(ask("f").await, Idempotency::Running);
    assert_eq!(ask("another").await, Idempotency::Other);
    store.idempotency_done("token:a", "key", &id, 201, b"{}").await.unwrap();
    assert_eq!(ask("f").await, Idempotency::Done { status: 201, body: b"{}".to_vec() });
    assert_eq!(ask("another").await, Idempotency::Other);
    assert!(matches!(store.idempotency("token:b", "key", "f", 100).await.unwrap(), Idempotency::Do { .. }));
    place.pass(101);
    assert_eq!(store.prune_idempotency().await.unwrap(), 2);
    let Idempotency::Do { id } = ask("f").await else { panic!() };
    store.idempotency_forget("token:a", "key", &id).await.unwrap();
    assert!(matches!(ask("corrected").await, Idempotency::Do { .. }), "a refused request frees its key");
}

async fn a_request_that_died_half_way_is_done_again_under_its_id(place: Place) {
    let store = place.open().await;
    let ask = async || store.idempotency("token:a", "key", "f", 86_400).await.unwrap();
    let first = ask().await;
    assert!(matches!(first, Idempotency::Do { .. }));
    place.pass(61);
    assert_eq!(ask().await, first, "so what it made half way is found again");
    assert_eq!(ask().await, Idempotency::Running);
}

async fn of_two_requests_with_one_key_at_once_one_is_done(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    for key in ["a", "b", "c"] {
        let (a, b) = tokio::join!(store.idempotency("t", key, "f", 100), other.idempotency("t", key, "f", 100));
        let doing = [a.unwrap(), b.unwrap()].iter().filter(|it| matches!(it, Idempotency::Do { .. })).count();
        assert_eq!(doing, 1);
    }
}

async fn an_audit_line_can_be_added(place: Place) {
    let store = place.open().await;
    store.add_audit(&me(), "record.replayed", Some("s"), "019a", json!({"same": true})).await.unwrap();
    let entry = store.audit(Some("s"), &Page::default()).await.unwrap().items.remove(0);
    assert_eq!((&entry.action[..], entry.at, &entry.detail), ("record.replayed", START, &json!({"same": true})));
    assert!(store.audit(Some("t"), &Page::default()).await.unwrap().items.is_empty());
}
