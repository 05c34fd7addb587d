//! Reports that add up, and rows that come back.

use cartwright_records::{
    Change, Comparison, CsvRows, Delta, Hook, Outcome, ParquetRows, RecordId, Report, Row, write_csv, write_parquet,
};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, RowAccessor};
use proptest::prelude::*;
use std::fs::File;

fn outcome() -> impl Strategy<Value = Outcome> {
    let code = || prop::option::weighted(0.2, prop::sample::select(vec!["PANICKED".to_owned(), "DECLINED".to_owned()]));
    let verdict = prop::option::of(prop::sample::select(vec!["accept".to_owned(), "review".to_owned()]));
    (code(), code(), verdict, prop::option::of(-1_000_i64..1_000), prop::option::of(0_i32..30_000), any::<u32>())
        .prop_map(|(error, fallback, verdict, amount, day, cost)| Outcome {
            error,
            fallback,
            verdict,
            amount,
            day,
            fuel: cost.into(),
            micros: (cost / 7).into(),
            ..Outcome::default()
        })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    let change = prop::sample::select(vec![Change::Price, Change::Verdict, Change::Error, Change::ServiceAdded]);
    let delta = (any::<i64>(), -5_000_i64..5_000).prop_map(|(old, change)| Delta {
        of: "ground".into(),
        old: old / 4,
        new: old / 4 + change,
    });
    let name = prop::sample::select(vec!["air".to_owned(), "rail".to_owned()]);
    let currency = prop::sample::select(vec!["USD".to_owned(), "JPY".to_owned()]);
    (
        prop::collection::btree_set(change, 0..3),
        (outcome(), outcome()),
        prop::collection::vec(delta.clone(), 0..3),
        prop::collection::vec(delta, 0..2),
        (prop::collection::vec(name.clone(), 0..2), prop::collection::vec((name.clone(), name), 0..2)),
        currency,
    )
        .prop_map(|(changes, (old, new), money, days, (added, verdicts), currency)| Comparison {
            hook: Hook::ShippingQuote,
            same: changes.is_empty(),
            changes,
            currency,
            old,
            new,
            removed: added.clone(),
            added,
            money,
            days,
            verdicts,
        })
}

fn report(of: &[(usize, Comparison)]) -> Report {
    let mut report = Report::default();
    for (number, comparison) in of {
        report.add(RecordId(*number as u128), comparison);
        if number % 3 == 0 {
            report.skip("erased");
        }
    }
    report
}

proptest! {
    #[test]
    fn shards_in_any_order_add_up_to_the_whole(
        all in prop::collection::vec(comparison(), 0..60), cuts in prop::collection::vec(0usize..60, 3), turn in 0usize..4
    ) {
        let all: Vec<_> = all.into_iter().enumerate().collect();
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(all.len())).chain([0, all.len()]).collect();
        cuts.sort_unstable();
        let mut shards: Vec<_> = cuts.windows(2).map(|ends| report(&all[ends[0]..ends[1]])).collect();
        shards.rotate_left(turn);
        let whole = report(&all);
        let mut one_by_one = Report::default();
        for shard in shards.clone() {
            one_by_one.merge(shard);
        }
        prop_assert_eq!(&one_by_one, &whole);
        let mut from_the_end = Report::default();
        for shard in shards.into_iter().rev() {
            let mut merged = shard;
            merged.merge(from_the_end);
            from_the_end = merged;
        }
        prop_assert_eq!(&from_the_end, &whole);
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), whole);
    }

    #[test]
    fn rows_come_back_from_csv_and_json(all in prop::collection::vec(comparison(), 0..20)) {
        let rows = rows(&all);
        let csv = write_csv(Vec::new(), &rows).unwrap();
        let read: Result<Vec<Row>, _> = csv::Reader::from_reader(csv.as_slice()).deserialize().collect();
        prop_assert_eq!(read.unwrap(), rows.clone());
        let json = serde_json::to_string(&rows).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Row>>(&json).unwrap(), rows);
    }
}

fn rows(all: &[Comparison]) -> Vec<Row> {
    let row = |(number, comparison): (u32, &Comparison)| {
        Row::new(RecordId(number.into()), 1_763_737_200_000 + i64::from(number), comparison)
    };
    (0..).zip(all).map(row).collect()
}

