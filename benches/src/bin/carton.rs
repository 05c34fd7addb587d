//! Prints the table of the cartonisation bench.

fn main() {
    for row in cartwright_benches::carton::report() {
        println!("{row}");
    }
}
