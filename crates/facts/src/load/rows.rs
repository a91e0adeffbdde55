//! A table under construction from a row-wise file.

use super::Job;
use crate::builder::ColumnBuilder;
use crate::cell::{Cell, is_example};
use crate::column::{LoadedColumn, LoadedTable, Status};
use crate::fault::{Fault, Faults};
use crate::heading::{Source, SourceColumn, plan};
use crate::spec::ColumnSpec;
use hengjie_quantity::Rational;
use std::collections::BTreeMap;

/// Takes rows, gives a table.
pub(super) struct RowTable<'a> {
    job: &'a Job<'a>,
    columns: Vec<Slot<'a>>,
    numbers: RowNumbers,
    full: bool,
}

/// A column of the specification.
enum Slot<'a> {
    Absent,
    Built(Box<ColumnBuilder<'a>>),
    Constant(&'a ColumnSpec, String),
}

impl<'a> RowTable<'a> {
    /// Starts a table below these headings.
    pub(super) fn new(job: &'a Job<'a>, headings: &[String], faults: &mut Faults) -> Self {
        let sources = plan(headings, job.spec, job.mapping, faults);
        let slot = |(spec, source): (&'a ColumnSpec, Option<Source>)| match source {
            None => Slot::Absent,
            Some(Source::Column(source)) => {
                Slot::Built(Box::new(ColumnBuilder::new(spec, source, job.limits.cell_chars)))
            }
            Some(Source::Constant(text)) => Slot::Constant(spec, text),
        };
        let columns = job.spec.columns.iter().zip(sources).map(slot).collect();
        Self { job, columns, numbers: RowNumbers::default(), full: false }
    }

    /// Rows so far.
    pub(super) fn len(&self) -> usize {
        self.numbers.len
    }

    /// An empty table with the same columns, for another part of the file.
    pub(super) fn fork(&self) -> Self {
        let fork = |slot: &Slot<'a>| match slot {
            Slot::Built(column) => Slot::Built(Box::new(column.fork())),
            Slot::Absent | Slot::Constant(..) => Slot::Absent,
        };
        let columns = self.columns.iter().map(fork).collect();
        Self { job: self.job, columns, numbers: RowNumbers::default(), full: false }
    }

    /// Makes room for so many rows.
    pub(super) fn reserve(&mut self, rows: usize) {
        for slot in &mut self.columns {
            if let Slot::Built(column) = slot {
                column.reserve(rows);
            }
        }
    }

    /// Adds the rows of a fork, which come behind those that are here.
    pub(super) fn append(&mut self, part: Self) {
        for (slot, more) in self.columns.iter_mut().zip(part.columns) {
            if let (Slot::Built(column), Slot::Built(more)) = (slot, more) {
                column.append(*more);
            }
        }
        self.numbers.append(part.numbers);
    }

    /// Adds a row of `width` cells. Blank rows and the example row of a template are left out.
    pub(super) fn push<'c>(
        &mut self,
        number: u32,
        width: usize,
        cell: impl Fn(usize) -> Cell<'c>,
        faults: &mut Faults,
    ) {
        let blank = (0..width).all(|index| cell(index).is_blank());
        if blank || is_example(cell(0)) || !self.has_room(faults) {
            return;
        }
        for slot in &mut self.columns {
            if let Slot::Built(column) = slot {
                let cell = if column.index() < width { cell(column.index()) } else { Cell::Empty };
                column.push(cell, number, faults);
            }
        }
        self.numbers.push(number);
    }

    /// Adds a row that cannot be read; its values are missing.
    pub(super) fn push_broken(&mut self, number: u32, fault: Fault, faults: &mut Faults) {
        if !self.has_room(faults) {
            return;
        }
        faults.push_error(|| fault.row(number));
        for slot in &mut self.columns {
            if let Slot::Built(column) = slot {
                column.push_state(Status::Missing);
            }
        }
        self.numbers.push(number);
    }

    /// The table. `first` is the row of the first record when there is none.
    pub(super) fn finish(
        self,
        file: &str,
        sheet: Option<String>,
        first: u32,
        faults: &mut Faults,
    ) -> LoadedTable {
        let Self { job, columns, numbers, .. } = self;
        let rows = numbers.len;
        if rows == 0 {
            faults.push(Fault::warning("HJ1016", "表里没有数据", "the table has no rows"));
        }
        let row = |index: usize| numbers.get(index);
        let mut build = |slot: Slot<'_>| match slot {
            Slot::Absent => None,
            Slot::Built(column) => column.finish(&row, faults),
            Slot::Constant(spec, text) => constant_column(spec, &text, rows, faults),
        };
        let columns = columns.into_iter().map(&mut build).collect();
        job.report(file, rows as u64, Some(rows as u64), true);
        LoadedTable {
            spec: job.index,
            rows,
            columns,
            file: file.to_owned(),
            sheet,
            first_row: if rows == 0 { first } else { numbers.first },
            row_numbers: numbers.listed,
            sources: None,
        }
    }

    /// Is the limit of rows not reached? Says so once.
    fn has_room(&mut self, faults: &mut Faults) -> bool {
        if (self.numbers.len as u64) < self.job.limits.rows && self.numbers.len < u32::MAX as usize {
            return true;
        }
        if !self.full {
            self.full = true;
            faults.push(too_many_rows(self.job.limits.rows));
        }
        false
    }
}

