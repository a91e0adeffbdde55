//! The bank for the policy of six grades: balances by customer and year, ownership, grades, examinations, bonuses.

use super::YEARS;
use super::customers::{Customer, Figures};
use super::grade::GRADES;
use super::outlet::Outlet;
use super::people::{Person, Post};
use crate::calendar::{day, quarter_text, workday_of, year_text};
use crate::folder::{Decisions, Folder};
use crate::random::Random;
use crate::table::{Cell, Table, day as day_column, points, ratio, row, text, wan, wan_dollars, yuan};
use crate::{FolderSummary, SimError};
use std::path::Path;

/// The tables.
#[derive(Debug)]
pub(super) struct Files {
    folder: Folder,
    outlets: Table,
    people: Table,
    changes: Table,
    examinations: Table,
    bonuses: Table,
    customers: Table,
    figures: Table,
    ownership: Table,
    breaches: Table,
    credits: Table,
    reports: Table,
    decisions: Decisions,
}

const REMARKS: [&str; 5] = [
    "公司条线的客户经理、直接管户的副科长和内勤人员适用本办法；个人和小微条线的人只作为管户人出现。",
    "几个客户 2025 年的日均存款、几人的考试成绩和四季度奖金没有到数：相应结果待补，不影响别人。",
    "几人的素质评议没有做完，一人的学历放宽没有决定：待定。",
    "有人年中离职、客户移交同事，有人年中入职并接手客户，百分之四的公司客户由两人按份额共管。",
    "人员和客户与 bank-s02 是同一家银行；演示参数自 2025 年起有值，2024 年的数供比较。",
];

const BREACHES: [&str; 4] = ["违规代客户保管印章", "贷后检查走过场", "违反信贷审批纪律", "未按规定双人核保"];
const SUBJECTS: [&str; 4] =
    ["辖内装备制造业客户分析", "供应链融资发展建议", "对公存款稳存增存措施", "外贸企业结算需求分析"];

impl Files {
    pub(super) fn create(parent: &Path, scale: u32) -> Result<Self, SimError> {
        let folder = Folder::create(
            parent,
            "bank-s01",
            "某城市商业银行：公司客户经理六级岗位等级",
            "s01-bank-six-grades",
            scale,
        )?;
        let changes =
            ["编号", "自", "所在机构", "岗位", "直接管户", "现任等级", "学历", "专业职称"].map(text);
        let figures = [
            text("编号"),
            text("期间"),
            wan("日均存款"),
            wan("协议存款"),
            wan("上年日均存款"),
            wan("日均贷款"),
            wan_dollars("结算额"),
            wan("结算额人民币"),
            wan("授信余额"),
            wan("正常类余额"),
            wan("上年授信余额"),
            wan("上年正常类余额"),
            wan("后三类余额"),
            yuan("欠息"),
            wan("其他垫款"),
        ];
        let people = [text("编号"), text("名称"), day_column("见习起始日"), day_column("营销起始日")];
        let bonuses = [text("编号"), text("期间"), text("季度考核等级"), yuan("业绩奖金")];
        let ownership = [text("编号"), text("期间"), text("经理"), text("客户"), ratio("份额")];
        let credits = [text("编号"), day_column("日期"), text("经办人"), text("授信客户"), wan("金额")];
        let reports = [text("编号"), text("期间"), text("对象"), text("主题"), day_column("提交日")];
        Ok(Self {
            outlets: folder.small("机构", "支行", &["编号", "名称"].map(text))?,
            people: folder.small("人员", "全部客户经理，含离职的", &people)?,
            changes: folder.small("人员_随日期", "岗位、等级、学历、职称的变动", &changes)?,
            examinations: folder.small(
                "人员_每年",
                "模拟银行考试成绩",
                &[text("编号"), text("期间"), points("模拟考试成绩")],
            )?,
            bonuses: folder.small("人员_每季", "季度考核等级和业绩奖金", &bonuses)?,
            customers: folder.large("客户", "客户名单", &["编号", "名称"].map(text))?,
            figures: folder.large("客户_每年", "每户每年的存款、贷款、结算和授信", &figures)?,
            ownership: folder.large("管户", "每年谁管哪户、份额多少，同一户合计 100%", &ownership)?,
            breaches: folder.small("违纪记录", "查实的违规违纪", &["编号", "当事人", "事由"].map(text))?,
            credits: folder.small("授信业务", "逐笔经办", &credits)?,
            reports: folder.small("专题报告", "高级客户经理每年一份", &reports)?,
            decisions: folder.decisions("分行客户经理管理小组")?,
            folder,
        })
    }

