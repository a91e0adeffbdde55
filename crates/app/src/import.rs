//! Importing into a fact store: the tables that a document declares, from the files of a source system.

use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::load::of_fault;
use crate::schema::{DECISIONS, Schema};
use hengjie_calendar::Date;
use hengjie_facts::{
    Acceptance, Action, Bilingual, FactStore, Fault, Import, ImportRequest, Limits, Mapping, ProgressFn,
    TableSpec, io_reason,
};
use hengjie_quantity::Lang;
use std::path::{Path, PathBuf};

/// Columns that name a decision; a later one about the same takes its place.
const DECISION_KEY: [&str; 4] = ["事项", "对象", "行", "期间"];

/// What to import.
#[derive(Debug, Clone)]
pub struct Order {
    /// Folder of the store.
    pub store: PathBuf,
    /// Folder of files, one workbook, or one file of a table.
    pub data: PathBuf,
    /// Mapping file; without it `mapping.json` of the folder.
    pub mapping: Option<PathBuf>,
    /// Control file; without it the table `对账`.
    pub control: Option<PathBuf>,
    /// The day on which the facts became known.
    pub recorded_on: Date,
    /// Who imports; may be empty.
    pub by: String,
    /// What to do with good rows beside faulty ones.
    pub acceptance: Acceptance,
    /// What the rows do.
    pub action: Action,
    /// Language of the reasons beside rejected rows.
    pub lang: Lang,
}

/// Imports files into a store.
///
/// # Errors
/// [`Failure::Unreadable`]: no such path. [`Failure::Facts`]: the mapping is wrong, or the store cannot be used. What is wrong
/// with the files is in the report of the [`Import`].
pub fn import(policy: &Policy, order: &Order, progress: &ProgressFn<'_>) -> Outcome<Import> {
    import_while(policy, None, order, progress, &|| true)
}

/// As [`import`], of one table of the document or of all, asking `goes_on` once more before anything is written.
///
/// # Errors
/// As [`import`]; [`Failure::Usage`] when the document has no such table.
pub fn import_while(
    policy: &Policy,
    table: Option<&str>,
    order: &Order,
    progress: &ProgressFn<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Outcome<Import> {
    let specs = specs(policy);
    let Some(table) = table else { return import_tables(&specs, &[], order, progress, goes_on) };
    match specs.iter().find(|spec| spec.name == table) {
        Some(spec) => import_tables(std::slice::from_ref(spec), &specs, order, progress, goes_on),
        None => Err(no_table(table, &specs)),
    }
}

fn no_table(table: &str, specs: &[TableSpec]) -> Failure {
    let names: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
    Failure::usage(
        format!("制度里没有「{table}」这张表；有：{}", names.join("、")),
        format!("the policy has no table “{table}”; there are: {}", names.join(", ")),
    )
}

/// Imports tables that may refer to others of the store.
pub(crate) fn import_tables(
    specs: &[TableSpec],
    others: &[TableSpec],
    order: &Order,
    progress: &ProgressFn<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Outcome<Import> {
    if let Err(error) = std::fs::metadata(&order.data) {
        let (path, reason) = (order.data.display(), io_reason(&error));
        return Err(Failure::Unreadable(Bilingual::new(
            format!("读不了 {path}：{}", reason.zh),
            format!("cannot read {path}: {}", reason.en),
        )));
    }
    let mut mapping = mapping(order)?;
    // One file for one table: whatever it is called.
    if let ([only], true) = (specs, order.data.is_file()) {
        let name = order.data.file_name().map(|name| name.to_string_lossy().into_owned());
        mapping.tables.entry(only.name.clone()).or_default().source = name;
    }
    let request = ImportRequest {
        store: &order.store,
        source: &order.data,
        specs,
        others,
        mapping: &mapping,
        control: order.control.as_deref(),
        recorded_on: order.recorded_on,
        by: &order.by,
        acceptance: order.acceptance,
        action: order.action,
        limits: Limits::default(),
        lang: order.lang,
    };
    hengjie_facts::import_while(&request, progress, goes_on)
        .map_err(|report| Failure::Facts(Box::new(report)))
}

/// The tables that a document declares, each with a key.
pub(crate) fn specs(policy: &Policy) -> Vec<TableSpec> {
    let mut specs = Schema::declared(&policy.program).specs;
    if let Some(spec) = specs.iter_mut().find(|spec| spec.name == DECISIONS) {
        let position = |name: &&str| spec.columns.iter().position(|column| column.name == **name);
        spec.key = DECISION_KEY.iter().filter_map(position).collect();
    }
    specs
}

fn mapping(order: &Order) -> Outcome<Mapping> {
    let read = match &order.mapping {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| unreadable(path, &error))
            .and_then(|text| Mapping::from_json(&text)),
        None if order.data.is_dir() => Mapping::from_folder(&order.data),
        None => Ok(Mapping::default()),
    };
    read.map_err(|message| of_fault(Fault::error("HJ1401", message.zh, message.en)))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Bilingual {
    let (path, reason) = (path.display(), io_reason(error));
    Bilingual::new(
        format!("读不了对应文件 {path}：{}", reason.zh),
        format!("cannot read the mapping {path}: {}", reason.en),
    )
}

/// Opens a store.
///
/// # Errors
/// [`Failure::Facts`]: it is none, or damaged.
pub fn open(store: &Path) -> Outcome<FactStore> {
    FactStore::open(store).map_err(of_fault)
}
