//! Parameter files, and what is still missing.
//!
//! A parameter file is a table (CSV or Excel) with the columns 参数, 键1, 键2 …, 值, 生效自, 由, 依据. It is named with `--params`,
//! or lies among the facts as the table 参数, where the template puts it.

mod report;
mod shares;

use crate::faults::TableFaults;
use crate::schema::Schema;
use crate::typed;
use arrow_array::Array;
use hengjie_calendar::Date;
use hengjie_evaluate::dataset::{Dataset, SuppliedParameter};
use hengjie_facts::{
    Bilingual, ColumnData, ColumnKind, ColumnSpec, Fault, FaultReport, Limits, LoadedTable, Mapping, Status,
    TableMapping, TableSpec,
};
use hengjie_policy::core::{Literal, Parameter, ParameterId, ParameterValue, Program, Type};
pub use report::{Line, LineSource, Row, lines, rows};
pub(crate) use report::{is_of_demonstration, literal_text, name_text, origin_text};
use std::path::{Path, PathBuf};

/// Name of the table, and of the sheet in a workbook.
pub(crate) const TABLE: &str = "参数";
/// The first column; the keys follow.
const NAME: usize = 0;

/// Columns by position.
#[derive(Debug, Clone, Copy)]
struct Places {
    /// Number of key columns.
    keys: usize,
    value: usize,
    from: usize,
    by: usize,
    because: usize,
}

impl Places {
    /// Columns with as many keys as the document needs.
    fn of(program: &Program) -> Self {
        Self::with(program.parameters.iter().map(|parameter| parameter.keys.len()).max().unwrap_or(0))
    }

    /// Columns of a file that is read: it may have more key columns, as one that serves several documents has.
    fn of_file(program: &Program) -> Self {
        const KEYS: usize = 9;
        Self::with(Self::of(program).keys.max(KEYS))
    }

    fn with(keys: usize) -> Self {
        Self { keys, value: keys + 1, from: keys + 2, by: keys + 3, because: keys + 4 }
    }
}

/// Is a parameter file for demonstration? Its name says so: `parameters.demo.csv`, `演示参数.xlsx`.
#[must_use]
pub fn is_demonstration(file: &str) -> bool {
    file.contains(".demo.") || file.contains("演示")
}

/// Reads parameter files into the facts. Every fault of every file is in the report, and what the values that are known by now
/// contradict.
pub(crate) fn read(program: &Program, files: &[PathBuf], data: &mut Dataset) -> FaultReport {
    let mut all = FaultReport::default();
    for file in files {
        if let Err(error) = std::fs::metadata(file) {
            let (path, reason) = (file.display(), hengjie_facts::io_reason(&error));
            let (zh, en) =
                (format!("读不了 {path}：{}", reason.zh), format!("cannot read {path}: {}", reason.en));
            TableFaults::of_file(&mut all, TABLE, String::new()).push(Fault::error("HJ1605", zh, en));
            continue;
        }
        let spec = spec_with(program, Places::of_file(program));
        let mut loaded = load(file, &spec);
        for table in &loaded.tables {
            let mut faults = TableFaults::new(&mut loaded.report, TABLE, table);
            add(program, table, data, &mut faults);
        }
        all.faults.append(&mut loaded.report.faults);
        all.totals.append(&mut loaded.report.totals);
    }
    shares::check(program, data, &mut all);
    all
}

/// The table of parameters among the facts, as the template has it: none without parameters, or when the document has a table
/// of that name.
pub(crate) fn spec_beside_facts(program: &Program, declared: &Schema) -> Option<TableSpec> {
    let is_taken = declared.specs.iter().any(|spec| spec.name == TABLE);
    let spec = TableSpec { required: false, ..spec_with(program, Places::of_file(program)) };
    (!is_taken && !program.parameters.is_empty()).then_some(spec)
}

/// Adds the values of that table.
pub(crate) fn add_beside_facts(
    program: &Program,
    table: &LoadedTable,
    data: &mut Dataset,
    report: &mut FaultReport,
) {
    add(program, table, data, &mut TableFaults::new(report, TABLE, table));
}

fn load(file: &Path, spec: &TableSpec) -> hengjie_facts::Loaded {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let table = TableMapping { source: name, ..TableMapping::default() };
    let mapping = Mapping { tables: [(TABLE.to_owned(), table)].into() };
    hengjie_facts::load_folder(folder, std::slice::from_ref(spec), &mapping, &Limits::default(), &|_| {})
}

