//! The pages of `docs/*/diagnostics`: one per code and language; the example of a page raises exactly this code with the message
//! shown, and the mended example does not.
//!
//! `HENGJIE_WRITE=1` writes the messages as they are printed now into the pages.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it must be")]

use hengjie_app::run::{Request, run};
use hengjie_app::{Failure, Source, document};
use hengjie_facts::FaultReport;
use hengjie_quantity::Lang;
use hengjie_syntax::render::{Style, to_text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Codes whose example is no text that a page could show: files that are too large, damaged, binary or locked.
const WITHOUT_EXAMPLE: &[&str] = &[
    "HJ0100", "HJ0199", "HJ0203", "HJ0420", "HJ0512", "HJ0601", "HJ1001", "HJ1004", "HJ1005", "HJ1008",
    "HJ1009", "HJ1010", "HJ1011", "HJ1012", "HJ1013", "HJ1014", "HJ1107", "HJ1204", "HJ1205", "HJ1206",
    "HJ1216", "HJ1221", "HJ1303", "HJ1401", "HJ1605", "HJ1701", "HJ1702", "HJ1703", "HJ1704", "HJ1705",
    "HJ1706", "HJ1707", "HJ1708", "HJ1709", "HJ1710", "HJ1711", "HJ1712", "HJ1713", "HJ1714", "HJ1715",
    "HJ1716", "HJ1717", "HJ1718", "HJ1719", "HJ1720", "HJ1721", "HJ1722", "HJ1723", "HJ1724", "HJ1725",
    "HJ1726", "HJ1727", "HJ1728", "HJ1729", "HJ1730", "HJ1731", "HJ1801", "HJ1802", "HJ1803", "HJ1804",
    "HJ1805", "HJ1806", "HJ1807", "HJ1808", "HJ1809", "HJ1821", "HJ1822", "HJ1823", "HJ1824", "HJ1825",
    "HJ1826", "HJ1901",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn folder(lang: Lang) -> PathBuf {
    root().join("docs").join(lang.code()).join("diagnostics")
}

/// A fenced block of a page.
#[derive(Debug)]
struct Block {
    /// `markdown`, `text`, or a kind of file and its name: `csv 人员.csv`.
    info: String,
    text: String,
    /// Number of `##` headings above it: 1 is what goes wrong, 2 how it is mended.
    section: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut section, mut fence) = (0, String::new());
    for line in page.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.is_empty() {
            section += usize::from(line.starts_with("## "));
            if ticks.len() >= 3 {
                blocks.push(Block { info: line[ticks.len()..].to_owned(), text: String::new(), section });
                fence = ticks;
            }
        } else if ticks == fence && line.len() == ticks.len() {
            fence.clear();
        } else if let Some(block) = blocks.last_mut() {
            block.text += line;
            block.text.push('\n');
        }
    }
    blocks
}

/// What checking, or checking and running, a section of a page finds: codes and the printed text.
fn found(blocks: &[Block], section: usize, lang: Lang) -> (BTreeSet<&'static str>, String) {
    let files = |of: usize| -> Vec<(&str, &str)> {
        let here = blocks.iter().filter(|block| block.section == of);
        here.filter_map(|block| Some((block.info.split_once(' ')?.1, block.text.as_str()))).collect()
    };
    let mut document = blocks.iter().filter(|block| block.section <= section && block.info == "markdown");
    let Some(block) = document.next_back() else { panic!("no document: {blocks:?}") };
    let document = &block.text;
    if files(1).is_empty() {
        let diagnostics = hengjie_policy::compile(document).diagnostics;
        let codes = diagnostics.iter().map(|fault| fault.code).collect();
        return (codes, to_text("my.md", document, &diagnostics, lang, Style::Plain));
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("my.md"), document).unwrap();
    let (data, mut parameters) = (folder.path().join("data"), Vec::new());
    std::fs::create_dir(&data).unwrap();
    for (name, text) in if files(section).is_empty() { files(1) } else { files(section) } {
        let path = if name.starts_with("参数文件") { folder.path().join(name) } else { data.join(name) };
        std::fs::write(&path, text).unwrap();
        parameters.extend(name.starts_with("参数文件").then_some(path));
    }
    let policy = document::open(&folder.path().join("my.md")).unwrap();
    let request = Request {
        source: Source::at(&data),
        parameters,
        periods: Vec::new(),
        only: Vec::new(),
        readings: Vec::new(),
        lang,
    };
    let report: FaultReport = match run(&policy, &request, &|_| {}) {
        Ok(report) => report.warnings,
        Err(Failure::Facts(report)) => *report,
        Err(failure) => panic!("{failure:?}"),
    };
    let codes = report.faults.iter().map(|fault| fault.code).collect();
    (codes, report.faults.iter().map(|fault| fault.to_text(lang) + "\n").collect())
}

