//! Parquet as a data warehouse exports it: exact decimals in yuan, days as days, text as text.

use super::{Cell, Column, Kind};
use crate::SimError;
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are kept in memory.
const BATCH: usize = 1 << 16;

#[derive(Debug)]
pub(super) struct Sink {
    path: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    builders: Vec<Builder>,
}

impl Sink {
    pub(super) fn create(path: &Path, columns: &[Column]) -> Result<Self, SimError> {
        let field = |column: &Column| Field::new(column.name, data_type(column.kind), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let file = File::create(path).map_err(|error| SimError::file(path, error))?;
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|error| SimError::file(path, error))?;
        let builders = columns.iter().map(|column| Builder::new(column.kind)).collect();
        Ok(Self { path: path.to_owned(), schema, writer, builders })
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SimError> {
        self.builders.iter_mut().zip(cells).for_each(|(builder, cell)| builder.push(cell));
        match self.builders.first() {
            Some(first) if first.len() >= BATCH => self.flush(),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<(), SimError> {
        let arrays: Result<Vec<ArrayRef>, ArrowError> =
            self.builders.iter_mut().map(Builder::finish).collect();
        let batch = arrays.and_then(|arrays| RecordBatch::try_new(Arc::clone(&self.schema), arrays));
        let batch = batch.map_err(|error| SimError::file(&self.path, error))?;
        self.writer.write(&batch).map_err(|error| SimError::file(&self.path, error))
    }

    pub(super) fn finish(mut self) -> Result<(), SimError> {
        self.flush()?;
        self.writer.close().map_err(|error| SimError::file(&self.path, error))?;
        Ok(())
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Flag => DataType::Boolean,
        Kind::Day => DataType::Date32,
        Kind::Count => DataType::Int64,
        Kind::Points | Kind::Money(_) => DataType::Decimal128(18, 2),
        Kind::Ratio => DataType::Decimal128(9, 4),
    }
}

#[derive(Debug)]
enum Builder {
    Text(StringBuilder),
    Flag(BooleanBuilder),
    Day(Date32Builder),
    Count(Int64Builder),
    Decimal(Decimal128Builder, DataType),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Day => Self::Day(Date32Builder::new()),
            Kind::Count => Self::Count(Int64Builder::new()),
            Kind::Points | Kind::Money(_) | Kind::Ratio => {
                Self::Decimal(Decimal128Builder::new(), data_type(kind))
            }
        }
    }

    /// A cell of another kind is no value.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Flag(builder), Cell::Flag(flag)) => builder.append_value(*flag),
            (Self::Day(builder), Cell::Day(day)) => builder.append_value(day.days()),
            (Self::Count(builder), Cell::Number(value)) => builder.append_value(*value),
            (Self::Decimal(builder, _), Cell::Number(value)) => builder.append_value(i128::from(*value)),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Flag(builder), _) => builder.append_null(),
            (Self::Day(builder), _) => builder.append_null(),
            (Self::Count(builder), _) => builder.append_null(),
            (Self::Decimal(builder, _), _) => builder.append_null(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(builder) => builder.len(),
            Self::Flag(builder) => builder.len(),
            Self::Day(builder) => builder.len(),
            Self::Count(builder) => builder.len(),
            Self::Decimal(builder, _) => builder.len(),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Flag(builder) => Arc::new(builder.finish()),
            Self::Day(builder) => Arc::new(builder.finish()),
            Self::Count(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder, kind) => Arc::new(builder.finish().with_data_type(kind.clone())),
        })
    }
}
