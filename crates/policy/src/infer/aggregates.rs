//! Aggregates over collections.

use super::collections::unwrap_collection;
use super::scope::Scope;
use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{Aggregate, AggregateOperation, ExprKind, Type, VariableId};
use crate::typed::{Known, Typed};
use hengjie_quantity::{BaseUnit, Unit};
use hengjie_syntax::ast::{Argument, Expr, Name};
use hengjie_syntax::{Diagnostic, Span};

/// The arguments of an aggregate, told apart.
struct Parts<'a> {
    collection: &'a Argument,
    body: Option<&'a Expr>,
    /// 加权平均: the weight, over the element.
    weight: Option<&'a Expr>,
    /// 第: the number, outside the collection.
    number: Option<&'a Expr>,
}

impl<'a> Checker<'a> {
    /// `合计(coll, body)` and the others.
    pub(super) fn infer_aggregate(
        &mut self,
        scope: &Scope<'a>,
        operation: AggregateOperation,
        name: &'a Name,
        arguments: &'a [Argument],
        span: Span,
    ) -> Typed {
        let Some(parts) = self.aggregate_parts(operation, name, arguments) else {
            return Typed::unknown(span);
        };
        let number = parts.number.map(|number| self.infer_count(scope, number));
        let Some(over) = self.infer_collection(scope, parts.collection) else {
            return Typed::unknown(span);
        };
        let inner = self.element_scope(scope, &over, parts.collection.alias.as_ref());
        let expected = matches!(
            operation,
            AggregateOperation::Exists | AggregateOperation::Every | AggregateOperation::LeadingRun
        )
        .then_some(Type::Bool);
        let body = parts.body.map(|body| self.infer(&inner, body, expected.as_ref()));
        let weight = parts.weight.map(|weight| self.infer(&inner, weight, None));
        let found = self.aggregate_type(operation, &over, body.as_ref(), weight.as_ref(), span);
        let fits = found.is_some();
        let (base, mut optional) = found.unwrap_or((Type::Bool, false));
        if optional && operation != AggregateOperation::Nth && operation != AggregateOperation::WeightedMean {
            // With an element for sure, and a value at each of them, there is a result.
            let sure =
                matches!(&over.expr.kind, ExprKind::Collection(found) if self.never_empty(scope, found));
            optional = !sure || body.as_ref().is_some_and(Typed::optional);
        }
        if operation == AggregateOperation::Sum
            && let Some(body) = &body
        {
            self.warn_shared(&over, &inner, &body.expr);
        }
        let broken = !fits || body.iter().chain(&weight).chain(&number).any(Typed::is_unknown);
        let argument = weight.or(number).map(|typed| typed.expr);
        let aggregate = Aggregate {
            operation,
            over: unwrap_collection(over),
            variable: VariableId(scope.depth),
            body: body.map(|body| body.settle(&base)),
            argument,
        };
        let typed = Typed::new(ExprKind::Aggregate(Box::new(aggregate)), base, optional, span);
        // 计数, 存在, 每个, 连续 have their type whatever their parts are.
        if broken && !(fits && fixed_type(operation)) {
            Typed { known: Known::Unknown, ..typed }
        } else {
            typed
        }
    }