    /// Adds an outlet.
    pub(super) fn write(&mut self, outlet: &Outlet) -> Result<(), SimError> {
        self.outlets.row(&row![&outlet.key, &outlet.name])?;
        let mut random = Random::new(outlet.seed, "six grades", outlet.number as u64);
        for (position, person) in outlet.staff.iter().enumerate() {
            let manager =
                Manager { outlet, person, position, held: held(&mut random, outlet, position, person) };
            self.person(&manager)?;
            if person.post != Post::Clerk && is_assessed(person) {
                self.years(&mut random, &manager)?;
            }
        }
        self.specials(&mut random, outlet)?;
        for customer in &outlet.customers {
            self.customer(outlet, customer)?;
        }
        Ok(())
    }

    fn person(&mut self, manager: &Manager<'_>) -> Result<(), SimError> {
        let person = manager.person;
        let trainee = (person.is_beginner && is_assessed(person)).then_some(person.from);
        self.people.row(&row![&person.key, &person.name, trainee, person.marketing])?;
        let first = [
            Cell::from(person.from.to_string()),
            Cell::from(&manager.outlet.key),
            Cell::from(post(person.post)),
            Cell::from(post(person.post).map(|_| if person.has_customers { "是" } else { "否" })),
            Cell::from(manager.held[0].filter(|_| person.from.year() >= YEARS[0])),
            Cell::from(person.education),
            Cell::from(if person.titled <= person.from { person.title } else { lower(person.title) }),
        ];
        self.change(person, first)?;
        let mut later = Vec::new();
        if person.titled > person.from && person.title != lower(person.title) {
            later.push((person.titled, None, Some(person.title)));
        }
        let is_there = |date| person.from < date && person.until.is_none_or(|until| until > date);
        for (year, grade) in YEARS.into_iter().zip(manager.held) {
            let date = day(year, 1, 1);
            if is_assessed(person)
                && grade.is_some()
                && is_there(date)
                && (!person.is_beginner || year == YEARS[0])
            {
                later.push((date, grade, None));
            }
        }
        later.sort_unstable();
        for (date, grade, title) in later {
            let none = || Cell::Empty;
            self.change(
                person,
                [date.to_string().into(), none(), none(), none(), grade.into(), none(), title.into()],
            )?;
        }
        if let Some(until) = person.until {
            let gone = || Cell::from("—");
            self.change(
                person,
                [until.to_string().into(), gone(), gone(), gone(), gone(), Cell::Empty, Cell::Empty],
            )?;
        }
        Ok(())
    }

