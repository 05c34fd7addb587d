//! What the bus promises, over NATS and in one process.

mod rig;

use cartwright_bus::{Bus, BusError, Change, Event, Hint, Job, Told};
use rig::{Rig, jobs, soon};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Barrier;

/// Each promise becomes two tests.
macro_rules! promises {
    ($($promise:ident),* $(,)?) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                super::$promise(super::Rig::local()).await;
            })*
        }
        mod nats {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let Some(rig) = super::Rig::nats().await else { return };
                super::$promise(rig).await;
            })*
        }
    };
}

promises!(
    every_replica_hears_of_a_change_after_it_was_told_to_read_the_outbox,
    of_300_jobs_three_workers_do_each_exactly_once,
    a_job_that_was_submitted_is_not_taken_again,
    jobs_of_another_kind_are_not_handed_out,
    a_job_is_unfinished_until_it_is_done_or_given_up,
    a_job_whose_worker_died_is_handed_to_another,
    a_job_that_kills_its_workers_ends_among_the_dead_letters,
    a_job_that_is_tried_again_waits_and_at_last_ends_with_its_reason,
    a_dead_letter_can_be_tried_again_once,
    a_job_given_up_is_not_handed_out_again,
    progress_keeps_a_job_in_its_workers_hands,
    what_is_said_twice_is_not_an_error,
    a_cancelled_wait_loses_no_job,
    everybody_is_told_every_event_in_order_from_any_place,
    an_event_is_told_once_by_its_id,
    a_place_that_the_bus_does_not_know_is_a_gap,
    what_cannot_be_sent_is_refused_by_name,
    closing_ends_every_wait_and_refuses_the_rest,
);

fn change(shop: &str, seq: i64) -> Change {
    Change { shop: shop.into(), seq }
}

async fn every_replica_hears_of_a_change_after_it_was_told_to_read_the_outbox(rig: Rig) {
    let (mut first, mut second) = (rig.one.changes(), rig.other.changes());
    assert_eq!(soon(first.next()).await, Some(Hint::Resync));
    assert_eq!(soon(second.next()).await, Some(Hint::Resync));
    rig.one.announce(&change("tents", 7)).await.expect("announced");
    rig.other.announce(&change("stoves", 8)).await.expect("announced");
    for replica in [&mut first, &mut second] {
        assert_eq!(soon(replica.next()).await, Some(Hint::Changed(change("tents", 7))));
        assert_eq!(soon(replica.next()).await, Some(Hint::Changed(change("stoves", 8))));
    }
    // Who comes later hears only of what comes then.
    let mut late = rig.other.changes();
    assert_eq!(soon(late.next()).await, Some(Hint::Resync));
    rig.one.announce(&change("tents", 9)).await.expect("announced");
    assert_eq!(soon(late.next()).await, Some(Hint::Changed(change("tents", 9))));
}

async fn of_300_jobs_three_workers_do_each_exactly_once(rig: Rig) {
    let done: Arc<Mutex<BTreeMap<String, u32>>> = Arc::default();
    let everybody = Arc::new(Barrier::new(3));
    let buses = [rig.one.clone(), rig.other.clone(), rig.other.clone()];
    let workers: Vec<_> = buses
        .into_iter()
        .map(|bus| {
            let (done, everybody) = (done.clone(), everybody.clone());
            tokio::spawn(async move {
                let mut jobs = bus.jobs("backtest").expect("a kind");
                let mut own = 0;
                while let Ok(Some(job)) = tokio::time::timeout(Duration::from_secs(2), jobs.next()).await {
                    assert_eq!(job.payload, job.id.as_bytes());
                    *done.lock().expect("no panic").entry(job.id.clone()).or_default() += 1;
                    job.done().await.expect("taken in");
                    own += 1;
                    // Nobody takes a second job before everybody has had one.
                    if own == 1 {
                        everybody.wait().await;
                    }
                }
                own
            })
        })
        .collect();
    for number in 0..300 {
        let id = format!("shard-{number}");
        assert!(rig.one.submit("backtest", &id, id.clone().into_bytes()).await.expect("submitted"));
    }
    for worker in workers {
        assert!(worker.await.expect("no panic") > 0);
    }
    {
        let done = done.lock().expect("no panic");
        assert_eq!(done.len(), 300);
        assert!(done.values().all(|times| *times == 1), "{done:?}");
    }
    assert_eq!(rig.one.dead_letters(10).await.expect("listed"), []);
}

