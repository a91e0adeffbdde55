//! Explanations as an indented tree for the terminal.

use super::{Derivation, Note, SourceRow};
use crate::value::Value;
use hengjie_policy::core::Program;
use hengjie_quantity::{Lang, format_number};

impl Derivation {
    /// The tree as lines of text, each ended by a line break.
    #[must_use]
    pub fn to_text(&self, program: &Program, lang: Lang) -> String {
        let mut out = String::new();
        Writer { program, lang, out: &mut out }.node(self, "", "");
        if out.contains('≈') {
            out += lang.pick(
                "≈ 只是显示到小数点后 6 位；计算用的是没有舍入的数。\n",
                "≈ only shows 6 digits after the point; the computation uses the number without rounding.\n",
            );
        }
        out
    }
}

struct Writer<'w> {
    program: &'w Program,
    lang: Lang,
    out: &'w mut String,
}

impl Writer<'_> {
    /// `first` stands before the first line of the node, `rest` before all others.
    fn node(&mut self, node: &Derivation, first: &str, rest: &str) {
        self.line(first, &self.headline(node));
        let inner = if node.children.is_empty() { format!("{rest}    ") } else { format!("{rest}│   ") };
        for line in self.details(node) {
            self.line(&inner, &line);
        }
        for (place, child) in node.children.iter().enumerate() {
            let last = place + 1 == node.children.len();
            let (branch, below) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
            self.node(child, &format!("{rest}{branch}"), &format!("{rest}{below}"));
        }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.out.push_str(indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// `张三.存款得分（2025年） = 120分 × 60% → 72分 〔第五条〕`
    fn headline(&self, node: &Derivation) -> String {
        // An element that stands for itself.
        let itself = matches!(node.note, Note::Element { .. });
        let mut text = match node.value {
            Value::Object(..) | Value::Row(..) | Value::Period(_) if itself => node.label.clone(),
            _ => format!("{} = {}", node.label, node.text),
        };
        match &node.note {
            Note::Contribution { weight: Some(weight) } => {
                let amount = node.amount.as_ref().map(|amount| self.number(amount, node)).unwrap_or_default();
                text += &format!(" × {weight} → {amount}");
            }
            Note::Element { weight: Some(weight) } => text += &format!(" × {weight}"),
            Note::Shown => text += self.lang.pick("（见上）", " (see above)"),
            Note::Assumed => text += self.lang.pick("（设定）", " (assumed)"),
            Note::NoRule => text += self.lang.pick("（不适用）", " (no rule applies)"),
            Note::Refused => text += self.lang.pick("（不符合）", " (refused)"),
            Note::Cut => text += " …",
            Note::Aggregate { elements } => match self.lang {
                Lang::Zh => text += &format!("（{elements} 项）"),
                Lang::En => text += &format!(" ({elements} elements)"),
            },
            _ => {}
        }
        if let Some(article) = node.article.and_then(|article| self.program.articles.get(article.index()))
            && !article.cite.is_empty()
        {
            text += &format!(" 〔{}〕", article.cite);
        }
        text
    }

    /// Formula, numbers put in, and what the kind of node has to say.
    fn details(&self, node: &Derivation) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(node.formula.clone());
        lines.extend(node.substituted.as_ref().map(|text| format!("= {text}")));
        lines.extend(self.note(node));
        lines.extend(node.gaps.iter().map(|gap| format!("! {gap}")));
        lines
    }

    fn note(&self, node: &Derivation) -> Vec<String> {
        let zh = self.lang == Lang::Zh;
        match &node.note {
            Note::Limited { before } | Note::Rounded { before, .. } => {
                vec![format!("{} → {}", self.number(before, node), node.text)]
            }
            Note::TableRow { cells: Some(cells) } => {
                vec![
                    cells.iter().map(|(name, cell)| format!("{name} {cell}")).collect::<Vec<_>>().join(" | "),
                ]
            }
            Note::Marginal { slices } => {
                slices.iter().map(|(row, amount, rate)| format!("{row}: {amount} × {rate}")).collect()
            }
            Note::Fact { origin: Some(origin), heading } => vec![self.origin(origin, Some(heading))],
            Note::Parameter { from, by, because, origin } => {
                self.parameter(*from, by, because, origin.as_ref())
            }
            Note::Decision { by, because, evidence, origin } => {
                let origin = origin.as_ref().map(|origin| self.origin(origin, None)).unwrap_or_default();
                if matches!(node.value, Value::Undecided(_)) {
                    return vec![if zh {
                        format!("由{by}决定，填在“人定”表里")
                    } else {
                        format!("to be decided by {by} and entered in the table 人定")
                    }];
                }
                vec![self.joined(&[
                    (if zh { "由" } else { "by " }, by),
                    (if zh { "理由：" } else { "because " }, because),
                    (if zh { "依据：" } else { "evidence: " }, evidence),
                    ("", &origin),
                ])]
            }
            Note::Reading { title, alternatives, by, on } => {
                let alternatives = alternatives.join(" | ");
                vec![if zh {
                    format!("{title}：{alternatives}；{by} {on} 定")
                } else {
                    format!("{title}: {alternatives}; chosen by {by} on {on}")
                }]
            }
            Note::State { from, chain } => self.chain(*from, chain),
            Note::Rank { group, count, keys, neighbours } => {
                self.rank(node.value.is_blocked(), group.as_deref(), count, keys, neighbours)
            }
            Note::Quota { .. } => self.quota(&node.note),
            Note::Split { .. } => self.split(&node.note),
            _ => Vec::new(),
        }
    }

    fn number(&self, number: &hengjie_quantity::Rational, node: &Derivation) -> String {
        match &node.ty {
            hengjie_policy::core::Type::Number(unit) if !unit.is_none() => {
                hengjie_quantity::format_quantity(number, unit, self.lang)
            }
            _ => format_number(number),
        }
    }

    fn joined(&self, parts: &[(&str, &String)]) -> String {
        let given =
            parts.iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!("{word}{text}"));
        given.collect::<Vec<_>>().join(self.lang.pick("；", "; "))
    }

    fn origin(&self, SourceRow { file, row }: &SourceRow, heading: Option<&str>) -> String {
        match (self.lang, heading) {
            (Lang::Zh, Some(heading)) => format!("{file} 第 {row} 行“{heading}”"),
            (Lang::Zh, None) => format!("{file} 第 {row} 行"),
            (Lang::En, Some(heading)) => format!("{file}, row {row}, `{heading}`"),
            (Lang::En, None) => format!("{file}, row {row}"),
        }
    }

    fn parameter(
        &self,
        from: Option<hengjie_calendar::Date>,
        by: &String,
        because: &String,
        origin: Option<&SourceRow>,
    ) -> Vec<String> {
        let zh = self.lang == Lang::Zh;
        let from = from
            .map(|from| if zh { format!("{from} 起") } else { format!("from {from}") })
            .unwrap_or_default();
        let origin = origin.map(|origin| self.origin(origin, None)).unwrap_or_default();
        let by_word = if zh { "由" } else { "by " };
        let text = self.joined(&[("", &from), (by_word, by), ("", because), ("", &origin)]);
        if text.is_empty() { Vec::new() } else { vec![text] }
    }

    fn chain(
        &self,
        from: Option<hengjie_calendar::Period>,
        chain: &[(hengjie_calendar::Period, String)],
    ) -> Vec<String> {
        let zh = self.lang == Lang::Zh;
        let mut lines = Vec::new();
        if let Some(from) = from {
            lines.push(if zh {
                format!("按 {from} 的情况")
            } else {
                format!("by the state of {}", from.en())
            });
        }
        if !chain.is_empty() {
            let steps: Vec<String> =
                chain.iter().map(|(period, value)| format!("{period} {value}")).collect();
            lines.push(steps.join(" ← "));
        }
        lines
    }

    fn rank(
        &self,
        is_blocked: bool,
        group: Option<&str>,
        count: &str,
        keys: &[String],
        neighbours: &[(u32, String, Vec<String>)],
    ) -> Vec<String> {
        let group = group.map(|group| format!("{group} ")).unwrap_or_default();
        let keys = keys.join(self.lang.pick("，", ", "));
        let mut lines = vec![match self.lang {
            Lang::Zh => format!("{group}共 {count}；排序依据：{keys}"),
            Lang::En => format!("{group}{count} in all; ranked by {keys}"),
        }];
        if is_blocked {
            let why = self.lang.pick(
                "有人的排序依据还没有值，排不出名次",
                "no ranks while somebody lacks a value to rank by",
            );
            lines.push(why.to_owned());
        }
        for (rank, who, keys) in neighbours {
            let keys = keys.join(self.lang.pick("，", ", "));
            lines.push(match self.lang {
                Lang::Zh => format!("第 {rank} 名 {who}：{keys}"),
                Lang::En => format!("rank {rank} {who}: {keys}"),
            });
        }
        lines
    }

    fn quota(&self, note: &Note) -> Vec<String> {
        let Note::Quota { group, count, rank, lines, ties } = note else { return Vec::new() };
        let zh = self.lang == Lang::Zh;
        let group = group.as_ref().map(|group| format!("{group} ")).unwrap_or_default();
        let mut text = vec![match (rank, self.lang) {
            (Some(rank), Lang::Zh) => format!("{group}共 {count}，第 {rank} 名"),
            (Some(rank), Lang::En) => format!("{group}rank {rank} of {count}"),
            (None, Lang::Zh) => format!("{group}共 {count}；要用的值还不齐，名额定不下来"),
            (None, Lang::En) => {
                format!("{group}{count} in all; no seats before all values they need are there")
            }
        }];
        for line in lines {
            text.push(if zh {
                format!("{}：名额 {}，已用 {}", line.item, line.seats, line.filled)
            } else {
                let seats =
                    if line.seats == 1 { "1 seat".to_owned() } else { format!("{} seats", line.seats) };
                format!("{}: {seats}, {} filled", line.item, line.filled)
            });
        }
        for tie in ties {
            let tied = tie.tied.join(self.lang.pick("、", ", "));
            text.push(if zh {
                format!("{}的线上有 {} 个并列，还有 {} 个名额：{tied}", tie.item, tie.tied.len(), tie.seats)
            } else {
                let seats = if tie.seats == 1 { "1 seat".to_owned() } else { format!("{} seats", tie.seats) };
                format!("{} tied at the border of {} ({seats} left): {tied}", tie.tied.len(), tie.item)
            });
        }
        text
    }

    fn split(&self, note: &Note) -> Vec<String> {
        let Note::Split { amount, weight, weights, cap, sharers } = note else { return Vec::new() };
        let zh = self.lang == Lang::Zh;
        let mut text = match (weights, zh) {
            (Some(weights), true) => format!("将 {amount} 分给 {sharers} 个：{weight} ÷ {weights}"),
            (Some(weights), false) => format!("{amount} shared by {sharers}: {weight} ÷ {weights}"),
            (None, true) => format!("将 {amount} 依次分给 {sharers} 个：{weight}"),
            (None, false) => format!("{amount} given to {sharers} in turn: {weight}"),
        };
        if let Some(cap) = cap {
            text += &if zh { format!("，上限 {cap}") } else { format!(", at most {cap}") };
        }
        vec![text]
    }
}
