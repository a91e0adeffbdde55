//! Columns of a Parquet file by name, with faults that say what the file has instead.

use crate::numbers::{Number, Numbers, Owned};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, TimeUnit};
use hengjie_facts::Fault;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::statistics::Statistics;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A Parquet file whose footer was read and whose wanted columns were found.
pub(crate) struct Source {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    roots: Vec<usize>,
}

impl Source {
    /// Opens `path` and finds the columns `names`.
    ///
    /// # Errors
    /// The file cannot be read or is damaged, or columns are missing (one fault for each).
    pub(crate) fn open(path: &Path, names: &[&str]) -> Result<Self, Vec<Fault>> {
        let file = File::open(path).map_err(|error| vec![unreadable(path, &error.to_string())])?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::load(&file, options)
            .map_err(|error| vec![damaged(path, &error.to_string())])?;
        let mut roots = Vec::with_capacity(names.len());
        let mut faults = Vec::new();
        for name in names {
            match metadata.schema().index_of(name) {
                Ok(index) => roots.push(index),
                Err(_) => faults.push(missing_column(path, name, &metadata)),
            }
        }
        if faults.is_empty() { Ok(Self { path: path.to_owned(), metadata, roots }) } else { Err(faults) }
    }

    /// Rows of the file, as its footer says.
    pub(crate) fn rows(&self) -> usize {
        usize::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// Rows of each row group.
    pub(crate) fn group_rows(&self) -> Vec<usize> {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).collect()
    }

    /// Reads the wanted columns of some row groups, `batch` rows at a time; columns in the order of the file.
    pub(crate) fn read(&self, groups: Vec<usize>, batch: usize) -> Result<Batches<'_>, Fault> {
        // A handle of its own: handles of the same file share their position.
        let file = File::open(&self.path).map_err(|error| unreadable(&self.path, &error.to_string()))?;
        let schema = self.metadata.metadata().file_metadata().schema_descr();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(ProjectionMask::roots(schema, self.roots.iter().copied()))
            .with_row_groups(groups)
            .with_batch_size(batch)
            .build()
            .map_err(|error| damaged(&self.path, &error.to_string()))?;
        Ok(Batches { source: self, reader })
    }

    /// The whole file.
    pub(crate) fn read_all(&self, batch: usize) -> Result<Batches<'_>, Fault> {
        self.read((0..self.metadata.metadata().num_row_groups()).collect(), batch)
    }

    /// First and last day of a column of dates: from the statistics of the file, or by reading the column.
    ///
    /// # Errors
    /// The column cannot be read, holds something else than dates, or a cell is empty.
    pub(crate) fn day_range(&self, name: &str) -> Result<Option<(i32, i32)>, Fault> {
        let groups = self.metadata.metadata().row_groups();
        let known = groups.iter().filter(|group| group.num_rows() > 0).map(|group| {
            match group.column(self.roots.first().copied()?).statistics()? {
                Statistics::Int32(days) => Some((*days.min_opt()?, *days.max_opt()?)),
                _ => None,
            }
        });
        if let Some(ranges) = known.collect::<Option<Vec<_>>>() {
            return Ok(ranges.into_iter().reduce(wider));
        }
        let mut range = None;
        for batch in self.read_all(1 << 16)? {
            let batch = batch?;
            let days = days(&batch, name, &self.path)?.iter().map(|day| (*day, *day)).reduce(wider);
            range = range.into_iter().chain(days).reduce(wider);
        }
        Ok(range)
    }

    /// The least and greatest number of a row group, if the file says so, of the kind of `known`.
    pub(crate) fn key_range(&self, group: usize, name: &str, known: &Numbers) -> Option<(Owned, Owned)> {
        let column = self.metadata.schema().index_of(name).ok()?;
        match (self.metadata.metadata().row_group(group).column(column).statistics()?, known) {
            (Statistics::Int64(keys), Numbers::Integers(_)) => {
                Some((Owned::Integer(*keys.min_opt()?), Owned::Integer(*keys.max_opt()?)))
            }
            (Statistics::ByteArray(keys), Numbers::Texts(_))
                if keys.min_is_exact() && keys.max_is_exact() =>
            {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(Owned::Text);
                Some((text(keys.min_bytes_opt()?)?, text(keys.max_bytes_opt()?)?))
            }
            _ => None,
        }
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.metadata.schema().index_of(name).is_ok()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn wider(one: (i32, i32), other: (i32, i32)) -> (i32, i32) {
    (one.0.min(other.0), one.1.max(other.1))
}

/// The batches of a reading.
pub(crate) struct Batches<'a> {
    source: &'a Source,
    reader: ParquetRecordBatchReader,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.map_err(|error| damaged(&self.source.path, &error.to_string())))
    }
}

