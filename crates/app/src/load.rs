//! Reading the facts of a run from a folder or a workbook.

use crate::cone::Cone;
use crate::dataset::{self, Facts, horizon};
use crate::failure::{Failure, Outcome};
use crate::faults::TableFaults;
use crate::parameters;
use crate::schema::{DECISIONS, Schema, decision};
use hengjie_calendar::Date;
use hengjie_facts::{
    FactStore, Fault, FaultReport, Limits, Loaded, LoadedTable, Mapping, OneOrMany, ProgressFn, Severity,
    TableSpec, TableTotal,
};
use hengjie_policy::core::Program;
use std::path::{Path, PathBuf};

/// Where facts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A folder of CSV, Excel, Parquet and JSON files, with `mapping.json` if a source system needs it.
    Folder(PathBuf),
    /// One Excel workbook with a sheet per table.
    Workbook(PathBuf),
    /// A fact store as it was known after an import.
    Store {
        /// Its folder.
        folder: PathBuf,
        /// Number of the import; 0: nothing was known.
        import: u32,
    },
}

impl Source {
    /// The source at a path: a fact store as it is known now, a folder, or else a workbook.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        if FactStore::is_at(path) {
            // A store that cannot be opened says so when it is read.
            let import = FactStore::open(path).map_or(u32::MAX, |store| store.last());
            return Self::Store { folder: path.to_owned(), import };
        }
        match path.is_dir() || path.extension().is_none() {
            true => Self::Folder(path.to_owned()),
            false => Self::Workbook(path.to_owned()),
        }
    }

    /// A fact store as it was known on a day.
    ///
    /// # Errors
    /// [`Failure::Usage`]: the path is no store, so that nobody knows what was known when. [`Failure::Facts`]: the store is damaged.
    pub fn known_at(path: &Path, day: Date) -> Outcome<Self> {
        if !FactStore::is_at(path) {
            let path = path.display();
            return Err(Failure::usage(
                format!(
                    "{path} 不是资料库，不知道哪一天知道什么；去掉 --known-at，或先用 hengjie import 导入资料库"
                ),
                format!(
                    "{path} is no fact store, so nobody knows what was known when; leave out --known-at, or import into a store first"
                ),
            ));
        }
        let store = FactStore::open(path).map_err(of_fault)?;
        Ok(Self::Store { folder: path.to_owned(), import: store.known_at(day) })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Workbook(path) | Self::Store { folder: path, .. } => path,
        }
    }
}

/// One fault as a failure.
pub(crate) fn of_fault(fault: Fault) -> Failure {
    let mut report = FaultReport::default();
    let file = fault.file.clone();
    TableFaults::of_file(&mut report, "", file).push(fault);
    Failure::Facts(Box::new(report))
}

/// What a run needs from files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need<'a> {
    /// The tables of the run.
    pub(crate) schema: &'a Schema,
    /// Does it matter when the history begins and ends?
    pub(crate) history: bool,
}

/// Reads the tables of a run and makes the facts. The report has every fault of every file.
pub(crate) fn load(
    program: &Program,
    need: Need<'_>,
    source: &Source,
    progress: &ProgressFn<'_>,
) -> (Facts, FaultReport) {
    if let Some(fault) = unreachable(source) {
        let mut report = FaultReport::default();
        TableFaults::of_file(&mut report, "", String::new()).push(fault);
        return (Facts::default(), report);
    }
    let mut declared = Schema::declared(program);
    let mut specs = need.schema.specs.clone();
    // The template has a table for parameters: what is filled in there counts.
    let given = parameters::spec_beside_facts(program, &declared);
    specs.extend(given.clone());
    declared.specs.extend(given);
    let mut loaded = read(&specs, source, &declared, progress);
    hengjie_facts::resolve(&mut loaded, &specs, &Limits::default());
    forgive(&mut loaded.report, &declared);
    let place = loaded.tables.iter().position(|table| table.spec == need.schema.specs.len());
    let given = place.map(|place| loaded.tables.remove(place));
    let (mut facts, mut report) = dataset::build(program, need.schema, loaded);
    if let Some(table) = given {
        parameters::add_beside_facts(program, &table, &mut facts.data, &mut report);
    }
    report.faults.sort_by_key(|fault| fault.severity == Severity::Warning);
    if need.history && !report.has_errors() {
        facts.data.horizon = history(program, need.schema, source, &declared, &facts);
    }
    (facts, report)
}

/// First and last day of the history of the whole document, whatever this run reads.
fn history(
    program: &Program,
    schema: &Schema,
    source: &Source,
    declared: &Schema,
    facts: &Facts,
) -> horizon::Days {
    let whole = Schema::of(program, &Cone::of_all(program));
    let others = horizon::others(&whole, schema);
    let own = horizon::of_facts(&facts.data, horizon::clock(&whole));
    if others.is_empty() {
        return own;
    }
    horizon::join(own, horizon::of_others(&read(&others, source, declared, &|_| {})))
}

/// Reads some tables.
fn read(specs: &[TableSpec], source: &Source, declared: &Schema, progress: &ProgressFn<'_>) -> Loaded {
    read_within(&Limits::default(), specs, source, declared, progress)
}

/// Reads one table to be looked at, as far as it can be read, with its faults. References stay keys.
pub(crate) fn read_alone(
    limits: &Limits,
    spec: &TableSpec,
    source: &Source,
    declared: &Schema,
) -> (Option<LoadedTable>, Vec<Fault>) {
    let specs = [TableSpec { required: false, ..spec.clone() }];
    let mut loaded = read_within(limits, &specs, source, declared, &|_| {});
    forgive(&mut loaded.report, declared);
    (loaded.tables.pop(), loaded.report.faults)
}

