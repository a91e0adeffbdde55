//! Excel in: what Excel does to cells, and files made to break a reader.

#![expect(clippy::float_arithmetic, reason = "the remains of floating point calculations are what is tested")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::*;
use hengjie_calendar::Grain;
use hengjie_facts::{ColumnKind, Limits, Mapping, TableSpec, load_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn people() -> TableSpec {
    table("人员", vec![("工号", ColumnKind::Key), ("存款日均", money())])
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("人员").unwrap();
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

fn headings(sheet: &mut Worksheet, names: &[&str]) {
    for (name, place) in names.iter().zip(0..) {
        sheet.write(0, place, *name).unwrap();
    }
}

/// A workbook of parts as given, packed tightly.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The same workbook with one part changed.
fn patched(bytes: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut source = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..source.len() {
        let mut file = source.by_index(index).unwrap();
        let (mut content, name) = (Vec::new(), file.name().unwrap().into_owned());
        file.read_to_end(&mut content).unwrap();
        if name == part {
            let changed = change(std::str::from_utf8(&content).unwrap());
            assert!(changed.as_bytes() != content, "{part} must change");
            content = changed.into_bytes();
        }
        parts.push((name, content));
    }
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    archive(&parts)
}

#[test]
fn cells_as_excel_stores_them() {
    let mut spec = every_kind();
    spec.columns[7].kind = ColumnKind::Period(Some(Grain::Month));
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let month = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    let percent = Format::new().set_num_format("0.00%");
    let day = ExcelDateTime::from_ymd(2025, 3, 1).unwrap();
    let bytes = workbook(|sheet| {
        headings(sheet, &["工号", "姓名", "序列", "存款日均（万元）", "不良率（%）", "在岗", "入职", "期间"]);
        sheet.write(1, 0, 1001).unwrap().write(1, 1, 42).unwrap().write(1, 2, "个人").unwrap();
        sheet.write(1, 3, 0.1).unwrap().write(1, 4, 1.5).unwrap().write(1, 5, true).unwrap();
        sheet.write_datetime_with_format(1, 6, &day, &date).unwrap();
        sheet.write_datetime_with_format(1, 7, &day, &month).unwrap();
        sheet.write(3, 0, "0042").unwrap().write(3, 3, "1.1亿元").unwrap();
        sheet.write_number_with_format(3, 4, 0.015, &percent).unwrap();
        sheet.write(3, 2, "无").unwrap().write(3, 5, "否").unwrap().write(3, 6, 20_250_301).unwrap();
        sheet.write(3, 7, "2025-03").unwrap();
    });
    let folder = folder(&[("人员.xlsx", &bytes)]);
    let loaded = load(folder.path(), &[spec], "");
    same(&faults(&loaded), "");
    same(
        &print(&loaded),
        "人员.xlsx 2 行\n\
        2: 1001 42 [0] 1000 0.015 是 2025-03-01 2025年3月\n\
        4: 0042 待补 无 110000000 0.015 否 2025-03-01 2025年3月",
    );
}

#[test]
fn remains_of_calculations_are_read_as_shown() {
    let bytes = workbook(|sheet| {
        headings(sheet, &["工号", "存款日均（元）"]);
        sheet.write(1, 0, "1").unwrap();
        sheet.write_formula(1, 1, Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
    });
    let folder = folder(&[("人员.xlsx", &bytes)]);
    let loaded = load(folder.path(), &[people()], "");
    same(&print(&loaded), "人员.xlsx 1 行\n2: 1 0.3");
    same(
        &faults(&loaded),
        "提醒[HJ1206] 人员.xlsx［人员］ 第 2 行「存款日均（元）」：1 个数的尾数超过 15 位，是计算留下的误差，按 15 位读。Excel 公式的结果套上 ROUND；系统导出改用定点小数",
    );
}

#[test]
fn bad_cells_of_excel() {
    let percent = Format::new().set_num_format("0%");
    let bytes = workbook(|sheet| {
        headings(sheet, &["工号", "存款日均（元）"]);
        sheet.write(1, 0, 6_222_020_200_012_345_678_i64 as f64).unwrap().write(1, 1, 1).unwrap();
        sheet
            .write(2, 0, 7)
            .unwrap()
            .write_formula(2, 1, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
        sheet.write(3, 0, 8).unwrap().write_number_with_format(3, 1, 0.5, &percent).unwrap();
        sheet.write(4, 0, 9.5).unwrap().write(4, 1, true).unwrap();
        sheet.merge_range(5, 0, 6, 0, "10", &Format::new()).unwrap();
    });
    let expected = [
        "错误[HJ1221] 数据.xlsx［人员］ 第 2 行「工号」：编号「6222020200012350000」被 Excel 当成数字，超过 15 位的部分已经丢失。把这一列设成文本格式，再从原系统重新填入",
        "错误[HJ1205] 数据.xlsx［人员］ 第 3 行「存款日均（元）」：单元格是 Excel 的出错值 #DIV/0!。改正公式，或填入数值",
        "错误[HJ1202] 数据.xlsx［人员］ 第 4 行「存款日均（元）」：「0.5」的单位是「%」，这一列要的是「元」。换算成元或万元，或改正单位",
        "错误[HJ1201] 数据.xlsx［人员］ 第 5 行「存款日均（元）」：「是」不是数。写数字，例如 1,234.50元",
        "错误[HJ1222] 数据.xlsx［人员］ 第 5 行「工号」：「9.5」不能作编号。编号写成文本",
        "错误[HJ1012] 数据.xlsx［人员］ 第 6 行：第 6 行到第 7 行有合并的单元格，只有左上角一格有值。取消合并，每一格都填上",
    ];
    same(&workbook_faults(&[people()], &bytes), &expected.join("\n"));
}

#[test]
fn sheets_by_name() {
    let mut workbook = Workbook::new();
    for name in ["说明", "人员", "贷款表"] {
        headings(workbook.add_worksheet().set_name(name).unwrap(), &["工号", "存款日均（元）"]);
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let mut loans = people();
    loans.name = "贷款".to_owned();
    same(
        &workbook_faults(&[people(), loans], &bytes),
        "提醒[HJ1011] 数据.xlsx：工作表「贷款表」没有用到。工作表要与制度里的表同名\n\
        提醒[HJ1016] 数据.xlsx［人员］：表里没有数据\n\
        错误[HJ1010] 数据.xlsx：缺少工作表「贷款」。文件里有：说明、人员、贷款表",
    );
    let mut other = people();
    other.name = "客户".to_owned();
    same(
        &faults_of(&[other.clone()], &[("客户.xlsx", &bytes)], ""),
        "错误[HJ1010] 客户.xlsx：缺少工作表「客户」。文件里有：说明、人员、贷款表",
    );
    let one = workbook_with_rows();
    same(&faults_of(&[other], &[("客户.xlsx", &one)], ""), "");
}

fn workbook_with_rows() -> Vec<u8> {
    workbook(|sheet| {
        headings(sheet, &["工号", "存款日均（元）"]);
        for row in 1..50 {
            sheet.write(row, 0, row).unwrap().write(row, 1, f64::from(row) / 4.0).unwrap();
        }
    })
}

#[test]
fn dates_from_1904() {
    let spec = table("人员", vec![("工号", ColumnKind::Key), ("入职", ColumnKind::Date)]);
    let bytes = workbook(|sheet| {
        headings(sheet, &["工号", "入职"]);
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(1, 0, "1").unwrap().write_number_with_format(1, 1, 40_000, &date).unwrap();
    });
    let bytes = patched(&bytes, "xl/workbook.xml", |text| {
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    same(
        &workbook_faults(&[spec], &bytes),
        "错误[HJ1013] 数据.xlsx［人员］ 第 2 行：文件用 1904 年日期系统，日期会差四年。在 Excel 选项里取消「使用 1904 日期系统」，核对日期后另存",
    );
}

/// One fault with this code, and quickly.
#[track_caller]
fn refused(bytes: &[u8], code: &str) {
    let start = std::time::Instant::now();
    let found = workbook_faults(&[people()], bytes);
    assert!(found.starts_with(&format!("错误[{code}]")), "{code} expected, found: {found}");
    assert!(start.elapsed().as_secs() < 20, "took {:?}", start.elapsed());
}

#[test]
fn files_that_are_no_workbook() {
    refused(b"", "HJ1006");
    refused(b"PK\x03\x04 and then nothing", "HJ1006");
    refused(b"<html><table><tr><td>1</td></tr></table></html>", "HJ1007");
    refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "HJ1007");
    refused(&archive(&[("xl/vbaProject.bin", b"x")]), "HJ1007");
    refused(&archive(&[("../../etc/passwd", b"x")]), "HJ1006");
    let good = workbook_with_rows();
    for cut in [30, 1_000, good.len() / 2, good.len() - 30] {
        refused(&good[..cut], "HJ1006");
    }
}

#[test]
fn bombs() {
    let zeros = vec![b' '; 40 << 20];
    refused(&archive(&[("xl/worksheets/sheet1.xml", &zeros)]), "HJ1008");
    let noise = noise(1 << 20);
    let names: Vec<String> = (0..9).map(|part| format!("xl/{part}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), noise.as_slice())).collect();
    let limits = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    let folder = folder(&[("数据.xlsx", &archive(&parts))]);
    let path = folder.path().join("数据.xlsx");
    let loaded = load_workbook(&path, &[people()], &Mapping::default(), &limits, &|_| {});
    assert!(
        faults(&loaded).starts_with("错误[HJ1008] 数据.xlsx：拒绝打开这个 Excel 文件：解开后超过 8 MiB"),
        "{}",
        faults(&loaded)
    );
    let names: Vec<String> = (0..1_001).map(|part| format!("xl/{part}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    refused(&archive(&many), "HJ1008");
}

/// Bytes that hardly pack.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'!' + (state >> 33) as u8 % 64
    };
    (0..len).map(step).collect()
}

#[test]
fn sizes_in_headers_that_lie() {
    let mut bytes = archive(&[("xl/worksheets/sheet1.xml", &vec![b' '; 40 << 20])]);
    // Both headers claim ten bytes; only unpacking tells.
    let real = (40_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == real).collect();
    assert!(places.len() >= 2);
    for at in places {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let found = workbook_faults(&[people()], &bytes);
    assert!(found.starts_with("错误[HJ1008]") || found.starts_with("错误[HJ1006]"), "{found}");
}

#[test]
fn sheets_made_to_break_a_reader() {
    let good = workbook_with_rows();
    let sheet = |change: &dyn Fn(&str) -> String| patched(&good, "xl/worksheets/sheet1.xml", change);
    // One cell in the last corner, in data and as a heading.
    refused(
        &sheet(&|text| {
            text.replace(
                "</sheetData>",
                "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
            )
        }),
        "HJ1014",
    );
    refused(
        &sheet(&|text| {
            text.replace("<sheetData>", "<sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>")
        }),
        "HJ1014",
    );
    // A backward range makes careless arithmetic overflow.
    let backward = sheet(&|text| text.replace("<dimension ref=\"A1:B50\"/>", "<dimension ref=\"Z99:A1\"/>"));
    let found = workbook_faults(&[people()], &backward);
    assert!(found.is_empty() || found.starts_with("错误[HJ1006]"), "{found}");
    // Rows that go back.
    refused(
        &sheet(&|text| text.replace("<row r=\"40\"", "<row r=\"3\"").replace("r=\"A40\"", "r=\"A3\"")),
        "HJ1006",
    );
    refused(&sheet(&|text| text.replace("r=\"A40\"", "r=\"A99999999999\"")), "HJ1006");
    refused(&sheet(&|text| text.replace("</row>", "")[..text.len() / 3].to_owned()), "HJ1006");
    // Entities are not expanded.
    let laughs =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    let entity =
        sheet(&|text| {
            text.replacen("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", laughs, 1)
                .replacen("<v>2</v>", "<v>&b;</v>", 1)
        });
    let found = workbook_faults(&[people()], &entity);
    assert!(!found.contains("aaaa"), "{found}");
    // 10,000 attributes of one name.
    let repeated = " a=\"1\"".repeat(10_000);
    let start = std::time::Instant::now();
    let _ =
        workbook_faults(&[people()], &sheet(&|text| text.replacen("<row ", &format!("<row{repeated} "), 1)));
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn promises_of_memory_are_not_believed() {
    let text = workbook(|sheet| headings(sheet, &["工号", "存款日均（元）"]));
    let part = "xl/sharedStrings.xml";
    refused(
        &patched(&text, part, |text| text.replace("uniqueCount=\"2\"", "uniqueCount=\"99999999999999999\"")),
        "HJ1008",
    );
    refused(
        &patched(&text, part, |text| text.replace("uniqueCount=\"2\"", "uniqueCount = '900000000'")),
        "HJ1008",
    );
    let styles =
        |name: String| patched(&text, "xl/styles.xml", |styles| styles.replacen("Calibri", &name, 1));
    refused(&styles("长".repeat(2_000)), "HJ1008");
    refused(
        &patched(&text, "xl/styles.xml", |styles| {
            styles.replace("</cellXfs>", &format!("{}</cellXfs>", "<xf/>".repeat(300_000)))
        }),
        "HJ1008",
    );
}

#[test]
fn limits_of_a_sheet() {
    let folder = folder(&[("数据.xlsx", &workbook_with_rows())]);
    let path = folder.path().join("数据.xlsx");
    let check = |limits: Limits, expected: &str| {
        let loaded = load_workbook(&path, &[people()], &Mapping::default(), &limits, &|_| {});
        same(&faults(&loaded), expected);
    };
    check(
        Limits { sheet_cells: 20, ..Limits::default() },
        "错误[HJ1014] 数据.xlsx［人员］：超过 20 格。改用 CSV 或 Parquet",
    );
    check(
        Limits { rows: 20, ..Limits::default() },
        "错误[HJ1014] 数据.xlsx［人员］：超过 20 行。分成几个文件",
    );
    check(
        Limits { workbook_bytes: 20, ..Limits::default() },
        "错误[HJ1005] 数据.xlsx：文件有 0 MiB，最多 0 MiB。分成几个文件，或改用 Parquet",
    );
}
