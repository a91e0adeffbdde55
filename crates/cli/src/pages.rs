//! The pages about diagnostic codes, as they stand in `docs/*/diagnostics`.

use hengjie_quantity::Lang;

/// Code, Chinese page, English page; in the order of the codes.
static PAGES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code; small letters and missing `HJ` are forgiven. `None` for an unknown code.
pub(crate) fn page(code: &str, lang: Lang) -> Option<(&'static str, &'static str)> {
    let code = code.trim().to_ascii_uppercase();
    let digits = code.strip_prefix("HJ").unwrap_or(&code);
    let (code, zh, en) = PAGES.iter().find(|(known, ..)| known.strip_prefix("HJ") == Some(digits))?;
    Some((code, lang.pick(zh, en)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_code() {
        let heading = |code| page(code, Lang::Zh).and_then(|(_, page)| page.lines().next());
        assert_eq!(heading("HJ0403"), Some("# HJ0403 可能没有值"));
        assert_eq!(heading("hj0403"), heading("0403"));
        assert_eq!(heading("HJ9999"), None);
        assert!(PAGES.is_sorted());
    }
}
