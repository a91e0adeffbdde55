//! What editors ask of a document: what every name stands for, what type every expression has, and what could stand at a
//! place. Made by the checker while it checks, so that an editor never resolves a name in another way than a run does.
//!
//! Reading order: this module (what is told), `record` (how it is noted), `declared` (names where they are declared),
//! `probe` (what could stand at a place).

mod declared;
mod probe;
mod record;

pub use probe::{Candidate, Probe};
pub(crate) use record::Recorder;

use crate::adopt::Assembled;
use crate::core::{
    ArticleId, EnumId, Enumeration, FieldRef, Kind, Parameter, Program, Reading, ReadingId, Table, TableId,
    Type, ValueType,
};
use crate::core::{KindId, ParameterId};
use hengjie_calendar::Grain;
use hengjie_syntax::{Diagnostic, Span};
use std::ops::Range;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A 名目.
    Enumeration(EnumId),
    /// An item of a 名目 that is no ladder; the items of a ladder are items of its base.
    Item(EnumId, u32),
    /// A 资料 or 表单.
    Kind(KindId),
    /// A field.
    Field(FieldRef),
    /// The 反称 of a field.
    Inverse(FieldRef),
    /// A 参数.
    Parameter(ParameterId),
    /// A 读法.
    Reading(ReadingId),
    /// An alternative of a 读法.
    Alternative(ReadingId, u32),
    /// A 表.
    Table(TableId),
    /// A column of a 表.
    Column(TableId, u32),
    /// A 公式, by position in [`Index::formulas`].
    Formula(u32),
    /// An argument of a 公式: formula and position.
    Argument(u32, u32),
    /// A rule (definition, total, ranking, quota, split), by position in [`Index::rules`].
    Rule(u32),
    /// The 反称 of a rule.
    RuleInverse(u32),
    /// An article by its citation.
    Article(ArticleId),
}

/// A name in the text that stands for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// Where. A name inside a longer piece (`初级3档`, `存款日均（万元）`, a heading) has the span of the piece.
    pub span: Span,
    /// What it stands for.
    pub symbol: Symbol,
    /// It is declared here.
    pub declares: bool,
}

/// A rule: all definitions of one name for one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Whose; `None` for 全体.
    pub kind: Option<KindId>,
    /// How often, one for each 对 line that says so; `None` for a value without period.
    pub grains: Vec<Option<Grain>>,
    /// Type and unit; `None` after a mistake.
    pub ty: Option<ValueType>,
    /// The rows of 逐 as written.
    pub rows: Option<String>,
    /// Which statement makes it.
    pub form: RuleForm,
    /// Where it is first defined.
    pub article: ArticleId,
    /// Name of its 反称.
    pub inverse: Option<String>,
}

/// Which statement makes a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleForm {
    /// `名称 = 式子`
    Definition,
    /// 汇总
    Total,
    /// 排序
    Ranking,
    /// 名额
    Quota,
    /// 分摊
    Split,
}

/// A 公式.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaInfo {
    /// Its name.
    pub name: String,
    /// Names of its arguments.
    pub arguments: Vec<String>,
    /// The place of its body.
    pub body: Span,
}

/// Everything an editor needs to know of a document, also of one with mistakes.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Names by place, without repeats.
    pub occurrences: Vec<Occurrence>,
    /// Types of expressions, by place; the first is the outermost of the same start.
    pub types: Vec<(Span, ValueType)>,
    /// Citation of every article, by [`ArticleId`].
    pub articles: Vec<String>,
    /// 名目.
    pub enums: Vec<Enumeration>,
    /// 资料 and 表单.
    pub kinds: Vec<Kind>,
    /// 参数.
    pub parameters: Vec<Parameter>,
    /// 读法.
    pub readings: Vec<Reading>,
    /// 表.
    pub tables: Vec<Table>,
    /// 公式.
    pub formulas: Vec<FormulaInfo>,
    /// Rules in document order.
    pub rules: Vec<Rule>,
    /// Counter words the document declares.
    pub counters: Vec<String>,
}

