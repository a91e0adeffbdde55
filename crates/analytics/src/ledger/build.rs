//! A new ledger from the register, the history of balances and the ownership.
//!
//! The history is read once (several times only when the months of a large bank do not fit into [`PASS_BYTES`]): movements are
//! summed by line and month, and from these the balance-days up to each month follow by addition.

use super::files::{self, FileRef};
use super::manifest::{Boundary, Load, LoadKind, Manifest, NAME, OwnershipFiles, Snapshot};
use super::months::{Months, Segments};
use super::points::Points;
use super::register::{Line, Lines, write_block};
use super::state::{State, write_state};
use super::{Ledger, Sources, cuts};
use crate::accounts::Accounts;
use crate::balance_days::prove_bounds;
use crate::changes::{Seen, Sink, Watch, read_changes};
use crate::columns::Source;
use crate::ownership::Ownership;
use arrow_array::{ArrayRef, Int64Array};
use hengjie_facts::Fault;
use std::path::Path;
use std::sync::Arc;

/// Memory for sums by line and month.
const PASS_BYTES: usize = 256 << 20;
/// Days that sums may go on beyond the last balance before they could leave 64 bits: ten years.
const DAYS_AHEAD: i64 = 3653;
/// Accounts of one line that sums have room for.
const ACCOUNTS_AHEAD: usize = 64;
/// Loads of a new ledger: register, history, ownership.
const BEGINNING: u32 = 3;

/// Builds a ledger in a folder.
pub(super) fn build(
    folder: &Path,
    sources: &Sources<'_>,
    recorded: i32,
    watch: &Watch<'_>,
) -> Result<Ledger, Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    prepare(folder).map_err(one)?;
    let (copies, computed) = rayon::join(
        || copy_sources(folder, sources),
        || Computing::new(folder, sources, watch).and_then(|computing| computing.run(sources.changes, watch)),
    );
    let computed = computed?;
    let copies = copies.map_err(one)?;
    let manifest = computed.manifest(sources, copies, recorded);
    watch.check().map_err(one)?;
    manifest.commit(folder).map_err(one)?;
    Ok(Ledger { folder: folder.to_owned(), manifest })
}

/// Makes the folders; a ledger that is there stays.
fn prepare(folder: &Path) -> Result<(), Fault> {
    if folder.join(NAME).exists() {
        let mut fault = Fault::error(
            "HJ1720",
            "这里已经有账簿，没有改动",
            "there is a ledger already; nothing was changed",
        );
        fault.file = folder.display().to_string();
        return Err(fault.help(
            "换一个文件夹；新的一天用 hengjie ledger load",
            "take another folder; use hengjie ledger load for a new day",
        ));
    }
    for name in ["sources", "register", "boundaries", "ownership", "loads"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).map_err(|error| files::unwritable(&path, &error))?;
    }
    Ok(())
}

/// The files as they came: register, history, ownership.
fn copy_sources(folder: &Path, sources: &Sources<'_>) -> Result<[FileRef; 3], Fault> {
    Ok([
        files::copy(sources.accounts, folder, "sources/000001.parquet")?,
        files::copy(sources.changes, folder, "sources/000002.parquet")?,
        files::copy(sources.ownership, folder, "sources/000003.parquet")?,
    ])
}

/// What is known before the history is read.
struct Computing<'a> {
    folder: &'a Path,
    accounts: Accounts,
    ownership: Ownership,
    lines: Lines,
    line_of: Vec<Line>,
    segments: Segments,
}

/// What came out.
struct Computed<'a> {
    computing: Computing<'a>,
    seen: Seen,
    boundaries: Vec<Boundary>,
    register: super::manifest::Block,
    state: FileRef,
    tenures: [FileRef; 3],
    balance_limit_fen: u64,
}

impl<'a> Computing<'a> {
    fn new(folder: &'a Path, sources: &Sources<'_>, watch: &Watch<'_>) -> Result<Self, Vec<Fault>> {
        let accounts = Accounts::read(sources.accounts)?;
        let ownership = Ownership::read(sources.ownership, &accounts.customers)?;
        let (lines, line_of) = Lines::of(&accounts);
        watch.check().map_err(|fault| vec![fault])?;
        let source = Source::open(sources.changes, &["eff_date"])?;
        let days = source.day_range("eff_date").map_err(|fault| vec![fault])?;
        let (first_day, last_day) = days.ok_or_else(|| vec![no_balances(sources.changes)])?;
        let segments = Segments::new(first_day, last_day);
        Ok(Self { folder, accounts, ownership, lines, line_of, segments })
    }

