//! Accounts, partner outlets, plans, trainings and materials.

use super::{Branch, Post};
use crate::calendar::{any_day, day, later, month_text, quarter_text, workday};
use crate::folder::Folder;
use crate::random::Random;
use crate::table::{count, day as day_column, flag, row, text, wan, yuan};
use crate::{Options, SimError};

/// Writes all tables.
pub(super) fn write(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    accounts(folder, options, branch)?;
    plans(folder, options, branch)?;
    outlets(folder, options, branch)?;
    trainings(folder, options, branch)?;
    materials(folder, options, branch)
}

fn accounts(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities accounts", 0);
    let columns = [text("编号"), day_column("日期"), text("区域"), text("开户经理"), yuan("市值资产")];
    let mut table = folder.sheet("开户", "交易系统的新开户", &columns)?;
    // Accounts follow the market: many in spring and in the autumn.
    let seasons = [3_200, 4_600, 5_400, 4_300, 3_600, 3_300, 3_000, 3_900, 5_200, 5_800, 3_900, 3_300];
    for (month, season) in (1..).zip(seasons) {
        let first = day(2025, month, 1);
        let end = first.last_of_month();
        for (number, region) in branch.regions.iter().enumerate() {
            for person in branch.members(number, Post::Manager, end) {
                for _ in 0..random.count(season + ((person.skill * 900) >> 16)) {
                    let key = format!("A{:07}", table.rows() + 1);
                    let date = workday(any_day(&mut random, later(first, 3), end));
                    let assets = random.log_normal(2_400_000, 1_400);
                    table.row(&row![key, date, &region.key, &person.key, assets])?;
                }
            }
        }
    }
    folder.finish(table)
}

fn plans(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities plans", 0);
    let columns = [text("编号"), text("期间"), text("对象"), day_column("提交日"), text("规划内容")];
    let mut quarters = folder.small("业务发展规划", "下一季度的规划", &columns)?;
    let columns = [
        text("编号"),
        text("期间"),
        text("对象"),
        count("有效预约"),
        count("新开户数"),
        count("新增有效户数"),
        wan("新增市值资产"),
        text("展业策略"),
    ];
    let mut months = folder.small("营销计划书", "每月的目标和策略", &columns)?;
    for region in &branch.regions {
        for quarter in 1..=4 {
            let starts = day(2025, quarter * 3 - 2, 1);
            // Some come late, a few not at all.
            let (is_late, is_missing) = (random.chance(800), random.chance(300));
            let handed_in =
                later(starts, if is_late { random.between(0, 6) } else { -random.between(1, 12) });
            if !is_missing {
                let key = format!("N{:04}", quarters.rows() + 1);
                quarters.row(&row![
                    key,
                    quarter_text(2025, quarter),
                    &region.key,
                    handed_in,
                    "渠道维护、投教活动和产品销售安排"
                ])?;
            }
        }
        for month in 1..=12 {
            let key = format!("M{:05}", months.rows() + 1);
            let accounts = random.between(25, 50);
            let good = accounts * random.between(55, 75) / 100;
            let assets = accounts * random.between(4, 9) * 1_000_000;
            let visits = accounts * random.between(3, 5);
            let period = month_text(2025, month);
            months.row(&row![
                key,
                period,
                &region.key,
                visits,
                accounts,
                good,
                assets,
                "银行网点驻点与社区投教"
            ])?;
        }
    }
    folder.finish(quarters)?;
    folder.finish(months)
}

fn outlets(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities outlets", 0);
    let columns = [text("编号"), text("名称"), day_column("备案日"), day_column("启用日")];
    let mut outlets = folder.small("渠道网点", "合作银行的网点", &columns)?;
    let mut changes = folder.small("渠道网点_随日期", "网点归哪个区域", &["编号", "自", "区域"].map(text))?;
    let mut reviews =
        folder.small("网点质量评估", "每季一次", &["编号", "期间", "对象", "评估结论"].map(text))?;
    let banks = ["城市商业银行", "农村商业银行", "股份制银行", "邮政储蓄", "国有大行"];
    for (number, region) in branch.regions.iter().enumerate() {
        for _ in 0..random.between(4, 7) {
            let key = format!("D{:04}", outlets.rows() + 1);
            let used = any_day(&mut random, day(2019, 3, 1), day(2025, 2, 20));
            // Two in a hundred were used before they were registered.
            let registered =
                later(used, if random.chance(200) { random.between(2, 20) } else { -random.between(0, 25) });
            let name = format!("{}{}第{}网点", region.name, random.pick(&banks), outlets.rows() + 1);
            outlets.row(&row![&key, name, registered, used])?;
            changes.row(&row![&key, used.to_string(), &region.key])?;
            for quarter in 1..=4 {
                let is_missing = number % 8 == 6 && quarter == 3 && random.chance(4_000);
                if used <= day(2025, quarter * 3, 1) && !is_missing {
                    let review = format!("V{:05}", reviews.rows() + 1);
                    let finding = random.pick(&["客流稳定", "客流上升", "客流下降，加强驻点", "配合度高"]);
                    reviews.row(&row![review, quarter_text(2025, quarter), &key, *finding])?;
                }
            }
        }
    }
    for table in [outlets, changes, reviews] {
        folder.finish(table)?;
    }
    Ok(())
}

fn trainings(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities trainings", 0);
    let columns = [
        text("编号"),
        day_column("日期"),
        text("主办区域"),
        flag("含销售案例"),
        flag("含营销技巧"),
        flag("含专业知识"),
    ];
    let mut table = folder.small("辖区培训", "区域自办的培训", &columns)?;
    for region in &branch.regions {
        for quarter in 0..4 {
            for _ in 0..random.between(2, 4) {
                let key = format!("P{:05}", table.rows() + 1);
                let first = day(2025, quarter * 3 + 1, 5);
                let date = workday(any_day(&mut random, first, later(first, 80)));
                let mut has = || random.chance(9_300);
                table.row(&row![key, date, &region.key, has(), has(), has()])?;
            }
        }
    }
    folder.finish(table)
}

fn materials(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities materials", 0);
    let columns =
        [text("编号"), day_column("日期"), text("传递人"), flag("公司统一提供"), flag("涉及投资咨询")];
    let mut table = folder.small("材料传递", "客户经理传递的材料", &columns)?;
    for person in branch.staff.iter().filter(|person| person.post == Post::Manager) {
        for month in 1..=12 {
            let first = day(2025, month, 1);
            if person.post_on(first.last_of_month()) != Some(Post::Manager) {
                continue;
            }
            for _ in 0..random.count(1_500) {
                let key = format!("C{:06}", table.rows() + 1);
                let date = workday(any_day(&mut random, later(first, 3), first.last_of_month()));
                table.row(&row![key, date, &person.key, random.chance(9_900), random.chance(60)])?;
            }
        }
    }
    folder.finish(table)
}
