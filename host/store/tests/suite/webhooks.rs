use crate::place::{Place, START, me, on_both, shop};
use cartwright_store::{DeliveryOutcome, DeliveryState, NewWebhook, Page, Store, StoreError, Webhook};
use serde_json::json;

on_both! {
    an_event_goes_once_to_each_endpoint_that_wants_it,
    a_delivery_is_made_by_one_worker_and_tried_again_when_it_is_due,
    an_attempt_that_lost_its_lease_does_not_count,
    both_secrets_sign_while_a_rotation_lasts,
    an_endpoint_that_is_given_up_gets_nothing_more,
}

async fn endpoint(store: &Store, events: &[&str]) -> Webhook {
    shop(store, "s").await;
    let events = events.iter().map(ToString::to_string).collect();
    let new =
        NewWebhook { id: None, shop: "s".into(), url: "https://shop.example/hooks".into(), events, secret: vec![1] };
    store.create_webhook(&me(), &new).await.unwrap().it
}

async fn an_event_goes_once_to_each_endpoint_that_wants_it(place: Place) {
    let store = place.open().await;
    let all = endpoint(&store, &[]).await;
    let some = endpoint(&store, &["backtest.done"]).await;
    let payload = json!({"install": "i"});
    assert_eq!(store.enqueue_event("s", "install.changed", "e-1", &payload).await.unwrap(), 1);
    assert_eq!(
        store.enqueue_event("s", "install.changed", "e-1", &payload).await.unwrap(),
        0,
        "another replica told of it"
    );
    assert_eq!(store.enqueue_event("s", "backtest.done", "e-2", &payload).await.unwrap(), 2);
    assert_eq!(store.enqueue_event("t", "backtest.done", "e-3", &payload).await.unwrap(), 0);
    let of_all = store.deliveries(&all.id, &Page::default()).await.unwrap().items;
    assert_eq!(of_all.iter().map(|d| &d.event_id[..]).collect::<Vec<_>>(), ["e-2", "e-1"]);
    assert_eq!(store.deliveries(&some.id, &Page::default()).await.unwrap().items[0].payload, payload);
    assert_eq!(store.webhooks("s", &Page::default()).await.unwrap().items, [all, some]);
}

async fn a_delivery_is_made_by_one_worker_and_tried_again_when_it_is_due(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    endpoint(&store, &[]).await;
    for number in 0..6 {
        store.enqueue_event("s", "x", &format!("e-{number}"), &json!({})).await.unwrap();
    }
    let (a, b) = tokio::join!(store.claim_deliveries(4, 30), other.claim_deliveries(4, 30));
    let claims = [a.unwrap(), b.unwrap()].concat();
    let mut ids: Vec<_> = claims.iter().map(|claim| claim.delivery.event_id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((claims.len(), ids.len()), (6, 6), "each by one");
    store.finish_delivery(&claims[0], &DeliveryOutcome::Delivered { status: 204 }).await.unwrap();
    let retry = DeliveryOutcome::Retry { after: 300, status: Some(503), error: "busy".into() };
    store.finish_delivery(&claims[1], &retry).await.unwrap();
    for claim in &claims[2..] {
        store.finish_delivery(claim, &DeliveryOutcome::Delivered { status: 200 }).await.unwrap();
    }
    assert_eq!(store.next_delivery_due().await.unwrap(), Some(START + 300));
    assert!(store.claim_deliveries(9, 30).await.unwrap().is_empty());
    place.pass(300);
    let again = store.claim_deliveries(9, 30).await.unwrap();
    assert_eq!((again.len(), again[0].attempt, again[0].delivery.status), (1, 2, Some(503)));
    store.finish_delivery(&again[0], &DeliveryOutcome::Delivered { status: 200 }).await.unwrap();
    assert_eq!(store.next_delivery_due().await.unwrap(), None);
    assert_eq!(store.prune_deliveries(START + 1).await.unwrap(), 5);
}

async fn an_attempt_that_lost_its_lease_does_not_count(place: Place) {
    let store = place.open().await;
    let endpoint = endpoint(&store, &[]).await;
    store.enqueue_event("s", "x", "e", &json!({})).await.unwrap();
    let first = store.claim_deliveries(1, 30).await.unwrap().remove(0);
    place.pass(31);
    let second = store.claim_deliveries(1, 30).await.unwrap().remove(0);
    let late = store.finish_delivery(&first, &DeliveryOutcome::Delivered { status: 200 }).await;
    assert!(matches!(late, Err(StoreError::Stale { .. })));
    let failed = DeliveryOutcome::Failed { status: Some(410), error: "gone".into(), disable: false };
    store.finish_delivery(&second, &failed).await.unwrap();
    let shown = store.deliveries(&endpoint.id, &Page::default()).await.unwrap().items.remove(0);
    assert_eq!((shown.state, shown.attempts, shown.status), (DeliveryState::Failed, 2, Some(410)));
}

async fn both_secrets_sign_while_a_rotation_lasts(place: Place) {
    let store = place.open().await;
    let endpoint = endpoint(&store, &[]).await;
    store.rotate_webhook(&me(), "s", &endpoint.id, &[2], 60).await.unwrap();
    store.enqueue_event("s", "x", "e-1", &json!({})).await.unwrap();
    let claim = store.claim_deliveries(1, 5).await.unwrap().remove(0);
    assert_eq!((claim.secret, claim.secret_before), (vec![2], Some(vec![1])));
    place.pass(60);
    let claim = store.claim_deliveries(1, 5).await.unwrap().remove(0);
    assert_eq!((claim.secret, claim.secret_before), (vec![2], None));
    let foreign = store.rotate_webhook(&me(), "t", &endpoint.id, &[3], 60).await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })), "another shop's");
}

async fn an_endpoint_that_is_given_up_gets_nothing_more(place: Place) {
    let store = place.open().await;
    let endpoint = endpoint(&store, &[]).await;
    for id in ["e-1", "e-2"] {
        store.enqueue_event("s", "x", id, &json!({})).await.unwrap();
    }
    let claim = store.claim_deliveries(1, 30).await.unwrap().remove(0);
    let failed = DeliveryOutcome::Failed { status: None, error: "no such host".into(), disable: true };
    store.finish_delivery(&claim, &failed).await.unwrap();
    assert!(store.webhook("s", &endpoint.id).await.unwrap().disabled.is_some());
    assert!(store.claim_deliveries(9, 30).await.unwrap().is_empty());
    assert_eq!(store.enqueue_event("s", "x", "e-3", &json!({})).await.unwrap(), 0);
    assert_eq!(store.rotate_webhook(&me(), "s", &endpoint.id, &[2], 0).await.unwrap().disabled, None);
    assert_eq!(store.enqueue_event("s", "x", "e-4", &json!({})).await.unwrap(), 1);
    store.remove_webhook(&me(), "s", &endpoint.id).await.unwrap();
    assert!(store.claim_deliveries(9, 30).await.unwrap().is_empty());
    assert!(store.webhooks("s", &Page::default()).await.unwrap().items.is_empty());
}
