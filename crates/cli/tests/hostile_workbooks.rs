//! Excel files made to break a reader: each is refused or read for what it is, soon, with file and reason, and nothing is
//! written.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "test support: a failure stops the test")]

mod support;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};
use support::World;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A run of the debug build takes no longer with any of these files.
const PATIENCE: Duration = Duration::from_secs(30);
const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

/// What must come of a file.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// An error with this code that names the file.
    Fault(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// It is a good workbook, whatever else it carries.
    Good,
    /// Refused or good, but it comes to an end and does no harm.
    Ends,
}

use Outcome::{Ends, Fault, Good, OneOf};

struct Fixture {
    name: &'static str,
    bytes: Vec<u8>,
    outcome: Outcome,
}

fn fixture(name: &'static str, bytes: Vec<u8>, outcome: Outcome) -> Fixture {
    Fixture { name, bytes, outcome }
}

/// The table 客户 with three customers.
fn customers(sheet: &mut Worksheet) {
    sheet.set_name("客户").unwrap();
    for (heading, place) in ["编号", "经理", "余额（万元）"].iter().zip(0..) {
        sheet.write(0, place, *heading).unwrap();
    }
    for (row, (key, balance)) in (1..).zip([("K1", 150.0), ("K2", 99.99), ("K3", 7.0)]) {
        sheet.write(row, 0, key).unwrap().write(row, 1, "1001").unwrap().write(row, 2, balance).unwrap();
    }
}

fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    customers(sheet);
    fill(sheet);
    workbook.save_to_buffer().unwrap()
}

fn good() -> Vec<u8> {
    workbook(|_| {})
}

type Parts = Vec<(String, Vec<u8>)>;

fn parts(bytes: &[u8]) -> Parts {
    let mut source = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..source.len() {
        let mut file = source.by_index(index).unwrap();
        let (mut content, name) = (Vec::new(), file.name().unwrap().into_owned());
        file.read_to_end(&mut content).unwrap();
        parts.push((name, content));
    }
    parts
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The good workbook with one part changed.
fn changed(part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut all = parts(&good());
    let (_, content) = all.iter_mut().find(|(name, _)| name == part).unwrap();
    let new = change(content.clone());
    assert!(new != *content, "{part} must change");
    *content = new;
    packed(&all)
}

fn changed_text(part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    changed(part, |content| change(std::str::from_utf8(&content).unwrap()).into_bytes())
}

fn replaced(part: &str, from: &str, to: &str) -> Vec<u8> {
    changed_text(part, |text| text.replacen(from, to, 1))
}

/// The good workbook with more parts.
fn with(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut all = parts(&good());
    all.extend(more.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())));
    packed(&all)
}

fn without(part: &str) -> Vec<u8> {
    let mut all = parts(&good());
    all.retain(|(name, _)| name != part);
    packed(&all)
}

/// Places of a number of four bytes.
fn places(bytes: &[u8], wanted: [u8; 4]) -> Vec<usize> {
    (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == wanted).collect()
}

/// The headers of all entries, changed at an offset: behind `PK\x03\x04` and behind `PK\x01\x02`.
fn headers(mut bytes: Vec<u8>, local: usize, central: usize, value: &[u8]) -> Vec<u8> {
    for (mark, offset) in [(*b"PK\x03\x04", local), (*b"PK\x01\x02", central)] {
        for at in places(&bytes, mark) {
            bytes[at + offset..at + offset + value.len()].copy_from_slice(value);
        }
    }
    bytes
}

