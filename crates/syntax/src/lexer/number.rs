//! Numbers with their units, dates, periods and times.

use super::Lexer;
use crate::chars::{half_width, half_width_text, is_name_char, is_unit_char};
use crate::diagnostic::Diagnostic;
use crate::keywords::split_keywords;
use crate::span::Span;
use crate::tree::SyntaxKind as K;
use hengjie_calendar::{Date, Period};
use hengjie_quantity::parse_unit;

/// Endings that people add to a quantity in prose, and what a rule says instead.
const ENDINGS: [(&str, &str); 10] = [
    ("及以上", "≥"),
    ("及以下", "≤"),
    ("以上", "≥"),
    ("以下", "≤ 或 <"),
    ("以内", "≤"),
    ("之内", "≤"),
    ("内", "≤"),
    ("之后", ""),
    ("后", ""),
    ("前", ""),
];

impl Lexer<'_> {
    /// Reads everything that begins with a digit.
    pub(super) fn number(&mut self) {
        let rest = self.rest();
        let shape: Vec<char> = rest.chars().take(16).map(half_width).collect();
        if let Some((kind, chars)) = calendar_shape(&shape) {
            return self.calendar(kind, chars);
        }
        let digits = digits_length(rest);
        let after = rest.get(digits..).unwrap_or("");
        let attached = unit_length(after);
        let spaced = after.chars().next().filter(|c| half_width(*c) == ' ').map_or(0, |space| {
            let run = unit_length(after.get(space.len_utf8()..).unwrap_or(""));
            let unit = after.get(space.len_utf8()..space.len_utf8() + run).unwrap_or("");
            // A word after a space is a unit only when it certainly is one; otherwise it begins a clause.
            if run > 0 && parse_unit(&half_width_text(unit)).is_some() { space.len_utf8() + run } else { 0 }
        });
        if let Some(UnitFault::Joined(split)) =
            after.get(..attached).and_then(|run| fault_of(&half_width_text(run)))
        {
            return self.joined(digits, attached, &split);
        }
        let unit = attached.max(spaced);
        let span = self.push(K::Number, digits + unit);
        let unit_span = Span::new(span.end - attached as u32, span.end);
        if attached > 0 {
            self.check_unit(span, unit_span);
        }
        self.check_thousands(span, unit);
    }

    /// A token whose shape is a date, a period or a time; reports one that does not exist.
    fn calendar(&mut self, kind: K, chars: usize) {
        let bytes = self.rest().chars().take(chars).map(char::len_utf8).sum();
        let span = self.push(kind, bytes);
        let text = half_width_text(span.text(self.text));
        let exists = match kind {
            K::Date => Date::parse(&text).is_some(),
            K::Period => Period::parse(&text).is_some(),
            _ => crate::parser::clock_minutes(&text).is_some(),
        };
        if !exists {
            self.sink.report(|| {
                Diagnostic::error(
                    "HJ0104",
                    span,
                    format!("没有“{text}”这个日期、期间或时刻"),
                    format!("there is no date, period or time “{text}”"),
                )
            });
        }
    }

    /// Reports endings such as 以内 and words that were joined to the unit. Other runs may be counter words that the
    /// document declares.
    fn check_unit(&mut self, number: Span, unit: Span) {
        let run = half_width_text(unit.text(self.text));
        let digits = half_width_text(Span::new(number.start, unit.start).text(self.text));
        let faulty = FaultyUnit { number, unit, digits: &digits, run: &run };
        match fault_of(&run) {
            Some(UnitFault::PartOfYear) => self.sink.report(|| faulty.part_of_year()),
            Some(UnitFault::Ending(ending, operator)) => {
                self.sink.report(|| faulty.with_ending(ending, operator));
            }
            Some(UnitFault::Joined(_)) | None => {}
        }
    }

    /// `300万元且余额`: reported once, and read as if the spaces were there.
    fn joined(&mut self, digits: usize, attached: usize, split: &str) {
        let text = self.rest().get(..digits + attached).unwrap_or("");
        let run: Vec<usize> = text.get(digits..).unwrap_or("").chars().map(char::len_utf8).collect();
        let written = half_width_text(text);
        let mut chars = run.iter();
        for (at, part) in split.split(' ').enumerate() {
            let bytes = chars.by_ref().take(part.chars().count()).sum();
            if at > 0 {
                self.word(bytes);
                continue;
            }
            let number = self.push(K::Number, digits + bytes);
            let whole = Span::new(number.start, number.start + (digits + attached) as u32);
            let unit = Span::new(number.start + digits as u32, whole.end);
            self.sink.report(|| {
                Diagnostic::error(
                    "HJ0108",
                    whole,
                    format!("数和后面的字连在一起了：“{written}”"),
                    format!("the number and the words behind it are joined: “{written}”"),
                )
                .fix(unit, split, "在关键字两边加空格", "put spaces around the keyword")
            });
        }
    }

    /// `1,000` in a rule is two values.
    fn check_thousands(&mut self, number: Span, unit: usize) {
        let before = self.tokens.len().checked_sub(3).and_then(|at| self.tokens.get(at..));
        let Some([first, comma, _]) = before else { return };
        let written = number.text(self.text).len() - unit;
        let joined =
            first.kind == K::Number && comma.kind == K::Comma && first.span.text(self.text).len() <= 3;
        let plain = first.span.text(self.text).bytes().all(|byte| byte.is_ascii_digit());
        if !(joined && plain && written == 3 && comma.span.text(self.text) == ",") {
            return;
        }
        let span = first.span.to(number);
        let digits: String = span.text(self.text).chars().filter(|c| *c != ',').collect();
        self.sink.report(|| {
            Diagnostic::warning(
                "HJ0109",
                span,
                "规则里没有千分位：这里是逗号隔开的两个数",
                "rules have no thousands comma: these are two numbers",
            )
            .help(
                "如果是两个数，请在逗号后加一个空格",
                "if two numbers are meant, put a space after the comma",
            )
            .fix(
                span,
                digits.clone(),
                format!("写成一个数 {digits}"),
                format!("write one number {digits}"),
            )
        });
    }
}

