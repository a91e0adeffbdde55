//! Typed expressions back as text in the language, for explanations.

mod collection;
mod literal;
mod period;

use crate::core::{
    AggregateOperation, Arithmetic, Comparison, Expr, ExprKind, Function, Program, Type, VariableId,
};
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, Keyword};

/// The formula of an expression as a person would write it, in the words of `lang`.
#[must_use]
pub fn expression(program: &Program, expr: &Expr, lang: Lang) -> String {
    let printer = Printer { program, lang };
    let mut out = String::new();
    printer.expr(expr, Level::Whole, &mut Vec::new(), &mut out);
    out
}

/// How tightly a form binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Whole,
    Default,
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Unary,
    Atom,
}

/// An element in scope: its number, and whether its members may stand alone (elements of periods have none).
type Elements = Vec<(VariableId, bool)>;

pub(super) struct Printer<'p> {
    pub program: &'p Program,
    pub lang: Lang,
}

impl Printer<'_> {
    pub(super) fn keyword(&self, keyword: Keyword) -> &'static str {
        keyword.text(self.lang)
    }

    /// A built-in function in the language.
    pub(super) fn function(&self, zh: &'static str) -> &'static str {
        keywords::translate(keywords::FUNCTIONS, zh, self.lang).unwrap_or(zh)
    }

    /// A built-in name in the language.
    pub(super) fn value(&self, zh: &'static str) -> &'static str {
        keywords::translate(keywords::VALUES, zh, self.lang).unwrap_or(zh)
    }

    pub(super) fn expr(&self, expr: &Expr, around: Level, elements: &mut Elements, out: &mut String) {
        let own = level(expr);
        let brackets = own < around;
        out.push_str(if brackets { "(" } else { "" });
        self.form(expr, elements, out);
        out.push_str(if brackets { ")" } else { "" });
    }

    fn form(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, &expr.ty.base, false, out),
            ExprKind::Parameter(id, keys) => {
                let name = self.program.parameters.get(id.index()).map_or("", |parameter| parameter.name.as_str());
                name_into(name, out);
                if !keys.is_empty() {
                    self.call_arguments(keys, elements, out);
                }
            }
            ExprKind::ReadingIs(id, alternative) => {
                if let Some(reading) = self.program.readings.get(id.index()) {
                    name_into(&reading.name, out);
                    out.push_str(" = ");
                    name_into(reading.alternatives.get(*alternative as usize).map_or("", String::as_str), out);
                }
            }
            ExprKind::Subject => out.push_str(self.value("本人")),
            ExprKind::Variable(variable) => out.push_str(self.variable(*variable, elements)),
            ExprKind::Field(base, field) => {
                self.owner(base, elements, out);
                let kind = self.program.kinds.get(field.kind.index());
                let declared = kind.and_then(|kind| kind.fields.get(field.field as usize));
                name_into(declared.map_or("", |field| field.name.as_str()), out);
            }
            ExprKind::Cell(base, table, column) => {
                self.expr(base, Level::Atom, elements, out);
                out.push('.');
                self.column(*table, *column, out);
            }
            ExprKind::Attribute { attribute, subject, row } => {
                self.attribute(*attribute, subject.as_deref(), row.as_deref(), elements, out);
            }
            ExprKind::CurrentPeriod | ExprKind::At { .. } => self.period_form(expr, elements, out),
            ExprKind::If { .. } | ExprKind::OrNone(..) | ExprKind::OrMissing(..) => self.choice(expr, elements, out),
            ExprKind::Not(value) => {
                out.push_str(self.keyword(Keyword::Not));
                out.push(' ');
                self.expr(value, Level::Not, elements, out);
            }
            ExprKind::Negate(value) => {
                out.push('-');
                self.expr(value, Level::Atom, elements, out);
            }
            ExprKind::And(parts) => self.joined(parts, Keyword::And, Level::Not, elements, out),
            ExprKind::Or(parts) => self.joined(parts, Keyword::Or, Level::And, elements, out),
            ExprKind::Compare(comparison, a, b) => {
                self.operation(a, comparison_sign(*comparison), b, (Level::Add, Level::Add), elements, out);
            }
            ExprKind::IsIn(value, items) => {
                self.expr(value, Level::Add, elements, out);
                out.push_str(&format!(" {} ", self.keyword(Keyword::In)));
                self.call_arguments(items, elements, out);
            }
            ExprKind::InInterval(value, cell) => {
                let word = self.keyword(Keyword::In);
                self.operation(value, word, cell, (Level::Add, Level::Add), elements, out);
            }
            ExprKind::Arithmetic(way, a, b) => {
                let (sign, left, right) = arithmetic_sign(*way);
                self.operation(a, sign, b, (left, right), elements, out);
            }
            _ => self.call(expr, elements, out),
        }
    }

    /// Forms written as calls.
    fn call(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::IsSome(value) => self.named_call("有", &[value], elements, out),
            ExprKind::AtLeast(number, parts) => {
                let all: Vec<&Expr> = [number.as_ref()].into_iter().chain(parts).collect();
                self.named_call("至少", &all, elements, out);
            }
            ExprKind::Call(function, parts) => self.function_call(*function, parts, expr, elements, out),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, elements, out),
            ExprKind::Collection(collection) => self.collection(collection, elements, out),
            ExprKind::Lookup { table, keys, column } => {
                self.lookup("查表", *table, keys, elements, out);
                out.push('.');
                self.column(*table, *column, out);
            }
            ExprKind::LookupRow { table, keys } => self.lookup("查表", *table, keys, elements, out),
            ExprKind::Marginal { table, rate, value } => {
                self.lookup("累进", *table, std::slice::from_ref(value), elements, out);
                out.push('.');
                self.column(*table, *rate, out);
            }
            ExprKind::Interpolate { table, column, value } => {
                self.lookup("插值", *table, std::slice::from_ref(value), elements, out);
                out.push('.');
                self.column(*table, *column, out);
            }
            ExprKind::Decide(id) => self.decision(*id, out),
            _ => {}
        }
    }

    /// `其.`, `行.`, `本人.` or nothing before a member.
    pub(super) fn owner(&self, base: &Expr, elements: &mut Elements, out: &mut String) {
        let bare = matches!(base.kind, ExprKind::Subject) && !elements.iter().any(|(_, members)| *members);
        if !bare {
            self.expr(base, Level::Atom, elements, out);
            out.push('.');
        }
    }

    fn attribute(
        &self,
        attribute: crate::core::AttributeId,
        subject: Option<&Expr>,
        row: Option<&Expr>,
        elements: &mut Elements,
        out: &mut String,
    ) {
        let name = self.program.attributes.get(attribute.index()).map_or("", |attribute| attribute.name.as_str());
        match row.map(|row| &row.kind) {
            Some(ExprKind::Variable(variable)) => {
                // The row of an element is written before the name; the rule's own row is understood.
                if elements.iter().any(|(bound, _)| bound == variable) {
                    out.push_str(self.variable(*variable, elements));
                    out.push('.');
                }
                name_into(name, out);
            }
            Some(ExprKind::LookupRow { keys, .. }) => {
                subject.iter().for_each(|subject| self.owner(subject, elements, out));
                name_into(name, out);
                self.call_arguments(keys, elements, out);
            }
            Some(_) => {
                subject.iter().for_each(|subject| self.owner(subject, elements, out));
                name_into(name, out);
                if let Some(row) = row {
                    self.call_arguments(std::slice::from_ref(row), elements, out);
                }
            }
            None => {
                subject.iter().for_each(|subject| self.owner(subject, elements, out));
                name_into(name, out);
            }
        }
    }

    /// 其 for the innermost element, 行 for what is not bound inside.
    fn variable(&self, variable: VariableId, elements: &Elements) -> &'static str {
        let bound = elements.iter().any(|(known, _)| *known == variable);
        if bound { self.value("其") } else { self.value("行") }
    }

    fn choice(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    out.push_str(&format!("{} ", self.keyword(Keyword::If)));
                    self.expr(condition, Level::Or, elements, out);
                    out.push_str(&format!(" {} ", self.keyword(Keyword::Then)));
                    self.expr(value, Level::Default, elements, out);
                    out.push(' ');
                }
                out.push_str(&format!("{} ", self.keyword(Keyword::Else)));
                self.expr(otherwise, Level::Default, elements, out);
            }
            ExprKind::OrNone(a, b) => {
                self.operation(a, self.keyword(Keyword::OrNone), b, (Level::Default, Level::Or), elements, out);
            }
            ExprKind::OrMissing(a, b) => {
                self.operation(a, self.keyword(Keyword::OrMissing), b, (Level::Default, Level::Or), elements, out);
            }
            _ => {}
        }
    }

    fn operation(
        &self,
        a: &Expr,
        sign: &str,
        b: &Expr,
        (left, right): (Level, Level),
        elements: &mut Elements,
        out: &mut String,
    ) {
        // `x - 100%`, `x ≥ 100%`, but `x + 1`, `x × 1`.
        let share = !matches!(sign, "×" | "÷" | "+");
        self.operand(a, left, share, elements, out);
        out.push_str(&format!(" {sign} "));
        self.operand(b, right, share, elements, out);
    }

    /// An operand; a bare 1 beside − and = is a share (100%), beside others a number.
    fn operand(&self, expr: &Expr, around: Level, share: bool, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, &expr.ty.base, share, out),
            _ => self.expr(expr, around, elements, out),
        }
    }

    fn joined(&self, parts: &[Expr], word: Keyword, around: Level, elements: &mut Elements, out: &mut String) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(&format!(" {} ", self.keyword(word)));
            }
            self.expr(part, around, elements, out);
        }
    }

    pub(super) fn named_call(&self, zh: &'static str, parts: &[&Expr], elements: &mut Elements, out: &mut String) {
        out.push_str(self.function(zh));
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            self.expr(part, Level::Whole, elements, out);
        }
        out.push(')');
    }

    fn call_arguments(&self, parts: &[Expr], elements: &mut Elements, out: &mut String) {
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            self.expr(part, Level::Whole, elements, out);
        }
        out.push(')');
    }

    fn lookup(
        &self,
        zh: &'static str,
        table: crate::core::TableId,
        keys: &[impl std::borrow::Borrow<Expr>],
        elements: &mut Elements,
        out: &mut String,
    ) {
        out.push_str(self.function(zh));
        out.push('(');
        name_into(self.program.tables.get(table.index()).map_or("", |table| table.name.as_str()), out);
        for key in keys {
            out.push_str(", ");
            self.expr(key.borrow(), Level::Whole, elements, out);
        }
        out.push(')');
    }

    fn column(&self, table: crate::core::TableId, column: u32, out: &mut String) {
        let table = self.program.tables.get(table.index());
        let found = table.and_then(|table| table.columns.get(column as usize));
        name_into(found.map_or("", |column| column.name.as_str()), out);
    }

    fn function_call(&self, function: Function, parts: &[Expr], whole: &Expr, elements: &mut Elements, out: &mut String) {
        let refs: Vec<&Expr> = parts.iter().collect();
        let zh = match function {
            Function::Clamp => return self.clamp(parts, elements, out),
            Function::Max => "最大值",
            Function::Min => "最小值",
            Function::Round(rounding) => rounding.zh(),
            Function::Abs => "绝对值",
            Function::FullYears => "满年",
            Function::FullMonths => "满月",
            Function::Age => "周岁",
            Function::Promote => "升",
            Function::Demote => "降",
            Function::LadderItem(_) => "档位",
            Function::YearOf => "年份",
            Function::Strip => "数",
            Function::Convert => "折算",
            Function::LadderBase => return self.part(parts, "基级", elements, out),
            Function::LadderStep => return self.part(parts, "档次", elements, out),
            Function::PeriodStart
            | Function::PeriodEnd
            | Function::PeriodDays
            | Function::PeriodOf(_)
            | Function::PeriodShift(_) => return self.period_form(whole, elements, out),
        };
        self.named_call(zh, &refs, elements, out);
    }

    /// `限于(x, a 至 b)`
    fn clamp(&self, parts: &[Expr], elements: &mut Elements, out: &mut String) {
        let [value, low, high] = parts else { return };
        out.push_str(self.function("限于"));
        out.push('(');
        self.expr(value, Level::Whole, elements, out);
        out.push_str(", ");
        self.operand(low, Level::Or, true, elements, out);
        out.push_str(&format!(" {} ", self.keyword(Keyword::To)));
        self.operand(high, Level::Or, true, elements, out);
        out.push(')');
    }

    /// `x.末`
    pub(super) fn part(&self, parts: &[Expr], word: &str, elements: &mut Elements, out: &mut String) {
        if let [base] = parts {
            self.expr(base, Level::Atom, elements, out);
            out.push('.');
            out.push_str(word);
        }
    }

    fn aggregate(&self, aggregate: &crate::core::Aggregate, elements: &mut Elements, out: &mut String) {
        let zh = aggregate_word(aggregate.operation);
        out.push_str(self.function(zh));
        out.push('(');
        if let (AggregateOperation::Nth, Some(number)) = (aggregate.operation, &aggregate.argument) {
            self.expr(number, Level::Whole, elements, out);
            out.push_str(", ");
        }
        self.collection(&aggregate.over, elements, out);
        elements.push((aggregate.variable, !matches!(aggregate.over.element, Type::Period(_))));
        let weight = aggregate.argument.as_ref().filter(|_| aggregate.operation == AggregateOperation::WeightedMean);
        for part in aggregate.body.iter().chain(weight) {
            out.push_str(", ");
            self.expr(part, Level::Whole, elements, out);
        }
        elements.pop();
        out.push(')');
    }
}

