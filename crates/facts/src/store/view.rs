//! A table as it was known after an import: the pieces put together, later ones over earlier ones.

use super::FactStore;
use super::manifest::{Action, Entry};
use super::piece::{self, ReadPiece};
use crate::column::{LoadedColumn, LoadedTable, Sources};
use crate::fault::{Fault, Faults};
use crate::gather::{Place, gather};
use crate::limits::Limits;
use crate::load::ProgressFn;
use crate::spec::TableSpec;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// A row that a later piece has taken back, or that takes back.
const GONE: u32 = u32::MAX;

/// Reads a table. Faults: a table or column that must be there was never imported, a piece is damaged or no longer fits.
pub(super) fn table(
    store: &FactStore,
    import: u32,
    (index, spec): (usize, &TableSpec),
    limits: &Limits,
    progress: &ProgressFn<'_>,
    faults: &mut Faults,
) -> Option<LoadedTable> {
    let entries: Vec<&Entry> = store.entries(&spec.name, import).map(|(_, entry)| entry).collect();
    if entries.is_empty() {
        if spec.required {
            faults.push(never_imported(&spec.name));
        }
        return None;
    }
    let folder = store.pieces();
    let read = |entry: &&Entry| piece::read(&folder, spec, entry, limits, progress);
    let mut parts = Vec::new();
    for part in entries.par_iter().with_max_len(1).map(read).collect::<Vec<_>>() {
        match part {
            Ok(part) => parts.push(part),
            Err(found) => found.into_iter().for_each(|fault| faults.push_as_it_is(fault)),
        }
    }
    if parts.len() != entries.len() {
        return None;
    }
    Some(combine(index, spec, &entries, parts, faults))
}

/// Later rows over earlier ones.
fn combine(
    index: usize,
    spec: &TableSpec,
    entries: &[&Entry],
    mut parts: Vec<ReadPiece>,
    faults: &mut Faults,
) -> LoadedTable {
    if let [entry] = entries
        && entry.action == Action::Record
        && let Some(ReadPiece { table: only, .. }) = parts.pop()
    {
        report_missing(spec, &only, faults);
        return LoadedTable { spec: index, ..only };
    }
    let rows = Rows::new(entries, &parts);
    let column = |position: usize| {
        let columns: Vec<Option<&LoadedColumn>> =
            parts.iter().map(|part| part.table.columns.get(position)?.as_ref()).collect();
        let has = |part: usize| columns.get(part).is_some_and(Option::is_some);
        gather(&columns, &rows.latest(&has))
    };
    let columns: Vec<_> = (0..spec.columns.len()).into_par_iter().with_max_len(1).map(column).collect();
    let last = rows.latest(&|_| true);
    let number = |place: &Place| {
        parts.get(place.part as usize).map_or(0, |part| part.table.row_number(place.row as usize))
    };
    let files: Vec<String> = parts.iter().map(|part| part.table.file_text()).collect();
    let table = LoadedTable {
        spec: index,
        rows: last.len(),
        columns,
        file: format!("资料库「{}」", spec.name),
        sheet: None,
        first_row: 1,
        row_numbers: Some(last.iter().map(number).collect()),
        sources: Some(Sources { files, of_row: last.iter().map(|place| place.part).collect() }),
    };
    report_missing(spec, &table, faults);
    table
}

/// Which row of which piece says what about which key.
struct Rows {
    /// By piece and row: position of the key, or [`GONE`].
    keys: Vec<Vec<u32>>,
    /// Positions of keys that still exist, to their places in the table.
    alive: Vec<u32>,
    len: usize,
}

impl Rows {
    fn new(entries: &[&Entry], parts: &[ReadPiece]) -> Self {
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let (mut keys, mut exists) = (Vec::with_capacity(parts.len()), Vec::new());
        for (entry, part) in entries.iter().zip(parts) {
            let mut own = Vec::with_capacity(part.keys.len());
            for key in &part.keys {
                own.push(match entry.action {
                    Action::Record => *known.entry(key).or_insert_with(|| {
                        exists.push(true);
                        u32::try_from(exists.len() - 1).unwrap_or(GONE)
                    }),
                    Action::Withdraw => {
                        if let Some(place) = known.remove(key.as_str())
                            && let Some(exists) = exists.get_mut(place as usize)
                        {
                            *exists = false;
                        }
                        GONE
                    }
                });
            }
            keys.push(own);
        }
        let mut len = 0;
        let mut place = |exists: &bool| {
            let own = if *exists { len } else { GONE };
            len += u32::from(*exists);
            own
        };
        let alive = exists.iter().map(&mut place).collect();
        Self { keys, alive, len: len as usize }
    }

    /// For every row of the table, where it was last said by a piece of which `has` holds.
    fn latest(&self, has: &dyn Fn(usize) -> bool) -> Vec<Place> {
        let mut places = vec![Place::NOWHERE; self.len];
        for (part, keys) in self.keys.iter().enumerate().filter(|(part, _)| has(*part)) {
            for (row, key) in keys.iter().enumerate() {
                let slot = self.alive.get(*key as usize).and_then(|place| places.get_mut(*place as usize));
                if let (Some(slot), Ok(part), Ok(row)) = (slot, u32::try_from(part), u32::try_from(row)) {
                    *slot = Place { part, row };
                }
            }
        }
        places
    }
}

/// Says which columns no import has brought.
fn report_missing(spec: &TableSpec, table: &LoadedTable, faults: &mut Faults) {
    let missing = spec.columns.iter().zip(&table.columns);
    for (column, _) in missing.filter(|(column, loaded)| column.required && loaded.is_none()) {
        faults.push(
            Fault::error(
                "HJ1101",
                format!("「{}」从来没有导入过「{}」这一列", spec.name, column.name),
                format!("the column “{}” of “{}” was never imported", column.name, spec.name),
            )
            .column(&column.name)
            .help("导入有这一列的文件", "import a file that has it"),
        );
    }
}

fn never_imported(table: &str) -> Fault {
    Fault::error(
        "HJ1002",
        format!("资料库里没有「{table}」这张表"),
        format!("the fact store has no table “{table}”"),
    )
    .help(
        "先用 hengjie import 导入；没有记录的表也要导入表头",
        "import it first with hengjie import; a table without records still needs its heading",
    )
}
