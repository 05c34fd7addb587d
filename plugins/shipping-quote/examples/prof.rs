use cartwright_sdk::shipping_quote::ShippingQuote as _;
use cartwright_sdk::prelude::*;
fn cart(lines: u32) -> Request {
    let line = |index: u32| Line {
        id: format!("line-{index}"), sku: format!("SKU-{index}"), quantity: 1 + index % 2,
        unit_price: 1_299, weight: 180 + 40 * (index % 7),
        size: Some(Dimensions { length: 100 + 10 * (index % 5), width: 80, height: 40 + 10 * (index % 3) }),
        physical: true, ..Line::default() };
    Request { at: 1_795_424_400, currency: "USD".into(), destination: Address { country: "US".into(), postal_code: Some("94107".into()), residential: Some(true), ..Address::default() }, lines: (0..lines).map(line).collect(), ..Request::default() }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let n: u32 = a[1].parse().unwrap(); let rounds: u32 = a[2].parse().unwrap();
    let s = std::fs::read_to_string("xtask/demo/shops/demo/shipping-quote.json").unwrap();
    let p = cartwright_sdk::settings::configure::<shipping_quote::ShippingQuotePlugin>(&s).unwrap().plugin;
    println!("packers {}", p.shop().packers.len());
    let c = cart(n);
    let t = std::time::Instant::now();
    for _ in 0..rounds { std::hint::black_box(p.run(&c, &[]).unwrap()); }
    println!("{:?} per call", t.elapsed() / rounds);
}
