//! The state of one check, and the stages in their order.

use crate::adopt::{Assembled, Find, Sources};
use crate::core::{
    Article, ArticleId, AttributeId, Decision, EnumId, Enumeration, Example, Kind, KindId, Parameter,
    Procedure, Program, Reading, Scope as CoreScope, Table,
};
use crate::draft::{ContextDraft, Draft, DraftType};
use crate::index::{Analysis, Recorder};
use crate::limits;
use crate::symbols::{Names, Used};
use hengjie_calendar::Date;
use hengjie_quantity::Rational;
use hengjie_syntax::ast::{Block, Document, Expr, Name, Section, Statement, StatementKind, TypeExpr};
use hengjie_syntax::{Diagnostic, Severity, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A 公式: a macro.
#[derive(Debug)]
pub(crate) struct Formula<'a> {
    pub name: &'a Name,
    pub params: &'a [(Name, TypeExpr)],
    pub body: &'a Expr,
}

/// Findings kept while checking.
const KEPT_DIAGNOSTICS: usize = 10 * limits::DIAGNOSTICS;

/// Everything known while a document is checked.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    pub document: &'a Document,
    /// Which file each place belongs to.
    pub sources: &'a Sources,
    /// First day of the document.
    pub first_day: Option<Date>,
    /// All statements with their article.
    pub statements: Vec<(ArticleId, &'a Statement)>,
    pub diagnostics: Vec<Diagnostic>,
    pub articles: Vec<Article>,
    /// Where each citation stands.
    pub cites: BTreeMap<String, Vec<ArticleId>>,
    /// Counter words the document declares.
    pub counters: Vec<String>,
    pub names: Names,
    pub enums: Vec<Enumeration>,
    pub kinds: Vec<Kind>,
    pub parameters: Vec<Parameter>,
    pub readings: Vec<Reading>,
    pub tables: Vec<Table>,
    /// By table: some row answers every key.
    pub covered: Vec<bool>,
    pub formulas: Vec<Formula<'a>>,
    /// The 名目 of a quota, by the place of its statement.
    pub quota_enums: BTreeMap<Span, EnumId>,
    pub drafts: Vec<Draft<'a>>,
    pub contexts: Vec<ContextDraft<'a>>,
    /// 适用: kind, its statement's context draft.
    pub population: Option<(KindId, usize)>,
    pub decisions: Vec<Decision>,
    pub procedures: Vec<Procedure>,
    pub examples: Vec<Example>,
    pub order: Vec<AttributeId>,
    /// What rules use.
    pub used: BTreeSet<Used>,
    /// Numbers as the document writes them, by place.
    pub spelled: BTreeMap<Span, (Rational, String)>,
    /// Present nesting of the expression being checked.
    pub depth: u32,
    /// Expression nodes so far.
    pub nodes: u64,
    /// Notes what names stand for, for an editor.
    pub recorder: Option<Recorder>,
}

/// The result of a check.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The typed core; `None` when there is an error.
    pub program: Option<Program>,
    /// All faults, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a document: names, types and units, rules that meet, tables, examples, procedures, order.
///
/// Never fails: what can be checked is checked even beside faults, and one mistake gives one message.
#[must_use]
pub fn check(document: &Document) -> Checked {
    check_within(document, &Sources::default())
}

fn check_within(document: &Document, sources: &Sources) -> Checked {
    let mut checker = Checker::new(document, sources);
    checker.run();
    checker.finish()
}

/// Reads and checks for an editor: see [`crate::analyse`].
pub(crate) fn analyse(assembled: &Assembled, probe: Option<u32>) -> Analysis {
    let mut checker = Checker::new(&assembled.parse.document, &assembled.sources);
    checker.recorder = Some(Recorder::new(probe));
    checker.run();
    let (index, probe) = checker.finish_index();
    let (program, diagnostics) = together(assembled, checker.finish());
    Analysis { program, diagnostics, index, probe }
}

/// The result of reading and checking a text.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The typed core; `None` when there is an error.
    pub program: Option<Program>,
    /// Faults of reading and of checking, in the order of the document. Their places are those of the whole text.
    pub diagnostics: Vec<Diagnostic>,
    /// The text itself, followed by what it adopts.
    pub text: String,
    /// Which file each place of the whole belongs to.
    pub sources: Sources,
}

/// Reads and checks the text of a policy document that adopts no other.
///
/// Never fails; see [`check`].
#[must_use]
pub fn compile(text: &str) -> Compiled {
    compile_with(text, &crate::adopt::no_files)
}

