//! Statements: which head a line has, and the lines below it.

use super::{Parsed, Parser};
use crate::ast::{Expr, ExprKind, Statement, StatementKind};
use crate::diagnostic::Diagnostic;
use crate::keywords::{Keyword, Position};
use crate::span::Span;
use crate::tree::SyntaxKind as K;

impl Parser<'_> {
    /// All statements of a rules fence.
    pub(super) fn statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        // A run of lines that belong nowhere is one mistake.
        let mut in_orphans = false;
        while !self.at_end() {
            if self.at_line_end() {
                self.bump();
                continue;
            }
            match self.head() {
                Some(head) => {
                    in_orphans = false;
                    statements.extend(self.statement(head));
                }
                None => {
                    self.orphan(in_orphans);
                    in_orphans = true;
                }
            }
        }
        statements
    }

    /// The head that the line begins with. `word =`, `word :` and `word ,` are definitions and fields even if the
    /// word is a head.
    fn head(&self) -> Option<Keyword> {
        let word = self.word()?;
        let is_head = matches!(word.position(), Position::Head | Position::ExampleHead);
        (is_head && !self.is_named_line()).then_some(word)
    }

    /// Whether the second token of the line says that the first one is a name.
    pub(super) fn is_named_line(&self) -> bool {
        self.ahead(1).is_some_and(|next| matches!(next.kind, K::Equal | K::Colon | K::Comma))
    }

    fn statement(&mut self, head: Keyword) -> Option<Statement> {
        let start = self.start();
        self.emit_trivia();
        let open = self.tree.open();
        self.tree.start(K::Statement);
        let kind = self.statement_kind(head);
        self.tree.close_to(open);
        let span = self.statement_span(start);
        kind.map(|kind| Statement { span, kind })
    }

    /// From `start` to the last token that is no line end.
    pub(super) fn statement_span(&self, start: u32) -> Span {
        let mut position = self.position;
        while let Some(previous) = position.checked_sub(1) {
            position = previous;
            match self.token_at(position) {
                Some(token) if token.kind != K::LineEnd => return Span::new(start, token.span.end),
                _ => {}
            }
        }
        Span::new(start, start)
    }

    fn statement_kind(&mut self, head: Keyword) -> Option<StatementKind> {
        match head {
            Keyword::Policy => self.line(Self::policy),
            Keyword::Scope => self.line(Self::scope),
            Keyword::Adopt => self.line(Self::adopt),
            Keyword::Amend => self.line(|p| p.amend(Keyword::Amend)),
            Keyword::Repeal => self.line(|p| p.amend(Keyword::Repeal)),
            Keyword::WorkCalendar => self.line(Self::work_calendar),
            Keyword::Enumeration => self.line(Self::enumeration),
            Keyword::Kind => self.kind_statement(),
            Keyword::Form => self.form_statement(),
            Keyword::Parameter => self.line(Self::parameter),
            Keyword::Reading => self.line(Self::reading),
            Keyword::Table => self.table_statement(),
            Keyword::Formula => self.line(Self::formula),
            Keyword::Total => self.line(Self::total),
            Keyword::For => self.rules_statement(),
            Keyword::Ranking => self.ranking_statement(),
            Keyword::Quota => self.quota_statement(),
            Keyword::Split => self.line(Self::split),
            Keyword::Duty => self.line(Self::duty),
            Keyword::Workflow => self.workflow_statement(),
            Keyword::Clock => self.line(Self::clock),
            Keyword::Check => self.line(Self::check),
            Keyword::Body => self.body_statement(),
            _ => self.line(Self::example_in_rules),
        }
    }

    fn example_in_rules(&mut self) -> Parsed<StatementKind> {
        let span = self.here();
        self.fail(|| {
            Diagnostic::error(
                "HJ0208",
                span,
                "“设”和“得”写在 ```示例 块里",
                "“given” and “expect” belong in an ```examples fence",
            )
        })
    }

    /// Takes the head word itself.
    pub(super) fn head_word(&mut self) {
        self.bump_as(K::Keyword);
    }

    /// The lines below a head, up to the next head. `read` gets one line; a failure costs the line.
    pub(super) fn items<T>(&mut self, kind: K, mut read: impl FnMut(&mut Self) -> Parsed<T>) -> Vec<T> {
        let mut items = Vec::new();
        while !self.at_end() {
            if self.at_line_end() {
                self.bump();
                continue;
            }
            if self.head().is_some() && !self.is_quota_line() {
                break;
            }
            items.extend(self.line(|p| p.node(kind, &mut read)));
        }
        items
    }

    /// `对 取 …` below 名额: a grade whose name is a head word.
    fn is_quota_line(&self) -> bool {
        self.ahead(1).is_some_and(|next| next.word == Some(Keyword::Take)) && self.ahead(2).is_some()
    }

    /// A line without a head above it.
    fn orphan(&mut self, silent: bool) {
        let span = self.here();
        let is_definition = self.ahead(1).is_some_and(|next| next.kind == K::Equal)
            || matches!(self.word(), Some(Keyword::Exception | Keyword::Initial | Keyword::Next));
        let joined = self.joined_keywords_of_line();
        if !silent {
            self.sink.report(|| {
                let found = if is_definition {
                    Diagnostic::error(
                        "HJ0209",
                        span,
                        "这条规则上面没有“对 …”",
                        "there is no “for …” above this rule",
                    )
                    .help(
                        "先写一行说明算给谁、多久一次，例如 对 人员 每年",
                        "first say for whom and how often, such as “for person yearly”",
                    )
                } else {
                    Diagnostic::error(
                        "HJ0210",
                        span,
                        "这一行不属于任何语句",
                        "this line belongs to no statement",
                    )
                    .help(
                        "语句以 对、参数、表、名目 等字开头",
                        "a statement begins with a word such as for, parameter, table or enumeration",
                    )
                };
                match joined {
                    Some((span, split)) => {
                        found.fix(span, split, "在关键字两边加空格", "put spaces around keywords")
                    }
                    None => found,
                }
            });
        }
        self.skip_line();
        if self.token_at(self.position).is_some() {
            self.bump();
        }
    }

    /// `对人员每年` typed without spaces.
    fn joined_keywords_of_line(&self) -> Option<(Span, String)> {
        let token = self.current().filter(|token| token.kind == K::Name && token.word.is_none())?;
        let written = self.written(token);
        let head = Keyword::ALL.iter().find(|word| {
            word.position() == Position::Head && written.starts_with(word.zh()) && !written.is_ascii()
        })?;
        let rest = written.get(head.zh().len()..)?;
        let rest = crate::keywords::split_keywords(rest).unwrap_or_else(|| rest.to_owned());
        Some((token.span, format!("{} {rest}", head.zh())))
    }

    /// A value; if it cannot be read, an error in its place, so that the name it belongs to is still known.
    pub(super) fn value_or_error(&mut self, read: impl FnOnce(&mut Self) -> Parsed<Expr>) -> Expr {
        let start = self.start();
        match read(self) {
            Ok(value) => value,
            Err(_) => {
                self.skip_line();
                Expr { kind: ExprKind::Error, span: self.since(start) }
            }
        }
    }
}