/// What a parameter file holds.
#[must_use]
pub fn spec(program: &Program) -> TableSpec {
    spec_with(program, Places::of(program))
}

fn spec_with(program: &Program, places: Places) -> TableSpec {
    let text = |name: &str, required, complete, zh: &str, en: &str, example: &str| ColumnSpec {
        required,
        complete,
        note: Bilingual::new(zh, en),
        example: example.to_owned(),
        ..ColumnSpec::new(name, ColumnKind::Text)
    };
    // One that somebody has to supply, if there is one.
    let is_open = |parameter: &&Parameter| matches!(parameter.value, ParameterValue::Required(_));
    let shown = program.parameters.iter().find(is_open).or(program.parameters.first());
    let office = match shown.map(|parameter| &parameter.value) {
        Some(ParameterValue::Required(office)) => office.as_str(),
        _ => "",
    };
    let example =
        |ty: Option<&Type>| ty.map(|ty| crate::schema::example(program, ty, None)).unwrap_or_default();
    let name = shown.map_or("", |parameter| parameter.name.as_str());
    let value =
        shown.map(|parameter| crate::schema::example(program, &parameter.ty, parameter.range.as_ref()));
    let mut columns = vec![text("参数", true, true, "参数的名称", "name of the parameter", name)];
    for key in 1..=places.keys {
        columns.push(text(
            &format!("键{key}"),
            false,
            false,
            "参数按什么分别给值，就写哪一项",
            "the item the value is for, when the parameter has keys",
            &example(shown.and_then(|parameter| parameter.keys.get(key - 1))),
        ));
    }
    columns.push(text(
        "值",
        true,
        false,
        "数字要写单位；没有填的照缺",
        "numbers with their unit; an empty one stays missing",
        &value.unwrap_or_default(),
    ));
    columns.push(ColumnSpec {
        required: false,
        note: Bilingual::new("从这天起有效；留空表示一直有效", "in force from this day on; empty: always"),
        example: program.from.to_string(),
        ..ColumnSpec::new("生效自", ColumnKind::Date)
    });
    columns.push(text("由", false, false, "谁给定的", "who supplied it", office));
    columns.push(text("依据", false, false, "凭什么", "on what ground", "人力〔2025〕12 号"));
    TableSpec {
        name: TABLE.to_owned(),
        title: Bilingual::new("参数", "parameters"),
        columns,
        key: Vec::new(),
        required: true,
    }
}

/// Adds the values of one table.
fn add(program: &Program, table: &LoadedTable, data: &mut Dataset, faults: &mut TableFaults<'_>) {
    let file = u32::try_from(data.files.len()).unwrap_or(u32::MAX);
    data.files.push(table.file_text());
    for row in 0..table.rows {
        let Some(name) = text(table, NAME, row) else { continue };
        let number = table.row_number(row);
        match supplied(program, table, row, name) {
            Ok(Some(entry)) => {
                let same = |other: &&SuppliedParameter| {
                    other.parameter == entry.parameter && other.keys == entry.keys && other.from == entry.from
                };
                if let Some(earlier) = data.parameters.iter().find(same) {
                    faults.push(twice(earlier, &data.files).row(number).column("参数").value(name));
                    continue;
                }
                data.parameters.push(SuppliedParameter { origin: Some((file, number)), ..entry });
            }
            Ok(None) => {}
            Err(fault) => faults.push(fault.row(number)),
        }
    }
}