    fn run(self, changes: &Path, watch: &Watch<'_>) -> Result<Computed<'a>, Vec<Fault>> {
        let one = |fault: Fault| vec![fault];
        let cuts = cuts::wanted(&self.ownership, &self.lines, self.segments.first_day);
        let points = Points::new(&self.line_of, self.lines.len(), &[], &cuts);
        let state = State::new(self.accounts.ids.len());
        let per_pass = (PASS_BYTES / (16 * self.lines.len().max(1))).max(1);
        let (mut boundaries, mut seen) = (Vec::new(), None);
        let mut carry = Carry::new(self.lines.len());
        for first in (0..self.segments.len()).step_by(per_pass) {
            let range = first..self.segments.len().min(first + per_pass);
            let months = Months::new(&self.line_of, self.lines.len(), &self.segments, range);
            let beside = (first == 0).then_some((&points, &state));
            let sink = Building { months: &months, beside };
            seen = Some(read_changes(changes, &self.accounts.ids, &sink, watch)?);
            boundaries.extend(self.write_months(&months, &mut carry).map_err(one)?);
        }
        let seen = seen.ok_or_else(|| vec![no_balances(changes)])?;
        let balance_limit_fen = self.check(&seen, changes).map_err(one)?;
        let fen_days = points.finish().cuts;
        let register = write_block(
            self.folder,
            1,
            (&self.accounts.ids, &self.line_of),
            &self.lines,
            &self.accounts.customers,
        );
        let state = write_state(self.folder, BEGINNING, &state.finish()).map_err(one)?;
        let tenures = cuts::write(self.folder, BEGINNING, &self.ownership, &cuts, &fen_days).map_err(one)?;
        Ok(Computed {
            seen,
            boundaries,
            register: register.map_err(one)?,
            state,
            tenures,
            balance_limit_fen,
            computing: self,
        })
    }

    /// One file per boundary of the pass; the file of one month is written while the next is computed.
    fn write_months(&self, months: &Months<'_>, carry: &mut Carry) -> Result<Vec<Boundary>, Fault> {
        let mut written = Vec::new();
        let mut waiting: Option<(i32, Carry)> = None;
        for segment in months.range() {
            let (file, ()) = rayon::join(
                || waiting.take().map(|(day, carry)| self.write_boundary(day, carry)).transpose(),
                || months.add_to(segment, &mut carry.fen_days, &mut carry.balance_fen),
            );
            written.extend(file?);
            waiting = Some((self.segments.end(segment), carry.clone()));
        }
        written.extend(waiting.map(|(day, carry)| self.write_boundary(day, carry)).transpose()?);
        Ok(written)
    }

    fn write_boundary(&self, day: i32, carry: Carry) -> Result<Boundary, Fault> {
        write_boundary(self.folder, day, BEGINNING, carry.fen_days, carry.balance_fen)
    }

    /// The days are those that the file announced, and no sum has wrapped; the balance with which later sums do not wrap either.
    fn check(&self, seen: &Seen, changes: &Path) -> Result<u64, Fault> {
        if (seen.first_day, seen.last_day) != (self.segments.first_day, self.segments.last_day) {
            return Err(crate::columns::damaged(changes, "statistics of eff_date"));
        }
        let days = i64::from(seen.last_day) - i64::from(seen.first_day) + DAYS_AHEAD;
        let accounts = self.accounts.most_of_one_customer().max(ACCOUNTS_AHEAD);
        prove_bounds(seen.balance_bits, days, accounts, changes)?;
        Ok(i64::MAX.unsigned_abs() / (days.unsigned_abs() * accounts as u64))
    }
}

/// Sums up to a day, by line.
#[derive(Debug, Clone)]
struct Carry {
    fen_days: Vec<i64>,
    balance_fen: Vec<i64>,
}

impl Carry {
    fn new(lines: usize) -> Self {
        Self { fen_days: vec![0; lines], balance_fen: vec![0; lines] }
    }
}

/// Everything that one reading of the history fills.
struct Building<'a> {
    months: &'a Months<'a>,
    /// Filled by the first reading only.
    beside: Option<(&'a Points<'a>, &'a State)>,
}

impl Sink for Building<'_> {
    fn run(&self, account: usize, before_fen: i64, days: &[i32], balances: &[i64]) {
        self.months.run(account, before_fen, days, balances);
        if let Some((points, state)) = self.beside {
            points.run(account, before_fen, days, balances);
            state.run(account, before_fen, days, balances);
        }
    }
}

impl Computed<'_> {
    fn manifest(self, sources: &Sources<'_>, copies: [FileRef; 3], recorded: i32) -> Manifest {
        let state = Snapshot { after: BEGINNING, file: self.state };
        let mut manifest = Manifest::new(&self.computing.accounts.classes, self.balance_limit_fen, state);
        let [accounts, history, ownership] = copies;
        let rows = self.computing.accounts.ids.len() as u64;
        let tenures = self.computing.ownership.tenures.len() as u64;
        let balances =
            Load::without_days(LoadKind::History, history, sources.changes, self.seen.rows, recorded);
        let (first_day, last_day) = (self.seen.first_day, self.seen.last_day);
        manifest.loads = vec![
            Load::without_days(LoadKind::Accounts, accounts, sources.accounts, rows, recorded),
            Load { first_day, last_day, last_moved: last_day, ..balances },
            Load::without_days(LoadKind::Ownership, ownership, sources.ownership, tenures, recorded),
        ];
        let [tenures, owners, cuts] = self.tenures;
        manifest.register.push(self.register);
        manifest.boundaries = self.boundaries;
        manifest.ownerships.push(OwnershipFiles { load: BEGINNING, tenures, owners, cuts, after: BEGINNING });
        manifest
    }
}

/// Writes balance-days and balances of all lines at the beginning of a day.
pub(super) fn write_boundary(
    folder: &Path,
    day: i32,
    after: u32,
    fen_days: Vec<i64>,
    balance_fen: Vec<i64>,
) -> Result<Boundary, Fault> {
    let name = format!("boundaries/{}-{after:06}.parquet", crate::ownership::day_text(day));
    let column = |values: Vec<i64>| -> ArrayRef { Arc::new(Int64Array::from(values)) };
    let columns = vec![("fen_days", column(fen_days)), ("balance_fen", column(balance_fen))];
    Ok(Boundary { day, after, file: files::write(folder, &name, columns)? })
}

fn no_balances(path: &Path) -> Fault {
    crate::columns::in_file(path, Fault::error("HJ1721", "文件里没有余额", "the file has no balances"))
}
