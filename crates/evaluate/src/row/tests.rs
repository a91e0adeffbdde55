//! Limits of the row evaluator on cores made by hand: long chains need no deep stack, loops end with a name.

use super::Evaluator;
use crate::dataset::{Column, ColumnData, Dataset, FieldData, Keys, KindData, Origin};
use crate::value::{Fault, Gap, Value};
use hengjie_calendar::{Date, Grain, Period};
use hengjie_policy::core::{
    Arithmetic, Article, ArticleId, Attribute, AttributeId, Body, Case, Context, Expr, ExprKind, Field,
    FieldRef, FieldTime, Function, Kind, KindId, Literal, Notation, Program, Type, ValueType,
};
use hengjie_quantity::{Rational, Unit};
use hengjie_syntax::Span;

const PERSON: KindId = KindId(0);
const BOSS: FieldRef = FieldRef { kind: PERSON, field: 0 };

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, ty: ValueType { base: Type::Number(Unit::none()), optional: false }, span: Span::default() }
}

fn number(number: i32) -> Expr {
    expr(ExprKind::Literal(Literal::Number(Rational::from(number))))
}

fn add(left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Arithmetic(Arithmetic::Add, Box::new(left), Box::new(right)))
}

fn read(attribute: u32, subject: ExprKind) -> Expr {
    expr(ExprKind::Attribute {
        attribute: AttributeId(attribute),
        subject: Some(Box::new(expr(subject))),
        row: None,
    })
}

/// 上期(value) 无则 0
fn before(value: Expr) -> Expr {
    let period = expr(ExprKind::Call(Function::PeriodShift(-1), vec![expr(ExprKind::CurrentPeriod)]));
    let at = expr(ExprKind::At { period: Box::new(period), value: Box::new(value) });
    expr(ExprKind::OrNone(Box::new(at), Box::new(number(0))))
}

fn case(value: Expr) -> Case {
    Case { guard: None, value, article: ArticleId(0), span: Span::default() }
}

fn defined(value: Expr) -> Body {
    Body::Defined { exceptions: Vec::new(), general: vec![case(value)] }
}

/// A program about people with a field 上级.
fn program(bodies: Vec<Body>) -> Program {
    let attribute = |(place, body)| Attribute {
        name: format!("a{place}"),
        article: ArticleId(0),
        context: Context { kind: Some(PERSON), filter: None, rows: None, grain: Some(Grain::Day) },
        ty: ValueType { base: Type::Number(Unit::none()), optional: false },
        body,
        contributes_to: Vec::new(),
        inverse: None,
        span: Span::default(),
    };
    let boss = Field {
        name: "上级".to_owned(),
        ty: Type::Object(PERSON),
        time: FieldTime::Static,
        inverse: None,
        range: None,
        is_key: false,
        notation: Notation::Usual,
        span: Span::default(),
    };
    let person = Kind {
        name: "人员".to_owned(),
        counter: "人".to_owned(),
        grains: Vec::new(),
        tree: Some(0),
        fields: vec![boss],
        form: None,
        span: Span::default(),
    };
    let article = Article {
        cite: String::new(),
        heading: String::new(),
        level: 0,
        sources: Vec::new(),
        prose: String::new(),
        span: Span::default(),
    };
    let attributes: Vec<Attribute> = bodies.into_iter().enumerate().map(attribute).collect();
    Program {
        name: String::new(),
        title: String::new(),
        from: Date::MIN,
        articles: vec![article],
        enums: Vec::new(),
        kinds: vec![person],
        parameters: Vec::new(),
        readings: Vec::new(),
        tables: Vec::new(),
        order: (0..attributes.len() as u32).map(AttributeId).collect(),
        attributes,
        decisions: Vec::new(),
        scope: None,
        procedures: Vec::new(),
        examples: Vec::new(),
        spelled: std::collections::BTreeMap::new(),
    }
}

