//! What was delivered for one table, and what is thought of each of its rows.

use super::{ImportRequest, MOST_FAULTS, TableImport, control, key_texts};
use crate::column::LoadedTable;
use crate::fault::{Fault, Faults, Severity};
use crate::limits::Limits;
use crate::load::{Format, Found, ProgressFn, References, file_name, read_files, read_workbook};
use crate::mapping::TableMapping;
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use crate::store::{Action, Entry, FactStore, Piece, sha256, sha256_of_file};
use control::Control;
use std::path::PathBuf;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing speaks against it yet.
    Good,
    Rejected,
    /// An import of the same file had taken it.
    Repeated,
    Unchanged,
    New,
    Corrected,
}

/// The rows of one file for one table.
pub(crate) struct Delivery {
    /// What was read: columns other than the key need not be there.
    pub(crate) spec: TableSpec,
    /// Columns that name a row.
    pub(super) key: Vec<usize>,
    pub(crate) table: LoadedTable,
    pub(super) found: Found,
    file_sha256: String,
    mapping_sha256: String,
    pub(super) faults: Faults,
    /// By row.
    pub(super) verdicts: Vec<Verdict>,
    /// By row: what names it.
    pub(crate) keys: Vec<String>,
    /// Nothing of it can be taken.
    pub(crate) refused: bool,
    pub(super) same_as: Option<u32>,
    pub(super) controls: Vec<(String, String)>,
}

/// Everything that was delivered.
pub(super) struct Delivered {
    /// Faults of the mapping, the folder or the control file: they stop everything.
    pub(super) general: Vec<Faults>,
    /// Faults of files that could not be read: their tables stay out.
    pub(super) unread: Vec<Faults>,
    /// One per table that was read.
    pub(super) tables: Vec<Delivery>,
    pub(super) controls: Vec<Control>,
}

/// Reads everything that was delivered.
pub(super) fn read(request: &ImportRequest<'_>, store: &FactStore, progress: &ProgressFn<'_>) -> Delivered {
    let limits = Limits { faults_per_table: MOST_FAULTS, ..request.limits.clone() };
    let mut specs: Vec<TableSpec> = request.specs.iter().map(|spec| wanted(spec, request)).collect();
    specs.push(control::spec());
    let is_folder = request.source.is_dir();
    let is_workbook = !is_folder && Format::of(request.source) == Some(Format::Excel);
    let mut reading = match is_workbook {
        true => read_workbook(request.source, &specs, request.mapping, &limits, progress),
        false => {
            read_files(request.source, &specs, request.mapping, &limits, progress, References::AsWritten)
        }
    };
    let (mut general, own) = (std::mem::take(&mut reading.general), reading.tables.pop());
    let controls = control::read(request.control, own, &limits, &mut general);
    let (mut tables, mut unread) = (Vec::new(), Vec::new());
    for (spec, (table, faults)) in specs.into_iter().zip(reading.tables) {
        let Some(table) = table else {
            unread.push(faults);
            continue;
        };
        let path = if is_folder { request.source.join(&table.file) } else { request.source.to_owned() };
        match Delivery::new(spec, table, path, faults, request, store) {
            Ok(delivery) => tables.push(delivery),
            Err(faults) => unread.push(faults),
        }
    }
    let listed = unread.iter().flat_map(Faults::listed).map(|fault| fault.file.clone());
    let files: Vec<String> =
        tables.iter().map(|delivery| delivery.table.file.clone()).chain(listed).collect();
    forgive(&files, general.iter_mut().chain(&mut unread));
    if tables.is_empty() && general.iter().chain(&unread).all(|faults| faults.errors() == 0) {
        general.push(nothing(request));
    }
    Delivered { general, unread, tables, controls }
}

/// A file that is a table of its own is not another table misspelt.
fn forgive<'f>(files: &[String], faults: impl Iterator<Item = &'f mut Faults>) {
    let is_read = |fault: &Fault| {
        fault.code == "HJ1002" && files.iter().any(|file| fault.help_zh.contains(&format!("有 {file}，")))
    };
    faults.for_each(|faults| faults.drop_warnings(is_read));
}

