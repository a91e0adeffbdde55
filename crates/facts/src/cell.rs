//! One cell of a row-wise file, and the words in it that are not values.

use crate::column::Status;
use hengjie_calendar::{Date, Grain, Period};
use std::borrow::Cow;

/// A cell as the file gives it. CSV only knows text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing there.
    Empty,
    Text(&'a str),
    /// A number as decimal text.
    Number {
        decimal: &'a str,
        /// Shown as a percentage: it is a ratio whatever the heading says.
        percent: bool,
        /// It had more digits than floating point numbers are worth; they were dropped.
        rounded: bool,
    },
    Bool(bool),
    Date(Date),
    /// An error value of Excel, such as `#N/A`.
    Broken(&'a str),
}

impl<'a> Cell<'a> {
    /// A number that is written as a decimal.
    pub(crate) fn number(decimal: &'a str) -> Self {
        Self::Number { decimal, percent: false, rounded: false }
    }

    /// The cell without space around its text; blank text is empty.
    pub(crate) fn trimmed(self) -> Self {
        match self {
            Self::Text(text) => match trim(text) {
                "" => Self::Empty,
                text => Self::Text(text),
            },
            other => other,
        }
    }

    /// Is nothing there?
    pub(crate) fn is_blank(self) -> bool {
        self.trimmed() == Self::Empty
    }

    /// The cell as people read it.
    pub(crate) fn shown(self) -> Cow<'a, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Broken(text) => Cow::Borrowed(text),
            Self::Number { decimal, .. } => Cow::Borrowed(decimal),
            Self::Bool(value) => Cow::Borrowed(if value { "是" } else { "否" }),
            Self::Date(date) => Cow::Owned(date.to_string()),
        }
    }
}

/// Text without space around it, also full-width and non-breaking space.
pub(crate) fn trim(text: &str) -> &str {
    // Nearly every cell of a large file has nothing to trim.
    let bytes = text.as_bytes();
    if let (Some(first), Some(last)) = (bytes.first(), bytes.last())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return text;
    }
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// Full-width letters, digits and signs as their ASCII twins.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    let wide = |character: char| matches!(character, '\u{ff01}'..='\u{ff5e}' | '\u{3000}');
    if text.is_ascii() || !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let narrow = |character: char| match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    };
    Cow::Owned(text.chars().map(narrow).collect())
}

/// 无 or 免, if the whole cell says so.
pub(crate) fn state_word(text: &str) -> Option<Status> {
    match text {
        "无" | "—" | "——" | "none" => Some(Status::None),
        "免" | "exempt" => Some(Status::Exempt),
        _ => None,
    }
}

/// 是 or 否 in the ways systems write it.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "是" | "√" | "✓" | "1" | "Y" | "y" | "T" => Some(true),
        "否" | "×" | "✗" | "0" | "N" | "n" | "F" => Some(false),
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes") => Some(true),
        _ if text.eq_ignore_ascii_case("false") || text.eq_ignore_ascii_case("no") => Some(false),
        _ => None,
    }
}

/// A day; a time of day behind it is dropped, because a fact belongs to the whole day.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    // Nearly every date of a large file is in this form.
    if let Some(date) = Date::parse(text) {
        return Some(date);
    }
    let text = half_width(text);
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let rest = text.get(day.len() + 1..).unwrap_or_default();
    if !rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')) {
        return None;
    }
    Date::parse(day).or_else(|| Date::parse(&day.replace('.', "-")))
}

/// A period. Excel turns `2025年3月` into the first day of the month, so such a day names the period of `grain`.
pub(crate) fn parse_period(text: &str, grain: Option<Grain>) -> Option<Period> {
    match Period::parse(&half_width(text)) {
        Some(period) if grain.is_none_or(|wanted| period.grain() == wanted) => Some(period),
        Some(_) => period_of_date(parse_date(text)?, grain),
        None => period_of_date(parse_date(text)?, grain),
    }
}

/// The period of a grain that starts on a day, or the day itself.
pub(crate) fn period_of_date(date: Date, grain: Option<Grain>) -> Option<Period> {
    let period = Period::containing(grain.unwrap_or(Grain::Day), date);
    (period.first_day() == date).then_some(period)
}

/// The first character that cannot be seen (control, zero width, direction marks): two keys that look alike would differ.
pub(crate) fn invisible(text: &str) -> Option<char> {
    if text.is_ascii() {
        return text.bytes().find(u8::is_ascii_control).map(char::from);
    }
    text.chars().find(|&character| {
        character.is_control()
            || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    })
}

/// The example row of a template starts with this; the loader leaves it out.
pub(crate) fn is_example(first_cell: Cell<'_>) -> bool {
    match first_cell.trimmed() {
        Cell::Text(text) => {
            let text = half_width(text);
            ["示例", "example"].iter().any(|word| {
                text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_a_time_of_day_and_with_points() {
        let day = Date::new(2025, 3, 1);
        for text in [
            "2025-03-01",
            "2025.3.1",
            "2025/3/1",
            "２０２５年３月１日",
            "2025-03-01 13:20:05",
            "2025-03-01T00:00:00.000",
            "20250301",
        ] {
            assert_eq!(parse_date(text), day, "{text}");
        }
        for text in ["2025-03-01 下午", "2025-02-30", "45717", "2025-03-01T00:00:00Z"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_first_day_names_the_period() {
        let month = Period::parse("2025年3月");
        assert_eq!(parse_period("2025/3/1", Some(Grain::Month)), month);
        assert_eq!(parse_period("2025-03", Some(Grain::Month)), month);
        assert_eq!(parse_period("2025/3/2", Some(Grain::Month)), None);
        assert_eq!(parse_period("2025", Some(Grain::Month)), None);
        assert_eq!(parse_period("2025", None), Period::parse("2025年"));
    }

    #[test]
    fn example_rows() {
        assert!(is_example(Cell::Text(" 示例 ")));
        assert!(is_example(Cell::Text("示例：1001")));
        assert!(is_example(Cell::Text("example: 1001")));
        assert!(!is_example(Cell::Text("示例支行")));
    }
}
