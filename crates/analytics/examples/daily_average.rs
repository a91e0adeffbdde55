//! The daily-average benchmark: prints times, memory and the digest of the exact result as one JSON line.
//!
//! usage: `daily_average parquet DIR year|quarter|month REPS` – from accounts, balance changes and ownership;
//! `daily_average build DIR LEDGER` – builds the ledger; `daily_average ledger LEDGER year|quarter|month REPS` – from the ledger, opened anew each time;
//! `daily_average load LEDGER FILE DAY` – takes a file of changes into the ledger, recorded on DAY;
//! `daily_average decode DIR REPS` – only decodes and adds up the three columns of changes: what no engine can be faster than.

use hengjie_analytics::ledger::{Changes, Sources};
use hengjie_analytics::{
    BalanceDays, Class, Fold, Indicators, Ledger, Measure, Ownership, Spans, Threshold, Watch, Window,
};
use hengjie_calendar::Date;
use hengjie_facts::Fault;
use hengjie_quantity::Lang;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// 500,000 yuan.
const THRESHOLD_FEN: i64 = 500_000 * 100;

type Row = (String, Vec<i128>);

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["parquet", folder, period, reps] => {
            let windows = windows(period)?;
            repeat("parquet", period, reps, || from_parquet(Path::new(folder), windows))
        }
        ["ledger", folder, period, reps] => {
            let windows = windows(period)?;
            repeat("ledger", period, reps, || from_ledger(Path::new(folder), windows))
        }
        ["decode", folder, reps] => repeat("decode", "-", reps, || decode(Path::new(folder))),
        ["build", folder, ledger] => once("build", || build(Path::new(folder), Path::new(ledger))),
        ["load", ledger, file, day] => {
            let day = Date::parse(day).ok_or("DAY: 2026-01-01")?.days();
            once("load", || load(Path::new(ledger), Path::new(file), day))
        }
        _ => Err("usage: daily_average parquet|build|ledger|load|decode …".to_owned()),
    }
}

fn repeat(
    variant: &str,
    period: &str,
    reps: &str,
    run: impl Fn() -> Result<Vec<Row>, Vec<Fault>>,
) -> Result<(), String> {
    let reps: usize = reps.parse().map_err(|_| format!("REPS: {reps}"))?;
    let (mut walls, mut rows, mut cpu) = (Vec::new(), Vec::new(), 0);
    for rep in 0..=reps {
        let start = Instant::now();
        if rep == 1 {
            cpu = cpu_ms();
        }
        rows = run().map_err(|faults| text(&faults))?;
        walls.push(start.elapsed().as_micros());
    }
    let first = walls.remove(0);
    let cpu = if reps == 0 { cpu_ms() } else { (cpu_ms() - cpu) / reps as u64 };
    walls.sort_unstable();
    println!(
        r#"{{"engine":"hengjie","variant":"{variant}","period":"{period}","first_us":{first},"wall_us":{},"wmin_us":{},"cpu_ms":{cpu},"peak_mib":{},"rows":{},"digest":"{}"}}"#,
        walls.get(walls.len() / 2).copied().unwrap_or(first),
        walls.first().copied().unwrap_or(first),
        peak_mib(),
        rows.len(),
        digest(&rows)
    );
    Ok(())
}

fn once(variant: &str, run: impl Fn() -> Result<String, Vec<Fault>>) -> Result<(), String> {
    let start = Instant::now();
    let result = run().map_err(|faults| text(&faults))?;
    println!(
        r#"{{"engine":"hengjie","variant":"{variant}","wall_us":{},"cpu_ms":{},"peak_mib":{},"result":"{result}"}}"#,
        start.elapsed().as_micros(),
        cpu_ms(),
        peak_mib()
    );
    Ok(())
}

fn windows(period: &str) -> Result<(Window, Window), String> {
    let day = |year, month| Date::new(year, month, 1).map_or(0, Date::days);
    let both = |from: u8, to: (i32, u8)| {
        let previous = Window { from: day(2024, from), to: day(to.0 - 1, to.1) };
        (Window { from: day(2025, from), to: day(to.0, to.1) }, previous)
    };
    match period {
        "year" => Ok(both(1, (2026, 1))),
        "quarter" => Ok(both(7, (2025, 10))),
        "month" => Ok(both(9, (2025, 10))),
        other => Err(format!("period {other}: year, quarter or month")),
    }
}

fn measures(classes: &[Class], (current, previous): (Window, Window)) -> Vec<Measure> {
    let of =
        |kind: &str| (0u8..).zip(classes).filter(|(_, class)| class.kind == kind).map(|(at, _)| at).collect();
    let deposits = |window, fold| {
        let threshold = Some(Threshold { classes: of("deposit"), average_fen: THRESHOLD_FEN });
        Measure { classes: of("deposit"), window, threshold, fold }
    };
    vec![
        deposits(current, Fold::Sum),
        Measure { classes: of("loan"), window: current, threshold: None, fold: Fold::Sum },
        deposits(current, Fold::Largest),
        deposits(current, Fold::Count),
        deposits(previous, Fold::Sum),
    ]
}