/// The file has more rows than allowed.
pub(super) fn too_many_rows(limit: u64) -> Fault {
    Fault::error("HJ1014", format!("超过 {limit} 行"), format!("more than {limit} rows"))
        .help("分成几个文件", "split the file")
}

/// The file has more columns than allowed.
pub(super) fn too_many_columns(limit: usize) -> Fault {
    Fault::error("HJ1014", format!("超过 {limit} 列"), format!("more than {limit} columns"))
        .help("只保留要用的列", "keep the columns that are needed")
}

/// Row numbers: a first one as long as they follow each other, else all of them.
#[derive(Default)]
struct RowNumbers {
    first: u32,
    len: usize,
    listed: Option<Vec<u32>>,
}

impl RowNumbers {
    fn push(&mut self, number: u32) {
        if self.len == 0 {
            self.first = number;
        }
        let follows = u32::try_from(self.len).is_ok_and(|len| self.first.checked_add(len) == Some(number));
        match &mut self.listed {
            Some(listed) => listed.push(number),
            None if follows => {}
            None => {
                let before = (self.first..).take(self.len);
                self.listed = Some(before.chain([number]).collect());
            }
        }
        self.len += 1;
    }

    /// Adds the numbers of the rows that come behind.
    fn append(&mut self, more: Self) {
        let follows = u32::try_from(self.len).ok().and_then(|len| self.first.checked_add(len));
        if self.len == 0 {
            *self = more;
        } else if self.listed.is_none() && more.listed.is_none() && follows == Some(more.first) {
            self.len += more.len;
        } else {
            (0..more.len).for_each(|index| self.push(more.get(index)));
        }
    }

    fn get(&self, index: usize) -> u32 {
        match &self.listed {
            Some(listed) => listed.get(index).copied().unwrap_or_default(),
            None => self.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
        }
    }
}

/// A column with the same value in every row, kept as one value; a text that cannot be read is one fault, not one per row.
pub(crate) fn constant_column(
    spec: &ColumnSpec,
    text: &str,
    rows: usize,
    faults: &mut Faults,
) -> Option<LoadedColumn> {
    let source = SourceColumn {
        index: 0,
        heading: String::new(),
        multiplier: Rational::ONE,
        unit_given: true,
        codes: BTreeMap::new(),
    };
    let mut builder = ColumnBuilder::new(spec, source, usize::MAX);
    let mut found = Faults::new("mapping.json", 1);
    builder.push(Cell::Text(text), 0, &mut found);
    let column = builder.finish(&|_| 0, &mut found);
    if found.errors() > 0 || text.len().saturating_mul(rows) > i32::MAX as usize {
        faults.push(
            Fault::error(
                "HJ1406",
                format!(
                    "对应文件给这一列的固定值「{text}」不对，要的是{}",
                    spec.kind.describe(hengjie_quantity::Lang::Zh)
                ),
                format!(
                    "the constant “{text}” that the mapping gives this column is wrong; it holds a {}",
                    spec.kind.describe(hengjie_quantity::Lang::En)
                ),
            )
            .column(&spec.name)
            .help("改正 mapping.json 里的 constant", "correct “constant” in mapping.json"),
        );
        return None;
    }
    column.map(|column| LoadedColumn { same: true, ..column })
}
