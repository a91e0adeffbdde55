//! Types as written: `金额`, `计数(户)`, `岗位 随日期`, `分 0分 至 50分`.

use crate::checker::Checker;
use crate::codes;
use crate::core::{FieldTime, KindId, Literal, Notation, Type};
use crate::index::Symbol;
use hengjie_calendar::Grain;
use hengjie_quantity::{BaseUnit, Currency, Rational, Unit, parse_unit_with};
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{self, Expr, Name, NumberLit, TypeExpr};

/// A range of numbers in base units, both inclusive.
pub(crate) type Range = (Rational, Rational);

impl<'a> Checker<'a> {
    /// The type of a type expression; `None` after an error.
    pub(crate) fn read_type(&mut self, ty: &TypeExpr) -> Option<Type> {
        match ty.name.text.as_str() {
            "金额" => self.read_money(ty.argument.as_ref()),
            "计数" => Some(Type::Number(Unit::of(self.read_counter(ty)?))),
            "单价" => self.read_price(ty),
            "期间" => self.read_period_type(ty),
            "时长" => match &ty.argument {
                Some(word) => self.read_unit_type(word),
                None => Some(Type::Number(Unit::of(BaseUnit::Month))),
            },
            word => match simple_type(word) {
                Some(found) => Some(found),
                None => self.read_named_type(&ty.name),
            },
        }
    }

    fn read_money(&mut self, argument: Option<&Name>) -> Option<Type> {
        let Some(word) = argument else { return Some(Type::Number(Unit::money(Currency::Cny))) };
        match Currency::parse(&word.text) {
            Some(currency) => Some(Type::Number(Unit::money(currency))),
            None => {
                let close = self.closest(&word.text, Currency::ALL.iter().map(|currency| currency.zh()));
                self.unknown_name(codes::UNKNOWN_UNIT, word, ("币种", "currency"), close);
                None
            }
        }
    }

    /// `单价(户)`: yuan per one of something.
    fn read_price(&mut self, ty: &TypeExpr) -> Option<Type> {
        let per = ty.argument.as_ref().and_then(|word| parse_unit_with(&word.text, &self.counters));
        match per {
            Some((size, unit)) if size == Rational::ONE => {
                Some(Type::Number(Unit::money(Currency::Cny).divide(&unit)))
            }
            _ => {
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_TYPE,
                        ty.span,
                        "单价要写明每一个什么",
                        "a unit price needs the unit it is for",
                    )
                    .help("例如：单价(户)、单价(分)", "for example: 单价(户), 单价(分)"),
                );
                None
            }
        }
    }

    fn read_counter(&mut self, ty: &TypeExpr) -> Option<BaseUnit> {
        match &ty.argument {
            Some(word) => Some(BaseUnit::count(&word.text)),
            None => {
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_TYPE,
                        ty.span,
                        "计数要写明量词",
                        "a count needs its counter word",
                    )
                    .help("例如：计数(户)", "for example: 计数(户)"),
                );
                None
            }
        }
    }

    fn read_period_type(&mut self, ty: &TypeExpr) -> Option<Type> {
        let grain = ty.argument.as_ref().and_then(|word| {
            Grain::from_keyword(&word.text).or_else(|| Grain::from_noun(word.text.as_str()))
        });
        if grain.is_none() {
            self.report(
                Diagnostic::error(
                    codes::UNKNOWN_TYPE,
                    ty.span,
                    "期间要写明长短",
                    "a period needs its length",
                )
                .help("例如：期间(每月)", "for example: 期间(每月)"),
            );
        }
        grain.map(Type::Period)
    }

    fn read_unit_type(&mut self, word: &Name) -> Option<Type> {
        let unit = parse_unit_with(&word.text, &self.counters).map(|(_, unit)| Type::Number(unit));
        if unit.is_none() {
            self.unknown_name(codes::UNKNOWN_UNIT, word, ("单位", "unit"), None);
        }
        unit
    }

    /// A 名目, a kind, or a unit word such as 工作日.
    fn read_named_type(&mut self, name: &Name) -> Option<Type> {
        if self.asked(name.span) {
            self.probe_types();
        }
        if let Some(id) = self.names.enumeration(&name.text) {
            self.note(name.span, Symbol::Enumeration(id));
            return Some(Type::Enum(id));
        }
        if let Some(kind) = self.names.kind(&name.text) {
            self.note(name.span, Symbol::Kind(kind));
            return Some(Type::Object(kind));
        }
        if let Some((_, unit)) = parse_unit_with(&name.text, &self.counters) {
            return Some(Type::Number(unit));
        }
        if !self.names.poisoned.contains(&name.text) {
            let known = self.names.enums.keys().chain(self.names.globals.keys()).map(String::as_str);
            let close = self.closest(&name.text, known.chain(TYPE_WORDS));
            self.unknown_name(codes::UNKNOWN_TYPE, name, ("类型、名目或资料", "type, 名目 or kind"), close);
        }
        None
    }

    /// The range of a type expression, checked against its type.
    pub(crate) fn read_range(&mut self, ty: &'a TypeExpr, base: &Type) -> Option<Range> {
        let (low, high) = ty.range.as_ref()?;
        let low = self.constant_number(low, base)?;
        let high = self.constant_number(high, base)?;
        if low > high {
            self.error(
                codes::OUT_OF_RANGE,
                ty.span,
                "范围的下限高于上限：先写小的，如 0分 至 100分",
                "the lower end of the range is above the upper end: write the smaller one first, such as 0分 至 100分",
            );
            return None;
        }
        Some((low, high))
    }

    /// A constant number of a type; `None` after an error.
    pub(crate) fn constant_number(&mut self, expr: &'a Expr, base: &Type) -> Option<Rational> {
        match self.constant(expr, Some(base))? {
            Literal::Number(value) => Some(value),
            _ => {
                self.error(codes::NOT_A_NUMBER, expr.span, "这里需要一个数", "a number is needed here");
                None
            }
        }
    }

    /// A number with its unit, in base units; `None` after an error.
    pub(crate) fn read_number(&mut self, number: &NumberLit) -> Option<(Rational, Unit)> {
        self.spelled.insert(number.span, (number.value.clone(), number.unit.clone()));
        if number.unit.is_empty() {
            return Some((number.value.clone(), Unit::none()));
        }
        if let Some((multiplier, unit)) = parse_unit_with(&number.unit, &self.counters) {
            return Some((&number.value * &multiplier, unit));
        }
        self.unknown_unit(number);
        None
    }

    fn unknown_unit(&mut self, number: &NumberLit) {
        let digits = number.value.to_exact_decimal().unwrap_or_default();
        let diagnostic = Diagnostic::error(
            codes::UNKNOWN_UNIT,
            number.span,
            format!("不认识单位“{}”", number.unit),
            format!("unknown unit `{}`", number.unit),
        );
        let diagnostic = match number.unit.as_str() {
            "月" => diagnostic.fix(number.span, format!("{digits}个月"), "改成“个月”", "change to 个月"),
            "季" | "季度" => {
                diagnostic.fix(number.span, format!("{digits}个季度"), "改成“个季度”", "change to 个季度")
            }
            "分钱" | "角" => {
                diagnostic.help("不足一元的钱写成 0.01元", "write money below one yuan as 0.01元")
            }
            unit => match self
                .closest(unit, UNIT_WORDS.iter().copied().chain(self.counters.iter().map(String::as_str)))
            {
                Some(close) => {
                    let (zh, en) = (format!("改成“{close}”"), format!("change to {close}"));
                    diagnostic.fix(number.span, format!("{digits}{close}"), zh, en)
                }
                None => diagnostic.help(
                    "量词要先声明：资料 … 量词 …，或 计数(…)",
                    "a counter word is declared first: 资料 … 量词 …, or 计数(…)",
                ),
            },
        };
        self.report(diagnostic);
    }

    /// A number that must have the unit of `base`.
    pub(crate) fn number_of(&mut self, number: &NumberLit, base: &Unit) -> Option<Rational> {
        let (value, unit) = self.read_number(number)?;
        if unit == *base {
            return Some(value);
        }
        self.error(
            codes::UNIT_MISMATCH,
            number.span,
            format!("这里的单位应是“{base}”，写的是“{unit}”"),
            format!("the unit here must be {}, found {}", base.en(), unit.en()),
        );
        None
    }

    /// Name of a type in messages, Chinese and English, with the names of the document.
    pub(crate) fn type_name(&self, ty: &Type) -> (String, String) {
        match ty {
            Type::Enum(id) => named("名目", "名目", &self.enums[id.index()].name),
            Type::Object(kind) => named("对象", "object of", &self.kinds[kind.index()].name),
            Type::Row(table) => named("表的一行", "row of", &self.tables[table.index()].name),
            Type::Collection(element) => {
                let (zh, en) = self.type_name(element);
                (format!("集合（{zh}）"), format!("collection of {en}"))
            }
            other => crate::typed::plain_name(other),
        }
    }

    /// The name of a kind.
    pub(crate) fn kind_name(&self, kind: KindId) -> String {
        self.kinds.get(kind.index()).map(|kind| kind.name.clone()).unwrap_or_default()
    }
}

