//! Starting a regulation: from a sample policy that the program carries, or from a blank with the usual articles.
//!
//! What is written passes the check, is formatted, and its examples hold, before anybody has changed a word. Figures that the sample
//! leaves open stay open: they are listed with the office that must supply them.

mod library;
mod readme;

use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::{self, Policy};
use crate::failure::{Failure, Outcome};
use crate::output::{Staging, unwritable};
use crate::parameters::{self, Line, LineSource, literal_text};
use hengjie_quantity::Lang;
use hengjie_syntax::Span;
use hengjie_syntax::ast::{Block, StatementKind};
use hengjie_syntax::format::FormatOptions;
pub use library::{BLANK, Library, Sample};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The document of a new regulation.
const POLICY: &str = "policy.md";
/// Parameters that somebody must supply, ready to be filled in.
const PARAMETERS: &str = "parameters.csv";
const README: &str = "README.md";
/// Characters of a name.
const NAME_CHARACTERS: usize = 80;

/// What to write, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// A folder that does not exist yet, or is empty.
    pub out: PathBuf,
    /// The sample, by its folder or number (`s02`); the blank without one.
    pub from: Option<String>,
    /// Name of the regulation; that of the sample without one.
    pub name: Option<String>,
    /// Language of the blank and of what is said about next steps. Samples are in Chinese.
    pub lang: Lang,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Name of the regulation.
    pub name: String,
    /// Who must supply which parameters: office, then name and number of values.
    pub missing: Missing,
}

/// Parameters to supply by office: name and number of values, in the order of the document.
pub type Missing = BTreeMap<String, Vec<(String, usize)>>;

/// Writes the folder of a new regulation, whole or not at all.
///
/// # Errors
/// [`Failure::Usage`]: the folder holds something, no such sample, no possible name. [`Failure::Unwritable`].
pub fn write(library: &Library, draft: &Draft) -> Outcome<Drafted> {
    refuse_full(&draft.out)?;
    let sample = draft.from.as_deref().map(|wanted| library.find(wanted)).transpose()?.flatten();
    let mut files = library::files(sample, draft.lang);
    for (file, text) in &mut files {
        if file.ends_with(".md") {
            *text = without_sources(text);
        }
        if file == POLICY {
            *text = named(text, draft.name.as_deref())?;
        }
    }
    let staging = Staging::beside(&draft.out)?;
    let put = |name: &str, text: &str| {
        std::fs::write(staging.path().join(name), text).map_err(|error| unwritable(&draft.out, &error))
    };
    for (file, text) in &files {
        put(file, text)?;
    }
    let policy = document::open(&staging.path().join(POLICY))?;
    let facts = Facts { data: crate::dataset::empty(&policy.program) };
    let lines = open_lines(&policy, &facts);
    let missing = missing(&policy, &lines);
    let mut names: Vec<String> = files.into_iter().map(|(file, _)| file).collect();
    if !lines.is_empty() {
        put(PARAMETERS, &table(&policy, &facts, &lines, draft.lang))?;
        names.push(PARAMETERS.to_owned());
    }
    put(README, &readme::text(&policy, sample, &missing, draft.lang))?;
    names.push(README.to_owned());
    let files = staging.publish(&draft.out, &names)?;
    Ok(Drafted { files, name: policy.program.name, missing })
}

/// A folder in use is not written to.
fn refuse_full(out: &Path) -> Outcome<()> {
    let is_full = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => out.exists(),
    };
    let shown = out.display();
    match is_full {
        false => Ok(()),
        true => Err(Failure::usage(
            format!("{shown} 里已经有东西；换一个还没有的文件夹"),
            format!("{shown} is not empty; name a folder that does not exist yet"),
        )),
    }
}

