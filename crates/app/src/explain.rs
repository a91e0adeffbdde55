//! Explaining one value of one subject.

use crate::cone::{Cone, all_attributes};
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::limits;
use crate::names;
use crate::run::{Columns, Prepared, Request, attributes_named, name_of, periods_asked, prepare, reach};
use crate::words::{cite, context_text, row_labels};
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{self, ResultColumn};
use hengjie_evaluate::explain::{Derivation, ExplainOptions, explain, explain_together};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, KindId, Program, Source, TableId, Type};
use hengjie_quantity::Lang;
use std::fmt::Write;

/// Which value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Key or name of the subject; empty for 全体.
    pub subject: String,
    /// Name of the attribute.
    pub value: String,
    /// Row of a 逐 table: its key cells joined by `/`.
    pub row: Option<String>,
}

/// The answer.
#[derive(Debug)]
pub struct Answer {
    /// Why.
    pub derivation: Derivation,
    /// As text in the language of the request.
    pub text: String,
    /// As JSON.
    pub json: serde_json::Value,
}

/// A value that a document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Name of the attribute.
    pub name: String,
    /// Whose and how often: `人员（每年）`.
    pub context: String,
    /// Where it is defined.
    pub article: String,
}

/// The values that a document has, in document order.
#[must_use]
pub fn values(program: &Program) -> Vec<Listed> {
    let listed = |attribute: AttributeId| Listed {
        name: name_of(program, attribute).to_owned(),
        context: context_text(program, attribute),
        article: cite(program, program.attributes[attribute.index()].article).to_owned(),
    };
    all_attributes(program).map(listed).collect()
}

/// Explains one value. The facts that the value does not depend on are not read. `request.only` is not used.
///
/// # Errors
/// [`Failure::Usage`] when the subject, the value or the row does not exist or is not clear; otherwise as a run.
pub fn answer(policy: &Policy, question: &Question, request: &Request) -> Outcome<Answer> {
    let only = vec![question.value.clone()];
    Explainer::new(policy, &Request { only, ..request.clone() })?.answers().answer(question, request.lang)
}

/// Facts that are read, with the results of everybody where the population is large.
#[derive(Debug)]
pub struct Explainer<'p> {
    program: &'p Program,
    facts: Facts,
    periods: Vec<Period>,
    /// Results of everybody, of a large population only: nobody waits until a rank among a million is computed row by row.
    known: Option<Columns<'p>>,
}

impl<'p> Explainer<'p> {
    /// Reads what the values of `request.only` depend on; of all values, if it is empty.
    ///
    /// # Errors
    /// As a run.
    pub fn new(policy: &'p Policy, request: &Request) -> Outcome<Self> {
        let program = &policy.program;
        let named = attributes_named(program, &request.only)?;
        let cone = Cone::of(program, named.iter().copied());
        let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
        let periods = periods_asked(program, &request.periods, &named, &facts.data);
        reach(&mut facts.data, &periods);
        let columns = columns_of_everybody(program, &facts, &cone, &periods);
        let known = (!columns.is_empty()).then(|| Columns::of(program, columns));
        Ok(Self { program, facts, periods, known })
    }

    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Somebody who answers one question after another.
    #[must_use]
    pub fn answers(&self) -> Answers<'_> {
        Answers { of: self, evaluator: self.evaluator() }
    }

    fn evaluator(&self) -> Evaluator<'_> {
        match &self.known {
            Some(known) => Evaluator::with_known(self.program, &self.facts.data, known),
            None => Evaluator::new(self.program, &self.facts.data),
        }
    }
}

/// Answers questions. What everybody has in common, ranks, seats, averages, is worked out for the first answer that needs it
/// and kept for the next.
#[derive(Debug)]
pub struct Answers<'e> {
    of: &'e Explainer<'e>,
    evaluator: Evaluator<'e>,
}

impl Answers<'_> {
    /// Explains one value.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the subject, the value or the row does not exist or is not clear.
    pub fn answer(&mut self, question: &Question, lang: Lang) -> Outcome<Answer> {
        let Explainer { program, facts, periods, .. } = self.of;
        let named = attributes_named(program, std::slice::from_ref(&question.value))?;
        let Place { attribute, subject, row, period } = place(program, facts, question, &named, periods)?;
        self.turn_to(attribute, subject);
        let options = ExplainOptions { lang, ..ExplainOptions::default() };
        let derivation = explain(&mut self.evaluator, attribute, subject, row, period, options);
        Ok(Answer { text: derivation.to_text(program, lang), json: derivation.to_json(program), derivation })
    }

    /// Explains values of one subject in one period together: each result is derived once, however many read it.
    #[must_use]
    pub fn together(
        &mut self,
        attributes: &[AttributeId],
        subject: u32,
        period: Option<Period>,
        lang: Lang,
    ) -> Vec<Derivation> {
        if let Some(&attribute) = attributes.first() {
            self.turn_to(attribute, subject);
        }
        let options = ExplainOptions { lang, ..ExplainOptions::default() };
        explain_together(&mut self.evaluator, attributes, subject, period, options)
    }

    /// Derives the results of a subject, and knows those of everybody else.
    fn turn_to(&mut self, attribute: AttributeId, subject: u32) {
        if self.evaluator.remembered() > limits::REMEMBERED {
            self.evaluator = self.of.evaluator();
        }
        if let Some(kind) = self.of.program.attributes[attribute.index()].context.kind {
            self.evaluator.derive(kind, subject);
        }
        if let Some(known) = &self.of.known {
            known.be_brief();
        }
    }
}

