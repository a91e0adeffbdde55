//! Every limit of reading files, in one place. A limit that is exceeded is a fault with its number in the message.

/// How large files may be. The defaults suit one machine with 2 GiB to spare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a CSV or JSON file: it is read into memory at once.
    pub text_bytes: u64,
    /// Bytes of a Parquet file.
    pub parquet_bytes: u64,
    /// Bytes of an Excel file as it lies on disk.
    pub workbook_bytes: u64,
    /// Bytes of all parts of an Excel file together after unpacking.
    pub unpacked_bytes: u64,
    /// How many times larger than its packed form a part of an Excel file may become. Parts below 1 MiB are free.
    pub unpack_ratio: u64,
    /// Parts inside an Excel file.
    pub workbook_parts: usize,
    /// Filled cells of one Excel sheet.
    pub sheet_cells: u64,
    /// Data rows of one table.
    pub rows: u64,
    /// Columns of one file or sheet.
    pub columns: usize,
    /// Characters of one cell; 32,767 is the most that Excel can hold.
    pub cell_chars: usize,
    /// Faults listed per table; the rest is counted.
    pub faults_per_table: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            text_bytes: 2048 * MIB,
            parquet_bytes: 16_384 * MIB,
            workbook_bytes: 64 * MIB,
            unpacked_bytes: 200 * MIB,
            unpack_ratio: 100,
            workbook_parts: 1_000,
            sheet_cells: 5_000_000,
            rows: 200_000_000,
            columns: 2_000,
            cell_chars: 32_767,
            faults_per_table: 1_000,
        }
    }
}
