//! Decisions taken by people: each for one place of the document, one subject, one period.

use super::KeyIndex;
use crate::faults::TableFaults;
use crate::schema::decision;
use crate::typed;
use crate::words::{cite, row_labels};
use arrow_array::Array;
use hengjie_calendar::{Grain, Period};
use hengjie_evaluate::dataset::{Dataset, DecidedValue, DecisionKey, KindData};
use hengjie_evaluate::value::Value;
use hengjie_facts::{ColumnData, Fault, LoadedTable, Status};
use hengjie_policy::core::{Decision, DecisionId, KindId, Program, TableId, Type};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the wanted decisions of a table, the one of a file, to the facts. The subjects of the others may not have been read.
pub(super) fn read(
    program: &Program,
    (table, file): (&LoadedTable, u32),
    wanted: &BTreeSet<DecisionId>,
    data: &mut Dataset,
    faults: &mut TableFaults<'_>,
) {
    let mut taken: BTreeMap<DecisionKey, DecidedValue> = BTreeMap::new();
    let rows = row_words(program, data);
    let mut reader = Reader { program, kinds: &data.kinds, table, indexes: BTreeMap::new(), rows };
    for row in 0..table.rows {
        let Some(what) = reader.text(decision::WHAT, row) else { continue };
        let Some(id) = find(program, what) else {
            faults.push(unknown(program, what).row(table.row_number(row)).column("事项").value(what));
            continue;
        };
        if !wanted.contains(&id) {
            continue;
        }
        // The list of open decisions is handed in as far as it is decided.
        if reader.text(decision::VALUE, row).is_none() {
            continue;
        }
        if reader.text(decision::BECAUSE, row).is_none() {
            faults.push(no_reason().row(table.row_number(row)).column("理由"));
            continue;
        }
        let definition = &program.decisions[id.index()];
        let Some(key) = reader.place(id, definition, row, faults) else { continue };
        let Some(value) = reader.value(definition, row, faults) else { continue };
        let origin = Some((file, table.row_number(row)));
        let text = |column| reader.text(column, row).unwrap_or_default().to_owned();
        let decided = DecidedValue {
            value,
            by: text(decision::BY),
            because: text(decision::BECAUSE),
            evidence: text(decision::EVIDENCE),
            origin,
        };
        if let Some(earlier) = taken.insert(key, decided).and_then(|earlier| earlier.origin) {
            let fault = Fault::error(
                "HJ1504",
                format!("同一件事决定了两次，另一次在第 {} 行", earlier.1),
                format!("decided twice, also in row {}", earlier.1),
            );
            faults.push(
                fault
                    .help("只留一行", "keep one of them")
                    .row(table.row_number(row))
                    .column("事项")
                    .value(what),
            );
        }
    }
    data.decisions = taken;
}

struct Reader<'a> {
    program: &'a Program,
    kinds: &'a [KindData],
    table: &'a LoadedTable,
    /// Made when a kind is met for the first time.
    indexes: BTreeMap<KindId, KeyIndex<'a>>,
    /// Every word that may name a row of a table.
    rows: BTreeSet<String>,
}

/// The key cells of all tables of the document.
fn row_words(program: &Program, data: &Dataset) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for table in (0..u32::try_from(program.tables.len()).unwrap_or(u32::MAX)).map(TableId) {
        for label in row_labels(program, data, table) {
            words.extend(label.split('/').map(str::to_owned));
        }
    }
    words
}

