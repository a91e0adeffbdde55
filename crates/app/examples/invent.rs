//! Invents facts for any policy: every table that it declares, filled with figures of the right type; and the large tobacco bureau.
//! The same arguments give the same bytes. The figures mean nothing: they are there to be computed with.
//!
//! `cargo run --release --example invent -- POLICY PEOPLE OUT` or `… -- tobacco SCALE OUT`

use hengjie_app::document;
use hengjie_app::schema::Schema;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_facts::{ColumnKind, ColumnSpec, TableSpec};
use hengjie_policy::core::Program;
use hengjie_quantity::{Rational, Rounding, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The year of the facts.
const YEAR: i32 = 2025;
/// Records about a person in the year.
const RECORDS: usize = 4;
/// People to one of anything that knows nobody: offices, areas.
const SPAN: usize = 20;
/// The table of decisions stays empty: what people decide is not invented.
const DECISIONS: &str = "人定";

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, size, out] = &arguments[..] else {
        return Err("POLICY PEOPLE OUT, or tobacco SCALE OUT".to_owned());
    };
    let size: u32 = size.parse().map_err(|error| format!("{size}: {error}"))?;
    let out = PathBuf::from(out);
    if policy == "tobacco" {
        let options = hengjie_sim::Options { seed: 20_250_101, scale: size };
        return hengjie_sim::write_tobacco(&out, &options).map(|_| ()).map_err(|error| error.en());
    }
    let policy = document::open(Path::new(policy)).map_err(|failure| format!("{failure:?}"))?;
    let schema = Schema::declared(&policy.program);
    std::fs::create_dir_all(&out).map_err(|error| error.to_string())?;
    let mut world = World::new(&policy.program, &schema.specs, size as usize);
    for spec in schema.specs.iter().filter(|spec| spec.name != DECISIONS) {
        let text = world.table(spec);
        std::fs::write(out.join(format!("{}.csv", spec.name)), text).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Small deterministic numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % (sides.max(1) as u64)).unwrap_or(0)
    }
}

struct World {
    dice: Dice,
    /// Rows of every table with a key, by name of the table.
    sizes: BTreeMap<String, usize>,
}

