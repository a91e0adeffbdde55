//! The sheets of a template workbook.

use super::{NOTES_SHEETS, example_row, heading, sheet_name};
use crate::number::to_excel_number;
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use crate::write::{heading_format, set_width};
use hengjie_quantity::{Lang, Rational, format_quantity};
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Note, Workbook, Worksheet,
    XlsxError,
};
use unicode_width::UnicodeWidthStr;

/// Last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;
/// Characters of a drop-down list that is written into the cell itself.
const INLINE_LIST: usize = 255;
/// Name of the hidden sheet with long lists.
const ITEMS_SHEET: &str = NOTES_SHEETS[3];

/// Writes the sheet of one table: heading, example row, drop-downs.
pub(super) fn write_table(
    sheet: &mut Worksheet,
    spec: &TableSpec,
    lists: &Lists<'_>,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&spec.name))?;
    sheet.set_freeze_panes(1, 1)?;
    let italic = Format::new()
        .set_italic()
        .set_font_color(Color::RGB(0x008C_8C8C))
        .set_background_color(Color::RGB(0x00FA_FAFA));
    let cells = example_row(spec, lang);
    for ((place, column), example) in (0_u16..).zip(&spec.columns).zip(&cells) {
        let title = heading(column, lang);
        set_width(sheet, place, &[title.width() + 2, example.width()])?;
        sheet.set_column_format(place, &input_format(column))?;
        let format = if column.required {
            heading_format()
        } else {
            heading_format().set_font_color(Color::RGB(0x0059_5959))
        };
        sheet.write_string_with_format(0, place, &title, &format)?;
        sheet.insert_note(
            0,
            place,
            &Note::new(explanation(column, lang)).add_author_prefix(false).set_width(240),
        )?;
        write_example(sheet, place, column, example, &italic)?;
        if let Some(validation) = drop_down(column, lists, lang)? {
            sheet.add_data_validation(1, place, LAST_ROW, place, &validation)?;
        }
    }
    Ok(())
}

/// Excel must not turn keys into numbers or `2025年3月` into a day.
fn input_format(column: &ColumnSpec) -> Format {
    match column.kind {
        ColumnKind::Key | ColumnKind::Reference { .. } | ColumnKind::Text | ColumnKind::Period(_) => {
            Format::new().set_num_format("@")
        }
        ColumnKind::Date => Format::new().set_num_format("yyyy-mm-dd"),
        _ => Format::new(),
    }
}

fn write_example(
    sheet: &mut Worksheet,
    place: u16,
    column: &ColumnSpec,
    example: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let is_number =
        matches!(column.kind, ColumnKind::Number { .. }) && Rational::parse_decimal(example).is_some();
    match to_excel_number(example) {
        Some(number) if is_number => sheet.write_number_with_format(1, place, number, format)?,
        _ => sheet.write_string_with_format(1, place, example, format)?,
    };
    Ok(())
}

/// The list of a cell that has one.
fn drop_down(
    column: &ColumnSpec,
    lists: &Lists<'_>,
    lang: Lang,
) -> Result<Option<DataValidation>, XlsxError> {
    let list = match &column.kind {
        ColumnKind::Bool => {
            DataValidation::new().allow_list_strings(&[lang.pick("是", "yes"), lang.pick("否", "no")])?
        }
        ColumnKind::Choice(items) if items.is_empty() => return Ok(None),
        ColumnKind::Choice(items) => match lists.range(items) {
            Some(range) => DataValidation::new().allow_list_formula(Formula::new(range)),
            None => DataValidation::new().allow_list_strings(items)?,
        },
        _ => return Ok(None),
    };
    // 无, 免 and the example stay possible: a warning, not a wall.
    let list = list
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title(lang.pick("不在选项里", "Not in the list"))?
        .set_error_message(lang.pick("请从下拉框里选。", "Please choose from the list."))?;
    Ok(Some(list))
}

/// Lists too long for a cell; they stand on a hidden sheet, one per column.
pub(super) struct Lists<'a>(Vec<&'a [String]>);

impl<'a> Lists<'a> {
    /// The long lists of all tables.
    pub(super) fn new(specs: &'a [TableSpec]) -> Self {
        let mut lists: Vec<&[String]> = Vec::new();
        for column in specs.iter().flat_map(|spec| &spec.columns) {
            if let ColumnKind::Choice(items) = &column.kind
                && !fits_inline(items)
                && !lists.contains(&items.as_slice())
            {
                lists.push(items);
            }
        }
        Self(lists)
    }

    /// The cells of a list, if it is a long one.
    fn range(&self, items: &[String]) -> Option<String> {
        let place = self.0.iter().position(|list| *list == items)?;
        let column = column_number_to_name(u16::try_from(place).ok()?);
        Some(format!("={ITEMS_SHEET}!${column}$1:${column}${}", items.len()))
    }

