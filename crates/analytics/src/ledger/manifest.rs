//! What a ledger consists of: one small JSON file that is replaced whole. A file that it does not name does not exist.

use super::files::{self, FileRef};
use crate::accounts::Class;
use hengjie_calendar::Date;
use hengjie_facts::Fault;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Version of the layout; another one is refused.
const FORMAT: u32 = 1;
/// Name of the file.
pub(super) const NAME: &str = "ledger.json";

/// Number of a load, from 1. What was known after load `n` is what loads `1..=n` brought.
pub type LoadNumber = u32;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Everything that was ever loaded, in order; the first one is the history with which the ledger began.
    pub(crate) loads: Vec<Load>,
    /// Classes of accounts by their position.
    pub(crate) classes: Vec<ClassName>,
    /// Accounts, lines and customers, block after block.
    pub(crate) register: Vec<Block>,
    /// Cumulative balance-days at the beginning of days, ascending.
    pub(crate) boundaries: Vec<Boundary>,
    /// The largest balance of an account with which no sum leaves 64 bits.
    pub(crate) balance_limit_fen: u64,
    /// Last balance and its day, by account.
    pub(crate) state: Snapshot,
    /// Who owned whom, as each load said it.
    pub(crate) ownerships: Vec<OwnershipFiles>,
}

/// What a load brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Day on which it became known.
    #[serde(with = "date")]
    pub recorded: i32,
    /// What it is.
    pub kind: LoadKind,
    /// The file as it came, kept whole.
    pub source: FileRef,
    /// Name of the file as it came.
    pub name: String,
    /// Rows of the file.
    pub rows: u64,
    /// First day with a balance; the day of recording where there is none.
    #[serde(with = "date")]
    pub first_day: i32,
    /// Last day with a balance.
    #[serde(with = "date")]
    pub last_day: i32,
    /// Last day on which something moves: a correction moves back on the day of the next balance.
    #[serde(with = "date")]
    pub(crate) last_moved: i32,
    /// Balances by account and day; the history keeps its own in the source.
    pub(crate) balances: Option<FileRef>,
    /// What they moved, by line and day.
    pub(crate) movements: Option<FileRef>,
}

impl Load {
    /// A load that brings no balances, or whose days are filled in afterwards.
    pub(crate) fn without_days(
        kind: LoadKind,
        source: FileRef,
        path: &Path,
        rows: u64,
        recorded: i32,
    ) -> Self {
        Self {
            recorded,
            kind,
            source,
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            rows,
            first_day: recorded,
            last_day: recorded,
            last_moved: recorded,
            balances: None,
            movements: None,
        }
    }
}

/// Kinds of loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadKind {
    /// The register with which the ledger began.
    Accounts,
    /// The balances with which it began.
    History,
    /// Who owns whom.
    Ownership,
    /// Balances of a day or more, or corrections of older ones.
    Changes,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClassName {
    pub(crate) kind: String,
    pub(crate) currency: String,
}

/// Accounts that one load brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    /// `number` ascending and `line` of each account.
    pub(crate) accounts: FileRef,
    /// `customer` and `class` of each new line.
    pub(crate) lines: FileRef,
    /// `number` of each new customer.
    pub(crate) customers: FileRef,
    pub(crate) account_count: u32,
    pub(crate) line_count: u32,
    pub(crate) customer_count: u32,
}

/// Balance-days of every line up to a day, and the balances with which the day begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Boundary {
    #[serde(with = "date")]
    pub(crate) day: i32,
    /// The last load it knows.
    pub(crate) after: LoadNumber,
    /// `fen_days` and `balance_fen` by line.
    pub(crate) file: FileRef,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    /// The last load it knows.
    pub(crate) after: LoadNumber,
    /// `balance_fen` and `day` by account.
    pub(crate) file: FileRef,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnershipFiles {
    /// The load that brought it.
    pub(crate) load: LoadNumber,
    /// `customer`, `owner`, `from`, `to`, `share_bp`.
    pub(crate) tenures: FileRef,
    /// `number` ascending.
    pub(crate) owners: FileRef,
    /// `line`, `day` and `fen_days` where a tenure begins or ends.
    pub(crate) cuts: FileRef,
    /// The last load that the cuts know.
    pub(crate) after: LoadNumber,
}

