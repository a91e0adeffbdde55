//! Which figures are asked for: `名称=种类[+种类][ 最大| 户数][ 上年][ ≥50万元]`.

use crate::failure::{Failure, Outcome};
use hengjie_analytics::{Class, Fold, Measure, Threshold, Window};
use hengjie_calendar::{Date, Period};
use hengjie_quantity::{Currency, Rational, Unit, parse_quantity};

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub name: String,
    /// What is summed: kinds of accounts, `存款` or `存款@USD`.
    pub kinds: Vec<String>,
    /// How customers become one figure.
    pub fold: Fold,
    /// The same days a year earlier.
    pub last_year: bool,
    /// Customers count from this daily average on, fen.
    pub at_least_fen: Option<i64>,
}

/// Reads figures as they are written on the command line; without any, the sum of each kind.
///
/// # Errors
/// [`Failure::Usage`]: the text has another form, or a kind is not in the ledger.
pub fn parse_columns(texts: &[String], classes: &[Class]) -> Outcome<Vec<Column>> {
    if texts.is_empty() {
        let mut kinds: Vec<&Class> = classes.iter().collect();
        kinds.sort_unstable();
        return kinds.into_iter().map(|class| default_column(class, classes)).collect();
    }
    texts.iter().map(|text| parse(text, classes)).collect()
}

/// The sum of a class; its currency is named when the kind has several.
fn default_column(class: &Class, classes: &[Class]) -> Outcome<Column> {
    let is_alone = classes.iter().filter(|other| other.kind == class.kind).count() == 1;
    let kind = if is_alone { class.kind.clone() } else { format!("{}@{}", class.kind, class.currency) };
    parse(&format!("{kind}日均={kind}"), classes)
}

fn parse(text: &str, classes: &[Class]) -> Outcome<Column> {
    let (name, rest) = text.split_once('=').ok_or_else(|| unreadable(text))?;
    let mut words = rest.split_whitespace();
    let kinds: Vec<String> = words.next().unwrap_or_default().split('+').map(str::to_owned).collect();
    let mut column =
        Column { name: name.trim().to_owned(), kinds, fold: Fold::Sum, last_year: false, at_least_fen: None };
    for word in words {
        match word {
            "最大" | "largest" => column.fold = Fold::Largest,
            "户数" | "count" => column.fold = Fold::Count,
            "上年" | "last-year" => column.last_year = true,
            _ => column.at_least_fen = Some(threshold(word).ok_or_else(|| unreadable(text))?),
        }
    }
    column.classes(classes)?;
    if column.name.is_empty() { Err(unreadable(text)) } else { Ok(column) }
}

/// `≥50万元` in fen.
fn threshold(word: &str) -> Option<i64> {
    let amount = word.strip_prefix('≥').or_else(|| word.strip_prefix(">="))?;
    let amount = parse_quantity(amount)?;
    let is_money = amount.unit == Unit::money(Currency::Cny);
    let fen = (amount.value * Rational::from(100)).to_i128()?;
    i64::try_from(fen).ok().filter(|_| is_money)
}

impl Column {
    /// The classes that are summed.
    pub(super) fn classes(&self, classes: &[Class]) -> Outcome<Vec<u8>> {
        let mut found = Vec::new();
        for wanted in &self.kinds {
            let (kind, currency) = wanted.split_once('@').unwrap_or((wanted, ""));
            let fits =
                |class: &Class| class.kind == kind && (currency.is_empty() || class.currency == currency);
            let these = (0u8..).zip(classes).filter(|(_, class)| fits(class)).map(|(position, _)| position);
            let before = found.len();
            found.extend(these);
            if found.len() == before {
                return Err(unknown_kind(wanted, classes));
            }
        }
        let mut currencies: Vec<&str> =
            found.iter().map(|class| classes[usize::from(*class)].currency.as_str()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        match currencies.as_slice() {
            [] | [_] => Ok(found),
            several => Err(several_currencies(&self.name, several)),
        }
    }

    /// The days of the figure.
    pub(super) fn window(&self, period: Period) -> Outcome<Window> {
        let back = |day: Date| if self.last_year { day.add_months(-12) } else { Some(day) };
        let last = period.last_day();
        let (from, to) = (back(period.first_day()), last.add_days(1).and_then(back));
        match (from, to) {
            (Some(from), Some(to)) => Ok(Window { from: from.days(), to: to.days() }),
            _ => Err(Failure::usage(
                format!("{period} 在日历之外"),
                format!("{} is outside the calendar", period.en()),
            )),
        }
    }

    /// As the kernels compute it.
    pub(super) fn measure(&self, classes: &[Class], period: Period) -> Outcome<Measure> {
        let of = self.classes(classes)?;
        let threshold = self.at_least_fen.map(|average_fen| Threshold { classes: of.clone(), average_fen });
        Ok(Measure { classes: of, window: self.window(period)?, threshold, fold: self.fold })
    }
}

fn unreadable(text: &str) -> Failure {
    Failure::usage(
        format!(
            "“{text}”不是一列；写成 名称=种类，后面可以加 最大、户数、上年、≥50万元，例如 '存款日均=存款 ≥50万元'"
        ),
        format!(
            "`{text}` is no column; write NAME=KIND, followed by largest, count, last-year or >=50万元, such as '存款日均=存款 >=50万元'"
        ),
    )
}

fn unknown_kind(wanted: &str, classes: &[Class]) -> Failure {
    let mut kinds: Vec<String> =
        classes.iter().map(|class| format!("{}@{}", class.kind, class.currency)).collect();
    kinds.sort_unstable();
    Failure::usage(
        format!("账簿里没有“{wanted}”这种账户；有：{}", kinds.join("、")),
        format!("the ledger has no accounts of kind `{wanted}`; it has: {}", kinds.join(", ")),
    )
}

fn several_currencies(name: &str, currencies: &[&str]) -> Failure {
    Failure::usage(
        format!(
            "「{name}」里有几种币种（{}），不能直接相加；写成 种类@币种，一种一列",
            currencies.join("、")
        ),
        format!(
            "`{name}` has several currencies ({}), which cannot be added; write KIND@CURRENCY, one column for each",
            currencies.join(", ")
        ),
    )
}
