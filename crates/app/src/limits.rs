//! Every limit of the use cases, with its reason.

/// Size of a policy document: a regulation has a few hundred kilobytes, and all of it is held in memory several times.
pub(crate) const DOCUMENT_BYTES: u64 = 64 << 20;

/// Size of a pay ledger: ten years of ten thousand people with five items a month.
pub(crate) const LEDGER_BYTES: u64 = 2 << 30;

/// Decimal places shown for numbers that no rule rounds.
pub(crate) const PLACES: u32 = 6;

/// Rows of a table up to which an attribute per row gets a column per row; beyond, the rows go below each other.
pub(crate) const ROWS_AS_COLUMNS: usize = 24;

/// Results without a value that are looked into for what they wait for; each is computed row by row.
pub(crate) const GAPS_EXAMINED: usize = 20_000;

/// The same for one attribute in one period, so that no attribute takes all.
pub(crate) const GAPS_PER_COLUMN: usize = 2_000;

/// Lines of the table of gaps.
pub(crate) const GAPS_LISTED: usize = 50_000;

/// Subjects whose text results are computed by one evaluator, which remembers everything it computes.
pub(crate) const TEXT_BATCH: usize = 4_096;

/// Subjects of a kind up to which ranks, seats and figures of everybody are computed row by row, to explain them or to find
/// out what they wait for.
pub(crate) const POPULATION_BY_ROW: usize = 20_000;

/// Subjects of a kind whose rules are walked for the footprint of a document, each row by row.
pub(crate) const FOOTPRINT_SUBJECTS: usize = 2_000;

/// Waiting results of others that an explanation looks into for their reasons.
pub(crate) const CURIOSITY: usize = 1_000;

/// Rows of a table of facts that the console shows: the columns are held in memory while somebody looks at them.
pub(crate) const ROWS_SHOWN: u64 = 2_000_000;

/// Rows of all tables of facts that the console holds at a time.
pub(crate) const ROWS_HELD: usize = 8_000_000;

/// Bytes of a file that is handed in over the network: as large as the largest kind of file that can be read.
pub(crate) const HANDED_IN_BYTES: u64 = 16 << 30;

/// Bytes of a mapping: a few hundred columns.
pub(crate) const MAPPING_BYTES: usize = 1 << 20;

/// Results that an evaluator remembers while it answers one question after another: about half a gigabyte.
pub(crate) const REMEMBERED: usize = 4_000_000;