    /// Writes the hidden sheet, when there are long lists.
    pub(super) fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(ITEMS_SHEET)?;
        sheet.set_hidden(true);
        for (list, place) in self.0.iter().zip(0..) {
            for (item, row) in list.iter().zip(0..) {
                sheet.write_string(row, place, item)?;
            }
        }
        Ok(())
    }
}

fn fits_inline(items: &[String]) -> bool {
    let length: usize = items.iter().map(|item| item.encode_utf16().count() + 1).sum();
    length <= INLINE_LIST && items.iter().all(|item| !item.contains(','))
}

/// What the column means, for the note on its heading.
fn explanation(column: &ColumnSpec, lang: Lang) -> String {
    let mut lines = vec![column.kind.describe(lang)];
    lines.push(rules(column, lang));
    let note = column.note.text(lang);
    if !note.is_empty() {
        lines.push(note.to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// What may stand in the cells beyond a plain value.
fn rules(column: &ColumnSpec, lang: Lang) -> String {
    let mut rules: Vec<String> = Vec::new();
    if column.needs_all() {
        rules.push(lang.pick("每格必填", "every cell must be filled").to_owned());
    }
    if !column.required {
        rules.push(lang.pick("整列可以删去", "the column may be deleted").to_owned());
    }
    if column.nullable {
        rules.push(lang.pick("没有写 无，不考核写 免", "无 for none, 免 for exempt").to_owned());
    }
    if let (Some((low, high)), ColumnKind::Number { unit }) = (&column.range, &column.kind) {
        let (low, high) = (format_quantity(low, unit, lang), format_quantity(high, unit, lang));
        rules.push(match lang {
            Lang::Zh => format!("{low} 至 {high}"),
            Lang::En => format!("from {low} to {high}"),
        });
    }
    rules.join(lang.pick("；", "; "))
}

/// Writes the sheet that explains: how to fill in, then every column of every table.
pub(super) fn write_notes(sheet: &mut Worksheet, specs: &[TableSpec], lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(lang.pick(NOTES_SHEETS[0], NOTES_SHEETS[1]))?;
    let intro: &[&str] = match lang {
        Lang::Zh => &[
            "每张工作表填一张表，也可以改填同名的 CSV 文件。",
            "以「示例」开头的一行只是样子，读取时跳过，可以删去。",
            "表头括号里是单位，可以改成它的倍数（如万元）；单格也可以自带单位，如 1.1亿元、12%。",
            "空格子表示待补。要求里有「没有写 无」的列才可以写 无（或 —），那里不考核写 免。",
        ],
        Lang::En => &[
            "Fill in one sheet per table, or the CSV file of the same name.",
            "The row that starts with “example” only shows the form; it is left out when reading and may be deleted.",
            "The brackets in a heading hold the unit; a multiple such as 万元 may stand there, and a cell may have its own: 1.1亿元, 12%.",
            "An empty cell is still missing. Only columns whose rules say so take 无 (or —) for none and 免 for exempt.",
        ],
    };
    let mut row = 0;
    for line in intro {
        sheet.write_string(row, 0, *line)?;
        row += 1;
    }
    row += 1;
    let headings = lang.pick(
        ["表", "列", "内容", "要求", "说明", "示例"],
        ["Table", "Column", "Content", "Rules", "Meaning", "Example"],
    );
    let lines: Vec<[String; 6]> = specs.iter().flat_map(|spec| lines(spec, lang)).collect();
    for (place, title) in (0_u16..).zip(headings) {
        let widest = lines.iter().map(|line| line[usize::from(place)].width()).max().unwrap_or(0);
        set_width(sheet, place, &[title.width(), widest])?;
        sheet.write_string_with_format(row, place, title, &heading_format())?;
    }
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for line in &lines {
        row += 1;
        for (place, cell) in (0_u16..).zip(line) {
            sheet.write_string_with_format(row, place, cell, &wrapped)?;
        }
    }
    Ok(())
}

/// One line per column of a table.
fn lines(spec: &TableSpec, lang: Lang) -> Vec<[String; 6]> {
    let title = spec.title.text(lang);
    let name = if title.is_empty() || title == spec.name {
        spec.name.clone()
    } else {
        format!("{}　{title}", spec.name)
    };
    let line = |column: &ColumnSpec| {
        let content = match &column.kind {
            ColumnKind::Choice(items) => format!("{}：{}", column.kind.describe(lang), items.join("、")),
            kind => kind.describe(lang),
        };
        [
            name.clone(),
            column.name.clone(),
            content,
            rules(column, lang),
            column.note.text(lang).to_owned(),
            super::example(column, lang),
        ]
    };
    spec.columns.iter().map(line).collect()
}
