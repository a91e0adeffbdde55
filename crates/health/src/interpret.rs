//! The abstract interpreter: what every expression of a document may be, with the paths through its conditions.
//!
//! Sound: a value that the row evaluator gives on complete facts lies in the [`Possible`] of its expression. What is
//! observed on the way (conditions that never hold, keys without a row, divisors that may be 0) is therefore proved.

mod aggregate;
mod assume;
mod body;
mod call;
mod expression;
mod path;
mod table;

pub(crate) use expression::of_literal;
pub(crate) use path::Path;
pub(crate) use table::{Miss, band_gap, band_of, sample_in};

use crate::possible::Possible;
use hengjie_evaluate::dataset::SuppliedParameter;
use hengjie_policy::core::{AttributeId, Collection, Expr, Program, TableId, Type};
use hengjie_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Expressions inside each other; beyond, everything is possible.
const DEPTH_MAX: usize = 150;
/// Rows of a table that are looked at one by one.
const ROWS_MAX: usize = 200;

/// A condition: whether some path makes it hold or fail.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub attribute: AttributeId,
    pub yes: bool,
    pub no: bool,
    /// Something comes after it that would not be reached if it always holds.
    pub hides: bool,
}

/// A look-up: a key that no row answers.
#[derive(Debug, Clone)]
pub(crate) struct LookupSeen {
    pub attribute: AttributeId,
    pub table: TableId,
    pub miss: Option<Miss>,
    /// 无则 or 有 stands around it.
    pub answered: bool,
}

/// A division whose divisor may be 0.
#[derive(Debug, Clone)]
pub(crate) struct DivisionSeen {
    pub attribute: AttributeId,
    pub answered: bool,
}

/// What was seen on all paths.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// Conditions of 如, 当 and of Boolean rules, by place.
    pub conditions: BTreeMap<Span, Seen>,
    pub lookups: BTreeMap<Span, LookupSeen>,
    pub divisions: BTreeMap<Span, DivisionSeen>,
    /// Rows that some key finds.
    pub found_rows: BTreeMap<TableId, BTreeSet<u32>>,
    /// For rules with 逐: rows on which a Boolean rule may hold.
    pub rows_that_hold: BTreeMap<AttributeId, BTreeSet<u32>>,
}

/// The interpreter of one document.
pub(crate) struct Interpreter<'a> {
    pub program: &'a Program,
    supplied: &'a [SuppliedParameter],
    /// Only the readings that are chosen; otherwise every one may be.
    chosen_only: bool,
    /// Fields without a range are not negative: what one expects, not what is certain.
    pub usual_facts: bool,
    summaries: FxHashMap<(AttributeId, Option<u32>), Possible>,
    active: FxHashSet<(AttributeId, Option<u32>)>,
    attribute: AttributeId,
    /// 无 is answered here.
    answered: usize,
    depth: usize,
    pub observed: Observed,
}

impl<'a> Interpreter<'a> {
    /// An interpreter; with `chosen_only` a reading is the alternative that was chosen, otherwise any.
    pub(crate) fn new(program: &'a Program, supplied: &'a [SuppliedParameter], chosen_only: bool) -> Self {
        Self {
            program,
            supplied,
            chosen_only,
            usual_facts: false,
            summaries: FxHashMap::default(),
            active: FxHashSet::default(),
            attribute: AttributeId(0),
            answered: 0,
            depth: 0,
            observed: Observed::default(),
        }
    }

    /// Looks at every attribute.
    pub(crate) fn run(&mut self) {
        for &attribute in &self.program.order {
            self.summary(attribute);
        }
    }

    pub(crate) fn anything(&self, ty: &Type) -> Possible {
        Possible::of_type(ty, &|of| self.program.enums[of.index()].items.len())
    }

    /// What an attribute may be, for any subject and row where it exists, 无 outside its context included.
    pub(crate) fn summary(&mut self, attribute: AttributeId) -> Possible {
        match self.table_of_rows(attribute) {
            Some(table) if self.program.tables[table.index()].rows.len() <= ROWS_MAX => {
                let rows = self.program.tables[table.index()].rows.len();
                let mut all = Possible::nothing();
                for row in 0..u32::try_from(rows).unwrap_or(0) {
                    let one = self.summary_of_row(attribute, Some(row));
                    all = all.join(&one);
                }
                all
            }
            _ => self.summary_of_row(attribute, None),
        }
    }

    /// The table whose rows an attribute goes over.
    pub(crate) fn table_of_rows(&self, attribute: AttributeId) -> Option<TableId> {
        let rows = self.program.attributes[attribute.index()].context.rows.as_ref()?;
        match rows.source {
            hengjie_policy::core::Source::Rows(table) => Some(table),
            _ => None,
        }
    }

    /// What an attribute with 逐 may be on one row.
    pub(crate) fn summary_at(&mut self, attribute: AttributeId, row: u32) -> Possible {
        self.summary_of_row(attribute, Some(row))
    }

    fn summary_of_row(&mut self, attribute: AttributeId, row: Option<u32>) -> Possible {
        let key = (attribute, row);
        if let Some(known) = self.summaries.get(&key) {
            return known.clone();
        }
        let ty = &self.program.attributes[attribute.index()].ty;
        if self.depth > DEPTH_MAX || !self.active.insert(key) {
            return self.anything(&ty.base).with_none(true).join(&Possible::exempt());
        }
        let outside = (self.attribute, self.answered);
        (self.attribute, self.answered) = (attribute, 0);
        self.depth += 1;
        let found = self.attribute_value(attribute, row);
        self.depth -= 1;
        (self.attribute, self.answered) = outside;
        self.active.remove(&key);
        if let (Some(row), true) = (row, found.yes) {
            self.observed.rows_that_hold.entry(attribute).or_default().insert(row);
        }
        self.summaries.insert(key, found.clone());
        found
    }

    /// The path on which an attribute exists; `None` when there is none.
    pub(crate) fn context_path(&mut self, attribute: AttributeId, row: Option<u32>) -> Option<Path> {
        let program = self.program;
        let context = &program.attributes[attribute.index()].context;
        let mut path = Path::default();
        if let (Some(row), Some(table)) = (row, self.table_of_rows(attribute)) {
            path.bind_rows(0, table, BTreeSet::from([row]));
        }
        if let Some(scope) = &program.scope
            && context.kind == Some(scope.kind)
            && let Some(filter) = &scope.filter
            && !self.assume(filter, true, &mut path)
        {
            return None;
        }
        if let Some(filter) = &context.filter
            && !self.assume(filter, true, &mut path)
        {
            return None;
        }
        let filters = context.rows.iter().flat_map(|rows: &Collection| &rows.filters);
        for filter in filters {
            if !self.assume(&filter.condition, true, &mut path) {
                return None;
            }
        }
        Some(path)
    }

    /// Notes what a condition may be, and what is inside it.
    pub(super) fn condition(&mut self, condition: &'a Expr, hides: bool, path: &Path) -> Possible {
        let value = self.eval(condition, path);
        let seen = self.observed.conditions.entry(condition.span).or_insert(Seen {
            attribute: self.attribute,
            yes: false,
            no: false,
            hides,
        });
        seen.hides &= hides;
        seen.yes |= value.yes;
        // 无 and 免 do not hold either.
        seen.no |= value.no || value.none || value.exempt;
        value
    }
}
