//! Files of the user: Parquet as the kernels read it, or tables for people (CSV, Excel, JSON) with Chinese headings.

use super::refused;
use crate::failure::{Failure, Outcome};
use arrow_array::{ArrayRef, Date32Array, Int32Array, Int64Array, StringArray};
use hengjie_analytics::Numbers;
use hengjie_analytics::ledger::{Changes, write_columns};
use hengjie_calendar::Date;
use hengjie_facts::{
    Bilingual, ColumnData, ColumnKind, ColumnSpec, Fault, Limits, LoadedTable, Mapping, TableSpec,
    load_folder,
};
use hengjie_quantity::{Currency, Rational, Unit};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The files with which a ledger begins, as Parquet.
#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) accounts: PathBuf,
    pub(super) changes: PathBuf,
    pub(super) ownership: PathBuf,
    is_sorted_anew: bool,
    /// Holds what was no Parquet.
    _scratch: TempDir,
}

impl Beginning {
    /// Faults as they stand in the files of the user. Rows of changes that had to be sorted first are not known any more.
    pub(super) fn as_written(&self, faults: Vec<Fault>) -> Vec<Fault> {
        let name =
            self.changes.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut faults = as_written(faults, 1);
        if self.is_sorted_anew {
            faults.iter_mut().filter(|fault| fault.file == name).for_each(|fault| fault.row = None);
        }
        faults
    }

    /// Whether a folder has such files.
    pub(super) fn is_in(folder: &Path) -> bool {
        file(folder, "余额变动", "balance_changes").is_ok()
    }

    /// Finds the three files; all faults of all of them together.
    pub(super) fn find(folder: &Path) -> Outcome<Self> {
        let scratch = scratch()?;
        let accounts = file(folder, "账户", "accounts").and_then(|path| accounts(&path, scratch.path()));
        let changes = file(folder, "余额变动", "balance_changes")
            .and_then(|path| sorted_changes(&path, scratch.path()));
        let ownership = file(folder, "归属", "ownership").and_then(|path| ownership(&path, scratch.path()));
        match (accounts, changes, ownership) {
            (Ok(accounts), Ok((changes, is_sorted_anew)), Ok(ownership)) => {
                Ok(Self { accounts, changes, ownership, is_sorted_anew, _scratch: scratch })
            }
            (accounts, changes, ownership) => Err([accounts.err(), changes.err(), ownership.err()]
                .into_iter()
                .flatten()
                .reduce(both)
                .unwrap_or_else(|| Failure::usage("没有文件", "no files"))),
        }
    }
}

/// A folder that goes away by itself.
pub(super) fn scratch() -> Outcome<TempDir> {
    tempfile::tempdir().map_err(|error| {
        let reason = error.to_string();
        Failure::Unwritable(Bilingual::new(
            format!("不能建临时文件夹：{reason}"),
            format!("no temporary folder: {reason}"),
        ))
    })
}

/// The balances of a file, in any order.
pub(super) fn changes(path: &Path) -> Outcome<Changes> {
    if is_parquet(path) {
        return Changes::read(path).map_err(refused);
    }
    let table = table(path, &[text("账号"), date("日期"), money("余额")])?;
    Ok(Changes {
        accounts: Numbers::Texts(texts(&table, 0)),
        days: dates(&table, 1).into_iter().map(|day| day.map_or(0, Date::days)).collect(),
        balances_fen: whole_numbers(&table, 2, 100)?,
        first_row: table.row_number(0) as usize,
    })
}

