//! What recording costs: the push on the hot path, and how many records a second one core seals.
//!
//! `cargo run --release -p cartwright-records --example recording-cost`

use cartwright_records::{
    Call, Compression, Contents, DataKey, Hook, Part, Personal, PluginRef, RecordId, Recorder, RecorderOptions,
    Sampling, SealedRecord, ShopRecording, Sink, SinkError, Stage, open, seal,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const REQUEST: usize = 8 << 10;
const ANSWER: usize = 12 << 10;

/// Counts what it is given.
#[derive(Clone, Default)]
struct Counting {
    records: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
}

impl Sink for Counting {
    async fn append(&self, records: &[SealedRecord]) -> Result<(), SinkError> {
        let bytes = |record: &SealedRecord| record.body.len() + record.sealed.as_ref().map_or(0, Vec::len);
        self.records.fetch_add(records.len() as u64, Ordering::Relaxed);
        self.bytes.fetch_add(records.iter().map(bytes).sum::<usize>() as u64, Ordering::Relaxed);
        Ok(())
    }
}

/// Numbers that look like a shop's: the same for the same `seed`.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A cart in the contract's JSON, about [`REQUEST`] bytes.
fn request(noise: &mut Noise) -> Vec<u8> {
    let mut text = format!(
        r#"{{"at":"2026-11-21T15:00:{:02}Z","currency":"USD","destination":{{"country":"US","subdivision":"OR","city":"Portland","postalCode":"97{:03}","lines":["{} NW Couch St"],"name":"Alex Shopper","phone":"+1 503 555 {:04}","residential":true,"coordinates":{{"latitude":455{:05},"longitude":-1226{:05}}}}},"customer":{{"id":"C-{}","email":"alex.shopper.{}@example.com","tags":[],"orders":4}},"stock":[],"channel":"web","tags":[],"lines":["#,
        noise.below(60),
        noise.below(1000),
        noise.below(9999),
        noise.below(10_000),
        noise.below(100_000),
        noise.below(100_000),
        noise.below(1_000_000),
        noise.below(1_000_000),
    );
    for line in 0.. {
        text += &*format!(
            r#"{{"id":"{line}","sku":"SKU-{:06}","quantity":{},"unitPrice":{},"discount":0,"weight":{},"size":{{"length":{},"width":{},"height":{}}},"rotation":"any","fragile":false,"shipsAlone":false,"hazardous":false,"physical":true,"tags":["category:{}"]}}"#,
            noise.below(1_000_000),
            1 + noise.below(3),
            noise.below(20_000),
            noise.below(3_000),
            noise.below(500),
            noise.below(300),
            noise.below(200),
            noise.below(40),
        );
        if text.len() > REQUEST - 2 {
            break;
        }
        text.push(',');
    }
    text.push_str("]}");
    text.into_bytes()
}

/// Options in the contract's JSON, about [`ANSWER`] bytes.
fn answer(noise: &mut Noise) -> Vec<u8> {
    let mut text = String::from(r#"{"quotes":["#);
    for service in 0..6 {
        let price = 500 + noise.below(9_000);
        text += &*format!(
            r#"{}{{"service":"parcel-{service}","name":"Parcel {service}","carrier":"demo","method":"ship","price":{price},"charges":[{{"kind":"freight","code":"FREIGHT","amount":{price}}}],"billableWeight":{},"promise":{{"earliest":"2026-11-2{}","latest":"2026-11-30","shipBy":"2026-11-23T22:00:00Z","orderBy":"2026-11-23T19:00:00Z"}},"parcels":[0],"emissions":{},"backup":false,"reasons":[{{"code":"RATE_FROM_TABLE","message":"Zone {} and {} g by the table of 2026.","figures":[{{"name":"zone","value":{},"unit":"count"}}]}}]}}"#,
            if service > 0 { "," } else { "" },
            noise.below(30_000),
            noise.below(10),
            noise.below(2_000),
            noise.below(9),
            noise.below(30_000),
            noise.below(9),
        );
    }
    text.push_str(r#"],"parcels":[{"location":"portland","packaging":"24x14x10","size":{"length":610,"width":356,"height":254},"weight":4711,"contents":[],"placements":["#);
    for place in 0.. {
        text += &*format!(
            r#"{}{{"line":{},"x":{},"y":{},"z":{},"size":{{"length":{},"width":{},"height":{}}}}}"#,
            if place > 0 { "," } else { "" },
            noise.below(40),
            noise.below(600),
            noise.below(350),
            noise.below(250),
            noise.below(500),
            noise.below(300),
            noise.below(200),
        );
        if text.len() > ANSWER - 40 {
            break;
        }
    }
    text.push_str(r#"]}],"reasons":[],"plugins":[],"at":"2026-11-21T15:00:00Z"}"#);
    text.into_bytes()
}

fn shop(personal: Personal) -> Arc<ShopRecording> {
    Arc::new(ShopRecording { shop: "demo".into(), class: "standard".into(), sampling: Sampling::default(), personal })
}

fn plugins(sees_personal: bool) -> Arc<[PluginRef]> {
    Arc::new([PluginRef {
        install: "019aa9d0-3c00-7000-8000-000000000001".into(),
        revision: 1,
        name: "shipping-quote".into(),
        version: "1.0.0".into(),
        digest: format!("sha256:{}", "0".repeat(64)),
        snapshot: "0".repeat(64),
        sees_personal,
    }])
}

/// The documents that the calls hand over, made before the clock runs.
struct Samples(Vec<[Arc<Vec<u8>>; 2]>);

impl Samples {
    fn new(count: usize) -> Self {
        let mut noise = Noise(1);
        Self((0..count).map(|_| [request(&mut noise), answer(&mut noise)].map(Arc::new)).collect())
    }

    fn call(&self, number: usize, shop: &Arc<ShopRecording>, plugins: &Arc<[PluginRef]>) -> Call {
        let [request, answer] = self.0[number % self.0.len()].clone();
        Call {
            id: RecordId(number as u128),
            at_millis: 1_763_737_200_000,
            shop: shop.clone(),
            hook: Hook::ShippingQuote,
            stage: Stage::Live,
            plugins: plugins.clone(),
            fallback: None,
            failed: false,
            fuel: 1_150_000,
            memory: 2 << 20,
            micros: 85,
            request_id: Some("0123456789abcdef".into()),
            bytes: request.len() + answer.len(),
            contents: Box::new(move || {
                let part = Part { fuel: 1_150_000, memory: 2 << 20, micros: 85, ..Part::default() };
                Contents { request: request.to_vec(), answer: answer.to_vec(), parts: vec![part] }
            }),
        }
    }
}

/// What this thread has run, not what it waited for: the machine may be busy. Where Linux does not tell, the clock has to do.
fn ran(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

fn per(elapsed: Duration, count: u32) -> f64 {
    elapsed.as_secs_f64() / f64::from(count)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let samples = Samples::new(64);
    let key = Arc::new(DataKey::generate()?);
    let encrypt = shop(Personal::Encrypt(key.clone()));
    let [request, answer] = &samples.0[0];
    println!("a request of {} bytes, an answer of {} bytes", request.len(), answer.len());

    let (fast, small) = (Compression::Fast, Compression::Small);
    for (name, shop, sees, compression) in [
        ("sealed, the plugin sees personal fields", encrypt.clone(), true, fast),
        ("sealed, the plugin sees none", encrypt.clone(), false, fast),
        ("personal fields left out", shop(Personal::Omit), false, fast),
        ("sealed, the plugin sees none, small", encrypt.clone(), false, small),
    ] {
        let plugins = plugins(sees);
        let count = 4_000_u32;
        let calls: Vec<_> = (0..count).map(|number| samples.call(number as usize, &shop, &plugins)).collect();
        let begin = ran(start);
        let records: Vec<_> = calls.into_iter().map(|call| seal(call, compression)).collect::<Result<_, _>>()?;
        let each = per(ran(start).saturating_sub(begin), count);
        let bytes =
            records.iter().map(|record| record.body.len() + record.sealed.as_ref().map_or(0, Vec::len)).sum::<usize>();
        let begin = ran(start);
        for record in &records {
            let opened = open(&record.shop, record.id, &record.body, record.sealed.as_deref(), Some(&key))?;
            assert!(!opened.request.is_empty());
        }
        let opening = per(ran(start).saturating_sub(begin), count);
        println!(
            "{name}: {:.0} µs a record on one core ({:.0}/s), {} bytes stored, opened in {:.0} µs",
            each * 1e6,
            1.0 / each,
            bytes / count as usize,
            opening * 1e6
        );
    }

    // The push by itself: room for all, and the thread asleep until the clock stands still.
    let plugins = plugins(true);
    let count = 20_000_usize;
    let sink = Counting::default();
    let options = RecorderOptions { records: count, bytes: usize::MAX, batch: 256, ..RecorderOptions::default() };
    let recorder = Recorder::start(
        RecorderOptions { delay: Duration::from_secs(3), batch: count + 1, ..options.clone() },
        sink.clone(),
    )?;
    let mut times = Vec::with_capacity(count);
    for call in (0..count).map(|number| samples.call(number, &encrypt, &plugins)) {
        let begin = Instant::now();
        recorder.push(call);
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let begin = Instant::now();
    let clock: Duration = (0..count).map(|_| begin.elapsed()).max().unwrap_or_default() / u32::try_from(count)?;
    println!(
        "push: {} ns at the median, {} ns p99, {} ns p99.9 (reading the clock {} ns of it)",
        times[count / 2].as_nanos(),
        times[count * 99 / 100].as_nanos(),
        times[count * 999 / 1000].as_nanos(),
        clock.as_nanos()
    );
    drop(recorder);

    // From push to sink, as fast as it goes: nothing may be lost below the bound.
    let sink = Counting::default();
    let recorder = Recorder::start(options, sink.clone())?;
    let begin = Instant::now();
    for number in 0..count {
        recorder.push(samples.call(number, &encrypt, &plugins));
    }
    let pushed = begin.elapsed();
    let closed = recorder.close(Duration::from_mins(2)).await;
    let elapsed = begin.elapsed();
    println!(
        "{count} pushed in {:.0} ms, all in the sink after {:.2} s: {:.0} records/s; {} dropped, {} lost; {} kB for {} kB",
        pushed.as_secs_f64() * 1e3,
        elapsed.as_secs_f64(),
        1.0 / per(elapsed, u32::try_from(count)?),
        closed.stats.dropped,
        closed.lost,
        sink.bytes.load(Ordering::Relaxed) / 1000,
        count * (request.len() + answer.len()) / 1000,
    );
    Ok(())
}
