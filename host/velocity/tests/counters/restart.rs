//! What outlives the process.

use crate::orders::*;
use cartwright_contract::order_screening::VelocityKey;
use cartwright_velocity::{Event, Fsync, Key, ManualClock, OpenError, Store, Ticket, Velocity, VelocityOptions};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

fn journals(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "journal"))
        .collect();
    all.sort();
    all
}

#[test]
fn counts_are_the_same_after_a_restart_whatever_the_fsync() {
    for fsync in [Fsync::Always, Fsync::Every(Duration::ZERO), Fsync::Every(Duration::from_mins(1)), Fsync::Never] {
        let folder = tempfile::tempdir().unwrap();
        let options = VelocityOptions { fsync, ..in_folder(folder.path()) };
        let velocity = Velocity::open(options.clone()).unwrap();
        for id in 0..20 {
            record(&velocity, &with_email(&id.to_string(), "x", "jo@example.com"), 100, NOW - id * HOUR);
        }
        record(&velocity, &with_email("3", "x", "jo@example.com"), 900, NOW);
        let before = velocity.count(&velocity.subjects("a", &with_email("me", "x", "jo@example.com")), NOW);
        drop(velocity);
        let velocity = Velocity::open(options).unwrap();
        let after = velocity.count(&velocity.subjects("a", &with_email("me", "x", "jo@example.com")), NOW);
        assert_eq!(after, before);
        assert_eq!(after[1], row(VelocityKey::Card, 86_400, 20, 2_800));
    }
}

#[test]
fn a_process_that_is_killed_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let velocity = Velocity::open(in_folder(folder.path())).unwrap();
    for id in 0..10 {
        record(&velocity, &order(&id.to_string(), "x"), 1, NOW);
    }
    // What lies in the folder while it runs is all that a killed process leaves behind.
    let copy = tempfile::tempdir().unwrap();
    for path in journals(folder.path()) {
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    let again = Velocity::open(in_folder(copy.path())).unwrap();
    assert_eq!(card(&again, &order("me", "x"), NOW)[0], (10, 10));
}

#[test]
fn a_folder_is_for_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Velocity::open(in_folder(folder.path())).unwrap();
    let error = Velocity::open(in_folder(folder.path())).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("another process has"), "{error}");
    drop(first);
    assert!(Velocity::open(in_folder(folder.path())).is_ok());
}

#[test]
fn the_key_is_made_once_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let options = VelocityOptions { key: None, ..in_folder(folder.path()) };
    record(&Velocity::open(options.clone()).unwrap(), &order("1", "x"), 5, NOW);
    let key = fs::read(folder.path().join("key")).unwrap();
    assert_eq!(key.len(), 32);
    assert_eq!(card(&Velocity::open(options.clone()).unwrap(), &order("me", "x"), NOW)[0], (1, 5));
    assert_eq!(fs::read(folder.path().join("key")).unwrap(), key);
    #[cfg(unix)]
    for entry in fs::read_dir(folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    fs::write(folder.path().join("key"), b"short").unwrap();
    let error = Velocity::open(options).unwrap_err();
    assert!(matches!(error, OpenError::BadKey { found: 5, .. }), "{error}");
}

#[test]
fn another_key_is_refused_instead_of_counting_nothing() {
    let folder = tempfile::tempdir().unwrap();
    record(&Velocity::open(in_folder(folder.path())).unwrap(), &order("1", "x"), 5, NOW);
    let other = VelocityOptions { key: Some(Key::from_bytes([8; 32])), ..in_folder(folder.path()) };
    let error = Velocity::open(other).unwrap_err();
    assert!(matches!(&error, OpenError::OtherKey { path } if *path == journals(folder.path())[0]), "{error}");
}

#[test]
fn nothing_personal_is_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let velocity = Velocity::open(in_folder(folder.path())).unwrap();
    let mut request = with_email("order-1001", "card-fingerprint", "jo.doe@example.com");
    request.session.ip = Some("203.0.113.77".into());
    request.session.device = Some("device-id".into());
    request.shipping.lines = vec!["12 Main Street".into()];
    request.shipping.postal_code = Some("97209".into());
    velocity.record(&velocity.subjects("shop-of-jo", &request), 5, NOW).unwrap();
    let bytes = fs::read(&journals(folder.path())[0]).unwrap();
    assert!(bytes.len() > 100);
    for value in ["order-1001", "card-fing", "jo.doe", "example", "203.0", "device", "main", "Main", "97209", "shop-of"]
    {
        assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()), "{value}");
    }
    assert!(!format!("{velocity:?}").contains("jo.doe"));
}

#[test]
fn a_file_goes_when_all_its_orders_are_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    // Two orders to a file.
    let options = VelocityOptions { clock: clock.clone(), file_bytes: 300, ..in_folder(folder.path()) };
    let velocity = Velocity::open(options.clone()).unwrap();
    for id in 0..10 {
        record(&velocity, &order(&id.to_string(), "x"), 1, NOW + id * HOUR);
    }
    assert_eq!(journals(folder.path()).len(), 5);
    clock.set(NOW + 8 * DAY + 4 * HOUR);
    velocity.sweep();
    assert_eq!(journals(folder.path()).len(), 3);
    drop(velocity);
    clock.set(NOW + 8 * DAY + 8 * HOUR);
    let velocity = Velocity::open(options).unwrap();
    assert_eq!(journals(folder.path()).len(), 1);
    assert_eq!(velocity.orders(), 2);
    clock.set(NOW + 9 * DAY);
    velocity.sweep();
    assert_eq!((journals(folder.path()).len(), velocity.orders()), (0, 0));
    record(&velocity, &order("1", "x"), 1, NOW + 9 * DAY);
    assert_eq!(journals(folder.path()).len(), 1);
}

#[test]
fn a_file_that_is_a_day_old_is_left_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    let options = VelocityOptions { clock: clock.clone(), ..in_folder(folder.path()) };
    let velocity = Velocity::open(options).unwrap();
    record(&velocity, &order("1", "x"), 1, NOW);
    clock.set(NOW + DAY);
    record(&velocity, &order("2", "x"), 1, NOW + DAY);
    assert_eq!(journals(folder.path()).len(), 2);
}

/// A store whose disk is full.
#[derive(Debug)]
struct Full;

impl Store for Full {
    fn load(&mut self, _: i64, _: &mut dyn FnMut(Event)) -> Result<(), OpenError> {
        Ok(())
    }
    fn append(&self, _: &Event) -> io::Result<Ticket> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn settle(&self, _: Ticket) -> io::Result<()> {
        Ok(())
    }
    fn forget_before(&self, _: i64) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_order_that_could_not_be_written_counts_all_the_same() {
    let velocity = Velocity::with_store(options().0, Key::from_bytes([7; 32]), Box::new(Full)).unwrap();
    let error = velocity.record(&velocity.subjects("a", &order("1", "x")), 5, NOW).unwrap_err();
    assert!(error.to_string().contains("a restart would forget it"), "{error}");
    assert_eq!(card(&velocity, &order("me", "x"), NOW)[0], (1, 5));
}
