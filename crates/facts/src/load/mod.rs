//! Reads the tables of a folder or of one workbook, all at once, and collects every fault of every file.

mod csv;
mod excel;
mod find;
mod json;
mod original;
mod parquet;
mod rows;
mod unique;

pub(crate) use find::{Format, Found, file_name};
pub(crate) use original::original;
pub(crate) use rows::constant_column;
pub(crate) use unique::show;

use crate::column::LoadedTable;
use crate::fault::{Fault, FaultReport, Faults};
use crate::heading::parse_scale;
use crate::limits::Limits;
use crate::mapping::{ColumnMapping, Mapping, TableMapping};
use crate::resolve::{KeyIndexes, Resolver, key_indexes};
use crate::spec::{ColumnKind, ColumnSpec, TableSpec, unit_hint};
use hengjie_quantity::{Lang, Unit};
use rayon::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The tables that were found, in the order of the specifications. A table with faults is here as far as it
    /// could be read; whoever uses it first asks the report.
    pub tables: Vec<LoadedTable>,
    /// Everything that is wrong.
    pub report: FaultReport,
}

impl Loaded {
    /// The table of a specification.
    #[must_use]
    pub fn table(&self, spec: usize) -> Option<&LoadedTable> {
        self.tables.iter().find(|table| table.spec == spec)
    }
}

/// How far the reading of one table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Name of the table.
    pub table: String,
    /// Name of the file.
    pub file: String,
    /// Rows read so far.
    pub rows: u64,
    /// Rows in all, where the file says so.
    pub total: Option<u64>,
    /// Is the table finished?
    pub done: bool,
}

/// Receives progress, from several threads.
pub type ProgressFn<'a> = dyn Fn(Progress) + Sync + 'a;

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 100_000;

/// One table to read.
#[derive(Clone, Copy)]
struct Job<'a> {
    spec: &'a TableSpec,
    /// Position of `spec`.
    index: usize,
    mapping: Option<&'a TableMapping>,
    limits: &'a Limits,
    progress: &'a ProgressFn<'a>,
    /// Positions by key of the tables that are already there.
    indexes: &'a KeyIndexes,
}

impl<'a> Job<'a> {
    /// Finds the positions of the keys of a column while it is read. Columns that are part of a key stay as they were
    /// written, for messages about rows that have the same.
    fn resolver(&self, column: &'a ColumnSpec) -> Option<Resolver<'a>> {
        let place = self.spec.columns.iter().position(|own| std::ptr::eq(own, column))?;
        match &column.kind {
            ColumnKind::Reference { table } if !self.spec.key.contains(&place) => {
                Some(Resolver { index: self.indexes.get(table)?, target: table })
            }
            _ => None,
        }
    }

    /// Reports progress at the end and every so many rows.
    fn report(&self, file: &str, rows: u64, total: Option<u64>, done: bool) {
        if done || rows.is_multiple_of(PROGRESS_ROWS) {
            self.tell(file, rows, total, done);
        }
    }

    /// Reports progress.
    fn tell(&self, file: &str, rows: u64, total: Option<u64>, done: bool) {
        let (table, file) = (self.spec.name.clone(), file.to_owned());
        (self.progress)(Progress { table, file, rows, total, done });
    }
}

/// Reads the tables of a folder: for each the file `name.parquet`, `.csv`, `.xlsx` or `.json`, or what the mapping names.
///
/// References stay keys; see [`crate::resolve`].
#[must_use]
pub fn load_folder(
    folder: &Path,
    specs: &[TableSpec],
    mapping: &Mapping,
    limits: &Limits,
    progress: &ProgressFn<'_>,
) -> Loaded {
    read_files(folder, specs, mapping, limits, progress, References::InPlace).finish(specs, limits)
}

/// What reading gives before keys are checked.
#[derive(Default)]
pub(crate) struct Reading {
    /// Faults of the mapping, the folder or the workbook as a whole.
    pub(crate) general: Vec<Faults>,
    /// By specification: what could be read, and its faults.
    pub(crate) tables: Vec<(Option<LoadedTable>, Faults)>,
}

impl Reading {
    /// Checks keys and puts tables and faults in the order of the specifications.
    fn finish(self, specs: &[TableSpec], limits: &Limits) -> Loaded {
        let mut loaded = Loaded::default();
        for faults in self.general {
            loaded.report.absorb("", faults);
        }
        for (spec, (table, mut faults)) in specs.iter().zip(self.tables) {
            if let Some(table) = table {
                unique::check(spec, &table, limits, &mut faults);
                loaded.tables.push(table);
            }
            loaded.report.absorb(&spec.name, faults);
        }
        loaded
    }
}

/// What becomes of references while they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum References {
    /// Keys of tables that are read first may become positions at once.
    InPlace,
    /// They stay keys.
    AsWritten,
}

