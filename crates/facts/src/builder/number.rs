//! Builds a column of numbers: integers times one scale, the coarsest scale that holds every value exactly.

use super::Problem;
use crate::cell::Cell;
use crate::column::Integers;
use crate::fault::{Fault, Faults};
use crate::heading::SourceColumn;
use crate::number::{NumberCell, NumberFault, fast_decimal, parse_number, split_tail};
use crate::spec::{ColumnKind, ColumnSpec, counters_of};
use hengjie_quantity::{BaseUnit, Lang, Rational, Unit, format_quantity};

/// The numbers so far. Bare ones are kept as integer and decimal places, the rare others aside.
pub(crate) struct NumberBuilder {
    unit: Unit,
    counters: Vec<String>,
    integers: Vec<i64>,
    places: Vec<u8>,
    /// Position and value of bare numbers that do not fit `integers`.
    long: Vec<(usize, Rational)>,
    /// Position and value, in base units, of numbers with a unit of their own.
    own_unit: Vec<(usize, Rational)>,
}

impl NumberBuilder {
    pub(crate) fn new(unit: &Unit) -> Self {
        Self {
            unit: unit.clone(),
            counters: counters_of(unit),
            integers: Vec::new(),
            places: Vec::new(),
            long: Vec::new(),
            own_unit: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, cell: Cell<'_>) -> Result<(), Problem> {
        let (text, percent) = match cell {
            Cell::Text(text) => (text, false),
            Cell::Number { decimal, percent, .. } => (decimal, percent),
            _ => return Err(Problem::NotNumber),
        };
        match fast_decimal(text) {
            Some((integer, places)) if !percent => self.push_integer(integer, places),
            _ => match self.parse(text, percent)? {
                NumberCell::Bare(value) => {
                    self.long.push((self.integers.len(), value));
                    self.push_stand_in();
                }
                NumberCell::WithUnit(value, _) => {
                    self.own_unit.push((self.integers.len(), value));
                    self.push_stand_in();
                }
            },
        }
        Ok(())
    }

    /// Makes room for so many numbers.
    pub(crate) fn reserve(&mut self, numbers: usize) {
        self.integers.reserve(numbers);
        self.places.reserve(numbers);
    }

    /// Adds the numbers that come behind.
    pub(crate) fn append(&mut self, mut more: Self) {
        let before = self.integers.len();
        let moved = |(index, value): (usize, Rational)| (before + index, value);
        self.long.extend(more.long.into_iter().map(moved));
        self.own_unit.extend(more.own_unit.into_iter().map(moved));
        self.integers.append(&mut more.integers);
        self.places.append(&mut more.places);
    }

    /// A number that is not there.
    pub(crate) fn push_stand_in(&mut self) {
        self.push_integer(0, 0);
    }

    fn push_integer(&mut self, integer: i64, places: u8) {
        self.integers.push(integer);
        self.places.push(places);
    }

    /// A number whose unit is checked.
    fn parse(&self, text: &str, percent: bool) -> Result<NumberCell, Problem> {
        let wrong = |found: &str| Problem::WrongUnit(found.to_owned());
        let number = parse_number(text, &self.counters).map_err(|fault| match fault {
            NumberFault::Scientific => Problem::Scientific,
            NumberFault::Unit(found) => Problem::UnknownUnit(found),
            NumberFault::NotNumber => Problem::NotNumber,
        })?;
        match number {
            NumberCell::Bare(value) if percent && self.unit.is_none() => {
                Ok(NumberCell::WithUnit(value, Unit::none()))
            }
            NumberCell::Bare(_) if percent => Err(wrong("%")),
            NumberCell::WithUnit(_, unit) if unit != self.unit => Err(wrong(split_tail(text).1)),
            number => Ok(number),
        }
    }

    /// All numbers as integers and their scale. Numbers of too different sizes are a fault.
    pub(crate) fn finish(
        self,
        spec: &ColumnSpec,
        source: &SourceColumn,
        row: &dyn Fn(usize) -> u32,
        faults: &mut Faults,
    ) -> Option<(Integers, Rational)> {
        let has_bare = self.own_unit.len() < self.integers.len();
        if has_bare && !source.unit_given && self.unit.currency().is_some() {
            faults.push(no_unit(&self.unit).column(&source.heading));
        }
        let places = self.places.iter().copied().max().unwrap_or(0);
        let mut scale = &source.multiplier * Rational::pow10(-i32::from(places));
        let long = self.long.into_iter().map(|(index, value)| (index, value * &source.multiplier));
        let aside: Vec<(usize, Rational)> = long.chain(self.own_unit).collect();
        for (_, value) in &aside {
            scale = common_scale(scale, value);
        }
        match pack(&self.integers, &self.places, &aside, &source.multiplier, &scale) {
            Ok(values) => Some((values, scale)),
            Err(index) => {
                faults.push(Problem::TooManyDigits.fault(spec, "").column(&source.heading).row(row(index)));
                None
            }
        }
    }
}

/// A scale that divides both: the given one cut to decimals, or their greatest common divisor.
fn common_scale(scale: Rational, value: &Rational) -> Rational {
    let Some(ratio) = value.checked_div(&scale) else { return scale };
    if ratio.is_integer() {
        return scale;
    }
    match ratio.decimal_places().and_then(|places| i32::try_from(places).ok()) {
        Some(places) => scale * Rational::pow10(-places),
        // value = n/d × scale, so scale/d divides both.
        None => {
            Rational::from_big_parts(1.into(), ratio.denominator()).map_or(scale.clone(), |part| scale * part)
        }
    }
}

/// Every value divided by the scale, as narrow as all fit; the position of the first that does not fit otherwise.
fn pack(
    integers: &[i64],
    places: &[u8],
    aside: &[(usize, Rational)],
    multiplier: &Rational,
    scale: &Rational,
) -> Result<Integers, usize> {
    // What an integer with 0, 1, 2 … decimal places is multiplied by.
    let most = places.iter().copied().max().unwrap_or(0);
    let factor = |places: u8| {
        let unit = multiplier * Rational::pow10(-i32::from(places));
        unit.checked_div(scale).and_then(|factor| factor.to_i128())
    };
    let factors: Vec<Option<i128>> = (0..=most).map(factor).collect();
    let product = |index: usize| {
        let (integer, places) = (integers[index], usize::from(places[index]));
        // A stand-in is 0 and always fits.
        if integer == 0 { Some(0) } else { factors[places]?.checked_mul(i128::from(integer)) }
    };
    // Twice over the numbers is cheaper than once through memory at the full width.
    if aside.is_empty() {
        let (mut lowest, mut highest) = (0, 0);
        for index in 0..integers.len() {
            let value = product(index).ok_or(index)?;
            (lowest, highest) = (value.min(lowest), value.max(highest));
        }
        return Ok(Integers::within(
            lowest,
            highest,
            (0..integers.len()).map(|index| product(index).unwrap_or(0)),
        ));
    }
    let mut values = Vec::with_capacity(integers.len());
    for index in 0..integers.len() {
        values.push(product(index).ok_or(index)?);
    }
    for (index, value) in aside {
        let packed = value.checked_div(scale).and_then(|packed| packed.to_i128()).ok_or(*index)?;
        values[*index] = packed;
    }
    Ok(Integers::narrowest(values))
}

/// Money without a unit is read in yuan, which is easily ten thousand times too small.
fn no_unit(unit: &Unit) -> Fault {
    Fault::warning(
        "HJ1106",
        format!("没有写明单位，不带单位的数都按「{unit}」读"),
        format!("no unit is given, so bare numbers count “{}”", unit.en()),
    )
    .help(
        format!("在表头写上单位，例如「（{unit}）」或「（万{unit}）」"),
        format!("write the unit in the heading, for example “({})”", unit.en()),
    )
}

/// Reports the numbers that the column does not take: counts that are not whole, numbers outside the allowed range.
pub(crate) fn check_values(
    spec: &ColumnSpec,
    heading: &str,
    values: &Integers,
    scale: &Rational,
    status: Option<&[u8]>,
    row: &dyn Fn(usize) -> u32,
    faults: &mut Faults,
) {
    check_whole(spec, heading, values, scale, status, row, faults);
    check_range(spec, heading, values, scale, status, row, faults);
}

/// Households, people and cases are counted: half of one is a slip.
fn check_whole(
    spec: &ColumnSpec,
    heading: &str,
    values: &Integers,
    scale: &Rational,
    status: Option<&[u8]>,
    row: &dyn Fn(usize) -> u32,
    faults: &mut Faults,
) {
    let ColumnKind::Number { unit } = &spec.kind else { return };
    if scale.is_integer() || !matches!(unit.single(), Some(BaseUnit::Count(_))) {
        return;
    }
    // value × n/d with n and d coprime is whole when d divides value.
    let Ok(divisor) = i128::try_from(scale.denominator()) else { return };
    for index in 0..values.len() {
        let present = status.is_none_or(|status| status.get(index) == Some(&0));
        if present && values.get(index) % divisor != 0 {
            let value = Rational::from(values.get(index)) * scale;
            let shown = |lang| format_quantity(&value, unit, lang);
            faults.push_error(|| {
                Fault::error(
                    "HJ1208",
                    format!("{} 不是整数，「{unit}」要一个一个地数", shown(Lang::Zh)),
                    format!("{} is not whole; “{}” are counted one by one", shown(Lang::En), unit.en()),
                )
                .help("核对这一格，写整数", "check the cell and write a whole number")
                .value(shown(Lang::Zh))
                .column(heading)
                .row(row(index))
            });
        }
    }
}

/// Reports the numbers outside the allowed range.
fn check_range(
    spec: &ColumnSpec,
    heading: &str,
    values: &Integers,
    scale: &Rational,
    status: Option<&[u8]>,
    row: &dyn Fn(usize) -> u32,
    faults: &mut Faults,
) {
    let Some((low, high)) = &spec.range else { return };
    // The range in steps of the scale; what does not fit an i128 is no limit.
    let lowest = steps(&-low, scale).map_or(i128::MIN, |steps| -steps);
    let highest = steps(high, scale).unwrap_or(i128::MAX);
    let mut report = |index: usize, value: i128| {
        let present = status.is_none_or(|status| status.get(index) == Some(&0));
        if present {
            faults.push_error(|| {
                out_of_range(spec, &(Rational::from(value) * scale)).column(heading).row(row(index))
            });
        }
    };
    let outside = |value: i128| value < lowest || value > highest;
    match values {
        Integers::I16(values) => scan(values.iter().map(|&value| i128::from(value)), outside, &mut report),
        Integers::I32(values) => scan(values.iter().map(|&value| i128::from(value)), outside, &mut report),
        Integers::I64(values) => scan_i64(values, lowest, highest, &mut report),
        Integers::I128(values) => scan(values.iter().copied(), outside, &mut report),
    }
}

/// How often the scale goes into a limit, rounded down.
fn steps(limit: &Rational, scale: &Rational) -> Option<i128> {
    limit.checked_div(scale)?.floor().to_i128()
}

fn scan(
    values: impl Iterator<Item = i128>,
    outside: impl Fn(i128) -> bool,
    report: &mut dyn FnMut(usize, i128),
) {
    for (index, value) in values.enumerate().filter(|(_, value)| outside(*value)) {
        report(index, value);
    }
}

/// The same without widening every value.
fn scan_i64(values: &[i64], lowest: i128, highest: i128, report: &mut dyn FnMut(usize, i128)) {
    let clamp = |limit: i128| limit.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
    if lowest > i128::from(i64::MAX) || highest < i128::from(i64::MIN) {
        return scan(values.iter().map(|&value| i128::from(value)), |_| true, report);
    }
    let (lowest, highest) = (clamp(lowest), clamp(highest));
    for (index, &value) in values.iter().enumerate() {
        if value < lowest || value > highest {
            report(index, i128::from(value));
        }
    }
}

fn out_of_range(spec: &ColumnSpec, value: &Rational) -> Fault {
    let unit = match &spec.kind {
        ColumnKind::Number { unit } => unit.clone(),
        _ => Unit::none(),
    };
    let (low, high) = match &spec.range {
        Some((low, high)) => (low, high),
        None => (value, value),
    };
    let show = |number: &Rational, lang| format_quantity(number, &unit, lang);
    let zh = format!(
        "{} 超出范围，应在 {} 至 {} 之间",
        show(value, Lang::Zh),
        show(low, Lang::Zh),
        show(high, Lang::Zh)
    );
    let en = format!(
        "{} is out of range; it must be from {} to {}",
        show(value, Lang::En),
        show(low, Lang::En),
        show(high, Lang::En)
    );
    Fault::error("HJ1203", zh, en)
        .value(show(value, Lang::Zh))
        .help("核对数字和单位", "check the number and its unit")
}
