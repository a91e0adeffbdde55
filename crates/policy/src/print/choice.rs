//! Choices and conditions: alternatives nobody took are left out, the rest of what was not needed is `…`.

use super::{Elements, Fate, Level, Printer};
use crate::core::{Expr, ExprKind};
use hengjie_syntax::keywords::Keyword;

/// What was not needed.
const REST: &str = "…";

impl Printer<'_> {
    /// What a condition comes to by the readings alone.
    pub(super) fn settled(&self, expr: &Expr) -> Option<bool> {
        match &expr.kind {
            ExprKind::ReadingIs(reading, wanted) => {
                self.known.reading(*reading).map(|taken| taken == *wanted)
            }
            ExprKind::Not(value) => self.settled(value).map(|truth| !truth),
            ExprKind::And(parts) => self.settled_list(parts, false),
            ExprKind::Or(parts) => self.settled_list(parts, true),
            _ => None,
        }
    }

    /// One part that is `deciding` decides.
    fn settled_list(&self, parts: &[Expr], deciding: bool) -> Option<bool> {
        let mut all = true;
        for part in parts {
            match self.settled(part) {
                Some(truth) if truth == deciding => return Some(deciding),
                found => all &= found.is_some(),
            }
        }
        all.then_some(!deciding)
    }

    /// What an expression is once the alternatives that were not taken are left out.
    pub(super) fn folded<'e>(&self, mut expr: &'e Expr) -> &'e Expr {
        while let Some(inner) = self.only_part(expr) {
            expr = inner;
        }
        expr
    }

    fn only_part<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => {
                let open = arms.iter().find(|(condition, _)| self.refused(condition).is_none());
                match open {
                    None => Some(otherwise),
                    Some((condition, value)) => self.taken(condition).then_some(value),
                }
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let mut open = parts.iter().filter(|part| self.settled(part).is_none());
                match (open.next(), open.next()) {
                    (Some(only), None) if self.settled(expr).is_none() => Some(only),
                    _ => None,
                }
            }
            // The default was not needed.
            ExprKind::OrNone(value, default) | ExprKind::OrMissing(value, default) => {
                let fates = (self.known.fate(value), self.known.fate(default));
                (fates.0 != Fate::Open && fates.1 == Fate::Open).then_some(value)
            }
            _ => None,
        }
    }

    /// The condition of an arm holds.
    fn taken(&self, condition: &Expr) -> bool {
        self.settled(condition) == Some(true) || self.known.fate(condition) == Fate::Holds
    }

    /// The condition of an arm does not hold.
    fn refused(&self, condition: &Expr) -> Option<()> {
        (self.settled(condition) == Some(false) || self.known.fate(condition) == Fate::Fails).then_some(())
    }

    /// 如 … 则 … 否则 …, 无则, 缺则
    pub(super) fn choice(&self, expr: &Expr, elements: &mut Elements, out: &mut String) {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => {
                for (condition, value) in arms {
                    if self.refused(condition).is_some() {
                        continue;
                    }
                    if self.taken(condition) {
                        self.otherwise(value, elements, out);
                        return;
                    }
                    out.push_str(&format!("{} ", self.keyword(Keyword::If)));
                    self.expr(condition, Level::Or, elements, out);
                    out.push_str(&format!(" {} ", self.keyword(Keyword::Then)));
                    self.expr(value, Level::Or, elements, out);
                    out.push(' ');
                    if self.known.fate(condition) == Fate::Blocks {
                        out.push_str(REST);
                        return;
                    }
                }
                self.otherwise(otherwise, elements, out);
            }
            ExprKind::OrNone(a, b) => self.answered(a, Keyword::OrNone, b, elements, out),
            ExprKind::OrMissing(a, b) => self.answered(a, Keyword::OrMissing, b, elements, out),
            _ => {}
        }
    }

    fn otherwise(&self, value: &Expr, elements: &mut Elements, out: &mut String) {
        out.push_str(&format!("{} ", self.keyword(Keyword::Else)));
        self.expr(value, Level::Or, elements, out);
    }

    fn answered(&self, a: &Expr, word: Keyword, b: &Expr, elements: &mut Elements, out: &mut String) {
        self.operation(a, self.keyword(word), b, (Level::Default, Level::Or), elements, out);
    }

    /// 且, 或 without the parts that the readings settle; `deciding` is the truth that ends the list.
    pub(super) fn joined(
        &self,
        parts: &[Expr],
        (word, deciding): (Keyword, bool),
        around: Level,
        elements: &mut Elements,
        out: &mut String,
    ) {
        let whole = self.settled_list(parts, deciding).is_some();
        let known = parts.iter().any(|part| self.known.fate(part) != Fate::Open);
        let parts = parts.iter().filter(|part| whole || self.settled(part).is_none());
        for (index, part) in parts.enumerate() {
            if index > 0 {
                out.push_str(&format!(" {} ", self.keyword(word)));
            }
            if known && self.known.fate(part) == Fate::Open {
                out.push_str(REST);
                return;
            }
            self.expr(part, around, elements, out);
        }
    }
}