/// What is read of a table: a file may bring some of its columns, but always the key.
fn wanted(spec: &TableSpec, request: &ImportRequest<'_>) -> TableSpec {
    let mapped = request.mapping.tables.get(&spec.name).map(|mapping| mapping.key.as_slice());
    let position = |name: &String| spec.columns.iter().position(|column| column.name == *name);
    let given: Option<Vec<usize>> =
        mapped.filter(|key| !key.is_empty()).map(|key| key.iter().filter_map(position).collect());
    let is_given = given.is_some();
    let key = given.unwrap_or_else(|| spec.key.clone());
    let column = |(place, column): (usize, &ColumnSpec)| {
        let is_key = key.contains(&place);
        ColumnSpec {
            required: is_key && column.required,
            complete: column.complete || (is_key && is_given),
            ..column.clone()
        }
    };
    let columns: Vec<ColumnSpec> = spec.columns.iter().enumerate().map(column).collect();
    let spec = TableSpec { columns, key, required: false, ..spec.clone() };
    if request.action == Action::Record { spec } else { key_only(&spec) }
}

/// Withdrawing needs the key and nothing else.
fn key_only(spec: &TableSpec) -> TableSpec {
    let columns: Vec<ColumnSpec> =
        spec.key.iter().filter_map(|&place| spec.columns.get(place).cloned()).collect();
    TableSpec { key: (0..columns.len()).collect(), columns, ..spec.clone() }
}

/// No table of the document has a file.
fn nothing(request: &ImportRequest<'_>) -> Faults {
    let names: Vec<&str> = request.specs.iter().map(|spec| spec.name.as_str()).collect();
    let mut faults = Faults::new(&file_name(request.source), 1);
    faults.push(Fault::error("HJ1002", "没有一张表可以导入", "there is no table to import").help(
        format!("文件名（或工作表名）要与表名相同，或者用对应文件说明。可以导入：{}", names.join("、")),
        format!(
            "files (or sheets) have the names of tables, or a mapping says which; tables: {}",
            names.join(", ")
        ),
    ));
    faults
}

impl Delivery {
    fn new(
        spec: TableSpec,
        table: LoadedTable,
        path: PathBuf,
        mut faults: Faults,
        request: &ImportRequest<'_>,
        store: &FactStore,
    ) -> Result<Self, Faults> {
        let file_sha256 = match sha256_of_file(&path) {
            Ok(hash) => hash,
            Err(error) => {
                faults.push(crate::store::unreadable(&table.file, &error));
                return Err(faults);
            }
        };
        let mapping = request.mapping.tables.get(&spec.name);
        // What a file is called does not matter.
        let mapping = mapping.map(|mapping| TableMapping { source: None, ..mapping.clone() });
        let mapping_text = mapping.and_then(|mapping| serde_json::to_string(&mapping).ok());
        let found =
            Found { name: file_name(&path), format: Format::of(&path).unwrap_or(Format::Excel), path };
        let (rows, key) = (table.rows, spec.key.clone());
        let mut delivery = Self {
            keys: Vec::new(),
            verdicts: vec![Verdict::Good; rows],
            mapping_sha256: sha256(mapping_text.unwrap_or_default().as_bytes()),
            spec,
            key,
            table,
            found,
            file_sha256,
            faults,
            refused: false,
            same_as: None,
            controls: Vec::new(),
        };
        delivery.check_key(store);
        delivery.judge_rows();
        if !delivery.refused {
            delivery.keys = key_texts(&delivery.spec, &delivery.key, &delivery.table);
        }
        Ok(delivery)
    }

