//! Tables that were read into the facts that evaluators read.
//!
//! Columns are moved, not copied, where a table is in the order of its kind; other tables are put in that order once, per
//! column, in parallel. Nothing is kept per row but the columns themselves.

mod dated;
mod decisions;
pub(crate) mod horizon;
mod keys;
mod periodic;
mod tree;

use crate::faults::TableFaults;
use crate::gather;
use crate::schema::{Part, Schema};

use hengjie_calendar::{Grain, Period};
use hengjie_evaluate::dataset::{
    Column, ColumnData, Dataset, FieldData, Keys, KindData, Origin, RecordPeriods,
};
use hengjie_facts::{Fault, FaultReport, Loaded, LoadedColumn, LoadedTable};
use hengjie_policy::core::{KindId, Program};
pub(crate) use keys::KeyIndex;

/// The facts of a run.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What evaluators read.
    pub data: Dataset,
}

impl Facts {
    /// What people call a subject; empty when the data do not say.
    #[must_use]
    pub fn name(&self, kind: KindId, subject: usize) -> &str {
        self.data.kinds.get(kind.index()).map_or("", |kind| kind.name(subject))
    }
}

/// Makes the facts. References must have been resolved. Faults are added to the report of `loaded`.
pub(crate) fn build(program: &Program, schema: &Schema, loaded: Loaded) -> (Facts, FaultReport) {
    let Loaded { tables, mut report } = loaded;
    let mut facts = Facts { data: empty(program) };
    let mut later = Vec::new();
    for mut table in tables {
        let file = add_file(&mut facts.data, &table);
        match schema.parts.get(table.spec) {
            Some(part @ Part::Kind { .. }) => {
                let name = &schema.specs[table.spec].name;
                let mut faults = TableFaults::new(&mut report, name, &table);
                subjects(program, part, &mut table, file, &mut facts, &mut faults);
            }
            Some(part) => later.push((part, table, file)),
            None => {}
        }
    }
    for (part, mut table, file) in later {
        let spec = &schema.specs[table.spec];
        if !matches!(part, Part::Periodic { .. }) {
            table.spread();
        }
        match part {
            Part::Periodic { kind, fields, .. } => {
                periodic::fields(&mut facts.data.kinds[kind.index()], fields, &mut table, file);
            }
            Part::Dated { kind, fields } => {
                dated::fields(&mut facts.data.kinds[kind.index()], fields, &mut table, file);
            }
            Part::Decisions { wanted } => {
                let mut faults = TableFaults::new(&mut report, &spec.name, &table);
                decisions::read(program, (&table, file), wanted, &mut facts.data, &mut faults);
            }
            Part::Kind { .. } => {}
        }
    }
    tree::refuse_loops(program, schema, &facts, &mut report);
    (facts, report)
}

/// A dataset without any subject.
pub(crate) fn empty(program: &Program) -> Dataset {
    let kind = |kind: &hengjie_policy::core::Kind| KindData {
        fields: vec![FieldData::Absent; kind.fields.len()],
        periods: (!kind.grains.is_empty()).then(|| RecordPeriods::Each(Vec::new())),
        ..KindData::default()
    };
    Dataset {
        kinds: program.kinds.iter().map(kind).collect(),
        readings: vec![None; program.readings.len()],
        ..Dataset::default()
    }
}

/// Adds the files of a table; gives the number of the first.
fn add_file(data: &mut Dataset, table: &LoadedTable) -> u32 {
    let first = u32::try_from(data.files.len()).unwrap_or(u32::MAX);
    match &table.sources {
        Some(sources) => data.files.extend(sources.files.iter().cloned()),
        None => data.files.push(table.file_text()),
    }
    first
}

/// Where the rows of a table come from.
fn origin(table: &LoadedTable, file: u32) -> Origin {
    match (&table.sources, &table.row_numbers) {
        (Some(_), _) => {
            let rows: Vec<u32> = (0..u32::try_from(table.rows).unwrap_or(u32::MAX)).collect();
            origin_of_rows(table, file, &rows)
        }
        (None, Some(rows)) => Origin::Rows { file, rows: rows.clone() },
        (None, None) => Origin::Contiguous { file, first_row: table.first_row },
    }
}

/// Where some rows of a table come from; row 0 where there is none.
fn origin_of_rows(table: &LoadedTable, file: u32, rows: &[u32]) -> Origin {
    let number = |row: u32| if row == gather::NOWHERE { 0 } else { table.row_number(row as usize) };
    match &table.sources {
        Some(sources) => {
            let source = |row: u32| sources.of_row.get(row as usize).copied().unwrap_or(0);
            Origin::Each(rows.iter().map(|&row| (file + source(row), number(row))).collect())
        }
        None => Origin::Rows { file, rows: rows.iter().map(|&row| number(row)).collect() },
    }
}