async fn submit(bus: &Bus, id: &str) {
    assert!(bus.submit("backtest", id, b"what to do".to_vec()).await.expect("submitted"));
}

async fn next(jobs: &mut cartwright_bus::Jobs) -> Job {
    soon(jobs.next()).await.expect("the bus is open")
}

/// That nothing comes for longer than a job would be held.
async fn nothing_comes(jobs: &mut cartwright_bus::Jobs) {
    let waited = tokio::time::timeout(rig::ACK_WAIT * 3, jobs.next()).await;
    assert!(waited.is_err(), "{waited:?}");
}

async fn a_job_that_was_submitted_is_not_taken_again(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    next(&mut jobs).await.done().await.expect("taken in");
    assert!(!rig.other.submit("backtest", "shard-1", Vec::new()).await.expect("left out"));
    nothing_comes(&mut jobs).await;
}

async fn jobs_of_another_kind_are_not_handed_out(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    assert!(rig.one.submit("webhook", "shard-1", Vec::new()).await.expect("an id counts within its kind"));
    let job = next(&mut rig.one.jobs("webhook").expect("a kind")).await;
    assert_eq!((job.kind.as_str(), job.id.as_str(), job.payload.len()), ("webhook", "shard-1", 0));
}

async fn a_job_is_unfinished_until_it_is_done_or_given_up(rig: Rig) {
    assert_eq!(rig.one.unfinished("backtest").await.expect("counted"), 0);
    for id in ["shard-1", "shard-2", "shard-3", "shard-4"] {
        submit(&rig.one, id).await;
    }
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    next(&mut jobs).await.done().await.expect("taken in");
    next(&mut jobs).await.give_up("no such plugin").await.expect("given up");
    next(&mut jobs).await.retry_after(Duration::from_mins(1), "later").await.expect("given back");
    let _held = next(&mut jobs).await;
    assert_eq!(rig.one.unfinished("backtest").await.expect("counted"), 2);
    assert_eq!(rig.one.unfinished("webhook").await.expect("counted"), 0);
}

async fn a_job_whose_worker_died_is_handed_to_another(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let dead = next(&mut rig.one.jobs("backtest").expect("a kind")).await;
    assert_eq!(dead.attempt, 1);
    drop(dead);
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    let job = next(&mut jobs).await;
    assert_eq!((job.id.as_str(), job.attempt, job.payload.as_slice()), ("shard-1", 2, b"what to do".as_slice()));
    job.done().await.expect("taken in");
    nothing_comes(&mut jobs).await;
}

async fn a_job_that_kills_its_workers_ends_among_the_dead_letters(rig: Rig) {
    submit(&rig.one, "poison").await;
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    for attempt in 1..=jobs::MAX_DELIVER {
        assert_eq!(next(&mut jobs).await.attempt, attempt);
    }
    nothing_comes(&mut jobs).await;
    let dead = rig.one.dead_letters(10).await.expect("listed");
    let [letter] = dead.as_slice() else { panic!("one dead letter, not {dead:?}") };
    assert_eq!((letter.kind.as_str(), letter.id.as_str()), ("backtest", "poison"));
    assert_eq!((letter.attempts, letter.payload.as_slice()), (jobs::MAX_DELIVER, b"what to do".as_slice()));
    assert!(letter.reason.contains("never acknowledged"), "{}", letter.reason);
}

async fn a_job_that_is_tried_again_waits_and_at_last_ends_with_its_reason(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    for attempt in 1..=jobs::MAX_DELIVER {
        let before = Instant::now();
        let job = next(&mut jobs).await;
        assert_eq!(job.attempt, attempt);
        if attempt > 1 {
            assert!(before.elapsed() >= jobs::BACK_OFF * 9 / 10, "{:?}", before.elapsed());
        }
        job.retry("the store\nis away").await.expect("given back");
    }
    nothing_comes(&mut jobs).await;
    let dead = rig.one.dead_letters(10).await.expect("listed");
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].reason.as_str(), dead[0].attempts), ("the store is away", jobs::MAX_DELIVER));
}

