//! What could stand at a place: the checker, when it comes to the name that is asked for, writes down every name it would
//! have understood there.

use super::Symbol;
use super::record::global_symbol;
use crate::checker::{Checker, count};
use crate::core::{ArticleId, EnumId, FieldRef, FieldTime, KindId, TableId, Type};
use crate::infer::Scope;
use crate::symbols::{Global, Member};
use hengjie_calendar::Grain;
use hengjie_syntax::Span;

/// A name that could stand at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What must be written before it: `其.`, `行.` or nothing.
    pub prefix: String,
    /// What it is.
    pub symbol: Symbol,
}

/// What could stand at a place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Probe {
    /// The names.
    pub candidates: Vec<Candidate>,
    /// The type wanted there, where it is known.
    pub expected: Option<Type>,
    /// An operand is wanted: also functions, numbers and the built-in names.
    pub operand: bool,
    /// Built-in words after a dot: 始, 末, 天数, 基级, 档次.
    pub parts: Vec<(&'static str, &'static str)>,
}

impl Probe {
    /// Several attributes may be one rule.
    pub(super) fn tidy(&mut self) {
        self.candidates.sort();
        self.candidates.dedup();
    }
}

impl<'a> Checker<'a> {
    /// Is the name at a place the one that is asked for?
    pub(crate) fn asked(&self, span: Span) -> bool {
        let asked = self.recorder.as_ref().and_then(|recorder| recorder.asked);
        asked.is_some_and(|offset| span.start <= offset && offset <= span.end)
    }

    fn answer(&mut self, probe: Probe) {
        if let Some(recorder) = &mut self.recorder {
            match &mut recorder.probe {
                Some(known) => known.candidates.extend(probe.candidates),
                None => recorder.probe = Some(probe),
            }
        }
    }

    fn answer_symbols(&mut self, symbols: impl IntoIterator<Item = Symbol>) {
        let candidates = symbols.into_iter().map(|symbol| Candidate { prefix: String::new(), symbol });
        let probe = Probe { candidates: candidates.collect(), ..Probe::default() };
        self.answer(probe);
    }

    /// A name standing alone in an expression.
    pub(crate) fn probe_operand(&mut self, scope: &Scope<'a>, expected: Option<&Type>) {
        let mut found = Vec::new();
        let plain = |symbol| Candidate { prefix: String::new(), symbol };
        for (depth, binding) in scope.elements.iter().rev().enumerate() {
            let word = match (&binding.alias, depth) {
                (Some(alias), _) => alias.clone(),
                (None, 0) => "其".to_owned(),
                (None, _) => continue,
            };
            let members =
                binding.element.as_ref().map(|ty| self.members(ty, scope.grain)).unwrap_or_default();
            let prefixed = |symbol| Candidate { prefix: format!("{word}."), symbol };
            found.extend(members.into_iter().map(prefixed));
        }
        if let Some(binding) = &scope.row {
            let members =
                binding.element.as_ref().map(|ty| self.members(ty, scope.grain)).unwrap_or_default();
            let word = binding.alias.clone().unwrap_or_else(|| "行".to_owned());
            found.extend(members.into_iter().map(|symbol| Candidate { prefix: format!("{word}."), symbol }));
        }
        if let Some(kind) = scope.subject() {
            found.extend(self.members(&Type::Object(kind), scope.grain).into_iter().map(plain));
        }
        found.extend(self.rules_of(None, scope.grain).into_iter().map(plain));
        found.extend(self.names.globals.values().map(|(global, _)| plain(global_symbol(*global))));
        match expected {
            Some(Type::Enum(id)) => found.extend(self.items_of(*id).into_iter().map(plain)),
            _ => {
                let enums = (0..self.enums.len()).map(|id| EnumId(count(id)));
                let enums: Vec<EnumId> = enums.collect();
                found.extend(enums.into_iter().flat_map(|id| self.items_of(id)).map(plain));
            }
        }
        if let Some(formula) = scope.formulas.last() {
            let params = self.formulas.get(*formula).map_or(0, |formula| formula.params.len());
            found.extend((0..params).map(|at| plain(Symbol::Argument(count(*formula), count(at)))));
        }
        self.answer(Probe {
            candidates: found,
            expected: expected.cloned(),
            operand: true,
            parts: Vec::new(),
        });
    }

    /// A name behind a dot.
    pub(crate) fn probe_member(&mut self, base: &Type, grain: Option<Grain>) {
        let parts: Vec<(&'static str, &'static str)> = match base {
            Type::Period(_) => vec![("始", "start"), ("末", "end"), ("天数", "days")],
            Type::Enum(id) if self.enums.get(id.index()).is_some_and(|found| found.ladder.is_some()) => {
                vec![("基级", "base"), ("档次", "step")]
            }
            _ => Vec::new(),
        };
        let members = self.members(base, grain).into_iter();
        let candidates = members.map(|symbol| Candidate { prefix: String::new(), symbol }).collect();
        self.answer(Probe { candidates, expected: None, operand: false, parts });
    }

    /// The columns of a table.
    pub(crate) fn probe_columns(&mut self, table: TableId) {
        self.answer_symbols(self.columns_of(table));
    }

    /// The items of a 名目.
    pub(crate) fn probe_items(&mut self, id: EnumId) {
        self.answer_symbols(self.items_of(id));
    }