    fn change(&mut self, person: &Person, cells: [Cell<'_>; 7]) -> Result<(), SimError> {
        let [since, outlet, post, direct, grade, education, title] = cells;
        self.changes.row(&[(&person.key).into(), since, outlet, post, direct, grade, education, title])
    }

    /// Examinations, bonuses, reports and judgements of the years.
    fn years(&mut self, random: &mut Random, manager: &Manager<'_>) -> Result<(), SimError> {
        let (outlet, person) = (manager.outlet, manager.person);
        for (position, year) in YEARS.into_iter().enumerate() {
            if person.from.year() > year || person.until.is_some_and(|until| until.year() < year) {
                continue;
            }
            let is_last = year == YEARS[1];
            let marks =
                random.around(7_900 + 250 * person.skill / crate::random::SIGMA, 800).clamp(2_000, 10_000)
                    / 50
                    * 50;
            let is_missing = is_last && outlet.number % 13 == 6 && manager.position == 2;
            self.examinations.row(&row![&person.key, year_text(year), (!is_missing).then_some(marks)])?;
            let grade = manager.held[position].unwrap_or("见习");
            let is_late = is_last && outlet.number % 13 == 7 && manager.position == 3;
            self.quarters(random, person, year, grade, is_late)?;
            if person.stays(year) {
                self.judge(random, manager, position)?;
            }
            if grade == "高级" && person.stays(year) {
                let key = format!("R{year}-{}", person.key);
                let handed_in = workday_of(random, year);
                self.reports.row(&row![
                    key,
                    year_text(year),
                    &person.key,
                    *random.pick(&SUBJECTS),
                    handed_in
                ])?;
            }
        }
        Ok(())
    }

    fn quarters(
        &mut self,
        random: &mut Random,
        person: &Person,
        year: i32,
        grade: &str,
        is_late: bool,
    ) -> Result<(), SimError> {
        // The campaign at the start of the year pays most.
        for (quarter, season) in (1..).zip([135, 92, 84, 108]) {
            let starts = day(year, quarter * 3, 28);
            if person.from > starts || person.until.is_some_and(|until| until <= starts) {
                continue;
            }
            let bonus = random.around(basis(grade) * season, basis(grade) * season / 7).max(0);
            let reached = near(random, grade);
            let bonus = (!(is_late && quarter == 4)).then_some(bonus);
            self.bonuses.row(&row![&person.key, quarter_text(year, quarter), reached, bonus])?;
        }
        Ok(())
    }

    /// The judgement of abilities, grade by grade, lowest first: who fails one fails all above.
    fn judge(&mut self, random: &mut Random, manager: &Manager<'_>, position: usize) -> Result<(), SimError> {
        let (person, year) = (manager.person, year_text(YEARS[position]));
        let is_open = position == 1 && manager.outlet.number % 13 == 9;
        let first = manager.outlet.staff.iter().enumerate().position(|(place, person)| {
            is_assessed(person) && manager.outlet.books[place][1].earned.is_some() && place > 0
        });
        if is_open && first == Some(manager.position) {
            return Ok(());
        }
        let mut is_able = true;
        for grade in GRADES.iter().rev() {
            is_able &= !random.chance(250);
            let (value, because) = if is_able {
                ("是", "具备该级要求的能力")
            } else {
                ("否", "能力还不到该级要求")
            };
            self.decisions.take("符合", &person.key, grade, &year, value, because)?;
        }
        let is_waived = person.education == "专科以下" && matches!(person.title, "无职称");
        if is_waived && !(position == 1 && manager.outlet.number % 40 == 8) {
            self.decisions.take(
                "学历职称合格",
                &person.key,
                "",
                &year,
                "是",
                "长期在岗，业务能力强，同意放宽",
            )?;
        }
        Ok(())
    }

    /// Breaches and credit business.
    fn specials(&mut self, random: &mut Random, outlet: &Outlet) -> Result<(), SimError> {
        if outlet.number % 9 == 2 {
            let person = &outlet.staff[random.below(9)];
            let key = format!("W{:04}", self.breaches.rows() + 1);
            self.breaches.row(&row![key, &person.key, *random.pick(&BREACHES)])?;
        }
        for customer in outlet.customers.iter().step_by(37) {
            let figures = &customer.figures[2];
            let person = &outlet.staff[customer.owners[1].first];
            if figures.loan > 0 && is_assessed(person) && !person.is_beginner {
                let key = format!("X{:06}", self.credits.rows() + 1);
                let date = workday_of(random, YEARS[1]).max(person.from);
                self.credits.row(&row![
                    key,
                    date,
                    &person.key,
                    &customer.key,
                    figures.loan / 10_000_000 * 10_000_000
                ])?;
            }
        }
        Ok(())
    }

    fn customer(&mut self, outlet: &Outlet, customer: &Customer) -> Result<(), SimError> {
        self.customers.row(&row![&customer.key, &customer.name])?;
        for (position, year) in YEARS.into_iter().enumerate() {
            let (before, now) = (&customer.figures[position], &customer.figures[position + 1]);
            let is_missing = customer.is_late && year == YEARS[1];
            self.figures(&customer.key, year, now, before, is_missing)?;
            for (person, share) in customer.owners[position].shares() {
                let key = format!("H{:08}", self.ownership.rows() + 1);
                let person = &outlet.staff[person].key;
                self.ownership.row(&row![key, year_text(year), person, &customer.key, share * 100])?;
            }
        }
        Ok(())
    }

    fn figures(
        &mut self,
        key: &str,
        year: i32,
        now: &Figures,
        before: &Figures,
        is_missing: bool,
    ) -> Result<(), SimError> {
        self.figures.row(&row![
            key,
            year_text(year),
            (!is_missing).then_some(now.deposit),
            now.agreed,
            before.deposit,
            now.loan,
            now.settled_abroad,
            now.settled_in_yuan,
            now.credit,
            now.normal,
            before.credit,
            before.normal,
            now.bad,
            now.unpaid_interest,
            now.advances,
        ])
    }

    pub(super) fn finish(mut self) -> Result<FolderSummary, SimError> {
        let tables = [
            self.outlets,
            self.people,
            self.changes,
            self.examinations,
            self.bonuses,
            self.customers,
            self.figures,
            self.ownership,
            self.breaches,
            self.credits,
            self.reports,
            self.decisions.table,
        ];
        for table in tables {
            self.folder.finish(table)?;
        }
        self.folder.close(&REMARKS)
    }
}

/// Somebody with the grades held in the years.
struct Manager<'a> {
    outlet: &'a Outlet,
    person: &'a Person,
    /// Position in the staff.
    position: usize,
    held: [Option<&'static str>; 2],
}

/// Does the policy speak of somebody?
fn is_assessed(person: &Person) -> bool {
    post(person.post).is_some()
}

/// What the policy calls a post.
fn post(post: Post) -> Option<&'static str> {
    match post {
        Post::Corporate => Some("公司客户经理"),
        Post::Deputy => Some("公司科副科长"),
        Post::Clerk => Some("内勤人员"),
        Post::Retail | Post::Small => None,
    }
}

