//! The ledger as a table: one line per entry, each sealed with a digest of itself and of all lines before it.

use crate::{Book, Entry, Key, Kind};
use hengjie_calendar::{Date, Period};
use sha2::{Digest, Sha256};

/// The columns.
const HEADINGS: [&str; 15] = [
    "序号",
    "类别",
    "制度",
    "对象",
    "期间",
    "记账期间",
    "项目",
    "金额（元）",
    "条款",
    "缘由",
    "更正",
    "指纹",
    "记账日",
    "经手",
    "封签",
];

/// A line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// From 1; the heading is line 1.
    pub line: u64,
    /// Heading of the column, or empty for the whole line.
    pub column: &'static str,
    /// What stands there.
    pub value: String,
}

impl Book {
    /// The ledger as CSV text. Reading it gives the same book.
    #[must_use]
    pub fn write(&self) -> String {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(HEADINGS);
        let mut seal = String::new();
        for entry in &self.entries {
            let mut cells = cells(entry);
            seal = sealed(&seal, &cells);
            cells.push(seal.clone());
            let _ = writer.write_record(&cells);
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Reads a ledger. An empty text is an empty ledger.
    ///
    /// # Errors
    /// The first line whose cells cannot be read, whose number is not the next one, or whose seal does not fit what stands in it
    /// and before it: somebody has changed, removed or inserted a line, or it was not written to its end.
    pub fn read(text: &str) -> Result<Self, BadLine> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut book = Self::default();
        if text.trim().is_empty() {
            return Ok(book);
        }
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut seal = String::new();
        for (position, record) in reader.records().enumerate() {
            let line = position as u64 + 1;
            let bad = |column, value: &str| BadLine { line, column, value: value.to_owned() };
            let Ok(record) = record else { return Err(bad("", "")) };
            let cells: Vec<&str> = record.iter().collect();
            if line == 1 {
                if cells != HEADINGS {
                    return Err(bad("", &cells.join(",")));
                }
                continue;
            }
            let entry = entry(&cells).map_err(|column| {
                let at = HEADINGS.iter().position(|heading| *heading == column).unwrap_or(0);
                bad(column, cells.get(at).copied().unwrap_or_default())
            })?;
            if entry.number != book.next_number() {
                return Err(bad("序号", cells[0]));
            }
            // The digest is of the entry as it is written, so that other spellings of the same do not pass either.
            let own = self::cells(&entry);
            seal = sealed(&seal, &own);
            if own != cells[..cells.len() - 1] || cells.last() != Some(&seal.as_str()) {
                return Err(bad("封签", cells.last().copied().unwrap_or_default()));
            }
            book.entries.push(entry);
        }
        Ok(book)
    }
}

/// The digest of a line and of the digest before it: 32 digits.
fn sealed(before: &str, cells: &[String]) -> String {
    let mut digest = Sha256::new();
    digest.update(before.as_bytes());
    for cell in cells {
        // The length keeps neighbouring cells apart.
        digest.update((cell.len() as u64).to_le_bytes());
        digest.update(cell.as_bytes());
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn cells(entry: &Entry) -> Vec<String> {
    let Entry { key, .. } = entry;
    vec![
        entry.number.to_string(),
        entry.kind.word().to_owned(),
        key.policy.clone(),
        key.person.clone(),
        key.period.to_string(),
        entry.booked.to_string(),
        key.item.clone(),
        yuan(i128::from(entry.amount_fen)),
        entry.article.clone(),
        entry.because.clone(),
        entry.corrects.map(|number| number.to_string()).unwrap_or_default(),
        entry.artifact.clone(),
        entry.on.to_string(),
        entry.by.clone(),
    ]
}

/// The entry of a line, or the heading of the cell that cannot be read.
fn entry(cells: &[&str]) -> Result<Entry, &'static str> {
    let [
        number,
        kind,
        policy,
        person,
        period,
        booked,
        item,
        amount,
        article,
        because,
        corrects,
        artifact,
        on,
        by,
        _,
    ] = cells
    else {
        return Err("");
    };
    let text = |cell: &&str| (*cell).to_owned();
    let kind = Kind::WORDS.iter().find(|(_, word)| word == kind).map(|(kind, _)| *kind).ok_or("类别")?;
    let period = Period::parse(period).ok_or("期间")?;
    let corrects = match *corrects {
        "" => None,
        number => Some(number.parse().map_err(|_| "更正")?),
    };
    Ok(Entry {
        number: number.parse().map_err(|_| "序号")?,
        kind,
        key: Key { policy: text(policy), person: text(person), item: text(item), period },
        booked: Period::parse(booked).ok_or("记账期间")?,
        amount_fen: fen(amount).ok_or("金额（元）")?,
        article: text(article),
        because: text(because),
        corrects,
        artifact: text(artifact),
        on: Date::parse(on).ok_or("记账日")?,
        by: text(by),
    })
}

/// `-12.05`: fen as yuan with two places.
#[must_use]
pub fn yuan(fen: i128) -> String {
    let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// Yuan with exactly two places as fen.
fn fen(text: &str) -> Option<i64> {
    let (whole, places) = text.split_once('.')?;
    if places.len() != 2 || !places.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{places}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_and_fen() {
        for (amount, text) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456, "1234.56"), (-100, "-1.00")]
        {
            assert_eq!(yuan(amount), text);
            assert_eq!(fen(text).map(i128::from), Some(amount));
        }
        for text in ["1", "1.5", "1.234", "a.00", "1.0x", ".", ""] {
            assert_eq!(fen(text), None, "{text}");
        }
    }
}
