//! The facts of an organisation: tables, what is missing, rows with where each came from, as of now or as of a day.

use super::access::Operation;
use super::answer::{
    self, ControlTotal, Delivery, FactPage, FactTable, FactTableState, FactsDetail, FactsPlace,
};
use super::look::Looked;
use super::outcome::stamp;
use super::refusal::{Refusal, Refused, fault};
use super::table::TableQuery;
use super::{Asking, Console, lock};
use crate::document::Policy;
use crate::import::specs;
use crate::limits::ROWS_HELD;
use crate::load::{self, Source};
use crate::schema::Schema;
use hengjie_calendar::Date;
use hengjie_facts::ownership::{TABLE as CHANGES, spec as changes_spec};
use hengjie_facts::{FactStore, TableSpec, write_templates};
use hengjie_quantity::Lang;
use hengjie_store::rows::Document;
use std::path::Path;
use std::sync::Arc;

/// The facts of a document as of some moment.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) document: Document,
    pub(super) policy: Arc<Policy>,
    /// `None`: nobody has delivered anything.
    pub(super) source: Option<Source>,
    pub(super) store: Option<FactStore>,
    /// Number of the last import that counts.
    pub(super) import: u32,
}

impl Console {
    /// The tables of facts of a document, as known on a day (now for `None`).
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`]: no version of the document is without errors, the facts are no store and have no
    /// past, or the store is damaged; [`Refusal::Store`].
    pub async fn facts(&self, asking: &Asking, id: &str, known_at: Option<&str>) -> Refused<FactsDetail> {
        asking.actor.permit(Operation::ListFacts)?;
        let view = self.view(id, known_at).await?;
        let mut tables = Vec::new();
        for spec in specs(&view.policy) {
            let looked = self.look(&view, &spec).await?;
            tables.push(table(&view, &looked, asking.lang));
        }
        let day = |store: &FactStore| {
            let last = store.imports().iter().take(view.import as usize).next_back();
            last.map_or_else(String::new, |last| last.recorded_on.clone())
        };
        Ok(FactsDetail {
            document: view.document.id.clone(),
            organisation: view.document.name.clone(),
            place: match (&view.source, &view.store) {
                (None, _) => FactsPlace::Nowhere,
                (_, Some(_)) => FactsPlace::Store,
                (_, None) => FactsPlace::Files,
            },
            imports: view.import,
            recorded_on: view.store.as_ref().map_or_else(String::new, day),
            tables,
        })
    }

    /// Rows of a table of facts, `归属变动` included.
    ///
    /// # Errors
    /// As [`Console::facts`]; [`Refusal::Absent`] for an unknown table or column.
    pub async fn fact_rows(
        &self,
        asking: &Asking,
        id: &str,
        (name, known_at): (&str, Option<&str>),
        query: &TableQuery,
    ) -> Refused<FactPage> {
        asking.actor.permit(Operation::ReadFacts)?;
        let view = self.view(id, known_at).await?;
        let all = specs(&view.policy).into_iter().chain([changes_spec("", "")]);
        let spec = all.into_iter().find(|spec| spec.name == name).ok_or_else(|| {
            Refusal::absent(
                format!("制度里没有「{name}」这张表。"),
                format!("The policy has no table “{name}”."),
            )
        })?;
        self.look(&view, &spec).await?.page(query)
    }

    /// Name and bytes of a workbook with a sheet per table, to fill in.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::Failure`] when it cannot be made; [`Refusal::Store`].
    pub async fn template(&self, asking: &Asking, id: &str) -> Refused<(String, Vec<u8>)> {
        asking.actor.permit(Operation::ExportTemplate)?;
        let (policy, lang) = (self.sound(id).await?, asking.lang);
        let mut specs = specs(&policy);
        let (objects, owners) = super::owners::kinds_of(&policy);
        specs.push(changes_spec(&objects, &owners));
        let unwritable = |error: &dyn std::fmt::Display| {
            let (zh, en) = (format!("模板做不出：{error}"), format!("the template cannot be made: {error}"));
            crate::Failure::Unwritable(hengjie_facts::Bilingual::new(zh, en))
        };
        let folder = tempfile::tempdir().map_err(|error| unwritable(&error))?;
        let written = write_templates(folder.path(), &specs, lang);
        let written = written.map_err(|error| unwritable(&error.message.text(lang)))?;
        let workbook = written.first().ok_or_else(|| unwritable(&""))?;
        let bytes = std::fs::read(workbook).map_err(|error| unwritable(&error))?;
        Ok((format!("{}{}.xlsx", policy.program.name, lang.pick("模板", " template")), bytes))
    }

    /// The facts of a document as known on a day (now for `None`).
    pub(super) async fn view(&self, id: &str, known_at: Option<&str>) -> Refused<View> {
        let document = self.store.document(id).await?;
        let policy = self.sound(id).await?;
        let path = Path::new(&document.facts);
        let day = known_at.map(parse_day).transpose()?;
        let source = match day {
            Some(day) => Some(Source::known_at(path, day)?),
            None => (!is_nowhere(path)).then(|| Source::at(path)),
        };
        let (store, import) = match &source {
            Some(Source::Store { folder, import }) => {
                (Some(FactStore::open(folder).map_err(load::of_fault)?), *import)
            }
            _ => (None, 0),
        };
        Ok(View { document, policy, source, store, import })
    }

    /// The newest version of a document that has no errors.
    pub(super) async fn sound(&self, id: &str) -> Refused<Arc<Policy>> {
        let heads = self.store.versions(id).await?;
        let sound = heads.iter().find(|head| !head.hash.is_empty()).or(heads.first());
        let number = sound.map_or(0, |head| head.number);
        self.policy(id, number).await
    }

    /// A table, held for whoever looks at it next.
    pub(super) async fn look(&self, view: &View, spec: &TableSpec) -> Refused<Arc<Looked>> {
        let Some(source) = view.source.clone() else { return Ok(Arc::new(Looked::absent(spec))) };
        let (id, hash, stamp) = (&view.document.id, &view.policy.hash, stamp(&source));
        let key = format!("{id}\n{hash}\n{stamp}\n{}", spec.name);
        if let Some((_, looked)) = lock(&self.shared.facts).iter().find(|(held, _)| *held == key) {
            return Ok(Arc::clone(looked));
        }
        let (policy, spec) = (Arc::clone(&view.policy), spec.clone());
        let reading = tokio::task::spawn_blocking(move || {
            Looked::read(&spec, &source, &Schema::declared(&policy.program))
        });
        let looked =
            reading.await.map_err(|_| Refusal::absent("这张表读不出。", "This table cannot be read."))?;
        let looked = Arc::new(looked);
        let mut held = lock(&self.shared.facts);
        held.push((key, Arc::clone(&looked)));
        while held.len() > 1 && held.iter().map(|(_, looked)| looked.rows()).sum::<usize>() > ROWS_HELD {
            held.remove(0);
        }
        Ok(looked)
    }
}