/// An ownership file as Parquet.
pub(super) fn ownership(path: &Path, scratch: &Path) -> Outcome<PathBuf> {
    if is_parquet(path) {
        return Ok(path.to_owned());
    }
    let mut to = date("止日");
    to.complete = false;
    let table = table(path, &[text("客户号"), text("客户经理"), date("起日"), to, ratio("份额")])?;
    let days = |column: usize| -> ArrayRef {
        Arc::new(dates(&table, column).into_iter().map(|day| day.map(Date::days)).collect::<Date32Array>())
    };
    let shares =
        whole_numbers(&table, 4, 10_000)?.into_iter().map(|share| i32::try_from(share).unwrap_or(i32::MAX));
    let shares: ArrayRef = Arc::new(Int32Array::from_iter_values(shares));
    let (customers, owners): (ArrayRef, ArrayRef) = (Arc::new(texts(&table, 0)), Arc::new(texts(&table, 1)));
    let columns = vec![
        ("customer_id", customers),
        ("rm_id", owners),
        ("from_date", days(2)),
        ("to_date", days(3)),
        ("share_bp", shares),
    ];
    converted(path, scratch, columns)
}

fn accounts(path: &Path, scratch: &Path) -> Outcome<PathBuf> {
    if is_parquet(path) {
        return Ok(path.to_owned());
    }
    let table = table(path, &[text("账号"), text("客户号"), text("种类"), text("币种")])?;
    let column = |index: usize| -> ArrayRef { Arc::new(texts(&table, index)) };
    let columns = vec![
        ("account_id", column(0)),
        ("customer_id", column(1)),
        ("kind", column(2)),
        ("currency", column(3)),
    ];
    converted(path, scratch, columns)
}

/// Balance changes in the order of accounts and days, and whether they had another order.
fn sorted_changes(path: &Path, scratch: &Path) -> Outcome<(PathBuf, bool)> {
    if is_parquet(path) {
        return Ok((path.to_owned(), false));
    }
    let changes = changes(path)?;
    let mut order: Vec<usize> = (0..changes.days.len()).collect();
    order.sort_by_key(|row| (changes.accounts.get(*row), changes.days[*row]));
    let accounts: ArrayRef = Arc::new(StringArray::from_iter_values(
        order.iter().map(|row| changes.accounts.get(*row).to_string()),
    ));
    let days: ArrayRef = Arc::new(Date32Array::from_iter_values(order.iter().map(|row| changes.days[*row])));
    let fen: ArrayRef =
        Arc::new(Int64Array::from_iter_values(order.iter().map(|row| changes.balances_fen[*row])));
    let columns = vec![("account_id", accounts), ("eff_date", days), ("balance_fen", fen)];
    Ok((converted(path, scratch, columns)?, !order.is_sorted()))
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
}

/// The file of a folder with one of two names and any ending.
fn file(folder: &Path, zh: &str, en: &str) -> Outcome<PathBuf> {
    let endings = ["parquet", "csv", "xlsx", "json"];
    let names =
        [zh, en].into_iter().flat_map(|name| endings.map(|ending| folder.join(format!("{name}.{ending}"))));
    names.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let mut fault =
            Fault::error("HJ1730", format!("缺少文件「{zh}」"), format!("the file “{en}” is missing"));
        fault.file = folder.display().to_string();
        refused(vec![fault.help(
            format!("放一个 {zh}.csv、{zh}.xlsx 或 {en}.parquet"),
            format!("put {en}.parquet, or {zh}.csv or .xlsx, there"),
        )])
    })
}

/// Writes columns beside each other under the name of the file they come from, so that messages name it.
fn converted(path: &Path, scratch: &Path, columns: Vec<(&str, ArrayRef)>) -> Outcome<PathBuf> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let to = scratch.join(name);
    write_columns(&to, columns).map_err(|fault| refused(vec![fault]))?;
    Ok(to)
}

/// Reads one file for people.
fn table(path: &Path, columns: &[ColumnSpec]) -> Outcome<LoadedTable> {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let title = Bilingual::same(&name);
    let spec = TableSpec { name, title, columns: columns.to_vec(), key: Vec::new(), required: true };
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("."),
    };
    let mut loaded = load_folder(folder, &[spec], &Mapping::default(), &Limits::default(), &|_| {});
    if loaded.report.has_errors() || loaded.tables.is_empty() {
        return Err(Failure::Facts(Box::new(loaded.report)));
    }
    let mut table = loaded.tables.swap_remove(0);
    table.spread();
    Ok(table)
}