/// Many names for the bytes of one entry: the directory of the archive is longer than its content.
fn overlapping(entries: u16) -> Vec<u8> {
    let bytes = packed(&vec![("xl/a.xml".to_owned(), vec![b' '; 1 << 20])]);
    let directory = *places(&bytes, *b"PK\x01\x02").first().unwrap();
    let end = *places(&bytes, *b"PK\x05\x06").first().unwrap();
    let record = bytes[directory..end].to_vec();
    let name = record.windows(8).position(|window| window == b"xl/a.xml").unwrap();
    let mut all = bytes[..directory].to_vec();
    for entry in 0..entries {
        let mut record = record.clone();
        record[name..name + 8].copy_from_slice(format!("x{entry:03}.xml").as_bytes());
        all.extend(record);
    }
    let mut tail = bytes[end..].to_vec();
    tail[8..10].copy_from_slice(&entries.to_le_bytes());
    tail[10..12].copy_from_slice(&entries.to_le_bytes());
    let size = u32::try_from(all.len() - directory).unwrap();
    tail[12..16].copy_from_slice(&size.to_le_bytes());
    all.extend(tail);
    all
}

fn with_symlink() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts(&good()) {
        if name == SHEET {
            writer.add_symlink(name.as_str(), "/etc/passwd", SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            writer.write_all(&content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// A declaration of entities in front of a part, and their use in a cell.
fn entities(declared: &str, used: &str) -> Vec<u8> {
    changed_text(SHEET, |text| {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
        text.replacen(head, &format!("<?xml version=\"1.0\"?><!DOCTYPE worksheet [{declared}]>"), 1).replacen(
            "<v>150</v>",
            &format!("<v>{used}</v>"),
            1,
        )
    })
}

fn archives() -> Vec<Fixture> {
    let good = good();
    let cut = |keep: usize| good[..keep].to_vec();
    let spaces = vec![b' '; 60 << 20];
    let many: Vec<String> = (0..20_000).map(|part| format!("xl/{part}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let size = |name: &str| {
        u32::try_from(parts(&good).iter().find(|(part, _)| part == name).unwrap().1.len()).unwrap()
    };
    let lies = |claimed: u32| {
        let mut bytes = good.clone();
        for at in places(&good, size(SHEET).to_le_bytes()) {
            bytes[at..at + 4].copy_from_slice(&claimed.to_le_bytes());
        }
        bytes
    };
    let renamed = |from: &[u8], to: &[u8], bytes: Vec<u8>| {
        let mut bytes = bytes;
        let found: Vec<usize> =
            (0..bytes.len() - from.len()).filter(|&at| bytes[at..].starts_with(from)).collect();
        found.iter().for_each(|&at| bytes[at..at + to.len()].copy_from_slice(to));
        bytes
    };
    vec![
        fixture("bomb in a sheet", changed(SHEET, |text| [text, spaces.clone()].concat()), Fault("HJ1008")),
        fixture("bomb in a part nobody reads", with(&[("xl/media/image1.png", &spaces)]), Fault("HJ1008")),
        fixture(
            "bomb within an archive within",
            with(&[("xl/embeddings/a.zip", &packed(&vec![("b".to_owned(), spaces.clone())]))]),
            Good,
        ),
        fixture("999 names for one megabyte", overlapping(999), Fault("HJ1008")),
        fixture("20,000 parts", with(&many), Fault("HJ1008")),
        fixture("names that climb", with(&[("../../evil.txt", b"x"), ("xl/../../../evil.txt", b"x")]), Ends),
        fixture("absolute names", with(&[("/tmp/evil.txt", b"x")]), Ends),
        fixture("names of Windows", with(&[("C:\\evil.txt", b"x"), ("..\\evil.txt", b"x")]), Ends),
        fixture("a link for a sheet", with_symlink(), Fault("HJ1006")),
        fixture("a size that is too small", lies(10), OneOf(&["HJ1006", "HJ1008"])),
        fixture("a size that is too large", lies(u32::MAX - 16), Ends),
        fixture("wrong check sums", headers(good.clone(), 14, 16, b"\x01\x02\x03\x04"), Fault("HJ1006")),
        fixture("a password", headers(good.clone(), 6, 8, b"\x01\x00"), Fault("HJ1007")),
        fixture(
            "an unknown packing",
            headers(good.clone(), 8, 10, b"\x63\x00"),
            OneOf(&["HJ1006", "HJ1007"]),
        ),
        fixture(
            "two parts of one name",
            renamed(
                b"xl/worksheets/sheet9.xml",
                SHEET.as_bytes(),
                with(&[("xl/worksheets/sheet9.xml", b"<x/>")]),
            ),
            Ends,
        ),
        fixture("nothing", Vec::new(), Fault("HJ1006")),
        fixture("two letters", b"PK".to_vec(), Fault("HJ1006")),
        fixture("cut in its first header", cut(20), Fault("HJ1006")),
        fixture("cut in the middle", cut(good.len() / 2), Fault("HJ1006")),
        fixture("cut before its end", cut(good.len() - 10), Fault("HJ1006")),
        fixture("garbage behind", [good.clone(), vec![0; 1000]].concat(), Ends),
        fixture("garbage before", [vec![b'#'; 1000], good.clone()].concat(), Fault("HJ1006")),
        fixture("no table of parts", renamed(b"PK\x05\x06", b"XX\x05\x06", good.clone()), Fault("HJ1006")),
        fixture("a web page", b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), Fault("HJ1007")),
        fixture(
            "a spreadsheet of 2003 in XML",
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>"
                .to_vec(),
            Fault("HJ1007"),
        ),
        fixture("text", "编号,经理,余额\nK1,1001,5\n".as_bytes().to_vec(), Fault("HJ1006")),
        fixture("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), Fault("HJ1006")),
        fixture(
            "old Excel, or a password",
            [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 504]].concat(),
            Fault("HJ1007"),
        ),
        fixture("macros", with(&[("xl/vbaProject.bin", b"x")]), Fault("HJ1007")),
        fixture(
            "binary parts (.xlsb)",
            packed(&vec![
                ("[Content_Types].xml".to_owned(), b"<Types/>".to_vec()),
                ("xl/workbook.bin".to_owned(), vec![0; 64]),
            ]),
            Fault("HJ1006"),
        ),
        fixture(
            "a Word document",
            packed(&vec![("word/document.xml".to_owned(), b"<w/>".to_vec())]),
            Fault("HJ1006"),
        ),
        fixture("a sheet that is not there", without(SHEET), Fault("HJ1006")),
        fixture("strings that are not there", without(STRINGS), Fault("HJ1006")),
        fixture("no list of sheets", without("xl/workbook.xml"), OneOf(&["HJ1006", "HJ1010"])),
    ]
}

fn structure() -> Vec<Fixture> {
    let attributes = |count: usize, name: &dyn Fn(usize) -> String| {
        let all: String = (0..count).map(|at| format!(" {}=\"u\"", name(at))).collect();
        changed_text(SHEET, |text| text.replacen("<row ", &format!("<row{all} "), 1))
    };
    let deep = |levels: usize| {
        changed_text(SHEET, |text| {
            let nested = format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
            text.replacen("<sheetData>", &format!("{nested}<sheetData>"), 1)
        })
    };
    let relation =
        |target: &str| replaced("xl/_rels/workbook.xml.rels", "Target=\"worksheets/sheet1.xml\"", target);
    let laughs: String = (1..10).fold("<!ENTITY l0 \"lol\">".to_owned(), |all, level| {
        let before = format!("&l{};", level - 1).repeat(10);
        format!("{all}<!ENTITY l{level} \"{before}\">")
    });
    let dimension = |to: &str| changed_text(SHEET, |text| text.replace("A1:C4", to));
    vec![
        fixture("a sheet that claims every cell", dimension("A1:XFD1048576"), Good),
        fixture("a range that goes back", dimension("Z99:A1"), Ends),
        fixture("a range of nonsense", dimension("不是:范围"), Ends),
        fixture("one cell in the last corner", replaced(SHEET, "</sheetData>", "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>"), Fault("HJ1014")),
        fixture("a heading in the last column", replaced(SHEET, "<sheetData>", "<sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"), Fault("HJ1014")),
        fixture("a cell in row 0", replaced(SHEET, "r=\"A3\"", "r=\"A0\""), Ends),
        fixture("a cell beyond all rows", replaced(SHEET, "r=\"A3\"", "r=\"A99999999999\""), Fault("HJ1006")),
        fixture("a cell of nowhere", replaced(SHEET, "r=\"A3\"", "r=\"中\""), Fault("HJ1006")),
        fixture("rows that go back", changed_text(SHEET, |text| text.replace("r=\"4\"", "r=\"2\"").replace("4\"", "2\"")), Ends),
        fixture("half a sheet", changed(SHEET, |text| text[..text.len() / 2].to_vec()), Fault("HJ1006")),
        fixture("tags that do not close", changed_text(SHEET, |text| text.replace("</row>", "")), Ends),
        fixture("10,000 equal attributes", attributes(10_000, &|_| "a".to_owned()), Ends),
        fixture("50,000 name spaces", attributes(50_000, &|at| format!("xmlns:n{at}")), Ends),
        fixture("100,000 levels", deep(100_000), Ends),
        fixture("10 million strings promised", replaced(STRINGS, "uniqueCount=\"7\"", "uniqueCount=\"10000000\""), Ends),
        fixture("more strings promised than memory holds", changed_text(STRINGS, |text| text.replace("uniqueCount=\"", "uniqueCount=\"99999999")), Fault("HJ1008")),
        fixture("a string that is not in the list", replaced(SHEET, "<v>3</v>", "<v>999999</v>"), Fault("HJ1006")),
        fixture("a string with a negative number", replaced(SHEET, "<v>3</v>", "<v>-3</v>"), Ends),
        fixture("300,000 styles", replaced("xl/styles.xml", "</cellXfs>", &format!("{}</cellXfs>", "<xf/>".repeat(300_000))), Fault("HJ1008")),
        fixture("a billion laughs", entities(&laughs, "&l9;"), Fault("HJ1008")),
        fixture("a file of the system as an entity", entities("<!ENTITY x SYSTEM \"file:///etc/passwd\">", "&x;"), Fault("HJ1008")),
        fixture("an address as an entity", entities("<!ENTITY x SYSTEM \"http://127.0.0.1:9/x\">", "&x;"), Fault("HJ1008")),
        fixture("an entity that is itself", entities("<!ENTITY x \"&x;&x;\">", "&x;"), Fault("HJ1008")),
        fixture("a sheet that lies elsewhere", relation("Target=\"../../../../etc/passwd\""), Fault("HJ1006")),
        fixture("a sheet at an address", relation("Target=\"http://127.0.0.1:9/sheet1.xml\" TargetMode=\"External\""), Fault("HJ1006")),
        fixture("a book that links to another", with(&[("xl/externalLinks/externalLink1.xml", b"<externalLink/>"), ("xl/externalLinks/_rels/externalLink1.xml.rels", b"<Relationships><Relationship Target=\"file:///C:/x.xlsx\" TargetMode=\"External\"/></Relationships>")]), Good),
        fixture("a connection", with(&[("xl/connections.xml", b"<connections><connection odcFile=\"http://127.0.0.1:9/\"/></connections>")]), Good),
        fixture("broken drawings and notes", with(&[("xl/drawings/drawing1.xml", b"<<<<"), ("xl/comments1.xml", b"\xff\xfe")]), Good),
        fixture("text that is not UTF-8", changed(STRINGS, |text| text.iter().map(|&byte| if byte == b'K' { 0xff } else { byte }).collect()), Ends),
        fixture("a sheet in UTF-16", changed_text(SHEET, |text| format!("\u{feff}{text}")), Ends),
    ]
}

fn contents() -> Vec<Fixture> {
    let cell = |from: &str, to: &str| replaced(SHEET, from, to);
    let formula = |text: &str, shown: &str| {
        let formula = Formula::new(text).set_result(shown);
        workbook(|sheet| {
            sheet.write_formula(1, 2, formula.clone()).unwrap();
        })
    };
    let key = |text: &str| {
        workbook(|sheet| {
            sheet.write(1, 0, text).unwrap();
        })
    };
    let two_sheets = |fill: &dyn Fn(&mut Worksheet)| {
        let mut workbook = Workbook::new();
        customers(workbook.add_worksheet());
        fill(workbook.add_worksheet());
        workbook.save_to_buffer().unwrap()
    };
    let hidden = |deep: bool| {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("别的").unwrap();
        let sheet = workbook.add_worksheet();
        customers(sheet);
        if deep {
            sheet.set_very_hidden(true)
        } else {
            sheet.set_hidden(true)
        };
        workbook.save_to_buffer().unwrap()
    };
    vec![
        fixture("a command in a formula", formula("=cmd|'/c calc'!A1", "150"), Good),
        fixture("a formula that links to another book", formula("='[1]Sheet1'!A1", "150"), Good),
        fixture(
            "a formula that calls an address",
            formula("=WEBSERVICE(\"http://127.0.0.1:9/\")", "150"),
            Good,
        ),
        fixture("a formula that ends in an error", formula("=1/0", "#DIV/0!"), OneOf(&["HJ1205", "HJ1201"])),
        fixture("a command as a key", key("=cmd|' /C calc'!A0"), Good),
        fixture("not a number", cell("<v>150</v>", "<v>NaN</v>"), OneOf(&["HJ1205", "HJ1201", "HJ1006"])),
        fixture("infinity", cell("<v>150</v>", "<v>inf</v>"), OneOf(&["HJ1205", "HJ1201", "HJ1006"])),
        fixture("a number of 309 digits", cell("<v>150</v>", "<v>1E+308</v>"), OneOf(&["HJ1204", "HJ1201"])),
        fixture(
            "a number of 300 decimals",
            cell("<v>150</v>", "<v>1E-300</v>"),
            OneOf(&["HJ1204", "HJ1201"]),
        ),
        fixture(
            "words in the place of a number",
            cell("<v>150</v>", "<v>很多</v>"),
            OneOf(&["HJ1201", "HJ1006"]),
        ),
        fixture(
            "an account number that lost its digits",
            workbook(|sheet| {
                sheet.write(1, 0, 6_222_020_200_012_345_678.0).unwrap();
            }),
            Fault("HJ1221"),
        ),
        fixture(
            "an error for a balance",
            cell("<c r=\"C2\"><v>150</v></c>", "<c r=\"C2\" t=\"e\"><v>#N/A</v></c>"),
            Fault("HJ1205"),
        ),
        fixture(
            "yes for a balance",
            workbook(|sheet| {
                sheet.write(1, 2, true).unwrap();
            }),
            Fault("HJ1201"),
        ),
        fixture(
            "a day for a balance",
            workbook(|sheet| {
                let day = ExcelDateTime::from_ymd(2025, 1, 1).unwrap();
                sheet.write_with_format(1, 2, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
            }),
            Fault("HJ1201"),
        ),
        fixture(
            "headings in one merged cell",
            workbook(|sheet| {
                sheet.merge_range(0, 0, 0, 1, "编号", &Format::new()).unwrap();
            }),
            Fault("HJ1012"),
        ),
        fixture(
            "merged balances",
            workbook(|sheet| {
                sheet.merge_range(1, 2, 2, 2, "5", &Format::new()).unwrap();
            }),
            Fault("HJ1012"),
        ),
        fixture(
            "rows that nobody sees",
            workbook(|sheet| {
                sheet.set_row_hidden(2).unwrap();
            }),
            Good,
        ),
        fixture(
            "columns that nobody sees",
            workbook(|sheet| {
                sheet.set_column_hidden(2).unwrap();
            }),
            Good,
        ),
        fixture("a table on a hidden sheet", hidden(false), OneOf(&["HJ1010", "HJ1015"])),
        fixture("a table on a sheet hidden from the menu", hidden(true), OneOf(&["HJ1010", "HJ1015"])),
        fixture("a key that runs backwards", key("K1\u{202e}1"), Fault("HJ1218")),
        fixture("a key with what cannot be seen", key("K\u{200b}1"), Fault("HJ1218")),
        fixture(
            "a person with what cannot be seen",
            workbook(|sheet| {
                sheet.write(1, 1, "1001\u{feff}\u{2060}9").unwrap();
            }),
            Fault("HJ1218"),
        ),
        fixture("a control character in a key", key("K\u{7f}1"), Fault("HJ1218")),
        fixture(
            "40,000 characters in a cell",
            changed_text(STRINGS, |text| text.replacen("K1", &"长".repeat(40_000), 1)),
            Fault("HJ1216"),
        ),
        fixture(
            "two customers of one key",
            workbook(|sheet| {
                sheet.write(2, 0, "K1").unwrap();
            }),
            Fault("HJ1301"),
        ),
        fixture(
            "people who are not there",
            workbook(|sheet| {
                sheet.write(2, 1, "9999").unwrap();
            }),
            Fault("HJ1302"),
        ),
        fixture("a sheet without anything", Workbook::new().add_worksheet_named("客户"), Fault("HJ1015")),
        fixture("500 sheets", two_sheets_many(), Good),
        fixture(
            "two sheets of nearly one name",
            two_sheets(&|sheet| {
                sheet.set_name("客户 ").unwrap();
            }),
            Ends,
        ),
    ]
}

/// Makes a workbook of one empty sheet.
trait Named {
    fn add_worksheet_named(self, name: &str) -> Vec<u8>;
}

impl Named for Workbook {
    fn add_worksheet_named(mut self, name: &str) -> Vec<u8> {
        self.add_worksheet().set_name(name).unwrap();
        self.save_to_buffer().unwrap()
    }
}

fn two_sheets_many() -> Vec<u8> {
    let mut workbook = Workbook::new();
    for number in 0..499 {
        workbook.add_worksheet().set_name(format!("第{number}页")).unwrap();
    }
    customers(workbook.add_worksheet());
    workbook.save_to_buffer().unwrap()
}

const RUN: [&str; 8] =
    ["run", "policy.md", "--data", "data", "--params", "parameters.demo.csv", "--out", "out"];

/// Hands every file in as the table 客户.
fn check(fixtures: Vec<Fixture>) {
    for Fixture { name, bytes, outcome } in fixtures {
        let world = World::new();
        world.remove("data/客户.csv");
        world.write_bytes("data/客户.xlsx", &bytes);
        let start = Instant::now();
        let run = world.run(&RUN);
        let said: String = run.text().chars().take(3_000).collect();
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
        assert!(run.text().len() < 1 << 20, "{name}: {} bytes were said", run.text().len());
        assert!(!run.text().contains("root:"), "{name} read another file: {said}");
        assert!(!run.stderr.contains("程序内部出错"), "{name}: {said}");
        let fault = |code: &str| run.stderr.lines().any(|line| line.starts_with(&format!("错误[{code}]")));
        let is_refused = run.code == Some(1) && run.stderr.contains("客户.xlsx");
        match outcome {
            Fault(code) => {
                assert!(is_refused && fault(code), "{name}: {code} expected, {:?} {said}", run.code)
            }
            OneOf(codes) => assert!(
                is_refused && codes.iter().any(|code| fault(code)),
                "{name}: {codes:?} expected, {:?} {said}",
                run.code
            ),
            Good => assert!(matches!(run.code, Some(0 | 3)), "{name}: {:?} {said}", run.code),
            Ends => assert!(matches!(run.code, Some(0 | 1 | 3)), "{name}: {:?} {said}", run.code),
        }
        if run.code == Some(1) {
            world.assert_untouched();
        }
        assert_eq!(world.hidden(), Vec::<String>::new(), "{name}");
        assert!(!world.path("evil.txt").exists() && !world.path("../evil.txt").exists(), "{name}");
    }
}

#[test]
fn archives_that_are_not_what_they_seem() {
    check(archives());
}

#[test]
fn parts_made_to_break_a_reader() {
    check(structure());
}

#[test]
fn cells_that_mean_harm() {
    check(contents());
}

const IMPORT: [&str; 8] =
    ["import", "policy.md", "--data", "客户.xlsx", "--store", "store", "--recorded-on", "2026-01-05"];

/// The same files, handed in for a fact store: they are read in a process of their own, and what is refused leaves the store empty.
#[test]
fn imports_of_harmful_files() {
    for Fixture { name, bytes, .. } in archives().into_iter().chain(structure()).chain(contents()) {
        let world = World::new();
        world.write_bytes("客户.xlsx", &bytes);
        let start = Instant::now();
        let run = world.run(&IMPORT);
        let said: String = run.text().chars().take(3_000).collect();
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
        assert!(matches!(run.code, Some(0 | 1 | 3)), "{name}: {:?} {said}", run.code);
        assert!(!run.stderr.contains("程序内部出错") && !said.contains("root:"), "{name}: {said}");
        assert_eq!(world.path("store/imports/000001.json").exists(), run.code != Some(1), "{name}: {said}");
    }
}

/// A file that takes more memory or time than it may ends the process that reads it, and nothing else.
#[test]
fn imports_have_limits() {
    for (variable, value) in [("HENGJIE_IMPORT_SECONDS", "0"), ("HENGJIE_IMPORT_MEMORY", "64")] {
        let world = World::new();
        world.write_bytes("客户.xlsx", &good());
        let run = world.run_with(&[(variable, value)], &IMPORT);
        assert!(
            run.code == Some(1) && run.stderr.contains("没有做完就停了"),
            "{variable}: {:?} {}",
            run.code,
            run.text()
        );
        assert!(!world.path("store/imports/000001.json").exists(), "{variable}");
        let run = world.run(&IMPORT);
        assert!(!run.stderr.contains("没有做完就停了"), "{variable}: {}", run.text());
    }
}

#[test]
fn days_counted_from_1904() {
    let world = World::new();
    world.remove("data/考核事件.csv");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("考核事件").unwrap();
    for (heading, place) in ["日期", "经理", "属实"].iter().zip(0..) {
        sheet.write(0, place, *heading).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2025, 1, 1).unwrap();
    sheet.write_with_format(1, 0, &day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    sheet.write(1, 1, "1003").unwrap().write(1, 2, true).unwrap();
    let mut all = parts(&workbook.save_to_buffer().unwrap());
    let (_, book) = all.iter_mut().find(|(name, _)| name == "xl/workbook.xml").unwrap();
    *book = std::str::from_utf8(book)
        .unwrap()
        .replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
        .into_bytes();
    world.write_bytes("data/考核事件.xlsx", &packed(&all));
    let run = world.run(&RUN);
    assert!(run.code == Some(1) && run.stderr.contains("错误[HJ1013] 考核事件.xlsx"), "{}", run.text());
    world.assert_untouched();
}

#[test]
fn an_old_workbook_beside_the_tables() {
    let world = World::new();
    world.remove("data/客户.csv");
    world.write_bytes("data/客户.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let run = world.run(&RUN);
    assert!(run.code == Some(1) && run.stderr.contains("错误[HJ1006]"), "{}", run.text());
    assert!(run.stderr.contains("不认识 客户.xls 这种文件。用 Excel 打开，另存为 .xlsx"), "{}", run.text());
    world.assert_untouched();
}

/// What is refused in a cell of Excel leaves in no format as a formula.
#[test]
fn formulas_do_not_leave_again() {
    let world = World::new();
    for (name, safe) in
        [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+1", "'+1"), ("-1", "'-1"), ("＝1", "'＝1")]
    {
        world.write("data/人员.csv", &World::new().read("data/人员.csv").replace("张三", name));
        let run = world.run(&RUN);
        assert_eq!(run.code, Some(0), "{name}: {}", run.text());
        assert!(
            world.read("out/人员_每年.csv").contains(&format!("1001,{safe},")),
            "{}",
            world.read("out/人员_每年.csv")
        );
    }
}
