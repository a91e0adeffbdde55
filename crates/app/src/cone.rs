//! What some attributes need: facts, parameters, decisions and other attributes, directly and through each other.

use hengjie_policy::core::{
    Aggregate, AttributeId, Body, Case, Collection, Context, DecisionId, Expr, ExprKind, FieldRef, KindId,
    Literal, ParameterId, Program, QuotaForm, Source, SplitMethod, Type,
};
use std::collections::{BTreeMap, BTreeSet};

/// The field of a form that says who filled it in.
const FILLER_FIELD: &str = "填写人";

/// Everything that some attributes depend on, themselves included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cone {
    /// Attributes.
    pub attributes: BTreeSet<AttributeId>,
    /// Kinds whose subjects or records are looked at.
    pub kinds: BTreeSet<KindId>,
    /// Fields that are read.
    pub fields: BTreeSet<FieldRef>,
    /// Parameters.
    pub parameters: BTreeSet<ParameterId>,
    /// Decisions that may have to be taken.
    pub decisions: BTreeSet<DecisionId>,
    /// Kinds of which all subjects together matter: ranked, seated, or gone through by an aggregate.
    pub populations: BTreeSet<KindId>,
    /// The keys by which parameters are named; `None` when a key is computed: then it may be any.
    pub keys: BTreeMap<ParameterId, Option<Vec<Vec<Literal>>>>,
    /// Fields of which the document asks whether there is a value at all: 有(x), x 无则 …, 无者居后.
    pub may_be_none: BTreeSet<FieldRef>,
    /// Is any other period read than the one computed? Then it matters when the history begins.
    pub reads_other_periods: bool,
}

impl Cone {
    /// The cone of some attributes.
    #[must_use]
    pub fn of(program: &Program, wanted: impl IntoIterator<Item = AttributeId>) -> Self {
        let mut walk = Walk { program, cone: Self::default(), waiting: Vec::new() };
        for attribute in wanted {
            walk.attribute(attribute);
        }
        while let Some(attribute) = walk.waiting.pop() {
            walk.definition(attribute);
        }
        walk.cone
    }

    /// What the definition of one attribute names itself, without what that depends on in turn.
    #[must_use]
    pub fn direct(program: &Program, attribute: AttributeId) -> Self {
        let mut walk = Walk { program, cone: Self::default(), waiting: Vec::new() };
        walk.definition(attribute);
        walk.cone
    }

    fn name_keys(&mut self, parameter: ParameterId, keys: &[Expr]) {
        let constant = |key: &Expr| match &key.kind {
            ExprKind::Literal(literal) => Some(literal.clone()),
            _ => None,
        };
        let named: Option<Vec<Literal>> = keys.iter().map(constant).collect();
        let known = self.keys.entry(parameter).or_insert_with(|| Some(Vec::new()));
        match (named, known.as_mut()) {
            (Some(keys), Some(all)) if !all.contains(&keys) => all.push(keys),
            (None, _) => *known = None,
            _ => {}
        }
    }

    /// The cone of the whole document.
    #[must_use]
    pub fn of_all(program: &Program) -> Self {
        Self::of(program, all_attributes(program))
    }

    /// Everything that the document declares.
    #[must_use]
    pub fn declared(program: &Program) -> Self {
        let mut cone = Self::of_all(program);
        for (position, kind) in (0..).zip(&program.kinds) {
            let kind_id = KindId(position);
            cone.kinds.insert(kind_id);
            cone.fields.extend((0..).zip(&kind.fields).map(|(field, _)| FieldRef { kind: kind_id, field }));
        }
        cone
    }
}

/// Every attribute of a document, in document order.
pub(crate) fn all_attributes(program: &Program) -> impl Iterator<Item = AttributeId> {
    (0..u32::try_from(program.attributes.len()).unwrap_or(u32::MAX)).map(AttributeId)
}

