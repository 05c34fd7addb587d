//! What the bus costs: `cargo run --release -p cartwright-bus --example measure -- nats://127.0.0.1:4222`, without a URL on the bus of
//! one process.

use cartwright_bus::{Bus, BusOptions, Change, Hint, Told};
use std::time::{Duration, Instant};

const ROUNDS: u32 = 2000;

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[times.len() * percent / 100]
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bus = match std::env::args().nth(1) {
        Some(url) => Bus::connect(BusOptions::new(url, "measure")).await?,
        None => Bus::local(),
    };
    let run = uuid::Uuid::now_v7().simple().to_string();

    let mut changes = bus.changes();
    assert_eq!(changes.next().await, Some(Hint::Resync));
    let mut times = Vec::new();
    for seq in 0..i64::from(ROUNDS) {
        let change = Change { shop: format!("shop-{}", seq % 100), seq };
        let begun = Instant::now();
        bus.announce(&change).await?;
        let heard = Some(Hint::Changed(change));
        while changes.next().await != heard {}
        times.push(begun.elapsed());
    }
    let (half, most) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!("a change, from announced to heard: {half:?} at the median, {most:?} p99");

    let begun = Instant::now();
    for number in 0..ROUNDS {
        bus.submit(&run, &format!("job-{number}"), vec![0; 200]).await?;
    }
    println!("jobs submitted one after the other: {:.0}/s", f64::from(ROUNDS) / begun.elapsed().as_secs_f64());

    for workers in [1, 3] {
        let begun = Instant::now();
        let share = ROUNDS / 2 / workers;
        let tasks = (0..workers).map(|_| {
            let mut jobs = bus.jobs(&run).expect("a kind");
            tokio::spawn(async move {
                for _ in 0..share {
                    jobs.next().await.expect("the bus is open").done().await.expect("taken in");
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await?;
        }
        let rate = f64::from(share * workers) / begun.elapsed().as_secs_f64();
        println!("jobs handed out and acknowledged, workers: {workers}: {rate:.0}/s");
    }

    let begun = Instant::now();
    let mut place = 0;
    for number in 0..ROUNDS {
        place = bus.tell(&format!("{run}-{number}"), vec![0; 200]).await?;
    }
    println!("order events told one after the other: {:.0}/s", f64::from(ROUNDS) / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let mut told = bus.told(0);
    let mut count = 0;
    while let Some(next) = told.next().await {
        count += 1;
        if matches!(next, Told::Event(event) if event.seq == place) {
            break;
        }
    }
    println!("order events read from the beginning: {:.0}/s", f64::from(count) / begun.elapsed().as_secs_f64());
    Ok(())
}
