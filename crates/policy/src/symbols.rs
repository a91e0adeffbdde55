//! The declared names of a document.

use crate::checker::Checker;
use crate::codes;
use crate::core::{AttributeId, EnumId, FieldRef, KindId, ParameterId, ReadingId, TableId};
use crate::{limits, spelling};
use hengjie_syntax::ast::Name;
use hengjie_syntax::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A name that holds everywhere in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Global {
    Kind(KindId),
    Parameter(ParameterId),
    Reading(ReadingId),
    Table(TableId),
    /// Position in the list of formulas.
    Formula(usize),
}

impl Global {
    /// What it is, in Chinese and English.
    pub(crate) fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::Kind(_) => ("资料或表单", "kind or form"),
            Self::Parameter(_) => ("参数", "parameter"),
            Self::Reading(_) => ("读法", "reading"),
            Self::Table(_) => ("表", "table"),
            Self::Formula(_) => ("公式", "formula"),
        }
    }
}

/// A declared thing that a rule uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Used {
    Parameter(ParameterId),
    Reading(ReadingId),
    /// An alternative that some condition asks for.
    Alternative(ReadingId, u32),
    Table(TableId),
    /// Position in the list of formulas.
    Formula(usize),
}

/// What a kind has under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    Field(u32),
    /// 反称: the records whose field refers to the subject.
    Inverse(FieldRef),
}

/// All declared names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub globals: BTreeMap<String, (Global, Span)>,
    pub enums: BTreeMap<String, (EnumId, Span)>,
    pub items: BTreeMap<String, Vec<(EnumId, u32)>>,
    pub members: BTreeMap<(KindId, String), (Member, Span)>,
    /// Attributes by name: one per kind and grain.
    pub attributes: BTreeMap<String, Vec<AttributeId>>,
    /// 反称 of derived relations.
    pub inverses: BTreeMap<String, Vec<AttributeId>>,
    /// Names whose declaration is broken: using them is no second mistake.
    pub poisoned: BTreeSet<String>,
}

impl Names {
    /// The kind of a name.
    pub(crate) fn kind(&self, name: &str) -> Option<KindId> {
        match self.globals.get(name) {
            Some((Global::Kind(kind), _)) => Some(*kind),
            _ => None,
        }
    }

    /// The 名目 of a name.
    pub(crate) fn enumeration(&self, name: &str) -> Option<EnumId> {
        self.enums.get(name).map(|(id, _)| *id)
    }

    /// Every name that may stand alone in a rule, for "did you mean".
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.globals
            .keys()
            .chain(self.members.keys().map(|(_, name)| name))
            .chain(self.attributes.keys())
            .chain(self.inverses.keys())
            .chain(self.items.keys())
            .map(String::as_str)
    }

    /// The names of what a kind has.
    pub(crate) fn members_of(&self, kind: KindId) -> impl Iterator<Item = &str> {
        self.members.iter().filter(move |((owner, _), _)| *owner == kind).map(|((_, name), _)| name.as_str())
    }
}

impl Checker<'_> {
    /// Declares a name that holds everywhere; a second declaration is an error and does not count.
    pub(crate) fn declare_global(&mut self, name: &Name, global: Global) -> bool {
        if let Some((first, place)) = self.names.globals.get(&name.text).copied() {
            let (zh, en) = first.noun();
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    name.span,
                    format!("“{}”已经是{zh}的名称", name.text),
                    format!("`{}` is already the name of a {en}", name.text),
                )
                .label(place, "先在这里声明", "first declared here")
                .help("换一个名称", "use another name"),
            );
            return false;
        }
        self.names.globals.insert(name.text.clone(), (global, name.span));
        true
    }

    /// Declares a field or inverse collection of a kind.
    pub(crate) fn declare_member(&mut self, kind: KindId, name: &Name, member: Member) -> bool {
        if let Some((_, place)) = self.names.members.get(&(kind, name.text.clone())).copied() {
            let owner = self.kinds[kind.index()].name.clone();
            self.report(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    name.span,
                    format!("“{owner}”已经有叫“{}”的字段或反称", name.text),
                    format!("`{owner}` already has a field or inverse named `{}`", name.text),
                )
                .label(place, "先在这里声明", "first declared here")
                .help("换一个名称", "use another name"),
            );
            return false;
        }
        self.names.members.insert((kind, name.text.clone()), (member, name.span));
        true
    }

    /// The candidate closest to a name. Nothing in documents with a great many findings: looking takes time.
    pub(crate) fn closest<'n>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        let few = self.diagnostics.len() < limits::GUESSES;
        few.then(|| spelling::closest(name, candidates.into_iter().take(limits::CANDIDATES))).flatten()
    }

    /// An error for a name nobody declared, with the closest known name as the fix.
    pub(crate) fn unknown_name(
        &mut self,
        code: &'static str,
        name: &Name,
        what: (&str, &str),
        close: Option<String>,
    ) {
        let zh = format!("没有叫“{}”的{}", name.text, what.0);
        let en = format!("there is no {} named `{}`", what.1, name.text);
        self.misspelt(Diagnostic::error(code, name.span, zh, en), name, close);
    }

    /// An error for a name that its owner (a kind, table, 名目 …) does not have.
    pub(crate) fn unknown_in(
        &mut self,
        code: &'static str,
        name: &Name,
        owner: (&str, &str),
        noun: (&str, &str),
        close: Option<String>,
    ) {
        let zh = format!("{}没有叫“{}”的{}", owner.0, name.text, noun.0);
        let en = format!("{} has no {} named `{}`", owner.1, noun.1, name.text);
        self.misspelt(Diagnostic::error(code, name.span, zh, en), name, close);
    }

    fn misspelt(&mut self, mut diagnostic: Diagnostic, name: &Name, close: Option<String>) {
        if let Some(close) = close {
            let (zh, en) = (format!("改成“{close}”"), format!("change to `{close}`"));
            diagnostic = diagnostic.fix(name.span, close, zh, en);
        }
        self.report(diagnostic);
    }
}
