//! Forms written as calls: functions, aggregates, look-ups.

use super::{Element, Elements, Level, Printer, name_into, speaks_inside};
use crate::core::{AggregateOperation, Expr, ExprKind, Function, Type, VariableId};
use hengjie_syntax::keywords::Keyword;

impl Printer<'_> {
    /// Forms written as calls.
    pub(super) fn call(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::IsSome(value) => self.named_call("有", &[value], elements, out),
            ExprKind::AtLeast(number, parts) => {
                let all: Vec<&Expr> = [number.as_ref()].into_iter().chain(parts).collect();
                self.named_call("至少", &all, elements, out);
            }
            ExprKind::Call(function, parts) => self.function_call(*function, parts, expr, elements, out),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, elements, out),
            ExprKind::Collection(collection) => self.collection(collection, None, elements, out),
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

    pub(super) fn named_call(
        &self,
        zh: &'static str,
        parts: &[&Expr],
        elements: &mut Elements,
        out: &mut String,
    ) {
        out.push_str(self.function(zh));
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            self.expr(part, Level::Whole, elements, out);
        }
        out.push(')');
    }

    pub(super) fn call_arguments(&self, parts: &[Expr], elements: &mut Elements, out: &mut String) {
        out.push('(');
        for (index, part) in parts.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            self.expr(part, Level::Whole, elements, out);
        }
        out.push(')');
    }

    pub(super) fn lookup(
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

    pub(super) fn column(&self, table: crate::core::TableId, column: u32, out: &mut String) {
        let table = self.program.tables.get(table.index());
        let found = table.and_then(|table| table.columns.get(column as usize));
        name_into(found.map_or("", |column| column.name.as_str()), out);
    }

    pub(super) fn function_call(
        &self,
        function: Function,
        parts: &[Expr],
        whole: &Expr,
        elements: &mut Elements,
        out: &mut String,
    ) {
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
    pub(super) fn clamp(&self, parts: &[Expr], elements: &mut Elements, out: &mut String) {
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

    pub(super) fn aggregate(
        &self,
        aggregate: &crate::core::Aggregate,
        elements: &mut Elements,
        out: &mut String,
    ) {
        let zh = aggregate_word(aggregate.operation);
        out.push_str(self.function(zh));
        out.push('(');
        if let (AggregateOperation::Nth, Some(number)) = (aggregate.operation, &aggregate.argument) {
            self.expr(number, Level::Whole, elements, out);
            out.push_str(", ");
        }
        let weight =
            aggregate.argument.as_ref().filter(|_| aggregate.operation == AggregateOperation::WeightedMean);
        let filters = aggregate.over.filters.iter().map(|filter| &filter.condition);
        let parts: Vec<&Expr> = filters.chain(&aggregate.body).chain(weight).collect();
        let alias = self.alias(aggregate.variable, &parts, elements);
        self.collection(&aggregate.over, alias.clone(), elements, out);
        let members = !matches!(aggregate.over.element, Type::Period(_));
        elements.push(Element { variable: aggregate.variable, members, alias });
        for part in aggregate.body.iter().chain(weight) {
            out.push_str(", ");
            self.expr(part, Level::Whole, elements, out);
        }
        elements.pop();
        out.push(')');
    }

    /// A name for an element that an inner collection speaks of: 甲, 乙 …
    pub(super) fn alias(&self, variable: VariableId, parts: &[&Expr], elements: &Elements) -> Option<String> {
        const NAMES: [(&str, &str); 4] = [("甲", "a"), ("乙", "b"), ("丙", "c"), ("丁", "d")];
        let inner = parts.iter().any(|part| speaks_inside(part, variable, false));
        let (zh, en) = NAMES[elements.len().min(NAMES.len() - 1)];
        inner.then(|| self.lang.pick(zh, en).to_owned())
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
