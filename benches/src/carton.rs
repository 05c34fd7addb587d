//! Measures cartonisation: real orders and published container problems beside BoxPacker's figures, and mixed orders beside
//! the best packing that a search with a hundred times the effort finds.
//!
//! Real data is read from the shared folder (`CARTWRIGHT_SHARED`, or `../shared` beside the project); without it those rows
//! say so.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::fixtures::shared;
use cartwright_contract::Rotation;
use cartwright_core::carton::{Billing, Carton, Divisor, Effort, Item, Packer, Scratch, Turns, checker, fill_one_box};
use cartwright_core::money::Minor;
use cartwright_core::units::{Grams, Size};

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    what: String,
    ours: String,
    /// The peer's figure or the aim.
    beside: String,
}

impl Row {
    fn new(what: impl Into<String>, ours: impl Into<String>, beside: impl Into<String>) -> Self {
        Self { what: what.into(), ours: ours.into(), beside: beside.into() }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<46} {:>14}   {}", self.what, self.ours, self.beside)
    }
}

/// Takes some seconds.
pub fn print() {
    let mut rows = vec![Row::new("carton", "ours", "beside")];
    match packing_folder() {
        Some(folder) => {
            rows.extend(real_orders(&folder));
            rows.extend(container_problems(&folder));
        }
        None => rows.push(Row::new("real orders, container problems", "-", "no shared data folder")),
    }
    rows.extend(mixed_orders(200));
    rows.extend(huge_orders());
    for row in rows {
        println!("{row}");
    }
}

fn packing_folder() -> Option<PathBuf> {
    let folder = shared().join("data/packing");
    folder.is_dir().then_some(folder)
}

/// The lines of a file as their comma-separated fields; none when it cannot be read.
fn fields(folder: &std::path::Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap_or_default();
    text.lines().map(|line| line.split(',').map(|field| field.trim().to_owned()).collect()).collect()
}

fn number<T: std::str::FromStr + Default>(field: &str) -> T {
    field.parse().unwrap_or_default()
}

/// The shop's boxes, each for the same price, so that the fewest boxes are the cheapest.
fn shop_boxes(folder: &std::path::Path) -> Vec<Carton> {
    let size = |row: &[String]| Size::new(number(&row[0]), number(&row[1]), number(&row[2]));
    let rows = fields(folder, "boxes.csv");
    rows.iter()
        .filter(|row| row.len() == 9)
        .map(|row| Carton {
            outer: size(&row[1..4]),
            empty_weight: Grams(number(&row[4])),
            inner: size(&row[5..8]),
            maximum_weight: Grams(number(&row[8])),
            cost: Minor(0),
            available: None,
        })
        .collect()
}

/// Orders by id, each with its items.
fn shop_orders(folder: &std::path::Path) -> Vec<(String, Vec<Item>)> {
    let mut orders: Vec<(String, Vec<Item>)> = Vec::new();
    for row in fields(folder, "orders.csv").iter().filter(|row| row.len() == 7) {
        if orders.last().is_none_or(|(id, _)| *id != row[0]) {
            orders.push((row[0].clone(), Vec::new()));
        }
        if let Some((_, items)) = orders.last_mut() {
            items.push(Item {
                line: items.len() as u32,
                size: Size::new(number(&row[3]), number(&row[4]), number(&row[5])),
                weight: Grams(number(&row[6])),
                quantity: number(&row[1]),
                turns: Turns::ANY,
                fragile: false,
                ships_alone: false,
            });
        }
    }
    orders
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    #[allow(clippy::cast_precision_loss, clippy::cast_sign_loss)] // a few thousand samples
    let place = (last as f64 * share) as usize;
    sorted.get(place).copied().unwrap_or(0.0)
}

fn microseconds(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e6
}

