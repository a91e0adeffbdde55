//! The daily work of the last year: shops, visits, diaries, deliveries, requests.

use super::LAST;
use super::staff::{Bureau, Person};
use crate::calendar::{any_day, day, later, month_text, workday, workday_of};
use crate::folder::Folder;
use crate::names::Signs;
use crate::random::Random;
use crate::table::{count, day as day_column, flag, row, text};
use crate::{Options, SimError};

/// Shops that a manager visits.
const SHOPS: i64 = 120;

/// Areas of a department.
const AREAS: usize = 3;

/// Writes all tables.
pub(super) fn write(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let shops = shops(folder, options, bureau)?;
    visits(folder, options, bureau)?;
    diaries(folder, options, bureau)?;
    deliveries(folder, options, bureau, shops)?;
    requests(folder, options, bureau)?;
    super::registers::about_shops(folder, options, bureau, shops)
}

/// Those who visit shops, on the last day.
fn visitors(bureau: &Bureau) -> impl Iterator<Item = &Person> {
    bureau.people.iter().filter(|person| person.post == "客户经理" && person.is_there(day(LAST, 12, 31)))
}

/// The key of a shop by its number from 1.
pub(super) fn shop_key(number: u64) -> String {
    format!("S{number:07}")
}

/// Areas and shops; returns how many shops there are.
fn shops(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<u64, SimError> {
    let mut random = Random::new(options.seed, "tobacco shops", 0);
    let signs = Signs::shops();
    let mut areas = folder.small("片区", "营销部下面的片区", &["编号", "名称"].map(text))?;
    let mut shops = folder.large("零售户", "有证或者在网的零售户", &["编号", "名称"].map(text))?;
    let columns =
        [text("编号"), text("自"), text("片区"), flag("持证有效"), flag("入网访销"), text("客户类型")];
    let mut changes = folder.large("零售户_随日期", "许可证和入网的状态，来自两个系统", &columns)?;
    for (number, department) in bureau.departments.iter().enumerate() {
        let members = bureau.members(number, day(LAST, 12, 31));
        let visitors = members.filter(|(_, person)| person.post == "客户经理").count() as i64;
        for area in 0..AREAS {
            let key = format!("P{:04}", areas.rows() + 1);
            let name =
                format!("{}{}片", department.name.trim_end_matches("营销部"), ["东", "中", "西"][area]);
            areas.row(&row![&key, name])?;
            for _ in 0..random.between(SHOPS * 9 / 10, SHOPS * 11 / 10) * visitors / AREAS as i64 {
                let shop = shop_key(shops.rows() + 1);
                shops.row(&row![&shop, signs.name(shops.rows())])?;
                let since = any_day(&mut random, day(2012, 1, 1), day(LAST, 10, 31));
                let (licensed, visited) =
                    random.weighted(&[((true, true), 992), ((true, false), 5), ((false, true), 3)]);
                let class = random.weighted(&[("一类", 1), ("二类", 3), ("三类", 4), ("四类", 2)]);
                changes.row(&row![&shop, since.to_string(), &key, licensed, visited, class])?;
            }
        }
    }
    let number = shops.rows();
    for table in [areas, shops, changes] {
        folder.finish(table)?;
    }
    Ok(number)
}

fn visits(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco visits", 0);
    let columns = ["编号", "期间", "对象", "经营状况", "需求", "意见建议"].map(text);
    let mut table = folder.small("访问报告", "2025 年每月一份", &columns)?;
    for month in 1..=12 {
        for person in bureau.people.iter().filter(|person| person.post == "客户经理") {
            let is_there = person.is_there(day(LAST, month, 1).last_of_month());
            if !is_there || random.chance(150) {
                continue;
            }
            let key = format!("V{:06}", table.rows() + 1);
            let state = random.pick(&["平稳", "上升", "下降", "节前备货"]);
            let wish = random.pick(&["增加中支规格", "调整到货时间", "补充宣传品", "无"]);
            table.row(&row![key, month_text(LAST, month), &person.key, *state, *wish, "已反馈"])?;
        }
    }
    folder.finish(table)
}

fn diaries(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco diaries", 0);
    let columns = ["编号", "日期", "对象", "工作情况"].map(text);
    let mut table = folder.small("工作日志", "2025 年 12 月", &columns)?;
    for person in visitors(bureau) {
        for date in (1..=31).map(|date| day(LAST, 12, date)).filter(|date| date.weekday() <= 5) {
            if random.chance(9_600) {
                let key = format!("I{:07}", table.rows() + 1);
                let text = format!("走访{}户", random.between(8, 22));
                table.row(&row![key, date.to_string(), &person.key, text])?;
            }
        }
    }
    folder.finish(table)
}

fn deliveries(folder: &mut Folder, options: &Options, bureau: &Bureau, shops: u64) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco deliveries", 0);
    let columns = [
        text("编号"),
        day_column("日期"),
        text("供货人"),
        text("零售户"),
        text("品牌"),
        count("供货量"),
        count("订单量"),
        flag("入网户"),
        flag("送到订货户"),
        flag("在店销售"),
    ];
    let mut table = folder.export("供货", "配送系统导出的 2025 年 12 月供货", &columns)?;
    for person in visitors(bureau) {
        for _ in 0..random.between(14, 26) {
            let key = format!("O{:07}", table.rows() + 1);
            let date = workday(any_day(&mut random, day(LAST, 12, 3), day(LAST, 12, 31)));
            let shop = shop_key(random.below(shops as usize) as u64 + 1);
            let brand =
                random.pick(&["甲牌（硬）", "甲牌（软）", "乙牌（细支）", "丙牌（中支）", "丁牌（硬）"]);
            let supplied = random.between(1, 20);
            let ordered = if random.chance(9_985) { supplied } else { 0 };
            let mut is = || random.chance(9_985);
            table.row(&row![key, date, &person.key, shop, *brand, supplied, ordered, is(), is(), is()])?;
        }
    }
    folder.finish(table)
}