    /// The alternatives of a reading.
    pub(crate) fn probe_alternatives(&mut self, id: crate::core::ReadingId) {
        let alternatives = self.readings.get(id.index()).map_or(0, |reading| reading.alternatives.len());
        self.answer_symbols((0..alternatives).map(|at| Symbol::Alternative(id, count(at))));
    }

    /// The kinds and forms.
    pub(crate) fn probe_kinds(&mut self) {
        let kinds = self.names.globals.values().filter(|(global, _)| matches!(global, Global::Kind(_)));
        let kinds: Vec<Symbol> = kinds.map(|(global, _)| global_symbol(*global)).collect();
        self.answer_symbols(kinds);
    }

    /// The types a document declares.
    pub(crate) fn probe_types(&mut self) {
        let enums: Vec<Symbol> = self.names.enums.values().map(|(id, _)| Symbol::Enumeration(*id)).collect();
        self.answer_symbols(enums);
        self.probe_kinds();
    }

    /// What an example may give of a kind.
    pub(crate) fn probe_facts(&mut self, kind: KindId) {
        let fields = self.fields_of(kind, None, true);
        let rules = self.rules_where(|owner| owner == Some(kind));
        self.answer_symbols(fields.into_iter().chain(rules));
    }

    /// What an example may expect of subjects of some kinds; of all when none is known.
    pub(crate) fn probe_results(&mut self, kinds: &[KindId], everybody: bool) {
        let fits = |owner: Option<KindId>| match owner {
            None => everybody,
            Some(kind) => !everybody && (kinds.is_empty() || kinds.contains(&kind)),
        };
        self.answer_symbols(self.rules_where(fits));
    }

    /// The parameters, or the readings.
    pub(crate) fn probe_globals(&mut self, wanted: impl Fn(Global) -> bool) {
        let found = self.names.globals.values().filter(|(global, _)| wanted(*global));
        let found: Vec<Symbol> = found.map(|(global, _)| global_symbol(*global)).collect();
        self.answer_symbols(found);
    }

    /// The citations.
    pub(crate) fn probe_articles(&mut self) {
        let articles = self.cites.values().filter_map(|ids| ids.first().copied());
        let articles: Vec<ArticleId> = articles.collect();
        self.answer_symbols(articles.into_iter().map(Symbol::Article));
    }

    fn items_of(&self, id: EnumId) -> Vec<Symbol> {
        let items = self.enums.get(id.index()).map_or(0, |found| found.items.len());
        (0..items).map(|at| Symbol::Item(id, count(at))).collect()
    }

    fn columns_of(&self, table: TableId) -> Vec<Symbol> {
        let columns = self.tables.get(table.index()).map_or(0, |found| found.columns.len());
        (0..columns).map(|at| Symbol::Column(table, count(at))).collect()
    }

    fn members(&self, base: &Type, grain: Option<Grain>) -> Vec<Symbol> {
        match base {
            Type::Object(kind) => {
                let mut found = self.fields_of(*kind, grain, false);
                let inverses = self.names.members.iter().filter(|((owner, _), _)| owner == kind);
                found.extend(inverses.filter_map(|(_, (member, _))| match member {
                    Member::Inverse(field) => Some(Symbol::Inverse(*field)),
                    Member::Field(_) => None,
                }));
                found.extend(self.rules_of(Some(*kind), grain));
                found.extend(self.rule_inverses_on(*kind));
                found
            }
            Type::Row(table) => self.columns_of(*table),
            _ => Vec::new(),
        }
    }

    /// The fields that can be read in a period of a grain, or all.
    fn fields_of(&self, kind: KindId, grain: Option<Grain>, all: bool) -> Vec<Symbol> {
        let Some(declared) = self.kinds.get(kind.index()) else { return Vec::new() };
        let fields = declared.fields.iter().enumerate().filter(|(_, field)| match field.time {
            FieldTime::Every(every) => all || grain == Some(every),
            FieldTime::Static | FieldTime::Dated => true,
        });
        fields.map(|(at, _)| Symbol::Field(FieldRef { kind, field: count(at) })).collect()
    }

    /// The rules of a kind that can be read in a period of a grain.
    fn rules_of(&self, kind: Option<KindId>, grain: Option<Grain>) -> Vec<Symbol> {
        let fits = |at: &usize| {
            let draft = &self.drafts[*at];
            draft.kind == kind && (draft.grain == grain || draft.grain.is_none())
        };
        (0..self.drafts.len()).filter(fits).map(|at| Symbol::Rule(count(at))).collect()
    }

    fn rules_where(&self, fits: impl Fn(Option<KindId>) -> bool) -> Vec<Symbol> {
        let drafts = self.drafts.iter().enumerate().filter(|(_, draft)| fits(draft.kind));
        drafts.map(|(at, _)| Symbol::Rule(count(at))).collect()
    }

    fn rule_inverses_on(&self, kind: KindId) -> Vec<Symbol> {
        use crate::draft::DraftType;
        let on = |ty: &DraftType| matches!(ty, DraftType::Known(ty) if ty.base == Type::Object(kind));
        let drafts =
            self.drafts.iter().enumerate().filter(|(_, draft)| draft.inverse.is_some() && on(&draft.ty));
        drafts.map(|(at, _)| Symbol::RuleInverse(count(at))).collect()
    }
}
