//! 试算: changed facts, changed parameters or another version of the document, against the present.

mod change;

use crate::compare::{Comparison, Side, Sort, cited, compare, firsts, heading, sorts, who};
use crate::cone::{Cone, all_attributes};
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::readings::{Effect, effects, people};
use crate::run::{Prepared, Request, attributes_in, attributes_named, default_periods, prepare, reach};
use crate::sheet::Sheet;
pub use change::Asked;
pub(crate) use change::refuse_empty_periods;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::{ResultColumn, Session};
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_facts::ResultTable;
use hengjie_policy::core::{AttributeId, KindId, Program, Type};
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// What is tried.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Facts: `人员.张三.存款日均=1.2亿元`.
    pub facts: Vec<String>,
    /// Parameters: `及格线=65分`, `岗位工资(初级)=6000元`.
    pub parameters: Vec<String>,
}

/// What a trial does.
#[derive(Debug)]
pub struct Difference {
    /// The periods that were computed.
    pub periods: Vec<Period>,
    /// What was changed, as it was and as it is tried.
    pub asked: Vec<Asked>,
    /// People with any other result.
    pub people: usize,
    /// Results that were compared.
    pub compared: u64,
    /// What happens to each value, amounts and grades first.
    pub effects: Vec<Effect>,
    /// What differs first, by article, with how many people.
    pub causes: Vec<(String, usize)>,
    /// Each result of each person that differs.
    pub lines: Vec<Line>,
    /// By the unit of the person.
    pub units: Vec<Unit>,
    /// By the grade that the person has afterwards.
    pub grades: Vec<Unit>,
    /// As tables.
    pub tables: Vec<ResultTable>,
    /// Milliseconds of the second computation.
    pub milliseconds: u128,
}

/// A result that differs.
#[derive(Debug, Clone)]
pub struct Line {
    /// Key and name.
    pub who: String,
    /// The unit of the person; empty when the facts name none.
    pub unit: String,
    /// The grade of the person in the new computation; empty without one.
    pub grade: String,
    /// The period; empty without one.
    pub period: String,
    /// Name of the value.
    pub value: String,
    /// Is it an amount or a grade in which rules end?
    pub is_outcome: bool,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
    /// New minus old as people read it; empty for what is no number.
    pub difference: String,
    /// What of this person differs first: article and value.
    pub causes: String,
    number: Option<Rational>,
    is_money: bool,
    is_grade: bool,
    direction: i32,
}

/// The effect on the people of a unit, or of a grade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// Key and name of the unit; name of the grade.
    pub name: String,
    /// People with more money.
    pub winners: usize,
    /// People with less money.
    pub losers: usize,
    /// New minus old, all amounts together, in 元.
    pub sum: String,
    /// Grades that rise.
    pub up: usize,
    /// Grades that fall.
    pub down: usize,
}

/// Tries changes of facts and parameters.
///
/// # Errors
/// [`Failure::Usage`] for a person, field or parameter that does not exist, a value that is not of its type, a period
/// without facts; otherwise as a run.
pub fn try_changes(policy: &Policy, trial: &Trial, request: &Request) -> Outcome<Difference> {
    let program = &policy.program;
    if trial.facts.is_empty() && trial.parameters.is_empty() {
        return Err(Failure::usage(
            "没有写要改什么：用 --set 改资料、--param 改参数，或者 --policy 换一版制度",
            "nothing to try: change facts with --set, parameters with --param, or the document with --policy",
        ));
    }
    let wanted = attributes_named(program, &request.only)?;
    let (facts, periods) = loaded(program, &wanted, request)?;
    let asked_for = attributes_in(program, &wanted, &periods)?;
    let mut other = facts.clone();
    let (mut asked, mut puts, mut supplied) = (Vec::new(), Vec::new(), Vec::new());
    for text in &trial.facts {
        let (one, changes) = change::fact(program, &mut other, text, &periods, request.lang)?;
        asked.push(one);
        puts.extend(changes);
    }
    for text in &trial.parameters {
        let (one, values) = change::parameter(program, &mut other, text, request.lang)?;
        asked.push(one);
        supplied.extend(values);
    }
    let mut session = Session::new(program, facts.data.clone());
    let before = Side::of_session(program, &facts, &mut session, &asked_for, &periods);
    let started = std::time::Instant::now();
    // What can be put into the facts can be put into their copy.
    let is_changed = puts.iter().all(|(place, value)| session.change(*place, value).is_ok());
    debug_assert!(is_changed, "the same facts take the same changes");
    supplied.into_iter().for_each(|entry| session.set_parameter(entry));
    let after = Side::of_session(program, &other, &mut session, &asked_for, &periods);
    let milliseconds = started.elapsed().as_millis();
    Ok(Difference { asked, ..difference(&before, &after, &periods, milliseconds, request.lang) })
}