/// What is wrong with a unit run.
enum UnitFault {
    PartOfYear,
    /// An ending such as 以内, and the operator that says it.
    Ending(&'static str, &'static str),
    /// Keywords inside, and the run with spaces around them.
    Joined(String),
}

/// Whether the lexer has reported the unit run, so that the number is not trusted.
pub(crate) fn is_faulty_unit(run: &str) -> bool {
    fault_of(run).is_some()
}

fn fault_of(run: &str) -> Option<UnitFault> {
    if run.is_empty() || parse_unit(run).is_some() {
        return None;
    }
    if matches!(run, "月" | "月份" | "季" | "季度") {
        return Some(UnitFault::PartOfYear);
    }
    let ending = ENDINGS.iter().find(|(ending, _)| run.strip_suffix(ending).is_some_and(is_unit_or_empty));
    if let Some((ending, operator)) = ending {
        return Some(UnitFault::Ending(ending, operator));
    }
    let split = split_keywords(run).filter(|split| split.split(' ').next().is_some_and(is_unit_or_empty));
    split.map(UnitFault::Joined)
}

fn is_unit_or_empty(run: &str) -> bool {
    run.is_empty() || parse_unit(run).is_some()
}

/// A number whose unit run is no unit.
struct FaultyUnit<'a> {
    number: Span,
    unit: Span,
    digits: &'a str,
    run: &'a str,
}

