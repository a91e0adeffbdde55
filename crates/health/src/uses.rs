//! Who uses whose value, and how: as a part of another value, or only to decide something.

use hengjie_policy::core::{
    AggregateOperation, AttributeId, Body, Collection, Expr, ExprKind, FieldRef, Program, QuotaForm, Source,
    SplitMethod, TableId,
};
use hengjie_policy::walk;
use std::collections::{BTreeMap, BTreeSet};

/// The uses of one document.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// Attributes whose value becomes part of another value, with those others.
    pub as_value: BTreeMap<AttributeId, BTreeSet<AttributeId>>,
    /// Attributes that decide something: compared, looked up, ranked.
    pub to_decide: BTreeMap<AttributeId, BTreeSet<AttributeId>>,
    /// Attributes that people are ranked by first.
    pub ranked: BTreeSet<AttributeId>,
    /// Attributes that pick a row: conditions of 首个 over a table.
    pub picking: BTreeSet<AttributeId>,
    /// Attributes that are compared with a constant.
    pub compared: BTreeSet<AttributeId>,
    /// Attributes that break ties.
    pub ties: BTreeSet<AttributeId>,
    /// Fields that something reads, procedures included.
    pub fields: BTreeSet<FieldRef>,
    /// Tables of 累进.
    pub marginal_tables: BTreeSet<TableId>,
    /// Tables read otherwise than by look-up: rows that are gone through.
    pub walked_tables: BTreeSet<TableId>,
}

/// What is being read.
struct Reader<'u> {
    uses: &'u mut Uses,
    by: Option<AttributeId>,
}

impl Uses {
    pub(crate) fn of(program: &Program) -> Self {
        let mut uses = Self::default();
        for (position, attribute) in program.attributes.iter().enumerate() {
            let by = AttributeId(u32::try_from(position).unwrap_or(0));
            let mut reader = Reader { uses: &mut uses, by: Some(by) };
            reader.context(&attribute.context);
            reader.body(&attribute.body);
        }
        let mut reader = Reader { uses: &mut uses, by: None };
        if let Some(filter) = program.scope.as_ref().and_then(|scope| scope.filter.as_ref()) {
            reader.expr(filter, false);
        }
        for kind in &program.kinds {
            if let Some(form) = &kind.form {
                form.fills
                    .iter()
                    .map(|(fill, _)| fill)
                    .chain(&form.subject_filter)
                    .for_each(|expr| reader.expr(expr, false));
            }
        }
        for procedure in &program.procedures {
            reader.procedure(&procedure.kind);
        }
        uses
    }

    /// All attributes that a value becomes part of, itself included.
    pub(crate) fn results_of(&self, attribute: AttributeId) -> BTreeSet<AttributeId> {
        let mut all = BTreeSet::new();
        let mut open = vec![attribute];
        while let Some(next) = open.pop() {
            if all.insert(next) {
                open.extend(self.as_value.get(&next).into_iter().flatten());
            }
        }
        all
    }
}

