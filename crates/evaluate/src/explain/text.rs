//! Explanations as an indented tree for the terminal.

use super::{Derivation, Note, SourceRow};
use hengjie_policy::core::Program;
use hengjie_quantity::{Lang, format_number};

impl Derivation {
    /// The tree as lines of text, each ended by a line break.
    #[must_use]
    pub fn to_text(&self, program: &Program, lang: Lang) -> String {
        let mut out = String::new();
        Writer { program, lang, out: &mut out }.node(self, "", "");
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
        let mut text = format!("{} = {}", node.label, node.text);
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
            Note::Decision { by, because, evidence } => vec![self.joined(&[
                (if zh { "由" } else { "by " }, by),
                (if zh { "理由：" } else { "because " }, because),
                (if zh { "依据：" } else { "evidence: " }, evidence),
            ])],
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
                self.rank(group.as_deref(), *count, keys, neighbours)
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
        group: Option<&str>,
        count: usize,
        keys: &[String],
        neighbours: &[(u32, String, Vec<String>)],
    ) -> Vec<String> {
        let zh = self.lang == Lang::Zh;
        let group = group.map(|group| format!("{group} ")).unwrap_or_default();
        let keys = keys.join(", ");
        let mut lines = vec![if zh {
            format!("{group}共 {count}，排序值 {keys}")
        } else {
            format!("{group}of {count}, by {keys}")
        }];
        for (rank, who, keys) in neighbours {
            lines.push(format!("#{rank} {who}: {}", keys.join(", ")));
        }
        lines
    }

    fn quota(&self, note: &Note) -> Vec<String> {
        let Note::Quota { group, count, rank, lines, ties } = note else { return Vec::new() };
        let zh = self.lang == Lang::Zh;
        let group = group.as_ref().map(|group| format!("{group} ")).unwrap_or_default();
        let mut text = vec![if zh {
            format!("{group}共 {count}，名次 {rank}")
        } else {
            format!("{group}rank {rank} of {count}")
        }];
        for line in lines {
            text.push(if zh {
                format!("{}：名额 {}，已用 {}", line.item, line.seats, line.filled)
            } else {
                format!("{}: {} seats, {} filled", line.item, line.seats, line.filled)
            });
        }
        for tie in ties {
            let tied = tie.tied.join(self.lang.pick("、", ", "));
            text.push(if zh {
                format!("{} 的线上并列 {} 个（余 {} 个名额）：{tied}", tie.item, tie.tied.len(), tie.seats)
            } else {
                format!(
                    "{} tied at the border of {} ({} seats left): {tied}",
                    tie.tied.len(),
                    tie.item,
                    tie.seats
                )
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
