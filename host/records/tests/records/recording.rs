//! The recorder: bounded, never waiting, losing nothing that it took for as long as there is a sink to come back.

use crate::samples::{call, shop};
use cartwright_records::{
    Contents, DataKey, Hook, Personal, RecordId, Recorder, RecorderOptions, RecorderStats, Sampling, SealedRecord,
    ShopRecording, Sink, SinkError,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

const SOON: Duration = Duration::from_secs(20);

/// What the sink does with the next batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Up,
    Down,
    /// Refuses every batch with this record in it.
    Dislikes(u128),
    /// Stores, and does not say so.
    ForgetsToSay,
}

/// A sink in memory, as idempotent as a store has to be.
#[derive(Clone)]
struct Memory {
    stored: Arc<Mutex<BTreeSet<RecordId>>>,
    asked: watch::Sender<usize>,
    mood: Arc<Mutex<Mood>>,
    /// One permit for each batch that may go through.
    gate: Arc<Semaphore>,
}

impl Memory {
    fn new(mood: Mood) -> Self {
        Self {
            stored: Arc::default(),
            asked: watch::Sender::new(0),
            mood: Arc::new(Mutex::new(mood)),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
        }
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn ids(&self) -> Vec<u128> {
        self.stored.lock().unwrap().iter().map(|id| id.0).collect()
    }

    /// Waits until the sink was asked so many times.
    async fn was_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        tokio::time::timeout(SOON, asked.wait_for(|asked| *asked >= times)).await.unwrap().unwrap();
    }
}

impl Sink for Memory {
    async fn append(&self, records: &[SealedRecord]) -> Result<(), SinkError> {
        self.asked.send_modify(|asked| *asked += 1);
        self.gate.acquire().await.unwrap().forget();
        let mood = *self.mood.lock().unwrap();
        let ids = || records.iter().map(|record| record.id);
        match mood {
            Mood::Down => return Err(SinkError::Unavailable("down".into())),
            Mood::Dislikes(id) if ids().any(|other| other.0 == id) => return Err(SinkError::Refused("no".into())),
            _ => self.stored.lock().unwrap().extend(ids()),
        }
        match mood {
            Mood::ForgetsToSay => Err(SinkError::Unavailable("timed out".into())),
            _ => Ok(()),
        }
    }
}

fn recording() -> Arc<ShopRecording> {
    shop(Personal::Encrypt(Arc::new(DataKey::generate().unwrap())))
}

fn contents() -> Contents {
    Contents { request: b"{}".to_vec(), answer: b"{}".to_vec(), parts: Vec::new() }
}

fn push(recorder: &Recorder, shop: &Arc<ShopRecording>, ids: std::ops::Range<u128>) {
    for id in ids {
        let mut call = call(id, shop, Hook::ShippingQuote, false, contents());
        call.bytes = 1_000;
        recorder.push(call);
    }
}

fn options() -> RecorderOptions {
    RecorderOptions {
        records: 100,
        bytes: 1 << 20,
        batch: 8,
        delay: Duration::from_millis(1),
        retry: Duration::from_millis(1),
        longest_retry: Duration::from_millis(4),
        ..RecorderOptions::default()
    }
}