/// Subjects or records with the fields that never change.
fn subjects(
    program: &Program,
    part: &Part,
    table: &mut LoadedTable,
    file: u32,
    facts: &mut Facts,
    faults: &mut TableFaults<'_>,
) {
    let Part::Kind { kind, key, name, period, fields } = part else { return };
    for column in [Some(*key), *name].into_iter().flatten() {
        if let Some(slot) = table.columns.get_mut(column) {
            *slot = slot.take().map(|column| column.each(table.rows));
        }
    }
    let definition = &program.kinds[kind.index()];
    let data = &mut facts.data.kinds[kind.index()];
    data.len = table.rows;
    data.origin = origin(table, file);
    data.keys = match table.columns.get(*key) {
        Some(Some(LoadedColumn { data: hengjie_facts::ColumnData::Key(keys), .. })) => gather::keys(keys),
        _ => Keys::Numbered { prefix: definition.name.clone(), len: table.rows },
    };
    data.names = name.and_then(|name| match table.columns.get(name) {
        Some(Some(LoadedColumn { data: hengjie_facts::ColumnData::Text(names), .. })) => Some(names.clone()),
        _ => None,
    });
    if let Some(period) = period {
        refuse_other_grains(definition, table, *period, faults);
        let is_field = fields.iter().any(|(column, _)| column == period);
        data.periods = if is_field { days(table, *period) } else { periods(table, *period) };
    }
    for &(column, field) in fields {
        if let Some(loaded) = table.columns.get_mut(column).and_then(Option::take) {
            data.fields[field as usize] = FieldData::Static(gather::column(loaded));
        }
    }
}

/// The day of each record as a period, where the day is also a field and stays in its column.
fn days(table: &LoadedTable, column: usize) -> Option<RecordPeriods> {
    let column = table.columns.get(column)?.as_ref()?;
    match &column.data {
        hengjie_facts::ColumnData::Date(days) => {
            let periods = days.iter().map(|day| Period::containing(Grain::Day, *day)).collect();
            Some(record_periods(periods, column.same))
        }
        _ => None,
    }
}

/// Periods as they were read: one for all, or one each.
fn record_periods(periods: Vec<Period>, same: bool) -> RecordPeriods {
    match periods.as_slice() {
        [only] if same => RecordPeriods::Same(*only),
        _ => RecordPeriods::of(periods),
    }
}

/// The period of each record, moved out of its column: there may be millions.
fn periods(table: &mut LoadedTable, column: usize) -> Option<RecordPeriods> {
    let column = table.columns.get_mut(column)?.take()?;
    let periods = match column.data {
        hengjie_facts::ColumnData::Period(periods) => periods,
        hengjie_facts::ColumnData::Date(days) => {
            days.into_iter().map(|day| Period::containing(Grain::Day, day)).collect()
        }
        _ => return None,
    };
    Some(record_periods(periods, column.same))
}

/// Records of a kind with several grains may not have another one; a single grain is checked by the reader.
fn refuse_other_grains(
    definition: &hengjie_policy::core::Kind,
    table: &LoadedTable,
    column: usize,
    faults: &mut TableFaults<'_>,
) {
    let Some(Some(loaded)) = table.columns.get(column).filter(|_| definition.grains.len() > 1) else {
        return;
    };
    let hengjie_facts::ColumnData::Period(periods) = &loaded.data else { return };
    for (row, period) in periods.iter().enumerate() {
        let is_read = loaded.status(row) == hengjie_facts::Status::Present;
        if definition.grains.contains(&period.grain()) || !is_read {
            continue;
        }
        let zh = crate::words::grains_text(&definition.grains, hengjie_quantity::Lang::Zh);
        let en = crate::words::grains_text(&definition.grains, hengjie_quantity::Lang::En);
        let fault = Fault::error(
            "HJ1510",
            format!("“{period}”不是{zh}的期间"),
            format!("`{}` is not a period of {en}", period.en()),
        );
        faults.push(fault.row(table.row_number(row)).column(&loaded.heading).value(period.to_string()));
    }
}

/// The positions of a resolved reference, and whether a row has one.
fn positions(column: &Option<LoadedColumn>) -> Option<(&[u32], Option<&[u8]>)> {
    let column = column.as_ref()?;
    match &column.data {
        hengjie_facts::ColumnData::Position(positions) => Some((positions, column.status.as_deref())),
        _ => None,
    }
}

/// The positions of an object column at hand.
fn objects(column: &Column) -> Option<&[u32]> {
    match &column.data {
        ColumnData::Object(positions) => Some(positions),
        _ => None,
    }
}
