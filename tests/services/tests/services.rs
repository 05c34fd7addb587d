//! That the services do what tests rely on.

use cartwright_test_services::{Nats, Postgres, Registry, or_leave_out};
use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::Duration;

fn greeting(nats: &Nats) -> std::io::Result<usize> {
    let mut stream = TcpStream::connect(("127.0.0.1", nats.port()))?;
    stream.set_read_timeout(Some(Duration::from_millis(300)))?;
    stream.read(&mut [0; 64])
}

#[test]
fn a_database_is_empty_and_outlives_a_stop_and_a_kill() {
    let Some(postgres) = or_leave_out(Postgres::start()) else { return };
    let (first, second) = (postgres.database(), postgres.database());
    assert_ne!(first, second);
    let name = first.rsplit('/').next().expect("a name");
    postgres.execute(name, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
    postgres.stop();
    assert!(TcpStream::connect(("127.0.0.1", postgres.port())).is_err());
    postgres.start_again();
    postgres.execute(name, "INSERT INTO kept VALUES (2)");
    postgres.kill();
    postgres.start_again();
    assert_eq!(postgres.execute(name, "SELECT sum(n) FROM kept"), "3");
    assert_eq!(postgres.execute(name, "SHOW fsync"), "on");
    // Paused: connections are taken by the kernel, nothing answers.
    postgres.pause();
    let mut stream = TcpStream::connect(("127.0.0.1", postgres.port())).expect("the kernel takes it");
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
    std::io::Write::write_all(&mut stream, &[0, 0, 0, 8, 4, 210, 22, 47]).expect("SSLRequest fits the buffer");
    let silent = stream.read(&mut [0; 1]).expect_err("nobody answers");
    assert!(matches!(silent.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{silent}");
    postgres.resume();
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    assert_eq!(stream.read(&mut [0; 1]).expect("now it does"), 1);
}

#[test]
fn nats_stops_hangs_and_comes_back_on_its_port() {
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    assert!(greeting(&nats).is_ok());
    nats.pause();
    assert!(greeting(&nats).is_err());
    nats.resume();
    assert!(greeting(&nats).is_ok());
    nats.stop();
    assert!(TcpStream::connect(("127.0.0.1", nats.port())).is_err());
    nats.start_again();
    assert!(greeting(&nats).is_ok());
}

#[test]
fn a_service_and_its_folder_go_with_its_value_also_when_it_hangs() {
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    let (port, folder) = (nats.port(), nats.folder().to_owned());
    nats.pause();
    let panicked = std::thread::spawn(move || {
        let _nats = nats;
        panic!("as a test does");
    });
    assert!(panicked.join().is_err());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(!folder.exists());
}

#[test]
fn a_registry_answers_at_its_address() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    assert_eq!(registry.address(), format!("127.0.0.1:{}", registry.port()));
    registry.stop();
    assert!(TcpStream::connect(registry.address()).is_err());
    registry.start_again();
    assert!(TcpStream::connect(registry.address()).is_ok());
}

/// Runs itself once more in a process that is killed while its service hangs.
#[test]
fn a_service_goes_with_its_process_whatever_ends_that() {
    const PLACE: &str = "CARTWRIGHT_TEST_PLACE";
    if let Some(place) = std::env::var_os(PLACE) {
        let nats = Nats::start().expect("the outer process found it");
        nats.pause();
        std::fs::write(place, format!("{} {}", nats.port(), nats.folder().display())).expect("a file");
        std::process::abort();
    }
    if or_leave_out(Nats::start()).is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("place");
    let mut inner = std::process::Command::new(std::env::current_exe().expect("this program"));
    inner.args(["--exact", "a_service_goes_with_its_process_whatever_ends_that"]).env(PLACE, &place);
    assert!(!inner.output().expect("this program").status.success());
    let place = std::fs::read_to_string(place).expect("the inner process got as far as that");
    let (port, folder) = place.split_once(' ').expect("port and folder");
    let started = std::time::Instant::now();
    while TcpStream::connect(("127.0.0.1", port.parse().expect("a port"))).is_ok()
        || std::path::Path::new(folder).exists()
    {
        assert!(started.elapsed() < Duration::from_secs(20), "the service is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}
