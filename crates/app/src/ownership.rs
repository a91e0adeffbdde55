//! The ownership ledger of a fact store: recording changes, who owns what, and what nobody owns.

use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::import::{Order, import_tables, open};
use crate::schema::Schema;
use arrow_array::StringArray;
use hengjie_calendar::Date;
use hengjie_facts::ownership::{self, Tenure};
use hengjie_facts::{
    ColumnData, ColumnKind, Import, Integers, Limits, LoadedTable, ProgressFn, ResultColumn, ResultTable,
    ResultValues, Status, TableSpec,
};
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
use std::collections::BTreeSet;
use std::path::Path;

/// Whose keys the changes name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kinds {
    /// What is owned: a table of the document.
    pub objects: String,
    /// Who owns: a table of the document.
    pub owners: String,
}

/// Where the ledger is, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The store.
    pub store: &'a Path,
    /// As known on a day; `None`: now.
    pub known_at: Option<Date>,
}

/// Records changes. Changes are rows of `归属变动`: a file, a workbook or a folder.
///
/// # Errors
/// As [`crate::import::import`]; [`Failure::Usage`] when the document has no such tables.
pub fn record(policy: &Policy, kinds: &Kinds, order: &Order, progress: &ProgressFn<'_>) -> Outcome<Import> {
    record_while(policy, kinds, order, progress, &|| true)
}

/// As [`record`], asking `goes_on` once more before anything is written.
///
/// # Errors
/// As [`record`].
pub fn record_while(
    policy: &Policy,
    kinds: &Kinds,
    order: &Order,
    progress: &ProgressFn<'_>,
    goes_on: &dyn Fn() -> bool,
) -> Outcome<Import> {
    let changes = spec(&policy.program, kinds)?;
    let declared = Schema::declared(&policy.program).specs;
    import_tables(&[changes], &declared, order, progress, goes_on)
}

/// Who owns what from when to when, by object, role, owner and day.
///
/// # Errors
/// [`Failure::Facts`]: no store, or a damaged one. [`Failure::Usage`]: the document has no such tables.
pub fn tenures(policy: &Policy, kinds: &Kinds, view: View<'_>) -> Outcome<Vec<Tenure>> {
    let (store, spec) = (open(view.store)?, spec(&policy.program, kinds)?);
    let import = view.known_at.map_or(store.last(), |day| store.known_at(day));
    let found = ownership::tenures(&store, import, &spec, &Limits::default());
    found.map_err(|report| Failure::Facts(Box::new(report)))
}

/// Objects that nobody owns in a role on a day, in the order in which they became known. `only`: column and the values it must have.
///
/// # Errors
/// As [`tenures`]; [`Failure::Usage`] when the objects have no such column.
pub fn uncovered(
    policy: &Policy,
    kinds: &Kinds,
    view: View<'_>,
    (role, day): (&str, Date),
    only: Option<(&str, &[String])>,
) -> Outcome<Uncovered> {
    let owned: BTreeSet<String> = tenures(policy, kinds, view)?
        .into_iter()
        .filter(|tenure| tenure.role == role && is_on(tenure, day))
        .map(|tenure| tenure.object)
        .collect();
    let table = objects(policy, kinds, view, only)?;
    let Some(Some(keys)) = table.1.columns.first() else { return Ok(Uncovered::default()) };
    let ColumnData::Key(keys) = &keys.data else { return Ok(Uncovered::default()) };
    let wanted = (0..table.1.rows).filter(|row| is_wanted(&table, only, *row));
    let (mut all, mut objects) = (0, Vec::new());
    for key in wanted.map(|row| keys.get(row)) {
        all += 1;
        if !owned.contains(&key) {
            objects.push(key);
        }
    }
    Ok(Uncovered { all, objects })
}

/// What nobody owns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uncovered {
    /// How many objects were looked at.
    pub all: usize,
    /// Keys of those that nobody owns.
    pub objects: Vec<String>,
}

/// Is a day inside a tenure?
#[must_use]
pub fn is_on(tenure: &Tenure, day: Date) -> bool {
    tenure.from <= day && tenure.to.is_none_or(|to| day < to)
}

