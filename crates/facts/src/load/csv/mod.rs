//! Reads CSV: UTF-8 with or without mark, UTF-16 with mark, or GB18030; separated by commas, or by tabs when the
//! heading has no comma.
//!
//! Text without quotes, which is nearly all that systems export, is cut into chunks of whole lines and read on all cores;
//! with quotes only reading from the start tells where a row ends.

mod plain;
mod quoted;

use super::Job;
use super::find::{Found, too_large, unreadable};
use super::original::Original;
use super::rows::{RowTable, too_many_columns};
use crate::cell::Cell;
use crate::column::LoadedTable;
use crate::fault::{Fault, Faults};
use encoding_rs::{Encoding, GB18030};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;

/// Reads the table of a file.
pub(super) fn load(job: &Job<'_>, found: &Found, faults: &mut Faults) -> Option<LoadedTable> {
    let bytes = match fs::read(&found.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.push(unreadable(&error));
            return None;
        }
    };
    let text = decode(&bytes).or_else(|| {
        faults.push(
            Fault::error(
                "HJ1009",
                "文件的编码既不是 UTF-8 也不是 GB18030",
                "the file is neither UTF-8 nor GB18030 text",
            )
            .help(
                "在 Excel 里另存为「CSV UTF-8（逗号分隔）」",
                "save it in Excel as “CSV UTF-8 (comma delimited)”",
            ),
        );
        None
    })?;
    // Offsets into the texts of a column are 32 bits; another encoding may be half as long again in UTF-8.
    if let Some(fault) = too_large(text.len() as u64, i32::MAX as u64) {
        faults.push(fault);
        return None;
    }
    read(job, &found.name, &text, faults)
}

/// Some rows as they are written.
pub(super) fn original(found: &Found, wanted: &BTreeSet<u32>) -> Result<Original, Fault> {
    let bytes = fs::read(&found.path).map_err(|error| unreadable(&error))?;
    let text = decode(&bytes).unwrap_or_default();
    Ok(quoted::original(&text, wanted))
}

/// The text of a file, copied only when it is not UTF-8.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return (!broken).then_some(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// Reads the table of a text.
fn read(job: &Job<'_>, file: &str, text: &str, faults: &mut Faults) -> Option<LoadedTable> {
    match plain::Text::new(text) {
        Some(text) => plain::read(job, file, text, plain::chunk_bytes(text.len()), faults),
        None => quoted::read(job, file, text, faults),
    }
}

/// Starts a table below its heading; nothing, with a fault, when there is none or it is too wide.
fn start<'j>(job: &'j Job<'j>, headings: &[&str], faults: &mut Faults) -> Option<RowTable<'j>> {
    if headings.is_empty() {
        faults.push(no_heading());
        return None;
    }
    if headings.len() > job.limits.columns {
        faults.push(too_many_columns(job.limits.columns));
        return None;
    }
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    Some(RowTable::new(job, &headings, faults))
}

/// Adds a row of `width` cells below a heading of `wanted`; one of another width is a fault.
#[inline]
fn push<'c>(
    table: &mut RowTable<'_>,
    (number, width, wanted): (u32, usize, usize),
    cell: impl Fn(usize) -> &'c str,
    faults: &mut Faults,
) {
    let cell = |index| Cell::Text(cell(index));
    let surplus = (wanted..width).any(|index| !cell(index).is_blank());
    if width < wanted && !(width == 1 && cell(0).is_blank()) || surplus {
        table.push_broken(number, ragged(width, wanted), faults);
    } else {
        table.push(number, width, cell, faults);
    }
}

/// Commas, or tabs when the first line has no comma.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    if heading.contains('\t') && !heading.contains(',') { b'\t' } else { b',' }
}

fn ragged(width: usize, wanted: usize) -> Fault {
    Fault::error(
        "HJ1108",
        format!("这一行有 {width} 格，表头有 {wanted} 格"),
        format!("this row has {width} cells, the heading has {wanted}"),
    )
    .help(
        "检查是否多了或少了逗号；文字里有逗号时要加引号",
        "check for a comma too many or too few; text with a comma needs quotes",
    )
}