fn named(zh: &str, en: &str, name: &str) -> (String, String) {
    (format!("{zh}“{name}”"), format!("{en} `{name}`"))
}

/// Types of one word.
fn simple_type(word: &str) -> Option<Type> {
    Some(match word {
        "比例" | "数" => Type::Number(Unit::none()),
        "分" => Type::Number(Unit::of(BaseUnit::Point)),
        "是否" => Type::Bool,
        "文字" | "编号" => Type::Text,
        "日期" => Type::Date,
        _ => return None,
    })
}

/// How numbers of a declared type are written.
pub(crate) fn notation_of(ty: &TypeExpr) -> Notation {
    Notation::of_unit(ty.argument.as_ref().map_or(&ty.name.text, |word| &word.text))
}

/// `0分 至 50分`
pub(crate) fn range_text(low: &Rational, high: &Rational, ty: &Type) -> String {
    let text = |number: &Rational| match ty {
        Type::Number(unit) if !unit.is_none() => {
            hengjie_quantity::format_quantity(number, unit, hengjie_quantity::Lang::Zh)
        }
        _ => hengjie_quantity::format_percent(number),
    };
    format!("{} 至 {}", text(low), text(high))
}

/// Words offered for a misspelt type.
const TYPE_WORDS: [&str; 11] =
    ["金额", "比例", "数", "分", "计数", "是否", "文字", "编号", "日期", "期间", "单价"];

/// Words offered for a misspelt unit.
const UNIT_WORDS: [&str; 14] = [
    "元",
    "万元",
    "亿元",
    "万美元",
    "美元",
    "个百分点",
    "个工作日",
    "工作日",
    "个月",
    "个季度",
    "小时",
    "分钟",
    "人次",
    "户",
];

/// When a field has its value.
pub(crate) fn field_time(time: ast::FieldTime) -> FieldTime {
    match time {
        ast::FieldTime::Static => FieldTime::Static,
        ast::FieldTime::Every(grain) => FieldTime::Every(grain),
        ast::FieldTime::Dated => FieldTime::Dated,
    }
}