/// Has nobody put anything there?
pub(super) fn is_nowhere(path: &Path) -> bool {
    match std::fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !path.exists(),
    }
}

pub(super) fn parse_day(text: &str) -> Refused<Date> {
    Date::parse(text).ok_or_else(|| {
        Refusal::Failure(crate::Failure::usage(
            format!("“{text}”不是日期，写成 2026-02-03"),
            format!("`{text}` is no date; write it like 2026-02-03"),
        ))
    })
}

fn table(view: &View, looked: &Looked, lang: Lang) -> FactTable {
    let columns = looked.columns(lang);
    FactTable {
        name: looked.spec.name.clone(),
        title: looked.spec.title.text(lang).to_owned(),
        state: looked.state(),
        is_needed: looked.spec.required,
        rows: looked.rows(),
        file: looked.file(),
        missing: match looked.state() {
            FactTableState::There => columns.iter().map(|column| column.missing).sum(),
            _ => 0,
        },
        columns,
        last: view.store.as_ref().and_then(|store| last_delivery(store, view.import, &looked.spec.name)),
        faults: looked.faults.iter().map(|one| fault(one, lang)).collect::<Vec<answer::Fault>>(),
    }
}

fn last_delivery(store: &FactStore, import: u32, table: &str) -> Option<Delivery> {
    let (number, entry) = store.entries(table, import).last()?;
    let manifest = store.imports().get(number.checked_sub(1)? as usize)?;
    Some(Delivery {
        import: number,
        recorded_on: manifest.recorded_on.clone(),
        by: manifest.by.clone(),
        file: entry.file.clone(),
        sha256: entry.file_sha256.clone(),
        rows: entry.rows,
        controls: ControlTotal::all(&entry.controls),
    })
}

/// Is this the table of changes of ownership?
pub(super) fn is_changes(table: &str) -> bool {
    table == CHANGES
}
