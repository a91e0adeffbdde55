//! Formulas as text: as the document writes them, or with the values put in.

use crate::dataset::Dataset;
use crate::format::format_value;
use crate::row::{Frame, address, holds, literal};
use crate::value::Value;
use hengjie_calendar::Grain;
use hengjie_policy::core::{
    Aggregate, AggregateOperation, Arithmetic, Attribute, Collection, Comparison, Expr, ExprKind, Function,
    Program, Source, Table, TableId, VariableId,
};
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{FUNCTIONS, Keyword, VALUES, translate};

/// How strongly the parts of an expression hold together; a weaker part inside a stronger one gets brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Choice,
    Default,
    Or,
    And,
    Not,
    Compare,
    Add,
    Multiply,
    Unary,
    Whole,
}

/// Writes the expressions of one attribute.
pub(super) struct Printer<'p> {
    pub(super) program: &'p Program,
    pub(super) data: &'p Dataset,
    /// The attribute whose rule it is: with 逐, variable 0 is 行.
    pub(super) attribute: &'p Attribute,
    pub(super) lang: Lang,
    /// Values to put in.
    pub(super) frame: Option<&'p Frame<'p>>,
}

impl Printer<'_> {
    /// The text of an expression.
    pub(super) fn text(&self, expr: &Expr) -> String {
        self.write(expr).0
    }

    /// The text of an aggregate.
    pub(super) fn aggregate_text(&self, aggregate: &Aggregate) -> String {
        self.aggregate(aggregate)
    }

    fn word(&self, keyword: Keyword) -> &'static str {
        keyword.text(self.lang)
    }

    fn function(&self, zh: &'static str) -> &'static str {
        translate(FUNCTIONS, zh, self.lang).unwrap_or(zh)
    }

    fn name(&self, zh: &'static str) -> &'static str {
        translate(VALUES, zh, self.lang).unwrap_or(zh)
    }

    /// An operand that must hold together at least as strongly as `needed`.
    fn operand(&self, expr: &Expr, needed: Strength) -> String {
        let (text, strength) = self.write(expr);
        if strength < needed { format!("({text})") } else { text }
    }

    fn list<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> String {
        exprs.into_iter().map(|expr| self.operand(expr, Strength::Default)).collect::<Vec<_>>().join(", ")
    }

    fn called<'e>(
        &self,
        function: &str,
        arguments: impl IntoIterator<Item = &'e Expr>,
    ) -> (String, Strength) {
        (format!("{function}({})", self.list(arguments)), Strength::Whole)
    }

    fn binary(&self, left: &Expr, sign: &str, right: &Expr, strength: Strength) -> (String, Strength) {
        // a − (b − c): the right side of − and ÷ must hold together more strongly.
        let stricter = match strength {
            Strength::Add => Strength::Multiply,
            Strength::Multiply => Strength::Unary,
            other => other,
        };
        let text = format!("{} {sign} {}", self.operand(left, strength), self.operand(right, stricter));
        (text, strength)
    }

    /// The value to put in the place of an expression that reads something.
    fn value(&self, expr: &Expr) -> Option<&Value> {
        self.frame?.values.get(&address(expr))
    }

    fn write(&self, expr: &Expr) -> (String, Strength) {
        if let Some(value) = self.value(expr).filter(|_| is_read(expr)) {
            return (format_value(self.program, self.data, value, &expr.ty.base, self.lang), Strength::Whole);
        }
        match &expr.kind {
            ExprKind::Arithmetic(operation, left, right) => {
                let (sign, strength) = arithmetic_sign(*operation);
                self.binary(left, sign, right, strength)
            }
            ExprKind::Compare(comparison, left, right) => {
                let needed = Strength::Add;
                let sign = comparison_sign(*comparison);
                (
                    format!("{} {sign} {}", self.operand(left, needed), self.operand(right, needed)),
                    Strength::Compare,
                )
            }
            ExprKind::And(list) => (self.joined(list, Keyword::And, Strength::Not), Strength::And),
            ExprKind::Or(list) => (self.joined(list, Keyword::Or, Strength::And), Strength::Or),
            ExprKind::Not(value) => {
                (format!("{} {}", self.word(Keyword::Not), self.operand(value, Strength::Not)), Strength::Not)
            }
            ExprKind::Negate(value) => {
                (format!("-{}", self.operand(value, Strength::Unary)), Strength::Unary)
            }
            ExprKind::If { arms, otherwise } => self.choice(arms, otherwise),
            ExprKind::OrNone(value, default) => self.answered(value, Keyword::OrNone, default),
            ExprKind::OrMissing(value, default) => self.answered(value, Keyword::OrMissing, default),
            ExprKind::IsIn(value, list) => {
                let text = format!(
                    "{} {} ({})",
                    self.operand(value, Strength::Add),
                    self.word(Keyword::In),
                    self.list(list)
                );
                (text, Strength::Compare)
            }
            ExprKind::InInterval(value, cell) => (
                format!(
                    "{} {} {}",
                    self.operand(value, Strength::Add),
                    self.word(Keyword::In),
                    self.text(cell)
                ),
                Strength::Compare,
            ),
            ExprKind::Call(function, arguments) => self.call(*function, arguments),
            ExprKind::AtLeast(wanted, list) => {
                self.called(self.function("至少"), std::iter::once(&**wanted).chain(list))
            }
            ExprKind::IsSome(value) => self.called(self.function("有"), [&**value]),
            _ => (self.operand_text(expr), Strength::Whole),
        }
    }

    /// The forms that hold together by themselves.
    fn operand_text(&self, expr: &Expr) -> String {
        let program = self.program;
        match &expr.kind {
            ExprKind::Literal(value) => {
                format_value(program, self.data, &literal(value), &expr.ty.base, self.lang)
            }
            ExprKind::Parameter(parameter, keys) => {
                let name = &program.parameters[parameter.index()].name;
                if keys.is_empty() { name.clone() } else { format!("{name}({})", self.list(keys)) }
            }
            ExprKind::ReadingIs(reading, alternative) => {
                let reading = &program.readings[reading.index()];
                let alternative = reading.alternatives.get(*alternative as usize).map_or("", String::as_str);
                format!("{} = {alternative}", reading.name)
            }
            ExprKind::Subject => self.name("本人").to_owned(),
            ExprKind::Variable(variable) => self.variable(*variable).to_owned(),
            ExprKind::CurrentPeriod => self.name("本期").to_owned(),
            ExprKind::Field(object, field) => {
                self.member(object, &program.kinds[field.kind.index()].fields[field.field as usize].name)
            }
            ExprKind::Cell(row, table, column) => {
                self.member(row, column_name(&program.tables[table.index()], *column))
            }
            ExprKind::Attribute { attribute, subject, row } => self.attribute_text(
                &program.attributes[attribute.index()].name,
                subject.as_deref(),
                row.as_deref(),
            ),
            ExprKind::At { period, value } => self.at(period, value),
            ExprKind::Lookup { table, keys, column } => {
                let table = &program.tables[table.index()];
                format!(
                    "{}({}, {}).{}",
                    self.function("查表"),
                    table.name,
                    self.list(keys),
                    column_name(table, *column)
                )
            }
            ExprKind::LookupRow { table, keys } => {
                format!(
                    "{}({}, {})",
                    self.function("查表"),
                    program.tables[table.index()].name,
                    self.list(keys)
                )
            }
            ExprKind::Marginal { table, value, rate } => self.graduated("累进", *table, value, *rate),
            ExprKind::Interpolate { table, value, column } => self.graduated("插值", *table, value, *column),
            ExprKind::Decide(decision) => {
                format!("{}({})", self.function("人定"), program.decisions[decision.index()].by)
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Collection(collection) => self.collection(collection),
            _ => self.text(expr),
        }
    }

    /// `x`, `其.x`, `x(row)`: the row at hand is not written.
    fn attribute_text(&self, name: &str, subject: Option<&Expr>, row: Option<&Expr>) -> String {
        let name = subject.map_or_else(|| name.to_owned(), |subject| self.member(subject, name));
        match row.filter(|row| !matches!(row.kind, ExprKind::Variable(_))) {
            Some(row) => format!("{name}({})", self.text(row)),
            None => name,
        }
    }

    fn graduated(&self, function: &'static str, table: TableId, value: &Expr, column: u32) -> String {
        let table = &self.program.tables[table.index()];
        let column = column_name(table, column);
        format!("{}({}, {}).{column}", self.function(function), table.name, self.text(value))
    }

    fn joined(&self, list: &[Expr], keyword: Keyword, needed: Strength) -> String {
        let parts: Vec<String> = list.iter().map(|expr| self.operand(expr, needed)).collect();
        parts.join(&format!(" {} ", self.word(keyword)))
    }

    fn answered(&self, value: &Expr, keyword: Keyword, default: &Expr) -> (String, Strength) {
        let text = format!(
            "{} {} {}",
            self.operand(value, Strength::Default),
            self.word(keyword),
            self.operand(default, Strength::Or)
        );
        (text, Strength::Default)
    }

    /// All arms; with values put in, only the one that was taken.
    fn choice(&self, arms: &[(Expr, Expr)], otherwise: &Expr) -> (String, Strength) {
        if self.frame.is_some() {
            let taken = arms.iter().find(|(condition, _)| self.value(condition).is_some_and(holds));
            return self.write(taken.map_or(otherwise, |(_, value)| value));
        }
        let mut text = String::new();
        for (condition, value) in arms {
            let (condition, value) = (self.text(condition), self.operand(value, Strength::Default));
            text += &format!("{} {condition} {} {value} ", self.word(Keyword::If), self.word(Keyword::Then));
        }
        text += &format!("{} {}", self.word(Keyword::Else), self.operand(otherwise, Strength::Default));
        (text, Strength::Choice)
    }

    fn variable(&self, variable: VariableId) -> &'static str {
        let is_row = variable.0 == 0 && self.attribute.context.rows.is_some();
        self.name(if is_row { "行" } else { "其" })
    }

    /// `x`, `其.x`, `区域.x`: what belongs to the subject itself stands alone.
    fn member(&self, object: &Expr, name: &str) -> String {
        match &object.kind {
            ExprKind::Subject => name.to_owned(),
            _ => format!("{}.{name}", self.operand(object, Strength::Whole)),
        }
    }

    fn at(&self, period: &Expr, value: &Expr) -> String {
        match &period.kind {
            ExprKind::Call(Function::PeriodShift(-1), arguments)
                if matches!(&arguments[..], [Expr { kind: ExprKind::CurrentPeriod, .. }]) =>
            {
                format!("{}({})", self.function("上期"), self.text(value))
            }
            _ => format!("{}({}, {})", self.function("于"), self.text(period), self.text(value)),
        }
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> (String, Strength) {
        let name = match function {
            Function::Clamp => {
                if let [x, low, high] = arguments {
                    let text = format!(
                        "{}({}, {} {} {})",
                        self.function("限于"),
                        self.operand(x, Strength::Default),
                        self.operand(low, Strength::Add),
                        self.word(Keyword::To),
                        self.operand(high, Strength::Add)
                    );
                    return (text, Strength::Whole);
                }
                "限于"
            }
            Function::LadderBase
            | Function::LadderStep
            | Function::PeriodStart
            | Function::PeriodEnd
            | Function::PeriodDays => {
                let part = match function {
                    Function::LadderBase => "基级",
                    Function::LadderStep => "档次",
                    Function::PeriodStart => "始",
                    Function::PeriodEnd => "末",
                    _ => "天数",
                };
                let of = arguments.first().map(|of| self.operand(of, Strength::Whole)).unwrap_or_default();
                return (format!("{of}.{part}"), Strength::Whole);
            }
            Function::PeriodShift(steps) => {
                let of = arguments.first().map(|of| self.text(of)).unwrap_or_default();
                return (format!("{of}{steps:+}"), Strength::Whole);
            }
            Function::Max => "最大值",
            Function::Min => "最小值",
            Function::Round(mode) => mode.zh(),
            Function::Abs => "绝对值",
            Function::FullYears => "满年",
            Function::FullMonths => "满月",
            Function::Age => "周岁",
            Function::Promote => "升",
            Function::Demote => "降",
            Function::LadderItem(_) => "档位",
            Function::PeriodOf(_) => "期间",
            Function::YearOf => "年份",
            Function::Strip => "数",
            Function::Convert => "折算",
        };
        self.called(self.function(name), arguments)
    }

    fn aggregate(&self, aggregate: &Aggregate) -> String {
        let over = self.collection(&aggregate.over);
        let body = aggregate.body.iter().map(|body| self.text(body));
        let argument = aggregate.argument.iter().map(|argument| self.text(argument));
        let parts: Vec<String> = match aggregate.operation {
            AggregateOperation::Nth => argument.chain([over]).chain(body).collect(),
            _ => std::iter::once(over).chain(body).chain(argument).collect(),
        };
        format!("{}({})", self.function(aggregate_name(aggregate.operation)), parts.join(", "))
    }

    /// Elements never have one value, so nothing is put in here.
    fn collection(&self, collection: &Collection) -> String {
        let plain = Printer { frame: None, ..*self };
        let mut text = plain.source(&collection.source);
        if !collection.filters.is_empty() {
            let filters: Vec<String> = collection
                .filters
                .iter()
                .map(|filter| plain.operand(&filter.condition, Strength::Not))
                .collect();
            let and = format!(" {} ", self.word(Keyword::And));
            text = format!("{text} {} {}", self.word(Keyword::Where), filters.join(&and));
        }
        match &collection.take {
            Some(take) => format!("{}({}, {text})", self.function("前"), plain.text(take)),
            None => text,
        }
    }

    fn source(&self, source: &Source) -> String {
        let program = self.program;
        let inverse = |field: &hengjie_policy::core::FieldRef| {
            let field = &program.kinds[field.kind.index()].fields[field.field as usize];
            field.inverse.clone().unwrap_or_else(|| field.name.clone())
        };
        match source {
            Source::AllOf(kind) => program.kinds[kind.index()].name.clone(),
            Source::Related { of, field } => self.member(of, &inverse(field)),
            Source::RelatedByAttribute { of, attribute } => {
                let attribute = &program.attributes[attribute.index()];
                self.member(of, attribute.inverse.as_deref().unwrap_or(&attribute.name))
            }
            Source::Rows(table) => program.tables[table.index()].name.clone(),
            Source::Attribute { attribute, subject } => {
                let name = &program.attributes[attribute.index()].name;
                subject.as_ref().map_or_else(|| name.clone(), |subject| self.member(subject, name))
            }
            Source::Ancestors { of, field } => self.tree("上溯", of, field),
            Source::Descendants { of, field } => self.tree("下属", of, field),
            Source::PeriodsIn { grain, within } => format!("{}({})", self.each(*grain), self.text(within)),
            Source::History { include_current: true } => self.name("历期").to_owned(),
            Source::History { include_current: false } => self.name("往期").to_owned(),
            Source::Recent { count, grain } => {
                format!("{}({}, {})", self.function("近"), self.text(count), self.each(*grain))
            }
            Source::If { arms, otherwise } => {
                let mut text = String::new();
                for (condition, collection) in arms {
                    let (if_, then) = (self.word(Keyword::If), self.word(Keyword::Then));
                    text +=
                        &format!("{if_} {} {then} {} ", self.text(condition), self.collection(collection));
                }
                let otherwise = otherwise.as_deref().map(|otherwise| self.collection(otherwise));
                text + &format!("{} {}", self.word(Keyword::Else), otherwise.unwrap_or_default())
            }
            Source::Holders { field, item } => {
                let field = &program.kinds[field.kind.index()].fields[field.field as usize];
                let post = match field.ty {
                    hengjie_policy::core::Type::Enum(of) => {
                        program.enums[of.index()].items.get(*item as usize).cloned()
                    }
                    _ => None,
                };
                format!("{}({})", self.function("任职者"), post.unwrap_or_default())
            }
            Source::List(items) => format!("({})", self.list(items)),
        }
    }

    fn tree(&self, function: &'static str, of: &Expr, field: &hengjie_policy::core::FieldRef) -> String {
        let name = &self.program.kinds[field.kind.index()].fields[field.field as usize].name;
        format!("{}({})", self.function(function), self.member(of, name))
    }

    fn each(&self, grain: Grain) -> &'static str {
        self.function(match grain {
            Grain::Day => "各日",
            Grain::Week => "各周",
            Grain::Month => "各月",
            Grain::Quarter => "各季",
            Grain::HalfYear => "各半年",
            Grain::Year => "各年",
        })
    }
}

