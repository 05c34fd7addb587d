use crate::place::{Place, START, me, new_shop, on_both, shop, three_drafts};
use cartwright_store::{ChangeKind, Page, StoreError};
use serde_json::json;

on_both! {
    a_shop_changes_only_at_the_version_that_was_seen,
    a_shop_made_twice_is_one_and_another_of_its_id_is_refused,
    a_removed_shop_takes_everything_along_that_could_still_act,
    a_list_is_paged_without_gaps_or_repeats,
    each_change_is_told_in_order_and_audited,
    changes_that_were_pruned_are_said_to_be_missed,
    a_secret_is_kept_by_version,
    a_destroyed_data_key_is_gone_and_the_next_has_another_number,
    of_two_that_bring_a_key_both_get_the_first,
    a_lease_is_one_holders_until_it_is_over,
    velocity_events_come_back_in_the_order_of_all_replicas,
    nothing_out_of_range_comes_in,
    what_was_written_is_there_after_reopening,
}

async fn a_shop_changes_only_at_the_version_that_was_seen(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    let mut changed = new_shop("s");
    changed.document = json!({"currency": "EUR"});
    let second = store.update_shop(&me(), &changed, Some(1)).await.unwrap();
    assert_eq!((second.version, &second.document, second.created), (2, &changed.document, START));
    let stale = store.update_shop(&me(), &new_shop("s"), Some(1)).await.unwrap_err();
    assert!(matches!(stale, StoreError::Stale { expected: 1, found: 2, .. }), "{stale}");
    assert_eq!(store.shop("s").await.unwrap(), second);
}

async fn a_shop_made_twice_is_one_and_another_of_its_id_is_refused(place: Place) {
    let store = place.open().await;
    assert!(store.create_shop(&me(), &new_shop("s")).await.unwrap().created);
    assert!(!store.create_shop(&me(), &new_shop("s")).await.unwrap().created);
    let other = cartwright_store::NewShop { name: "Another".to_owned(), ..new_shop("s") };
    let refused = store.create_shop(&me(), &other).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Conflict { id, .. } if id == "s"), "{refused}");
}

async fn a_removed_shop_takes_everything_along_that_could_still_act(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    store.put_secret(&me(), "s", "KEY", b"sealed", None).await.unwrap();
    store.data_key_or("s", b"wrapped").await.unwrap();
    store.remove_shop(&me(), "s", Some(1)).await.unwrap();
    assert!(matches!(store.shop("s").await, Err(StoreError::NotFound { .. })));
    assert!(store.installed("s").await.unwrap().is_empty());
    assert!(store.install(&install.id).await.unwrap().removed.is_some());
    assert!(store.sealed_secrets("s").await.unwrap().is_empty());
    assert_eq!(store.data_keys("s").await.unwrap()[0].wrapped, None);
    let again = store.create_shop(&me(), &new_shop("s")).await.unwrap();
    assert!(again.created && again.it.version > 1, "nobody takes it for the shop that was removed: {again:?}");
    assert!(store.installed("s").await.unwrap().is_empty());
}

async fn a_list_is_paged_without_gaps_or_repeats(place: Place) {
    let store = place.open().await;
    for number in 0..23 {
        shop(&store, &format!("shop-{number:02}")).await;
        // Also when the clock jumps back and forth.
        place.pass(if number % 2 == 0 { 86_400 } else { -90_000 });
    }
    let (mut seen, mut page) = (Vec::new(), Page::first(5));
    loop {
        let part = store.shops(&page).await.unwrap();
        seen.extend(part.items.into_iter().map(|shop| shop.id));
        match part.next {
            Some(next) => page = Page::after(next, 5),
            None => break,
        }
    }
    assert_eq!(seen, (0..23).map(|number| format!("shop-{number:02}")).collect::<Vec<_>>());
    let (mut audited, mut page) = (Vec::new(), Page::first(5));
    while let Some(next) = {
        let part = store.audit(None, &page).await.unwrap();
        audited.extend(part.items.into_iter().map(|entry| entry.subject));
        part.next
    } {
        page = Page::after(next, 5);
    }
    audited.reverse();
    assert_eq!(audited, seen, "in the order in which it was done, whatever the clock said");
}

