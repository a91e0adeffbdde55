//! Whose customer it is: tenures from the recorded changes, and what nobody owns.

use super::access::Operation;
use super::answer::{ChangeRow, Named, Ownership, TenureRow, Uncovered};
use super::facts::{View, parse_day};
use super::refusal::Refused;
use super::{Asking, Console};
use crate::document::Policy;
use crate::import::specs;
use crate::ownership::{self, Kinds, View as Ledger, is_on};
use crate::schema::file_name;
use hengjie_facts::ownership::{Tenure, spec as changes_spec};
use hengjie_quantity::{Lang, Rational};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Tenures and objects of an answer.
const LISTED: usize = 500;

/// What is owned where nothing is said.
const CUSTOMERS: &str = "客户";

/// Where the role of a change is empty.
const OWNER: &str = "管户";

/// Which part of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipQuery {
    /// The table of what is owned; 客户 for an empty one.
    pub objects: String,
    /// The table of those who own; those whom the document is about for an empty one.
    pub owners: String,
    /// One object, by key; all for an empty one.
    pub object: String,
    /// One owner, by key; all for an empty one.
    pub owner: String,
    /// One role; all for an empty one.
    pub role: String,
    /// Tenures that hold on a day; all for an empty one.
    pub on: String,
    /// As known on a day; now for an empty one.
    pub known_at: String,
}

impl Console {
    /// Who owns what from when to when; of one object also the changes that were recorded.
    ///
    /// # Errors
    /// As [`Console::facts`]; [`super::Refusal::Failure`] when the document has no such tables.
    pub async fn ownership(&self, asking: &Asking, id: &str, query: &OwnershipQuery) -> Refused<Ownership> {
        asking.actor.permit(Operation::ReadOwnership)?;
        let view = self.view(id, filled(&query.known_at)).await?;
        let kinds = wanted(&view.policy, query);
        let all = tenures(&view, &kinds, query)?;
        let on = filled(&query.on).map(parse_day).transpose()?;
        let is_asked = |tenure: &&Tenure| {
            let is = |wanted: &String, text: &String| wanted.is_empty() || wanted == text;
            is(&query.object, &tenure.object)
                && is(&query.owner, &tenure.owner)
                && is(&query.role, &tenure.role)
                && on.is_none_or(|day| is_on(tenure, day))
        };
        let found: Vec<&Tenure> = all.iter().filter(is_asked).collect();
        let objects = self.names(&view, &kinds.objects).await?;
        let owners = self.names(&view, &kinds.owners).await?;
        let name = |names: &BTreeMap<String, String>, key: &str| names.get(key).cloned().unwrap_or_default();
        let row = |tenure: &&Tenure| TenureRow {
            object: tenure.object.clone(),
            object_name: name(&objects, &tenure.object),
            role: tenure.role.clone(),
            owner: tenure.owner.clone(),
            owner_name: name(&owners, &tenure.owner),
            from: tenure.from.to_string(),
            to: tenure.to.map_or_else(String::new, |day| day.to_string()),
            share: percent(&Rational::new(i128::from(tenure.share_bp), 10_000).unwrap_or(Rational::ZERO)),
        };
        let changes = match query.object.is_empty() {
            true => Vec::new(),
            false => self.changes(&view, &query.object, asking.lang).await?,
        };
        Ok(Ownership {
            kinds: tables_with_keys(&view.policy),
            roles: all
                .iter()
                .map(|tenure| tenure.role.clone())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            matched: found.len(),
            tenures: found.iter().take(LISTED).map(row).collect(),
            objects: kinds.objects,
            owners: kinds.owners,
            changes,
        })
    }

