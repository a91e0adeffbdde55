//! Import: files of a source system into a fact store, every row judged, nothing lost without being said.
//!
//! | step | module |
//! |---|---|
//! | read the files; what is wrong with a cell rejects its row, what is wrong with a file refuses its table | [`delivery`] |
//! | rows that share a key; references to nothing, until no more rows fall | [`check`] |
//! | do row counts and sums agree with the control file | [`control`] |
//! | what is new, corrected, unchanged or was there already | [`compare`] |
//! | changes of ownership follow from each other | [`crate::ownership`] |
//! | the rows that were not taken, with their cells and the reasons | [`rejects`] |
//!
//! Whatever goes wrong before the manifest is in its place leaves the store as it was.

mod check;
mod compare;
mod control;
mod delivery;
mod rejects;

use crate::column::LoadedTable;
use crate::fault::{Fault, FaultReport, Faults};
use crate::limits::Limits;
use crate::load::ProgressFn;
use crate::mapping::Mapping;
use crate::spec::TableSpec;
use crate::store::{Action, Entry, FactStore, piece, unwritten};
use crate::write::ResultTable;
use delivery::Delivered;
pub(crate) use delivery::{Delivery, Verdict};
use hengjie_calendar::Date;
use hengjie_quantity::Lang;
use std::path::Path;

/// Faulty rows of a table up to which the good ones are worth taking; with more the file as a whole is wrong.
const MOST_FAULTS: usize = 100_000;

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest<'a> {
    /// Folder of the store; made when there is none.
    pub store: &'a Path,
    /// Folder of files, one workbook, or one file of a table.
    pub source: &'a Path,
    /// Tables that may be imported. A table without a file is left as it is.
    pub specs: &'a [TableSpec],
    /// Tables of the store whose keys they may refer to.
    pub others: &'a [TableSpec],
    /// How the files fit the tables.
    pub mapping: &'a Mapping,
    /// Control file; without it `对账` among the files, if there is one.
    pub control: Option<&'a Path>,
    /// The day on which the facts became known.
    pub recorded_on: Date,
    /// Who imports; may be empty.
    pub by: &'a str,
    /// What to do with good rows beside faulty ones.
    pub acceptance: Acceptance,
    /// What the rows do.
    pub action: Action,
    /// How large files may be.
    pub limits: Limits,
    /// Language of the reasons beside rejected rows.
    pub lang: Lang,
}

/// What to do with good rows beside faulty ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// Take the good rows.
    GoodRows,
    /// Take all rows of all tables, or nothing.
    AllOrNothing,
    /// Take nothing: say what taking the good rows would do.
    CheckOnly,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its number; `None`: nothing changed.
    pub number: Option<u32>,
    /// One per table that has a file.
    pub tables: Vec<TableImport>,
    /// Everything that is wrong.
    pub report: FaultReport,
    /// The rows that were not taken: 行号, the columns of the source, 失败原因. One table per table with such rows.
    pub rejects: Vec<ResultTable>,
}

/// What became of the rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableImport {
    /// Name of the table.
    pub table: String,
    /// Its file, with the sheet.
    pub file: String,
    /// Rows of the file.
    pub rows: u64,
    /// Rows with keys that were not known (or, withdrawing, that were).
    pub new: u64,
    /// Rows that say something else than before.
    pub corrected: u64,
    /// Rows that say what was known.
    pub unchanged: u64,
    /// Rows that an import of the same file had taken.
    pub repeated: u64,
    /// Rows that were not taken.
    pub rejected: u64,
    /// The earlier import of the same file.
    pub same_as: Option<u32>,
    /// Is something wrong with the file as a whole?
    pub refused: bool,
    /// Control totals that agreed.
    pub controls: Vec<(String, String)>,
}

/// Imports files.
///
/// # Errors
/// The store cannot be opened or written, is damaged, or knows of later imports than `recorded_on` (HJ1801, HJ1802, HJ1804, HJ1809).
/// What is wrong with the files is in the report of the [`Import`].
pub fn import(request: &ImportRequest<'_>, progress: &ProgressFn<'_>) -> Result<Import, FaultReport> {
    import_while(request, progress, &|| true)
}