    /// Without a key nobody could say later which row a correction means.
    fn check_key(&mut self, store: &FactStore) {
        let is_there = |&place: &usize| self.table.columns.get(place).is_some_and(Option::is_some);
        // A part of the key that may be left out, such as the 期间 of a decision that has none, is then empty.
        let is_needed = |place: &&usize| {
            self.spec.columns.get(**place).is_some_and(|column| column.needs_all() || column.required)
        };
        let is_complete = self.key.iter().filter(is_needed).all(is_there);
        if !is_complete || !self.key.iter().any(is_there) {
            let has_error = self.faults.errors() > 0;
            if !has_error {
                self.faults.push(no_key(&self.spec));
            }
            self.refused = true;
            return;
        }
        let names = self.key_names();
        let earlier = store.entries(&self.spec.name, store.last()).map(|(_, entry)| &entry.key).next();
        if let Some(earlier) = earlier.filter(|earlier| **earlier != names) {
            let (was, is) = (earlier.join("＋"), names.join("＋"));
            self.refuse(
                Fault::error(
                    "HJ1808",
                    format!("以前按 {was} 认行，这次按 {is}"),
                    format!("rows were named by {was} before and are named by {is} now"),
                )
                .help("对应文件里的 key 要与以前一样", "“key” in the mapping must be as before"),
            );
        }
    }

    /// A fault of a cell rejects its row, any other error the whole table.
    fn judge_rows(&mut self) {
        let errors: Vec<(bool, Option<u32>)> = self
            .faults
            .listed()
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .map(|fault| (is_of_row(fault), fault.row))
            .collect();
        let unlisted = self.faults.errors() > errors.len() as u64;
        self.refused |= unlisted || errors.iter().any(|(of_row, _)| !of_row);
        for row in errors.into_iter().filter_map(|(_, row)| row) {
            if let Some(position) = self.position(row) {
                self.verdicts[position] = Verdict::Rejected;
            }
        }
    }

    /// The position of a row as people count.
    fn position(&self, number: u32) -> Option<usize> {
        let position = match &self.table.row_numbers {
            Some(rows) => rows.binary_search(&number).ok()?,
            None => number.checked_sub(self.table.first_row)? as usize,
        };
        (position < self.verdicts.len()).then_some(position)
    }

    /// Rejects a row, unless something was wrong with it before.
    pub(crate) fn reject(&mut self, row: usize, fault: Fault) {
        let number = self.table.row_number(row);
        if self.verdicts[row] != Verdict::Rejected {
            self.verdicts[row] = Verdict::Rejected;
            self.faults.push(fault.row(number));
        }
    }

    /// Refuses the whole table.
    pub(super) fn refuse(&mut self, fault: Fault) {
        self.faults.push(fault);
        self.refused = true;
    }

    /// Rows that an import of the same file under the same mapping had taken say nothing new, whatever was corrected since.
    pub(super) fn skip_repeated(&mut self, store: &FactStore, action: Action) {
        let same = |(_, entry): &(u32, &Entry)| {
            entry.action == action
                && entry.file_sha256 == self.file_sha256
                && entry.mapping_sha256 == self.mapping_sha256
                && entry.sheet == self.table.sheet
                && entry.rows == self.table.rows as u64
        };
        let Some((import, entry)) = store.entries(&self.spec.name, store.last()).filter(same).last() else {
            return;
        };
        self.same_as = Some(import);
        let rejected = &entry.rejected;
        for row in 0..self.table.rows {
            let was_taken = rejected.binary_search(&self.table.row_number(row)).is_err();
            if was_taken && self.verdicts[row] == Verdict::Good {
                self.verdicts[row] = Verdict::Repeated;
            }
        }
    }

    /// Is it worth an entry? What was taken is noted even when it was known: the same file later must not undo a correction made
    /// in between. An empty file says that there are no such rows.
    pub(super) fn says_something(&self) -> bool {
        let is_taken =
            |verdict: &Verdict| matches!(verdict, Verdict::New | Verdict::Corrected | Verdict::Unchanged);
        let is_first = self.verdicts.is_empty() && self.same_as.is_none();
        !self.refused && (is_first || self.verdicts.iter().any(is_taken))
    }

