//! Which parameters a document has, which values they have, which are missing and what waits for them.

use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::words::{cite, range_text, type_text};
use hengjie_evaluate::dataset::{Dataset, SuppliedParameter};
use hengjie_evaluate::format::format_value;
use hengjie_policy::core::{ArticleId, AttributeId, Literal, ParameterId, ParameterValue, Program, Type};
use hengjie_quantity::Lang;
use std::path::PathBuf;

/// Combinations of keys that are listed one by one.
const COMBINATIONS: usize = 200;

/// One value of a parameter, or one that is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which.
    pub parameter: ParameterId,
    /// For which keys; empty for a single value, and for texts that nobody can list.
    pub keys: Vec<Literal>,
    /// The value, or who must supply it.
    pub source: LineSource,
    /// Where the document declares it.
    pub article: ArticleId,
    /// Attributes whose rules name it.
    pub direct: Vec<AttributeId>,
    /// All attributes that depend on it.
    pub waiting: Vec<AttributeId>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum LineSource {
    /// The document.
    Document(Literal),
    /// A parameter file.
    File(SuppliedParameter),
    /// Nobody yet: this office must supply it.
    Missing(String),
}

/// All parameters in a cone, in document order. What a file supplies stands instead of the document's value.
#[must_use]
pub fn lines(program: &Program, cone: &Cone, data: &Dataset) -> Vec<Line> {
    let uses: Vec<(AttributeId, Cone)> =
        cone.attributes.iter().map(|attribute| (*attribute, Cone::direct(program, *attribute))).collect();
    let mut lines = Vec::new();
    for (position, definition) in (0..).zip(&program.parameters) {
        let parameter = ParameterId(position);
        if !cone.parameters.contains(&parameter) {
            continue;
        }
        let direct: Vec<AttributeId> = uses
            .iter()
            .filter(|(_, cone)| cone.parameters.contains(&parameter))
            .map(|(attribute, _)| *attribute)
            .collect();
        let waiting = crate::cone::dependents(&uses, &direct);
        let mut add = |keys: Vec<Literal>, source: LineSource| {
            let (direct, waiting) = (direct.clone(), waiting.clone());
            lines.push(Line { parameter, keys, source, article: definition.article, direct, waiting });
        };
        let supplied: Vec<&SuppliedParameter> =
            data.parameters.iter().filter(|entry| entry.parameter == parameter).collect();
        for entry in &supplied {
            add(entry.keys.clone(), LineSource::File((*entry).clone()));
        }
        match &definition.value {
            ParameterValue::Given(value) if supplied.is_empty() => {
                add(Vec::new(), LineSource::Document(value.clone()))
            }
            ParameterValue::Given(_) => {}
            ParameterValue::Required(office) => {
                let named = cone.keys.get(&parameter).and_then(Option::as_ref);
                for keys in missing(program, &definition.keys, &supplied) {
                    // A key that no rule names need not be supplied.
                    if keys.is_empty() || named.is_none_or(|named| named.contains(&keys)) {
                        add(keys, LineSource::Missing(office.clone()));
                    }
                }
            }
        }
    }
    lines
}

/// The keys without any value. Texts cannot be listed: they are missing only while nothing at all is supplied.
fn missing(program: &Program, types: &[Type], supplied: &[&SuppliedParameter]) -> Vec<Vec<Literal>> {
    let unlisted = if supplied.is_empty() { vec![Vec::new()] } else { Vec::new() };
    let mut combinations: Vec<Vec<Literal>> = vec![Vec::new()];
    for ty in types {
        let Type::Enum(of) = ty else { return unlisted };
        let items = u32::try_from(program.enums[of.index()].items.len()).unwrap_or(u32::MAX);
        if combinations.len().saturating_mul(items as usize) > COMBINATIONS {
            return unlisted;
        }
        let with = |keys: &Vec<Literal>, item| {
            let mut keys = keys.clone();
            keys.push(Literal::Enum(*of, item));
            keys
        };
        combinations =
            combinations.iter().flat_map(|keys| (0..items).map(move |item| with(keys, item))).collect();
    }
    combinations.retain(|keys| !supplied.iter().any(|entry| entry.keys == *keys));
    combinations
}

/// A line as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name with keys: `等级比例(高级)`.
    pub name: String,
    /// What the value must be.
    pub ty: String,
    /// The value; empty when it is missing.
    pub value: String,
    /// Must somebody supply it?
    pub is_missing: bool,
    /// Where it comes from, or who must supply it.
    pub source: String,
    /// Where the document declares it.
    pub article: String,
    /// All attributes that depend on it.
    pub attributes: Vec<String>,
}

