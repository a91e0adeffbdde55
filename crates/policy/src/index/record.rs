//! How the checker notes what it finds.

use super::{FormulaInfo, Index, Occurrence, Probe, Rule, RuleForm, Symbol};
use crate::checker::{Checker, count};
use crate::core::{AttributeId, EnumId, KindId, ValueType};
use crate::draft::{Draft, DraftType, Form};
use crate::symbols::Global;
use crate::typed::Typed;
use hengjie_syntax::Span;
use std::collections::BTreeMap;

/// What has been noted so far. Rules are noted by attribute until the end.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(super) occurrences: Vec<Occurrence>,
    types: Vec<(Span, ValueType)>,
    /// The byte whose name is asked for.
    pub(super) asked: Option<u32>,
    pub(super) probe: Option<Probe>,
}

impl Recorder {
    /// A recorder that also asks what could stand at a byte.
    pub(crate) fn new(asked: Option<u32>) -> Self {
        Self { asked, ..Self::default() }
    }
}

impl<'a> Checker<'a> {
    /// Notes what a name stands for.
    pub(crate) fn note(&mut self, span: Span, symbol: Symbol) {
        if let Some(recorder) = &mut self.recorder {
            recorder.occurrences.push(Occurrence { span, symbol, declares: false });
        }
    }

    /// Notes an item; an item of a ladder is a mention of the item of its base.
    pub(crate) fn note_item(&mut self, id: EnumId, ordinal: u32, span: Span) {
        let ladder = self.enums.get(id.index()).and_then(|found| found.ladder);
        match ladder {
            Some(ladder) => self.note(span, Symbol::Item(ladder.base, ordinal / ladder.steps.max(1))),
            None => self.note(span, Symbol::Item(id, ordinal)),
        }
    }

    /// Notes a name that holds everywhere.
    pub(crate) fn note_global(&mut self, span: Span, global: Global) {
        self.note(span, global_symbol(global));
    }

    /// Notes an attribute.
    pub(crate) fn note_attribute(&mut self, span: Span, attribute: AttributeId) {
        self.note(span, Symbol::Rule(attribute.0));
    }

    /// Notes the type of an expression.
    pub(crate) fn note_type(&mut self, typed: &Typed, span: Span) {
        if let Some(recorder) = &mut self.recorder
            && let Some(base) = typed.base()
        {
            recorder.types.push((span, ValueType { base: base.clone(), optional: typed.optional() }));
        }
    }

    /// How many names have been noted, to forget what a try has noted.
    pub(crate) fn noted(&self) -> (usize, usize) {
        self.recorder.as_ref().map_or((0, 0), |found| (found.occurrences.len(), found.types.len()))
    }

    /// Forgets what a try has noted.
    pub(crate) fn forget(&mut self, (occurrences, types): (usize, usize)) {
        if let Some(recorder) = &mut self.recorder {
            recorder.occurrences.truncate(occurrences);
            recorder.types.truncate(types);
        }
    }

    /// Everything noted, with the declarations. Leaves the checker without its recorder.
    pub(crate) fn finish_index(&mut self) -> (Index, Option<Probe>) {
        self.note_declarations();
        let Some(mut recorder) = self.recorder.take() else { return (Index::default(), None) };
        let (rules, place) = self.rules();
        let rule = |id: u32| place.get(id as usize).copied().unwrap_or(id);
        let in_rules = |symbol: &mut Symbol| match symbol {
            Symbol::Rule(id) | Symbol::RuleInverse(id) => *id = rule(*id),
            _ => {}
        };
        recorder.occurrences.iter_mut().for_each(|found| in_rules(&mut found.symbol));
        if let Some(probe) = &mut recorder.probe {
            probe.candidates.iter_mut().for_each(|found| in_rules(&mut found.symbol));
            probe.tidy();
        }
        // A name that declares is no mention as well.
        recorder.occurrences.sort_by_key(|found| (found.span, found.symbol, !found.declares));
        recorder.occurrences.dedup_by_key(|found| (found.span, found.symbol));
        recorder.types.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        recorder.types.dedup_by_key(|(span, _)| *span);
        let formulas = self.formulas.iter().map(|formula| FormulaInfo {
            name: formula.name.text.clone(),
            arguments: formula.params.iter().map(|(name, _)| name.text.clone()).collect(),
            body: formula.body.span,
        });
        let index = Index {
            occurrences: recorder.occurrences,
            types: recorder.types,
            articles: self.articles.iter().map(|article| article.cite.clone()).collect(),
            enums: self.enums.clone(),
            kinds: self.kinds.clone(),
            parameters: self.parameters.clone(),
            readings: self.readings.clone(),
            tables: self.tables.clone(),
            formulas: formulas.collect(),
            rules,
            counters: self.counters.clone(),
        };
        (index, recorder.probe)
    }

    /// The rules, and the rule of every attribute: attributes of one name and kind are one rule.
    fn rules(&self) -> (Vec<Rule>, Vec<u32>) {
        let mut rules: Vec<Rule> = Vec::new();
        let mut known: BTreeMap<(&str, Option<KindId>), u32> = BTreeMap::new();
        let mut place = Vec::with_capacity(self.drafts.len());
        for draft in &self.drafts {
            let key = (draft.name.text.as_str(), draft.kind);
            let at = *known.entry(key).or_insert_with(|| {
                rules.push(rule_of(draft));
                count(rules.len() - 1)
            });
            place.push(at);
            if let Some(rule) = rules.get_mut(at as usize)
                && !rule.grains.contains(&draft.grain)
            {
                rule.grains.push(draft.grain);
            }
        }
        (rules, place)
    }
}

fn rule_of(draft: &Draft<'_>) -> Rule {
    Rule {
        name: draft.name.text.clone(),
        kind: draft.kind,
        grains: vec![draft.grain],
        ty: match &draft.ty {
            DraftType::Known(ty) => Some(ty.clone()),
            DraftType::Pending | DraftType::Broken => None,
        },
        rows: draft.rows.clone(),
        form: match draft.form {
            Form::Defined(_) => RuleForm::Definition,
            Form::Total { .. } => RuleForm::Total,
            Form::Rank { .. } => RuleForm::Ranking,
            Form::Quota { .. } => RuleForm::Quota,
            Form::Split { .. } => RuleForm::Split,
        },
        article: draft.article,
        inverse: draft.inverse.map(|name| name.text.clone()),
    }
}

/// The symbol of a name that holds everywhere.
pub(super) fn global_symbol(global: Global) -> Symbol {
    match global {
        Global::Kind(id) => Symbol::Kind(id),
        Global::Parameter(id) => Symbol::Parameter(id),
        Global::Reading(id) => Symbol::Reading(id),
        Global::Table(id) => Symbol::Table(id),
        Global::Formula(position) => Symbol::Formula(count(position)),
    }
}
