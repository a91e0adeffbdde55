//! Who reads which column, so that a column can go when its last reader is done: populations are large, and most columns are
//! needed for a moment only.
//!
//! A reader too few would only cost time: the column would be computed again.

use super::engine::Engine;
use hengjie_calendar::Period;
use hengjie_policy::core::{
    Aggregate, Attribute, AttributeId, Body, Collection, Expr, ExprKind, Program, QuotaForm, ReadingId,
    Source, SplitMethod,
};
use hengjie_policy::walk::{children, collection_children};
use rustc_hash::FxHashSet;

/// What some wanted attributes read, directly and through each other.
#[derive(Debug)]
pub(super) struct Readers<'a> {
    /// By attribute: what its definition reads in its own period.
    reads: Vec<Vec<AttributeId>>,
    /// By attribute: whose definitions read it.
    readers: Vec<Vec<AttributeId>>,
    /// By attribute: it stays, because other periods read it or because it is wanted and not yet shown.
    kept: Vec<bool>,
    wanted: Vec<bool>,
    /// Columns that are there, or were.
    computed: FxHashSet<(AttributeId, Option<Period>)>,
    /// Wanted columns that were shown.
    shown: FxHashSet<(AttributeId, Option<Period>)>,
    /// By attribute: how often definitions mention it.
    mentions: Vec<u32>,
    /// The aggregates of definitions, in their own period, with the attribute.
    aggregates: Vec<(AttributeId, &'a Aggregate)>,
}

impl<'a> Readers<'a> {
    pub(super) fn of(program: &'a Program, taken: &dyn Fn(ReadingId) -> u32, wanted: &[AttributeId]) -> Self {
        let count = program.attributes.len();
        let mut found = Self {
            reads: vec![Vec::new(); count],
            readers: vec![Vec::new(); count],
            kept: vec![false; count],
            wanted: vec![false; count],
            computed: FxHashSet::default(),
            shown: FxHashSet::default(),
            mentions: vec![0; count],
            aggregates: Vec::new(),
        };
        let mut seen = vec![false; count];
        let mut waiting: Vec<AttributeId> = wanted.to_vec();
        for id in wanted {
            found.wanted[id.index()] = true;
        }
        while let Some(id) = waiting.pop() {
            let Some(attribute) = program.attributes.get(id.index()) else { continue };
            if std::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            let mut walk = Walk {
                taken,
                reads: Vec::new(),
                elsewhere: Vec::new(),
                aggregates: Vec::new(),
                is_elsewhere: false,
                is_inside: false,
            };
            walk.definition(attribute, program);
            found.aggregates.extend(walk.aggregates.into_iter().map(|aggregate| (id, aggregate)));
            for read in walk.reads.iter().chain(&walk.elsewhere) {
                found.mentions[read.index()] += 1;
            }
            for read in walk.elsewhere {
                found.kept[read.index()] = true;
                waiting.push(read);
            }
            walk.reads.sort_unstable();
            walk.reads.dedup();
            for &read in &walk.reads {
                let other_grain = |read: &Attribute| read.context.grain != attribute.context.grain;
                if program.attributes.get(read.index()).is_none_or(other_grain) {
                    found.kept[read.index()] = true;
                }
                found.readers[read.index()].push(id);
            }
            waiting.extend(&walk.reads);
            found.reads[id.index()] = walk.reads;
        }
        found
    }

    /// Is the value of an attribute of a subject read in one place only, in its own period?
    pub(super) fn is_read_once(&self, id: AttributeId) -> bool {
        let index = id.index();
        self.mentions[index] == 1 && !self.kept[index] && !self.wanted[index]
    }

    /// The aggregates that will be computed in the period at hand.
    pub(super) fn aggregates(&self) -> &[(AttributeId, &'a Aggregate)] {
        &self.aggregates
    }

    /// A column was computed: which others have no reader left?
    pub(super) fn computed(&mut self, id: AttributeId, period: Option<Period>) -> Vec<AttributeId> {
        self.computed.insert((id, period));
        let mut gone = Vec::new();
        for read in self.reads[id.index()].clone() {
            self.release(read, period, &mut gone);
        }
        gone
    }

    /// A wanted column was shown: is it without a reader?
    pub(super) fn shown(&mut self, id: AttributeId, period: Option<Period>) -> Vec<AttributeId> {
        self.shown.insert((id, period));
        let mut gone = Vec::new();
        self.release(id, period, &mut gone);
        gone
    }

    fn release(&self, id: AttributeId, period: Option<Period>, gone: &mut Vec<AttributeId>) {
        let index = id.index();
        let is_wanted = self.wanted[index] && !self.shown.contains(&(id, period));
        if self.kept[index] || is_wanted || gone.contains(&id) {
            return;
        }
        if self.readers[index].iter().all(|reader| self.is_done(*reader, period)) {
            gone.push(id);
            // what is not a column of its own (a collection) reads on behalf of its readers
            if !self.computed.contains(&(id, period)) {
                self.reads[index].iter().for_each(|read| self.release(*read, period, gone));
            }
        }
    }

    fn is_done(&self, id: AttributeId, period: Option<Period>) -> bool {
        if self.kept[id.index()] {
            return false;
        }
        let readers = &self.readers[id.index()];
        let by_readers = || !readers.is_empty() && readers.iter().all(|reader| self.is_done(*reader, period));
        self.computed.contains(&(id, period)) || by_readers()
    }
}

struct Walk<'w, 'a> {
    taken: &'w dyn Fn(ReadingId) -> u32,
    reads: Vec<AttributeId>,
    /// Read in other periods.
    elsewhere: Vec<AttributeId>,
    /// Aggregates in the period and about the subject of the definition.
    aggregates: Vec<&'a Aggregate>,
    is_elsewhere: bool,
    /// Inside an aggregate or a collection.
    is_inside: bool,
}

impl<'a> Walk<'_, 'a> {
    fn definition(&mut self, attribute: &'a Attribute, program: &'a Program) {
        let context = &attribute.context;
        let scope = program.scope.as_ref().filter(|scope| Some(scope.kind) == context.kind);
        self.all(scope.and_then(|scope| scope.filter.as_ref()));
        self.all(&context.filter);
        context.rows.iter().for_each(|rows| self.collection(rows));
        match &attribute.body {
            Body::Defined { exceptions, general } => {
                for case in exceptions.iter().chain(general) {
                    self.all(&case.guard);
                    self.expr(&case.value);
                }
            }
            Body::State { first, next } => {
                self.expr(first);
                self.is_elsewhere = true;
                for case in next {
                    self.all(&case.guard);
                    self.expr(&case.value);
                }
            }
            Body::Total(total) => {
                for part in &total.contributions {
                    self.attribute(part.attribute);
                    self.all(&part.weight);
                }
            }
            Body::Rank(rank) => {
                self.all(&rank.group_by);
                self.all(rank.keys.iter().map(|key| &key.value));
            }
            Body::Quota(quota) => {
                self.attribute(quota.ranking);
                match &quota.form {
                    QuotaForm::Each { shares, .. } => self.all(shares.iter().map(|(_, share)| share)),
                    QuotaForm::Lines(lines) => {
                        for line in lines {
                            self.expr(&line.take);
                            self.all(&line.eligible);
                        }
                    }
                }
            }
            Body::Split(split) => {
                self.expr(&split.amount);
                self.collection(&split.to);
                let (SplitMethod::Shares(key) | SplitMethod::InTurn(key, _)) = &split.method;
                self.expr(key);
                self.all(&split.cap);
                self.all(split.remainder.as_ref().map(|(key, _)| key));
            }
        }
    }

