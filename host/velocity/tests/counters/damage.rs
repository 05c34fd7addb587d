//! A journal that was cut or changed.

use crate::orders::*;
use cartwright_velocity::{OnDamage, OpenError, Velocity, VelocityOptions};
use std::fs;
use std::path::{Path, PathBuf};

const HEAD: usize = 48;
const EVENT: usize = 140;

/// A folder's only journal, with orders `0..orders` at NOW, one unit of money each.
fn journal(folder: &Path, orders: usize) -> (PathBuf, Vec<u8>) {
    let velocity = Velocity::open(in_folder(folder)).unwrap();
    for id in 0..orders {
        record(&velocity, &order(&id.to_string(), "x"), 1, NOW);
    }
    let path = folder.join("velocity-0000000001.journal");
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), HEAD + orders * EVENT);
    (path, bytes)
}

fn count(velocity: &Velocity) -> u32 {
    card(velocity, &order("me", "x"), NOW)[0].0
}

fn left_out(folder: &Path) -> VelocityOptions {
    VelocityOptions { on_damage: OnDamage::LeaveOut, ..in_folder(folder) }
}

#[test]
fn a_file_that_was_cut_anywhere_counts_what_is_whole_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = journal(folder.path(), 3);
    for length in 0..=bytes.len() {
        // Other files that came of the last round are not of this one.
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap().path();
            if entry.extension().is_some_and(|extension| extension == "journal") {
                fs::remove_file(entry).unwrap();
            }
        }
        fs::write(&path, &bytes[..length]).unwrap();
        let whole = length.saturating_sub(HEAD) / EVENT;
        let velocity = Velocity::open(in_folder(folder.path())).unwrap_or_else(|e| panic!("cut to {length}: {e}"));
        assert_eq!(count(&velocity) as usize, whole, "cut to {length}");
        record(&velocity, &order("new", "x"), 1, NOW);
        drop(velocity);
        let velocity = Velocity::open(in_folder(folder.path())).unwrap_or_else(|e| panic!("after {length}: {e}"));
        assert_eq!(count(&velocity) as usize, whole + 1, "after {length}");
    }
}

#[test]
fn an_end_that_the_machine_left_as_zeros_or_rubbish_is_cut_off() {
    for filling in [0, 0xa5] {
        for extra in [1, EVENT - 1, EVENT, 3 * EVENT + 7] {
            let folder = tempfile::tempdir().unwrap();
            let (path, mut bytes) = journal(folder.path(), 3);
            bytes.resize(bytes.len() + extra, filling);
            fs::write(&path, &bytes).unwrap();
            assert_eq!(count(&Velocity::open(in_folder(folder.path())).unwrap()), 3);
            assert_eq!(fs::read(&path).unwrap().len(), HEAD + 3 * EVENT);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = journal(folder.path(), 3);
    fs::write(&path, vec![0; bytes.len()]).unwrap();
    assert_eq!(count(&Velocity::open(in_folder(folder.path())).unwrap()), 0, "its head was not written either");
}

#[test]
fn damage_in_the_middle_names_the_file_the_place_and_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = journal(folder.path(), 4);
    for at in 0..HEAD + 3 * EVENT {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        fs::write(&path, &changed).unwrap();
        let error = Velocity::open(in_folder(folder.path())).unwrap_err();
        let expected = if at < HEAD { 0 } else { HEAD + (at - HEAD) / EVENT * EVENT };
        let OpenError::Damaged { path: named, offset } = &error else { panic!("{at}: {error}") };
        assert_eq!((named, *offset as usize), (&path, expected), "byte {at}");
        assert!(error.to_string().contains("restore it from a backup, or open with"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), changed, "it is left as it is");
    }
}

#[test]
fn damage_can_be_left_out_and_the_rest_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = journal(folder.path(), 5);
    let mut changed = bytes.clone();
    changed[HEAD + EVENT + 20] ^= 1;
    changed[HEAD + 3 * EVENT] ^= 1;
    fs::write(&path, &changed).unwrap();
    let velocity = Velocity::open(left_out(folder.path())).unwrap();
    assert_eq!(count(&velocity), 3);
    record(&velocity, &order("new", "x"), 1, NOW);
    drop(velocity);
    assert_eq!(count(&Velocity::open(left_out(folder.path())).unwrap()), 4);

    // A head says nothing about orders: they are all there, and new ones go into a file of their own.
    let mut changed = bytes;
    changed[3] ^= 1;
    fs::write(&path, &changed).unwrap();
    let velocity = Velocity::open(left_out(folder.path())).unwrap();
    assert_eq!(count(&velocity), 5);
    record(&velocity, &order("new", "x"), 1, NOW);
    drop(velocity);
    assert!(folder.path().join("velocity-0000000002.journal").exists());
    assert_eq!(count(&Velocity::open(left_out(folder.path())).unwrap()), 6);
}

#[test]
fn only_the_last_file_may_end_in_the_middle_of_an_order() {
    let folder = tempfile::tempdir().unwrap();
    let options = VelocityOptions { file_bytes: 300, ..in_folder(folder.path()) };
    let velocity = Velocity::open(options.clone()).unwrap();
    for id in 0..6 {
        record(&velocity, &order(&id.to_string(), "x"), 1, NOW);
    }
    drop(velocity);
    let path = folder.path().join("velocity-0000000002.journal");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let error = Velocity::open(options).unwrap_err();
    assert!(matches!(&error, OpenError::Damaged { path: named, offset: 188 } if *named == path), "{error}");
    assert_eq!(count(&Velocity::open(left_out(folder.path())).unwrap()), 5);
}

#[test]
fn an_order_cannot_be_moved_to_another_place() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut bytes) = journal(folder.path(), 3);
    let (first, rest) = bytes[HEAD..].split_at_mut(EVENT);
    first.swap_with_slice(&mut rest[..EVENT]);
    fs::write(&path, &bytes).unwrap();
    let error = Velocity::open(in_folder(folder.path())).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { offset: 48, .. }), "{error}");
}
