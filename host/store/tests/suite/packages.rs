use crate::place::{Place, me, new_version, on_both};
use cartwright_store::{Page, StoreError};

on_both! {
    a_version_once_published_never_changes,
    of_two_that_publish_one_version_at_once_one_wins,
    equal_bytes_lie_there_once,
    a_revoked_author_publishes_nothing_and_stays_revoked,
    packages_are_listed_with_their_newest_version,
}

async fn a_version_once_published_never_changes(place: Place) {
    let store = place.open().await;
    let new = new_version("rates", "1.0.0", "sha256:aa");
    assert!(store.publish(&me(), &new, b"one").await.unwrap().created);
    let again = store.publish(&me(), &new, b"one").await.unwrap();
    assert!(!again.created);
    let other = store.publish(&me(), &new_version("rates", "1.0.0", "sha256:bb"), b"two").await.unwrap_err();
    assert!(matches!(&other, StoreError::Conflict { there, .. } if there.contains("sha256:aa")), "{other}");
    assert_eq!(store.package_version("rates", "1.0.0").await.unwrap(), again.it);
    assert_eq!(store.component("sha256:aa").await.unwrap(), b"one");
    assert!(matches!(store.component("sha256:bb").await, Err(StoreError::NotFound { .. })), "nothing is left of it");
}

async fn of_two_that_publish_one_version_at_once_one_wins(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let (a, b) = (new_version("rates", "1.0.0", "sha256:aa"), new_version("rates", "1.0.0", "sha256:bb"));
    let actor = me();
    let (a, b) = tokio::join!(store.publish(&actor, &a, b"one"), other.publish(&actor, &b, b"two"));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    let digest = a.or(b).unwrap().it.digest;
    assert_eq!(store.package_version("rates", "1.0.0").await.unwrap().digest, digest);
}

async fn equal_bytes_lie_there_once(place: Place) {
    let store = place.open().await;
    let bytes = vec![7; 3_000_000];
    for version in ["1.0.0", "1.0.1"] {
        assert!(store.publish(&me(), &new_version("rates", version, "sha256:aa"), &bytes).await.unwrap().created);
    }
    assert_eq!(store.component("sha256:aa").await.unwrap(), bytes);
    assert_eq!(store.package_versions("rates", &Page::default()).await.unwrap().items.len(), 2);
}

async fn a_revoked_author_publishes_nothing_and_stays_revoked(place: Place) {
    let store = place.open().await;
    assert!(store.create_author(&me(), "carriers", "RWQ1").await.unwrap().created);
    assert!(!store.create_author(&me(), "carriers", "RWQ1").await.unwrap().created);
    assert!(matches!(store.create_author(&me(), "carriers", "RWQ2").await, Err(StoreError::Conflict { .. })));
    let mut new = new_version("rates", "1.0.0", "sha256:aa");
    new.author = Some("carriers".to_owned());
    store.publish(&me(), &new, b"one").await.unwrap();
    assert!(store.revoke_author(&me(), "carriers").await.unwrap().revoked.is_some());
    new.version = String::from("1.0.1");
    assert!(matches!(store.publish(&me(), &new, b"one").await, Err(StoreError::Conflict { what: "author", .. })));
    assert!(matches!(store.create_author(&me(), "carriers", "RWQ1").await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.package_version("rates", "1.0.0").await.unwrap().author.as_deref(), Some("carriers"));
}

async fn packages_are_listed_with_their_newest_version(place: Place) {
    let store = place.open().await;
    for (package, version) in [("b", "1"), ("a", "2"), ("a", "1"), ("c", "9")] {
        store.publish(&me(), &new_version(package, version, "sha256:aa"), b"one").await.unwrap();
    }
    let first = store.packages(&Page::first(2)).await.unwrap();
    let shown: Vec<_> = first.items.iter().map(|p| (&p.package[..], &p.newest[..], p.versions)).collect();
    assert_eq!(shown, [("a", "1", 2), ("b", "1", 1)]);
    let second = store.packages(&Page::after(first.next.unwrap(), 2)).await.unwrap();
    assert_eq!((second.items[0].package.as_str(), second.next), ("c", None));
    assert!(matches!(store.package_versions("none", &Page::default()).await, Err(StoreError::NotFound { .. })));
}