impl FaultyUnit<'_> {
    /// `1月`
    fn part_of_year(&self) -> Diagnostic {
        let Self { digits, run, .. } = self;
        let counted = if run.starts_with('月') { "个月" } else { "个季度" };
        Diagnostic::error(
            "HJ0102",
            self.number,
            format!("“{digits}{run}”可以指一段时间，也可以指一年里的某一段"),
            format!("“{digits}{run}” may be a length of time or a part of the year"),
        )
        .help("期间写成 2026年1月 或 2026年1季", "a period is written 2026年1月 or 2026年1季")
        .fix(
            self.unit,
            counted,
            format!("时长写成 {digits}{counted}"),
            format!("write {digits}{counted} for a length of time"),
        )
    }

    /// `10个工作日内`
    fn with_ending(&self, ending: &str, operator: &str) -> Diagnostic {
        let digits = self.digits;
        let kept = self.run.strip_suffix(ending).unwrap_or("");
        let found = Diagnostic::error(
            "HJ0103",
            self.number,
            format!("数后面的“{ending}”在规则里不用"),
            format!("“{ending}” after a number is not used in rules"),
        )
        .fix(self.unit, kept, format!("写成 {digits}{kept}"), format!("write {digits}{kept}"));
        if operator.is_empty() {
            return found;
        }
        found.help(
            format!("界限写在前面，例如 {operator} {digits}{kept}"),
            format!("say the limit before the number, such as {operator} {digits}{kept}"),
        )
    }
}

/// Bytes of digits and an optional decimal part.
fn digits_length(text: &str) -> usize {
    let is_digit = |c: char| half_width(c).is_ascii_digit();
    let whole = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let mut after = text.get(whole..).unwrap_or("").chars();
    let Some(point) = after.next().filter(|c| half_width(*c) == '.') else { return whole };
    let decimals = after.as_str().find(|c| !is_digit(c)).unwrap_or(after.as_str().len());
    if decimals == 0 { whole } else { whole + point.len_utf8() + decimals }
}

/// Bytes of a unit run such as `个工作日`, `%` or `元/户`.
fn unit_length(text: &str) -> usize {
    let word = |text: &str| text.find(|c| !is_unit_char(half_width(c))).unwrap_or(text.len());
    let mut length = word(text);
    while length > 0 {
        let rest = text.get(length..).unwrap_or("");
        let Some(slash) = rest.chars().next().filter(|c| half_width(*c) == '/') else { break };
        let below = word(rest.get(slash.len_utf8()..).unwrap_or(""));
        if below == 0 {
            break;
        }
        length += slash.len_utf8() + below;
    }
    length
}

/// The kind and the number of characters of a date, period or time at the start of `chars`.
fn calendar_shape(chars: &[char]) -> Option<(K, usize)> {
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let first = digits(0);
    if matches!(first, 1 | 2) && at(first) == ':' && digits(first + 1) == 2 {
        return Some((K::Time, first + 3));
    }
    if first != 4 {
        return None;
    }
    if at(4) == '-' {
        let month = digits(5);
        let day = digits(6 + month);
        let is_date = matches!(month, 1 | 2) && at(5 + month) == '-' && matches!(day, 1 | 2);
        return is_date.then_some((K::Date, 6 + month + day));
    }
    if matches!(at(4), 'Q' | 'H' | 'W') {
        let end = 5 + digits(5);
        return (end > 5 && !is_name_char(at(end))).then_some((K::Period, end));
    }
    (at(4) == '年').then(|| chinese_period(chars, &digits, &at))
}

/// What follows `2026年`.
fn chinese_period(chars: &[char], digits: &dyn Fn(usize) -> usize, at: &dyn Fn(usize) -> char) -> (K, usize) {
    let starts = |from: usize, text: &str| {
        chars.iter().skip(from).take(text.chars().count()).copied().eq(text.chars())
    };
    if starts(5, "上半年") || starts(5, "下半年") {
        return (K::Period, 8);
    }
    let from = if at(5) == '第' { 6 } else { 5 };
    let numeral = match at(from) {
        '一' | '二' | '三' | '四' => 1,
        _ => digits(from),
    };
    let end = from + numeral;
    if numeral == 0 {
        return (K::Period, 5);
    }
    if starts(end, "季度") {
        return (K::Period, end + 2);
    }
    let day = digits(end + 1);
    if at(end) == '月' && day > 0 && at(end + 1 + day) == '日' {
        return (K::Date, end + day + 2);
    }
    if matches!(at(end), '季' | '月' | '周') { (K::Period, end + 1) } else { (K::Period, 5) }
}
