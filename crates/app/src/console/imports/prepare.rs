//! Puts everything that an import needs where it is read: files, mapping, control file, and the fact store.

use super::ImportRequest;
use crate::console::answer::Taking;
use crate::console::facts::{is_nowhere, parse_day};
use crate::console::owners::kinds_of;
use crate::console::refusal::{Refusal, Refused};
use crate::console::{Asking, Console, handed_in, mappings};
use crate::document::Policy;
use crate::failure::Failure;
use crate::import::Order;
use crate::ownership::Kinds;
use hengjie_facts::{Acceptance, Action, FactStore};
use hengjie_store::rows::Document;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Folder of new fact stores, in the home of the console.
const STORES: &str = "stores";

/// Everything that an import needs on the disk.
pub(super) struct Prepared {
    pub(super) order: Order,
    pub(super) table: Option<String>,
    pub(super) kinds: Kinds,
    /// Where the facts of the document are once something was taken.
    pub(super) facts: String,
    /// Goes away with the import.
    _folders: Vec<TempDir>,
}

impl Console {
    /// Puts files and mapping where they are read, and finds the fact store.
    pub(super) fn prepare(
        &self,
        asking: &Asking,
        wanted: &ImportRequest,
        document: &Document,
        policy: &Policy,
    ) -> Refused<Prepared> {
        let store = self.target(wanted, document)?;
        let mut folders = Vec::new();
        let data = match wanted.present {
            true => PathBuf::from(&document.facts),
            false => self.data(wanted, &mut folders)?,
        };
        let mapping = mapping(wanted, &mut folders)?;
        let control = match &wanted.control {
            None => None,
            Some(file) => {
                let folder = self.together(std::slice::from_ref(file))?;
                let path = first(folder.path());
                folders.push(folder);
                path
            }
        };
        let today = asking.at.get(..10).unwrap_or_default();
        let day = if wanted.recorded_on.is_empty() { today } else { &wanted.recorded_on };
        let (objects, owners) = kinds_of(policy);
        Ok(Prepared {
            order: Order {
                store: store.clone(),
                data,
                mapping,
                control,
                recorded_on: parse_day(day)?,
                by: asking.actor.name.clone(),
                acceptance: match wanted.taking {
                    Taking::Check => Acceptance::CheckOnly,
                    Taking::GoodRows => Acceptance::GoodRows,
                    Taking::AllOrNothing => Acceptance::AllOrNothing,
                },
                action: if wanted.withdraw { Action::Withdraw } else { Action::Record },
                lang: asking.lang,
            },
            table: (!wanted.table.is_empty()).then(|| wanted.table.clone()),
            kinds: Kinds { objects, owners },
            facts: store.display().to_string(),
            _folders: folders,
        })
    }

    /// The fact store of a document: where its facts are, or a new one.
    fn target(&self, wanted: &ImportRequest, document: &Document) -> Refused<PathBuf> {
        let path = Path::new(&document.facts);
        let is_store = FactStore::is_at(path);
        match (wanted.present, is_store || is_nowhere(path)) {
            (false, true) => Ok(path.to_owned()),
            (true, false) => Ok(self.shared.home.join(STORES).join(&document.id)),
            (false, false) => Err(Refusal::Failure(Failure::usage(
                "这份制度的资料还是文件夹里的文件，不记得以前知道什么。先用现有的文件建资料库，再导入",
                "the facts of this policy are still plain files, which remember nothing. Begin a fact store with them, then import",
            ))),
            (true, true) => Err(Refusal::Failure(Failure::usage(
                "这份制度的资料已经在资料库里",
                "the facts of this policy are in a fact store already",
            ))),
        }
    }

    /// The files together in a folder; a single one by itself when its table is known or it is a workbook.
    fn data(&self, wanted: &ImportRequest, folders: &mut Vec<TempDir>) -> Refused<PathBuf> {
        if wanted.files.is_empty() {
            return Err(Refusal::Failure(Failure::usage("先选文件", "choose files first")));
        }
        if !wanted.table.is_empty() && wanted.files.len() > 1 {
            return Err(Refusal::Failure(Failure::usage(
                "指定了表的时候只能有一个文件",
                "when the table is named, there is one file only",
            )));
        }
        let folder = self.together(&wanted.files)?;
        let whole = folder.path().to_owned();
        folders.push(folder);
        let [only] = wanted.files.as_slice() else { return Ok(whole) };
        let is_workbook = only.name.to_ascii_lowercase().ends_with(".xlsx");
        match is_workbook || !wanted.table.is_empty() {
            true => Ok(first(&whole).unwrap_or(whole)),
            false => Ok(whole),
        }
    }
}

/// The only file of a folder.
fn first(folder: &Path) -> Option<PathBuf> {
    Some(std::fs::read_dir(folder).ok()?.next()?.ok()?.path())
}

/// A mapping file with the text that was sent.
fn mapping(wanted: &ImportRequest, folders: &mut Vec<TempDir>) -> Refused<Option<PathBuf>> {
    if wanted.mapping.trim().is_empty() {
        return Ok(None);
    }
    mappings::parse(&wanted.mapping)?;
    let write = || {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("mapping.json");
        std::fs::write(&path, &wanted.mapping)?;
        Ok((folder, path))
    };
    let (folder, path) = write().map_err(|error| handed_in::unwritable(&error))?;
    folders.push(folder);
    Ok(Some(path))
}