/// Reads the tables of a folder, or those that have one file.
pub(crate) fn read_files(
    source: &Path,
    specs: &[TableSpec],
    mapping: &Mapping,
    limits: &Limits,
    progress: &ProgressFn<'_>,
    references: References,
) -> Reading {
    let general = vec![check_mapping(mapping, specs, limits)];
    let (folder, listed) = match source.is_file() {
        true => (source.parent().unwrap_or(Path::new("")), Ok(vec![file_name(source)])),
        false => (source, find::list(source)),
    };
    let files = match listed {
        Ok(files) => files,
        Err(fault) => {
            let mut faults = Faults::new("", limits.faults_per_table);
            faults.push(fault);
            return Reading { general: general.into_iter().chain([faults]).collect(), tables: Vec::new() };
        }
    };
    let read = |index: usize, indexes: &KeyIndexes| {
        let spec = &specs[index];
        let mut faults = Faults::new("", limits.faults_per_table);
        let job = Job { spec, index, mapping: mapping.tables.get(&spec.name), limits, progress, indexes };
        let table = find::find(&job, folder, &files, &mut faults)
            .and_then(|found| load_found(&job, &found, &mut faults));
        (index, (table, faults))
    };
    // What others refer to comes first, so that they need not keep their keys.
    let (first, others): (Vec<usize>, Vec<usize>) =
        (0..specs.len()).partition(|&index| is_referred_to(&specs[index], specs));
    let none = KeyIndexes::default();
    let mut results: Vec<_> = first.into_par_iter().map(|index| read(index, &none)).collect();
    let read_first = results
        .iter()
        .filter(|_| references == References::InPlace)
        .filter_map(|(_, (table, _))| table.as_ref());
    let indexes = key_indexes(specs, read_first);
    results.par_extend(others.into_par_iter().with_max_len(1).map(|index| read(index, &indexes)));
    results.sort_unstable_by_key(|(index, _)| *index);
    Reading { general, tables: results.into_iter().map(|(_, result)| result).collect() }
}

/// Does a column of some table refer to this one?
fn is_referred_to(spec: &TableSpec, specs: &[TableSpec]) -> bool {
    let refers = |kind: &ColumnKind| matches!(kind, ColumnKind::Reference { table } if *table == spec.name);
    specs.iter().any(|other| other.columns.iter().any(|column| refers(&column.kind)))
}

/// Reads the tables of one Excel workbook: the sheet of a table has its name, or the one that the mapping names.
#[must_use]
pub fn load_workbook(
    file: &Path,
    specs: &[TableSpec],
    mapping: &Mapping,
    limits: &Limits,
    progress: &ProgressFn<'_>,
) -> Loaded {
    read_workbook(file, specs, mapping, limits, progress).finish(specs, limits)
}

/// Reads the tables of a workbook.
pub(crate) fn read_workbook(
    file: &Path,
    specs: &[TableSpec],
    mapping: &Mapping,
    limits: &Limits,
    progress: &ProgressFn<'_>,
) -> Reading {
    let none = KeyIndexes::default();
    let jobs: Vec<Job<'_>> = specs
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let mapping = mapping.tables.get(&spec.name);
            Job { spec, index, mapping, limits, progress, indexes: &none }
        })
        .collect();
    let mut whole = Faults::new(&find::file_name(file), limits.faults_per_table);
    let tables = excel::load_sheets(file, &jobs, &mut whole);
    Reading { general: vec![check_mapping(mapping, specs, limits), whole], tables }
}

/// Reads one table of a file, whatever the file is called.
pub(crate) fn load_alone(
    found: &Found,
    spec: &TableSpec,
    limits: &Limits,
    faults: &mut Faults,
) -> Option<LoadedTable> {
    let none = KeyIndexes::default();
    let job = Job { spec, index: 0, mapping: None, limits, progress: &|_| {}, indexes: &none };
    load_found(&job, found, faults)
}

/// Reads one file that was found.
fn load_found(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    faults.set_file(&found.name);
    match found.format {
        Format::Csv => csv::load(job, found, faults),
        Format::Excel => excel::load_file(job, found, faults),
        Format::Json => json::load(job, found, faults),
        Format::Parquet => parquet::load(job, found, faults),
    }
}

