//! A comparison of two computations as tables and for programs.

use super::{Difference, Line, Unit};
use crate::effect::{self, Effect};
use crate::sheet::Sheet;
use hengjie_facts::ResultTable;
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Winners and losers by unit, or by grade.
pub(super) fn grouped(lines: &[Line], of: impl Fn(&Line) -> &str) -> Vec<Unit> {
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

pub(super) fn tables(found: &Difference, lang: Lang) -> Vec<ResultTable> {
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
    vec![effect::table(&found.effects, lang), by_unit, by_grade, by_person.table(), causes.table()]
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
