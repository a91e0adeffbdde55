//! Prints the findings of a document named by `SHOW`, for authors: `SHOW=policy.md cargo test --test show -- --nocapture`.

mod common;

#[test]
fn show() {
    let Some(path) = std::env::var_os("SHOW") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    println!("{}", common::check(&text));
}