fn read_within(
    limits: &Limits,
    specs: &[TableSpec],
    source: &Source,
    declared: &Schema,
    progress: &ProgressFn<'_>,
) -> Loaded {
    let folder = match source {
        Source::Folder(folder) => folder,
        Source::Workbook(file) => {
            return hengjie_facts::load_workbook(file, specs, &Mapping::default(), limits, progress);
        }
        Source::Store { folder, import } => return read_store(folder, *import, specs, limits, progress),
    };
    match Mapping::from_folder(folder) {
        Ok(mapping) => {
            let mapping = narrow(mapping, declared, specs);
            hengjie_facts::load_folder(folder, specs, &mapping, limits, progress)
        }
        Err(message) => {
            let mut loaded = Loaded::default();
            TableFaults::of_file(&mut loaded.report, "", "mapping.json".to_owned())
                .push(Fault::error("HJ1401", message.zh, message.en));
            loaded
        }
    }
}

/// Reads some tables of a fact store.
fn read_store(
    folder: &Path,
    import: u32,
    specs: &[TableSpec],
    limits: &Limits,
    progress: &ProgressFn<'_>,
) -> Loaded {
    match FactStore::open(folder) {
        Ok(store) => store.load(import, specs, limits, progress),
        Err(fault) => {
            let mut loaded = Loaded::default();
            TableFaults::of_file(&mut loaded.report, "", fault.file.clone()).push(fault);
            loaded
        }
    }
}

/// The fault of a path that leads nowhere.
fn unreachable(source: &Source) -> Option<Fault> {
    let path = source.path();
    let error = std::fs::metadata(path).err()?;
    let (path, reason) = (path.display(), hengjie_facts::io_reason(&error));
    let (zh, en) = (format!("读不了 {path}：{}", reason.zh), format!("cannot read {path}: {}", reason.en));
    Some(Fault::error("HJ1001", zh, en).help("检查路径和权限", "check the path and the permissions"))
}

/// A mapping without what the document knows but this run does not read.
fn narrow(mut mapping: Mapping, declared: &Schema, wanted: &[TableSpec]) -> Mapping {
    let has = |specs: &[TableSpec], table: &str, column: Option<&str>| {
        specs.iter().any(|spec| {
            spec.name == table
                && column.is_none_or(|column| spec.columns.iter().any(|known| known.name == column))
        })
    };
    mapping.tables.retain(|table, _| has(wanted, table, None) || !has(&declared.specs, table, None));
    for (name, table) in &mut mapping.tables {
        let needless =
            |column: &str| !has(wanted, name, Some(column)) && has(&declared.specs, name, Some(column));
        table.constant.retain(|column, _| !needless(column));
        for targets in table.columns.values_mut() {
            if let OneOrMany::Many(many) = targets {
                many.retain(|target| !needless(&target.to));
            }
        }
        table.columns.retain(|_, targets| !targets.as_slice().iter().all(|target| needless(&target.to)));
    }
    mapping
}

/// Takes back warnings that make no sense here: columns and sheets that the document declares are not strange even when this
/// run does not read them, a file that is a table of its own is not another table misspelt, and parameters and decisions need not be given.
fn forgive(report: &mut FaultReport, declared: &Schema) {
    const STRANGE_COLUMN: &str = "HJ1103";
    const NO_TABLE: &str = "HJ1002";
    const STRANGE_SHEET: &str = "HJ1011";
    const NO_ROWS: &str = "HJ1016";
    let is_column = |heading: &str| {
        let name = heading.split(['（', '(']).next().unwrap_or(heading);
        let specs = declared.specs.iter().filter(|spec| spec.name != parameters::TABLE);
        specs.flat_map(|spec| &spec.columns).any(|column| column.name == name)
    };
    let names_a_table = |text: &str| {
        let mut words = text.split([' ', '，']);
        let stem = words.find_map(|word| word.rsplit_once('.').map(|(stem, _)| stem));
        stem.is_some_and(|stem| declared.specs.iter().any(|spec| spec.name == stem))
    };
    let is_table = |name: &str| declared.specs.iter().any(|spec| spec.name == name.trim());
    let needless = |fault: &Fault| match fault.code {
        STRANGE_SHEET => fault.value.as_deref().is_some_and(is_table),
        NO_ROWS => matches!(table_of(fault), Some(parameters::TABLE | DECISIONS)),
        STRANGE_COLUMN => fault.column.as_deref().is_some_and(|heading| {
            is_column(heading) || (table_of(fault) == Some(DECISIONS) && decision::is_of_list(heading))
        }),
        NO_TABLE => names_a_table(&fault.help_zh),
        _ => false,
    };
    let mut forgiven: Vec<String> = Vec::new();
    report.faults.retain(|fault| {
        let drop = fault.severity == Severity::Warning && needless(fault);
        if drop {
            forgiven.push(fault.file.clone());
        }
        !drop
    });
    for file in forgiven {
        let own = |total: &&mut TableTotal| total.file == file && total.warnings > 0;
        if let Some(total) = report.totals.iter_mut().find(own) {
            total.warnings -= 1;
        }
    }
}

/// The table of a fault, by its sheet or its file.
fn table_of(fault: &Fault) -> Option<&str> {
    fault.sheet.as_deref().or(fault.file.rsplit_once('.').map(|(stem, _)| stem))
}