impl<'a> Reader<'a> {
    /// A cell, when it holds something.
    fn text(&self, column: usize, row: usize) -> Option<&'a str> {
        let column = self.table.columns.get(column)?.as_ref()?;
        match &column.data {
            ColumnData::Text(texts) if column.status(row) == Status::Present && row < texts.len() => {
                Some(texts.value(row)).filter(|text| !text.is_empty())
            }
            _ => None,
        }
    }

    fn period(&self, row: usize) -> Option<Period> {
        let column = self.table.columns.get(decision::PERIOD)?.as_ref()?;
        match &column.data {
            ColumnData::Period(periods) if column.status(row) == Status::Present => periods.get(row).copied(),
            _ => None,
        }
    }

    fn index(&mut self, kind: KindId) -> &KeyIndex<'a> {
        let kinds = self.kinds;
        self.indexes.entry(kind).or_insert_with(|| KeyIndex::of(&kinds[kind.index()].keys))
    }

    /// Whose decision it is and for when.
    fn place(
        &mut self,
        id: DecisionId,
        definition: &Decision,
        row: usize,
        faults: &mut TableFaults<'_>,
    ) -> Option<DecisionKey> {
        let number = self.table.row_number(row);
        let attribute = definition.attribute.map(|attribute| &self.program.attributes[attribute.index()]);
        let subject = self.text(decision::SUBJECT, row).unwrap_or_default().to_owned();
        let kind = attribute.and_then(|attribute| attribute.context.kind);
        if let Some(fault) = self.check_subject(kind, &subject) {
            faults.push(fault.row(number).column("对象").value(subject));
            return None;
        }
        let grain = attribute.and_then(|attribute| attribute.context.grain);
        let period = self.period(row);
        if let Some(fault) = check_period(grain, period) {
            let text = period.map(|period| period.to_string()).unwrap_or_default();
            faults.push(fault.row(number).column("期间").value(text));
            return None;
        }
        let label = self.text(decision::ROW, row).unwrap_or_default().to_owned();
        if let Some(strange) = self.strange_word(&label) {
            let fault = Fault::warning(
                "HJ1506",
                format!("“{strange}”既不是制度里表的行，也不是哪条记录的编号，这项决定用不上"),
                format!(
                    "`{strange}` is neither a row of a table nor the key of a record; the decision has no effect"
                ),
            );
            faults.push(fault.row(number).column("行").value(&label));
        }
        Some(DecisionKey { decision: id, subject, row: label, period })
    }

    /// A part of a row label that names nothing.
    fn strange_word<'l>(&mut self, label: &'l str) -> Option<&'l str> {
        let kinds = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        let is_row =
            |part: &&str| part.is_empty() || self.rows.contains(*part) || Period::parse(part).is_some();
        let unknown: Vec<&str> = label.split('/').filter(|part| !is_row(part)).collect();
        unknown
            .into_iter()
            .find(|part| !(0..kinds).map(KindId).any(|kind| self.index(kind).position(part).is_some()))
    }

    fn check_subject(&mut self, kind: Option<KindId>, subject: &str) -> Option<Fault> {
        let Some(kind) = kind else {
            let fault = Fault::error(
                "HJ1502",
                "这是对全体的决定，对象要留空",
                "this is for everybody: leave the subject empty",
            );
            return (!subject.is_empty()).then_some(fault);
        };
        let name = &self.program.kinds[kind.index()].name;
        if subject.is_empty() {
            return Some(Fault::error(
                "HJ1502",
                format!("要写{name}的编号"),
                format!("a key of “{name}” is needed"),
            ));
        }
        let known = self.index(kind).position(subject).is_some();
        (!known).then(|| {
            Fault::error(
                "HJ1502",
                format!("「{name}」里没有“{subject}”"),
                format!("“{name}” has no `{subject}`"),
            )
            .help("核对编号", "check the key")
        })
    }

    fn value(&mut self, definition: &Decision, row: usize, faults: &mut TableFaults<'_>) -> Option<Value> {
        let text = self.text(decision::VALUE, row)?;
        let program = self.program;
        let none = hengjie_evaluate::dataset::Keys::default();
        let value = match definition.ty {
            Type::Object(kind) => typed::value(program, &definition.ty, None, text, self.index(kind)),
            _ => typed::value(program, &definition.ty, definition.range.as_ref(), text, &KeyIndex::of(&none)),
        };
        match value {
            Ok(value) => Some(value),
            Err(refused) => {
                let article = cite(program, definition.article);
                let name = &definition.name;
                let fault = Fault::error("HJ1503", refused.zh, refused.en).help(
                    format!("“{name}”怎样定写在{article}"),
                    format!("{article} says how `{name}` is decided"),
                );
                faults.push(fault.row(self.table.row_number(row)).column("决定").value(text));
                None
            }
        }
    }
}

/// Who decides says why: the reason goes into the explanation of every result that depends on it.
fn no_reason() -> Fault {
    Fault::error("HJ1507", "写了决定，没有写理由", "there is a decision without a reason")
        .help("写明为什么这样定", "write why it was decided so")
}

fn find(program: &Program, name: &str) -> Option<DecisionId> {
    let position = program.decisions.iter().position(|decision| decision.name == name)?;
    u32::try_from(position).ok().map(DecisionId)
}

fn unknown(program: &Program, what: &str) -> Fault {
    let names: Vec<&str> = program.decisions.iter().map(|decision| decision.name.as_str()).collect();
    Fault::error(
        "HJ1501",
        format!("制度里没有由人决定的“{what}”"),
        format!("the document has no decision `{what}`"),
    )
    .help(format!("可以写：{}", names.join("、")), format!("there are: {}", names.join(", ")))
}

/// A decision needs a period of the grain of its attribute, and none where there is none.
fn check_period(grain: Option<Grain>, period: Option<Period>) -> Option<Fault> {
    let fault = |zh: String, en: String| Some(Fault::error("HJ1505", zh, en));
    match (grain, period) {
        (Some(grain), None) => fault(
            format!("要写期间（{}）", grain.noun_zh()),
            format!("a period is needed ({})", grain.noun_en()),
        ),
        (Some(grain), Some(period)) if period.grain() != grain => fault(
            format!("“{period}”不是{}的期间", grain.zh()),
            format!("`{}` is not a {} period", period.en(), grain.en()),
        ),
        (None, Some(_)) => fault(
            "这项决定不分期，期间要留空".to_owned(),
            "this decision has no period: leave it empty".to_owned(),
        ),
        _ => None,
    }
}