fn aggregate_word(operation: AggregateOperation) -> &'static str {
    match operation {
        AggregateOperation::Sum => "合计",
        AggregateOperation::Count => "计数",
        AggregateOperation::Mean => "平均",
        AggregateOperation::WeightedMean => "加权平均",
        AggregateOperation::Max => "最大",
        AggregateOperation::Min => "最小",
        AggregateOperation::Median => "中位数",
        AggregateOperation::Exists => "存在",
        AggregateOperation::Every => "每个",
        AggregateOperation::First => "首个",
        AggregateOperation::Last => "末个",
        AggregateOperation::Nth => "第",
        AggregateOperation::LeadingRun => "连续",
    }
}

fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::If { .. } => Level::Whole,
        ExprKind::OrNone(..) | ExprKind::OrMissing(..) => Level::Default,
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare(..) | ExprKind::IsIn(..) | ExprKind::InInterval(..) | ExprKind::ReadingIs(..) => Level::Compare,
        ExprKind::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide, ..) => Level::Multiply,
        ExprKind::Arithmetic(..) => Level::Add,
        ExprKind::Negate(_) => Level::Unary,
        ExprKind::Collection(collection) if !collection.filters.is_empty() => Level::Whole,
        _ => Level::Atom,
    }
}

fn comparison_sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "≠",
        Comparison::Less => "<",
        Comparison::LessEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => "≥",
    }
}

/// The sign, and how tightly its operands must bind.
fn arithmetic_sign(way: Arithmetic) -> (&'static str, Level, Level) {
    match way {
        Arithmetic::Add | Arithmetic::AddToDate => ("+", Level::Add, Level::Multiply),
        Arithmetic::Subtract | Arithmetic::SubtractFromDate | Arithmetic::DaysBetween => {
            ("-", Level::Add, Level::Multiply)
        }
        Arithmetic::Multiply => ("×", Level::Multiply, Level::Unary),
        Arithmetic::Divide => ("÷", Level::Multiply, Level::Unary),
    }
}

/// A name, in brackets 「…」 when it would not be read as one name otherwise.
pub(super) fn name_into(name: &str, out: &mut String) {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '·')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !Keyword::parse(name).is_some_and(Keyword::is_reserved);
    if plain {
        out.push_str(name);
    } else {
        out.push_str(&format!("「{name}」"));
    }
}
