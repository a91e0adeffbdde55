//! Typed expressions back as text in the language: as the document writes them, or with what is [`Known`] put in.

mod call;
mod choice;
mod collection;
mod literal;
mod period;

use crate::core::{
    Aggregate, AggregateOperation, Arithmetic, Expr, ExprKind, Program, ReadingId, Type, VariableId,
};
use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, Keyword};

/// What somebody who prints an expression knows beyond the document.
pub trait Known {
    /// The alternative of a reading that is taken: parts that hold under others only are left out.
    fn reading(&self, _reading: ReadingId) -> Option<u32> {
        None
    }

    /// What to write in the place of an expression.
    fn text(&self, _expr: &Expr) -> Option<String> {
        None
    }

    /// What has become of an expression.
    fn fate(&self, _expr: &Expr) -> Fate {
        Fate::Open
    }
}

/// What has become of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing is known; beside others of which something is: it was not needed.
    Open,
    /// A condition that holds, or another value that is there.
    Holds,
    /// A condition that does not hold, or no value (无, 免).
    Fails,
    /// 待补 or 待定.
    Blocks,
}

/// Nothing is known: everything is written as the document has it.
struct Nothing;

impl Known for Nothing {}

/// The formula of an expression as a person would write it, in the words of `lang`.
#[must_use]
pub fn expression(program: &Program, expr: &Expr, lang: Lang) -> String {
    expression_with(program, expr, lang, &Nothing)
}

/// The same with what is known put in.
#[must_use]
pub fn expression_with(program: &Program, expr: &Expr, lang: Lang, known: &dyn Known) -> String {
    let mut out = String::new();
    Printer { program, lang, known }.expr(expr, Level::Whole, &mut Vec::new(), &mut out);
    out
}