/// A document read for an editor.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The typed core; `None` when there is an error.
    pub program: Option<Program>,
    /// Faults of reading and of checking, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
    /// Names and types.
    pub index: Index,
    /// What could stand at the place that was asked for; `None` when no name is read there.
    pub probe: Option<Probe>,
}

/// Checks a document that has been read with what it adopts and tells what its names stand for. Places are those of the whole.
///
/// `probe` asks what could stand in place of the name at that byte. Program and diagnostics are those of [`crate::compile`].
#[must_use]
pub fn analyse(assembled: &Assembled, probe: Option<u32>) -> Analysis {
    crate::checker::analyse(assembled, probe)
}

impl Index {
    /// The name of a symbol.
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> &str {
        let kind = |kind: KindId| self.kinds.get(kind.index());
        let field = |field: FieldRef| kind(field.kind).and_then(|kind| kind.fields.get(field.field as usize));
        let found = match symbol {
            Symbol::Enumeration(id) => self.enums.get(id.index()).map(|found| found.name.as_str()),
            Symbol::Item(id, item) => {
                self.enums.get(id.index()).and_then(|found| text_at(&found.items, item))
            }
            Symbol::Kind(id) => kind(id).map(|found| found.name.as_str()),
            Symbol::Field(id) => field(id).map(|found| found.name.as_str()),
            Symbol::Inverse(id) => field(id).and_then(|found| found.inverse.as_deref()),
            Symbol::Parameter(id) => self.parameters.get(id.index()).map(|found| found.name.as_str()),
            Symbol::Reading(id) => self.readings.get(id.index()).map(|found| found.name.as_str()),
            Symbol::Alternative(id, at) => {
                self.readings.get(id.index()).and_then(|found| text_at(&found.alternatives, at))
            }
            Symbol::Table(id) => self.tables.get(id.index()).map(|found| found.name.as_str()),
            Symbol::Column(id, at) => self
                .tables
                .get(id.index())
                .and_then(|table| table.columns.get(at as usize))
                .map(|column| column.name.as_str()),
            Symbol::Formula(at) => self.formulas.get(at as usize).map(|found| found.name.as_str()),
            Symbol::Argument(formula, at) => {
                self.formulas.get(formula as usize).and_then(|found| text_at(&found.arguments, at))
            }
            Symbol::Rule(at) => self.rules.get(at as usize).map(|rule| rule.name.as_str()),
            Symbol::RuleInverse(at) => self.rules.get(at as usize).and_then(|rule| rule.inverse.as_deref()),
            Symbol::Article(id) => text_at(&self.articles, id.0),
        };
        found.unwrap_or_default()
    }

    /// The type of what a symbol stands for, where it is a value.
    #[must_use]
    pub fn type_of(&self, symbol: Symbol) -> Option<ValueType> {
        let present = |base: &Type| ValueType { base: base.clone(), optional: false };
        match symbol {
            Symbol::Item(id, _) => Some(present(&Type::Enum(id))),
            Symbol::Field(field) => {
                let kind = self.kinds.get(field.kind.index())?;
                Some(present(&kind.fields.get(field.field as usize)?.ty))
            }
            Symbol::Inverse(field) => Some(present(&Type::Collection(Box::new(Type::Object(field.kind))))),
            Symbol::Parameter(id) => Some(present(&self.parameters.get(id.index())?.ty)),
            Symbol::Column(id, at) => {
                Some(present(&self.tables.get(id.index())?.columns.get(at as usize)?.ty))
            }
            Symbol::Rule(at) => self.rules.get(at as usize)?.ty.clone(),
            Symbol::RuleInverse(at) => {
                let kind = self.rules.get(at as usize)?.kind?;
                Some(present(&Type::Collection(Box::new(Type::Object(kind)))))
            }
            _ => None,
        }
    }