    fn all(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn attribute(&mut self, id: AttributeId) {
        match self.is_elsewhere {
            true => self.elsewhere.push(id),
            false => self.reads.push(id),
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        let outside = (self.is_elsewhere, self.is_inside);
        match &expr.kind {
            ExprKind::Attribute { attribute, .. } => self.attribute(*attribute),
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    match self.known(condition) {
                        Some(true) => return self.expr(value),
                        Some(false) => {}
                        None => {
                            self.expr(condition);
                            self.expr(value);
                        }
                    }
                }
                return self.expr(otherwise);
            }
            ExprKind::At { .. } => self.is_elsewhere = true,
            ExprKind::Aggregate(aggregate) => {
                if outside == (false, false) {
                    self.aggregates.push(aggregate);
                }
                self.is_inside = true;
                self.source(&aggregate.over);
            }
            ExprKind::Collection(collection) => {
                self.is_inside = true;
                self.source(collection);
            }
            _ if self.known(expr).is_some() => return,
            _ => {}
        }
        children(expr, &mut |part| self.expr(part));
        (self.is_elsewhere, self.is_inside) = outside;
    }

    fn collection(&mut self, collection: &'a Collection) {
        let outside = (self.is_elsewhere, self.is_inside);
        self.is_inside = true;
        self.source(collection);
        collection_children(collection, &mut |part| self.expr(part));
        (self.is_elsewhere, self.is_inside) = outside;
    }

    fn source(&mut self, collection: &'a Collection) {
        match &collection.source {
            Source::Attribute { attribute, .. } | Source::RelatedByAttribute { attribute, .. } => {
                self.attribute(*attribute);
            }
            Source::PeriodsIn { .. } | Source::History { .. } | Source::Recent { .. } => {
                self.is_elsewhere = true
            }
            Source::If { arms, otherwise } => {
                arms.iter().for_each(|(_, collection)| self.source(collection));
                otherwise.iter().for_each(|collection| self.source(collection));
            }
            _ => {}
        }
    }

    /// A condition that readings alone decide.
    fn known(&self, expr: &Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::ReadingIs(reading, alternative) => Some((self.taken)(*reading) == *alternative),
            ExprKind::Not(inner) => self.known(inner).map(|known| !known),
            ExprKind::And(parts) if parts.iter().any(|part| self.known(part) == Some(false)) => Some(false),
            ExprKind::And(parts) if parts.iter().all(|part| self.known(part) == Some(true)) => Some(true),
            ExprKind::Or(parts) if parts.iter().any(|part| self.known(part) == Some(true)) => Some(true),
            ExprKind::Or(parts) if parts.iter().all(|part| self.known(part) == Some(false)) => Some(false),
            _ => None,
        }
    }
}

impl Engine<'_> {
    /// Lets columns go when their last reader for these attributes is done.
    pub(super) fn release_for(&mut self, wanted: &[AttributeId]) {
        let readers = Readers::of(self.program, &|reading| self.taken_alternative(reading), wanted);
        self.readers = Some(readers);
    }

    /// A column is there: its inputs may go.
    pub(super) fn computed(&mut self, id: AttributeId, period: Option<Period>) {
        let gone = self.readers.as_mut().map(|readers| readers.computed(id, period));
        self.forget(&gone.unwrap_or_default(), period);
    }

    /// A wanted column was shown: it may go.
    pub(super) fn shown(&mut self, id: AttributeId, period: Option<Period>) {
        let gone = self.readers.as_mut().map(|readers| readers.shown(id, period));
        self.forget(&gone.unwrap_or_default(), period);
    }

    fn forget(&mut self, gone: &[AttributeId], period: Option<Period>) {
        if !gone.is_empty() {
            self.columns.retain(|(id, _, own), _| *own != period || !gone.contains(id));
            self.orders.retain(|(id, own), _| *own != period || !gone.contains(id));
        }
    }
}