fn plain(changes: &[Change], money: i64) -> Comparison {
    Comparison {
        hook: Hook::OrderRouting,
        same: changes.is_empty(),
        changes: changes.iter().copied().collect(),
        currency: "USD".into(),
        old: Outcome { amount: Some(1_000), fuel: 100, micros: 10, ..Outcome::default() },
        new: Outcome { amount: Some(1_000 + money), fuel: 110, micros: 12, ..Outcome::default() },
        added: Vec::new(),
        removed: Vec::new(),
        money: vec![Delta { of: "cost".into(), old: 1_000, new: 1_000 + money }],
        days: Vec::new(),
        verdicts: vec![("release".into(), "release".into())],
    }
}

#[test]
fn a_report_says_how_many_how_much_and_which() {
    let mut report = Report::default();
    for number in 0..30 {
        report.add(RecordId(number), &plain(&[Change::Cost], -(number as i64)));
    }
    report.add(RecordId(100), &plain(&[], 0));
    report.add(RecordId(101), &plain(&[Change::Verdict], 1));
    let mut failed = plain(&[Change::Error], 0);
    failed.new.error = Some("PANICKED".into());
    report.add(RecordId(102), &failed);
    assert_eq!((report.calls, report.same, report.changed), (33, 1, 32));
    assert_eq!((report.failed_on_new, report.failed_on_old), (1, 0));
    assert_eq!(report.by_change[&Change::Cost], 30);
    let money = &report.money["USD"];
    assert_eq!((money.sum, money.min, money.max), (-434, Some(-29), Some(1)));
    assert_eq!((money.histogram[&-20], money.histogram[&0]), (10, 3));
    assert_eq!(report.verdicts["release"]["release"], 33);
    let examples: Vec<_> = report.examples.iter().map(|example| example.record.0).collect();
    assert_eq!(examples[..4], [102, 101, 29, 28]);
    assert_eq!(examples.len(), Report::EXAMPLES);
}

#[test]
fn csv_has_its_header_once_and_also_without_rows() {
    let rows = rows(&[plain(&[Change::Cost, Change::Shipments], 5), plain(&[], 0)]);
    let mut writer = CsvRows::new(Vec::new()).unwrap();
    for row in rows.chunks(1) {
        writer.append(row).unwrap();
    }
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!(text.lines().count(), 3);
    let header = text.lines().next().unwrap();
    assert!(text.lines().nth(1).unwrap().contains(",order-routing,false,cost|shipments,USD,"), "{text}");
    assert_eq!(String::from_utf8(write_csv(Vec::new(), &[]).unwrap()).unwrap().trim_end(), header);
    let fields = serde_json::to_value(Row::default()).unwrap();
    assert!(header.split(',').all(|name| fields.get(name).is_some()) && header.split(',').count() == 26);
}

#[test]
fn parquet_is_read_back_by_another_reader_shard_by_shard() {
    let mut changed = plain(&[Change::Cost], 5);
    (changed.new.day, changed.new.error, changed.new.count) = (Some(20_000), Some("PANICKED".into()), Some(3));
    let shard = rows(&vec![changed; 15_000]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    let mut writer = ParquetRows::new(File::create(&path).unwrap()).unwrap();
    for _ in 0..3 {
        writer.append(&shard).unwrap();
    }
    writer.finish().unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 3, "20,000, 20,000 and 5,000 rows");
    assert_eq!(reader.metadata().file_metadata().num_rows(), 45_000);
    let mut read = 0;
    for (row, expected) in reader.get_row_iter(None).unwrap().zip(shard.iter().cycle()) {
        let row = row.unwrap();
        assert_eq!(row.get_string(0).unwrap(), &expected.record);
        assert_eq!(row.get_timestamp_millis(1).unwrap(), expected.at_millis);
        assert!(!row.get_bool(3).unwrap());
        assert!(row.get_string(6).is_err(), "no error on the old side");
        assert_eq!(row.get_string(7).unwrap(), "PANICKED");
        assert_eq!((row.get_long(12).unwrap(), row.get_long(13).unwrap()), (1_000, 1_005));
        assert_eq!((row.get_long(17).unwrap(), row.get_long(23).unwrap()), (3, 110));
        let day = row.get_column_iter().nth(15);
        assert_eq!(day, Some((&"new_day".to_owned(), &Field::Date(20_000))));
        read += 1;
    }
    assert_eq!(read, 45_000);
}

#[test]
fn parquet_without_rows_is_a_file_too() {
    let bytes = write_parquet(Vec::new(), &[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    std::fs::write(&path, bytes).unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    assert_eq!(reader.metadata().file_metadata().schema().get_fields().len(), 26);
}