/// Computes another version of the document on the same facts.
///
/// # Errors
/// As a run of each; [`Failure::Usage`] when they have no value in common.
pub fn try_policy(old: &Policy, new: &Policy, request: &Request) -> Outcome<Difference> {
    let shared = |program: &Program, other: &Program| -> Vec<AttributeId> {
        let names = |id: &AttributeId| {
            let name = &program.attributes[id.index()].name;
            other.attributes.iter().any(|attribute| attribute.name == *name)
                && (request.only.is_empty() || request.only.contains(name))
        };
        all_attributes(program).filter(names).collect()
    };
    let (wanted_old, wanted_new) = (shared(&old.program, &new.program), shared(&new.program, &old.program));
    if wanted_new.is_empty() {
        return Err(Failure::usage(
            format!("两份制度没有同名的项目（{}，{}），结果不能比较", old.program.name, new.program.name),
            format!(
                "the documents have no value in common ({}, {}): nothing can be compared",
                old.program.name, new.program.name
            ),
        ));
    }
    let (facts_old, periods) = loaded(&old.program, &wanted_old, request)?;
    let same = Request { periods: periods.clone(), ..request.clone() };
    let (facts_new, _) = loaded(&new.program, &wanted_new, &same)?;
    let in_periods = |program: &Program, wanted: &[AttributeId]| -> Vec<AttributeId> {
        let grain = |id: &AttributeId| program.attributes[id.index()].context.grain;
        let fits = |id: &AttributeId| {
            grain(id).is_none_or(|grain| periods.iter().any(|period| period.grain() == grain))
        };
        wanted.iter().copied().filter(fits).collect()
    };
    let before = Side::compute(&old.program, &facts_old, &in_periods(&old.program, &wanted_old), &periods);
    let started = std::time::Instant::now();
    let after = Side::compute(&new.program, &facts_new, &in_periods(&new.program, &wanted_new), &periods);
    let milliseconds = started.elapsed().as_millis();
    Ok(difference(&before, &after, &periods, milliseconds, request.lang))
}

fn loaded(program: &Program, wanted: &[AttributeId], request: &Request) -> Outcome<(Facts, Vec<Period>)> {
    let cone = Cone::of(program, wanted.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = match request.periods.as_slice() {
        [] => default_periods(program, wanted, &facts.data),
        given => given.to_vec(),
    };
    refuse_empty_periods(&facts, &request.periods)?;
    reach(&mut facts.data, &periods);
    Ok((facts, periods))
}

fn difference(
    before: &Side<'_>,
    after: &Side<'_>,
    periods: &[Period],
    milliseconds: u128,
    lang: Lang,
) -> Difference {
    let comparison = compare(before, after);
    let lines = lines(after, &comparison, lang);
    let units = grouped(&lines, |line| &line.unit);
    let grades = grouped(&lines, |line| &line.grade);
    let mut found = Difference {
        periods: periods.to_vec(),
        asked: Vec::new(),
        people: people(after.program, &comparison),
        compared: comparison.compared,
        effects: effects(after.program, after.facts, &comparison, lang),
        causes: causes(after.program, &comparison),
        lines,
        units,
        grades,
        tables: Vec::new(),
        milliseconds,
    };
    found.tables = tables(&found, lang);
    found
}

/// What differs first, the most frequent first.
fn causes(program: &Program, comparison: &Comparison) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<AttributeId, usize> = BTreeMap::new();
    for id in firsts(program, comparison).into_values().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    let mut causes: Vec<(AttributeId, usize)> = counts.into_iter().collect();
    causes.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    causes.into_iter().map(|(id, count)| (cited(program, id), count)).collect()
}

fn lines(after: &Side<'_>, comparison: &Comparison, lang: Lang) -> Vec<Line> {
    let (program, facts) = (after.program, after.facts);
    let (sorts, firsts) = (sorts(program), firsts(program, comparison));
    let units = UnitField::of(program);
    let grades = Grades::of(after, &sorts);
    let mut lines = Vec::new();
    for column in &comparison.columns {
        let definition = &program.attributes[column.attribute.index()];
        let ty = &definition.ty.base;
        let sort = sorts.get(&column.attribute).copied().unwrap_or(Sort::Other);
        for change in &column.changes {
            let text = |value: &Value| format_value(program, &facts.data, value, ty, lang);
            let kind = definition.context.kind;
            let first = firsts.get(&(kind, change.subject)).map(Vec::as_slice).unwrap_or_default();
            let named: Vec<String> = first.iter().take(3).map(|id| cited(program, *id)).collect();
            let number = change.difference();
            lines.push(Line {
                who: who(program, facts, column, change.subject, lang),
                unit: units.name(after, kind, change.subject, column.period, lang),
                grade: grades.name(after, kind, change.subject, lang),
                period: column.period.map_or(String::new(), |period| period.to_string()),
                value: heading(program, column),
                is_outcome: sort != Sort::Other,
                before: text(&change.before),
                after: text(&change.after),
                difference: number.clone().map_or(String::new(), |number| text(&Value::Number(number))),
                causes: named.join(lang.pick("、", ", ")),
                number,
                is_money: sort == Sort::Money,
                is_grade: sort == Sort::Grade,
                direction: change.direction(),
            });
        }
    }
    // People first, outcomes before what leads to them.
    lines.sort_by(|left, right| (&left.who, !left.is_outcome).cmp(&(&right.who, !right.is_outcome)));
    lines
}