    fn aggregate_parts(
        &mut self,
        operation: AggregateOperation,
        name: &Name,
        arguments: &'a [Argument],
    ) -> Option<Parts<'a>> {
        let parts = |collection, body, weight, number| Some(Parts { collection, body, weight, number });
        let (zh, en) = match (operation, arguments) {
            (AggregateOperation::Count, [collection]) => return parts(collection, None, None, None),
            (AggregateOperation::Count, [_, _]) => (
                "条件写在“其中”后面：计数(集合 其中 条件)",
                "put the condition behind 其中: 计数(coll 其中 cond)",
            ),
            (
                AggregateOperation::Exists | AggregateOperation::First | AggregateOperation::Last,
                [collection],
            ) => {
                return parts(collection, None, None, None);
            }
            (AggregateOperation::WeightedMean, [collection, body, weight]) => {
                return parts(collection, Some(&body.value), Some(&weight.value), None);
            }
            (AggregateOperation::WeightedMean, _) => {
                ("写成：加权平均(集合, 值, 权重)", "write: 加权平均(coll, value, weight)")
            }
            (AggregateOperation::Nth, [number, collection]) => {
                return parts(collection, None, None, Some(&number.value));
            }
            (AggregateOperation::Nth, [number, collection, body]) => {
                return parts(collection, Some(&body.value), None, Some(&number.value));
            }
            (AggregateOperation::Nth, _) => ("写成：第(2, 集合)", "write: 第(2, coll)"),
            (_, [collection, body]) => return parts(collection, Some(&body.value), None, None),
            (AggregateOperation::Max | AggregateOperation::Min, [_, _, ..]) => (
                "只对集合；几个值用 最大值、最小值",
                "is for a collection; for several values use 最大值, 最小值",
            ),
            _ => (
                "要写集合和值：如 合计(客户, 余额)",
                "needs a collection and a value, such as 合计(客户, 余额)",
            ),
        };
        self.wrong_call(name, zh, en);
        None
    }

    /// Type of an aggregate, and whether it may be 无 (empty collection). `None` after an error.
    fn aggregate_type(
        &mut self,
        operation: AggregateOperation,
        over: &Typed,
        body: Option<&Typed>,
        weight: Option<&Typed>,
        span: Span,
    ) -> Option<(Type, bool)> {
        let Some(Type::Collection(element)) = over.base().cloned() else { return None };
        match operation {
            AggregateOperation::Count => Some((Type::Number(self.counter_of(&element)), false)),
            AggregateOperation::LeadingRun => {
                self.condition_body(body?);
                Some((Type::Number(self.counter_of(&element)), false))
            }
            AggregateOperation::Exists | AggregateOperation::Every => {
                if let Some(body) = body {
                    self.condition_body(body);
                }
                Some((Type::Bool, false))
            }
            AggregateOperation::First | AggregateOperation::Last | AggregateOperation::Nth => match body {
                None => Some((*element, true)),
                Some(body) => Some((body.base()?.clone(), true)),
            },
            AggregateOperation::Max | AggregateOperation::Min => self.extreme_type(body?, span),
            AggregateOperation::Sum
            | AggregateOperation::Mean
            | AggregateOperation::Median
            | AggregateOperation::WeightedMean => {
                let base = self.sum_type(body?, weight)?;
                Some((base, operation != AggregateOperation::Sum))
            }
        }
    }

    fn extreme_type(&mut self, body: &Typed, span: Span) -> Option<(Type, bool)> {
        let base = body.base()?.clone();
        let fits = match &base {
            Type::Number(_) | Type::Date => true,
            Type::Enum(id) => self.enums[id.index()].ordered,
            _ => false,
        };
        if !fits {
            let (zh, en) = self.type_name(&base);
            self.error(codes::NOT_ORDERED, span, format!("{zh}没有大小"), format!("{en} has no order"));
            return None;
        }
        Some((base, true))
    }

    /// The type of numbers to add up; the weight is a number as well. Elements without a value are skipped.
    fn sum_type(&mut self, body: &Typed, weight: Option<&Typed>) -> Option<Type> {
        let base = body.base()?.clone();
        for part in [body].into_iter().chain(weight) {
            if part.base().is_some_and(|base| !matches!(base, Type::Number(_))) {
                self.number(part.clone());
                return None;
            }
        }
        Some(base)
    }

    /// Several records may share one object: a sum over the records that leaves out the share counts it more than once.
    fn warn_shared(&mut self, over: &Typed, inner: &Scope<'a>, body: &crate::core::Expr) {
        let Some(Type::Collection(element)) = over.base() else { return };
        let Type::Object(kind) = element.as_ref() else { return };
        let Some(variable) = inner.elements.last().map(|element| element.variable) else { return };
        let fields = &self.kinds[kind.index()].fields;
        let links = fields
            .iter()
            .filter(|field| matches!(field.ty, Type::Object(_)) && field.inverse.is_some())
            .count();
        let share = fields.iter().position(|field| field.ty == Type::Number(Unit::none()));
        let (Some(share), true) = (share, links >= 2) else { return };
        let mut seen = Seen::default();
        seen.look(body, variable);
        if seen.through && !seen.numbers.contains(&count(share)) {
            let (share, kind) = (fields[share].name.clone(), self.kind_name(*kind));
            self.report(
                Diagnostic::warning(
                    codes::SHARED_COUNT,
                    body.span,
                    format!("“{kind}”可能几条指向同一个对象，这里合计没有乘“{share}”：会重复计算"),
                    format!("several `{kind}` may refer to one object; a sum without `{share}` counts it more than once"),
                )
                .help(format!("写成：… × 其.{share}"), format!("write: … × 其.{share}")),
            );
        }
    }

    /// A condition on elements: elements where it is 无 are skipped.
    fn condition_body(&mut self, body: &Typed) {
        self.expect_same(&Type::Bool, body);
    }

    /// The counter word of a collection's elements.
    fn counter_of(&self, element: &Type) -> Unit {
        let word = match element {
            Type::Object(kind) => self.kinds[kind.index()].counter.as_str(),
            Type::Period(_) => "期",
            _ => "项",
        };
        Unit::of(BaseUnit::count(word))
    }
}

/// What a body reads of an element.
#[derive(Default)]
struct Seen {
    /// Something of another object that the element refers to.
    through: bool,
    /// Fields of the element itself.
    numbers: Vec<u32>,
}

impl Seen {
    fn look(&mut self, expr: &crate::core::Expr, variable: VariableId) {
        let is_element =
            |part: &crate::core::Expr| matches!(part.kind, ExprKind::Variable(found) if found == variable);
        match &expr.kind {
            ExprKind::Field(base, field) if is_element(base) => self.numbers.push(field.field),
            ExprKind::Field(base, _) | ExprKind::Attribute { subject: Some(base), .. } => {
                let linked = matches!(&base.kind, ExprKind::Field(inner, _) if is_element(inner));
                self.through |= linked && matches!(expr.ty.base, Type::Number(_));
            }
            _ => {}
        }
        crate::walk::children(expr, &mut |part| self.look(part, variable));
    }
}

fn fixed_type(operation: AggregateOperation) -> bool {
    matches!(
        operation,
        AggregateOperation::Count
            | AggregateOperation::Exists
            | AggregateOperation::Every
            | AggregateOperation::LeadingRun
    )
}
