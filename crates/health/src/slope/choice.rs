//! 如, 当 and 例外: the branches must each go one way, and meet without a step back where the condition changes.

use super::{Slope, Slopes, scale};
use crate::interpret::Path;
use hengjie_policy::core::Expr;

impl<'a> Slopes<'a, '_> {
    /// Cases from the strongest on; one without a condition ends them.
    pub(super) fn of_cases(&mut self, cases: &[(Option<&'a Expr>, &'a Expr)], path: &Path) -> Slope {
        let Some(((guard, value), rest)) = cases.split_first() else { return Slope::Flat };
        let Some(guard) = guard else { return self.slope(value, path) };
        let (mut inside, mut outside) = (path.clone(), path.clone());
        if !self.interpreter.assume(guard, true, &mut inside) {
            return self.of_cases(rest, path);
        }
        let own = self.slope(value, &inside);
        if !self.interpreter.assume(guard, false, &mut outside) {
            return own;
        }
        let others = self.of_cases(rest, &outside);
        let turning = self.slope(guard, path);
        if turning == Slope::Flat {
            return own.or(others);
        }
        let upper = scale(&self.interpreter.eval(value, &inside));
        let lower = scale(&self.value_of_cases(rest, &outside));
        let (Some(upper), Some(lower)) = (upper, lower) else { return Slope::Unknown };
        let equal = upper.single().is_some() && upper.single() == lower.single();
        let (above, below) = (lower.lies_at_or_below(&upper), upper.lies_at_or_below(&lower));
        // Where the condition begins to hold the value steps from `lower` to `upper`.
        let step = match turning {
            _ if equal => Slope::Flat,
            Slope::Up if above => Slope::Up,
            Slope::Up if below => Slope::Down,
            Slope::Down if above => Slope::Down,
            Slope::Down if below => Slope::Up,
            _ => Slope::Unknown,
        };
        own.with(others).with(step)
    }

    fn value_of_cases(
        &mut self,
        cases: &[(Option<&'a Expr>, &'a Expr)],
        path: &Path,
    ) -> crate::possible::Possible {
        let mut path = path.clone();
        let mut all = crate::possible::Possible::nothing();
        for (guard, value) in cases {
            let Some(guard) = guard else { return all.join(&self.interpreter.eval(value, &path)) };
            let mut inside = path.clone();
            if self.interpreter.assume(guard, true, &mut inside) {
                all = all.join(&self.interpreter.eval(value, &inside));
            }
            if !self.interpreter.assume(guard, false, &mut path) {
                return all;
            }
        }
        all
    }
}