impl Manifest {
    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// There is none, or it is damaged or of another version.
    pub(crate) fn read(folder: &Path) -> Result<Self, Fault> {
        let path = folder.join(NAME);
        let text = std::fs::read_to_string(&path).map_err(|_| no_ledger(folder))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|error| {
            let fault = Fault::error(
                "HJ1718",
                "账簿的目录损坏",
                format!("the list of the ledger is damaged: {error}"),
            );
            crate::columns::in_file(&path, fault).help(
                "从备份恢复，或者用原来的文件重新建账",
                "restore a backup, or build the ledger again from the files",
            )
        })?;
        if manifest.format == FORMAT {
            return Ok(manifest);
        }
        let found = manifest.format;
        let fault = Fault::error(
            "HJ1718",
            format!("账簿的格式是第 {found} 版，这个程序用第 {FORMAT} 版"),
            format!("the ledger has layout {found}, this program uses layout {FORMAT}"),
        );
        Err(crate::columns::in_file(&path, fault)
            .help("换用相配的程序，或者重新建账", "use the program that fits, or build the ledger again"))
    }

    /// Puts the manifest in place of the old one: from now on the ledger is what it says.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn commit(&self, folder: &Path) -> Result<(), Fault> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        files::replace(&folder.join(NAME), text.as_bytes())
    }

    pub(crate) fn new(classes: &[Class], balance_limit_fen: u64, state: Snapshot) -> Self {
        let name = |class: &Class| ClassName { kind: class.kind.clone(), currency: class.currency.clone() };
        Self {
            format: FORMAT,
            loads: Vec::new(),
            classes: classes.iter().map(name).collect(),
            register: Vec::new(),
            boundaries: Vec::new(),
            balance_limit_fen,
            state,
            ownerships: Vec::new(),
        }
    }

    pub(crate) fn line_count(&self) -> usize {
        self.register.iter().map(|block| block.line_count as usize).sum()
    }

    pub(crate) fn customer_count(&self) -> usize {
        self.register.iter().map(|block| block.customer_count as usize).sum()
    }

    pub(crate) fn account_count(&self) -> usize {
        self.register.iter().map(|block| block.account_count as usize).sum()
    }

    /// Number of the last load.
    pub(crate) fn last_load(&self) -> LoadNumber {
        self.loads.len() as LoadNumber
    }

    /// The history with which the ledger began.
    pub(crate) fn history(&self) -> Option<&Load> {
        self.loads.iter().find(|load| load.kind == LoadKind::History)
    }

    /// All files but the manifest.
    pub(crate) fn files(&self) -> Vec<&FileRef> {
        let loads = self.loads.iter().flat_map(|load| {
            [Some(&load.source), load.balances.as_ref(), load.movements.as_ref()].into_iter().flatten()
        });
        let register =
            self.register.iter().flat_map(|block| [&block.accounts, &block.lines, &block.customers]);
        let boundaries = self.boundaries.iter().map(|boundary| &boundary.file);
        let ownerships =
            self.ownerships.iter().flat_map(|files| [&files.tenures, &files.owners, &files.cuts]);
        loads.chain(register).chain(boundaries).chain(ownerships).chain([&self.state.file]).collect()
    }
}

/// There is no ledger here.
fn no_ledger(folder: &Path) -> Fault {
    let mut fault = Fault::error("HJ1717", "这里没有账簿", "there is no ledger here");
    fault.file = folder.display().to_string();
    fault.help("先用 hengjie ledger build 建账", "build one with hengjie ledger build")
}

/// The path of a file of the manifest.
pub(crate) fn path_of(folder: &Path, file: &FileRef) -> PathBuf {
    folder.join(&file.file)
}

/// Days as `2025-03-01`.
mod date {
    use super::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(day: &i32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&crate::ownership::day_text(*day))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
        let text = String::deserialize(deserializer)?;
        let date = Date::parse(&text).ok_or_else(|| D::Error::custom(format!("{text} is no date")))?;
        Ok(date.days())
    }
}