/// The field that says to which unit a person belongs: the first relation of the kind to another kind.
struct UnitField(Option<hengjie_policy::core::FieldRef>, Option<KindId>);

impl UnitField {
    fn of(program: &Program) -> Self {
        let Some(kind) = program.scope.as_ref().map(|scope| scope.kind) else { return Self(None, None) };
        let fields = (0..).zip(&program.kinds[kind.index()].fields);
        let found = fields.into_iter().find_map(|(field, definition)| match definition.ty {
            Type::Object(unit) if unit != kind => {
                Some((hengjie_policy::core::FieldRef { kind, field }, unit))
            }
            _ => None,
        });
        Self(found.map(|(field, _)| field), found.map(|(_, unit)| unit))
    }

    fn name(
        &self,
        after: &Side<'_>,
        kind: Option<KindId>,
        subject: u32,
        period: Option<Period>,
        lang: Lang,
    ) -> String {
        let (program, facts) = (after.program, after.facts);
        let (Some(field), Some(unit)) = (self.0, self.1) else { return String::new() };
        if kind != Some(field.kind) {
            return String::new();
        }
        let evaluator = hengjie_evaluate::row::Evaluator::new(program, &facts.data);
        match evaluator.fact(field, subject, period) {
            Value::Object(_, position) => crate::names::person(facts, unit, position, lang),
            _ => String::new(),
        }
    }
}

/// The columns of the first ordered grade of a kind, the last period last.
struct Grades<'a>(Vec<&'a ResultColumn>, Option<KindId>);

impl<'a> Grades<'a> {
    fn of(after: &'a Side<'_>, sorts: &BTreeMap<AttributeId, Sort>) -> Self {
        let is_grade = |column: &&ResultColumn| {
            let is_enum = matches!(after.program.attributes[column.attribute.index()].ty.base, Type::Enum(_));
            sorts.get(&column.attribute) == Some(&Sort::Grade) && is_enum
        };
        let Some(first) = after.columns.iter().find(is_grade) else { return Self(Vec::new(), None) };
        let own = after.columns.iter().filter(|column| column.attribute == first.attribute);
        Self(own.collect(), after.program.attributes[first.attribute.index()].context.kind)
    }

    fn name(&self, after: &Side<'_>, kind: Option<KindId>, subject: u32, lang: Lang) -> String {
        let Some(column) = self.0.last().filter(|_| kind.is_some() && kind == self.1) else {
            return String::new();
        };
        let value = crate::compare::value(after.program, column, subject as usize);
        let ty = &after.program.attributes[column.attribute.index()].ty.base;
        format_value(after.program, &after.facts.data, &value, ty, lang)
    }
}

/// Winners and losers by unit, or by grade.
fn grouped(lines: &[Line], of: impl Fn(&Line) -> &str) -> Vec<Unit> {
    let mut by_unit: BTreeMap<&str, BTreeMap<&str, (Rational, i32, i32)>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.is_outcome) {
        let person = by_unit.entry(of(line)).or_default().entry(&line.who).or_default();
        if line.is_money {
            person.0 = &person.0 + &line.number.clone().unwrap_or(Rational::ZERO);
        }
        if line.is_grade {
            person.1 += i32::from(line.direction > 0);
            person.2 += i32::from(line.direction < 0);
        }
    }
    let unit = |(name, people): (&str, BTreeMap<&str, (Rational, i32, i32)>)| {
        let sum: Rational = people.values().map(|(sum, ..)| sum.clone()).sum();
        Unit {
            name: name.to_owned(),
            winners: people.values().filter(|(sum, ..)| sum.signum() > 0).count(),
            losers: people.values().filter(|(sum, ..)| sum.signum() < 0).count(),
            sum: sum.to_decimal_rounded(2, hengjie_quantity::Rounding::HalfUp),
            up: people.values().filter(|(_, up, _)| *up > 0).count(),
            down: people.values().filter(|(_, _, down)| *down > 0).count(),
        }
    };
    by_unit.into_iter().map(unit).collect()
}