/// The formula of an aggregate.
#[must_use]
pub fn aggregate_with(program: &Program, aggregate: &Aggregate, lang: Lang, known: &dyn Known) -> String {
    let mut out = String::new();
    Printer { program, lang, known }.aggregate(aggregate, &mut Vec::new(), &mut out);
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

/// An element in scope.
pub(super) struct Element {
    pub variable: VariableId,
    /// Elements of periods have no members that could stand alone.
    pub members: bool,
    /// The name given with 为, when an inner collection speaks of it.
    pub alias: Option<String>,
}

/// From the outside inwards.
type Elements = Vec<Element>;

pub(super) struct Printer<'p> {
    pub program: &'p Program,
    pub lang: Lang,
    pub known: &'p dyn Known,
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
        let expr = self.folded(expr);
        if let Some(text) = self.known.text(expr) {
            return out.push_str(&text);
        }
        let own = level(expr);
        let brackets = own < around;
        out.push_str(if brackets { "(" } else { "" });
        self.form(expr, elements, out);
        out.push_str(if brackets { ")" } else { "" });
    }

    fn form(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, expr, false, out),
            ExprKind::Parameter(id, keys) => {
                let name =
                    self.program.parameters.get(id.index()).map_or("", |parameter| parameter.name.as_str());
                name_into(name, out);
                if !keys.is_empty() {
                    self.call_arguments(keys, elements, out);
                }
            }
            ExprKind::ReadingIs(id, alternative) => self.reading(*id, *alternative, out),
            ExprKind::Subject => out.push_str(self.value("本人")),
            ExprKind::Variable(variable) => out.push_str(&self.variable(*variable, elements)),
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
            ExprKind::If { .. } | ExprKind::OrNone(..) | ExprKind::OrMissing(..) => {
                self.choice(expr, elements, out)
            }
            ExprKind::Negate(value) => {
                out.push('-');
                self.expr(value, Level::Atom, elements, out);
            }
            _ => self.condition(expr, elements, out),
        }
    }

    fn reading(&self, id: crate::core::ReadingId, alternative: u32, out: &mut String) {
        if let Some(reading) = self.program.readings.get(id.index()) {
            name_into(&reading.name, out);
            out.push_str(" = ");
            name_into(reading.alternatives.get(alternative as usize).map_or("", String::as_str), out);
        }
    }

    /// Operators; everything else is written as a call.
    fn condition(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::Not(value) => {
                out.push_str(self.keyword(Keyword::Not));
                out.push(' ');
                self.expr(value, Level::Not, elements, out);
            }
            ExprKind::And(parts) => self.joined(parts, (Keyword::And, false), Level::Not, elements, out),
            ExprKind::Or(parts) => self.joined(parts, (Keyword::Or, true), Level::And, elements, out),
            ExprKind::Compare(comparison, a, b) => {
                self.operation(a, comparison.sign(), b, (Level::Add, Level::Add), elements, out);
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

    /// `其.`, `行.`, `本人.` or nothing before a member.
    pub(super) fn owner(&self, base: &Expr, elements: &mut Elements, out: &mut String) {
        let bare = matches!(base.kind, ExprKind::Subject) && !elements.iter().any(|element| element.members);
        if !bare {
            self.expr(base, Level::Atom, elements, out);
            out.push('.');
        }
    }

    pub(super) fn attribute(
        &self,
        attribute: crate::core::AttributeId,
        subject: Option<&Expr>,
        row: Option<&Expr>,
        elements: &mut Elements,
        out: &mut String,
    ) {
        let name =
            self.program.attributes.get(attribute.index()).map_or("", |attribute| attribute.name.as_str());
        match row.map(|row| &row.kind) {
            Some(ExprKind::Variable(variable)) => {
                // The rule's own row and the row at hand are understood, unless the row has a column of the name.
                let at_hand = elements.last().is_some_and(|element| element.variable == *variable);
                let bound = elements.iter().any(|element| element.variable == *variable);
                if bound && (!at_hand || self.is_column(row, name)) {
                    out.push_str(&self.variable(*variable, elements));
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

    /// Has the table of a row a column of this name?
    fn is_column(&self, row: Option<&Expr>, name: &str) -> bool {
        let Some(Type::Row(table)) = row.map(|row| &row.ty.base) else { return false };
        let table = self.program.tables.get(table.index());
        table.is_some_and(|table| table.columns.iter().any(|column| column.name == name))
    }

    /// 其 for the innermost element, its name for an outer one, 行 for what is not bound inside.
    fn variable(&self, variable: VariableId, elements: &Elements) -> String {
        match elements.iter().rposition(|element| element.variable == variable) {
            None => self.value("行").to_owned(),
            Some(place) if place + 1 == elements.len() => self.value("其").to_owned(),
            Some(place) => elements[place].alias.clone().unwrap_or_else(|| self.value("其").to_owned()),
        }
    }

    pub(super) fn operation(
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
            ExprKind::Literal(literal) => self.literal(literal, expr, share, out),
            _ => self.expr(expr, around, elements, out),
        }
    }
}

/// Does an expression speak of a variable inside a further collection?
fn speaks_inside(expr: &Expr, variable: VariableId, inside: bool) -> bool {
    if let ExprKind::Variable(found) = expr.kind {
        return inside && found == variable;
    }
    let mut found = false;
    let bound = match &expr.kind {
        ExprKind::Aggregate(aggregate) => {
            // The source of the inner collection still stands outside of it.
            let over = &aggregate.over;
            found |= over.filters.iter().any(|filter| speaks_inside(&filter.condition, variable, true));
            found |= aggregate.body.iter().any(|body| speaks_inside(body, variable, true));
            let weight = aggregate.operation == AggregateOperation::WeightedMean;
            found |= aggregate.argument.iter().any(|part| speaks_inside(part, variable, weight));
            true
        }
        ExprKind::Collection(collection) => {
            found |= collection.filters.iter().any(|filter| speaks_inside(&filter.condition, variable, true));
            true
        }
        _ => false,
    };
    if !bound {
        crate::walk::children(expr, &mut |part| found |= speaks_inside(part, variable, inside));
    }
    found
}

fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::If { .. } => Level::Whole,
        ExprKind::OrNone(..) | ExprKind::OrMissing(..) => Level::Default,
        ExprKind::Or(_) => Level::Or,
        ExprKind::And(_) => Level::And,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Compare(..) | ExprKind::IsIn(..) | ExprKind::InInterval(..) | ExprKind::ReadingIs(..) => {
            Level::Compare
        }
        ExprKind::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide, ..) => Level::Multiply,
        ExprKind::Arithmetic(..) => Level::Add,
        ExprKind::Negate(_) => Level::Unary,
        ExprKind::Collection(collection) if !collection.filters.is_empty() => Level::Whole,
        _ => Level::Atom,
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
