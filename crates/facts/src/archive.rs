//! Guards the door of Excel files: every part is unpacked once, counting, before the spreadsheet reader may see it.
//!
//! The reader itself has no limits. Sizes in the headers of an archive can lie, so only counting helps.

use crate::fault::Fault;
use crate::limits::Limits;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Parts below this size may be packed as tightly as they like.
const FREE_BYTES: u64 = 1 << 20;
/// Most strings that the header of a string table may promise; the reader reserves memory for them.
const PROMISED_STRINGS: u64 = 20_000_000;
/// Most elements of a style sheet. Excel allows 65,490 cell formats.
const STYLE_TAGS: u64 = 200_000;
/// Most bytes of one element of a style sheet: the reader copies them for every cell format.
const STYLE_TAG_BYTES: u64 = 2_048;
/// Bytes unpacked at a time.
const CHUNK: usize = 1 << 16;
/// Longest thing that is looked for across two chunks.
const OVERLAP: usize = 64;

/// What the check learns about a workbook that is safe to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Some sheet has merged cells.
    pub(crate) has_merged_cells: bool,
}

/// Refuses what is no Excel workbook of today or would not stop growing.
pub(crate) fn check_workbook(bytes: &[u8], limits: &Limits) -> Result<Checked, Fault> {
    check_kind(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    if archive.len() > limits.workbook_parts {
        return Err(bomb(
            format!("里面有 {} 个部件，最多 {} 个", archive.len(), limits.workbook_parts),
            format!("it has {} parts; at most {} are allowed", archive.len(), limits.workbook_parts),
        ));
    }
    let mut checked = Checked { has_merged_cells: false };
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(_) => protected(),
            error => damaged(&error.to_string()),
        })?;
        let name = part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        if name.ends_with("vbaproject.bin") {
            return Err(macros());
        }
        let packed = part.compressed_size().max(1);
        checked.has_merged_cells |= check_part(part, &name, packed, &mut total, limits)?;
    }
    Ok(checked)
}

/// Tells files apart by their first bytes, whatever their name says.
fn check_kind(bytes: &[u8]) -> Result<(), Fault> {
    let text_like =
        bytes.iter().take(64).find(|byte| !byte.is_ascii_whitespace()).is_some_and(|&byte| byte == b'<');
    if bytes.starts_with(b"PK") {
        Ok(())
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err(protected())
    } else if text_like {
        Err(Fault::error(
            "HJ1007",
            "这是网页或 XML，只是名字叫 .xlsx",
            "this is a web page or XML that is merely called .xlsx",
        )
        .help(
            "用 Excel 打开，另存为「Excel 工作簿（.xlsx）」",
            "open it in Excel and save it as an Excel workbook (.xlsx)",
        ))
    } else {
        Err(damaged("no archive"))
    }
}

/// Unpacks one part, counting. Tells whether it mentions merged cells.
fn check_part(
    mut part: impl Read,
    name: &str,
    packed: u64,
    total: &mut u64,
    limits: &Limits,
) -> Result<bool, Fault> {
    let mut buffer = vec![0; OVERLAP + CHUNK];
    let mut kept = 0;
    let mut size = 0_u64;
    let mut merged = false;
    let mut styles = name.ends_with("styles.xml").then(StyleScan::default);
    let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
    loop {
        let read = part.read(&mut buffer[kept..kept + CHUNK]).map_err(|error| damaged(&error.to_string()))?;
        if read == 0 {
            return Ok(merged);
        }
        size += read as u64;
        *total += read as u64;
        if *total > limits.unpacked_bytes {
            let mib = limits.unpacked_bytes >> 20;
            return Err(bomb(format!("解开后超过 {mib} MiB"), format!("unpacked it exceeds {mib} MiB")));
        }
        if size > FREE_BYTES && size / packed > limits.unpack_ratio {
            let ratio = limits.unpack_ratio;
            return Err(bomb(
                format!("里面的「{name}」解开后超过原来的 {ratio} 倍"),
                format!("its part “{name}” grows more than {ratio} times when unpacked"),
            ));
        }
        let window = &buffer[..kept + read];
        merged |= find(window, b"mergeCell").is_some();
        if is_xml && find(window, b"<!DOCTYPE").is_some() {
            return Err(bomb(
                "里面声明了实体，Excel 不这样写",
                "it declares entities, which Excel never does",
            ));
        }
        check_promise(window)?;
        if let Some(styles) = &mut styles {
            styles.scan(&window[kept..])?;
        }
        let keep = window.len().min(OVERLAP);
        let start = window.len() - keep;
        buffer.copy_within(start..start + keep, 0);
        kept = keep;
    }
}

/// The reader reserves memory for as many strings as `uniqueCount` promises.
fn check_promise(window: &[u8]) -> Result<(), Fault> {
    const NAME: &[u8] = b"uniqueCount";
    let mut rest = window;
    while let Some(at) = find(rest, NAME) {
        rest = &rest[at + NAME.len()..];
        let value =
            rest.iter().skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''));
        let digits = value.take_while(|byte| byte.is_ascii_digit());
        let promised = digits
            .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        if promised > PROMISED_STRINGS {
            return Err(bomb(
                format!("它声称有 {promised} 条文字"),
                format!("it claims to hold {promised} strings"),
            ));
        }
    }
    Ok(())
}

/// Counts the elements of a style sheet and their length.
#[derive(Default)]
struct StyleScan {
    tags: u64,
    length: u64,
    in_tag: bool,
    quote: Option<u8>,
}

impl StyleScan {
    fn scan(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        for &byte in bytes {
            self.step(byte);
            if self.tags > STYLE_TAGS || self.length > STYLE_TAG_BYTES {
                return Err(bomb("里面的样式太多太长", "its styles are too many or too long"));
            }
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) {
        match (self.in_tag, self.quote, byte) {
            (false, _, b'<') => {
                self.in_tag = true;
                self.tags += 1;
                self.length = 0;
            }
            (false, _, _) => {}
            (true, Some(quote), byte) if byte == quote => self.quote = None,
            (true, None, b'"' | b'\'') => self.quote = Some(byte),
            (true, None, b'>') => self.in_tag = false,
            _ => {}
        }
        self.length += u64::from(self.in_tag);
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// The file is no workbook, or a broken one. The detail comes from libraries, which speak English only.
pub(crate) fn damaged(detail: &str) -> Fault {
    Fault::error("HJ1006", "文件损坏，读不了", format!("the file is damaged ({detail})"))
        .help("重新导出或另存一份再交", "export it or save it again and hand that in")
}

fn bomb(zh: impl AsRef<str>, en: impl AsRef<str>) -> Fault {
    Fault::error(
        "HJ1008",
        format!("拒绝打开这个 Excel 文件：{}", zh.as_ref()),
        format!("this Excel file is refused: {}", en.as_ref()),
    )
    .help("改用 CSV，或分成几个文件", "use CSV, or split it into several files")
}

fn protected() -> Fault {
    Fault::error(
        "HJ1007",
        "文件有密码，或是旧版 Excel（.xls）",
        "the file has a password or comes from an old Excel (.xls)",
    )
    .help(
        "去掉密码，另存为「Excel 工作簿（.xlsx）」",
        "remove the password and save it as an Excel workbook (.xlsx)",
    )
}

fn macros() -> Fault {
    Fault::error("HJ1007", "文件里有宏", "the file contains macros").help(
        "另存为不带宏的「Excel 工作簿（.xlsx）」",
        "save it as an Excel workbook without macros (.xlsx)",
    )
}
