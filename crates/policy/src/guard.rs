//! Guards compared with each other: can two hold together, does always one hold?
//!
//! A guard becomes a tree of conditions on a few quantities (an item of a 名目, a number against constants, a reading,
//! any other condition as yes/no). The values of each quantity fall into finitely many cells; all combinations are tried.

use crate::core::{Comparison, Enumeration, Expr, ExprKind, Literal, Reading, Type};
use crate::limits;
use crate::typed::key;
use hengjie_quantity::Rational;

/// What the cells of quantities are taken from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Domains<'d> {
    pub enums: &'d [Enumeration],
    pub readings: &'d [Reading],
}

/// A quantity that guards speak of.
#[derive(Debug)]
struct Variable {
    key: String,
    /// Borders on the number line, ascending; the cells are the borders and what lies between.
    borders: Vec<Rational>,
    /// Number of cells.
    cells: usize,
}

#[derive(Debug)]
enum Tree {
    /// The cells of a variable in which it holds.
    Cells(usize, Vec<bool>),
    /// A comparison with a border.
    Border(usize, Comparison, Rational),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

/// Can two guards not hold together, given that `known` holds? `false` also when it cannot be told.
pub(crate) fn exclusive(domains: Domains<'_>, known: &[Expr], a: &Expr, b: &Expr) -> bool {
    let mut builder = Builder { domains, variables: Vec::new() };
    let (a, b) = (builder.tree(a, 0), builder.tree(b, 0));
    let known = builder.known(known);
    builder
        .every(|cells| !(holds(&a, cells) && holds(&b, cells) && known.iter().all(|part| holds(part, cells))))
}

/// Does always one of the guards hold, given that `known` holds? `false` also when it cannot be told.
pub(crate) fn exhaustive(domains: Domains<'_>, known: &[Expr], guards: &[Expr]) -> bool {
    if guards.len() > limits::GUARDED_CASES {
        return false;
    }
    let mut builder = Builder { domains, variables: Vec::new() };
    let trees: Vec<Tree> = guards.iter().map(|guard| builder.tree(guard, 0)).collect();
    let known = builder.known(known);
    builder.every(|cells| {
        trees.iter().any(|tree| holds(tree, cells)) || !known.iter().all(|part| holds(part, cells))
    })
}

/// Parts deeper than this count as one unknown condition.
const DEEPEST: u32 = 32;

struct Builder<'d> {
    domains: Domains<'d>,
    variables: Vec<Variable>,
}