async fn each_change_is_told_in_order_and_audited(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let follower = tokio::spawn({
        let store = place.open().await;
        async move {
            let (mut seen, mut after) = (Vec::new(), 0);
            while seen.len() < 40 {
                let changes = store.changes(after, 7).await.unwrap();
                assert!(!changes.missed);
                for change in changes.items {
                    assert!(change.seq > after, "{} after {after}", change.seq);
                    assert_eq!(change.kind, ChangeKind::Shop);
                    after = change.seq;
                    seen.push(change.shop.unwrap());
                }
                tokio::task::yield_now().await;
            }
            (seen, after)
        }
    });
    // Two replicas at once: a number that becomes visible late would be missed by the follower.
    let write = |store: cartwright_store::Store, from: i32| async move {
        for number in from..from + 20 {
            shop(&store, &format!("s{number}")).await;
        }
    };
    tokio::join!(write(store.clone(), 0), write(other, 100));
    let (mut seen, after) = tokio::time::timeout(std::time::Duration::from_mins(1), follower).await.unwrap().unwrap();
    assert_eq!(store.last_change().await.unwrap(), after);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 40, "each once");
    let audit = store.audit(Some("s7"), &Page::first(10)).await.unwrap();
    let entry = &audit.items[0];
    assert_eq!(
        (&entry.action[..], &entry.actor[..], entry.request.as_deref()),
        ("shop.created", "token:me", Some("r-1"))
    );
}

async fn changes_that_were_pruned_are_said_to_be_missed(place: Place) {
    let store = place.open().await;
    for number in 0..4 {
        shop(&store, &format!("s{number}")).await;
        place.pass(100);
    }
    let all = store.changes(0, 100).await.unwrap();
    assert_eq!((all.items.len(), all.missed), (4, false));
    assert_eq!(store.prune_changes(START + 150).await.unwrap(), 2);
    assert!(store.changes(0, 100).await.unwrap().missed);
    assert!(store.changes(all.items[0].seq, 100).await.unwrap().missed);
    let rest = store.changes(all.items[1].seq, 100).await.unwrap();
    assert_eq!((rest.items.len(), rest.missed), (2, false));
    assert_eq!(store.last_change().await.unwrap(), all.items[3].seq);
}

async fn a_secret_is_kept_by_version(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    assert_eq!(store.put_secret(&me(), "s", "CARRIER_KEY", b"one", Some(0)).await.unwrap().version, 1);
    assert_eq!(store.put_secret(&me(), "s", "CARRIER_KEY", b"two", Some(1)).await.unwrap().version, 2);
    let stale = store.put_secret(&me(), "s", "CARRIER_KEY", b"three", Some(1)).await;
    assert!(matches!(stale, Err(StoreError::Stale { found: 2, .. })));
    assert_eq!(store.sealed_secrets("s").await.unwrap()[0].sealed, b"two");
    assert_eq!(store.secrets("s", &Page::default()).await.unwrap().items[0].name, "CARRIER_KEY");
    store.remove_secret(&me(), "s", "CARRIER_KEY").await.unwrap();
    assert!(store.sealed_secrets("s").await.unwrap().is_empty());
    let audit = serde_json::to_string(&store.audit(Some("s"), &Page::default()).await.unwrap()).unwrap();
    assert!(audit.contains("secret.set") && !audit.contains("two"), "{audit}");
}

