//! Checks on the rows of a table: 其余, repeated keys, overlaps and gaps of intervals, sums.

use super::Grid;
use crate::checker::Checker;
use crate::codes;
use crate::core::{Bound, Cell, Literal, Table, TableRow, Type};
use hengjie_calendar::Date;
use hengjie_quantity::{Rational, Unit};
use hengjie_syntax::ast::{Name, TableDecl, TableSum};
use hengjie_syntax::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet};

/// An interval of a key column: low, high, the row.
type Band<'t> = (Option<&'t Bound>, Option<&'t Bound>, usize);

impl Checker<'_> {
    /// Repeated keys, overlaps, gaps, sums. Returns whether every key finds a row.
    pub(super) fn verify_table(&mut self, decl: &TableDecl, grid: &Grid, table: &Table) -> bool {
        if let Some(sum) = &decl.sum {
            self.verify_sum(decl, sum, grid, table);
        }
        let keys = table.keys as usize;
        let intervals: Vec<usize> = (0..keys).filter(|&column| table.columns[column].interval).collect();
        match intervals.as_slice() {
            [] => self.verify_plain(table),
            [column] => self.verify_bands(table, *column),
            // Two interval keys: only rows equal in all are found.
            _ => {
                self.verify_plain(table);
                false
            }
        }
    }

    fn verify_plain(&mut self, table: &Table) -> bool {
        let keys = table.keys as usize;
        if self.has_repeated_rows(table) || keys == 0 {
            return false;
        }
        // Every combination of items stands there, from the first day of the document on.
        let combinations = table.columns[..keys].iter().try_fold(1_usize, |total, column| match &column.ty {
            Type::Enum(id) => total.checked_mul(self.enums[id.index()].items.len()),
            Type::Bool => total.checked_mul(2),
            _ => None,
        });
        let complete: BTreeSet<String> = table
            .rows
            .iter()
            .filter(|row| self.counts_at_once(table, row))
            .map(|row| keys_of(table, row))
            .collect();
        combinations == Some(complete.len())
    }

    /// Does a row count from the first day of the document on?
    fn counts_at_once(&self, table: &Table, row: &TableRow) -> bool {
        table.effective.is_none()
            || counts_from(table, row).is_some_and(|day| self.first_day.is_some_and(|first| day <= first))
    }

    /// Rows with the same keys that count from the same day; told once.
    fn has_repeated_rows(&mut self, table: &Table) -> bool {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for row in &table.rows {
            if let Some(first) = seen.insert(dated_key(table, row, usize::MAX), row.span) {
                self.repeated_row(row.span, first);
                return true;
            }
        }
        false
    }

    fn repeated_row(&mut self, row: Span, first: Span) {
        self.report(
            Diagnostic::error(
                codes::DUPLICATE_ROW,
                row,
                "这一行的键和另一行相同",
                "this row has the same keys as another one",
            )
            .label(first, "另一行", "the other row"),
        );
    }

    /// Bands of one column, within equal other keys, on each day from which rows count.
    fn verify_bands(&mut self, table: &Table, column: usize) -> bool {
        let mut covered = table.effective.is_none() || !self.has_repeated_rows(table);
        for day in self.days(table) {
            covered &= self.verify_bands_on(table, column, day);
        }
        covered
    }

    /// The days to look at: the first one of the document, and those after it from which rows count.
    fn days(&self, table: &Table) -> Vec<Option<Date>> {
        let Some(first) = self.first_day.filter(|_| table.effective.is_some()) else { return vec![None] };
        let later = table.rows.iter().filter_map(|row| counts_from(table, row)).filter(|day| *day > first);
        let days: BTreeSet<Date> = later.chain([first]).collect();
        days.into_iter().map(Some).collect()
    }

    fn verify_bands_on(&mut self, table: &Table, column: usize, day: Option<Date>) -> bool {
        let mut groups: BTreeMap<String, Vec<Band<'_>>> = BTreeMap::new();
        for position in in_force(table, day) {
            let row = &table.rows[position];
            if let Some(Cell::Interval { low, high }) = row.cells.get(column) {
                let group = groups.entry(row_key(table, row, column)).or_default();
                group.push((low.as_ref(), high.as_ref(), position));
            }
        }
        let mut covered = true;
        for bands in groups.values_mut() {
            bands.sort_by(|a, b| order_low(a.0, b.0));
            covered &= self.verify_group(table, bands);
        }
        let others =
            table.columns[..table.keys as usize].iter().enumerate().filter(|(other, _)| *other != column);
        let combinations = others.map(|(_, column)| &column.ty).try_fold(1_usize, |total, ty| match ty {
            Type::Enum(id) => total.checked_mul(self.enums[id.index()].items.len()),
            Type::Bool => total.checked_mul(2),
            _ => None,
        });
        covered && combinations == Some(groups.len())
    }

    /// Neighbouring bands meet exactly, from the bottom to the top.
    fn verify_group(&mut self, table: &Table, bands: &[Band<'_>]) -> bool {
        let mut whole = bands.first().is_some_and(|band| band.0.is_none());
        for pair in bands.windows(2) {
            let [(_, high, first), (low, _, second)] = pair else { continue };
            let (first, second) = (table.rows[*first].span, table.rows[*second].span);
            match meeting(*high, *low) {
                Meeting::Exact => {}
                Meeting::Overlap => {
                    let overlap = Diagnostic::error(
                        codes::INTERVALS_OVERLAP,
                        second,
                        "这一行的区间和另一行重叠：同一个数会落在两行里",
                        "the interval of this row overlaps another one: a number would fall into both",
                    )
                    .label(first, "另一行", "the other row");
                    self.report(match table.effective {
                        None => overlap.help(
                            "一个数只能在一行里：写清哪一头含本数（“以内”“超过”“不足”“以上”）",
                            "a number belongs to one row: say which side has the border (以内, 超过, 不足, 以上)",
                        ),
                        Some(_) => overlap.help(
                            "生效日只替换键完全相同的行，旧的区间还在：改了界限就另立一张表",
                            "a first day replaces rows with equal keys only, the old intervals remain: other borders need another table",
                        ),
                    });
                    return false;
                }
                Meeting::Gap => {
                    whole = false;
                    self.report(
                        Diagnostic::warning(
                            codes::INTERVALS_GAP,
                            second,
                            "这一行的区间和上一段之间有空档：落在空档里的没有结果（无）",
                            "there is a gap below this interval: what falls into it has no result (无)",
                        )
                        .label(first, "前一段", "the band below"),
                    );
                }
            }
        }
        whole && bands.last().is_some_and(|band| band.1.is_none())
    }

    /// 其余 as the rows it stands for: the items not named, the parts of the number line not covered.
    pub(super) fn spread_rest(&mut self, decl: &TableDecl, table: &mut Table) {
        let keys = table.keys as usize;
        let is_rest = |cell: &Cell| matches!(cell, Cell::Interval { low: None, high: None });
        for column in 0..keys {
            let rests: Vec<usize> =
                (0..table.rows.len()).filter(|&row| is_rest(&table.rows[row].cells[column])).collect();
            if rests.is_empty() {
                continue;
            }
            let mut added = Vec::new();
            for &rest in &rests {
                let group = dated_key(table, &table.rows[rest], column);
                let mates: Vec<&TableRow> = table
                    .rows
                    .iter()
                    .enumerate()
                    .filter(|(position, row)| {
                        !rests.contains(position) && dated_key(table, row, column) == group
                    })
                    .map(|(_, row)| row)
                    .collect();
                match self.rest_cells(table, column, &mates) {
                    Some(cells) => added.extend(cells.into_iter().map(|cell| {
                        let mut row = table.rows[rest].clone();
                        row.cells[column] = cell;
                        row
                    })),
                    None => self.error(
                        codes::REST_ROW,
                        table.rows[rest].span,
                        format!("“其余”只用于名目或区间的列（表“{}”）", decl.name.text),
                        "其余 is for columns of a 名目 or of intervals",
                    ),
                }
            }
            let mut position = 0;
            table.rows.retain(|_| {
                position += 1;
                !rests.contains(&(position - 1))
            });
            table.rows.extend(added);
        }
    }

    fn rest_cells(&self, table: &Table, column: usize, mates: &[&TableRow]) -> Option<Vec<Cell>> {
        match &table.columns[column].ty {
            Type::Enum(id) => {
                let used: Vec<u32> = mates
                    .iter()
                    .filter_map(|row| match row.cells.get(column) {
                        Some(Cell::Value(Literal::Enum(_, ordinal))) => Some(*ordinal),
                        _ => None,
                    })
                    .collect();
                let items = crate::checker::count(self.enums[id.index()].items.len());
                Some(
                    (0..items)
                        .filter(|item| !used.contains(item))
                        .map(|item| Cell::Value(Literal::Enum(*id, item)))
                        .collect(),
                )
            }
            Type::Number(_) if table.columns[column].interval => Some(uncovered(column, mates)),
            _ => None,
        }
    }

    /// `合计 [column] total [按组 column]`
    fn verify_sum(&mut self, decl: &TableDecl, sum: &TableSum, grid: &Grid, table: &Table) {
        let Some((position, unit)) = self.sum_column(sum, table) else { return };
        let Some(wanted) = self.number_of(&sum.total, &unit) else { return };
        let by = match &sum.by {
            Some(name) => match table.columns.iter().position(|column| column.name == name.text) {
                Some(by) => Some(by),
                None => return self.unknown_sum_column(name, table),
            },
            None => None,
        };
        let mut groups: BTreeMap<String, (Rational, Span)> = BTreeMap::new();
        for (place, row) in table.rows.iter().enumerate() {
            let group = match (by, decl.across.is_some()) {
                (Some(by), _) => cell_key(&row.cells[by]),
                // A 横 table is summed along each printed row.
                (None, true) => {
                    grid.rows.get(place).map_or(String::new(), |(printed, _)| printed.to_string())
                }
                (None, false) => String::new(),
            };
            let entry = groups.entry(group).or_insert((Rational::ZERO, row.span));
            if let Some(Cell::Value(Literal::Number(value))) = row.cells.get(position) {
                entry.0 = &entry.0 + value;
            }
        }
        let text = |value: &Rational| match unit.is_none() {
            true => hengjie_quantity::format_percent(value),
            false => crate::total::amount(value, &unit),
        };
        let column = &table.columns[position].name;
        for (found, span) in groups.into_values().filter(|(found, _)| *found != wanted) {
            let (found, wanted) = (text(&found), text(&wanted));
            self.report(
                Diagnostic::error(
                    codes::TABLE_SUM,
                    span,
                    format!("“{column}”合计 {found}，不是 {wanted}"),
                    format!("`{column}` adds up to {found}, not {wanted}"),
                )
                .label(sum.total.span, "要求在这里", "the check is here"),
            );
        }
    }

    /// The column of numbers to add up: the named one, or the only one.
    fn sum_column(&mut self, sum: &TableSum, table: &Table) -> Option<(usize, Unit)> {
        let position = match &sum.column {
            Some(name) => table.columns.iter().position(|column| column.name == name.text),
            None => {
                let numbers = |column: &usize| matches!(table.columns[*column].ty, Type::Number(_));
                let mut columns = (table.keys as usize..table.columns.len()).filter(numbers);
                columns.next().filter(|_| columns.next().is_none())
            }
        };
        let found = position.and_then(|position| match &table.columns[position].ty {
            Type::Number(unit) => Some((position, unit.clone())),
            _ => None,
        });
        if found.is_none() {
            let place = sum.column.as_ref().map_or(sum.total.span, |name| name.span);
            self.error(
                codes::TABLE_COLUMN,
                place,
                "“合计”要写明是哪一列数",
                "合计 needs the name of a column of numbers",
            );
        }
        found
    }

    fn unknown_sum_column(&mut self, name: &Name, table: &Table) {
        let close = self.closest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
        self.unknown_name(codes::TABLE_COLUMN, name, ("列", "column"), close);
    }
}