/// The file has no heading.
pub(super) fn no_heading() -> Fault {
    Fault::error("HJ1015", "文件是空的，没有表头", "the file is empty and has no heading")
        .help("第一行写列名", "write the names of the columns in the first row")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultReport;
    use crate::limits::Limits;
    use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
    use hengjie_quantity::{Currency, Lang, Unit};
    use proptest::prelude::*;

    fn spec() -> TableSpec {
        let money = ColumnKind::Number { unit: Unit::money(Currency::Cny) };
        let kinds = [
            ("编号", ColumnKind::Key),
            ("经理", ColumnKind::Reference { table: "人员".to_owned() }),
            ("余额", money),
            ("日期", ColumnKind::Date),
            ("期间", ColumnKind::Period(None)),
            ("状态", ColumnKind::Choice(vec!["正常".to_owned(), "逾期".to_owned()])),
            ("属实", ColumnKind::Bool),
            ("说明", ColumnKind::Text),
        ];
        let column =
            |(name, kind): (&str, ColumnKind)| ColumnSpec { nullable: true, ..ColumnSpec::new(name, kind) };
        let columns = kinds.into_iter().map(column).collect();
        TableSpec {
            name: "贷款".to_owned(),
            title: Default::default(),
            columns,
            key: vec![0],
            required: true,
        }
    }

    /// Everything that a reading gives, in words.
    fn read_with(text: &str, read: impl Fn(&Job<'_>, &mut Faults) -> Option<LoadedTable>) -> String {
        let (spec, limits) = (spec(), Limits { faults_per_table: 20, ..Limits::default() });
        let indexes = crate::resolve::KeyIndexes::default();
        let (limits, indexes) = (&limits, &indexes);
        let job = Job { spec: &spec, index: 0, mapping: None, limits, progress: &|_| {}, indexes };
        let mut faults = Faults::new("贷款.csv", limits.faults_per_table);
        let table = read(&job, &mut faults);
        let mut report = FaultReport::default();
        report.absorb("贷款", faults);
        let columns = table.iter().flat_map(|table| &table.columns).flatten();
        let states: Vec<_> = columns.clone().map(|column| column.status.clone()).collect();
        let data: Vec<String> = columns.map(|column| format!("{:?}", column.data)).collect();
        let rows =
            table.as_ref().map(|table| (0..table.rows).map(|row| table.row_number(row)).collect::<Vec<_>>());
        format!("{text}\n{rows:?}\n{states:?}\n{data:#?}\n{}", report.to_text(Lang::Zh))
    }

    fn cell() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "",
            " ",
            "1001",
            "1002",
            "007",
            "甲",
            "１２",
            "12.5",
            "-3",
            "1.1亿元",
            "5户",
            "1e5",
            "2025-03-01",
            "2025/3/1",
            "2025年",
            "2025年3月",
            "正常",
            "逾期",
            "是",
            "否",
            "无",
            "免",
            "—",
            "示例：1",
            "一\u{200b}二",
            " 文 字 ",
        ])
    }

    fn text() -> impl Strategy<Value = String> {
        let row = prop::collection::vec(cell(), 0..10).prop_map(|cells| cells.join(","));
        let good = prop::collection::vec(cell(), 8).prop_map(|cells| cells.join(","));
        let rows = prop::collection::vec(prop_oneof![1 => row, 4 => good], 0..40);
        (rows, any::<bool>(), any::<bool>()).prop_map(|(rows, returns, ended)| {
            let line_end = if returns { "\r\n" } else { "\n" };
            let mut text =
                format!("编号,经理,余额（元）,日期,期间,状态,属实,说明{line_end}{}", rows.join(line_end));
            if ended {
                text.push_str(line_end);
            }
            text
        })
    }

    proptest! {
        #[test]
        fn chunks_read_like_the_whole_and_like_the_library(text in text(), chunk in 1_usize..200) {
            let plain = |bytes: usize| read_with(&text, |job, faults| {
                plain::read(job, "贷款.csv", plain::Text::new(&text).unwrap(), bytes, faults)
            });
            let library = read_with(&text, |job, faults| quoted::read(job, "贷款.csv", &text, faults));
            prop_assert_eq!(plain(usize::MAX), library);
            // Keys and texts that are not there are stand-ins, which may differ; rows, states and faults may not.
            let visible = |text: String| text.replace("\\\"0\\\"", "\\\"\\\"");
            prop_assert_eq!(visible(plain(chunk)), visible(plain(usize::MAX)));
        }
    }
}
