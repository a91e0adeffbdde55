//! A comparison of two runs as tables and for programs.

use super::{Line, Part, RunComparison, Step};
use crate::effect::{self, Effect};
use crate::sheet::Sheet;
use hengjie_facts::ResultTable;
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};

pub(super) fn tables(found: &RunComparison, lang: Lang) -> Vec<ResultTable> {
    let steps = &found.steps;
    let causes = Sheet::new(lang.pick("起因", "causes"))
        .count(lang.pick("序号", "no."), 1..=steps.len())
        .text(lang.pick("类别", "sort"), steps.iter().map(|step| step.sort.word(lang).to_owned()))
        .text(lang.pick("起因", "cause"), steps.iter().map(|step| step.what.clone()))
        .text(lang.pick("哪次导入", "delivery"), steps.iter().map(|step| step.delivery.clone()))
        .count(lang.pick("处数", "changes"), steps.iter().map(|step| step.count))
        .count(lang.pick("影响人数", "people"), steps.iter().map(|step| step.people))
        .number(
            lang.pick("金额差额（元）", "sum of amounts (CNY)"),
            2,
            steps.iter().map(|step| Rational::parse_decimal(&step.sum)),
        );
    vec![effect::table(&found.effects, lang), causes.table(), by_person(found, lang)]
}

/// A row per part: the parts of a result add up to its difference.
fn by_person(found: &RunComparison, lang: Lang) -> ResultTable {
    let rows: Vec<(&Line, &Part)> =
        found.lines.iter().flat_map(|line| line.parts.iter().map(move |part| (line, part))).collect();
    let text = |of: &dyn Fn(&Line, &Part) -> String| {
        rows.iter().map(|(line, part)| of(line, part)).collect::<Vec<_>>()
    };
    Sheet::new(lang.pick("逐人", "by person"))
        .text(lang.pick("谁", "who"), text(&|line, _| line.who.clone()))
        .text(lang.pick("期间", "period"), text(&|line, _| line.period.clone()))
        .text(lang.pick("项目", "value"), text(&|line, _| line.value.clone()))
        .text(lang.pick("上次", "old run"), text(&|line, _| line.before.clone()))
        .text(lang.pick("这次", "new run"), text(&|line, _| line.after.clone()))
        .number(lang.pick("差额", "difference"), 6, rows.iter().map(|(line, _)| line.number.clone()))
        .text(lang.pick("起因", "cause"), text(&|_, part| part.cause.clone()))
        .text(lang.pick("资料", "facts"), text(&|_, part| part.facts.join(lang.pick("；", "; "))))
        .text(lang.pick("从", "from"), text(&|_, part| part.before.clone()))
        .text(lang.pick("到", "to"), text(&|_, part| part.after.clone()))
        .number(lang.pick("其中", "of which"), 6, rows.iter().map(|(_, part)| part.number.clone()))
        .table()
}

impl Line {
    /// Who, period, value, old, new, difference, and the parts by the number of their step.
    #[must_use]
    pub fn cells(&self, lang: Lang) -> Vec<String> {
        let parts: Vec<String> = self.parts.iter().map(Part::short).collect();
        let own = [&self.who, &self.period, &self.value, &self.before, &self.after, &self.difference];
        let mut cells = own.map(String::clone).to_vec();
        cells.push(parts.join(lang.pick("；", "; ")));
        cells
    }
}

impl Part {
    /// `[2] 300元`, `[2+3] 初级 → 高级`
    fn short(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(|step| (step + 1).to_string()).collect();
        let steps = steps.join("+");
        match self.difference.as_str() {
            "" => format!("[{steps}] {} → {}", self.before, self.after),
            difference => format!("[{steps}] {difference}"),
        }
    }
}

impl RunComparison {
    /// For programs.
    #[must_use]
    pub fn to_json(&self, lang: Lang) -> Json {
        let step = |step: &Step| {
            json!({
                "sort": step.sort.word(Lang::En), "what": step.what, "delivery": step.delivery, "count": step.count,
                "people": step.people, "sum": step.sum, "text": step.text(lang),
            })
        };
        let part = |part: &Part| {
            json!({
                "steps": part.steps, "cause": part.cause, "facts": part.facts, "before": part.before, "after": part.after,
                "difference": part.difference,
            })
        };
        let line = |line: &Line| {
            json!({
                "key": line.key, "who": line.who, "period": line.period, "value": line.value, "outcome": line.is_outcome,
                "before": line.before, "after": line.after, "difference": line.difference,
                "parts": line.parts.iter().map(part).collect::<Vec<_>>(),
            })
        };
        json!({
            "runs": self.runs,
            "periods": self.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(),
            "people": self.people, "compared": self.compared,
            "effects": self.effects.iter().map(Effect::to_json).collect::<Vec<_>>(),
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
        })
    }
}