/// The tenures as a table for people: 对象, 身份, 归属人, 自, 至 (the first day after; 无 when there is none), 份额.
#[must_use]
pub fn table(tenures: &[Tenure], lang: Lang) -> ResultTable {
    let text = |of: fn(&Tenure) -> &str| {
        ResultValues::Text(tenures.iter().map(|tenure| Some(of(tenure))).collect::<StringArray>())
    };
    let column = |zh: &str, en: &str, values| ResultColumn::new(lang.pick(zh, en), "", values);
    let to = tenures.iter().map(|tenure| tenure.to.unwrap_or(Date::MAX)).collect();
    let open = tenures.iter().map(|tenure| match tenure.to {
        Some(_) => Status::Present as u8,
        None => Status::None as u8,
    });
    let shares = tenures.iter().map(|tenure| i128::from(tenure.share_bp)).collect();
    let columns = vec![
        column("对象", "object", text(|tenure| &tenure.object)),
        column("身份", "role", text(|tenure| &tenure.role)),
        column("归属人", "owner", text(|tenure| &tenure.owner)),
        column("自", "from", ResultValues::Date(tenures.iter().map(|tenure| tenure.from).collect())),
        ResultColumn { status: Some(open.collect()), ..column("至", "to", ResultValues::Date(to)) },
        column("份额", "share", ResultValues::Number { values: Integers::narrowest(shares), places: 4 }),
    ];
    ResultTable { name: lang.pick("归属", "ownership").to_owned(), columns }
}

/// The table of changes, whose keys are those of tables of the document.
fn spec(program: &Program, kinds: &Kinds) -> Outcome<TableSpec> {
    let declared = Schema::declared(program).specs;
    let with_key = |spec: &&TableSpec| spec.key_column().is_some();
    let names: Vec<&str> = declared.iter().filter(with_key).map(|spec| spec.name.as_str()).collect();
    for (option, name) in [("--objects", &kinds.objects), ("--owners", &kinds.owners)] {
        if !names.contains(&name.as_str()) {
            let listed = names.join("、");
            return Err(Failure::usage(
                format!("制度里没有「{name}」这张有编号的表；用 {option} 写：{listed}"),
                format!("the policy has no table “{name}” with keys; say with {option} one of: {listed}"),
            ));
        }
    }
    Ok(ownership::spec(&kinds.objects, &kinds.owners))
}

/// The keys of all objects, and the column that is asked for.
fn objects(
    policy: &Policy,
    kinds: &Kinds,
    view: View<'_>,
    only: Option<(&str, &[String])>,
) -> Outcome<(TableSpec, LoadedTable)> {
    let declared = Schema::declared(&policy.program).specs;
    let whole = declared.iter().find(|spec| spec.name == kinds.objects);
    let column = |name: &str| whole.and_then(|spec| spec.columns.iter().find(|column| column.name == name));
    let key = whole.and_then(|spec| spec.key_column().and_then(|place| spec.columns.get(place)));
    let (Some(whole), Some(key)) = (whole, key) else {
        return Err(Failure::usage("没有这张表", "there is no such table"));
    };
    let mut columns = vec![key.clone()];
    if let Some((name, _)) = only {
        columns.push(column(name).cloned().ok_or_else(|| no_column(whole, name))?);
    }
    let spec = TableSpec { columns, key: vec![0], ..whole.clone() };
    let store = open(view.store)?;
    let import = view.known_at.map_or(store.last(), |day| store.known_at(day));
    let mut loaded = store.load(import, std::slice::from_ref(&spec), &Limits::default(), &|_| {});
    match loaded.tables.pop().filter(|_| !loaded.report.has_errors()) {
        Some(table) => Ok((spec, table)),
        None => Err(Failure::Facts(Box::new(loaded.report))),
    }
}

fn no_column(spec: &TableSpec, name: &str) -> Failure {
    let names: Vec<&str> = spec.columns.iter().map(|column| column.name.as_str()).collect();
    Failure::usage(
        format!("「{}」没有「{name}」这一列；有：{}", spec.name, names.join("、")),
        format!("“{}” has no column “{name}”; there are: {}", spec.name, names.join(", ")),
    )
}

/// Has a row one of the values that are asked for?
fn is_wanted((spec, table): &(TableSpec, LoadedTable), only: Option<(&str, &[String])>, row: usize) -> bool {
    let Some((_, values)) = only else { return true };
    let Some(Some(column)) = table.columns.get(1) else { return false };
    if column.status(row) != Status::Present {
        return false;
    }
    let at = column.place(row);
    let text = match (&column.data, &spec.columns[1].kind) {
        (ColumnData::Choice(codes), ColumnKind::Choice(items)) => {
            codes.get(at).and_then(|code| items.get(usize::from(*code))).cloned()
        }
        (ColumnData::Text(texts), _) => Some(texts.value(at).to_owned()),
        (ColumnData::Key(keys) | ColumnData::Reference(keys), _) => Some(keys.get(at)),
        (ColumnData::Bool(truths), _) => {
            truths.get(at).map(|truth| if *truth { "是" } else { "否" }.to_owned())
        }
        _ => None,
    };
    text.is_some_and(|text| values.contains(&text))
}