fn real_orders(folder: &std::path::Path) -> Vec<Row> {
    let cartons = shop_boxes(folder);
    let orders = shop_orders(folder);
    let billing = Billing { per_parcel: Minor(100), ..Billing::default() };
    let Ok(packer) = Packer::new(cartons.clone(), &billing, Effort::CHECKOUT) else {
        return vec![Row::new("real orders", "-", "the shop's boxes are not valid")];
    };
    let peer: std::collections::BTreeMap<String, usize> = fields(folder, "orders-expected.csv")
        .into_iter()
        .filter(|row| row.len() == 7)
        .map(|row| (row[0].clone(), number(&row[4])))
        .collect();
    let mut scratch = Scratch::new();
    let (mut total, mut peer_total, mut more, mut fewer, mut invalid) = (0, 0, 0, 0, 0);
    let mut times = Vec::new();
    for (id, items) in &orders {
        let mut answer = packer.pack(items, &mut scratch);
        let time = microseconds(|| answer = packer.pack(items, &mut scratch));
        times.push(time);
        let Ok(packing) = answer else { continue };
        invalid += usize::from(checker::check(items, &cartons, &packing).is_err() || !packing.misfits.is_empty());
        let (ours, theirs) = (packing.boxes.len(), peer.get(id).copied().unwrap_or(0));
        total += ours;
        peer_total += theirs;
        more += usize::from(ours > theirs);
        fewer += usize::from(ours < theirs);
    }
    times.sort_by(f64::total_cmp);
    vec![
        Row::new(format!("{} real orders: boxes", orders.len()), total.to_string(), format!("BoxPacker {peer_total}")),
        Row::new("  orders with more boxes than the peer", more.to_string(), "aim 0"),
        Row::new("  orders with fewer", fewer.to_string(), ""),
        Row::new("  not valid, or units left over", invalid.to_string(), "aim 0"),
        Row::new("  median us an order", format!("{:.1}", quantile(&times, 0.5)), "aim 50"),
        Row::new("  p99 us an order", format!("{:.1}", quantile(&times, 0.99)), "aim 5000"),
        Row::new("  most us an order", format!("{:.1}", quantile(&times, 1.0)), ""),
    ]
}

/// Container, items (with the sides that may be vertical).
type Problem = (Size, Vec<Item>);

/// Bischoff and Ratcliff's seven files; Loh and Nee's, which gives no seeds.
fn problems(folder: &std::path::Path) -> Vec<Problem> {
    let mut all = Vec::new();
    for file in 1..=8 {
        let text = fs::read_to_string(folder.join(format!("thpack{file}.txt"))).unwrap_or_default();
        let mut numbers = text.split_ascii_whitespace().map(number::<u32>);
        let mut next = || numbers.next().unwrap_or(0);
        let count = next();
        for _ in 0..count {
            let _number = next();
            if file < 8 {
                let _seed = next();
            }
            let container = Size::new(next(), next(), next());
            let kinds = next();
            let items = (0..kinds)
                .map(|line| {
                    let _kind = next();
                    let (length, length_up) = (next(), next());
                    let (width, width_up) = (next(), next());
                    let (height, height_up) = (next(), next());
                    Item {
                        line,
                        size: Size::new(length, width, height),
                        weight: Grams(0),
                        quantity: next(),
                        turns: Turns::with_vertical(length_up == 1, width_up == 1, height_up == 1)
                            .unwrap_or_else(|| Turns::from(Rotation::Upright)),
                        fragile: false,
                        ships_alone: false,
                    }
                })
                .collect();
            all.push((container, items));
        }
    }
    all
}