/// Puts the message into the `text` block of a page.
fn with_message(page: &str, message: &str) -> String {
    let (before, rest) = page.split_once("````text\n").unwrap();
    let (_, after) = rest.split_once("````\n").unwrap();
    format!("{before}````text\n{message}````\n{after}")
}

fn check_page(code: &str, lang: Lang) -> Result<(), String> {
    let path = folder(lang).join(format!("{code}.md"));
    let page = std::fs::read_to_string(&path).map_err(|_| "there is no page".to_owned())?;
    let title = hengjie_policy::codes::title(code).map(|title| lang.pick(title.zh, title.en));
    let heading = page.lines().next().unwrap_or_default();
    if !heading.starts_with(&format!("# {code} ")) || title.is_some_and(|title| !heading.ends_with(title)) {
        return Err(format!("the heading is `{heading}`"));
    }
    let blocks = blocks(&page);
    if WITHOUT_EXAMPLE.contains(&code) {
        return if blocks.is_empty() {
            Ok(())
        } else {
            Err("has an example although it is excused".to_owned())
        };
    }
    if blocks.is_empty() {
        return Err("has no example".to_owned());
    }
    let (codes, message) = found(&blocks, 1, lang);
    if codes.iter().copied().collect::<Vec<_>>() != [code] {
        return Err(format!("the example raises {codes:?}\n{message}"));
    }
    if std::env::var_os("HENGJIE_WRITE").is_some() {
        std::fs::write(&path, with_message(&page, &message)).unwrap();
    } else if with_message(&page, &message) != page {
        return Err(format!("prints another message:\n{message}"));
    }
    let (codes, message) = found(&blocks, 2, lang);
    let is_error = message.contains(lang.pick("错误[", "error["));
    if codes.contains(code) || is_error {
        Err(format!("the mended example raises {codes:?}\n{message}"))
    } else {
        Ok(())
    }
}

/// Every code that stands in the source of a crate.
fn codes_of_source() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let is_test =
                entry.ends_with("tests") || entry.file_name().is_some_and(|name| name == "tests.rs");
            if entry.is_dir() && !is_test {
                folders.push(entry);
            } else if entry.extension().is_some_and(|kind| kind == "rs") && !is_test {
                let text = std::fs::read_to_string(&entry).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let quoted = text.split('"').filter(|part| part.len() == 6 && part.starts_with("HJ"));
                codes.extend(
                    quoted.filter(|part| part[2..].bytes().all(|c| c.is_ascii_digit())).map(str::to_owned),
                );
            }
        }
    }
    codes
}

fn pages(lang: Lang) -> BTreeSet<String> {
    let names = std::fs::read_dir(folder(lang)).unwrap().map(|entry| entry.unwrap().path());
    let stems = names.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    stems.filter(|stem| stem.starts_with("HJ")).collect()
}

#[test]
fn every_code_has_its_page_in_both_languages() {
    let codes = codes_of_source();
    assert!(codes.len() > 100, "{codes:?}");
    for lang in [Lang::Zh, Lang::En] {
        let missing: Vec<_> = codes.difference(&pages(lang)).cloned().collect();
        let strange: Vec<_> = pages(lang).difference(&codes).cloned().collect();
        assert!(
            missing.is_empty() && strange.is_empty(),
            "{}: missing {missing:?}, strange {strange:?}",
            lang.code()
        );
        let index = std::fs::read_to_string(folder(lang).join("README.md")).unwrap();
        let unlisted: Vec<_> = codes.iter().filter(|code| !index.contains(&format!("({code}.md)"))).collect();
        assert!(unlisted.is_empty(), "{}: not in the index: {unlisted:?}", lang.code());
    }
}

#[test]
fn every_page_shows_what_is_printed_and_mends_it() {
    let mut failures = Vec::new();
    for code in codes_of_source() {
        for lang in [Lang::Zh, Lang::En] {
            if let Err(fault) = check_page(&code, lang) {
                failures.push(format!("{} {code}: {fault}", lang.code()));
            }
        }
    }
    // A message that was changed on purpose: run this test once with HENGJIE_WRITE=1.
    assert!(
        failures.is_empty(),
        "{} pages (HENGJIE_WRITE=1 writes the messages anew):\n{}",
        failures.len(),
        failures.join("\n")
    );
}
