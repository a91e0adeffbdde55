//! One city branch of a telecom company: dispatched customer managers, monthly scores, awards, breaches.

use crate::calendar::{any_day, day, later, month_text, workday_of, year_text};
use crate::folder::{Decisions, Folder};
use crate::names::People;
use crate::random::Random;
use crate::table::{Cell, Table, day as day_column, flag, points, row, text, yuan};
use crate::{FolderSummary, Options, ProgressFn, SimError};
use hengjie_calendar::Date;
use std::path::Path;

/// The branch at scale 1: managers in the scheme, and others who are not.
const MANAGERS: usize = 120;
const OTHERS: usize = 14;

const YEARS: [i32; 2] = [2024, 2025];
const CITY: &str = "CC";

const REMARKS: [&str; 4] = [
    "长春一个市分公司的派遣制客户经理，另有合同制和其他岗位的人不参加分级。",
    "2024、2025 两年每月一个绩效评分，都齐，全部能排名；几人 2025 年 12 月加班费没有到数，当月应发工资待补。",
    "能力认定、奖励金额、违规处理已由地市评定小组和地市分公司决定；个别奖励和违规还没有决定。",
    "2025 年的等级工资按 2024 年评定的级别发。",
];

/// The tables.
#[derive(Debug)]
struct Files {
    people: Table,
    changes: Table,
    months: Table,
    awards: Table,
    breaches: Table,
    contracts: Table,
    decisions: Decisions,
}

/// Somebody of the branch.
#[derive(Debug)]
struct Person {
    key: String,
    /// First day at the post.
    from: Date,
    until: Option<Date>,
    is_dispatched: bool,
    is_manager: bool,
    passed: bool,
    customers: i64,
    important: i64,
    plans: bool,
    education: &'static str,
    skill: i64,
}

/// Writes the folder.
pub(crate) fn write(
    folder: &Path,
    options: &Options,
    progress: &ProgressFn<'_>,
) -> Result<FolderSummary, SimError> {
    let title = "某通信公司长春市分公司：派遣制客户经理分级";
    let mut folder = Folder::create(folder, "telecom", title, "s04-telecom-tiering", options.scale)?;
    let mut city = folder.small("地市", "只有一个市", &["编号", "名称"].map(text))?;
    city.row(&row![CITY, "长春"])?;
    let mut files = Files::create(&folder)?;
    let mut random = Random::new(options.seed, "telecom", 0);
    let mut names = People::new(options.seed, "telecom people");
    let (managers, others) = (MANAGERS * options.scale as usize, OTHERS * options.scale as usize);
    for number in 0..managers + others {
        let person = person(&mut random, number, number < managers);
        files.person(&person, &names.name())?;
        files.months(&mut random, &person, number)?;
        if person.is_dispatched && person.is_manager {
            files.judge(&mut random, &person)?;
            files.award(&mut random, &person, number)?;
            files.breach(&mut random, &person, number)?;
        } else if !person.is_dispatched {
            files.contract(&mut random, &person, number)?;
        }
        progress("通信", number as u64 + 1, (managers + others) as u64);
    }
    folder.finish(city)?;
    let Files { people, changes, months, awards, breaches, contracts, decisions } = files;
    for table in [people, changes, months, awards, breaches, contracts, decisions.table] {
        folder.finish(table)?;
    }
    folder.close(&REMARKS)
}

fn person(random: &mut Random, number: usize, is_in_scheme: bool) -> Person {
    let from = match random.weighted(&[(0, 80), (1, 12), (2, 8)]) {
        0 => any_day(random, day(2012, 3, 1), day(2023, 12, 20)),
        1 => any_day(random, day(2024, 1, 5), day(2025, 9, 20)),
        _ => any_day(random, day(2025, 9, 25), day(2025, 12, 15)),
    };
    let skill = random.normal();
    let is_contract = !is_in_scheme && number.is_multiple_of(2);
    let leaves = is_in_scheme && from.year() < 2024 && random.chance(300);
    Person {
        key: format!("G{:04}", number + 1),
        from: if is_in_scheme { from } else { any_day(random, day(2010, 3, 1), day(2021, 6, 30)) },
        until: leaves.then(|| any_day(random, day(2025, 2, 1), day(2025, 11, 30))),
        is_dispatched: !is_contract,
        is_manager: is_in_scheme || is_contract,
        passed: random.chance(9_700),
        customers: random.between(3, 45),
        important: random.weighted(&[(0, 26), (1, 32), (2, 22), (4, 13), (7, 7)]),
        plans: random.chance(900),
        education: random.weighted(&[
            ("研究生", 2),
            ("本科", 38),
            ("大专", 44),
            ("中专", 11),
            ("高中及以下", 5),
        ]),
        skill,
    }
}

