//! Finds the column of a file for every column of a specification: by name, by the mapping, with the unit in brackets.

use crate::cell::{half_width, invisible};
use crate::fault::{Fault, Faults};
use crate::mapping::{ColumnMapping, TableMapping};
use crate::spec::{ColumnKind, ColumnSpec, TableSpec, counters_of, unit_hint};
use hengjie_quantity::{Lang, Rational, Unit, parse_quantity_with, parse_unit_with};
use std::collections::BTreeMap;

/// Where the values of one column of the specification come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A column of the file.
    Column(SourceColumn),
    /// The same cell in every row.
    Constant(String),
}

/// A column of the file.
#[derive(Debug, Clone)]
pub(crate) struct SourceColumn {
    /// Position in the file.
    pub(crate) index: usize,
    /// Heading as written.
    pub(crate) heading: String,
    /// What one unit of a bare number counts, in base units.
    pub(crate) multiplier: Rational,
    /// Does the heading or the mapping say so? Otherwise it is the base unit by default.
    pub(crate) unit_given: bool,
    /// Items by code; empty: the cells hold the items.
    pub(crate) codes: BTreeMap<String, String>,
}

/// Headings of rows that an import has handed back: mended, they may come again.
const RETURNED: [&str; 4] = ["行号", "失败原因", "row number", "reason"];
/// Characters of a heading in messages.
const SHOWN: usize = 60;
/// How many names a message lists.
const LISTED: usize = 12;

/// Matches the headings of a file with a specification: a source for every column that has one.
pub(crate) fn plan(
    headings: &[String],
    spec: &TableSpec,
    mapping: Option<&TableMapping>,
    faults: &mut Faults,
) -> Vec<Option<Source>> {
    let headings: Vec<Heading> = headings.iter().map(|text| Heading::new(text)).collect();
    let mut used = vec![false; headings.len()];
    let mut sources = Vec::with_capacity(spec.columns.len());
    for column in &spec.columns {
        sources.push(source(column, &headings, mapping, &mut used, faults));
    }
    // A source system has many columns that nobody needs; a file made for us should have none.
    if mapping.is_none_or(|mapping| mapping.columns.is_empty()) {
        report_unknown(&headings, &used, spec, &sources, faults);
    }
    sources
}

/// A heading of a file.
struct Heading {
    /// As written, on one line.
    shown: String,
    /// For comparing: no space, half width.
    name: String,
    /// Name without the bracket, and what is in the bracket.
    split: Option<(String, String)>,
}

impl Heading {
    fn new(text: &str) -> Self {
        let name = comparable(text);
        let split = name.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')).map(|(base, unit)| {
            let unit = unit.strip_prefix("单位:").or_else(|| unit.strip_prefix("unit:")).unwrap_or(unit);
            (base.to_owned(), unit.to_owned())
        });
        let mut shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if shown.chars().nth(SHOWN).is_some() {
            shown = shown.chars().take(SHOWN).chain(['…']).collect();
        }
        Self { shown, name, split }
    }
}

/// A name for comparing.
fn comparable(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|character| !character.is_whitespace() && invisible(&character.to_string()).is_none())
        .collect()
}

/// The source of one column.
fn source(
    column: &ColumnSpec,
    headings: &[Heading],
    mapping: Option<&TableMapping>,
    used: &mut [bool],
    faults: &mut Faults,
) -> Option<Source> {
    if let Some(constant) = mapping.and_then(|mapping| mapping.constant.get(&column.name)) {
        return Some(Source::Constant(constant.clone()));
    }
    let mapped = mapping.and_then(|mapping| mapped_column(column, mapping));
    let wanted = mapped.as_ref().map_or(column.name.as_str(), |(heading, _)| heading.as_str());
    let found = find(wanted, headings);
    for &index in &found {
        used[index] = true;
    }
    match found.as_slice() {
        [] => {
            if column.required || mapped.is_some() {
                faults.push(missing_column(wanted, headings));
            }
            None
        }
        [index] => {
            let mapping = mapped.map(|(_, mapping)| mapping);
            source_column(column, *index, &headings[*index], mapping, faults).map(Source::Column)
        }
        [first, second, ..] => {
            faults.push(
                Fault::error(
                    "HJ1102",
                    format!("有两列都是「{wanted}」：第 {} 列和第 {} 列", first + 1, second + 1),
                    format!(
                        "two columns are both “{wanted}”: column {} and column {}",
                        first + 1,
                        second + 1
                    ),
                )
                .column(&headings[*second].shown)
                .help("删去或改名其中一列", "delete or rename one of them"),
            );
            None
        }
    }
}

/// The heading that the mapping names for a column, with the rest of that entry.
fn mapped_column(column: &ColumnSpec, mapping: &TableMapping) -> Option<(String, ColumnMapping)> {
    mapping.columns.iter().find_map(|(heading, targets)| {
        let target = targets.as_slice().iter().find(|target| target.to == column.name)?;
        Some((heading.clone(), target.clone()))
    })
}

/// The headings with a name: equal ones, or else those that are equal without their bracket.
fn find(wanted: &str, headings: &[Heading]) -> Vec<usize> {
    let wanted = comparable(wanted);
    let positions = |test: &dyn Fn(&Heading) -> bool| -> Vec<usize> {
        headings.iter().enumerate().filter(|(_, heading)| test(heading)).map(|(index, _)| index).collect()
    };
    let equal = positions(&|heading| heading.name == wanted);
    if !equal.is_empty() {
        return equal;
    }
    positions(&|heading| heading.split.as_ref().is_some_and(|(base, _)| *base == wanted))
}