/// A column of numbers of accounts, customers or owners without gaps.
pub(crate) enum Keys<'a> {
    Integers(&'a [i64]),
    Texts(&'a StringArray),
}

impl<'a> Keys<'a> {
    /// Reads the column.
    ///
    /// # Errors
    /// The column holds something else than 64-bit integers or text, or a cell is empty.
    pub(crate) fn read(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<Self, Fault> {
        let column = column(batch, name, path)?;
        if let Some(integers) = column.as_primitive_opt::<Int64Type>() {
            return Ok(Self::Integers(integers.values()));
        }
        column.as_string_opt::<i32>().map(Self::Texts).ok_or_else(|| {
            wrong_type(path, name, column.data_type(), "64 位整数或文字", "64-bit integers or text")
        })
    }

    /// Reads the column; its numbers are of the same kind as those that are known.
    ///
    /// # Errors
    /// As [`Keys::read`], and the numbers are integers where the known ones are texts or the other way round.
    pub(crate) fn read_like(
        batch: &'a RecordBatch,
        name: &str,
        path: &Path,
        known: &Numbers,
    ) -> Result<Self, Fault> {
        let keys = Self::read(batch, name, path)?;
        let found = column(batch, name, path)?.data_type();
        match (&keys, known) {
            (Self::Integers(_), Numbers::Texts(_)) => Err(wrong_type(path, name, found, "文字", "text")),
            (Self::Texts(_), Numbers::Integers(_)) => {
                Err(wrong_type(path, name, found, "64 位整数", "64-bit integers"))
            }
            _ => Ok(keys),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Integers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Number<'a> {
        match self {
            Self::Integers(numbers) => Number::Integer(numbers[row]),
            Self::Texts(texts) => Number::Text(texts.value(row)),
        }
    }

    /// Behind the last row of the number that stands at `begin`.
    pub(crate) fn run_end(&self, begin: usize) -> usize {
        match self {
            Self::Integers(numbers) => {
                let (number, rest) = (numbers[begin], &numbers[begin..]);
                begin + rest.iter().position(|other| *other != number).unwrap_or(rest.len())
            }
            Self::Texts(texts) => {
                let number = texts.value(begin);
                (begin..texts.len()).find(|row| texts.value(*row) != number).unwrap_or(texts.len())
            }
        }
    }

    /// The rows of a number in an ascending column.
    pub(crate) fn rows_of(&self, number: Number<'_>) -> std::ops::Range<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle) < number {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let is_there = low < self.len() && self.get(low) == number;
        low..if is_there { self.run_end(low) } else { low }
    }

    /// Adds the column to what earlier batches gave.
    pub(crate) fn add_to(&self, numbers: &mut Option<Numbers>) {
        let more = match self {
            Self::Integers(integers) => Numbers::Integers(integers.to_vec()),
            Self::Texts(texts) => Numbers::Texts((*texts).clone()),
        };
        match numbers {
            Some(numbers) => numbers.append(more),
            None => *numbers = Some(more),
        }
    }
}

/// An integer column without gaps.
///
/// # Errors
/// The column holds something else than whole numbers, or a cell is empty.
pub(crate) fn integers<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a [i64], Fault> {
    let column = column(batch, name, path)?;
    let Some(array) = column.as_primitive_opt::<Int64Type>() else {
        return Err(wrong_type(path, name, column.data_type(), "64 位整数", "64-bit integers"));
    };
    Ok(array.values())
}

/// A column of days since 1970-01-01 without gaps; the type of the file is a date.
///
/// # Errors
/// The column holds something else than dates, or a cell is empty.
pub(crate) fn days<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a [i32], Fault> {
    let column = column(batch, name, path)?;
    let Some(array) = column.as_primitive_opt::<Date32Type>() else {
        return Err(wrong_type(path, name, column.data_type(), "日期", "dates"));
    };
    Ok(array.values())
}

/// A column of days in which an empty cell means "without end".
pub(crate) fn open_days(batch: &RecordBatch, name: &str, path: &Path) -> Result<Vec<Option<i32>>, Fault> {
    let column = column_with_gaps(batch, name, path)?;
    let Some(array) = column.as_primitive_opt::<Date32Type>() else {
        return Err(wrong_type(path, name, column.data_type(), "日期", "dates"));
    };
    Ok(array.iter().collect())
}

/// A column of basis points.
pub(crate) fn basis_points<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a [i32], Fault> {
    let column = column(batch, name, path)?;
    let Some(array) = column.as_primitive_opt::<Int32Type>() else {
        return Err(wrong_type(
            path,
            name,
            column.data_type(),
            "32 位整数（万分之一）",
            "32-bit integers (basis points)",
        ));
    };
    Ok(array.values())
}

/// A text column without gaps.
pub(crate) fn texts<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<Vec<&'a str>, Fault> {
    let column = column(batch, name, path)?;
    let Some(array) = column.as_string_opt::<i32>() else {
        return Err(wrong_type(path, name, column.data_type(), "文字", "text"));
    };
    Ok((0..array.len()).map(|row| array.value(row)).collect())
}

fn column<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a ArrayRef, Fault> {
    let column = column_with_gaps(batch, name, path)?;
    if column.null_count() == 0 {
        return Ok(column);
    }
    Err(at(path, name, Fault::error("HJ1701", "有空的格", "a cell is empty"))
        .help("这一列每行都要有值", "every row needs a value here"))
}

fn column_with_gaps<'a>(batch: &'a RecordBatch, name: &str, path: &Path) -> Result<&'a ArrayRef, Fault> {
    batch
        .column_by_name(name)
        .ok_or_else(|| at(path, name, Fault::error("HJ1702", "缺少这一列", "the column is missing")))
}

