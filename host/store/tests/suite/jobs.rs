use crate::place::{Place, me, on_both, shop};
use cartwright_store::{Job, JobState, NewJob, Page, Shard, ShardState, Store, StoreError};
use serde_json::json;

on_both! {
    each_shard_is_worked_on_by_one_and_counts_once,
    a_shard_whose_worker_died_goes_to_another_and_the_first_is_refused,
    a_shard_that_fails_too_often_is_given_up,
    a_job_ends_once_and_only_when_its_shards_are_over,
    a_cancelled_job_hands_out_nothing,
    a_job_made_twice_under_one_id_is_one,
    a_certain_shard_can_be_claimed,
}

async fn job(store: &Store, shards: i64) -> Job {
    shop(store, "s").await;
    let shards = (0..shards).map(|n| Shard { first: n * 10 + 1, last: n * 10 + 10, count: 10 }).collect();
    store.create_job(&me(), &NewJob { id: None, shop: "s".into(), document: json!({"x": 1}), shards }).await.unwrap().it
}

async fn each_shard_is_worked_on_by_one_and_counts_once(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let job = job(&store, 12).await;
    assert_eq!((job.state, job.shards, job.records), (JobState::Running, 12, 120));
    let work = |store: Store, name: &'static str| async move {
        let mut done = Vec::new();
        while let Some(claim) = store.claim_shard(None, name, 30, 3).await.unwrap() {
            store.finish_shard(&claim, &claim.number.to_le_bytes()).await.unwrap();
            done.push(claim.number);
        }
        done
    };
    let (a, b) = tokio::join!(work(store.clone(), "a"), work(other, "b"));
    let mut all = [a, b].concat();
    all.sort_unstable();
    assert_eq!(all, (0..12).collect::<Vec<_>>());
    let after = store.job(&job.id).await.unwrap();
    assert_eq!((after.state, after.shards_done, after.records_done), (JobState::Worked, 12, 120));
    let results = store.shard_results(&job.id, 5, 3).await.unwrap();
    assert_eq!(results.iter().map(|s| s.result.clone().unwrap()[0]).collect::<Vec<_>>(), [5, 6, 7]);
}

async fn a_shard_whose_worker_died_goes_to_another_and_the_first_is_refused(place: Place) {
    let store = place.open().await;
    let job = job(&store, 1).await;
    let first = store.claim_shard(Some(&job.id), "a", 30, 3).await.unwrap().unwrap();
    assert_eq!(store.claim_shard(None, "b", 30, 3).await.unwrap(), None);
    place.pass(20);
    let first = store.renew_shard(&first, 30).await.unwrap();
    place.pass(20);
    assert_eq!(store.claim_shard(None, "b", 30, 3).await.unwrap(), None, "it was prolonged");
    place.pass(11);
    let second = store.claim_shard(None, "b", 30, 3).await.unwrap().unwrap();
    assert_eq!((second.shard, second.attempt), (first.shard, 2));
    assert!(matches!(store.finish_shard(&first, b"a").await, Err(StoreError::Stale { found: 2, .. })));
    assert!(matches!(store.renew_shard(&first, 30).await, Err(StoreError::Stale { .. })));
    store.finish_shard(&second, b"b").await.unwrap();
    assert!(matches!(store.finish_shard(&second, b"b").await, Err(StoreError::Stale { .. })), "counted once");
    assert_eq!(store.shard_results(&job.id, 0, 9).await.unwrap()[0].result.as_deref(), Some(&b"b"[..]));
    assert_eq!(store.job(&job.id).await.unwrap().shards_done, 1);
}