/// A cell, when it holds something.
fn text(table: &LoadedTable, column: usize, row: usize) -> Option<&str> {
    let column = table.columns.get(column)?.as_ref()?;
    match &column.data {
        ColumnData::Text(texts) if column.status(row) == Status::Present && row < texts.len() => {
            Some(texts.value(row).trim()).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

/// One row; `None` without a value for a parameter that somebody must supply: it stays missing.
fn supplied(
    program: &Program,
    table: &LoadedTable,
    row: usize,
    name: &str,
) -> Result<Option<SuppliedParameter>, Box<Fault>> {
    let Some(position) = program.parameters.iter().position(|parameter| parameter.name == name) else {
        return Err(Box::new(unknown(program, name)));
    };
    let definition = &program.parameters[position];
    let places = Places::of_file(program);
    let Some(written) = text(table, places.value, row) else {
        return match definition.value {
            ParameterValue::Required(_) => Ok(None),
            ParameterValue::Given(_) => Err(Box::new(without_value(name))),
        };
    };
    let keys = keys(program, table, row, position)?;
    let value =
        typed::literal(program, &definition.ty, definition.range.as_ref(), written).map_err(|refused| {
            let fault = Fault::error("HJ1603", refused.zh, refused.en);
            let article = crate::words::cite(program, definition.article);
            let fault = match definition.range {
                Some(_) => fault.help(
                    format!("“{name}”的范围写在{article}"),
                    format!("the range of `{name}` is set in {article}"),
                ),
                None => fault,
            };
            Box::new(fault.column("值").value(written))
        })?;
    Ok(Some(SuppliedParameter {
        parameter: ParameterId(u32::try_from(position).unwrap_or(u32::MAX)),
        keys,
        value,
        from: date(table, places.from, row),
        by: text(table, places.by, row).unwrap_or_default().to_owned(),
        because: text(table, places.because, row).unwrap_or_default().to_owned(),
        origin: None,
    }))
}

fn date(table: &LoadedTable, column: usize, row: usize) -> Option<Date> {
    let column = table.columns.get(column)?.as_ref()?;
    match &column.data {
        ColumnData::Date(days) if column.status(row) == Status::Present => days.get(row).copied(),
        _ => None,
    }
}

/// The keys of a row: as many as the parameter has, each of its type.
fn keys(
    program: &Program,
    table: &LoadedTable,
    row: usize,
    parameter: usize,
) -> Result<Vec<Literal>, Box<Fault>> {
    let definition = &program.parameters[parameter];
    let mut keys = Vec::new();
    for column in 1..=Places::of_file(program).keys {
        let heading = format!("键{column}");
        let fault =
            |code, message: Bilingual| Fault::error(code, message.zh, message.en).column(heading.clone());
        match (text(table, column, row), definition.keys.get(column - 1)) {
            (Some(written), Some(ty)) => {
                let key = typed::literal(program, ty, None, written);
                keys.push(key.map_err(|refused| Box::new(fault("HJ1602", refused).value(written)))?);
            }
            (None, Some(ty)) => {
                let wanted = crate::words::type_text(program, ty);
                let message = Bilingual::new(
                    format!("参数“{}”要写{heading}：{}", definition.name, wanted.zh),
                    format!("the parameter `{}` needs {heading}: {}", definition.name, wanted.en),
                );
                return Err(Box::new(fault("HJ1602", message)));
            }
            (Some(written), None) => {
                let message = Bilingual::new(
                    format!("参数“{}”没有这个键", definition.name),
                    format!("the parameter `{}` has no such key", definition.name),
                );
                return Err(Box::new(fault("HJ1602", message).value(written)));
            }
            (None, None) => {}
        }
    }
    Ok(keys)
}

/// The document has a value, and the file names the parameter without giving another.
fn without_value(name: &str) -> Fault {
    Fault::error(
        "HJ1603",
        format!("参数“{name}”没有写值"),
        format!("there is no value for the parameter `{name}`"),
    )
    .help(
        "写上值，或者删去这一行，照制度里的数",
        "write a value, or delete the row and keep the one of the document",
    )
    .column("值")
}

fn unknown(program: &Program, name: &str) -> Fault {
    let names: Vec<&str> = program.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    Fault::error(
        "HJ1601",
        format!("制度里没有参数“{name}”"),
        format!("the document has no parameter `{name}`"),
    )
    .help(format!("它的参数：{}", names.join("、")), format!("its parameters: {}", names.join(", ")))
    .column("参数")
    .value(name)
}

fn twice(earlier: &SuppliedParameter, files: &[String]) -> Fault {
    let (file, row) = earlier.origin.unwrap_or_default();
    let file = files.get(file as usize).map_or("", String::as_str);
    Fault::error(
        "HJ1604",
        format!("同一个参数、同样的键、同一天起给了两次，另一次在 {file} 第 {row} 行"),
        format!("the same parameter, keys and first day are given twice, also in {file} row {row}"),
    )
    .help("只留一行，或者写不同的生效日", "keep one of them, or give another first day")
}
