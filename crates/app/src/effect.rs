//! What a comparison does to one value, all people together: who rises, who falls, who waits, how much in all.

use crate::compare::{Change, Comparison};
use crate::dataset::Facts;
use crate::outcome::{Sort, sorts};
use crate::sheet::Sheet;
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_facts::ResultTable;
use hengjie_policy::core::{AttributeId, Body, KindId, Program, Type};
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What happens to one value.
#[derive(Debug, Clone)]
pub struct Effect {
    /// Its name.
    pub value: String,
    /// Is it an amount of money in which rules end?
    pub is_money: bool,
    /// Is it a grade?
    pub is_grade: bool,
    /// Is it a place in a ranking? A smaller one is better, and whoever is overtaken moves without any doing.
    pub is_rank: bool,
    /// People for whom it differs.
    pub people: usize,
    /// For how many it rises; a rank that gets smaller rises.
    pub up: usize,
    /// For how many it falls.
    pub down: usize,
    /// For how many it now waits for facts (待补).
    pub missing: usize,
    /// For how many it now waits for people (待定).
    pub undecided: usize,
    /// New minus old, all people and periods together, as people read it; empty for what is no number.
    pub sum: String,
    /// Do the rises and falls of an amount make up for each other?
    pub is_even: bool,
    /// From, to, how many; for grades.
    pub moves: Vec<(String, String, usize)>,
}

/// Subjects of the kind that the document is about with any other result; where there are none, of any kind.
pub(crate) fn people(program: &Program, comparison: &Comparison) -> usize {
    let kind = |attribute: AttributeId| program.attributes[attribute.index()].context.kind;
    let changes = comparison
        .columns
        .iter()
        .flat_map(|column| column.changes.iter().map(|change| (kind(column.attribute), change.subject)));
    let all: BTreeSet<(Option<KindId>, u32)> = changes.collect();
    let scope = program.scope.as_ref().map(|scope| scope.kind);
    match all.iter().filter(|(kind, _)| *kind == scope).count() {
        0 => all.len(),
        own => own,
    }
}

/// What happens to each value, amounts first, then grades, then the others in the order of dependence.
pub(crate) fn effects(program: &Program, facts: &Facts, comparison: &Comparison, lang: Lang) -> Vec<Effect> {
    let sorts = sorts(program);
    let mut order: Vec<AttributeId> = Vec::new();
    for column in &comparison.columns {
        if !order.contains(&column.attribute) {
            order.push(column.attribute);
        }
    }
    order.sort_by_key(|id| sorts.get(id).copied());
    order.iter().map(|id| effect(program, facts, comparison, *id, sorts.get(id).copied(), lang)).collect()
}

fn effect(
    program: &Program,
    facts: &Facts,
    comparison: &Comparison,
    attribute: AttributeId,
    sort: Option<Sort>,
    lang: Lang,
) -> Effect {
    let ty = &program.attributes[attribute.index()].ty.base;
    let changes = || {
        comparison
            .columns
            .iter()
            .filter(|column| column.attribute == attribute)
            .flat_map(|column| &column.changes)
    };
    let subjects = |counts: &dyn Fn(&Change) -> bool| {
        changes().filter(|change| counts(change)).map(|change| change.subject).collect::<BTreeSet<_>>().len()
    };
    let text = |value: &Value| format_value(program, &facts.data, value, ty, lang);
    let mut moves: BTreeMap<(String, String), usize> = BTreeMap::new();
    if matches!(ty, Type::Enum(_)) {
        for change in changes() {
            *moves.entry((text(&change.before), text(&change.after))).or_default() += 1;
        }
    }
    let differences: Vec<Rational> = changes().filter_map(Change::difference).collect();
    // A smaller rank is a better one, and ranks do not add up.
    let is_rank = matches!(program.attributes[attribute.index()].body, Body::Rank(_));
    let is_number = matches!(ty, Type::Number(_)) && !is_rank;
    let (up, down) = if is_rank { (-1, 1) } else { (1, -1) };
    let sum: Rational = differences.into_iter().sum();
    let is_even = sum.is_zero();
    let sum = Value::Number(sum);
    Effect {
        value: program.attributes[attribute.index()].name.clone(),
        is_money: sort == Some(Sort::Money),
        is_grade: sort == Some(Sort::Grade),
        is_rank,
        people: subjects(&|_| true),
        up: subjects(&|change| change.direction() == up),
        down: subjects(&|change| change.direction() == down),
        missing: subjects(&|change| matches!(change.after, Value::Missing(_))),
        undecided: subjects(&|change| matches!(change.after, Value::Undecided(_))),
        sum: if is_number { text(&sum) } else { String::new() },
        is_even,
        moves: moves.into_iter().map(|((from, to), count)| (from, to, count)).collect(),
    }
}

