//! Rules as lines that tell what they mean, from the typed core.

use super::items::Writer;
use hengjie_policy::core::{
    Attribute, Body, Case, Cut, Expr, Quota, QuotaForm, QuotaLine, Rank, Split, SplitMethod, Total,
};
use hengjie_quantity::Rational;
use hengjie_syntax::keywords::{self, Keyword};

impl Writer<'_> {
    pub(super) fn rule(&self, attribute: &Attribute) -> String {
        let context = &attribute.context;
        let mut lines = Vec::new();
        if let Some(filter) = &context.filter {
            lines.push(format!("{} {}", self.word("其中"), self.expr(filter)));
        }
        let name = &attribute.name;
        match &attribute.body {
            Body::Defined { exceptions, general } => {
                lines.extend(general.iter().map(|case| self.case(name, case)));
                lines.extend(
                    exceptions.iter().map(|case| format!("{} {}", self.word("例外"), self.case(name, case))),
                );
            }
            Body::State { first, next } => {
                lines.push(format!("{} {name} = {}", self.word("首期"), self.expr(first)));
                lines.extend(
                    next.iter().map(|case| format!("{} {}", self.word("下期"), self.case(name, case))),
                );
            }
            Body::Total(total) => self.total(total, attribute, &mut lines),
            Body::Rank(rank) => self.rank(rank, &mut lines),
            Body::Quota(quota) => self.quota(quota, &mut lines),
            Body::Split(split) => self.split(split, &mut lines),
        }
        lines.join("\n")
    }

    fn case(&self, name: &str, case: &Case) -> String {
        let guard = case.guard.as_ref();
        let guard = guard.map_or(String::new(), |guard| format!(" {} {}", self.word("当"), self.expr(guard)));
        format!("{name} = {}{guard}", self.expr(&case.value))
    }

    fn total(&self, total: &Total, attribute: &Attribute, lines: &mut Vec<String>) {
        for part in &total.contributions {
            let weight = part.weight.as_ref();
            let weight = weight
                .map_or(String::new(), |weight| format!(" {} {}", self.word("权重"), self.expr(weight)));
            let name = &self.program.attributes[part.attribute.index()].name;
            lines.push(format!("{} {name}{weight}", self.word("计入")));
        }
        let number = |value: &Rational| self.number(value, &attribute.ty.base);
        lines.extend(total.max.iter().map(|max| format!("{} {}", self.word("最高"), number(max))));
        lines.extend(total.min.iter().map(|min| format!("{} {}", self.word("最低"), number(min))));
        lines.extend(
            total
                .rounding
                .iter()
                .map(|(mode, to)| format!("{} {} {}", self.word(mode.zh()), self.word("到"), number(to))),
        );
    }

    fn rank(&self, rank: &Rank, lines: &mut Vec<String>) {
        lines.extend(rank.group_by.iter().map(|group| format!("{} {}", self.word("按组"), self.expr(group))));
        for key in &rank.keys {
            let none = if key.none_last { format!(" {}", self.word("无者居后")) } else { String::new() };
            lines.push(format!("{} {}{none}", self.expr(&key.value), self.direction(key.descending)));
        }
        lines.push(self.word(if rank.dense { "紧排" } else { "同名次" }).to_owned());
    }

    fn quota(&self, quota: &Quota, lines: &mut Vec<String>) {
        lines.push(format!("{} {}", self.word("依"), self.program.attributes[quota.ranking.index()].name));
        match &quota.form {
            QuotaForm::Lines(seats) => lines.extend(seats.iter().map(|line| self.seats(quota, line))),
            QuotaForm::Each { shares, cut } => {
                let share =
                    |(of, share): &(u32, Expr)| format!("{} {}", self.item(quota, *of), self.expr(share));
                lines.extend(shares.iter().map(share));
                lines.push(format!("{} {}", self.word("跨线"), self.cut(cut)));
            }
        }
        lines.extend(quota.rest.map(|rest| format!("{} {}", self.word("其余"), self.item(quota, rest))));
    }

    fn seats(&self, quota: &Quota, line: &QuotaLine) -> String {
        let mut words = vec![self.item(quota, line.item), self.word("取").to_owned()];
        words.extend(line.from_bottom.then(|| self.word("末").to_owned()));
        words.extend([self.expr(&line.take), self.word(line.rounding.zh()).to_owned()]);
        let limit = line.eligible.as_ref();
        words.extend(limit.map(|limit| format!("{} {}", self.word("限"), self.expr(limit))));
        let fill = line.unfilled_to;
        words.extend(fill.map(|to| format!("{} {}", self.word("递补"), self.item(quota, to))));
        words.push(format!("{} {}", self.word("跨线"), self.cut(&line.cut)));
        words.join(" ")
    }

    fn item(&self, quota: &Quota, item: u32) -> String {
        self.program.enums[quota.of.index()].items.get(item as usize).cloned().unwrap_or_default()
    }

    fn cut(&self, cut: &Cut) -> String {
        match cut {
            Cut::All => self.word("全进").to_owned(),
            Cut::None => self.word("全不取").to_owned(),
            Cut::Decide(decision) => {
                format!("{} {}", self.word("人定"), self.program.decisions[decision.index()].by)
            }
        }
    }

    fn split(&self, split: &Split, lines: &mut Vec<String>) {
        let line = |word: &'static str, expr: &Expr| format!("{} {}", self.word(word), self.expr(expr));
        lines.push(line("将", &split.amount));
        lines.extend(split.to.filters.iter().map(|filter| line("其中", &filter.condition)));
        lines.push(match &split.method {
            SplitMethod::Shares(share) => line("比重", share),
            SplitMethod::InTurn(key, descending) => {
                format!("{} {}", line("依次", key), self.direction(*descending))
            }
        });
        lines.extend(split.cap.iter().map(|cap| line("上限", cap)));
        let (mode, to) = &split.rounding;
        let to = self.number(to, &split.amount.ty.base);
        lines.push(format!("{} {} {to}", self.word(mode.zh()), self.word("到")));
        lines.extend(split.remainder.iter().map(|(key, descending)| {
            format!("{} {} {}", self.word("余数"), line("归", key), self.direction(*descending))
        }));
    }

    fn direction(&self, descending: bool) -> &'static str {
        self.word(if descending { "从高到低" } else { "从低到高" })
    }

    /// A word of the language in the language that is read.
    pub(super) fn word(&self, zh: &'static str) -> &'static str {
        let function = || keywords::translate(keywords::FUNCTIONS, zh, self.lang);
        Keyword::parse(zh).map(|keyword| keyword.text(self.lang)).or_else(function).unwrap_or(zh)
    }
}
