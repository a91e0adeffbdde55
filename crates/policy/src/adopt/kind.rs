//! A kind that an overlay and what it adopts declare together: the fields of both.

use crate::checker::Checker;
use crate::codes;
use crate::core::KindId;
use crate::declare::PLAIN_COUNTER;
use crate::symbols::Global;
use hengjie_quantity::BaseUnit;
use hengjie_syntax::ast::{KindDecl, Name};
use hengjie_syntax::{Diagnostic, Span};

impl Checker<'_> {
    /// The kind that another file of an overlay declares: this one adds fields to it.
    pub(crate) fn adopted_kind(&self, name: &Name) -> Option<KindId> {
        let is_elsewhere =
            |place: &Span| self.sources.part(place.start) != self.sources.part(name.span.start);
        match self.names.globals.get(&name.text) {
            Some((Global::Kind(kind), place)) if is_elsewhere(place) => Some(*kind),
            _ => None,
        }
    }

    /// 量词 and grain of a kind stand in one of the files, whichever comes first.
    pub(crate) fn extend_kind(&mut self, kind: KindId, decl: &KindDecl) {
        let known = &mut self.kinds[kind.index()];
        let counter = decl.counter.as_ref().map(|word| BaseUnit::count(&word.text).zh().to_owned());
        let fits = |own: &str| own == PLAIN_COUNTER || counter.as_ref().is_none_or(|counter| counter == own);
        let grain_fits = decl.grain.is_none_or(|grain| known.grains.is_empty() || known.grains == [grain]);
        if !fits(&known.counter) || !grain_fits {
            let place = known.span;
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    decl.name.span,
                    format!("资料“{}”的量词或周期和另一份制度里的不同", decl.name.text),
                    format!("the other policy gives `{}` another counter or period", decl.name.text),
                )
                .label(place, "另一处", "the other place"),
            );
            return;
        }
        if let Some(counter) = counter {
            known.counter = counter;
        }
        known.grains.extend(decl.grain.filter(|_| known.grains.is_empty()));
    }
}