fn tables(found: &Difference, lang: Lang) -> Vec<ResultTable> {
    let effects = &found.effects;
    let summary = Sheet::new(lang.pick("总体", "summary"))
        .text(lang.pick("项目", "value"), effects.iter().map(|effect| effect.value.clone()))
        .count(lang.pick("人数", "people"), effects.iter().map(|effect| effect.people))
        .count(lang.pick("增", "up"), effects.iter().map(|effect| effect.up))
        .count(lang.pick("减", "down"), effects.iter().map(|effect| effect.down))
        .text(lang.pick("合计差额", "sum of differences"), effects.iter().map(|effect| effect.sum.clone()))
        .text(
            lang.pick("变动", "moves"),
            effects.iter().map(|effect| crate::readings::moves_text(&effect.moves, lang)),
        );
    let by_unit = group_sheet(lang.pick("分机构", "by unit"), lang.pick("机构", "unit"), &found.units, lang);
    let by_grade =
        group_sheet(lang.pick("分等级", "by grade"), lang.pick("等级", "grade"), &found.grades, lang);
    let lines = &found.lines;
    let text = |of: &dyn Fn(&Line) -> &str| lines.iter().map(|line| of(line).to_owned()).collect::<Vec<_>>();
    let by_person = Sheet::new(lang.pick("逐人", "by person"))
        .text(lang.pick("谁", "who"), text(&|line| &line.who))
        .text(lang.pick("机构", "unit"), text(&|line| &line.unit))
        .text(lang.pick("等级", "grade"), text(&|line| &line.grade))
        .text(lang.pick("期间", "period"), text(&|line| &line.period))
        .text(lang.pick("项目", "value"), text(&|line| &line.value))
        .text(lang.pick("现在", "before"), text(&|line| &line.before))
        .text(lang.pick("试算", "after"), text(&|line| &line.after))
        .number(lang.pick("差额", "difference"), 2, lines.iter().map(|line| line.number.clone()))
        .text(lang.pick("先变的条款和项目", "what differs first"), text(&|line| &line.causes));
    let causes = Sheet::new(lang.pick("起因", "causes"))
        .text(
            lang.pick("条款和项目", "article and value"),
            found.causes.iter().map(|(cause, _)| cause.clone()),
        )
        .count(lang.pick("人数", "people"), found.causes.iter().map(|(_, count)| *count));
    vec![summary.table(), by_unit, by_grade, by_person.table(), causes.table()]
}

fn group_sheet(name: &str, head: &str, groups: &[Unit], lang: Lang) -> ResultTable {
    Sheet::new(name)
        .text(head, groups.iter().map(|group| group.name.clone()))
        .count(lang.pick("增收人数", "more money"), groups.iter().map(|group| group.winners))
        .count(lang.pick("减收人数", "less money"), groups.iter().map(|group| group.losers))
        .number(
            lang.pick("金额差额（元）", "sum of amounts (CNY)"),
            2,
            groups.iter().map(|group| Rational::parse_decimal(&group.sum)),
        )
        .count(lang.pick("升级人数", "grade up"), groups.iter().map(|group| group.up))
        .count(lang.pick("降级人数", "grade down"), groups.iter().map(|group| group.down))
        .table()
}

impl Difference {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let line = |line: &Line| {
            json!({
                "who": line.who, "unit": line.unit, "grade": line.grade, "period": line.period, "value": line.value, "outcome": line.is_outcome,
                "before": line.before, "after": line.after, "difference": line.difference, "causes": line.causes,
            })
        };
        let unit = |unit: &Unit| {
            json!({
                "name": unit.name, "winners": unit.winners, "losers": unit.losers, "sum": unit.sum, "up": unit.up,
                "down": unit.down,
            })
        };
        json!({
            "periods": self.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "asked": self.asked.iter().map(|asked| json!({ "what": asked.what, "from": asked.from, "to": asked.to })).collect::<Vec<_>>(),
            "people": self.people, "compared": self.compared,
            "milliseconds": u64::try_from(self.milliseconds).unwrap_or(u64::MAX),
            "effects": self.effects.iter().map(Effect::to_json).collect::<Vec<_>>(),
            "causes": self.causes.iter().map(|(cause, count)| json!({ "cause": cause, "people": count })).collect::<Vec<_>>(),
            "units": self.units.iter().map(unit).collect::<Vec<_>>(),
            "grades": self.grades.iter().map(unit).collect::<Vec<_>>(),
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
        })
    }
}
