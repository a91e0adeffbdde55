//! The appraisal forms, filled in by those who have to.

use super::{Branch, Person, Post, QUARTERS};
use crate::calendar::{day, month_text, quarter_text};
use crate::folder::Folder;
use crate::random::{Random, SIGMA};
use crate::table::{Cell, Column, Table, points, text};
use crate::{Options, SimError};
use hengjie_calendar::Date;

/// Columns of the form about a manager with their full marks.
const ABOUT_MANAGERS: [(&str, i64); 8] = [
    ("本岗位职责履职情况", 20),
    ("专业技能", 10),
    ("执行力", 10),
    ("沟通协调能力", 10),
    ("服务意识", 10),
    ("任务完成率", 10),
    ("工作效率", 10),
    ("劳动纪律", 20),
];

/// Of the form about heads and assistants.
const ABOUT_HEADS: [(&str, i64); 6] = [
    ("履职情况", 20),
    ("责任心及全局观", 10),
    ("任务完成情况", 30),
    ("沟通协调能力", 10),
    ("营销活动组织与拓展", 20),
    ("劳动纪律", 10),
];

/// Of the form about teams.
const ABOUT_TEAMS: [(&str, i64); 4] =
    [("任务完成率", 50), ("日常工作", 10), ("营销活动组织", 20), ("产品销售", 20)];

/// A form kind in the making.
struct Forms {
    table: Table,
    letter: char,
    columns: &'static [(&'static str, i64)],
}

impl Forms {
    /// A form: the last argument says how good the work is, as the share of full marks in 1/10,000.
    fn fill(
        &mut self,
        random: &mut Random,
        period: &str,
        subject: &str,
        filler: &Person,
        group: Option<&str>,
        quality: i64,
    ) -> Result<(), SimError> {
        let key = format!("{}{:06}", self.letter, self.table.rows() + 1);
        let mut cells: Vec<Cell<'_>> = vec![key.into(), period.into(), subject.into(), (&filler.key).into()];
        cells.extend(group.map(Cell::from));
        // Everybody is strict or mild in an own way.
        let quality = quality + ((filler.skill * 120) >> 16);
        for (_, full) in self.columns {
            // Marks are given in halves.
            let mark = random.around(quality * full, 450 * full) / 5_000 * 50;
            cells.push(mark.clamp(0, full * 100).into());
        }
        self.table.row(&cells)
    }
}

/// Writes all forms.
pub(super) fn write(folder: &mut Folder, options: &Options, branch: &Branch) -> Result<(), SimError> {
    let mut random = Random::new(options.seed, "securities forms", 0);
    let has_group = |columns: &'static [(&'static str, i64)], has: bool| -> Vec<Column> {
        let mut all = vec![text("编号"), text("期间"), text("对象"), text("填写人")];
        all.extend(has.then(|| text("评分组")));
        all.extend(columns.iter().map(|(name, _)| points(name)));
        all
    };
    let create = |name, note, letter, columns, has| -> Result<Forms, SimError> {
        let table = folder.large(name, note, &has_group(columns, has))?;
        Ok(Forms { table, letter, columns })
    };
    let mut managers = create("客户经理评价表", "月评和季评", 'K', &ABOUT_MANAGERS, true)?;
    let mut heads = create("区域经理评价表", "区域经理和助理的季评", 'Y', &ABOUT_HEADS, true)?;
    let mut teams = create("团队评价表", "每季对营销团队的评价", 'T', &ABOUT_TEAMS, false)?;
    for region in 0..branch.regions.len() {
        for month in 0..=12 {
            months(&mut managers, &mut random, branch, region, month)?;
        }
        for (year, quarter) in QUARTERS {
            quarter_of_managers(&mut managers, &mut random, branch, region, (year, quarter))?;
            quarter_of_heads(&mut heads, &mut random, branch, region, (year, quarter))?;
        }
        for year in [2024, 2025] {
            for quarter in 1..=4 {
                quarter_of_team(&mut teams, &mut random, branch, region, (year, quarter))?;
            }
        }
    }
    for forms in [managers, heads, teams] {
        folder.finish(forms.table)?;
    }
    Ok(())
}

