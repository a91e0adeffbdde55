//! What the changes give: who has what from when to when.

use super::change::{Change, change};
use super::fold::history;
use crate::column::{Integers, Status};
use crate::fault::{Fault, FaultReport};
use crate::limits::Limits;
use crate::spec::TableSpec;
use crate::store::FactStore;
use crate::write::{ResultColumn, ResultTable, ResultValues, WriteError, write_plain_parquet};
use arrow_array::StringArray;
use hengjie_calendar::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// Somebody has a share of something for some days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenure {
    /// Customer or account.
    pub object: String,
    /// 管户, 信贷管户, 记账机构 …
    pub role: String,
    /// Who.
    pub owner: String,
    /// First day.
    pub from: Date,
    /// First day that is not his any more; `None`: no end is known.
    pub to: Option<Date>,
    /// Share in basis points, 1 to 10000. The shares of an object in a role sum to 10000 on every day on which anybody has it.
    pub share_bp: i32,
}

/// Everything that was known after an import, by object, role, owner and day. `spec`: as [`super::spec`] makes it.
///
/// # Errors
/// The store is damaged.
pub fn tenures(
    store: &FactStore,
    import: u32,
    spec: &TableSpec,
    limits: &Limits,
) -> Result<Vec<Tenure>, FaultReport> {
    let loaded = store.load(import, std::slice::from_ref(spec), limits, &|_| {});
    if loaded.report.has_errors() {
        return Err(loaded.report);
    }
    let mut subjects: BTreeMap<(String, String), Vec<Change>> = BTreeMap::new();
    for table in &loaded.tables {
        for change in (0..table.rows).filter_map(|row| change(table, row)) {
            subjects.entry(change.subject()).or_default().push(change);
        }
    }
    let mut found = Vec::new();
    for ((object, role), changes) in subjects {
        let changes: Vec<&Change> = changes.iter().collect();
        // What was recorded has been found to hold.
        let Ok(history) = history(&changes) else { return Err(broken(&object)) };
        found.extend(of_history(&object, &role, &history));
    }
    found.sort_unstable();
    Ok(found)
}

/// A share that does not change is one tenure, whatever happens to the others.
fn of_history(object: &str, role: &str, history: &super::fold::History) -> Vec<Tenure> {
    let (mut open, mut found): (BTreeMap<&str, Tenure>, Vec<Tenure>) = (BTreeMap::new(), Vec::new());
    for (day, shares) in history {
        open.retain(|owner, tenure| {
            let goes_on = shares.get(*owner) == Some(&i128::from(tenure.share_bp));
            if !goes_on {
                found.push(Tenure { to: Some(*day), ..tenure.clone() });
            }
            goes_on
        });
        for (owner, share) in shares {
            open.entry(owner).or_insert_with(|| Tenure {
                object: object.to_owned(),
                role: role.to_owned(),
                owner: owner.clone(),
                from: *day,
                to: None,
                share_bp: i32::try_from(*share).unwrap_or(0),
            });
        }
    }
    found.extend(open.into_values());
    found
}

fn broken(object: &str) -> FaultReport {
    let mut faults = crate::fault::Faults::new(super::TABLE, 1);
    let fault = Fault::error(
        "HJ1825",
        format!("{object} 的变动前后接不上"),
        format!("the changes of {object} do not follow from each other"),
    );
    faults.push(fault.help("撤回其中一个变动", "withdraw one of them"));
    let mut report = FaultReport::default();
    report.absorb(super::TABLE, faults);
    report
}

/// Writes the table that the ledger of account-days reads: `customer_id`, `rm_id`, `from_date`, `to_date` (the first day after; empty:
/// no end), `share_bp`, one row per tenure in the order given. Numbers that are whole are integers, otherwise the column is text.
///
/// # Errors
/// The file cannot be written; nothing is left of it.
pub fn write_parquet(path: &Path, tenures: &[Tenure]) -> Result<(), WriteError> {
    let ids = |of: fn(&Tenure) -> &str| {
        let integer = |tenure: &Tenure| crate::builder::canonical_integer(of(tenure));
        match tenures.iter().map(integer).collect::<Option<Vec<i64>>>() {
            Some(values) => ResultValues::Number { values: Integers::I64(values.into()), places: 0 },
            None => {
                ResultValues::Text(tenures.iter().map(|tenure| Some(of(tenure))).collect::<StringArray>())
            }
        }
    };
    let days = tenures.iter().map(|tenure| tenure.to.unwrap_or(Date::MAX)).collect();
    let open = tenures.iter().map(|tenure| match tenure.to {
        Some(_) => Status::Present as u8,
        None => Status::Missing as u8,
    });
    let shares: Vec<i32> = tenures.iter().map(|tenure| tenure.share_bp).collect();
    let columns = vec![
        ResultColumn::new("customer_id", "", ids(|tenure| &tenure.object)),
        ResultColumn::new("rm_id", "", ids(|tenure| &tenure.owner)),
        ResultColumn::new(
            "from_date",
            "",
            ResultValues::Date(tenures.iter().map(|tenure| tenure.from).collect()),
        ),
        ResultColumn {
            status: Some(open.collect()),
            ..ResultColumn::new("to_date", "", ResultValues::Date(days))
        },
        ResultColumn::new(
            "share_bp",
            "",
            ResultValues::Number { values: Integers::I32(shares.into()), places: 0 },
        ),
    ];
    write_plain_parquet(path, &ResultTable { name: "ownership".to_owned(), columns })
}