/// A column with its unit and codes; `None` when one of them cannot be used.
fn source_column(
    column: &ColumnSpec,
    index: usize,
    heading: &Heading,
    mapping: Option<ColumnMapping>,
    faults: &mut Faults,
) -> Option<SourceColumn> {
    let mapping = mapping.unwrap_or_default();
    // The mapping has been checked as a whole.
    if !mapping.codes.values().all(|item| column.kind.has_item(item)) {
        return None;
    }
    let mut source = SourceColumn {
        index,
        heading: heading.shown.clone(),
        multiplier: Rational::ONE,
        unit_given: false,
        codes: mapping.codes,
    };
    let ColumnKind::Number { unit } = &column.kind else {
        return Some(source);
    };
    let in_bracket = heading
        .split
        .as_ref()
        .filter(|(base, _)| *base == comparable(&column.name))
        .map(|(_, unit)| unit.clone());
    let is_mapped = mapping.unit.is_some();
    let Some(written) = mapping.unit.or(in_bracket) else {
        return Some(source);
    };
    match parse_scale(&written, unit) {
        Ok(multiplier) => {
            source.multiplier = multiplier;
            source.unit_given = true;
            Some(source)
        }
        // The mapping has been checked as a whole.
        Err(_) if is_mapped => None,
        Err(found) => {
            faults.push(wrong_unit(&heading.shown, &written, found, unit));
            None
        }
    }
}

/// What one unit counts, from `万元`, `0.01元`, `%` or `0.0001`; otherwise the unit it has instead.
pub(crate) fn parse_scale(written: &str, wanted: &Unit) -> Result<Rational, Option<Unit>> {
    let counters = counters_of(wanted);
    if wanted.is_none() && matches!(written, "比例" | "ratio") {
        return Ok(Rational::ONE);
    }
    let parsed = parse_unit_with(written, &counters)
        .or_else(|| parse_quantity_with(written, &counters).map(|quantity| (quantity.value, quantity.unit)));
    match parsed {
        Some((multiplier, unit)) if unit == *wanted && multiplier.signum() > 0 => Ok(multiplier),
        Some((_, unit)) => Err(Some(unit)),
        None => Err(None),
    }
}

/// The unit of a heading does not fit the column.
fn wrong_unit(heading: &str, written: &str, found: Option<Unit>, wanted: &Unit) -> Fault {
    let (zh, en) = match found {
        Some(_) => (
            format!("表头的单位「{written}」不对，这一列要的是「{wanted}」"),
            format!("the unit “{written}” in the heading is wrong; this column counts “{}”", wanted.en()),
        ),
        None => (
            format!("表头括号里的「{written}」不是单位，这一列要的是「{wanted}」"),
            format!("“{written}” in the heading is not a unit; this column counts “{}”", wanted.en()),
        ),
    };
    Fault::error("HJ1104", zh, en).column(heading).value(written).help(
        format!("括号里写{}", unit_hint(wanted, Lang::Zh)),
        format!("write {} in the brackets", unit_hint(wanted, Lang::En)),
    )
}

fn missing_column(wanted: &str, headings: &[Heading]) -> Fault {
    let fault = Fault::error(
        "HJ1101",
        format!("缺少「{wanted}」这一列"),
        format!("the column “{wanted}” is missing"),
    )
    .column(wanted);
    let name = comparable(wanted);
    if let Some(close) = headings.iter().find(|heading| similar(&heading.name, &name)) {
        return fault.help(
            format!("表里有「{}」，如果就是它，把表头改成「{wanted}」", close.shown),
            format!("there is “{}”; if that is it, change its heading to “{wanted}”", close.shown),
        );
    }
    let listed: Vec<&str> = headings
        .iter()
        .map(|heading| heading.shown.as_str())
        .filter(|shown| !shown.is_empty())
        .take(LISTED)
        .collect();
    fault.help(format!("表里有：{}", listed.join("、")), format!("the file has: {}", listed.join(", ")))
}

/// Warns about columns that nothing reads.
fn report_unknown(
    headings: &[Heading],
    used: &[bool],
    spec: &TableSpec,
    sources: &[Option<Source>],
    faults: &mut Faults,
) {
    let is_ours = |heading: &&Heading| RETURNED.iter().any(|own| comparable(own) == heading.name);
    let unknown = headings
        .iter()
        .zip(used)
        .filter(|(heading, used)| !**used && !heading.name.is_empty() && !is_ours(heading));
    for (heading, _) in unknown {
        let fault =
            Fault::warning("HJ1103", "这一列没有用到", "this column is not used").column(&heading.shown);
        let unfilled = spec.columns.iter().zip(sources).filter(|(_, source)| source.is_none());
        let close =
            unfilled.map(|(column, _)| &column.name).find(|name| similar(&comparable(name), &heading.name));
        faults.push(match close {
            Some(name) => fault.help(
                format!("如果就是「{name}」，请把表头改成它"),
                format!("if it is “{name}”, change the heading to that"),
            ),
            None => fault,
        });
    }
}

/// Do two names share at least half of the characters of the longer one?
pub(crate) fn similar(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rest = right.clone();
    let common = left.iter().filter(|character| {
        let place = rest.iter().position(|other| other == *character);
        place.map(|place| rest.swap_remove(place)).is_some()
    });
    let common = common.count();
    common > 0 && common * 2 >= left.len().max(right.len())
}