/// As [`import()`], but asks `goes_on` once more before it writes: when somebody has stopped the import, the store stays as it was
/// and the [`Import`] has no number.
///
/// # Errors
/// As [`import()`].
pub fn import_while(
    request: &ImportRequest<'_>,
    progress: &ProgressFn<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Import, FaultReport> {
    let mut store = FactStore::open_or_create(request.store).map_err(alone)?;
    in_order(&store, request.recorded_on).map_err(alone)?;
    let Delivered { mut general, unread, tables: mut deliveries, controls } =
        delivery::read(request, &store, progress);
    for delivery in &mut deliveries {
        check::duplicates(delivery);
    }
    control::reconcile(&controls, &mut deliveries, &mut general);
    for delivery in &mut deliveries {
        delivery.skip_repeated(&store, request.action);
    }
    check::references(request, &store, &mut deliveries)?;
    for delivery in &mut deliveries {
        compare::with_store(delivery, &store, request, progress)?;
        crate::ownership::judge(delivery, &store, request)?;
    }
    let wrong = |faults: &Faults| faults.errors() > 0;
    let any_wrong = unread.iter().chain(deliveries.iter().map(|delivery| &delivery.faults)).any(wrong);
    let take = !general.iter().any(wrong) && (request.acceptance != Acceptance::AllOrNothing || !any_wrong);
    let number = match take && request.acceptance != Acceptance::CheckOnly && goes_on() {
        true => append(&mut store, request, &deliveries)?,
        false => None,
    };
    let (rejects, tables) = (
        deliveries.iter().filter_map(|delivery| rejects::table(delivery, request)).collect(),
        deliveries.iter().map(|delivery| delivery.summary(take)).collect(),
    );
    let mut report = FaultReport::default();
    general.into_iter().chain(unread).for_each(|faults| report.absorb("", faults));
    deliveries.into_iter().for_each(|delivery| report.absorb(&delivery.spec.name, delivery.faults));
    Ok(Import { number, tables, report, rejects })
}

/// Writes the pieces, then the manifest. `None` when there is nothing to say.
fn append(
    store: &mut FactStore,
    request: &ImportRequest<'_>,
    deliveries: &[Delivery],
) -> Result<Option<u32>, FaultReport> {
    let import = store.last() + 1;
    let mut entries: Vec<Entry> = Vec::new();
    for delivery in deliveries.iter().filter(|delivery| delivery.says_something()) {
        let rows = delivery.rows_with(|verdict| matches!(verdict, Verdict::New | Verdict::Corrected));
        let name = piece_name(&delivery.spec.name, import);
        let piece = piece::write(&store.pieces(), &name, (&delivery.spec, &delivery.table), &rows)
            .map_err(|error| alone(unwritten(&error)))?;
        entries.push(delivery.entry(request.action, piece));
    }
    match entries.is_empty() {
        true => Ok(None),
        false => store.append(request.recorded_on, request.by, entries).map(Some).map_err(alone),
    }
}

/// Names of tables may hold what names of files may not.
fn piece_name(table: &str, import: u32) -> String {
    let plain: String =
        table.chars().map(|sign| if sign.is_alphanumeric() { sign } else { '_' }).take(40).collect();
    format!("{plain}-{import:06}")
}

/// What became known later stands behind: what was known on a day that is past never changes.
fn in_order(store: &FactStore, recorded_on: Date) -> Result<(), Fault> {
    let Some(last) = store.imports().last().filter(|last| last.day() > recorded_on) else { return Ok(()) };
    let (import, day) = (last.import, &last.recorded_on);
    Err(Fault::error(
        "HJ1804",
        format!("第 {import} 次导入是 {day} 得知的，这一次不能早于它"),
        format!("import {import} became known on {day}; this one cannot be earlier"),
    )
    .value(recorded_on.to_string())
    .help(
        "写实际得知的日子；补报以前的资料也是现在才得知的",
        "give the day on which you really learnt of it; late facts are learnt of now",
    ))
}

/// A report of one fault.
fn alone(fault: Fault) -> FaultReport {
    let mut report = FaultReport::default();
    let mut faults = Faults::new(&fault.file.clone(), 1);
    faults.push(fault);
    report.absorb("", faults);
    report
}

/// The values that name a row, in words.
fn key_texts(spec: &TableSpec, key: &[usize], table: &LoadedTable) -> Vec<String> {
    let part = |row: usize, column: usize| {
        let Some(loaded) = table.columns.get(column).and_then(Option::as_ref) else { return String::new() };
        match loaded.status(row) {
            crate::column::Status::Present => {
                crate::load::show(spec, column, &loaded.data, loaded.place(row))
            }
            crate::column::Status::Missing => String::new(),
            status => status.word(Lang::Zh).to_owned(),
        }
    };
    let text = |row: usize| {
        key.iter().map(|&column| part(row, column)).collect::<Vec<_>>().join(piece::KEY_SEPARATOR)
    };
    (0..table.rows).map(text).collect()
}
