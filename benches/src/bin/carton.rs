//! Prints the table of the cartonisation bench; with the argument `huge` or `mixed` only that part.

use cartwright_benches::carton;

fn main() {
    let rows = match std::env::args().nth(1).as_deref() {
        Some("huge") => carton::huge_orders(),
        Some("mixed") => carton::mixed_orders(200),
        _ => carton::report(),
    };
    for row in rows {
        println!("{row}");
    }
}