/// The keys of a row as text, whatever day it counts from.
fn keys_of(table: &Table, row: &TableRow) -> String {
    row.cells.iter().take(table.keys as usize).map(cell_key).collect::<Vec<_>>().join("|")
}

/// The keys of a row as text, one column left out.
fn row_key(table: &Table, row: &TableRow, without: usize) -> String {
    let columns = (0..table.keys as usize).filter(|column| *column != without);
    let cells: Vec<&Cell> = columns.filter_map(|column| row.cells.get(column)).collect();
    cells.iter().map(|cell| cell_key(cell)).collect::<Vec<_>>().join("|")
}

/// The same with the day from which the row counts.
fn dated_key(table: &Table, row: &TableRow, without: usize) -> String {
    format!("{}|{:?}", row_key(table, row, without), counts_from(table, row))
}

/// The day from which a row counts (生效); without a date always. `None` in a table without days.
fn counts_from(table: &Table, row: &TableRow) -> Option<Date> {
    match row.cells.get(table.effective? as usize) {
        Some(Cell::Value(Literal::Date(day))) => Some(*day),
        _ => Some(Date::MIN),
    }
}

/// The rows in force on a day: of those with the same keys the latest; all rows of a table without days.
fn in_force(table: &Table, day: Option<Date>) -> Vec<usize> {
    let mut latest: BTreeMap<String, (Date, usize)> = BTreeMap::new();
    let Some(day) = day else { return (0..table.rows.len()).collect() };
    for (position, row) in table.rows.iter().enumerate() {
        let Some(from) = counts_from(table, row).filter(|from| *from <= day) else { continue };
        let held = latest.entry(keys_of(table, row)).or_insert((from, position));
        if held.0 <= from {
            *held = (from, position);
        }
    }
    let mut rows: Vec<usize> = latest.into_values().map(|(_, position)| position).collect();
    rows.sort_unstable();
    rows
}