    /// The occurrences of a symbol, by place.
    pub fn occurrences_of(&self, symbol: Symbol) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(move |found| found.symbol == symbol)
    }

    /// The occurrences that touch a byte, the shortest first.
    #[must_use]
    pub fn at(&self, offset: u32) -> Vec<Occurrence> {
        let end = self.occurrences.partition_point(|found| found.span.start <= offset);
        let touches = |found: &&Occurrence| found.span.start <= offset && offset <= found.span.end;
        let mut found: Vec<Occurrence> =
            self.occurrences.get(..end).unwrap_or_default().iter().filter(touches).copied().collect();
        found.sort_by_key(|found| (found.span.end - found.span.start, *found));
        found
    }

    /// The innermost expression that covers a byte, with its type.
    #[must_use]
    pub fn expression_at(&self, offset: u32) -> Option<&(Span, ValueType)> {
        let end = self.types.partition_point(|(span, _)| span.start <= offset);
        let covers = |(span, _): &&(Span, ValueType)| offset < span.end;
        let within = self.types.get(..end).unwrap_or_default().iter().filter(covers);
        within.min_by_key(|(span, _)| span.end - span.start)
    }

    /// The occurrences inside a piece of text.
    #[must_use]
    pub fn within(&self, range: Range<u32>) -> &[Occurrence] {
        let start = self.occurrences.partition_point(|found| found.span.start < range.start);
        let end = self.occurrences.partition_point(|found| found.span.start < range.end);
        self.occurrences.get(start..end).unwrap_or_default()
    }

    /// What a symbol is, in Chinese and English.
    #[must_use]
    pub fn noun(&self, symbol: Symbol) -> (&'static str, &'static str) {
        match symbol {
            Symbol::Enumeration(_) => ("名目", "enumeration"),
            Symbol::Item(..) => ("名目的项", "item"),
            Symbol::Kind(id) if self.kinds.get(id.index()).is_some_and(|kind| kind.form.is_some()) => {
                ("表单", "form")
            }
            Symbol::Kind(_) => ("资料", "kind"),
            Symbol::Field(_) => ("字段", "field"),
            Symbol::Inverse(_) | Symbol::RuleInverse(_) => ("反称", "inverse"),
            Symbol::Parameter(_) => ("参数", "parameter"),
            Symbol::Reading(_) => ("读法", "reading"),
            Symbol::Alternative(..) => ("取法", "alternative"),
            Symbol::Table(_) => ("表", "table"),
            Symbol::Column(..) => ("列", "column"),
            Symbol::Formula(_) => ("公式", "formula"),
            Symbol::Argument(..) => ("公式的参数", "argument"),
            Symbol::Rule(at) => match self.rules.get(at as usize).map(|rule| rule.form) {
                Some(RuleForm::Total) => ("汇总", "total"),
                Some(RuleForm::Ranking) => ("排序", "ranking"),
                Some(RuleForm::Quota) => ("名额", "quota"),
                Some(RuleForm::Split) => ("分摊", "split"),
                _ => ("规则", "rule"),
            },
            Symbol::Article(_) => ("条款", "article"),
        }
    }

    /// A type in words, Chinese and English: `金额（元）`, `计数（户）`, `名目“等级”`.
    #[must_use]
    pub fn type_text(&self, ty: &Type) -> (String, String) {
        let named = |zh: &str, en: &str, name: &str| (format!("{zh}“{name}”"), format!("{en} `{name}`"));
        match ty {
            Type::Enum(id) => named("名目", "enumeration", self.name(Symbol::Enumeration(*id))),
            Type::Object(id) => named("资料", "kind", self.name(Symbol::Kind(*id))),
            Type::Row(id) => named("表的一行：", "row of", self.name(Symbol::Table(*id))),
            Type::Collection(element) => {
                let (zh, en) = self.type_text(element);
                (format!("集合（{zh}）"), format!("collection of {en}"))
            }
            other => crate::typed::plain_name(other),
        }
    }
}

fn text_at(texts: &[String], position: u32) -> Option<&str> {
    texts.get(position as usize).map(String::as_str)
}