impl World {
    fn new(program: &Program, specs: &[TableSpec], people: usize) -> Self {
        let everybody = program.scope.as_ref().map(|scope| &program.kinds[scope.kind.index()].name);
        let people_table = everybody.map_or("人员", String::as_str);
        let size = |spec: &TableSpec| {
            let is_record = spec.columns.iter().any(is_time);
            let knows_people = |column: &ColumnSpec| matches!(&column.kind, ColumnKind::Reference { table } if table == people_table);
            match spec.name == people_table {
                true => people,
                false if is_record || spec.columns.iter().any(knows_people) => people * RECORDS,
                false => people / SPAN + 1,
            }
        };
        let sizes = specs.iter().map(|spec| (spec.name.clone(), size(spec))).collect();
        let seed =
            program.name.bytes().fold(0x5EED, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
        Self { dice: Dice(seed), sizes }
    }

    /// A table as CSV. Tables beside a kind have a row for each of its keys and each period of the year.
    fn table(&mut self, spec: &TableSpec) -> String {
        let columns: Vec<&ColumnSpec> = spec.columns.iter().collect();
        let heading: Vec<String> = columns.iter().map(|column| heading(column)).collect();
        let mut text = heading.join(",") + "\n";
        let mut keys: BTreeSet<Vec<String>> = BTreeSet::new();
        for place in self.places(spec) {
            let cells: Vec<String> = columns.iter().map(|column| self.cell(spec, column, &place)).collect();
            let key: Vec<String> = spec.key.iter().map(|&at| cells[at].clone()).collect();
            if key.is_empty() || keys.insert(key) {
                text += &cells.join(",");
                text.push('\n');
            }
        }
        text
    }

    fn places(&self, spec: &TableSpec) -> Vec<Place> {
        let owner = match spec.columns.first().map(|column| (&column.kind, column.complete)) {
            Some((ColumnKind::Reference { table }, true)) => Some(table),
            _ => None,
        };
        let rows = owner.and_then(|owner| self.sizes.get(owner)).or(self.sizes.get(&spec.name));
        let rows = rows.copied().unwrap_or(0);
        let grain = spec.columns.iter().find_map(|column| match column.kind {
            ColumnKind::Period(grain) if column.complete => Some(grain.unwrap_or(Grain::Year)),
            _ => None,
        });
        let year = Period::new(Grain::Year, YEAR);
        let periods: Vec<Period> = match (grain, year) {
            (Some(grain), Some(year)) => year.periods_of(grain).collect(),
            _ => Vec::new(),
        };
        let each = |row: usize| match (owner.is_some(), periods.is_empty()) {
            (_, true) => vec![Place { row, period: None }],
            (true, false) => periods.iter().map(|&period| Place { row, period: Some(period) }).collect(),
            (false, false) => vec![Place { row, period: periods.get(row % periods.len()).copied() }],
        };
        (0..rows).flat_map(each).collect()
    }

    fn cell(&mut self, spec: &TableSpec, column: &ColumnSpec, place: &Place) -> String {
        match &column.kind {
            ColumnKind::Key => key(&spec.name, place.row),
            ColumnKind::Reference { table } if column.complete && column.name == spec.columns[0].name => {
                key(table, place.row)
            }
            ColumnKind::Reference { table } => self.reference(spec, column, table, place),
            ColumnKind::Number { unit } => self.number(column, unit),
            ColumnKind::Bool => ["是", "是", "是", "否"][self.dice.roll(4)].to_owned(),
            ColumnKind::Text => format!("文字{}", self.dice.roll(50)),
            ColumnKind::Choice(items) => items[self.dice.roll(items.len())].clone(),
            ColumnKind::Period(_) => place.period.map(|period| period.to_string()).unwrap_or_default(),
            ColumnKind::Date => self.date(column),
        }
    }

    /// A key of another table; of the own table one further up, so that nothing goes round.
    fn reference(&mut self, spec: &TableSpec, column: &ColumnSpec, table: &str, place: &Place) -> String {
        let base = spec.name.split('_').next().unwrap_or_default();
        let rows = self.sizes.get(table).copied().unwrap_or(0);
        match base == table {
            true if place.row == 0 => if column.nullable { "—" } else { "" }.to_owned(),
            true => key(table, place.row / SPAN),
            false => key(table, self.dice.roll(rows)),
        }
    }

    fn number(&mut self, column: &ColumnSpec, unit: &Unit) -> String {
        let (low, high) = match &column.range {
            Some(range) => range.clone(),
            None => {
                let high = match usual(unit) {
                    0 => return self.dice.roll(100).to_string(),
                    high => high,
                };
                (Rational::ZERO, Rational::from(high))
            }
        };
        let share = Rational::from(self.dice.roll(101) as i128) * Rational::pow10(-2);
        let value = &low + &(&(&high - &low) * &share);
        let quantum = if unit.is_none() { Rational::pow10(-2) } else { Rational::ONE };
        let value = value.round_to(&quantum, Rounding::Down).filter(|value| *value >= low).unwrap_or(low);
        value.to_string()
    }

    /// Records lie in the year, the first day of what changes before it, other days in the ten years before.
    fn date(&mut self, column: &ColumnSpec) -> String {
        let (month, day) = (1 + self.dice.roll(12) as u8, 1 + self.dice.roll(28) as u8);
        let year = match (column.name.as_str(), column.complete) {
            ("自", _) => return "2015-01-01".to_owned(),
            (_, true) => YEAR,
            (_, false) => YEAR - 1 - self.dice.roll(10) as i32,
        };
        Date::new(year, month, day).map(|date| date.to_string()).unwrap_or_default()
    }
}

/// A row of a table: which one, and its period.
struct Place {
    row: usize,
    period: Option<Period>,
}

fn is_time(column: &ColumnSpec) -> bool {
    column.complete && matches!(column.kind, ColumnKind::Period(_) | ColumnKind::Date)
}

fn key(table: &str, row: usize) -> String {
    format!("{table}{row:06}")
}

/// The largest usual number of a unit; 0 where 0 to 99 will do.
fn usual(unit: &Unit) -> i128 {
    match unit.to_string().as_str() {
        "元" => 5_000_000,
        "" => 1,
        _ => 0,
    }
}

fn heading(column: &ColumnSpec) -> String {
    match &column.kind {
        ColumnKind::Number { unit } if !unit.is_none() => format!("{}（{unit}）", column.name),
        _ => column.name.clone(),
    }
}
