//! 修订对照: what two versions of a document say differently, and what that does to people.
//!
//! Prose is compared word by word. Rules, tables, parameters and readings are compared by meaning: they are written out
//! from the typed core, so that another layout, order or comment is no change.

mod formulas;
mod html;
mod items;
mod redline;
mod rules;

use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::run::Request;
use crate::sheet::Sheet;
use crate::whatif::{Difference, try_policy};
use hengjie_facts::ResultTable;
use hengjie_policy::core::Program;
use hengjie_quantity::Lang;
pub use items::What;
use items::{Item, items};
pub use redline::{Mark, Piece};
use redline::{pieces, plain};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Of the values of the larger document, one in so many must have the same name in the other.
const KINSHIP: usize = 5;

/// Something that two versions say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// The article: of the new version, of the old one for what is gone.
    pub article: String,
    /// What it is.
    pub what: What,
    /// Its name; the heading for prose.
    pub name: String,
    /// Old and new text, piece by piece.
    pub pieces: Vec<Piece>,
}

/// Two versions side by side.
#[derive(Debug)]
pub struct Amendments {
    /// What they say differently, in the order of the new version.
    pub amendments: Vec<Amendment>,
    /// What it does, when there are facts.
    pub effect: Option<Difference>,
    /// As tables.
    pub tables: Vec<ResultTable>,
    title: String,
    versions: [String; 2],
}

/// Compares two versions; with facts (`request`), computes both.
///
/// # Errors
/// [`Failure::Usage`] when the two documents have no common ancestry; otherwise as a run of each.
pub fn diff(old: &Policy, new: &Policy, request: Option<&Request>, lang: Lang) -> Outcome<Amendments> {
    refuse_strangers(&old.program, &new.program)?;
    let amendments = amendments(old, new, lang);
    let effect = match request {
        Some(request) => Some(try_policy(old, new, request)?),
        None => None,
    };
    let mut tables = vec![table(&amendments, lang)];
    tables.extend(effect.iter().flat_map(|effect| effect.tables.iter().cloned()));
    let version = |policy: &Policy| {
        let hash: String = policy.hash.chars().take(16).collect();
        match lang {
            Lang::Zh => format!("{}（{} 起，指纹 {hash}）", policy.program.name, policy.program.from),
            Lang::En => format!("{} (from {}, hash {hash})", policy.program.name, policy.program.from),
        }
    };
    Ok(Amendments {
        amendments,
        effect,
        tables,
        title: new.program.title.clone(),
        versions: [version(old), version(new)],
    })
}

/// Two documents that only happen to be documents are no versions of each other.
fn refuse_strangers(old: &Program, new: &Program) -> Outcome<()> {
    let names = |program: &Program| -> BTreeSet<String> {
        program.attributes.iter().map(|attribute| attribute.name.clone()).collect()
    };
    let (before, after) = (names(old), names(new));
    let shared = before.intersection(&after).count();
    let larger = before.len().max(after.len());
    if old.name == new.name || shared * KINSHIP >= larger.max(1) {
        return Ok(());
    }
    Err(Failure::usage(
        format!(
            "这两份文件不像同一份制度的两版：名称是“{}”和“{}”，{larger} 个项目里只有 {shared} 个同名。要比较结果，用 whatif --policy",
            old.name, new.name
        ),
        format!(
            "these are no two versions of one policy: they are called `{}` and `{}`, and of {larger} values only {shared} have the same name. To compare results use whatif --policy",
            old.name, new.name
        ),
    ))
}

fn amendments(old: &Policy, new: &Policy, lang: Lang) -> Vec<Amendment> {
    let (before, after) = (items(old, lang), items(new, lang));
    let mut earlier: BTreeMap<(What, String), &Item> =
        before.iter().map(|item| ((item.what, item.key.clone()), item)).collect();
    let mut found = Vec::new();
    for item in &after {
        let was = earlier.remove(&(item.what, item.key.clone()));
        let was = was.map_or("", |was| was.text.as_str());
        if was != item.text {
            found.push(amendment(item, pieces(was, &item.text)));
        }
    }
    let gone = before.iter().filter(|item| earlier.contains_key(&(item.what, item.key.clone())));
    found.extend(gone.map(|item| amendment(item, pieces(&item.text, ""))));
    found
}

fn amendment(item: &Item, pieces: Vec<Piece>) -> Amendment {
    Amendment { article: item.article.clone(), what: item.what, name: item.name.clone(), pieces }
}

impl Amendment {
    /// 新增, 删去 or 修改.
    #[must_use]
    pub fn kind(&self, lang: Lang) -> &'static str {
        let has = |mark: Mark| self.pieces.iter().any(|piece| piece.mark == mark);
        match (has(Mark::Removed) || has(Mark::Same), has(Mark::Added) || has(Mark::Same)) {
            (false, _) => lang.pick("新增", "added"),
            (_, false) => lang.pick("删去", "removed"),
            _ => lang.pick("修改", "changed"),
        }
    }

    /// With what is gone in `[- -]` and what is new in `{+ +}`.
    #[must_use]
    pub fn text(&self) -> String {
        plain(&self.pieces)
    }

    fn side(&self, leave_out: Mark) -> String {
        self.pieces.iter().filter(|piece| piece.mark != leave_out).map(|piece| piece.text.as_str()).collect()
    }
}

fn table(amendments: &[Amendment], lang: Lang) -> ResultTable {
    let each = |of: &dyn Fn(&Amendment) -> String| amendments.iter().map(of).collect::<Vec<_>>();
    Sheet::new(lang.pick("修订对照", "amendments"))
        .text(lang.pick("条款", "article"), each(&|one| one.article.clone()))
        .text(lang.pick("类别", "what"), each(&|one| one.what.text(lang).to_owned()))
        .text(lang.pick("名称", "name"), each(&|one| one.name.clone()))
        .text(lang.pick("变化", "change"), each(&|one| one.kind(lang).to_owned()))
        .text(lang.pick("原文", "old"), each(&|one| one.side(Mark::Added)))
        .text(lang.pick("新文", "new"), each(&|one| one.side(Mark::Removed)))
        .table()
}

impl Amendments {
    /// One page that needs nothing else: it can be mailed and printed.
    #[must_use]
    pub fn to_html(&self, lang: Lang) -> String {
        html::page(self, lang)
    }

    /// Writes the page.
    ///
    /// # Errors
    /// [`Failure::Unwritable`]; nothing is left behind.
    pub fn write_html(&self, path: &Path, lang: Lang) -> Outcome<Vec<PathBuf>> {
        crate::output::write_text(path, &self.to_html(lang))
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Json {
        let one = |one: &Amendment| {
            json!({
                "article": one.article, "what": one.what.text(lang), "name": one.name, "change": one.kind(lang),
                "old": one.side(Mark::Added), "new": one.side(Mark::Removed),
            })
        };
        json!({
            "old": self.versions[0], "new": self.versions[1],
            "amendments": self.amendments.iter().map(one).collect::<Vec<_>>(),
            "effect": self.effect.as_ref().map(Difference::to_json),
        })
    }

    /// The two versions in words.
    #[must_use]
    pub fn versions(&self) -> &[String; 2] {
        &self.versions
    }
}