fn container_problems(folder: &std::path::Path) -> Vec<Row> {
    let problems = problems(folder);
    let mut rows = Vec::new();
    for (name, effort) in [("checkout", Effort::CHECKOUT), ("1 M steps", Effort { steps: 1_000_000, tries: 0 })] {
        let (mut fill, mut time, mut invalid) = (0.0, 0.0, 0);
        for (container, items) in &problems {
            let mut load = None;
            time += microseconds(|| load = fill_one_box(*container, Grams(0), items, effort).ok());
            let Some(load) = load else { continue };
            invalid += usize::from(checker::check_placements(items, *container, &load.placements).is_err());
            #[allow(clippy::cast_precision_loss)] // a share to print
            let share = load.volume.0 as f64 / container.volume().0 as f64;
            fill += share;
        }
        #[allow(clippy::cast_precision_loss)] // 715
        let count = problems.len().max(1) as f64;
        rows.push(Row::new(
            format!("{} container problems: mean fill ({name})", problems.len()),
            format!("{:.2} %", 100.0 * fill / count),
            "BoxPacker 78.5 %",
        ));
        rows.push(Row::new("  not valid", invalid.to_string(), "aim 0"));
        rows.push(Row::new("  mean us a problem", format!("{:.0}", time / count), ""));
    }
    rows
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same orders everywhere.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn side(&mut self, low: u64, high: u64) -> u32 {
        u32::try_from(self.within(low, high)).unwrap_or(u32::MAX)
    }
}

/// Twelve usual cartons (inner sides in mm); the board is 5 mm thick, so that outer sides are 10 mm longer.
const CARTONS: [(u32, u32, u32); 12] = [
    (150, 100, 50),
    (200, 150, 100),
    (230, 160, 80),
    (250, 200, 150),
    (300, 200, 100),
    (300, 230, 200),
    (330, 250, 80),
    (350, 280, 250),
    (400, 300, 200),
    (400, 400, 300),
    (500, 350, 300),
    (600, 400, 400),
];

/// The cartons and the billing of the mixed orders: 139 in3/lb, 2.00 a parcel, 1.50 a kilogram.
fn mixed_shop() -> (Vec<Carton>, Billing) {
    let cartons = CARTONS
        .iter()
        .map(|&(length, width, height)| {
            let outer = Size::new(length + 10, width + 10, height + 10);
            let board = u64::from(length * width + width * height + length * height) * 2 / 2_000;
            Carton {
                inner: Size::new(length, width, height),
                outer,
                empty_weight: Grams(board),
                maximum_weight: Grams(25_000),
                cost: Minor(i64::try_from(20 + board / 10).unwrap_or(0)),
                available: None,
            }
        })
        .collect();
    let billing = Billing {
        per_parcel: Minor(200),
        per_kilogram: Minor(150),
        divisor: Some(Divisor::cubic_inches_per_pound(139)),
        ..Billing::default()
    };
    (cartons, billing)
}

/// Orders of 1 to 15 units, from phone to shoe box and a few large ones, of all shapes and rotation limits.
fn mixed_order(seed: u64) -> Vec<Item> {
    let mut random = Seeded(seed);
    let mut units = random.within(1, 15);
    let mut items = Vec::new();
    while units > 0 {
        let quantity = random.within(1, units.min(4));
        units -= quantity;
        let high = if random.within(0, 4) == 0 { 450 } else { 300 };
        let size = Size::new(random.side(40, high), random.side(30, high * 3 / 4), random.side(10, high / 2));
        let density = random.within(80, 900);
        items.push(Item {
            line: items.len() as u32,
            size,
            weight: Grams(size.volume().0 * density / 1_000_000 + 1),
            quantity: u32::try_from(quantity).unwrap_or(1),
            turns: match random.within(0, 5) {
                0 => Turns::UPRIGHT,
                1 if high == 300 => Turns::FIXED,
                _ => Turns::ANY,
            },
            fragile: random.within(0, 9) == 0,
            ships_alone: false,
        });
    }
    items
}

