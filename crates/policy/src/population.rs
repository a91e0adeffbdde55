//! Collecting 名额 and 汇总: attributes that follow from other statements.

use crate::checker::{Checker, count};
use crate::codes;
use crate::core::{AttributeId, EnumId, KindId, Type};
use crate::draft::{CaseDraft, Draft, Form, Key, PartDraft};
use crate::symbols::Global;
use crate::written::written;
use hengjie_calendar::Grain;
use hengjie_syntax::Diagnostic;
use hengjie_syntax::ast::{DefinitionRole, ExprKind, Name, QuotaDecl, StatementKind, TotalDecl};
use std::collections::BTreeMap;

impl<'a> Checker<'a> {
    /// The 名目 of every quota with lines: a declared one, or one made from the lines.
    pub(crate) fn declare_quota_enums(&mut self) {
        for (_, statement) in self.statements.clone() {
            let StatementKind::Quota(decl) = &statement.kind else { continue };
            let names: Vec<&Name> = decl.lines.iter().map(|line| &line.grade).chain(&decl.rest).collect();
            if decl.lines.is_empty() {
                continue;
            }
            if let Some(id) = self.enum_of_lines(&names) {
                self.quota_enums.insert(statement.span, id);
            } else {
                // The first line takes from the top: it is the highest item.
                let mut items: Vec<String> = Vec::new();
                for name in names.iter().rev() {
                    if !items.contains(&name.text) {
                        items.push(name.text.clone());
                    }
                }
                if let Some(id) = self.add_enumeration(&decl.name, items, true, None, true) {
                    self.quota_enums.insert(statement.span, id);
                }
            }
        }
    }

    /// The declared 名目 that has most of the names of a quota.
    fn enum_of_lines(&self, names: &[&Name]) -> Option<EnumId> {
        let mut hits: BTreeMap<EnumId, usize> = BTreeMap::new();
        for name in names {
            for (id, _) in self.names.items.get(&name.text).into_iter().flatten() {
                *hits.entry(*id).or_default() += 1;
            }
        }
        hits.into_iter().max_by_key(|(id, hits)| (*hits, std::cmp::Reverse(*id))).map(|(id, _)| id)
    }

    /// One attribute per ranking of the named name.
    pub(crate) fn collect_quotas(&mut self, index: &mut BTreeMap<Key, usize>) {
        for (article, statement) in self.statements.clone() {
            let StatementKind::Quota(decl) = &statement.kind else { continue };
            let rankings: Vec<usize> = (0..self.drafts.len())
                .filter(|&at| {
                    self.drafts[at].name.text == decl.ranking.text
                        && matches!(self.drafts[at].form, Form::Rank { .. })
                })
                .collect();
            let of = self.quota_enums.get(&statement.span).copied().or_else(|| self.enum_of_shares(decl));
            let (Some(of), false) = (of, rankings.is_empty()) else {
                self.names.poisoned.insert(decl.name.text.clone());
                if rankings.is_empty() && !self.names.poisoned.contains(&decl.ranking.text) {
                    let known = self.drafts.iter().filter(|draft| matches!(draft.form, Form::Rank { .. }));
                    let close = self.closest(&decl.ranking.text, known.map(|draft| draft.name.text.as_str()));
                    self.unknown_name(codes::UNKNOWN_NAME, &decl.ranking, ("排序", "ranking"), close);
                }
                continue;
            };
            for at in rankings {
                let (kind, grain) = (self.drafts[at].kind, self.drafts[at].grain);
                let form = Form::Quota { decl, of, ranking: AttributeId(count(at)) };
                self.add_late((&decl.name, kind, grain), article, statement.span, form, index);
            }
        }
    }