async fn a_dead_letter_can_be_tried_again_once(rig: Rig) {
    for id in ["shard-1", "shard-2"] {
        submit(&rig.one, id).await;
    }
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    for _ in 0..2 {
        next(&mut jobs).await.give_up("the shop is gone").await.expect("given up");
    }
    let dead = rig.one.dead_letters(10).await.expect("listed");
    assert_eq!(dead.iter().map(|letter| letter.id.as_str()).collect::<Vec<_>>(), ["shard-1", "shard-2"]);
    assert_eq!(rig.one.dead_letters(1).await.expect("listed"), dead[..1]);
    rig.one.retry_dead(dead[0].number).await.expect("submitted again");
    let job = next(&mut jobs).await;
    assert_eq!((job.id.as_str(), job.attempt, job.payload.as_slice()), ("shard-1", 1, b"what to do".as_slice()));
    job.done().await.expect("taken in");
    assert_eq!(rig.other.dead_letters(10).await.expect("listed"), dead[1..]);
    let gone = rig.one.retry_dead(dead[0].number).await.expect_err("it is gone");
    assert_eq!(gone, BusError::NoDeadLetter(dead[0].number));
    nothing_comes(&mut jobs).await;
}

async fn a_job_given_up_is_not_handed_out_again(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    next(&mut jobs).await.give_up("no such plugin").await.expect("given up");
    nothing_comes(&mut jobs).await;
    let dead = rig.one.dead_letters(10).await.expect("listed");
    assert_eq!((dead.len(), dead[0].reason.as_str(), dead[0].attempts), (1, "no such plugin", 1));
}

async fn progress_keeps_a_job_in_its_workers_hands(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let job = next(&mut rig.one.jobs("backtest").expect("a kind")).await;
    let mut others = rig.other.jobs("backtest").expect("a kind");
    let begun = Instant::now();
    while begun.elapsed() < rig::ACK_WAIT * 3 {
        let waited = tokio::time::timeout(rig::ACK_WAIT / 4, others.next()).await;
        assert!(waited.is_err(), "another was given it: {waited:?}");
        job.progress().await.expect("taken in");
    }
    job.done().await.expect("taken in");
    nothing_comes(&mut others).await;
}

async fn what_is_said_twice_is_not_an_error(rig: Rig) {
    submit(&rig.one, "shard-1").await;
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    let job = next(&mut jobs).await;
    job.done().await.expect("taken in");
    job.done().await.expect("taken in already");
    job.progress().await.expect("nothing to keep");
    nothing_comes(&mut jobs).await;
}

async fn a_cancelled_wait_loses_no_job(rig: Rig) {
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    for number in 0..20 {
        // Cancelled at another moment each time, sometimes as the job comes.
        let _ = tokio::time::timeout(Duration::from_micros(500 * number), async {
            submit(&rig.one, &format!("shard-{number}")).await;
            std::future::pending::<()>().await;
        })
        .await;
        let waited = tokio::time::timeout(Duration::from_micros(300 * number), jobs.next()).await;
        if let Ok(Some(job)) = waited {
            job.done().await.expect("taken in");
        }
    }
    // What was submitted is done or comes, at its first attempt.
    while let Ok(Some(job)) = tokio::time::timeout(rig::ACK_WAIT, jobs.next()).await {
        assert_eq!(job.attempt, 1, "{job:?} had to wait until its worker was taken for dead");
        job.done().await.expect("taken in");
    }
    submit(&rig.one, "last").await;
    assert_eq!(next(&mut jobs).await.id, "last");
}

fn event(told: Option<Told>) -> Event {
    match told {
        Some(Told::Event(event)) => event,
        other => panic!("an event, not {other:?}"),
    }
}