/// People, each with a boss.
fn people(bosses: Vec<u32>) -> Dataset {
    let len = bosses.len();
    let status = bosses.iter().map(|&boss| u8::from(boss == u32::MAX)).collect();
    let column = Column {
        data: ColumnData::Object(bosses.into()),
        status: Some(status),
        origin: None,
        heading: "上级".to_owned(),
        same: false,
    };
    let kind = KindData {
        len,
        keys: Keys::Numbered { prefix: "P".to_owned(), len },
        fields: vec![FieldData::Static(column)],
        names: None,
        periods: None,
        origin: Origin::None,
    };
    let horizon = Some((Date::MIN, Date::MAX));
    Dataset { kinds: vec![kind], horizon, ..Dataset::default() }
}

fn value(program: &Program, data: &Dataset, attribute: u32, subject: u32, day: Date) -> Value {
    Evaluator::new(program, data).value(
        AttributeId(attribute),
        subject,
        None,
        Some(Period::containing(Grain::Day, day)),
    )
}

#[test]
fn a_long_chain_of_attributes_needs_no_deep_stack() {
    let mut bodies = vec![defined(number(0))];
    bodies.extend((0..20_000).map(|below| defined(add(read(below, ExprKind::Subject), number(1)))));
    let found = value(&program(bodies), &people(vec![u32::MAX]), 20_000, 0, Date::MIN);
    assert_eq!(found, Value::Number(Rational::from(20_000)));
}

#[test]
fn deep_expressions_in_a_long_chain_fit_the_stack() {
    let mut bodies = vec![defined(number(0))];
    bodies.extend((0..500).map(|below| {
        let nested = (0..190).fold(read(below, ExprKind::Subject), |inner, _| {
            let otherwise = expr(ExprKind::OrNone(Box::new(inner), Box::new(number(0))));
            expr(ExprKind::Call(Function::Max, vec![otherwise, number(0)]))
        });
        defined(add(nested, number(1)))
    }));
    let found = value(&program(bodies), &people(vec![u32::MAX]), 500, 0, Date::MIN);
    assert_eq!(found, Value::Number(Rational::from(500)));
}

#[test]
fn a_long_history_needs_no_deep_stack() {
    let counter = defined(add(before(read(0, ExprKind::Subject)), number(1)));
    let state =
        Body::State { first: number(1), next: vec![case(add(read(1, ExprKind::Subject), number(1)))] };
    let day = Date::MIN.add_days(30_000).unwrap();
    let (program, data) = (program(vec![counter, state]), people(vec![u32::MAX]));
    for attribute in [0, 1] {
        assert_eq!(value(&program, &data, attribute, 0, day), Value::Number(Rational::from(30_001)));
    }
}

/// depth = the depth of the boss 无则 0, plus 1
fn depth() -> Program {
    let boss = ExprKind::Field(Box::new(expr(ExprKind::Subject)), BOSS);
    let above = expr(ExprKind::OrNone(Box::new(read(0, boss)), Box::new(number(0))));
    program(vec![defined(add(above, number(1)))])
}

#[test]
fn a_deep_tree_needs_no_deep_stack() {
    let bosses = (0..20_000_u32).map(|person| person.checked_sub(1).unwrap_or(u32::MAX)).collect();
    assert_eq!(value(&depth(), &people(bosses), 0, 19_999, Date::MIN), Value::Number(Rational::from(20_000)));
}

#[test]
fn a_loop_in_a_tree_ends_with_its_name() {
    let found = value(&depth(), &people(vec![1, 2, 0]), 0, 0, Date::MIN);
    let Value::Missing(gaps) = found else { panic!("{found:?}") };
    assert!(matches!(gaps[..], [Gap::Fault { fault: Fault::Circular, subject: 0, .. }]), "{gaps:?}");
}

#[test]
fn a_number_that_grows_without_end_is_stopped() {
    let double = |below| {
        let own = || Box::new(read(below, ExprKind::Subject));
        defined(expr(ExprKind::Arithmetic(Arithmetic::Multiply, own(), own())))
    };
    let mut bodies = vec![defined(number(10))];
    bodies.extend((0..40).map(double));
    let found = value(&program(bodies), &people(vec![u32::MAX]), 40, 0, Date::MIN);
    let Value::Missing(gaps) = found else { panic!("a number") };
    assert!(matches!(gaps[..], [Gap::Fault { fault: Fault::NumberTooLarge, .. }]), "{gaps:?}");
}
