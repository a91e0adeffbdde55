//! Bands as people write them: `300万元以内`, `超过300万元至800万元`, `60分以上不足70分`, `≥ 60分`, `(300万元, 800万元]`.

use crate::core::Bound;
use hengjie_quantity::{Quantity, Rational, Unit, parse_quantity_cell_with};

/// What an interval cell says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// From a border to a border.
    Interval { low: Option<Bound>, high: Option<Bound>, unit: Unit },
    /// 其余
    Rest,
    /// `300万元以下`: with or without the border? Holds the amount as written.
    Ambiguous(String),
    /// Two borders of different units.
    TwoUnits(Unit, Unit),
    /// Not an interval.
    Other,
}

/// The size and unit of bare numbers.
pub(super) type Default<'d> = Option<&'d (Rational, Unit)>;

/// Reads an interval.
pub(super) fn read(text: &str, default: Default<'_>, counters: &[String]) -> Reading {
    let text: String = text.chars().map(plain).filter(|c| !c.is_whitespace()).collect();
    if text == "其余" {
        return Reading::Rest;
    }
    let reader = Reader { default, counters };
    if let Some(reading) = reader.brackets(&text) {
        return reading;
    }
    for word in ["以下", "及以下"] {
        if let Some(amount) = text.strip_suffix(word)
            && word == "以下"
            && !amount.ends_with('及')
            && let Some(amount) = amount.rsplit(['上', '于', '过', '至', '到']).next()
            && reader.amount(amount).is_some()
        {
            return Reading::Ambiguous(amount.to_owned());
        }
    }
    reader.words(&text)
}

/// Full-width forms as half-width ones.
fn plain(c: char) -> char {
    match c {
        '～' => '-',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '≧' => '≥',
        '≦' => '≤',
        '〜' | '—' | '–' => '-',
        other => other,
    }
}

struct Reader<'r> {
    default: Default<'r>,
    counters: &'r [String],
}

/// A border with its unit; `None` inside for a bare number without a default.
type Border = (Rational, Unit, bool);

impl Reader<'_> {
    fn amount(&self, text: &str) -> Option<Quantity> {
        let quantity = parse_quantity_cell_with(text, self.counters)?;
        let bare = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'));
        Some(match self.default {
            Some((size, unit)) if bare => Quantity { value: &quantity.value * size, unit: unit.clone() },
            _ => quantity,
        })
    }

    /// `(300万元, 800万元]`
    fn brackets(&self, text: &str) -> Option<Reading> {
        let low_inclusive = match text.chars().next()? {
            '[' => true,
            '(' => false,
            _ => return None,
        };
        let high_inclusive = match text.chars().last()? {
            ']' => true,
            ')' => false,
            _ => return None,
        };
        let inner = text.get(1..text.len() - 1)?;
        // A comma may also separate thousands: the border is where both sides are amounts.
        inner.match_indices(',').find_map(|(at, _)| {
            let (low, high) = (&inner[..at], &inner[at + 1..]);
            let open = |part: &str| part.is_empty() || part.ends_with('∞');
            let border = |part: &str, inclusive| match open(part) {
                true => Some(None),
                false => self.amount(part).map(|amount| Some((amount.value, amount.unit, inclusive))),
            };
            Some(join(border(low, low_inclusive)?, border(high, high_inclusive)?))
        })
    }

    /// `超过300万元至800万元`, `60分以上不足70分`, `≥60分`
    fn words(&self, text: &str) -> Reading {
        if let Some(one) = self.one(text) {
            return match one {
                (border, true) => join(Some(border), None),
                (border, false) => join(None, Some(border)),
            };
        }
        // Two borders: try every place to cut.
        for (at, _) in text.char_indices().skip(1) {
            let (first, second) = (&text[..at], &text[at..]);
            if let (Some((low, true)), Some((high, false))) = (self.one(first), self.one(second)) {
                return join(Some(low), Some(high));
            }
        }
        for word in ["至", "到", "-"] {
            for (at, _) in text.match_indices(word) {
                let (first, second) = (&text[..at], &text[at + word.len()..]);
                if let Some(reading) = self.between(first, second) {
                    return reading;
                }
            }
        }
        Reading::Other
    }

    /// `超过300万元` 至 `800万元`: 至 includes the upper border; a bare lower border is included as well.
    fn between(&self, first: &str, second: &str) -> Option<Reading> {
        // `100-300万元`: a number without a unit counts in the unit of the other border, 万 included.
        let borrowed = if first.ends_with(is_number) { unit_of(second) } else { "" };
        let first = match self.default {
            None => format!("{first}{borrowed}"),
            Some(_) => first.to_owned(),
        };
        let low = match self.one(&first) {
            Some((low, true)) => low,
            Some((_, false)) => return None,
            None => self.amount(&first).map(|amount| (amount.value, amount.unit, true))?,
        };
        let high = match self.one(second) {
            Some((high, false)) => high,
            Some((_, true)) => return None,
            None => self.amount(second).map(|amount| (amount.value, amount.unit, true))?,
        };
        Some(join(Some(low), Some(high)))
    }

    /// One border, and whether it is the lower one.
    fn one(&self, text: &str) -> Option<(Border, bool)> {
        const BEFORE: [(&str, bool, bool); 12] = [
            (">=", true, true),
            ("<=", false, true),
            ("≥", true, true),
            ("≤", false, true),
            (">", true, false),
            ("<", false, false),
            ("超过", true, false),
            ("大于", true, false),
            ("高于", true, false),
            ("不足", false, false),
            ("小于", false, false),
            ("低于", false, false),
        ];
        const AFTER: [(&str, bool, bool); 6] = [
            ("及以上", true, true),
            ("(含)以上", true, true),
            ("以上", true, true),
            ("及以下", false, true),
            ("(含)以下", false, true),
            ("以内", false, true),
        ];
        let side = |amount: &str, lower: bool, inclusive: bool| {
            self.amount(amount).map(|amount| ((amount.value, amount.unit, inclusive), lower))
        };
        for (word, lower, inclusive) in BEFORE {
            if let Some(amount) = text.strip_prefix(word) {
                return side(amount, lower, inclusive);
            }
        }
        for (word, lower, inclusive) in AFTER {
            if let Some(amount) = text.strip_suffix(word) {
                return side(amount, lower, inclusive);
            }
        }
        None
    }
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// What stands behind the number of a border: `万元` of `不足300万元`.
fn unit_of(border: &str) -> &str {
    border.trim_start_matches(|c: char| !is_number(c)).trim_start_matches(is_number)
}