async fn everybody_is_told_every_event_in_order_from_any_place(rig: Rig) {
    let mut early = rig.other.told(0);
    let mut places = Vec::new();
    for number in 0..50u8 {
        places.push(rig.one.tell(&format!("order-{number}"), vec![number]).await.expect("told"));
    }
    let mut late = rig.one.told(0);
    let mut from_the_middle = rig.other.told(places[24]);
    for number in 0..50u8 {
        let (first, second) = (event(soon(early.next()).await), event(soon(late.next()).await));
        assert_eq!((first.seq, first.payload.as_slice()), (places[usize::from(number)], [number].as_slice()));
        assert_eq!(first, second);
        assert!(first.at_millis > 1_700_000_000_000, "{}", first.at_millis);
    }
    assert_eq!(event(soon(from_the_middle.next()).await).payload, [25]);
    // And then what comes.
    rig.other.tell("order-50", vec![50]).await.expect("told");
    assert_eq!(event(soon(early.next()).await).payload, [50]);
    let mut from_the_end = rig.one.told(places[49]);
    assert_eq!(event(soon(from_the_end.next()).await).payload, [50]);
}

async fn an_event_is_told_once_by_its_id(rig: Rig) {
    let first = rig.one.tell("order-1", vec![1]).await.expect("told");
    assert_eq!(rig.other.tell("order-1", vec![1]).await.expect("left out"), first);
    rig.one.tell("order-2", vec![2]).await.expect("told");
    let mut told = rig.other.told(0);
    assert_eq!(event(soon(told.next()).await).payload, [1]);
    assert_eq!(event(soon(told.next()).await).payload, [2]);
}

async fn a_place_that_the_bus_does_not_know_is_a_gap(rig: Rig) {
    rig.one.tell("order-1", vec![1]).await.expect("told");
    // As after the bus has lost everything, or in another process.
    let mut told = rig.other.told(1000);
    assert_eq!(soon(told.next()).await, Some(Told::Gap));
    assert_eq!(event(soon(told.next()).await).payload, [1]);
}

async fn what_cannot_be_sent_is_refused_by_name(rig: Rig) {
    let refused = |result: Result<(), BusError>| match result {
        Err(BusError::Invalid { name, value, .. }) => (name, value),
        other => panic!("refused, not {other:?}"),
    };
    let of = |name, value: &str| (name, value.to_owned());
    assert_eq!(refused(rig.one.announce(&change("a.b", 1)).await), of("shop", "a.b"));
    assert_eq!(refused(rig.one.submit("", "id", Vec::new()).await.map(drop)), of("kind", ""));
    assert_eq!(refused(rig.one.submit("*", "id", Vec::new()).await.map(drop)), of("kind", "*"));
    assert_eq!(refused(rig.one.submit("kind", "a b", Vec::new()).await.map(drop)), of("id", "a b"));
    assert_eq!(refused(rig.one.tell("a\r\nb", Vec::new()).await.map(drop)), of("id", "a\r\nb"));
    assert_eq!(refused(rig.one.jobs(">").map(drop)), of("kind", ">"));
    assert_eq!(
        refused(rig.one.submit("kind", "id", vec![0; 1_000_001]).await.map(drop)),
        of("payload", "1000001 bytes")
    );
    assert!(rig.one.submit("kind", "id", vec![0; 1_000_000]).await.expect("the largest"));
    let job = next(&mut rig.other.jobs("kind").expect("a kind")).await;
    assert_eq!(job.payload.len(), 1_000_000);
}

async fn closing_ends_every_wait_and_refuses_the_rest(rig: Rig) {
    let bus = rig.one;
    let (mut jobs, mut told, mut changes) = (bus.jobs("backtest").expect("a kind"), bus.told(0), bus.changes());
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    let waiting = tokio::spawn(async move { (jobs.next().await.is_none(), told.next().await, changes.next().await) });
    tokio::task::yield_now().await;
    bus.close();
    assert_eq!(soon(waiting).await.expect("no panic"), (true, None, None));
    let refused = bus.submit("backtest", "shard-1", Vec::new()).await.expect_err("it is closed");
    assert!(refused.may_be_tried_again() && refused.to_string().contains("it is closed"), "{refused}");
    let link = bus.connected().borrow().clone();
    assert_eq!((link.up, link.why.as_str()), (false, "it is closed"));
}
