//! `sqlx::migrate!` puts the files into the binary; cargo does not see a new one by itself.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
