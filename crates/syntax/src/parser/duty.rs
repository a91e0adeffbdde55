//! Duties, clocks, checks and bodies: 任务 时限 检查 机构.

use super::{Parsed, Parser};
use crate::ast::{
    BodyDecl, Cadence, CheckDecl, CheckOutcome, ClockDecl, Due, DueOffset, DutyDecl, Late, StatementKind,
};
use crate::keywords::Keyword;
use crate::tree::SyntaxKind as K;
use hengjie_calendar::Grain;

impl Parser<'_> {
    /// `任务 NAME 由 path due 交 names [给 NAME] [逾期 …]`
    pub(super) fn duty(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("任务名", "the name of the duty")?;
        self.expect_word(Keyword::By)?;
        let by = self.path()?;
        let due = self.due()?;
        self.expect_word(Keyword::Deliver)?;
        let deliver = self.names("要交的表单", "a form to deliver")?;
        let to = if self.eat_word(Keyword::GivenTo) {
            Some(self.name("收件的角色", "who receives it")?)
        } else {
            None
        };
        let late = self.optional_late()?;
        Ok(StatementKind::Duty(DutyDecl { name, by, due, deliver, to, late }))
    }

    /// `每月 结束 后 5个工作日 [08:30]`, `每周六 08:30`, `每月最后工作日`
    fn due(&mut self) -> Parsed<Due> {
        let start = self.start();
        let cadence = if let Some(grain) = self.optional_grain() {
            Cadence::Every { grain, offset: self.due_offset()? }
        } else if let Some(cadence) = self.word().and_then(due_day) {
            self.bump_as(K::Keyword);
            cadence
        } else {
            return self.fail_expected(
                "期限，如 每月、每周六、每月最后工作日",
                "when it is due, such as monthly, saturdays or last_workday_monthly",
            );
        };
        let time = self.optional_time()?;
        Ok(Due { cadence, time, span: self.since(start) })
    }

    fn due_offset(&mut self) -> Parsed<Option<DueOffset>> {
        let at_end = self.at_word(Keyword::End);
        if !(at_end || self.at_word(Keyword::Start)) {
            return Ok(None);
        }
        self.bump_as(K::Keyword);
        let after = self.at_word(Keyword::After);
        if !(after || self.at_word(Keyword::Before)) {
            return self.fail_expected("“前”或“后”", "“before” or “after”");
        }
        self.bump_as(K::Keyword);
        Ok(Some(DueOffset { at_end, after, by: self.path()? }))
    }

    /// `逾期 记 NAME [报 NAME]`, if it is here.
    fn optional_late(&mut self) -> Parsed<Option<Late>> {
        if !self.eat_word(Keyword::Late) {
            return Ok(None);
        }
        self.expect_word(Keyword::Record)?;
        let record = self.name("逾期的记录", "the record of being late")?;
        let report_to = if self.eat_word(Keyword::Report) {
            Some(self.name("报告给谁", "who is told")?)
        } else {
            None
        };
        Ok(Some(Late { record, report_to }))
    }

    /// `时限 NAME 对 ctx 自 expr 至 expr 不超过 NUM [全天候|工时] [逾期 …]`
    pub(super) fn clock(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("时限名", "the name of the clock")?;
        self.expect_word(Keyword::For)?;
        let context = self.context()?;
        self.expect_word(Keyword::From)?;
        let from = self.path()?;
        self.expect_word(Keyword::To)?;
        let to = self.path()?;
        self.expect_word(Keyword::Within)?;
        let limit = self.number("时长，如 20分钟", "a length such as 20分钟")?;
        let around_the_clock = self.eat_word(Keyword::AroundTheClock);
        if !around_the_clock {
            self.eat_word(Keyword::WorkHours);
        }
        let late = self.optional_late()?;
        Ok(StatementKind::Clock(ClockDecl { name, context, from, to, limit, around_the_clock, late }))
    }

    /// `检查 NAME 对 ctx: expr 否则 (拒绝 | 列入 NAME | 提示 “…”) [取证 NAME]`
    pub(super) fn check(&mut self) -> Parsed<StatementKind> {
        self.head_word();
        let name = self.name("检查名", "the name of the check")?;
        self.expect_word(Keyword::For)?;
        let context = self.context()?;
        self.expect(K::Colon, ":")?;
        let condition = self.collection()?;
        self.expect_word(Keyword::Else)?;
        let otherwise = if self.eat_word(Keyword::Refuse) {
            CheckOutcome::Refuse
        } else if self.eat_word(Keyword::List) {
            CheckOutcome::List(self.name("名单名", "the name of a list")?)
        } else if self.eat_word(Keyword::Hint) {
            CheckOutcome::Hint(self.string("“提示的话”", "“the hint”")?)
        } else {
            return self.fail_expected("“拒绝”“列入”或“提示”", "“refuse”, “list” or “hint”");
        };
        let evidence =
            if self.eat_word(Keyword::Evidence) { Some(self.name("证据", "the evidence")?) } else { None };
        Ok(StatementKind::Check(CheckDecl { name, context, condition, otherwise, evidence }))
    }

    /// `机构 NAME 人数 ≥ NUM 主席 NAME 必有 names` and `议事 到会 ≥ expr 通过 NAME`
    pub(super) fn body_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("机构名", "the name of the body")?;
            p.expect_word(Keyword::Members)?;
            p.expect(K::GreaterEqual, "≥")?;
            let members_min = p.number("人数，如 8人", "a number of members such as 8人")?;
            p.expect_word(Keyword::Chair)?;
            let chair = p.name("主席", "the chair")?;
            let required = if p.eat_word(Keyword::Required) {
                p.names("必须参加的角色", "a required member")?
            } else {
                Vec::new()
            };
            Ok(BodyDecl { name, members_min, chair, required, quorum: None })
        });
        let meetings = self.items(K::Item, |p| {
            p.expect_word(Keyword::Meeting)?;
            p.expect_word(Keyword::Present)?;
            p.expect(K::GreaterEqual, "≥")?;
            let quorum = p.path()?;
            p.expect_word(Keyword::Pass)?;
            Ok((quorum, p.name("通过的方式，如 过半", "how it passes, such as majority")?))
        });
        head.map(|body| StatementKind::Body(BodyDecl { quorum: meetings.into_iter().next_back(), ..body }))
    }
}

fn due_day(word: Keyword) -> Option<Cadence> {
    Some(match word {
        Keyword::Mondays => Cadence::Weekday(1),
        Keyword::Tuesdays => Cadence::Weekday(2),
        Keyword::Wednesdays => Cadence::Weekday(3),
        Keyword::Thursdays => Cadence::Weekday(4),
        Keyword::Fridays => Cadence::Weekday(5),
        Keyword::Saturdays => Cadence::Weekday(6),
        Keyword::Sundays => Cadence::Weekday(7),
        Keyword::LastWorkdayWeekly => Cadence::LastWorkday(Grain::Week),
        Keyword::LastWorkdayMonthly => Cadence::LastWorkday(Grain::Month),
        Keyword::LastWorkdayQuarterly => Cadence::LastWorkday(Grain::Quarter),
        Keyword::LastWorkdayHalfYearly => Cadence::LastWorkday(Grain::HalfYear),
        Keyword::LastWorkdayYearly => Cadence::LastWorkday(Grain::Year),
        _ => return None,
    })
}