/// The results of a large population, by columns.
fn columns_of_everybody(
    program: &Program,
    facts: &Facts,
    cone: &Cone,
    periods: &[Period],
) -> Vec<ResultColumn> {
    let is_large = |kind: &KindId| facts.data.kinds[kind.index()].len > limits::POPULATION_BY_ROW;
    if !cone.populations.iter().any(is_large) {
        return Vec::new();
    }
    let request = columnar::Request {
        attributes: cone.attributes.iter().copied().collect(),
        periods: periods.to_vec(),
        places: limits::PLACES,
    };
    columnar::evaluate(program, &facts.data, &request, &|_, _| true).columns
}

/// A value that exists.
struct Place {
    attribute: AttributeId,
    subject: u32,
    row: Option<Value>,
    period: Option<Period>,
}

/// The value that a question means.
fn place(
    program: &Program,
    facts: &Facts,
    question: &Question,
    named: &[AttributeId],
    periods: &[Period],
) -> Outcome<Place> {
    let mut found = Vec::new();
    for &attribute in named {
        let context = &program.attributes[attribute.index()].context;
        let period = match context.grain {
            None => Some(None),
            Some(grain) => periods.iter().find(|period| period.grain() == grain).copied().map(Some),
        };
        let Some(period) = period else { continue };
        let subjects = match context.kind {
            None if question.subject.is_empty() || question.subject == "全体" => vec![0],
            None => Vec::new(),
            Some(kind) => names::subjects(facts, kind, &question.subject),
        };
        found.extend(subjects.into_iter().map(|subject| (attribute, subject, period)));
    }
    match found.as_slice() {
        [] => Err(nobody(program, question, named, periods)),
        [(attribute, subject, period)] => {
            let row = row(program, facts, *attribute, question)?;
            Ok(Place { attribute: *attribute, subject: *subject, row, period: *period })
        }
        several => Err(not_clear(program, facts, question, several)),
    }
}

fn nobody(program: &Program, question: &Question, named: &[AttributeId], periods: &[Period]) -> Failure {
    let Question { subject, value, .. } = question;
    let contexts: Vec<String> = named.iter().map(|attribute| context_text(program, *attribute)).collect();
    let contexts = contexts.join("、");
    let in_period = |attribute: &AttributeId| {
        let grain = program.attributes[attribute.index()].context.grain;
        grain.is_none_or(|grain| periods.iter().any(|period| period.grain() == grain))
    };
    if !named.iter().any(in_period) {
        return Failure::usage(
            format!("“{value}”属于 {contexts}，请给这种期间"),
            format!("`{value}` belongs to {contexts}; give a period of that kind"),
        );
    }
    Failure::usage(
        format!("没有编号或名称是“{subject}”的对象；“{value}”属于 {contexts}"),
        format!("nobody has the key or name `{subject}`; `{value}` belongs to {contexts}"),
    )
}

fn not_clear(
    program: &Program,
    facts: &Facts,
    question: &Question,
    found: &[(AttributeId, u32, Option<Period>)],
) -> Failure {
    const LISTED: usize = 10;
    let mut list = String::new();
    for (attribute, subject, _) in found.iter().take(LISTED) {
        let kind = program.attributes[attribute.index()].context.kind;
        let key =
            kind.map(|kind| facts.data.kinds[kind.index()].keys.get(*subject as usize)).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ =
            write!(list, "\n  {key} {} {}", context_text(program, *attribute), name_of(program, *attribute));
    }
    let subject = &question.subject;
    Failure::usage(
        format!("“{subject}”不止一个，请用编号，或者加期间：{list}"),
        format!("`{subject}` is not clear; use the key, or add a period:{list}"),
    )
}

/// The element of a 逐 that a question names.
pub(crate) fn row(
    program: &Program,
    facts: &Facts,
    attribute: AttributeId,
    question: &Question,
) -> Outcome<Option<Value>> {
    let definition = &program.attributes[attribute.index()];
    let Some(rows) = &definition.context.rows else { return Ok(None) };
    let wanted = question.row.as_deref().unwrap_or_default();
    let found = match (&rows.source, &rows.element) {
        (Source::Rows(table), _) => return table_row(program, facts, *table, question).map(Some),
        (_, Type::Period(_)) => Period::parse(wanted).map(Value::Period),
        (_, Type::Object(kind)) => {
            let position = facts.data.kinds[kind.index()].keys.position(wanted);
            position.and_then(|position| u32::try_from(position).ok()).map(|at| Value::Object(*kind, at))
        }
        _ => None,
    };
    let value = &question.value;
    found.map(Some).ok_or_else(|| {
        Failure::usage(
            format!("“{value}”逐项有值，请用 --row 说明哪一项（期间或编号）"),
            format!("`{value}` has one value per element; say which with --row (a period or a key)"),
        )
    })
}

/// The row of a table that a question names.
fn table_row(program: &Program, facts: &Facts, table: TableId, question: &Question) -> Outcome<Value> {
    let wanted = question.row.as_deref().unwrap_or_default();
    let labels = row_labels(program, &facts.data, table);
    match (0_u32..).zip(&labels).find(|(_, label)| *label == wanted) {
        Some((row, _)) => Ok(Value::Row(table, row)),
        None => {
            let value = &question.value;
            Err(Failure::usage(
                format!("“{value}”每行一个值，请用 --row 说明哪一行：{}", labels.join("、")),
                format!("`{value}` has one value per row; say which with --row: {}", labels.join(", ")),
            ))
        }
    }
}