impl Person {
    /// The last day of probation, on which it is judged.
    fn settled(&self) -> Date {
        later(self.from.add_months(3).unwrap_or(self.from), -1)
    }
}

impl Files {
    fn create(folder: &Folder) -> Result<Self, SimError> {
        let changes = [
            "编号",
            "自",
            "地市",
            "用工形式",
            "岗位",
            "学历",
            "实习考核合格",
            "包保客户数",
            "包保重要客户数",
            "从事营销策划",
            "从事客户经理工作",
        ];
        let months =
            [text("编号"), text("期间"), points("绩效评分"), yuan("核定绩效工资"), yuan("核定加班费")];
        let awards = [text("编号"), day_column("日期"), text("获奖人"), text("类别")];
        let breaches = [text("编号"), day_column("日期"), text("责任人"), text("情形"), flag("属实")];
        let contracts = [text("编号"), text("转签人"), day_column("转签日"), text("转签时级别")];
        Ok(Self {
            people: folder.small("人员", "上岗日", &[text("编号"), text("名称"), day_column("上岗日")])?,
            changes: folder.small(
                "人员_随日期",
                "用工形式、岗位、学历、包保客户的变动",
                &changes.map(text),
            )?,
            months: folder.sheet("人员_每月", "绩效系统的评分，人力资源核定的加班费", &months)?,
            awards: folder.small("奖励", "获得的奖励", &awards)?,
            breaches: folder.small("违规", "违规登记", &breaches)?,
            contracts: folder.small("转签", "派遣转为合同的人", &contracts)?,
            decisions: folder.decisions("地市评定小组")?,
        })
    }

    fn person(&mut self, person: &Person, name: &str) -> Result<(), SimError> {
        self.people.row(&row![&person.key, name, person.from])?;
        let word = |flag: bool| if flag { "是" } else { "否" };
        self.changes.row(&row![
            &person.key,
            person.from.to_string(),
            CITY,
            if person.is_dispatched { "派遣制" } else { "合同制" },
            if person.is_manager { "客户经理" } else { "其他岗位" },
            person.education,
            "否",
            "0",
            "0",
            word(person.plans),
            word(person.is_manager),
        ])?;
        let end = person.until.unwrap_or(Date::MAX);
        let settled = person.settled();
        if person.passed && settled <= day(2025, 12, 31).min(end) {
            let customers = (person.customers.to_string(), person.important.to_string());
            let none = || Cell::Empty;
            let since = settled.to_string();
            self.changes.row(&row![
                &person.key,
                since,
                none(),
                none(),
                none(),
                none(),
                "是",
                customers.0,
                customers.1,
                none(),
                none(),
            ])?;
        }
        if let Some(until) = person.until {
            let (none, gone) = (|| Cell::Empty, || Cell::from("—"));
            let since = until.to_string();
            let cells = row![
                &person.key,
                since,
                gone(),
                gone(),
                gone(),
                none(),
                none(),
                gone(),
                gone(),
                none(),
                none()
            ];
            self.changes.row(&cells)?;
        }
        Ok(())
    }

    fn months(&mut self, random: &mut Random, person: &Person, number: usize) -> Result<(), SimError> {
        // Summer and the new year are hard for sales, the campaigns in May and November help.
        let seasons = [-120, -160, 0, 40, 150, 60, -80, -60, 20, 40, 160, 60];
        for year in YEARS {
            for (month, season) in (1_u8..).zip(seasons) {
                let first = day(year, month, 1);
                let is_there =
                    person.from <= first.last_of_month() && person.until.is_none_or(|until| until > first);
                if !is_there || !person.is_manager {
                    continue;
                }
                let mean = 8_250 + season + ((person.skill * 480) >> 16) + if year == 2025 { 40 } else { 0 };
                let score = random.around(mean, 330).clamp(3_500, 10_000);
                let is_late = (year, month) == (2025, 12) && number % 50 == 17;
                let overtime = random.weighted(&[(0, 5), (1, 3), (2, 2)]) * random.between(6_000, 21_000);
                self.months.row(&row![
                    &person.key,
                    month_text(year, month),
                    score,
                    score * 15 + random.between(-9_000, 9_000),
                    (!is_late).then_some(overtime),
                ])?;
            }
        }
        Ok(())
    }

