//! Rules as lines that tell what they mean, from the typed core.

use super::items::Writer;
use hengjie_policy::core::{Attribute, Body, Case, Cut, Quota, QuotaForm, Rank, Split, SplitMethod, Total};
use hengjie_quantity::Rational;

impl Writer<'_> {
    pub(super) fn rule(&self, attribute: &Attribute) -> String {
        let context = &attribute.context;
        let mut lines = Vec::new();
        if let Some(filter) = &context.filter {
            lines.push(format!("其中 {}", self.expr(filter)));
        }
        let name = &attribute.name;
        match &attribute.body {
            Body::Defined { exceptions, general } => {
                lines.extend(general.iter().map(|case| self.case(name, case)));
                lines.extend(exceptions.iter().map(|case| format!("例外 {}", self.case(name, case))));
            }
            Body::State { first, next } => {
                lines.push(format!("首期 {name} = {}", self.expr(first)));
                lines.extend(next.iter().map(|case| format!("下期 {}", self.case(name, case))));
            }
            Body::Total(total) => self.total(total, attribute, &mut lines),
            Body::Rank(rank) => self.rank(rank, &mut lines),
            Body::Quota(quota) => self.quota(quota, &mut lines),
            Body::Split(split) => self.split(split, &mut lines),
        }
        lines.join("\n")
    }

    fn case(&self, name: &str, case: &Case) -> String {
        let guard = case.guard.as_ref().map_or(String::new(), |guard| format!(" 当 {}", self.expr(guard)));
        format!("{name} = {}{guard}", self.expr(&case.value))
    }

    fn total(&self, total: &Total, attribute: &Attribute, lines: &mut Vec<String>) {
        for part in &total.contributions {
            let weight =
                part.weight.as_ref().map_or(String::new(), |weight| format!(" 权重 {}", self.expr(weight)));
            lines.push(format!("计入 {}{weight}", self.program.attributes[part.attribute.index()].name));
        }
        let number = |value: &Rational| self.number(value, &attribute.ty.base);
        lines.extend(total.max.iter().map(|max| format!("最高 {}", number(max))));
        lines.extend(total.min.iter().map(|min| format!("最低 {}", number(min))));
        lines.extend(total.rounding.iter().map(|(mode, to)| format!("{} 到 {}", mode.zh(), number(to))));
    }

    fn rank(&self, rank: &Rank, lines: &mut Vec<String>) {
        lines.extend(rank.group_by.iter().map(|group| format!("按组 {}", self.expr(group))));
        for key in &rank.keys {
            let order = if key.descending { "从高到低" } else { "从低到高" };
            let none = if key.none_last { " 无者居后" } else { "" };
            lines.push(format!("{} {order}{none}", self.expr(&key.value)));
        }
        lines.push(if rank.dense { "紧排" } else { "同名次" }.to_owned());
    }

    fn quota(&self, quota: &Quota, lines: &mut Vec<String>) {
        let item = |item: u32| {
            self.program.enums[quota.of.index()].items.get(item as usize).cloned().unwrap_or_default()
        };
        lines.push(format!("依 {}", self.program.attributes[quota.ranking.index()].name));
        match &quota.form {
            QuotaForm::Lines(seats) => {
                for line in seats {
                    let end = if line.from_bottom { "末 " } else { "" };
                    let mut text = format!(
                        "{} 取 {end}{} {}",
                        item(line.item),
                        self.expr(&line.take),
                        line.rounding.zh()
                    );
                    text += &line
                        .eligible
                        .as_ref()
                        .map_or(String::new(), |limit| format!(" 限 {}", self.expr(limit)));
                    text += &line.unfilled_to.map_or(String::new(), |to| format!(" 递补 {}", item(to)));
                    lines.push(format!("{text} 跨线 {}", self.cut(&line.cut)));
                }
            }
            QuotaForm::Each { shares, cut } => {
                lines.extend(shares.iter().map(|(of, share)| format!("{} {}", item(*of), self.expr(share))));
                lines.push(format!("跨线 {}", self.cut(cut)));
            }
        }
        lines.extend(quota.rest.map(|rest| format!("其余 {}", item(rest))));
    }

    fn cut(&self, cut: &Cut) -> String {
        match cut {
            Cut::All => "全进".to_owned(),
            Cut::None => "全不取".to_owned(),
            Cut::Decide(decision) => format!("人定 {}", self.program.decisions[decision.index()].by),
        }
    }

    fn split(&self, split: &Split, lines: &mut Vec<String>) {
        lines.push(format!("将 {}", self.expr(&split.amount)));
        lines.extend(split.to.filters.iter().map(|filter| format!("其中 {}", self.expr(&filter.condition))));
        lines.push(match &split.method {
            SplitMethod::Shares(share) => format!("比重 {}", self.expr(share)),
            SplitMethod::InTurn(key, descending) => {
                format!("依次 {} {}", self.expr(key), if *descending { "从高到低" } else { "从低到高" })
            }
        });
        lines.extend(split.cap.iter().map(|cap| format!("上限 {}", self.expr(cap))));
        let (mode, to) = &split.rounding;
        lines.push(format!("{} 到 {}", mode.zh(), self.number(to, &split.amount.ty.base)));
        lines.extend(split.remainder.iter().map(|(key, descending)| {
            format!("余数 归 {} {}", self.expr(key), if *descending { "从高到低" } else { "从低到高" })
        }));
    }
}