/// Runs a reader of a binary format, which may stop abruptly on files that are damaged or made to break it.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.unwrap_or_else(|_| Err(crate::archive::damaged("unexpected content")))
}

thread_local! {
    /// Is this thread inside [`guarded`]?
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Is this thread reading a binary format, where an abrupt stop of the reader is a fault of the file? For the hook of a
/// program that announces its own faults.
#[must_use]
pub fn is_reading_guarded() -> bool {
    GUARDED.get()
}

/// Finds what a mapping says about tables, columns, units and items that do not exist.
fn check_mapping(mapping: &Mapping, specs: &[TableSpec], limits: &Limits) -> Faults {
    let mut faults = Faults::new("mapping.json", limits.faults_per_table);
    for (name, table) in &mapping.tables {
        let Some(spec) = specs.iter().find(|spec| spec.name == *name) else {
            let known: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
            faults.push(
                Fault::error(
                    "HJ1402",
                    format!("没有「{name}」这张表"),
                    format!("there is no table “{name}”"),
                )
                .help(
                    format!("制度要的表：{}", known.join("、")),
                    format!("the policy needs: {}", known.join(", ")),
                ),
            );
            continue;
        };
        check_table_mapping(name, table, spec, &mut faults);
    }
    faults
}

fn check_table_mapping(name: &str, table: &TableMapping, spec: &TableSpec, faults: &mut Faults) {
    let mut fed: Vec<&str> = Vec::new();
    let targets = table.columns.values().flat_map(|targets| targets.as_slice());
    for target in targets {
        match spec.columns.iter().find(|column| column.name == target.to) {
            Some(column) => check_column_mapping(name, target, column, faults),
            None => faults.push(unknown_column(name, &target.to, spec)),
        }
        fed.push(&target.to);
    }
    for constant in table.constant.keys() {
        if !spec.columns.iter().any(|column| column.name == *constant) {
            faults.push(unknown_column(name, constant, spec));
        }
        fed.push(constant);
    }
    fed.sort_unstable();
    let twice = fed.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    for column in twice {
        faults.push(
            Fault::error(
                "HJ1407",
                format!("「{name}」的「{column}」有两个来源"),
                format!("“{column}” of “{name}” has two sources"),
            )
            .help("只留一个", "keep one of them"),
        );
    }
}

fn check_column_mapping(table: &str, mapping: &ColumnMapping, column: &ColumnSpec, faults: &mut Faults) {
    let at = format!("{table}.{}", column.name);
    match (&mapping.unit, &column.kind) {
        (Some(written), ColumnKind::Number { unit }) => {
            if parse_scale(written, unit).is_err() {
                faults.push(
                    Fault::error(
                        "HJ1404",
                        format!("「{at}」的单位「{written}」不对，要的是「{unit}」"),
                        format!("the unit “{written}” of “{at}” is wrong; it counts “{}”", unit.en()),
                    )
                    .help(
                        format!("写 {}；整数有倍数时写 0.01{}", unit_hint(unit, Lang::Zh), bare_unit(unit)),
                        format!(
                            "write {}; for scaled integers 0.01{}",
                            unit_hint(unit, Lang::En),
                            bare_unit(unit)
                        ),
                    ),
                );
            }
        }
        (Some(_), _) => faults.push(Fault::error(
            "HJ1404",
            format!("「{at}」不是数，不能有单位"),
            format!("“{at}” is no number and cannot have a unit"),
        )),
        (None, _) => {}
    }
    for (code, item) in &mapping.codes {
        if !column.kind.has_item(item) {
            faults.push(
                Fault::error(
                    "HJ1405",
                    format!("「{at}」的代码「{code}」对应的「{item}」不是可选的项"),
                    format!("the code “{code}” of “{at}” means “{item}”, which is not one of its items"),
                )
                .help("写制度里的名目", "use the names of the policy"),
            );
        }
    }
}

/// The unit behind a number; nothing for plain numbers.
fn bare_unit(unit: &Unit) -> String {
    if unit.is_none() { String::new() } else { unit.to_string() }
}

fn unknown_column(table: &str, column: &str, spec: &TableSpec) -> Fault {
    let known: Vec<&str> = spec.columns.iter().map(|column| column.name.as_str()).collect();
    Fault::error(
        "HJ1403",
        format!("「{table}」没有「{column}」这一列"),
        format!("“{table}” has no column “{column}”"),
    )
    .help(format!("它的列：{}", known.join("、")), format!("its columns: {}", known.join(", ")))
}
