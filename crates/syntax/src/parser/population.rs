//! Figures over a population: 排序 名额 分摊.

use super::{Parsed, Parser};
use crate::ast::{
    Cut, Direction, Expr, Name, QuotaDecl, QuotaLine, RankKey, RankingDecl, RoundSpec, SplitDecl,
    SplitMethod, StatementKind, Ties,
};
use crate::keywords::{Keyword, Position};
use crate::tree::SyntaxKind as K;

enum RankingItem {
    Key(RankKey),
    Ties(Ties),
}

enum QuotaItem {
    Line(QuotaLine),
    Each(Expr, RoundSpec, Option<Cut>),
    Cut(Cut),
    Rest(Name),
}

impl Parser<'_> {
    /// `排序 NAME 对 ctx [按组 expr]`, `先/再 expr dir [无者居后]`, `并列 …`
    pub(super) fn ranking_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("排序名", "the name of the ranking")?;
            p.expect_word(Keyword::For)?;
            let context = p.context()?;
            let group_by = if p.eat_word(Keyword::GroupedBy) { Some(p.expression()?) } else { None };
            Ok((name, context, group_by))
        });
        let items = self.items(K::Item, Self::ranking_item);
        let (name, context, group_by) = head?;
        let mut ranking = RankingDecl { name, context, group_by, keys: Vec::new(), ties: None };
        for item in items {
            match item {
                RankingItem::Key(key) => ranking.keys.push(key),
                RankingItem::Ties(ties) => ranking.ties = Some(ties),
            }
        }
        Some(StatementKind::Ranking(ranking))
    }

    fn ranking_item(&mut self) -> Parsed<RankingItem> {
        if self.eat_word(Keyword::Ties) {
            let ties = if self.eat_word(Keyword::Shared) {
                Ties::Shared
            } else if self.eat_word(Keyword::Dense) {
                Ties::Dense
            } else {
                return self.fail_expected("“同名次”或“紧排”", "“shared” or “dense”");
            };
            return Ok(RankingItem::Ties(ties));
        }
        if !(self.eat_word(Keyword::First) || self.eat_word(Keyword::ThenBy)) {
            if self.ahead(1).is_some_and(|next| next.kind == K::Equal) {
                return self.fail_definition_below("排序", "ranking");
            }
            return self.fail_expected("“先”“再”或“并列”", "“first”, “then_by” or “ties”");
        }
        let value = self.expression()?;
        let direction = self.direction()?;
        let none_last = self.eat_word(Keyword::NoneLast);
        Ok(RankingItem::Key(RankKey { value, direction, none_last }))
    }

    fn direction(&mut self) -> Parsed<Direction> {
        let direction = match self.word() {
            Some(Keyword::HighToLow) => Direction::HighToLow,
            Some(Keyword::LowToHigh) => Direction::LowToHigh,
            Some(Keyword::EarlyToLate) => Direction::EarlyToLate,
            _ => {
                return self.fail_expected(
                    "“从高到低”“从低到高”或“从早到晚”",
                    "“descending”, “ascending” or “earliest_first”",
                );
            }
        };
        self.bump_as(K::Keyword);
        Ok(direction)
    }

    /// `名额 NAME 依 RANKING` and its lines.
    pub(super) fn quota_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("名额名", "the name of the quota")?;
            p.expect_word(Keyword::Along)?;
            Ok((name, p.name("排序名", "the name of the ranking")?))
        });
        let items = self.items(K::Item, Self::quota_item);
        let (name, ranking) = head?;
        let mut quota = QuotaDecl { name, ranking, lines: Vec::new(), each: None, cut: None, rest: None };
        for item in items {
            match item {
                QuotaItem::Line(line) => quota.lines.push(line),
                QuotaItem::Each(shares, rounding, cut) => {
                    quota.each = Some((shares, rounding));
                    quota.cut = cut.or(quota.cut);
                }
                QuotaItem::Cut(cut) => quota.cut = Some(cut),
                QuotaItem::Rest(grade) => quota.rest = Some(grade),
            }
        }
        Some(StatementKind::Quota(quota))
    }

    fn quota_item(&mut self) -> Parsed<QuotaItem> {
        let takes = self.ahead(1).is_some_and(|next| next.word == Some(Keyword::Take));
        match self.word().filter(|_| !takes) {
            Some(Keyword::EachGrade) => {
                self.bump_as(K::Keyword);
                let shares = self.path()?;
                let Some(rounding) = self.optional_rounding()? else {
                    return self.fail_expected(
                        "“最大余额法”之类的取整方法",
                        "a rounding such as “largest_remainder”",
                    );
                };
                let cut = if self.at_word(Keyword::Tied) { Some(self.cut()?) } else { None };
                Ok(QuotaItem::Each(shares, rounding, cut))
            }
            Some(Keyword::Tied) => self.cut().map(QuotaItem::Cut),
            Some(Keyword::Rest) => {
                self.bump_as(K::Keyword);
                Ok(QuotaItem::Rest(self.name("其余的档次", "the grade of the rest")?))
            }
            _ if self.ahead(1).is_some_and(|next| next.kind == K::Equal) => {
                self.fail_definition_below("名额", "quota")
            }
            _ => self.quota_line().map(QuotaItem::Line),
        }
    }

    /// `NAME 取 [末] expr [round] {限 expr | 跨线 cut | 递补 NAME}`
    fn quota_line(&mut self) -> Parsed<QuotaLine> {
        let start = self.start();
        let grade = self.name("档次名", "the name of a grade")?;
        self.expect_word(Keyword::Take)?;
        let from_bottom = self.at_word(Keyword::Bottom) && self.ahead(1).is_some_and(begins_share);
        if from_bottom {
            self.bump_as(K::Keyword);
        }
        let take = self.expression()?;
        let rounding = self.optional_rounding()?;
        let (mut eligible, mut cut, mut fill_from) = (None, None, None);
        loop {
            if eligible.is_none() && self.eat_word(Keyword::Limit) {
                eligible = Some(self.expression()?);
            } else if cut.is_none() && self.at_word(Keyword::Tied) {
                cut = Some(self.cut()?);
            } else if fill_from.is_none() && self.eat_word(Keyword::FillFrom) {
                fill_from = Some(self.name("递补的档次", "the grade that fills the seats")?);
            } else {
                break;
            }
        }
        Ok(QuotaLine {
            grade,
            from_bottom,
            take,
            rounding,
            eligible,
            cut,
            fill_from,
            span: self.since(start),
        })
    }

    /// `跨线 (全进 | 全不取 | 人定 NAME)`
    fn cut(&mut self) -> Parsed<Cut> {
        self.expect_word(Keyword::Tied)?;
        if self.eat_word(Keyword::AllIn) {
            Ok(Cut::All)
        } else if self.eat_word(Keyword::NoneIn) {
            Ok(Cut::None)
        } else if self.eat_word(Keyword::Decision) {
            Ok(Cut::Decide(self.name("决定的部门", "who decides")?))
        } else {
            self.fail_expected("“全进”“全不取”或“人定 部门”", "“all_in”, “none_in” or “decision office”")
        }
    }

    fn fail_definition_below<T>(&mut self, zh: &str, en: &str) -> Parsed<T> {
        let span = self.here();
        self.fail(|| {
            crate::diagnostic::Diagnostic::error(
                "HJ0209",
                span,
                format!("“{zh}”下面不能直接写规则"),
                format!("a rule cannot stand below “{en}”"),
            )
            .help("规则前先写一行“对 …”", "write a line “for …” before the rule")
        })
    }

    /// `分摊 NAME 将 expr 给 coll (比重 expr | 依次 expr dir) [上限 expr] round [余数 归 expr dir]`
    pub(super) fn split(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("分摊名", "the name of the split")?;
        self.expect_word(Keyword::Amount)?;
        let amount = self.expression()?;
        self.expect_word(Keyword::GivenTo)?;
        let to = self.collection()?;
        let method = if self.eat_word(Keyword::Shares) {
            SplitMethod::Shares(self.expression()?)
        } else if self.eat_word(Keyword::InTurn) {
            let key = self.expression()?;
            SplitMethod::InTurn(key, self.direction()?)
        } else {
            return self.fail_expected("“比重”或“依次”", "“shares” or “in_turn”");
        };
        let cap = if self.eat_word(Keyword::Cap) { Some(self.expression()?) } else { None };
        let rounding = self.optional_rounding()?;
        let remainder = if self.eat_word(Keyword::Remainder) {
            self.expect_word(Keyword::GoesTo)?;
            let key = self.expression()?;
            Some((key, self.direction()?))
        } else {
            None
        };
        Ok(StatementKind::Split(SplitDecl { name, amount, to, method, cap, rounding, remainder }))
    }
}

/// Whether a share or a number of seats begins here, so that 末 before it is the keyword.
fn begins_share(token: crate::lexer::Token) -> bool {
    match token.kind {
        K::Number | K::LeftParen | K::QuotedName => true,
        K::Name => !token.word.is_some_and(|word| {
            matches!(word.position(), Position::Rounding | Position::Population | Position::Reserved)
        }),
        _ => false,
    }
}