/// A row per value: people, rises, falls, the sum of differences, moves between grades.
pub(crate) fn table(effects: &[Effect], lang: Lang) -> ResultTable {
    Sheet::new(lang.pick("总体", "summary"))
        .text(lang.pick("项目", "value"), effects.iter().map(|effect| effect.value.clone()))
        .count(lang.pick("人数", "people"), effects.iter().map(|effect| effect.people))
        .counted(lang.pick("增", "up"), effects.iter().map(|effect| effect.rising_and_falling()[0]))
        .counted(lang.pick("减", "down"), effects.iter().map(|effect| effect.rising_and_falling()[1]))
        .text(lang.pick("合计差额", "sum of differences"), effects.iter().map(|effect| effect.sum.clone()))
        .text(lang.pick("变动", "moves"), effects.iter().map(|effect| effect.moved(usize::MAX, lang)))
        .table()
}

impl Effect {
    /// `年终奖 +1666.67元`; `年终奖 合计不变（3人增，3人减）`; `年终奖 待补586`
    #[must_use]
    pub fn amount(&self, lang: Lang) -> String {
        let sign = if self.sum.starts_with('-') { "" } else { "+" };
        let (up, down) = (self.up, self.down);
        let amount = match (up + down, self.is_even, lang) {
            (0, ..) => String::new(),
            (_, true, Lang::Zh) => format!(" 合计不变（{up}人增，{down}人减）"),
            (_, true, Lang::En) => format!(" no change in sum ({up} up, {down} down)"),
            (_, false, _) => format!(" {sign}{}", self.sum),
        };
        format!("{}{amount}{}", self.value, self.waits(lang))
    }

    /// `等级 升3 降1`, `等级 待补586`
    #[must_use]
    pub fn rises_and_falls(&self, lang: Lang) -> String {
        let (up, down) = (self.up, self.down);
        let other = self.people.saturating_sub(up + down + self.missing + self.undecided);
        let mut text = self.value.clone();
        if up + down > 0 {
            text += &match lang {
                Lang::Zh => format!(" 升{up} 降{down}"),
                Lang::En => format!(" {up} up, {down} down"),
            };
        }
        text += &self.waits(lang);
        match (other, lang) {
            (0, _) => text,
            (_, Lang::Zh) => format!("{text} 其他{other}"),
            (_, Lang::En) => format!("{text}, {other} other"),
        }
    }

    /// ` 待补586`: whose results cannot be told yet.
    fn waits(&self, lang: Lang) -> String {
        let words = [(self.missing, "待补", "missing"), (self.undecided, "待定", "undecided")];
        let text = |(count, zh, en): (usize, &str, &str)| match (count, lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!(" {zh}{count}"),
            (_, Lang::En) => format!(", {count} {en}"),
        };
        words.into_iter().map(text).collect()
    }

    /// What moves, in words: items from and to, `前移3 后移5` of ranks, and who waits.
    #[must_use]
    pub fn moved(&self, shown: usize, lang: Lang) -> String {
        let text = |(from, to, count): &(String, String, usize)| format!("{from} → {to} {count}");
        if !self.moves.is_empty() {
            let moves: Vec<String> = self.moves.iter().take(shown).map(text).collect();
            return moves.join(lang.pick("；", "; "));
        }
        let ranks = match (self.is_rank, lang) {
            (false, _) => String::new(),
            (true, Lang::Zh) => format!("前移{} 后移{}", self.up, self.down),
            (true, Lang::En) => format!("{} forward, {} back", self.up, self.down),
        };
        (ranks + &self.waits(lang)).trim_start_matches([' ', ',']).to_owned()
    }

    /// A row of a table: value, people, how many rise, how many fall, the sum of differences, what moves (so many at most).
    #[must_use]
    pub fn cells(&self, shown: usize, lang: Lang) -> Vec<String> {
        let [up, down] =
            self.rising_and_falling().map(|count| count.map_or(String::new(), |count| count.to_string()));
        vec![self.value.clone(), self.people.to_string(), up, down, self.sum.clone(), self.moved(shown, lang)]
    }

    /// How many rise and fall in amount; nothing for ranks, which say so in words.
    #[must_use]
    pub fn rising_and_falling(&self) -> [Option<usize>; 2] {
        [self.up, self.down].map(|count| (!self.is_rank).then_some(count))
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "value": self.value, "money": self.is_money, "grade": self.is_grade, "rank": self.is_rank,
            "people": self.people, "up": self.up, "down": self.down, "missing": self.missing,
            "undecided": self.undecided, "sum": self.sum,
            "moves": self.moves.iter().map(|(from, to, count)| json!([from, to, count])).collect::<Vec<_>>(),
        })
    }
}