/// The month by the head: 0 is December 2024.
fn months(
    forms: &mut Forms,
    random: &mut Random,
    branch: &Branch,
    region: usize,
    month: u8,
) -> Result<(), SimError> {
    let first = if month == 0 { day(2024, 12, 1) } else { day(2025, month, 1) };
    let end = first.last_of_month();
    let period = month_text(first.year(), first.month());
    for person in branch.members(region, Post::Manager, end) {
        let fails = person.fails.is_some_and(|(from, many)| (from..from + many).contains(&month));
        let quality = if fails { 5_000 } else { quality(person).max(7_100) };
        for head in branch.members(region, Post::Head, end) {
            forms.fill(random, &period, &person.key, head, Some("区域经理评"), quality)?;
        }
    }
    Ok(())
}

fn quarter_end((year, quarter): (i32, u8)) -> Date {
    day(year, quarter * 3, 1).last_of_month()
}

fn quarter_of_managers(
    forms: &mut Forms,
    random: &mut Random,
    branch: &Branch,
    region: usize,
    when: (i32, u8),
) -> Result<(), SimError> {
    let (end, period) = (quarter_end(when), quarter_text(when.0, when.1));
    for (place, person) in branch.members(region, Post::Manager, end).enumerate() {
        let quality = quality(person);
        for (other_place, other) in branch.members(region, Post::Manager, end).enumerate() {
            // One has not handed in yet what is due about some of the others.
            let is_late = when == (2025, 4) && region % super::REGIONS == 3 && other_place == 2 && place > 5;
            if other.key != person.key && !is_late {
                forms.fill(random, &period, &person.key, other, Some("互评"), quality + 250)?;
            }
        }
        for head in branch.members(region, Post::Head, end) {
            forms.fill(random, &period, &person.key, head, Some("区域经理评"), quality)?;
        }
        for director in branch.holders(Post::Director) {
            forms.fill(random, &period, &person.key, director, Some("市场营销部评"), quality - 150)?;
        }
    }
    Ok(())
}

fn quarter_of_heads(
    forms: &mut Forms,
    random: &mut Random,
    branch: &Branch,
    region: usize,
    when: (i32, u8),
) -> Result<(), SimError> {
    let (end, period) = (quarter_end(when), quarter_text(when.0, when.1));
    for post in [Post::Head, Post::Assistant] {
        for person in branch.members(region, post, end) {
            // The head who will be moved is bad, but fails in the second quarter only.
            let is_bad = post == Post::Head && person.moves.is_some_and(|(_, to)| to == Post::Manager);
            let quality = match (is_bad, when) {
                (true, (2025, 2)) => 5_300,
                (true, _) => 6_900,
                _ => quality(person),
            };
            for other in branch.members(region, Post::Manager, end) {
                forms.fill(random, &period, &person.key, other, Some("客户经理评"), quality)?;
            }
            for head in branch.members(region, Post::Head, end).filter(|head| head.key != person.key) {
                forms.fill(random, &period, &person.key, head, Some("区域经理评"), quality)?;
            }
            for (post, group) in [(Post::Director, "市场营销部评"), (Post::General, "总经理评")] {
                for above in branch.holders(post) {
                    forms.fill(random, &period, &person.key, above, Some(group), quality)?;
                }
            }
        }
    }
    Ok(())
}

fn quarter_of_team(
    forms: &mut Forms,
    random: &mut Random,
    branch: &Branch,
    region: usize,
    when: (i32, u8),
) -> Result<(), SimError> {
    let period = quarter_text(when.0, when.1);
    let team = &branch.regions[region];
    // The first quarter has the campaign.
    let season = [180, 0, -120, 60][usize::from(when.1 - 1)];
    let quality = 8_350 + season + ((team.skill * 450) >> 16);
    for post in [Post::Director, Post::TeamOffice] {
        for filler in branch.holders(post) {
            forms.fill(random, &period, &team.key, filler, None, quality)?;
        }
    }
    Ok(())
}

/// How good the work of somebody is, as the share of full marks in 1/10,000.
fn quality(person: &Person) -> i64 {
    (8_450 + person.skill.clamp(-2 * SIGMA, 2 * SIGMA) * 480 / SIGMA).min(9_700)
}
