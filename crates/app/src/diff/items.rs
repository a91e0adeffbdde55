//! A document as a list of things with a name and a text that tells what they mean.

use super::formulas::{Formulas, spaced};
use crate::document::Policy;
use crate::typed::of_literal;
use crate::words::{cite, context_text, range_text, type_text};
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::format::format_value;
use hengjie_policy::core::{
    ArticleId, AttributeId, Cell, Expr, Field, FieldTime, Literal, Parameter, ParameterValue, Program, Table,
    Type,
};
use hengjie_policy::print;
use hengjie_quantity::{Lang, Rational, Unit, format_quantity};
use hengjie_syntax::Span;

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The words of an article.
    Prose,
    /// 制度, 适用
    Head,
    /// 规则
    Rule,
    /// 公式
    Formula,
    /// 表
    Table,
    /// 参数
    Parameter,
    /// 读法
    Reading,
    /// 名目
    Enumeration,
    /// 资料
    Kind,
    /// 流程, 任务, 时限, 检查, 机构
    Procedure,
}

impl What {
    /// In words.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Prose => lang.pick("条文", "text"),
            Self::Head => lang.pick("适用", "scope"),
            Self::Rule => lang.pick("规则", "rule"),
            Self::Formula => lang.pick("公式", "formula"),
            Self::Table => lang.pick("表", "table"),
            Self::Parameter => lang.pick("参数", "parameter"),
            Self::Reading => lang.pick("读法", "reading"),
            Self::Enumeration => lang.pick("名目", "enumeration"),
            Self::Kind => lang.pick("资料", "kind"),
            Self::Procedure => lang.pick("办理", "procedure"),
        }
    }
}

/// A thing of a document.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) what: What,
    /// What makes it the same thing in another version.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) article: String,
    pub(super) text: String,
}

/// Everything that a document says, in its order.
pub(super) fn items(policy: &Policy, lang: Lang) -> Vec<Item> {
    let formulas = Formulas::of(policy);
    let writer = Writer { policy, program: &policy.program, formulas, lang };
    let mut items: Vec<(usize, Item)> = writer.all();
    items.sort_by_key(|(place, item)| (*place, item.what));
    items.into_iter().map(|(_, item)| item).collect()
}

pub(super) struct Writer<'a> {
    policy: &'a Policy,
    pub(super) program: &'a Program,
    formulas: Formulas<'a>,
    pub(super) lang: Lang,
}

