//! The pages are embedded: when `web/` builds them anew, this crate is compiled anew.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