/// Does an expression read something, so that its value takes its place? Operations are written out.
fn is_read(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Parameter(..)
            | ExprKind::Subject
            | ExprKind::Variable(_)
            | ExprKind::CurrentPeriod
            | ExprKind::Field(..)
            | ExprKind::Cell(..)
            | ExprKind::Attribute { .. }
            | ExprKind::At { .. }
            | ExprKind::Aggregate(_)
            | ExprKind::Lookup { .. }
            | ExprKind::LookupRow { .. }
            | ExprKind::Marginal { .. }
            | ExprKind::Interpolate { .. }
            | ExprKind::Decide(_)
            | ExprKind::Collection(_)
            | ExprKind::IsSome(_)
    )
}

fn column_name(table: &Table, column: u32) -> &str {
    table.columns.get(column as usize).map_or("", |column| column.name.as_str())
}

fn arithmetic_sign(operation: Arithmetic) -> (&'static str, Strength) {
    match operation {
        Arithmetic::Add | Arithmetic::AddToDate => ("+", Strength::Add),
        Arithmetic::Subtract | Arithmetic::SubtractFromDate | Arithmetic::DaysBetween => ("-", Strength::Add),
        Arithmetic::Multiply => ("×", Strength::Multiply),
        Arithmetic::Divide => ("÷", Strength::Multiply),
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

fn aggregate_name(operation: AggregateOperation) -> &'static str {
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