fn cell_key(cell: &Cell) -> String {
    serde_json::to_string(cell).unwrap_or_default()
}

/// Lower borders from the bottom up.
fn order_low(a: Option<&Bound>, b: Option<&Bound>) -> std::cmp::Ordering {
    match (a, b) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, Some(_)) => std::cmp::Ordering::Less,
        (Some(_), None) => std::cmp::Ordering::Greater,
        (Some(a), Some(b)) => a.value.cmp(&b.value).then(b.inclusive.cmp(&a.inclusive)),
    }
}

/// How the top of one band meets the bottom of the next.
enum Meeting {
    Exact,
    Overlap,
    Gap,
}

fn meeting(high: Option<&Bound>, low: Option<&Bound>) -> Meeting {
    let (Some(high), Some(low)) = (high, low) else { return Meeting::Overlap };
    match high.value.cmp(&low.value) {
        std::cmp::Ordering::Greater => Meeting::Overlap,
        std::cmp::Ordering::Less => Meeting::Gap,
        std::cmp::Ordering::Equal => match (high.inclusive, low.inclusive) {
            (true, true) => Meeting::Overlap,
            (false, false) => Meeting::Gap,
            _ => Meeting::Exact,
        },
    }
}

/// The parts of the number line that no band covers.
fn uncovered(column: usize, mates: &[&TableRow]) -> Vec<Cell> {
    let mut bands: Vec<(Option<&Bound>, Option<&Bound>)> = mates
        .iter()
        .filter_map(|row| match row.cells.get(column) {
            Some(Cell::Interval { low, high }) => Some((low.as_ref(), high.as_ref())),
            _ => None,
        })
        .collect();
    bands.sort_by(|a, b| order_low(a.0, b.0));
    let opposite = |bound: &Bound| Bound { value: bound.value.clone(), inclusive: !bound.inclusive };
    let mut cells = Vec::new();
    let mut top: Option<Option<&Bound>> = None;
    for (low, high) in &bands {
        match (top, low) {
            (None, Some(low)) => cells.push(Cell::Interval { low: None, high: Some(opposite(low)) }),
            (Some(Some(top)), Some(low)) if matches!(meeting(Some(top), Some(low)), Meeting::Gap) => {
                cells.push(Cell::Interval { low: Some(opposite(top)), high: Some(opposite(low)) });
            }
            _ => {}
        }
        top = Some(*high);
    }
    match top {
        Some(Some(top)) => cells.push(Cell::Interval { low: Some(opposite(top)), high: None }),
        None => cells.push(Cell::Interval { low: None, high: None }),
        Some(None) => {}
    }
    cells
}
