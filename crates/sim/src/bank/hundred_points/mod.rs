//! The bank for the policy of a hundred points: yearly figures, marketed loans, events, penalties.

mod events;

use super::YEARS;
use super::outlet::Outlet;
use super::people::{Person, Post};
use crate::calendar::{later, year_text};
use crate::folder::{Decisions, Folder};
use crate::random::{Random, SIGMA};
use crate::table::{Table, count, day as day_column, flag, points, ratio, row, text, wan, yuan};
use crate::{FolderSummary, SimError};
use std::path::Path;

/// The tables.
#[derive(Debug)]
pub(super) struct Files {
    folder: Folder,
    outlets: Table,
    posts: Table,
    seats: Table,
    people: Table,
    changes: Table,
    figures: Table,
    loans: Table,
    events: Table,
    penalties: Table,
    moves: Table,
    decisions: Decisions,
}

const REMARKS: [&str; 4] = [
    "三个序列的客户经理，2024、2025 两年；人员和支行与 bank-s01 是同一家银行。",
    "参评的人数据都齐，全部能排名；从事信贷不满一年的不参评，几人没有登记从事信贷起始日。",
    "客户举报的分值、没有贷款的存款得分、没有任务的净增得分已由评审小组决定；几件损害形象的级数还没有决定，相应等级待定。",
    "存款日均是认定为本人营销的存款，所以小于 bank-s01 里全部管户的存款。",
];

impl Files {
    pub(super) fn create(parent: &Path, scale: u32) -> Result<Self, SimError> {
        let title = "某城市商业银行：客户经理百分制等级评定";
        let folder = Folder::create(parent, "bank-s02", title, "s02-bank-hundred-points", scale)?;
        let figures = [
            text("编号"),
            text("期间"),
            text("序列"),
            wan("存款日均"),
            wan("经管贷款余额"),
            count("净增户数"),
            count("净增任务"),
            ratio("不良率"),
            ratio("经办不良率"),
            wan("模拟利润"),
            points("理论成绩"),
            points("技能成绩"),
            yuan("原岗位月工资"),
            text("复议等级"),
        ];
        let loans = [text("编号"), text("期间"), text("经理"), wan("余额"), wan("上年余额")];
        let events = [
            text("编号"),
            day_column("日期"),
            text("经理"),
            text("类别"),
            points("分值"),
            flag("属实"),
            flag("自身原因"),
            flag("情节严重"),
            flag("已另计分"),
            text("系列"),
            day_column("取得日"),
            yuan("罚款"),
            text("依据"),
        ];
        let penalties = [
            text("编号"),
            day_column("日期"),
            text("经理"),
            text("情形"),
            count("级数"),
            flag("属实"),
            text("依据"),
        ];
        let moves = [
            text("编号"),
            text("期间"),
            text("转任人"),
            text("原岗位"),
            yuan("原月工资"),
            yuan("原年工资"),
            text("原星级"),
            text("原等级"),
        ];
        Ok(Self {
            outlets: folder.small("机构", "支行", &["编号", "名称"].map(text))?,
            posts: folder.small(
                "支行编制",
                "每家支行每个序列一行",
                &["编号", "名称", "所属支行", "编制序列"].map(text),
            )?,
            seats: folder.small(
                "支行编制_每年",
                "核定人数",
                &[text("编号"), text("期间"), count("核定人数")],
            )?,
            people: folder.small(
                "人员",
                "全部客户经理，含离职的",
                &[text("编号"), text("名称"), day_column("从事信贷起始日")],
            )?,
            changes: folder.small(
                "人员_随日期",
                "占哪家支行哪个序列的编制",
                &["编号", "自", "编制"].map(text),
            )?,
            figures: folder.small("人员_每年", "每人每年的考核数据", &figures)?,
            loans: folder.export("营销贷款", "信贷系统导出的逐笔营销贷款余额", &loans)?,
            events: folder.sheet("考核事件", "质量、作风、投诉、违规、职称、证书、表彰的登记", &events)?,
            penalties: folder.small("惩处事项", "监察保卫部、审计稽核部登记的惩处", &penalties)?,
            moves: folder.small("转任", "当年新调整为客户经理的人", &moves)?,
            decisions: folder.decisions("评审小组")?,
            folder,
        })
    }

