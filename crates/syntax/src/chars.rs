//! Characters as typed in Chinese: the fixed table from full-width to half-width forms (not a Unicode normalisation),
//! and the characters of names.

/// The half-width form of a character; every other character is its own.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '−' => '-',
        _ => c,
    }
}

/// The character as the lexer sees it: half-width, and one form for marks that mean the same.
pub(crate) fn punctuation(c: char) -> char {
    match half_width(c) {
        '、' => ',',
        '*' => '×',
        '/' => '÷',
        '≧' => '≥',
        '≦' => '≤',
        '\u{A0}' | '\u{200B}' | '\u{FEFF}' => ' ',
        other => other,
    }
}

/// The text in half-width forms, with 、 left as it is.
pub(crate) fn half_width_text(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// Whether a character may stand in a name without brackets.
pub(crate) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '·'
}

/// Whether a character may stand in a unit without brackets.
pub(crate) fn is_unit_char(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '%' | '‰' | '‱' | '_')
}