/// The grades that somebody holds in the years: what the figures of the year before earned, more or less.
fn held(random: &mut Random, outlet: &Outlet, position: usize, person: &Person) -> [Option<&'static str>; 2] {
    if !is_assessed(person) || person.post == Post::Clerk {
        return [None; 2];
    }
    if person.is_beginner {
        return [Some("见习"); 2];
    }
    let lowest = GRADES.len() - 1;
    let now = outlet.books[position][0].earned.unwrap_or(lowest);
    let before = random.weighted(&[(now, 7), ((now + 1).min(lowest), 3), (now.saturating_sub(1), 1)]);
    let is_new = person.from.year() >= YEARS[0];
    if is_new { [Some(GRADES[lowest]); 2] } else { [Some(GRADES[before]), Some(GRADES[now])] }
}

/// The quarterly bonus of a grade in yuan.
fn basis(grade: &str) -> i64 {
    match grade {
        "高级" => 21_000,
        "一级" => 16_000,
        "二级" => 12_500,
        "三级" => 9_200,
        "四级" => 6_800,
        _ => 3_000,
    }
}

/// A grade that a quarter may show instead.
fn near<'a>(random: &mut Random, grade: &'a str) -> &'a str {
    let Some(place) = GRADES.iter().position(|other| *other == grade) else { return grade };
    let other = random.weighted(&[
        (place, 70),
        (place.saturating_sub(1), 12),
        ((place + 1).min(GRADES.len() - 1), 18),
    ]);
    GRADES[other]
}

/// The title before.
fn lower(title: &'static str) -> &'static str {
    match title {
        "高级职称" => "中级职称",
        "中级职称" => "初级职称",
        _ => "无职称",
    }
}