    /// Adds an outlet.
    pub(super) fn write(&mut self, outlet: &Outlet) -> Result<(), SimError> {
        self.outlets.row(&row![&outlet.key, &outlet.name])?;
        self.posts(outlet)?;
        let mut random = Random::new(outlet.seed, "hundred points", outlet.number as u64);
        for (position, person) in outlet.staff.iter().enumerate() {
            let Some((sequence, letter)) = sequence(person.post) else { continue };
            self.person(outlet, position, person, letter)?;
            let mut loans = Vec::new();
            for (place, year) in YEARS.into_iter().enumerate().filter(|(_, year)| person.stays(*year)) {
                let manager = Manager { outlet, person, position, place, year, sequence };
                self.figures(&mut random, &manager)?;
                self.loans(&mut random, &manager, &mut loans)?;
                self.events(&mut random, &manager)?;
                self.penalty(&mut random, &manager)?;
                self.move_here(&mut random, &manager)?;
            }
        }
        Ok(())
    }

    fn posts(&mut self, outlet: &Outlet) -> Result<(), SimError> {
        for post in [Post::Corporate, Post::Retail, Post::Small] {
            let Some((sequence, letter)) = sequence(post) else { continue };
            let key = format!("{}{letter}", outlet.key);
            let name = format!("{}{sequence}", outlet.name);
            self.posts.row(&row![&key, name, &outlet.key, sequence])?;
            for year in YEARS {
                let people =
                    outlet.staff.iter().filter(|person| person.post == post && person.stays(year)).count();
                let vacant = usize::from(outlet.number % 11 == 6 && post == Post::Corporate);
                self.seats.row(&row![&key, year_text(year), (people + vacant) as i64])?;
            }
        }
        Ok(())
    }

    fn person(
        &mut self,
        outlet: &Outlet,
        position: usize,
        person: &Person,
        letter: &str,
    ) -> Result<(), SimError> {
        let is_known = !(outlet.number % 13 == 11 && position == 4);
        let since =
            if person.from.year() >= YEARS[0] { person.marketing } else { later(person.marketing, 60) };
        self.people.row(&row![&person.key, &person.name, is_known.then_some(since)])?;
        self.changes.row(&row![&person.key, person.from.to_string(), format!("{}{letter}", outlet.key)])?;
        match person.until {
            Some(until) => self.changes.row(&row![&person.key, until.to_string(), "—"]),
            None => Ok(()),
        }
    }

    fn figures(&mut self, random: &mut Random, manager: &Manager<'_>) -> Result<(), SimError> {
        let Manager { outlet, person, position, place, .. } = *manager;
        let book = &outlet.books[position][place];
        let form = manager.form(random);
        let loans = if outlet.number % 20 == 7 && position == 11 { 0 } else { book.loans };
        // The deposits that count as marketed: on average a little more than a tenth of the loans.
        let share = random.around(1_080 + per_sigma(form, 90), 310).max(0);
        let deposits =
            if loans == 0 { book.deposits / 9 } else { (loans / 10_000 * share).min(book.deposits) };
        let task = if outlet.number % 10 == 3 && position == 12 { 0 } else { random.between(6, 48) };
        let reached = random.around(1_010 + per_sigma(form, 50), 130);
        let new = if task == 0 { random.between(-2, -1) } else { (task * reached + 500).div_euclid(1_000) };
        let bad = if book.credit == 0 { 0 } else { (book.bad as i128 * 10_000 / book.credit as i128) as i64 };
        let handled = (outlet.number % 9 == 4 && position == 0).then_some(bad * 6 / 10);
        let profit = random.around(800_000 + per_sigma(form, 140_000), 210_000) * 100;
        let mut marks =
            |mean: i64| random.around(mean + per_sigma(form, 250), 750).clamp(3_000, 10_000) / 50 * 50;
        let (theory, skill) = (marks(8_700), marks(8_850));
        let review = (place == 0 && outlet.number % 13 == 2 && position == 6).then_some("中级");
        self.figures.row(&row![
            &person.key,
            year_text(manager.year),
            manager.sequence,
            deposits,
            loans,
            new,
            task,
            bad,
            handled,
            profit,
            theory,
            skill,
            random.between(32, 58) * 10_000,
            review,
        ])?;
        self.decide_figures(manager, loans, task, new)
    }