fn complete(name: &str, kind: ColumnKind) -> ColumnSpec {
    ColumnSpec { complete: true, ..ColumnSpec::new(name, kind) }
}

fn text(name: &str) -> ColumnSpec {
    complete(name, ColumnKind::Text)
}

fn date(name: &str) -> ColumnSpec {
    complete(name, ColumnKind::Date)
}

fn money(name: &str) -> ColumnSpec {
    complete(name, ColumnKind::Number { unit: Unit::money(Currency::Cny) })
}

fn ratio(name: &str) -> ColumnSpec {
    complete(name, ColumnKind::Number { unit: Unit::none() })
}

fn texts(table: &LoadedTable, column: usize) -> StringArray {
    match table.columns.get(column).and_then(Option::as_ref).map(|column| &column.data) {
        Some(ColumnData::Text(texts)) => texts.clone(),
        _ => StringArray::from_iter_values(std::iter::repeat_n("", table.rows)),
    }
}

/// Dates; `None` for an empty cell.
fn dates(table: &LoadedTable, column: usize) -> Vec<Option<Date>> {
    let Some(column) = table.columns.get(column).and_then(Option::as_ref) else {
        return vec![None; table.rows];
    };
    let ColumnData::Date(dates) = &column.data else { return vec![None; table.rows] };
    let is_present = |row: usize| column.status(row) == hengjie_facts::Status::Present;
    dates.iter().enumerate().map(|(row, date)| is_present(row).then_some(*date)).collect()
}

/// Numbers times `factor`, which must be whole: fen of amounts, basis points of shares.
fn whole_numbers(table: &LoadedTable, index: usize, factor: i64) -> Outcome<Vec<i64>> {
    let Some(column) = table.columns.get(index).and_then(Option::as_ref) else {
        return Ok(vec![0; table.rows]);
    };
    let ColumnData::Number { values, scale } = &column.data else { return Ok(vec![0; table.rows]) };
    let factor = scale.clone() * Rational::from(factor);
    let mut faults = Vec::new();
    let numbers = (0..values.len())
        .map(|row| {
            let exact = Rational::from(values.get(row)) * factor.clone();
            exact.to_i128().and_then(|whole| i64::try_from(whole).ok()).unwrap_or_else(|| {
                let mut fault = Fault::error(
                    "HJ1731",
                    "位数太多：金额到分，份额到万分之一",
                    "too many digits: amounts go to fen, shares to 1/10000",
                );
                fault.file.clone_from(&table.file);
                faults.push(
                    fault
                        .row(table.row_number(row))
                        .column(column.heading.clone())
                        .help("改正这个数", "mend the number"),
                );
                0
            })
        })
        .collect();
    if faults.is_empty() { Ok(numbers) } else { Err(refused(faults)) }
}

/// Faults of files that were no Parquet, with the headings and rows that people see; `above` rows stand above the first.
pub(super) fn as_written(faults: Vec<Fault>, above: u32) -> Vec<Fault> {
    let heading = |column: &str| -> String {
        match column {
            "account_id" => "账号",
            "customer_id" => "客户号",
            "rm_id" => "客户经理",
            "kind" => "种类",
            "currency" => "币种",
            "eff_date" => "日期",
            "balance_fen" => "余额",
            "from_date" => "起日",
            "to_date" => "止日",
            "share_bp" => "份额",
            other => other,
        }
        .to_owned()
    };
    let place = |fault: Fault| match is_parquet(Path::new(&fault.file)) {
        true => fault,
        false => Fault {
            row: fault.row.map(|row| row + above),
            column: fault.column.as_deref().map(heading),
            ..fault
        },
    };
    faults.into_iter().map(place).collect()
}

/// The faults of two files together.
fn both(left: Failure, right: Failure) -> Failure {
    match (left, right) {
        (Failure::Facts(mut left), Failure::Facts(right)) => {
            left.faults.extend(right.faults);
            left.totals.extend(right.totals);
            Failure::Facts(left)
        }
        (left, _) => left,
    }
}