impl Reader<'_> {
    fn context(&mut self, context: &hengjie_policy::core::Context) {
        if let Some(filter) = &context.filter {
            self.expr(filter, false);
        }
        if let Some(rows) = &context.rows {
            self.collection(rows);
        }
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Defined { exceptions, general } => {
                for case in exceptions.iter().chain(general) {
                    case.guard.iter().for_each(|guard| self.expr(guard, false));
                    self.expr(&case.value, true);
                }
            }
            Body::State { first, next } => {
                self.expr(first, true);
                for case in next {
                    case.guard.iter().for_each(|guard| self.expr(guard, false));
                    self.expr(&case.value, true);
                }
            }
            Body::Total(total) => {
                for part in &total.contributions {
                    self.attribute(part.attribute, true);
                    part.weight.iter().for_each(|weight| self.expr(weight, true));
                }
            }
            Body::Rank(rank) => {
                rank.group_by.iter().for_each(|group| self.expr(group, false));
                // The later keys only break ties.
                if let Some(first) = rank.keys.first() {
                    if let ExprKind::Attribute { attribute, .. } = &first.value.kind {
                        self.uses.ranked.insert(*attribute);
                    }
                    self.expr(&first.value, false);
                }
                rank.keys.iter().skip(1).for_each(|key| self.tie(&key.value));
            }
            Body::Quota(quota) => {
                self.attribute(quota.ranking, false);
                match &quota.form {
                    QuotaForm::Lines(lines) => lines.iter().for_each(|line| {
                        self.expr(&line.take, false);
                        line.eligible.iter().for_each(|eligible| self.expr(eligible, false));
                    }),
                    QuotaForm::Each { shares, .. } => {
                        shares.iter().for_each(|(_, share)| self.expr(share, false));
                    }
                }
            }
            Body::Split(split) => {
                self.expr(&split.amount, true);
                self.collection(&split.to);
                self.uses.fields.extend(split.parent);
                let (SplitMethod::Shares(expr) | SplitMethod::InTurn(expr, _)) = &split.method;
                self.expr(expr, true);
                split
                    .cap
                    .iter()
                    .chain(split.remainder.iter().map(|(expr, _)| expr))
                    .for_each(|expr| self.expr(expr, false));
            }
        }
    }

    fn attribute(&mut self, attribute: AttributeId, as_value: bool) {
        let Some(by) = self.by else {
            self.uses.to_decide.entry(attribute).or_default();
            return;
        };
        let map = if as_value { &mut self.uses.as_value } else { &mut self.uses.to_decide };
        map.entry(attribute).or_default().insert(by);
    }

    /// Fields and attributes of a key that breaks ties.
    fn tie(&mut self, expr: &Expr) {
        if let ExprKind::Attribute { attribute, .. } = &expr.kind {
            self.uses.ties.insert(*attribute);
            return;
        }
        self.expr(expr, false);
    }

    fn expr(&mut self, expr: &Expr, as_value: bool) {
        match &expr.kind {
            ExprKind::Attribute { attribute, subject, row } => {
                self.attribute(*attribute, as_value);
                subject.iter().chain(row).for_each(|part| self.expr(part, false));
            }
            ExprKind::Field(base, field) => {
                self.uses.fields.insert(*field);
                self.expr(base, as_value);
            }
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    self.expr(condition, false);
                    self.expr(value, as_value);
                }
                self.expr(otherwise, as_value);
            }
            ExprKind::Compare(_, a, b) | ExprKind::InInterval(a, b) => {
                if let (ExprKind::Attribute { attribute, .. }, ExprKind::Literal(_)) = (&a.kind, &b.kind) {
                    self.uses.compared.insert(*attribute);
                }
                self.expr(a, false);
                self.expr(b, false);
            }
            ExprKind::IsSome(value) => self.expr(value, false),
            ExprKind::Lookup { table, keys, .. } | ExprKind::LookupRow { table, keys } => {
                let _ = table;
                keys.iter().for_each(|key| self.expr(key, false));
            }
            ExprKind::Marginal { table, value, .. } => {
                self.uses.marginal_tables.insert(*table);
                self.expr(value, as_value);
            }
            ExprKind::Interpolate { table, value, .. } => {
                self.uses.walked_tables.insert(*table);
                self.expr(value, as_value);
            }
            ExprKind::Aggregate(aggregate) => {
                if matches!(aggregate.over.source, Source::Rows(_))
                    && matches!(aggregate.operation, AggregateOperation::First | AggregateOperation::Last)
                {
                    let conditions = aggregate.over.filters.iter().map(|filter| &filter.condition);
                    conditions.for_each(|condition| picked(condition, &mut self.uses.picking));
                }
                self.collection(&aggregate.over);
                aggregate.body.iter().for_each(|body| self.expr(body, as_value));
                aggregate.argument.iter().for_each(|argument| self.expr(argument, as_value));
            }
            ExprKind::Collection(collection) => self.collection(collection),
            _ => walk::children(expr, &mut |part| self.expr(part, as_value)),
        }
    }

    fn collection(&mut self, collection: &Collection) {
        self.sources(&collection.source);
        walk::collection_children(collection, &mut |part| self.expr(part, false));
    }

    fn sources(&mut self, source: &Source) {
        match source {
            Source::Related { field, .. }
            | Source::Ancestors { field, .. }
            | Source::Descendants { field, .. }
            | Source::Holders { field, .. } => {
                self.uses.fields.insert(*field);
            }
            Source::RelatedByAttribute { attribute, .. } | Source::Attribute { attribute, .. } => {
                self.attribute(*attribute, false);
            }
            Source::Rows(table) => {
                self.uses.walked_tables.insert(*table);
            }
            Source::If { arms, otherwise } => {
                arms.iter().for_each(|(_, part)| self.sources(&part.source));
                otherwise.iter().for_each(|part| self.sources(&part.source));
            }
            _ => {}
        }
    }

    fn procedure(&mut self, kind: &hengjie_policy::core::ProcedureKind) {
        use hengjie_policy::core::ProcedureKind as Kind;
        match kind {
            Kind::Workflow { context, starts, .. } => {
                self.context(context);
                self.expr(starts, false);
            }
            Kind::Clock { context, from, to, .. } => {
                self.context(context);
                self.expr(from, false);
                self.expr(to, false);
            }
            Kind::Check { context, condition, .. } => {
                self.context(context);
                self.expr(condition, false);
            }
            Kind::Duty { .. } | Kind::Body { .. } => {}
        }
    }
}

/// The attributes that a condition mentions.
fn picked(condition: &Expr, found: &mut BTreeSet<AttributeId>) {
    if let ExprKind::Attribute { attribute, .. } = &condition.kind {
        found.insert(*attribute);
    }
    walk::children(condition, &mut |part| picked(part, found));
}