    /// Figures that the article leaves to the assessment group.
    fn decide_figures(
        &mut self,
        manager: &Manager<'_>,
        loans: i64,
        task: i64,
        new: i64,
    ) -> Result<(), SimError> {
        let (key, year) = (&manager.person.key, year_text(manager.year));
        if loans == 0 {
            self.decisions.take("存款得分", key, "", &year, "100分", "没有经管贷款，按惯例记满分")?;
        }
        if task == 0 && new < 0 {
            self.decisions.take("净增得分", key, "", &year, "60分", "没有下达任务，户数略减")?;
        }
        Ok(())
    }

    /// Marketed loans: those of the year before that are still there, and new ones.
    fn loans(
        &mut self,
        random: &mut Random,
        manager: &Manager<'_>,
        loans: &mut Vec<(i64, i64)>,
    ) -> Result<(), SimError> {
        let median = match manager.person.post {
            Post::Retail => 48,
            Post::Small => 62,
            _ => 85,
        };
        let is_first = loans.is_empty();
        for (balance, before) in loans.iter_mut() {
            *before = *balance;
            *balance = *balance * random.between(55, 104) / 100;
        }
        loans.retain(|_| !random.chance(2_400));
        let mean = if is_first { 4_900 } else { 1_500 } + per_sigma(manager.person.skill, 600);
        for _ in 0..random.count(mean.max(600)) {
            let balance = random.log_normal(median * WAN, 1_100).max(WAN);
            let before =
                if is_first && random.chance(6_500) { balance * random.between(80, 125) / 100 } else { 0 };
            loans.push((balance, before));
        }
        for (balance, before) in loans.iter_mut() {
            // Loans are kept in half ten thousands.
            *balance = (*balance / (WAN / 2)).max(1) * (WAN / 2);
            let key = format!("L{:07}", self.loans.rows() + 1);
            self.loans.row(&row![
                key,
                year_text(manager.year),
                &manager.person.key,
                *balance,
                *before / WAN * WAN
            ])?;
        }
        Ok(())
    }

    /// Those who came from another post.
    fn move_here(&mut self, random: &mut Random, manager: &Manager<'_>) -> Result<(), SimError> {
        let person = manager.person;
        let Some(post) = person.came_from.filter(|_| person.starts(manager.year)) else { return Ok(()) };
        let key = format!("Z{:04}", self.moves.rows() + 1);
        let wage = random.between(300, 460) * 1_000;
        let star = (post == "柜员").then(|| *random.pick(&["五星", "四星", "三星", "二星", "一星"]));
        let grade = (post == "他单位客户经理").then(|| *random.pick(&["高级", "中级", "初级"]));
        self.moves.row(&row![key, year_text(manager.year), &person.key, post, wage, wage * 13, star, grade])
    }

    pub(super) fn finish(mut self) -> Result<FolderSummary, SimError> {
        let tables = [
            self.outlets,
            self.posts,
            self.seats,
            self.people,
            self.changes,
            self.figures,
            self.loans,
            self.events,
            self.penalties,
            self.moves,
            self.decisions.table,
        ];
        for table in tables {
            self.folder.finish(table)?;
        }
        self.folder.close(&REMARKS)
    }
}

/// Ten thousand yuan in fen.
const WAN: i64 = 1_000_000;

/// Somebody in a year.
#[derive(Debug, Clone, Copy)]
struct Manager<'a> {
    outlet: &'a Outlet,
    person: &'a Person,
    /// Position in the staff.
    position: usize,
    /// Position of the year.
    place: usize,
    year: i32,
    sequence: &'static str,
}

impl Manager<'_> {
    /// The skill in a year; a few have a bad one.
    fn form(&self, random: &mut Random) -> i64 {
        let slump = if random.chance(300) { 5 * SIGMA / 2 } else { 0 };
        self.person.skill - slump
    }
}

/// So much for one standard deviation.
fn per_sigma(skill: i64, step: i64) -> i64 {
    (skill * step) >> 16
}

/// The sequence of a post and its letter in keys.
fn sequence(post: Post) -> Option<(&'static str, &'static str)> {
    match post {
        Post::Corporate => Some(("公司客户经理", "G")),
        Post::Retail => Some(("零售客户经理", "L")),
        Post::Small => Some(("小微客户经理", "X")),
        Post::Deputy | Post::Clerk => None,
    }
}
