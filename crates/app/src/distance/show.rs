//! Distances in words.

use super::Distance;
use super::bench::Bench;
use super::condition::{Condition, Shape, State};
use super::movable::{Movable, is_record};
use super::regress::Place;
use super::search::Move;
use super::wish::Wish;
use crate::dataset::Facts;
use crate::names::field_of;
use hengjie_calendar::Period;
use hengjie_evaluate::format::{format_open, format_value};
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{Program, Type};
use hengjie_quantity::{Lang, Rational, Rounding};
use serde_json::{Value as Json, json};

/// A change of one fact or of two that gives what is wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The facts that change.
    pub moved: Vec<Moved>,
    /// The value after it, computed by the engine.
    pub result: String,
    /// Decisions that people must still take in favour.
    pub decisions: Vec<String>,
}

/// A fact that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// `存款日均`, `客户 K1 的余额`
    pub fact: String,
    /// As it is.
    pub from: String,
    /// As it must be.
    pub to: String,
    /// `增 400万元（7.2%）`; empty for what is no number.
    pub by: String,
}

impl Suggestion {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let moved =
            |moved: &Moved| json!({ "fact": moved.fact, "from": moved.from, "to": moved.to, "by": moved.by });
        json!({
            "changes": self.moved.iter().map(moved).collect::<Vec<_>>(), "result": self.result,
            "decisions": self.decisions, "verified": true,
        })
    }

    /// `存款日均 由 5600万元 到 6000万元，增 400万元（7.2%）；…`
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let moved = |moved: &Moved| match lang {
            Lang::Zh if moved.by.is_empty() => format!("{}：{} → {}", moved.fact, moved.from, moved.to),
            Lang::Zh => format!("{}：{} → {}，{}", moved.fact, moved.from, moved.to, moved.by),
            Lang::En if moved.by.is_empty() => format!("{}: {} → {}", moved.fact, moved.from, moved.to),
            Lang::En => format!("{}: {} → {}, {}", moved.fact, moved.from, moved.to, moved.by),
        };
        let mut text = self.moved.iter().map(moved).collect::<Vec<_>>().join(lang.pick("；", "; "));
        text += &match lang {
            Lang::Zh => format!("。复算结果：{}", self.result),
            Lang::En => format!(". Computed again: {}", self.result),
        };
        if !self.decisions.is_empty() {
            let decisions = self.decisions.join(lang.pick("、", ", "));
            text += &match lang {
                Lang::Zh => format!("（还要由人决定：{decisions}）"),
                Lang::En => format!(" (people must still decide: {decisions})"),
            };
        }
        text
    }
}

/// A change in words, with the value that the engine gives after it.
pub(super) fn suggestion(bench: &mut Bench<'_>, found: &Move) -> Suggestion {
    let changes: Vec<_> = found.changes.iter().map(|(fact, value)| (fact.place, value.clone())).collect();
    let ty = bench.program.attributes[bench.place.attribute.index()].ty.base.clone();
    let value_after = bench.with(&changes, |bench| bench.value(true)).unwrap_or(Value::None);
    let lang = bench.lang;
    Suggestion {
        moved: found.changes.iter().map(|(fact, value)| moved(bench, fact, value)).collect(),
        result: value(bench.program, &bench.facts, &value_after, &ty, lang),
        decisions: found.decisions.iter().map(|open| format_open(bench.program, open, lang)).collect(),
    }
}

fn moved(bench: &Bench<'_>, fact: &Movable, to: &Value) -> Moved {
    let (program, lang) = (bench.program, bench.lang);
    let field = field_of(program, fact.place.field);
    let text = |shown: &Value| value(program, &bench.facts, shown, &field.ty, lang);
    let kind = &program.kinds[fact.place.field.kind.index()];
    let name = if is_record(bench.kind(), fact.place) {
        let key = bench.facts.data.kinds[fact.place.field.kind.index()].keys.get(fact.place.subject as usize);
        match lang {
            Lang::Zh => format!("{} {key} 的{}", kind.name, field.name),
            Lang::En => format!("{} of {} {key}", field.name, kind.name),
        }
    } else {
        field.name.clone()
    };
    let inside = fact.place.period.filter(|period| Some(*period) != bench.place.period);
    let inside = inside.map_or(String::new(), |inside| format!("（{}）", period(inside, lang)));
    let by = match (&fact.value, to) {
        (Value::Number(old), Value::Number(new)) => by(old, new, &text, lang),
        _ => String::new(),
    };
    Moved { fact: name + &inside, from: text(&fact.value), to: text(to), by }
}

/// `增 400万元（7.2%）`
fn by(old: &Rational, new: &Rational, text: &dyn Fn(&Value) -> String, lang: Lang) -> String {
    let difference = new - old;
    let word = if difference.signum() > 0 { lang.pick("增", "up") } else { lang.pick("减", "down") };
    let amount = text(&Value::Number(difference.abs()));
    let share = difference.abs().checked_div(&old.abs()).map(|share| {
        let percent = (share * Rational::from(100)).to_decimal_rounded(1, Rounding::HalfUp);
        match lang {
            Lang::Zh => format!("（{percent}%）"),
            Lang::En => format!(" ({percent}%)"),
        }
    });
    format!("{word} {amount}{}", share.unwrap_or_default())
}