/// Reads and checks the text of a policy document with the documents it adopts.
///
/// Never fails; see [`check`]. What cannot be found is a diagnostic.
#[must_use]
pub fn compile_with(text: &str, find: Find<'_>) -> Compiled {
    let assembled = crate::adopt::assemble(text, find);
    let checked = check_within(&assembled.parse.document, &assembled.sources);
    let (program, diagnostics) = together(&assembled, checked);
    let Assembled { text, sources, .. } = assembled;
    Compiled { program, diagnostics, text, sources }
}

/// The program, and the faults of reading and of checking, one message per mistake.
fn together(assembled: &Assembled, checked: Checked) -> (Option<Program>, Vec<Diagnostic>) {
    let parse = &assembled.parse;
    let mut diagnostics = parse.diagnostics.clone();
    let unread = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let read = diagnostics.len();
    let covers = |place: Span, of: &Diagnostic| of.span.start <= place.start && place.end <= of.span.end;
    // Where an adopted document is missing, its names are, and that is no second mistake.
    for found in checked.diagnostics.into_iter().filter(|_| assembled.is_whole) {
        // What the reader could not read is no second mistake.
        let told = match found.code {
            crate::codes::NO_TABLE => diagnostics[..read].iter().any(|known| covers(found.span, known)),
            crate::codes::UNTYPED | crate::codes::UNUSED => unread,
            crate::codes::POLICY_LINE => {
                let text = parse.tree.text().to_string();
                diagnostics[..read].iter().any(|known| is_policy_line(&text, known.span))
            }
            _ => false,
        };
        if !told {
            diagnostics.push(found);
        }
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    if !diagnostics.is_empty() {
        let lang = hengjie_syntax::spelling(&parse.tree);
        diagnostics = diagnostics.into_iter().map(|found| found.spelled(lang)).collect();
    }
    (checked.program.filter(|_| !unread), diagnostics)
}

/// Does a place lie in a line that begins like the 制度 line?
fn is_policy_line(text: &str, place: Span) -> bool {
    let before = text.get(..place.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with("制度") || line.starts_with("policy")
}

impl<'a> Checker<'a> {
    /// All stages in their order.
    fn run(&mut self) {
        self.declare();
        self.collect_attributes();
        self.infer_all();
        self.finish_forms();
        self.find_order();
        self.check_readings();
        self.read_procedures();
        self.read_examples();
        self.warn_unused();
    }

    fn new(document: &'a Document, sources: &'a Sources) -> Self {
        let mut checker = Self {
            document,
            sources,
            first_day: None,
            statements: Vec::new(),
            diagnostics: Vec::new(),
            articles: Vec::new(),
            cites: BTreeMap::new(),
            counters: Vec::new(),
            names: Names::default(),
            enums: Vec::new(),
            kinds: Vec::new(),
            parameters: Vec::new(),
            readings: Vec::new(),
            tables: Vec::new(),
            covered: Vec::new(),
            formulas: Vec::new(),
            quota_enums: BTreeMap::new(),
            drafts: Vec::new(),
            contexts: Vec::new(),
            population: None,
            decisions: Vec::new(),
            procedures: Vec::new(),
            examples: Vec::new(),
            order: Vec::new(),
            used: BTreeSet::new(),
            spelled: BTreeMap::new(),
            depth: 0,
            nodes: 0,
            recorder: None,
        };
        checker.read_articles();
        checker.first_day = checker.statements.iter().find_map(|(_, statement)| match &statement.kind {
            StatementKind::Policy { from, .. } => Some(*from),
            _ => None,
        });
        checker
    }

    /// The articles, where they are cited, and the statements with their article.
    fn read_articles(&mut self) {
        for section in &self.document.sections {
            let article = ArticleId(count(self.articles.len()));
            self.articles.push(Article {
                cite: self.shown(section, &section.cite),
                heading: self.shown(section, &section.heading.text),
                level: section.level,
                sources: section.sources.iter().map(|source| source.text.clone()).collect(),
                prose: section
                    .prose
                    .iter()
                    .map(|paragraph| paragraph.text.as_str())
                    .collect::<Vec<_>>()
                    .join("\n\n"),
                span: section.heading.span,
            });
            if !section.cite.is_empty() {
                self.cites.entry(section.cite.clone()).or_default().push(article);
            }
            for block in &section.blocks {
                if let Block::Rules(statements) = block {
                    self.statements.extend(statements.iter().map(|statement| (article, statement)));
                }
            }
        }
    }

    /// How citation and heading of an article stand in results: one of an adopted document with the name of that document.
    fn shown(&self, section: &Section, text: &str) -> String {
        let part = self.sources.part(section.heading.span.start);
        match self.sources.files().get(part).and_then(|file| file.policy.as_ref()) {
            Some((name, _)) if part > 0 => format!("《{name}》{text}"),
            _ => text.to_owned(),
        }
    }

    /// Adds a diagnostic. Far beyond what is told, nothing is kept: garbage must not fill the memory.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        let diagnostic = match crate::advice::advice(diagnostic.code) {
            Some((zh, en)) if diagnostic.help.is_none() && diagnostic.fix.is_none() => {
                diagnostic.help(zh, en)
            }
            _ => diagnostic,
        };
        let full = self.diagnostics.len() >= KEPT_DIAGNOSTICS;
        if !full || (diagnostic.severity == Severity::Error && self.diagnostics.len() == KEPT_DIAGNOSTICS) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds an error without further parts.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, span, zh, en));
    }

    /// Adds a warning without further parts.
    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        span: Span,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.report(Diagnostic::warning(code, span, zh, en));
    }

    fn finish(mut self) -> Checked {
        let header = self.document_header();
        self.check_types_known();
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        tidy(&mut diagnostics);
        let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        let program = match header {
            Some((name, from)) if !failed => Some(self.into_program(name, from)),
            _ => None,
        };
        Checked { program, diagnostics }
    }

    /// A rule without a type and without a finding: only rules that mention nothing but each other.
    fn check_types_known(&mut self) {
        if self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return;
        }
        let open = self.drafts.iter().find(|draft| !matches!(draft.ty, DraftType::Known(_)));
        if let Some((name, span)) = open.map(|draft| (draft.name.text.clone(), draft.name.span)) {
            self.error(
                crate::codes::UNTYPED,
                span,
                format!("看不出“{name}”是什么类型：它只用到互相引用的规则"),
                format!("the type of `{name}` cannot be told: it uses only rules that use each other"),
            );
        }
    }

    /// Name and first day from the 制度 line.
    fn document_header(&mut self) -> Option<(String, Date)> {
        let mut found: Option<(&Name, Date)> = None;
        for (_, statement) in self.statements.clone() {
            let StatementKind::Policy { name, from } = &statement.kind else { continue };
            match found {
                None => found = Some((name, *from)),
                Some((first, _)) => self.report(
                    Diagnostic::error(
                        crate::codes::POLICY_LINE,
                        name.span,
                        "一份文件只能有一行“制度”",
                        "a document has only one 制度 line",
                    )
                    .label(first.span, "第一行在这里", "the first is here"),
                ),
            }
        }
        if found.is_none() {
            let span = self.statements.first().map_or(Span::new(0, 0), |(_, statement)| statement.span);
            self.report(
                Diagnostic::error(
                    crate::codes::POLICY_LINE,
                    Span::new(span.start, span.start),
                    "缺少“制度”一行：不知道制度的名称和生效日",
                    "the 制度 line is missing: the policy has no name and no first day",
                )
                .help("写一行：制度 名称 版本 2026-01-01 起", "write: 制度 NAME 版本 2026-01-01 起"),
            );
        }
        found.map(|(name, from)| (name.text.clone(), from))
    }

    fn into_program(self, name: String, from: Date) -> Program {
        let scope = self.population.map(|(kind, context)| CoreScope {
            kind,
            filter: self.contexts.get(context).and_then(|draft| crate::rules::all_of(&draft.filter)),
        });
        let contexts = self.contexts;
        Program {
            name,
            title: self.document.title.clone(),
            from,
            articles: self.articles,
            enums: self.enums,
            kinds: self.kinds,
            parameters: self.parameters,
            readings: self.readings,
            tables: self.tables,
            attributes: self.drafts.into_iter().filter_map(|draft| draft.finish(&contexts)).collect(),
            order: self.order,
            decisions: self.decisions,
            scope,
            procedures: self.procedures,
            examples: self.examples,
            spelled: self.spelled,
        }
    }
}

/// Document order, no repeats, at most [`limits::DIAGNOSTICS`].
fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    // A rule for several grains is checked once per grain; the same mistake is told once.
    diagnostics.dedup_by(|next, kept| next.code == kept.code && next.span == kept.span);
    if diagnostics.len() > limits::DIAGNOSTICS {
        let rest = diagnostics.len() - limits::DIAGNOSTICS;
        let failed = diagnostics.drain(limits::DIAGNOSTICS..).any(|cut| cut.severity == Severity::Error);
        let span = diagnostics.last().map_or(Span::new(0, 0), |last| last.span);
        let mut last = Diagnostic::error(
            crate::codes::LIMIT,
            span,
            format!("还有 {rest} 条问题没有列出：先改上面的"),
            format!("{rest} more findings are not listed: mend those above first"),
        );
        if !failed {
            last.severity = Severity::Warning;
        }
        diagnostics.push(last);
    }
}

/// A length as an id; lists are far shorter than the limit of ids.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
