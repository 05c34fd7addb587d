//! Prints how far the USPS distance rule agrees with a published zone chart.

use cartwright_benches::usps_zones;

fn main() {
    println!("{}", usps_zones::measure());
}