    /// What nobody owns in a role on a day.
    ///
    /// # Errors
    /// As [`Console::ownership`].
    pub async fn uncovered(&self, asking: &Asking, id: &str, query: &OwnershipQuery) -> Refused<Uncovered> {
        asking.actor.permit(Operation::FindUncovered)?;
        let view = self.view(id, filled(&query.known_at)).await?;
        let kinds = wanted(&view.policy, query);
        if view.store.is_none() {
            return Ok(Uncovered { all: 0, uncovered: 0, objects: Vec::new() });
        }
        // The day of the request is the day of whoever asks.
        let today = asking.at.get(..10).unwrap_or_default();
        let day = parse_day(filled(&query.on).unwrap_or(today))?;
        let ledger = ledger(&view, query)?;
        let role = filled(&query.role).unwrap_or(OWNER);
        let found = ownership::uncovered(&view.policy, &kinds, ledger, (role, day), None)?;
        let names = self.names(&view, &kinds.objects).await?;
        let named =
            |key: &String| Named { key: key.clone(), name: names.get(key).cloned().unwrap_or_default() };
        Ok(Uncovered {
            all: found.all,
            uncovered: found.objects.len(),
            objects: found.objects.iter().take(LISTED).map(named).collect(),
        })
    }

    /// Keys and names of a table.
    async fn names(&self, view: &View, table: &str) -> Refused<BTreeMap<String, String>> {
        match specs(&view.policy).iter().find(|spec| spec.name == table) {
            Some(spec) => Ok(self.look(view, spec).await?.names()),
            None => Ok(BTreeMap::new()),
        }
    }

    /// The changes of one object, as they were recorded.
    async fn changes(&self, view: &View, object: &str, lang: Lang) -> Refused<Vec<ChangeRow>> {
        let spec = changes_spec("", "");
        let place = |name: &str| spec.columns.iter().position(|column| column.name == name).unwrap_or(0);
        let looked = self.look(view, &spec).await?;
        let change = |row: usize| {
            let text = |name: &str| looked.text(row, place(name));
            let (file, number) = looked.source(row);
            let (role, share) = (text("身份"), text("份额"));
            ChangeRow {
                number: text("编号"),
                operation: text("操作"),
                role: if role.is_empty() { OWNER.to_owned() } else { role },
                from: text("自"),
                giver: text("由"),
                receiver: text("给"),
                share: Rational::parse_decimal(&share).map_or(share, |share| percent(&share)),
                maker: text("经办"),
                checker: text("复核"),
                reason: text("理由"),
                source: lang.pick(format!("{file} 第 {number} 行"), format!("{file} row {number}")),
            }
        };
        let is_about = |row: &usize| looked.text(*row, place("对象")) == object;
        let mut changes: Vec<ChangeRow> = (0..looked.rows()).filter(is_about).map(change).collect();
        changes.sort_by(|left, right| left.from.cmp(&right.from));
        Ok(changes)
    }
}

/// The tables of what is owned and of those who own, as a document suggests them.
pub(super) fn kinds_of(policy: &Policy) -> (String, String) {
    let tables = tables_with_keys(policy);
    let scope =
        policy.program.scope.as_ref().map(|scope| file_name(&policy.program.kinds[scope.kind.index()].name));
    let owners = scope.filter(|table| tables.contains(table)).or_else(|| tables.first().cloned());
    let owners = owners.unwrap_or_default();
    let others = || tables.iter().filter(|table| **table != owners);
    let objects = others().find(|table| *table == CUSTOMERS).or_else(|| others().next());
    (objects.unwrap_or(&owners).clone(), owners)
}

fn wanted(policy: &Policy, query: &OwnershipQuery) -> Kinds {
    let (objects, owners) = kinds_of(policy);
    Kinds {
        objects: filled(&query.objects).map_or(objects, str::to_owned),
        owners: filled(&query.owners).map_or(owners, str::to_owned),
    }
}

fn tables_with_keys(policy: &Policy) -> Vec<String> {
    let with_key =
        specs(policy).into_iter().filter(|spec| spec.key_column().is_some() && spec.key.len() == 1);
    with_key.map(|spec| spec.name).collect()
}

fn tenures(view: &View, kinds: &Kinds, query: &OwnershipQuery) -> Refused<Vec<Tenure>> {
    match view.store {
        Some(_) => Ok(ownership::tenures(&view.policy, kinds, ledger(view, query)?)?),
        None => Ok(Vec::new()),
    }
}

fn ledger<'a>(view: &'a View, query: &OwnershipQuery) -> Refused<Ledger<'a>> {
    let known_at = filled(&query.known_at).map(parse_day).transpose()?;
    Ok(Ledger { store: Path::new(&view.document.facts), known_at })
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// `60%`
fn percent(share: &Rational) -> String {
    format!("{}%", share * &Rational::from(100_i128))
}