/// Orders of [`mixed_order`] packed for [`mixed_shop`], beside the search of a warehouse.
fn mixed_orders(count: u64) -> Vec<Row> {
    let (cartons, billing) = mixed_shop();
    let long = Effort::WAREHOUSE;
    let (Ok(packer), Ok(patient)) =
        (Packer::new(cartons.clone(), &billing, Effort::CHECKOUT), Packer::new(cartons.clone(), &billing, long))
    else {
        return vec![Row::new("mixed orders", "-", "the cartons are not valid")];
    };
    let mut scratch = Scratch::new();
    let (mut ours, mut best, mut invalid, mut proven, mut parcels) = (0, 0, 0, 0, 0);
    let mut times = Vec::new();
    for seed in 0..count {
        let items = mixed_order(seed);
        let mut answer = packer.pack(&items, &mut scratch);
        times.push(microseconds(|| answer = packer.pack(&items, &mut scratch)));
        let (Ok(packing), Ok(patient)) = (answer, patient.pack(&items, &mut scratch)) else { continue };
        invalid += usize::from(checker::check(&items, &cartons, &packing).is_err());
        invalid += usize::from(checker::check(&items, &cartons, &patient).is_err());
        proven += usize::from(packing.proven);
        parcels += packing.boxes.len();
        ours += packing.cost.0;
        best += patient.cost.0.min(packing.cost.0);
    }
    #[allow(clippy::cast_precision_loss)] // figures to print
    let (mean, over) =
        (times.iter().sum::<f64>() / count.max(1) as f64, 100.0 * (ours - best) as f64 / best.max(1) as f64);
    times.sort_by(f64::total_cmp);
    vec![
        Row::new(format!("{count} mixed orders: cost over the best known"), format!("{over:.2} %"), "aim 2 %"),
        Row::new("  mean us an order", format!("{mean:.0}"), "aim 200"),
        Row::new("  p99 us an order", format!("{:.0}", quantile(&times, 0.99)), ""),
        Row::new("  proven cheapest", proven.to_string(), ""),
        Row::new("  boxes", parcels.to_string(), ""),
        Row::new("  not valid", invalid.to_string(), "aim 0"),
    ]
}

/// What a cart that nobody sends honestly takes.
fn huge_orders() -> Vec<Row> {
    let (cartons, billing) = mixed_shop();
    let Ok(packer) = Packer::new(cartons, &billing, Effort::CHECKOUT) else {
        return vec![Row::new("huge orders", "-", "the cartons are not valid")];
    };
    let unit = |length: u32, width: u32, height: u32, quantity: u32| Item {
        line: 0,
        size: Size::new(length, width, height),
        weight: Grams(100),
        quantity,
        turns: Turns::ANY,
        fragile: false,
        ships_alone: false,
    };
    let orders = [
        ("10,000 different lines", (0..10_000).map(|n| unit(20 + n % 97, 10 + n % 89, 5 + n % 83, 1)).collect()),
        ("5,000 units, a box each", (0..5_000).map(|n| unit(360 + n % 37, 260 + n % 31, 260 + n % 29, 1)).collect()),
        ("20,000 equal units", vec![unit(70, 50, 30, 20_000)]),
        ("100 lines of 200 units", (0..100).map(|n| unit(40 + n, 40 + n % 37, 30 + n % 23, 200)).collect::<Vec<_>>()),
    ];
    let mut scratch = Scratch::new();
    let mut rows = Vec::new();
    for (name, items) in &orders {
        let mut answer = None;
        let time = microseconds(|| answer = packer.pack(items, &mut scratch).ok());
        let Some(packing) = answer else { continue };
        let room: u64 =
            packing.boxes.iter().map(|parcel| packer.cartons()[parcel.carton as usize].inner.volume().0).sum();
        let inside: u64 = items.iter().map(|item| item.size.volume().0 * u64::from(item.quantity)).sum();
        rows.push(Row::new(
            format!("{name}: ms"),
            format!("{:.0}", time / 1_000.0),
            format!("{} boxes, {} % full, cost {}", packing.boxes.len(), inside * 100 / room.max(1), packing.cost.0),
        ));
    }
    rows
}