fn rows(ownership: &Ownership, indicators: &Indicators) -> Vec<Row> {
    let row = |owner: usize| (ownership.owners.get(owner).to_string(), indicators.of(owner as u32).to_vec());
    let rows = (0..ownership.owners.len()).map(row);
    rows.filter(|(_, values)| values.iter().any(|value| *value != 0)).collect()
}

fn from_parquet(folder: &Path, windows: (Window, Window)) -> Result<Vec<Row>, Vec<Fault>> {
    let accounts = hengjie_analytics::Accounts::read(&folder.join("accounts.parquet"))?;
    let ownership = Ownership::read(&folder.join("ownership.parquet"), &accounts.customers)?;
    let measures = measures(&accounts.classes, windows);
    let spans = Spans::new(&[windows.0, windows.1], &ownership);
    let wanted: Vec<u8> = measures[..2].iter().flat_map(|measure| measure.classes.clone()).collect();
    let changes = folder.join("balance_changes.parquet");
    let sums = BalanceDays::read(&changes, &accounts, &spans, &wanted, &Watch::none())?;
    Ok(rows(&ownership, &Indicators::new(&measures, &ownership, &spans, &sums)))
}

fn from_ledger(folder: &Path, windows: (Window, Window)) -> Result<Vec<Row>, Vec<Fault>> {
    let ledger = Ledger::open(folder).map_err(|fault| vec![fault])?;
    let measures = measures(&ledger.classes(), windows);
    let (ownership, indicators) = ledger.indicators(&measures, ledger.last_load(), &Watch::none())?;
    Ok(rows(&ownership, &indicators))
}

fn build(folder: &Path, ledger: &Path) -> Result<String, Vec<Fault>> {
    let file = |name: &str| folder.join(name);
    let (accounts, changes, ownership) =
        (file("accounts.parquet"), file("balance_changes.parquet"), file("ownership.parquet"));
    let sources = Sources { accounts: &accounts, changes: &changes, ownership: &ownership };
    let recorded = Date::new(2026, 1, 1).map_or(0, Date::days);
    Ledger::build(ledger, &sources, recorded, &Watch::none()).map(|ledger| format!("{:?}", ledger.counts()))
}

fn load(folder: &Path, file: &Path, day: i32) -> Result<String, Vec<Fault>> {
    let mut ledger = Ledger::open(folder).map_err(|fault| vec![fault])?;
    let changes = Changes::read(file)?;
    ledger.load(file, &changes, day, &Watch::none()).map(|outcome| format!("{outcome:?}"))
}

/// One row: the sum of everything that was decoded.
fn decode(folder: &Path) -> Result<Vec<Row>, Vec<Fault>> {
    let broken =
        |error: &dyn std::fmt::Display| vec![Fault::error("HJ1705", error.to_string(), error.to_string())];
    let path = folder.join("balance_changes.parquet");
    let open = || {
        let file = std::fs::File::open(&path).map_err(|error| broken(&error))?;
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(&error))
    };
    let groups = open()?.metadata().num_row_groups();
    let sums: Result<Vec<i64>, Vec<Fault>> = (0..groups)
        .into_par_iter()
        .map(|group| {
            let reader = open()?.with_row_groups(vec![group]).with_batch_size(1 << 14).build();
            let mut sum = 0i64;
            for batch in reader.map_err(|error| broken(&error))? {
                let batch = batch.map_err(|error| broken(&error))?;
                for column in batch.columns() {
                    let data = column.to_data();
                    let bytes = data.buffers()[0].as_slice();
                    sum = bytes.chunks_exact(8).fold(sum, |sum, chunk| {
                        sum.wrapping_add(i64::from_le_bytes(chunk.try_into().unwrap_or_default()))
                    });
                }
            }
            Ok(sum)
        })
        .collect();
    Ok(vec![("sum".to_owned(), sums?.into_iter().map(i128::from).collect())])
}

/// The digest that every engine of the benchmark prints.
fn digest(rows: &[Row]) -> String {
    let mut text = String::from("[");
    for (index, (owner, values)) in rows.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        let _ = write!(text, "{comma}({owner}, {})", values.join(", "));
    }
    text.push(']');
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn text(faults: &[Fault]) -> String {
    faults.iter().map(|fault| fault.to_text(Lang::Zh)).collect::<Vec<_>>().join("\n")
}

/// CPU milliseconds of the process so far.
fn cpu_ms() -> u64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0 };
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}

/// Most memory held so far.
fn peak_mib() -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
