//! Registers of a few entries: conduct, proposals, hand-overs, applicants, changes of class, orders by proxy.

use super::business::shop_key;
use super::staff::Bureau;
use super::{LAST, YEARS};
use crate::calendar::{any_day, day, later, workday_of};
use crate::folder::{Decisions, Folder};
use crate::names::People;
use crate::random::Random;
use crate::table::{Cell, day as day_column, flag, row, text, yuan};
use crate::{Options, SimError};

/// Writes the registers about people.
pub(super) fn write(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    conduct(folder, options, bureau)?;
    hand_overs(folder, options, bureau)
}

fn conduct(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco conduct", 0);
    let columns = [text("编号"), day_column("日期"), text("当事人"), text("规范"), flag("属实")];
    let mut conduct = folder.small("行为事件", "违反行为规范的登记，2016 年起", &columns)?;
    let columns = [text("编号"), day_column("日期"), text("提出人"), flag("已采纳"), yuan("核定奖励")];
    let mut proposals = folder.small("合理化建议", "2016 年起", &columns)?;
    let rules = [
        ("参加会议活动", 40),
        ("仪表举止", 30),
        ("客户为中心", 18),
        ("维护声誉利益", 6),
        ("守法守纪", 5),
        ("不谋私利", 1),
    ];
    for year in YEARS {
        for person in bureau.people.iter().filter(|person| !person.is_manager()) {
            let date = workday_of(&mut random, year);
            if person.is_there(date) && random.chance(900) {
                let key = format!("B{:05}", conduct.rows() + 1);
                conduct.row(&row![key, date, &person.key, random.weighted(&rules), random.chance(8_500)])?;
            }
            let date = workday_of(&mut random, year);
            if person.is_there(date) && random.chance(350) {
                let key = format!("J{:05}", proposals.rows() + 1);
                let is_taken = random.chance(6_000);
                let reward = is_taken.then(|| random.between(1, 10) * 10_000);
                proposals.row(&row![key, date, &person.key, is_taken, reward])?;
            }
        }
    }
    folder.finish(conduct)?;
    folder.finish(proposals)
}

fn hand_overs(folder: &mut Folder, options: &Options, bureau: &Bureau) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco hand-overs", 0);
    let columns = [
        text("编号"),
        text("交接人"),
        day_column("申请日"),
        day_column("批准日"),
        day_column("交清日"),
        flag("客户文档交清"),
        flag("有关事项交清"),
    ];
    let mut table = folder.small("离任交接", "离任的人交清客户文档", &columns)?;
    for person in &bureau.people {
        let Some(until) = person.until else { continue };
        let key = format!("L{:04}", table.rows() + 1);
        let approved = later(until, -random.between(15, 30));
        let asked = later(approved, -random.between(5, 20));
        let cleared = later(approved, random.weighted(&[(18, 4), (26, 4), (40, 1)]));
        table.row(&row![key, &person.key, asked, approved, cleared, true, random.chance(9_500)])?;
    }
    folder.finish(table)
}

/// Applicants of the last year, and what was decided about them.
pub(super) fn hire(
    folder: &mut Folder,
    options: &Options,
    decisions: &mut Decisions,
) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco applicants", 0);
    let mut names = People::new(options.seed, "tobacco applicants");
    let columns = [
        text("编号"),
        text("名称"),
        text("性别"),
        day_column("出生日期"),
        day_column("报名日"),
        text("学历"),
        text("拟聘等级"),
        flag("岗前培训完成"),
        flag("上岗考试合格"),
        flag("公开竞聘"),
    ];
    let mut table = folder.small("应聘", "2025 年的应聘人", &columns)?;
    for _ in 0..60 * options.scale {
        let key = format!("Y{:05}", table.rows() + 1);
        let born = any_day(&mut random, day(1978, 1, 1), day(2003, 6, 30));
        let degree = random.weighted(&[("研究生", 1), ("本科", 6), ("大专", 5), ("中专含高中", 1)]);
        let (is_open, has_passed) = (random.chance(9_300), random.chance(8_300));
        let sex = if random.chance(5_200) { "男" } else { "女" };
        let asked = any_day(&mut random, day(LAST, 3, 1), day(LAST, 3, 31));
        let name = names.name();
        table.row(&row![&key, name, sex, born, asked, degree, "初级第一层次", true, has_passed, is_open])?;
        if !is_open {
            decisions.take_by("市局公司", "程序合格", &key, "", "", "否", "应当公开竞聘")?;
        }
        let (value, because) = if random.chance(7_000) {
            ("是", "综合评审合格")
        } else {
            ("否", "综合评审不合格")
        };
        decisions.take_by("选聘评审组", "可以聘用", &key, "", "", value, because)?;
    }
    folder.finish(table)
}

/// Changes of class and orders by proxy.
pub(super) fn about_shops(
    folder: &mut Folder,
    options: &Options,
    bureau: &Bureau,
    shops: u64,
) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "tobacco shop registers", 0);
    let columns = [
        text("编号"),
        text("零售户"),
        text("提出人"),
        text("原类型"),
        text("拟变类型"),
        flag("专卖员意见已听取"),
        flag("送货员意见已听取"),
        flag("营销部签字"),
        flag("专卖部门签字"),
    ];
    let mut changes = folder.small("类型变更", "客户类型变更的建议", &columns)?;
    let people: Vec<&str> = bureau
        .people
        .iter()
        .filter(|person| !person.is_manager())
        .map(|person| person.key.as_str())
        .collect();
    for _ in 0..80 * options.scale {
        let key = format!("X{:05}", changes.rows() + 1);
        let shop = shop_key(random.below(shops as usize) as u64 + 1);
        let (before, after) =
            *random.pick(&[("三类", "二类"), ("二类", "一类"), ("二类", "三类"), ("四类", "三类")]);
        let by = *random.pick(&people);
        let mut has = || random.chance(9_500);
        changes.row(&row![key, shop, by, before, after, has(), has(), has(), has()])?;
    }
    let columns = [
        text("编号"),
        text("零售户"),
        text("原因"),
        day_column("委托日"),
        day_column("交存日"),
        flag("受托人签字"),
        flag("委托人签字"),
        flag("客户经理签字"),
        flag("内管员签字"),
        flag("内管领导签字"),
        flag("市场经理签字"),
        flag("区域经理签字"),
    ];
    let mut proxies = folder.small("委托报烟", "委托报烟申请书", &columns)?;
    for _ in 0..150 * options.scale {
        let key = format!("W{:05}", proxies.rows() + 1);
        let shop = shop_key(random.below(shops as usize) as u64 + 1);
        let reason = random.weighted(&[("零售户外出", 6), ("通讯不通", 3), ("未装电话", 2), ("其他原因", 1)]);
        let date = any_day(&mut random, day(LAST, 1, 4), day(LAST, 12, 20));
        let stored = later(date, random.weighted(&[(2, 5), (5, 4), (7, 2), (9, 1)]));
        let mut row: Vec<Cell<'_>> = vec![key.into(), shop.into(), reason.into(), date.into(), stored.into()];
        row.extend((0..7).map(|_| Cell::from(random.chance(9_920))));
        proxies.row(&row)?;
    }
    folder.finish(changes)?;
    folder.finish(proxies)
}
