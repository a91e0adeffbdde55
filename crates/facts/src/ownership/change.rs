//! The changes as a table, and one change as a value.

use crate::bilingual::Bilingual;
use crate::column::{ColumnData, LoadedTable, Status};
use crate::spec::{ColumnKind, ColumnSpec, TableSpec};
use hengjie_calendar::Date;
use hengjie_quantity::{Rational, Unit};

/// Name of the table.
pub const TABLE: &str = "归属变动";
/// 100 % in basis points.
pub(super) const FULL_BP: i128 = 10_000;
/// The 身份 where none is written.
pub(super) const OWNER: &str = "管户";

/// What a change does, in the order of [`OPERATIONS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    Claim,
    HandOver,
    Refer,
    Joint,
    Designate,
    WalkIn,
}

const OPERATIONS: [(Operation, &str); 6] = [
    (Operation::Claim, "认领"),
    (Operation::HandOver, "移交"),
    (Operation::Refer, "转介"),
    (Operation::Joint, "联合营销"),
    (Operation::Designate, "指定"),
    (Operation::WalkIn, "自然增长"),
];

impl Operation {
    /// Are the rows with the same 对象, 身份 and 自 one change together?
    pub(super) fn is_shared(self) -> bool {
        matches!(self, Self::Joint | Self::Designate)
    }

    /// As people write it.
    pub(super) fn word(self) -> &'static str {
        OPERATIONS.iter().find(|(operation, _)| *operation == self).map_or("", |(_, word)| word)
    }
}

/// The table of changes. `objects` and `owners` are the tables whose keys they name.
#[must_use]
pub fn spec(objects: &str, owners: &str) -> TableSpec {
    let reference = |table: &str| ColumnKind::Reference { table: table.to_owned() };
    let operations = OPERATIONS.iter().map(|(_, word)| (*word).to_owned()).collect();
    let (all, some) = (true, false);
    let columns = vec![
        column(
            "编号",
            ColumnKind::Key,
            all,
            "变动的流水号，不重复",
            "number of the change, never twice",
            "G0001",
        ),
        column("操作", ColumnKind::Choice(operations), all, "做什么", "what is done", "移交"),
        column("对象", reference(objects), all, "哪个客户或账户", "which customer or account", "C001"),
        column(
            "身份",
            ColumnKind::Text,
            some,
            "管户、信贷管户、记账机构、营销机构等；空着是管户",
            "role: owner, credit manager, booking unit, winning unit …; empty: owner",
            "管户",
        ),
        column("自", ColumnKind::Date, all, "从哪天起", "the first day", "2026-02-01"),
        column("由", reference(owners), some, "移交：从谁", "hand-over: from whom", "1001"),
        column("给", reference(owners), some, "给谁", "to whom", "1002"),
        column(
            "份额",
            ColumnKind::Number { unit: Unit::none() },
            some,
            "到万分之一，如 40%",
            "to the basis point, such as 40%",
            "40%",
        ),
        column("经办", ColumnKind::Text, all, "谁办的", "who made it", "张三"),
        column(
            "复核",
            ColumnKind::Text,
            all,
            "谁复核的，不能是经办人",
            "who checked it, not the maker",
            "李四",
        ),
        column("监交", ColumnKind::Text, some, "移交：谁监交", "hand-over: who supervised it", "王五"),
        column("理由", ColumnKind::Text, all, "为什么", "why", "轮岗"),
    ];
    let title = Bilingual::new("归属变动：谁的客户（账户）从哪天起归谁", "changes of ownership");
    TableSpec { name: TABLE.to_owned(), title, columns, key: vec![0], required: false }
}

fn column(name: &str, kind: ColumnKind, complete: bool, zh: &str, en: &str, example: &str) -> ColumnSpec {
    let range = matches!(kind, ColumnKind::Number { .. }).then_some((Rational::ZERO, Rational::ONE));
    let (note, example) = (Bilingual::new(zh, en), example.to_owned());
    ColumnSpec { required: complete, complete, range, note, example, ..ColumnSpec::new(name, kind) }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Row in its table.
    pub(super) row: usize,
    pub(super) id: String,
    pub(super) operation: Operation,
    pub(super) object: String,
    pub(super) role: String,
    pub(super) from: Date,
    /// Empty where none is written; so are the texts below.
    pub(super) giver: String,
    pub(super) taker: String,
    /// As written, 1 is all.
    pub(super) share: Option<Rational>,
    pub(super) maker: String,
    pub(super) checker: String,
}

impl Change {
    /// What it is about: whose history it belongs to.
    pub(super) fn subject(&self) -> (String, String) {
        (self.object.clone(), self.role.clone())
    }

    /// The share in basis points; `Err` when it is none.
    pub(super) fn share_bp(&self) -> Result<Option<i128>, ()> {
        let Some(share) = &self.share else { return Ok(None) };
        let bp = (share * &Rational::from(FULL_BP)).to_i128().filter(|bp| (1..=FULL_BP).contains(bp));
        bp.map(Some).ok_or(())
    }
}

/// The change of a row; `None` when a cell that must be there could not be read.
pub(super) fn change(table: &LoadedTable, row: usize) -> Option<Change> {
    let text = |place: usize| {
        let column = table.columns.get(place)?.as_ref()?;
        if column.status(row) != Status::Present {
            return None;
        }
        Some(match &column.data {
            ColumnData::Text(texts) => texts.value(column.place(row)).to_owned(),
            ColumnData::Key(keys) | ColumnData::Reference(keys) => keys.get(column.place(row)),
            _ => return None,
        })
    };
    let cell = |place: usize| {
        let column = table.columns.get(place)?.as_ref()?;
        (column.status(row) == Status::Present).then(|| (&column.data, column.place(row)))
    };
    let operation = match cell(1)? {
        (ColumnData::Choice(codes), at) => OPERATIONS.get(usize::from(*codes.get(at)?))?.0,
        _ => return None,
    };
    let from = match cell(4)? {
        (ColumnData::Date(days), at) => *days.get(at)?,
        _ => return None,
    };
    let share = match cell(7) {
        Some((ColumnData::Number { values, scale }, at)) => Some(Rational::from(values.get(at)) * scale),
        _ => None,
    };
    Some(Change {
        row,
        id: text(0)?,
        operation,
        object: text(2)?,
        role: text(3).unwrap_or_else(|| OWNER.to_owned()),
        from,
        giver: text(5).unwrap_or_default(),
        taker: text(6).unwrap_or_default(),
        share,
        maker: text(8)?,
        checker: text(9)?,
    })
}
