//! Writes JSON for machines: numbers as text, because no reader of JSON numbers is exact.

use super::{ResultColumn, ResultTable, ResultValues, WriteError, replace_file};
use crate::column::Status;
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// Writes a table as `{"table": …, "columns": [{"name", "unit", "type"}], "rows": [{…}]}`.
///
/// Numbers are decimal text, booleans are booleans. A value that is not present is `null`, and its word is in
/// `名称_状态` (`name_status`).
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub fn write_json(path: &Path, table: &ResultTable, lang: Lang) -> Result<(), WriteError> {
    replace_file(path, |out| {
        let columns: Vec<Value> = table.columns.iter().map(describe).collect();
        write!(out, "{{\"table\":{},\"columns\":{},\"rows\":[", json!(table.name), json!(columns))?;
        let names: Vec<String> = table.columns.iter().map(|column| json!(column.name).to_string()).collect();
        for row in 0..table.rows() {
            out.write_all(if row == 0 { b"\n{" } else { b",\n{" })?;
            for (place, (column, name)) in table.columns.iter().zip(&names).enumerate() {
                if place > 0 {
                    out.write_all(b",")?;
                }
                write_value(out, column, name, row, lang)?;
            }
            out.write_all(b"}")?;
        }
        out.write_all(b"\n]}\n")
    })
}

fn describe(column: &ResultColumn) -> Value {
    let kind = match &column.values {
        ResultValues::Text(_) => "text",
        ResultValues::Item { .. } => "item",
        ResultValues::Number { .. } => "number",
        ResultValues::Bool(_) => "bool",
        ResultValues::Date(_) => "date",
        ResultValues::Period(_) => "period",
    };
    json!({ "name": column.name, "unit": column.unit, "type": kind })
}

/// One name with its value; `name` is quoted already.
fn write_value(
    out: &mut impl Write,
    column: &ResultColumn,
    name: &str,
    row: usize,
    lang: Lang,
) -> io::Result<()> {
    let status = column.status(row);
    if status != Status::Present {
        return write!(
            out,
            "{name}:null,{}:{}",
            json!(column.status_heading(lang)),
            json!(status.word(lang))
        );
    }
    match &column.values {
        ResultValues::Bool(values) => write!(out, "{name}:{}", values[row]),
        ResultValues::Number { .. } => write!(out, "{name}:\"{}\"", column.text(row, lang)),
        _ => write!(out, "{name}:{}", json!(column.text(row, lang))),
    }
}