impl Builder<'_> {
    /// What is known, as far as it speaks of the quantities of the guards: other conditions change nothing.
    fn known(&mut self, known: &[Expr]) -> Vec<Tree> {
        let count = self.variables.len();
        let mut trees = Vec::new();
        for part in known {
            let borders: Vec<Vec<Rational>> =
                self.variables.iter().map(|variable| variable.borders.clone()).collect();
            let tree = self.tree(part, 0);
            if self.variables.len() > count {
                self.variables.truncate(count);
                self.variables.iter_mut().zip(borders).for_each(|(variable, old)| variable.borders = old);
            } else {
                trees.push(tree);
            }
        }
        trees
    }

    fn tree(&mut self, expr: &Expr, depth: u32) -> Tree {
        if depth > DEEPEST {
            return self.opaque(expr);
        }
        match &expr.kind {
            ExprKind::And(parts) => Tree::And(parts.iter().map(|part| self.tree(part, depth + 1)).collect()),
            ExprKind::Or(parts) => Tree::Or(parts.iter().map(|part| self.tree(part, depth + 1)).collect()),
            ExprKind::Not(part) => Tree::Not(Box::new(self.tree(part, depth + 1))),
            ExprKind::ReadingIs(reading, alternative) => {
                let cells = self.domains.readings[reading.index()].alternatives.len();
                let variable = self.variable(format!("reading {}", reading.0), cells);
                Tree::Cells(variable, (0..cells).map(|cell| cell == *alternative as usize).collect())
            }
            ExprKind::Compare(comparison, left, right) => self.comparison(expr, *comparison, left, right),
            ExprKind::IsIn(value, items) => {
                let equal =
                    items.iter().map(|item| self.comparison(expr, Comparison::Equal, value, item)).collect();
                Tree::Or(equal)
            }
            _ => self.opaque(expr),
        }
    }

    fn comparison(&mut self, whole: &Expr, comparison: Comparison, left: &Expr, right: &Expr) -> Tree {
        if matches!(left.kind, ExprKind::Literal(_)) && !matches!(right.kind, ExprKind::Literal(_)) {
            return self.comparison(whole, comparison.mirrored(), right, left);
        }
        match &right.kind {
            ExprKind::Literal(Literal::Enum(id, ordinal)) => {
                let cells = self.domains.enums[id.index()].items.len();
                let variable = self.variable(key(left), cells);
                let ordinal = *ordinal as usize;
                Tree::Cells(variable, (0..cells).map(|cell| comparison.holds(cell.cmp(&ordinal))).collect())
            }
            ExprKind::Literal(Literal::Number(value)) => self.border(key(left), comparison, value.clone()),
            ExprKind::Literal(Literal::Date(date)) => {
                self.border(key(left), comparison, Rational::from(date.days()))
            }
            ExprKind::Literal(Literal::Bool(wanted)) => {
                let equal = matches!(comparison, Comparison::Equal) == *wanted;
                let tree = self.tree(left, DEEPEST);
                if equal { tree } else { Tree::Not(Box::new(tree)) }
            }
            _ if matches!(left.ty.base, Type::Number(_) | Type::Date | Type::Period(_)) => {
                // Two quantities: their difference against 0.
                let (a, b) = (key(left), key(right));
                if a <= b {
                    self.border(format!("{a}-{b}"), comparison, Rational::ZERO)
                } else {
                    self.border(format!("{b}-{a}"), comparison.mirrored(), Rational::ZERO)
                }
            }
            _ => match comparison {
                Comparison::NotEqual => Tree::Not(Box::new(self.equality(left, right))),
                Comparison::Equal => self.equality(left, right),
                _ => self.opaque(whole),
            },
        }
    }

    fn equality(&mut self, left: &Expr, right: &Expr) -> Tree {
        let (a, b) = (key(left), key(right));
        let name = if a <= b { format!("{a}={b}") } else { format!("{b}={a}") };
        Tree::Cells(self.variable(name, 2), vec![false, true])
    }

    fn border(&mut self, name: String, comparison: Comparison, value: Rational) -> Tree {
        let variable = self.variable(name, 0);
        let borders = &mut self.variables[variable].borders;
        if let Err(place) = borders.binary_search(&value) {
            borders.insert(place, value.clone());
        }
        Tree::Border(variable, comparison, value)
    }

    /// Any other condition: yes or no.
    fn opaque(&mut self, expr: &Expr) -> Tree {
        Tree::Cells(self.variable(key(expr), 2), vec![false, true])
    }

    fn variable(&mut self, key: String, cells: usize) -> usize {
        if let Some(known) = self.variables.iter().position(|variable| variable.key == key) {
            return known;
        }
        self.variables.push(Variable { key, borders: Vec::new(), cells });
        self.variables.len() - 1
    }

    /// Does a condition hold in every combination of cells? `false` when there are too many to try.
    fn every(&self, condition: impl Fn(&Cells<'_>) -> bool) -> bool {
        let sizes: Vec<usize> =
            self.variables
                .iter()
                .map(|variable| {
                    if variable.borders.is_empty() { variable.cells } else { 2 * variable.borders.len() + 1 }
                })
                .collect();
        let total = sizes.iter().try_fold(1_usize, |total, size| {
            total.checked_mul((*size).max(1)).filter(|total| *total <= limits::GUARD_COMBINATIONS)
        });
        let Some(total) = total else { return false };
        let mut places = vec![0; sizes.len()];
        (0..total).all(|mut number| {
            for (place, size) in places.iter_mut().zip(&sizes) {
                *place = number % (*size).max(1);
                number /= (*size).max(1);
            }
            condition(&Cells { variables: &self.variables, places: &places })
        })
    }
}

/// One combination.
struct Cells<'b> {
    variables: &'b [Variable],
    places: &'b [usize],
}

fn holds(tree: &Tree, cells: &Cells<'_>) -> bool {
    match tree {
        Tree::Cells(variable, set) => set.get(cells.places[*variable]).copied().unwrap_or(false),
        Tree::Border(variable, comparison, value) => {
            // Cells alternate: below the first border, the border, between, …
            let borders = &cells.variables[*variable].borders;
            match borders.binary_search(value) {
                Ok(place) => comparison.holds(cells.places[*variable].cmp(&(2 * place + 1))),
                Err(_) => false,
            }
        }
        Tree::And(parts) => parts.iter().all(|part| holds(part, cells)),
        Tree::Or(parts) => parts.iter().any(|part| holds(part, cells)),
        Tree::Not(part) => !holds(part, cells),
    }
}
