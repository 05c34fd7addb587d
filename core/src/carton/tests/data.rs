//! Real orders and published problems beside BoxPacker's figures; skipped where the shared data is not there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::string::String;
use std::vec::Vec;
use std::{env, fs, println};

use super::super::{Carton, Effort, Item, Packer, Scratch, Turns, checker, fill_one_box};
use super::{item, per_parcel, std};
use crate::money::Minor;
use crate::units::{Grams, Size};

fn packing_folder() -> Option<PathBuf> {
    let shared = env::var_os("CARTWRIGHT_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let folder = shared.join("data/packing");
    if !folder.is_dir() {
        println!("skipped: {} is not there (set CARTWRIGHT_SHARED)", folder.display());
        return None;
    }
    Some(folder)
}

fn rows(folder: &std::path::Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    text.lines().map(|line| line.split(',').map(String::from).collect()).collect()
}

fn size(fields: &[String]) -> Size {
    Size::new(fields[0].parse().unwrap(), fields[1].parse().unwrap(), fields[2].parse().unwrap())
}

#[test]
fn no_real_order_takes_more_boxes_than_the_peer_and_together_they_take_fewer() {
    let Some(folder) = packing_folder() else { return };
    let cartons: Vec<Carton> = rows(&folder, "boxes.csv")
        .iter()
        .map(|row| Carton {
            outer: size(&row[1..4]),
            empty_weight: Grams(row[4].parse().unwrap()),
            inner: size(&row[5..8]),
            maximum_weight: Grams(row[8].parse().unwrap()),
            cost: Minor(0),
            available: None,
        })
        .collect();
    let mut orders: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for row in rows(&folder, "orders.csv") {
        let quantity = row[1].parse().unwrap();
        let one = Item { size: size(&row[3..6]), weight: Grams(row[6].parse().unwrap()), ..item(1, 1, 1, quantity) };
        orders.entry(row[0].clone()).or_default().push(one);
    }
    let packer = Packer::new(cartons.clone(), &per_parcel(100), Effort::CHECKOUT).unwrap();
    let mut scratch = Scratch::new();
    let (mut ours, mut peers) = (0, 0);
    for row in rows(&folder, "orders-expected.csv") {
        let items = &orders[&row[0]];
        let packing = packer.pack(items, &mut scratch).unwrap();
        assert_eq!(checker::check(items, &cartons, &packing), Ok(()), "order {}", row[0]);
        assert!(packing.misfits.is_empty(), "order {}", row[0]);
        let peer: usize = row[4].parse().unwrap();
        assert!(packing.boxes.len() <= peer, "order {}: {} boxes, peer {peer}", row[0], packing.boxes.len());
        ours += packing.boxes.len();
        peers += peer;
    }
    assert!(ours < peers, "{ours} boxes, peer {peers}");
}

#[test]
fn container_loads_are_fuller_than_the_peers() {
    let Some(folder) = packing_folder() else { return };
    let (mut fill, mut count) = (0, 0);
    for file in ["thpack1.txt", "thpack4.txt", "thpack7.txt"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let mut numbers = text.split_ascii_whitespace().map(|number| number.parse::<u32>().unwrap());
        let mut next = || numbers.next().unwrap();
        // A tenth of each file is enough here; the bench loads all.
        let problems = next() / 10;
        for _ in 0..problems {
            let (_number, _seed) = (next(), next());
            let container = Size::new(next(), next(), next());
            let kinds = next();
            let items: Vec<Item> = (0..kinds)
                .map(|_| {
                    let _kind = next();
                    let sides = [(next(), next()), (next(), next()), (next(), next())];
                    let turns = Turns::with_vertical(sides[0].1 == 1, sides[1].1 == 1, sides[2].1 == 1).unwrap();
                    Item { turns, ..item(sides[0].0, sides[1].0, sides[2].0, next()) }
                })
                .collect();
            let load = fill_one_box(container, Grams(u64::MAX), &items, Effort::CHECKOUT).unwrap();
            assert_eq!(checker::check_placements(&items, container, &load.placements), Ok(()));
            fill += load.volume.0 * 10_000 / container.volume().0;
            count += 1;
        }
    }
    assert!(fill / count > 8_600, "mean fill {} of 10000", fill / count);
}
