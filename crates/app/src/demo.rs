//! The demonstration: invented organisations, every sample policy run on them, and a first score explained.

use crate::cone::all_attributes;
use crate::document::{self, Policy};
use crate::explain::{Question, answer};
use crate::failure::{Failure, Outcome};
use crate::load::Source;
use crate::output::{self, Format};
use crate::run::{self, Report, Request, Stage, name_of};
use crate::schema::key_name;
use hengjie_facts::{Bilingual, ResultColumn, ResultTable, ResultValues, Status};
use hengjie_policy::core::{AttributeId, Body, KindId, Program};
use hengjie_quantity::Lang;
use hengjie_sim::{FolderSummary, Options};
use std::path::{Path, PathBuf};

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// Folder to write to.
    pub out: PathBuf,
    /// Folder of the sample policies.
    pub policies: PathBuf,
    /// Size of the organisations.
    pub scale: u32,
    /// Equal seeds give equal organisations.
    pub seed: u64,
    /// Language of results.
    pub lang: Lang,
}

/// One policy run on one organisation.
#[derive(Debug)]
pub struct Shown {
    /// The organisation.
    pub title: String,
    /// The policy.
    pub policy: Policy,
    /// Where its facts are.
    pub facts: PathBuf,
    /// The parameter file, if there is one.
    pub parameters: Option<PathBuf>,
    /// The result workbook.
    pub workbook: PathBuf,
    /// What came out.
    pub report: Report,
    /// Key of a subject, name of one of its scores, and the explanation.
    pub explained: Option<(String, String, String)>,
}

/// How far the demonstration is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoStage {
    /// Making organisations: what, parts done, parts in all.
    Making(String, u64, u64),
    /// Running a policy.
    Running(String),
    /// How far that run is.
    Run(Stage),
}

/// Makes the organisations and runs all policies, one after the other; each is handed to `shown` when it is done.
///
/// # Errors
/// [`Failure::Usage`] without sample policies, and everything a run may fail with.
pub fn demo(demo: &Demo, progress: &(dyn Fn(DemoStage) + Sync), shown: &mut dyn FnMut(Shown)) -> Outcome<()> {
    if !demo.policies.is_dir() {
        let path = demo.policies.display();
        return Err(Failure::usage(
            format!("没有示范制度的文件夹 {path}；不写 --policies 就用程序自带的"),
            format!(
                "there is no folder {path} with sample policies; without --policies the program uses its own"
            ),
        ));
    }
    let options = Options { seed: demo.seed, scale: demo.scale };
    let facts = demo.out.join(demo.lang.pick("资料", "facts"));
    let made = hengjie_sim::write_demo(&facts, &options, &|what, done, all| {
        progress(DemoStage::Making(what.to_owned(), done, all));
    });
    let made = made.map_err(|error| Failure::Unwritable(Bilingual::new(error.zh(), error.en())))?;
    for folder in &made.folders {
        progress(DemoStage::Running(folder.title.clone()));
        shown(show(demo, folder, progress)?);
    }
    Ok(())
}

fn show(demo: &Demo, folder: &FolderSummary, progress: &(dyn Fn(DemoStage) + Sync)) -> Outcome<Shown> {
    let home = demo.policies.join(&folder.policy);
    let policy = document::open(&home)?;
    let parameters = Some(home.join("parameters.demo.csv")).filter(|file| file.is_file());
    let request = Request {
        source: Source::Folder(folder.path.clone()),
        parameters: parameters.iter().cloned().collect(),
        periods: Vec::new(),
        only: Vec::new(),
        readings: Vec::new(),
        lang: demo.lang,
    };
    let report = run::run(&policy, &request, &|stage| progress(DemoStage::Run(stage)))?;
    let name = folder.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let workbook = demo.out.join(demo.lang.pick("结果", "results")).join(format!("{name}.xlsx"));
    output::write(&policy.program.name, &report.tables, &report.notes, &workbook, Format::Xlsx, demo.lang)?;
    let explained = explained(&policy, &request, &report)?;
    let (title, facts) = (folder.title.clone(), folder.path.clone());
    Ok(Shown { title, policy, facts, parameters, workbook, report, explained })
}

/// The first score of the first subject that has one, with its explanation.
fn explained(
    policy: &Policy,
    request: &Request,
    report: &Report,
) -> Outcome<Option<(String, String, String)>> {
    let Some((subject, value)) = first_score(&policy.program, &report.tables) else { return Ok(None) };
    let question = Question { subject: subject.clone(), value: value.clone(), row: None };
    let request = Request { periods: report.periods.clone(), ..request.clone() };
    let answer = answer(policy, &question, &request)?;
    Ok(Some((subject, value, answer.text)))
}

/// Key and attribute of the first total that somebody has.
fn first_score(program: &Program, tables: &[ResultTable]) -> Option<(String, String)> {
    let kind = program.scope.as_ref().map(|scope| scope.kind);
    let (mut totals, mut others) = (Vec::new(), Vec::new());
    for attribute in all_attributes(program) {
        let definition = &program.attributes[attribute.index()];
        let is_clear =
            all_attributes(program).filter(|other| name_of(program, *other) == definition.name).count() == 1;
        if definition.context.kind.is_none() || definition.context.kind != kind || !is_clear {
            continue;
        }
        match definition.body {
            Body::Total(_) => totals.push(attribute),
            Body::Rank(_) | Body::Quota(_) => others.push(attribute),
            _ => {}
        }
    }
    let kind = kind?;
    totals.into_iter().chain(others).find_map(|attribute| first_value(program, tables, kind, attribute))
}

/// Key and attribute of the first subject with a value.
fn first_value(
    program: &Program,
    tables: &[ResultTable],
    kind: KindId,
    attribute: AttributeId,
) -> Option<(String, String)> {
    let (key, name) = (key_name(program, kind), name_of(program, attribute));
    tables.iter().find_map(|table| {
        let column = |name: &str| table.columns.iter().find(|column| column.name == name);
        let (keys, values) = (column(&key)?, column(name)?);
        let is_present = |row: &usize| {
            values.status.as_ref().is_none_or(|states| states.get(*row) == Some(&(Status::Present as u8)))
        };
        let row = (0..table.rows()).find(is_present)?;
        Some((key_at(keys, row)?, name.to_owned()))
    })
}

fn key_at(keys: &ResultColumn, row: usize) -> Option<String> {
    use arrow_array::Array;
    match &keys.values {
        ResultValues::Text(texts) if row < texts.len() => Some(texts.value(row).to_owned()),
        ResultValues::Number { values, .. } if row < values.len() => Some(values.get(row).to_string()),
        _ => None,
    }
}

/// The words that repeat the explanation on the command line.
#[must_use]
pub fn command(shown: &Shown) -> Option<String> {
    let (subject, value, _) = shown.explained.as_ref()?;
    let quoted = |path: &Path| path.display().to_string();
    let policy = shown.policy.path.parent().map(quoted).unwrap_or_default();
    let mut words = format!("hengjie explain {policy} {subject} {value} --data {}", quoted(&shown.facts));
    if let Some(parameters) = &shown.parameters {
        words += &format!(" --params {}", quoted(parameters));
    }
    Some(words)
}