/// Requests, trainings and emergency measures.
fn requests(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco requests", 0);
    let columns = [
        text("编号"),
        day_column("日期"),
        text("受理人"),
        text("提出方"),
        flag("已告知受理"),
        flag("已通报结果"),
    ];
    let mut requests = folder.small("需求反馈", "四员互控平台", &columns)?;
    let columns = [text("编号"), day_column("日期"), text("参训人"), text("方式"), text("内容")];
    let mut trainings = folder.small("培训", "在岗培训和离岗轮训", &columns)?;
    let columns = [text("编号"), day_column("日期"), text("采取人"), text("措施"), flag("已报告")];
    let mut measures = folder.small("应急措施", "拜访现场采取的措施", &columns)?;
    for person in
        bureau.people.iter().filter(|person| !person.is_manager() && person.is_there(day(LAST, 12, 31)))
    {
        let first = person.from.max(day(LAST, 1, 6));
        for _ in 0..random.count(2_500) {
            let key = format!("N{:06}", requests.rows() + 1);
            let date = workday(any_day(&mut random, first, later(day(LAST, 12, 31), -3)));
            let by = random.weighted(&[("客户方", 5), ("专卖员方", 2), ("配送员方", 2), ("座席员方", 1)]);
            requests.row(&row![key, date, &person.key, by, random.chance(9_900), random.chance(9_750)])?;
        }
        for _ in 0..random.count(2_200) {
            let key = format!("T{:06}", trainings.rows() + 1);
            let kind = random.weighted(&[("在岗培训", 5), ("离岗轮训", 1)]);
            let about = random.pick(&["网建标准", "营销理念", "商品知识", "从业规范"]);
            trainings.row(&row![key, workday_of(&mut random, LAST), &person.key, kind, *about])?;
        }
        for _ in 0..random.count(120) {
            let key = format!("Y{:05}", measures.rows() + 1);
            let date = workday_of(&mut random, LAST);
            measures.row(&row![key, date, &person.key, "现场暂停促销并向客户说明", random.chance(8_500)])?;
        }
    }
    for table in [requests, trainings, measures] {
        folder.finish(table)?;
    }
    Ok(())
}