/// All parameters of a document with the values of some files.
///
/// # Errors
/// [`Failure::Facts`] with every fault of the files.
pub fn rows(policy: &Policy, files: &[PathBuf], lang: Lang) -> Outcome<Vec<Row>> {
    let program = &policy.program;
    let mut facts = Facts { data: crate::dataset::empty(program) };
    let report = super::read(program, files, &mut facts.data);
    if report.has_errors() {
        return Err(Failure::Facts(Box::new(report)));
    }
    let lines = lines(program, &Cone::of_all(program), &facts.data);
    Ok(lines.iter().map(|line| row(program, &facts, line, lang)).collect())
}

fn row(program: &Program, facts: &Facts, line: &Line, lang: Lang) -> Row {
    let definition = &program.parameters[line.parameter.index()];
    let mut ty = type_text(program, &definition.ty).text(lang).to_owned();
    if let (Some((low, high)), Type::Number(unit)) = (&definition.range, &definition.ty) {
        ty = format!("{ty} {}", range_text(low, high, unit).text(lang));
    }
    let shown = |literal: &Literal| literal_text(program, facts, literal, &definition.ty, lang);
    let (value, source, is_missing) = match &line.source {
        LineSource::Document(literal) => (shown(literal), lang.pick("制度", "policy").to_owned(), false),
        LineSource::File(entry) => (shown(&entry.value), origin_text(facts, entry, lang), false),
        LineSource::Missing(office) => (String::new(), office.clone(), true),
    };
    Row {
        name: name_text(program, facts, line, lang),
        ty,
        value,
        is_missing,
        source,
        article: cite(program, definition.article).to_owned(),
        attributes: line.waiting.iter().map(|id| program.attributes[id.index()].name.clone()).collect(),
    }
}

/// `等级比例(高级)`; for texts that nobody can list `标准(按文字、级别)`.
pub(crate) fn name_text(program: &Program, facts: &Facts, line: &Line, lang: Lang) -> String {
    let definition = &program.parameters[line.parameter.index()];
    let keys: Vec<String> = match line.keys.is_empty() {
        false => {
            let text = |(key, ty): (&Literal, &Type)| literal_text(program, facts, key, ty, lang);
            line.keys.iter().zip(&definition.keys).map(text).collect()
        }
        true => definition
            .keys
            .iter()
            .map(|ty| match ty {
                Type::Enum(of) => program.enums[of.index()].name.clone(),
                ty => type_text(program, ty).text(lang).to_owned(),
            })
            .collect(),
    };
    let by = if line.keys.is_empty() { lang.pick("按", "by ") } else { "" };
    match keys.is_empty() {
        true => definition.name.clone(),
        false => format!("{}({by}{})", definition.name, keys.join(", ")),
    }
}

/// A constant as people read it.
pub(crate) fn literal_text(
    program: &Program,
    facts: &Facts,
    literal: &Literal,
    ty: &Type,
    lang: Lang,
) -> String {
    format_value(program, &facts.data, &crate::typed::of_literal(literal), ty, lang)
}

/// Since when, by whom, on what ground, in which file; and whether it is only for demonstration.
pub(crate) fn origin_text(facts: &Facts, entry: &SuppliedParameter, lang: Lang) -> String {
    let mut parts = Vec::new();
    parts.extend(entry.from.map(|from| match lang {
        Lang::Zh => format!("{from} 起"),
        Lang::En => format!("from {from}"),
    }));
    parts.extend([entry.by.clone(), entry.because.clone()].into_iter().filter(|text| !text.is_empty()));
    if let Some((file, row)) = entry.origin {
        let file = facts.data.files.get(file as usize).map_or("", String::as_str);
        parts.push(match lang {
            Lang::Zh => format!("{file} 第 {row} 行"),
            Lang::En => format!("{file} row {row}"),
        });
    }
    if is_of_demonstration(facts, entry) {
        parts.push(lang.pick("演示值", "demonstration value").to_owned());
    }
    parts.join(lang.pick("，", ", "))
}

/// Does a value come from a file for demonstration?
pub(crate) fn is_of_demonstration(facts: &Facts, entry: &SuppliedParameter) -> bool {
    let file = entry.origin.and_then(|(file, _)| facts.data.files.get(file as usize));
    file.is_some_and(|file| super::is_demonstration(file))
}