/// Some attributes and all that depend on them, by the direct cones of all attributes in question.
pub(crate) fn dependents(uses: &[(AttributeId, Cone)], direct: &[AttributeId]) -> Vec<AttributeId> {
    let mut users: BTreeMap<AttributeId, Vec<AttributeId>> = BTreeMap::new();
    for (attribute, cone) in uses {
        for used in &cone.attributes {
            users.entry(*used).or_default().push(*attribute);
        }
    }
    let mut found: BTreeSet<AttributeId> = direct.iter().copied().collect();
    let mut waiting = direct.to_vec();
    while let Some(attribute) = waiting.pop() {
        for user in users.get(&attribute).into_iter().flatten() {
            if found.insert(*user) {
                waiting.push(*user);
            }
        }
    }
    found.into_iter().collect()
}

struct Walk<'a> {
    program: &'a Program,
    cone: Cone,
    /// Seen, but their definitions not yet.
    waiting: Vec<AttributeId>,
}

impl Walk<'_> {
    fn attribute(&mut self, attribute: AttributeId) {
        if self.cone.attributes.insert(attribute) {
            self.waiting.push(attribute);
        }
    }

    fn kind(&mut self, kind: KindId) {
        if !self.cone.kinds.insert(kind) {
            return;
        }
        let program = self.program;
        if let Some(scope) = program.scope.as_ref().filter(|scope| scope.kind == kind) {
            self.optional(scope.filter.as_ref());
        }
        let Some(form) = &program.kinds[kind.index()].form else { return };
        self.field(FieldRef { kind, field: form.subject });
        self.optional(form.subject_filter.as_ref());
        for (people, _) in &form.fills {
            self.expr(people);
        }
        // Who has handed a form in, where somebody is expected to.
        let filler =
            (0..).zip(&program.kinds[kind.index()].fields).find(|(_, field)| field.name == FILLER_FIELD);
        if let Some((field, _)) = filler.filter(|_| !form.fills.is_empty()) {
            self.field(FieldRef { kind, field });
        }
    }

    fn field(&mut self, field: FieldRef) {
        if !self.cone.fields.insert(field) {
            return;
        }
        self.kind(field.kind);
        let kind = &self.program.kinds[field.kind.index()];
        if let Type::Object(target) = kind.fields[field.field as usize].ty {
            self.kind(target);
        }
        // 总分 that is not given is the sum of the points columns.
        if let Some(form) = kind.form.as_ref().filter(|form| form.total == Some(field.field)) {
            for (points, _) in &form.points {
                self.field(FieldRef { kind: field.kind, field: *points });
            }
        }
    }

    fn definition(&mut self, attribute: AttributeId) {
        let definition = &self.program.attributes[attribute.index()];
        self.context(&definition.context);
        match &definition.body {
            Body::Defined { exceptions, general } => {
                self.cases(exceptions);
                self.cases(general);
            }
            Body::State { first, next } => {
                self.cone.reads_other_periods = true;
                self.expr(first);
                self.cases(next);
            }
            Body::Total(total) => {
                for contribution in &total.contributions {
                    self.attribute(contribution.attribute);
                    self.optional(contribution.weight.as_ref());
                }
            }
            Body::Rank(rank) => {
                self.cone.populations.extend(definition.context.kind);
                self.optional(rank.group_by.as_ref());
                for key in &rank.keys {
                    if key.none_last {
                        self.asks(&key.value);
                    }
                    self.expr(&key.value);
                }
            }
            Body::Quota(quota) => {
                self.cone.populations.extend(definition.context.kind);
                self.attribute(quota.ranking);
                self.seats(&quota.form);
            }
            Body::Split(split) => {
                if let Some(parent) = split.parent {
                    self.field(parent);
                }
                self.expr(&split.amount);
                self.collection(&split.to);
                match &split.method {
                    SplitMethod::Shares(key) | SplitMethod::InTurn(key, _) => self.expr(key),
                }
                self.optional(split.cap.as_ref());
                self.optional(split.remainder.as_ref().map(|(key, _)| key));
            }
        }
    }

    fn context(&mut self, context: &Context) {
        if let Some(kind) = context.kind {
            self.kind(kind);
        }
        self.optional(context.filter.as_ref());
        if let Some(rows) = &context.rows {
            self.collection(rows);
        }
    }

    fn cases(&mut self, cases: &[Case]) {
        for case in cases {
            self.optional(case.guard.as_ref());
            self.expr(&case.value);
        }
    }

    fn seats(&mut self, form: &QuotaForm) {
        use hengjie_policy::core::Cut;
        let cut = |walk: &mut Self, cut: &Cut| {
            if let Cut::Decide(decision) = cut {
                walk.cone.decisions.insert(*decision);
            }
        };
        match form {
            QuotaForm::Lines(lines) => {
                for line in lines {
                    self.expr(&line.take);
                    self.optional(line.eligible.as_ref());
                    cut(self, &line.cut);
                }
            }
            QuotaForm::Each { shares, cut: border } => {
                shares.iter().for_each(|(_, share)| self.expr(share));
                cut(self, border);
            }
        }
    }

    /// The document says what happens when a value is 无.
    fn asks(&mut self, expr: &Expr) {
        if let ExprKind::Field(_, field) = &expr.kind {
            self.cone.may_be_none.insert(*field);
        }
    }

    fn optional(&mut self, expr: Option<&Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::IsSome(one) | ExprKind::OrNone(one, _) = &expr.kind {
            self.asks(one);
        }
        match &expr.kind {
            ExprKind::Literal(_)
            | ExprKind::ReadingIs(..)
            | ExprKind::Subject
            | ExprKind::Variable(_)
            | ExprKind::CurrentPeriod => {}
            ExprKind::Parameter(parameter, keys) => {
                self.cone.parameters.insert(*parameter);
                self.cone.name_keys(*parameter, keys);
                self.all(keys);
            }
            ExprKind::Field(of, field) => {
                self.expr(of);
                self.field(*field);
            }
            ExprKind::Attribute { attribute, subject, row } => {
                self.attribute(*attribute);
                self.optional(subject.as_deref());
                self.optional(row.as_deref());
            }
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    self.expr(condition);
                    self.expr(value);
                }
                self.expr(otherwise);
            }
            ExprKind::Cell(one, ..)
            | ExprKind::IsSome(one)
            | ExprKind::Not(one)
            | ExprKind::Negate(one)
            | ExprKind::Marginal { value: one, .. }
            | ExprKind::Interpolate { value: one, .. } => self.expr(one),
            ExprKind::At { period, value } => {
                self.cone.reads_other_periods = true;
                self.expr(period);
                self.expr(value);
            }
            ExprKind::OrNone(a, b)
            | ExprKind::OrMissing(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::InInterval(a, b)
            | ExprKind::Arithmetic(_, a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::AtLeast(one, many) | ExprKind::IsIn(one, many) => {
                self.expr(one);
                self.all(many);
            }
            ExprKind::And(many)
            | ExprKind::Or(many)
            | ExprKind::Call(_, many)
            | ExprKind::Lookup { keys: many, .. }
            | ExprKind::LookupRow { keys: many, .. } => self.all(many),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Decide(decision) => {
                self.cone.decisions.insert(*decision);
            }
            ExprKind::Collection(collection) => self.collection(collection),
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.collection(&aggregate.over);
        self.optional(aggregate.body.as_ref());
        self.optional(aggregate.argument.as_ref());
    }

    fn collection(&mut self, collection: &Collection) {
        match &collection.source {
            Source::AllOf(kind) => {
                self.cone.populations.insert(*kind);
                self.kind(*kind);
            }
            Source::Rows(_) => {}
            Source::History { .. } => self.cone.reads_other_periods = true,
            Source::Related { of, field }
            | Source::Ancestors { of, field }
            | Source::Descendants { of, field } => {
                self.expr(of);
                self.field(*field);
            }
            Source::RelatedByAttribute { of, attribute } => {
                self.expr(of);
                self.attribute(*attribute);
            }
            Source::Attribute { attribute, subject, row } => {
                self.attribute(*attribute);
                self.optional(subject.as_deref());
                self.optional(row.as_deref());
            }
            Source::PeriodsIn { within: expr, .. } | Source::Recent { count: expr, .. } => {
                self.cone.reads_other_periods = true;
                self.expr(expr);
            }
            Source::If { arms, otherwise } => {
                for (condition, collection) in arms {
                    self.expr(condition);
                    self.collection(collection);
                }
                if let Some(otherwise) = otherwise {
                    self.collection(otherwise);
                }
            }
            Source::Holders { field, .. } => self.field(*field),
            Source::List(items) => self.all(items),
        }
        collection.filters.iter().for_each(|filter| self.expr(&filter.condition));
        self.optional(collection.take.as_deref());
    }
}
