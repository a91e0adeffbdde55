//! Where a name in an expression may come from.

use super::facts::Fact;
use crate::checker::Checker;
use crate::core::{ArticleId, AttributeId, KindId, Type, VariableId};
use hengjie_calendar::Grain;
use hengjie_syntax::ast::Expr;
use std::rc::Rc;

/// What an expression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing: only constants.
    Constant,
    /// 全体
    Everybody,
    /// A subject of a kind.
    Subject(KindId),
}

/// An element in scope: a row of 逐 or the element of a collection.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub variable: VariableId,
    /// `Object`, `Row` or `Period`; `None` after an error.
    pub element: Option<Type>,
    pub alias: Option<String>,
}

/// An argument of a formula, read where the formula is used.
#[derive(Debug, Clone)]
pub(crate) struct Param<'a> {
    pub name: &'a str,
    pub value: &'a Expr,
    pub scope: Rc<Scope<'a>>,
}

/// Everything names can refer to at one place.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    pub place: Place,
    /// The grain of 本期.
    pub grain: Option<Grain>,
    /// Facts valid from a day on may be read although no grain is fixed (适用).
    pub any_period: bool,
    pub row: Option<Binding>,
    /// From the outside inwards.
    pub elements: Vec<Binding>,
    /// The number of the next element.
    pub depth: u32,
    /// What is known to hold.
    pub facts: Vec<Rc<Fact>>,
    pub params: Vec<Param<'a>>,
    /// Formulas being expanded, by position.
    pub formulas: Vec<usize>,
    pub article: ArticleId,
    pub attribute: Option<AttributeId>,
}

impl<'a> Scope<'a> {
    /// A place with nothing bound.
    pub(crate) fn new(place: Place, grain: Option<Grain>, article: ArticleId) -> Self {
        Self {
            place,
            grain,
            any_period: false,
            row: None,
            elements: Vec::new(),
            depth: 0,
            facts: Vec::new(),
            params: Vec::new(),
            formulas: Vec::new(),
            article,
            attribute: None,
        }
    }

    /// The kind of the subject.
    pub(crate) fn subject(&self) -> Option<KindId> {
        match self.place {
            Place::Subject(kind) => Some(kind),
            Place::Constant | Place::Everybody => None,
        }
    }

    /// The scope inside a collection: one more element.
    pub(crate) fn with_element(&self, element: Option<Type>, alias: Option<String>) -> Self {
        let mut inner = self.clone();
        inner.elements.push(Binding { variable: VariableId(self.depth), element, alias });
        inner.depth += 1;
        inner
    }

    /// The same place in another period: what holds now need not hold there.
    pub(crate) fn in_period(&self, grain: Option<Grain>) -> Self {
        let mut inner = self.clone();
        inner.grain = grain;
        inner.facts.clear();
        inner
    }
}

impl<'a> Checker<'a> {
    /// The scope of a subject: with what 适用 says of its kind.
    pub(crate) fn subject_scope(
        &self,
        kind: Option<KindId>,
        grain: Option<Grain>,
        article: ArticleId,
    ) -> Scope<'a> {
        let place = kind.map_or(Place::Everybody, Place::Subject);
        let mut scope = Scope::new(place, grain, article);
        for fact in self.population_filter(kind) {
            scope.facts.push(Rc::new(Fact::new(fact)));
        }
        scope
    }

    /// What 适用 says of a kind, over the subject.
    pub(crate) fn population_filter(&self, kind: Option<KindId>) -> Vec<crate::core::Expr> {
        match self.population {
            Some((limited, context)) if kind == Some(limited) => {
                self.contexts.get(context).map(|draft| draft.filter.clone()).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

impl Scope<'_> {
    /// Binds the row of 逐: variable 0.
    pub(crate) fn bind_row(&mut self, element: Type, alias: Option<String>) {
        self.row = Some(Binding { variable: VariableId(0), element: Some(element), alias });
        self.depth = 1;
    }

    /// The row of a context with a mistake.
    pub(crate) fn bind_unknown_row(&mut self, alias: Option<String>) {
        self.row = Some(Binding { variable: VariableId(0), element: None, alias });
        self.depth = 1;
    }
}
