//! A tobacco bureau: ten years of mutual assessment, the ladder, qualifications, and the daily work of the last year.

mod business;
mod forms;
mod registers;
mod staff;

use crate::folder::Folder;
use crate::table::{day as day_column, row, text};
use crate::{FolderSummary, Options, ProgressFn, SimError};
use staff::{Bureau, Person};
use std::path::Path;

/// The years with assessments.
const YEARS: std::ops::RangeInclusive<i32> = 2016..=2025;

/// The last of them.
const LAST: i32 = 2025;

const REMARKS: [&str; 4] = [
    "各营销部的客户经理和座席员，2016 至 2025 年每年上级、下级、同事互评，岗档逐年推算。",
    "考评不合格的人次年不再续签；有人年中入职，从初级第一层次1档起。",
    "基本从事资格由营销中心逐年认定，2025 年有两人还没有认定。",
    "访问报告、工作日志、供货等日常登记只有 2025 年的，有欠交、未反馈和拆单的例子。",
];

/// Writes the folder.
pub(crate) fn write(
    folder: &Path,
    options: &Options,
    progress: &ProgressFn<'_>,
) -> Result<FolderSummary, SimError> {
    let title = "某市烟草局：客户经理岗位等级";
    let mut folder = Folder::create(folder, "tobacco", title, "s06-tobacco-ladder", options.scale)?;
    let bureau = Bureau::new(options);
    departments(&mut folder, &bureau)?;
    people(&mut folder, &bureau)?;
    progress("烟草", 1, 4);
    forms::write(&mut folder, options, &bureau)?;
    progress("烟草", 2, 4);
    business::write(&mut folder, options, &bureau)?;
    progress("烟草", 3, 4);
    registers::write(&mut folder, options, &bureau)?;
    progress("烟草", 4, 4);
    folder.close(&REMARKS)
}

fn departments(folder: &mut Folder, bureau: &Bureau) -> Result<(), SimError> {
    let mut table = folder.small("营销部", "区域营销部", &["编号", "名称"].map(text))?;
    for department in &bureau.departments {
        table.row(&row![&department.key, &department.name])?;
    }
    folder.finish(table)
}

fn people(folder: &mut Folder, bureau: &Bureau) -> Result<(), SimError> {
    let columns = [text("编号"), text("名称"), day_column("营销起算日"), text("入轨岗档")];
    let mut people = folder.small("人员", "入轨岗档是 2016 年或者入职时的岗档", &columns)?;
    let columns =
        ["编号", "自", "在岗", "岗位", "学历", "职称", "无不良行为记录", "营销部", "上级"].map(text);
    let mut changes = folder.small("人员_随日期", "在岗、岗位、学历、职称、部门、上级的变动", &columns)?;
    for person in &bureau.people {
        let marketing = (!person.is_manager()).then_some(person.marketing);
        let rung = (!person.is_manager()).then_some(&person.rung);
        people.row(&row![&person.key, &person.name, marketing, rung])?;
        write_changes(&mut changes, bureau, person)?;
    }
    folder.finish(people)?;
    folder.finish(changes)
}

/// One row for the start and one for every day on which something changes.
fn write_changes(table: &mut crate::table::Table, bureau: &Bureau, person: &Person) -> Result<(), SimError> {
    let department =
        person.department.map_or("—", |department| bureau.departments[department].key.as_str());
    let above = person.above.map_or("—", |above| bureau.people[above].key.as_str());
    table.row(&row![
        &person.key,
        person.from.to_string(),
        "是",
        person.post,
        person.education,
        person.titles[0].1,
        "是",
        department,
        above,
    ])?;
    let mut later: Vec<(hengjie_calendar::Date, [&str; 7])> = Vec::new();
    later.extend(person.titles[1..].iter().map(|(date, title)| (*date, ["", "", "", title, "", "", ""])));
    later.extend(person.graduation.map(|(date, degree)| (date, ["", "", degree, "", "", "", ""])));
    later.extend(person.bad_record.map(|date| (date, ["", "", "", "", "否", "", ""])));
    later.extend(person.until.map(|date| (date, ["否", "", "", "", "", "—", "—"])));
    later.sort_unstable();
    later.dedup_by_key(|(date, _)| *date);
    for (date, cells) in later {
        let mut row: Vec<crate::table::Cell<'_>> = vec![(&person.key).into(), date.to_string().into()];
        row.extend(cells.map(crate::table::Cell::from));
        table.row(&row)?;
    }
    Ok(())
}