fn missing_column(path: &Path, name: &str, metadata: &ArrowReaderMetadata) -> Fault {
    let has: Vec<&str> = metadata.schema().fields().iter().map(|field| field.name().as_str()).collect();
    at(path, name, Fault::error("HJ1702", format!("缺少列 {name}"), format!("column {name} is missing")))
        .help(format!("文件里有：{}", has.join("、")), format!("the file has: {}", has.join(", ")))
}

fn wrong_type(path: &Path, name: &str, found: &DataType, zh: &str, en: &str) -> Fault {
    let (found_zh, found_en) = type_words(found);
    at(
        path,
        name,
        Fault::error(
            "HJ1703",
            format!("应为{zh}，文件里是{found_zh}"),
            format!("{en} are needed, the file has {found_en}"),
        ),
    )
}

fn type_words(found: &DataType) -> (String, String) {
    match found {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ("文字".into(), "text".into()),
        DataType::Float32 | DataType::Float64 => ("浮点数".into(), "floating-point numbers".into()),
        DataType::Timestamp(TimeUnit::Nanosecond | TimeUnit::Microsecond | TimeUnit::Millisecond, _) => {
            ("时间戳".into(), "timestamps".into())
        }
        other => (other.to_string(), other.to_string()),
    }
}

/// A fault at a column of a file.
pub(crate) fn at(path: &Path, name: &str, fault: Fault) -> Fault {
    in_file(path, fault.column(name))
}

/// A fault in a file.
pub(crate) fn in_file(path: &Path, mut fault: Fault) -> Fault {
    fault.file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    fault
}

fn unreadable(path: &Path, error: &str) -> Fault {
    in_file(path, Fault::error("HJ1704", "打不开这个文件", format!("the file cannot be opened: {error}")))
}

pub(crate) fn damaged(path: &Path, error: &str) -> Fault {
    in_file(
        path,
        Fault::error(
            "HJ1705",
            "文件损坏或不是 Parquet",
            format!("the file is damaged or no Parquet: {error}"),
        ),
    )
    .help("请重新导出这个文件", "export the file again")
}
