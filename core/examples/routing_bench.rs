//! The routing table of the benches, which needs nothing but the core. With the word `json`: instances for `benches/highs.py`.

#[path = "../../benches/src/routing.rs"]
mod routing;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("json") {
        println!("{}", routing::json());
    } else {
        routing::print();
    }
}