/// The text with another name, in the heading and in the line that declares it, in its one form.
fn named(text: &str, name: Option<&str>) -> Outcome<String> {
    let Some(name) = name else { return Ok(text.to_owned()) };
    let name = name.trim();
    let is_bad = |c: char| c.is_control() || matches!(c, '「' | '」' | '`' | '#');
    let shown = name.replace(char::is_control, " ");
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS || name.contains(is_bad) {
        return Err(Failure::usage(
            format!("“{shown}”不能作制度的名称：一行以内，最多 {NAME_CHARACTERS} 个字，不含「」`#"),
            format!(
                "`{shown}` cannot name a policy: one line of at most {NAME_CHARACTERS} characters without 「」`#"
            ),
        ));
    }
    let mut text = text.to_owned();
    for (span, place) in places(&text).into_iter().rev() {
        let shown = if place == Place::Heading { name.to_owned() } else { declared(name) };
        text.replace_range(span.start as usize..span.end as usize, &shown);
    }
    Ok(hengjie_syntax::format::format(&text, &FormatOptions { language: None }))
}

/// A name as rules write it: in brackets when it is no single word.
fn declared(name: &str) -> String {
    let line = format!("```规则\n制度 {name} 版本 2026-01-01 起\n```\n");
    let parse = hengjie_syntax::parse(&line);
    let is_word = places(&line).iter().any(|(span, _)| span.text(&line) == name);
    if is_word && parse.diagnostics.is_empty() { name.to_owned() } else { format!("「{name}」") }
}

/// Where the name of a regulation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading,
    Declaration,
}

/// The first heading and the name that is declared, in this order.
fn places(text: &str) -> Vec<(Span, Place)> {
    let document = hengjie_syntax::parse(text).document;
    let heading = document.sections.iter().find(|section| section.level == 1);
    let heading = heading.map(|section| (section.heading.span, Place::Heading));
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let mut statements = blocks.flat_map(|block| match block {
        Block::Rules(statements) => statements.as_slice(),
        Block::Examples(_) => &[],
    });
    let declared = statements.find_map(|statement| match &statement.kind {
        StatementKind::Policy { name, .. } => Some((name.span, Place::Declaration)),
        _ => None,
    });
    heading.into_iter().chain(declared).collect()
}

/// The text without the lines that cite the sources of the sample: the new regulation has other ones.
fn without_sources(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.starts_with("> 来源：")).collect()
}

/// The parameters that nobody has supplied.
fn open_lines(policy: &Policy, facts: &Facts) -> Vec<Line> {
    let mut lines = parameters::lines(&policy.program, &Cone::of_all(&policy.program), &facts.data);
    lines.retain(|line| matches!(line.source, LineSource::Missing(_)));
    lines
}

fn office(line: &Line) -> &str {
    match &line.source {
        LineSource::Missing(office) => office,
        LineSource::Document(_) | LineSource::File(_) => "",
    }
}

fn missing(policy: &Policy, lines: &[Line]) -> Missing {
    let mut missing = Missing::new();
    for line in lines {
        let name = &policy.program.parameters[line.parameter.index()].name;
        let own = missing.entry(office(line).to_owned()).or_default();
        match own.iter_mut().find(|(other, _)| other == name) {
            Some((_, values)) => *values += 1,
            None => own.push((name.clone(), 1)),
        }
    }
    missing
}

/// The parameter file to fill in, with a mark at its start by which Excel knows the encoding.
fn table(policy: &Policy, facts: &Facts, lines: &[Line], lang: Lang) -> String {
    let program = &policy.program;
    let spec = parameters::spec(program);
    let keys = spec.columns.iter().filter(|column| column.name.starts_with('键')).count();
    let heading: Vec<String> = spec.columns.into_iter().map(|column| column.name).collect();
    let mut text = format!("\u{feff}{}\r\n", heading.join(","));
    for line in lines {
        let definition = &program.parameters[line.parameter.index()];
        let mut cells = vec![definition.name.clone()];
        for place in 0..keys {
            let key = line.keys.get(place).zip(definition.keys.get(place));
            cells.push(key.map(|(key, ty)| literal_text(program, facts, key, ty, lang)).unwrap_or_default());
        }
        let is_listed = line.keys.len() == definition.keys.len();
        let note = if is_listed { "" } else { lang.pick("每个键写一行", "a row for every key") };
        cells.extend([String::new(), String::new(), office(line).to_owned(), note.to_owned()]);
        text += &cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
        text += "\r\n";
    }
    text
}

/// A cell of a CSV file.
fn quoted(cell: &str) -> String {
    match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}