    /// Whether somebody has the abilities of the middle and the high grade, year by year.
    fn judge(&mut self, random: &mut Random, person: &Person) -> Result<(), SimError> {
        let is_high = random.chance(9_300);
        let is_middle = is_high || random.chance(6_000);
        for year in YEARS {
            let period = year_text(year);
            let because = |able: bool| {
                if able { "业务熟练，服务和沟通能力达到要求" } else { "能力还不够" }
            };
            let word = |able: bool| if able { "是" } else { "否" };
            let mut take =
                |what, able| self.decisions.take(what, &person.key, "", &period, word(able), because(able));
            take("中级资格", is_middle)?;
            take("高级资格", is_high)?;
            if !person.passed && person.from.year() <= year {
                // The article leaves open what somebody is who has not passed.
                self.decisions.take(
                    "评定级别",
                    &person.key,
                    "",
                    &period,
                    "实习",
                    "实习期未合格，继续实习",
                )?;
                self.keep_on_probation(person, year)?;
            }
        }
        Ok(())
    }

    fn keep_on_probation(&mut self, person: &Person, year: i32) -> Result<(), SimError> {
        for month in 1..=12 {
            if person.settled() <= day(year, month, 1).last_of_month() {
                let period = month_text(year, month);
                self.decisions.take("执行级别", &person.key, "", &period, "实习", "实习期考核未合格")?;
            }
        }
        Ok(())
    }

    fn award(&mut self, random: &mut Random, person: &Person, number: usize) -> Result<(), SimError> {
        let is_open = number % 120 == 40;
        for year in YEARS {
            let is_due = person.from.year() < year && person.until.is_none();
            if !is_due || !(random.chance(900) || (is_open && year == 2025)) {
                continue;
            }
            let key = format!("J{:04}", self.awards.rows() + 1);
            let kind =
                random.weighted(&[("突出贡献", 5), ("市级奖励", 4), ("省级奖励", 2), ("集团创新成果", 2)]);
            let date = workday_of(random, year);
            self.awards.row(&row![&key, date, &person.key, kind])?;
            if !(is_open && year == 2025) {
                let amount = format!("{}00元", random.between(1, 20));
                let month = month_text(year, date.month());
                self.decisions.take_by(
                    "地市分公司",
                    "奖励工资",
                    &person.key,
                    &key,
                    &month,
                    &amount,
                    "按贡献大小",
                )?;
            }
        }
        Ok(())
    }

    fn breach(&mut self, random: &mut Random, person: &Person, number: usize) -> Result<(), SimError> {
        let is_open = number % 120 == 77;
        if !is_open && !random.chance(500) || person.from.year() > 2024 || person.until.is_some() {
            return Ok(());
        }
        let key = format!("F{:04}", self.breaches.rows() + 1);
        let kind = random.pick(&["违规违纪", "不当行为经济损失", "造假谋私", "检查暗访通报", "媒体曝光"]);
        let (date, is_true) = (workday_of(random, 2025), is_open || random.chance(8_500));
        self.breaches.row(&row![&key, date, &person.key, *kind, is_true])?;
        if is_open || !is_true {
            return Ok(());
        }
        let month = month_text(2025, date.month());
        let outcome = random.weighted(&[("扣罚工资", 7), ("调整等级工资", 2)]);
        let mut take = |what, value: &str| {
            self.decisions.take_by("地市分公司", what, &key, "", &month, value, "按情节轻重")
        };
        take("处理", outcome)?;
        match outcome {
            "扣罚工资" => take("扣罚额", &format!("{}00元", random.between(1, 6))),
            _ => take("调整后级别", "初级"),
        }
    }

    fn contract(&mut self, random: &mut Random, person: &Person, number: usize) -> Result<(), SimError> {
        let key = format!("Q{:04}", number + 1);
        let signed = any_day(random, day(2022, 1, 10), day(2024, 6, 30));
        if number.is_multiple_of(3) {
            // Left the work with customers before the three years were over.
            let none = || Cell::Empty;
            let cells = row![
                &person.key,
                "2025-04-01",
                none(),
                none(),
                none(),
                none(),
                none(),
                none(),
                none(),
                none(),
                "否"
            ];
            self.changes.row(&cells)?;
        }
        self.contracts.row(&row![key, &person.key, signed, "高级"])
    }
}