async fn a_destroyed_data_key_is_gone_and_the_next_has_another_number(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    assert_eq!(store.data_key_or("s", b"wrapped-1").await.unwrap().number, 1);
    assert_eq!(store.destroy_data_keys(&me(), "s").await.unwrap(), 1);
    let gone = store.data_keys("s").await.unwrap();
    assert_eq!((gone[0].wrapped.as_ref(), gone[0].destroyed), (None, Some(START)));
    assert_eq!(store.data_key_or("s", b"wrapped-2").await.unwrap().number, 2);
    if let Some(path) = place.url.strip_prefix("sqlite:") {
        for end in ["", "-wal"] {
            let bytes = std::fs::read(format!("{path}{end}")).unwrap_or_default();
            assert!(!bytes.windows(9).any(|window| window == b"wrapped-1"), "the key still lies in the file{end}");
        }
    }
}

async fn of_two_that_bring_a_key_both_get_the_first(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    shop(&store, "s").await;
    let (a, b) = tokio::join!(store.data_key_or("s", b"mine"), other.data_key_or("s", b"theirs"));
    assert_eq!(a.unwrap().wrapped, b.unwrap().wrapped);
    let (a, b) = tokio::join!(store.server_key_or("bundles", b"mine"), other.server_key_or("bundles", b"theirs"));
    assert_eq!(a.unwrap(), b.unwrap());
}

async fn a_lease_is_one_holders_until_it_is_over(place: Place) {
    let store = place.open().await;
    let first = store.take_lease("prune", "a", 10).await.unwrap().unwrap();
    assert_eq!(first.term, 1);
    assert_eq!(store.take_lease("prune", "b", 10).await.unwrap(), None);
    assert_eq!(store.take_lease("prune", "a", 10).await.unwrap().unwrap().term, 1, "prolonged");
    place.pass(11);
    assert_eq!(store.take_lease("prune", "b", 10).await.unwrap().unwrap().term, 2);
    store.release_lease(&first).await.unwrap();
    assert_eq!(store.take_lease("prune", "a", 10).await.unwrap(), None, "what is lost cannot be given back");
}

async fn velocity_events_come_back_in_the_order_of_all_replicas(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let first = store.append_velocity(&[(START, b"a".to_vec()), (START - 99, b"old".to_vec())]).await.unwrap();
    let last = other.append_velocity(&[(START, b"b".to_vec())]).await.unwrap();
    assert!(last > first);
    let bodies = |events: Vec<cartwright_store::VelocityEvent>| events.into_iter().map(|e| e.body).collect::<Vec<_>>();
    assert_eq!(bodies(store.velocity(0, START - 10, 10).await.unwrap()), [b"a".to_vec(), b"b".to_vec()]);
    assert_eq!(bodies(store.velocity(first, 0, 10).await.unwrap()), [b"b".to_vec()]);
    assert_eq!(store.prune_velocity(START - 10, 10).await.unwrap(), 1);
    assert_eq!(store.velocity(0, 0, 10).await.unwrap().len(), 2);
}

async fn nothing_out_of_range_comes_in(place: Place) {
    let store = place.open().await;
    for id in ["", "Shop", "a b", "a/b", &"a".repeat(64)] {
        let refused = store.create_shop(&me(), &new_shop(id)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Invalid { field: "id", .. }), "{id}: {refused}");
    }
    for page in [Page::first(0), Page::first(201)] {
        assert!(matches!(store.shops(&page).await, Err(StoreError::Invalid { field: "limit", .. })));
    }
    let bad = store.audit(None, &Page::after("x; DROP TABLE audit", 10)).await;
    assert!(matches!(bad, Err(StoreError::Invalid { field: "after", .. })));
}

async fn what_was_written_is_there_after_reopening(place: Place) {
    let store = place.open().await;
    let install = three_drafts(&store).await;
    store.close().await;
    assert!(store.ping().await.unwrap_err().is_unavailable());
    let store = place.open().await;
    assert_eq!(store.install(&install.id).await.unwrap(), install);
    assert_eq!(store.component("sha256:10").await.unwrap(), b"component");
}