    /// `各档 NAME`: the 名目 that keys the parameter or table.
    fn enum_of_shares(&mut self, decl: &QuotaDecl) -> Option<EnumId> {
        let (shares, _) = decl.each.as_ref()?;
        let found = match &shares.kind {
            ExprKind::Name(name) => match self.names.globals.get(&name.text) {
                Some((Global::Parameter(id), _)) => match self.parameters[id.index()].keys.as_slice() {
                    [Type::Enum(id)] => Some(*id),
                    _ => None,
                },
                _ => None,
            },
            ExprKind::Field(base, _) => match &base.kind {
                ExprKind::Name(name) => match self.names.globals.get(&name.text) {
                    Some((Global::Table(id), _)) => match self.tables[id.index()].columns.first() {
                        Some(column) if self.tables[id.index()].keys == 1 && !column.interval => {
                            match column.ty {
                                Type::Enum(id) => Some(id),
                                _ => None,
                            }
                        }
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        if found.is_none() {
            self.report(
                Diagnostic::error(
                    codes::QUOTA,
                    shares.span,
                    "“各档”后面要写按名目给出的参数，或以名目为键的表的一列",
                    "各档 needs a parameter keyed by a 名目, or a column of a table keyed by one",
                )
                .help(
                    "例如：参数 等级比例: 比例 按 等级 待定 由 …，然后 各档 等级比例 最大余额法",
                    "for example: 参数 等级比例: 比例 按 等级 待定 由 …, then 各档 等级比例 最大余额法",
                ),
            );
        }
        found
    }

    /// One attribute per kind and grain of the contributions.
    pub(crate) fn collect_totals(&mut self, index: &mut BTreeMap<Key, usize>) {
        let mut declared: BTreeMap<&str, (&'a TotalDecl, usize)> = BTreeMap::new();
        let statements = self.statements.clone();
        for (position, (_, statement)) in statements.iter().enumerate() {
            let StatementKind::Total(decl) = &statement.kind else { continue };
            if let Some((first, _)) = declared.get(decl.name.text.as_str()) {
                let place = first.name.span;
                self.two_rules(&decl.name, place);
                continue;
            }
            declared.insert(&decl.name.text, (decl, position));
        }
        let mut parts = self.contributions(&declared);
        for (decl, position) in declared.into_values() {
            let (article, statement) = statements[position];
            let mut groups: BTreeMap<(Option<KindId>, Option<Grain>), Vec<PartDraft<'a>>> = BTreeMap::new();
            for part in parts.remove(decl.name.text.as_str()).unwrap_or_default() {
                let draft = &self.drafts[part.attribute.index()];
                groups.entry((draft.kind, draft.grain)).or_default().push(part);
            }
            if !self.one_kind(decl, &groups) {
                self.names.poisoned.insert(decl.name.text.clone());
                continue;
            }
            for ((kind, grain), parts) in groups {
                let sources: Vec<usize> = parts.iter().map(|part| part.attribute.index()).collect();
                let total = self.drafts.len();
                let rows = self.drafts[sources[0]].rows.clone();
                let form = Form::Total { decl, parts };
                if self.add_late((&decl.name, kind, grain), article, statement.span, form, index) {
                    self.drafts[total].rows = rows;
                    for source in sources {
                        self.drafts[source].contributes_to.push(AttributeId(count(total)));
                    }
                }
            }
        }
    }

    /// The addends by the name of their total; one per attribute and total.
    fn contributions(
        &mut self,
        declared: &BTreeMap<&str, (&'a TotalDecl, usize)>,
    ) -> BTreeMap<&'a str, Vec<PartDraft<'a>>> {
        let mut parts: BTreeMap<&'a str, Vec<PartDraft<'a>>> = BTreeMap::new();
        for at in 0..self.drafts.len() {
            let Form::Defined(cases) = &self.drafts[at].form else { continue };
            for case in cases.clone() {
                let Some(contribution) = &case.definition.contributes else { continue };
                if !declared.contains_key(contribution.total.text.as_str()) {
                    let close = self.closest(&contribution.total.text, declared.keys().copied());
                    self.unknown_name(
                        codes::UNKNOWN_NAME,
                        &contribution.total,
                        ("汇总", "total (汇总)"),
                        close,
                    );
                    continue;
                }
                let attribute = AttributeId(count(at));
                let list = parts.entry(contribution.total.text.as_str()).or_default();
                // The cases of one attribute follow each other.
                match list.last().filter(|part| part.attribute == attribute) {
                    None => list.push(PartDraft { attribute, case, weight: contribution.weight.as_ref() }),
                    Some(first) => {
                        let same = first.weight.map(written) == contribution.weight.as_ref().map(written);
                        let place = first.case.definition.name.span;
                        if !same && case.definition.role == DefinitionRole::General {
                            self.other_weight(&contribution.total, place);
                        }
                    }
                }
            }
        }
        parts
    }

    fn other_weight(&mut self, total: &Name, first: hengjie_syntax::Span) {
        self.report(
            Diagnostic::error(
                codes::CONTRIBUTION,
                total.span,
                format!("同一名称以不同的权重计入“{}”", total.text),
                format!("one name goes into `{}` with different weights", total.text),
            )
            .label(first, "另一处在这里", "the other place is here"),
        );
    }

    /// Do all contributions belong to one kind, and are there any?
    fn one_kind(
        &mut self,
        decl: &TotalDecl,
        groups: &BTreeMap<(Option<KindId>, Option<Grain>), Vec<PartDraft<'a>>>,
    ) -> bool {
        if groups.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::CONTRIBUTION,
                    decl.name.span,
                    format!("没有规则计入“{}”", decl.name.text),
                    format!("no rule goes into `{}`", decl.name.text),
                )
                .help("在规则后面写：计入 名称", "write behind a rule: 计入 NAME"),
            );
            return false;
        }
        let parts: Vec<&PartDraft<'a>> = groups.values().flatten().collect();
        let first = parts[0];
        let (kind, rows) = {
            let draft = &self.drafts[first.attribute.index()];
            (draft.kind, draft.rows.clone())
        };
        let other = parts.iter().find(|part| {
            let draft = &self.drafts[part.attribute.index()];
            draft.kind != kind || draft.rows != rows
        });
        let Some(other) = other else { return true };
        let (place, first) = (other.case.definition.span, first.case.definition.name.span);
        self.report(
            Diagnostic::error(
                codes::CONTRIBUTION,
                place,
                format!("计入“{}”的规则不是对同一种对象（或同样的行）的", decl.name.text),
                format!(
                    "the rules that go into `{}` are not about the same subjects (or rows)",
                    decl.name.text
                ),
            )
            .label(first, "另一条在这里", "another one is here")
            .help(
                "分成两个汇总，或先合计到同一对象",
                "make two totals, or sum up to the same subjects first",
            ),
        );
        false
    }

    /// Adds an attribute that comes from a statement of its own; false when the name is taken.
    fn add_late(
        &mut self,
        at: (&'a Name, Option<KindId>, Option<Grain>),
        article: crate::core::ArticleId,
        span: hengjie_syntax::Span,
        form: Form<'a>,
        index: &mut BTreeMap<Key, usize>,
    ) -> bool {
        let (name, kind, grain) = at;
        let key = (name.text.clone(), kind, grain);
        if let Some(&known) = index.get(&key) {
            let place = self.drafts[known].name.span;
            self.two_rules(name, place);
            return false;
        }
        if !self.free_for_rules(name, kind) {
            return false;
        }
        index.insert(key, self.drafts.len());
        self.drafts.push(Draft::new(name, (kind, grain), article, span, form));
        true
    }
}

/// A definition with its place, for messages.
pub(crate) fn place_of(case: &CaseDraft<'_>) -> hengjie_syntax::Span {
    case.definition.name.span
}