async fn a_shard_that_fails_too_often_is_given_up(place: Place) {
    let store = place.open().await;
    let job = job(&store, 2).await;
    let claim = store.claim_shard(None, "a", 30, 2).await.unwrap().unwrap();
    store.fail_shard(&claim, "no memory", 60, 2).await.unwrap();
    assert_eq!(store.claim_shard_number(&job.id, 0, "a", 30, 2).await.unwrap(), None, "not at once");
    place.pass(61);
    let claim = store.claim_shard(None, "a", 30, 2).await.unwrap().unwrap();
    assert_eq!((claim.number, claim.attempt), (0, 2));
    store.fail_shard(&claim, "no memory", 0, 2).await.unwrap();
    // The other's workers die without a word.
    for _ in 0..2 {
        assert_eq!(store.claim_shard(None, "a", 30, 2).await.unwrap().unwrap().number, 1);
        place.pass(31);
    }
    assert_eq!(store.claim_shard(None, "a", 30, 2).await.unwrap(), None);
    let after = store.job(&job.id).await.unwrap();
    assert_eq!((after.state, after.shards_dead, after.shards_done), (JobState::Worked, 2, 0));
    let shards = store.shard_results(&job.id, 0, 9).await.unwrap();
    assert_eq!((shards[0].state, shards[0].error.as_deref()), (ShardState::Dead, Some("no memory")));
    assert!(shards[1].error.is_some());
}

async fn a_job_ends_once_and_only_when_its_shards_are_over(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let job = job(&store, 1).await;
    let report = json!({"changed": 3});
    assert!(matches!(store.finish_job(&me(), &job.id, Ok(&report)).await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.open_jobs().await.unwrap().len(), 1);
    let claim = store.claim_shard(None, "a", 30, 3).await.unwrap().unwrap();
    store.finish_shard(&claim, b"").await.unwrap();
    let actor = me();
    let (a, b) =
        tokio::join!(store.finish_job(&actor, &job.id, Ok(&report)), other.finish_job(&actor, &job.id, Ok(&report)));
    assert!(a.unwrap().1 != b.unwrap().1, "one is told that it ended it");
    let after = store.job(&job.id).await.unwrap();
    assert_eq!((after.state, after.result), (JobState::Done, Some(report)));
    assert!(store.open_jobs().await.unwrap().is_empty());
    assert_eq!(store.jobs("s", &Page::default()).await.unwrap().items[0].id, job.id);
}

async fn a_cancelled_job_hands_out_nothing(place: Place) {
    let store = place.open().await;
    let job = job(&store, 3).await;
    let claim = store.claim_shard(None, "a", 30, 3).await.unwrap().unwrap();
    assert!(store.cancel_job(&me(), &job.id).await.unwrap().1);
    assert_eq!(store.claim_shard(None, "a", 30, 3).await.unwrap(), None);
    assert!(matches!(store.finish_shard(&claim, b"").await, Err(StoreError::Stale { .. })));
    assert_eq!(store.job(&job.id).await.unwrap().state, JobState::Cancelled);
    assert!(!store.finish_job(&me(), &job.id, Err("late")).await.unwrap().1);
}

async fn a_job_made_twice_under_one_id_is_one(place: Place) {
    let store = place.open().await;
    shop(&store, "s").await;
    let id = Some("019a0000-0000-7000-8000-000000000003".to_owned());
    let new = NewJob { id, shop: "s".into(), document: json!({}), shards: vec![] };
    let first = store.create_job(&me(), &new).await.unwrap();
    let second = store.create_job(&me(), &new).await.unwrap();
    assert!(first.created && !second.created && first.it == second.it);
    assert_eq!(first.it.state, JobState::Worked, "there is nothing to work on");
    assert!(store.finish_job(&me(), &first.it.id, Ok(&json!({}))).await.unwrap().1);
}

async fn a_certain_shard_can_be_claimed(place: Place) {
    let store = place.open().await;
    let job = job(&store, 3).await;
    let claim = store.claim_shard_number(&job.id, 2, "a", 30, 3).await.unwrap().unwrap();
    assert_eq!((claim.number, claim.shard.first), (2, 21));
    assert_eq!(store.claim_shard_number(&job.id, 2, "b", 30, 3).await.unwrap(), None);
    assert_eq!(store.claim_shard(Some(&job.id), "b", 30, 3).await.unwrap().unwrap().number, 0);
}