fn join(low: Option<Border>, high: Option<Border>) -> Reading {
    let bound = |border: &Border| Bound { value: border.0.clone(), inclusive: border.2 };
    match (&low, &high) {
        (Some(low), Some(high)) if low.1 != high.1 => Reading::TwoUnits(low.1.clone(), high.1.clone()),
        (None, None) => Reading::Other,
        _ => Reading::Interval {
            low: low.as_ref().map(bound),
            high: high.as_ref().map(bound),
            unit: low.or(high).map_or(Unit::none(), |border| border.1),
        },
    }
}

/// Is the interval empty?
pub(super) fn is_empty(low: Option<&Bound>, high: Option<&Bound>) -> bool {
    match (low, high) {
        (Some(low), Some(high)) => {
            low.value > high.value || (low.value == high.value && !(low.inclusive && high.inclusive))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The interval in signs.
    fn show(text: &str) -> String {
        match read(text, None, &[]) {
            Reading::Interval { low, high, unit } => {
                let low = low.map_or("(".to_owned(), |low| {
                    format!("{}{}", if low.inclusive { '[' } else { '(' }, low.value)
                });
                let high = high.map_or(")".to_owned(), |high| {
                    format!("{}{}", high.value, if high.inclusive { ']' } else { ')' })
                });
                format!("{low}, {high} {unit}")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn bands_in_words_and_signs() {
        assert_eq!(show("300万元以内"), "(, 3000000] 元");
        assert_eq!(show("不足300万元"), "(, 3000000) 元");
        assert_eq!(show("超过300万元至800万元"), "(3000000, 8000000] 元");
        assert_eq!(show("60分以上不足70分"), "[60, 70) 分");
        assert_eq!(show("超过800万元"), "(8000000, ) 元");
        assert_eq!(show("90分以上"), "[90, ) 分");
        assert_eq!(show("≥ 60分"), "[60, ) 分");
        assert_eq!(show("（300万元，800万元]"), "(3000000, 8000000] 元");
        assert_eq!(show("[1,000元, 2,000元)"), "[1000, 2000) 元");
        assert_eq!(show("60-69分"), "[60, 69] 分");
        assert_eq!(show("100-300万元"), "[1000000, 3000000] 元");
        assert_eq!(show("超过100至300万元"), "(1000000, 3000000] 元");
        assert_eq!(show("1,000至3,000户"), "[1000, 3000] 户");
        assert_eq!(show("10-20%"), "[0.1, 0.2] 比例");
        assert_eq!(show("100-不足300万元"), "[1000000, 3000000) 元");
        assert_eq!(show("300万元及以下"), "(, 3000000] 元");
        assert_eq!(show("300万元以下"), "Ambiguous(\"300万元\")");
        assert_eq!(show("其余"), "Rest");
        assert_eq!(show("高级"), "Other");
        assert_eq!(
            show("超过1元至2分"),
            "TwoUnits(Unit { factors: [(Currency(Cny), 1)] }, Unit { factors: [(Point, 1)] })"
        );
    }
}