pub(super) fn value(program: &Program, facts: &Facts, value: &Value, ty: &Type, lang: Lang) -> String {
    format_value(program, &facts.data, value, ty, lang)
}

pub(super) fn period(period: Period, lang: Lang) -> String {
    match lang {
        Lang::Zh => period.to_string(),
        Lang::En => period.en(),
    }
}

/// `符合(高级)`
pub(super) fn value_name(program: &Program, facts: &Facts, place: &Place) -> String {
    let definition = &program.attributes[place.attribute.index()];
    match &place.row {
        Some(row) => {
            format!("{}({})", definition.name, value(program, facts, row, &Type::Text, Lang::Zh))
        }
        None => definition.name.clone(),
    }
}

/// `≥ 80分`, `高级`
pub(super) fn goal(program: &Program, facts: &Facts, wish: &Wish, ty: &Type, lang: Lang) -> String {
    match wish {
        Wish::Holds => value(program, facts, &Value::Bool(true), &Type::Bool, lang),
        Wish::Fails => value(program, facts, &Value::Bool(false), &Type::Bool, lang),
        Wish::Some => match ty {
            Type::Enum(of) => program.enums[of.index()].items.join(lang.pick("、", ", ")),
            _ => lang.pick("有", "some").to_owned(),
        },
        Wish::Compared(_, wanted @ Value::Enum(..)) => value(program, facts, wanted, ty, lang),
        Wish::Compared(comparison, wanted) => {
            format!("{} {}", comparison.sign(), value(program, facts, wanted, ty, lang))
        }
        Wish::Within(..) => String::new(),
    }
}

/// Why no change was found.
pub(super) fn why_not(found: &Distance, lang: Lang) -> String {
    let open: Vec<String> =
        found.conditions.iter().flat_map(Condition::open).map(|leaf| leaf.label.clone()).take(8).collect();
    let list = open.join(lang.pick("、", ", "));
    let (count, tried) = (open.len(), found.tried);
    match (lang, tried) {
        (Lang::Zh, _) if count == 0 => format!("试着变动了 {tried} 项资料，都不影响这一项"),
        (Lang::En, _) if count == 0 => format!("{tried} facts were moved; none of them matters here"),
        (Lang::Zh, 0) => format!("没有可以变动的资料：没有满足的是 {list}，要等时间、他人或人定"),
        (Lang::En, 0) => format!(
            "no fact of the person can be moved: what is not met is {list}, a matter of time, of others or of decisions"
        ),
        (Lang::Zh, _) => {
            format!("试着变动了 {tried} 项资料，改一项或同时改两项都达不到。没有满足的有 {count} 条：{list}")
        }
        (Lang::En, _) => format!(
            "{tried} facts were moved; neither one nor two at a time are enough. Not met are {count}: {list}"
        ),
    }
}

impl Condition {
    /// Rows of a table: condition, wanted, there, missing, state; parts are indented.
    #[must_use]
    pub fn rows(&self, lang: Lang) -> Vec<[String; 5]> {
        let mut rows = Vec::new();
        self.add_rows(lang, 0, &mut rows);
        rows
    }

    fn add_rows(&self, lang: Lang, level: usize, rows: &mut Vec<[String; 5]>) {
        let mut label = self.label.clone();
        if let Some(how) = self.how(lang) {
            label = if label.is_empty() { how } else { format!("{label}：{how}") };
        }
        if !self.article.is_empty() {
            label += &match lang {
                Lang::Zh => format!("〔{}〕", self.article),
                Lang::En => format!(" [{}]", self.article),
            };
        }
        let indent = "  ".repeat(level);
        rows.push([
            format!("{indent}{label}"),
            self.need.clone(),
            self.have.clone(),
            self.gap.clone(),
            self.state_text(lang),
        ]);
        self.children.iter().for_each(|part| part.add_rows(lang, level + 1, rows));
    }

    fn how(&self, lang: Lang) -> Option<String> {
        let count = self.children.len();
        Some(match (self.shape, lang) {
            (Shape::Leaf, _) => return None,
            (Shape::All, _) if count == 1 && !self.label.is_empty() => return None,
            (Shape::All, _) if !self.label.is_empty() => return None,
            (Shape::All, Lang::Zh) => "以下全部".to_owned(),
            (Shape::All, Lang::En) => "all of these".to_owned(),
            (Shape::Any, Lang::Zh) => "以下任一".to_owned(),
            (Shape::Any, Lang::En) => "any of these".to_owned(),
            (Shape::AtLeast(wanted), Lang::Zh) => format!("以下 {count} 项满足 {wanted} 项"),
            (Shape::AtLeast(wanted), Lang::En) => format!("{wanted} of these {count}"),
        })
    }

    fn state_text(&self, lang: Lang) -> String {
        let text = match self.state {
            State::Met => lang.pick("已满足", "met"),
            State::Unmet if self.binding => lang.pick("卡在这条", "binding"),
            State::Unmet => lang.pick("未满足", "not met"),
            State::Waiting if self.binding => lang.pick("卡在这条", "binding"),
            State::Waiting => lang.pick("等资料或人定", "waiting"),
            State::Exempt => lang.pick("不适用", "not assessed"),
        };
        text.to_owned()
    }
}
