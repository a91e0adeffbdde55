//! What the totals marked 入账 give, contribution by contribution, in fen.

use super::Posting;
use crate::compare::{Side, value};
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{ResultColumn, ResultData};
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_facts::Bilingual;
use hengjie_pay::{Batch, Due, Key};
use hengjie_policy::core::{AttributeId, Body, KindId, Program, Type};
use hengjie_quantity::{Lang, Rational, Unit, format_quantity};
use std::collections::BTreeSet;

/// Amounts that are no whole fen, listed at most.
const LISTED: usize = 20;

/// What a computation owes.
#[derive(Debug, Default)]
pub(super) struct Dues {
    dues: Vec<Due>,
    waiting: BTreeSet<Key>,
    persons: BTreeSet<String>,
}

impl Dues {
    /// As a batch of the ledger.
    pub(super) fn batch(self, policy: &Policy, periods: &[Period], posting: &Posting) -> Batch {
        Batch {
            policy: policy.program.name.clone(),
            artifact: policy.hash.chars().take(16).collect(),
            periods: periods.iter().copied().collect(),
            persons: self.persons,
            dues: self.dues,
            waiting: self.waiting,
            on: posting.on,
            by: posting.by.clone(),
            because: posting.because.clone(),
        }
    }
}

/// The totals that a policy posts, in document order.
///
/// # Errors
/// [`Failure::Usage`] when there is none.
pub(super) fn totals(program: &Program) -> Outcome<Vec<AttributeId>> {
    let is_posted = |id: &AttributeId| matches!(&program.attributes[id.index()].body, Body::Total(total) if total.is_posted);
    let count = u32::try_from(program.attributes.len()).unwrap_or(u32::MAX);
    let totals: Vec<AttributeId> = (0..count).map(AttributeId).filter(is_posted).collect();
    if totals.is_empty() {
        return Err(Failure::usage(
            format!("“{}”没有入账的汇总：在发放的汇总后面写 入账，如：汇总 应发薪酬 入账", program.name),
            format!(
                "`{}` posts nothing: mark the total that is paid, such as: 汇总 应发薪酬 入账",
                program.name
            ),
        ));
    }
    Ok(totals)
}

/// The totals and what goes into them.
pub(super) fn attributes(program: &Program, totals: &[AttributeId]) -> Vec<AttributeId> {
    let mut wanted: Vec<AttributeId> =
        totals.iter().flat_map(|total| items(program, *total)).map(|(id, _)| id).collect();
    wanted.extend(totals);
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// The contributions of a total: rule and citation of its article.
fn items(program: &Program, total: AttributeId) -> Vec<(AttributeId, String)> {
    match &program.attributes[total.index()].body {
        Body::Total(total) => {
            let parts = total.contributions.iter();
            parts.map(|part| (part.attribute, cite(program, part.article).to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// What is due in the periods.
///
/// # Errors
/// [`Failure::Usage`] with the amounts that are no whole fen.
pub(super) fn find(
    program: &Program,
    facts: &Facts,
    totals: &[AttributeId],
    periods: &[Period],
) -> Outcome<Dues> {
    let side = Side::compute(program, facts, &attributes(program, totals), periods);
    let mut finder = Finder { program, facts, side: &side, found: Dues::default(), broken: Vec::new() };
    for total in totals {
        for column in side.columns.iter().filter(|column| column.attribute == *total) {
            if let (Some(kind), Some(period)) =
                (program.attributes[total.index()].context.kind, column.period)
            {
                finder.total(kind, period, column);
            }
        }
    }
    match finder.broken.is_empty() {
        true => Ok(finder.found),
        false => Err(no_fen(&finder.broken)),
    }
}

struct Finder<'a> {
    program: &'a Program,
    facts: &'a Facts,
    side: &'a Side<'a>,
    found: Dues,
    broken: Vec<Bilingual>,
}

impl Finder<'_> {
    fn total(&mut self, kind: KindId, period: Period, total: &ResultColumn) {
        let items = items(self.program, total.attribute);
        let subjects = self.facts.data.kinds[kind.index()].len;
        for subject in 0..subjects {
            let person = self.person(kind, subject);
            let whole = value(self.program, total, subject);
            for (item, article) in &items {
                let name = self.program.attributes[item.index()].name.clone();
                let key =
                    Key { policy: self.program.name.clone(), person: person.clone(), item: name, period };
                match whole {
                    Value::Missing(_) | Value::Undecided(_) => drop(self.found.waiting.insert(key)),
                    Value::None | Value::Exempt => {}
                    _ => self.item(*item, subject, key, article),
                }
            }
            self.found.persons.insert(person);
        }
    }

    fn item(&mut self, item: AttributeId, subject: usize, key: Key, article: &str) {
        let of = |column: &&ResultColumn| column.attribute == item && column.period == Some(key.period);
        let Some(column) = self.side.columns.iter().find(of) else { return };
        let Some(amount) = self.amount(column, subject) else { return };
        let fen = amount.clone() * Rational::from(100_i128);
        match fen.to_i128().and_then(|fen| i64::try_from(fen).ok()) {
            Some(amount_fen) => self.found.dues.push(Due { key, amount_fen, article: article.to_owned() }),
            None => self.broken.push(self.broken(item, &key, &amount)),
        }
    }

    /// The exact amount; columns show only some places.
    fn amount(&self, column: &ResultColumn, subject: usize) -> Option<Rational> {
        let is_rounded = matches!(column.data, ResultData::Number { rounded: true, .. });
        let found = match is_rounded {
            true => {
                let subject = u32::try_from(subject).unwrap_or(u32::MAX);
                Evaluator::new(self.program, &self.facts.data).value(
                    column.attribute,
                    subject,
                    None,
                    column.period,
                )
            }
            false => value(self.program, column, subject),
        };
        match found {
            Value::Number(amount) => Some(amount),
            _ => None,
        }
    }

    /// The key of a subject; with the name of its kind when the policy is about another one.
    fn person(&self, kind: KindId, subject: usize) -> String {
        let key = self.facts.data.kinds[kind.index()].keys.get(subject);
        let is_own = self.program.scope.as_ref().is_none_or(|scope| scope.kind == kind);
        if is_own { key } else { format!("{}·{key}", self.program.kinds[kind.index()].name) }
    }

    fn broken(&self, item: AttributeId, key: &Key, amount: &Rational) -> Bilingual {
        let unit = match &self.program.attributes[item.index()].ty.base {
            Type::Number(unit) => unit.clone(),
            _ => Unit::none(),
        };
        let text = |lang| format_quantity(amount, &unit, lang);
        Bilingual::new(
            format!("{} {} {} = {}", key.person, key.period, key.item, text(Lang::Zh)),
            format!("{} {} {} = {}", key.person, key.period.en(), key.item, text(Lang::En)),
        )
    }
}

fn no_fen(broken: &[Bilingual]) -> Failure {
    let list = |lang: Lang| -> String {
        let shown: Vec<&str> = broken.iter().take(LISTED).map(|one| one.text(lang)).collect();
        shown.join("\n  ")
    };
    let count = broken.len();
    Failure::usage(
        format!(
            "{count} 笔不是整分，不能入账；在规则里写明舍入，如 四舍五入(…, 0.01元)：\n  {}",
            list(Lang::Zh)
        ),
        format!(
            "{count} amounts are no whole fen and cannot be posted; name a rounding in the rule, such as 四舍五入(…, 0.01元):\n  {}",
            list(Lang::En)
        ),
    )
}
