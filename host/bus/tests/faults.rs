//! NATS away, hanging, killed, or not as it has to be.

mod rig;

use async_nats::jetstream::{self, stream};
use cartwright_bus::{Bus, BusError, BusOptions, Change, Hint, Told};
use cartwright_test_services::{Nats, or_leave_out};
use rig::{Rig, options, soon};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn change(seq: i64) -> Change {
    Change { shop: "tents".into(), seq }
}

async fn until(bus: &Bus, up: bool) {
    let mut link = bus.connected();
    soon(link.wait_for(|link| link.up == up)).await.expect("the bus is there");
}

/// The services wait for their processes: meanwhile another thread drives the bus.
fn with(nats: &Nats, what: impl FnOnce(&Nats)) {
    tokio::task::block_in_place(|| what(nats));
}

fn is_unavailable<T: std::fmt::Debug>(result: Result<T, BusError>, says: &str) {
    let error = result.expect_err("NATS is away");
    assert!(error.may_be_tried_again(), "{error:?}");
    assert!(error.to_string().contains(says), "`{error}` does not say `{says}`");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_on_after_nats_was_away() {
    let Some(rig) = Rig::nats().await else { return };
    let nats = rig.nats.as_ref().expect("over NATS");
    let (mut changes, mut jobs, mut told) =
        (rig.other.changes(), rig.other.jobs("backtest").expect("a kind"), rig.other.told(0));
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    rig.one.tell("order-1", vec![1]).await.expect("told");
    assert!(matches!(soon(told.next()).await, Some(Told::Event(event)) if event.payload == [1]));
    rig.one.submit("backtest", "held", Vec::new()).await.expect("submitted");
    let held = soon(jobs.next()).await.expect("open");
    // Nobody has heard of this one yet when NATS goes.
    rig.one.tell("order-2", vec![2]).await.expect("told");
    let waiting = tokio::spawn(async move {
        let resync = changes.next().await;
        let job = jobs.next().await;
        (resync, job, changes, jobs)
    });

    with(nats, |nats| nats.stop());
    for bus in [&rig.one, &rig.other] {
        until(bus, false).await;
    }
    let asked = Instant::now();
    is_unavailable(rig.one.announce(&change(1)).await, "announce a change");
    is_unavailable(rig.one.submit("backtest", "lost", Vec::new()).await, "submit a job");
    is_unavailable(rig.one.tell("order-3", vec![3]).await, "tell of an event");
    is_unavailable(rig.one.dead_letters(1).await, "list dead letters");
    is_unavailable(held.done().await, "a job is done");
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());

    with(nats, |nats| nats.start_again());
    for bus in [&rig.one, &rig.other] {
        until(bus, true).await;
    }
    // What was held is another's after so long a time, unless its worker says that it is done.
    held.done().await.expect("taken in over the new connection");
    rig.one.submit("backtest", "new", Vec::new()).await.expect("submitted");
    let (resync, job, mut changes, mut jobs) = soon(waiting).await.expect("no panic");
    assert_eq!(resync, Some(Hint::Resync));
    let job = job.expect("open");
    // The held one may have been handed out again before its worker could say so.
    let job = if job.id == "held" { soon(jobs.next()).await.expect("open") } else { job };
    assert_eq!(job.id, "new");
    job.done().await.expect("taken in");
    rig.one.announce(&change(2)).await.expect("announced");
    assert_eq!(soon(changes.next()).await, Some(Hint::Changed(change(2))));
    // Events go on where they were: nothing twice, nothing missing, nothing that was refused.
    rig.one.tell("order-4", vec![4]).await.expect("told");
    for number in [2, 4] {
        let next = soon(told.next()).await;
        assert!(matches!(&next, Some(Told::Event(event)) if event.payload == [number]), "{next:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_away_is_sent_to_the_outbox() {
    let Some(rig) = Rig::nats().await else { return };
    let nats = rig.nats.as_ref().expect("over NATS");
    let mut changes = rig.other.changes();
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    // Away: its connection is taken from it while the other announces.
    with(nats, |nats| nats.stop());
    until(&rig.other, false).await;
    with(nats, |nats| nats.start_again());
    until(&rig.one, true).await;
    rig.one.announce(&change(1)).await.expect("announced");
    // Whether or not it is back before the announcement, it is told to read on from where it stood.
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_comes_up_when_nats_does() {
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    with(&nats, |nats| nats.stop());
    let begun = Instant::now();
    let bus = Bus::connect(options(&nats, "early")).await.expect("that NATS is away is no error");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let place = format!("127.0.0.1:{}", nats.port());
    is_unavailable(bus.announce(&change(1)).await, &place);
    assert!(bus.connected().borrow().why.contains(&place));
    let (mut changes, mut jobs) = (bus.changes(), bus.jobs("backtest").expect("a kind"));
    with(&nats, |nats| nats.start_again());
    until(&bus, true).await;
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    bus.announce(&change(1)).await.expect("announced");
    assert_eq!(soon(changes.next()).await, Some(Hint::Changed(change(1))));
    bus.submit("backtest", "shard-1", Vec::new()).await.expect("submitted");
    assert_eq!(soon(jobs.next()).await.expect("open").id, "shard-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_that_hangs_is_an_error_within_the_patience_and_is_found_out() {
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    let patience = Duration::from_millis(500);
    let options = BusOptions { patience, probe: Duration::from_millis(300), ..options(&nats, "patient") };
    let bus = Bus::connect(options).await.expect("connected");
    let mut changes = bus.changes();
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    with(&nats, |nats| nats.pause());
    let asked = Instant::now();
    is_unavailable(bus.submit("backtest", "shard-1", Vec::new()).await, "did not answer within 500ms");
    assert!(asked.elapsed() < patience * 4, "{:?}", asked.elapsed());
    until(&bus, false).await;
    with(&nats, |nats| nats.resume());
    until(&bus, true).await;
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    bus.submit("backtest", "shard-2", Vec::new()).await.expect("submitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_kill() {
    let Some(rig) = Rig::nats().await else { return };
    let nats = rig.nats.as_ref().expect("over NATS");
    for id in ["done", "waiting", "given-up"] {
        rig.one.submit("backtest", id, id.as_bytes().to_vec()).await.expect("submitted");
    }
    let mut jobs = rig.other.jobs("backtest").expect("a kind");
    soon(jobs.next()).await.expect("open").done().await.expect("taken in");
    let waiting = soon(jobs.next()).await.expect("open");
    soon(jobs.next()).await.expect("open").give_up("why not").await.expect("given up");
    drop(waiting);
    let place = rig.one.tell("order-1", vec![1]).await.expect("told");
    with(nats, |nats| nats.kill());
    until(&rig.other, false).await;
    with(nats, |nats| nats.start_again());
    for bus in [&rig.one, &rig.other] {
        until(bus, true).await;
    }
    // Only the one whose worker said nothing comes again, and its id is still known.
    assert!(!rig.one.submit("backtest", "waiting", Vec::new()).await.expect("left out"));
    assert_eq!(soon(jobs.next()).await.expect("open").id, "waiting");
    assert!(tokio::time::timeout(rig::ACK_WAIT / 2, jobs.next()).await.is_err());
    let dead = rig.one.dead_letters(10).await.expect("listed");
    assert_eq!((dead.len(), dead[0].id.as_str()), (1, "given-up"));
    assert!(matches!(soon(rig.one.told(0).next()).await, Some(Told::Event(event)) if event.seq == place));
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_were_removed_are_made_anew() {
    let Some(rig) = Rig::nats().await else { return };
    let nats = rig.nats.as_ref().expect("over NATS");
    let (mut changes, mut jobs, mut told) =
        (rig.other.changes(), rig.other.jobs("backtest").expect("a kind"), rig.other.told(0));
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    for id in ["order-1", "order-2"] {
        rig.one.tell(id, vec![1]).await.expect("told");
        assert!(matches!(soon(told.next()).await, Some(Told::Event(_))));
    }
    let streams = jetstream::new(async_nats::connect(nats.url()).await.expect("connected"));
    for name in ["CARTWRIGHT_CHANGES", "CARTWRIGHT_JOBS", "CARTWRIGHT_DEAD", "CARTWRIGHT_ORDERS"] {
        streams.delete_stream(name).await.expect("it is there");
    }
    let begun = Instant::now();
    while rig.one.submit("backtest", "shard-1", Vec::new()).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the streams are still gone");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(soon(jobs.next()).await.expect("open").id, "shard-1");
    assert_eq!(soon(changes.next()).await, Some(Hint::Resync));
    // More than there were before: their places say nothing about those of the stream that is gone.
    for number in 3..6 {
        rig.one.tell(&format!("order-{number}"), vec![number]).await.expect("told");
    }
    assert_eq!(soon(told.next()).await, Some(Told::Gap));
    for number in 3..6 {
        let next = soon(told.next()).await;
        assert!(matches!(&next, Some(Told::Event(event)) if event.payload == [number]), "{next:?}");
    }
}

async fn misconfigured(options: BusOptions) -> String {
    match Bus::connect(options).await {
        Err(BusError::Misconfigured(why)) => why,
        Err(other) => panic!("misconfigured, not {other:?}"),
        Ok(_) => panic!("misconfigured, not connected"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_without_jetstream_is_named_with_the_remedy() {
    let Some(nats) = or_leave_out(Nats::without_jetstream()) else { return };
    let why = misconfigured(options(&nats, "one")).await;
    assert!(why.contains("without JetStream") && why.contains("-js"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_our_name_with_other_properties_is_named_with_the_remedy() {
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    let streams = jetstream::new(async_nats::connect(nats.url()).await.expect("connected"));
    let theirs = stream::Config {
        name: "CARTWRIGHT_JOBS".into(),
        subjects: vec!["cartwright.jobs.*".into()],
        ..stream::Config::default()
    };
    streams.create_stream(theirs).await.expect("made");
    let why = misconfigured(options(&nats, "one")).await;
    for part in ["CARTWRIGHT_JOBS", "retention is Limits and has to be WorkQueue", "nats stream rm CARTWRIGHT_JOBS"] {
        assert!(why.contains(part), "`{why}` does not say `{part}`");
    }
    // Somebody else's stream on our subjects.
    streams.delete_stream("CARTWRIGHT_JOBS").await.expect("it is there");
    let theirs = stream::Config {
        name: "EVERYTHING".into(),
        subjects: vec!["cartwright.>".into()],
        ..stream::Config::default()
    };
    streams.delete_stream("CARTWRIGHT_CHANGES").await.expect("it is there");
    streams.create_stream(theirs).await.expect("made");
    let why = misconfigured(options(&nats, "one")).await;
    assert!(why.contains("CARTWRIGHT_CHANGES") && why.contains("overlap"), "{why}");
}

/// Greets as a server of that version does, and answers pings.
async fn server_of_version(version: &str) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let greeting = format!(
        "INFO {{\"server_id\":\"old\",\"version\":\"{version}\",\"host\":\"127.0.0.1\",\"port\":{port},\"headers\":true,\"max_payload\":1048576,\"proto\":1,\"jetstream\":true}}\r\n"
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let greeting = greeting.clone();
            tokio::spawn(async move {
                let _ = stream.write_all(greeting.as_bytes()).await;
                let mut buffer = [0; 4096];
                while let Ok(1..) = stream.read(&mut buffer).await {
                    let _ = stream.write_all(b"PONG\r\n").await;
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_old_is_named_with_its_version() {
    let port = server_of_version("2.9.10").await;
    let why = misconfigured(BusOptions::new(format!("nats://127.0.0.1:{port}"), "one")).await;
    assert!(why.contains("version 2.9.10") && why.contains("2.10 or newer"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn options_that_make_no_sense_are_refused_and_show_no_password() {
    let invalid = |options: BusOptions| async {
        match Bus::connect(options).await {
            Err(error @ BusError::Invalid { .. }) => error.to_string(),
            Err(other) => panic!("invalid, not {other:?}"),
            Ok(_) => panic!("invalid, not connected"),
        }
    };
    let why = invalid(BusOptions::new("nats://user:hunter2@ho st:4222", "one")).await;
    assert!(why.contains("url") && !why.contains("hunter2"), "{why}");
    let why = invalid(BusOptions::new(" , ", "one")).await;
    assert!(why.contains("nats://host:4222"), "{why}");
    let why = invalid(BusOptions { replicas: 2, ..BusOptions::new("nats://127.0.0.1:1", "one") }).await;
    assert!(why.contains("replicas `2`"), "{why}");
    let shown = format!("{:?}", BusOptions::new("nats://user:hunter2@host:4222", "one"));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_not_let_in_is_told_so_without_the_password() {
    let Some(nats) = or_leave_out(Nats::with(&["--user", "cartwright", "--pass", "r%ght@"])) else { return };
    let url = |password: &str| format!("nats://cartwright:{password}@127.0.0.1:{}", nats.port());
    let why = misconfigured(BusOptions::new(url("wrong-one"), "one")).await;
    assert!(why.contains("does not let `one` in") && !why.contains("wrong-one"), "{why}");
    let bus = Bus::connect(BusOptions::new(url("r%25ght%40"), "one")).await.expect("let in");
    bus.announce(&change(1)).await.expect("announced");
    let Some(nats) = or_leave_out(Nats::with(&["--auth", "token"])) else { return };
    let url = format!("nats://token@127.0.0.1:{}", nats.port());
    let bus = Bus::connect(BusOptions::new(url, "one")).await.expect("let in");
    bus.announce(&change(1)).await.expect("announced");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_servers_of_an_authority_that_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let (certificate_path, key_path) = (certificate.to_str().expect("text"), key.to_str().expect("text"));
    let arguments = ["--tls", "--tlscert", certificate_path, "--tlskey", key_path];
    let Some(nats) = or_leave_out(Nats::with(&arguments)) else { return };
    let options = BusOptions::new(format!("tls://127.0.0.1:{}", nats.port()), "one");
    let bus = Bus::connect(BusOptions { authority: Some(certificate), ..options.clone() }).await.expect("connected");
    bus.announce(&change(1)).await.expect("announced");
    // Nobody else knows this authority.
    let bus = Bus::connect(options.clone()).await.expect("waits for another certificate");
    is_unavailable(bus.announce(&change(1)).await, "certificate");
    let missing = folder.path().join("none.pem");
    let refused = Bus::connect(BusOptions { authority: Some(missing), ..options }).await.err().expect("refused");
    assert!(refused.to_string().contains("none.pem"), "{refused}");
}