/// Nothing is counted twice, and nothing is not counted.
fn adds_up(stats: RecorderStats) -> bool {
    stats.pushed == stats.stored + stats.dropped + stats.refused + stats.waiting
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_below_the_bound_is_stored_and_closing_flushes() {
    let sink = Memory::new(Mood::Up);
    let options = RecorderOptions { delay: Duration::from_hours(1), batch: 64, ..options() };
    let recorder = Recorder::start(options, sink.clone()).unwrap();
    push(&recorder, &recording(), 0..100);
    let closed = recorder.close(SOON).await;
    assert_eq!(closed.lost, 0);
    assert_eq!(sink.ids(), (0..100).collect::<Vec<_>>());
    assert_eq!((closed.stats.stored, closed.stats.dropped), (100, 0));
    push(&recorder, &recording(), 100..101);
    assert_eq!(recorder.stats().dropped, 1, "after the end nothing is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_bound_the_newest_are_dropped_and_counted() {
    let sink = Memory::new(Mood::Down);
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    push(&recorder, &recording(), 0..150);
    sink.was_asked(3).await;
    let stats = recorder.stats();
    assert_eq!((stats.pushed, stats.dropped, stats.waiting, stats.stored), (150, 50, 100, 0));
    sink.becomes(Mood::Up);
    assert!(recorder.flush(SOON).await);
    assert_eq!(sink.ids(), (0..100).collect::<Vec<_>>(), "what was taken while the sink was down is not lost");
    assert!(recorder.stats().retries >= 2 && adds_up(recorder.stats()));
    push(&recorder, &recording(), 150..160);
    assert!(recorder.flush(SOON).await);
    assert_eq!(recorder.stats().stored, 110);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bound_holds_for_bytes_too_and_for_what_is_under_way() {
    let sink = Memory { gate: Arc::new(Semaphore::new(0)), ..Memory::new(Mood::Up) };
    let recorder = Recorder::start(RecorderOptions { bytes: 20_500, ..options() }, sink.clone()).unwrap();
    push(&recorder, &recording(), 0..5);
    sink.was_asked(1).await;
    push(&recorder, &recording(), 5..30);
    let stats = recorder.stats();
    assert_eq!((stats.waiting, stats.waiting_bytes, stats.dropped), (20, 20_000, 10));
    sink.gate.add_permits(1_000);
    assert!(recorder.flush(SOON).await);
    assert_eq!((recorder.stats().stored, recorder.stats().waiting_bytes), (20, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_forgets_to_say_is_asked_again_with_the_same_records() {
    let sink = Memory::new(Mood::ForgetsToSay);
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    push(&recorder, &recording(), 0..8);
    sink.was_asked(2).await;
    sink.becomes(Mood::Up);
    assert!(recorder.flush(SOON).await);
    assert_eq!((sink.ids().len(), recorder.stats().stored), (8, 8));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_that_is_refused_takes_no_other_with_it() {
    let sink = Memory::new(Mood::Dislikes(5));
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    push(&recorder, &recording(), 0..40);
    assert!(recorder.flush(SOON).await);
    assert_eq!(sink.ids(), (0..40).filter(|id| *id != 5).collect::<Vec<_>>());
    assert_eq!((recorder.stats().stored, recorder.stats().refused), (39, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_that_panic_take_no_other_record_with_them() {
    let sink = Memory::new(Mood::Up);
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    let mut bad = call(0, &recording(), Hook::ShippingQuote, false, contents());
    bad.contents = Box::new(|| panic!("the test wants it"));
    recorder.push(bad);
    push(&recorder, &recording(), 1..10);
    assert!(recorder.flush(SOON).await);
    assert_eq!(sink.ids(), (1..10).collect::<Vec<_>>());
    assert!(recorder.stats().refused == 1 && adds_up(recorder.stats()));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_gives_up_at_its_deadline_and_says_what_is_lost() {
    let sink = Memory::new(Mood::Down);
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    push(&recorder, &recording(), 0..10);
    sink.was_asked(1).await;
    let closed = recorder.close(Duration::from_millis(20)).await;
    assert_eq!(closed.lost, 10);
    assert!(adds_up(closed.stats));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_does_not_wait_for_a_long_pause_between_two_tries() {
    let sink = Memory::new(Mood::Down);
    let long = Duration::from_hours(1);
    let options = RecorderOptions { retry: long, longest_retry: long, ..options() };
    let recorder = Recorder::start(options, sink.clone()).unwrap();
    push(&recorder, &recording(), 0..10);
    sink.was_asked(1).await;
    sink.becomes(Mood::Up);
    assert_eq!(recorder.close(SOON).await.lost, 0);
    assert_eq!(sink.ids().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_last_recorder_is_gone_what_it_took_is_stored() {
    let sink = Memory::new(Mood::Up);
    let options = RecorderOptions { delay: Duration::from_hours(1), batch: 64, ..options() };
    let recorder = Recorder::start(options, sink.clone()).unwrap();
    push(&recorder, &recording(), 0..10);
    drop(recorder);
    sink.was_asked(1).await;
    let all = async {
        while sink.ids().len() < 10 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, all).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sampling_leaves_out_is_counted_beside() {
    let sink = Memory::new(Mood::Up);
    let recorder = Recorder::start(options(), sink.clone()).unwrap();
    let sampling = Sampling { share: 0, ..Sampling::default() };
    let quiet = Arc::new(ShopRecording { sampling, ..ShopRecording::clone(&recording()) });
    push(&recorder, &quiet, 0..10);
    let mut failed = call(10, &quiet, Hook::ShippingQuote, false, contents());
    failed.fallback = Some("PANICKED");
    recorder.push(failed);
    assert!(recorder.flush(SOON).await);
    let stats = recorder.stats();
    assert_eq!((stats.sampled_out, stats.pushed, stats.stored), (10, 1, 1));
    assert_eq!(sink.ids(), [10], "a failure is kept whatever the share");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_threads_push_at_once_and_nothing_is_lost() {
    let sink = Memory::new(Mood::Up);
    let recorder =
        Recorder::start(RecorderOptions { records: 10_000, bytes: 1 << 30, ..options() }, sink.clone()).unwrap();
    let shop = recording();
    std::thread::scope(|scope| {
        for thread in 0..4_u128 {
            let (recorder, shop) = (&recorder, &shop);
            scope.spawn(move || push(recorder, shop, thread * 1_000..(thread + 1) * 1_000));
        }
    });
    assert_eq!(recorder.close(SOON).await.lost, 0);
    assert_eq!(sink.ids(), (0..4_000).collect::<Vec<_>>());
}