    /// Names of the columns of the key.
    pub(super) fn key_names(&self) -> Vec<String> {
        let name = |&place: &usize| self.spec.columns.get(place).map(|column| column.name.clone());
        self.key.iter().filter_map(name).collect()
    }

    /// Positions of rows with some verdicts.
    pub(crate) fn rows_with(&self, wanted: impl Fn(Verdict) -> bool) -> Vec<u32> {
        let rows = (0_u32..).zip(&self.verdicts);
        rows.filter(|(_, verdict)| wanted(**verdict)).map(|(row, _)| row).collect()
    }

    fn count(&self, wanted: Verdict) -> u64 {
        self.verdicts.iter().filter(|verdict| **verdict == wanted).count() as u64
    }

    /// What the manifest says.
    pub(super) fn entry(&self, action: Action, piece: Piece) -> Entry {
        let columns = self.spec.columns.iter().zip(&self.table.columns);
        let rejected = self.rows_with(|verdict| verdict == Verdict::Rejected);
        Entry {
            table: self.spec.name.clone(),
            action,
            file: self.table.file.clone(),
            sheet: self.table.sheet.clone(),
            file_sha256: self.file_sha256.clone(),
            mapping_sha256: self.mapping_sha256.clone(),
            key: self.key_names(),
            columns: columns
                .filter(|(_, loaded)| loaded.is_some())
                .map(|(spec, _)| spec.name.clone())
                .collect(),
            rows: self.table.rows as u64,
            new: self.count(Verdict::New),
            corrected: self.count(Verdict::Corrected),
            unchanged: self.count(Verdict::Unchanged),
            repeated: self.count(Verdict::Repeated),
            rejected: rejected.iter().map(|row| self.table.row_number(*row as usize)).collect(),
            controls: self.controls.clone(),
            piece,
        }
    }

    /// What became of the rows. `taken`: the good ones of the import went in.
    pub(super) fn summary(&self, taken: bool) -> TableImport {
        let (rows, refused) = (self.table.rows as u64, self.refused);
        let count = |verdict| if taken && !refused { self.count(verdict) } else { 0 };
        let [new, corrected, unchanged, repeated] =
            [Verdict::New, Verdict::Corrected, Verdict::Unchanged, Verdict::Repeated].map(count);
        TableImport {
            table: self.spec.name.clone(),
            file: self.table.file_text(),
            rows,
            new,
            corrected,
            unchanged,
            repeated,
            rejected: if refused { rows } else { self.count(Verdict::Rejected) },
            same_as: self.same_as,
            refused,
            controls: self.controls.clone(),
        }
    }
}

/// Is a fault about one row, so that the others can be taken?
fn is_of_row(fault: &Fault) -> bool {
    // Numbers that together have too many digits spoil the whole column.
    let of_cell = fault.code.starts_with("HJ12") && fault.code != "HJ1204";
    fault.row.is_some() && (of_cell || fault.code.starts_with("HJ13") || fault.code == "HJ1108")
}

fn no_key(spec: &TableSpec) -> Fault {
    let named = |column: &&ColumnSpec| column.kind == ColumnKind::Key;
    let only = spec.columns.iter().find(named).map(|column| column.name.clone());
    let parts = spec.key.iter().filter_map(|&place| Some(spec.columns.get(place)?.name.clone()));
    let parts: Vec<String> = only.map_or_else(|| parts.collect(), |key| vec![key]);
    let key = if parts.is_empty() { "编号".to_owned() } else { parts.join("＋") };
    Fault::error(
        "HJ1803",
        format!("「{}」没有「{key}」，以后更正时认不出是哪一行", spec.name),
        format!("“{}” has no “{key}”, so that nobody could say later which row is corrected", spec.name),
    )
    .help(
        format!("加上「{key}」这一列；或在对应文件里写 key：哪几列合起来认一行"),
        format!("add the column “{key}”, or say in the mapping (“key”) which columns together name a row"),
    )
}
