//! The daily-average benchmark: reads accounts, balance changes and ownership of a folder and prints times, memory and the
//! digest of the exact result as one JSON line.
//!
//! usage: `daily_average DIR year|month REPS`

use hengjie_analytics::{
    Accounts, BalanceDays, Fold, Indicators, Measure, Ownership, Spans, Threshold, Window,
};
use hengjie_calendar::Date;
use hengjie_facts::Fault;
use hengjie_quantity::Lang;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// 500,000 yuan.
const THRESHOLD_FEN: i64 = 500_000 * 100;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, period, reps] = arguments.as_slice() else {
        return Err("usage: daily_average DIR year|month REPS".to_owned());
    };
    let reps: usize = reps.parse().map_err(|_| format!("REPS: {reps}"))?;
    let (current, previous) = windows(period)?;
    let mut walls = Vec::new();
    let mut rows = Vec::new();
    for _ in 0..=reps {
        let start = Instant::now();
        rows = run(Path::new(folder), current, previous).map_err(|faults| text(&faults))?;
        walls.push(start.elapsed().as_micros());
    }
    let first = walls.remove(0);
    walls.sort_unstable();
    println!(
        r#"{{"engine":"hengjie","variant":"parquet","size":"{folder}","period":"{period}","first_us":{first},"wall_us":{},"wmin_us":{},"cpu_ms_all":{},"peak_mib":{},"rows":{},"digest":"{}"}}"#,
        walls.get(walls.len() / 2).copied().unwrap_or(first),
        walls.first().copied().unwrap_or(first),
        cpu_ms(),
        peak_mib(),
        rows.len(),
        digest(&rows)
    );
    Ok(())
}

fn windows(period: &str) -> Result<(Window, Window), String> {
    let day = |year, month| Date::new(year, month, 1).map_or(0, Date::days);
    match period {
        "year" => Ok((
            Window { from: day(2025, 1), to: day(2026, 1) },
            Window { from: day(2024, 1), to: day(2025, 1) },
        )),
        "month" => Ok((
            Window { from: day(2025, 9), to: day(2025, 10) },
            Window { from: day(2024, 9), to: day(2024, 10) },
        )),
        other => Err(format!("period {other}: year or month")),
    }
}

type Row = (i64, Vec<i128>);

fn run(folder: &Path, current: Window, previous: Window) -> Result<Vec<Row>, Vec<Fault>> {
    let accounts = Accounts::read(&folder.join("accounts.parquet"))?;
    let ownership = Ownership::read(&folder.join("ownership.parquet"), &accounts.customers)?;
    let deposit = accounts.class_named("deposit").unwrap_or(u8::MAX);
    let loan = accounts.class_named("loan").unwrap_or(u8::MAX);
    let threshold = Some(Threshold { class: deposit, average_fen: THRESHOLD_FEN });
    let measures = [
        Measure { class: deposit, window: current, threshold, fold: Fold::Sum },
        Measure { class: loan, window: current, threshold: None, fold: Fold::Sum },
        Measure { class: deposit, window: current, threshold, fold: Fold::Largest },
        Measure { class: deposit, window: current, threshold, fold: Fold::Count },
        Measure { class: deposit, window: previous, threshold, fold: Fold::Sum },
    ];
    let spans = Spans::new(&[current, previous], &ownership);
    let sums =
        BalanceDays::read(&folder.join("balance_changes.parquet"), &accounts, &spans, &[deposit, loan])?;
    let indicators = Indicators::new(&measures, &accounts, &ownership, &spans, &sums);
    let rows =
        ownership.owners.iter().enumerate().map(|(owner, id)| (*id, indicators.of(owner as u32).to_vec()));
    Ok(rows.filter(|(_, values)| values.iter().any(|value| *value != 0)).collect())
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