impl Writer<'_> {
    fn all(&self) -> Vec<(usize, Item)> {
        let program = self.program;
        let mut all = vec![(0, self.head())];
        for (place, article) in program.articles.iter().enumerate() {
            let key = if article.cite.is_empty() { article.heading.clone() } else { article.cite.clone() };
            let text = format!("{} {}", article.heading, words(&article.prose));
            all.push((place, item(What::Prose, key.clone(), article.heading.clone(), key, text)));
        }
        for (id, attribute) in (0..).map(AttributeId).zip(&program.attributes) {
            let key = format!("{} {}", context_text(program, id), attribute.name);
            all.push(self.of(What::Rule, key, &attribute.name, attribute.article, self.rule(attribute)));
        }
        for (span, name) in &self.formulas.declared {
            let text = spaced(self.source(*span));
            all.push((
                self.place(*span),
                item(What::Formula, name.clone(), name.clone(), String::new(), text),
            ));
        }
        for table in &program.tables {
            all.push(self.of(What::Table, table.name.clone(), &table.name, table.article, self.table(table)));
        }
        for parameter in &program.parameters {
            let name = &parameter.name;
            all.push(self.of(
                What::Parameter,
                name.clone(),
                name,
                parameter.article,
                self.parameter(parameter),
            ));
        }
        for reading in &program.readings {
            let chosen = reading.alternatives.get(reading.chosen as usize).map_or("", String::as_str);
            let text = format!(
                "{}：{} {} {chosen}",
                reading.title,
                reading.alternatives.join(" | "),
                self.word("取")
            );
            all.push(self.of(What::Reading, reading.name.clone(), &reading.name, reading.article, text));
        }
        for procedure in &program.procedures {
            let text = words(self.source(procedure.span));
            let name = &procedure.name;
            all.push(self.of(What::Procedure, name.clone(), name, procedure.article, text));
        }
        for declared in
            program.enums.iter().filter(|declared| !declared.implicit && declared.ladder.is_none())
        {
            let mut items = declared.items.clone();
            items.reverse();
            let text = items.join(if declared.ordered { " > " } else { "、" });
            let name = &declared.name;
            all.push((
                self.place(declared.span),
                item(What::Enumeration, name.clone(), name.clone(), String::new(), text),
            ));
        }
        for kind in &program.kinds {
            let fields: Vec<String> = kind.fields.iter().map(|field| self.field(field)).collect();
            let text = format!("{}\n{}", kind.counter, fields.join("\n"));
            let place = self.place(kind.span);
            all.push((place, item(What::Kind, kind.name.clone(), kind.name.clone(), String::new(), text)));
        }
        all
    }

    fn head(&self) -> Item {
        let program = self.program;
        let mut text = format!("{} {} {}", program.name, program.from, self.lang.pick("起", "on"));
        if let Some(scope) = &program.scope {
            text += &format!("\n{}", program.kinds[scope.kind.index()].name);
            let filter = scope.filter.as_ref();
            text += &filter
                .map_or(String::new(), |filter| format!(" {} {}", self.word("其中"), self.expr(filter)));
        }
        item(What::Head, String::new(), program.name.clone(), String::new(), text)
    }

    fn of(&self, what: What, key: String, name: &str, article: ArticleId, text: String) -> (usize, Item) {
        let cite = cite(self.program, article).to_owned();
        (article.index(), item(what, key, name.to_owned(), cite, text))
    }

    /// The article in which something stands.
    fn place(&self, span: Span) -> usize {
        let before = self.program.articles.iter().filter(|article| article.span.start <= span.start).count();
        before.saturating_sub(1)
    }

    fn source(&self, span: Span) -> &str {
        self.policy.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn expr(&self, expr: &Expr) -> String {
        print::expression_with(self.program, expr, self.lang, &self.formulas)
    }

    fn table(&self, table: &Table) -> String {
        let heads: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let row = |cells: &[Cell]| {
            let cells = cells.iter().zip(&table.columns).map(|(cell, column)| self.cell(cell, &column.ty));
            cells.collect::<Vec<_>>().join(" | ")
        };
        let rows = table.rows.iter().map(|line| row(&line.cells));
        std::iter::once(heads.join(" | ")).chain(rows).collect::<Vec<_>>().join("\n")
    }

    fn cell(&self, cell: &Cell, ty: &Type) -> String {
        match cell {
            Cell::Value(literal) => self.literal(literal, ty),
            Cell::Interval { low: None, high: None } => self.word("其余").to_owned(),
            Cell::Interval { low, high } => {
                let low = low.iter().map(|low| {
                    format!("{}{}", if low.inclusive { "≥" } else { ">" }, self.number(&low.value, ty))
                });
                let high = high.iter().map(|high| {
                    format!("{}{}", if high.inclusive { "≤" } else { "<" }, self.number(&high.value, ty))
                });
                low.chain(high).collect::<Vec<_>>().join(" ")
            }
            Cell::Exempt => "—".to_owned(),
            Cell::Undecided => self.word("待定").to_owned(),
        }
    }

    fn parameter(&self, parameter: &Parameter) -> String {
        let mut text = type_text(self.program, &parameter.ty).text(self.lang).to_owned();
        if let (Some((low, high)), Type::Number(unit)) = (&parameter.range, &parameter.ty) {
            text += &format!(" {}", range_text(low, high, unit).text(self.lang));
        }
        for key in &parameter.keys {
            text += &format!(" {} {}", self.word("按"), type_text(self.program, key).text(self.lang));
        }
        match &parameter.value {
            ParameterValue::Given(literal) => text + &format!(" = {}", self.literal(literal, &parameter.ty)),
            ParameterValue::Required(office) => {
                text + &format!(" {} {} {office}", self.word("待定"), self.word("由"))
            }
        }
    }

    fn field(&self, field: &Field) -> String {
        let time = match field.time {
            FieldTime::Static => "",
            FieldTime::Every(grain) => self.lang.pick(grain.zh(), grain.en()),
            FieldTime::Dated => self.word("随日期"),
        };
        let ty = type_text(self.program, &field.ty);
        format!("{}: {} {time}", field.name, ty.text(self.lang)).trim_end().to_owned()
    }

    fn literal(&self, literal: &Literal, ty: &Type) -> String {
        format_value(self.program, &Dataset::default(), &of_literal(literal), ty, self.lang)
    }

    pub(super) fn number(&self, value: &Rational, ty: &Type) -> String {
        match ty {
            Type::Number(unit) => self.quantity(value, unit),
            _ => self.literal(&Literal::Number(value.clone()), ty),
        }
    }

    fn quantity(&self, value: &Rational, unit: &Unit) -> String {
        if unit.is_none() {
            return hengjie_evaluate::format::format_plain(value);
        }
        format_quantity(value, unit, self.lang)
    }
}

fn item(what: What, key: String, name: String, article: String, text: String) -> Item {
    Item { what, key, name, article, text }
}

/// A text without its layout: any white space between words is one blank, none between Chinese characters.
fn words(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        let joins = |character: Option<char>| character.is_some_and(|character| !character.is_ascii());
        let follows = joins(words.chars().last()) && joins(word.chars().next());
        if !words.is_empty() && !follows {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}
